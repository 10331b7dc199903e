//! A paraphrase by rule, as a control.

use std::ops::Range;

use crate::history::lexicon::{NEGATIONS, PERSONS, on};
use crate::history::restyle::{Rewrite, SHARE, longest, restyle, share_of};
use crate::history::words::{Shape, Text, before, bytes, in_case_of, low, slice};
use crate::{
    Card, Change, Context, Graded, Needs, Operator, Oracle, Perturbation, Setting, SettingError, Stimulus, Target,
    Unfit,
};

/// Exchanges a share of the phrases of the note that are in a list of pairs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Paraphrase {
    share: f64,
}

impl Operator for Paraphrase {
    const CARD: &'static Card = &Card {
        id: "paraphrase",
        family: "history/style",
        title: "The same in other words",
        imitates: "The same letter from another hand. A control: every pair of phrases in the list means the same to a \
                   clinician, so a model that is moved by it is moved by wording.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Invariant,
        oracle_reason: "Nothing but words has changed.",
        gradable_to: &[],
        grading: SHARE,
        parameters: &[],
        references: &["Sadanandan and Behzadan, arXiv 2602.21428: paraphrases checked for entailment"],
    };

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let share = setting.dose.ok_or_else(|| SettingError::at("share", "is the share of places to rewrite"))?;
        Ok(Self::at_dose(share))
    }
}

impl Graded for Paraphrase {
    fn at_dose(dose: f64) -> Self {
        Self { share: Self::range().nearest(dose) }
    }
}

impl Perturbation for Paraphrase {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let note = stimulus.history.note.as_deref().unwrap_or_default();
        let rewrites = share_of(phrases(note), self.share, &cx.rng);
        restyle(stimulus, rewrites, "no phrase of the list that falls to that share")
    }
}

/// Where a phrase may be exchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Where {
    /// Wherever it stands.
    Anywhere,
    /// Where its clause ends with it: "it hurts.", not "it hurts me".
    Closing,
    /// Before a comma: "however,", not "however small".
    BeforeComma,
    /// Before a number: "it measures 5 mm", not "it measures more".
    BeforeNumber,
    /// Before a length of time: "for the last few days", not "for the last time".
    BeforeTime,
    /// At the end of its clause: "none so far.", not "so far away".
    Ending,
    /// Behind a word for the patient: "she presents with", not "it presents with".
    OfPatient,
    /// Where nothing grades or denies it: "a lot of", not "quite a lot of".
    Unqualified,
    /// At the start of a sentence.
    Opening,
    /// Where no pronoun follows: "do not know", not "don't you".
    Telling,
    /// Before that word, where "'s" stands for one verb only: "it's been".
    Before(&'static str),
}

