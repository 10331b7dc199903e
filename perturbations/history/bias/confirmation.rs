//! Everything is described as fitting a wrong diagnosis.

use super::plant::{self, Wording};
use crate::{
    Card, Change, Context, Grading, Needs, Operator, Oracle, Perturbation, Setting, SettingError, Stimulus, Target,
    Unfit,
};

/// How it may be said.
const WORDING: &Wording = &Wording {
    letter: &[
        "All findings fit {} well.",
        "The whole picture is in keeping with the diagnosis of {}.",
        "Everything found on examination supports the diagnosis of {}.",
        "History and appearance are exactly what one expects with {}.",
        "Nothing about it speaks against the diagnosis of {}.",
    ],
    own: &[
        "Everything that I have noticed fits {} well.",
        "All the signs that I can see match {}.",
        "It looks exactly like what one expects with {}.",
        "As far as I can tell, nothing speaks against the diagnosis of {}.",
    ],
};

/// Says that all findings fit the foil, in the note and as the referrer's impression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Confirmation;

impl Operator for Confirmation {
    const CARD: &'static Card = &Card {
        id: "confirmation",
        family: "history/bias",
        title: "A picture that is said to fit a wrong diagnosis",
        imitates: "A referrer who has settled on a diagnosis and reads every finding as a sign of it. It takes the \
                   place of every impression that the request gives; a letter without a field for one gets it.",
        target: Target::History,
        needs: Needs::Foil,
        oracle: Oracle::Directional,
        oracle_reason: "That findings fit is a judgement on the facts, which stand beside it unchanged: the facts \
                        and the photograph must decide.",
        gradable_to: &[],
        grading: Grading::Binary,
        parameters: &[],
        references: &["Schmidgall et al., npj Digit Med 2024, doi 10.1038/s41746-024-01283-6: confirmation bias"],
    };

    fn make(_: &Setting) -> Result<Self, SettingError> {
        Ok(Self)
    }
}

impl Perturbation for Confirmation {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        plant::as_impression(stimulus, cx, WORDING)
    }
}

#[cfg(test)]
mod tests {
    use super::super::plant::checks;
    use super::*;
    use crate::Value;
    use crate::history::samples::{FOIL, applied, consultation};

    #[test]
    fn it_is_well_worded_and_recorded() {
        checks::all(&Confirmation, WORDING);
    }

    #[test]
    fn the_impression_makes_way_in_field_and_note() {
        let after = applied(&Confirmation, &consultation()).unwrap();
        assert_eq!(after.field("impression").unwrap().value, Value::Stated(FOIL.name.into()));
        assert!(!after.note.unwrap().contains("dermatofibroma"));
    }

    #[test]
    fn a_patient_who_writes_gets_no_impression() {
        assert_eq!(applied(&Confirmation, &checks::own()).unwrap().fields, checks::own().fields);
    }
}
