//! Drawings in SVG, set inline in a page and coloured by its style sheet.

pub(crate) mod bars;
pub(crate) mod dose;
pub(crate) mod forest;
mod place;
mod scale;
mod svg;
