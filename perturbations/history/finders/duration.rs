//! Lengths of time.

use std::ops::Range;

use super::Found;
use super::age::ages;
use super::number::decimal;
use crate::history::lexicon::{APPROXIMATIONS, DETERMINERS, on};
use crate::history::words::{Token, before, bytes, low, overlap, tokens};

/// Hours in each unit; a month is a twelfth of a year of 365.25 days.
const UNITS: &[(&[&str], f64)] = &[
    (&["seconds", "sec", "secs"], 1.0 / 3600.0),
    (&["minute", "minutes", "min", "mins"], 1.0 / 60.0),
    (&["hour", "hours", "hr", "hrs"], 1.0),
    (&["day", "days", "night", "nights"], 24.0),
    (&["week", "weeks", "wk", "wks"], 168.0),
    (&["fortnight", "fortnights"], 336.0),
    (&["month", "months", "mth", "mths", "mo"], 730.5),
    (&["year", "years", "yr", "yrs"], 8766.0),
    (&["decade", "decades"], 87660.0),
];

/// A length of time in hours; a range where two numbers are given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Time {
    least: f64,
    most: f64,
}

impl Time {
    /// The middle, in hours.
    #[must_use]
    pub fn hours(self) -> f64 {
        f64::midpoint(self.least, self.most)
    }

    /// Whether two numbers were given.
    pub(in crate::history) fn is_range(self) -> bool {
        self.most > self.least
    }
}

/// An amount of time at `at` and where it ends: "3 weeks", "2-3 months", "half a year", "a few days", "3/52".
pub(in crate::history) fn amount(tokens: &[Token], at: usize) -> Option<(Time, usize)> {
    let (least, most, end) = count(tokens, at)?;
    let end = if low(tokens, end) == "-" { end + 1 } else { end };
    if low(tokens, end) == "/" {
        let hours = match low(tokens, end + 1) {
            "7" => 24.0,
            "52" => 168.0,
            "12" => 730.5,
            _ => return None,
        };
        return Some((Time { least: least * hours, most: most * hours }, end + 2));
    }
    let word = low(tokens, end);
    let (_, hours) = UNITS.iter().find(|(names, _)| on(names, word))?;
    Some((Time { least: least * hours, most: most * hours }, end + 1))
}

/// A count at `at`: least, most, and where it ends.
fn count(tokens: &[Token], at: usize) -> Option<(f64, f64, usize)> {
    let vague = match (low(tokens, at), low(tokens, at + 1), low(tokens, at + 2)) {
        ("half", "a" | "an", _) => Some((0.5, at + 2)),
        ("a", "few", _) => Some((3.0, at + 2)),
        ("half", ..) => Some((0.5, at + 1)),
        ("a", "couple", "of") => Some((2.0, at + 3)),
        ("a", "couple", _) | ("couple", "of", _) => Some((2.0, at + 2)),
        ("few", ..) => Some((3.0, at + 1)),
        ("several", ..) => Some((5.0, at + 1)),
        ("many", ..) => Some((9.0, at + 1)),
        ("a" | "an", ..) => Some((1.0, at + 1)),
        _ => None,
    };
    if let Some((count, end)) = vague {
        return Some((count, count, end));
    }
    let (least, end) = decimal(tokens, at)?;
    let joined = on(&["-", "–", "to", "or"], low(tokens, end));
    let after = end + 1 + usize::from(joined && on(&["maybe", "perhaps"], low(tokens, end + 1)));
    match decimal(tokens, after).filter(|_| joined) {
        Some((most, end)) if most > least => Some((least, most, end)),
        _ => Some((least, least, end)),
    }
}

/// Every length of time that a text gives, ages and rates left out; `None` where no number can be given ("a few days").
#[must_use]
pub fn durations(text: &str) -> Vec<Found<Option<Time>>> {
    let tokens = tokens(text);
    let ages: Vec<Range<usize>> = ages(text).into_iter().map(|age| age.span).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let told = length(&tokens, at).or_else(|| window(&tokens, at)).or_else(|| indefinite(&tokens, at));
        let Some((run, value)) = told else {
            at += 1;
            continue;
        };
        at = run.end;
        let span = bytes(&tokens, &run);
        if !ages.iter().any(|age| overlap(age, &span)) {
            found.push(Found { span, value });
        }
    }
    found
}

