//! The same facts, arranged differently.

pub mod bullet_list;
pub mod chat_turns;
pub mod field_order;
pub mod json;
pub mod soap;

use super::ledger::Ledger;
use super::restyle::tells_the_same;
use super::sentence::sentences;
use super::voice;
use super::words::slice;
use crate::{Change, Stimulus, Unfit};

/// Puts the note in its new form.
///
/// # Errors
/// [`Unfit::NothingToChange`] with `absent` where there is no such form of the note; [`Unfit::Entangled`] where the note
/// would then tell other facts.
fn rewritten(stimulus: &mut Stimulus, after: Option<&str>, absent: &str) -> Result<Change, Unfit> {
    let after = after.ok_or_else(|| Unfit::nothing(absent))?;
    if !tells_the_same(&stimulus.history, after) {
        return Err(Unfit::Entangled { what: "what the note tells".into() });
    }
    let mut ledger = Ledger::open(&stimulus.history);
    ledger.set_note(after);
    ledger.close(stimulus)
}

/// The sentences of a note that is prose, each on one line; none for a dialogue.
fn prose(note: &str) -> Vec<String> {
    if voice::is_dialogue(note) {
        return Vec::new();
    }
    let lines =
        sentences(note).into_iter().map(|span| slice(note, &span).split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect()
}
