//! Numbers in words, the same everywhere.

use bedside_perturbations::Unit;

/// A share as a percentage with at most two decimals: 0.1 is "10 %".
#[must_use]
pub fn percent(share: f64) -> String {
    format!("{} %", trim(share * 100.0, 2))
}

/// A number with at most that many decimals and no trailing zeros.
#[must_use]
pub fn trim(number: f64, decimals: usize) -> String {
    let text = format!("{number:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".into() } else { text.into() }
}

/// A number without what rounding left in its last digits, so that a tie is rounded the same way however the number
/// came about: 0.6875, not 0.687499….
#[must_use]
pub fn settled(number: f64) -> f64 {
    (number * 1e12).round() / 1e12
}

/// A dose in words.
#[must_use]
pub fn dose(dose: f64, unit: Unit) -> String {
    match unit {
        Unit::ShorterSide | Unit::LesionArea | Unit::Share => percent(dose),
        Unit::Stops => {
            format!("{} {}", trim(dose, 2).replace('-', "\u{2212}"), if dose.abs() == 1.0 { "stop" } else { "stops" })
        }
        Unit::Kelvin => format!("{} K", trim(dose, 0)),
        Unit::Degrees => format!("{}°", trim(dose, 1)),
        Unit::Quality | Unit::Number => trim(dose, 3),
    }
}

/// A dose with its name, unless the unit says it already: "radius 1 %", but "−1.5 stops" and "4700 K".
#[must_use]
pub fn named_dose(name: &str, value: f64, unit: Unit) -> String {
    match unit {
        Unit::Stops | Unit::Kelvin => dose(value, unit),
        _ => format!("{} {}", name.replace('_', " "), dose(value, unit)),
    }
}

/// What a dose of that unit is a share of, for an axis.
#[must_use]
pub fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::ShorterSide => "% of the shorter side",
        Unit::LesionArea => "% of the lesion's area",
        Unit::Share => "%",
        Unit::Stops => "stops",
        Unit::Kelvin => "K",
        Unit::Degrees => "degrees",
        Unit::Quality => "quality, 1–100",
        Unit::Number => "",
    }
}

/// A count with its noun: "1 case", "2 cases".
#[must_use]
pub fn count(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tie_is_rounded_alike_however_it_came_about() {
        let below = 0.6875 - 1e-15;
        assert_eq!(
            (trim(below, 3), trim(settled(below), 3), trim(0.6875, 3)),
            ("0.687".into(), "0.688".into(), "0.688".into())
        );
    }

    #[test]
    fn numbers_lose_their_trailing_zeros_and_never_show_minus_nought() {
        assert_eq!(percent(0.1), "10 %");
        assert_eq!(percent(0.0125), "1.25 %");
        assert_eq!(trim(-0.0001, 2), "0");
        assert_eq!(dose(-0.5, Unit::Stops), "\u{2212}0.5 stops");
        assert_eq!(dose(-1.0, Unit::Stops), "\u{2212}1 stop");
    }
}
