//! The request belongs to another patient.

use crate::history::ledger::Ledger;
use crate::{
    Card, Change, Context, Grading, Needs, Operator, Oracle, Perturbation, Setting, SettingError, Stimulus, Target,
    Unfit,
};

/// Exchanges the whole history for the donor's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WrongHistory;

impl Operator for WrongHistory {
    const CARD: &'static Card = &Card {
        id: "wrong_history",
        family: "modality",
        title: "Another patient's history",
        imitates: "A request filed with the photographs of another patient: the swap of histories (swap_history).",
        target: Target::History,
        needs: Needs::Donor,
        oracle: Oracle::Challenge,
        oracle_reason: "Photographs and history do not belong together; a careful reader says so instead of blending them.",
        gradable_to: &[],
        grading: Grading::Binary,
        parameters: &[],
        references: &["Restrepo et al., arXiv 2605.17436: image-text swaps"],
    };

    fn make(_: &Setting) -> Result<Self, SettingError> {
        Ok(Self)
    }
}

impl Perturbation for WrongHistory {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let donor = cx.donor.ok_or(Unfit::NeedsDonor)?;
        if stimulus.history.is_empty() {
            return Err(Unfit::nothing("the history is empty"));
        }
        if donor.history.is_empty() {
            return Err(Unfit::nothing("the donor's history is empty"));
        }
        let mut ledger = Ledger::open(&stimulus.history);
        ledger.replace(donor.history.clone());
        ledger.close(stimulus)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Stream;
    use crate::history::samples::{applied, consultation, history, round_trip};

    #[test]
    fn the_donor_s_history_is_shown() {
        let donor = Stimulus { history: consultation(), ..Stimulus::default() };
        let mut stimulus = Stimulus { history: history("A rash.", vec![]), ..Stimulus::default() };
        WrongHistory.apply(&mut stimulus, &mut Context::new(Stream::derive(1, &[])).with_donor(&donor)).unwrap();
        assert_eq!(stimulus.history, donor.history);
        assert!(round_trip(&WrongHistory, &history("A rash.", vec![])));
    }

    #[test]
    fn no_donor_or_the_same_history_is_unfit() {
        assert_eq!(applied(&WrongHistory, &consultation()), Err(Unfit::NeedsDonor));
        assert!(!round_trip(&WrongHistory, &consultation()));
    }
}
