//! A symmetric kernel along the rows, then down the columns: two passes in 7-bit fixed point.
//!
//! Taps at one distance to both sides are added before they are weighted. Shares are whole 65 536ths. Each pass is off by
//! at most one 256th of a grey level per distance, a hundredth in the mean.

use image::RgbImage;

use super::lanes::weigh;
use super::{Border, CHANNELS, Plane, Reach, Rounding, filter, whole_shares};

/// Bits after the point between the passes.
const BITS: u32 = 7;

/// Blurs by weights given from the centre outwards, the centre's halved, one half in sum.
pub(crate) fn separable(source: &RgbImage, half: &[f64], border: Border, rounding: Rounding) -> RgbImage {
    let weights = whole_shares(half, 65_536.0);
    let reach = half.len().saturating_sub(1);
    let mut line = Vec::new();
    filter(
        source,
        (Reach { across: reach, down: reach }, border),
        (BITS, rounding),
        |plane| along_rows(plane, &weights, &mut line),
        |plane, y, total| {
            let centre = plane.at(y) - reach * CHANNELS;
            weigh(&plane.numbers, (centre, plane.stride), &weights, total);
        },
    )
}

/// The pass along the rows, in place: a row's first result stands where its border began.
fn along_rows(plane: &mut Plane, weights: &[u16], line: &mut Vec<u16>) {
    let (stride, lanes) = (plane.stride, plane.lanes());
    let centre = weights.len().saturating_sub(1) * CHANNELS;
    for row in plane.numbers.chunks_exact_mut(stride) {
        line.clear();
        line.extend(row.iter().map(|number| number << BITS));
        weigh(line, (centre, CHANNELS), weights, row.get_mut(..lanes).unwrap_or_default());
    }
}

/// A bell from the centre outwards to that distance, the centre's weight halved, one half in sum.
#[expect(clippy::cast_possible_truncation, reason = "a few hundred taps")]
pub(crate) fn bell(sigma: f64, reach: usize) -> Vec<f64> {
    let height = |x: u32| libm::exp(-f64::from(x) * f64::from(x) / (2.0 * sigma * sigma));
    let total = 1.0 + 2.0 * (1..=reach as u32).map(height).sum::<f64>();
    (0..=reach as u32).map(|x| if x == 0 { 0.5 } else { height(x) } / total).collect()
}

#[cfg(test)]
mod tests {
    use super::{bell, separable};
    use crate::contract::photograph;
    use crate::image::kernels::{Border, Rounding};
    use image::RgbImage;

    /// The same in `f64`, straight from the definition.
    fn exact(source: &RgbImage, half: &[f64], border: Border) -> Vec<f64> {
        let (width, height) = (source.width() as usize, source.height() as usize);
        let reach = half.len() as isize - 1;
        let weight = |away: isize| half[away.unsigned_abs()] * if away == 0 { 2.0 } else { 1.0 };
        let at = |values: &[f64], x: usize, y: usize, c: usize| values[(y * width + x) * 3 + c];
        let mut values: Vec<f64> = source.iter().map(|byte| f64::from(*byte)).collect();
        for down in [false, true] {
            let place = |i: usize| (i / 3 % width, i / 3 / width, i % 3);
            let pass = |i: usize| {
                let (x, y, c) = place(i);
                let near = |away: isize| match down {
                    false => at(&values, border.place(x as isize + away, width), y, c),
                    true => at(&values, x, border.place(y as isize + away, height), c),
                };
                (-reach..=reach).map(|away| weight(away) * near(away)).sum()
            };
            values = (0..values.len()).map(pass).collect();
        }
        values
    }

    #[test]
    fn it_is_within_a_tenth_of_a_level_of_the_definition_before_rounding() {
        let image = photograph(83, 61, 3).pixels;
        for (sigma, border) in [(0.4, Border::Repeat), (3.0, Border::Mirror), (7.9, Border::Repeat)] {
            let half = bell(sigma, libm::ceil(3.0 * sigma) as usize);
            let ours = separable(&image, &half, border, Rounding::Nearest);
            let apart = |(byte, exact): (&u8, &f64)| (f64::from(*byte) - exact).abs();
            let worst = ours.iter().zip(&exact(&image, &half, border)).map(apart).fold(0.0, f64::max);
            assert!(worst < 0.6, "sigma {sigma}: {worst}");
        }
    }
}
