//! From linear light to a phone's 8-bit picture: exposure, blur of the lens, noise of the sensor, tone curve.

use std::sync::LazyLock;

use bedside_perturbations::Stream;
use image::RgbImage;

use super::tissue::Light;

/// How a picture is taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Camera {
    /// Gain of each colour: exposure and white balance.
    pub gain: Light,
    /// Passes of a 1–2–1 blur over the whole picture, at least 1.
    pub blur: u32,
    /// Standard deviation of the noise of a bright pixel, as a share of full scale.
    pub noise: f32,
}

/// Takes the picture.
#[must_use]
pub fn take(light: Vec<Light>, size: (u32, u32), camera: &Camera, stream: &mut Stream) -> RgbImage {
    let mut light = light;
    expose(&mut light, camera, stream.bits());
    for _ in 0..camera.blur {
        light = soften(&light, size.0 as usize);
    }
    develop(&light, size)
}

/// Applies the gain and adds shot noise, three triangular numbers from each 64-bit draw (xorshift64*, Vigna 2016).
fn expose(light: &mut [Light], camera: &Camera, seed: u64) {
    let mut state = seed | 1;
    let scale = camera.noise / 418.0;
    for pixel in light {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        let bits = state.wrapping_mul(0x2545_F491_4F6C_DD1D);
        let draws = [bits, bits >> 20, bits >> 40].map(|bits| ((bits & 1023) + ((bits >> 10) & 1023)) as f32 - 1023.0);
        let spread = scale * (0.01 + pixel[1].max(0.0) * camera.gain[1]).sqrt();
        *pixel = core::array::from_fn(|c| pixel[c] * camera.gain[c] + spread * draws[c]);
    }
}

/// One pass of a 1–2–1 blur across and down.
fn soften(light: &[Light], width: usize) -> Vec<Light> {
    let mut across = Vec::with_capacity(light.len());
    for line in light.chunks_exact(width) {
        let before = line.first().into_iter().chain(line);
        let after = line.iter().skip(1).chain(line.last());
        across.extend(line.iter().zip(before).zip(after).map(|((at, before), after)| mix(before, at, after)));
    }
    let mut down = Vec::with_capacity(light.len());
    let rows = light.len() / width.max(1);
    for row in 0..rows {
        let line = |row: usize| across.get(row * width..(row + 1) * width).unwrap_or_default();
        let (above, at, below) = (line(row.saturating_sub(1)), line(row), line((row + 1).min(rows - 1)));
        down.extend(at.iter().zip(above).zip(below).map(|((at, above), below)| mix(above, at, below)));
    }
    down
}

fn mix(before: &Light, at: &Light, after: &Light) -> Light {
    core::array::from_fn(|c| 0.25 * (before[c] + after[c]) + 0.5 * at[c])
}

/// Entries of the tone table.
const TONES: usize = 16_384;
/// The light at which the picture is white.
const WHITE: f32 = 2.2;

/// Linear light to 8-bit sRGB with a shoulder, so that highlights do not clip hard.
static TONE: LazyLock<Box<[u8]>> = LazyLock::new(|| {
    (0..TONES)
        .map(|k| {
            let light = WHITE * k as f32 / (TONES - 1) as f32;
            let rolled = if light < 0.6 { light } else { 0.6 + 0.4 * (1.0 - libm::expf((0.6 - light) / 0.4)) };
            let encoded =
                if rolled <= 0.003_130_8 { 12.92 * rolled } else { 1.055 * libm::powf(rolled, 1.0 / 2.4) - 0.055 };
            (encoded * 255.0 + 0.5).clamp(0.0, 255.0) as u8
        })
        .collect()
});

fn develop(light: &[Light], size: (u32, u32)) -> RgbImage {
    let table: &[u8] = &TONE;
    let scale = (TONES - 1) as f32 / WHITE;
    let tone = |value: f32| table.get((value * scale + 0.5).max(0.0) as usize).copied().unwrap_or(255);
    let bytes: Vec<u8> = light.iter().flat_map(|pixel| pixel.map(tone)).collect();
    RgbImage::from_raw(size.0, size.1, bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Camera, Stream, TONE, take};

    fn spread(noise: f32) -> f64 {
        let camera = Camera { gain: [1.0; 3], blur: 1, noise };
        let picture = take(vec![[0.3; 3]; 10_000], (100, 100), &camera, &mut Stream::derive(1, &[]));
        let values: Vec<f64> = picture.pixels().map(|p| f64::from(p.0[1])).collect();
        let mean = values.iter().sum::<f64>() / 1e4;
        (values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / 1e4).sqrt()
    }

    #[test]
    fn more_noise_is_more_spread() {
        assert!(spread(0.0) < 1e-9);
        assert!(spread(0.03) > 1.5 * spread(0.015));
    }

    #[test]
    fn brighter_light_is_never_darker() {
        assert!(TONE.windows(2).all(|pair| pair[0] <= pair[1]));
        assert_eq!((TONE[0], TONE[16_383] > 250), (0, true));
    }
}
