//! Focus, movement and stray light: what the lens, the hand and the flash do.
//!
//! Blurs average grey levels as stored (as ImageNet-C does), not light. Beyond the border the outermost pixel is
//! repeated. Sums are whole numbers, so every machine gives the same bytes.

pub mod chromatic_aberration;
mod coarse;
pub mod defocus;
pub mod flash_hotspot;
pub mod gaussian_blur;
pub mod glare;
pub mod glass_blur;
pub mod lens_smudge;
mod magnify;
pub mod motion_blur;
pub mod zoom_blur;

use crate::{Basis, Gradable, Level, Modality, Tone};

/// Blur hides the network and dots of a dermoscopic image before it hides a clinical lesion's outline.
pub(crate) const SHARP_ENOUGH: &[Gradable] = &[
    Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(2), basis: Basis::Assumed },
    Gradable { modality: Modality::Dermoscopy, tone: None, to: Level::new(1), basis: Basis::Assumed },
];

/// Reflected light hides what lies under it; on dark skin it outshines far more, so the limit comes a level earlier.
pub(crate) const NOT_BLINDED: &[Gradable] = &[
    Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(3), basis: Basis::Assumed },
    Gradable { modality: Modality::ClinicalPhoto, tone: Some(Tone::Dark), to: Level::new(2), basis: Basis::Assumed },
    Gradable { modality: Modality::Dermoscopy, tone: None, to: Level::new(2), basis: Basis::Assumed },
    Gradable { modality: Modality::Dermoscopy, tone: Some(Tone::Dark), to: Level::new(1), basis: Basis::Assumed },
];
