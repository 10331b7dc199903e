//! From a cell to one of the four states of a history value.

use bedside_perturbations::{Kind, Value};

use super::super::read_note::age_band;
use super::mapping::Column;

/// Words for the states where the mapping gives none of its own.
const YES: &[&str] = &["yes", "y", "true", "1"];
const NO: &[&str] = &["no", "n", "false", "0"];
const UNKNOWN: &[&str] = &["unknown", "unk", "not known", "unsure", "?"];

/// The state of a cell: what the mapping lists, else the usual words, else the words of the cell.
///
/// An empty cell is a fact that was never asked (deleted). A column for which the mapping lists words for yes or no takes
/// nothing else. In a column that measures (age, sex, site, duration, a size, a dose …) `1` is a number and not a yes.
///
/// # Errors
/// A sentence for a cell that its column does not take.
pub(super) fn state(cell: &str, column: &Column) -> Result<Value, String> {
    let is = |own: &[String], usual: &[&str]| {
        let mut usual = usual.iter().filter(|_| own.is_empty());
        own.iter().any(|word| word.eq_ignore_ascii_case(cell)) || usual.any(|word| word.eq_ignore_ascii_case(cell))
    };
    let states = &column.states;
    let (usual_yes, usual_no): (&[&str], &[&str]) = if measures(column.kind) { (&[], &[]) } else { (YES, NO) };
    if is(&states.deleted, &[""]) {
        return Ok(Value::Deleted);
    }
    if is(&states.unknown, UNKNOWN) {
        return Ok(Value::Unknown);
    }
    if is(&states.yes, usual_yes) {
        return Ok(Value::Yes);
    }
    if is(&states.no, usual_no) {
        return Ok(Value::No);
    }
    words(cell, column)
}

fn words(cell: &str, column: &Column) -> Result<Value, String> {
    let listed = column.values.get(cell);
    if cell.is_empty() {
        return Ok(Value::Deleted);
    }
    if listed.is_none() && !(column.states.yes.is_empty() && column.states.no.is_empty()) {
        return Err(format!("`{cell}` is not among the words that the mapping lists"));
    }
    let text = listed.map_or(cell, String::as_str);
    let great_age = column.kind == Kind::Age && text.parse::<f64>().is_ok_and(|years| years >= 90.0);
    Ok(match &column.unit {
        _ if great_age => Value::Stated("90 or older".into()),
        Some(unit) => Value::Stated(format!("{text} {unit}")),
        None => Value::from(text.to_owned()),
    })
}

/// Whether a kind of fact is told as an amount or a name, so that `1` in its column is no yes.
const fn measures(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Age
            | Kind::Sex
            | Kind::Site
            | Kind::Side
            | Kind::Duration
            | Kind::Severity
            | Kind::Diameter
            | Kind::Dose
            | Kind::Lab
            | Kind::VitalSign
    )
}

/// A decade for an age in years; other words as they are.
pub(super) fn age_group(text: &str) -> String {
    text.parse::<u32>().map_or_else(|_| text.to_owned(), age_band)
}
