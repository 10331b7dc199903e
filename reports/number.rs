//! How numbers are written: one way for each kind, the same everywhere in a report.
//!
//! Shares carry one decimal and a no-break space before the percent sign. Nothing that is not zero is written as
//! zero, nothing short of the whole as the whole, and there is no negative zero.

use crate::record::{Count, Estimate};

/// No-break space.
const SPACE: char = '\u{a0}';
/// The true minus sign.
const MINUS: char = '\u{2212}';
/// What stands where there is no number.
pub(crate) const NOTHING: &str = "–";

/// A whole number with a comma every three digits: `6,720`.
pub(crate) fn count(n: u64) -> String {
    grouped(&n.to_string())
}

fn grouped(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Events, which may be fractional after weighting: `19`, `18.7`.
pub(crate) fn events(x: f64) -> String {
    decimal(x, 1)
}

/// A number with at most `places` decimals, without trailing zeros: `0.25`, `−2`, `2,700`.
pub(crate) fn decimal(x: f64, places: usize) -> String {
    let fixed = format!("{x:.places$}");
    let (sign, fixed) = fixed.strip_prefix('-').map_or((false, fixed.as_str()), |rest| (true, rest));
    let (whole, fraction) = fixed.split_once('.').unwrap_or((fixed, ""));
    let fraction = fraction.trim_end_matches('0');
    let mut out = grouped(whole);
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    if sign && out != "0" { format!("{MINUS}{out}") } else { out }
}

/// A fraction in percent without its sign: `15.8`, `<0.1`, `>99.9`, `0`, `100`, `−3.1`.
fn percent(x: f64) -> String {
    let size = format!("{:.1}", (x * 100.0).abs());
    let minus = if x < 0.0 { String::from(MINUS) } else { String::new() };
    match size.as_str() {
        "0.0" if x == 0.0 => "0".into(),
        "0.0" if x < 0.0 => format!(">{MINUS}0.1"),
        "0.0" => "<0.1".into(),
        "100.0" if x.abs() < 1.0 => format!("{}{minus}99.9", if x < 0.0 { '<' } else { '>' }),
        "100.0" if x.abs() == 1.0 => format!("{minus}100"),
        _ => format!("{minus}{size}"),
    }
}

/// A share: `15.8 %`.
pub(crate) fn share(x: f64) -> String {
    format!("{}{SPACE}%", percent(x))
}

/// A bound as somebody wrote it, so without needless decimals: `10 %`, `2.5 %`.
pub(crate) fn bound(x: f64) -> String {
    format!("{}{SPACE}%", decimal(x * 100.0, 2))
}

/// A bound with its direction: `≤ 10 %`, `≥ 80 %`.
pub(crate) fn directed(x: f64, at_most: bool) -> String {
    format!("{}{SPACE}{}", if at_most { '≤' } else { '≥' }, bound(x))
}

/// An interval without the percent sign: `9.8–23.6`, `−3.1 to 8.1`.
fn interval(low: f64, high: f64) -> String {
    let between = if low < 0.0 || high < 0.0 { "\u{a0}to\u{a0}" } else { "–" };
    format!("{}{between}{}", percent(low), percent(high))
}

/// An estimate with its interval: `15.8 % (9.8–23.6)`. A level other than 95 % is said.
pub(crate) fn estimate(e: &Estimate) -> String {
    match e.interval {
        None => format!("{}{SPACE}(no{SPACE}interval)", share(e.point)),
        Some((low, high)) if is_usual(e.level) => format!("{}{SPACE}({})", share(e.point), interval(low, high)),
        Some((low, high)) => {
            format!("{}{SPACE}({} interval: {})", share(e.point), bound(e.level), interval(low, high))
        }
    }
}

fn is_usual(level: f64) -> bool {
    (level - 0.95).abs() < 1e-9
}

/// Counts first: `19/120`. Without events only the denominator: `n = 120`.
pub(crate) fn out_of(e: &Estimate) -> String {
    match e.events {
        Some(x) => format!("{}/{}", events(x), count(e.n)),
        None => format!("n{SPACE}={SPACE}{}", count(e.n)),
    }
}

/// A p: `p = 0.031`, `p < 0.001`.
pub(crate) fn p_value(p: f64) -> String {
    if p < 0.001 { format!("p{SPACE}<{SPACE}0.001") } else { format!("p{SPACE}={SPACE}{}", decimal(p, 3)) }
}

/// Events out of n: `2/240`; a dash where it was not measured.
pub(crate) fn ratio(c: Option<Count>) -> String {
    c.map_or_else(|| NOTHING.into(), |c| format!("{}/{}", count(c.events), count(c.of)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(point: f64, interval: Option<(f64, f64)>, level: f64) -> Estimate {
        Estimate { point, interval, level, method: String::new(), events: Some(19.0), n: 1_200, patients: 1_200 }
    }

    #[test]
    fn an_estimate_reads_as_the_quick_start_shows_it() {
        assert_eq!(estimate(&of(19.0 / 120.0, Some((0.0984, 0.2359)), 0.95)), "15.8\u{a0}%\u{a0}(9.8–23.6)");
        assert_eq!(out_of(&of(0.0, None, 0.95)), "19/1,200");
    }

    #[test]
    fn another_level_and_a_missing_interval_are_said() {
        assert!(estimate(&of(0.1, Some((0.0, 0.2)), 0.9)).contains("90\u{a0}% interval"));
        assert!(estimate(&of(0.1, None, 0.95)).contains("no\u{a0}interval"));
    }

    #[test]
    fn the_ends_of_the_scale_are_not_rounded_away() {
        let cases = [
            (0.0, "0"),
            (-0.0, "0"),
            (0.0004, "<0.1"),
            (0.0005, "0.1"),
            (0.9996, ">99.9"),
            (1.0, "100"),
            (0.5, "50.0"),
            (-0.0001, ">−0.1"),
            (-0.031, "−3.1"),
            (-0.9999, "<−99.9"),
            (-1.0, "−100"),
        ];
        for (x, text) in cases {
            assert_eq!(percent(x), text, "{x}");
        }
    }

    #[test]
    fn bounds_keep_the_decimals_they_were_given() {
        assert_eq!(directed(0.07, true), "≤\u{a0}7\u{a0}%");
        assert_eq!(directed(0.025, true), "≤\u{a0}2.5\u{a0}%");
        assert_eq!(directed(0.8, false), "≥\u{a0}80\u{a0}%");
    }

    #[test]
    fn differences_use_words_between_their_limits() {
        assert_eq!(interval(-0.031, 0.081), "−3.1\u{a0}to\u{a0}8.1");
    }

    #[test]
    fn a_small_p_is_not_rounded_to_none() {
        assert_eq!(
            (p_value(0.0005), p_value(0.001), p_value(0.25)),
            ("p\u{a0}<\u{a0}0.001".into(), "p\u{a0}=\u{a0}0.001".into(), "p\u{a0}=\u{a0}0.25".into())
        );
    }

    #[test]
    fn decimals_drop_zeros_and_negative_zero() {
        assert_eq!(decimal(2700.0, 1), "2,700");
        assert_eq!(decimal(-0.0001, 3), "0");
        assert_eq!(decimal(-2.50, 2), "−2.5");
        assert_eq!(ratio(None), "–");
    }

    proptest! {
        #[test]
        fn a_share_is_zero_only_when_it_is(x in -2.0_f64..2.0) {
            let text = percent(x);
            prop_assert_eq!(text == "0", x == 0.0);
            prop_assert!(!text.contains('-'));
            prop_assert!(!text.starts_with("−0.0"));
        }

        #[test]
        fn a_share_says_what_it_is_to_half_of_its_last_digit(x in 0.0_f64..1.0) {
            let text = percent(x);
            if let Ok(read) = text.parse::<f64>() {
                prop_assert!((read / 100.0 - x).abs() <= 0.000_5 + 1e-12);
            } else {
                prop_assert!(text == "<0.1" && x < 0.000_51 || text == ">99.9" && x > 0.999_4);
            }
        }

        #[test]
        fn counts_read_back(n in any::<u64>()) {
            prop_assert_eq!(count(n).replace(',', "").parse::<u64>(), Ok(n));
        }
    }
}
