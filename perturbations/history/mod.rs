//! Corruptions of the clinical history.

pub mod bias;
pub mod falsity;
pub mod omission;
pub mod style;
