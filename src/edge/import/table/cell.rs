//! From a cell to one of the four states of a history value.

use bedside_perturbations::{Kind, Value};

use super::super::read_note::age_band;
use super::mapping::Column;

/// Words for the states where the mapping gives none of its own.
const YES: &[&str] = &["yes", "y", "true", "1"];
const NO: &[&str] = &["no", "n", "false", "0"];
const UNKNOWN: &[&str] = &["unknown", "unk", "not known", "unsure", "?"];
/// Words for years.
const YEARS: &[&str] = &["years", "year", "yrs", "yr", "y", "a", "years old", "year old", "y/o", "yo"];
/// No age in years is as high; what is, stands for something else.
const OLDEST: u32 = 130;

/// The state of a cell: the word that the mapping's `values` give it, else what the mapping lists, else the usual words,
/// else the words of the cell.
///
/// An empty cell is a fact that was never asked (deleted). A column for which the mapping lists words for yes or no takes
/// nothing else, and none of the usual words. In a column that measures (age, sex, site, duration, a size, a dose …) `1`
/// is a number and not a yes.
///
/// # Errors
/// What was expected of a cell that its column does not take; never the cell.
pub(super) fn state(cell: &str, column: &Column) -> Result<Value, String> {
    if let Some(word) = column.values.get(cell) {
        return Ok(told(word, column));
    }
    let states = &column.states;
    let listed = !(states.yes.is_empty() && states.no.is_empty());
    let is = |own: &[String], usual: &[&str]| {
        let mut usual = usual.iter().filter(|_| own.is_empty() && !listed);
        own.iter().any(|word| word.eq_ignore_ascii_case(cell)) || usual.any(|word| word.eq_ignore_ascii_case(cell))
    };
    let (usual_yes, usual_no): (&[&str], &[&str]) = if measures(column.kind) { (&[], &[]) } else { (YES, NO) };
    if is(&states.deleted, &[]) {
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
    match cell {
        "" => Ok(Value::Deleted),
        _ if listed => Err("one of the words that the mapping lists".into()),
        _ => Ok(told(cell, column)),
    }
}

/// What a word of the column tells: a state, or the word with the column's unit.
fn told(word: &str, column: &Column) -> Value {
    let great_age = column.kind == Kind::Age && years(word).is_some_and(|years| years >= 90.0);
    match (Value::from(word.to_owned()), &column.unit) {
        _ if great_age => Value::Stated("90 or older".into()),
        (Value::Stated(text), Some(unit)) => Value::Stated(format!("{text} {unit}")),
        (value, _) => value,
    }
}

/// Whether a unit means years.
pub(super) fn is_years(unit: &str) -> bool {
    YEARS.iter().any(|word| word.eq_ignore_ascii_case(unit.trim()))
}

/// An age in years: a number, with or without a word for years after it.
fn years(text: &str) -> Option<f64> {
    let digits = text.trim().find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.trim().len());
    let (number, unit) = text.trim().split_at_checked(digits)?;
    let number = number.parse::<f64>().ok().filter(|years| years.is_finite());
    number.filter(|_| unit.trim().is_empty() || is_years(unit))
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

/// The decade of an age in years, as in `70-79`; a decade stays as it is. `None` for anything else.
pub(super) fn age_group(text: &str) -> Option<String> {
    let bands = (0..=9).map(|decade| age_band(decade * 10));
    let whole = |years: f64| (0..OLDEST).rev().find(|whole| f64::from(*whole) <= years);
    match years(text).filter(|years| *years < f64::from(OLDEST)) {
        Some(years) => whole(years).map(age_band),
        None => bands.into_iter().find(|band| band == text.trim()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::edge::import::table::mapping::States;

    fn column(kind: Kind, unit: Option<&str>, values: &[(&str, &str)], yes: &[&str]) -> Column {
        Column {
            name: "x".into(),
            column: 0,
            kind,
            meaning: String::new(),
            unit: unit.map(str::to_owned),
            values: values
                .iter()
                .map(|(cell, word)| ((*cell).to_owned(), (*word).to_owned()))
                .collect::<BTreeMap<_, _>>(),
            states: States { yes: yes.iter().map(|word| (*word).to_owned()).collect(), ..States::default() },
        }
    }

    #[test]
    fn the_values_of_the_mapping_come_first() {
        let own = column(Kind::Symptom, None, &[("1", "once"), ("0", "never"), ("J", "yes"), ("?", "perhaps")], &[]);
        let read = |cell| state(cell, &own).unwrap();
        assert_eq!([read("1"), read("0")], ["once", "never"].map(|word| Value::Stated(word.into())));
        assert_eq!((read("J"), read("?")), (Value::Yes, Value::Stated("perhaps".into())));
        assert_eq!((read("yes"), read("no")), (Value::Yes, Value::No), "the rest is read as usual");
    }

    #[test]
    fn beside_listed_words_no_usual_word_counts() {
        let own = column(Kind::Symptom, None, &[], &["J"]);
        assert_eq!(state("j", &own), Ok(Value::Yes));
        assert_eq!(state("", &own), Ok(Value::Deleted));
        for cell in ["yes", "no", "0", "1", "unknown", "?"] {
            assert_eq!(state(cell, &own), Err("one of the words that the mapping lists".into()), "{cell}");
        }
    }

    #[test]
    fn great_age_is_one_group_in_any_writing() {
        let age = |text| state(text, &column(Kind::Age, Some("years"), &[], &[])).unwrap();
        for text in ["90", "94", "94.5", "94 years", "101y"] {
            assert_eq!(age(text), Value::Stated("90 or older".into()), "{text}");
        }
        assert_eq!(age("71"), Value::Stated("71 years".into()));
        let plain = state("94 months", &column(Kind::Age, None, &[], &[])).unwrap();
        assert_eq!(plain, Value::Stated("94 months".into()), "not years");
    }

    #[test]
    fn ages_are_floored_to_their_decade() {
        for (text, band) in
            [("71.0", "70-79"), ("79.9", "70-79"), ("0", "0-9"), ("94.2", "90 or older"), ("70-79", "70-79")]
        {
            assert_eq!(age_group(text).as_deref(), Some(band), "{text}");
        }
        for text in ["", "old", "-3", "NaN", "inf", "94 months", "999", "Jane Doe"] {
            assert_eq!(age_group(text), None, "{text}");
        }
    }
}
