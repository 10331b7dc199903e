//! Fog: a random height map (diamond–square) laid over the picture.

use image::RgbImage;
use multiversion::multiversion;

use super::Severity;
use super::field::Field;
use crate::Stream;
use crate::image::kernels::cut_off;
use crate::image::noise_source::NoiseSource;

/// Adds a share of the map and scales the sum back to the brightest value there was.
#[expect(clippy::cast_possible_truncation, reason = "single precision is enough for a texture")]
pub(super) fn fog(pixels: &RgbImage, severity: Severity, rng: &mut Stream) -> RgbImage {
    let (amount, decay) = severity.of([(1.5, 2.0), (2.0, 2.0), (2.5, 1.7), (2.5, 1.5), (3.0, 1.4)]);
    let map = plasma(pixels.width() as usize, pixels.height() as usize, decay, rng);
    let brightest = pixels.iter().copied().max().map_or(0.0, f64::from) / 255.0;
    let scale = brightest / (brightest + amount);
    let mut out = pixels.clone();
    let width = map.width.max(1);
    for (line, heights) in out.chunks_exact_mut(3 * width).zip(map.values.chunks_exact(width)) {
        lay_over(line, heights, scale as f32, (amount * scale * 255.0) as f32);
    }
    out
}

#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn lay_over(line: &mut [u8], heights: &[f32], scale: f32, amount: f32) {
    for (pixel, height) in line.as_chunks_mut::<3>().0.iter_mut().zip(heights) {
        let [r, g, b] = pixel.map(|value| f32::from(value) * scale + height * amount);
        *pixel = [cut_off(r), cut_off(g), cut_off(b)];
    }
}

/// A height map between 0 and 1: the upper left part of a square whose side is a power of two.
///
/// New points are the mean of their four neighbours, the square wrapped around, and noise of amplitude w², where w falls
/// by `decay` from each step to the next finer.
pub(super) fn plasma(width: usize, height: usize, decay: f32, rng: &mut Stream) -> Field {
    let side = width.max(height).max(3).next_power_of_two();
    let mut map = Map { side, values: vec![0.0; side * side], source: NoiseSource::new(rng), word: 0 };
    let (mut step, mut wibble) = (side, 100.0_f32);
    while step >= 2 {
        map.refine(step, wibble * wibble);
        step /= 2;
        wibble /= decay;
    }
    let low = map.values.iter().copied().fold(f32::INFINITY, f32::min);
    let high = map.values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let scale = 1.0 / (high - low).max(f32::MIN_POSITIVE);
    let rows = map.values.chunks_exact(side).take(height).filter_map(|row| row.get(..width));
    Field { width, height, values: rows.flatten().map(|value| (value - low) * scale).collect() }
}

/// The square in the making.
struct Map {
    side: usize,
    values: Vec<f32>,
    source: NoiseSource,
    word: u64,
}

impl Map {
    /// Fills the points half a step between those there are.
    fn refine(&mut self, step: usize, amplitude: f32) {
        let half = step / 2;
        let places = move |from: usize, side: usize| (from..side).step_by(step);
        for y in places(half, self.side) {
            let rows = [y - half, self.wrapped(y + half)];
            self.row(y, half, step, amplitude, [(rows[0], -1), (rows[0], 1), (rows[1], -1), (rows[1], 1)]);
        }
        for y in places(0, self.side) {
            let rows = [self.wrapped(y + self.side - half), self.wrapped(y + half)];
            self.row(y, half, step, amplitude, [(rows[0], 0), (rows[1], 0), (y, -1), (y, 1)]);
        }
        for y in places(half, self.side) {
            self.row(y, 0, step, amplitude, [(y, -1), (y, 1), (y - half, 0), (self.wrapped(y + half), 0)]);
        }
    }

    fn wrapped(&self, at: usize) -> usize {
        at & (self.side - 1)
    }

    /// A row of new points from column `first` on: each has four neighbours in a row and half a step to a side.
    fn row(&mut self, y: usize, first: usize, step: usize, amplitude: f32, neighbours: [(usize, isize); 4]) {
        let half = (step / 2).cast_signed();
        let starts = neighbours.map(|(row, side)| (row * self.side, side * half));
        let columns = (first..self.side).step_by(step);
        let mut lanes = [0_u16; 4];
        for (n, x) in columns.enumerate() {
            if n % 4 == 0 {
                lanes = self.source.lanes(self.word);
                self.word += 1;
            }
            let at = |(start, side): (usize, isize)| {
                let column = x.wrapping_add_signed(side) & (self.side - 1);
                self.values.get(start + column).copied().unwrap_or(0.0)
            };
            let [a, b, c, d] = starts.map(at);
            // Evenly between -1 and 1.
            let noise = f32::from(lanes[n % 4]) * (1.0 / 32_767.5) - 1.0;
            if let Some(slot) = self.values.get_mut(y * self.side + x) {
                *slot = (a + b + (c + d)) * 0.25 + amplitude * noise;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Severity, fog, plasma};
    use crate::Stream;
    use image::{Rgb, RgbImage};

    #[test]
    fn a_map_fills_zero_to_one_and_is_smoother_for_a_larger_decay() {
        let roughness = |decay: f32| {
            let map = plasma(128, 128, decay, &mut Stream::derive(1, &["fog"]));
            assert!(map.values.iter().all(|v| (0.0..=1.0).contains(v)));
            assert!(map.values.contains(&0.0) && map.values.contains(&1.0));
            map.values.chunks(128).flat_map(|row| row.windows(2)).map(|w| (w[0] - w[1]).abs()).sum::<f32>()
        };
        assert!(roughness(1.4) > 1.5 * roughness(2.0));
    }

    #[test]
    fn fog_lifts_black_and_keeps_white_within_range() {
        let image = RgbImage::from_fn(64, 64, |x, _| Rgb([if x < 32 { 0 } else { 255 }; 3]));
        let out = fog(&image, Severity(2), &mut Stream::derive(1, &["fog"]));
        let mean = |from: u32| (from..from + 32).map(|x| u32::from(out.get_pixel(x, 20).0[0])).sum::<u32>() / 32;
        assert!(mean(0) > 40 && mean(32) > mean(0), "{} {}", mean(0), mean(32));
    }
}
