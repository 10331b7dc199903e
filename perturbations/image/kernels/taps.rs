//! A handful of weighted neighbours anywhere around a pixel, in 8-bit fixed point.

use image::RgbImage;

use super::lanes::add_taps;
use super::{Border, CHANNELS, LANES, Plane, Reach, Rounding, filter, whole_shares};

/// Bits after the point of the result.
const BITS: u32 = 8;

/// One neighbour and what it weighs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Tap {
    /// Columns to the right.
    pub across: isize,
    /// Rows down.
    pub down: isize,
    /// Its weight; all sum to at most 1.
    pub weight: f64,
}

/// How far the taps reach.
pub(crate) fn reach(taps: &[Tap]) -> Reach {
    let most = |of: fn(&Tap) -> isize| taps.iter().map(|tap| of(tap).unsigned_abs()).max().unwrap_or(0);
    Reach { across: most(|tap| tap.across), down: most(|tap| tap.down) }
}

/// Sums weighted neighbours.
pub(crate) fn once(source: &RgbImage, taps: &[Tap], border: Border, rounding: Rounding) -> RgbImage {
    twice(source, taps, &[Tap { across: 0, down: 0, weight: 1.0 }], border, rounding)
}

/// Sums weighted neighbours: first those of `taps`, and of that sum those of `again`. One tap of weight 1 in the centre
/// leaves a step out.
pub(crate) fn twice(source: &RgbImage, taps: &[Tap], again: &[Tap], border: Border, rounding: Rounding) -> RgbImage {
    let (one, two) = (reach(taps), reach(again));
    let both = Reach { across: one.across + two.across, down: one.down + two.down };
    let (first, second) = (Weights::new(taps), Weights::new(again));
    filter(
        source,
        (both, border),
        (BITS, rounding),
        |plane| {
            plane.numbers.iter_mut().for_each(|number| *number <<= BITS);
            if again.len() > 1 {
                first.over(plane, one);
            }
        },
        |plane, y, total| {
            let last = if again.len() > 1 { &second } else { &first };
            last.sum(&plane.numbers, plane.stride, plane.at(y), total);
        },
    )
}

/// Taps ready for the inner loop.
struct Weights {
    places: Vec<(isize, isize)>,
    shares: Vec<u16>,
}

impl Weights {
    fn new(taps: &[Tap]) -> Self {
        let weights: Vec<f64> = taps.iter().map(|tap| tap.weight).collect();
        Self {
            places: taps.iter().map(|tap| (tap.across, tap.down)).collect(),
            shares: whole_shares(&weights, 65_536.0),
        }
    }

    /// The weighted sum around each of a row's numbers, the first of which stands at `from`.
    #[expect(clippy::cast_possible_wrap, reason = "places in a picture")]
    fn sum(&self, numbers: &[u16], stride: usize, from: usize, out: &mut [u16]) {
        let place = |(across, down): &(isize, isize)| {
            from.wrapping_add_signed(across * CHANNELS as isize + down * stride as isize)
        };
        let rows: Vec<(usize, u16)> = self.places.iter().map(place).zip(self.shares.iter().copied()).collect();
        add_taps(numbers, &rows, out);
    }

    /// The sum in place of the plane, wherever the neighbours lie inside it.
    fn over(&self, plane: &mut Plane, reach: Reach) {
        plane.second.clear();
        plane.second.resize(plane.numbers.len(), 0);
        let margin = reach.across * CHANNELS;
        let length = plane.stride - 2 * margin;
        let rows = plane.numbers.len() / plane.stride.max(1);
        for row in reach.down..rows.saturating_sub(reach.down) {
            let from = row * plane.stride + margin;
            // The last turn overlaps the one before it, so that nothing is left over.
            for (start, count) in [(from, length / LANES * LANES), (from + length - LANES, LANES)] {
                if let Some(out) = plane.second.get_mut(start..start + count) {
                    self.sum(&plane.numbers, plane.stride, start, out);
                }
            }
        }
        core::mem::swap(&mut plane.numbers, &mut plane.second);
    }
}

#[cfg(test)]
mod tests {
    use super::{Tap, twice};
    use crate::contract::photograph;
    use crate::image::kernels::{Border, Rounding};

    const CENTRE: [Tap; 1] = [Tap { across: 0, down: 0, weight: 1.0 }];

    #[test]
    fn each_tap_shifts_the_picture() {
        let image = photograph(301, 40, 2).pixels;
        for (across, down) in [(0, 0), (5, 0), (-3, 2), (0, -7)] {
            let moved = twice(&image, &[Tap { across, down, weight: 1.0 }], &CENTRE, Border::Repeat, Rounding::Nearest);
            for (x, y, pixel) in moved.enumerate_pixels() {
                let from =
                    |at: u32, by: isize, end: u32| (i64::from(at) + by as i64).clamp(0, i64::from(end) - 1) as u32;
                assert_eq!(pixel, image.get_pixel(from(x, across, 301), from(y, down, 40)), "{x} {y}");
            }
        }
    }

    #[test]
    fn two_steps_are_the_one_step_of_all_their_pairs() {
        let image = photograph(300, 50, 2).pixels;
        let tap = |across, down, weight| Tap { across, down, weight };
        let (one, two) = ([tap(0, 0, 0.25), tap(3, 1, 0.75)], [tap(-20, 4, 0.5), tap(1, -2, 0.5)]);
        let pairs: Vec<Tap> = one
            .iter()
            .flat_map(|a| two.iter().map(move |b| tap(a.across + b.across, a.down + b.down, a.weight * b.weight)))
            .collect();
        let steps = twice(&image, &one, &two, Border::Repeat, Rounding::Nearest);
        let direct = twice(&image, &pairs, &CENTRE, Border::Repeat, Rounding::Nearest);
        assert!(steps.iter().zip(direct.iter()).all(|(a, b)| a.abs_diff(*b) <= 1));
        let differ = steps.iter().zip(direct.iter()).filter(|(a, b)| a != b).count();
        assert!(differ < steps.len() / 50, "{differ}");
    }
}
