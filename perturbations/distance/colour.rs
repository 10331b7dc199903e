//! Colour difference ΔE2000: CIE 142-2001, with the numbering of Sharma, Wu and Dalal (2005).

use image::RgbImage;

use crate::image::light::to_light;

/// Mean ΔE2000 of two sRGB pictures of one size (pixels without a partner are passed over); 0 for empty ones.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "pixel counts far below 2^52")]
pub fn colour_difference(one: &RgbImage, other: &RgbImage) -> f64 {
    let light: Vec<f64> = (0_u8..=255).map(|value| to_light(f64::from(value) / 255.0)).collect();
    let lab =
        |pixel: &image::Rgb<u8>| lab(pixel.0.map(|value| light.get(usize::from(value)).copied().unwrap_or_default()));
    let pairs = one.pixels().zip(other.pixels());
    let count = pairs.len().max(1) as f64;
    pairs.filter(|(a, b)| a != b).map(|(a, b)| delta_e_2000(lab(a), lab(b))).sum::<f64>() / count
}

/// CIE L*a*b* (D65) of linear sRGB.
fn lab([r, g, b]: [f64; 3]) -> [f64; 3] {
    let x = (0.412_456_4 * r + 0.357_576_1 * g + 0.180_437_5 * b) / 0.950_47;
    let y = 0.212_672_9 * r + 0.715_152_2 * g + 0.072_175 * b;
    let z = (0.019_333_9 * r + 0.119_192 * g + 0.950_304_1 * b) / 1.088_83;
    let bend = |t: f64| if t > 216.0 / 24_389.0 { libm::cbrt(t) } else { (24_389.0 / 27.0 * t + 16.0) / 116.0 };
    let (x, y, z) = (bend(x), bend(y), bend(z));
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// ΔE2000 with all three weights at 1.
fn delta_e_2000([l1, a1, b1]: [f64; 3], [l2, a2, b2]: [f64; 3]) -> f64 {
    let stretch = 1.5 - 0.5 * seventh((libm::hypot(a1, b1) + libm::hypot(a2, b2)) / 2.0);
    let (a1, a2) = (a1 * stretch, a2 * stretch);
    let (c1, c2) = (libm::hypot(a1, b1), libm::hypot(a2, b2));
    let (h1, h2) = (hue(a1, b1), hue(a2, b2));
    let grey = c1 * c2 == 0.0;
    let turn = if grey { 0.0 } else { shortest(h2 - h1) };
    let (lightness, chroma) = ((l1 + l2) / 2.0, (c1 + c2) / 2.0);
    let middle = if grey { h1 + h2 } else { h1 + turn / 2.0 };
    let l = (l2 - l1) / (1.0 + lightness_weight(lightness));
    let c = (c2 - c1) / (1.0 + 0.045 * chroma);
    let h = 2.0 * libm::sqrt(c1 * c2) * libm::sin(radians(turn / 2.0)) / (1.0 + 0.015 * chroma * hue_weight(middle));
    libm::sqrt((l * l + c * c + h * h + rotation(chroma, middle) * c * h).max(0.0))
}

/// √(c⁷ / (c⁷ + 25⁷)).
fn seventh(chroma: f64) -> f64 {
    let power = libm::pow(chroma, 7.0);
    libm::sqrt(power / (power + 6_103_515_625.0))
}

fn lightness_weight(lightness: f64) -> f64 {
    let square = (lightness - 50.0) * (lightness - 50.0);
    0.015 * square / libm::sqrt(20.0 + square)
}

fn hue_weight(hue: f64) -> f64 {
    let cosine = |degrees: f64| libm::cos(radians(degrees));
    1.0 - 0.17 * cosine(hue - 30.0) + 0.24 * cosine(2.0 * hue) + 0.32 * cosine(3.0 * hue + 6.0)
        - 0.2 * cosine(4.0 * hue - 63.0)
}

/// The interaction of chroma and hue in the blue region.
fn rotation(chroma: f64, hue: f64) -> f64 {
    let off = shortest(hue - 275.0) / 25.0;
    -2.0 * seventh(chroma) * libm::sin(radians(60.0 * libm::exp(-off * off)))
}

/// The hue angle in degrees, 0–360; 0 for grey.
fn hue(a: f64, b: f64) -> f64 {
    let degrees = libm::atan2(b, a) * 180.0 / core::f64::consts::PI;
    if degrees < 0.0 { degrees + 360.0 } else { degrees }
}

/// The same angle between −180 and 180 degrees.
fn shortest(degrees: f64) -> f64 {
    if degrees > 180.0 {
        degrees - 360.0
    } else if degrees < -180.0 {
        degrees + 360.0
    } else {
        degrees
    }
}

fn radians(degrees: f64) -> f64 {
    degrees * core::f64::consts::PI / 180.0
}

#[cfg(test)]
mod tests {
    use super::{colour_difference, delta_e_2000, lab};
    use image::{Rgb, RgbImage};

    /// Pairs and results published with Sharma, Wu and Dalal, Color Research and Application 2005.
    const PUBLISHED: &[([f64; 3], [f64; 3], f64)] = &[
        ([50.0, 2.6772, -79.7751], [50.0, 0.0, -82.7485], 2.0425),
        ([50.0, 3.1571, -77.2803], [50.0, 0.0, -82.7485], 2.8615),
        ([50.0, -1.3802, -84.2814], [50.0, 0.0, -82.7485], 1.0),
        ([50.0, 2.5, 0.0], [50.0, 0.0, -2.5], 4.3065),
        ([50.0, 2.5, 0.0], [73.0, 25.0, -18.0], 27.1492),
        ([50.0, 2.5, 0.0], [61.0, -5.0, 29.0], 22.8977),
        ([50.0, 2.5, 0.0], [56.0, -27.0, -3.0], 31.9030),
        ([50.0, 2.5, 0.0], [58.0, 24.0, 15.0], 19.4535),
        ([60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644),
        ([2.0776, 0.0795, -1.1350], [0.9033, -0.0636, -0.5514], 0.9082),
    ];

    #[test]
    fn the_published_pairs_have_the_published_differences() {
        for (one, other, wanted) in PUBLISHED {
            assert!((delta_e_2000(*one, *other) - wanted).abs() < 1e-4, "{one:?} {other:?}");
            assert!((delta_e_2000(*other, *one) - wanted).abs() < 1e-4, "{other:?} {one:?}");
        }
    }

    #[test]
    fn white_is_white_and_red_is_where_it_should_be() {
        let close = |got: [f64; 3], wanted: [f64; 3]| got.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 0.02);
        assert!(close(lab([1.0; 3]), [100.0, 0.0, 0.0]));
        assert!(close(lab([1.0, 0.0, 0.0]), [53.24, 80.09, 67.20]));
    }

    #[test]
    fn the_mean_counts_pixels_that_are_the_same() {
        let black = RgbImage::new(2, 2);
        let mut one_white = black.clone();
        one_white.put_pixel(0, 0, Rgb([255; 3]));
        assert!((colour_difference(&black, &one_white) - 25.0).abs() < 0.01);
    }
}
