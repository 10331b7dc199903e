//! Gaussian blur: a soft, general loss of sharpness.

use image::RgbImage;

use super::SHARP_ENOUGH;
use super::coarse::{added_variance, on_coarse, square_for};
use crate::image::kernels::bell::{bell, separable};
use crate::image::kernels::{Border, Rounding};
use crate::image::{Edited, each_image, length_px, needed_dose};
use crate::{
    Card, Change, Context, Graded, Grading, Needs, Operator, Oracle, Perturbation, Quantity, Range, Setting,
    SettingError, Stimulus, Target, Unfit, Unit,
};

/// The printed facts. Each level blurs as much (equal variance, σ = r/2) as the same level of `defocus`.
pub static CARD: Card = Card {
    id: "gaussian_blur",
    family: "image/optics",
    title: "Soft focus",
    imitates: "A greasy lens, noise reduction or a rescaled copy takes fine detail off a phone photograph.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "While the outline and colours of the lesion are readable the finding is the same; beyond the \
                    gradable level a dependable model asks for another photograph.",
    gradable_to: SHARP_ENOUGH,
    grading: Grading::Graded {
        dose: "sigma",
        unit: Unit::ShorterSide,
        levels: [0.0025, 0.005, 0.01, 0.015, 0.025],
        range: Range { mildest: 0.0005, severest: 0.1 },
        monotone_in: Quantity::DetailLost,
    },
    parameters: &[],
    references: &[
        "Hendrycks and Dietterich, ICLR 2019 (ImageNet-C): Gaussian blur; its sigmas of 1-6 px at 224 px are 0.4-2.7 %",
        "Kernel: sampled exp(-x^2 / 2 sigma^2) to 3 sigma, normalised, border pixels repeated, on stored grey levels; \
         from 10 px on, worked on means of squares such that sigma still spans 5 of them (within 3 grey levels)",
    ],
};

/// Below this the nearest neighbours weigh under 0.5 %: nothing would be seen.
const SMALLEST_SIGMA_PX: f64 = 0.3;

/// Gaussian blur with a sigma in shares of the shorter side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GaussianBlur {
    sigma: f64,
}

impl Perturbation for GaussianBlur {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, _| {
            let sigma = length_px(&image.pixels, self.sigma, SMALLEST_SIGMA_PX)?;
            Ok(Edited::in_place(image, blur(&image.pixels, sigma), [("sigma_px", sigma)]))
        })
    }
}

impl Operator for GaussianBlur {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self::at_dose(needed_dose(setting, Self::CARD)?))
    }
}

impl Graded for GaussianBlur {
    fn at_dose(dose: f64) -> Self {
        Self { sigma: Self::range().nearest(dose) }
    }
}

/// A bell of this sigma in pixels is smooth enough; wider ones are worked on a smaller copy.
const WIDE: f64 = 5.0;

/// Blurs by the bell, less what the way to a smaller copy and back blurs already.
fn blur(source: &RgbImage, sigma: f64) -> RgbImage {
    let square = square_for(sigma, WIDE);
    let left = libm::sqrt(sigma * sigma - added_variance(square)) / f64::from(square);
    on_coarse(source, square, |copy| smooth(copy, left))
}

/// Blurs along the rows, then down the columns.
fn smooth(source: &RgbImage, sigma: f64) -> RgbImage {
    separable(source, &bell(sigma, reach(sigma)), Border::Repeat, Rounding::Nearest)
}

/// Three sigma in whole pixels.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few hundred pixels")]
fn reach(sigma: f64) -> usize {
    libm::ceil(3.0 * sigma) as usize
}

#[cfg(test)]
mod tests {
    use super::{bell, blur, reach, smooth};
    use crate::image::tests::photo;

    #[test]
    fn the_weights_sum_to_one_and_follow_the_bell() {
        for sigma in [0.3, 1.0, 2.7, 12.0] {
            let half = bell(sigma, reach(sigma));
            let sum: f64 = half.iter().sum();
            assert!((sum - 0.5).abs() < 1e-6);
            let fall = half[1] / (2.0 * half[0]);
            assert!((fall - (-1.0 / (2.0 * sigma * sigma)).exp()).abs() < 1e-6);
        }
    }

    #[test]
    fn an_edge_becomes_the_bells_running_sum() {
        let sigma = 2.0;
        let edge = photo(41, 21, |x, _| [if x < 20 { 0 } else { 200 }; 3]);
        let out = blur(&edge.pixels, sigma);
        let bell: Vec<f64> = (-6..=6).map(|x| (-f64::from(x * x) / (2.0 * sigma * sigma)).exp()).collect();
        let total: f64 = bell.iter().sum();
        for x in 14_u32..27 {
            let lit: f64 = (-6..=6).zip(&bell).filter(|(dx, _)| x as i32 + dx >= 20).map(|(_, w)| w / total).sum();
            let got = f64::from(out.get_pixel(x, 10).0[1]);
            assert!((got - 200.0 * lit).abs() <= 1.0, "column {x}: {got} for {}", 200.0 * lit);
        }
    }

    #[test]
    fn a_dot_becomes_a_bell() {
        let dot = photo(31, 31, |x, y| [if (x, y) == (15, 15) { 255 } else { 0 }; 3]);
        let out = blur(&dot.pixels, 1.0);
        for (x, y) in [(15, 15), (16, 15), (16, 16), (17, 14), (18, 15)] {
            let square = f64::from((x as i32 - 15).pow(2) + (y as i32 - 15).pow(2));
            let wanted = 255.0 * (-square / 2.0).exp() / core::f64::consts::TAU;
            assert!((f64::from(out.get_pixel(x, y).0[0]) - wanted).abs() <= 1.0);
        }
    }

    #[test]
    fn a_wide_bell_on_a_smaller_copy_is_the_bell_on_the_photograph() {
        let image = crate::contract::photograph(230, 200, 1).pixels;
        for sigma in [10.0, 16.0, 30.0] {
            let (coarse, exact) = (blur(&image, sigma), smooth(&image, sigma));
            assert!(crate::squared_error(&coarse, &exact) < 0.5, "{}", crate::squared_error(&coarse, &exact));
            assert!(coarse.iter().zip(exact.iter()).all(|(a, b)| a.abs_diff(*b) <= 3));
        }
    }

    #[test]
    fn a_flat_photograph_stays_flat() {
        let flat = photo(20, 9, |_, _| [255, 128, 1]);
        assert_eq!(blur(&flat.pixels, 3.0), flat.pixels);
    }
}
