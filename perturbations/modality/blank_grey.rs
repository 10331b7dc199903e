//! Blank grey: an even grey picture stands where the photograph was.

use image::{Rgb, RgbImage};

use super::NOTHING_TO_SEE;
use crate::image::{Edited, each_image, named};
use crate::{
    Card, Change, Context, Grading, Needs, Operator, Oracle, Perturbation, Setting, SettingError, Stimulus, Target,
    Unfit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "blank_grey",
    family: "modality",
    title: "Blank grey picture",
    imitates: "A photograph that failed to load and left a grey rectangle of its size.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Directional,
    oracle_reason: "There is nothing to see: saying so, abstaining and asking for a photograph are right, and \
                    confidence may not rise. Whether the answer moves at all also shows that photographs are used.",
    gradable_to: NOTHING_TO_SEE,
    grading: Grading::Binary,
    parameters: &[],
    references: &["Definition: every pixel is [128, 128, 128], the middle of the 8-bit scale; the size stays"],
};

/// Photographs replaced by grey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlankGrey;

impl Perturbation for BlankGrey {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, _| {
            let pixels = RgbImage::from_pixel(image.pixels.width(), image.pixels.height(), Rgb([128; 3]));
            Ok(Edited { pixels, lesion: None, parameters: named([("grey", 128.0)]) })
        })
    }
}

impl Operator for BlankGrey {
    const CARD: &'static Card = &CARD;

    fn make(_: &Setting) -> Result<Self, SettingError> {
        Ok(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::BlankGrey;
    use crate::contract::photograph;
    use crate::{Context, Perturbation, Stimulus, Stream};

    #[test]
    fn nothing_but_the_size_is_left() {
        let mut stimulus = Stimulus { images: vec![photograph(40, 30, 1)], ..Stimulus::default() };
        BlankGrey.apply(&mut stimulus, &mut Context::new(Stream::derive(1, &[]))).unwrap();
        assert_eq!((stimulus.images[0].pixels.dimensions(), stimulus.images[0].lesion), ((40, 30), None));
        assert!(stimulus.images[0].pixels.pixels().all(|pixel| pixel.0 == [128; 3]));
        assert!(BlankGrey.apply(&mut stimulus, &mut Context::new(Stream::derive(1, &[]))).is_err());
    }
}
