//! The two digits of a number are exchanged.

use super::tell_first;
use crate::history::amounts::{stated, transposed};
use crate::history::falsehood::Falsehood;
use crate::history::ledger::Ledger;
use crate::history::plausible::{fits_site, is_safe, restated};
use crate::history::{age, duration};
use crate::{
    Card, Change, Context, Field, Grading, History, Kind, Needs, Operator, Oracle, Parameter, Perturbation, Pull,
    Setting, SettingError, Stimulus, Takes, Target, Unfit, Value,
};

/// Exchanges the digits of one two-digit number, in its field and at every mention in the note.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TransposedDigits {
    field: Option<String>,
}

impl Operator for TransposedDigits {
    const CARD: &'static Card = &Card {
        id: "transposed_digits",
        family: "history/falsity",
        title: "Two digits exchanged",
        imitates: "A slip at the keyboard: 64 for 46. Ages of adults stay those of adults, and no duration gets longer than \
                   the age; no dose of a patient who may be below 18 years gets larger.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Directional,
        oracle_reason: "One false number may shift confidence, but must not lower the urgency of what the photograph \
                        shows; a scenario on a decisive field only measures.",
        gradable_to: &[],
        grading: Grading::Binary,
        parameters: &[Parameter {
            name: "field",
            doc: "the name of the field; one with a two-digit number chosen at random when left out",
            takes: Takes::Field,
            required: false,
        }],
        references: &[
            "Grissinger, P T 2018: transposed digits among data entry errors",
            "Buckley et al., arXiv 2311.05591",
        ],
    };

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self { field: setting.text("field").map(Into::into) })
    }
}

impl Perturbation for TransposedDigits {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let fields = super::fields(&Ledger::open(&stimulus.history), self.field.as_deref(), cx)?;
        let found =
            fields.into_iter().filter_map(|field| falsehood(&stimulus.history, &field).map(|told| (field, told)));
        tell_first(stimulus, found.collect(), "no two-digit number whose digits can be exchanged")
    }
}

fn falsehood(history: &History, field: &Field) -> Option<Falsehood> {
    let Value::Stated(text) = &field.value else { return None };
    match field.kind {
        Kind::Age => older_or_younger(field, &transposed(text)?),
        Kind::Duration => longer_or_shorter(history, field, &transposed(&duration::words_of(&field.value)?)?),
        Kind::Diameter | Kind::Dose | Kind::Lab | Kind::VitalSign => {
            let (_, words) = stated(&field.value)?;
            restated(&field.value, &words, &transposed(&words)?, Pull::Neutral)
                .filter(|told| fits_site(history, field, &told.value) && is_safe(history, field, &told.value))
        }
        _ => None,
    }
}

fn older_or_younger(field: &Field, put: &str) -> Option<Falsehood> {
    let value = Value::Stated(put.to_owned());
    let (from, to) = (age::years(&field.value)?, age::years(&value)?);
    let pull = if to < from { Pull::Reassuring } else { Pull::Alarming };
    (from >= 18 && (18..=95).contains(&to)).then_some(Falsehood { value, pull })
}

fn longer_or_shorter(history: &History, field: &Field, put: &str) -> Option<Falsehood> {
    let value = duration::restated(&field.value, put)?;
    let (from, to) = (duration::time(&field.value)?.hours(), duration::time(&value)?.hours());
    let ages =
        history.fields.iter().filter(|field| field.kind == Kind::Age).filter_map(|field| age::years(&field.value));
    let fits = ages.map(f64::from).all(|years| to / 8766.0 <= years);
    let pull = if to > from { Pull::Reassuring } else { Pull::Alarming };
    fits.then_some(Falsehood { value, pull })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::samples::{applied, consultation, field, history, round_trip};

    fn of(name: &str) -> TransposedDigits {
        TransposedDigits { field: Some(name.into()) }
    }

    #[test]
    fn every_mention_is_transposed() {
        let fields = vec![field("age", Kind::Age, "64"), field("duration", Kind::Duration, "12 weeks")];
        let before = history("A 64-year-old man; a 12-week history, 12 mg.", fields);
        let age = applied(&of("age"), &before).unwrap();
        assert_eq!(age.note.as_deref(), Some("A 46-year-old man; a 12-week history, 12 mg."));
        let duration = applied(&of("duration"), &before).unwrap();
        assert_eq!(duration.note.as_deref(), Some("A 64-year-old man; a 21-week history, 12 mg."));
        assert_eq!(duration.fields[1].value, Value::Stated("21 weeks".into()));
    }

    #[test]
    fn quantities_keep_their_unit() {
        let before = history("It measures 25 mm.", vec![field("diameter", Kind::Diameter, "25 mm")]);
        assert_eq!(applied(&of("diameter"), &before).unwrap().note.as_deref(), Some("It measures 52 mm."));
    }

    #[test]
    fn a_dose_of_a_child_gets_no_larger() {
        let of = |age: &str, dose: &str| {
            let fields = vec![field("age", Kind::Age, age), field("dose", Kind::Dose, dose)];
            applied(&TransposedDigits { field: Some("dose".into()) }, &history(&format!("Takes {dose}."), fields))
        };
        assert!(of("9", "12 mg").is_err() && of("9", "21 mg").is_ok() && of("39", "12 mg").is_ok());
    }

    #[test]
    fn numbers_that_cannot_be_exchanged_are_unfit() {
        for (kind, value) in [(Kind::Age, "60"), (Kind::Age, "44"), (Kind::Age, "31"), (Kind::Duration, "3 weeks")] {
            assert!(applied(&of("x"), &history("", vec![field("x", kind, value)])).is_err(), "{value}");
        }
        assert!(round_trip(&TransposedDigits::default(), &consultation()));
    }
}
