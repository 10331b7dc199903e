//! A note in one case only.

use crate::history::ledger::Ledger;
use crate::{
    Card, Change, Context, Grading, Needs, Operator, Oracle, Parameter, Perturbation, Setting, SettingError, Stimulus,
    Takes, Target, Unfit,
};

/// Writes the note in small letters, or in capitals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Casing {
    capitals: bool,
}

impl Operator for Casing {
    const CARD: &'static Card = &Card {
        id: "casing",
        family: "history/noise",
        title: "One case only",
        imitates: "A note typed without the shift key, or with the capitals locked as on old forms. Fields stay.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Invariant,
        oracle_reason: "Every word and number stands as it stood: the content is the same.",
        gradable_to: &[],
        grading: Grading::Binary,
        parameters: &[Parameter {
            name: "to",
            doc: "Small letters (lower, which is also what is left out means) or capitals (upper).",
            takes: Takes::Choice(&["lower", "upper"]),
            required: false,
        }],
        references: &["Gourabathina et al., arXiv 2506.17163: non-clinical changes of wording"],
    };

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self { capitals: setting.text("to") == Some("upper") })
    }
}

impl Perturbation for Casing {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, _: &mut Context<'_>) -> Result<Change, Unfit> {
        let mut ledger = Ledger::open(&stimulus.history);
        let note = if self.capitals { ledger.note().to_uppercase() } else { ledger.note().to_lowercase() };
        if stimulus.history.note.is_some() {
            ledger.set_note(&note);
        }
        ledger.close(stimulus).map_err(|_| Unfit::nothing("the note is in that case already, or there is none"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::samples::{applied, consultation, history, round_trip};

    #[test]
    fn both_cases() {
        let before = history("A 3 mm Mole.", vec![]);
        assert_eq!(applied(&Casing::default(), &before).unwrap().note.as_deref(), Some("a 3 mm mole."));
        assert_eq!(applied(&Casing { capitals: true }, &before).unwrap().note.as_deref(), Some("A 3 MM MOLE."));
    }

    #[test]
    fn a_note_in_that_case_is_unfit_and_the_ledger_goes_both_ways() {
        assert!(applied(&Casing::default(), &history("a mole", vec![])).is_err());
        assert!(applied(&Casing::default(), &crate::History::default()).is_err());
        for capitals in [false, true] {
            assert!(round_trip(&Casing { capitals }, &consultation()));
        }
    }
}
