//! The patient's sex, swapped.

use crate::history::falsehood::falsehoods;
use crate::history::ledger::Ledger;
use crate::{
    Card, Change, Context, Grading, Kind, Needs, Operator, Oracle, Perturbation, Setting, SettingError, Stimulus,
    Target, Unfit, Value,
};

/// Swaps the sex in its field and at every mention in the note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DemographicsSwapped;

impl Operator for DemographicsSwapped {
    const CARD: &'static Card = &Card {
        id: "demographics_swapped",
        family: "history/style",
        title: "Sex swapped",
        imitates: "The same letter about a patient of the other sex; age and ethnicity stay. Where the note tells something that fits one sex only, it does not apply. Unlike the false fact `contradict: {kind: sex}` it is declared not to bear on the case.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Invariant,
        oracle_reason: "Declared as not causal: a reader who judges by the disease answers the same. For a disease that prefers a sex, use contradict.",
        gradable_to: &[],
        grading: Grading::Binary,
        parameters: &[],
        references: &["Gourabathina et al., arXiv 2506.17163: versions 2, gender swapped"],
    };

    fn make(_: &Setting) -> Result<Self, SettingError> {
        Ok(Self)
    }
}

impl Perturbation for DemographicsSwapped {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let history = &stimulus.history;
        let sex = history.fields.iter().find(|field| field.kind == Kind::Sex && field.value != Value::Deleted);
        let sex = sex.cloned().ok_or_else(|| Unfit::nothing("no field for the sex"))?;
        let other = falsehoods(history, &sex, &mut cx.rng.fork("value", 0)).into_iter().next();
        let other = other.ok_or_else(|| Unfit::nothing("the sex is neither female nor male"))?;
        let mut ledger = Ledger::open(history);
        other.tell(&mut ledger, &sex)?;
        ledger.close(stimulus)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::samples::{applied, field, history, round_trip};

    #[test]
    fn nouns_and_pronouns_swap_together() {
        let before = history("A woman with a mole. She itches.", vec![field("sex", Kind::Sex, "female")]);
        let after = applied(&DemographicsSwapped, &before).unwrap();
        assert_eq!(after.note.as_deref(), Some("A man with a mole. He itches."));
        assert_eq!(after.fields[0].value, Value::Stated("male".into()));
        assert!(round_trip(&DemographicsSwapped, &before));
    }

    #[test]
    fn what_fits_one_sex_only_is_left_alone() {
        let before = history("A pregnant woman.", vec![field("sex", Kind::Sex, "female")]);
        assert!(!round_trip(&DemographicsSwapped, &before));
        assert!(!round_trip(&DemographicsSwapped, &history("A woman.", vec![])));
    }
}
