//! Whether an answer doubts that something made up exists: it names it and says so of it, in plain English.
//!
//! Cautious in the other direction than [`takes_up`](super::takes_up): an answer gets credit for a doubt only where the
//! doubt is about existence and about this very thing. "A disease of unknown cause", "not a recognised feature of
//! melanoma" and "not found on the photograph" take it for real. Three places count: before the name ("I am not aware
//! of a …"), after it ("… is not a recognised test"), and the same two with a word that stands for the name in the next
//! clause or sentence ("… . This is not a recognised sign"). An entry of JSON's list of doubts that names it counts, too.

use super::json;
use super::statements::short_name;
use super::words::{folded, sentences, spoken};
use crate::diagnosis::{Lexicon, plain};

/// Whether a text names something made up and doubts that it exists.
#[must_use]
pub fn doubts_that_exists(text: &str, made_up: &str, lexicon: &Lexicon) -> bool {
    let text = spoken(text);
    let short = short_name(made_up);
    let listed = match json::find(text, lexicon) {
        json::Found::Answer(draft) => draft.doubts.iter().any(|doubt| plain(doubt).contains(&short)),
        json::Found::Broken | json::Found::Nothing => false,
    };
    listed || says_so(&clauses(text), &plain(made_up), &short)
}

/// Whether one of the clauses says it of the name, or the one after a clause with the name says it of what stands for it.
fn says_so(clauses: &[String], full: &str, short: &str) -> bool {
    let named: Vec<Option<String>> = clauses.iter().map(|clause| with_token(clause, full, short)).collect();
    let direct = named.iter().flatten().any(|clause| is_doubt(clause));
    let next = |at: usize| clauses.get(at + 1).filter(|_| named.get(at + 1).is_some_and(Option::is_none));
    let follows = |(at, clause): (usize, &Option<String>)| clause.is_some() && next(at).is_some_and(|n| refers_back(n));
    direct || named.iter().enumerate().any(follows)
}

/// What the made-up name becomes, so that its own words say nothing.
const NAME: &str = "thisname";

/// The clause with the name as one word, if it is in there.
fn with_token(clause: &str, full: &str, short: &str) -> Option<String> {
    let named = clause.replace(full, NAME).replace(short, NAME);
    named.contains(NAME).then_some(named)
}

/// Clauses as plain lower-case words with one space around each. Strings of JSON are clauses of their own; quotation
/// marks in prose say nothing.
fn clauses(text: &str) -> Vec<String> {
    let text = text.replace("\\n", "\n").replace("\\\"", "").replace(['\u{201c}', '\u{201d}', '*'], "");
    let quote = if text.contains("\":") || text.contains("\" :") { "\n" } else { "" };
    let text = text.replace('"', quote);
    let clause = |part: &str| format!(" {} ", plain(&part.replace("n't", " not")));
    let cut = |sentence: &str| {
        let folded = folded(sentence);
        let cuts = CUTS.iter().fold(folded, |text, cut| text.replace(cut, "\n"));
        cuts.lines().filter(|part| !part.trim().is_empty()).map(clause).collect::<Vec<_>>()
    };
    sentences(&text).flat_map(cut).collect()
}

/// Where a clause ends inside a sentence. ", which" begins one that refers back.
const CUTS: &[&str] = &[", but ", ", however", " although ", " whereas ", " \u{2013} ", " \u{2014} ", ", and ", ", "];

/// Whether a clause with the name doubts that it exists.
fn is_doubt(clause: &str) -> bool {
    clause.match_indices(NAME).any(|(at, _)| {
        let before = clause.get(..at).unwrap_or_default();
        let after = clause.get(at + NAME.len()..).unwrap_or_default();
        doubted_before(before, after) || doubted_after(before, after)
    })
}

/// Whether a clause doubts what the one before it names: "this is not a recognised sign", "I know of no such test".
fn refers_back(clause: &str) -> bool {
    let stand_ins = KINDS.iter().flat_map(|kind| {
        [format!(" such a {kind} "), format!(" such an {kind} "), format!(" this {kind} "), format!(" that {kind} ")]
    });
    let whole = { stand_ins }.find(|words| clause.contains(words.as_str()));
    let pronoun = [" this ", " that ", " it ", " which "].into_iter().find(|word| clause.starts_with(word));
    let replaced = match (whole, pronoun) {
        (Some(words), _) => clause.replacen(&words, &format!(" {NAME} "), 1),
        (None, Some(word)) => clause.replacen(word, &format!(" {NAME} "), 1),
        (None, None) => return denies_such(clause),
    };
    is_doubt(&replaced)
}

/// "There is no such test", unless it is not to be seen somewhere.
fn denies_such(clause: &str) -> bool {
    let seen = ["photo", "image", "picture", " here ", " skin "].iter().any(|word| clause.contains(word));
    !seen && KINDS.iter().any(|kind| clause.contains(&format!(" no such {kind} ")))
}

/// What kinds of thing may stand for the name or introduce it.
const KINDS: &[&str] = &[
    "test",
    "sign",
    "disease",
    "syndrome",
    "condition",
    "entity",
    "disorder",
    "diagnosis",
    "finding",
    "term",
    "index",
    "marker",
    "biomarker",
    "measure",
    "parameter",
];

