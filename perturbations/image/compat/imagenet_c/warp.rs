//! Elastic transform: every pixel fetched from a randomly, smoothly displaced place.

use image::RgbImage;

use super::Severity;
use super::field::{Beyond, Field};
use super::optics::{ONES, pack, unpack};
use crate::Stream;

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
    let packed: Vec<u64> = pixels.as_chunks::<3>().0.iter().map(pack).collect();
    let mut out = pixels.clone();
    let mut fetched = vec![0; width];
    let lines = out.chunks_exact_mut((3 * width).max(1));
    let shifts = across.values.chunks_exact(width.max(1)).zip(down.values.chunks_exact(width.max(1)));
    for ((y, line), (across, down)) in lines.enumerate().zip(shifts) {
        for (((x, slot), right), below) in fetched.iter_mut().enumerate().zip(across).zip(down) {
            let (place, row) = (Between::new(x, *right, width), Between::new(y, *below, height));
            let fetch = |x: usize, y: usize| packed.get(y * width + x).copied().unwrap_or_default();
            let upper = place.mix(fetch(place.one, row.one), fetch(place.other, row.one));
            let lower = place.mix(fetch(place.one, row.other), fetch(place.other, row.other));
            *slot = row.mix(rounded(upper), rounded(lower));
        }
        unpack(&fetched, 1.0 / 256.0, line);
    }
    out
}

/// Three fields with 8 bits after the point, each to the nearest grey level.
fn rounded(sums: u64) -> u64 {
    (sums.wrapping_add(ONES << 7) >> 8) & (ONES * 255)
}

/// A place between two pixels of a side.
struct Between {
    one: usize,
    other: usize,
    /// The weight of the other, in 256ths.
    share: u64,
}

impl Between {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "places near a picture")]
    fn new(at: usize, shift: f32, length: usize) -> Self {
        let fine = (at as f32 * 256.0 + shift * 256.0) as i32;
        let whole = fine >> 8;
        // Most places lie inside; the others cost a division.
        let place = |at: i32| {
            let inside = usize::try_from(at).ok().filter(|at| *at < length);
            inside.unwrap_or_else(|| Beyond::Mirrored.place(at as isize, length))
        };
        Self { one: place(whole), other: place(whole + 1), share: (fine & 255) as u64 }
    }

    /// Two pixels weighted, channel by channel, with 8 bits after the point.
    fn mix(&self, one: u64, other: u64) -> u64 {
        one.wrapping_mul(256 - self.share).wrapping_add(other.wrapping_mul(self.share))
    }
}

#[cfg(test)]
mod tests {
    use super::{Between, Severity, elastic};
    use crate::Stream;
    use image::{Rgb, RgbImage};

    #[test]
    fn places_beyond_the_border_are_mirrored() {
        let place = |at, shift| Between::new(at, shift, 5);
        assert_eq!((place(0, -1.5).one, place(0, -1.5).other, place(0, -1.5).share), (1, 0, 128));
        assert_eq!((place(4, 0.25).one, place(4, 0.25).other, place(4, 0.25).share), (4, 4, 64));
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
