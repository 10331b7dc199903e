//! Body sites: how they are named, and what they look like.

/// A body site.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Site {
    /// Its name; the plural adds an s.
    pub name: &'static str,
    /// Whether there is one on each side.
    pub paired: bool,
    /// Radius of the body there in millimetres, seen as a cylinder.
    pub radius: f32,
    /// Width of a regional photograph in millimetres.
    pub regional: f32,
    /// Share of the usual melanin: less on palms and soles.
    pub melanin: f32,
    /// Hairs per square centimetre.
    pub hair: f32,
}

/// What of a site a photograph shows.
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
}

impl Site {
    /// What a photograph shows of it.
    #[must_use]
    pub fn region(&self) -> Region {
        match self.radius {
            _ if self.melanin < 1.0 => Region::Sole,
            ..90.0 => Region::Limb,
            90.0..150.0 => Region::Face,
            _ => Region::Trunk,
        }
    }
}

/// A site whose skin has the usual melanin.
const fn site(name: &'static str, paired: bool, radius: f32, regional: f32, hair: f32) -> Site {
    Site { name, paired, radius, regional, melanin: 1.0, hair }
}

/// The cheek.
pub static CHEEK: Site = site("cheek", true, 95.0, 110.0, 0.0);
/// The temple.
pub static TEMPLE: Site = site("temple", true, 95.0, 105.0, 0.0);
/// The forehead.
pub static FOREHEAD: Site = site("forehead", false, 100.0, 115.0, 0.0);
/// The neck.
pub static NECK: Site = site("neck", false, 62.0, 140.0, 0.4);
/// The chest.
pub static CHEST: Site = site("chest", false, 175.0, 230.0, 3.0);
/// The abdomen.
pub static ABDOMEN: Site = site("abdomen", false, 165.0, 240.0, 1.5);
/// The upper back.
pub static UPPER_BACK: Site = site("upper back", false, 185.0, 250.0, 0.6);
/// The lower back.
pub static LOWER_BACK: Site = site("lower back", false, 165.0, 230.0, 0.6);
/// The shoulder.
pub static SHOULDER: Site = site("shoulder", true, 80.0, 170.0, 0.5);
/// The upper arm.
pub static UPPER_ARM: Site = site("upper arm", true, 50.0, 150.0, 1.0);
/// The forearm.
pub static FOREARM: Site = site("forearm", true, 40.0, 130.0, 4.0);
/// The thigh.
pub static THIGH: Site = site("thigh", true, 80.0, 200.0, 3.0);
/// The lower leg.
pub static LOWER_LEG: Site = site("lower leg", true, 52.0, 160.0, 4.5);
/// The sole of the foot, with little melanin on any skin.
pub static SOLE: Site = Site { melanin: 0.42, ..site("sole", true, 46.0, 120.0, 0.0) };

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
