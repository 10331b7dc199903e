//! Wide blurs worked on a smaller copy, so that their cost does not grow with the photograph.
//!
//! Not an operator. A blur many pixels wide leaves nothing that a copy at a fraction of the resolution could not hold;
//! the copy is made of means of squares, and enlarged by bilinear weights. Whole numbers throughout.

use image::RgbImage;
use multiversion::multiversion;

use crate::image::kernels::{CHANNELS, part};

/// How many pixels become one, so that a length still spans `enough` of them.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a positive ratio of lengths in pixels")]
pub(super) fn square_for(length: f64, enough: f64) -> u32 {
    ((length / enough) as u32).max(1)
}

/// The variance, in pixels², that the way to the copy and back adds: means of squares, then bilinear weights.
pub(super) fn added_variance(square: u32) -> f64 {
    let side = f64::from(square);
    if square == 1 { 0.0 } else { (side * side - 1.0) / 12.0 + side * side / 6.0 }
}

/// Blurs on a copy in which each square of pixels has become one; a side of one is the photograph itself.
pub(super) fn on_coarse(source: &RgbImage, square: u32, blur: impl FnOnce(&RgbImage) -> RgbImage) -> RgbImage {
    if square == 1 {
        return blur(source);
    }
    enlarge(&blur(&reduce(source, square)), square, source.dimensions())
}

/// Means of squares; beyond the border the outermost pixel is repeated.
fn reduce(source: &RgbImage, square: u32) -> RgbImage {
    let stride = source.width() as usize * CHANNELS;
    let last = (source.height() as usize).saturating_sub(1);
    let columns = source.width().div_ceil(square) as usize;
    let mut out = RgbImage::new(source.width().div_ceil(square), source.height().div_ceil(square));
    let mut sums = vec![0_u32; stride];
    for (row, line) in out.chunks_exact_mut((columns * CHANNELS).max(1)).enumerate() {
        sums.fill(0);
        for y in row * square as usize..(row + 1) * square as usize {
            let y = y.min(last);
            add_row(source.get(y * stride..(y + 1) * stride).unwrap_or_default(), &mut sums);
        }
        means(&sums, square as usize, line);
    }
    out
}

/// Adds a row of bytes to sums of its columns.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn add_row(row: &[u8], sums: &mut [u32]) {
    sums.iter_mut().zip(row).for_each(|(sum, byte)| *sum = sum.wrapping_add(u32::from(*byte)));
}

/// The means of so many columns each, whose sums over as many rows are given.
#[expect(clippy::cast_possible_truncation, reason = "a mean of bytes is a byte, a square a few hundred pixels")]
fn means(sums: &[u32], square: usize, line: &mut [u8]) {
    let count = (square * square) as u32;
    let pixels = sums.as_chunks::<CHANNELS>().0;
    for (pixel, part) in line.as_chunks_mut::<CHANNELS>().0.iter_mut().zip(pixels.chunks(square)) {
        let missing = (square - part.len()) as u32;
        let mut total = part.last().copied().unwrap_or_default().map(|sum| sum * missing + count / 2);
        part.iter().for_each(|sums| total.iter_mut().zip(sums).for_each(|(total, sum)| *total += sum));
        *pixel = total.map(|total| (total / count) as u8);
    }
}

/// Bilinear weights between the centres of the squares: along each small row once, then between two of those.
fn enlarge(small: &RgbImage, square: u32, (width, height): (u32, u32)) -> RgbImage {
    let mut out = RgbImage::new(width, height);
    let stride = small.width() as usize * CHANNELS;
    let columns: Vec<Between> = (0..width).map(|x| Between::new(x, square, small.width())).collect();
    let widened = |row: usize| {
        let bytes = small.get(row * stride..(row + 1) * stride).unwrap_or_default();
        widen(bytes.as_chunks::<CHANNELS>().0, &columns)
    };
    let mut kept = [(usize::MAX, Vec::new()), (usize::MAX, Vec::new())];
    for (y, line) in (0..).zip(out.chunks_exact_mut((width as usize * CHANNELS).max(1))) {
        let at = Between::new(y, square, small.height());
        // Even and odd rows have a place each, so that a row is widened once.
        for row in [at.before, at.after] {
            if let Some(slot) = kept.get_mut(row % 2)
                && slot.0 != row
            {
                *slot = (row, widened(row));
            }
        }
        let [even, odd] = &kept;
        let row = |row: usize| if row.is_multiple_of(2) { even.1.as_slice() } else { odd.1.as_slice() };
        mix(row(at.before), row(at.after), at.share, line);
    }
    out
}

