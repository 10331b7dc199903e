//! Elastic transform: every pixel fetched from a randomly, smoothly displaced place.

use image::RgbImage;
use multiversion::multiversion;

use super::Severity;
use super::field::{Beyond, Field};
use crate::Stream;
use crate::image::kernels::channels::Channels;
use crate::image::kernels::cut_off;

/// Displacements are noise of half a percent of the height, blurred by one percent of each side, times a factor.
pub(super) fn elastic(pixels: &RgbImage, severity: Severity, rng: &mut Stream) -> RgbImage {
    let factor = severity.of([12.5, 16.25, 21.25, 25.0, 30.0]);
    let (width, height) = (pixels.width() as usize, pixels.height() as usize);
    let most = height as f64 * 0.005 * factor;
    let mut displaced = || {
        let mut field = Field::even(width, height, most, rng);
        field.blur([height as f64 * 0.01, width as f64 * 0.01], 3.0, Beyond::Mirrored);
        field
    };
    let (across, down) = (displaced(), displaced());
    let sheet = Sheet { bytes: pixels, width, height };
    // Where each column stands, and the row: in 256ths of a pixel.
    let columns: Vec<f32> = (0..width).map(|x| x as f32 * 256.0).collect();
    let mut row = vec![0.0; width];
    let mut out = pixels.clone();
    let mut places = [vec![0; width], vec![0; width]];
    let (mut fetched, mut channels) = (vec![0; width], Channels::new(width));
    for (y, line) in out.chunks_exact_mut((3 * width).max(1)).enumerate() {
        row.fill(y as f32 * 256.0);
        let [right, below] = &mut places;
        moved(&columns, across.row(y), right);
        moved(&row, down.row(y), below);
        for (slot, (x, y)) in fetched.iter_mut().zip(right.iter().zip(&*below)) {
            *slot = sheet.at(*x, *y);
        }
        to_levels(&fetched, &mut channels.rows);
        channels.put(line);
    }
    out
}

/// Places in 256ths of a pixel, shifted by so many pixels, towards 0.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
#[expect(clippy::cast_possible_truncation, reason = "places near a picture")]
fn moved(from: &[f32], shifts: &[f32], places: &mut [i32]) {
    for (place, (from, shift)) in places.iter_mut().zip(from.iter().zip(shifts)) {
        *place = (from + shift * 256.0) as i32;
    }
}

/// A picture whose pixels are fetched as three fields of one number each.
struct Sheet<'a> {
    bytes: &'a [u8],
    width: usize,
    height: usize,
}

impl Sheet<'_> {
    /// The colour at a place in 256ths of a pixel, with 8 bits after the point in each field.
    #[inline]
    #[expect(clippy::cast_sign_loss, reason = "eight binary digits")]
    fn at(&self, x: i32, y: i32) -> u64 {
        let (upper, lower) = self.around(x >> 8, y >> 8);
        let (right, below) = ((x & 255) as u64, (y & 255) as u64);
        let rounded = |[one, other]: [u64; 2]| rounded(mix(one, other, right));
        mix(rounded(upper), rounded(lower), below)
    }

    /// The pixels at that column and the next, in that row and the next.
    #[inline]
    fn around(&self, column: i32, row: i32) -> ([u64; 2], [u64; 2]) {
        if let (Ok(x), Ok(y)) = (usize::try_from(column), usize::try_from(row))
            && x + 1 < self.width
            && y + 1 < self.height
            && let (Some(lower), Some(upper)) = (self.pair(x, y + 1), self.pair(x, y))
        {
            return (upper, lower);
        }
        self.near_border(column, row)
    }

    /// Two neighbours, read with two bytes more; nothing at the very end of the picture.
    #[inline]
    fn pair(&self, x: usize, y: usize) -> Option<[u64; 2]> {
        let start = (y * self.width + x) * 3;
        let both = self.bytes.get(start..start + 8)?.first_chunk().map(|bytes| u64::from_le_bytes(*bytes))?;
        Some([fields(both), fields(both >> 24)])
    }

    #[cold]
    #[inline(never)]
    fn near_border(&self, column: i32, row: i32) -> ([u64; 2], [u64; 2]) {
        let place = |at: i32, length: usize| Beyond::Mirrored.place(at as isize, length);
        let pixels = self.bytes.as_chunks::<3>().0;
        let pair = |y: i32| {
            let start = place(y, self.height) * self.width;
            [column, column + 1].map(|x| {
                let [r, g, b] = pixels.get(start + place(x, self.width)).copied().unwrap_or_default();
                fields(u64::from(r) | u64::from(g) << 8 | u64::from(b) << 16)
            })
        };
        (pair(row), pair(row + 1))
    }
}

