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
    // "The reported disease, Brennhold syndrome, is not known to me."
    let alone = |clause: &&str| clause.split_whitespace().count() <= 2;
    let joined = |(at, clause): (usize, &Option<String>)| {
        let clause = clause.as_deref().filter(alone);
        let goes_on = |next: &&String| VERBS.iter().any(|verb| next.starts_with(verb));
        clause
            .zip(clauses.get(at + 1).filter(goes_on))
            .is_some_and(|(clause, next)| is_doubt(&format!("{}{next}", clause.trim_end())))
    };
    let direct = named.iter().flatten().any(|clause| is_doubt(clause)) || named.iter().enumerate().any(joined);
    let next = |at: usize| clauses.get(at + 1).filter(|_| named.get(at + 1).is_some_and(Option::is_none));
    let follows = |(at, clause): (usize, &Option<String>)| clause.is_some() && next(at).is_some_and(|n| refers_back(n));
    direct || named.iter().enumerate().any(follows)
}

/// With what a sentence goes on after a name between commas.
const VERBS: &[&str] = &[" is ", " was ", " does ", " appears ", " seems ", " cannot ", " may ", " has "];

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
    let mut stand_ins = KINDS.iter().flat_map(|kind| {
        [format!(" such a {kind} "), format!(" such an {kind} "), format!(" this {kind} "), format!(" that {kind} ")]
    });
    let whole = stand_ins.find(|words| clause.contains(words.as_str()));
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
    "describing",
    "mentioning",
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
    "not heard of",
    "never encountered",
    "not encountered",
    "no knowledge of",
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
    ("cannot find", SOURCES),
    ("cannot identify", SOURCES),
    ("cannot locate", SOURCES),
    ("not find", SOURCES),
    ("find no", SOURCES),
    ("found no", SOURCES),
    ("aware of no", SOURCES),
    ("cannot verify", &["existence", "what"]),
    ("cannot confirm", &["existence", "what"]),
    ("i doubt", &["existence"]),
    ("no evidence of", &["existence"]),
    ("no evidence for", &["existence"]),
    ("not appear to be", NAMED_SO),
    ("not seem to be", NAMED_SO),
    ("there is no", NAMED_SO),
];

/// What it is called where it is said that there is none.
const NAMED_SO: &[&str] = &["recognised", "recognized", "established", "such"];

/// What would tell of it, if it existed.
const SOURCES: &[&str] = &[
    "reference",
    "references",
    "description",
    "record",
    "mention",
    "information",
    "literature",
    "publication",
    "source",
];

