//! What the note says the referrer thinks it is: finding it and putting another diagnosis there.

use std::ops::Range;

use super::lexicon::{ANNOUNCED, DETERMINERS, DIAGNOSES, EARLIER, HEDGES, PHRASE_ENDS, on};
use super::mention::{Class, Mention};
use super::seam::splice;
use super::words::{Shape, Text, Token, before, bytes, low, phrase_end, reads, slice};
use crate::Value;

/// An impression in a note.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Told {
    /// From the announcement to the end of the diagnosis.
    run: Range<usize>,
    /// The diagnosis.
    object: Range<usize>,
    class: Class,
}

/// The mentions of an impression: what is announced as one, and the value's own words.
pub(super) fn find(text: &Text, value: &Value) -> Vec<Mention> {
    let tokens = &text.tokens;
    let told = told(text, value);
    told.into_iter().map(|told| Mention { span: bytes(tokens, &told.run), class: told.class }).collect()
}

/// The note with `name` in place of every impression; `None` where there is none.
pub(super) fn replace(note: &str, value: &Value, name: &str) -> Option<String> {
    let text = Text::read(note);
    let told = told(&text, value);
    let mut after = note.to_owned();
    for told in told.iter().rev() {
        let object = bytes(&text.tokens, &told.object);
        after = splice(&after, &object, name);
    }
    (!told.is_empty()).then_some(after)
}

fn told(text: &Text, value: &Value) -> Vec<Told> {
    let mut found = Vec::new();
    let mut free = 0;
    for at in starts(text, value) {
        let told = announced(text, at, value)
            .or_else(|| hedged(&text.tokens, at, value))
            .or_else(|| bare(&text.tokens, at, value));
        if let Some(told) = told.filter(|told| told.run.start >= free) {
            free = told.run.end;
            found.push(told);
        }
    }
    found
}

/// Where an impression can begin: at an announcement, a hedge or the value's own words.
fn starts(text: &Text, value: &Value) -> Vec<usize> {
    let own = if let Value::Stated(words) = value { words.as_str() } else { "" };
    let openings = ANNOUNCED.iter().chain(HEDGES).copied().chain([own]);
    let mut starts: Vec<usize> = openings.flat_map(|words| text.phrase(words)).map(|run| run.start).collect();
    starts.sort_unstable();
    starts.dedup();
    starts
}

/// The end of the longest phrase of the list at `at`.
fn opens(tokens: &[Token], at: usize, list: &[&str]) -> Option<usize> {
    let reads = |words: &str| words.split(' ').enumerate().all(|(step, word)| low(tokens, at + step) == word);
    let lengths = list.iter().filter(|words| reads(words)).map(|words| words.split(' ').count());
    lengths.max().map(|length| at + length)
}

fn announced(text: &Text, at: usize, value: &Value) -> Option<Told> {
    let (tokens, note) = (&text.tokens, text.whole);
    let mut end = opens(tokens, at, ANNOUNCED)?;
    let mark = low(tokens, at) == "?";
    let heading = low(tokens, at).ends_with("impression")
        || low(tokens, end - 1).ends_with("impression")
        || low(tokens, end - 1) == "diagnosis";
    if mark && !is_query_mark(tokens, note, at) {
        return None;
    }
    if on(&["not", "n't", "without"], before(tokens, at)) {
        return None;
    }
    let joined = on(&[":", "-", "–", "is", "of", "="], low(tokens, end));
    let bare = reads(tokens, at, &["diagnosis"]) && !opens_line(tokens, note, at);
    if bare || (heading && !joined) {
        return None;
    }
    end += usize::from(joined);
    let object = object(tokens, end)?;
    let named = mark || heading || is_named(tokens, &object, value);
    named.then_some(Told { run: at..object.end, object, class: Class::Statement })
}

fn hedged(tokens: &[Token], at: usize, value: &Value) -> Option<Told> {
    let end = opens(tokens, at, HEDGES)?;
    let end = if on(&[":", "of", "is"], low(tokens, end)) { end + 1 } else { end };
    let object = object(tokens, end)?;
    is_named(tokens, &object, value).then_some(Told { run: at..object.end, object, class: Class::Statement })
}

/// Whether an object is a diagnosis: the value's own, or one by its words.
fn is_named(tokens: &[Token], object: &Range<usize>, value: &Value) -> bool {
    let own = matches!(value, Value::Stated(words) if object.clone().any(|at| phrase_end(tokens, at, words).is_some()));
    own || opens_diagnosis(tokens, object)
}

