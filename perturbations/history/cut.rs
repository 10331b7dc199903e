//! Cutting a mention out of its sentence so that what is left is still English.
//!
//! The mention is looked at as part of a list, a predicate, a clause, a sentence, in that order; the smallest of them
//! whose removal leaves something whole is removed. Where nothing safe is found, nothing is done. A cut that would
//! leave a loose end, or change what the sentence says of another complaint, is not made.

use std::ops::Range;

use super::clause::is_governor;
use super::complaint::{self, Stance, Statement};
use super::denial;
use super::lexicon::{BLANK, COORDINATORS, on};
use super::marked::{Marked, Surgery};
use super::mention::Mention;
use super::sentence::sentence_at;
use super::voice::label_of;
use super::words::{Shape, Token, low, slice, tokens};

/// The note without the mention; `None` where it is too entangled with something else.
///
/// Nothing in `protected` (bytes of the note) is touched.
pub(super) fn cut(note: &str, mention: &Mention, protected: &[Range<usize>]) -> Option<String> {
    let span = sentence_at(note, mention.span.start)?;
    let sentence = Marked::read(note, span.clone(), mention, protected)?;
    let ways = sentence.surgery().into_iter().chain(sentence.in_its_place());
    ways.into_iter().find_map(|way| performed(note, &span, &sentence, &way))
}

/// The note after a surgery on one of its sentences; `None` where it takes or leaves more than the mention.
fn performed(note: &str, span: &Range<usize>, sentence: &Marked, way: &Surgery) -> Option<String> {
    let alone = sentence.is_free(&(0..sentence.end)) && sentence.others().is_empty();
    let after = match way {
        Surgery::Sentence => return alone.then(|| without_sentence(note, span)),
        Surgery::Cut(cut) => sentence.perform(cut)?,
    };
    if is_empty_talk(&after) && alone {
        return Some(without_sentence(note, span));
    }
    let linked =
        |text: &str| text.split_whitespace().filter(|word| word.contains("://")).map(str::to_owned).collect::<Vec<_>>();
    if linked(&after) != linked(sentence.text()) {
        return None;
    }
    let dangles = loose_ends(&after) > loose_ends(sentence.text());
    let head = slice(note, &(0..span.start));
    let same = sentence.others() == except(&complaint::statements(&after), &sentence.told())
        && denial::is_kept(sentence.text(), &after);
    (!dangles && same).then(|| format!("{head}{after}{}", slice(note, &(span.end..note.len()))))
}

/// The note without one of its sentences.
pub(super) fn without_sentence(note: &str, sentence: &Range<usize>) -> String {
    let tail = slice(note, &(sentence.end..note.len()));
    // The label of a turn in a dialogue stays where more of the turn does.
    let goes_on = tail.lines().next().is_some_and(|line| !line.trim().is_empty());
    let label = if goes_on { label_of(slice(note, sentence)) } else { 0 };
    let head = slice(note, &(0..sentence.start + label));
    let rest = tail.trim_start_matches([' ', '\t']);
    let opens_line = head.is_empty() || head.ends_with('\n');
    match rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n')) {
        Some(next) if opens_line => format!("{head}{next}"),
        _ if rest.is_empty() || rest.starts_with(['\n', '\r']) => {
            format!("{}{rest}", head.trim_end_matches([' ', '\t']))
        }
        _ => format!("{head}{rest}"),
    }
}

/// What is said of each complaint, those named in `names` left out.
pub(super) fn except(said: &[Statement], names: &[&str]) -> Vec<(&'static str, Stance)> {
    said.iter().filter(|told| !on(names, told.name)).map(|told| (told.name, told.stance)).collect()
}

/// Whether nothing but a lone function word is left of a sentence: "Also.", "History."
fn is_empty_talk(sentence: &str) -> bool {
    let tokens = tokens(slice(sentence, &(label_of(sentence)..sentence.len())));
    if tokens.iter().all(|token| token.shape == Shape::Mark || on(&["no", "yes"], &token.low)) {
        return true;
    }
    let words: Vec<&Token> = tokens.iter().filter(|token| token.shape != Shape::Mark).collect();
    let hollow = |word: &str| {
        (is_governor(word) || on(BLANK, word) || on(COORDINATORS, word))
            && !on(&["patient", "worsening", "recurrent", "persistent", "progressive", "repeated", "ongoing"], word)
    };
    words.is_empty() || matches!(words[..], [only] if hollow(&only.low))
}

/// How many words of a sentence have lost what they belong to: "with and", "the.", "no or".
fn loose_ends(sentence: &str) -> usize {
    let tokens = tokens(sentence);
    let open = |word: &str| {
        on(
            &[
                "and",
                "or",
                "nor",
                "but",
                "with",
                "without",
                "no",
                "not",
                "the",
                "a",
                "an",
                "of",
                "very",
                "denies",
                "reports",
                "neither",
                "has",
                "including",
                "which",
                "dealing",
                "struggling",
                "suffering",
            ],
            word,
        )
    };
    let shut = |word: &str| on(&["", ".", ",", ";", "and", "or", "but", "nor", ")", "!", ":"], word);
    let pairs = (0..tokens.len()).filter(|&at| open(low(&tokens, at)) && shut(low(&tokens, at + 1))).count();
    let first = on(&["and", "or", "nor", "of", "is", "are", "was", "has", ",", "which"], low(&tokens, 0));
    pairs + usize::from(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_goes_with_one_gap() {
        let without = |note: &str, sentence: &str| {
            let start = note.find(sentence).unwrap();
            without_sentence(note, &(start..start + sentence.len()))
        };
        assert_eq!(without("One. Two. Three.", "Two."), "One. Three.");
        assert_eq!(without("One.  Two.", "Two."), "One.");
        assert_eq!(without("One.\nTwo.\nThree.", "Two."), "One.\nThree.");
        assert_eq!(without("One. Two.\nThree.", "Two."), "One.\nThree.");
        assert_eq!(without("Only.", "Only."), "");
    }

    #[test]
    fn loose_ends_are_counted() {
        for (sentence, count) in [("A rash with and.", 2), ("And itches.", 1), ("A rash with pain.", 0), ("No.", 1)] {
            assert_eq!(loose_ends(sentence), count, "{sentence}");
        }
    }

    #[test]
    fn what_must_stay_is_never_touched() {
        let note = "The left forearm hurts me.";
        let mention = Mention { span: 17..22, class: crate::history::mention::Class::Verb };
        let left = 4..8;
        assert_eq!(cut(note, &mention, core::slice::from_ref(&left)), None);
    }
}
