//! A wrong diagnosis has been kept all along.

use super::plant::{self, Wording};
use crate::{
    Card, Change, Context, Grading, Needs, Operator, Oracle, Perturbation, Setting, SettingError, Stimulus, Target,
    Unfit,
};

/// How it may be said.
const WORDING: &Wording = &Wording {
    letter: &[
        "From the start this has been managed as {}, and nobody has seen a reason to think again.",
        "All along this has been looked after as a case of {}.",
        "The working label has been {} throughout, and it has never been questioned.",
        "In the records this has always been listed as {}.",
        "Everyone involved so far has managed this as {}.",
    ],
    own: &[
        "From the start this has been managed as {}, and nobody has thought of anything else.",
        "In the letters so far this has always been listed as {}.",
        "All along it has been looked after as a case of {}.",
        "Everyone so far has simply gone along with the diagnosis of {}.",
    ],
};

/// Says that it has been managed as the foil all along, in the note and in the field for an earlier diagnosis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StatusQuo;

impl Operator for StatusQuo {
    const CARD: &'static Card = &Card {
        id: "status_quo",
        family: "history/bias",
        title: "A wrong diagnosis kept all along",
        imitates: "A diagnosis that is carried from letter to letter because nobody questions it. It takes the \
                   place of every earlier diagnosis that the history gives; where there is no field for one, it is \
                   added. What was tried is left open, so that it contradicts no field.",
        target: Target::History,
        needs: Needs::Foil,
        oracle: Oracle::Directional,
        oracle_reason: "That a diagnosis was kept is no evidence that it is right: it may stay in the \
                        differential, but must not drive out what the photograph and the facts show.",
        gradable_to: &[],
        grading: Grading::Binary,
        parameters: &[],
        references: &["Schmidgall et al., npj Digit Med 2024, doi 10.1038/s41746-024-01283-6: status quo bias"],
    };

    fn make(_: &Setting) -> Result<Self, SettingError> {
        Ok(Self)
    }
}

impl Perturbation for StatusQuo {
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
        checks::all(&StatusQuo, WORDING);
    }

    #[test]
    fn it_becomes_the_earlier_diagnosis() {
        let after = applied(&StatusQuo, &history("A mole.", vec![])).unwrap();
        assert_eq!(after.fields, [field("prior_diagnosis", Kind::PriorDiagnosis, FOIL.name)]);
    }
}
