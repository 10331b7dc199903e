//! The age of the patient in a note: finding it and telling another.

use std::ops::Range;

use super::lexicon::{AUXILIARIES, KIN, LIFE_STAGES, PERSONS, SUBJECT_VERBS, number_word, on};
use super::mention::{Class, Mention};
use super::seam::splice;
use super::words::{Shape, Text, Token, before, bytes, low, tokens};
use crate::Value;

/// An age told in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Told {
    /// Everything that goes when the age goes.
    run: Range<usize>,
    /// The number within it; empty for words such as "elderly".
    number: Range<usize>,
    /// The number; a decade for "in her sixties".
    years: u32,
    /// Whether only the decade is told.
    decade: bool,
    class: Class,
}

/// The age in years that a field's value states: its only number, unless it is a bound or in another unit.
pub(super) fn years(value: &Value) -> Option<u32> {
    let Value::Stated(text) = value else { return None };
    let tokens = tokens(text);
    let mut numbers = (0..tokens.len()).filter_map(|at| number(&tokens, at).map(|(years, end)| (years, at, end)));
    let (years, at, end) = numbers.next()?;
    let young = ["month", "months", "week", "weeks", "day", "days", "mo"];
    let another = (end..tokens.len()).any(|at| number(&tokens, at).is_some());
    let bound = (0..tokens.len()).any(|at| on(&["or", "over", "under", "above", "+", "<", ">", "≥"], low(&tokens, at)));
    (at < 2 && !another && !bound && !on(&young, low(&tokens, end)) && years <= 120).then_some(years)
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
    all(&tokens).iter().any(|told| !told.number.is_empty() && !own.contains(told) && !elsewhere(told))
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

fn all(tokens: &[Token]) -> Vec<Told> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let told = stage(tokens, at).or_else(|| decade(tokens, at)).or_else(|| exact(tokens, at));
        at = told.as_ref().map_or(at + 1, |told| told.run.end.max(at + 1));
        found.extend(told);
    }
    found
}

/// A number in digits or words, and where it ends.
pub(super) fn number(tokens: &[Token], at: usize) -> Option<(u32, usize)> {
    let token = tokens.get(at)?;
    let glued = at
        .checked_sub(1)
        .and_then(|left| tokens.get(left))
        .is_some_and(|left| left.span.end == token.span.start && left.shape == Shape::Word);
    if glued {
        return None;
    }
    if token.shape == Shape::Number {
        return token.low.parse().ok().map(|years| (years, at + 1));
    }
    let tens = number_word(&token.low)?;
    let ones_at = if low(tokens, at + 1) == "-" { at + 2 } else { at + 1 };
    match number_word(low(tokens, ones_at)) {
        Some(ones) if tens >= 20 && (1..10).contains(&ones) => Some((tens + ones, ones_at + 1)),
        _ => Some((tens, at + 1)),
    }
}

/// "elderly woman", "middle-aged man", "young lady".
fn stage(tokens: &[Token], at: usize) -> Option<Told> {
    let end = match low(tokens, at) {
        "elderly" | "young" | "teenage" => at + 1,
        "middle" => {
            let end = hyphen(tokens, at + 1);
            on(&["aged", "age"], low(tokens, end)).then_some(end + 1)?
        }
        _ => return None,
    };
    let person = (end..end + 2).any(|at| is_person(tokens, at));
    person.then_some(Told { run: at..end, number: at..at, years: 0, decade: false, class: Class::Adjective })
}

/// "in her early sixties", "in his 60s".
fn decade(tokens: &[Token], at: usize) -> Option<Told> {
    const WORDS: [&str; 8] =
        ["twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties"];
    if low(tokens, at) != "in" || !on(&["her", "his", "their", "the", "my"], low(tokens, at + 1)) {
        return None;
    }
    let number = if on(&["early", "mid", "late"], low(tokens, at + 2)) { hyphen(tokens, at + 3) } else { at + 2 };
    let word = WORDS.iter().position(|word| *word == low(tokens, number)).and_then(|at| u32::try_from(at).ok());
    let (years, end) = if let Some(tens) = word {
        (tens * 10 + 20, number + 1)
    } else {
        let years = low(tokens, number).parse().ok()?;
        let s = if low(tokens, number + 1) == "'" { number + 2 } else { number + 1 };
        (low(tokens, s) == "s" && (10..100).contains(&years)).then_some((years, s + 1))?
    };
    Some(Told { run: at..end, number: number..number + 1, years, decade: true, class: Class::Adjunct })
}

