//! The build of a sentence, as far as cutting something out of it needs: clauses, list items, verbs.

use std::ops::Range;

use super::lexicon::{
    AUXILIARIES, COORDINATORS, DETERMINERS, DOUBTS, GOVERNING, NEGATIONS, PARTING, PREPOSITIONS, QUALIFIERS, RELATIVES,
    REPORTS, SUBJECT_VERBS, SUBJECTS, TRAILERS, VERBS, is_adverb, on,
};
use super::symptoms::is_symptom_verb;
use super::words::{Shape, Token, before, low};

/// Whether the word is a verb that can open a predicate.
pub(super) fn is_verb(word: &str) -> bool {
    on(AUXILIARIES, word) || on(REPORTS, word) || on(VERBS, word) || on(SUBJECT_VERBS, word) || is_symptom_verb(word)
}

/// Whether the word only governs what follows and tells nothing by itself.
pub(super) fn is_governor(word: &str) -> bool {
    let lists = [AUXILIARIES, REPORTS, NEGATIONS, DETERMINERS, QUALIFIERS, DOUBTS, SUBJECT_VERBS, SUBJECTS, GOVERNING];
    lists.iter().any(|list| on(list, word)) || is_adverb(word)
}

/// Whether the token opens a predicate, adverbs passed over.
pub(super) fn opens_predicate(tokens: &[Token], at: usize) -> bool {
    let mut at = at;
    while is_adverb(low(tokens, at)) && !on(NEGATIONS, low(tokens, at)) {
        at += 1;
    }
    is_verb(low(tokens, at))
}

/// The clauses of a sentence as runs of tokens, without what joins them.
pub(super) fn clauses(tokens: &[Token], end: usize) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at < end {
        let stop = joint_end(tokens, at, end);
        if stop > at && parts(tokens, start, at, stop, end) {
            found.push(start..at);
            (start, at) = (stop, stop);
        } else if stop == at && at > start && is_relative(tokens, at) {
            found.push(start..at);
            (start, at) = (at, at + 1);
        } else {
            at = stop.max(at + 1);
        }
    }
    found.push(start..end);
    found.retain(|clause| !clause.is_empty());
    found
}

/// The end of the run of joining words and marks at `at`.
pub(super) fn joint_end(tokens: &[Token], at: usize, end: usize) -> usize {
    let mut stop = at;
    while stop < end && (on(COORDINATORS, low(tokens, stop)) || is_parting(tokens, stop)) {
        stop += 1;
    }
    let linked = stop > at && stop < end && on(&["so", "then", "yet"], low(tokens, stop));
    stop + usize::from(linked)
}

fn is_parting(tokens: &[Token], at: usize) -> bool {
    on(PARTING, low(tokens, at)) || (low(tokens, at) == "-" && is_spaced(tokens, at))
}

/// A hyphen with white space on both sides is a dash.
fn is_spaced(tokens: &[Token], at: usize) -> bool {
    let gap = |a: Option<&Token>, b: Option<&Token>| match (a, b) {
        (Some(a), Some(b)) => b.span.start > a.span.end,
        _ => true,
    };
    gap(at.checked_sub(1).and_then(|left| tokens.get(left)), tokens.get(at)) && gap(tokens.get(at), tokens.get(at + 1))
}

/// Whether the joint `at..stop` parts clauses and not list items.
fn parts(tokens: &[Token], start: usize, at: usize, stop: usize, end: usize) -> bool {
    if (at..stop).any(|mark| is_parting(tokens, mark)) {
        return true;
    }
    let verb_before = (start..at).any(|at| is_verb(low(tokens, at)));
    let comma = low(tokens, at) == "," && stop == at + 1;
    let relative = on(RELATIVES, low(tokens, start)) && start > 0;
    let next = low(tokens, stop);
    if is_relative(tokens, stop)
        || (relative && comma && !opens_predicate(tokens, stop) && !lists_on(tokens, stop, end))
    {
        return true;
    }
    if opens_subject(tokens, stop) {
        return true;
    }
    let open = on(DETERMINERS, next) && comma;
    (verb_before || open) && has_subject(tokens, stop, end)
}

/// Whether a list goes on after `at`: a later "and" or "or" before the next parting mark.
pub(super) fn lists_on(tokens: &[Token], at: usize, end: usize) -> bool {
    (at..end).take_while(|&at| !is_parting(tokens, at)).any(|at| on(&["and", "or", "nor"], low(tokens, at)))
}

fn opens_subject(tokens: &[Token], at: usize) -> bool {
    let word = low(tokens, at);
    let demonstrative = on(&["this", "these", "that", "those"], word) && is_verb(low(tokens, at + 1));
    on(SUBJECTS, word) || on(SUBJECT_VERBS, word) || demonstrative
}

