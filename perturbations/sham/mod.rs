//! Meaningless edits, as controls.

pub mod reencode;
