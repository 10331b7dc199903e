//! Doses and parameters in their units.

use bedside_perturbations::Unit;

use crate::yaml::{Field, Log, Value};

/// Whether values of that unit are shares, written `10%` or `0.1`.
#[must_use]
pub fn is_share(unit: Unit) -> bool {
    matches!(unit, Unit::ShorterSide | Unit::LesionArea | Unit::Share)
}

/// The unit in words that follow a number.
#[must_use]
pub fn unit_words(unit: Unit) -> &'static str {
    match unit {
        Unit::ShorterSide => "% of the shorter side",
        Unit::LesionArea => "% of the lesion's area",
        Unit::Share => "%",
        Unit::Stops => "stops",
        Unit::Kelvin => "kelvin",
        Unit::Degrees => "degrees",
        Unit::Quality => "on libjpeg's quality scale",
        Unit::Number => "",
    }
}

/// A value with its unit, as a person would write it: `0.08` of the shorter side is "8 % of the shorter side".
#[must_use]
pub fn show(value: f64, unit: Unit) -> String {
    let shown = if is_share(unit) { percent(value) } else { value.to_string() };
    format!("{shown} {}", unit_words(unit)).trim_end().into()
}

/// A share in percent, free of the noise of binary fractions.
pub(super) fn percent(share: f64) -> String {
    ((share * 1e8).round() / 1e6).to_string()
}

/// Reads a value of that unit: shares may be percentages, nothing else may.
pub(super) fn read(field: &Field<'_>, unit: Unit, log: &mut Log<'_>) -> Option<f64> {
    if is_share(unit) { field.share(log) } else { field.number(log) }
}

/// Reads a value of that unit between two bounds, in either order.
pub(super) fn read_within(field: &Field<'_>, unit: Unit, bounds: (f64, f64), log: &mut Log<'_>) -> Option<f64> {
    let value = read(field, unit, log)?;
    let (low, high) = (bounds.0.min(bounds.1), bounds.0.max(bounds.1));
    if (low..=high).contains(&value) {
        return Some(value);
    }
    let percent_sign = if is_share(unit) { " %" } else { "" };
    let why = format!("{}{percent_sign} is outside {} to {}", bare(value, unit), bare(low, unit), show(high, unit));
    field.forbid(why, if is_share(unit) { percent_hint(field) } else { String::new() }, log);
    None
}

/// The way out for `10` where `10%` was meant.
pub(super) fn percent_hint(field: &Field<'_>) -> String {
    match &field.node.value {
        Value::Number(number) if number.value >= 1.0 => format!("for {0} % write {0}%", number.text),
        _ => String::new(),
    }
}

fn bare(value: f64, unit: Unit) -> String {
    if is_share(unit) { percent(value) } else { value.to_string() }
}

#[cfg(test)]
mod tests {
    use super::show;
    use bedside_perturbations::Unit;

    #[test]
    fn shares_are_shown_in_percent() {
        assert_eq!(show(0.07, Unit::ShorterSide), "7 % of the shorter side");
        assert_eq!(show(0.005, Unit::Share), "0.5 %");
        assert_eq!(show(-0.5, Unit::Stops), "-0.5 stops");
        assert_eq!(show(20.0, Unit::Number), "20");
    }
}
