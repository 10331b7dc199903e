//! The age of the patient in a note: which of the ages found is theirs, and telling another.

use super::finders::age::{Told, all};
use super::finders::number::number;
use super::lexicon::{KIN, LIFE_STAGES, on};
use super::mention::Mention;
use super::seam::splice;
use super::words::{Shape, Text, Token, before, bytes, in_case_of, low, tokens};
use crate::Value;

/// The age in years that a field's value states: its only number, unless it is a bound or in another unit.
pub(super) fn years(value: &Value) -> Option<u32> {
    stated(value).filter(|years| *years <= 120)
}

/// The same for any number, however impossible.
pub(super) fn stated(value: &Value) -> Option<u32> {
    let Value::Stated(text) = value else { return None };
    let tokens = tokens(text);
    let mut numbers = (0..tokens.len()).filter_map(|at| number(&tokens, at).map(|(years, end)| (years, at, end)));
    let (years, at, end) = numbers.next()?;
    let young = ["month", "months", "week", "weeks", "day", "days", "mo"];
    let another = (end..tokens.len()).any(|at| number(&tokens, at).is_some());
    let bound = (0..tokens.len()).any(|at| on(&["or", "over", "under", "above", "+", "<", ">", "≥"], low(&tokens, at)));
    (at < 2 && !another && !bound && !on(&young, low(&tokens, end))).then_some(years)
}

/// The mentions of the age; every age where the value states no exact one.
pub(super) fn find(text: &Text, value: &Value) -> Vec<Mention> {
    let tokens = &text.tokens;
    let own = told_of(tokens, value);
    own.into_iter().map(|told| Mention { span: bytes(tokens, &told.run), class: told.class }).collect()
}

fn told_of(tokens: &[Token], value: &Value) -> Vec<Told> {
    let years = years(value);
    let agrees = |told: &Told| match years {
        Some(years) if told.number.is_empty() => !told.run.is_empty() && years <= 120,
        Some(years) if told.decade => years / 10 * 10 == told.years,
        Some(years) => years == told.years,
        None => true,
    };
    all(tokens).into_iter().filter(agrees).collect()
}

/// The note without the words that tell a patient of that age to be a child: a boy becomes a male patient.
///
/// "My boy" is how a relative writes and stays, and so does every word beside an age of at least 18 years.
pub(super) fn without_childhood(note: &str, value: &Value) -> String {
    let young = years(value).map_or_else(|| super::voice::is_young(value), |years| years < 18);
    if !young {
        return note.to_owned();
    }
    let tokens = tokens(note);
    let mut text = note.to_owned();
    for (at, token) in tokens.iter().enumerate().rev() {
        let owned = on(&["my", "our", "his", "her", "their"], before(&tokens, at));
        let compound = on(&["-", "'", "'s"], low(&tokens, at + 1)) || before(&tokens, at) == "-";
        let as_child = on(&["as", "since"], before(&tokens, at.saturating_sub(1)));
        let put = CHILDHOOD.iter().find(|(word, _)| *word == token.low).map(|(_, put)| *put);
        if let Some(put) = put.filter(|_| !owned && !compound && !as_child) {
            text = splice(&text, &token.span, &in_case_of(text.get(token.span.clone()).unwrap_or_default(), put));
        }
    }
    text
}

/// Words for a child, and what says no more than the sex.
const CHILDHOOD: &[(&str, &str)] = &[
    ("boy", "male patient"),
    ("girl", "female patient"),
    ("child", "patient"),
    ("infant", "patient"),
    ("newborn", "patient"),
    ("neonate", "patient"),
    ("toddler", "patient"),
    ("baby", "patient"),
];

/// Whether the note also gives the patient another age, or a stage of life that another age would belie.
pub(super) fn is_bound(note: &str, value: &Value) -> bool {
    let tokens = tokens(note);
    let stage = tokens.iter().any(|token| on(LIFE_STAGES, &token.low));
    stage || is_contested(note, value)
}

/// Whether the note gives the patient an age other than the field's.
pub(super) fn is_contested(note: &str, value: &Value) -> bool {
    let tokens = tokens(note);
    let own = told_of(&tokens, value);
    let elsewhere = |told: &Told| {
        let from = told.run.start.saturating_sub(6);
        let context = tokens.get(from..told.run.start).unwrap_or_default();
        let words = ["since", "until", "when", "at", "died", "from", "till", "ago", "before", "after"];
        context.iter().any(|token| on(KIN, &token.low) || on(&words, &token.low))
    };
    let lettered = years(value).is_some_and(|years| is_lettered(&tokens, years));
    lettered || all(&tokens).iter().any(|told| !told.number.is_empty() && !own.contains(told) && !elsewhere(told))
}