/// Phrases, what may stand for each, and where. Written for this list; an exchange in one direction only is one that
/// would change the sense or the grammar the other way.
#[rustfmt::skip]
const PAIRS: &[(&str, &str, Where)] = &[
    ("it itches", "it is itchy", Where::Closing),
    ("it is itchy", "it itches", Where::Closing),
    ("it does not itch", "it is not itchy", Where::Closing),
    ("it is not itchy", "it does not itch", Where::Closing),
    ("it hurts", "it is painful", Where::Closing),
    ("it is painful", "it hurts", Where::Closing),
    ("it does not hurt", "it is not painful", Where::Closing),
    ("it is not painful", "it does not hurt", Where::Closing),
    ("it is raised", "it is elevated", Where::Closing),
    ("it is elevated", "it is raised", Where::Closing),
    ("it is not raised", "it is not elevated", Where::Closing),
    ("it is not known", "it is unknown", Where::Anywhere),
    ("it has grown", "it has become larger", Where::Closing),
    ("it has become larger", "it has grown", Where::Closing),
    ("it has not grown", "it has not become larger", Where::Closing),
    ("it has not become larger", "it has not grown", Where::Closing),
    ("it is growing", "it is getting larger", Where::Closing),
    ("there is no pain", "it does not hurt", Where::Closing),
    ("there is no itching", "it does not itch", Where::Closing),
    ("there has been no bleeding", "it has not bled", Where::Closing),
    ("there is itching", "it itches", Where::Closing),
    ("there is pain", "it hurts", Where::Closing),
    ("there is no relevant", "there is no significant", Where::Anywhere),
    ("so far", "up to now", Where::Ending),
    ("has been present for", "has been there for", Where::Anywhere),
    ("we saw", "we have seen", Where::Opening),
    ("the patient smokes", "the patient is a smoker", Where::Closing),
    ("the patient does not smoke", "the patient is not a smoker", Where::Closing),
    ("it measures", "its size is", Where::BeforeNumber),
    ("its size is", "it measures", Where::BeforeNumber),
    ("approximately", "roughly", Where::Anywhere),
    ("roughly", "approximately", Where::Anywhere),
    ("currently", "at present", Where::Anywhere),
    ("usually", "generally", Where::Anywhere),
    ("suddenly", "abruptly", Where::Anywhere),
    ("especially", "particularly", Where::Anywhere),
    ("particularly", "especially", Where::Anywhere),
    ("noticed", "observed", Where::Anywhere),
    ("began", "started", Where::Anywhere),
    ("presents with", "comes in with", Where::OfPatient),
    ("complains of", "reports", Where::OfPatient),
    ("complained of", "reported", Where::OfPatient),
    ("regarding", "concerning", Where::Anywhere),
    ("prior to", "before", Where::Anywhere),
    ("such as", "like", Where::Anywhere),
    ("because of", "on account of", Where::Anywhere),
    ("a lot of", "lots of", Where::Unqualified),
    ("lots of", "a lot of", Where::Unqualified),
    ("any advice", "any guidance", Where::Anywhere),
    ("twice daily", "twice a day", Where::Anywhere),
    ("twice a day", "twice daily", Where::Closing),
    ("once daily", "once a day", Where::Anywhere),
    ("for the past", "for the last", Where::BeforeTime),
    ("for the last", "for the past", Where::BeforeTime),
    ("over the past", "over the last", Where::BeforeTime),
    ("over the last", "over the past", Where::BeforeTime),
    ("however", "nevertheless", Where::BeforeComma),
    ("in addition", "additionally", Where::BeforeComma),
    ("additionally", "in addition", Where::BeforeComma),
    ("thank you for", "many thanks for", Where::Opening),
    ("please advise", "please give your advice", Where::Closing),
    ("i would like to know", "I wish to know", Where::Anywhere),
    ("i'm", "I am", Where::Anywhere),
    ("i am", "I'm", Where::Telling),
    ("i've", "I have", Where::Anywhere),
    ("it's", "it is", Where::Before("a")),
    ("it's", "it is", Where::Before("not")),
    ("it's", "it has", Where::Before("been")),
    ("it has been", "it's been", Where::Telling),
    ("don't", "do not", Where::Telling),
    ("do not", "don't", Where::Telling),
    ("doesn't", "does not", Where::Telling),
    ("does not", "doesn't", Where::Telling),
    ("didn't", "did not", Where::Telling),
    ("did not", "didn't", Where::Telling),
    ("isn't", "is not", Where::Telling),
    ("is not", "isn't", Where::Telling),
    ("hasn't", "has not", Where::Telling),
    ("has not", "hasn't", Where::Telling),
    ("haven't", "have not", Where::Telling),
    ("have not", "haven't", Where::Telling),
    ("can't", "cannot", Where::Telling),
    ("cannot", "can't", Where::Telling),
    ("wasn't", "was not", Where::Telling),
    ("was not", "wasn't", Where::Telling),
];

/// How a length of time begins, beside numbers.
const TIMES: &[&str] = &[
    "couple", "day", "days", "decade", "eight", "few", "five", "four", "half", "hour", "hours", "month", "months",
    "nine", "several", "six", "seven", "ten", "three", "two", "week", "weeks", "year", "years",
];
/// Words for the patient, beside those that tell the sex.
const PATIENTS: &[&str] = &["child", "he", "infant", "patient", "she", "who"];
const PRONOUNS: &[&str] =
    &["anyone", "he", "i", "it", "she", "that", "the", "there", "these", "they", "this", "we", "you"];

/// Every phrase of the list that may be exchanged, each with its other; where two share words, the longer one.
fn phrases(note: &str) -> Vec<Rewrite> {
    let text = Text::read(note);
    let all: Vec<Rewrite> = PAIRS
        .iter()
        .flat_map(|(from, to, place)| {
            let runs = text.phrase(from).filter(|run| allows(*place, &text, run)).collect::<Vec<_>>();
            runs.into_iter().map(|run| bytes(&text.tokens, &run)).map(|span| (span, *to))
        })
        .map(|(span, to)| {
            let put = cased(slice(note, &span), to);
            (span, put)
        })
        .collect();
    longest(all)
}

