//! What the model leans on: photographs or words, and which fields of the history. Measured, never judged.
//!
//! From the arms of any run that has them come the gain of each channel, the conflict index, the quadrants and the rescue
//! of a bad photograph by the history ([`channels`]); from answers to cases of which only some fields are told come the
//! effects of fields ([`fields`]); from four cells that cross photograph and history comes their interaction
//! ([`interaction`]).

pub mod channels;
pub mod fields;
pub mod interaction;
