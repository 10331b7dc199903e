//! How long it has been there, in a note: finding it, cutting it out and telling another time.

use std::ops::Range;

use super::blur::wording;
pub(super) use super::finders::duration::Time;
use super::finders::duration::{amount, length};
use super::lexicon::{APPROXIMATIONS, AUXILIARIES, TREATMENTS, on};
use super::mention::{Class, Mention};
use super::seam::splice;
use super::words::{Shape, Text, Token, before, bytes, low, overlap, slice, tokens};
use crate::Value;

/// The length of time that a value states.
pub(super) fn time(value: &Value) -> Option<Time> {
    let Value::Stated(text) = value else { return None };
    let tokens = tokens(text);
    (0..tokens.len()).find_map(|at| amount(&tokens, at)).map(|(time, _)| time)
}

/// The value with its time replaced; the words around it ("about", "for") stay.
pub(super) fn restated(value: &Value, to: &str) -> Option<Value> {
    let Value::Stated(text) = value else { return None };
    let tokens = tokens(text);
    let (at, end) = (0..tokens.len()).find_map(|at| amount(&tokens, at).map(|(_, end)| (at, end)))?;
    Some(Value::Stated(splice(text, &bytes(&tokens, &(at..end)), to)))
}

/// The number and unit of the time that a value states.
pub(super) fn words_of(value: &Value) -> Option<String> {
    let Value::Stated(text) = value else { return None };
    let tokens = tokens(text);
    let (at, end) = (0..tokens.len()).find_map(|at| amount(&tokens, at).map(|(_, end)| (at, end)))?;
    Some(slice(text, &bytes(&tokens, &(at..end))).to_owned())
}

/// A time in everyday words: hours below half a day, days below 2 weeks, weeks below 2 months, months below 2 years.
pub(super) fn in_words(hours: f64) -> String {
    let (unit, size) = match hours {
        h if h < 12.0 => ("hour", 1.0),
        h if h < 336.0 => ("day", 24.0),
        h if h < 1461.0 => ("week", 168.0),
        h if h < 17532.0 => ("month", 730.5),
        _ => ("year", 8766.0),
    };
    let count = libm::round(hours / size).max(1.0);
    let plural = if count > 1.0 { "s" } else { "" };
    format!("{count:.0} {unit}{plural}")
}

/// The mentions of the time that the value states; treatments and appointments are passed over.
pub(super) fn find(text: &Text, value: &Value) -> Vec<Mention> {
    let Some(time) = time(value) else { return Vec::new() };
    let tokens = &text.tokens;
    told(tokens, time)
        .map(|(run, class)| Mention { span: bytes(tokens, &widened(tokens, &run, class)), class })
        .collect()
}

/// The note with the time told as `to` ("7 months") at every mention.
pub(super) fn retell(note: &str, value: &Value, to: &str) -> Option<String> {
    let tokens = tokens(note);
    let mut text = note.to_owned();
    let runs: Vec<_> = told(&tokens, time(value)?).collect();
    for (run, class) in runs.iter().rev() {
        let put =
            if *class == Class::Adjective { to.replace(' ', "-").trim_end_matches('s').to_owned() } else { to.into() };
        text = splice(&text, &bytes(&tokens, run), &put);
    }
    Some(text)
}

/// The note with the time told that many steps less exactly at every mention (see [`super::blur::rank`]).
pub(super) fn blur(note: &str, value: &Value, steps: f64) -> Option<String> {
    let tokens = tokens(note);
    let time = time(value)?;
    let mut text = note.to_owned();
    let runs: Vec<_> = told(&tokens, time).collect();
    for (run, class) in runs.iter().rev() {
        let hedged = hedges(&tokens, run.start);
        let own = slice(note, &bytes(&tokens, run));
        let recent = on(&["last", "past", "previous", "these", "the"], before(&tokens, hedged));
        let put = match (steps <= 1.0, *class == Class::Adjective) {
            (true, _) if hedged < run.start => continue,
            (true, true) => format!("roughly {own}"),
            (true, false) => format!("{} {own}", if recent { "roughly" } else { "about" }),
            (false, true) => wording(time.hours(), steps).compound,
            (false, false) => among(&wording(time.hours(), steps).plain, recent),
        };
        let these = steps >= 5.0 && before(&tokens, hedged) == "these";
        let put = if these { "for some time".to_owned() } else { put };
        let from = if steps <= 1.0 { run.start } else { hedged - usize::from(these) };
        text = splice(&text, &bytes(&tokens, &(from..run.end)), &put);
    }
    Some(text)
}

/// Where the words that hedge the amount at `start` begin: "more than", "about", "at least".
fn hedges(tokens: &[Token], start: usize) -> usize {
    let mut from = start;
    while on(APPROXIMATIONS, before(tokens, from)) && !on(&["to", "some"], before(tokens, from)) {
        from -= 1;
    }
    let opened = from < start && on(&["more", "less", "at"], before(tokens, from));
    from - usize::from(opened)
}

