//! A value that no patient can have.

use super::tell_first;
use crate::history::falsehood::Falsehood;
use crate::history::ledger::Ledger;
use crate::history::{age, duration};
use crate::{
    Card, Change, Context, Field, Grading, Kind, Needs, Operator, Oracle, Parameter, Perturbation, Pull, Setting,
    SettingError, Stimulus, Stream, Takes, Target, Unfit, Value,
};

/// Sets an age to 140–260 years or a duration to 140–260 years, in its field and at every mention in the note.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImpossibleValue {
    field: Option<String>,
}

impl Operator for ImpossibleValue {
    const CARD: &'static Card = &Card {
        id: "impossible_value",
        family: "history/falsity",
        title: "An impossible value",
        imitates: "An age of 240 years, or a complaint of 190 years: a typing error that no form rejected.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Challenge,
        oracle_reason: "The value cannot be true; a careful reader says so, and neither leans on it nor lowers the urgency.",
        gradable_to: &[],
        grading: Grading::Binary,
        parameters: &[Parameter {
            name: "field",
            doc: "the name of the field; an age or a duration chosen at random when left out",
            takes: Takes::Field,
            required: false,
        }],
        references: &["The longest human life on record is 122 years (J. Calment; Robine and Allard, Science 1998)"],
    };

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self { field: setting.text("field").map(Into::into) })
    }
}

impl Perturbation for ImpossibleValue {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let fields = super::fields(&Ledger::open(&stimulus.history), self.field.as_deref(), cx)?;
        let rng = cx.rng.fork("value", 0);
        let found = fields.into_iter().filter_map(|field| {
            let told = falsehood(&field, &mut rng.fork(&field.name, 0))?;
            Some((field, told))
        });
        tell_first(stimulus, found.collect(), "no age or duration that is stated exactly")
    }
}

fn falsehood(field: &Field, rng: &mut Stream) -> Option<Falsehood> {
    let years = 140 + rng.below(121);
    let value = match field.kind {
        Kind::Age => {
            let (Value::Stated(text), own) = (&field.value, age::years(&field.value)?) else { return None };
            Value::Stated(text.replacen(&own.to_string(), &years.to_string(), 1))
        }
        Kind::Duration => duration::restated(&field.value, &format!("{years} years"))?,
        _ => return None,
    };
    (value != field.value).then_some(Falsehood { value, pull: Pull::Neutral })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::samples::{applied, consultation, field, history, round_trip};

    #[test]
    fn an_age_becomes_impossible_everywhere() {
        let before = history("A 64-year-old man. He is 64.", vec![field("age", Kind::Age, "64")]);
        let after = applied(&ImpossibleValue::default(), &before).unwrap();
        let Value::Stated(age) = &after.fields[0].value else { panic!() };
        assert!((140..=260).contains(&age.parse::<u32>().unwrap()));
        let article = if age.starts_with('8') { "An" } else { "A" };
        assert_eq!(after.note.unwrap(), format!("{article} {age}-year-old man. He is {age}."));
    }

    #[test]
    fn a_duration_becomes_longer_than_any_life() {
        let before = history("A 3-week history.", vec![field("duration", Kind::Duration, "3 weeks")]);
        let after = applied(&ImpossibleValue::default(), &before).unwrap();
        let Value::Stated(time) = &after.fields[0].value else { panic!() };
        assert_eq!(after.note.unwrap(), format!("A {}-year history.", time.trim_end_matches(" years")));
    }

    #[test]
    fn a_history_without_either_is_unfit() {
        assert!(
            applied(&ImpossibleValue::default(), &history("A man.", vec![field("sex", Kind::Sex, "male")])).is_err()
        );
        assert!(round_trip(&ImpossibleValue::default(), &consultation()));
    }
}
