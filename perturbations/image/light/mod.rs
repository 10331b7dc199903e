//! Light: how much of it, and of what colour.
//!
//! What treats every pixel alike is one table per channel, worked out in linear light with `libm` and rounded once.
//! What differs from place to place (a shadow, a vignette) picks one of many tables for each pixel: `LightTables`.

pub mod brightness;
pub mod colour_temperature;
pub mod contrast;
pub mod exposure;
pub mod gamma;
pub mod saturation;
pub mod shadow;
pub mod tint;
pub mod uneven_light;
pub mod vignette;

use image::RgbImage;

use crate::{Basis, Gradable, Level, Modality, Tone};

/// A dim or harsh photograph; on dark skin redness goes first, so the limit comes a level earlier.
pub(crate) const LIT_ENOUGH: &[Gradable] = &[
    Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(2), basis: Basis::Assumed },
    Gradable { modality: Modality::ClinicalPhoto, tone: Some(Tone::Dark), to: Level::new(1), basis: Basis::Assumed },
    Gradable { modality: Modality::Dermoscopy, tone: None, to: Level::new(2), basis: Basis::Assumed },
    Gradable { modality: Modality::Dermoscopy, tone: Some(Tone::Dark), to: Level::new(1), basis: Basis::Assumed },
];

/// A photograph that is too bright; on light skin the highlights clip first, so the limit comes a level earlier.
pub(crate) const NOT_BLEACHED: &[Gradable] = &[
    Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(2), basis: Basis::Assumed },
    Gradable { modality: Modality::ClinicalPhoto, tone: Some(Tone::Light), to: Level::new(1), basis: Basis::Assumed },
    Gradable { modality: Modality::Dermoscopy, tone: None, to: Level::new(2), basis: Basis::Assumed },
    Gradable { modality: Modality::Dermoscopy, tone: Some(Tone::Light), to: Level::new(1), basis: Basis::Assumed },
];

/// A photograph whose colours are wrong; erythema on dark skin goes first, so the limit comes a level earlier.
pub(crate) const TRUE_COLOUR: &[Gradable] = LIT_ENOUGH;

/// Linear light (0–1) of an sRGB value (0–1): IEC 61966-2-1.
pub(crate) fn to_light(value: f64) -> f64 {
    if value <= 0.040_45 { value / 12.92 } else { libm::pow((value + 0.055) / 1.055, 2.4) }
}

/// The sRGB value (0–1) of linear light (0–1): IEC 61966-2-1.
pub(crate) fn from_light(light: f64) -> f64 {
    if light <= 0.003_130_8 { 12.92 * light } else { 1.055 * libm::pow(light, 1.0 / 2.4) - 0.055 }
}

/// The table of a rule for sRGB values between 0 and 1; what leaves that range is clipped.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates at 0 and 255")]
pub(crate) fn table(rule: impl Fn(f64) -> f64) -> [u8; 256] {
    let mut table = [0; 256];
    for (value, slot) in (0_u8..=255).zip(&mut table) {
        *slot = (255.0 * rule(f64::from(value) / 255.0) + 0.5) as u8;
    }
    table
}

/// The table that multiplies light.
pub(crate) fn gain(factor: f64) -> [u8; 256] {
    table(|value| from_light((factor * to_light(value)).min(1.0)))
}

/// Steps of the root of an amount of light: neighbouring tables differ by half a grey level at most.
const STEPS: f32 = 512.0;

/// One table for each amount by which light is multiplied, or which is added to it.
#[derive(Debug, Clone)]
pub(crate) struct LightTables {
    tables: Vec<[u8; 256]>,
    last: [u8; 256],
    first: usize,
}

impl LightTables {
    /// Multiplies light by factors between these two.
    pub(crate) fn multiplying(lowest: f64, highest: f64) -> Self {
        Self::new(lowest, highest, |light, factor| light * factor)
    }

    /// Adds up to that much light, where 1 is the light of white.
    pub(crate) fn adding(highest: f64) -> Self {
        Self::new(0.0, highest, |light, more| light + more)
    }

