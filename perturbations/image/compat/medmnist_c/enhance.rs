//! Brightness and contrast as Pillow blends them: towards black, or towards the mean grey; fractions are cut off.

use image::RgbImage;

use crate::image::kernels::table::through;

/// Grey levels times a factor.
pub(super) fn brightness(pixels: &RgbImage, factor: f64) -> RgbImage {
    blend(pixels, 0.0, factor)
}

/// Distances from the mean luminance, a whole grey level, times a factor.
pub(super) fn contrast(pixels: &RgbImage, factor: f64) -> RgbImage {
    // ITU-R BT.601 luminance in 16-bit fixed point, rounded for each pixel.
    let grey = |[r, g, b]: [u32; 3]| (19_595 * r + 38_470 * g + 7_471 * b + 0x8000) >> 16;
    let sum: u64 = pixels.pixels().map(|pixel| u64::from(grey(pixel.0.map(u32::from)))).sum();
    let count = f64::from(pixels.width()) * f64::from(pixels.height());
    blend(pixels, libm::floor(sum as f64 / count.max(1.0) + 0.5), factor)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast cuts off and saturates")]
fn blend(pixels: &RgbImage, from: f64, factor: f64) -> RgbImage {
    // Pillow multiplies in single precision.
    let level = |value: usize| from as f32 + factor as f32 * (value as f32 - from as f32);
    through(pixels, &core::array::from_fn(|value| level(value) as u8))
}

#[cfg(test)]
mod tests {
    use super::{brightness, contrast};
    use image::{Rgb, RgbImage};

    #[test]
    fn levels_are_multiplied_and_cut_off() {
        let out = brightness(&RgbImage::from_pixel(2, 1, Rgb([101, 0, 240])), 1.1);
        assert_eq!(out.get_pixel(0, 0).0, [111, 0, 255]);
    }

    #[test]
    fn the_mean_stays() {
        let image = RgbImage::from_fn(2, 1, |x, _| Rgb([[100, 201][x as usize]; 3]));
        let out = contrast(&image, 0.4);
        assert_eq!([0, 1].map(|x| out.get_pixel(x, 0).0[0]), [130, 171]);
    }
}
