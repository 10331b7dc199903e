//! Answers in prose: lists, tables, labelled lines, sentences.
//!
//! Which diagnoses count, in this order: a table with a column of diagnoses; a list under a heading that announces a
//! differential, or whose items are diagnoses; lines such as "Differential: a, b or c"; a whole answer of a few words;
//! sentences. A leading diagnosis named before a list ("most likely diagnosis is …") comes first. In sentences only
//! diagnoses of the lexicon are found, and those that are denied, or ascribed to the referral, are not counted.

mod labels;
mod line;
mod lists;
mod sentences;
mod urgency;

use labels::{labelled, table};
use line::{Kind, Line};
use lists::best_list;
use sentences::{cued, denies, in_sentences};

use super::item::{one, some};
use super::{Draft, Entry, words};
use crate::diagnosis::Lexicon;

/// The draft of an answer in prose.
pub(super) fn draft(text: &str, lexicon: &Lexicon) -> Draft {
    let text = final_part(text);
    let lines: Vec<Line> = text.lines().map(Line::of).collect();
    Draft {
        entries: entries(text, &lines, lexicon),
        triage: urgency::triage(&lines),
        notes: text.into(),
        ..Draft::default()
    }
}

/// What follows the last "final answer", if anything does.
fn final_part(text: &str) -> &str {
    let lower = text.to_ascii_lowercase();
    let markers = ["final answer", "final differential", "final diagnosis"];
    let at = markers.iter().filter_map(|marker| lower.rfind(marker)).max();
    let part = at.and_then(|at| text.get(at..)).unwrap_or(text);
    if part.len() > 25 { part } else { text }
}

fn entries(text: &str, lines: &[Line], lexicon: &Lexicon) -> Vec<Entry> {
    let table = table(lines, lexicon);
    if !table.is_empty() {
        return table;
    }
    if let Some((first, list)) = best_list(lines, lexicon) {
        let before = lines.get(..first).unwrap_or_default();
        return leading(before, lexicon).into_iter().chain(list).collect();
    }
    let labelled = labelled(lines, lexicon);
    if !labelled.is_empty() {
        return labelled;
    }
    let bare = bare_lines(lines, lexicon);
    if !bare.is_empty() {
        return bare;
    }
    let short = text.split_whitespace().count() <= 8 && !text.contains('?');
    if short && !words::declines(text) && !denies(text) {
        let names: Vec<&str> = lines.iter().filter(|line| !urgency::is_step(line)).map(|line| line.text).collect();
        let whole = some(&names.join("\n"), lexicon);
        if whole.iter().any(|entry| lexicon.canonical(&entry.name).is_some()) || !is_sentence(text) {
            return whole;
        }
    }
    let found = in_sentences(text, lexicon);
    if found.is_empty() { first_line(lines, lexicon) } else { found }
}

/// The diagnoses of lines without any mark, if each of them is one: "Melanoma: 60%", "Naevus: 40%".
fn bare_lines(lines: &[Line], lexicon: &Lexicon) -> Vec<Entry> {
    let about_urgency =
        |line: &Line| urgency::is_step(line) || ["triage", "urgency"].iter().any(|word| line.lower().starts_with(word));
    let lines = lines.iter().filter(|line| line.kind != Kind::Blank && !about_urgency(line));
    let items: Vec<Vec<Entry>> = lines.map(|line| some(line.text, lexicon)).collect();
    let known = |item: &Vec<Entry>| matches!(item.as_slice(), [entry, ..] if lexicon.canonical(&entry.name).is_some());
    if items.len() > 1 && items.iter().all(known) { items.into_iter().flatten().collect() } else { Vec::new() }
}

/// The diagnosis of a first line that is only a name, with an explanation below.
fn first_line(lines: &[Line], lexicon: &Lexicon) -> Vec<Entry> {
    let Some(line) = lines.iter().find(|line| line.kind != Kind::Blank) else { return Vec::new() };
    let alone = lines.iter().any(|other| other.kind == Kind::Blank) && line.text.split_whitespace().count() <= 5;
    if alone && !line.text.ends_with([':', '?', '!', ',']) && !is_sentence(line.text) && !words::declines(line.text) {
        return one(line.text, lexicon);
    }
    Vec::new()
}

