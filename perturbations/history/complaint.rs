//! Finding complaints in a note, and whether they are affirmed there.

use std::ops::Range;

use super::lexicon::{AUXILIARIES, DOUBTS, NEGATIONS, REPORTS, SUBJECT_VERBS, VERBS, on};
use super::mention::{Class, Mention};
use super::sentence::sentence_at;
use super::symptoms::{Symptom, symptom};
use super::words::{Token, before, bytes, covering, low, phrase, reads, slice, tokens};
use crate::{Field, Value};

/// Every mention of a complaint; the longest wording at a place wins.
pub(super) fn find(note: &str, field: &Field) -> Vec<Mention> {
    let tokens = tokens(note);
    let mut found: Vec<(Range<usize>, Class)> = match symptom(&field.name) {
        Some(symptom) => forms(symptom).flat_map(|(form, class)| runs(&tokens, form, class)).collect(),
        None => runs(&tokens, &field.name.replace(['_', '-'], " "), Class::Noun),
    };
    found.retain(|(run, _)| !is_other_sense(&tokens, run));
    found.sort_by_key(|(run, _)| (run.start, usize::MAX - run.end));
    let mut end = 0;
    found.retain(|(run, _)| {
        let fresh = run.start >= end;
        end = end.max(run.end);
        fresh
    });
    found.into_iter().map(|(run, class)| Mention { span: bytes(&tokens, &run), class }).collect()
}

fn runs(tokens: &[Token], form: &str, class: Class) -> Vec<(Range<usize>, Class)> {
    phrase(tokens, form).into_iter().map(|run| (run, class)).collect()
}

fn forms(symptom: &'static Symptom) -> impl Iterator<Item = (&'static str, Class)> {
    let of = |list: &'static [&'static str], class| list.iter().map(move |form| (*form, class));
    of(symptom.nouns, Class::Noun)
        .chain(of(symptom.adjectives, Class::Adjective))
        .chain(of(symptom.denials, Class::Adjective))
        .chain(of(symptom.verbs, Class::Verb))
        .chain(of(symptom.ings, Class::Ing))
}

/// Wordings that look like a complaint and are something else.
fn is_other_sense(tokens: &[Token], run: &Range<usize>) -> bool {
    let (word, previous, next) = (low(tokens, run.start), before(tokens, run.start), low(tokens, run.end));
    match word {
        "growth" => on(&["a", "the", "this", "that"], previous),
        "change" => !on(&["no", "any", "without", "recent", "some", "of", "or", "marked"], previous) || on(&["of"], next),
        "changed" => on(&["my", "his", "her", "the", "to", "their", "its"], next) && run.len() == 1,
        "stable" => on(&["condition", "vitals"], next),
        "grow" | "grows" => on(&["back", "up"], next),
        "flat" => on(&["feet", "foot"], next),
        "raised" | "elevated" => on(&["by", "in", "blood", "concern", "concerns", "troponin"], next),
        "ill" => on(&["mentally"], previous),
        "hurt" => on(&["himself", "herself", "his", "her", "my"], next),
        "pain" => on(&["killer", "killers", "reliever", "relievers", "medication", "clinic"], next),
        "sore" | "sores" => on(&["throat"], next) || on(&["cold", "open", "a"], previous),
        _ => false,
    }
}

/// What a note says of a complaint at one mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stance {
    /// It is there.
    Affirmed,
    /// It is not there.
    Denied,
    /// It is not known.
    Doubted,
}

/// The stance that a field's value takes, where it takes one.
pub(super) fn stance_of_value(value: &Value) -> Option<Stance> {
    match value {
        Value::Yes | Value::Stated(_) => Some(Stance::Affirmed),
        Value::No => Some(Stance::Denied),
        Value::Unknown => Some(Stance::Doubted),
        Value::Deleted => None,
    }
}

/// The stance of the note at a mention of a complaint.
pub(super) fn stance(note: &str, mention: &Mention, field: &Field) -> Stance {
    let Some(sentence) = sentence_at(note, mention.span.start) else { return Stance::Affirmed };
    let text = slice(note, &sentence);
    let tokens = tokens(text);
    let run = covering(&tokens, &(mention.span.start - sentence.start..mention.span.end - sentence.start));
    let word = slice(note, &mention.span).to_lowercase();
    if symptom(&field.name).is_some_and(|symptom| symptom.denials.contains(&word.as_str())) {
        return Stance::Denied;
    }
    answered(&tokens, run.end).unwrap_or_else(|| governed(&tokens, run.start))
}

/// The stance of an answer that follows: "bleeding: no", "itch - unknown", "fever absent".
fn answered(tokens: &[Token], at: usize) -> Option<Stance> {
    let at = if on(&[":", "-", "–", "="], low(tokens, at)) { at + 1 } else { at };
    let at = if on(&["is", "was"], low(tokens, at)) { at + 1 } else { at };
    match low(tokens, at) {
        "yes" | "positive" => Some(Stance::Affirmed),
        "no" | "none" | "absent" | "negative" | "nil" | "denied" => Some(Stance::Denied),
        "unknown" | "unclear" | "unsure" => Some(Stance::Doubted),
        "not" if on(&["known", "recorded", "stated"], low(tokens, at + 1)) => Some(Stance::Doubted),
        _ => None,
    }
}

