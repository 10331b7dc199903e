//! Greyscale: the colour is thrown away, as by a fax, a photocopier or a black-and-white print.

use image::RgbImage;

use crate::image::{Edited, each_image};
use crate::{
    Card, Change, Context, Grading, Needs, Operator, Oracle, Perturbation, Setting, SettingError, Stimulus, Target,
    Unfit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "greyscale",
    family: "image/codec",
    title: "Without colour",
    imitates: "A photograph that was faxed, photocopied, printed in black and white or stored by an archive for X-rays.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Directional,
    oracle_reason: "Shape, border and structure stay, but redness, blue-white veils and the number of colours are gone, \
                    and they are diagnostic: confidence may fall or another photograph be asked for, urgency may not \
                    fall.",
    gradable_to: &[],
    grading: Grading::Binary,
    parameters: &[],
    references: &[
        "ITU-R BT.601 luma as in JFIF: 0.299 R + 0.587 G + 0.114 B on stored values, to the nearest grey level; all three \
         channels take it. Less than all of the colour is taken away by `saturation`",
    ],
};

/// A photograph without colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Greyscale;

impl Perturbation for Greyscale {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, _| Ok(Edited::in_place(image, grey(&image.pixels), [])))
    }
}

impl Operator for Greyscale {
    const CARD: &'static Card = &CARD;

    fn make(_: &Setting) -> Result<Self, SettingError> {
        Ok(Self)
    }
}

fn grey(pixels: &RgbImage) -> RgbImage {
    let mut out = pixels.clone();
    for pixel in out.as_chunks_mut::<3>().0 {
        *pixel = [luma(*pixel); 3];
    }
    out
}

/// 0.299, 0.587 and 0.114 in 65,536ths; they sum to 65,536, so grey stays as it is.
#[expect(clippy::cast_possible_truncation, reason = "a weighted mean of bytes is a byte")]
fn luma([r, g, b]: [u8; 3]) -> u8 {
    ((19_595 * u32::from(r) + 38_470 * u32::from(g) + 7_471 * u32::from(b) + (1 << 15)) >> 16) as u8
}

#[cfg(test)]
mod tests {
    use super::{Greyscale, luma};
    use crate::image::tests::photo;
    use crate::{Context, Perturbation, Stimulus, Stream, Unfit};

    #[test]
    fn grey_stays_and_colours_weigh_as_in_bt_601() {
        assert!((0..=255).all(|value| luma([value; 3]) == value));
        assert_eq!([[255, 0, 0], [0, 255, 0], [0, 0, 255]].map(luma), [76, 150, 29]);
    }

    #[test]
    fn a_photograph_without_colour_has_none_to_lose() {
        let mut stimulus = Stimulus { images: vec![photo(9, 7, |x, y| [(x * y) as u8; 3])], ..Stimulus::default() };
        let unfit = Greyscale.apply(&mut stimulus, &mut Context::new(Stream::derive(1, &[])));
        assert!(matches!(unfit, Err(Unfit::NothingToChange { .. })));
    }
}
