//! Noise image: even random colours stand where the photograph was.

use image::RgbImage;

use super::NOTHING_TO_SEE;
use crate::image::{Edited, each_image, named};
use crate::{
    Card, Change, Context, Grading, Needs, Operator, Oracle, Perturbation, Setting, SettingError, Stimulus, Stream,
    Target, Unfit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "noise_image",
    family: "modality",
    title: "Pure noise",
    imitates: "A damaged file or decoder that yields coloured noise in place of the photograph.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Directional,
    oracle_reason: "There is nothing to see: saying so, abstaining and asking for a photograph are right, and \
                    confidence may not rise. A diagnosis all the same was not read from the photograph.",
    gradable_to: NOTHING_TO_SEE,
    grading: Grading::Binary,
    parameters: &[],
    references: &["Definition: each channel of each pixel is drawn evenly from 0 to 255; the size stays"],
};

/// Photographs replaced by noise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoiseImage;

impl Perturbation for NoiseImage {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, rng| {
            let pixels = noise(image.pixels.width(), image.pixels.height(), rng);
            Ok(Edited { pixels, lesion: None, parameters: named([("values", 256.0)]) })
        })
    }
}

impl Operator for NoiseImage {
    const CARD: &'static Card = &CARD;

    fn make(_: &Setting) -> Result<Self, SettingError> {
        Ok(Self)
    }
}

fn noise(width: u32, height: u32, mut rng: Stream) -> RgbImage {
    let mut out = RgbImage::new(width, height);
    for values in out.chunks_mut(8) {
        let bytes = rng.bits().to_le_bytes();
        values.iter_mut().zip(bytes).for_each(|(value, byte)| *value = byte);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::noise;
    use crate::Stream;

    #[test]
    fn all_values_are_equally_likely() {
        let picture = noise(301, 203, Stream::derive(1, &[]));
        let mut counts = [0_u32; 256];
        picture.iter().for_each(|value| counts[usize::from(*value)] += 1);
        let wanted = picture.len() as f64 / 256.0;
        // Chi-squared with 255 degrees of freedom: mean 255, standard deviation 22.6.
        let chi: f64 = counts.iter().map(|count| (f64::from(*count) - wanted).powi(2) / wanted).sum();
        assert!((150.0..360.0).contains(&chi), "{chi}");
    }

    #[test]
    fn neighbours_are_unrelated() {
        let picture = noise(200, 200, Stream::derive(2, &[]));
        let values: Vec<f64> = picture.iter().map(|value| f64::from(*value) - 127.5).collect();
        for apart in [1, 3, 600] {
            let product: f64 = values.iter().zip(&values[apart..]).map(|(a, b)| a * b).sum();
            assert!((product / values.len() as f64).abs() < 100.0, "{apart}: {product}");
        }
    }
}