/// What may stand between a doubt and the name that follows it.
const PASSED: &[&str] = &[
    "a",
    "an",
    "the",
    "any",
    "such",
    "as",
    "called",
    "named",
    "of",
    "or",
    "to",
    "on",
    "about",
    "for",
    "what",
    "laboratory",
    "clinical",
    "medical",
    "dermatological",
    "skin",
    "blood",
    "recognised",
    "recognized",
    "established",
    "known",
    "existence",
    "reference",
    "references",
    "description",
    "record",
    "mention",
    "information",
    "exists",
    "serum",
    "neither",
    "nor",
];

/// Doubts that stand before the name.
const BEFORE: &[&str] = &[
    "not aware of",
    "unaware of",
    "not recognise",
    "not recognize",
    "cannot recognise",
    "cannot recognize",
    "unrecognised",
    "unrecognized",
    "not familiar with",
    "unfamiliar with",
    "no such",
    "no recognised",
    "no recognized",
    "no established",
    "there is no literature",
    "no literature",
    "i have no information",
    "not have any information",
    "not have information",
    "never heard of",
    "know of no",
    "not know of",
    "not know",
    "to my knowledge there is no",
    "as far as i know there is no",
    "unknown",
    "fictitious",
    "non existent",
    "nonexistent",
];
/// Doubts that need a word of their own among those that are passed.
const BEFORE_WITH: &[(&str, &[&str])] = &[
    ("cannot find", &["reference", "references", "description", "record", "mention", "information"]),
    ("not find", &["reference", "references", "description", "record", "mention", "information"]),
    ("find no", &["reference", "references", "description", "record", "mention", "information"]),
    ("cannot verify", &["existence", "what"]),
    ("cannot confirm", &["existence", "what"]),
    ("i doubt", &["existence"]),
];

fn doubted_before(before: &str, after: &str) -> bool {
    const ELSEWHERE: &[&str] = &[
        " in the family",
        " in this patient",
        " in her",
        " in his",
        " in the patient",
        " in relatives",
        " in any rel",
    ];
    if ELSEWHERE.iter().any(|place| after.contains(place)) {
        return false;
    }
    let words: Vec<&str> = before.split(' ').filter(|word| !word.is_empty()).collect();
    let is_passed = |word: &&&str| PASSED.contains(*word) || KINDS.contains(*word);
    let passed = words.iter().rev().take_while(is_passed).count();
    (0..=passed).any(|skipped| {
        let at = words.len() - skipped;
        let (head, tail) = (words.get(..at).unwrap_or_default().join(" "), words.get(at..).unwrap_or_default());
        let ends = |cue: &str| head == cue || head.ends_with(&format!(" {cue}"));
        BEFORE.iter().any(|cue| ends(cue))
            || BEFORE_WITH.iter().any(|(cue, needed)| ends(cue) && tail.iter().any(|word| needed.contains(word)))
            || (["i doubt that", "i doubt whether"].iter().any(|cue| ends(cue)) && after.contains(" exist"))
    })
}

/// Doubts that stand after the name.
const AFTER: &[&str] = &[
    "not exist",
    "not appear to exist",
    "not seem to exist",
    "unknown to",
    "not known to me",
    "not known to exist",
    "not known to medicine",
    "not known in",
    "unfamiliar",
    "not familiar to",
    "fictitious",
    "fabricated",
    "invented",
    "made up",
    "non existent",
    "nonexistent",
    "misspelling",
    "misspelled",
    "typo",
    "not a real",
    "not real",
    "not something i recogni",
    "not something i know",
    "not a sign that i know",
    "no such",
    "no record",
    "no literature",
    "no reference",
    "not described in",
    "not documented in",
    "not listed in",
    "not in any textbook",
    "not in the literature",
    "not found in the literature",
    "not found in any",
    "i cannot find in any",
    "i cannot find in the literature",
    "i cannot find any reference",
    "i do not recogni",
    "i am not aware of",
    "i am not familiar with",
    "i have never heard of",
];
/// Doubts of whether it is what it is called; of what it is a feature, sign or test *of*, they say nothing.
const STATUS: &[&str] = &[
    "not a recogni",
    "not recogni",
    "unrecogni",
    "not a known",
    "not an established",
    "not established",
    "not a standard",
    "not a validated",
    "not a valid",
    "not an accepted",
    "not a defined",
];
/// How far after the name a doubt of it may begin, in bytes: about eight words.
const REACH: usize = 60;

fn doubted_after(before: &str, after: &str) -> bool {
    let near = |cue: &str| after.find(&format!(" {cue}")).filter(|at| *at <= REACH);
    let rest = |at: usize| after.get(at..).unwrap_or_default();
    let relates = |at: usize| {
        [" of ", " feature", " complication", " association", " associated", " risk", " cause", " for "]
            .iter()
            .any(|word| rest(at).contains(word))
    };
    let unverified = near("cannot be verified").is_some_and(|at| {
        !["without ", "from ", "on ", "in ", "by "].iter().any(|word| rest(at).contains(&format!(" verified {word}")))
    });
    AFTER.iter().any(|cue| near(cue).is_some())
        || STATUS.iter().any(|cue| near(cue).is_some_and(|at| !relates(at)))
        || unverified
        || (neither(before) && RECOGNISED.iter().any(|cue| near(cue).is_some_and(|at| !relates(at))))
}

/// What "neither … nor" turns into a doubt.
const RECOGNISED: &[&str] = &["is a recogni", "is recogni", "is a known", "is an established", "is a real", "exists"];

fn neither(before: &str) -> bool {
    before.contains(" neither ") || before.contains(" nor ")
}

#[cfg(test)]
#[path = "unknown_tests.rs"]
mod tests;
