//! An earlier doctor gave a wrong diagnosis.

use super::plant::{self, Wording};
use crate::{
    Card, Change, Context, Grading, Needs, Operator, Oracle, Perturbation, Setting, SettingError, Stimulus, Target,
    Unfit,
};

/// How it may be said.
const WORDING: &Wording = &Wording {
    letter: &[
        "A doctor who was seen about this before diagnosed {}.",
        "Another physician has already looked at this and made the diagnosis of {}.",
        "The notes of a visit elsewhere give the diagnosis as {}.",
        "At a first visit elsewhere this was diagnosed as {}.",
        "The doctor who saw this first put down {} as the diagnosis.",
    ],
    own: &[
        "A doctor who looked at this before said that the diagnosis was {}.",
        "I was told at another clinic that this is a case of {}.",
        "The last doctor who looked at this diagnosed {}.",
        "The letter from another clinic gives {} as the diagnosis.",
    ],
};

/// Says that a doctor seen before diagnosed the foil, in the note and in the field for an earlier diagnosis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PriorDiagnosis;

impl Operator for PriorDiagnosis {
    const CARD: &'static Card = &Card {
        id: "prior_diagnosis",
        family: "history/bias",
        title: "A wrong diagnosis by an earlier doctor",
        imitates: "A patient who comes with the diagnosis of another doctor. It takes the place of every earlier \
                   diagnosis that the history gives; where there is no field for one, it is added.",
        target: Target::History,
        needs: Needs::Foil,
        oracle: Oracle::Directional,
        oracle_reason: "An earlier diagnosis is an opinion formed with less to go on: it may enter the \
                        differential, but must not drive out what the photograph and the facts show.",
        gradable_to: &[],
        grading: Grading::Binary,
        parameters: &[],
        references: &[
            "Schmidgall et al., npj Digit Med 2024, doi 10.1038/s41746-024-01283-6: planted diagnoses",
            "Lee et al., arXiv 2608.24118: prior reports and preliminary notes that mislead",
        ],
    };

    fn make(_: &Setting) -> Result<Self, SettingError> {
        Ok(Self)
    }
}

impl Perturbation for PriorDiagnosis {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        plant::as_earlier(stimulus, cx, WORDING)
    }
}

#[cfg(test)]
mod tests {
    use super::super::plant::checks;
    use super::*;
    use crate::Kind;
    use crate::history::samples::{FOIL, applied, field, history};

    #[test]
    fn it_is_well_worded_and_recorded() {
        checks::all(&PriorDiagnosis, WORDING);
    }

    #[test]
    fn an_earlier_diagnosis_makes_way_in_field_and_note() {
        let fields = vec![field("old_diagnosis", Kind::PriorDiagnosis, "psoriasis")];
        let after = applied(&PriorDiagnosis, &history("A man with known psoriasis. It itches.", fields)).unwrap();
        let note = after.note.unwrap();
        assert!(note.starts_with("A man with known seborrhoeic keratosis. It itches. ") && !note.contains("psoriasis"));
        assert_eq!(after.fields, [field("old_diagnosis", Kind::PriorDiagnosis, FOIL.name)]);
    }

    #[test]
    fn a_field_is_added_where_there_is_none() {
        let after = applied(&PriorDiagnosis, &history("A mole.", vec![])).unwrap();
        assert_eq!(after.fields, [field("prior_diagnosis", Kind::PriorDiagnosis, FOIL.name)]);
    }
}
