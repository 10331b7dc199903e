//! What skin is made of at one point, and the colour that this gives.
//!
//! Light passes a layer of pigment and blood and returns (Beer–Lambert), so the redness of inflamed skin fades where
//! melanin is dense, as it does in people: nothing else is done to make erythema hard to see on dark skin. Absorption
//! is fitted by eye to photographs of Fitzpatrick types; spectra: Jacques, Phys Med Biol 2013;58:R37 (orders only).

use std::sync::LazyLock;

/// A colour in linear light: red, green, blue; 1 is a white sheet.
pub type Light = [f32; 3];

/// One point of skin.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Tissue {
    /// Melanin near the surface, optical density in green.
    pub melanin: f32,
    /// Melanin in the depth, seen through skin as blue-grey.
    pub deep: f32,
    /// Blood in vessels: red.
    pub blood: f32,
    /// Blood outside vessels, or without oxygen: purple.
    pub bruise: f32,
    /// Share covered by dry scale, 0 to 1: white to grey.
    pub scale: f32,
    /// Share covered by crust, 0 to 1: honey to brown.
    pub crust: f32,
    /// How wet or tense the surface is, 0 to 1: highlights.
    pub wet: f32,
    /// Height over the surrounding skin in millimetres.
    pub height: f32,
}

const DERMIS: Light = [0.89, 0.70, 0.61];
const MELANIN: Light = [0.72, 1.0, 1.24];
const DEEP: Light = [1.10, 0.98, 0.72];
const BLOOD: Light = [0.10, 1.0, 0.78];
const BRUISE: Light = [0.50, 1.35, 0.85];
const SCALE: Light = [0.74, 0.70, 0.65];
/// How much darker scale looks over melanin, which shows through it.
const SCALE_ON_DARK: f32 = 0.24;
const CRUST: Light = [0.42, 0.24, 0.08];

impl Tissue {
    /// The share of light of each colour that returns from under the surface.
    #[must_use]
    #[inline]
    pub fn colour(&self, fade: &Fade) -> Light {
        let blood = self.blood.max(0.0);
        let melanin = self.melanin.max(0.0);
        let mut light: Light = core::array::from_fn(|c| {
            let density = MELANIN[c] * melanin + BLOOD[c] * blood + BRUISE[c] * self.bruise + DEEP[c] * self.deep;
            DERMIS[c] * fade.of(density)
        });
        if self.crust > 0.0 {
            let dried = |c: usize| BLOOD[c] * (blood - 0.3).max(0.0) + 0.6 * BRUISE[c] * self.bruise;
            light = core::array::from_fn(|c| light[c] + (CRUST[c] * fade.of(dried(c)) - light[c]) * self.crust);
        }
        if self.scale > 0.0 {
            let grey = fade.of(SCALE_ON_DARK * melanin);
            light = core::array::from_fn(|c| light[c] + (SCALE[c] * grey - light[c]) * self.scale);
        }
        light
    }
}

/// A table of exp(−x): the same on every machine, and quick.
#[derive(Debug)]
pub struct Fade(Box<[f32]>);

const FADE_STEPS: f32 = 128.0;
const FADE_END: usize = 1600;

static FADE: LazyLock<Fade> =
    LazyLock::new(|| Fade((0..=FADE_END + 1).map(|k| libm::expf(-(k as f32) / FADE_STEPS)).collect()));

impl Fade {
    /// The table.
    #[must_use]
    pub fn table() -> &'static Self {
        &FADE
    }

    /// exp(−x) for x ≥ 0 (0 beyond 12.5), to within 1e-5.
    #[must_use]
    #[inline]
    pub fn of(&self, x: f32) -> f32 {
        let at = (x * FADE_STEPS).max(0.0);
        let before = at as usize;
        match self.0.get(before..before + 2) {
            Some([low, high]) => low + (high - low) * (at - before as f32),
            _ => 0.0,
        }
    }
}

/// 0 below `from`, 1 above `to`, smooth between.
#[must_use]
#[inline]
pub fn step(from: f32, to: f32, x: f32) -> f32 {
    let t = ((x - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// 1 at `centre`, 0 from `width` away, smooth between.
#[must_use]
pub fn bump(centre: f32, width: f32, x: f32) -> f32 {
    let t = (x - centre) / width;
    let rest = (1.0 - t * t).max(0.0);
    rest * rest
}

#[cfg(test)]
mod tests {
    use super::{Fade, Tissue, bump, step};

    #[test]
    fn the_table_is_the_exponential() {
        for k in 0..500 {
            let x = k as f32 * 0.02;
            assert!((Fade::table().of(x) - libm::expf(-x)).abs() < 1e-5);
        }
        assert_eq!(Fade::table().of(99.0), 0.0);
    }

    #[test]
    fn erythema_fades_with_melanin() {
        let shows = |melanin: f32| {
            let skin = Tissue { melanin, blood: 0.2, ..Tissue::default() };
            let inflamed = Tissue { blood: 0.9, ..skin };
            skin.colour(Fade::table())[1] - inflamed.colour(Fade::table())[1]
        };
        assert!(shows(0.1) > 3.0 * shows(1.6));
        assert!(shows(1.6) > 2.0 * shows(3.0));
    }

    #[test]
    fn steps_and_bumps_have_their_ends() {
        assert_eq!((step(1.0, 2.0, 0.5), step(1.0, 2.0, 2.5)), (0.0, 1.0));
        assert_eq!((bump(1.0, 0.5, 1.0), bump(1.0, 0.5, 1.6)), (1.0, 0.0));
    }
}
