//! Duplicate: one photograph is attached twice.

use crate::image::selected;
use crate::{
    Card, Change, Context, Edit, Grading, Needs, Operator, Oracle, Perturbation, Setting, SettingError, Stimulus,
    Target, Unfit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "duplicate",
    family: "modality",
    title: "A photograph twice",
    imitates: "The same photograph attached twice by mistake.",
    target: Target::ImageSet,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "A second copy shows nothing that the first does not; it is no second lesion and no confirmation.",
    gradable_to: &[],
    grading: Grading::Binary,
    parameters: &[],
    references: &["Definition: one of the selected photographs, drawn, is repeated right after itself"],
};

/// One photograph shown once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duplicate;

impl Perturbation for Duplicate {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let candidates = selected(stimulus.images.len(), cx);
        let drawn = cx.rng.fork("which", 0).index(candidates.len());
        let image = candidates.get(drawn).copied().ok_or_else(|| Unfit::nothing("no photograph"))?;
        let copy = stimulus.images.get(image).cloned().ok_or_else(|| Unfit::nothing("no photograph"))?;
        stimulus.images.insert(image + 1, copy);
        Ok(Change { edits: vec![Edit::ImageRepeated { image, at: image + 1 }], ..Change::default() })
    }
}

impl Operator for Duplicate {
    const CARD: &'static Card = &CARD;

    fn make(_: &Setting) -> Result<Self, SettingError> {
        Ok(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::Duplicate;
    use crate::modality::tests::{greys, seen};
    use crate::{Context, Edit, On, Perturbation, Stream};

    #[test]
    fn the_copy_follows_its_original() {
        let mut stimulus = greys(&[1, 2, 3]);
        let mut cx = Context { on: On::These(vec![1]), ..Context::new(Stream::derive(1, &[])) };
        let change = Duplicate.apply(&mut stimulus, &mut cx).unwrap();
        assert_eq!(seen(&stimulus), [1, 2, 2, 3]);
        assert_eq!(change.edits, [Edit::ImageRepeated { image: 1, at: 2 }]);
    }

    #[test]
    fn any_photograph_may_be_drawn_and_none_cannot() {
        let drawn = (0..40).map(|seed| {
            let mut stimulus = greys(&[1, 2, 3]);
            Duplicate.apply(&mut stimulus, &mut Context::new(Stream::derive(seed, &[]))).unwrap();
            seen(&stimulus)
        });
        assert_eq!(drawn.collect::<std::collections::BTreeSet<_>>().len(), 3);
        assert!(Duplicate.apply(&mut greys(&[]), &mut Context::new(Stream::derive(1, &[]))).is_err());
    }
}
