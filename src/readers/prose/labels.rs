//! Tables with a column of diagnoses, and lines with a label.

use super::line::{Kind, Line};
use crate::diagnosis::Lexicon;
use crate::readers::item::{enumerated, is_label, one, percent, several, some};
use crate::readers::{Entry, words};

/// The diagnoses of a table with a column for them.
pub(super) fn table(lines: &[Line], lexicon: &Lexicon) -> Vec<Entry> {
    let cells =
        |line: &Line| line.text.trim_matches('|').split('|').map(|cell| cell.trim().to_string()).collect::<Vec<_>>();
    let rows: Vec<Vec<String>> = lines.iter().filter(|line| line.kind == Kind::Row).map(cells).collect();
    let Some((header, rows)) = rows.split_first() else { return Vec::new() };
    let column =
        |names: &[&str]| header.iter().position(|cell| names.iter().any(|name| cell.to_lowercase().contains(name)));
    let Some(name) = column(&["diagnos", "condition", "disease"]) else { return Vec::new() };
    let chance = column(&["prob", "likelihood", "confidence", "%"]);
    let read = |row: &Vec<String>| {
        let mut entries = row
            .get(name)
            .filter(|cell| cell.contains(char::is_alphabetic))
            .map(|cell| one(cell, lexicon))
            .unwrap_or_default();
        if let (Some(cell), [entry]) = (chance.and_then(|at| row.get(at)), entries.as_mut_slice()) {
            let share = cell.parse().ok().filter(|share| (0.0..=1.0).contains(share));
            entry.probability = percent(cell).or(share).or(entry.probability);
        }
        entries
    };
    rows.iter().flat_map(read).collect()
}

/// The diagnoses of lines with a label: "Diagnosis: a", "Differential: b, c or d".
pub(super) fn labelled(lines: &[Line], lexicon: &Lexicon) -> Vec<Entry> {
    let values = lines.iter().filter_map(|line| {
        let text = line.text.replace("**", "");
        let (label, value) = text.split_once(':')?;
        let wanted = is_label(label) && !label.to_lowercase().contains("triage") && lexicon.canonical(label).is_none();
        (wanted && !value.trim().is_empty()).then(|| value.trim().to_string())
    });
    values.flat_map(|value| first_sentence_list(&value, lexicon)).collect()
}

/// The diagnoses of a labelled value: a numbered list in the line, or parts between commas.
fn first_sentence_list(value: &str, lexicon: &Lexicon) -> Vec<Entry> {
    let numbered = inline_numbers(value);
    if numbered.len() > 1 {
        return numbered.iter().flat_map(|part| some(part, lexicon)).collect();
    }
    let value = enumerated(value).map_or(value, |(_, choice)| choice);
    let sentence = words::sentences(value).next().unwrap_or_default();
    let known = some(sentence, lexicon);
    let parts = several(sentence, lexicon);
    let short = |entry: &Entry| entry.name.split_whitespace().count() <= 5;
    if parts.len() > known.len() && parts.iter().all(short) { parts } else { known }
}

/// The parts of "1) a 2) b 3) c".
fn inline_numbers(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    for number in 1..=10 {
        let marks = [format!("{number}. "), format!("{number}) "), format!("({number}) ")];
        let Some((at, mark)) = marks.iter().filter_map(|mark| rest.find(mark).map(|at| (at, mark))).min() else {
            break;
        };
        if number > 1 {
            parts.extend(rest.get(..at).map(|part| part.trim().trim_end_matches([',', ';', '('])));
        }
        rest = rest.get(at + mark.len()..).unwrap_or_default();
    }
    if rest.len() < text.len() {
        parts.push(rest.split_once(". ").map_or(rest, |(last, _)| last).trim());
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::inline_numbers;

    #[test]
    fn inline_numbers_are_split() {
        assert_eq!(inline_numbers("1) a, 2) b; 3) c"), ["a", "b", "c"]);
        assert_eq!(inline_numbers("(1) a (2) b"), ["a", "b"]);
        assert!(inline_numbers("a and b").is_empty());
    }
}