/// Whether the age stands before a lone letter for the sex, "24 F, …", which is told as no age.
fn is_lettered(tokens: &[Token], years: u32) -> bool {
    let parted = |at: usize| {
        let pair = tokens.get(at).zip(tokens.get(at + 1));
        pair.is_some_and(|(number, letter)| number.span.end < letter.span.start)
    };
    let letter =
        |at: usize| on(&["f", "m"], low(tokens, at)) && tokens.get(at + 1).is_none_or(|next| next.shape == Shape::Mark);
    let own = |at: usize| number(tokens, at).is_some_and(|(told, end)| told == years && end == at + 1);
    (0..tokens.len()).any(|at| own(at) && parted(at) && letter(at + 1) && before(tokens, at) != "/")
}

/// The note with the age told as `to` at every mention.
pub(super) fn retell(note: &str, value: &Value, to: u32) -> String {
    let tokens = tokens(note);
    let mut text = note.to_owned();
    for told in told_of(&tokens, value).iter().rev().filter(|told| !told.number.is_empty()) {
        let number = if told.decade { to / 10 * 10 } else { to };
        let word = tokens.get(told.number.start).is_some_and(|token| token.shape == Shape::Word);
        let put = if told.decade && word { format!("{number}s") } else { number.to_string() };
        text = splice(&text, &bytes(&tokens, &told.number), &put);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::words::slice;

    fn value(text: &str) -> Value {
        Value::Stated(text.into())
    }

    fn found<'a>(note: &'a str, age: &str) -> Vec<&'a str> {
        find(&Text::read(note), &value(age)).iter().map(|mention| slice(note, &mention.span)).collect()
    }

    #[test]
    fn an_age_is_found_however_it_is_written() {
        for (note, expected) in [
            ("A 64-year-old woman", "64-year-old"),
            ("a 64 year old man", "64 year old"),
            ("The patient is 64 years old.", "64 years old"),
            ("a sixty-four-year-old farmer", "sixty-four-year-old"),
            ("64 y/o F", "64 y/o"),
            ("64yo male", "64yo"),
            ("a woman aged 64 with a mole", "aged 64"),
            ("a man, aged 64 years, with", "aged 64 years"),
            ("at the age of 64", "at the age of 64"),
            ("Age: 64 years", "Age: 64 years"),
            ("64F with a rash", "64"),
            ("The patient is a 64 female", "64"),
            ("A woman, 64, presents", "64"),
            ("She is 64.", "64"),
            ("a farmer in his early sixties", "in his early sixties"),
            ("a farmer in her 60s", "in her 60s"),
            ("an elderly woman", "elderly"),
        ] {
            assert_eq!(found(note, "64"), [expected], "{note}");
        }
    }

    #[test]
    fn other_numbers_are_not_ages() {
        for note in [
            "for 64 years",
            "64 mm",
            "It is 64.",
            "His father died at 64 miles",
            "a 63-year-old woman",
            "in his fifties",
        ] {
            assert!(found(note, "64").is_empty(), "{note}");
        }
    }

    #[test]
    fn another_age_of_the_patient_is_a_contest_but_a_relative_is_not() {
        assert!(is_contested("A 65-year-old man.", &value("64")));
        assert!(!is_contested("His father died aged 50.", &value("64")));
        assert!(!is_contested("Smoker since he was 20 years old. He is 64 years old.", &value("64")));
        assert!(is_bound("An elderly man.", &value("64")));
        assert!(is_contested("Aged 64. 64 F, 5 feet.", &value("64")));
        assert!(!is_contested("Aged 64. 63 F, 5 feet. 64F. 64 F outside.", &value("64")));
    }

    #[test]
    fn every_mention_is_told_anew() {
        let retold = |note: &str| retell(note, &value("64"), 81);
        assert_eq!(retold("A 64-year-old woman. She is 64."), "An 81-year-old woman. She is 81.");
        assert_eq!(retold("In her sixties, aged 64"), "In her 80s, aged 81");
        assert_eq!(retold("sixty-four-year-old"), "81-year-old");
    }

    #[test]
    fn a_value_states_one_age_or_none() {
        assert_eq!(years(&value("64 years")), Some(64));
        assert_eq!(years(&value("60-69")), None);
        assert_eq!(years(&value("90 or older")), None);
        assert_eq!(years(&value("5 months")), None);
        assert_eq!(years(&Value::Unknown), None);
    }
}