/// A vague time behind "the last": "the last few weeks", "the last while".
fn among(plain: &str, recent: bool) -> String {
    match plain {
        "some time" if recent => "while".into(),
        _ if recent => plain.strip_prefix("a ").unwrap_or(plain).to_owned(),
        _ => plain.to_owned(),
    }
}

/// The amounts that agree with `time`, number and unit only, and how each stands.
fn told(tokens: &[Token], time: Time) -> impl Iterator<Item = (Range<usize>, Class)> {
    let mut free = 0;
    let ages: Vec<Range<usize>> = super::finders::age::all(tokens).into_iter().map(|age| age.run).collect();
    (0..tokens.len()).filter_map(move |at| {
        let (told, end) = amount(tokens, at).filter(|_| at >= free)?;
        free = end;
        let aged = ages.iter().any(|age| overlap(age, &(at..end)));
        let lasts = !aged && length(tokens, at).is_some();
        (told == time && lasts && !is_elsewhere(tokens, at, end)).then(|| class(tokens, at..end))
    })
}

/// Whether an amount is an age, a treatment, a follow-up or a distance between events rather than the duration.
fn is_elsewhere(tokens: &[Token], at: usize, end: usize) -> bool {
    let after = if low(tokens, end) == "-" { end + 1 } else { end };
    if on(&["old", "later", "apart", "of", "per", "a", "long", "post"], low(tokens, after))
        && (low(tokens, after) != "of" || low(tokens, after + 1) == "age")
    {
        return true;
    }
    let sentence = (0..at).rev().find(|&at| on(&[".", ";", "!", "?"], low(tokens, at))).map_or(0, |at| at + 1);
    let context = tokens.get(sentence..at).unwrap_or_default();
    let clause = context.iter().rposition(|token| on(&[",", "but", "and"], &token.low)).map_or(0, |at| at + 1);
    let treatment = context.iter().skip(clause).any(|token| on(TREATMENTS, &token.low));
    let exact = context.iter().rev().find(|token| !on(APPROXIMATIONS, &token.low) || token.low == "to");
    let last = exact.map_or("", |token| &*token.low);
    let visit = context.iter().rev().find(|token| token.low != "(").map_or("", |token| &*token.low);
    treatment
        || on(&["visit", "appointment", "consultation"], visit)
        || on(&["within", "every", "in", "after", "next", "per"], last)
}

/// How an amount stands: before a noun ("3-week history"), hung on a preposition, or alone.
fn class(tokens: &[Token], run: Range<usize>) -> (Range<usize>, Class) {
    let hyphened =
        run.clone().any(|at| low(tokens, at) == "-" && tokens.get(at + 1).is_some_and(|t| t.shape == Shape::Word));
    let next = low(tokens, run.end);
    let noun = on(&["history", "hx", "course"], next);
    let owned = next == "'" && on(&["history", "hx"], low(tokens, run.end + 1));
    let class = match () {
        () if owned => return (run.start..run.end + 1, Class::Adjective),
        () if hyphened || noun => Class::Adjective,
        () if is_headed(tokens, &run) => Class::Statement,
        () if is_hung(tokens, &run) => Class::Adjunct,
        () => Class::Noun,
    };
    (run, class)
}

fn is_hung(tokens: &[Token], run: &Range<usize>) -> bool {
    widened(tokens, run, Class::Adjunct).start < run.start || on(&["ago", "of"], low(tokens, run.end))
}

/// "Duration: 3 weeks".
fn is_headed(tokens: &[Token], run: &Range<usize>) -> bool {
    on(&[":", "-", "is"], before(tokens, run.start)) && run.start >= 2 && low(tokens, run.start - 2) == "duration"
}

/// The amount with everything that goes when it goes: "for about 3 weeks now", "3 weeks ago", "3 weeks of".
fn widened(tokens: &[Token], run: &Range<usize>, class: Class) -> Range<usize> {
    let mut start = run.start;
    while on(APPROXIMATIONS, before(tokens, start))
        || (on(&["at", "more", "less", "up"], before(tokens, start)) && start < run.start)
    {
        start -= 1;
    }
    if class == Class::Adjective {
        return run.clone();
    }
    if on(&["last", "past", "previous", "these"], before(tokens, start)) {
        start -= 1;
        start -= usize::from(before(tokens, start) == "the");
    }
    start = preposition(tokens, start);
    let mut end = run.end;
    let owner = on(&["'", "’"], low(tokens, end)) && on(&["duration", "standing"], low(tokens, end + 1));
    end += if owner { 2 } else { usize::from(on(&["duration", "of", "ago", "back"], low(tokens, end))) };
    while on(&["now", "already"], low(tokens, end)) || (low(tokens, end), low(tokens, end + 1)) == ("or", "so") {
        end += if low(tokens, end) == "or" { 2 } else { 1 };
    }
    start..end
}

