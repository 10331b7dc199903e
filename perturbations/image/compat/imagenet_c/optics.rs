//! Gaussian, defocus, motion and zoom blur.

use image::RgbImage;
use multiversion::multiversion;

use super::Severity;
use crate::image::kernels::bell::{bell, separable};
use crate::image::kernels::disc::Disc;
use crate::image::kernels::taps::{Tap, once};
use crate::image::kernels::{Border, CHANNELS, Rounding, cut_off};

/// Gaussian blur, the kernel cut at four sigma.
pub(super) fn gaussian(pixels: &RgbImage, severity: Severity) -> RgbImage {
    soften(pixels, severity.of([1.0, 2.0, 3.0, 4.0, 6.0]))
}

/// The same for any sigma in pixels.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few dozen pixels")]
pub(super) fn soften(pixels: &RgbImage, sigma: f64) -> RgbImage {
    separable(pixels, &bell(sigma, (4.0 * sigma + 0.5) as usize), Border::Repeat, Rounding::Down)
}

/// A disc of whole pixels with a softened rim.
pub(in crate::image::compat) fn defocus(pixels: &RgbImage, (radius, sigma): (isize, f64)) -> RgbImage {
    let (reach, kernel) = softened_disc(radius, sigma);
    let side = 2 * reach + 1;
    let weight =
        |across: usize, down: usize| kernel.get((reach + down) * side + reach + across).copied().unwrap_or(0.0);
    Disc::new(reach, weight).average(pixels, Border::Mirror, Rounding::Down)
}

/// The reference's kernel, row by row, and its reach: at radius 8 the window cuts the soft rim off.
fn softened_disc(radius: isize, sigma: f64) -> (usize, Vec<f64>) {
    let (reach, taps) = if radius <= 8 { (8, 1) } else { (radius, 2) };
    let side = (2 * reach + 1).unsigned_abs();
    let inside = |x: isize, y: isize| f64::from(u8::from(x * x + y * y <= radius * radius));
    let cells = || (-reach..=reach).flat_map(move |y| (-reach..=reach).map(move |x| (x, y)));
    let area: f64 = cells().map(|(x, y)| inside(x, y)).sum();
    let half = bell(sigma, taps);
    let weight = |away: isize| half.get(away.unsigned_abs()).map_or(0.0, |w| if away == 0 { 2.0 * w } else { *w });
    let near = |at: isize| Border::Mirror.place(at + reach, side).cast_signed() - reach;
    let span = -taps.cast_signed()..=taps.cast_signed();
    let soft = |(x, y): (isize, isize)| {
        let around = span.clone().flat_map(|dy| span.clone().map(move |dx| (dx, dy)));
        around.map(|(dx, dy)| weight(dx) * weight(dy) * inside(near(x + dx), near(y + dy))).sum::<f64>() / area
    };
    (reach.unsigned_abs(), cells().map(soft).collect())
}

/// Copies shifted along a line, weighted by one side of a bell.
pub(super) fn motion(pixels: &RgbImage, severity: Severity, angle: f64) -> RgbImage {
    let (radius, sigma) = severity.of([(10, 3.0), (15, 5.0), (15, 8.0), (15, 12.0), (20, 15.0)]);
    let size = (pixels.width(), pixels.height());
    once(pixels, &trail(radius, sigma, angle, size), Border::Repeat, Rounding::Down)
}

/// The shifts of that motion. Those beyond the picture are left out and not made up for, as in the reference.
#[expect(clippy::cast_possible_truncation, reason = "a few dozen pixels")]
pub(in crate::image::compat) fn trail(radius: u32, sigma: f64, angle: f64, (width, height): (u32, u32)) -> Vec<Tap> {
    let count = 2 * radius + 1;
    let weight = |i: u32| libm::exp(-f64::from(i) * f64::from(i) / (2.0 * sigma * sigma));
    let total: f64 = (0..count).map(weight).sum();
    let turn = angle * core::f64::consts::PI / 180.0;
    let step = |i: u32, along: f64| libm::ceil(f64::from(i) * along - 0.5) as isize;
    let taps = (0..count).map(|i| Tap {
        across: step(i, libm::cos(turn)),
        down: step(i, libm::sin(turn)),
        weight: weight(i) / total,
    });
    taps.take_while(|tap| tap.across.unsigned_abs() < width as usize && tap.down.unsigned_abs() < height as usize)
        .collect()
}

/// How many factors each severity's list holds, as floating-point ranges make them, and their step.
pub(in crate::image::compat) const ZOOMS: [(u16, f64); 5] =
    [(12, 0.01), (16, 0.01), (11, 0.02), (13, 0.02), (11, 0.03)];

/// Which part of an enlarged copy is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::image::compat) enum Kept {
    /// The upper left one.
    UpperLeft,
    /// The middle.
    Middle,
}

