//! Shot noise: light comes in photons, and a dim scene or a short exposure brings few.

use image::RgbImage;

use super::{CLEAN_ENOUGH, large_enough};
use crate::image::light::{from_light, to_light};
use crate::image::noise_source::{COUNT_STRATA, NoiseSource, poisson_table, words_for};
use crate::image::{Edited, each_image, needed_dose};
use crate::{
    Card, Change, Context, Graded, Grading, Needs, Operator, Oracle, Perturbation, Quantity, Range, Setting,
    SettingError, Stimulus, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "shot_noise",
    family: "image/sensor",
    title: "Few photons",
    imitates: "A dim room and a short exposure, brightened by the camera: coloured grain, strongest in dark parts.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "Grain carries no finding, and the eye averages it away while the lesion's structure is coarser; \
                    beyond the gradable level a dependable model asks for another photograph.",
    gradable_to: CLEAN_ENOUGH,
    grading: Grading::Graded {
        dose: "photons",
        unit: Unit::Number,
        levels: [300.0, 80.0, 25.0, 8.0, 2.5],
        range: Range { mildest: 10_000.0, severest: 1.0 },
        monotone_in: Quantity::SquaredError,
    },
    parameters: &[],
    references: &[
        "Photons at white in each channel of each pixel; counts are Poisson, in linear light (IEC 61966-2-1)",
        "Hendrycks and Dietterich, ICLR 2019 (ImageNet-C): 60-3 photons, there on stored values",
        "Definition: for each grey level 2048 equally likely counts, chosen by SplitMix64 (doi 10.1145/2660193.2660195); \
         count / photons as light, clipped at white, rounded once",
    ],
};

/// Poisson noise with that many photons at white.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShotNoise {
    photons: f64,
}

impl Perturbation for ShotNoise {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let tables = tables(self.photons);
        each_image(stimulus, cx, |image, mut rng| {
            large_enough(&image.pixels)?;
            let pixels = count_photons(&image.pixels, NoiseSource::new(&mut rng), &tables);
            Ok(Edited::in_place(image, pixels, [("photons", self.photons)]))
        })
    }
}

impl Operator for ShotNoise {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self::at_dose(needed_dose(setting, Self::CARD)?))
    }
}

impl Graded for ShotNoise {
    fn at_dose(dose: f64) -> Self {
        Self { photons: Self::range().nearest(dose) }
    }
}

/// What becomes of each grey level, as equally likely grey levels.
type Tables = Vec<[u8; COUNT_STRATA]>;

fn tables(photons: f64) -> Tables {
    let greys = greys(photons);
    let white = greys.last().copied().unwrap_or_default();
    let grey = |count: u32| greys.get(count as usize).copied().unwrap_or(white);
    (0..=255_u8).map(|value| *poisson_table(photons * to_light(f64::from(value) / 255.0), grey)).collect()
}

/// The grey level of each count up to white's.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of 255, and 10 000 photons at most"
)]
fn greys(photons: f64) -> Vec<u8> {
    let grey = |count: u32| (255.0 * from_light((f64::from(count) / photons).min(1.0)) + 0.5) as u8;
    (0..=libm::ceil(photons) as u32).map(grey).collect()
}

fn count_photons(source: &RgbImage, noise: NoiseSource, tables: &Tables) -> RgbImage {
    let mut out = source.clone();
    let Ok(tables) = <&[[u8; COUNT_STRATA]; 256]>::try_from(tables.as_slice()) else { return out };
    let stride = 3 * source.width() as usize;
    for (y, line) in (0..).zip(out.chunks_exact_mut(stride.max(1))) {
        let from: u64 = y * words_for(stride);
        let (fours, rest) = line.as_chunks_mut::<4>();
        let after = from + fours.len() as u64;
        let count = |value: &mut u8, lane: u16| *value = tables[usize::from(*value)][usize::from(lane >> 5)];
        for (n, four) in (from..).zip(fours) {
            four.iter_mut().zip(noise.lanes(n)).for_each(|(value, lane)| count(value, lane));
        }
        rest.iter_mut().zip(noise.lanes(after)).for_each(|(value, lane)| count(value, lane));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::ShotNoise;
    use crate::image::light::to_light;
    use crate::image::sensor::tests::after;
    use crate::image::tests::photo;
    use crate::{Context, Graded, Perturbation, Stimulus, Stream, Unfit};

    #[test]
    fn light_keeps_its_mean_and_its_variance_is_that_of_photons() {
        for grey in [30, 90, 160] {
            let photons = 400.0;
            let light = to_light(f64::from(grey) / 255.0);
            let values: Vec<f64> =
                after(&ShotNoise::at_dose(photons), grey).iter().map(|v| to_light(f64::from(*v) / 255.0)).collect();
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / values.len() as f64;
            assert!((mean / light - 1.0).abs() < 0.02, "{grey}: {mean} for {light}");
            assert!((variance / (light / photons) - 1.0).abs() < 0.05, "{grey}: {variance}");
        }
    }

    #[test]
    fn black_has_no_photons_and_no_noise() {
        let mut black = Stimulus { images: vec![photo(40, 30, |_, _| [0; 3])], ..Stimulus::default() };
        let unfit = ShotNoise::at_dose(6.0).apply(&mut black, &mut Context::new(Stream::derive(1, &[])));
        assert!(matches!(unfit, Err(Unfit::NothingToChange { .. })));
    }
}
