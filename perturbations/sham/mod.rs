//! Meaningless edits, as controls.

pub mod identity;
pub mod reencode;
