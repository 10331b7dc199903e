//! Taking a fact out of a history: its field and every mention of it together.

use super::ledger::Ledger;
use super::mention::Mention;
use super::sentence::sentence_at;
use super::{age, cut, sex, side};
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
    erase_mentions(ledger, &field, collateral)?;
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

fn without(ledger: &Ledger, field: &Field, first: &Mention) -> Option<String> {
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
