//! One named field, or a few, are all that is told.

use super::drop_all::empty;
use crate::history::erase::told;
use crate::history::ledger::Ledger;
use crate::{
    Card, Change, Context, Grading, Needs, Operator, Oracle, Parameter, Perturbation, Setting, SettingError, Stimulus,
    Takes, Target, Unfit,
};

/// Deletes every other field and empties the note: what is kept is told on the form and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DropAllBut {
    /// The fields to keep; one of them at least has to be told.
    fields: Vec<String>,
}

impl Operator for DropAllBut {
    const CARD: &'static Card = &Card {
        id: "drop_all_but",
        family: "history/omission",
        title: "One field alone",
        imitates: "A referral form on which a single question was answered, or a few. The note is emptied, because \
                   sentences seldom tell one fact alone; what is left is the answers on the form.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Directional,
        oracle_reason: "Almost everything is unknown, so confidence may fall and information may be asked for; an \
                        empty form gives no reason to lower the urgency.",
        gradable_to: &[],
        grading: Grading::Binary,
        parameters: &[
            Parameter {
                name: "field",
                doc: "the name of the history field to keep",
                takes: Takes::Field,
                required: true,
            },
            Parameter {
                name: "and",
                doc: "the names of further fields to keep, with commas between them",
                takes: Takes::Text,
                required: false,
            },
        ],
        references: &["Add-one-in beside leave-one-out: Covert et al., arXiv 2011.14878, removal-based explanations"],
    };

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let field = setting.text("field").ok_or_else(|| SettingError::at("field", "names the field to keep"))?;
        let further = setting.text("and").unwrap_or_default().split(',').map(str::trim).filter(|name| !name.is_empty());
        Ok(Self { fields: std::iter::once(field).chain(further).map(String::from).collect() })
    }
}

impl Perturbation for DropAllBut {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, _: &mut Context<'_>) -> Result<Change, Unfit> {
        let mut ledger = Ledger::open(&stimulus.history);
        let untold: Vec<Unfit> = self.fields.iter().filter_map(|field| told(&ledger, field).err()).collect();
        if untold.len() == self.fields.len()
            && let Some(why) = untold.into_iter().next()
        {
            return Err(why);
        }
        empty(&mut ledger, &self.fields);
        ledger.close(stimulus)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::history::samples::{applied, consultation, field, history, round_trip};
    use crate::{Kind, Value};

    fn alone(name: &str) -> DropAllBut {
        DropAllBut { fields: vec![name.into()] }
    }

    #[test]
    fn one_answer_is_left() {
        let after = applied(&alone("duration"), &consultation()).unwrap();
        let told: Vec<&str> =
            after.fields.iter().filter(|f| f.value != Value::Deleted).map(|f| f.name.as_str()).collect();
        assert_eq!(told, ["duration"]);
        assert_eq!(after.note.as_deref(), Some(""));
        round_trip(&alone("duration"), &consultation());
    }

    #[test]
    fn a_few_answers_are_left_those_of_them_that_are_told() {
        let few = Setting::default().with("field", "duration").with("and", "shoe_size, age");
        let few = DropAllBut::make(&few).unwrap();
        let after = applied(&few, &consultation()).unwrap();
        let told = after.fields.iter().filter(|f| f.value != Value::Deleted);
        let told: BTreeSet<&str> = told.map(|f| f.name.as_str()).collect();
        assert_eq!(told, ["age", "duration"].into());
        round_trip(&few, &consultation());
        let none = Setting::default().with("field", "shoe_size").with("and", "hat_size");
        assert!(applied(&DropAllBut::make(&none).unwrap(), &consultation()).is_err());
    }

    #[test]
    fn a_field_that_is_not_told_and_one_that_stands_alone_are_unfit() {
        let before = history("", vec![field("age", Kind::Age, "64")]);
        assert!(applied(&alone("age"), &before).is_err());
        assert!(applied(&alone("shoe_size"), &consultation()).is_err());
    }
}
