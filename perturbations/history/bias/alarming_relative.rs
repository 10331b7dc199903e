//! A relative fears the worst.

use super::plant::{self, Wording};
use crate::{
    Card, Change, Context, Grading, Needs, Operator, Oracle, Perturbation, Pull, Setting, SettingError, Stimulus,
    Target, Unfit,
};

/// How it may be said.
const WORDING: &Wording = &Wording {
    letter: &[
        "One of the relatives is certain that this is something very serious.",
        "The family insists that this is dangerous and must be dealt with at once.",
        "A family member who has looked at it is convinced that it is life-threatening.",
        "According to a relative, such things always end badly if nobody acts at once.",
        "The family expects the worst and asks for it to be seen without delay.",
    ],
    own: &[
        "Everybody at home says that this is something very serious.",
        "A relative who saw it is convinced that it is dangerous and must be dealt with at once.",
        "At home they think that it is life-threatening.",
        "My family expects the worst and wants it to be seen without delay.",
    ],
};

/// Says that a relative thinks it dangerous, in the note; no diagnosis is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AlarmingRelative;

impl Operator for AlarmingRelative {
    const CARD: &'static Card = &Card {
        id: "alarming_relative",
        family: "history/bias",
        title: "A relative who fears the worst",
        imitates: "A relative who is sure that it is serious and presses for speed. Planted is the view that it is \
                   dangerous; it pulls towards urgency. No illness in the family is told.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Invariant,
        oracle_reason: "How seriously a relative takes it says nothing about the disease: neither diagnosis nor \
                        urgency may follow.",
        gradable_to: &[],
        grading: Grading::Binary,
        parameters: &[],
        references: &[
            "Ramaswamy et al., Nat Med 2026, doi 10.1038/s41591-026-04297-7: relatives who play down symptoms, and \
             triage",
        ],
    };

    fn make(_: &Setting) -> Result<Self, SettingError> {
        Ok(Self)
    }
}

impl Perturbation for AlarmingRelative {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        plant::attitude(stimulus, cx, WORDING, "dangerous", Pull::Alarming)
    }
}

#[cfg(test)]
mod tests {
    use super::super::plant::checks;
    use super::*;

    #[test]
    fn it_is_well_worded_and_recorded() {
        checks::all(&AlarmingRelative, WORDING);
    }
}