/// The stance of the nearest word to the left that rules the mention.
fn governed(tokens: &[Token], start: usize) -> Stance {
    let mut denied = None;
    for at in (0..start).rev() {
        let word = low(tokens, at);
        if is_doubt(tokens, at) {
            return Stance::Doubted;
        }
        if denied.is_none() && on(NEGATIONS, word) && !is_broken(tokens, at, start) {
            denied = Some(true);
        } else if denied.is_none() && affirms(tokens, at) {
            denied = Some(false);
        }
        if on(&[";", ":", "but", "—", "which", "who"], word) {
            break;
        }
    }
    if denied == Some(true) { Stance::Denied } else { Stance::Affirmed }
}

/// "unknown", "whether", "not known", "not sure", "unclear if".
fn is_doubt(tokens: &[Token], at: usize) -> bool {
    on(DOUBTS, low(tokens, at))
        || reads(tokens, at, &["not", "known"])
        || reads(tokens, at, &["not", "sure"])
        || reads(tokens, at, &["no", "information"])
        || reads(tokens, at, &["not", "certain"])
}

/// Whether a denial at `at` does not reach `start`: "no relief of itching", or a comma with no list behind it.
fn is_broken(tokens: &[Token], at: usize, start: usize) -> bool {
    let between = tokens.get(at + 1..start).unwrap_or_default();
    let other = ["improvement", "relief", "better", "effect", "help", "response", "doubt", "longer", "only", "wonder"];
    if between.iter().any(|token| on(&other, &token.low)) {
        return true;
    }
    let comma = between.iter().any(|token| token.low == ",");
    let rest = tokens.get(at + 1..).unwrap_or_default();
    let stop = rest.iter().position(|token| on(&[";", "but", "."], &token.low)).unwrap_or(rest.len());
    let list = rest.iter().take(stop).any(|token| on(&["or", "nor", "and"], &token.low));
    comma && !list
}

/// Whether the word affirms what follows: "with", or a verb that is not denied.
fn affirms(tokens: &[Token], at: usize) -> bool {
    let word = low(tokens, at);
    if on(&["with", "including"], word) {
        return true;
    }
    let verb = on(AUXILIARIES, word) || on(REPORTS, word) || on(VERBS, word) || on(SUBJECT_VERBS, word);
    let next = low(tokens, at + 1);
    let helped = on(AUXILIARIES, before(tokens, at)) || on(NEGATIONS, before(tokens, at));
    verb && !on(NEGATIONS, word) && !on(NEGATIONS, next) && !helped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    fn field(name: &str) -> Field {
        Field { name: name.into(), kind: Kind::Symptom, value: Value::Yes }
    }

    fn stances(note: &str, name: &str) -> Vec<Stance> {
        let field = field(name);
        find(note, &field).iter().map(|mention| stance(note, mention, &field)).collect()
    }

    #[test]
    fn a_complaint_is_found_in_all_its_forms() {
        let note = "Itchy. Itching and pruritus. It itches. Not pruritic.";
        let field = field("itch");
        let found: Vec<_> = find(note, &field).iter().map(|mention| slice(note, &mention.span)).collect();
        assert_eq!(found, ["Itchy", "Itching", "pruritus", "itches", "pruritic"]);
    }

    #[test]
    fn other_senses_are_passed_over() {
        for note in ["A growth on the back.", "She changed her cream.", "Pain killers taken.", "Change of work place."] {
            for name in ["growth", "changed", "pain"] {
                assert!(find(note, &field(name)).is_empty(), "{note}");
            }
        }
    }

    #[test]
    fn affirmed() {
        for note in [
            "It bleeds.", "It has bled twice.", "No pain but bleeding.", "It is not itchy, and it has bled.",
            "A bleeding mole.", "Bleeding: yes.", "She reports bleeding.", "Without itching, with bleeding.",
            "No relief of bleeding.", "It does not itch and has bled.",
        ] {
            assert_eq!(stances(note, "bleeding"), [Stance::Affirmed], "{note}");
        }
    }

    #[test]
    fn denied() {
        for note in [
            "No bleeding.", "It does not bleed.", "It has not bled.", "Denies itching or bleeding.", "It hasn't bled.",
            "No itching, pain or bleeding.", "Without bleeding.", "Bleeding: no.", "It has not itched, grown or bled.",
            "There is no bleeding.", "There has never been any bleeding.", "It is neither itchy nor bleeding.",
        ] {
            assert_eq!(stances(note, "bleeding"), [Stance::Denied], "{note}");
        }
        assert_eq!(stances("A painless lump.", "pain"), [Stance::Denied]);
        assert_eq!(stances("He is afebrile.", "fever"), [Stance::Denied]);
    }

    #[test]
    fn doubted() {
        for note in [
            "It is not known whether it bleeds.", "Unclear if it has bled.", "Bleeding: unknown.", "He is not sure about bleeding.",
            "It is unknown whether it itches or bleeds.", "Bleeding is unknown.",
        ] {
            assert_eq!(stances(note, "bleeding"), [Stance::Doubted], "{note}");
        }
    }
}
