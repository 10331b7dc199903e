//! Where a note tells a field: one finder per kind of field.

use core::cell::OnceCell;
use std::ops::Range;

use super::sentence::sentence_at;
use super::words::{self, Text};
use super::{age, complaint, duration, fact, impression, sex, side};
use crate::{Field, History, Kind, Value};

/// A stretch of a note that tells a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mention {
    /// Its bytes.
    pub(super) span: Range<usize>,
    /// How it stands in its sentence.
    pub(super) class: Class,
}

/// How a mention stands in its sentence; decides how it can be cut out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// A noun or noun phrase: "itching".
    Noun,
    /// An adjective or a phrase like one: "itchy", "64 years old".
    Adjective,
    /// A verb form: "bleeds", "bled".
    Verb,
    /// A form in -ing, which can be noun, adjective or verb: "bleeding".
    Ing,
    /// A phrase that hangs loosely: "for 3 weeks".
    Adjunct,
    /// A place, with or without its preposition: "forearm".
    Place,
    /// The field's own words: "penicillin".
    Fact,
    /// A statement of its own up to the end of its clause: "impression: eczema".
    Statement,
}

/// Every stretch of the note, in order, that tells what the field holds.
///
/// Age, duration, side and literal values count where they agree with the field's value; sex includes the pronouns;
/// a complaint counts whether it is affirmed, denied or doubted.
#[must_use]
pub fn mentions(note: &str, field: &Field) -> Vec<Range<usize>> {
    find(&Text::read(note), field).into_iter().map(|mention| mention.span).collect()
}

/// What a note tells of each field of its history; found once for each state of the two.
#[derive(Debug, Clone, Default)]
pub(super) struct Told(OnceCell<Vec<Vec<Mention>>>);

impl Told {
    /// The mentions of the field that are not another field's: part of a longer mention ("pain" in "joint pain"), or
    /// the same words in a sentence that names the other's subject more clearly ("asthma" after "family history
    /// includes").
    ///
    /// A side counts even within another mention: it is one fact with the side in "left forearm".
    pub(super) fn own(&self, history: &History, field: &Field) -> Vec<Mention> {
        let text = Text::read(note_of(history));
        let mut own = find(&text, field);
        if field.kind != Kind::Side && !own.is_empty() {
            let told = self.0.get_or_init(|| find_all(&text, history));
            own.retain(|mention| {
                !others(history, told, field)
                    .any(|(other, span)| is_others(text.whole, field, &mention.span, other, span))
            });
        }
        own
    }

    /// What must stay when the field's mention at `span` goes: the mentions of the other fields that are still told.
    pub(super) fn protected(&self, history: &History, field: &Field, span: &Range<usize>) -> Vec<Range<usize>> {
        let nested = |other: &Range<usize>| {
            (span.start <= other.start && other.end <= span.end) || (other.start <= span.start && span.end <= other.end)
        };
        let told = self.0.get_or_init(|| find_all(&Text::read(note_of(history)), history));
        others(history, told, field).map(|(_, other)| other).filter(|other| !nested(other)).cloned().collect()
    }
}

fn note_of(history: &History) -> &str {
    history.note.as_deref().unwrap_or_default()
}

fn find_all(text: &Text, history: &History) -> Vec<Vec<Mention>> {
    history.fields.iter().map(|field| find(text, field)).collect()
}

/// Whether the field's mention at `span` is rather the other field's at `theirs`.
fn is_others(note: &str, field: &Field, span: &Range<usize>, other: &Field, theirs: &Range<usize>) -> bool {
    if span == theirs {
        let sentence = sentence_at(note, span.start).unwrap_or(0..0);
        let text = words::slice(note, &sentence);
        return fact::clarity(text, other) > fact::clarity(text, field);
    }
    theirs.start <= span.start && span.end <= theirs.end
}

/// The mentions of the other fields that are told, pronouns left out.
fn others<'a>(
    history: &'a History,
    told: &'a [Vec<Mention>],
    field: &'a Field,
) -> impl Iterator<Item = (&'a Field, &'a Range<usize>)> {
    let others = history.fields.iter().zip(told);
    let others = others.filter(move |(other, _)| other.name != field.name && other.value != Value::Deleted);
    others
        .flat_map(|(other, found)| found.iter().map(move |mention| (other, &mention.span)))
        .filter(move |(_, span)| !is_pronoun(words::slice(note_of(history), span)))
}

fn is_pronoun(text: &str) -> bool {
    let pronouns = ["she", "he", "her", "his", "him", "hers", "herself", "himself", "she's", "he's"];
    pronouns.iter().any(|pronoun| text.eq_ignore_ascii_case(pronoun))
}

/// Every mention of a field, in order.
pub(super) fn find(text: &Text, field: &Field) -> Vec<Mention> {
    if field.value == Value::Deleted {
        return Vec::new();
    }
    match field.kind {
        Kind::Age => age::find(text, &field.value),
        Kind::Sex => sex::find(text, &field.value),
        Kind::Side => side::find(text, &field.value),
        Kind::Duration => duration::find(text, &field.value),
        Kind::Symptom => complaint::find(text, field),
        Kind::Impression => impression::find(text, &field.value),
        _ => fact::find(text, field),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str, kind: Kind, value: &str) -> Field {
        Field { name: name.into(), kind, value: Value::from(value.to_owned()) }
    }

    fn own(history: &History, field: &Field) -> Vec<Mention> {
        Told::default().own(history, field)
    }

    #[test]
    fn a_deleted_field_is_told_nowhere() {
        let mut age = field("age", Kind::Age, "64");
        age.value = Value::Deleted;
        assert!(mentions("64-year-old", &age).is_empty());
    }

    #[test]
    fn the_same_words_belong_to_the_field_whose_subject_the_sentence_names() {
        let words = "asthma and hay fever";
        let fields = vec![field("past", Kind::PastHistory, words), field("family", Kind::FamilyHistory, words)];
        for note in [
            "PMH: asthma and hay fever. FH: asthma and hay fever.",
            "His history includes asthma and hay fever. His family history includes asthma and hay fever.",
        ] {
            let history = History { fields: fields.clone(), note: Some(note.into()) };
            let (past, family) = (own(&history, &fields[0]), own(&history, &fields[1]));
            assert_eq!((past.len(), family.len()), (1, 1), "{note}");
            assert!(past[0].span.start < family[0].span.start);
        }
    }

    #[test]
    fn a_longer_complaint_is_not_the_shorter_one() {
        let history = History {
            fields: vec![field("pain", Kind::Symptom, "yes"), field("joint_pain", Kind::Symptom, "no")],
            note: Some("Painful. No joint pain.".into()),
        };
        let own: Vec<_> = own(&history, &history.fields[0]).into_iter().map(|mention| mention.span).collect();
        assert_eq!(own, vec![0..7]);
    }
}
