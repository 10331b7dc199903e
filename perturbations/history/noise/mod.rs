//! The same told untidily: slips of writing, and words that have no bearing.

pub mod abbreviations;
pub mod boilerplate;
pub mod casing;
pub mod filler;
pub mod irrelevant_notes;
pub mod ocr;
pub mod punctuation_loss;
pub mod speech_to_text;
pub mod typos;

pub(in crate::history) mod dose;
