//! The photographs come without any request.

use crate::history::ledger::Ledger;
use crate::{
    Card, Change, Context, Grading, History, Needs, Operator, Oracle, Perturbation, Setting, SettingError, Stimulus,
    Target, Unfit,
};

/// Removes the whole history: fields, their names, and note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NoHistory;

impl Operator for NoHistory {
    const CARD: &'static Card = &Card {
        id: "no_history",
        family: "modality",
        title: "No history at all",
        imitates: "Photographs that arrive without a request. Unlike drop_all, not even the names of the fields are left.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::MeasureOnly,
        oracle_reason: "The positive control of the history channel: a model that uses the history must move, and no \
                        particular move is right.",
        gradable_to: &[],
        grading: Grading::Binary,
        parameters: &[],
        references: &["Buckley et al., arXiv 2311.05591: image alone beside image with text"],
    };

    fn make(_: &Setting) -> Result<Self, SettingError> {
        Ok(Self)
    }
}

impl Perturbation for NoHistory {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, _: &mut Context<'_>) -> Result<Change, Unfit> {
        if stimulus.history.is_empty() {
            return Err(Unfit::nothing("the history is empty"));
        }
        let mut ledger = Ledger::open(&stimulus.history);
        ledger.replace(History::default());
        ledger.close(stimulus)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::samples::{applied, consultation, history, round_trip};

    #[test]
    fn nothing_is_left() {
        assert_eq!(applied(&NoHistory, &consultation()), Ok(History::default()));
        assert!(round_trip(&NoHistory, &consultation()));
    }

    #[test]
    fn an_empty_history_is_unfit() {
        assert!(applied(&NoHistory, &history("", vec![])).is_err());
    }
}
