//! Saturation: colours drawn towards grey, or away from it.

use image::RgbImage;
use multiversion::multiversion;

use super::TRUE_COLOUR;
use crate::image::kernels::channels::each_row;
use crate::image::{each_image_in_place, needed_dose};
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
        each_image_in_place(stimulus, cx, |image| {
            saturate(&mut image.pixels, self.factor).then_some([("factor", self.factor)])
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

/// Moves colours in place; `false` when none moved.
#[expect(clippy::cast_possible_truncation, reason = "a factor of at most 3")]
fn saturate(pixels: &mut RgbImage, factor: f64) -> bool {
    let factor = libm::round(factor * ONE) as i16;
    let (width, mut moved) = (pixels.width() as usize, false);
    each_row(pixels, width, |_, rows| moved |= saturate_row(rows, factor));
    moved
}

/// Whether any colour of the row moved.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn saturate_row([red, green, blue]: &mut [Vec<u8>; 3], factor: i16) -> bool {
    let mut moved = 0;
    for ((red, green), blue) in red.iter_mut().zip(green).zip(blue) {
        let [r, g, b] = [*red, *green, *blue].map(u16::from);
        let luma = 77 * r + 150 * g + 29 * b;
        let (r, g, b) = (mix(r, luma, factor), mix(g, luma, factor), mix(b, luma, factor));
        moved |= (*red ^ r) | (*green ^ g) | (*blue ^ b);
        (*red, *green, *blue) = (r, g, b);
    }
    moved != 0
}

/// A value moved from the luma, in 256ths, to the factor times its distance; sixteenths are kept until the end.
#[inline(always)]
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
            let mut faded = image.pixels.clone();
            assert_eq!(saturate(&mut faded, factor), faded != image.pixels);
            for (before, after) in image.pixels.pixels().zip(faded.pixels()) {
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
        let mut grey = image.pixels.clone();
        assert!(saturate(&mut grey, 0.0));
        assert!(grey.pixels().all(|p| p.0[0] == p.0[1] && p.0[1] == p.0[2]));
        let mut full = image.pixels.clone();
        assert!(!saturate(&mut full, 1.0) && full == image.pixels);
    }
}
