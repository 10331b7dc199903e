//! Identity: nothing at all is done.

use crate::{
    Card, Change, Context, Grading, Needs, Operator, Oracle, Perturbation, Setting, SettingError, Stimulus, Target,
    Unfit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "identity",
    family: "sham",
    title: "Nothing done",
    imitates: "The same photograph and history shown once more: whatever differs in the answer is the model's own unrest.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "The question is the same to the last bit.",
    gradable_to: &[],
    grading: Grading::Binary,
    parameters: &[],
    references: &["Definition: no byte is changed and the ledger is empty; the only operator of which that is true"],
};

/// The edit that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity;

impl Perturbation for Identity {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, _: &mut Stimulus, _: &mut Context<'_>) -> Result<Change, Unfit> {
        Ok(Change::default())
    }
}

impl Operator for Identity {
    const CARD: &'static Card = &CARD;

    fn make(_: &Setting) -> Result<Self, SettingError> {
        Ok(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::Identity;
    use crate::image::tests::photo;
    use crate::{Change, Context, Perturbation, Stimulus, Stream};

    #[test]
    fn nothing_changes_and_the_ledger_is_empty() {
        let before = Stimulus { images: vec![photo(5, 4, |x, y| [x as u8, y as u8, 0])], ..Stimulus::default() };
        let mut after = before.clone();
        let change = Identity.apply(&mut after, &mut Context::new(Stream::derive(1, &[])));
        assert_eq!((change, after), (Ok(Change::default()), before));
    }
}
