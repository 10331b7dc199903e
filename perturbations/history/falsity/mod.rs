//! Facts that are wrong.

pub mod contradict;