/// Whether a noun with its verb follows within six words: "the lesion is", "pain has", "her knee and finger were".
fn has_subject(tokens: &[Token], at: usize, end: usize) -> bool {
    let first = low(tokens, at);
    if is_verb(first) || on(NEGATIONS, first) && first != "no" || on(PREPOSITIONS, first) || is_adverb(first) {
        return false;
    }
    let paired = |at: usize| on(DETERMINERS, first) && low(tokens, at) == "and" && !is_verb(low(tokens, at + 1));
    let words =
        (at + 1..end.min(at + 7)).take_while(|&at| tokens.get(at).is_some_and(|token| token.shape != Shape::Mark));
    let joins = |at: usize| [COORDINATORS, PREPOSITIONS, RELATIVES].iter().any(|list| on(list, low(tokens, at)));
    let mut words = words.take_while(|&at| !joins(at) || paired(at));
    words.any(|at| is_verb(low(tokens, at)) && !on(NEGATIONS, low(tokens, at)))
}

fn is_relative(tokens: &[Token], at: usize) -> bool {
    let word = low(tokens, at);
    let that = word == "that" && is_verb(low(tokens, at + 1)) && !is_verb(before(tokens, at));
    on(&["which", "who"], word) && !on(&["one", "of", "with", "in", "on"], before(tokens, at)) || that
}

/// The items of a coordination as runs of tokens, without what joins them.
///
/// Afterthoughts ("especially at night") and hung phrases ("on the arm") stay with the item before them.
pub(super) fn items(tokens: &[Token], zone: &Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut start, mut at) = (zone.start, zone.start);
    while at < zone.end {
        let stop = joint_end(tokens, at, zone.end);
        let next = low(tokens, stop);
        let stays = on(TRAILERS, next) || (on(PREPOSITIONS, next) && !on(&["when", "if"], next));
        if stop > at && !stays && !is_span(tokens, at) {
            found.push(start..at);
            start = stop;
        }
        at = stop.max(at + 1);
    }
    found.push(start..zone.end);
    found.retain(|item| !item.is_empty());
    found
}

/// "2 or 3", "on and off", "again and again", "6/12": joints inside one phrase.
fn is_span(tokens: &[Token], at: usize) -> bool {
    let sides = (before(tokens, at), low(tokens, at + 1));
    let number = |at: Option<&Token>| at.is_some_and(|token| token.shape == Shape::Number);
    let numbers = number(at.checked_sub(1).and_then(|at| tokens.get(at))) && number(tokens.get(at + 1));
    numbers || matches!(sides, ("on", "off") | ("off", "on") | ("again", "again") | ("more", "more") | ("day", "night"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::words::{bytes, slice, tokens};

    fn show<'a>(text: &'a str, runs: &[Range<usize>]) -> Vec<&'a str> {
        let tokens = tokens(text);
        runs.iter().map(|run| slice(text, &bytes(&tokens, run))).collect()
    }

    fn split(text: &str) -> Vec<&str> {
        let tokens = tokens(text);
        show(text, &clauses(&tokens, tokens.len()))
    }

    #[test]
    fn clauses_part_where_a_new_subject_begins() {
        assert_eq!(split("It is itchy, and it bleeds"), ["It is itchy", "it bleeds"]);
        assert_eq!(split("It is itchy and painful"), ["It is itchy and painful"]);
        assert_eq!(split("It bleeds and the patient is worried"), ["It bleeds", "the patient is worried"]);
        assert_eq!(split("It bleeds, itches and has grown"), ["It bleeds, itches and has grown"]);
        assert_eq!(split("No itching or bleeding has been noticed"), ["No itching or bleeding has been noticed"]);
        assert_eq!(split("A mole, which bleeds, on the back"), ["A mole", "which bleeds", "on the back"]);
        assert_eq!(split("It hurt, so she came"), ["It hurt", "she came"]);
        assert_eq!(split("I am so tired"), ["I am so tired"]);
        assert_eq!(
            split("She had pain, and her knee and thumb were swollen"),
            ["She had pain", "her knee and thumb were swollen"]
        );
        assert_eq!(split("A mole that bleeds"), ["A mole", "that bleeds"]);
        assert_eq!(split("Symptoms: itching; no pain"), ["Symptoms", "itching", "no pain"]);
    }

    #[test]
    fn items_keep_their_afterthoughts() {
        let text = "is itchy, especially at night, painful and swollen on and off";
        let tokens = tokens(text);
        assert_eq!(
            show(text, &items(&tokens, &(0..tokens.len()))),
            ["is itchy, especially at night", "painful", "swollen on and off"]
        );
    }
}
