//! The same facts, written differently.

pub mod colourful;
pub mod demographics_removed;
pub mod demographics_swapped;
pub mod first_person;
pub mod neutral_sentence;
pub mod non_native;
pub mod paraphrase;
pub mod telegraphic;
pub mod uncertain;
