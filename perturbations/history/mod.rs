//! Corruptions of the clinical history.
//!
//! Folders hold the operators, by what goes wrong: something is left out, is false, anchors, or is only written
//! differently. The files beside them read and edit notes: words, sentences and clauses; where a note tells a field;
//! cutting a fact out; the ledger in which every edit is written down.
//!
//! A fact is edited in its field and in the note together. Where the note tells it in a way that cannot be edited
//! safely, the operator says [`crate::Unfit::Entangled`] and leaves the history alone.

pub mod bias;
pub mod falsity;
pub mod omission;
pub mod style;

mod age;
mod clause;
mod complaint;
mod cut;
mod duration;
mod erase;
mod falsehood;
mod impression;
pub(crate) mod ledger;
mod lexicon;
mod mention;
#[cfg(test)]
pub(crate) mod samples;
mod seam;
mod sentence;
mod sex;
mod side;
mod symptoms;
mod words;

pub use mention::mentions;
