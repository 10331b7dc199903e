//! Finding complaints in a note, and whether they are affirmed there.

use std::ops::Range;

use super::lexicon::{
    AUXILIARIES, BARE_VERBS, BODY_PARTS, DETERMINERS, DOUBTS, NEGATIONS, REPORTS, SUBJECT_VERBS, VERBS, on,
};
use super::mention::{Class, Mention};
use super::sentence::sentence_at;
use super::symptoms::{SYMPTOMS, Symptom, symptom};
use super::words::{Text, Token, before, bytes, covering, low, phrase_end, reads, slice, tokens};
use crate::{Field, Value};

/// Every mention of a complaint; the longest wording at a place wins, an answer behind it ("itching: no") included.
pub(super) fn find(text: &Text, field: &Field) -> Vec<Mention> {
    let tokens = &text.tokens;
    let found = match symptom(&field.name) {
        Some(symptom) => runs_of(text, symptom),
        None => text.phrase(&field.name.replace(['_', '-'], " ")).map(|run| (run, Class::Noun)).collect(),
    };
    let mention = |(run, class): (Range<usize>, Class)| match answer_end(tokens, run.end) {
        Some(end) => Mention { span: bytes(tokens, &(run.start..end)), class: Class::Statement },
        None => Mention { span: bytes(tokens, &run), class },
    };
    found.into_iter().map(mention).collect()
}

fn runs_of(text: &Text, symptom: &'static Symptom) -> Vec<(Range<usize>, Class)> {
    let runs = |(form, class)| text.phrase(form).map(move |run| (run, class));
    let mut found: Vec<_> = forms(symptom).flat_map(runs).collect();
    found.retain(|(run, _)| !is_other_sense(&text.tokens, run));
    found.sort_by_key(|(run, _)| (run.start, usize::MAX - run.end));
    let mut end = 0;
    found.retain(|(run, _)| {
        let fresh = run.start >= end;
        end = end.max(run.end);
        fresh
    });
    found
}

/// What a text says of one complaint at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Statement {
    /// The first field name of the complaint.
    pub(super) name: &'static str,
    /// The bytes of the mention.
    pub(super) span: Range<usize>,
    /// What is said of it.
    pub(super) stance: Stance,
}

/// Everything that a sentence says of any complaint known by name.
pub(super) fn statements(sentence: &str) -> Vec<Statement> {
    let text = Text::read(sentence);
    let of = |symptom: &'static Symptom| {
        let name = symptom.names.first().copied().unwrap_or_default();
        let runs = runs_of(&text, symptom).into_iter();
        let told = runs.map(|(run, _)| Statement {
            name,
            span: bytes(&text.tokens, &run),
            stance: stance_at(&text.tokens, &run, Some(symptom)),
        });
        told.collect::<Vec<_>>()
    };
    SYMPTOMS.iter().flat_map(of).collect()
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
        "growth" => on(&["a", "like", "the", "this", "that"], previous),
        "change" => {
            !on(&["no", "any", "without", "recent", "some", "of", "or", "marked"], previous) || on(&["of"], next)
        }
        "changed" => on(&["my", "his", "her", "the", "to", "their", "its"], next) && run.len() == 1,
        "stable" => {
            on(&["condition", "vitals", "disease", "on"], next)
                || on(&["clinically", "currently", "haemodynamically", "hemodynamically"], previous)
        }
        "grow" | "grows" | "grew" | "grown" => on(&["back", "up"], next),
        // Of a hospital.
        "discharge" => {
            on(&["notes", "summary", "letter", "date"], next) || on(&["her", "his", "hospital", "my"], previous)
        }
        "flat" => on(&["feet", "foot"], next),
        "raised" | "elevated" => on(&["blood", "by", "concern", "concerns", "in", "temperature", "troponin"], next),
        "ill" => on(&["mentally", "anyone", "anybody", "someone", "somebody", "nobody", "people", "others"], previous),
        "fever" => on(&["hay", "glandular", "scarlet", "yellow", "dengue", "rheumatic"], previous),
        "growing" => on(&["up"], next),
        "larger" | "bigger" => on(&["than"], next) || on(DETERMINERS, previous),
        "hurt" => on(&["himself", "herself", "his", "her", "my"], next),
        "pain" => {
            // "Head pain medication" tells the pain of the head.
            on(&["killer", "killers", "reliever", "relievers", "medication", "clinic"], next)
                && !on(BODY_PARTS, previous)
        }
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
    stance_at(&tokens, &run, symptom(&field.name))
}

