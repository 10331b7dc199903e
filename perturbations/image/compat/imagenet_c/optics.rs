//! Gaussian, defocus, motion and zoom blur.

use image::RgbImage;

use super::Severity;
use crate::image::kernels::bell::{bell, separable};
use crate::image::kernels::disc::Disc;
use crate::image::kernels::taps::{Tap, once};
use crate::image::kernels::{Border, Rounding};

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

#[cfg(test)]
mod tests {
    use super::{softened_disc, trail};

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
}
