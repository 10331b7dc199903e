//! A colourful writer.

use crate::history::restyle::{SHARE, open};
use crate::{
    Card, Change, Context, Graded, Needs, Operator, Oracle, Perturbation, Setting, SettingError, Stimulus, Target,
    Unfit,
};

/// Opens a share of the statements of the note with exclamations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Colourful {
    share: f64,
}

impl Operator for Colourful {
    const CARD: &'static Card = &Card {
        id: "colourful",
        family: "history/style",
        title: "A colourful writer",
        imitates: "A writer with exclamations and emphasis (good heavens, honestly). The facts stay.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Invariant,
        oracle_reason: "Exclamations tell nothing about the disease.",
        gradable_to: &[],
        grading: SHARE,
        parameters: &[],
        references: &[
            "Gourabathina et al., arXiv 2506.17163: style and format of clinical contexts",
            "MedPerturb's versions 4 and 5 were written by a language model; these are by rule",
        ],
    };

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let share = setting.dose.ok_or_else(|| SettingError::at("share", "is the share of places to rewrite"))?;
        Ok(Self::at_dose(share))
    }
}

impl Graded for Colourful {
    fn at_dose(dose: f64) -> Self {
        Self { share: Self::range().nearest(dose) }
    }
}

impl Perturbation for Colourful {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        open(stimulus, self.share, [OWN, LETTER], |_| true, &cx.rng)
    }
}

/// In the first person.
const OWN: &[&str] = &["Good heavens,", "Honestly,", "Would you believe it,", "Oh dear,", "I tell you,"];
/// In a letter about the patient.
const LETTER: &[&str] = &["Dear me,", "Goodness,", "Believe it or not,", "To be perfectly frank,", "Lo and behold,"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Level;
    use crate::history::samples::{applied, applied_at, consultation, history, round_trip};

    #[test]
    fn statements_are_opened_and_the_rest_stays() {
        let after = applied(&Colourful::at_dose(1.0), &history("It itches. Does it hurt? Rash.", vec![])).unwrap();
        let note = after.note.unwrap();
        let opening = OWN.iter().chain(LETTER).find(|opening| note.starts_with(**opening)).unwrap();
        assert_eq!(note, format!("{opening} it itches. Does it hurt? Rash."));
    }

    #[test]
    fn a_greater_share_opens_what_a_smaller_one_does() {
        for seed in 0..20 {
            let mut before = 0;
            for level in Level::ALL {
                let after = applied_at(&Colourful::at(level), &consultation(), seed).unwrap_or_else(|_| consultation());
                let length = after.note.unwrap().len();
                assert!(length >= before);
                before = length;
            }
        }
    }

    #[test]
    fn every_level_goes_both_ways_and_keeps_the_facts() {
        for level in Level::ALL {
            round_trip(&Colourful::at(level), &consultation());
        }
        assert!(round_trip(&Colourful::at_dose(1.0), &consultation()));
        assert!(!round_trip(&Colourful::at_dose(1.0), &history("Rash, itchy", vec![])));
    }
}
