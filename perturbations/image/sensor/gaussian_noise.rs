//! Gaussian noise: the electronics' own, the same in light and shade.

use super::{CLEAN_ENOUGH, from_sixteenths, join_noise, large_enough};
use crate::image::noise_source::{NoiseSource, normal_table};
use crate::image::{Edited, each_image, needed_dose};
use crate::{
    Card, Change, Context, Graded, Grading, Needs, Operator, Oracle, Perturbation, Quantity, Range, Setting,
    SettingError, Stimulus, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "gaussian_noise",
    family: "image/sensor",
    title: "Electronic noise",
    imitates: "A cheap or overheated sensor, or a frame taken from a video: grain of even strength over the photograph.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "Grain carries no finding, and the eye averages it away while the lesion's structure is coarser; \
                    beyond the gradable level a dependable model asks for another photograph.",
    gradable_to: CLEAN_ENOUGH,
    grading: Grading::Graded {
        dose: "sigma",
        unit: Unit::Share,
        levels: [0.03, 0.08, 0.15, 0.25, 0.4],
        range: Range { mildest: 0.003, severest: 0.5 },
        monotone_in: Quantity::SquaredError,
    },
    parameters: &[],
    references: &[
        "Hendrycks and Dietterich, ICLR 2019 (ImageNet-C): sigma 0.08-0.38 of full scale on stored values",
        "Di Salvo et al., arXiv 2406.17536 (MedMNIST-C): sigma 0.04-0.26 for dermatoscopes",
        "Definition: 8192 equally likely normal quantiles in sixteenths of a grey level, none beyond 3.93 sigma, chosen \
         by SplitMix64 (doi 10.1145/2660193.2660195); added to each stored value, rounded, clipped",
    ],
};

/// Additive noise of that standard deviation, in shares of full scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GaussianNoise {
    sigma: f64,
}

impl Perturbation for GaussianNoise {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let table = normal_table(16.0 * 255.0 * self.sigma);
        each_image(stimulus, cx, |image, mut rng| {
            large_enough(&image.pixels)?;
            let noise = NoiseSource::new(&mut rng);
            let add = |value: u8, noise: i16| from_sixteenths(16 * i16::from(value) + noise);
            Ok(Edited::in_place(image, join_noise(&image.pixels, noise, &table, add), [("sigma", self.sigma)]))
        })
    }
}

impl Operator for GaussianNoise {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self::at_dose(needed_dose(setting, Self::CARD)?))
    }
}

impl Graded for GaussianNoise {
    fn at_dose(dose: f64) -> Self {
        Self { sigma: Self::range().nearest(dose) }
    }
}

#[cfg(test)]
mod tests {
    use super::GaussianNoise;
    use crate::image::sensor::tests::{after, moments};
    use crate::{Graded, Level};

    #[test]
    fn the_noise_has_mean_zero_and_the_deviation_asked_for() {
        for sigma in [0.01, 0.05, 0.1] {
            let (mean, deviation) = moments(&after(&GaussianNoise::at_dose(sigma), 128), 128);
            assert!(mean.abs() < 0.3 && (deviation - 255.0 * sigma).abs() < 0.3, "{sigma}: {mean} {deviation}");
        }
    }

    #[test]
    fn more_noise_is_the_same_noise_stronger() {
        let levels = Level::ALL.map(|level| after(&GaussianNoise::at(level), 100));
        for pair in levels.windows(2) {
            let further = |(a, b): (&u8, &u8)| (i16::from(*b) - 100).abs() >= (i16::from(*a) - 100).abs();
            assert!(pair[0].iter().zip(&pair[1]).all(further));
        }
    }
}
