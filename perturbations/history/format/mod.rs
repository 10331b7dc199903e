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
    let mut lines: Vec<String> = Vec::new();
    for span in sentences(note) {
        let line = slice(note, &span).split_whitespace().collect::<Vec<_>>().join(" ");
        match lines.last_mut().filter(|last| runs_on(last, &line)) {
            Some(last) => *last = format!("{last} {line}"),
            None => lines.push(line),
        }
    }
    lines
}

/// Whether a sentence was only paused in, or a list wrapped: "it's just... there", "Conditions: asthma,\nEczema".
fn runs_on(last: &str, line: &str) -> bool {
    let paused = last.ends_with("..") || last.ends_with('…');
    let wrapped = last.ends_with(',') && !voice::greets(last);
    wrapped || (paused && line.starts_with(char::is_lowercase))
}

/// The parts of a letter in prose: the salutation, what is told, and the closing.
fn parts(note: &str) -> (Vec<String>, Vec<String>, Vec<String>) {
    let mut lines = prose(note);
    let closing = lines.split_off(lines.len() - usize::from(lines.last().is_some_and(|line| voice::closes(line))));
    let told = lines.split_off(usize::from(lines.first().is_some_and(|line| voice::greets(line))));
    (lines, told, closing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_on_stays_together() {
        assert_eq!(prose("It's just... there. It itches."), ["It's just... there.", "It itches."]);
        assert_eq!(prose("PMH: Asthma,\nEczema\nMeds: none"), ["PMH: Asthma, Eczema", "Meds: none"]);
        assert_eq!(prose("Dear colleague,\nA mole."), ["Dear colleague,", "A mole."]);
    }
}
