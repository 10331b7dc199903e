//! Corruptions of which inputs are shown at all.

pub mod no_history;
pub mod no_image;
pub mod wrong_history;
pub mod wrong_image;
