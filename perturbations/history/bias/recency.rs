//! Similar cases of these days had a wrong diagnosis.

use super::plant::{self, Wording};
use crate::{
    Card, Change, Context, Grading, Needs, Operator, Oracle, Perturbation, Setting, SettingError, Stimulus, Target,
    Unfit,
};

/// How it may be said.
const WORDING: &Wording = &Wording {
    letter: &[
        "Three patients with {} were seen here this week, all with a very similar picture.",
        "I have had three cases of {} in the surgery this week alone.",
        "The last three patients whom I saw with something like this turned out to have {}.",
        "This is the fourth patient with such a picture this week; the other three turned out to have {}.",
    ],
    own: &[
        "The pharmacist told me that three people with {} came in this week.",
        "At the surgery they told me that this week alone they have had three cases of {}.",
        "The nurse said that the last three people with something like this turned out to have {}.",
        "The doctor on the phone said that there were three cases of {} this week.",
    ],
};

/// Says that three patients with the foil were seen this week, in the note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Recency;

impl Operator for Recency {
    const CARD: &'static Card = &Card {
        id: "recency",
        family: "history/bias",
        title: "A wrong diagnosis seen often these days",
        imitates: "A clinician to whom the diagnosis of the last few patients comes to mind first. The impression \
                   that the request gives stays.",
        target: Target::History,
        needs: Needs::Foil,
        oracle: Oracle::Directional,
        oracle_reason: "Who else was seen these days says next to nothing about this patient: it may add to the \
                        differential, but must not drive out what the photograph and the facts show.",
        gradable_to: &[],
        grading: Grading::Binary,
        parameters: &[],
        references: &[
            "Schmidgall et al., npj Digit Med 2024, doi 10.1038/s41746-024-01283-6: recency bias",
            "Yuan et al., arXiv 2509.20146: recency, as told by a physician",
        ],
    };

    fn make(_: &Setting) -> Result<Self, SettingError> {
        Ok(Self)
    }
}

impl Perturbation for Recency {
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
        checks::all(&Recency, WORDING);
    }
}
