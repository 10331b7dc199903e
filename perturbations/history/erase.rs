//! Taking a fact out of a history: its field and every mention of it together.

use super::ledger::Ledger;
use super::mention::Mention;
use super::sentence::{sentence_at, sentences};
use super::words::slice;
use super::{age, cut, sex, side, voice};
use crate::{Field, Kind, Unfit, Value};

/// What may go with a mention that cannot be cut out of its sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Collateral {
    /// Nothing: the erasure is then refused.
    Nothing,
    /// The sentence that holds it.
    Sentence,
}

/// Deletes the field of that name and cuts every mention of it out of the note.
///
/// # Errors
/// [`Unfit::NothingToChange`] where there is no such field or it is already deleted; [`Unfit::Entangled`] where a
/// mention cannot be cut out and nothing may go with it.
pub(super) fn erase(ledger: &mut Ledger, name: &str, collateral: Collateral) -> Result<(), Unfit> {
    let field = told(ledger, name)?;
    if collateral == Collateral::Nothing && is_refused(ledger.note(), &field) {
        return Err(entangled(&field));
    }
    erase_elsewhere(ledger, &field, collateral)?;
    if field.kind == Kind::Age {
        let after = age::without_childhood(ledger.note(), &field.value);
        set_note_if_changed(ledger, &after);
    }
    let before = ledger.note().to_owned();
    erase_mentions(ledger, &field, collateral)?;
    drop_idle_questions(ledger, &field, &before);
    if matches!(field.kind, Kind::Age | Kind::Sex) {
        let after = without_tautology(ledger.note());
        set_note_if_changed(ledger, &after);
    }
    ledger.set_field(name, Value::Deleted);
    Ok(())
}

/// The field of that name, where it tells something.
pub(super) fn told(ledger: &Ledger, name: &str) -> Result<Field, Unfit> {
    let field = ledger.history().field(name).ok_or_else(|| Unfit::nothing(format!("no field `{name}`")))?;
    if field.value == Value::Deleted {
        return Err(Unfit::nothing(format!("field `{name}` is already deleted")));
    }
    Ok(field.clone())
}

/// The refusal for a field that the note tells in a way that cannot be edited.
pub(super) fn entangled(field: &Field) -> Unfit {
    Unfit::Entangled { what: field.name.replace('_', " ") }
}

/// Facts that the note tells in other ways than by their mentions.
fn is_refused(note: &str, field: &Field) -> bool {
    match field.kind {
        Kind::Age => age::is_contested(note, &field.value),
        Kind::Sex => sex::is_bound(note) || sex::is_ambiguous(note, &field.value),
        _ => false,
    }
}

fn erase_mentions(ledger: &mut Ledger, field: &Field, collateral: Collateral) -> Result<(), Unfit> {
    let mut left = ledger.own(field);
    while let Some(first) = left.first() {
        let after = without(ledger, field, first);
        let after = match (after, collateral) {
            (Some(after), _) => after,
            (None, Collateral::Nothing) => return Err(entangled(field)),
            (None, Collateral::Sentence) => without_its_sentence(ledger.note(), first),
        };
        if after.len() >= ledger.note().len() && after == ledger.note() {
            return Err(entangled(field));
        }
        ledger.set_note(&after);
        let now = ledger.own(field);
        if now.len() >= left.len() {
            return Err(entangled(field));
        }
        left = now;
    }
    Ok(())
}

/// Sets the note where it reads otherwise; a history without a note gets none.
fn set_note_if_changed(ledger: &mut Ledger, after: &str) {
    if after != ledger.note() {
        ledger.set_note(after);
    }
}

/// The note without "The patient is a patient.", which is what is left of "The patient is a boy aged 9."
fn without_tautology(note: &str) -> String {
    let empty =
        |text: &str| matches!(text.to_lowercase().as_str(), "the patient is a patient." | "patient is a patient.");
    let found = sentences(note).into_iter().find(|span| empty(slice(note, span)));
    found.map_or_else(|| note.to_owned(), |span| cut::without_sentence(note, &span))
}

/// A question of a dialogue goes with its answer, unless it tells another field.
fn drop_idle_questions(ledger: &mut Ledger, field: &Field, before: &str) {
    let told = |ledger: &Ledger| -> Vec<usize> {
        let others = ledger.history().fields.iter().filter(|other| other.name != field.name);
        others.map(|other| ledger.own(other).len()).collect()
    };
    let mut tidied = ledger.clone();
    set_note_if_changed(&mut tidied, &voice::without_idle_questions(before, ledger.note()));
    if told(&tidied) == told(ledger) {
        *ledger = tidied;
    }
}

/// The note without one mention of a field; `None` where it cannot be cut out.
pub(super) fn without(ledger: &Ledger, field: &Field, first: &Mention) -> Option<String> {
    let note = ledger.note();
    let protected = ledger.protected(field, &first.span);
    match field.kind {
        Kind::Sex => sex::cut(note, first, &protected),
        Kind::Side => side::cut(note, first),
        _ => cut::cut(note, first, &protected),
    }
}

fn without_its_sentence(note: &str, mention: &Mention) -> String {
    sentence_at(note, mention.span.start).map_or_else(|| note.into(), |sentence| cut::without_sentence(note, &sentence))
}

/// A side that is told again in the words of another field goes there too.
fn erase_elsewhere(ledger: &mut Ledger, field: &Field, collateral: Collateral) -> Result<(), Unfit> {
    if field.kind != Kind::Side {
        return Ok(());
    }
    for other in ledger.history().fields.clone() {
        let (Value::Stated(text), true) = (&other.value, other.name != field.name) else { continue };
        let mut text = text.clone();
        while let Some(first) = side::first(&text, &field.value) {
            match side::cut(&text, &first).filter(|after| after.len() < text.len()) {
                Some(after) => text = after,
                None if collateral == Collateral::Nothing => return Err(entangled(field)),
                None => break,
            }
        }
        ledger.set_field(&other.name, Value::Stated(text));
    }
    Ok(())
}
