//! Speckle: noise in proportion to the value itself.

use super::{CLEAN_ENOUGH, join_noise, large_enough};
use crate::image::noise_source::{NoiseSource, normal_table};
use crate::image::{Edited, each_image, needed_dose};
use crate::{
    Card, Change, Context, Graded, Grading, Needs, Operator, Oracle, Perturbation, Quantity, Range, Setting,
    SettingError, Stimulus, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "speckle",
    family: "image/sensor",
    title: "Speckle",
    imitates: "Pixels of uneven gain, or coherent light on skin: grain that is strong where the photograph is bright.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "Grain carries no finding, and the eye averages it away while the lesion's structure is coarser; \
                    beyond the gradable level a dependable model asks for another photograph.",
    gradable_to: CLEAN_ENOUGH,
    grading: Grading::Graded {
        dose: "sigma",
        unit: Unit::Share,
        levels: [0.05, 0.12, 0.25, 0.42, 0.7],
        range: Range { mildest: 0.01, severest: 1.0 },
        monotone_in: Quantity::SquaredError,
    },
    parameters: &[],
    references: &[
        "Hendrycks and Dietterich, ICLR 2019 (ImageNet-C): out = in + in z, sigma of z 0.15-0.6, on stored values",
        "Di Salvo et al., arXiv 2406.17536 (MedMNIST-C): sigma 0.05-0.45 for dermatoscopes",
        "Definition: z is one of 8192 equally likely normal quantiles, none beyond 3.93 sigma, chosen by SplitMix64 (doi \
         10.1145/2660193.2660195); rounded once, clipped",
    ],
};

/// Multiplicative noise of that standard deviation, in shares of the value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Speckle {
    sigma: f64,
}

/// The noise is kept in these parts of a value; the largest noise, 3.93 values, fits 16 bits.
const PARTS: i32 = 1 << 13;

impl Perturbation for Speckle {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let table = normal_table(f64::from(PARTS) * self.sigma);
        each_image(stimulus, cx, |image, mut rng| {
            large_enough(&image.pixels)?;
            let noise = NoiseSource::new(&mut rng);
            Ok(Edited::in_place(image, join_noise(&image.pixels, noise, &table, multiply), [("sigma", self.sigma)]))
        })
    }
}

/// The value times one plus the noise.
#[expect(clippy::cast_sign_loss, reason = "clamped to a byte")]
fn multiply(value: u8, noise: i16) -> u8 {
    let more = (i32::from(value) * i32::from(noise) + PARTS / 2) >> 13;
    (i32::from(value) + more).clamp(0, 255) as u8
}

impl Operator for Speckle {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self::at_dose(needed_dose(setting, Self::CARD)?))
    }
}

impl Graded for Speckle {
    fn at_dose(dose: f64) -> Self {
        Self { sigma: Self::range().nearest(dose) }
    }
}

#[cfg(test)]
mod tests {
    use super::Speckle;
    use crate::Graded;
    use crate::image::sensor::tests::{after, moments};

    #[test]
    fn the_noise_grows_with_the_value() {
        for grey in [20, 60, 120] {
            let (mean, deviation) = moments(&after(&Speckle::at_dose(0.2), grey), grey);
            assert!(mean.abs() < 0.3 && (deviation - 0.2 * f64::from(grey)).abs() < 0.3, "{grey}: {mean} {deviation}");
        }
    }
}
