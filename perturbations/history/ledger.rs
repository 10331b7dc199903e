//! Careful editing: every change is made on a copy and written down in the same call.

use std::ops::Range;

use super::mention::{Mention, Told};
use crate::{Change, Edit, Field, History, Planted, Pull, Stimulus, Unfit, Value};

/// A copy of a history under edit, with the edits made so far.
#[derive(Debug, Clone)]
pub(crate) struct Ledger {
    history: History,
    edits: Vec<Edit>,
    /// What the note tells of the fields, as both are now.
    told: Told,
}

impl Ledger {
    /// Opens a ledger on a copy of the history.
    pub(crate) fn open(history: &History) -> Self {
        Self { history: history.clone(), edits: Vec::new(), told: Told::default() }
    }

    /// The history as edited so far.
    pub(crate) fn history(&self) -> &History {
        &self.history
    }

    /// The note as edited so far; "" where there is none.
    pub(crate) fn note(&self) -> &str {
        self.history.note.as_deref().unwrap_or_default()
    }

    /// The mentions of a field in the note that are not another field's; see [`Told::own`].
    pub(super) fn own(&self, field: &Field) -> Vec<Mention> {
        self.told.own(&self.history, field)
    }

    /// What must stay in the note when the field's mention at `span` goes.
    pub(super) fn protected(&self, field: &Field, span: &Range<usize>) -> Vec<Range<usize>> {
        self.told.protected(&self.history, field, span)
    }

    /// Sets the value of the first field of that name; does nothing where it already stands or there is no such field.
    pub(crate) fn set_field(&mut self, name: &str, after: Value) {
        let Some(field) = self.history.fields.iter_mut().find(|field| field.name == name) else { return };
        if field.value != after {
            let before = core::mem::replace(&mut field.value, after.clone());
            // Where the note told a field that is deleted now, it still does not tell the others.
            if after != Value::Deleted {
                self.told = Told::default();
            }
            self.edits.push(Edit::Field { name: name.into(), before, after });
        }
    }

    /// Adds a field after the last.
    pub(crate) fn add_field(&mut self, field: Field) {
        self.edits.push(Edit::FieldAdded { field: field.clone() });
        self.history.fields.push(field);
        self.told = Told::default();
    }

    /// Makes the note read as `after`; the entry holds the smallest stretch that differs.
    pub(crate) fn set_note(&mut self, after: &str) {
        self.told = Told::default();
        match &mut self.history.note {
            None => {
                self.edits.push(Edit::NoteAdded { text: after.into() });
                self.history.note = Some(after.into());
            }
            Some(note) => {
                if let Some(edit) = difference(note, after) {
                    self.edits.push(edit);
                    after.clone_into(note);
                }
            }
        }
    }

    /// Exchanges the whole history.
    pub(crate) fn replace(&mut self, after: History) {
        if self.history != after {
            let before = core::mem::replace(&mut self.history, after.clone());
            self.edits.push(Edit::HistoryReplaced { before, after });
            self.told = Told::default();
        }
    }

    /// Puts the edited history into the stimulus.
    ///
    /// # Errors
    /// [`Unfit::NothingToChange`] when no edit was made; the stimulus is then as it was.
    pub(crate) fn close(self, stimulus: &mut Stimulus) -> Result<Change, Unfit> {
        if self.edits.is_empty() {
            return Err(Unfit::nothing("the history already reads so"));
        }
        stimulus.history = self.history;
        Ok(Change { edits: self.edits, planted: None, pull: None })
    }

    /// The same for a falsehood, with what was planted and which way it pulls.
    ///
    /// # Errors
    /// As [`Ledger::close`].
    pub(crate) fn close_with(self, stimulus: &mut Stimulus, planted: Planted, pull: Pull) -> Result<Change, Unfit> {
        let change = self.close(stimulus)?;
        Ok(Change { planted: Some(planted), pull: Some(pull), ..change })
    }
}

/// The smallest edit that turns one text into the other; `None` where they are the same.
fn difference(before: &str, after: &str) -> Option<Edit> {
    if before == after {
        return None;
    }
    let same = |(a, b): &(char, char)| a == b;
    let start: usize = before.chars().zip(after.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let (old, new) = (before.get(start..)?, after.get(start..)?);
    let tail: usize = old.chars().rev().zip(new.chars().rev()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let (old, new) = (old.get(..old.len() - tail)?, new.get(..new.len() - tail)?);
    Some(Edit::Note { start, before: old.into(), after: new.into() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn noted(note: &str) -> History {
        History { fields: Vec::new(), note: Some(note.into()) }
    }

    #[test]
    fn an_entry_holds_only_what_differs() {
        let mut ledger = Ledger::open(&noted("An itchy rash."));
        ledger.set_note("A rash.");
        let expected = Edit::Note { start: 1, before: "n itchy".into(), after: String::new() };
        assert_eq!(ledger.edits, [expected]);
    }

    #[test]
    fn a_ledger_without_edits_leaves_the_stimulus() {
        let mut stimulus = Stimulus { history: noted("x"), ..Stimulus::default() };
        let ledger = Ledger::open(&stimulus.history);
        assert!(ledger.close(&mut stimulus).is_err());
        assert_eq!(stimulus.history, noted("x"));
    }

    proptest! {
        #[test]
        fn edits_reapply_and_revert(
            notes in proptest::collection::vec(".{0,20}", 1..6),
            start in proptest::option::of(".{0,20}"),
        ) {
            let original = History { fields: Vec::new(), note: start };
            let mut ledger = Ledger::open(&original);
            for note in &notes {
                ledger.set_note(note);
            }
            ledger.add_field(Field { name: "a".into(), kind: crate::Kind::Other, value: Value::Yes });
            ledger.set_field("a", Value::Deleted);
            let mut stimulus = Stimulus { history: original.clone(), ..Stimulus::default() };
            let change = ledger.close(&mut stimulus).unwrap();
            prop_assert_eq!(change.reapply(&original).unwrap(), stimulus.history.clone());
            prop_assert_eq!(change.revert(&stimulus.history).unwrap(), original);
        }
    }
}
