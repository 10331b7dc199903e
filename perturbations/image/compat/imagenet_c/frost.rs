//! Frost: a crystal texture mixed with the picture. It is drawn here; the reference cuts it from photographs of ice.

use image::RgbImage;
use multiversion::multiversion;

use super::Severity;
use super::field::Field;
use super::fog::plasma;
use crate::Stream;
use crate::image::kernels::channels::each_row;
use crate::image::kernels::cut_off;
use crate::image::noise_source::NoiseSource;

/// Mean colour and deviation of the five photographs that the reference draws from, in its order (two are the same).
const ICE: [([f32; 3], f32); 5] = [
    ([78.0, 149.0, 166.0], 19.0),
    ([201.0, 205.0, 214.0], 22.0),
    ([201.0, 205.0, 214.0], 22.0),
    ([138.0, 153.0, 165.0], 29.0),
    ([112.0, 123.0, 135.0], 43.0),
];

/// A share of the picture and a share of the frost, clipped.
pub(super) fn frost(pixels: &RgbImage, severity: Severity, rng: &mut Stream) -> RgbImage {
    let (kept, added) = severity.of([(1.0, 0.4), (0.8, 0.6), (0.7, 0.7), (0.65, 0.7), (0.6, 0.75)]);
    let (colour, deviation) = ICE.get(rng.index(ICE.len())).copied().unwrap_or_default();
    let crystals = crystals(pixels.width() as usize, pixels.height() as usize, rng);
    let mut out = pixels.clone();
    each_row(&mut out, crystals.width, |y, rows| {
        for (row, level) in rows.iter_mut().zip(colour) {
            mix(row, crystals.row(y), (kept, level * added, deviation * added));
        }
    });
    out
}

#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn mix(row: &mut [u8], heights: &[f32], (kept, level, deviation): (f32, f32, f32)) {
    for (value, height) in row.iter_mut().zip(heights) {
        *value = cut_off(f32::from(*value) * kept + height * deviation + level);
    }
}

/// Crystals with mean 0 and deviation 1: fans of needles on patches of thicker ice.
fn crystals(width: usize, height: usize, rng: &mut Stream) -> Field {
    let mut ice = plasma(width, height, 1.9, rng);
    ice.values.iter_mut().for_each(|value| *value *= 2.0);
    // Needles are as long as a share of the longer side, as in a photograph that is enlarged to cover the picture.
    let side = width.max(height) as f64;
    let area = width as f64 * height as f64;
    for fan in 0..fans(area / (side * side)) {
        let mut drawn = rng.fork("fan", fan);
        let (x, y) = (drawn.between(-0.05, 1.05) * width as f64, drawn.between(-0.05, 1.05) * height as f64);
        let fan = Fan { x, y, angle: drawn.between(0.0, core::f64::consts::PI), side };
        fan.grow(&mut ice, NoiseSource::new(&mut drawn));
    }
    standardise(&mut ice.values);
    ice
}

/// How many fans cover a picture whose area is that share of its longer side's square.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few hundred")]
fn fans(share: f64) -> u64 {
    (220.0 * share) as u64 + 1
}

/// Needles of one crystal, which point about the same way.
struct Fan {
    x: f64,
    y: f64,
    angle: f64,
    side: f64,
}

impl Fan {
    /// Needles of a fan.
    const NEEDLES: u64 = 48;

    fn grow(&self, ice: &mut Field, source: NoiseSource) {
        for needle in 0..Self::NEEDLES {
            let [a, b, c, d] = source.lanes(2 * needle).map(|lane| f64::from(lane) / 65_536.0);
            let [e, f, ..] = source.lanes(2 * needle + 1).map(|lane| f64::from(lane) / 65_536.0);
            let angle = self.angle + 0.9 * (a - 0.5) * (b + 0.3);
            let (x, y) = (self.x + (c - 0.5) * 0.09 * self.side, self.y + (d - 0.5) * 0.09 * self.side);
            let length = (0.015 + 0.075 * e * e) * self.side;
            #[expect(clippy::cast_possible_truncation, reason = "single precision is enough for a texture")]
            stroke(ice, (x, y), angle, length, (1.6 * f - 0.5) as f32);
        }
    }
}

/// Adds a straight needle that tapers off to both ends and to both sides.
#[expect(clippy::cast_possible_truncation, reason = "a few pixels")]
fn stroke(ice: &mut Field, from: (f64, f64), angle: f64, length: f64, height: f32) {
    let needle = Needle { from, right: libm::cos(angle), down: libm::sin(angle), length, height };
    match (length / 16.0).clamp(1.0, 4.0) as i32 {
        1 => needle.add::<3>(ice),
        2 => needle.add::<5>(ice),
        3 => needle.add::<7>(ice),
        _ => needle.add::<9>(ice),
    }
}

/// A straight needle around a place.
struct Needle {
    from: (f64, f64),
    right: f64,
    down: f64,
    length: f64,
    height: f32,
}

