//! Precision and recall of the finders on the hand labels in `tests/data/labels`, as its README asks for them.
//!
//! No text of the data is printed: an error is a record, its bytes and a kind.

use std::collections::BTreeMap;
use std::ops::Range;

use sha2::{Digest, Sha256};

use super::{ages, dates, durations, negations, quantities, sides};
use crate::history::real_data::rows;
use crate::history::words::overlap;

/// A line of the labels.
#[derive(Debug, serde::Deserialize)]
struct Label {
    file: String,
    sha256: String,
    record: String,
    field: String,
    start: usize,
    end: usize,
    kind: String,
    sentence: (usize, usize),
    half: String,
    part: Option<String>,
    scope: Option<String>,
    form: Option<String>,
    years: Option<f64>,
    days: Option<f64>,
    days_to: Option<f64>,
    value: Option<f64>,
    over: Option<f64>,
    by: Option<f64>,
    to: Option<f64>,
    unit: Option<String>,
    side: Option<String>,
    iso: Option<String>,
}

/// A finding: its bytes, and whether its value is that of a label.
type Finding = (Range<usize>, Box<dyn Fn(&Label) -> bool>);

/// Counts for one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Score {
    /// Findings that count for precision.
    found: u32,
    /// Of these, those that overlap a label of the kind.
    right: u32,
    /// Labels that count for recall.
    labels: u32,
    /// Of these, those that a finding overlaps.
    hit: u32,
    /// Hit labels whose span and finding are equal to the byte.
    exact: u32,
    /// Hit labels whose value is right.
    value: u32,
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 0.02 * b.abs()
}

fn findings(kind: &str, text: &str) -> Vec<Finding> {
    let equal = |told: Option<f64>, label: Option<f64>| told.is_some() == label.is_some();
    match kind {
        "age" => boxed(ages(text), |told, label| label.years.is_some_and(|years| close(told, years))),
        "duration" => boxed(durations(text), |told, label| match (told, label.days) {
            (None, None) => true,
            (Some(told), Some(days)) => {
                close(told.hours() / 24.0, label.days_to.map_or(days, |to| f64::midpoint(days, to)))
            }
            _ => false,
        }),
        "quantity" => boxed(quantities(text), move |told: super::Quantity, label| {
            let second = label.over.or(label.by).or(label.to);
            label.value.is_some_and(|value| close(told.value, value))
                && equal(told.second, second)
                && told.unit == label.unit
        }),
        "laterality" => boxed(sides(text), |told, label| {
            label.side.as_deref() == Some(if told == "both" { "bilateral" } else { told })
        }),
        "date" => boxed(dates(text), |told: String, label| label.iso.as_ref() == Some(&told)),
        "negation" => {
            let concepts = negations(text).into_iter().flat_map(|one| one.concepts);
            concepts.map(|span| (span, Box::new(|_: &Label| true) as Box<dyn Fn(&Label) -> bool>)).collect()
        }
        _ => unreachable!("{kind}"),
    }
}

fn boxed<T: Clone + 'static>(
    found: Vec<super::Found<T>>,
    agrees: impl Fn(T, &Label) -> bool + Copy + 'static,
) -> Vec<Finding> {
    let one = |found: super::Found<T>| -> Finding {
        let value = found.value;
        (found.span, Box::new(move |label: &Label| agrees(value.clone(), label)))
    };
    found.into_iter().map(one).collect()
}

/// Whether a finding that meets this label counts neither for nor against the finder.
fn is_left_out(label: &Label) -> bool {
    label.part.as_deref() == Some("particle")
        || (label.kind == "negation" && label.scope.as_deref() == Some("other"))
        || label.form.as_deref() == Some("deictic")
}

/// Whether a label counts for recall.
fn is_wanted(label: &Label, kind: &str) -> bool {
    label.kind == kind && !is_left_out(label) && label.part.as_deref().is_none_or(|part| part == "concept")
}

/// The texts by file, record and field.
fn texts(folder: &str) -> BTreeMap<(String, String, String), String> {
    let read = |path: &str| std::fs::read_to_string(format!("{folder}/{path}")).unwrap();
    let mut texts = BTreeMap::new();
    let json: serde_json::Value = serde_json::from_str(&read("dermavqa/valid_ht.json")).unwrap();
    for record in json.as_array().unwrap() {
        let id = record["encounter_id"].as_str().unwrap();
        for field in ["query_title_en", "query_content_en"] {
            let text = record[field].as_str().unwrap_or_default();
            texts.insert(("dermavqa/valid_ht.json".into(), id.into(), field.into()), text.into());
        }
    }
    let rows = rows(&read("medperturb/data.csv"));
    let column = |name: &str| rows[0].iter().position(|cell| cell == name).unwrap();
    let (id, text) = (["dataset", "dataset_id", "context_id"].map(column), column("clinical_context"));
    for row in &rows[1..] {
        let record = id.map(|at| row[at].clone()).join("/");
        texts.insert(("medperturb/data.csv".into(), record, "clinical_context".into()), row[text].clone());
    }
    texts
}