fn stance_at(tokens: &[Token], run: &Range<usize>, symptom: Option<&Symptom>) -> Stance {
    let denials = symptom.map_or(&[][..], |symptom| symptom.denials);
    if denials.iter().any(|denial| phrase_end(tokens, run.start, denial).is_some()) {
        return Stance::Denied;
    }
    let answers = run.clone().skip(1).chain([run.end]).find_map(|at| answer(tokens, at));
    answers.map_or_else(|| governed(tokens, run.start), |(stance, _)| stance)
}

/// A short answer that closes what stands before it: "bleeding: no", "itch is unknown", "fever absent"; and its end.
fn answer(tokens: &[Token], at: usize) -> Option<(Stance, usize)> {
    let at = at + usize::from(on(&[":", "-", "–", "=", "is", "was"], low(tokens, at)));
    let (stance, length) = match low(tokens, at) {
        "yes" | "positive" => (Stance::Affirmed, 1),
        "none" if low(tokens, at + 1) == "known" => (Stance::Denied, 2),
        "no" | "none" | "absent" | "negative" | "nil" | "denied" => (Stance::Denied, 1),
        "unknown" | "unclear" | "unsure" => (Stance::Doubted, 1),
        "not" if on(&["known", "recorded", "stated"], low(tokens, at + 1)) => (Stance::Doubted, 2),
        _ => return None,
    };
    let end = at + length;
    let closed = tokens.get(end).is_none_or(|token| on(&[".", ",", ";", ")", "/"], &token.low));
    (closed || low(tokens, end + 1) == ":").then_some((stance, end))
}

/// The end of a short answer behind a complaint: "itching: no", "fever absent".
fn answer_end(tokens: &[Token], at: usize) -> Option<usize> {
    answer(tokens, at).map(|(_, end)| end)
}

/// The stance of the nearest word to the left that rules the mention.
fn governed(tokens: &[Token], start: usize) -> Stance {
    let mut denied = None;
    for at in (0..start).rev() {
        let word = low(tokens, at);
        if is_doubt(tokens, at) {
            return Stance::Doubted;
        }
        let raised = on(&["think", "believe", "suppose"], low(tokens, at + 1));
        if on(NEGATIONS, word) && (raised || (denied.is_none() && !is_broken(tokens, at, start))) {
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
    // "It does not itch or cause pain": the second verb stands under the denial of the first.
    if on(BARE_VERBS, word) && on(&[",", "nor", "or"], before(tokens, at)) {
        return false;
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
        find(&Text::read(note), &field).iter().map(|mention| stance(note, mention, &field)).collect()
    }

    #[test]
    fn a_complaint_is_found_in_all_its_forms() {
        let note = "Itchy. Itching and pruritus. It itches. Not pruritic.";
        let field = field("itch");
        let found: Vec<_> = find(&Text::read(note), &field).iter().map(|mention| slice(note, &mention.span)).collect();
        assert_eq!(found, ["Itchy", "Itching", "pruritus", "itches", "pruritic"]);
    }

    #[test]
    fn other_senses_are_passed_over() {
        for note in ["A growth on the back.", "She changed her cream.", "Pain killers taken.", "Change of work place."]
        {
            for name in ["growth", "changed", "pain"] {
                assert!(find(&Text::read(note), &field(name)).is_empty(), "{note}");
            }
        }
    }

    #[test]
    fn affirmed() {
        for note in [
            "It bleeds.",
            "It has bled twice.",
            "No pain but bleeding.",
            "It is not itchy, and it has bled.",
            "A bleeding mole.",
            "Bleeding: yes.",
            "She reports bleeding.",
            "Without itching, with bleeding.",
            "No relief of bleeding.",
            "It does not itch and has bled.",
        ] {
            assert_eq!(stances(note, "bleeding"), [Stance::Affirmed], "{note}");
        }
    }

    #[test]
    fn denied() {
        for note in [
            "No bleeding.",
            "It does not bleed.",
            "It has not bled.",
            "Denies itching or bleeding.",
            "It hasn't bled.",
            "No itching, pain or bleeding.",
            "Without bleeding.",
            "Bleeding: no.",
            "It has not itched, grown or bled.",
            "There is no bleeding.",
            "She does not think it has bled.",
            "There has never been any bleeding.",
            "It is neither itchy nor bleeding.",
        ] {
            assert_eq!(stances(note, "bleeding"), [Stance::Denied], "{note}");
        }
        assert_eq!(stances("A painless lump.", "pain"), [Stance::Denied]);
        assert_eq!(stances("He is afebrile.", "fever"), [Stance::Denied]);
    }

    #[test]
    fn doubted() {
        for note in [
            "It is not known whether it bleeds.",
            "Unclear if it has bled.",
            "Bleeding: unknown.",
            "He is not sure about bleeding.",
            "It is unknown whether it itches or bleeds.",
            "Bleeding is unknown.",
        ] {
            assert_eq!(stances(note, "bleeding"), [Stance::Doubted], "{note}");
        }
    }
}
