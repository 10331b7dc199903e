//! Careful editing: every change is made on a copy and written down in the same call.

use std::ops::Range;

use super::difference::{Hunk, hunks};
use super::mention::{Mention, Told, find};
use super::words::{Text, overlap, slice};
use crate::{Change, Edit, Field, History, Planted, Pull, Stimulus, Unfit, Value};

/// A copy of a history under edit, with the edits made so far.
#[derive(Debug, Clone)]
pub(crate) struct Ledger {
    original: History,
    history: History,
    /// The edits of fields; those of the note are what differs in the end.
    edits: Vec<Edit>,
    /// Whether the whole history was exchanged.
    replaced: bool,
    /// What the note tells of the fields, as both are now.
    told: Told,
}

impl Ledger {
    /// Opens a ledger on a copy of the history.
    pub(crate) fn open(history: &History) -> Self {
        let (original, history) = (history.clone(), history.clone());
        Self { original, history, edits: Vec::new(), replaced: false, told: Told::default() }
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

    /// Makes the note read as `after`.
    pub(crate) fn set_note(&mut self, after: &str) {
        self.told = Told::default();
        self.history.note = Some(after.into());
    }

    /// Exchanges the whole history.
    pub(crate) fn replace(&mut self, after: History) {
        self.history = after;
        self.replaced = true;
        self.told = Told::default();
    }

    /// Puts the edited history into the stimulus: the edits of fields in their order, and of the note one entry for
    /// each stretch of words that differs, the last one first.
    ///
    /// # Errors
    /// [`Unfit::NothingToChange`] when nothing differs; the stimulus is then as it was.
    pub(crate) fn close(mut self, stimulus: &mut Stimulus) -> Result<Change, Unfit> {
        if self.original == self.history {
            return Err(Unfit::nothing("the history already reads so"));
        }
        let edits = if self.replaced {
            vec![Edit::HistoryReplaced { before: self.original, after: self.history.clone() }]
        } else {
            let note = self.note_edits();
            self.edits.extend(note);
            self.edits
        };
        stimulus.history = self.history;
        Ok(Change { edits, planted: None, pull: None })
    }

    /// What differs in the note.
    fn note_edits(&self) -> Vec<Edit> {
        let after = self.note();
        let Some(before) = &self.original.note else {
            let added = self.history.note.iter().map(|text| Edit::NoteAdded { text: text.clone() });
            return added.collect();
        };
        let hunks = hunks(before, after);
        let told = TellsBoth::read(self, before, after, !hunks.is_empty());
        let entry = |hunk: &Hunk| Edit::Note {
            start: hunk.before.start,
            before: slice(before, &hunk.before).into(),
            after: slice(after, &hunk.after).into(),
            field: told.field(hunk),
        };
        hunks.iter().rev().map(entry).collect()
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

/// Places in a note.
type Spans = Vec<Range<usize>>;

/// Where a note tells each field, before and after: fields whose value has changed come first.
struct TellsBoth(Vec<(String, Spans, Spans)>);

impl TellsBoth {
    fn read(ledger: &Ledger, before: &str, after: &str, wanted: bool) -> Self {
        let (old, new) = (Text::read(before), Text::read(after));
        let spans = |text: &Text, field: Option<&Field>| -> Spans {
            field.into_iter().flat_map(|field| find(text, field)).map(|mention| mention.span).collect()
        };
        let mut fields: Vec<&Field> = ledger.history.fields.iter().filter(|_| wanted).collect();
        fields.sort_by_key(|field| ledger.original.field(&field.name) == Some(*field));
        let both = fields.into_iter().map(|field| {
            (field.name.clone(), spans(&old, ledger.original.field(&field.name)), spans(&new, Some(field)))
        });
        Self(both.collect())
    }

    /// The field that the words of a hunk tell, before or after.
    fn field(&self, hunk: &Hunk) -> Option<String> {
        let meets = |spans: &[Range<usize>], own: &Range<usize>| spans.iter().any(|span| overlap(span, own));
        let tells = |(_, old, new): &&(String, Spans, Spans)| meets(old, &hunk.before) || meets(new, &hunk.after);
        self.0.iter().find(tells).map(|(name, _, _)| name.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn noted(note: &str) -> History {
        History { fields: Vec::new(), note: Some(note.into()) }
    }

    fn closed(ledger: Ledger) -> Vec<Edit> {
        ledger.close(&mut Stimulus::default()).unwrap().edits
    }

    fn entry(start: usize, before: &str, after: &str, field: Option<&str>) -> Edit {
        Edit::Note { start, before: before.into(), after: after.into(), field: field.map(Into::into) }
    }

    #[test]
    fn an_entry_holds_only_the_words_that_differ() {
        let mut ledger = Ledger::open(&noted("An itchy rash."));
        ledger.set_note("A rash.");
        assert_eq!(closed(ledger), [entry(0, "An itchy", "A", None)]);
    }

    #[test]
    fn two_mentions_are_two_entries_the_last_first_with_their_field() {
        let age =
            |years: &str| Field { name: "age".into(), kind: crate::Kind::Age, value: Value::Stated(years.into()) };
        let itch = Field { name: "itch".into(), kind: crate::Kind::Symptom, value: Value::Yes };
        let note = "A 64-year-old man. It itches. He is 64 years old.";
        let mut ledger = Ledger::open(&History { fields: vec![itch, age("64")], note: Some(note.into()) });
        ledger.set_field("age", Value::Stated("46".into()));
        ledger.set_note("A 46-year-old man. It itches. Sadly, he is 46 years old.");
        let edits = closed(ledger);
        assert_eq!(
            edits[1..],
            [entry(36, "64", "46", Some("age")), entry(30, "He", "Sadly, he", None), entry(2, "64", "46", Some("age")),]
        );
    }

    #[test]
    fn an_entry_names_the_field_that_it_tells_though_its_value_stays() {
        let itch = Field { name: "itch".into(), kind: crate::Kind::Symptom, value: Value::Yes };
        let mut ledger = Ledger::open(&History { fields: vec![itch], note: Some("It itches. A rash.".into()) });
        ledger.set_note("It is itchy. A spot.");
        assert_eq!(closed(ledger), [entry(13, "rash", "spot", None), entry(3, "itches", "is itchy", Some("itch"))]);
    }

    #[test]
    fn what_is_undone_is_no_edit_and_an_exchange_is_one() {
        let mut ledger = Ledger::open(&noted("x"));
        ledger.set_note("y");
        ledger.set_note("x");
        assert!(ledger.close(&mut Stimulus::default()).is_err());
        let mut ledger = Ledger::open(&noted("x"));
        ledger.set_note("y");
        ledger.replace(noted("z"));
        assert_eq!(closed(ledger), [Edit::HistoryReplaced { before: noted("x"), after: noted("z") }]);
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