/// An amount that is no rate: "3 weeks", "a few days", but not the end of "twice a day".
pub(in crate::history) fn length(tokens: &[Token], at: usize) -> Option<(Range<usize>, Option<Time>)> {
    let (time, end) = amount(tokens, at)?;
    let previous = before(tokens, at);
    if on(&["every", "each", "per", "/"], previous) || (is_lone(tokens, at, end) && !is_measured(tokens, at, end)) {
        return None;
    }
    let shorthand = (at..end).any(|at| low(tokens, at) == "/");
    let dated =
        !on(&["x", "×", "for", "since", "over", "of"], previous) && !on(&["ago", "history", "hx"], low(tokens, end));
    let vague = (at..end).any(|at| on(&["few", "several", "many"], low(tokens, at)));
    (!shorthand || !dated).then_some((at..end, (!vague).then_some(time)))
}

/// Whether an amount counts by an article, or is a bare "one day", which can be no length at all.
fn is_lone(tokens: &[Token], at: usize, end: usize) -> bool {
    let article = on(&["a", "an"], low(tokens, at)) && end == at + 2;
    article || (low(tokens, at) == "one" && end == at + 2 && on(&["day", "night"], low(tokens, at + 1)))
}

/// Whether the words around "a week" make it a length of time.
fn is_measured(tokens: &[Token], at: usize, end: usize) -> bool {
    let within = [
        "after", "almost", "about", "around", "for", "for", "in", "lasted", "lasts", "nearly", "over", "than",
        "within", "of",
    ];
    let hung = on(&within, before(tokens, at)) || on(APPROXIMATIONS, before(tokens, at));
    let turned = ["after", "afterwards", "ago", "apart", "back", "before", "earlier", "later", "prior"];
    let or = low(tokens, end) == "or" && on(&["so", "two", "more"], low(tokens, end + 1));
    let half = low(tokens, end) == "and" && on(&["a", "half"], low(tokens, end + 1));
    let history = low(tokens, at + 1) != "-" && on(&["history", "course"], low(tokens, end));
    hung || on(&turned, low(tokens, end)) || or || half || history
}

/// "the past month", "over the last year": one of the unit, without a number.
fn window(tokens: &[Token], at: usize) -> Option<(Range<usize>, Option<Time>)> {
    let over = ["the", "this", "over", "in", "during", "within", "for"];
    if !on(&["last", "past", "previous"], low(tokens, at)) || !on(&over, before(tokens, at)) {
        return None;
    }
    let (names, hours) = UNITS.iter().find(|(names, _)| on(names, low(tokens, at + 1)))?;
    let one = names.first() == Some(&low(tokens, at + 1)) && low(tokens, at + 1) != "seconds";
    one.then_some((at..at + 2, Some(Time { least: *hours, most: *hours })))
}

/// "years later", "for months": the unit in the plural without a number.
fn indefinite(tokens: &[Token], at: usize) -> Option<(Range<usize>, Option<Time>)> {
    let unit = low(tokens, at);
    let plural = unit.len() > 3 && unit.ends_with('s') && UNITS.iter().any(|(names, _)| on(names, unit));
    let turned = on(&["after", "ago", "before", "earlier", "later"], low(tokens, at + 1));
    let hung = on(&["for", "over", "within", "after"], before(tokens, at));
    let counted = on(DETERMINERS, before(tokens, at));
    (plural && (turned || hung) && !counted).then_some((at..at + 1, None))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::words::slice;

    #[test]
    fn lengths_of_time_are_found_in_every_form() {
        for (text, span, days) in [
            ("present for 6 weeks", "6 weeks", Some(42.0)),
            ("a 6-week history", "6-week", Some(42.0)),
            ("about a week ago", "a week", Some(7.0)),
            ("for a few days", "a few days", None),
            ("these few days", "few days", None),
            ("over the past day", "past day", Some(1.0)),
            ("it came back years later", "years", None),
            ("one and half day ago", "one and half day", Some(1.5)),
            ("itchy x 3/7", "3/7", Some(3.0)),
            ("lasting 48hrs", "48hrs", Some(2.0)),
            ("in 2-4 days", "2-4 days", Some(3.0)),
            ("took 12 minutes", "12 minutes", Some(1.0 / 120.0)),
        ] {
            let found = durations(text);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert_eq!(slice(text, &found[0].span), span);
            let told = found[0].value.map(|time| time.hours() / 24.0);
            assert!(told == days || (told.unwrap() - days.unwrap()).abs() < 1e-9, "{text}: {told:?}");
        }
    }

    #[test]
    fn ages_rates_and_dates_are_no_lengths() {
        for text in [
            "She is 3 years old.",
            "Age: 9 months",
            "twice a day",
            "2 pills a day",
            "every 6 hours",
            "One day I saw it.",
            "It hurts 24/7.",
            "89/min",
            "the third week",
            "last month",
        ] {
            assert!(durations(text).is_empty(), "{text}");
        }
    }
}
