//! The patient's sex and ethnicity, left out.

use std::ops::Range;

use crate::history::erase::{Collateral, erase};
use crate::history::ledger::Ledger;
use crate::history::lexicon::{PERSONS, on};
use crate::history::restyle::deleted;
use crate::history::words::{Text, bytes, low};
use crate::{
    Card, Change, Context, Field, Grading, Kind, Needs, Operator, Oracle, Perturbation, Setting, SettingError,
    Stimulus, Target, Unfit, Value,
};

/// Deletes the sex and the words for ethnicity from fields and note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DemographicsRemoved;

impl Operator for DemographicsRemoved {
    const CARD: &'static Card = &Card {
        id: "demographics_removed",
        family: "history/style",
        title: "Sex and ethnicity removed",
        imitates: "The same letter without the patient's sex and ethnicity. Where the note tells something that fits one sex only, it does not apply.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Invariant,
        oracle_reason: "Declared as not causal: a reader who judges by the disease answers the same.",
        gradable_to: &[],
        grading: Grading::Binary,
        parameters: &[],
        references: &["Gourabathina et al., arXiv 2506.17163: version 3, gender removed"],
    };

    fn make(_: &Setting) -> Result<Self, SettingError> {
        Ok(Self)
    }
}

impl Perturbation for DemographicsRemoved {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, _: &mut Context<'_>) -> Result<Change, Unfit> {
        let mut ledger = Ledger::open(&stimulus.history);
        while let Some(run) = ethnicity(ledger.note()) {
            let Some((span, put)) = deleted(ledger.note(), run) else { break };
            let mut note = ledger.note().to_owned();
            note.replace_range(span, &put);
            ledger.set_note(&note);
        }
        let told = |field: &&Field| field.kind == Kind::Sex && field.value != Value::Deleted;
        if let Some(sex) = stimulus.history.fields.iter().find(told) {
            erase(&mut ledger, &sex.name, Collateral::Nothing)?;
        }
        ledger.close(stimulus).map_err(|_| Unfit::nothing("neither sex nor ethnicity is told"))
    }
}

/// Words for ethnicity, which count before a word for a person.
const ETHNICITIES: &[&str] = &[
    "african american",
    "african-american",
    "afro-caribbean",
    "asian",
    "black",
    "caucasian",
    "hispanic",
    "indian",
    "latina",
    "latino",
    "middle eastern",
    "white",
];

/// The first word for an ethnicity that stands before a word for a person.
fn ethnicity(note: &str) -> Option<Range<usize>> {
    let text = Text::read(note);
    let is_person =
        |word: &str| PERSONS.iter().any(|(person, _)| *person == word) || on(&["patient", "child", "infant"], word);
    let runs = ETHNICITIES.iter().flat_map(|words| text.phrase(words));
    let first = runs.filter(|run| is_person(low(&text.tokens, run.end))).min_by_key(|run| run.start)?;
    Some(bytes(&text.tokens, &first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::samples::{applied, field, history, round_trip};

    #[test]
    fn sex_and_ethnicity_go() {
        let before = history(
            "A 40-year-old white woman with a white patch. She itches.",
            vec![field("sex", Kind::Sex, "female")],
        );
        let after = applied(&DemographicsRemoved, &before).unwrap();
        assert_eq!(after.note.as_deref(), Some("A 40-year-old patient with a white patch. The patient itches."));
        assert!(round_trip(&DemographicsRemoved, &before));
    }

    #[test]
    fn what_fits_one_sex_only_is_left_alone() {
        assert!(!round_trip(
            &DemographicsRemoved,
            &history("A pregnant woman.", vec![field("sex", Kind::Sex, "female")])
        ));
        assert!(!round_trip(&DemographicsRemoved, &history("A white patch.", vec![])));
    }
}