impl Needle {
    /// Adds it, so many pixels wide: along a row where it is steep, down a column where it is not.
    #[expect(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "places near a picture")]
    fn add<const WIDE: usize>(&self, ice: &mut Field) {
        let thick = WIDE / 2;
        let edges: [f64; WIDE] = core::array::from_fn(|i| 1.0 - i.abs_diff(thick) as f64 / (thick + 1) as f64);
        let steep = self.down.abs() > self.right.abs();
        let side = thick as i32;
        let ((back, up), stride) = if steep { ((side, 0), 1) } else { ((0, side), ice.width) };
        let steps = libm::ceil(self.length).max(1.0) as i32;
        for step in 0..steps {
            let along = f64::from(step) - self.length / 2.0;
            let (column, row) = (floor(self.from.0 + along * self.right), floor(self.from.1 + along * self.down));
            let taper = 1.0 - (2.0 * f64::from(step) / f64::from(steps) - 1.0).abs();
            let heights = edges.map(|edge| self.height * (taper * edge) as f32);
            let first = ice.place(column - back, row - up);
            if let (Some(from), Some(_)) = (first, ice.place(column + back, row + up)) {
                pile(ice.values.get_mut(from..).unwrap_or_default(), stride, &heights);
            } else {
                for (i, height) in (0_i32..).zip(heights) {
                    let (column, row) = if steep { (column - side + i, row) } else { (column, row - side + i) };
                    if let Some(slot) = ice.place(column, row).and_then(|at| ice.values.get_mut(at)) {
                        *slot += height;
                    }
                }
            }
        }
    }
}

/// Adds heights to every so many numbers.
#[inline(always)]
fn pile<const WIDE: usize>(numbers: &mut [f32], stride: usize, heights: &[f32; WIDE]) {
    if stride == 1 {
        if let Some(slots) = numbers.first_chunk_mut::<WIDE>() {
            slots.iter_mut().zip(heights).for_each(|(slot, height)| *slot += height);
        }
        return;
    }
    for (i, height) in heights.iter().enumerate() {
        if let Some(slot) = numbers.get_mut(i * stride) {
            *slot += height;
        }
    }
}

/// The next whole number below. Written so that it is a few instructions, which `libm`'s is not.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "places near a picture")]
fn floor(value: f64) -> i32 {
    let whole = value as i32;
    whole - i32::from(f64::from(whole) > value)
}

/// Numbers that are added side by side.
const LANES: usize = 16;

/// Shifts and scales to mean 0 and deviation 1.
#[expect(clippy::cast_possible_truncation, reason = "single precision is enough for a texture")]
fn standardise(values: &mut [f32]) {
    let count = values.len().max(1) as f64;
    let mean = total(values, 0.0, false) / count;
    let square = total(values, mean, true);
    let scale = 1.0 / libm::sqrt(square / count).max(1e-6);
    shift(values, mean as f32, scale as f32);
}

/// The sum of what is left of each number without that middle, or of the squares of it.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn total(values: &[f32], middle: f64, squared: bool) -> f64 {
    let (blocks, rest) = values.as_chunks::<LANES>();
    let mut sums = [0.0_f64; LANES];
    for block in blocks {
        for (sum, value) in sums.iter_mut().zip(block) {
            let away = f64::from(*value) - middle;
            *sum += if squared { away * away } else { away };
        }
    }
    for (sum, value) in sums.iter_mut().zip(rest) {
        let away = f64::from(*value) - middle;
        *sum += if squared { away * away } else { away };
    }
    sums.iter().sum()
}

#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn shift(values: &mut [f32], mean: f32, scale: f32) {
    values.iter_mut().for_each(|value| *value = (*value - mean) * scale);
}

#[cfg(test)]
mod tests {
    use super::{ICE, Severity, crystals, frost};
    use crate::Stream;
    use image::{Rgb, RgbImage};

    #[test]
    fn crystals_have_mean_zero_and_deviation_one() {
        let ice = crystals(200, 150, &mut Stream::derive(2, &["frost"]));
        let mean = ice.values.iter().sum::<f32>() / 30_000.0;
        let square = ice.values.iter().map(|v| v * v).sum::<f32>() / 30_000.0;
        assert!(mean.abs() < 1e-3 && (square - 1.0).abs() < 1e-2, "{mean} {square}");
    }

    #[test]
    fn a_grey_picture_takes_the_share_of_one_of_the_colours() {
        let image = RgbImage::from_pixel(200, 150, Rgb([60; 3]));
        let out = frost(&image, Severity(1), &mut Stream::derive(2, &["frost"]));
        let mean = |c: usize| out.pixels().map(|p| f32::from(p.0[c])).sum::<f32>() / 30_000.0;
        let near = |colour: [f32; 3]| (0..3).all(|c| (mean(c) - 48.0 - 0.6 * colour[c]).abs() < 2.0);
        assert!(ICE.iter().any(|(colour, _)| near(*colour)), "{} {} {}", mean(0), mean(1), mean(2));
    }
}
