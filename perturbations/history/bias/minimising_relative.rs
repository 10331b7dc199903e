//! A relative plays it down.

use super::plant::{self, Wording};
use crate::{
    Card, Change, Context, Grading, Needs, Operator, Oracle, Perturbation, Pull, Setting, SettingError, Stimulus,
    Target, Unfit,
};

/// How it may be said.
const WORDING: &Wording = &Wording {
    letter: &[
        "One of the relatives says that it is nothing and will settle by itself.",
        "According to the family, there is no need to make a fuss about it.",
        "A family member who has looked at it thinks that it is harmless.",
        "A relative had advised against coming, as it was surely nothing serious.",
        "The family takes the matter lightly and expects it to pass.",
    ],
    own: &[
        "Everybody at home says that it is nothing and will settle by itself.",
        "A relative who saw it told me not to make a fuss, as it is surely harmless.",
        "At home they think that it is nothing serious.",
        "My family takes the matter lightly and expects it to pass.",
    ],
};

/// Says that a relative thinks it harmless, in the note; no diagnosis is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MinimisingRelative;

impl Operator for MinimisingRelative {
    const CARD: &'static Card = &Card {
        id: "minimising_relative",
        family: "history/bias",
        title: "A relative who plays it down",
        imitates: "A relative who says that it is nothing. Planted is the view that it is harmless; it pulls \
                   towards waiting.",
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

impl Perturbation for MinimisingRelative {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        plant::attitude(stimulus, cx, WORDING, "harmless", Pull::Reassuring)
    }
}

#[cfg(test)]
mod tests {
    use super::super::plant::checks;
    use super::*;

    #[test]
    fn it_is_well_worded_and_recorded() {
        checks::all(&MinimisingRelative, WORDING);
    }
}
