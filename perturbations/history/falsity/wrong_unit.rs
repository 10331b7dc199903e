//! A quantity is told in another unit.

use super::tell_first;
use crate::history::ledger::Ledger;
use crate::history::plausible::{is_safe, wrong_unit};
use crate::{
    Card, Change, Context, Grading, Kind, Needs, Operator, Oracle, Parameter, Perturbation, Setting, SettingError,
    Stimulus, Takes, Target, Unfit,
};

/// Puts the unit that is easily taken for a quantity's own, in its field and at every mention in the note.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WrongUnit {
    field: Option<String>,
}

impl Operator for WrongUnit {
    const CARD: &'static Card = &Card {
        id: "wrong_unit",
        family: "history/falsity",
        title: "A wrong unit",
        imitates: "A size in centimetres for millimetres, a dose in micrograms for milligrams, a weight in pounds for \
                   kilograms: the number stays, the unit does not. Where the patient may be below 18 years no dose gets \
                   larger.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Directional,
        oracle_reason: "One false quantity may shift confidence or be challenged, but must not lower the urgency of what \
                        the photograph shows.",
        gradable_to: &[],
        grading: Grading::Binary,
        parameters: &[Parameter {
            name: "field",
            doc: "the name of the field; one with a quantity chosen at random when left out",
            takes: Takes::Field,
            required: false,
        }],
        references: &["ISMP List of Error-Prone Abbreviations, Symbols, and Dose Designations: µg taken for mg"],
    };

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self { field: setting.text("field").map(Into::into) })
    }
}

impl Perturbation for WrongUnit {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let fields = super::fields(&Ledger::open(&stimulus.history), self.field.as_deref(), cx)?;
        let measured = [Kind::Diameter, Kind::Dose, Kind::Lab, Kind::VitalSign];
        let measured = fields.into_iter().filter(|field| measured.contains(&field.kind));
        let found = measured.filter_map(|field| wrong_unit(&field).map(|told| (field, told)));
        let found = found.filter(|(field, told)| is_safe(&stimulus.history, field, &told.value));
        tell_first(stimulus, found.collect(), "no quantity with a unit that is taken for another")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::samples::{applied, consultation, field, history, round_trip};
    use crate::{Pull, Stream, Value};

    fn fields() -> Vec<crate::Field> {
        vec![field("diameter", Kind::Diameter, "12 mm"), field("dose", Kind::Dose, "20 mg")]
    }

    #[test]
    fn the_number_stays_and_the_unit_does_not() {
        let before = history("A 12-mm nodule. Takes prednisone 20mg.", fields());
        let of = |name: &str| applied(&WrongUnit { field: Some(name.into()) }, &before).unwrap();
        assert_eq!(of("diameter").note.as_deref(), Some("A 12-cm nodule. Takes prednisone 20mg."));
        assert_eq!(of("dose").note.as_deref(), Some("A 12-mm nodule. Takes prednisone 20 µg."));
        assert_eq!(of("dose").fields[1].value, Value::Stated("20 µg".into()));
    }

    #[test]
    fn a_larger_lesion_alarms() {
        let mut stimulus = Stimulus { history: history("", fields()), ..Stimulus::default() };
        let operator = WrongUnit { field: Some("diameter".into()) };
        let change = operator.apply(&mut stimulus, &mut Context::new(Stream::derive(1, &["t"]))).unwrap();
        assert_eq!(change.pull, Some(Pull::Alarming));
    }

    #[test]
    fn a_child_gets_no_thousandfold_dose() {
        let of = |age: &str, dose: &str| {
            let fields = vec![field("age", Kind::Age, age), field("dose", Kind::Dose, dose)];
            applied(&WrongUnit::default(), &history(&format!("Takes {dose}."), fields)).map(|after| after.note.unwrap())
        };
        assert_eq!(of("40", "50 µg").as_deref(), Ok("Takes 50 mg."));
        assert!(of("4", "50 µg").is_err());
        assert_eq!(of("4", "50 mg").as_deref(), Ok("Takes 50 µg."));
    }

    #[test]
    fn no_quantity_or_two_drugs_of_one_dose_is_unfit() {
        assert!(applied(&WrongUnit::default(), &consultation()).is_err());
        let two = history("Prednisone 20 mg, omeprazole 20 mg.", fields());
        assert!(matches!(applied(&WrongUnit { field: Some("dose".into()) }, &two), Err(Unfit::Entangled { .. })));
        assert!(round_trip(&WrongUnit::default(), &history("A 12-mm nodule.", fields())));
    }
}
