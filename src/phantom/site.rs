//! Body sites: how they are named, and what they look like.

use core::ops::Range;

/// A body site.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Site {
    /// Its name; the plural adds an s.
    pub name: &'static str,
    /// Whether there is one on each side.
    pub paired: bool,
    /// What a photograph shows of it, and all that it shows.
    pub region: Region,
}

/// What of a site a photograph shows. Bodies vary within these ranges whatever the site is, so that no photograph tells
/// more of the site than its region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Region {
    /// Hairless, gently curved, with a soft background.
    Face,
    /// Nearly flat: no edge of the body is near.
    Trunk,
    /// A cylinder whose edges may show.
    Limb,
    /// Pale skin with ridges.
    Sole,
}

impl Region {
    /// Every region.
    pub const ALL: [Self; 4] = [Self::Face, Self::Trunk, Self::Limb, Self::Sole];

    /// Radius of the body there in millimetres, seen as a cylinder.
    #[must_use]
    pub fn radius(self) -> Range<f64> {
        match self {
            Self::Face => 88.0..108.0,
            Self::Trunk => 152.0..200.0,
            Self::Limb => 38.0..82.0,
            Self::Sole => 42.0..50.0,
        }
    }

    /// Width of a regional photograph in millimetres.
    #[must_use]
    pub fn regional(self) -> Range<f64> {
        match self {
            Self::Face => 102.0..118.0,
            Self::Trunk => 225.0..255.0,
            Self::Limb => 130.0..190.0,
            Self::Sole => 112.0..128.0,
        }
    }

    /// Hairs per square centimetre.
    #[must_use]
    pub fn hair(self) -> Range<f64> {
        match self {
            Self::Face | Self::Sole => 0.0..0.0,
            Self::Trunk => 0.03..2.0,
            Self::Limb => 0.03..3.2,
        }
    }

    /// Share of the usual melanin: less on soles.
    #[must_use]
    pub fn melanin(self) -> f32 {
        if self == Self::Sole { 0.42 } else { 1.0 }
    }
}

const fn one(name: &'static str, region: Region) -> Site {
    Site { name, paired: false, region }
}

const fn pair(name: &'static str, region: Region) -> Site {
    Site { name, paired: true, region }
}

/// The cheek.
pub static CHEEK: Site = pair("cheek", Region::Face);
/// The temple.
pub static TEMPLE: Site = pair("temple", Region::Face);
/// The forehead.
pub static FOREHEAD: Site = one("forehead", Region::Face);
/// The neck.
pub static NECK: Site = one("neck", Region::Limb);
/// The chest.
pub static CHEST: Site = one("chest", Region::Trunk);
/// The abdomen.
pub static ABDOMEN: Site = one("abdomen", Region::Trunk);
/// The upper back.
pub static UPPER_BACK: Site = one("upper back", Region::Trunk);
/// The lower back.
pub static LOWER_BACK: Site = one("lower back", Region::Trunk);
/// The shoulder.
pub static SHOULDER: Site = pair("shoulder", Region::Limb);
/// The upper arm.
pub static UPPER_ARM: Site = pair("upper arm", Region::Limb);
/// The forearm.
pub static FOREARM: Site = pair("forearm", Region::Limb);
/// The thigh.
pub static THIGH: Site = pair("thigh", Region::Limb);
/// The lower leg.
pub static LOWER_LEG: Site = pair("lower leg", Region::Limb);
/// The sole of the foot, with little melanin on any skin.
pub static SOLE: Site = pair("sole", Region::Sole);

/// Every site.
pub static ALL: [&Site; 14] = [
    &CHEEK,
    &TEMPLE,
    &FOREHEAD,
    &NECK,
    &CHEST,
    &ABDOMEN,
    &UPPER_BACK,
    &LOWER_BACK,
    &SHOULDER,
    &UPPER_ARM,
    &FOREARM,
    &THIGH,
    &LOWER_LEG,
    &SOLE,
];
