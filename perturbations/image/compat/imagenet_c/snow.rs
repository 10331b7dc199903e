//! Snow: enlarged random flakes, driven by the wind, over a brightened picture.

use image::RgbImage;
use multiversion::multiversion;

use super::Severity;
use super::field::Field;
use super::optics::trail;
use crate::Stream;
use crate::image::kernels::channels::each_row;
use crate::image::kernels::taps::once;
use crate::image::kernels::{Border, Rounding, cut_off};

/// One severity of the reference.
#[derive(Clone, Copy)]
struct Weather {
    mean: f64,
    deviation: f64,
    zoom: f64,
    threshold: f32,
    radius: u32,
    sigma: f64,
    kept: f32,
}

/// The reference's five.
const WEATHER: [Weather; 5] = [
    weather([0.1, 3.0, 0.5], (10, 4.0), 0.8),
    weather([0.2, 2.0, 0.5], (12, 4.0), 0.7),
    weather([0.55, 4.0, 0.9], (12, 8.0), 0.7),
    weather([0.55, 4.5, 0.85], (12, 8.0), 0.65),
    weather([0.55, 2.5, 0.85], (12, 12.0), 0.55),
];

#[expect(clippy::cast_possible_truncation, reason = "short decimals")]
const fn weather([mean, zoom, threshold]: [f64; 3], (radius, sigma): (u32, f64), kept: f32) -> Weather {
    Weather { mean, deviation: 0.3, zoom, threshold: threshold as f32, radius, sigma, kept }
}

/// Flakes are added twice, the second time turned by half a turn.
pub(super) fn snow(pixels: &RgbImage, severity: Severity, rng: &mut Stream) -> RgbImage {
    let weather = severity.of(WEATHER);
    let flakes = flakes(pixels, weather, rng);
    let mut out = pixels.clone();
    let (width, height) = (pixels.width() as usize, pixels.height() as usize);
    let row = |y: usize| flakes.get(y * width..(y + 1) * width).unwrap_or_default();
    each_row(&mut out, width, |y, rows| cover(rows, row(y), row(height - 1 - y), weather.kept));
    out
}

/// The layer of flakes, a number for each pixel. It is cut to grey levels before the wind, as the original script does.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates at 255")]
fn flakes(pixels: &RgbImage, weather: Weather, rng: &mut Stream) -> Vec<u8> {
    let (width, height) = pixels.dimensions();
    let part = |side: u32| libm::ceil(f64::from(side) / weather.zoom) as usize;
    let drawn = Field::normal(part(width), part(height), weather.mean, weather.deviation, rng);
    let angle = rng.between(-135.0, -45.0);
    let large = Field::zoomed(&drawn, weather.zoom, width as usize, height as usize);
    let mut still = RgbImage::new(width, height);
    for (pixel, value) in still.as_chunks_mut::<3>().0.iter_mut().zip(&large.values) {
        *pixel = [if *value < weather.threshold { 0 } else { (value * 255.0) as u8 }; 3];
    }
    let trail = trail(weather.radius, weather.sigma, angle, (width, height));
    let driven = once(&still, &trail, Border::Repeat, Rounding::Nearest);
    driven.as_chunks::<3>().0.iter().map(|[grey, ..]| *grey).collect()
}

/// One row: the picture half bleached to a bright grey, and flakes from the left and, turned, from the right.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn cover([red, green, blue]: &mut [Vec<u8>; 3], here: &[u8], turned: &[u8], kept: f32) {
    let flakes = here.iter().zip(turned.iter().rev());
    for (((red, green), blue), (one, other)) in red.iter_mut().zip(green).zip(blue).zip(flakes) {
        let [r, g, b] = [f32::from(*red), f32::from(*green), f32::from(*blue)];
        let bright = (0.299 * r + 0.587 * g + 0.114 * b) * 1.5 + 127.5;
        let flakes = f32::from(*one) + f32::from(*other);
        let mixed = |value: f32| kept * value + (1.0 - kept) * value.max(bright) + flakes;
        (*red, *green, *blue) = (cut_off(mixed(r)), cut_off(mixed(g)), cut_off(mixed(b)));
    }
}

#[cfg(test)]
mod tests {
    use super::{Severity, WEATHER, flakes, snow};
    use crate::Stream;
    use image::{Rgb, RgbImage};

    #[test]
    fn snow_brightens_and_its_flakes_are_drawn_out() {
        let image = RgbImage::from_pixel(120, 90, Rgb([80; 3]));
        let layer = flakes(&image, WEATHER[2], &mut Stream::derive(1, &["snow"]));
        let lit = layer.iter().filter(|v| **v > 20).count();
        assert!(lit > 300 && lit < layer.len() / 2, "{lit}");
        let out = snow(&image, Severity(2), &mut Stream::derive(1, &["snow"]));
        // Without a flake: 0.7 · 80 + 0.3 · (120 + 127.5) = 130.25.
        assert!(out.iter().all(|v| *v >= 130) && out.contains(&130));
    }
}
