//! Codecs: what storage and transport do to a photograph.

pub mod jpeg;
