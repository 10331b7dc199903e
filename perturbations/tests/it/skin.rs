//! Drawn skin with a brown spot, in any colour: the same relief and the same spot for every tone, as shares of light.

use bedside_perturbations::{Image, Modality, Region, View};
use image::{Rgb, RgbImage};

/// How much light the middle of the spot returns compared with the skin around it: red, green, blue.
const SPOT: [f64; 3] = [0.42, 0.27, 0.25];

/// A photograph of skin of that mean sRGB colour. The spot's box covers 3/8 of the shorter side around the middle.
pub fn skin(colour: [u8; 3], width: u32, height: u32) -> Image {
    let side = f64::from(width.min(height).max(1));
    let light = colour.map(|value| to_light(f64::from(value) / 255.0));
    let pixels = RgbImage::from_fn(width, height, |x, y| {
        let (across, down) = (f64::from(2 * x + 1) - f64::from(width), f64::from(2 * y + 1) - f64::from(height));
        Rgb(point(light, across / side, down / side))
    });
    let half = (side * 0.1875) as u32;
    let lesion = Some(Region {
        x: (width / 2).saturating_sub(half),
        y: (height / 2).saturating_sub(half),
        w: (2 * half).clamp(1, width.max(1)),
        h: (2 * half).clamp(1, height.max(1)),
    });
    Image { pixels, view: View::Close, modality: Modality::ClinicalPhoto, lesion, tone: None }
}

/// The colour at a place, counted from the middle in halves of the shorter side.
fn point(light: [f64; 3], x: f64, y: f64) -> [u8; 3] {
    let relief = 1.0 + 0.16 * wave(x, y, 1.4, 1) + 0.10 * wave(x, y, 6.0, 2) + 0.10 * wave(x, y, 26.0, 3);
    let red = 0.05 * wave(x, y, 2.5, 4);
    let away = (x * x + 1.3 * y * y).sqrt() + 0.10 * wave(x, y, 3.1, 5) + 0.04 * wave(x, y, 11.0, 6);
    let inside = ((0.36 - away) / 0.08 + 0.5).clamp(0.0, 1.0) * (0.85 + 0.25 * wave(x, y, 9.0, 7)).clamp(0.0, 1.0);
    let tinted = [1.0 + red, 1.0 - red, 1.0 - red];
    core::array::from_fn(|c| {
        let spot = 1.0 - inside * (1.0 - SPOT[c]);
        (255.0 * from_light((light[c] * relief * tinted[c] * spot).clamp(0.0, 1.0)) + 0.5) as u8
    })
}

/// Smooth noise between −1 and 1 (value noise, with that many cells to half of the shorter side).
fn wave(x: f64, y: f64, cells: f64, seed: u32) -> f64 {
    // Turned, so that the lattice does not show along the edges.
    let (x, y) = ((0.8 * x - 0.6 * y + 64.3) * cells, (0.6 * x + 0.8 * y + 64.7) * cells);
    let ease = |t: f64| t * t * (3.0 - 2.0 * t);
    let (left, top) = (x.floor(), y.floor());
    let (u, v) = (ease(x - left), ease(y - top));
    let at = |dx: u32, dy: u32| lattice(left as u32 + dx, top as u32 + dy, seed);
    let (upper, lower) = (at(0, 0) * (1.0 - u) + at(1, 0) * u, at(0, 1) * (1.0 - u) + at(1, 1) * u);
    upper * (1.0 - v) + lower * v
}

fn lattice(x: u32, y: u32, seed: u32) -> f64 {
    let mixed = (x.wrapping_mul(0x9E37_79B1) ^ y.wrapping_mul(0x85EB_CA77) ^ seed.wrapping_mul(0xC2B2_AE3D))
        .wrapping_mul(0x27D4_EB2F);
    let mixed = (mixed ^ (mixed >> 15)).wrapping_mul(0x1656_67B1);
    f64::from(mixed >> 16) / 32_767.5 - 1.0
}

/// Linear light (0–1) of an sRGB value (0–1): IEC 61966-2-1.
pub fn to_light(value: f64) -> f64 {
    if value <= 0.040_45 { value / 12.92 } else { libm::pow((value + 0.055) / 1.055, 2.4) }
}

/// The sRGB value (0–1) of linear light (0–1): IEC 61966-2-1.
fn from_light(light: f64) -> f64 {
    if light <= 0.003_130_8 { 12.92 * light } else { 1.055 * libm::pow(light, 1.0 / 2.4) - 0.055 }
}
