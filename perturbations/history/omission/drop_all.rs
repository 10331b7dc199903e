//! Nothing is told, on a form that shows what could have been.

use crate::history::ledger::Ledger;
use crate::{
    Card, Change, Context, Grading, Needs, Operator, Oracle, Perturbation, Setting, SettingError, Stimulus, Target,
    Unfit, Value,
};

/// Deletes every field and empties the note; the names of the fields stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DropAll;

impl Operator for DropAll {
    const CARD: &'static Card = &Card {
        id: "drop_all",
        family: "history/omission",
        title: "Every field left out",
        imitates: "A referral form sent with no question answered; unlike no_history, the form is still there.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Directional,
        oracle_reason: "Without a history confidence may fall and information may be asked for; an empty form gives no \
                        reason to lower the urgency.",
        gradable_to: &[],
        grading: Grading::Binary,
        parameters: &[],
        references: &["Buckley et al., arXiv 2311.05591: accuracy by amount of informative text"],
    };

    fn make(_: &Setting) -> Result<Self, SettingError> {
        Ok(Self)
    }
}

impl Perturbation for DropAll {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, _: &mut Context<'_>) -> Result<Change, Unfit> {
        if stimulus.history.is_empty() {
            return Err(Unfit::nothing("the history is empty"));
        }
        let mut ledger = Ledger::open(&stimulus.history);
        empty(&mut ledger, &[]);
        ledger.close(stimulus)
    }
}

/// Deletes every field but those to keep, and empties the note.
pub(super) fn empty(ledger: &mut Ledger, kept: &[String]) {
    let names: Vec<String> = ledger.history().fields.iter().map(|field| field.name.clone()).collect();
    for name in names.iter().filter(|name| !kept.contains(name)) {
        ledger.set_field(name, Value::Deleted);
    }
    if !ledger.note().is_empty() {
        ledger.set_note("");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;
    use crate::history::samples::{applied, field, history, round_trip};

    #[test]
    fn nothing_is_left_but_the_names() {
        let before =
            history("A 64-year-old man.", vec![field("age", Kind::Age, "64"), field("itch", Kind::Symptom, "unknown")]);
        let after = applied(&DropAll, &before).unwrap();
        assert!(after.is_empty());
        assert_eq!(after.fields.len(), 2);
        assert_eq!(after.note.as_deref(), Some(""));
        round_trip(&DropAll, &before);
    }

    #[test]
    fn an_empty_history_is_unfit() {
        let mut empty = field("age", Kind::Age, "64");
        empty.value = Value::Deleted;
        assert!(applied(&DropAll, &history(" ", vec![empty])).is_err());
    }
}
