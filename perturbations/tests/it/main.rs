//! The catalogue as a whole: complete, conforming, and the same bytes as ever.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod catalogue;
mod compat;
mod contract;
mod fuzzed;
mod gallery;
mod golden;
mod histories;
mod history_gallery;
mod peers;
mod properties;
mod real;
mod reference_sets;
mod sizes;
mod skin;
mod survey;
mod tiles;
mod tones;
