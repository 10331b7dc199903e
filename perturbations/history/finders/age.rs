//! Ages of people.

use std::ops::Range;

use super::Found;
use super::duration::amount;
use super::number::number;
use crate::history::lexicon::{AUXILIARIES, KIN, PERSONS, SUBJECT_VERBS, on};
use crate::history::mention::Class;
use crate::history::words::{Shape, Token, before, bytes, low, tokens};

/// An age told in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::history) struct Told {
    /// Everything that goes when the age goes.
    pub(in crate::history) run: Range<usize>,
    /// The number within it; empty for words such as "elderly".
    pub(in crate::history) number: Range<usize>,
    /// The number; a decade for "in her sixties".
    pub(in crate::history) years: u32,
    /// Whether only the decade is told.
    pub(in crate::history) decade: bool,
    /// How it stands in its sentence.
    pub(in crate::history) class: Class,
}

/// Every age that a text gives in a number, in years; months, weeks and days as shares of a year of 365.25 days.
#[must_use]
pub fn ages(text: &str) -> Vec<Found<f64>> {
    let tokens = tokens(text);
    let told = all(&tokens).into_iter().filter(|told| !told.number.is_empty());
    let mut found: Vec<(Range<usize>, f64)> = told.map(|told| (told.run, f64::from(told.years))).collect();
    for young in (0..tokens.len()).filter_map(|at| young(&tokens, at)) {
        found.retain(|(run, _)| run.end <= young.0.start || young.0.end <= run.start);
        found.push(young);
    }
    found.sort_by_key(|(run, _)| run.start);
    found.into_iter().map(|(run, value)| Found { span: bytes(&tokens, &run), value }).collect()
}

/// An age in months, weeks, days or broken years at `at`: "9 months old", "2.5-year-old", "day 2 of life".
fn young(tokens: &[Token], at: usize) -> Option<(Range<usize>, f64)> {
    const HOURS: f64 = 8766.0;
    if on(&["day", "week", "month"], low(tokens, at)) {
        let (count, end) = number(tokens, at + 1)?;
        let owner = usize::from(on(&["his", "her", "their", "its"], low(tokens, end + 1)));
        let unit =
            [("day", 24.0), ("week", 168.0), ("month", 730.5)].iter().find(|(name, _)| *name == low(tokens, at))?.1;
        let life = low(tokens, end) == "of" && low(tokens, end + 1 + owner) == "life";
        return life.then(|| (at..end + 2 + owner, f64::from(count) * unit / HOURS));
    }
    let (time, end) = amount(tokens, at)?;
    let unit = low(tokens, end.checked_sub(1)?);
    let broken = on(&["year", "years", "yr"], unit) && (at..end).any(|at| low(tokens, at).contains('.'));
    if !broken && !on(&["month", "months", "mo", "week", "weeks", "day", "days"], unit) {
        return None;
    }
    let old = old_end(tokens, end);
    let labelled = label(tokens, at).is_some();
    (old.is_some() || labelled).then(|| (at..old.unwrap_or(end), time.hours() / HOURS))
}

/// Every age in years that a text tells, and words for a stage of life.
pub(in crate::history) fn all(tokens: &[Token]) -> Vec<Told> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let told = stage(tokens, at).or_else(|| decade(tokens, at)).or_else(|| exact(tokens, at));
        at = told.as_ref().map_or(at + 1, |told| told.run.end.max(at + 1));
        found.extend(told);
    }
    found
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
    let (years, end) = number(tokens, at).or_else(|| behind_letter(tokens, at))?;
    let number = at..end;
    let told = |run, class| Some(Told { run, number: number.clone(), years, decade: false, class });
    let end = end + usize::from(low(tokens, end) == "+");
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
    let opening = at == 0 && on(&["f", "m"], low(tokens, end)) && is_closing(tokens, end + 1);
    let named = is_person(tokens, last) || sex_letter(tokens, end) || opening || number_glued(tokens, at);
    let apposed = before(tokens, at) == "," && at >= 2 && is_person(tokens, at - 2) && is_closing(tokens, last);
    let said =
        (on(&["is", "am", "was", "i'm", "she's", "he's", "turned"], before(tokens, at))) && is_closing(tokens, last);
    (named || apposed || (said && is_of_person(tokens, at)) || is_bracketed(tokens, at, last, years))
        .then(|| told(at..last, Class::Adjective))
        .flatten()
}

/// The number of "M44" or "F44".
fn behind_letter(tokens: &[Token], at: usize) -> Option<(u32, usize)> {
    let years: u32 = tokens.get(at).filter(|token| token.shape == Shape::Number)?.low.parse().ok()?;
    (number_glued(tokens, at) && (10..100).contains(&years)).then_some((years, at + 1))
}

/// Whether "f" or "m", and nothing before it, touches the number at `at`.
fn number_glued(tokens: &[Token], at: usize) -> bool {
    let Some(letter) = at.checked_sub(1).and_then(|left| tokens.get(left)) else { return false };
    let touches = |a: Option<&Token>, b: &Token| a.is_some_and(|a| a.span.end == b.span.start);
    let free =
        !touches(at.checked_sub(2).and_then(|left| tokens.get(left)).filter(|left| left.shape == Shape::Word), letter);
    on(&["f", "m"], &letter.low) && tokens.get(at).is_some_and(|number| touches(Some(letter), number)) && free
}

/// "(25)" at the opening of a text, or behind the person whose age it is: "I (25)", "my brother (25)".
fn is_bracketed(tokens: &[Token], at: usize, end: usize, years: u32) -> bool {
    let owner = at.checked_sub(2).map_or("", |at| low(tokens, at));
    let person = on(&["i", "me"], owner) || on(KIN, owner) || PERSONS.iter().any(|(person, _)| *person == owner);
    let bracket = before(tokens, at) == "(" && low(tokens, end) == ")";
    bracket && (1..100).contains(&years) && (at == 1 || person)
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
pub(in crate::history) fn sex_letter(tokens: &[Token], at: usize) -> bool {
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

    #[test]
    fn ages_of_anyone_in_any_unit() {
        for (text, span, years) in [
            ("my 9-month-old son", "9-month-old", 0.75),
            ("Age: 6 months", "6 months", 0.5),
            ("my 2.5-year-old daughter", "2.5-year-old", 2.5),
            ("since day 3 of their life", "day 3 of their life", 3.0 / 365.25),
            ("a woman, 70+ years old", "70+ years old", 70.0),
            ("So I (31) fell", "31", 31.0),
            ("my brother (28) has it", "28", 28.0),
            ("M44 with a rash", "44", 44.0),
            ("when I was 16, it began", "16", 16.0),
        ] {
            let found = ages(text);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert_eq!(slice(text, &found[0].span), span);
            assert!((found[0].value - years).abs() < 1e-9, "{text}: {found:?}");
        }
    }

    #[test]
    fn other_numbers_are_no_ages() {
        for text in ["for 9 months", "lesion (3)", "I took 40 mg.", "It is 44.", "day 3 of treatment", "5 m away"] {
            assert!(ages(text).is_empty(), "{text}");
        }
    }
}
