//! What a text denies, word by word: an edit must not turn a denial into an affirmation, or the other way round.

use std::collections::BTreeMap;

use super::clause::is_governor;
use super::finders::negations;
use super::lexicon::on;
use super::words::{Shape, slice, tokens};

/// Words that take the place of a fact and tell none.
const STAND_INS: &[&str] =
    &["affected", "body", "lesion", "lesions", "part", "parts", "symptom", "symptoms", "trouble"];

/// How often each telling word of a text occurs within something that it denies.
fn denied(text: &str) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for concept in negations(text).into_iter().flat_map(|denial| denial.concepts) {
        count(slice(text, &concept), &mut found);
    }
    found
}

/// How many things a text denies.
pub(super) fn concepts(text: &str) -> usize {
    negations(text).iter().map(|denial| denial.concepts.len()).sum()
}

/// How often each telling word of a text occurs.
fn all(text: &str) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    count(text, &mut found);
    found
}

fn count(text: &str, found: &mut BTreeMap<String, usize>) {
    let words = tokens(text).into_iter().filter(|token| token.shape == Shape::Word && !is_governor(&token.low));
    for word in words {
        *found.entry(word.low.into_owned()).or_default() += 1;
    }
}

/// Whether every word that stays is denied in `after` as it was in `before`.
///
/// A word may go with its denial. A word that was denied must not stay without one, and none may come to be denied,
/// except those that stand for what was cut out.
pub(super) fn is_kept(before: &str, after: &str) -> bool {
    let (was, now) = (denied(before), denied(after));
    let (words, left) = (all(before), all(after));
    let times = |counts: &BTreeMap<String, usize>, word: &str| counts.get(word).copied().unwrap_or_default();
    let freed = |(word, count): (&String, &usize)| {
        let lost = count.saturating_sub(times(&now, word));
        times(&words, word).saturating_sub(times(&left, word)) < lost
    };
    let caught = |(word, count): (&String, &usize)| !on(STAND_INS, word) && *count > times(&was, word);
    !was.iter().any(freed) && !now.iter().any(caught)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_denial_that_is_lost_or_caught_is_noticed() {
        for (before, after) in [
            ("No family history of melanoma or other cancer.", "Other cancer."),
            ("No itching, bleeding or pain.", "Bleeding or pain."),
            ("It is not itchy but painful.", "It is not painful."),
            ("She denies fever and reports pain.", "She denies pain."),
        ] {
            assert!(!is_kept(before, after), "{before} -> {after}");
        }
    }

    #[test]
    fn a_word_may_go_with_its_denial() {
        for (before, after) in [
            ("No itching, bleeding or pain.", "No bleeding or pain."),
            ("It is not itchy but painful.", "It is painful."),
            ("It is neither itchy nor painful.", "It is not painful."),
            ("No itching. It bleeds.", "It bleeds."),
            ("A rash without itching or pain.", "A rash without pain."),
        ] {
            assert!(is_kept(before, after), "{before} -> {after}");
        }
    }
}
