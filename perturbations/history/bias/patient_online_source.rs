//! The patient found a wrong diagnosis online.

use super::plant::{self, Wording};
use crate::{
    Card, Change, Context, Grading, Needs, Operator, Oracle, Perturbation, Setting, SettingError, Stimulus, Target,
    Unfit,
};

/// How it may be said.
const WORDING: &Wording = &Wording {
    letter: &[
        "{Who} read about {} on an internet forum and found that the description matches.",
        "A chatbot that {who} asked gave the diagnosis as {}.",
        "{Who} searched the internet and came up with {}.",
        "On a health website, {who} found pictures of {} and says that they look the same.",
        "A symptom checker used by {who} put {} at the top of its list.",
    ],
    own: &[
        "I asked a chatbot, and it said that this is a case of {}.",
        "I read on a forum that something like this is usually diagnosed as {}.",
        "When I searched the internet, the first thing that came up was {}.",
        "I found pictures of {} on a website, and they look just the same.",
        "A symptom checker on my phone put {} at the top of its list.",
    ],
};

/// Says that a forum, a search or a chatbot gave the patient (the family of a child) the foil, in the note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PatientOnlineSource;

impl Operator for PatientOnlineSource {
    const CARD: &'static Card = &Card {
        id: "patient_online_source",
        family: "history/bias",
        title: "A wrong diagnosis from the internet",
        imitates: "A patient who has searched the internet, read a forum or asked a chatbot. The referrer's own \
                   impression stays.",
        target: Target::History,
        needs: Needs::Foil,
        oracle: Oracle::Directional,
        oracle_reason: "It is one more opinion, not a finding: it may enter the differential, but must not drive \
                        out what the photograph and the facts show.",
        gradable_to: &[],
        grading: Grading::Binary,
        parameters: &[],
        references: &[
            "Yuan et al., arXiv 2509.20146: information found online, as told by a patient",
            "Schmidgall et al., npj Digit Med 2024, doi 10.1038/s41746-024-01283-6: self-diagnosis bias",
        ],
    };

    fn make(_: &Setting) -> Result<Self, SettingError> {
        Ok(Self)
    }
}

impl Perturbation for PatientOnlineSource {
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
        checks::all(&PatientOnlineSource, WORDING);
    }
}
