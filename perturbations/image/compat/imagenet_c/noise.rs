//! Gaussian, shot, impulse and speckle noise: the reference's distributions, cut off to whole grey levels as it does.

use image::RgbImage;

use crate::Stream;
use crate::image::noise_source::{NoiseSource, STRATA, Skips, normal_table, poisson_table, words_for};

/// Samples that are drawn at a time.
const PART: usize = 4096;

/// Adds noise of a deviation in shares of white.
pub(in crate::image::compat) fn gaussian(pixels: &RgbImage, deviation: f64, rng: &mut Stream) -> RgbImage {
    // Sixteenths of a grey level.
    let table = normal_table(deviation * 255.0 * 16.0);
    noisy(pixels, rng, &table, |value, noise| (i32::from(value) * 16 + i32::from(noise)) >> 4)
}

/// Adds noise of a deviation in shares of each value.
pub(in crate::image::compat) fn speckle(pixels: &RgbImage, deviation: f64, rng: &mut Stream) -> RgbImage {
    let table = normal_table(deviation * 4096.0);
    noisy(pixels, rng, &table, |value, noise| (i32::from(value) * (4096 + i32::from(noise))) >> 12)
}

/// Mixes each sample with its own noise.
#[expect(clippy::cast_sign_loss, reason = "clamped to a byte")]
fn noisy(pixels: &RgbImage, rng: &mut Stream, table: &[i16; STRATA], mix: impl Fn(u8, i16) -> i32) -> RgbImage {
    let source = NoiseSource::new(rng);
    let mut out = pixels.clone();
    let mut noise = [0; PART];
    for (part, values) in (0..).zip(out.chunks_mut(PART)) {
        source.fill(part * words_for(PART), table, &mut noise);
        values.iter_mut().zip(noise).for_each(|(value, noise)| *value = mix(*value, noise).clamp(0, 255) as u8);
    }
    out
}

/// Counts photons: Poisson with a mean of so many at white.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates at 255")]
pub(in crate::image::compat) fn shot(pixels: &RgbImage, white: f64, rng: &mut Stream) -> RgbImage {
    let table = |value: u8| poisson_table(white * f64::from(value) / 255.0, |n| (f64::from(n) * 255.0 / white) as u8);
    let tables: Vec<_> = (0..=255).map(table).collect();
    let source = NoiseSource::new(rng);
    let mut out = pixels.clone();
    for (n, values) in (0..).zip(out.chunks_mut(4)) {
        for (value, lane) in values.iter_mut().zip(source.lanes(n)) {
            *value = tables.get(usize::from(*value)).map_or(0, |table| table[usize::from(lane >> 5)]);
        }
    }
    out
}

/// Makes a share of the samples black or white.
pub(in crate::image::compat) fn impulse(pixels: &RgbImage, share: f64, rng: &mut Stream) -> RgbImage {
    let skips = Skips::new(share);
    let (hits, colours) = (NoiseSource::new(rng), NoiseSource::new(rng));
    let mut out = pixels.clone();
    let mut nth = 0_u64;
    let mut word = 0;
    let length = out.len();
    hits.hits(0, &skips, length, |at| {
        if nth.is_multiple_of(64) {
            word = colours.word(nth / 64);
        }
        if let Some(value) = out.get_mut(at) {
            *value = if (word >> (nth % 64)) & 1 == 1 { 255 } else { 0 };
        }
        nth += 1;
    });
    out
}

#[cfg(test)]
mod tests {
    use super::{gaussian, impulse, shot, speckle};
    use crate::Stream;
    use image::{Rgb, RgbImage};

    fn moments(image: &RgbImage) -> (f64, f64) {
        let n = image.len() as f64;
        let mean = image.iter().map(|v| f64::from(*v)).sum::<f64>() / n;
        (mean, (image.iter().map(|v| (f64::from(*v) - mean).powi(2)).sum::<f64>() / n).sqrt())
    }

    fn grey() -> RgbImage {
        RgbImage::from_pixel(300, 300, Rgb([100; 3]))
    }

    #[test]
    fn the_noise_has_the_references_mean_and_deviation() {
        let rng = || Stream::derive(5, &["noise"]);
        // Half a level is cut off; so little noise is never clipped.
        let (mean, deviation) = moments(&gaussian(&grey(), 0.08, &mut rng()));
        assert!((mean - 99.5).abs() < 0.2 && (deviation - 20.4).abs() < 0.2, "{mean} {deviation}");
        let (mean, deviation) = moments(&speckle(&grey(), 0.15, &mut rng()));
        assert!((mean - 99.5).abs() < 0.2 && (deviation - 15.0).abs() < 0.2, "{mean} {deviation}");
        // Poisson with a mean of 60 · 100/255: a deviation of √23.5 photons of 4.25 levels.
        let (mean, deviation) = moments(&shot(&grey(), 60.0, &mut rng()));
        assert!((mean - 99.6).abs() < 0.4 && (deviation - 20.6).abs() < 0.3, "{mean} {deviation}");
    }

    #[test]
    fn impulses_are_black_and_white_in_equal_parts() {
        let out = impulse(&grey(), 0.09, &mut Stream::derive(5, &["noise"]));
        let share = |wanted: u8| out.iter().filter(|v| **v == wanted).count() as f64 / out.len() as f64;
        assert!((share(0) - 0.045).abs() < 0.002 && (share(255) - 0.045).abs() < 0.002);
        assert!((share(100) - 0.91).abs() < 0.003);
    }
}