/// A place between the centres of two squares.
struct Between {
    before: usize,
    after: usize,
    /// The weight of the later one, in 65 536ths.
    share: u32,
}

impl Between {
    /// Pixel `place` of the large picture, in squares of the small one with that many squares.
    fn new(place: u32, square: u32, count: u32) -> Self {
        // In halves of a pixel and shifted by one square, so that nothing is negative.
        let along = 2 * place + 1 + square;
        let (next, part) = (along / (2 * square), along % (2 * square));
        let last = count.saturating_sub(1);
        let share = ((u64::from(part) << 16) / u64::from(2 * square)) as u32;
        Self { before: next.saturating_sub(1).min(last) as usize, after: next.min(last) as usize, share }
    }
}

/// A small row at full width, with 8 bits after the point.
#[expect(clippy::cast_possible_truncation, reason = "a weighted mean of bytes with 8 more bits")]
fn widen(pixels: &[[u8; CHANNELS]], columns: &[Between]) -> Vec<u16> {
    let at = |place: usize| pixels.get(place).copied().unwrap_or_default();
    let mixed = columns.iter().flat_map(|column| {
        let ([r, g, b], [s, h, c]) = (at(column.before), at(column.after));
        let (early, late) = (65_536 - column.share, column.share);
        [(r, s), (g, h), (b, c)].map(|(one, other)| ((u32::from(one) * early + u32::from(other) * late) >> 8) as u16)
    });
    mixed.collect()
}

/// Two rows weighted, to the nearest grey level.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn mix(before: &[u16], after: &[u16], share: u32, line: &mut [u8]) {
    mix_lanes(before, after, share, line);
}

/// The portable text of [`mix`].
#[inline(always)]
fn mix_lanes(before: &[u16], after: &[u16], share: u32, line: &mut [u8]) {
    let late = share.min(65_535) as u16;
    let early = (65_536 - share).min(65_535) as u16;
    for ((byte, one), other) in line.iter_mut().zip(before).zip(after) {
        let sum = part(*one, early).wrapping_add(part(*other, late)).wrapping_add(1);
        *byte = (sum.saturating_add(128) >> 8) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::{enlarge, mix, mix_lanes, on_coarse, reduce, square_for};
    use image::{Rgb, RgbImage};

    #[test]
    fn short_lengths_stay_on_the_photograph() {
        assert_eq!((square_for(31.9, 16.0), square_for(32.0, 16.0), square_for(2.0, 16.0)), (1, 2, 1));
    }

    #[test]
    fn squares_are_averaged_and_the_border_repeated() {
        let image = RgbImage::from_fn(5, 2, |x, _| Rgb([(10 * x) as u8; 3]));
        let small = reduce(&image, 2);
        assert_eq!(small.pixels().map(|pixel| pixel.0[0]).collect::<Vec<_>>(), [5, 25, 40]);
    }

    #[test]
    fn a_ramp_goes_there_and_back() {
        for square in [2, 3, 5] {
            let ramp = RgbImage::from_fn(60, 61, |x, y| Rgb([(x * 2 + y) as u8, (3 * x) as u8, 77]));
            let back = enlarge(&reduce(&ramp, square), square, ramp.dimensions());
            for (x, y, pixel) in back.enumerate_pixels().filter(|(x, y, _)| (6..54).contains(x) && (6..54).contains(y))
            {
                assert!(pixel.0.iter().zip(ramp.get_pixel(x, y).0).all(|(a, b)| a.abs_diff(b) <= 1), "{x} {y}");
            }
        }
    }

    #[test]
    fn a_square_of_one_is_the_photograph() {
        let image = RgbImage::from_fn(4, 3, |x, y| Rgb([(x * y) as u8; 3]));
        assert_eq!(on_coarse(&image, 1, RgbImage::clone), image);
    }

    #[test]
    fn the_dispatched_loop_gives_what_the_portable_one_gives() {
        let row = |k: u32| (0..1000).map(|i: u32| (i * k % 65_281) as u16).collect::<Vec<_>>();
        let (mut one, mut other) = ([0; 1000], [0; 1000]);
        mix(&row(7919), &row(104_729), 20_000, &mut one);
        mix_lanes(&row(7919), &row(104_729), 20_000, &mut other);
        assert_eq!(one, other);
    }
}