/// Where the preposition or label before a time begins.
fn preposition(tokens: &[Token], start: usize) -> usize {
    let before_two = start.checked_sub(2).map_or("", |at| low(tokens, at));
    match before(tokens, start) {
        "over" if before_two == "little" => {
            let start = start - 2;
            preposition(tokens, start - usize::from(before(tokens, start) == "a"))
        }
        "for" | "over" | "during" | "since" | "in" | "x" | "×" | "within" => existing(tokens, start - 1),
        "of" if before_two == "duration" => {
            let mut start = start - 2;
            while on(&["a", "the", "with", "total"], before(tokens, start)) {
                start -= 1;
            }
            start
        }
        "of" => start - 1,
        ":" | "-" | "is" if before_two == "duration" => start - 2,
        "duration" => start - 1,
        _ => start,
    }
}

/// Takes "present" or "lasting" along where no verb holds it: "a rash present for 3 weeks".
fn existing(tokens: &[Token], start: usize) -> usize {
    let word = on(&["present", "lasting", "persisting", "ongoing", "existing"], before(tokens, start));
    let held = start.checked_sub(2).map_or("", |at| low(tokens, at));
    let free = !on(AUXILIARIES, held)
        && !held.is_empty()
        && (held == "," || held.chars().all(char::is_alphabetic))
        && held != "and";
    if word && free { start - 1 } else { start }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Value {
        Value::Stated(text.into())
    }

    fn found<'a>(note: &'a str, time: &str) -> Vec<&'a str> {
        find(&Text::read(note), &value(time)).iter().map(|mention| slice(note, &mention.span)).collect()
    }

    #[test]
    fn the_time_of_a_visit_is_no_duration() {
        assert!(found("Summary of the last visit (3 weeks ago): stable.", "3 weeks").is_empty());
        assert!(found("Seen at an appointment 3 weeks ago.", "3 weeks").is_empty());
        assert!(found("To be seen again in about 3 weeks.", "3 weeks").is_empty());
        assert!(found("She presents 3 weeks post-treatment.", "3 weeks").is_empty());
    }

    #[test]
    fn a_time_is_found_however_it_is_written() {
        for (note, expected) in [
            ("It has been there for 3 weeks.", "for 3 weeks"),
            ("A 3-week history of itching", "3-week"),
            ("A three week history of itching", "three week"),
            ("3 weeks' history of itching", "3 weeks'"),
            ("over the last three weeks", "over the last three weeks"),
            ("since 3 weeks", "since 3 weeks"),
            ("It began 3 weeks ago.", "3 weeks ago"),
            ("Duration: 3 weeks.", "Duration: 3 weeks"),
            ("with a duration of 3 weeks", "with a duration of 3 weeks"),
            ("of 3 weeks' duration", "of 3 weeks' duration"),
            ("itchy for more than 3 weeks now", "for more than 3 weeks now"),
            ("itchy for a little over 3 weeks", "for a little over 3 weeks"),
            ("3 weeks of itching", "3 weeks of"),
            ("rash x 3/52", "x 3/52"),
            ("for 21 days", "for 21 days"),
            ("A rash present for 3 weeks", "present for 3 weeks"),
        ] {
            assert_eq!(found(note, "3 weeks"), [expected], "{note}");
        }
        assert_eq!(found("for 2 to 3 months", "2-3 months"), ["for 2 to 3 months"]);
        assert_eq!(found("for half a year, 6 months", "6 months"), ["for half a year", "6 months"]);
        assert_eq!(found("for a year", "12 months"), ["for a year"]);
        assert_eq!(found("for one and a half years", "18 months"), ["for one and a half years"]);
    }

    #[test]
    fn other_times_are_passed_over() {
        for note in [
            "for 4 weeks",
            "She is 3 years old.",
            "used a cream for 3 weeks",
            "Review in 3 weeks.",
            "3 weeks later",
            "3 weeks old",
        ] {
            assert!(found(note, "3 weeks").is_empty(), "{note}");
        }
    }

    #[test]
    fn times_are_told_in_everyday_units() {
        for (hours, expected) in [
            (5040.0, "7 months"),
            (50.4, "2 days"),
            (2.4, "2 hours"),
            (16.8, "1 day"),
            (33.6, "1 day"),
            (240.0, "10 days"),
            (1460.0, "9 weeks"),
            (87660.0, "10 years"),
            (0.1, "1 hour"),
        ] {
            assert_eq!(in_words(hours), expected);
        }
    }

    #[test]
    fn every_mention_is_told_anew() {
        let retold =
            retell("An 8-week history. It itches for 8 weeks; 8 weeks' history.", &value("8 weeks"), "18 months");
        assert_eq!(retold.as_deref(), Some("An 18-month history. It itches for 18 months; 18-month history."));
        assert_eq!(restated(&value("about 3 weeks"), "7 months"), Some(value("about 7 months")));
    }
}
