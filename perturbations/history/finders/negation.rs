//! Denials: the word that denies, and what it denies.

use std::ops::Range;

use crate::history::clause::{clauses, items, opens_predicate};
use crate::history::lexicon::{DETERMINERS, PREPOSITIONS, SUBJECT_VERBS, SUBJECTS, is_adverb, on};
use crate::history::sentence::sentences;
use crate::history::words::{Shape, Token, before, bytes, low, reads, slice, tokens};

/// One denial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Negation {
    /// The bytes of the word that denies.
    pub cue: Range<usize>,
    /// The bytes of each thing that it denies; empty for the "No," that answers a question.
    pub concepts: Vec<Range<usize>>,
}

/// Words that deny. Words that deny by their meaning ("painless", "refuses", "unable") are left out.
const CUES: &[&str] = &[
    "ain't",
    "aren't",
    "arent",
    "can't",
    "cannot",
    "cant",
    "couldn't",
    "denied",
    "denies",
    "deny",
    "denying",
    "didn't",
    "didnt",
    "doesn't",
    "doesnt",
    "don't",
    "dont",
    "hadn't",
    "hasn't",
    "haven't",
    "havent",
    "isn't",
    "isnt",
    "never",
    "no",
    "none",
    "nor",
    "not",
    "wasn't",
    "wasnt",
    "weren't",
    "without",
    "won't",
    "wouldn't",
    "shouldn't",
    "negative",
    "neither",
];

/// Words that only carry what is denied.
const CARRIERS: &[&str] = &[
    "a",
    "able",
    "all",
    "an",
    "any",
    "appear",
    "be",
    "been",
    "being",
    "currently",
    "do",
    "does",
    "ever",
    "experience",
    "experienced",
    "experiencing",
    "feel",
    "feeling",
    "felt",
    "get",
    "getting",
    "got",
    "gotten",
    "had",
    "has",
    "have",
    "having",
    "longer",
    "notice",
    "noticed",
    "on",
    "really",
    "receive",
    "received",
    "seem",
    "so",
    "taken",
    "that",
    "the",
    "to",
    "tried",
    "try",
    "use",
    "used",
    "using",
    "very",
    "yet",
    "also",
    "known",
    "evidence",
    "of",
    "signs",
    "sign",
    "quite",
    "too",
    "either",
    "just",
    "even",
    "been",
    "much",
    "reported",
    "in",
    "for",
    "with",
];

/// Words at which a denial ends.
const ENDS: &[&str] = &[
    "although", "because", "but", "except", "hence", "however", "if", "since", "so", "then", "though", "unless",
    "until", "when", "whereas", "which", "while", "who", "yet", "despite", "after", "before",
];

/// Every denial of a text, in order.
#[must_use]
pub fn negations(text: &str) -> Vec<Negation> {
    sentences(text).iter().flat_map(|sentence| in_sentence(slice(text, sentence), sentence.start)).collect()
}

fn in_sentence(sentence: &str, offset: usize) -> Vec<Negation> {
    let tokens = tokens(sentence);
    let shifted = |run: &Range<usize>| {
        let span = bytes(&tokens, run);
        span.start + offset..span.end + offset
    };
    let mut found = Vec::new();
    let mut free = 0;
    for at in 0..tokens.len() {
        if at < free || !on(CUES, low(&tokens, at)) || is_idle(&tokens, at) {
            continue;
        }
        let cue = cue(&tokens, at);
        let concepts = if is_particle(&tokens, at) { Vec::new() } else { concepts(&tokens, &cue) };
        if concepts.is_empty() && !is_particle(&tokens, at) {
            continue;
        }
        free = concepts.last().map_or(cue.end, |last| last.end);
        found.push(Negation { cue: shifted(&cue), concepts: concepts.iter().map(shifted).collect() });
    }
    found
}

/// "no mention of" and "no sign of" deny as one.
fn cue(tokens: &[Token], at: usize) -> Range<usize> {
    if low(tokens, at) == "no" && on(&["mention", "evidence", "signs", "sign", "history"], low(tokens, at + 1)) {
        let mention = low(tokens, at + 1) == "mention" && low(tokens, at + 2) == "of";
        return at..if mention { at + 3 } else { at + 1 };
    }
    at..at + 1
}

/// Fixed phrases that deny nothing.
fn is_idle(tokens: &[Token], at: usize) -> bool {
    let (previous, word, next) = (before(tokens, at), low(tokens, at), low(tokens, at + 1));
    let helped = on(&["can't", "cannot", "cant"], word) && next == "help";
    let only = word == "not" && on(&["only", "just", "sure"], next) && next == "only";
    let open = previous == "or" && word == "not" && tokens.get(at + 1).is_none_or(|next| next.shape == Shape::Mark);
    let matter = word == "no" && on(&["matter", "doubt", "one", "problem"], next) && next != "one";
    let numbered = word == "no" && next == "." && tokens.get(at + 2).is_some_and(|next| next.shape == Shape::Number);
    let why =
        on(&["why", "if", "whether"], previous) && word == "not" && !opens_predicate(tokens, at + 1) && next.is_empty();
    helped || only || open || matter || numbered || why || (word == "negative" && previous != ":")
}

/// The "No," that answers a question.
fn is_particle(tokens: &[Token], at: usize) -> bool {
    let opens = at == 0 || before(tokens, at) == ":" && at <= 2;
    let last = tokens.get(at + 1).is_none_or(|next| on(&[".", "!"], &next.low)) && at == 0;
    low(tokens, at) == "no" && opens && (low(tokens, at + 1) == "," || last || on(SUBJECTS, low(tokens, at + 1)))
}

