//! Slips of typing.

use super::dose::{in_order, quota, rewrite, words};
use crate::history::ledger::Ledger;
use crate::history::lexicon::{
    AUXILIARIES, BODY_PARTS, DETERMINERS, DIAGNOSES, KIN, LESIONS, NEGATIONS, PREPOSITIONS, VERBS, number_word, on,
};
use crate::history::words::{Shape, Token, in_case_of, slice, tokens};
use crate::{
    Card, Change, Context, Graded, Grading, Needs, Operator, Oracle, Perturbation, Quantity, Range, Setting,
    SettingError, Stimulus, Stream, Target, Unfit, Unit,
};

/// The share of words up to which first letters are left alone.
const GENTLE: f64 = 0.06;

/// The rows of the keyboard.
const ROWS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

/// English words that a slip makes of a word of clinical notes, beside those of the word lists.
const OTHER_WORDS: &str = include_str!("words.txt");

/// Mistypes a share of the words of the note, each once: the letter beside it, a letter left out, two letters
/// exchanged, or a letter doubled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Typos {
    rate: f64,
}

impl Operator for Typos {
    const CARD: &'static Card = &Card {
        id: "typos",
        family: "history/noise",
        title: "Slips of typing",
        imitates: "A note typed in haste. Only words of four letters and more are hit, once each, never numbers, \
                   headings or addresses; up to 6 % of the words never in the first letter. No slip makes a \
                   word of the word lists, which hold the common words that one slip makes of another. Fields stay.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Invariant,
        oracle_reason: "Every word can still be read, and every number stands as it stood: the content is the same.",
        gradable_to: &[],
        grading: Grading::Graded {
            dose: "rate",
            unit: Unit::Share,
            levels: [0.03, 0.06, 0.09, 0.12, 0.15],
            range: Range { mildest: 0.01, severest: 0.15 },
            monotone_in: Quantity::WordsChanged,
        },
        parameters: &[],
        references: &[
            "Damerau, Commun ACM 1964;7:171, doi 10.1145/363958.363994: the four slips behind most misspellings",
            "Workman et al., BMC Res Notes 2019, doi 10.1186/s13104-019-4073-y: 5 % and more of clinical text",
            "Belinkov and Bisk, arXiv 1711.02173: slips on neighbouring keys and exchanged letters",
        ],
    };

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let rate = setting.dose.ok_or_else(|| SettingError::at("rate", "is the share of words to mistype"))?;
        Ok(Self::at_dose(rate))
    }
}

impl Graded for Typos {
    fn at_dose(dose: f64) -> Self {
        Self { rate: Self::range().nearest(dose) }
    }
}

impl Perturbation for Typos {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let mut ledger = Ledger::open(&stimulus.history);
        let note = ledger.note().to_owned();
        let count = words(&note).len();
        let (wanted, gentle) = (quota(self.rate, count, &cx.rng), quota(GENTLE, count, &cx.rng));
        let tokens = tokens(&note);
        let slips = in_order(open_to_slips(&note, &tokens), &cx.rng).into_iter().filter_map(|token| {
            let rng = cx.rng.fork("word", token.span.start as u64);
            mistyped(slice(&note, &token.span), &tokens, &rng).map(|slip| (token.span.clone(), slip))
        });
        let chosen = slips.enumerate().take(wanted).map(|(rank, (span, slip))| (span, slip.at(rank >= gentle)));
        let rewrites = chosen.collect();
        rewrite(&mut ledger, rewrites);
        ledger.close(stimulus).map_err(|_| Unfit::nothing("no word falls to a slip at that rate"))
    }
}

/// A word mistyped in two ways.
struct Slip {
    /// Somewhere behind the first letter.
    inside: String,
    /// Anywhere.
    anywhere: String,
}

impl Slip {
    fn at(self, anywhere: bool) -> String {
        if anywhere { self.anywhere } else { self.inside }
    }
}

/// The words that may be mistyped: four letters and more, in a plain case, with no digit or address around.
fn open_to_slips<'a>(note: &'a str, tokens: &'a [Token<'a>]) -> Vec<&'a Token<'a>> {
    let closed: Vec<_> = words(note).into_iter().filter(|(_, word)| is_closed_to_slips(word)).collect();
    let inside = |token: &Token| closed.iter().any(|(span, _)| span.contains(&token.span.start));
    tokens.iter().filter(|token| is_plain(note, token) && !inside(token)).collect()
}

fn is_closed_to_slips(word: &str) -> bool {
    word.contains("://") || word.contains(['@', '_', ':']) || word.chars().any(|c| c.is_ascii_digit())
}

fn is_plain(note: &str, token: &Token) -> bool {
    let word = slice(note, &token.span);
    let letters = token.shape == Shape::Word && word.len() >= 4 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    letters && in_case_of(word, &token.low) == word && number_word(&token.low).is_none()
}

/// The word with one slip, in both ways; `None` where no slip leaves a word that is none.
fn mistyped(word: &str, tokens: &[Token], rng: &Stream) -> Option<Slip> {
    let low: Vec<char> = word.to_lowercase().chars().collect();
    let slip = |label: &str, from: usize| {
        let mut tries = (0..16).filter_map(|at| slipped(&low, from, &mut rng.fork(label, at)));
        tries.find(|made| !is_word(made, tokens)).map(|made| in_case_of(word, &made))
    };
    Some(Slip { inside: slip("inside", 1)?, anywhere: slip("anywhere", 0)? })
}

