//! Kernels that operators share: weighted sums over a neighbourhood, in whole numbers.
//!
//! A picture is worked on in strips of columns, each held as `u16` with its border around it, so that the rows a
//! neighbourhood spans stay in the fastest memory. The inner loops run over [`LANES`] numbers at a time and are compiled
//! for several instruction sets; the widest that the processor has is chosen at run time. Whole numbers make the result
//! the same in all of them, and tests compare them.

pub(crate) mod bell;
pub(crate) mod channels;
pub(crate) mod disc;
mod lanes;
pub(crate) mod pick;
pub(crate) mod plane;
pub(crate) mod sums;
pub(crate) mod table;
pub(crate) mod taps;

use image::RgbImage;
use multiversion::multiversion;

pub(crate) use plane::{Border, Plane};

/// Numbers that one turn of an inner loop works on.
pub(crate) const LANES: usize = 64;

/// Bytes of a pixel; channels lie side by side, so a step to the right is this many numbers.
pub(crate) const CHANNELS: usize = 3;

/// Columns of a strip: the rows of a usual neighbourhood then fit into 48 KiB.
const STRIP: usize = 256;

/// How a fraction of a grey level becomes a whole one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rounding {
    /// To the nearest, as every operator of ours does.
    Nearest,
    /// Cut off, as ImageNet-C does. A 32nd of a level is added before, so that whole numbers stay.
    Down,
}

impl Rounding {
    /// What is added before the fraction is cut off, with that many bits after the point.
    fn offset(self, bits: u32) -> u16 {
        match self {
            Self::Nearest => 1 << (bits - 1),
            Self::Down => 1 << bits.saturating_sub(5),
        }
    }
}

/// Filters strip by strip. `prepare` gets each strip with its border, `sum` fills row `y` of it with numbers that have
/// `bits` bits after the point.
pub(crate) fn filter(
    source: &RgbImage,
    (reach, border): (Reach, Border),
    (bits, rounding): (u32, Rounding),
    mut prepare: impl FnMut(&mut Plane),
    mut sum: impl FnMut(&Plane, usize, &mut [u16]),
) -> RgbImage {
    let mut out = RgbImage::new(source.width(), source.height());
    let (width, mut plane) = (source.width() as usize, Plane::default());
    for left in (0..width).step_by(STRIP) {
        let columns = left..width.min(left + STRIP);
        plane.fill(source, columns.clone(), reach, border);
        prepare(&mut plane);
        let mut total = vec![0; plane.lanes()];
        for (y, line) in out.chunks_exact_mut(width * CHANNELS).enumerate() {
            sum(&plane, y, &mut total);
            let line = line.get_mut(columns.start * CHANNELS..columns.end * CHANNELS).unwrap_or_default();
            to_bytes(&total, (bits, rounding.offset(bits)), line);
        }
    }
    out
}

/// How far a neighbourhood reaches to each side, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Reach {
    /// To the left and to the right.
    pub across: usize,
    /// Up and down.
    pub down: usize,
}

/// The upper half of a product: `a` times a share in 65 536ths.
#[inline(always)]
pub(crate) fn part(a: u16, share: u16) -> u16 {
    ((u32::from(a) * u32::from(share)) >> 16) as u16
}

/// Whole grey levels of numbers with `bits` bits after the point.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn to_bytes(numbers: &[u16], (bits, offset): (u32, u16), bytes: &mut [u8]) {
    for (byte, number) in bytes.iter_mut().zip(numbers) {
        *byte = (number.saturating_add(offset) >> bits).min(255) as u8;
    }
}

/// Added before a fraction is cut off, so that whole levels stay whole in spite of rounding before.
const HAIR: f32 = 1.0 / 64.0;

/// 2²³: an `f32` above it has no bits after the point, so adding it rounds and leaves the whole number in the lowest bits.
const WHOLE: f32 = 8_388_608.0;

/// A grey level with its fraction cut off, limited to 0–255. Written so that compilers make vector code of it, which
/// they do not of a cast.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "the lowest eight bits are meant")]
pub(crate) fn cut_off(level: f32) -> u8 {
    ((level + (HAIR - 0.5)).clamp(0.0, 255.0) + WHOLE).to_bits() as u8
}

/// Shares as whole 65 536ths, or another whole: each within one of its own, and in sum what the shares sum to.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped before the cast")]
pub(crate) fn whole_shares(shares: &[f64], whole: f64) -> Vec<u16> {
    let mut exact = 0.0;
    let mut given = 0.0;
    let mut next = |share: f64| {
        exact += share * whole;
        let now = libm::round(exact - given).clamp(0.0, 65_535.0);
        given += now;
        now as u16
    };
    shares.iter().map(|share| next(*share)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Border, Reach, Rounding, cut_off, filter, to_bytes, whole_shares};
    use image::{Rgb, RgbImage};

    #[test]
    fn a_filter_that_takes_the_middle_changes_nothing() {
        let image = RgbImage::from_fn(600, 9, |x, y| Rgb([x as u8, (y * 20) as u8, (x * y) as u8]));
        for (across, down) in [(0, 0), (3, 1), (70, 20)] {
            let reach = Reach { across, down };
            let same = filter(
                &image,
                (reach, Border::Repeat),
                (7, Rounding::Nearest),
                |_| {},
                |plane, y, total| {
                    let row = plane.numbers.iter().skip(plane.at(y));
                    total.iter_mut().zip(row).for_each(|(total, value)| *total = value << 7);
                },
            );
            assert_eq!(same, image);
        }
    }

    #[test]
    fn fractions_are_rounded_or_cut_off() {
        let mut bytes = [0; 4];
        to_bytes(&[63, 64, 128, 65_535], (7, Rounding::Nearest.offset(7)), &mut bytes);
        assert_eq!(bytes, [0, 1, 1, 255]);
        to_bytes(&[63, 123, 124, 65_535], (7, Rounding::Down.offset(7)), &mut bytes);
        assert_eq!(bytes, [0, 0, 1, 255]);
    }

    #[test]
    fn a_level_is_cut_off_to_a_whole_one() {
        for (level, whole) in
            [(-3.0, 0), (0.0, 0), (0.9, 0), (1.0, 1), (1.995, 2), (7.5, 7), (254.9, 254), (300.0, 255)]
        {
            assert_eq!(cut_off(level), whole, "{level}");
        }
    }

    #[test]
    fn shares_sum_to_the_whole() {
        let shares = [1.0 / 3.0; 3];
        assert_eq!(whole_shares(&shares, 65_536.0).iter().map(|share| u32::from(*share)).sum::<u32>(), 65_536);
        assert_eq!(whole_shares(&[1.0], 65_536.0), [65_535]);
    }
}
