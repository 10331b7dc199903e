//! Corruptions of the clinical history.
//!
//! Folders hold the operators, by what goes wrong: something is left out, is false, anchors, gives orders, is noise, or
//! is only written (`style`) or arranged (`format`) differently. `finders` holds what finds ages, times, quantities, sides, dates and denials in any text,
//! `lexicons` word lists with their sources. The files beside them read and edit notes: words, sentences, sections and
//! clauses; where a note tells a field; who writes it; cutting a fact out; the ledger in which every edit is written down.
//!
//! A fact is edited in its field and in the note together. Where the note tells it in a way that cannot be edited
//! safely, the operator says [`crate::Unfit::Entangled`] and leaves the history alone.
//!
//! Notes are English. A fact is found in the wordings that the finders and word lists know; a paraphrase beyond them
//! ("since the spring" for a duration of 3 weeks) is not, and stays. Ages, times, sides and stated words count as a
//! mention only where they agree with the field. In a longer mention of another field ("joint pain" beside a field
//! for pain) a shorter one is not looked for.

pub mod bias;
pub mod falsity;
pub mod finders;
pub mod format;
pub mod injection;
pub mod noise;
pub mod omission;
pub mod style;

mod age;
mod amounts;
mod answers;
pub(crate) mod blur;
mod clause;
mod complaint;
#[cfg(test)]
mod coverage;
mod cut;
mod denial;
mod difference;
mod duration;
mod erase;
mod fact;
mod falsehood;
mod impression;
pub(crate) mod ledger;
#[rustfmt::skip] // word lists, many to a line
mod lexicon;
mod list;
mod marked;
mod mention;
mod phrase;
#[cfg(test)]
#[rustfmt::skip] // word lists, many to a line
mod plain;
#[cfg(test)]
mod leftovers;
mod plausible;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod real_data;
mod restyle;
#[cfg(test)]
pub(crate) mod samples;
mod seam;
mod section;
mod sentence;
mod sex;
mod side;
mod stand_in;
mod symptoms;
mod voice;
mod whole;
mod words;

pub use mention::mentions;