/// Bits of a field: a byte weighted in 256ths fits.
const FIELD: u32 = 16;

/// One in every field.
const ONES: u64 = 1 | (1 << FIELD) | (1 << (2 * FIELD));

/// The lowest three bytes, each in its field.
#[inline]
fn fields(bytes: u64) -> u64 {
    (bytes & 0xFF) | (bytes & 0xFF00) << 8 | (bytes & 0xFF_0000) << 16
}

/// Two pixels by the weight of the second in 256ths, with 8 bits after the point in each field.
#[inline]
fn mix(one: u64, other: u64, share: u64) -> u64 {
    one.wrapping_mul(256 - share).wrapping_add(other.wrapping_mul(share))
}

/// Three fields with 8 bits after the point, each to the nearest grey level.
#[inline]
fn rounded(sums: u64) -> u64 {
    (sums.wrapping_add(ONES << 7) >> 8) & (ONES * 255)
}

/// The fields, cut off to whole grey levels.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl+avx512dq", "x86_64+avx2"))]
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "below 2^16")]
fn to_levels(sums: &[u64], [red, green, blue]: &mut [Vec<u8>; 3]) {
    let level = |field: u64| cut_off(((field as u32) & ((1 << FIELD) - 1)).cast_signed() as f32 * (1.0 / 256.0));
    for (((red, green), blue), sum) in red.iter_mut().zip(green).zip(blue).zip(sums) {
        (*red, *green, *blue) = (level(*sum), level(*sum >> FIELD), level(*sum >> (2 * FIELD)));
    }
}

#[cfg(test)]
mod tests {
    use super::{Severity, Sheet, elastic, moved};
    use crate::Stream;
    use image::{Rgb, RgbImage};

    #[test]
    fn places_beyond_the_border_are_mirrored() {
        let row = [0, 10, 20, 30, 40].map(|v| [v; 3]);
        let sheet = Sheet { bytes: row.as_flattened(), width: 5, height: 1 };
        let at = |place: f64| (sheet.at((place * 256.0) as i32, 0) & 0xFFFF) >> 8;
        assert_eq!([at(-1.5), at(-0.5), at(0.0), at(1.25), at(4.25), at(5.5)], [5, 0, 0, 13, 40, 35]);
        let mut places = [0; 3];
        moved(&[0.0, 256.0, 512.0], &[0.5, -2.0, 0.25], &mut places);
        assert_eq!(places, [128, -256, 512 + 64]);
    }

    #[test]
    fn pixels_move_by_a_few_and_a_flat_picture_stays() {
        let flat = RgbImage::from_pixel(60, 40, Rgb([9, 99, 255]));
        assert_eq!(elastic(&flat, Severity(4), &mut Stream::derive(1, &["elastic"])), flat);
        let ramp = RgbImage::from_fn(200, 200, |x, _| Rgb([x as u8; 3]));
        let out = elastic(&ramp, Severity(2), &mut Stream::derive(1, &["elastic"]));
        let moved: Vec<i32> = out.enumerate_pixels().map(|(x, _, p)| i32::from(p.0[0]) - x as i32).collect();
        let square = moved.iter().map(|m| f64::from(m * m)).sum::<f64>() / moved.len() as f64;
        // Noise of ±1 px blurred by 2 px (1 / √(4π·4) of its deviation), times 21.25: 1.7 px.
        assert!((1.0..6.0).contains(&square), "{square}");
    }
}