/// An exact age: "64-year-old", "aged 64", "age: 64 years", "23F", "53 female", "woman, 64,", "she is 64".
fn exact(tokens: &[Token], at: usize) -> Option<Told> {
    let (years, end) = number(tokens, at)?;
    let number = at..end;
    let told = |run, class| Some(Told { run, number: number.clone(), years, decade: false, class });
    let unit = unit_end(tokens, end);
    let old = unit.and_then(|unit| old_end(tokens, unit));
    let bounded = |at: usize| {
        if low(tokens, at) == "or" && on(&["older", "over", "above", "more"], low(tokens, at + 1)) {
            at + 2
        } else {
            at
        }
    };
    let last = bounded(old.or(unit).unwrap_or(end));
    if years > 120 {
        return None;
    }
    if let Some(start) = label(tokens, at) {
        let heading = low(tokens, start) == "age" && low(tokens, start + 1) == ":";
        let class = if heading { Class::Statement } else { Class::Adjunct };
        return told(start..last, class);
    }
    if let Some(end) = old.or_else(|| shorthand(tokens, end)) {
        return told(at..bounded(end), Class::Adjective);
    }
    let named = is_person(tokens, last) || sex_letter(tokens, end);
    let apposed = before(tokens, at) == "," && at >= 2 && is_person(tokens, at - 2) && is_closing(tokens, last);
    let said =
        (on(&["is", "am", "was", "i'm", "she's", "he's", "turned"], before(tokens, at))) && is_closing(tokens, last);
    let bracketed = before(tokens, at) == "(" && low(tokens, last) == ")" && (1..100).contains(&years) && at <= 3;
    (named || apposed || (said && is_of_person(tokens, at)) || bracketed)
        .then(|| told(at..last, Class::Adjective))
        .flatten()
}

/// Where a label or preposition before an age begins: "age", "age:", "aged", "at the age of".
fn label(tokens: &[Token], at: usize) -> Option<usize> {
    let mut start = at;
    if on(&[":", "-", "=", "of", "is"], before(tokens, start)) {
        start -= 1;
    }
    if !on(&["age", "aged", "ages"], before(tokens, start)) {
        return None;
    }
    start -= 1;
    if before(tokens, start) == "the" && start >= 2 && low(tokens, start - 2) == "at" {
        return Some(start - 2);
    }
    Some(if before(tokens, start) == "at" { start - 1 } else { start })
}

fn unit_end(tokens: &[Token], at: usize) -> Option<usize> {
    let at = hyphen(tokens, at);
    on(&["year", "years", "yr", "yrs"], low(tokens, at)).then_some(at + 1)
}

/// The end of "old" or "of age" after the unit.
fn old_end(tokens: &[Token], at: usize) -> Option<usize> {
    if low(tokens, at) == "of" && low(tokens, at + 1) == "age" {
        return Some(at + 2);
    }
    let at = hyphen(tokens, at);
    (low(tokens, at) == "old").then_some(at + 1)
}

/// The end of "yo", "y/o" or "y.o.".
fn shorthand(tokens: &[Token], at: usize) -> Option<usize> {
    let at = hyphen(tokens, at);
    match (low(tokens, at), low(tokens, at + 1), low(tokens, at + 2)) {
        ("yo" | "yom" | "yof", _, _) => Some(at + 1),
        ("y", "/" | ".", "o") => {
            Some(if low(tokens, at + 3) == "." && low(tokens, at + 1) == "." { at + 4 } else { at + 3 })
        }
        _ => None,
    }
}

fn hyphen(tokens: &[Token], at: usize) -> usize {
    if on(&["-", "–", "‑"], low(tokens, at)) { at + 1 } else { at }
}

fn is_person(tokens: &[Token], at: usize) -> bool {
    let word = low(tokens, at);
    PERSONS.iter().any(|(person, _)| *person == word) || on(&["patient", "adult", "person"], word)
}

/// "F" or "M" that touches the number before it.
pub(super) fn sex_letter(tokens: &[Token], at: usize) -> bool {
    let touches = at.checked_sub(1).and_then(|left| tokens.get(left)).zip(tokens.get(at));
    let ends =
        tokens.get(at).zip(tokens.get(at + 1)).is_none_or(|(a, b)| a.span.end < b.span.start || b.shape == Shape::Mark);
    on(&["f", "m"], low(tokens, at)) && ends && touches.is_some_and(|(a, b)| a.span.end == b.span.start)
}

/// Whether what stands at `at` closes a phrase.
fn is_closing(tokens: &[Token], at: usize) -> bool {
    tokens.get(at).is_none_or(|token| on(&[",", ".", ";", "and", "with", ")", "but", "who", "!"], &token.low))
}

/// Whether the subject before a bare number is a person.
fn is_of_person(tokens: &[Token], at: usize) -> bool {
    let verb = before(tokens, at);
    let subject = at.checked_sub(2).map_or("", |at| low(tokens, at));
    let contracted = on(SUBJECT_VERBS, verb);
    contracted || (on(AUXILIARIES, verb) && (on(&["she", "he", "i", "patient", "woman", "man"], subject)))
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
