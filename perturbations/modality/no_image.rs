//! No photograph: the model gets the words alone.

use crate::image::selected;
use crate::{
    Card, Change, Context, Edit, Grading, Needs, Operator, Oracle, Perturbation, Setting, SettingError, Stimulus,
    Target, Unfit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "no_image",
    family: "modality",
    title: "No photograph",
    imitates: "The upload failed or was forgotten, and the request goes out without its photographs.",
    target: Target::ImageSet,
    needs: Needs::Nothing,
    oracle: Oracle::Directional,
    oracle_reason: "Without the photograph less is known: confidence may not rise, and asking for it is right.",
    gradable_to: &[],
    grading: Grading::Binary,
    parameters: &[],
    references: &["Definition: the selected photographs (all, unless `on` says otherwise) are taken out"],
};

/// The photographs taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoImage;

impl Perturbation for NoImage {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let mut edits = Vec::new();
        // From the last on, so that the numbers of those still to go stay right.
        for image in selected(stimulus.images.len(), cx).into_iter().rev() {
            stimulus.images.remove(image);
            edits.push(Edit::ImageRemoved { image });
        }
        if edits.is_empty() {
            return Err(Unfit::nothing("no photograph"));
        }
        Ok(Change { edits, ..Change::default() })
    }
}

impl Operator for NoImage {
    const CARD: &'static Card = &CARD;

    fn make(_: &Setting) -> Result<Self, SettingError> {
        Ok(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::NoImage;
    use crate::image::tests::photo;
    use crate::{Context, Edit, On, Perturbation, Stimulus, Stream, Unfit};

    fn left(on: On) -> (Vec<u8>, Vec<Edit>) {
        let images = (0..3).map(|i| photo(2, 2, move |_, _| [i; 3])).collect();
        let mut stimulus = Stimulus { images, ..Stimulus::default() };
        let mut cx = Context { on, ..Context::new(Stream::derive(1, &[])) };
        let change = NoImage.apply(&mut stimulus, &mut cx).unwrap();
        (stimulus.images.iter().map(|image| image.pixels.get_pixel(0, 0).0[0]).collect(), change.edits)
    }

    #[test]
    fn all_photographs_go_or_only_those_selected() {
        assert!(left(On::All).0.is_empty());
        let (kept, edits) = left(On::These(vec![0, 2]));
        assert_eq!(kept, [1]);
        assert_eq!(edits, [Edit::ImageRemoved { image: 2 }, Edit::ImageRemoved { image: 0 }]);
    }

    #[test]
    fn nothing_cannot_be_taken_from_nothing() {
        let unfit = NoImage.apply(&mut Stimulus::default(), &mut Context::new(Stream::derive(1, &[])));
        assert_eq!(unfit, Err(Unfit::nothing("no photograph")));
    }
}
