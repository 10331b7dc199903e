//! A number for each pixel: random layers and what is done to them.

use multiversion::multiversion;

use crate::Stream;
use crate::image::noise_source::{NoiseSource, STRATA, normal_quantiles, words_for};

/// Rows of numbers.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Field {
    pub width: usize,
    pub height: usize,
    pub values: Vec<f32>,
}

/// What lies beyond the border of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beyond {
    /// The outermost number again and again.
    Nearest,
    /// The field mirrored at its border, so that the outermost number comes twice.
    Mirrored,
}

impl Beyond {
    /// The place that stands for one that may lie beyond.
    pub(super) fn place(self, at: isize, length: usize) -> usize {
        let last = length.cast_signed() - 1;
        match self {
            Self::Nearest => at.clamp(0, last.max(0)).unsigned_abs(),
            Self::Mirrored => {
                let folded = at.rem_euclid((2 * last + 2).max(1));
                folded.min((2 * last + 1 - folded).max(0)).unsigned_abs()
            }
        }
    }
}

/// Columns of a strip.
const STRIP: usize = 256;

/// Random numbers are drawn so many at a time.
const PART: usize = 4096;

impl Field {
    /// Independent normal numbers.
    #[expect(clippy::cast_possible_truncation, reason = "single precision is enough for a texture")]
    pub(super) fn normal(width: usize, height: usize, mean: f64, deviation: f64, rng: &mut Stream) -> Self {
        let table = Box::new(normal_quantiles().map(|z| (mean + deviation * z) as f32));
        Self::drawn(width, height, &table, rng)
    }

    /// Independent numbers spread evenly around 0, up to `most` away.
    #[expect(clippy::cast_possible_truncation, reason = "single precision is enough for a texture")]
    pub(super) fn even(width: usize, height: usize, most: f64, rng: &mut Stream) -> Self {
        let middle = |i: usize| ((2 * i + 1) as f64 / STRATA as f64 - 1.0) * most;
        let table: Box<[f32; STRATA]> = Box::new(core::array::from_fn(|i| middle(i) as f32));
        Self::drawn(width, height, &table, rng)
    }

    fn drawn(width: usize, height: usize, table: &[f32; STRATA], rng: &mut Stream) -> Self {
        let source = NoiseSource::new(rng);
        let mut values = vec![0.0; width * height];
        for (part, values) in (0..).zip(values.chunks_mut(PART)) {
            source.fill(part * words_for(PART), table, values);
        }
        Self { width, height, values }
    }

    /// Gaussian blur of those sigmas down and across, cut at `cut` of them.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few dozen pixels")]
    pub(super) fn blur(&mut self, [down, across]: [f64; 2], cut: f64, beyond: Beyond) {
        let half = |sigma: f64| {
            let bell = crate::image::kernels::bell::bell(sigma, (cut * sigma + 0.5) as usize);
            bell.into_iter().map(|weight| weight as f32).collect::<Vec<f32>>()
        };
        self.blur_down(&half(down), beyond);
        self.blur_across(&half(across), beyond);
    }

    /// Strip by strip, each copied with the rows beyond both ends, so that its rows stay in fast memory.
    fn blur_down(&mut self, half: &[f32], beyond: Beyond) {
        let (reach, width) = (half.len().saturating_sub(1), self.width);
        let mut padded = Vec::with_capacity((self.height + 2 * reach) * width.min(STRIP));
        for left in (0..width).step_by(STRIP) {
            let columns = left..width.min(left + STRIP);
            padded.clear();
            for y in -reach.cast_signed()..(self.height + reach).cast_signed() {
                let start = beyond.place(y, self.height) * width;
                padded
                    .extend_from_slice(self.values.get(start + columns.start..start + columns.end).unwrap_or_default());
            }
            for (y, line) in self.values.chunks_exact_mut(width).enumerate() {
                let line = line.get_mut(columns.clone()).unwrap_or_default();
                weigh(&padded, ((y + reach) * columns.len(), columns.len()), half, line);
            }
        }
    }

    fn blur_across(&mut self, half: &[f32], beyond: Beyond) {
        let reach = half.len().saturating_sub(1);
        let mut padded = vec![0.0; self.width + 2 * reach];
        for line in self.values.chunks_exact_mut(self.width.max(1)) {
            let (before, rest) = padded.split_at_mut(reach);
            let (inner, after) = rest.split_at_mut(line.len().min(rest.len()));
            inner.copy_from_slice(line);
            let outer = (-reach.cast_signed()..0).chain(line.len().cast_signed()..);
            for (slot, at) in before.iter_mut().chain(after).zip(outer) {
                *slot = line.get(beyond.place(at, line.len())).copied().unwrap_or(0.0);
            }
            weigh(&padded, (reach, 1), half, line);
        }
    }

    /// The numbers of a row.
    pub(super) fn row(&self, y: usize) -> &[f32] {
        self.values.get(y * self.width..(y + 1) * self.width).unwrap_or_default()
    }

    /// Which of the values stands there; none beyond the field.
    pub(super) fn place(&self, column: i32, row: i32) -> Option<usize> {
        let (column, row) = (usize::try_from(column).ok()?, usize::try_from(row).ok()?);
        (column < self.width && row < self.height).then_some(row * self.width + column)
    }

