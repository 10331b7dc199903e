//! Diagnoses in running sentences: announced, affirmed, denied or ascribed to somebody else.

use crate::diagnosis::Lexicon;
use crate::readers::item::unmarked;
use crate::readers::{Entry, words};

/// What announces the leading diagnosis in a sentence, strongest first.
const CUES: &[&str] = &[
    "most likely diagnosis is",
    "most probable diagnosis is",
    "leading diagnosis is",
    "primary diagnosis is",
    "likely diagnosis is",
    "diagnosis is",
    "most consistent with",
    "most suggestive of",
    "most compatible with",
    "most in keeping with",
    "most likely represents",
    "likely represents",
    "most likely",
    "highly suspicious for",
    "highly suggestive of",
    "suspicious for",
    "suggestive of",
    "consistent with",
    "concerning for",
    "in keeping with",
    "compatible with",
    "appears to be",
    "looks like",
    "favour",
    "favor",
    "i would diagnose",
    "i think this is",
    "this is",
];

/// Words before a diagnosis that deny it or ascribe it to someone else.
const AGAINST: &[&str] = &[
    "no evidence",
    "no sign",
    "no features",
    "without",
    "ruled out",
    "rules out",
    "rather than",
    "unlikely to be",
    "history of",
    "excludes",
    "excluding",
    "against",
    "referr",
    "although",
    "despite",
    "unlike",
    "in contrast to",
    "the note",
    "instead of",
    "does not look",
    "argues",
    "no longer",
];

/// Words after a diagnosis that deny it.
const DENIED: &[&str] = &[
    "is unlikely",
    "is very unlikely",
    "is excluded",
    "is ruled out",
    "can be excluded",
    "can be ruled out",
    "seems unlikely",
    "less likely given",
];

/// Words after a diagnosis that rank it below the others.
const LESSER: &str = "is less likely";

/// Whether a text says of something that it is not the diagnosis, so that its first name need not be the answer.
pub(super) fn denies(text: &str) -> bool {
    let text = text.to_lowercase();
    text.contains(LESSER) || DENIED.iter().any(|phrase| text.contains(phrase))
}

/// The diagnosis that a sentence announces as the leading one.
pub(super) fn cued(text: &str, lexicon: &Lexicon) -> Option<Entry> {
    let sentences: Vec<String> = words::sentences(text).map(unmarked).collect();
    CUES.iter().find_map(|cue| sentences.iter().find_map(|sentence| after_cue(sentence, cue, lexicon)))
}

/// The diagnosis right after a cue, unless the cue is denied or ascribed.
fn after_cue(sentence: &str, cue: &str, lexicon: &Lexicon) -> Option<Entry> {
    let at = sentence.to_ascii_lowercase().find(cue)?;
    let (before, rest) = (sentence.get(..at)?, sentence.get(at + cue.len()..)?);
    let lower = before.to_lowercase();
    if lower.trim_end().ends_with("not") || lower.trim_end().ends_with("less") || lower.contains("referr") {
        return None;
    }
    let rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
    let mention = lexicon.mentions(rest).into_iter().find(|mention| affirmed(rest, mention.start, mention.end))?;
    let close = rest.get(..mention.start)?.split_whitespace().count() <= 6;
    let name = rest.get(mention.start..mention.end).filter(|_| close)?;
    Some(Entry { name: name.into(), probability: None })
}

/// The diagnoses that sentences affirm: the announced one, then the others in order, those called less likely last.
pub(super) fn in_sentences(text: &str, lexicon: &Lexicon) -> Vec<Entry> {
    let leading = cued(text, lexicon);
    let others = words::sentences(text).flat_map(|sentence| {
        let lesser =
            |end: usize| sentence.get(end..).is_some_and(|after| after.to_lowercase().trim_start().starts_with(LESSER));
        let mentions = lexicon.mentions(sentence).into_iter();
        mentions
            .filter(|mention| affirmed(sentence, mention.start, mention.end))
            .filter_map(|mention| Some((lesser(mention.end), sentence.get(mention.start..mention.end)?)))
            .map(|(lesser, name)| (lesser, Entry { name: name.into(), probability: None }))
            .collect::<Vec<_>>()
    });
    let mut others: Vec<(bool, Entry)> = others.collect();
    others.sort_by_key(|(lesser, _)| *lesser);
    leading.into_iter().chain(others.into_iter().map(|(_, entry)| entry)).collect()
}

/// Whether a mention in a sentence stands as a diagnosis, and is neither denied nor someone else's.
fn affirmed(sentence: &str, start: usize, end: usize) -> bool {
    let before = sentence.get(..start).unwrap_or_default().to_lowercase();
    let after = sentence.get(end..).unwrap_or_default().to_lowercase();
    let clause = before.rsplit_once(", ").map_or(before.as_str(), |(_, clause)| clause);
    let near: Vec<&str> = before.split_whitespace().rev().take(3).collect();
    let denied = near.contains(&"not") || near.contains(&"no") || near.contains(&"isn't");
    let whole = ["although", "despite", "referr", "the note"];
    let ascribed =
        whole.iter().any(|word| clause.contains(word)) || AGAINST.iter().any(|phrase| clause.contains(phrase));
    !denied && !ascribed && !DENIED.iter().any(|phrase| after.trim_start().starts_with(phrase))
}
