//! Corruptions of photographs, by physical cause.

pub mod codec;
pub mod framing;
pub mod light;
pub mod optics;
