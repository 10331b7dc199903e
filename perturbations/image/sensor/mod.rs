//! The sensor and its electronics: noise of every kind, flicker, and the grid of a screen that was photographed.
//!
//! Noise is drawn for each stored value. Its random numbers do not depend on the level, only what is made of them does:
//! more noise is the same noise, stronger.
//!
//! Grain is one stored value wide: whoever shrinks a large photograph averages it away, and a level means less on twelve
//! megapixels than at the size that a model sees. Blotches, bands, fringes and dots are shares of the photograph.

pub mod banding;
pub mod gaussian_noise;
pub mod impulse_noise;
pub mod iso_noise;
pub mod screen_moire;
pub mod shot_noise;
pub mod speckle;

use image::RgbImage;

use super::noise_source::{NoiseSource, STRATA, words_for};
use super::shorter_side;
use crate::{Basis, Gradable, Level, Modality, Tone, Unfit};

/// Noise hides fine structure before it hides an outline, and weak redness on dark skin before either.
pub(crate) const CLEAN_ENOUGH: &[Gradable] = &[
    Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(3), basis: Basis::Assumed },
    Gradable { modality: Modality::ClinicalPhoto, tone: Some(Tone::Dark), to: Level::new(2), basis: Basis::Assumed },
    Gradable { modality: Modality::Dermoscopy, tone: None, to: Level::new(2), basis: Basis::Assumed },
    Gradable { modality: Modality::Dermoscopy, tone: Some(Tone::Dark), to: Level::new(1), basis: Basis::Assumed },
];

/// In fewer pixels chance decides whether one level shows more noise than another.
const LEAST_SIDE: u32 = 8;

/// # Errors
/// [`Unfit::TooSmall`] for a photograph with too few pixels for statistics.
fn large_enough(pixels: &RgbImage) -> Result<(), Unfit> {
    let side = shorter_side(pixels);
    if side < LEAST_SIDE { Err(Unfit::TooSmall { side, least: LEAST_SIDE }) } else { Ok(()) }
}

/// Joins every stored value with its own entry of the table.
fn join_noise(source: &RgbImage, noise: NoiseSource, table: &[i16; STRATA], join: impl Fn(u8, i16) -> u8) -> RgbImage {
    let mut out = source.clone();
    each_row(&mut out, |y, line, drawn| {
        noise.fill(y * words_for(line.len()), table, drawn);
        line.iter_mut().zip(&*drawn).for_each(|(value, noise)| *value = join(*value, *noise));
    });
    out
}

/// Each row of values with room for as many numbers.
fn each_row(pixels: &mut RgbImage, mut change: impl FnMut(u64, &mut [u8], &mut [i16])) {
    let stride = 3 * pixels.width() as usize;
    let mut room = vec![0; stride];
    for (y, line) in (0..).zip(pixels.chunks_exact_mut(stride.max(1))) {
        change(y, line, &mut room);
    }
}

/// The nearest grey level to that many sixteenths.
#[expect(clippy::cast_sign_loss, reason = "clamped to a byte")]
fn from_sixteenths(value: i16) -> u8 {
    ((value + 8) >> 4).clamp(0, 255) as u8
}

#[cfg(test)]
mod tests {
    use crate::image::tests::photo;
    use crate::{Context, Perturbation, Stimulus, Stream};

    /// The stored values that an operator makes of a flat photograph.
    pub(super) fn after(operator: &impl Perturbation, grey: u8) -> Vec<u8> {
        let mut stimulus = Stimulus { images: vec![photo(301, 200, |_, _| [grey; 3])], ..Stimulus::default() };
        operator.apply(&mut stimulus, &mut Context::new(Stream::derive(1, &["noise"]))).unwrap();
        stimulus.images.remove(0).pixels.into_raw()
    }

    /// Mean and standard deviation of the differences from a grey level.
    pub(super) fn moments(values: &[u8], grey: u8) -> (f64, f64) {
        let apart = |value: &u8| f64::from(*value) - f64::from(grey);
        let mean = values.iter().map(apart).sum::<f64>() / values.len() as f64;
        let square = values.iter().map(|value| (apart(value) - mean).powi(2)).sum::<f64>() / values.len() as f64;
        (mean, square.sqrt())
    }
}
