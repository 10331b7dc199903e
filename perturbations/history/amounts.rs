//! Quantities that a field states: telling another number or another unit, in the value and in a note.

use super::finders::{Quantity, quantities};
use super::seam::splice;
use super::words::slice;
use crate::Value;

/// Units that are taken for each other, with the one that is larger by orders of magnitude last.
const MISTAKEN: &[(&str, &str)] = &[
    ("mm", "cm"),
    ("cm", "mm"),
    ("µg", "mg"),
    ("mg", "µg"),
    ("g", "mg"),
    ("kg", "lb"),
    ("lb", "kg"),
    ("°C", "°F"),
    ("°F", "°C"),
    ("in", "cm"),
    ("mg/dl", "mmol/l"),
    ("mmol/l", "mg/dl"),
    ("g/dl", "mg/dl"),
];

/// Millimetres in each unit of length.
const LENGTHS: &[(&str, f64)] = &[("mm", 1.0), ("cm", 10.0), ("in", 25.4)];

/// The first quantity that a value states, with its words.
pub(super) fn stated(value: &Value) -> Option<(Quantity, String)> {
    let Value::Stated(text) = value else { return None };
    let first = quantities(text).into_iter().next()?;
    Some((first.value, slice(text, &first.span).to_owned()))
}

/// The unit that a quantity's is mistaken for.
pub(super) fn mistaken(quantity: &Quantity) -> Option<&'static str> {
    let unit = quantity.unit.as_deref()?;
    MISTAKEN.iter().find(|(own, _)| *own == unit).map(|(_, other)| *other)
}

/// The larger side of a length in millimetres.
pub(super) fn millimetres(quantity: &Quantity) -> Option<f64> {
    let unit = quantity.unit.as_deref()?;
    let size = LENGTHS.iter().find(|(name, _)| *name == unit)?.1;
    Some(size * quantity.second.unwrap_or(0.0).max(quantity.value))
}

/// The words of a quantity with its unit in place of their own: all digits up to the last stay.
pub(super) fn with_unit(words: &str, unit: &str) -> Option<String> {
    let end = words.rfind(|c: char| c.is_ascii_digit())? + 1;
    Some(format!("{} {unit}", slice(words, &(0..end))))
}

/// The words of a quantity with every number multiplied.
pub(super) fn scaled(words: &str, factor: f64) -> Option<String> {
    each_number(words, |number| {
        let scaled = number.replace(',', "").parse::<f64>().ok()? * factor;
        let text = format!("{scaled:.2}");
        Some(text.trim_end_matches('0').trim_end_matches('.').to_owned())
    })
}

/// The words with the two digits of their only two-digit number exchanged; `None` where there is another or it would
/// stay as it is or begin with 0.
pub(super) fn transposed(words: &str) -> Option<String> {
    let numbers: Vec<&str> = words.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty()).collect();
    let [only] = numbers[..] else { return None };
    let digits: Vec<char> = only.chars().collect();
    let [tens, ones] = digits[..] else { return None };
    (tens != ones && ones != '0').then(|| words.replacen(only, &format!("{ones}{tens}"), 1))
}

/// The text with each run of digits, points and commas changed.
fn each_number(words: &str, change: impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut out = String::new();
    let mut rest = words;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let tail = slice(rest, &(start..rest.len()));
        let length = tail.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(tail.len());
        let number = slice(tail, &(0..length)).trim_end_matches(['.', ',']);
        out.push_str(slice(rest, &(0..start)));
        out.push_str(&change(number)?);
        rest = slice(tail, &(number.len()..tail.len()));
    }
    out.push_str(rest);
    Some(out)
}

/// How often a note tells that quantity, unit included.
pub(super) fn count(note: &str, quantity: &Quantity) -> usize {
    quantities(note).iter().filter(|found| same(&found.value, quantity)).count()
}

/// The note with that quantity told in other words wherever it stands.
pub(super) fn retell(note: &str, quantity: &Quantity, put: &str) -> String {
    let mut text = note.to_owned();
    for found in quantities(note).iter().rev().filter(|found| same(&found.value, quantity)) {
        let hyphened = slice(note, &found.span).contains('-') && !put.contains('-') && quantity.second.is_none();
        let words = if hyphened { put.replace(' ', "-") } else { put.to_owned() };
        text = splice(&text, &found.span, &words);
    }
    text
}

fn same(a: &Quantity, b: &Quantity) -> bool {
    let close = |a: f64, b: f64| (a - b).abs() < 1e-9;
    let seconds = match (a.second, b.second) {
        (Some(a), Some(b)) => close(a, b),
        (None, None) => true,
        _ => false,
    };
    close(a.value, b.value) && seconds && a.unit == b.unit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_what_is_not_changed() {
        assert_eq!(with_unit("12 mm", "cm").as_deref(), Some("12 cm"));
        assert_eq!(with_unit("3 x 2 cm", "mm").as_deref(), Some("3 x 2 mm"));
        assert_eq!(scaled("3 x 2.5 cm", 10.0).as_deref(), Some("30 x 25 cm"));
        assert_eq!(scaled("12 mm", 0.1).as_deref(), Some("1.2 mm"));
        assert_eq!(transposed("aged 64").as_deref(), Some("aged 46"));
        assert_eq!(
            [transposed("60"), transposed("44"), transposed("5"), transposed("12 or 13")],
            [None, None, None, None]
        );
    }

    #[test]
    fn a_note_is_retold_wherever_the_quantity_stands() {
        let (quantity, _) = stated(&Value::Stated("12 mm".into())).unwrap();
        let note = "A 12-mm nodule of 12mm; 12 cm from the other, 5 mm.";
        assert_eq!(count(note, &quantity), 2);
        assert_eq!(retell(note, &quantity, "120 mm"), "A 120-mm nodule of 120 mm; 12 cm from the other, 5 mm.");
    }
}
