//! Bedside's records as self-contained pages and tables.
//!
//! Records in, bytes out: no files, no clock, no statistics. The same [`record::Record`] gives the same bytes
//! on every machine.
//!
//! | module | holds |
//! |---|---|
//! | [`record`] | what a report is told |
//! | [`html()`] | one HTML file that needs neither script nor network |
//! | `chart` | drawings in SVG: the axis of claims, dose-response curves |
//! | `table` | control → treated tables with their totals |
//! | `number`, `text`, `words` | how numbers are written, how foreign text is made safe, what we call things |

mod chart;
mod hazard;
mod html;
mod number;
pub mod record;
mod sound;
mod table;
mod text;
mod words;

pub use html::html;
pub use sound::Error;