/// Whether a few words are a sentence or a message of some server, and no name.
fn is_sentence(text: &str) -> bool {
    const VERBS: &[&str] = &[
        "is",
        "are",
        "was",
        "be",
        "i",
        "can",
        "cannot",
        "can't",
        "please",
        "should",
        "have",
        "has",
        "it",
        "sorry",
        "the",
        "no",
        "not",
        "ok",
        "error",
        "gateway",
        "server",
        "unavailable",
        "timeout",
        "limit",
        "request",
        "failed",
        "invalid",
        "thank",
        "thanks",
        "you",
        "your",
        "this",
        "these",
        "looks",
        "look",
        "appears",
        "seems",
        "suggests",
        "me",
        "my",
        "hello",
        "welcome",
        "understood",
        "sure",
    ];
    text.contains(|c: char| c.is_ascii_digit() || matches!(c, '{' | '<' | '='))
        || text.to_lowercase().split_whitespace().any(|word| VERBS.contains(&word.trim_matches([',', '.', '!'])))
}

/// The leading diagnosis named before a list.
fn leading(lines: &[Line], lexicon: &Lexicon) -> Vec<Entry> {
    let single = |line: &Line| !line.lower().contains("differential") && line.kind == Kind::Text;
    let lines: Vec<Line> = lines.iter().filter(|line| single(line)).cloned().collect();
    let labelled = labelled(&lines, lexicon);
    if !labelled.is_empty() {
        return labelled;
    }
    let text = lines.iter().map(|line| line.text).collect::<Vec<_>>().join("\n");
    cued(&text, lexicon).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(text: &str) -> Vec<String> {
        let lexicon = Lexicon::embedded();
        let id =
            |entry: Entry| lexicon.canonical(&entry.name).map_or_else(|| format!("? {}", entry.name), |m| m.id.into());
        let mut ids: Vec<String> = draft(text, lexicon).entries.into_iter().map(id).collect();
        ids.dedup();
        ids
    }

    #[test]
    fn explanations_below_items_are_no_items() {
        let text =
            "Differential diagnosis:\n1. Melanoma\n   - asymmetry\n   - naevus nearby\n2. BCC\nPearly border.\n3. SCC";
        assert_eq!(ids(text), ["melanoma", "basal_cell_carcinoma", "squamous_cell_carcinoma"]);
    }

    #[test]
    fn lists_of_other_things_are_passed_over() {
        let text = "Findings:\n- scale\n- erythema\n\nDifferential diagnosis:\n- Psoriasis\n- Tinea corporis\n\nPlan:\n- biopsy";
        assert_eq!(ids(text), ["psoriasis", "tinea_corporis"]);
    }

    #[test]
    fn a_table_is_read_by_its_column() {
        let text = "| Rank | Diagnosis | Probability |\n|---|---|---|\n| 1 | BCC | 60% |\n| 2 | Melanoma | 0.3 |";
        let entries = draft(text, Lexicon::embedded()).entries;
        assert_eq!(entries.iter().map(|entry| entry.probability).collect::<Vec<_>>(), [Some(0.6), Some(0.3)]);
        assert_eq!(ids(text), ["basal_cell_carcinoma", "melanoma"]);
    }

    #[test]
    fn denied_and_ascribed_diagnoses_are_not_counted() {
        for (text, expected) in [
            ("This is most consistent with psoriasis. There is no evidence of melanoma.", vec!["psoriasis"]),
            ("Although the referrer suspects eczema, this is most likely melanoma.", vec!["melanoma"]),
            ("This is not melanoma but a melanocytic naevus, in my view of things.", vec!["melanocytic_naevus"]),
            ("Melanoma is unlikely. I favour seborrhoeic keratosis in this patient.", vec!["seborrhoeic_keratosis"]),
        ] {
            assert_eq!(ids(text), expected, "{text}");
        }
    }
}