    /// The middle part enlarged by that factor with bilinear weights, from its upper left corner on to the old size.
    pub(super) fn zoomed(part: &Self, factor: f64, width: usize, height: usize) -> Self {
        let across: Vec<(usize, f32)> = zoomed_places(part.width, factor, width).collect();
        let widened = |y: usize, line: &mut [f32]| {
            let row = part.row(y.min(part.height.saturating_sub(1)));
            let at = |x: usize| row.get(x).copied().unwrap_or(0.0);
            for (slot, (x, right)) in line.iter_mut().zip(&across) {
                let last = (x + 1).min(row.len().saturating_sub(1));
                *slot = at(*x) + (at(last) - at(*x)) * right;
            }
        };
        let mut values = vec![0.0; width * height];
        let (mut upper, mut lower, mut from) = (vec![0.0; across.len()], vec![0.0; across.len()], None);
        for (line, (y, down)) in values.chunks_exact_mut(width.max(1)).zip(zoomed_places(part.height, factor, height)) {
            if from != Some(y) {
                widened(y, &mut upper);
                widened(y + 1, &mut lower);
                from = Some(y);
            }
            between(&upper, &lower, down, line);
        }
        Self { width, height, values }
    }
}

/// Where the numbers of a side that is enlarged by that factor come from, and the share of the one after: so many of them.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "places in a field")]
fn zoomed_places(length: usize, factor: f64, wanted: usize) -> impl Iterator<Item = (usize, f32)> {
    let size = libm::rint(length as f64 * factor).max(1.0) as usize;
    let step = if size > 1 { length.saturating_sub(1) as f64 / (size - 1) as f64 } else { 0.0 };
    (0..wanted.min(size)).map(move |i| {
        let from = i as f64 * step;
        let at = libm::floor(from);
        (at as usize, (from - at) as f32)
    })
}

/// A row between two.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn between(upper: &[f32], lower: &[f32], share: f32, line: &mut [f32]) {
    for (value, (upper, lower)) in line.iter_mut().zip(upper.iter().zip(lower)) {
        *value = upper + (lower - upper) * share;
    }
}

/// Numbers that one turn of an inner loop works on.
const LANES: usize = 64;

/// Sums the neighbours of each number at multiples of a step, weighted from the centre outwards.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn weigh(numbers: &[f32], (centre, step): (usize, usize), half: &[f32], line: &mut [f32]) {
    let (blocks, last) = line.as_chunks_mut::<LANES>();
    let done = blocks.len() * LANES;
    for (block, from) in blocks.iter_mut().zip((centre..).step_by(LANES)) {
        let mut sums = [0.0_f32; LANES];
        for (away, weight) in half.iter().enumerate() {
            let lanes = |at: usize| numbers.get(at..).and_then(<[f32]>::first_chunk::<LANES>);
            if let (Some(one), Some(other)) = (lanes(from - away * step), lanes(from + away * step)) {
                for i in 0..LANES {
                    sums[i] += (one[i] + other[i]) * weight;
                }
            }
        }
        *block = sums;
    }
    for (value, from) in last.iter_mut().zip(centre + done..) {
        let at = |at: usize| numbers.get(at).copied().unwrap_or(0.0);
        *value = 0.0;
        for (away, weight) in half.iter().enumerate() {
            *value += (at(from - away * step) + at(from + away * step)) * weight;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Beyond, Field};
    use crate::Stream;

    #[test]
    fn mirrored_places_repeat_the_border() {
        let places: Vec<usize> = (-4..8).map(|at| Beyond::Mirrored.place(at, 3)).collect();
        assert_eq!(places, [2, 2, 1, 0, 0, 1, 2, 2, 1, 0, 0, 1]);
        assert_eq!(Beyond::Mirrored.place(-3, 1), 0);
    }

    #[test]
    fn a_blurred_field_keeps_its_mean_and_loses_the_bells_share_of_its_deviation() {
        let mut field = Field::normal(300, 300, 2.0, 1.0, &mut Stream::derive(1, &["field"]));
        field.blur([2.0, 3.0], 4.0, Beyond::Mirrored);
        let n = field.values.len() as f32;
        let mean = field.values.iter().sum::<f32>() / n;
        let variance = field.values.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / n;
        // 1 / (4 π σ₁ σ₂).
        assert!((mean - 2.0).abs() < 0.03 && (variance * 75.4 - 1.0).abs() < 0.2, "{mean} {variance}");
    }

    #[test]
    fn even_numbers_stay_within_their_bound() {
        let field = Field::even(100, 100, 3.0, &mut Stream::derive(1, &["field"]));
        assert!(field.values.iter().all(|v| v.abs() < 3.0));
        assert!((field.values.iter().map(|v| v * v).sum::<f32>() / 10_000.0 - 3.0).abs() < 0.1);
    }

    #[test]
    fn an_enlarged_ramp_is_a_ramp() {
        let part = Field { width: 3, height: 2, values: vec![0.0, 1.0, 2.0, 10.0, 11.0, 12.0] };
        let large = Field::zoomed(&part, 2.0, 6, 4);
        assert!((large.row(0)[5] - 2.0).abs() < 1e-6 && (large.row(3)[0] - 10.0).abs() < 1e-6);
        assert!((large.row(0)[1] - 0.4).abs() < 1e-6);
    }
}
