//! Fog: a random height map (diamond–square) laid over the picture.

use image::RgbImage;
use multiversion::multiversion;

use super::Severity;
use super::field::Field;
use crate::Stream;
use crate::image::kernels::channels::each_row;
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
    each_row(&mut out, map.width, |y, rows| {
        let heights = map.row(y);
        rows.iter_mut().for_each(|row| lay_over(row, heights, scale as f32, (amount * scale * 255.0) as f32));
    });
    out
}

#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn lay_over(row: &mut [u8], heights: &[f32], scale: f32, amount: f32) {
    for (value, height) in row.iter_mut().zip(heights) {
        *value = cut_off(f32::from(*value) * scale + height * amount);
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
    let (low, high) = extremes(&map.values);
    let scale = 1.0 / (high - low).max(f32::MIN_POSITIVE);
    let mut values = vec![0.0; width * height];
    for (line, row) in values.chunks_exact_mut(width.max(1)).zip(map.values.chunks_exact(side)) {
        line.iter_mut().zip(row).for_each(|(value, height)| *value = (height - low) * scale);
    }
    Field { width, height, values }
}

/// The lowest and the highest of some numbers, many side by side.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
pub(super) fn extremes(values: &[f32]) -> (f32, f32) {
    let (mut low, mut high) = ([f32::INFINITY; 64], [f32::NEG_INFINITY; 64]);
    let (blocks, rest) = values.as_chunks::<64>();
    for block in blocks.iter().map(<[f32; 64]>::as_slice).chain([rest]) {
        low.iter_mut().zip(block).for_each(|(low, value)| *low = if *value < *low { *value } else { *low });
        high.iter_mut().zip(block).for_each(|(high, value)| *high = if *value > *high { *value } else { *high });
    }
    (low.into_iter().fold(f32::INFINITY, f32::min), high.into_iter().fold(f32::NEG_INFINITY, f32::max))
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
        let mut room = Room::new(self.side / step);
        for y in places(half, self.side) {
            let rows = [y - half, self.wrapped(y + half)];
            self.row(y, half, step, amplitude, [(rows[0], -1), (rows[0], 1), (rows[1], -1), (rows[1], 1)], &mut room);
        }
        for y in places(0, self.side) {
            let rows = [self.wrapped(y + self.side - half), self.wrapped(y + half)];
            self.row(y, half, step, amplitude, [(rows[0], 0), (rows[1], 0), (y, -1), (y, 1)], &mut room);
        }
        for y in places(half, self.side) {
            let below = self.wrapped(y + half);
            self.row(y, 0, step, amplitude, [(y, -1), (y, 1), (y - half, 0), (below, 0)], &mut room);
        }
    }

    fn wrapped(&self, at: usize) -> usize {
        at & (self.side - 1)
    }

    /// A row of new points from column `first` on: each has four neighbours in a row and half a step to a side.
    fn row(
        &mut self,
        y: usize,
        first: usize,
        step: usize,
        amplitude: f32,
        neighbours: [(usize, isize); 4],
        room: &mut Room,
    ) {
        let half = (step / 2).cast_signed();
        for ((row, side), values) in neighbours.into_iter().zip(&mut room.neighbours) {
            let line = self.values.get(row * self.side..(row + 1) * self.side).unwrap_or_default();
            gather(line, self.wrapped(first.wrapping_add_signed(side * half)), step, values);
        }
        self.source.words(self.word, &mut room.words);
        self.word += room.words.len() as u64;
        mean_and_noise(room, amplitude);
        let line = self.values.get_mut(y * self.side..(y + 1) * self.side).unwrap_or_default();
        scatter(&room.made, line, first, step);
    }
}

/// What a row of new points is made of and from.
struct Room {
    neighbours: [Vec<f32>; 4],
    /// One for every four points.
    words: Vec<u64>,
    lanes: Vec<u16>,
    made: Vec<f32>,
}

impl Room {
    fn new(points: usize) -> Self {
        let neighbours = [(); 4].map(|()| vec![0.0; points]);
        Self {
            neighbours,
            words: vec![0; points.div_ceil(4)],
            lanes: vec![0; points.next_multiple_of(4)],
            made: vec![0.0; points],
        }
    }
}

/// The numbers of a row at that column and every so many columns further, the row wrapped around.
fn gather(line: &[f32], column: usize, step: usize, values: &mut [f32]) {
    match step {
        2 => gather_each::<2>(line, column % 2, values),
        4 => gather_each::<4>(line, column % 4, values),
        _ => {
            values.iter_mut().zip(line.iter().skip(column % step).step_by(step)).for_each(|(out, value)| *out = *value)
        }
    }
    // The columns are those that begin within the first step, but that one may be the last or the first may come last.
    if column == step {
        values.rotate_left(1);
    } else if column > step {
        values.rotate_right(1);
    }
}

#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl+avx512dq", "x86_64+avx2"))]
fn gather_each<const STEP: usize>(line: &[f32], first: usize, values: &mut [f32]) {
    for (value, part) in values.iter_mut().zip(line.as_chunks::<STEP>().0) {
        *value = part.get(first).copied().unwrap_or(0.0);
    }
}

/// Puts numbers into a row at that column and every so many columns further.
fn scatter(values: &[f32], line: &mut [f32], first: usize, step: usize) {
    match step {
        2 => scatter_each::<2>(values, line, first),
        4 => scatter_each::<4>(values, line, first),
        _ => line.iter_mut().skip(first).step_by(step).zip(values).for_each(|(slot, value)| *slot = *value),
    }
}

#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl+avx512dq", "x86_64+avx2"))]
fn scatter_each<const STEP: usize>(values: &[f32], line: &mut [f32], first: usize) {
    for (value, part) in values.iter().zip(line.as_chunks_mut::<STEP>().0) {
        if let Some(slot) = part.get_mut(first) {
            *slot = *value;
        }
    }
}

/// The mean of four neighbours and noise evenly up to the amplitude away.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl+avx512dq", "x86_64+avx2"))]
#[expect(clippy::cast_possible_truncation, reason = "the lanes are the four parts of the word")]
fn mean_and_noise(room: &mut Room, amplitude: f32) {
    let [a, b, c, d] = &room.neighbours;
    for (lane, word) in room.lanes.as_chunks_mut::<4>().0.iter_mut().zip(&room.words) {
        *lane = [*word as u16, (*word >> 16) as u16, (*word >> 32) as u16, (*word >> 48) as u16];
    }
    let neighbours = a.iter().zip(b).zip(c.iter().zip(d));
    for ((made, lane), ((a, b), (c, d))) in room.made.iter_mut().zip(&room.lanes).zip(neighbours) {
        let noise = f32::from(*lane) * (1.0 / 32_767.5) - 1.0;
        *made = (a + b + (c + d)) * 0.25 + amplitude * noise;
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
