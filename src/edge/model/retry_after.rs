//! How long a server asks to be left alone, in every form that is met.
//!
//! `Retry-After` is a number of seconds or an HTTP date (RFC 9110 §10.2.3); fractions of a second and the header
//! `retry-after-ms` are not standardised and are met all the same.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The longest wait that is taken seriously: a year.
const LONGEST: Duration = Duration::from_secs(365 * 86_400);

/// The wait that these headers ask for; `None` when they ask for none that can be understood.
///
/// A date is counted from the server's own `Date` where it sends one, so that a wrong clock here does no harm;
/// otherwise from `now`. A date that has passed is a wait of zero.
#[must_use]
pub fn wait<'a>(header: impl Fn(&str) -> Option<&'a str>, now: SystemTime) -> Option<Duration> {
    let milliseconds = header("retry-after-ms").and_then(|text| seconds(text, 0.001));
    milliseconds.or_else(|| {
        let text = header("retry-after")?;
        seconds(text, 1.0).or_else(|| until(text, header("date"), now))
    })
}

/// A number of units of that many seconds.
fn seconds(text: &str, unit: f64) -> Option<Duration> {
    let number: f64 = text.trim().parse().ok()?;
    let length = Duration::try_from_secs_f64(number * unit).ok()?;
    Some(length.min(LONGEST))
}

/// The time from the server's date, or from now, to that date.
fn until(text: &str, server: Option<&str>, now: SystemTime) -> Option<Duration> {
    let then = unix_seconds(text)?;
    let start = server.and_then(unix_seconds).or_else(|| {
        let since = now.duration_since(UNIX_EPOCH).ok()?;
        i64::try_from(since.as_secs()).ok()
    })?;
    let length = u64::try_from(then.saturating_sub(start)).unwrap_or(0);
    Some(Duration::from_secs(length).min(LONGEST))
}

/// An HTTP date as seconds since 1970, in the three forms that RFC 9110 §5.6.7 obliges to read.
fn unix_seconds(date: &str) -> Option<i64> {
    let words: Vec<&str> = date.split([' ', ',', '-']).filter(|word| !word.is_empty()).collect();
    let (day, month, year, clock) = match words.as_slice() {
        [_, day, month, year, clock, "GMT" | "UTC"] => (day, month, year, clock),
        [_, month, day, clock, year] => (day, month, year, clock),
        _ => return None,
    };
    let days = days_since_1970(full_year(year)?, month_number(month)?, within(day, 1, 31)?);
    Some(days * 86_400 + seconds_of_day(clock)?)
}

fn seconds_of_day(clock: &str) -> Option<i64> {
    let mut parts = clock.split(':');
    let hours = within(parts.next()?, 0, 23)?;
    let minutes = within(parts.next()?, 0, 59)?;
    let seconds = within(parts.next()?, 0, 60)?;
    parts.next().is_none().then_some(hours * 3600 + minutes * 60 + seconds)
}

fn within(text: &str, low: i64, high: i64) -> Option<i64> {
    text.parse().ok().filter(|number| (low..=high).contains(number))
}

/// Years of two digits (RFC 850) lie between 1970 and 2069.
fn full_year(text: &str) -> Option<i64> {
    let year = within(text, 0, 9999)?;
    Some(match year {
        0..70 => year + 2000,
        70..100 => year + 1900,
        _ => year,
    })
}

fn month_number(name: &str) -> Option<i64> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let index = MONTHS.iter().position(|month| *month == name)?;
    i64::try_from(index + 1).ok()
}

/// Days from 1 January 1970 in the Gregorian calendar, with years counted from March so that the leap day is last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + (153 * month + 2) / 5 + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 784_111_777; // Sun, 06 Nov 1994 08:49:37 GMT

    fn asked(headers: &[(&str, &'static str)]) -> Option<Duration> {
        let find = |name: &str| headers.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
        wait(find, UNIX_EPOCH + Duration::from_secs(NOW))
    }

    #[test]
    fn seconds_fractions_and_milliseconds() {
        assert_eq!(asked(&[("retry-after", "7")]), Some(Duration::from_secs(7)));
        assert_eq!(asked(&[("retry-after", " 0.25 ")]), Some(Duration::from_millis(250)));
        assert_eq!(asked(&[("retry-after-ms", "1500"), ("retry-after", "9")]), Some(Duration::from_millis(1500)));
    }

    #[test]
    fn the_three_forms_of_a_date() {
        for text in ["Sun, 06 Nov 1994 08:50:37 GMT", "Sunday, 06-Nov-94 08:50:37 GMT", "Sun Nov  6 08:50:37 1994"] {
            assert_eq!(asked(&[("retry-after", text)]), Some(Duration::from_secs(60)), "{text}");
        }
    }

    #[test]
    fn a_date_is_counted_from_the_servers_own_clock() {
        let headers = [("retry-after", "Wed, 01 Mar 2000 00:00:05 GMT"), ("date", "Tue, 29 Feb 2000 23:59:55 GMT")];
        assert_eq!(asked(&headers), Some(Duration::from_secs(10)));
    }

    #[test]
    fn a_date_that_has_passed_is_no_wait_and_nonsense_is_none() {
        assert_eq!(asked(&[("retry-after", "Sun, 06 Nov 1994 08:49:00 GMT")]), Some(Duration::ZERO));
        for text in ["soon", "-3", "NaN", "inf", "", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:00:00 GMT"] {
            assert_eq!(asked(&[("retry-after", text)]), None, "{text}");
        }
    }

    #[test]
    fn no_wait_is_longer_than_a_year() {
        assert_eq!(asked(&[("retry-after", "1e18")]), Some(LONGEST));
    }
}
