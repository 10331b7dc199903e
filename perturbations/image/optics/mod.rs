//! Focus and movement: what the lens and the hand do.
//!
//! Blurs average grey levels as stored (as ImageNet-C does), not light. Beyond the border the outermost pixel is
//! repeated. Sums are whole numbers, so every machine gives the same bytes.

mod coarse;
pub mod defocus;
pub mod gaussian_blur;
pub mod motion_blur;

use crate::{Basis, Gradable, Level, Modality};

/// Blur hides the network and dots of a dermoscopic image before it hides a clinical lesion's outline.
pub(crate) const SHARP_ENOUGH: &[Gradable] = &[
    Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(2), basis: Basis::Assumed },
    Gradable { modality: Modality::Dermoscopy, tone: None, to: Level::new(1), basis: Basis::Assumed },
];
