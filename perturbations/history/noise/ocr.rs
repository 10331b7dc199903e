//! Letters that a scanner takes for others.

use core::cmp::Reverse;
use std::ops::Range;

use super::dose::{Rewrite, in_order, quota, rewrite, words};
use crate::history::ledger::Ledger;
use crate::history::words::slice;
use crate::{
    Card, Change, Context, Graded, Grading, Needs, Operator, Oracle, Perturbation, Quantity, Range as Doses, Setting,
    SettingError, Stimulus, Stream, Target, Unfit, Unit,
};

/// Glyphs and what they are taken for. No digit is taken for another digit.
const GLYPHS: &[(&str, &str)] = &[
    ("rn", "m"),
    ("m", "rn"),
    ("w", "vv"),
    ("l", "1"),
    ("l", "I"),
    ("i", "l"),
    ("i", "1"),
    ("I", "l"),
    ("I", "1"),
    ("1", "l"),
    ("1", "I"),
    ("O", "0"),
    ("o", "0"),
    ("0", "O"),
    ("S", "5"),
    ("s", "5"),
    ("5", "S"),
    ("B", "8"),
    ("8", "B"),
    ("g", "9"),
    ("Z", "2"),
];

/// English words that one glyph makes of another.
const OTHER_WORDS: &[&str] = &[
    "ball", "bum", "com", "corn", "dally", "dam", "darn", "fall", "falls", "hall", "mall", "modem", "stem", "stern",
    "tall", "tom", "yam",
];

/// Takes a glyph for another in a share of the words of the note, once in each.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ocr {
    rate: f64,
}

impl Operator for Ocr {
    const CARD: &'static Card = &Card {
        id: "ocr",
        family: "history/noise",
        title: "Misread by a scanner",
        imitates: "A printed or faxed letter that went through text recognition: l for 1, rn for m, 0 for O. A digit \
                   may come out as a letter, but never as another digit, nor a letter beside a digit as a digit, and no word as another that is known to be \
                   one. Fields stay.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Invariant,
        oracle_reason: "Every word and number can still be recognised: the content is the same.",
        gradable_to: &[],
        grading: Grading::Graded {
            dose: "rate",
            unit: Unit::Share,
            levels: [0.03, 0.06, 0.12, 0.2, 0.3],
            range: Doses { mildest: 0.01, severest: 0.5 },
            monotone_in: Quantity::WordsChanged,
        },
        parameters: &[],
        references: &[
            "Nguyen et al., ACM Comput Surv 2021;54(6):124, doi 10.1145/3453476: errors of text recognition",
            "The glyph pairs are our choice of those that look alike in print",
        ],
    };

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let rate = setting.dose.ok_or_else(|| SettingError::at("rate", "is the share of words to misread"))?;
        Ok(Self::at_dose(rate))
    }
}

impl Graded for Ocr {
    fn at_dose(dose: f64) -> Self {
        Self { rate: Self::range().nearest(dose) }
    }
}

impl Perturbation for Ocr {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let mut ledger = Ledger::open(&stimulus.history);
        let note = ledger.note().to_owned();
        let words = words(&note);
        let wanted = quota(self.rate, words.len(), &cx.rng);
        let misread = in_order(words, &cx.rng).into_iter().filter_map(|(span, word)| {
            let mut rng = cx.rng.fork("word", span.start as u64);
            misread(word, &mut rng).map(|(at, put)| (span.start + at.start..span.start + at.end, put))
        });
        let chosen: Vec<Rewrite> = misread.take(wanted).collect();
        rewrite(&mut ledger, chosen);
        ledger.close(stimulus).map_err(|_| Unfit::nothing("no word is misread at that rate"))
    }
}

/// One glyph of the word and what it is taken for; `None` where no glyph can be, in addresses and in headings.
fn misread(word: &str, rng: &mut Stream) -> Option<Rewrite> {
    if word.contains("://") || word.contains('@') || word.ends_with(':') {
        return None;
    }
    let mut found: Vec<(Range<usize>, &str)> = GLYPHS.iter().flat_map(|(from, to)| all(word, from, to)).collect();
    found.sort_by_key(|(span, to)| (span.start, Reverse(*to)));
    found.retain(|(span, to)| !is_word(word, span, to) && !makes_number(word, span, to));
    let (span, to) = found.get(rng.index(found.len()))?;
    Some((span.clone(), (*to).to_owned()))
}

