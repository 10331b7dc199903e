//! Instructions hidden among the facts.

pub mod instruction_in_note;