    /// What a rule makes of light and an amount between these two; it must not fall as the light rises.
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "ends and numbers of tables")]
    pub(crate) fn new(lowest: f64, highest: f64, rule: impl Fn(f64, f64) -> f64) -> Self {
        let response = Response::new();
        let first = step(lowest as f32);
        let table = |step: usize| {
            let root = step as f64 / f64::from(STEPS);
            response.table(|light| rule(light, root * root))
        };
        let tables: Vec<[u8; 256]> = (first..=step(highest as f32)).map(table).collect();
        let last = tables.last().copied().unwrap_or([0; 256]);
        Self { tables, last, first }
    }

    /// The table for an amount; beyond the ends, that of the end.
    pub(crate) fn at(&self, amount: f32) -> &[u8; 256] {
        self.numbered(step(amount))
    }

    /// The table of that step; beyond the ends, that of the end.
    pub(crate) fn numbered(&self, step: usize) -> &[u8; 256] {
        self.tables.get(step.saturating_sub(self.first)).unwrap_or(&self.last)
    }
}

/// The number of the table for an amount of light (0 or more). Adding 2²³ leaves the nearest whole number in the last
/// bits, which a row of pixels does at once.
pub(crate) fn step(amount: f32) -> usize {
    ((amount.sqrt() * STEPS + 8_388_608.0).to_bits() & 0xFFFF) as usize
}

/// Grey levels and the light at which one turns into the next.
struct Response {
    light: [f64; 256],
    turns: [f64; 255],
}

impl Response {
    fn new() -> Self {
        let (mut light, mut turns) = ([0.0; 256], [0.0; 255]);
        (0..=255_u8).zip(&mut light).for_each(|(value, slot)| *slot = to_light(f64::from(value) / 255.0));
        (0..=254_u8).zip(&mut turns).for_each(|(value, slot)| *slot = to_light((f64::from(value) + 0.5) / 255.0));
        Self { light, turns }
    }

    /// The table of a rule on light that never falls, without a single power: both lists are walked once.
    fn table(&self, rule: impl Fn(f64) -> f64) -> [u8; 256] {
        let (mut table, mut value) = ([0; 256], 0_u8);
        for (slot, light) in table.iter_mut().zip(self.light) {
            let light = rule(light);
            while self.turns.get(usize::from(value)).is_some_and(|turn| light >= *turn) {
                value += 1;
            }
            *slot = value;
        }
        table
    }
}

/// A point in pixels and a length in pixels: what a rule about light in a photograph is measured from and in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub x: f64,
    pub y: f64,
    pub unit: f64,
}

impl Place {
    /// The middle of the photograph, and a unit.
    pub(crate) fn middle(pixels: &RgbImage, unit: f64) -> Self {
        Self::at(pixels, (0.5, 0.5), unit)
    }

    /// The point at these shares of width and height, and a unit.
    pub(crate) fn at(pixels: &RgbImage, (across, down): (f64, f64), unit: f64) -> Self {
        let along = |share: f64, side: u32| share * f64::from(side) - 0.5;
        Self { x: along(across, pixels.width()), y: along(down, pixels.height()), unit: unit.max(1e-6) }
    }

    /// How far each pixel of a line lies from that coordinate, in units.
    #[expect(clippy::cast_possible_truncation, reason = "offsets need no more than an f32")]
    fn offsets(self, count: u32, from: f64) -> Vec<f32> {
        (0..count).map(|at| ((f64::from(at) - from) / self.unit) as f32).collect()
    }
}

/// Half the photograph's diagonal in pixels.
pub(crate) fn half_diagonal(pixels: &RgbImage) -> f64 {
    let (width, height) = (f64::from(pixels.width()), f64::from(pixels.height()));
    libm::sqrt(width * width + height * height) / 2.0
}

