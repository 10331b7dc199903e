//! Impulse noise: single values that are stuck at black or white.

use image::RgbImage;

use super::{CLEAN_ENOUGH, large_enough};
use crate::image::noise_source::{NoiseSource, Skips};
use crate::image::{Edited, each_image, needed_dose};
use crate::{
    Card, Change, Context, Graded, Grading, Needs, Operator, Oracle, Perturbation, Quantity, Range, Setting,
    SettingError, Stimulus, Stream, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "impulse_noise",
    family: "image/sensor",
    title: "Stuck pixels",
    imitates: "Dead and hot pixels of an old sensor, or errors in transmission: coloured pepper and salt.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "A stuck value stands alone and belongs to no lesion; beyond the gradable level nothing between them \
                    can be read, and a dependable model asks for another photograph.",
    gradable_to: CLEAN_ENOUGH,
    grading: Grading::Graded {
        dose: "share",
        unit: Unit::Share,
        levels: [0.005, 0.02, 0.06, 0.15, 0.35],
        range: Range { mildest: 0.0005, severest: 0.6 },
        monotone_in: Quantity::SquaredError,
    },
    parameters: &[],
    references: &[
        "Hendrycks and Dietterich, ICLR 2019 (ImageNet-C): 3-27 % of values, half black and half white",
        "Di Salvo et al., arXiv 2406.17536 (MedMNIST-C): 1-17 % for dermatoscopes",
        "Definition: each stored value alone; what is stuck at one dose is stuck at every higher one; drawn as gaps \
         between stuck values by SplitMix64 (doi 10.1145/2660193.2660195)",
    ],
};

/// Stuck values, as a share of all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ImpulseNoise {
    share: f64,
}

impl Perturbation for ImpulseNoise {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let layers = layers(self.share);
        each_image(stimulus, cx, |image, rng| {
            large_enough(&image.pixels)?;
            Ok(Edited::in_place(image, strike(&image.pixels, &layers, &rng), [("share", self.share)]))
        })
    }
}

impl Operator for ImpulseNoise {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self::at_dose(needed_dose(setting, Self::CARD)?))
    }
}

impl Graded for ImpulseNoise {
    fn at_dose(dose: f64) -> Self {
        Self { share: Self::range().nearest(dose) }
    }
}

/// Values struck with one probability, of which a share is kept.
#[derive(Debug)]
struct Layer {
    skips: Skips,
    /// Out of [`ALL`].
    kept: u32,
}

/// Keeps all strikes of a layer.
const ALL: u32 = 1 << 16;

/// The share of values that the first layer strikes; each further layer doubles what is struck so far.
const FIRST: f64 = 1.0 / 1024.0;

/// Layers whose strikes together have that share. All doses have their full layers in common, and of the last one each
/// keeps what lies below its own bound: so strikes at a dose are strikes at every higher dose.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 65536")]
fn layers(share: f64) -> Vec<Layer> {
    let (mut layers, mut struck) = (Vec::new(), 0.0);
    while struck < share {
        let full = if struck > 0.0 { 2.0 * struck } else { FIRST };
        let kept = ((share - struck) / (full - struck)).min(1.0);
        layers.push(Layer {
            skips: Skips::new((full - struck) / (1.0 - struck)),
            kept: libm::round(f64::from(ALL) * kept) as u32,
        });
        struck = full;
    }
    layers
}

fn strike(source: &RgbImage, layers: &[Layer], rng: &Stream) -> RgbImage {
    let mut out = source.clone();
    let values: &mut [u8] = &mut out;
    let outcome = NoiseSource::new(&mut rng.fork("outcome", 0));
    for (number, layer) in (0..).zip(layers) {
        let noise = NoiseSource::new(&mut rng.fork("layer", number));
        noise.hits(0, &layer.skips, values.len(), |at| {
            let is_kept = || noise.word(u64::MAX - at as u64) & 0xFFFF < u64::from(layer.kept);
            if (layer.kept == ALL || is_kept())
                && let Some(value) = values.get_mut(at)
            {
                *value = if outcome.word(at as u64) >> 63 == 0 { 0 } else { 255 };
            }
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::ImpulseNoise;
    use crate::image::sensor::tests::after;
    use crate::{Graded, Level};

    #[test]
    fn the_share_is_struck_half_black_and_half_white() {
        for share in [0.0005, 0.005, 0.02, 0.1, 0.27, 0.6] {
            let values = after(&ImpulseNoise::at_dose(share), 77);
            let count = |wanted: u8| values.iter().filter(|value| **value == wanted).count() as f64;
            let (black, white, all) = (count(0), count(255), values.len() as f64);
            let slack = 4.0 * (share / all).sqrt();
            assert!(((black + white) / all - share).abs() < slack, "{share}: {}", (black + white) / all);
            assert!(((black - white) / all).abs() < slack);
            assert!(count(77) + black + white == all);
        }
    }

    #[test]
    fn what_is_stuck_stays_stuck_at_higher_levels() {
        let levels = Level::ALL.map(|level| after(&ImpulseNoise::at(level), 77));
        for pair in levels.windows(2) {
            assert!(pair[0].iter().zip(&pair[1]).all(|(low, high)| *low == 77 || low == high));
        }
    }
}