fn allows(place: Where, text: &Text, run: &Range<usize>) -> bool {
    let (tokens, next) = (&text.tokens, low(&text.tokens, run.end));
    // Half of a compound is no phrase.
    if next == "-" || before(tokens, run.start) == "-" {
        return false;
    }
    match place {
        Where::Anywhere => true,
        Where::Closing => ["", ".", ";", "!", "but", "when"].contains(&next),
        Where::BeforeComma => next == ",",
        Where::BeforeNumber => tokens.get(run.end).is_some_and(|token| token.shape == Shape::Number),
        Where::BeforeTime => {
            tokens.get(run.end).is_some_and(|next| next.shape == Shape::Number || on(TIMES, &next.low))
        }
        Where::Ending => ["", ".", ",", ";", "!", "?"].contains(&next),
        Where::OfPatient => {
            let person = before(tokens, run.start);
            on(PATIENTS, person) || PERSONS.iter().any(|(name, _)| *name == person)
        }
        Where::Unqualified => {
            let word = before(tokens, run.start);
            !on(NEGATIONS, word) && !on(&["quite", "rather", "such", "what", "whole"], word)
        }
        Where::Opening => run.start == 0 || [".", "!", "?", ","].contains(&before(tokens, run.start)),
        Where::Telling => {
            !PRONOUNS.contains(&next) && tokens.get(run.end).is_some_and(|token| token.shape == Shape::Word)
        }
        Where::Before(word) => next == word,
    }
}

/// `to` with the capitals of `from`; "I" keeps its own.
fn cased(from: &str, to: &str) -> String {
    if from.starts_with("I'") || from.starts_with("I’") || from.starts_with("I ") || from.starts_with("i ") {
        return to.to_owned();
    }
    in_case_of(from, to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Level;
    use crate::history::samples::{applied, check, history, round_trip};

    #[test]
    fn phrases_are_exchanged() {
        let table = [
            ("It itches. It is painful.", "It is itchy. It hurts."),
            ("It does not itch.", "It is not itchy."),
            ("It is not known when it began.", "It is unknown when it started."),
            ("It measures 5 mm.", "Its size is 5 mm."),
            ("I don't know; it's been there for a year.", "I do not know; it has been there for a year."),
            ("IT IS NOT KNOWN.", "IT IS UNKNOWN."),
            ("Thank you for seeing her.", "Many thanks for seeing her."),
            ("However, I've had a fever.", "Nevertheless, I have had a fever."),
            ("She presents with lots of spots.", "She comes in with a lot of spots."),
            ("Well so far. It grew over the past two weeks.", "Well up to now. It grew over the last two weeks."),
        ];
        check(&table, |note| {
            applied(&Paraphrase::at_dose(1.0), &history(note, vec![]))
                .map_or_else(|unfit| unfit.to_string(), |after| after.note.unwrap())
        });
    }

    #[test]
    fn what_would_change_the_sense_or_the_grammar_stays() {
        for note in [
            "It hurts me.",
            "It is itchy and red.",
            "The patient smokes 20 a day.",
            "However small, it bleeds.",
            "Don't you think so?",
            "It's itchy.",
            "I want to thank you for it.",
            "It was because he fell.",
            "Several weeks.",
            "A concerning mole.",
            "The disease presents with spots.",
            "It bled for the last time.",
            "Quite a lot of spots; not a lot of itching.",
            "It is so far away.",
            "She takes ibuprofen when needed.",
        ] {
            assert!(phrases(note).is_empty(), "{note}: {:?}", phrases(note));
        }
    }

    #[test]
    fn every_level_goes_both_ways() {
        let before = history("It itches. It hurts. It began over the last week.", vec![]);
        for level in Level::ALL {
            round_trip(&Paraphrase::at(level), &before);
        }
        assert!(round_trip(&Paraphrase::at_dose(1.0), &before));
        assert!(!round_trip(&Paraphrase::at_dose(1.0), &history("Rash", vec![])));
    }
}
