//! The same facts, written differently.

pub mod neutral_sentence;
