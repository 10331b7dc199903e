//! Calendar dates: years, months, days of the month and weekdays. Words such as "today" are no dates here.

use std::ops::Range;

use super::Found;
use super::quantity::quantities;
use crate::history::lexicon::on;
use crate::history::words::{Shape, Token, before, bytes, low, overlap, slice, tokens};

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Every calendar date that a text gives, as much of ISO 8601 as is written: "2031-04-30", "2031-04", "2031", "--04-30",
/// "--04", weekdays "-W-2". Numeric dates are read month first, unless only the other order is possible.
#[must_use]
pub fn dates(text: &str) -> Vec<Found<String>> {
    let tokens = tokens(text);
    let measured: Vec<Range<usize>> = quantities(text).into_iter().map(|quantity| quantity.span).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let told = dashed(&tokens, at)
            .or_else(|| day_first(text, &tokens, at))
            .or_else(|| month_first(text, &tokens, at))
            .or_else(|| slashed(&tokens, at))
            .or_else(|| weekday(&tokens, at))
            .or_else(|| year_alone(&tokens, at));
        let Some((end, value)) = told else {
            at += 1;
            continue;
        };
        let span = bytes(&tokens, &(at..end));
        at = end;
        if !measured.iter().any(|other| overlap(other, &span)) {
            found.push(Found { span, value });
        }
    }
    found
}

fn digits(tokens: &[Token], at: usize) -> Option<(u32, usize)> {
    let token = tokens.get(at).filter(|token| token.shape == Shape::Number)?;
    let touching = at.checked_sub(1).and_then(|left| tokens.get(left));
    let glued = touching.is_some_and(|left| left.span.end == token.span.start && left.shape == Shape::Word);
    let number = token.low.parse().ok().filter(|_| !glued)?;
    Some((number, token.low.len()))
}

fn year(tokens: &[Token], at: usize) -> Option<u32> {
    digits(tokens, at).filter(|(year, width)| *width == 4 && (1900..2100).contains(year)).map(|(year, _)| year)
}

/// A day of the month at `at` and where it ends, "th" and the like included.
fn day(tokens: &[Token], at: usize) -> Option<(u32, usize)> {
    let (day, _) = digits(tokens, at).filter(|(day, width)| *width <= 2 && (1..=31).contains(day))?;
    let ordinal = on(&["st", "nd", "rd", "th"], low(tokens, at + 1));
    Some((day, at + 1 + usize::from(ordinal)))
}

/// The month at `at` and where it ends. "May", "march" and short forms need a capital letter.
fn month(text: &str, tokens: &[Token], at: usize) -> Option<(usize, usize)> {
    let token = tokens.get(at)?;
    let capital = slice(text, &token.span).starts_with(char::is_uppercase);
    let full = MONTHS.iter().position(|month| *month == token.low);
    let short = || {
        let long_enough = token.low.len() == 3 || token.low == "sept";
        MONTHS.iter().position(|month| long_enough && month.starts_with(&*token.low)).filter(|_| capital)
    };
    let month = full.filter(|month| capital || ![2, 4].contains(month)).or_else(short)?;
    let point = usize::from(full.is_none() && low(tokens, at + 1) == "." && tokens.get(at + 2).is_some());
    Some((month + 1, at + 1 + point))
}

fn iso(year: Option<u32>, month: usize, day: Option<u32>) -> String {
    let head = year.map_or_else(|| "-".to_owned(), |year| year.to_string());
    let tail = day.map_or_else(String::new, |day| format!("-{day:02}"));
    format!("{head}-{month:02}{tail}")
}

/// A year after "of", a comma or nothing.
fn trailing_year(tokens: &[Token], at: usize) -> (Option<u32>, usize) {
    let linked = at + usize::from(on(&[",", "of"], low(tokens, at)));
    year(tokens, linked).map_or((None, at), |year| (Some(year), linked + 1))
}

/// "30 April 2031", "the 30th of April".
fn day_first(text: &str, tokens: &[Token], at: usize) -> Option<(usize, String)> {
    let (day, end) = day(tokens, at)?;
    let (month, end) = month(text, tokens, end + usize::from(low(tokens, end) == "of"))?;
    let (year, end) = trailing_year(tokens, end);
    Some((end, iso(year, month, Some(day))))
}

/// "April 30th, 2031", "April 2031", "in April".
fn month_first(text: &str, tokens: &[Token], at: usize) -> Option<(usize, String)> {
    let (month, after) = month(text, tokens, at)?;
    if let Some((day, end)) = day(tokens, after) {
        let (year, end) = trailing_year(tokens, end);
        return Some((end, iso(year, month, Some(day))));
    }
    let (year, end) = trailing_year(tokens, after);
    let word = tokens.get(at).is_some_and(|token| MONTHS.contains(&&*token.low));
    let hung = [
        "in", "since", "until", "till", "by", "last", "this", "of", "from", "early", "mid", "late", "during", "and",
        "to",
    ];
    let modal = on(&["may", "march"], low(tokens, at)) && !on(&hung, before(tokens, at));
    (year.is_some() || (word && !modal)).then(|| (end, iso(year, month, None)))
}