fn concepts(tokens: &[Token], cue: &Range<usize>) -> Vec<Range<usize>> {
    if let Some(heading) = answered(tokens, cue.start) {
        return vec![heading];
    }
    let end = reach(tokens, cue);
    let mut zone = cue.end..end;
    while zone.start < zone.end && is_carrier(tokens, zone.start) {
        zone.start += 1;
    }
    if let Some(any) = zone.clone().take(6).find(|&at| low(tokens, at) == "any").filter(|&any| any + 1 < zone.end) {
        zone.start = any + 1;
    }
    let parts = items(tokens, &zone);
    let mut kept: Vec<Range<usize>> = Vec::new();
    for item in parts {
        let joint = kept.last().map_or("", |_| before(tokens, item.start));
        if !kept.is_empty() && !continues(tokens, cue.start, &item, joint, &zone) {
            break;
        }
        let item = trimmed(tokens, item);
        if !item.is_empty() {
            kept.push(item);
        }
    }
    // "no pain and confirms no travel": the last item leads up to a denial of its own.
    if kept.len() > 1 && on(CUES, low(tokens, end)) && kept.last().is_some_and(|last| last.end == end) {
        kept.pop();
    }
    kept
}

/// "Drugs: none": the heading is what is denied.
fn answered(tokens: &[Token], at: usize) -> Option<Range<usize>> {
    let closed = tokens.get(at + 1).is_none_or(|next| next.shape == Shape::Mark || low(tokens, at + 1) == "known");
    let short = on(&["no", "none", "negative", "denied", "denies"], low(tokens, at));
    if !closed || !short || before(tokens, at) != ":" {
        return None;
    }
    let end = at.checked_sub(1)?;
    let start = (0..end).rev().find(|&at| on(&[",", ";", "."], low(tokens, at))).map_or(0, |at| at + 1);
    (start < end).then_some(start..end)
}

/// Where what the cue denies can reach to: the end of its clause, or a word that turns away from it.
fn reach(tokens: &[Token], cue: &Range<usize>) -> usize {
    let own = clauses(tokens, tokens.len()).into_iter().find(|clause| clause.contains(&cue.start));
    let end = own.map_or(tokens.len(), |clause| clause.end);
    let turned = |&at: &usize| {
        let word = low(tokens, at);
        let subject = at > cue.end && on(SUBJECT_VERBS, word);
        on(ENDS, word) || on(&[".", "?", "!", ";"], word) || subject || (on(CUES, word) && !on(&["nor"], word))
    };
    (cue.end..end).find(turned).unwrap_or(end)
}

fn is_carrier(tokens: &[Token], at: usize) -> bool {
    let word = low(tokens, at);
    on(CARRIERS, word) || on(DETERMINERS, word) || on(SUBJECTS, word) || (is_adverb(word) && !word.ends_with("ically"))
}

/// Whether a further item is denied too.
fn continues(tokens: &[Token], cue: usize, item: &Range<usize>, joint: &str, zone: &Range<usize>) -> bool {
    let first = low(tokens, item.start);
    let alternative = on(&["or", "nor", "/"], joint);
    let listed = (item.start..zone.end).any(|at| on(&["or", "nor"], low(tokens, at)));
    let nominal = on(&["no", "without", "denies", "denied", "denying", "deny"], low(tokens, cue));
    let own = opens_predicate(tokens, item.start) || on(SUBJECTS, first) || on(PREPOSITIONS, first) || on(CUES, first);
    if alternative || listed {
        return !on(SUBJECTS, first) && !on(CUES, first);
    }
    nominal && !own && (joint == "," || !on(DETERMINERS, first)) && item.len() <= 6
}

/// The item without carriers before it and without function words behind it.
fn trimmed(tokens: &[Token], item: Range<usize>) -> Range<usize> {
    let (mut start, mut end) = (item.start, item.end);
    while start < end && is_carrier(tokens, start) {
        start += 1;
    }
    while end > start && tokens.get(end - 1).is_some_and(|last| last.shape == Shape::Mark) {
        end -= 1;
    }
    let either = end > start + 1 && on(&["either", "yet", "now", "too", "anymore"], low(tokens, end - 1));
    start..end - usize::from(either || reads(tokens, end.saturating_sub(2), &["at", "all"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn denied(text: &str) -> Vec<Vec<&str>> {
        negations(text).iter().map(|one| one.concepts.iter().map(|span| slice(text, span)).collect()).collect()
    }

    #[test]
    fn what_is_denied_is_found() {
        for (text, expected) in [
            ("She does not have any wheeze.", vec![vec!["wheeze"]]),
            ("He denies nausea, joint pain or night sweats.", vec![vec!["nausea", "joint pain", "night sweats"]]),
            ("Drugs: None", vec![vec!["Drugs"]]),
            ("It is not painful but itchy.", vec![vec!["painful"]]),
            ("No changes in gait or speech.", vec![vec!["changes in gait", "speech"]]),
            ("No history of gout.", vec![vec!["history of gout"]]),
            ("There was no cough, and she felt well.", vec![vec!["cough"]]),
            ("I have not tried antihistamines.", vec![vec!["antihistamines"]]),
            ("She has no pain or fever and confirms no travel.", vec![vec!["pain", "fever"], vec!["travel"]]),
            ("No, it does not itch.", vec![vec![], vec!["itch"]]),
        ] {
            assert_eq!(denied(text), expected, "{text}");
        }
    }

    #[test]
    fn fixed_phrases_deny_nothing() {
        for text in
            ["I can't help but worry.", "Is it true or not?", "not only red", "Lesion no. 3 grew.", "It is painless."]
        {
            assert!(denied(text).iter().all(Vec::is_empty), "{text}: {:?}", denied(text));
        }
    }
}