/// The value's own words, unless they speak of the past or of the family.
fn bare(tokens: &[Token], at: usize, value: &Value) -> Option<Told> {
    let Value::Stated(words) = value else { return None };
    let run = at..phrase_end(tokens, at, words)?;
    let context = tokens.get(at.saturating_sub(4)..at).unwrap_or_default();
    let elsewhere = context.iter().any(|token| on(EARLIER, &token.low));
    (!elsewhere).then_some(Told { run: run.clone(), object: run, class: Class::Fact })
}

/// Whether the token at `at` opens a sentence or a line.
fn opens_line(tokens: &[Token], note: &str, at: usize) -> bool {
    let Some((left, own)) = at.checked_sub(1).and_then(|left| tokens.get(left)).zip(tokens.get(at)) else {
        return at == 0;
    };
    on(&[".", ";", "!", "?"], &left.low) || slice(note, &(left.span.end..own.span.start)).contains('\n')
}

/// Whether a question mark opens an impression ("?eczema") instead of closing a question.
fn is_query_mark(tokens: &[Token], note: &str, at: usize) -> bool {
    let Some((mark, next)) = tokens.get(at).zip(tokens.get(at + 1)) else { return false };
    let left = slice(note, &(0..mark.span.start)).chars().next_back();
    let touching = mark.span.end == next.span.start && next.shape == Shape::Word;
    touching && left.is_none_or(|c| c.is_whitespace() || c == '(' || c == ':')
}

/// The diagnosis from `at` to the end of its phrase.
fn object(tokens: &[Token], at: usize) -> Option<Range<usize>> {
    let rest = tokens.get(at..)?;
    let length = rest.iter().position(|token| on(PHRASE_ENDS, &token.low)).unwrap_or(rest.len());
    let object = at..at + length;
    ((1..=7).contains(&length)).then_some(object)
}

/// Whether a word, in lower case, names a diagnosis.
pub(super) fn is_diagnosis(word: &str) -> bool {
    let ends = ["oma", "omas", "itis", "osis", "iasis"];
    on(DIAGNOSES, word) || (word.len() > 5 && ends.iter().any(|end| word.ends_with(end)))
}

/// Whether an object is a diagnosis by its words.
fn opens_diagnosis(tokens: &[Token], object: &Range<usize>) -> bool {
    let words = tokens.get(object.clone()).unwrap_or_default();
    words.iter().any(|token| is_diagnosis(&token.low))
        && !words
            .iter()
            .any(|token| on(&["no", "not", "related", "due", "caused", "secondary", "my", "to"], &token.low))
        && words.iter().any(|token| !on(DETERMINERS, &token.low))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'a>(note: &'a str, value: &str) -> Vec<&'a str> {
        find(&Text::read(note), &Value::Stated(value.into())).iter().map(|mention| slice(note, &mention.span)).collect()
    }

    #[test]
    fn an_impression_is_found_however_it_is_written() {
        for (note, expected) in [
            ("Impression: eczema.", "Impression: eczema"),
            ("My impression is psoriasis.", "My impression is psoriasis"),
            ("I suspect a melanoma on the arm.", "I suspect a melanoma"),
            ("A rash, ?eczema.", "?eczema"),
            ("This is probably eczema.", "probably eczema"),
            ("Suspected basal cell carcinoma.", "Suspected basal cell carcinoma"),
            ("Is this vitiligo?", "Is this vitiligo"),
            ("A rash. Diagnosis: vitiligo.", "Diagnosis: vitiligo"),
            ("Clinical diagnosis: lichen planus", "Clinical diagnosis: lichen planus"),
            ("Changes consistent with tinea corporis", "consistent with tinea corporis"),
            ("We were thinking of scurvy here.", "scurvy"),
        ] {
            assert_eq!(found(note, "scurvy"), [expected], "{note}");
        }
    }

    #[test]
    fn what_is_no_impression_is_passed_over() {
        for note in [
            "Is this concerning?",
            "Cancer diagnosis: Stage II melanoma.",
            "Could this be related to my melanoma?",
            "It is probably nothing.",
            "A history of scurvy.",
            "What is it? Eczema runs in the family.",
            "First impression was good.",
        ] {
            assert!(found(note, "scurvy").is_empty(), "{note}");
        }
    }

    #[test]
    fn every_impression_is_replaced() {
        let replaced =
            replace("Impression: eczema. I suspect an eczema. ?Eczema", &Value::Stated("eczema".into()), "melanoma");
        assert_eq!(replaced.as_deref(), Some("Impression: melanoma. I suspect melanoma. ?melanoma"));
        assert_eq!(replace("A rash.", &Value::Deleted, "melanoma"), None);
    }
}
