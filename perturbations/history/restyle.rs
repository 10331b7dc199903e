//! Saying the same in other words: rewrites of a note that must not change what it tells.

use core::cmp::Reverse;
use core::ops::Range;

use super::denial;
use super::ledger::Ledger;
use super::lexicon::on;
use super::mentions;
use super::noise::dose::{in_order, quota, rewrite};
use super::sentence::{is_closed, sentences};
use super::voice;
use super::words::{Shape, capitalised, overlap, slice, tokens};
use crate::{Change, Grading, History, Quantity, Range as Doses, Stimulus, Stream, Unfit, Unit};

/// A stretch of a note and what is to stand there.
pub(super) type Rewrite = (Range<usize>, String);

/// A share of the places where it can be done, at five levels.
pub(super) const SHARE: Grading = Grading::Graded {
    dose: "share",
    unit: Unit::Share,
    levels: [0.2, 0.4, 0.6, 0.8, 1.0],
    range: Doses { mildest: 0.05, severest: 1.0 },
    monotone_in: Quantity::WordsChanged,
};

/// The rewrites that fall to a share; a greater share takes in those of a smaller one.
pub(super) fn share_of(rewrites: Vec<Rewrite>, share: f64, rng: &Stream) -> Vec<Rewrite> {
    let wanted = quota(share, rewrites.len(), rng);
    in_order(rewrites, rng).into_iter().take(wanted).collect()
}

/// The rewrites in order; of two that share words, the longer one.
pub(super) fn longest(mut rewrites: Vec<Rewrite>) -> Vec<Rewrite> {
    rewrites.sort_by_key(|(span, _)| (Reverse(span.len()), span.start));
    let mut kept: Vec<Rewrite> = Vec::new();
    for (span, put) in rewrites {
        if !kept.iter().any(|(other, _)| overlap(other, &span)) {
            kept.push((span, put));
        }
    }
    kept.sort_by_key(|(span, _)| span.start);
    kept
}

/// Makes the rewrites; they must not overlap.
///
/// # Errors
/// [`Unfit::NothingToChange`] with `absent` where there is none; [`Unfit::Entangled`] where the note would then tell
/// other facts than before.
pub(super) fn restyle(stimulus: &mut Stimulus, rewrites: Vec<Rewrite>, absent: &str) -> Result<Change, Unfit> {
    if rewrites.is_empty() {
        return Err(Unfit::nothing(absent));
    }
    let mut ledger = Ledger::open(&stimulus.history);
    rewrite(&mut ledger, rewrites);
    if !tells_the_same(&stimulus.history, ledger.note()) {
        return Err(Unfit::Entangled { what: "what the note tells".into() });
    }
    ledger.close(stimulus)
}

/// Opens a share of the statements of the note with words of a list, of `own` where it is told in the first person and
/// of `letter` where it is about somebody. `suits` says of the note from a statement on whether it can be opened so.
///
/// # Errors
/// As [`restyle`] says.
pub(super) fn open(
    stimulus: &mut Stimulus,
    share: f64,
    [own, letter]: [&[&str]; 2],
    suits: impl Fn(&str) -> bool,
    rng: &Stream,
) -> Result<Change, Unfit> {
    let note = stimulus.history.note.as_deref().unwrap_or_default();
    let openings = if voice::is_own(note) { own } else { letter };
    let mut places = opened(note, openings, rng);
    places.retain(|(span, _)| suits(slice(note, &(span.start..note.len()))));
    let rewrites = share_of(places, share, rng);
    restyle(stimulus, rewrites, "no statement that falls to that share")
}

/// Whether a note in the place of the history's own tells and denies the same facts.
pub(super) fn tells_the_same(history: &History, after: &str) -> bool {
    let before = history.note.as_deref().unwrap_or_default();
    let told = |note: &str| history.fields.iter().map(|field| mentions(note, field).is_empty()).collect::<Vec<_>>();
    told(before) == told(after) && denial::concepts(before) == denial::concepts(after)
}