/// The labels of one half, with the text of each; `None` where the data are not there.
#[expect(clippy::disallowed_methods, reason = "tests read the data set that the environment names")]
fn labels(half: &str) -> Option<Vec<(Label, String)>> {
    let Ok(folder) = std::env::var("BEDSIDE_DATA") else {
        println!("skipped: BEDSIDE_DATA is not set");
        return None;
    };
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/labels/history.jsonl");
    let lines = std::fs::read_to_string(path).unwrap();
    let labels = lines.lines().map(|line| serde_json::from_str::<Label>(line).unwrap());
    let labels: Vec<Label> = labels.filter(|label| label.half == half).collect();
    let texts = texts(&folder);
    for file in ["dermavqa/valid_ht.json", "medperturb/data.csv"] {
        let digest = Sha256::digest(std::fs::read(format!("{folder}/{file}")).unwrap());
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(labels.iter().filter(|label| label.file == file).all(|label| label.sha256 == hex), "{file} is another");
    }
    let of = |label: &Label| texts[&(label.file.clone(), label.record.clone(), label.field.clone())].clone();
    Some(labels.into_iter().map(|label| (of(&label), label)).map(|(text, label)| (label, text)).collect())
}

/// The score of a kind on a half; every error is printed.
fn score(labels: &[(Label, String)], kind: &str) -> Score {
    let mut score = Score::default();
    let mut sentences: Vec<_> =
        labels.iter().map(|(label, text)| (&label.file, &label.record, &label.field, label.sentence, text)).collect();
    sentences.sort();
    sentences.dedup();
    for (file, record, field, sentence, text) in sentences {
        let here: Vec<&Label> = labels
            .iter()
            .map(|(label, _)| label)
            .filter(|label| {
                (&label.file, &label.record, &label.field, label.sentence) == (file, record, field, sentence)
            })
            .collect();
        let found: Vec<Finding> = findings(kind, text)
            .into_iter()
            .filter(|(span, _)| (sentence.0..sentence.1).contains(&span.start))
            .collect();
        let meets = |label: &Label, span: &Range<usize>| label.kind == kind && overlap(span, &(label.start..label.end));
        let report =
            |what: &str, span: &Range<usize>| println!("  {what} {kind} {record} {field} {}-{}", span.start, span.end);
        for (span, _) in &found {
            let right = here.iter().any(|label| is_wanted(label, kind) && meets(label, span));
            if right || !here.iter().any(|label| is_left_out(label) && meets(label, span)) {
                score.found += 1;
                score.right += u32::from(right);
                if !right {
                    report("wrong ", span);
                }
            }
        }
        for label in here.iter().filter(|label| is_wanted(label, kind)) {
            let span = label.start..label.end;
            score.labels += 1;
            let hits: Vec<&Finding> = found.iter().filter(|(found, _)| overlap(found, &span)).collect();
            score.hit += u32::from(!hits.is_empty());
            score.exact += u32::from(hits.iter().any(|(found, _)| *found == span));
            let valued = hits.iter().any(|(_, agrees)| agrees(label));
            score.value += u32::from(valued);
            match (hits.is_empty(), valued) {
                (true, _) => report("missed", &span),
                (false, false) => report("value ", &span),
                _ => {}
            }
        }
    }
    score
}

const KINDS: [&str; 6] = ["negation", "age", "duration", "quantity", "laterality", "date"];

/// Prints the scores of a half, with its errors, and returns them.
fn scores(half: &str) -> Option<Vec<Score>> {
    let labels = labels(half)?;
    let scores: Vec<Score> = KINDS.iter().map(|kind| score(&labels, kind)).collect();
    for (kind, s) in KINDS.iter().zip(&scores) {
        println!(
            "{half} {kind}: precision {}/{}, recall {}/{}, exact {}, value {}",
            s.right, s.found, s.hit, s.labels, s.exact, s.value
        );
    }
    Some(scores)
}

#[test]
fn real_data_finders_on_the_open_half() {
    let Some(scores) = scores("open") else { return };
    assert_eq!(
        scores,
        table(&[
            [23, 23, 23, 23, 19, 23],
            [18, 18, 18, 18, 18, 18],
            [24, 24, 24, 24, 24, 24],
            [28, 28, 28, 28, 28, 28],
            [14, 14, 14, 14, 13, 14],
            [8, 8, 8, 8, 8, 8],
        ])
    );
}

/// Scores from found, right, labels, hit, exact, value.
fn table(rows: &[[u32; 6]]) -> Vec<Score> {
    let score = |[found, right, labels, hit, exact, value]: &[u32; 6]| Score {
        found: *found,
        right: *right,
        labels: *labels,
        hit: *hit,
        exact: *exact,
        value: *value,
    };
    rows.iter().map(score).collect()
}

#[test]
#[ignore = "the locked half is scored once; its score stands in the README beside the labels"]
fn real_data_finders_on_the_locked_half() {
    let Some(scores) = scores("locked") else { return };
    assert_eq!(
        scores,
        table(&[
            [24, 24, 27, 24, 21, 24],
            [18, 17, 18, 17, 15, 17],
            [37, 37, 38, 37, 37, 37],
            [27, 27, 30, 27, 26, 26],
            [21, 21, 21, 21, 21, 21],
            [8, 8, 8, 8, 8, 8],
        ])
    );
}
