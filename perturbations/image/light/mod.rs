//! Light: how much of it, and of what colour.
//!
//! Each operator is one table per channel, worked out in linear light with `libm` and rounded once.

pub mod colour_temperature;
pub mod exposure;
pub mod gamma;

use crate::{Basis, Gradable, Level, Modality, Tone};

/// A dim or harsh photograph; on dark skin redness goes first, so the limit comes a level earlier.
pub(crate) const LIT_ENOUGH: &[Gradable] = &[
    Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(2), basis: Basis::Assumed },
    Gradable { modality: Modality::ClinicalPhoto, tone: Some(Tone::Dark), to: Level::new(1), basis: Basis::Assumed },
    Gradable { modality: Modality::Dermoscopy, tone: None, to: Level::new(2), basis: Basis::Assumed },
    Gradable { modality: Modality::Dermoscopy, tone: Some(Tone::Dark), to: Level::new(1), basis: Basis::Assumed },
];

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

#[cfg(test)]
mod tests {
    use super::{from_light, gain, to_light};

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
