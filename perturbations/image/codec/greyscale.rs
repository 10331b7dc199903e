//! Greyscale: the colour is thrown away, as by a fax, a photocopier or a black-and-white print.

use image::RgbImage;
use multiversion::multiversion;

use crate::image::each_image_in_place;
use crate::image::kernels::channels::each_row;
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
        each_image_in_place(stimulus, cx, |image| fade(&mut image.pixels).then_some([]))
    }
}

impl Operator for Greyscale {
    const CARD: &'static Card = &CARD;

    fn make(_: &Setting) -> Result<Self, SettingError> {
        Ok(Self)
    }
}

/// Takes the colour away, in place; `false` when there was none.
fn fade(pixels: &mut RgbImage) -> bool {
    let (width, mut moved) = (pixels.width() as usize, false);
    each_row(pixels, width, |_, rows| moved |= fade_row(rows));
    moved
}

/// Whether any pixel of the row had colour.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn fade_row([red, green, blue]: &mut [Vec<u8>; 3]) -> bool {
    let mut moved = 0;
    for ((red, green), blue) in red.iter_mut().zip(green).zip(blue) {
        let grey = luma([*red, *green, *blue]);
        moved |= (*red ^ grey) | (*green ^ grey) | (*blue ^ grey);
        (*red, *green, *blue) = (grey, grey, grey);
    }
    moved != 0
}

/// 0.299, 0.587 and 0.114 in 65,536ths; they sum to 65,536, so grey stays as it is. Upper and lower bytes of the weights are
/// summed apart, because 16 bits hold either sum, and a half is in the upper one.
#[inline(always)]
fn luma(rgb: [u8; 3]) -> u8 {
    let [r, g, b] = rgb.map(u16::from);
    let (upper, lower) = (76 * r + 150 * g + 29 * b + 128, 139 * r + 70 * g + 47 * b);
    ((upper + (lower >> 8)) >> 8) as u8
}

#[cfg(test)]
mod tests {
    use super::{Greyscale, fade, luma};
    use crate::image::tests::photo;
    use crate::{Context, Perturbation, Stimulus, Stream, Unfit};

    #[test]
    fn grey_stays_and_colours_weigh_as_in_bt_601() {
        assert!((0..=255).all(|value| luma([value; 3]) == value));
        assert_eq!([[255, 0, 0], [0, 255, 0], [0, 0, 255]].map(luma), [76, 150, 29]);
    }

    #[test]
    fn sums_of_bytes_are_those_of_the_whole_weights() {
        let whole = |[r, g, b]: [u32; 3]| (19_595 * r + 38_470 * g + 7_471 * b + (1 << 15)) >> 16;
        for (r, g) in (0..=255_u8).flat_map(|r| (0..=255_u8).map(move |g| (r, g))) {
            for b in [0, 1, 99, 128, 200, 254, 255, r ^ g] {
                assert_eq!(u32::from(luma([r, g, b])), whole([r, g, b].map(u32::from)), "{r} {g} {b}");
            }
        }
    }

    #[test]
    fn every_pixel_of_any_width_takes_its_luma() {
        for width in [1, 63, 64, 65, 200] {
            let image = photo(width, 3, |x, y| [(7 * x) as u8, (50 * y) as u8, (x * y) as u8]);
            let mut pixels = image.pixels.clone();
            assert!(fade(&mut pixels));
            assert!(image.pixels.pixels().zip(pixels.pixels()).all(|(before, after)| after.0 == [luma(before.0); 3]));
        }
    }

    #[test]
    fn a_photograph_without_colour_has_none_to_lose() {
        let mut stimulus = Stimulus { images: vec![photo(9, 7, |x, y| [(x * y) as u8; 3])], ..Stimulus::default() };
        let unfit = Greyscale.apply(&mut stimulus, &mut Context::new(Stream::derive(1, &[])));
        assert!(matches!(unfit, Err(Unfit::NothingToChange { .. })));
    }
}
