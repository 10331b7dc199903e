//! Spatter: drops of water or splashes of mud on the lens.

use image::RgbImage;
use multiversion::multiversion;

use super::Severity;
use super::field::{Beyond, Field};
use super::liquid::{level, relief};
use crate::Stream;
use crate::image::kernels::channels::each_row;
use crate::image::kernels::cut_off;

/// One severity of the reference.
#[derive(Clone, Copy)]
struct Liquid {
    mean: f64,
    deviation: f64,
    sigma: f64,
    threshold: f32,
    /// The opacity of water, or the sigma that softens mud.
    strength: f64,
    mud: bool,
}

/// The reference's five.
const LIQUIDS: [Liquid; 5] = [
    Liquid { mean: 0.65, deviation: 0.3, sigma: 4.0, threshold: 0.69, strength: 0.6, mud: false },
    Liquid { mean: 0.65, deviation: 0.3, sigma: 3.0, threshold: 0.68, strength: 0.6, mud: false },
    Liquid { mean: 0.65, deviation: 0.3, sigma: 2.0, threshold: 0.68, strength: 0.5, mud: false },
    Liquid { mean: 0.65, deviation: 0.3, sigma: 1.0, threshold: 0.65, strength: 1.5, mud: true },
    Liquid { mean: 0.67, deviation: 0.4, sigma: 1.0, threshold: 0.65, strength: 1.5, mud: true },
];

/// Pale turquoise.
const WATER: [f32; 3] = [175.0, 238.0, 238.0];

/// Brown.
const MUD: [f32; 3] = [63.0, 42.0, 20.0];

/// Lays a random layer of liquid over the picture.
pub(super) fn spatter(pixels: &RgbImage, severity: Severity, rng: &mut Stream) -> RgbImage {
    let liquid = severity.of(LIQUIDS);
    let (width, height) = (pixels.width() as usize, pixels.height() as usize);
    let mut layer = Field::normal(width, height, liquid.mean, liquid.deviation, rng);
    layer.blur([liquid.sigma; 2], 4.0, Beyond::Nearest);
    let mut out = pixels.clone();
    if liquid.mud {
        let mask = mud(layer, liquid);
        each_row(&mut out, width, |y, rows| lay(rows, mask.row(y), 1.0, MUD));
    } else {
        let (water, mut mask) = (Water::new(layer, liquid), vec![0.0; width]);
        each_row(&mut out, width, |y, rows| {
            water.mask(y, &mut mask);
            lay(rows, &mask, 0.0, WATER);
        });
    }
    out
}

/// Where the layer is, softened; its thin rim is left out.
fn mud(mut layer: Field, liquid: Liquid) -> Field {
    one_above(&mut layer.values, liquid.threshold);
    layer.blur([liquid.strength; 2], 4.0, Beyond::Nearest);
    none_below(&mut layer.values, 0.8);
    layer
}

/// 0 instead of every number below that one.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn none_below(values: &mut [f32], least: f32) {
    values.iter_mut().for_each(|value| *value = if *value < least { 0.0 } else { *value });
}

/// 1 for every number above that one, 0 for the others.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn one_above(values: &mut [f32], most: f32) {
    values.iter_mut().for_each(|value| *value = if *value > most { 1.0 } else { 0.0 });
}

/// Drops: how thick the layer is and how much light its relief gets.
struct Water {
    width: usize,
    thick: Vec<u8>,
    light: Vec<u8>,
    /// What the product of both is multiplied by, so that the largest takes the full strength.
    scale: f32,
}

impl Water {
    fn new(layer: Field, liquid: Liquid) -> Self {
        let mut thick = vec![0; layer.values.len()];
        thicknesses(&layer.values, liquid.threshold, &mut thick);
        let (width, height) = (layer.width, layer.height);
        drop(layer);
        let light = relief(&thick, width, height);
        let most = largest_product(&thick, &light);
        #[expect(clippy::cast_possible_truncation, reason = "a short decimal")]
        let scale = if most > 0 { liquid.strength as f32 / f32::from(most) } else { 0.0 };
        Self { width, thick, light, scale }
    }

    /// The opacity of the drops in that row.
    fn mask(&self, y: usize, mask: &mut [f32]) {
        let row = |bytes: &[u8]| y * self.width..((y + 1) * self.width).min(bytes.len());
        let [thick, light] = [&self.thick, &self.light].map(|bytes| bytes.get(row(bytes)).unwrap_or_default());
        multiply(thick, light, self.scale, mask);
    }
}

/// Whole levels of a layer, none below that number.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn thicknesses(values: &[f32], least: f32, thick: &mut [u8]) {
    thick
        .iter_mut()
        .zip(values)
        .for_each(|(thick, value)| *thick = if *value < least { 0 } else { level(value * 255.0) });
}

#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn largest_product(one: &[u8], other: &[u8]) -> u16 {
    let product = |one: u8, other: u8| u16::from(one).wrapping_mul(u16::from(other));
    one.iter().zip(other).fold(0, |most, (one, other)| most.max(product(*one, *other)))
}

#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn multiply(one: &[u8], other: &[u8], scale: f32, out: &mut [f32]) {
    for (out, (one, other)) in out.iter_mut().zip(one.iter().zip(other)) {
        *out = f32::from(u16::from(*one).wrapping_mul(u16::from(*other))) * scale;
    }
}

/// The colour over each channel of a row.
fn lay(rows: &mut [Vec<u8>; 3], mask: &[f32], taken: f32, colour: [f32; 3]) {
    rows.iter_mut().zip(colour).for_each(|(row, level)| wet(row, mask, taken, level));
}

/// Adds the colour where the mask is; `taken` says how much of the picture it takes away there.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn wet(row: &mut [u8], mask: &[f32], taken: f32, level: f32) {
    for (value, share) in row.iter_mut().zip(mask) {
        *value = cut_off(f32::from(*value) * (1.0 - taken * share) + level * share);
    }
}

#[cfg(test)]
mod tests {
    use super::{Severity, spatter};
    use crate::Stream;
    use image::{Rgb, RgbImage};

    /// The share of pixels that change.
    fn wet(level: usize) -> (f64, RgbImage) {
        let image = RgbImage::from_pixel(200, 150, Rgb([100; 3]));
        let out = spatter(&image, Severity(level), &mut Stream::derive(3, &["spatter"]));
        (out.pixels().filter(|p| p.0 != [100; 3]).count() as f64 / 30_000.0, out)
    }

    #[test]
    fn water_is_pale_and_mud_is_brown() {
        let (share, drops) = wet(1);
        assert!((0.05..0.7).contains(&share), "{share}");
        assert!(drops.pixels().all(|p| p.0[1] == p.0[2] && p.0[1] >= p.0[0] && p.0[0] >= 100));
        let (share, splashes) = wet(3);
        assert!((0.1..0.7).contains(&share), "{share}");
        assert!(splashes.pixels().any(|p| p.0 == [63, 42, 20]));
    }
}