/// The mean of the picture and enlarged copies of it.
///
/// The three channels of a pixel are worked on as fields of one number: 21 bits hold a byte, a weight of 8 bits, and the
/// sum of all layers.
pub(in crate::image::compat) fn zoom(pixels: &RgbImage, (count, step): (u16, f64), kept: Kept) -> RgbImage {
    let (width, height) = (pixels.width() as usize, pixels.height() as usize);
    let layers: Vec<[Enlarged; 2]> = (0..count)
        .map(|i| 1.0 + f64::from(i) * step)
        .map(|factor| [Enlarged::new(width, factor, kept), Enlarged::new(height, factor, kept)])
        .collect();
    let packed: Vec<u64> = pixels.as_chunks::<CHANNELS>().0.iter().map(pack).collect();
    let row = |y: usize| packed.get(y * width..(y + 1) * width).unwrap_or_default();
    let mut out = pixels.clone();
    let (mut mixed, mut total) = (vec![0; width + 1], vec![0; width]);
    for (y, line) in out.chunks_exact_mut((width * CHANNELS).max(1)).enumerate() {
        total.iter_mut().zip(row(y)).for_each(|(total, pixel)| *total = pixel << 8);
        for [across, down] in &layers {
            let Some(place) = down.places.get(y) else { continue };
            mix_rows(row(place.at), row((place.at + 1).min(height - 1)), place.share, &mut mixed);
            add_wide(&mixed, &across.places, &mut total);
        }
        unpack(&total, 1.0 / (f32::from(count + 1) * 256.0), line);
    }
    out
}

/// Bits of a field.
const FIELD: u32 = 21;

/// One in every field.
pub(super) const ONES: u64 = 1 | (1 << FIELD) | (1 << (2 * FIELD));

pub(super) fn pack([r, g, b]: &[u8; CHANNELS]) -> u64 {
    u64::from(*r) | (u64::from(*g) << FIELD) | (u64::from(*b) << (2 * FIELD))
}

/// Where the pixels of one side of an enlarged copy come from.
struct Enlarged {
    places: Vec<Place>,
}

/// A place between two pixels.
#[derive(Clone, Copy)]
struct Place {
    at: usize,
    /// The weight of the second, in 256ths.
    share: u64,
}

impl Enlarged {
    /// The middle part of a side, enlarged to about its length.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "lengths in pixels")]
    fn new(length: usize, factor: f64, kept: Kept) -> Self {
        let part = libm::ceil(length as f64 / factor) as usize;
        let first = length.saturating_sub(part) / 2;
        let size = libm::rint(part as f64 * factor) as usize;
        let step = if size > 1 { part.saturating_sub(1) as f64 / (size - 1) as f64 } else { 0.0 };
        let trim = if kept == Kept::Middle { size.saturating_sub(length) / 2 } else { 0 };
        let place = |i: usize| {
            let from = (i + trim) as f64 * step;
            let at = (libm::floor(from) as usize).min(part.saturating_sub(1));
            Place { at: first + at, share: libm::round((from - at as f64) * 256.0).clamp(0.0, 256.0) as u64 }
        };
        Self { places: (0..size.min(length)).map(place).collect() }
    }
}

/// Two rows weighted, to the nearest grey level; the last pixel comes twice.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl+avx512dq", "x86_64+avx2"))]
fn mix_rows(upper: &[u64], lower: &[u64], share: u64, mixed: &mut [u64]) {
    for (mixed, (upper, lower)) in mixed.iter_mut().zip(upper.iter().zip(lower)) {
        let sum = upper.wrapping_mul(256 - share).wrapping_add(lower.wrapping_mul(share));
        *mixed = (sum.wrapping_add(ONES << 7) >> 8) & (ONES * 255);
    }
    if let [.., before, last] = mixed {
        *last = *before;
    }
}

/// Adds a row at its new width.
fn add_wide(row: &[u64], places: &[Place], total: &mut [u64]) {
    for (total, place) in total.iter_mut().zip(places) {
        if let Some([one, other]) = row.get(place.at..place.at + 2) {
            let sum = one.wrapping_mul(256 - place.share).wrapping_add(other.wrapping_mul(place.share));
            *total = total.wrapping_add(sum);
        }
    }
}

/// Means, cut off to whole grey levels.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl+avx512dq", "x86_64+avx2"))]
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "below 2^21")]
pub(super) fn unpack(total: &[u64], scale: f32, line: &mut [u8]) {
    let field = |sum: u64| ((sum as u32) & ((1 << FIELD) - 1)).cast_signed() as f32 * scale;
    for (pixel, sum) in line.as_chunks_mut::<CHANNELS>().0.iter_mut().zip(total) {
        let (red, green, blue) = (field(*sum), field(*sum >> FIELD), field(*sum >> (2 * FIELD)));
        *pixel = [cut_off(red), cut_off(green), cut_off(blue)];
    }
}

#[cfg(test)]
mod tests {
    use super::{Enlarged, Kept, softened_disc, trail};

    #[test]
    fn the_kernel_of_radius_six_is_flat_inside_and_sums_to_one() {
        let (reach, kernel) = softened_disc(6, 0.5);
        assert_eq!((reach, kernel.len()), (8, 17 * 17));
        assert!((kernel.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!((kernel[8 * 17 + 8] - 1.0 / 113.0).abs() < 1e-12 && kernel[0] == 0.0);
    }

    #[test]
    fn a_trail_leaves_out_what_lies_beyond_the_picture() {
        assert_eq!(trail(15, 8.0, 0.0, (100, 100)).len(), 31);
        assert_eq!(trail(15, 8.0, 0.0, (10, 100)).len(), 10);
        let taps = trail(15, 8.0, 90.0, (100, 100));
        assert!(taps.iter().enumerate().all(|(i, tap)| (tap.across, tap.down) == (0, i as isize)));
    }

    #[test]
    fn a_factor_of_one_is_the_side_itself() {
        let places = Enlarged::new(7, 1.0, Kept::UpperLeft).places;
        assert!(places.iter().enumerate().all(|(i, place)| (place.at, place.share) == (i, 0)));
        assert_eq!(Enlarged::new(1, 1.3, Kept::Middle).places.len(), 1);
    }
}
