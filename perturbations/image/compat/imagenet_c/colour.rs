//! Brightness and saturation in HSV, and contrast around each channel's mean.

use image::RgbImage;
use multiversion::multiversion;

use super::Severity;
use crate::image::kernels::channels::each_row;
use crate::image::kernels::cut_off;
use crate::image::kernels::sums::channel_sums;
use crate::image::kernels::table::through_each;

/// Raises V, the largest channel, by a share of white; the others keep their ratio to it.
pub(super) fn brightness(pixels: &RgbImage, severity: Severity) -> RgbImage {
    let added = severity.of([0.1, 0.2, 0.3, 0.4, 0.5]) * 255.0;
    let mut out = pixels.clone();
    each_row(&mut out, pixels.width() as usize, |_, rows| brighten(rows, added));
    out
}

#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn brighten(rows: &mut [Vec<u8>; 3], added: f32) {
    each_pixel(rows, |[r, g, b]| {
        let value = r.max(g).max(b);
        let raised = (value + added).min(255.0);
        // Black has no ratio and becomes grey.
        let factor = if value > 0.0 { raised / value } else { 0.0 };
        let ground = if value > 0.0 { 0.0 } else { raised };
        [ground + r * factor, ground + g * factor, ground + b * factor]
    });
}

/// Scales S, the distance from grey, and adds to it; greys, which have no hue, turn red when something is added.
pub(super) fn saturate(pixels: &RgbImage, severity: Severity) -> RgbImage {
    let (factor, added) = severity.of([(0.3, 0.0), (0.1, 0.0), (2.0, 0.0), (5.0, 0.1), (20.0, 0.2)]);
    let mut out = pixels.clone();
    each_row(&mut out, pixels.width() as usize, |_, rows| colour(rows, factor, added));
    out
}

#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn colour(rows: &mut [Vec<u8>; 3], factor: f32, added: f32) {
    each_pixel(rows, |[r, g, b]| {
        let value = r.max(g).max(b);
        let spread = value - r.min(g).min(b);
        let grey = spread <= 0.0;
        let before = spread / value.max(1.0);
        let after = (before * factor + added).min(1.0);
        let ratio = if grey { 0.0 } else { after / before };
        let fall = if grey { value * after } else { 0.0 };
        [value - (value - r) * ratio, value - (value - g) * ratio - fall, value - (value - b) * ratio - fall]
    });
}

/// Works on every pixel as numbers and cuts off to whole levels.
#[inline(always)]
fn each_pixel([red, green, blue]: &mut [Vec<u8>; 3], work: impl Fn([f32; 3]) -> [f32; 3]) {
    for ((red, green), blue) in red.iter_mut().zip(green).zip(blue) {
        let [r, g, b] = work([f32::from(*red), f32::from(*green), f32::from(*blue)]);
        (*red, *green, *blue) = (cut_off(r), cut_off(g), cut_off(b));
    }
}

/// Draws each channel towards its mean.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates at 0 and 255")]
pub(super) fn contrast(pixels: &RgbImage, severity: Severity) -> RgbImage {
    let slope = severity.of([0.4, 0.3, 0.2, 0.1, 0.05]);
    let table = |mean: f64| {
        let level = |value: usize| (value as f64 - mean) * slope + mean + 1.0 / 64.0;
        core::array::from_fn(|value| level(value) as u8)
    };
    through_each(pixels, &means(pixels).map(table))
}

/// The mean of each channel.
pub(super) fn means(pixels: &RgbImage) -> [f64; 3] {
    let count = f64::from(pixels.width() * pixels.height()).max(1.0);
    channel_sums(pixels).map(|sum| sum as f64 / count)
}

#[cfg(test)]
mod tests {
    use super::{Severity, brightness, contrast, means, saturate};
    use image::{Rgb, RgbImage};

    fn one(pixel: [u8; 3], work: impl Fn(&RgbImage) -> RgbImage) -> [u8; 3] {
        // A block and a few more pixels: the loop and its end.
        let out = work(&RgbImage::from_pixel(35, 1, Rgb(pixel)));
        assert!(out.pixels().all(|p| p == out.get_pixel(0, 0)));
        out.get_pixel(0, 0).0
    }

    #[test]
    fn brightness_keeps_the_ratio_of_the_channels() {
        // V = 200 rises by 51 to 251.
        assert_eq!(one([200, 100, 40], |image| brightness(image, Severity(1))), [251, 125, 50]);
        assert_eq!(one([0, 0, 0], |image| brightness(image, Severity(1))), [51; 3]);
        assert_eq!(one([250, 125, 0], |image| brightness(image, Severity(4))), [255, 127, 0]);
    }

    #[test]
    fn saturation_moves_away_from_grey_or_towards_it() {
        // S = ½ becomes 1, or 0.05.
        assert_eq!(one([200, 150, 100], |image| saturate(image, Severity(2))), [200, 100, 0]);
        assert_eq!(one([200, 150, 100], |image| saturate(image, Severity(1))), [200, 195, 190]);
        assert_eq!(one([100, 100, 100], |image| saturate(image, Severity(4))), [100, 80, 80]);
        assert_eq!(one([0, 0, 0], |image| saturate(image, Severity(4))), [0; 3]);
    }

    #[test]
    fn contrast_is_a_slope_around_each_channels_mean() {
        let image = RgbImage::from_fn(7000, 2, |x, y| Rgb([if y == 0 { 50 } else { 150 }, 10, (x % 2) as u8]));
        let [red, green, blue] = means(&image);
        assert!((red - 100.0).abs() < 1e-9 && (green - 10.0).abs() < 1e-9 && (blue - 0.5).abs() < 1e-9);
        let out = contrast(&image, Severity(2));
        assert_eq!((out.get_pixel(3, 0).0[..2].to_vec(), out.get_pixel(3, 1).0[0]), (vec![90, 10], 110));
    }
}
