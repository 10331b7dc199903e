//! Marks that are missing.

use std::ops::Range as Bytes;

use super::dose::{Rewrite, in_order, quota, rewrite};
use crate::history::denial;
use crate::history::ledger::Ledger;
use crate::history::sentence::sentences;
use crate::history::words::{Shape, Token, slice, tokens};
use crate::{
    Card, Change, Context, Graded, Grading, Needs, Operator, Oracle, Perturbation, Quantity, Range, Setting,
    SettingError, Stimulus, Target, Unfit, Unit,
};

/// Takes a share of the points, commas, semicolons, question and exclamation marks out of the note.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PunctuationLoss {
    share: f64,
}

impl Operator for PunctuationLoss {
    const CARD: &'static Card = &Card {
        id: "punctuation_loss",
        family: "history/noise",
        title: "Missing punctuation",
        imitates: "A note typed on a phone or dictated without marks. Marks inside numbers and words, between two numbers, \
                   before a word (?eczema), brackets and colons stay, and so does a mark that ends what a word denies \
                   (\"not itchy, sore\"), and capitals, lines and fields.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Invariant,
        oracle_reason: "Every word and number stands as it stood, in its order: the content can still be made out.",
        gradable_to: &[],
        grading: Grading::Graded {
            dose: "share",
            unit: Unit::Share,
            levels: [0.2, 0.4, 0.6, 0.8, 1.0],
            range: Range { mildest: 0.05, severest: 1.0 },
            monotone_in: Quantity::WordsChanged,
        },
        parameters: &[],
        references: &["Gourabathina et al., arXiv 2506.17163: non-clinical changes of wording"],
    };

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let share = setting.dose.ok_or_else(|| SettingError::at("share", "is the share of marks to leave out"))?;
        Ok(Self::at_dose(share))
    }
}

impl Graded for PunctuationLoss {
    fn at_dose(dose: f64) -> Self {
        Self { share: Self::range().nearest(dose) }
    }
}

impl Perturbation for PunctuationLoss {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let mut ledger = Ledger::open(&stimulus.history);
        let marks = marks(ledger.note());
        let wanted = quota(self.share, marks.len(), &cx.rng);
        let chosen = in_order(marks, &cx.rng).into_iter().take(wanted).collect();
        rewrite(&mut ledger, chosen);
        ledger.close(stimulus).map_err(|_| Unfit::nothing("no mark falls to that share"))
    }
}

/// The marks that end something, each to be replaced by nothing.
fn marks(note: &str) -> Vec<Rewrite> {
    let ends = |at: usize| slice(note, &(at..note.len())).chars().next().is_none_or(char::is_whitespace);
    let begins = |at: usize| slice(note, &(0..at)).chars().next_back().is_none_or(char::is_whitespace);
    let (tokens, sentences) = (tokens(note), sentences(note));
    let open = |at: usize, token: &Token| {
        matches!(&*token.low, "." | "," | ";" | "?" | "!")
            && ends(token.span.end)
            && !begins(token.span.start)
            && !parts_numbers(&tokens, at)
            && !bounds_denial(note, &sentences, &token.span)
    };
    let marks = tokens.iter().enumerate().filter(|(at, token)| open(*at, token));
    marks.map(|(_, token)| (token.span.clone(), String::new())).collect()
}

/// Whether a mark stands between two numbers: "37. 5 days" must not become "37 5 days".
fn parts_numbers(tokens: &[Token], at: usize) -> bool {
    let number = |token: Option<&Token>| token.is_some_and(|token| token.shape == Shape::Number);
    number(at.checked_sub(1).and_then(|at| tokens.get(at))) && number(tokens.get(at + 1))
}

/// Whether something behind the mark would come to be denied, or something before it to be affirmed, without it.
///
/// A capital behind it still shows where a sentence begins.
fn bounds_denial(note: &str, sentences: &[Bytes<usize>], mark: &Bytes<usize>) -> bool {
    let Some(own) = sentences.iter().position(|sentence| sentence.contains(&mark.start)) else { return false };
    let around = sentences.get(own).map_or(0, |own| own.start);
    let until = sentences.get(own + 1).or(sentences.get(own)).map_or(note.len(), |next| next.end);
    let (before, after) = (slice(note, &(around..mark.start)), slice(note, &(mark.end..until)));
    let capital = after.trim_start().starts_with(char::is_uppercase);
    let denies = !capital && denial::concepts(before) > 0;
    denies && !denial::is_kept(slice(note, &(around..until)), &format!("{before}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Level;
    use crate::history::samples::{applied, applied_at, consultation, history, round_trip};

    #[test]
    fn all_marks_go_but_those_within_and_before_words() {
        let before = history("Mole, 1.5 cm (old). ?Eczema; is it bad? Site: arm!", vec![]);
        let after = applied(&PunctuationLoss::at_dose(1.0), &before).unwrap();
        assert_eq!(after.note.as_deref(), Some("Mole 1.5 cm (old) ?Eczema is it bad Site: arm"));
    }

    #[test]
    fn a_mark_that_ends_a_denial_or_parts_numbers_stays() {
        for (before, after) in [
            ("It is not itchy, sore at night.", "It is not itchy, sore at night"),
            ("no pain. it bleeds, and it grew.", "no pain. it bleeds and it grew"),
            ("No pain. It bleeds.", "No pain It bleeds"),
            ("No fever, chills or pain.", "No fever chills or pain"),
            ("Fever of 38. 5 days ago, a rash.", "Fever of 38. 5 days ago a rash"),
        ] {
            let made = applied(&PunctuationLoss::at_dose(1.0), &history(before, vec![])).unwrap();
            assert_eq!(made.note.as_deref(), Some(after));
        }
    }

    #[test]
    fn a_higher_level_leaves_out_what_a_lower_one_does() {
        for seed in 0..40 {
            let mut left = consultation().note.unwrap();
            for level in Level::ALL {
                let after = applied_at(&PunctuationLoss::at(level), &consultation(), seed).unwrap().note.unwrap();
                let mut rest = left.chars();
                assert!(after.chars().all(|c| rest.any(|d| c == d)), "{after} is not within {left}");
                left = after;
            }
        }
    }

    #[test]
    fn no_marks_is_unfit_and_every_level_goes_both_ways() {
        assert!(applied(&PunctuationLoss::at_dose(1.0), &history("a mole", vec![])).is_err());
        for level in Level::ALL {
            assert!(round_trip(&PunctuationLoss::at(level), &consultation()));
        }
    }
}
