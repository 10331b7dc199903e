//! The order of the form.

use crate::history::ledger::Ledger;
use crate::{
    Card, Change, Context, Grading, History, Needs, Operator, Oracle, Perturbation, Setting, SettingError, Stimulus,
    Target, Unfit, Value,
};

/// Shuffles the order of the fields; the note stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FieldOrder;

impl Operator for FieldOrder {
    const CARD: &'static Card = &Card {
        id: "field_order",
        family: "history/format",
        title: "Another order of the fields",
        imitates: "Another clinic's form, which asks the same questions in another order.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Invariant,
        oracle_reason: "The same answers to the same questions.",
        gradable_to: &[],
        grading: Grading::Binary,
        parameters: &[],
        references: &[
            "Gourabathina et al., arXiv 2506.17163: format of clinical contexts",
            "Lu et al., arXiv 2104.08786: models are moved by the order of what they are shown",
        ],
    };

    fn make(_: &Setting) -> Result<Self, SettingError> {
        Ok(Self)
    }
}

impl Perturbation for FieldOrder {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let told = stimulus.history.fields.iter().filter(|field| field.value != Value::Deleted).count();
        if told < 2 {
            return Err(Unfit::nothing("fewer than two fields are told"));
        }
        let mut after = stimulus.history.clone();
        cx.rng.fork("order", 0).shuffle(&mut after.fields);
        if shown(&after) == shown(&stimulus.history) {
            after.fields.reverse();
        }
        let mut ledger = Ledger::open(&stimulus.history);
        ledger.replace(after);
        ledger.close(stimulus)
    }
}

/// The names of the fields that a model is shown, in order.
fn shown(history: &History) -> Vec<&str> {
    history.fields.iter().filter(|field| field.value != Value::Deleted).map(|field| field.name.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;
    use crate::history::samples::{applied_at, consultation, field, history, round_trip};

    #[test]
    fn the_same_fields_in_another_order() {
        for seed in 0..20 {
            let after = applied_at(&FieldOrder, &consultation(), seed).unwrap();
            assert_ne!(after.fields, consultation().fields);
            assert_eq!(after.note, consultation().note);
            let names = |history: &History| {
                let mut names: Vec<String> = history.fields.iter().map(|field| field.name.clone()).collect();
                names.sort();
                names
            };
            assert_eq!(names(&after), names(&consultation()));
        }
        assert!(round_trip(&FieldOrder, &consultation()));
    }

    #[test]
    fn two_fields_change_places_and_one_cannot() {
        let two = vec![field("age", Kind::Age, "64"), field("sex", Kind::Sex, "female")];
        for seed in 0..10 {
            assert_eq!(shown(&applied_at(&FieldOrder, &history("", two.clone()), seed).unwrap()), ["sex", "age"]);
        }
        assert!(!round_trip(&FieldOrder, &history("", vec![field("age", Kind::Age, "64")])));
    }
}