/// "4/30", "4/30/2031".
fn slashed(tokens: &[Token], at: usize) -> Option<(usize, String)> {
    let (first, _) = digits(tokens, at).filter(|(_, width)| *width <= 2)?;
    let (second, width) = digits(tokens, at + 2).filter(|(_, width)| *width <= 2)?;
    if !on(&["/"], low(tokens, at + 1)) || before(tokens, at) == "/" {
        return None;
    }
    let (month, day) = if first > 12 { (second, first) } else { (first, second) };
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let third = digits(tokens, at + 4).filter(|_| low(tokens, at + 3) == "/");
    let year = third.filter(|(year, width)| *width == 2 || (*width == 4 && (1900..2100).contains(year)));
    let month = usize::try_from(month).ok()?;
    match (third, year) {
        (_, Some((year, width))) => {
            Some((at + 5, iso(Some(if width == 2 { 2000 + year } else { year }), month, Some(day))))
        }
        (None, None) if !is_fraction(tokens, at, first, second, width) => Some((at + 3, iso(None, month, Some(day)))),
        _ => None,
    }
}

/// "8/10", "2/6", "3/52", "5/5": a score, a grade or a length of time rather than a day.
fn is_fraction(tokens: &[Token], at: usize, first: u32, second: u32, width: usize) -> bool {
    let dated =
        on(&["on", "since", "from", "until", "by", "into", "to", "("], before(tokens, at)) || width == 2 && second < 10;
    let score = first <= second && [5, 6, 7, 10, 12].contains(&second);
    let next =
        on(&["pain", "murmur", "strength", "tabs", "tab", "of", "systolic", "diastolic", "power"], low(tokens, at + 3));
    let whole = low(tokens, at + 3) == "/" || before(tokens, at) == "x";
    (score && !dated) || next || whole || first == 1 && second <= 4
}

/// "2031-04-30".
fn dashed(tokens: &[Token], at: usize) -> Option<(usize, String)> {
    let year = year(tokens, at)?;
    let (month, _) = digits(tokens, at + 2).filter(|_| on(&["-", "/", "."], low(tokens, at + 1)))?;
    let (day, _) = digits(tokens, at + 4).filter(|_| low(tokens, at + 3) == low(tokens, at + 1))?;
    let fits = (1..=12).contains(&month) && (1..=31).contains(&day);
    fits.then_some(()).and_then(|()| Some((at + 5, iso(Some(year), usize::try_from(month).ok()?, Some(day)))))
}

/// "last Tuesday", "on Tuesday".
fn weekday(tokens: &[Token], at: usize) -> Option<(usize, String)> {
    let name = at + usize::from(on(&["last", "next", "this", "past"], low(tokens, at)));
    let number = WEEKDAYS.iter().position(|day| *day == low(tokens, name))? + 1;
    Some((name + 1, format!("-W-{number}")))
}

/// "in 2031", "(2031)".
fn year_alone(tokens: &[Token], at: usize) -> Option<(usize, String)> {
    let year = year(tokens, at)?;
    let hung = [
        "in", "since", "of", "year", "until", "till", "by", "early", "mid", "late", "from", "before", "after",
        "during", "(", "around", "circa", "to", "and", ":", "-", "about", "through", "spring", "summer", "fall",
        "autumn", "winter",
    ];
    let measured =
        low(tokens, at + 1) == "-" || tokens.get(at + 1).is_some_and(|next| on(&["ml", "mg", "cells"], &next.low));
    (on(&hung, before(tokens, at)) && !measured).then(|| (at + 1, year.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_found_in_every_form() {
        for (text, span, iso) in [
            ("on 30 April", "30 April", "--04-30"),
            ("Apr. 30th, 2031", "Apr. 30th, 2031", "2031-04-30"),
            ("since April, 2031", "April, 2031", "2031-04"),
            ("on 4/30 again", "4/30", "--04-30"),
            ("on 30/4/31", "30/4/31", "2031-04-30"),
            ("in 2031", "2031", "2031"),
            ("it began in May", "May", "--05"),
            ("last Tuesday", "last Tuesday", "-W-2"),
            ("2031-04-30", "2031-04-30", "2031-04-30"),
        ] {
            let found = dates(text);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert_eq!((slice(text, &found[0].span), &*found[0].value), (span, iso));
        }
    }

    #[test]
    fn look_alikes_are_no_dates() {
        for text in [
            "It may itch.",
            "May I ask?",
            "120/80 mm Hg",
            "a 2/6 murmur",
            "pain 8/10",
            "for 3/52",
            "2010 mL",
            "march on",
            "yesterday",
        ] {
            assert!(dates(text).is_empty(), "{text}: {:?}", dates(text));
        }
    }
}
