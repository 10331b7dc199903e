//! Saturation: colours drawn towards grey, or away from it.

use image::RgbImage;

use super::TRUE_COLOUR;
use crate::image::{Edited, each_image, needed_dose};
use crate::{
    Card, Change, Context, Graded, Grading, Needs, Operator, Oracle, Perturbation, Quantity, Range, Setting,
    SettingError, Stimulus, Target, Unfit, Unit,
};

/// The printed facts.
///
/// The levels fade colours down to grey. A step may also ask for factors above 1, which make them garish; harm grows with
/// the distance from 1 on either side, so a search takes one side.
pub static CARD: Card = Card {
    id: "saturation",
    family: "image/light",
    title: "Faded colours",
    imitates: "A faded print, a poor screen, or a camera app with muted colours; at the end a grey photograph.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Directional,
    oracle_reason: "Colour is diagnostic: without redness, blue or white a dependable model is less sure, but what it \
                    held to be urgent stays urgent.",
    gradable_to: TRUE_COLOUR,
    grading: Grading::Graded {
        dose: "factor",
        unit: Unit::Number,
        levels: [0.75, 0.5, 0.3, 0.15, 0.0],
        range: Range { mildest: 3.0, severest: 0.0 },
        monotone_in: Quantity::ColourDifference,
    },
    parameters: &[],
    references: &[
        "Definition: out = luma + factor (in - luma) on stored grey levels, clipped, rounded once; luma is ITU-R BT.601 \
         in 256ths (77, 150, 29), the sum is kept in sixteenths of a grey level",
        "Hendrycks and Dietterich, ICLR 2019 (ImageNet-C): saturate, factors 0.1-20, there on HSV saturation",
    ],
};

/// A factor on the distance from grey.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Saturation {
    factor: f64,
}

impl Perturbation for Saturation {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, _| {
            Ok(Edited::in_place(image, saturate(&image.pixels, self.factor), [("factor", self.factor)]))
        })
    }
}

impl Operator for Saturation {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self::at_dose(needed_dose(setting, Self::CARD)?))
    }
}

impl Graded for Saturation {
    fn at_dose(dose: f64) -> Self {
        Self { factor: Self::range().nearest(dose) }
    }
}

/// The factor is rounded to an 8192nd, so that three times it fits 16 bits.
const ONE: f64 = 8192.0;

/// Pixels that are worked on side by side.
const SIDE_BY_SIDE: usize = 16;

#[expect(clippy::cast_possible_truncation, reason = "a factor of at most 3")]
fn saturate(source: &RgbImage, factor: f64) -> RgbImage {
    let factor = libm::round(factor * ONE) as i16;
    let mut out = source.clone();
    let (blocks, rest) = out.as_chunks_mut::<3>().0.as_chunks_mut::<SIDE_BY_SIDE>();
    blocks.iter_mut().for_each(|block| saturate_block(block, factor));
    let mut block = [[0; 3]; SIDE_BY_SIDE];
    block.iter_mut().zip(&*rest).for_each(|(slot, pixel)| *slot = *pixel);
    saturate_block(&mut block, factor);
    rest.iter_mut().zip(block).for_each(|(pixel, done)| *pixel = done);
    out
}

/// Channel by channel, so that eight values share an instruction.
fn saturate_block(block: &mut [[u8; 3]; SIDE_BY_SIDE], factor: i16) {
    let mut planes = [[0; SIDE_BY_SIDE]; 3];
    for (at, pixel) in block.iter().enumerate() {
        for (plane, value) in planes.iter_mut().zip(pixel) {
            plane[at] = u16::from(*value);
        }
    }
    let [red, green, blue] = planes;
    let luma: [u16; SIDE_BY_SIDE] = core::array::from_fn(|at| 77 * red[at] + 150 * green[at] + 29 * blue[at]);
    let planes =
        planes.map(|plane| -> [u8; SIDE_BY_SIDE] { core::array::from_fn(|at| mix(plane[at], luma[at], factor)) });
    for (at, pixel) in block.iter_mut().enumerate() {
        for (value, plane) in pixel.iter_mut().zip(&planes) {
            *value = plane[at];
        }
    }
}

/// A value moved from the luma, in 256ths, to the factor times its distance; sixteenths are kept until the end.
#[expect(clippy::cast_possible_wrap, clippy::cast_sign_loss, reason = "16 bits hold 128ths of 255; clamped to a byte")]
fn mix(value: u16, luma: u16, factor: i16) -> u8 {
    let away = (value << 7) as i16 - (luma >> 1) as i16;
    let far = ((i32::from(away) * i32::from(factor)) >> 16) as i16;
    (((luma >> 4) as i16 + far + 8) >> 4).clamp(0, 255) as u8
}

#[cfg(test)]
mod tests {
    use super::saturate;
    use crate::image::tests::photo;

    #[test]
    fn the_formula_holds_for_every_colour() {
        let image = photo(128, 96, |x, y| [(2 * x) as u8, (y * 3) as u8, (x * 7 + y * 5) as u8]);
        for factor in [0.0, 0.3, 0.75, 1.0, 3.0] {
            for (before, after) in image.pixels.pixels().zip(saturate(&image.pixels, factor).pixels()) {
                let [r, g, b] = before.0.map(f64::from);
                let luma = (77.0 * r + 150.0 * g + 29.0 * b) / 256.0;
                for (value, got) in [r, g, b].into_iter().zip(after.0) {
                    let wanted = (luma + factor * (value - luma)).clamp(0.0, 255.0);
                    assert!((f64::from(got) - wanted).abs() < 0.65, "{before:?} at {factor}: {got} for {wanted}");
                }
            }
        }
    }

    #[test]
    fn no_saturation_is_grey_and_full_saturation_is_the_photograph() {
        let image = photo(37, 5, |x, y| [(7 * x) as u8, (50 * y) as u8, 99]);
        assert!(saturate(&image.pixels, 0.0).pixels().all(|p| p.0[0] == p.0[1] && p.0[1] == p.0[2]));
        assert_eq!(saturate(&image.pixels, 1.0), image.pixels);
    }
}