/// Doubts of whether it exists, and what has to follow the name for that.
const WHETHER: &[&str] = &[
    "i doubt",
    "i doubt that",
    "i doubt whether",
    "not believe",
    "not believe that",
    "no evidence that",
    "not sure that",
    "not sure whether",
    "unclear whether",
    "cannot confirm that",
    "cannot verify that",
];
const IT_EXISTS: &[&str] =
    &[" exists", " even exists", " is real", " is a real", " is a recogni", " is an established", " is a known"];

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
    let is_passed = |word: &&&str| [PASSED, SOURCES, KINDS].iter().any(|list| list.contains(*word));
    let passed = words.iter().rev().take_while(is_passed).count();
    (0..=passed).any(|skipped| {
        let at = words.len() - skipped;
        let (head, tail) = (words.get(..at).unwrap_or_default().join(" "), words.get(at..).unwrap_or_default());
        let ends = |cue: &str| head == cue || head.ends_with(&format!(" {cue}"));
        BEFORE.iter().any(|cue| ends(cue))
            || BEFORE_WITH.iter().any(|(cue, needed)| ends(cue) && tail.iter().any(|word| needed.contains(word)))
            || (WHETHER.iter().any(|cue| ends(cue)) && IT_EXISTS.iter().any(|words| after.starts_with(words)))
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
    "no such",
    "no record",
    "no literature",
    "no reference",
    "not described in",
    "not documented in",
    "not listed in",
    "not in any textbook",
    "not in my knowledge",
    "not part of my knowledge",
    "outside my knowledge",
    "absent from the literature",
    "not a term",
    "not a medical term",
    "not appear in",
    "not feature in",
    "cannot be traced",
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
/// What something is not, where it is doubted; "known" says so only in some places, see [`denied_status`].
const STATUS: &[&str] = &[
    "recogni",
    "establish",
    "standard",
    "validated",
    "valid",
    "accepted",
    "defined",
    "real",
    "genuine",
    "existing",
    "actual",
    "know",
    "aware",
    "familiar",
];
/// What may stand between "not" and that.
const LINKS: &[&str] = &[
    "a",
    "an",
    "be",
    "appear",
    "appears",
    "seem",
    "seems",
    "to",
    "any",
    "as",
    "the",
    "that",
    "which",
    "i",
    "am",
    "of",
    "currently",
    "widely",
    "medically",
    "clinically",
    "well",
    "correspond",
    "match",
    "describe",
    "denote",
    "refer",
    "something",
    "laboratory",
    "medical",
    "clinical",
    "dermatological",
];
/// Where it would be written, if it existed.
const WRITTEN: &[&str] =
    &["literature", "reference", "textbook", "source", "database", "publication", "pubmed", "atlas"];
/// How far after the name a doubt of it may begin, in bytes: about eight words.
const REACH: usize = 60;

fn doubted_after(before: &str, after: &str) -> bool {
    if is_of_something_else(before) {
        return false;
    }
    let near = |cue: &str| after.find(&format!(" {cue}")).filter(|at| *at <= REACH);
    let rest = |at: usize| after.get(at..).unwrap_or_default();
    let unverified = near("cannot be verified").is_some_and(|at| {
        !["without ", "from ", "on ", "in ", "by "].iter().any(|word| rest(at).contains(&format!(" verified {word}")))
    });
    let sought = ["cannot be found", "not be found", "cannot be located", "cannot find", "not found in"];
    let nowhere =
        sought.iter().any(|cue| near(cue).is_some_and(|at| WRITTEN.iter().any(|word| rest(at).contains(word))));
    AFTER.iter().any(|cue| near(cue).is_some())
        || nowhere
        || near("not").is_some_and(|at| denied_status(rest(at + " not".len())))
        || near("unrecogni").is_some_and(|at| !relates(rest(at)))
        || unverified
        || (neither(before) && RECOGNISED.iter().any(|cue| near(cue).is_some_and(|at| !relates(rest(at)))))
}

/// Whether what follows a "not" denies that it is known as what it is called: "be a recognised test", "a sign that I
/// know". Of what it is a feature, sign or test *of*, that says nothing.
fn denied_status(rest: &str) -> bool {
    let words: Vec<&str> = rest.split(' ').filter(|word| !word.is_empty()).collect();
    let linked = |word: &&&str| LINKS.contains(*word) || KINDS.contains(*word);
    let at = words.iter().take_while(linked).count();
    let Some(status) = words.get(at).filter(|word| STATUS.iter().any(|stem| word.starts_with(stem))) else {
        return false;
    };
    let (before, after) = (at.checked_sub(1).and_then(|last| words.get(last)), words.get(at + 1).copied());
    let by_whom = matches!(before, Some(&("i" | "a" | "an" | "any" | "am")));
    let plainly = match after {
        None => true,
        Some("to") => matches!(words.get(at + 2), Some(&("me" | "exist" | "medicine" | "dermatology"))),
        Some(_) => false,
    };
    let as_a_kind = || words.iter().skip(at + 2).take(4).any(|word| KINDS.contains(word));
    let counts = match after {
        Some("as") => as_a_kind(),
        _ if ["know", "aware", "familiar"].iter().any(|stem| status.starts_with(stem)) => by_whom || plainly,
        _ => true,
    };
    counts && !relates(words.get(at..).unwrap_or_default().join(" ").as_str())
}

/// Whether a status is one beside something else: "not a recognised feature of melanoma". "That I know of" is none.
fn relates(rest: &str) -> bool {
    [" of ", " feature", " complication", " association", " associated", " risk", " cause", " for ", " part "]
        .iter()
        .any(|word| rest.contains(word))
}

/// Whether the clause is about something of it: its cause, its result.
fn is_of_something_else(before: &str) -> bool {
    let words: Vec<&str> = before.split(' ').filter(|word| !word.is_empty()).collect();
    let article = |word: &&&str| ["the", "a", "an", "this", "reported", "serum"].contains(*word);
    let last = words.iter().rev().find(|word| !article(word));
    last.is_some_and(|word| ["of", "with", "for", "between", "from"].contains(word))
}

/// What "neither … nor" turns into a doubt.
const RECOGNISED: &[&str] = &["is a recogni", "is recogni", "is a known", "is an established", "is a real", "exists"];

fn neither(before: &str) -> bool {
    before.contains(" neither ") || before.contains(" nor ")
}

#[cfg(test)]
#[path = "unknown_tests.rs"]
mod tests;