fn all<'a>(word: &'a str, from: &'a str, to: &'a str) -> impl Iterator<Item = (Range<usize>, &'a str)> {
    word.match_indices(from).map(move |(at, _)| (at..at + from.len(), to))
}

/// Whether the misread word is another that is known to be one.
fn is_word(word: &str, span: &Range<usize>, to: &str) -> bool {
    let mut made = word.to_owned();
    made.replace_range(span.clone(), to);
    let bare = made.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    OTHER_WORDS.contains(&bare.as_str())
}

/// Whether a letter would come out as a digit beside a digit: "10g" must not become "109".
fn makes_number(word: &str, span: &Range<usize>, to: &str) -> bool {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let (head, tail) = (slice(word, &(0..span.start)), slice(word, &(span.end..word.len())));
    let beside = digit(head.chars().next_back()) || digit(tail.chars().next());
    beside && digit(to.chars().next())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Level;
    use crate::history::samples::{applied_at, consultation, history, round_trip};

    #[test]
    fn no_digit_becomes_another_digit() {
        let digit = |text: &str| text.chars().all(|c| c.is_ascii_digit());
        assert!(GLYPHS.iter().all(|(from, to)| from != to && !(digit(from) && digit(to))));
        for seed in 0..80 {
            let after = applied_at(&Ocr::at_dose(0.5), &history("10 mg 1.5 cm 8 of 50", vec![]), seed);
            let Some(note) = after.ok().and_then(|after| after.note) else { continue };
            for (word, was) in note.split(' ').zip(["10", "mg", "1.5", "cm", "8", "of", "50"]) {
                assert!(word == was || !digit(word), "{note}");
            }
        }
    }

    #[test]
    fn no_letter_beside_a_digit_becomes_a_digit() {
        for word in ["10g", "5l", "B12", "2O"] {
            for seed in 0..60 {
                let Some((span, put)) = misread(word, &mut Stream::derive(seed, &[])) else { continue };
                let mut made = word.to_owned();
                made.replace_range(span, &put);
                let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
                assert!(digits(&made) <= digits(word), "{made}");
            }
        }
    }

    #[test]
    fn one_glyph_of_a_word_is_taken_for_another() {
        let of = |word: &str| -> Vec<String> {
            let mut made: Vec<_> = (0..60)
                .filter_map(|seed| misread(word, &mut Stream::derive(seed, &[])))
                .map(|(span, put)| {
                    let mut word = word.to_owned();
                    word.replace_range(span, &put);
                    word
                })
                .collect();
            made.sort();
            made.dedup();
            made
        };
        assert_eq!(of("arm"), ["arrn"]);
        assert_eq!(of("burn,"), Vec::<String>::new());
        assert_eq!(of("lab"), ["1ab", "Iab"]);
        assert_eq!(of("fever"), Vec::<String>::new());
    }

    #[test]
    fn a_higher_level_keeps_the_errors_of_a_lower_one() {
        let before = consultation().note.unwrap();
        for seed in 0..40 {
            let mut hit: Vec<usize> = Vec::new();
            for level in Level::ALL {
                let after = applied_at(&Ocr::at(level), &consultation(), seed).map(|after| after.note.unwrap());
                let after = after.unwrap_or_else(|_| before.clone());
                let words = before.split_whitespace().zip(after.split_whitespace()).enumerate();
                let now: Vec<usize> = words.filter(|(_, (a, b))| a != b).map(|(at, _)| at).collect();
                assert!(hit.iter().all(|at| now.contains(at)));
                hit = now;
            }
            assert!(hit.len() > 10);
        }
    }

    #[test]
    fn every_level_goes_both_ways() {
        for level in Level::ALL {
            round_trip(&Ocr::at(level), &consultation());
        }
        assert!(round_trip(&Ocr::at_dose(0.3), &consultation()));
        assert!(!round_trip(&Ocr::at_dose(0.5), &history("a fever", vec![])));
    }
}
