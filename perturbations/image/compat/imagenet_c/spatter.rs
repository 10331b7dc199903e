//! Spatter: drops of water or splashes of mud on the lens.

use image::RgbImage;
use multiversion::multiversion;

use super::Severity;
use super::field::{Beyond, Field};
use super::fog::extremes;
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
    none_below(&mut layer.values, liquid.threshold);
    let (mask, kept, colour) =
        if liquid.mud { (mud(layer, liquid), 1.0, MUD) } else { (water(&layer, liquid), 0.0, WATER) };
    let mut out = pixels.clone();
    each_row(&mut out, width, |y, rows| {
        rows.iter_mut().zip(colour).for_each(|(row, level)| wet(row, mask.row(y), kept, level));
    });
    out
}

/// Where the layer is, softened; its thin rim is left out.
fn mud(mut layer: Field, liquid: Liquid) -> Field {
    layer.values.iter_mut().for_each(|value| *value = if *value > liquid.threshold { 1.0 } else { 0.0 });
    layer.blur([liquid.strength; 2], 4.0, Beyond::Nearest);
    none_below(&mut layer.values, 0.8);
    layer
}

/// 0 instead of every number below that one.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn none_below(values: &mut [f32], least: f32) {
    values.iter_mut().for_each(|value| *value = if *value < least { 0.0 } else { *value });
}

/// The layer's thickness times the light on its relief, the largest of which takes the full strength.
fn water(layer: &Field, liquid: Liquid) -> Field {
    let grey: Vec<u8> = layer.values.iter().map(|value| level(value * 255.0)).collect();
    let light = relief(&grey, layer.width, layer.height);
    let products = grey.iter().zip(light).map(|(grey, light)| f32::from(*grey) * f32::from(light));
    let mut mask = Field { width: layer.width, height: layer.height, values: products.collect() };
    let most = extremes(&mask.values).1;
    let scale = if most > 0.0 { liquid.strength as f32 / most } else { 0.0 };
    mask.values.iter_mut().for_each(|value| *value *= scale);
    mask
}

/// Adds the colour where the mask is; `kept` says how much of the picture it takes away there.
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
