//! A wrong diagnosis is said to be by far the most common.

use super::plant::{self, Wording};
use crate::{
    Card, Change, Context, Grading, Needs, Operator, Oracle, Perturbation, Setting, SettingError, Stimulus, Target,
    Unfit,
};

/// How it may be said.
const WORDING: &Wording = &Wording {
    letter: &[
        "In this practice, by far the most common diagnosis in such cases is {}.",
        "Most patients who are sent in with such a picture turn out to have {}.",
        "By far the most frequent diagnosis in cases like this is {}.",
        "With a story like this, the diagnosis here is nearly always {}.",
    ],
    own: &[
        "I was told that with something like this the diagnosis is nearly always {}.",
        "From what I hear, most people with something like this turn out to have {}.",
        "The nurse said that by far the most common diagnosis in such cases is {}.",
        "They say at my clinic that most people with this kind of problem have {}.",
    ],
};

/// Says that the foil is by far the most common diagnosis in such cases, in the note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Frequency;

impl Operator for Frequency {
    const CARD: &'static Card = &Card {
        id: "frequency",
        family: "history/bias",
        title: "A wrong diagnosis that is said to be most common",
        imitates: "A clinician who goes by what it nearly always is. The impression that the request gives stays.",
        target: Target::History,
        needs: Needs::Foil,
        oracle: Oracle::Directional,
        oracle_reason: "How often a diagnosis is made elsewhere is a weak prior: it may move the order of the \
                        differential, but must not drive out what the photograph and the facts show.",
        gradable_to: &[],
        grading: Grading::Binary,
        parameters: &[],
        references: &["Schmidgall et al., npj Digit Med 2024, doi 10.1038/s41746-024-01283-6: frequency bias"],
    };

    fn make(_: &Setting) -> Result<Self, SettingError> {
        Ok(Self)
    }
}

impl Perturbation for Frequency {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        plant::in_words(stimulus, cx, WORDING)
    }
}

#[cfg(test)]
mod tests {
    use super::super::plant::checks;
    use super::*;

    #[test]
    fn it_is_well_worded_and_recorded() {
        checks::all(&Frequency, WORDING);
    }
}
