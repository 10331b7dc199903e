//! Wide blurs worked on a smaller copy, so that their cost does not grow with the photograph.
//!
//! Not an operator. A blur many pixels wide leaves nothing that a copy at a fraction of the resolution could not hold;
//! the copy is made of means of squares, and enlarged by bilinear weights. Whole numbers throughout.

use image::RgbImage;

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
    let stride = source.width() as usize * 3;
    let last = (source.height() as usize).saturating_sub(1);
    let columns = source.width().div_ceil(square) as usize;
    let count = square * square;
    let mut out = RgbImage::new(source.width().div_ceil(square), source.height().div_ceil(square));
    for (row, line) in out.chunks_exact_mut((columns * 3).max(1)).enumerate() {
        let mut sums = vec![[count / 2; 3]; columns];
        for y in row * square as usize..(row + 1) * square as usize {
            let y = y.min(last);
            add_squares(&mut sums, source.get(y * stride..(y + 1) * stride).unwrap_or_default(), square as usize);
        }
        for (pixel, sum) in line.as_chunks_mut::<3>().0.iter_mut().zip(sums) {
            *pixel = sum.map(|sum| byte(sum / count));
        }
    }
    out
}

/// Adds a row of pixels to the sums of its squares.
fn add_squares(sums: &mut [[u32; 3]], row: &[u8], square: usize) {
    let pixels = row.as_chunks::<3>().0;
    for (sum, part) in sums.iter_mut().zip(pixels.chunks(square)) {
        let missing = core::iter::repeat_n(part.last(), square - part.len()).flatten();
        for pixel in part.iter().chain(missing) {
            sum.iter_mut().zip(pixel).for_each(|(sum, value)| *sum += u32::from(*value));
        }
    }
}

/// Bilinear weights between the centres of the squares.
fn enlarge(small: &RgbImage, square: u32, (width, height): (u32, u32)) -> RgbImage {
    let mut out = RgbImage::new(width, height);
    let columns: Vec<Between> = (0..width).map(|x| Between::new(x, square, small.width())).collect();
    let parts = 4 * square * square;
    let mut mixed = Vec::new();
    for (y, line) in (0..).zip(out.chunks_exact_mut((width as usize * 3).max(1))) {
        mix_rows(small, &Between::new(y, square, small.height()), &mut mixed);
        let mixed_at = |at: u32| mixed.get(at as usize).copied().unwrap_or_default();
        for (pixel, at) in line.as_chunks_mut::<3>().0.iter_mut().zip(&columns) {
            *pixel = at.mix(mixed_at(at.before), mixed_at(at.after)).map(|sum| byte((sum + parts / 2) / parts));
        }
    }
    out
}

/// A place between the centres of two squares.
struct Between {
    before: u32,
    after: u32,
    /// The weight of the later one, out of `whole`.
    share: u32,
    /// Twice the square's side.
    whole: u32,
}

impl Between {
    /// Pixel `place` of the large picture, in squares of the small one with that many squares.
    fn new(place: u32, square: u32, count: u32) -> Self {
        // In halves of a pixel and shifted by one square, so that nothing is negative.
        let along = 2 * place + 1 + square;
        let (next, share) = (along / (2 * square), along % (2 * square));
        let last = count.saturating_sub(1);
        Self { before: next.saturating_sub(1).min(last), after: next.min(last), share, whole: 2 * square }
    }

    fn mix(&self, one: [u32; 3], other: [u32; 3]) -> [u32; 3] {
        let ([r, g, b], [s, h, c]) = (one, other);
        [(r, s), (g, h), (b, c)].map(|(a, b)| a * (self.whole - self.share) + b * self.share)
    }
}

/// Two rows of the small picture, weighted.
fn mix_rows(small: &RgbImage, at: &Between, mixed: &mut Vec<[u32; 3]>) {
    mixed.clear();
    let row = |y: u32| (0..small.width()).map(move |x| small.get_pixel(x, y).0.map(u32::from));
    mixed.extend(row(at.before).zip(row(at.after)).map(|(one, other)| at.mix(one, other)));
}

#[expect(clippy::cast_possible_truncation, reason = "a mean of bytes is a byte")]
fn byte(value: u32) -> u8 {
    value as u8
}

#[cfg(test)]
mod tests {
    use super::{enlarge, on_coarse, reduce, square_for};
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
}