/// Changes each pixel's light by the amount that the rule gives for its offset (across, down) from a place.
pub(crate) fn relight(
    source: &RgbImage,
    tables: &LightTables,
    place: Place,
    amount: impl Fn(f32, f32) -> f32,
) -> RgbImage {
    let across = place.offsets(source.width(), place.x);
    let down = place.offsets(source.height(), place.y);
    let mut out = source.clone();
    let mut steps = vec![0; across.len()];
    for (line, dy) in out.chunks_exact_mut((3 * across.len()).max(1)).zip(down) {
        steps.iter_mut().zip(&across).for_each(|(slot, dx)| *slot = step(amount(*dx, dy)));
        for (pixel, step) in line.as_chunks_mut::<3>().0.iter_mut().zip(&steps) {
            let table = tables.numbered(*step);
            *pixel = pixel.map(|value| table[usize::from(value)]);
        }
    }
    out
}

/// 0 up to one edge, 1 from the other on, smooth in between: 3t² − 2t³.
pub(crate) fn smooth_step(from: f32, to: f32, value: f32) -> f32 {
    let t = ((value - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

#[cfg(test)]
mod tests {
    use super::{LightTables, Place, from_light, gain, relight, smooth_step, step, to_light};
    use crate::image::tests::photo;

    #[test]
    fn a_table_multiplies_light_as_the_formula_does() {
        let tables = LightTables::multiplying(0.1, 3.0);
        for factor in [0.1, 0.25, 0.5, 1.0, 2.0, 3.0_f32] {
            let apart = gain(f64::from(factor)).iter().zip(tables.at(factor)).map(|(a, b)| a.abs_diff(*b)).max();
            assert!(apart.unwrap() <= 1, "{factor}: {apart:?}");
        }
        assert_eq!(tables.at(1.0), &gain(1.0));
    }

    #[test]
    fn neighbouring_tables_differ_by_a_grey_level_at_most() {
        let tables = LightTables::multiplying(0.0, 1.0);
        for pair in tables.tables.windows(2).skip(12) {
            assert!(pair[0].iter().zip(&pair[1]).all(|(a, b)| b.abs_diff(*a) <= 1));
        }
        assert_eq!((step(0.0), step(1.0), step(0.25)), (0, 512, 256));
    }

    #[test]
    fn light_is_added_up_to_white() {
        let tables = LightTables::adding(1.0);
        assert_eq!((tables.at(0.0)[77], tables.at(1.0)[0], tables.at(9.0)[5]), (77, 255, 255));
        assert_eq!(f64::from(tables.at(0.25)[0]), (255.0 * from_light(0.25)).round());
    }

    #[test]
    fn offsets_are_counted_from_the_place() {
        let flat = photo(9, 5, |_, _| [200; 3]);
        let place = Place::middle(&flat.pixels, 2.0);
        let dimmed = relight(&flat.pixels, &LightTables::multiplying(0.0, 1.0), place, |dx, dy| {
            if dx == 0.0 && dy == 0.0 { 0.0 } else { 1.0 }
        });
        let dark: Vec<(u32, u32)> =
            dimmed.enumerate_pixels().filter(|(_, _, p)| p.0 == [0; 3]).map(|(x, y, _)| (x, y)).collect();
        assert_eq!(dark, [(4, 2)]);
        assert!(smooth_step(0.0, 2.0, 1.0) == 0.5 && smooth_step(0.0, 2.0, 5.0) == 1.0);
    }

    #[test]
    fn light_and_back_is_the_same_grey_level() {
        assert!((0..=255_u8).zip(gain(1.0)).all(|(value, out)| value == out));
    }

    #[test]
    fn middle_grey_has_a_fifth_of_the_light() {
        // IEC 61966-2-1: 8-bit 118 is 18.1 % of white.
        assert!((to_light(118.0 / 255.0) - 0.181_16).abs() < 1e-4);
        assert!((from_light(0.214_041_14) - 0.5).abs() < 1e-6);
    }

    #[test]
    fn twice_the_light_is_twice_the_light() {
        for (value, out) in (0..=185_u8).zip(gain(2.0)) {
            let (before, after) = (to_light(f64::from(value) / 255.0), to_light(f64::from(out) / 255.0));
            assert!((after - 2.0 * before).abs() < 0.5 / 255.0 * 2.3, "{value}: {after} for {}", 2.0 * before);
        }
    }
}