/// The letters with one slip at or behind `from`; `None` where it changes nothing.
fn slipped(letters: &[char], from: usize, rng: &mut Stream) -> Option<String> {
    let at = from + rng.index(letters.len().checked_sub(from)?);
    let mut made = letters.to_vec();
    match rng.index(4) {
        0 => *made.get_mut(at)? = beside(*letters.get(at)?, rng)?,
        1 => {
            made.remove(at);
        }
        2 if at + 1 < made.len() => made.swap(at, at + 1),
        2 => return None,
        _ => made.insert(at, *letters.get(at)?),
    }
    (made != letters).then(|| made.into_iter().collect())
}

/// A letter beside that one in its row of the keyboard.
fn beside(letter: char, rng: &mut Stream) -> Option<char> {
    let row: Vec<char> = ROWS.iter().find(|row| row.contains(letter))?.chars().collect();
    let at = row.iter().position(|key| *key == letter)?;
    let near = [at.checked_sub(1), Some(at + 1)];
    let keys: Vec<char> = near.into_iter().flatten().filter_map(|at| row.get(at).copied()).collect();
    keys.get(rng.index(keys.len())).copied()
}

/// Whether it is a word of the note or of the word lists.
fn is_word(low: &str, tokens: &[Token]) -> bool {
    let lists = [AUXILIARIES, BODY_PARTS, DETERMINERS, DIAGNOSES, KIN, LESIONS, NEGATIONS, PREPOSITIONS, VERBS];
    let plural = low.strip_suffix('s').unwrap_or(low);
    let listed = lists.iter().any(|list| on(list, low) || on(list, plural)) || other_words().any(|word| word == low);
    listed || number_word(low).is_some() || tokens.iter().any(|token| token.low == low)
}

fn other_words() -> impl Iterator<Item = &'static str> {
    OTHER_WORDS.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Level;
    use crate::history::samples::{applied_at, consultation, history, round_trip};

    fn changed(before: &str, after: &str) -> Vec<(String, String)> {
        let pairs = before.split_whitespace().zip(after.split_whitespace());
        pairs.filter(|(a, b)| a != b).map(|(a, b)| (a.to_owned(), b.to_owned())).collect()
    }

    fn note(level: Level, seed: u64) -> Option<String> {
        applied_at(&Typos::at(level), &consultation(), seed).ok()?.note
    }

    #[test]
    fn the_measured_rate_is_the_dose() {
        let before = consultation().note.unwrap();
        let words = before.split_whitespace().count();
        for level in Level::ALL {
            let hit: usize =
                (0..200).filter_map(|seed| note(level, seed)).map(|after| changed(&before, &after).len()).sum();
            let rate = f64::from(u32::try_from(hit).unwrap()) / f64::from(u32::try_from(200 * words).unwrap());
            let dose = Typos::CARD.dose(level).unwrap();
            assert!((rate - dose).abs() < 0.006, "{rate} for {dose}");
        }
    }

    #[test]
    fn a_higher_level_keeps_the_slips_of_a_lower_one() {
        let before = consultation().note.unwrap();
        for seed in 0..60 {
            let mut fewer = Vec::new();
            for level in Level::ALL {
                let more = note(level, seed).map(|after| changed(&before, &after)).unwrap_or_default();
                assert!(fewer.iter().all(|slip| more.contains(slip)), "{fewer:?} {more:?}");
                fewer = more;
            }
        }
    }

    #[test]
    fn numbers_stay_and_low_levels_keep_first_letters() {
        for seed in 0..100 {
            for (level, gentle) in [(Level::ALL[1], true), (Level::ALL[4], false)] {
                let before = consultation().note.unwrap();
                let Some(after) = note(level, seed) else { continue };
                for (word, slip) in changed(&before, &after) {
                    assert!(!word.chars().any(|c| c.is_ascii_digit()), "{word}");
                    assert!(!gentle || word.chars().next() == slip.chars().next(), "{word} {slip}");
                }
            }
        }
    }

    #[test]
    fn the_four_slips() {
        let of = |word: &str| -> Vec<String> {
            let letters: Vec<char> = word.chars().collect();
            let mut made: Vec<_> =
                (0..300).filter_map(|seed| slipped(&letters, 0, &mut Stream::derive(seed, &[]))).collect();
            made.sort();
            made.dedup();
            made
        };
        assert_eq!(of("ab"), ["a", "aab", "abb", "an", "av", "b", "ba", "sb"]);
    }

    #[test]
    fn no_slip_makes_another_word_and_case_is_kept() {
        let text = tokens("Itch");
        for seed in 0..50 {
            let slip = mistyped("Rash", &text, &Stream::derive(seed, &[])).unwrap();
            assert!(slip.inside.starts_with('R') && slip.anywhere.starts_with(char::is_uppercase));
            assert!(!["Rush", "Dash"].contains(&slip.inside.as_str()));
        }
        assert!(is_word("tired", &text) && is_word("ever", &text) && other_words().count() > 300);
        assert!(is_word("arm", &text) && is_word("palms", &text) && is_word("itch", &text) && !is_word("itcg", &text));
    }

    #[test]
    fn a_slip_neither_takes_a_denial_away_nor_tells_a_complaint() {
        for seed in 0..300 {
            for (word, others) in [("never", ["ever"].as_slice()), ("tried", &["tired"]), ("neither", &["either"])] {
                let text = tokens(word);
                let Some(slip) = mistyped(word, &text, &Stream::derive(seed, &[])) else { continue };
                assert!(!others.contains(&slip.inside.as_str()) && !others.contains(&slip.anywhere.as_str()));
            }
        }
    }

    #[test]
    fn a_note_of_numbers_is_unfit_and_every_level_goes_both_ways() {
        assert!(applied_at(&Typos::at_dose(0.15), &history("64 F, 3 mm. https://an.address", vec![]), 1).is_err());
        for level in Level::ALL {
            round_trip(&Typos::at(level), &consultation());
        }
        assert!(round_trip(&Typos::at_dose(0.15), &consultation()));
    }
}