/// Opens sentences with words of a list, each with its own, the sentence going on in lower case.
///
/// Only whole statements are opened: closed by a point, with a subject in front, not a question, no heading.
fn opened(note: &str, openings: &[&str], rng: &Stream) -> Vec<Rewrite> {
    let places: Vec<Range<usize>> =
        sentences(note).into_iter().filter(|span| is_statement(slice(note, span))).collect();
    let mut order: Vec<&str> = openings.to_vec();
    rng.fork("openings", 0).shuffle(&mut order);
    let opening = order.iter().cycle();
    places
        .into_iter()
        .zip(opening)
        .filter_map(|(span, opening)| {
            let first = tokens(slice(note, &span)).into_iter().next()?.span;
            let word = slice(note, &(span.start + first.start..span.start + first.end));
            Some((span.start..span.start + first.end, format!("{opening} {}", continuing(word))))
        })
        .collect()
}

/// Words that open a statement and lose their capital behind other words.
const OPENERS: &[&str] = &[
    "a", "an", "he", "her", "his", "i", "i'm", "i've", "it", "it's", "my", "she", "the", "there", "these", "they",
    "this", "we",
];

fn is_statement(sentence: &str) -> bool {
    let words = tokens(sentence);
    let first = words.first().map(|token| token.low.as_ref()).unwrap_or_default();
    is_closed(sentence)
        && !sentence.ends_with(['?', ':'])
        && !sentence.contains([':', '\n'])
        && on(OPENERS, first)
        && words.iter().skip(1).any(|token| super::clause::is_verb(&token.low))
}

/// The first word of a sentence as it is written within one.
pub(super) fn continuing(word: &str) -> String {
    let keeps = word.starts_with("I'") || word.starts_with("I\u{2019}") || word == "I";
    let acronym = word.chars().count() > 1 && word.chars().skip(1).any(char::is_uppercase);
    if keeps || acronym { word.to_owned() } else { lowered(word) }
}

fn lowered(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// Whether an article is part of what its noun says: "a few", "twice a day", "a third of", "once in a while", "the more".
pub(super) fn is_counted(next: &str) -> bool {
    on(COUNTED, next)
}

const COUNTED: &[&str] = &[
    "bit", "couple", "day", "dozen", "few", "half", "hour", "hundred", "less", "little", "lot", "minute", "month",
    "more", "morning", "night", "number", "quarter", "second", "third", "thousand", "time", "week", "while", "year",
];

/// Deletes a run of words with the blank behind it, and gives the next word the capital of the first.
pub(super) fn deleted(note: &str, span: Range<usize>) -> Option<Rewrite> {
    let rest = slice(note, &(span.end..note.len()));
    let gap = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let next = tokens(rest).into_iter().next().filter(|token| token.span.start == gap && token.shape != Shape::Mark)?;
    let word = slice(rest, &next.span);
    let capital = slice(note, &span).starts_with(char::is_uppercase);
    let put = if capital { capitalised(word) } else { word.to_owned() };
    Some((span.start..span.end + next.span.end, put))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_statements_are_opened() {
        let rng = Stream::derive(1, &["t"]);
        let note = "64-year-old woman. It itches. Does it hurt? Impression: eczema. I think it grew.";
        let mut made = note.to_owned();
        let mut rewrites = opened(note, &["Well,"], &rng);
        rewrites.reverse();
        for (span, put) in rewrites {
            made.replace_range(span, &put);
        }
        assert_eq!(
            made,
            "64-year-old woman. Well, it itches. Does it hurt? Impression: eczema. Well, I think it grew."
        );
    }

    #[test]
    fn of_two_rewrites_of_the_same_words_the_longer_is_made() {
        let (one, two, three) = ((0..2, "a".to_owned()), (1..6, "b".to_owned()), (7..9, "c".to_owned()));
        assert_eq!(longest(vec![three.clone(), one, two.clone()]), [two, three]);
    }

    #[test]
    fn a_deleted_word_hands_on_its_capital() {
        assert_eq!(deleted("The rash itches.", 0..3), Some((0..8, "Rash".into())));
        assert_eq!(deleted("on the arm", 3..6), Some((3..10, "arm".into())));
        assert_eq!(deleted("on the.", 3..6), None);
    }
}
