//! One named field is answered with "unknown".

use crate::history::erase::{Collateral, erase, told};
use crate::history::ledger::Ledger;
use crate::{
    Card, Change, Context, Grading, Needs, Operator, Oracle, Parameter, Perturbation, Setting, SettingError, Stimulus,
    Takes, Target, Unfit, Value,
};

/// Sets one field to "unknown" and cuts every mention of it out of the note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlankValue {
    field: String,
}

impl Operator for BlankValue {
    const CARD: &'static Card = &Card {
        id: "blank_value",
        family: "history/omission",
        title: "One field unknown",
        imitates: "A question that was asked and could not be answered: \"unknown\" on the form, nothing in the letter. \
                   Beside drop_field it shows whether a model tells \"not asked\" from \"not known\".",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Directional,
        oracle_reason: "Less is known, so confidence may fall and information may be asked for; an unknown answer is \
                        no denial and makes it no safer to wait.",
        gradable_to: &[],
        grading: Grading::Binary,
        parameters: &[Parameter {
            name: "field",
            doc: "the name of the history field that becomes unknown",
            takes: Takes::Field,
            required: true,
        }],
        references: &["Little and Rubin, Statistical Analysis with Missing Data, 3rd ed. 2019: unknown is not absent"],
    };

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let field = setting.text("field").ok_or_else(|| SettingError::at("field", "names the field"))?;
        Ok(Self { field: field.into() })
    }
}

impl Perturbation for BlankValue {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, _: &mut Context<'_>) -> Result<Change, Unfit> {
        let mut ledger = Ledger::open(&stimulus.history);
        if told(&ledger, &self.field)?.value == Value::Unknown {
            return Err(Unfit::nothing(format!("field `{}` is already unknown", self.field)));
        }
        erase(&mut ledger, &self.field, Collateral::Nothing)?;
        ledger.set_field(&self.field, Value::Unknown);
        ledger.close(stimulus)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;
    use crate::history::samples::{applied, consultation, field, history, round_trip};

    fn blank(name: &str) -> BlankValue {
        BlankValue { field: name.into() }
    }

    #[test]
    fn the_form_says_unknown_and_the_letter_says_nothing() {
        let before = history("A 64-year-old woman with a mole.", vec![field("age", Kind::Age, "64")]);
        let after = applied(&blank("age"), &before).unwrap();
        assert_eq!(after.field("age").unwrap().value, Value::Unknown);
        assert_eq!(after.note.as_deref(), Some("A woman with a mole."));
    }

    #[test]
    fn what_is_unknown_or_absent_is_unfit_and_every_field_goes_both_ways() {
        assert!(applied(&blank("changed"), &consultation()).is_err());
        assert!(applied(&blank("shoe_size"), &consultation()).is_err());
        for told in &consultation().fields {
            round_trip(&blank(&told.name), &consultation());
        }
    }
}
