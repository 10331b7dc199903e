//! What a clinical text says in ages, lengths of time, quantities, sides, dates and denials: one finder per kind.
//!
//! A finder reads the whole text and gives every place in order, whoever it speaks of; whether that is the patient's, and
//! whether it may be edited, is for the files beside this folder. Their precision and recall on hand-labelled sentences
//! of real consultations are in `tests/data/labels/README.md`.

use std::ops::Range;

pub(super) mod age;
pub(super) mod date;
pub(super) mod duration;
pub(super) mod negation;
pub(super) mod number;
pub(super) mod quantity;
#[cfg(test)]
mod real_data;
pub(super) mod side;

pub use age::ages;
pub use date::dates;
pub use duration::{Time, durations};
pub use negation::{Negation, negations};
pub use quantity::{Quantity, quantities};
pub use side::sides;

/// Something that was found in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Found<T> {
    /// Its bytes.
    pub span: Range<usize>,
    /// What it says.
    pub value: T,
}
