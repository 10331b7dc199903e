//! From linear light to a phone's 8-bit picture: exposure, blur of the lens, noise of the sensor, tone curve.

use std::sync::LazyLock;

use bedside_perturbations::Stream;
use image::RgbImage;

use crate::tissue::Light;

/// How a picture is taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Camera {
    /// Gain of each colour: exposure and white balance.
    pub gain: Light,
    /// Passes of a 1–2–1 blur over the whole picture, at least 1.
    pub blur: u32,
    /// Standard deviation of the noise of a bright pixel, as a share of full scale.
    pub noise: f32,
    /// Quality of the JPEG that it saves, 1 to 100.
    pub quality: f64,
}

/// Takes the picture.
#[must_use]
pub fn take(light: Vec<Light>, size: (u32, u32), camera: &Camera, stream: &mut Stream) -> RgbImage {
    let mut light = light;
    expose(&mut light, camera, stream.bits());
    let row = 3 * size.0 as usize;
    for _ in 1..camera.blur {
        let mut softer = Vec::with_capacity(light.len() * 3);
        soften(light.as_flattened(), row, |line| softer.extend_from_slice(line));
        light.as_flattened_mut().copy_from_slice(&softer);
    }
    let mut bytes = Vec::with_capacity(light.len() * 3);
    soften(light.as_flattened(), row, |line| develop(line, &mut bytes));
    RgbImage::from_raw(size.0, size.1, bytes).unwrap_or_default()
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

/// One pass of a 1–2–1 blur across and down; gives every row of the result to `then`.
fn soften(light: &[f32], row: usize, mut then: impl FnMut(&[f32])) {
    let mut rows = light.chunks_exact(row.max(1));
    let mut lines = [vec![0.0; row], vec![0.0; row], vec![0.0; row]];
    let mut mixed = vec![0.0; row];
    let [above, at, below] = &mut lines;
    if let Some(first) = rows.next() {
        across(first, at);
        above.copy_from_slice(at);
    }
    for _ in 0..light.len() / row.max(1) {
        match rows.next() {
            Some(next) => across(next, below),
            None => below.copy_from_slice(at),
        }
        for (((mixed, a), b), c) in mixed.iter_mut().zip(above.iter()).zip(at.iter()).zip(below.iter()) {
            *mixed = 0.25 * (a + c) + 0.5 * b;
        }
        then(&mixed);
        core::mem::swap(above, at);
        core::mem::swap(at, below);
    }
}

/// One row of interleaved colours, blurred 1–2–1.
fn across(line: &[f32], out: &mut [f32]) {
    let n = line.len();
    if n < 6 {
        return out.copy_from_slice(line);
    }
    let middle = out.iter_mut().skip(3).zip(line).zip(line.iter().skip(3)).zip(line.iter().skip(6));
    middle.for_each(|(((out, a), b), c)| *out = 0.25 * (a + c) + 0.5 * b);
    for c in 0..3 {
        out[c] = 0.75 * line[c] + 0.25 * line[c + 3];
        out[n - 3 + c] = 0.75 * line[n - 3 + c] + 0.25 * line[n - 6 + c];
    }
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

fn develop(line: &[f32], bytes: &mut Vec<u8>) {
    let table: &[u8] = &TONE;
    let scale = (TONES - 1) as f32 / WHITE;
    bytes.extend(line.iter().map(|value| table.get((value * scale + 0.5).max(0.0) as usize).copied().unwrap_or(255)));
}

#[cfg(test)]
mod tests {
    use super::{Camera, Stream, TONE, take};

    fn spread(noise: f32) -> f64 {
        let camera = Camera { gain: [1.0; 3], blur: 1, noise, quality: 90.0 };
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
