//! Squared error and structural similarity of two pictures.

use image::{GrayImage, RgbImage};

/// Mean squared difference of 8-bit values of two pictures of one size; 0 for empty ones.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "sums far below 2^52")]
pub fn squared_error(one: &RgbImage, other: &RgbImage) -> f64 {
    let square = |(a, b): (&u8, &u8)| u64::from(a.abs_diff(*b)) * u64::from(a.abs_diff(*b));
    one.iter().zip(other.iter()).map(square).sum::<u64>() as f64 / one.len().max(1) as f64
}

/// Pixels along the side of a window.
const WINDOW: u32 = 7;

/// Mean structural similarity of luma (Wang et al. 2004: K₁ = 0.01, K₂ = 0.03, range 255) over all 7 × 7 windows with
/// even weights; one window over everything when a side is shorter. The pictures have one size.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "sums far below 2^52")]
pub fn similarity(one: &RgbImage, other: &RgbImage) -> f64 {
    let (one, other) = (grey(one), grey(other));
    let (width, height) = (one.width().min(other.width()), one.height().min(other.height()));
    let (w, h) = (WINDOW.min(width), WINDOW.min(height));
    let sums = Sums::new(&one, &other, width, height);
    let count = f64::from(w) * f64::from(h);
    let mut total = 0.0;
    for y in 0..=height - h {
        for x in 0..=width - w {
            total += window(sums.inside(x, y, w, h).map(|sum| sum as f64 / count.max(1.0)));
        }
    }
    total / (f64::from(width - w + 1) * f64::from(height - h + 1))
}

/// Luma (ITU-R BT.601), rounded.
fn grey(pixels: &RgbImage) -> GrayImage {
    let mut grey = GrayImage::new(pixels.width(), pixels.height());
    for (to, from) in grey.iter_mut().zip(pixels.pixels()) {
        *to = luma(from.0);
    }
    grey
}

#[expect(clippy::cast_possible_truncation, reason = "a weighted mean of bytes is a byte")]
pub(crate) fn luma(rgb: [u8; 3]) -> u8 {
    let [r, g, b] = rgb.map(u32::from);
    ((299 * r + 587 * g + 114 * b + 500) / 1000) as u8
}

/// Similarity within one window, from the means of a, b, a², b² and ab.
fn window([a, b, aa, bb, ab]: [f64; 5]) -> f64 {
    let (c1, c2) = (6.5025, 58.5225);
    let (variance_a, variance_b, covariance) = (aa - a * a, bb - b * b, ab - a * b);
    ((2.0 * a * b + c1) * (2.0 * covariance + c2)) / ((a * a + b * b + c1) * (variance_a + variance_b + c2))
}

/// Sums of a, b, a², b² and ab over everything above and to the left of a corner.
struct Sums {
    stride: usize,
    corners: Vec<[u64; 5]>,
}

impl Sums {
    fn new(one: &GrayImage, other: &GrayImage, width: u32, height: u32) -> Self {
        let stride = width as usize + 1;
        let mut corners = vec![[0; 5]; stride];
        for y in 0..height {
            let mut row = [0; 5];
            corners.push(row);
            for x in 0..width {
                let (a, b) = (u64::from(one.get_pixel(x, y).0[0]), u64::from(other.get_pixel(x, y).0[0]));
                row = plus(row, [a, b, a * a, b * b, a * b]);
                let above = corners.get(corners.len() - stride).copied().unwrap_or_default();
                corners.push(plus(row, above));
            }
        }
        Self { stride, corners }
    }

    fn at(&self, x: u32, y: u32) -> [u64; 5] {
        self.corners.get(y as usize * self.stride + x as usize).copied().unwrap_or_default()
    }

    fn inside(&self, x: u32, y: u32, w: u32, h: u32) -> [u64; 5] {
        let outer = plus(self.at(x + w, y + h), self.at(x, y));
        let cut = plus(self.at(x + w, y), self.at(x, y + h));
        core::array::from_fn(|i| outer[i] - cut[i])
    }
}

fn plus(a: [u64; 5], b: [u64; 5]) -> [u64; 5] {
    core::array::from_fn(|i| a[i] + b[i])
}

#[cfg(test)]
mod tests {
    use super::{similarity, squared_error};
    use image::{Rgb, RgbImage};

    fn texture(shift: u32) -> RgbImage {
        RgbImage::from_fn(24, 20, |x, y| Rgb([((x * 53 + y * 97 + x * y * 7) % 200 + shift) as u8; 3]))
    }

    #[test]
    fn a_picture_is_wholly_similar_to_itself_and_less_so_to_another() {
        assert!((similarity(&texture(0), &texture(0)) - 1.0).abs() < 1e-12);
        let inverted = RgbImage::from_fn(24, 20, |x, y| Rgb(texture(0).get_pixel(x, y).0.map(|v| 255 - v)));
        assert!(similarity(&texture(0), &inverted) < 0.0);
    }

    #[test]
    fn a_shift_of_brightness_costs_only_the_luminance_term() {
        let flat = |value| RgbImage::from_pixel(10, 10, Rgb([value; 3]));
        let wanted = (2.0 * 100.0 * 120.0 + 6.5025) / (100.0 * 100.0 + 120.0 * 120.0 + 6.5025);
        assert!((similarity(&flat(100), &flat(120)) - wanted).abs() < 1e-12);
    }

    #[test]
    fn pictures_smaller_than_a_window_are_one_window() {
        let one = RgbImage::from_pixel(3, 2, Rgb([9; 3]));
        assert!((similarity(&one, &one) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_squared_error_of_a_shift_is_its_square() {
        assert!((squared_error(&texture(0), &texture(5)) - 25.0).abs() < 1e-12);
    }
}
