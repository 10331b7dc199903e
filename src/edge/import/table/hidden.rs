//! A truth that is shown under another name: a second column of codes, or the truth's own cell within what is told.
//!
//! The mapping cannot know what a column holds, so the cells are compared. A field whose values stand one for one for
//! the reference diagnoses is a truth column, whatever it is called; the import is refused. A cell that repeats the
//! truth's own word is named in a warning.

use std::collections::{BTreeMap, BTreeSet};

use csv::StringRecord;

use super::cell;
use super::mapping::{Header, Mapping};
use crate::case::Case;

/// The fewest cases that tell a field before its values are compared with the truth.
const FEWEST: usize = 20;
/// The fewest cases of each value and of each diagnosis: a value of one case tells nothing.
const EACH: usize = 3;

/// What the shown cells of a table say of its truth. Fed one case at a time.
#[derive(Debug, Default)]
pub(super) struct Hidden {
    /// For each shown column, how often each pair of a cell and a diagnosis occurs.
    pairs: BTreeMap<usize, BTreeMap<(String, String), usize>>,
    /// For each shown column, the cases whose cell holds the truth's own word.
    repeats: BTreeMap<usize, Vec<String>>,
    cases: usize,
}

impl Hidden {
    /// Takes one case into account.
    pub(super) fn add(&mut self, case: &Case, row: &StringRecord, mapping: &Mapping) {
        self.cases += 1;
        let Some((reference, _)) = case.truth.differential.iter().max_by(|a, b| a.1.total_cmp(&b.1)) else { return };
        for field in &mapping.fields {
            let told = cell(row, field.column);
            if !told.is_empty() {
                let pairs = self.pairs.entry(field.column).or_default();
                *pairs.entry((told.to_owned(), reference.clone())).or_default() += 1;
            }
        }
        let secret = cell(row, mapping.truth.diagnosis.column);
        let shown = mapping.fields.iter().map(|field| field.column).chain(mapping.note);
        for column in shown.filter(|column| holds_word(cell(row, *column), secret)) {
            self.repeats.entry(column).or_default().push(case.id.clone());
        }
    }

    /// Why the table cannot be shown as it is mapped: a field that is the truth in other words.
    pub(super) fn refusal(&self, header: &Header) -> Option<String> {
        let (column, values) = self.pairs.iter().find_map(|(column, pairs)| Some((*column, one_for_one(pairs)?)))?;
        Some(format!(
            "the column `{}` would be shown and tells the diagnosis: each of its {values} values stands for one; take it \
             out of `fields`",
            header.name(column)
        ))
    }

    /// Columns in which the truth's own words are shown.
    pub(super) fn warnings(&self, header: &Header) -> Vec<String> {
        let warning = |(column, cases): (&usize, &Vec<String>)| {
            let shown: Vec<&str> = cases.iter().map(String::as_str).take(10).collect();
            let more = if cases.len() > shown.len() { ", …" } else { "" };
            format!(
                "the column `{}` repeats the cell of the truth in {} of {} cases: {}{more}",
                header.name(*column),
                cases.len(),
                self.cases,
                shown.join(", ")
            )
        };
        self.repeats.iter().map(warning).collect()
    }
}

/// Whether a text holds the truth's cell as words of its own. A single letter or a number is no word: it is in many texts.
fn holds_word(text: &str, secret: &str) -> bool {
    let (text, secret) = (text.to_lowercase(), secret.to_lowercase());
    let telling = secret.chars().filter(|c| c.is_alphabetic()).count() >= 2;
    let edge = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
    telling
        && text.match_indices(&secret).any(|(at, found)| {
            let (head, tail) = (text.get(..at), text.get(at + found.len()..));
            edge(head.and_then(|head| head.chars().next_back())) && edge(tail.and_then(|tail| tail.chars().next()))
        })
}

/// How many values a column has, where each stands for one diagnosis and each diagnosis for one of them.
fn one_for_one(pairs: &BTreeMap<(String, String), usize>) -> Option<usize> {
    let values: BTreeSet<&str> = pairs.keys().map(|(value, _)| value.as_str()).collect();
    let diagnoses: BTreeSet<&str> = pairs.keys().map(|(_, diagnosis)| diagnosis.as_str()).collect();
    let enough = pairs.values().sum::<usize>() >= FEWEST && pairs.values().all(|count| *count >= EACH);
    let matched = values.len() == pairs.len() && diagnoses.len() == pairs.len() && pairs.len() > 1;
    (enough && matched).then_some(values.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_truths_word_counts_only_as_a_word_of_its_own() {
        assert!(holds_word("Histology: MEL, excised.", "mel"));
        assert!(holds_word("mel", "MEL"));
        for text in ["melasma", "a caramel spot", "", "no histology"] {
            assert!(!holds_word(text, "MEL"), "{text}");
        }
        assert!(!holds_word("grade 1", "1"));
    }

    #[test]
    fn only_a_full_correspondence_is_a_truth_in_other_words() {
        let pairs = |counts: &[(&str, &str, usize)]| {
            counts.iter().map(|(value, name, n)| ((value.to_string(), name.to_string()), *n)).collect()
        };
        assert_eq!(one_for_one(&pairs(&[("1", "melanoma", 10), ("2", "naevus", 10)])), Some(2));
        for counts in [
            &[("1", "melanoma", 9), ("2", "naevus", 10)][..],
            &[("1", "melanoma", 10), ("2", "naevus", 10), ("2", "melanoma", 3)],
            &[("1", "melanoma", 30)],
            &[("1", "melanoma", 30), ("2", "naevus", 2)],
            &[("1", "melanoma", 10), ("1", "naevus", 10)],
        ] {
            assert_eq!(one_for_one(&pairs(counts)), None, "{counts:?}");
        }
    }
}
