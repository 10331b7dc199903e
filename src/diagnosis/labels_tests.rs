//! Precision and recall of the matcher on hand labels (`tests/data/labels/DIAGNOSES.md`).
//!
//! A string from a response is right where the concept found is the one that its label names, or, for a string that
//! narrows or widens the name, a kind of it or a family that it belongs to. Names are compared through the lexicon; a name that
//! it lacks, by its ICD-10-CM code. A string that means several diagnoses, or none, is right only unmapped. A pair is right
//! where the credit given ([`Credit`]) is the credit due: none for siblings, strangers and what is ruled out.
//! Precision is of what is mapped or credited, recall of what should be.

#![expect(clippy::disallowed_methods, reason = "tests read the files that they are about")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use serde_json::Value;

use super::{Credit, Lexicon};

#[derive(Debug, Deserialize)]
struct Label {
    id: String,
    relation: String,
    status: String,
    half: String,
    #[serde(default)]
    doubt: Option<String>,
    #[serde(default)]
    means: Vec<Meaning>,
    #[serde(default)]
    file: String,
    #[serde(default)]
    record: String,
    #[serde(default)]
    field: String,
    #[serde(default)]
    start: usize,
    #[serde(default)]
    end: usize,
    #[serde(default)]
    text: String,
    #[serde(default)]
    reference: String,
}

#[derive(Debug, Deserialize)]
struct Meaning {
    name: String,
    #[serde(default)]
    icd10cm: Option<String>,
}

/// Right among found, right among wanted, and the errors by kind.
#[derive(Debug, Default, PartialEq)]
struct Score {
    right: usize,
    found: usize,
    wanted: usize,
    errors: BTreeMap<&'static str, Vec<String>>,
}

impl Score {
    /// Adds one label: whether something was found, whether something should be, and what is wrong with it.
    fn add(&mut self, id: &str, found: bool, wanted: bool, error: Option<&'static str>) {
        self.found += usize::from(found);
        self.wanted += usize::from(wanted);
        self.right += usize::from(found && wanted && error.is_none());
        if let Some(kind) = error {
            self.errors.entry(kind).or_default().push(id.to_owned());
        }
    }

    fn line(&self) -> String {
        let share = |of: usize| format!("{}/{of} = {:.1} %", self.right, 100.0 * self.right as f64 / of.max(1) as f64);
        format!("precision {}, recall {}", share(self.found), share(self.wanted))
    }

    fn show(&self, what: &str) {
        println!("{what}: {}", self.line());
        for (kind, ids) in &self.errors {
            println!("  {kind} ({}): {}", ids.len(), ids.join(" "));
        }
    }
}

fn labels(half: &str) -> Vec<Label> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/labels/diagnoses.jsonl");
    let text = std::fs::read_to_string(path).unwrap();
    let labels = text.lines().map(|line| serde_json::from_str::<Label>(line).unwrap());
    labels.filter(|label| label.half == half).collect()
}

/// The texts of the responses, by record and field.
fn texts() -> Option<BTreeMap<(String, String), String>> {
    let folder = std::env::var_os("BEDSIDE_DATA").map(PathBuf::from)?;
    let text = std::fs::read_to_string(folder.join("dermavqa/valid_ht.json")).unwrap();
    let encounters: Vec<Value> = serde_json::from_str(&text).unwrap();
    let mut texts = BTreeMap::new();
    for encounter in &encounters {
        let id = encounter["encounter_id"].as_str().unwrap().to_owned();
        for (number, response) in encounter["responses"].as_array().unwrap().iter().enumerate() {
            let text = response["content_en"].as_str().unwrap_or_default().to_owned();
            texts.insert((id.clone(), format!("responses[{number}].content_en")), text);
        }
    }
    Some(texts)
}

/// Whether a concept is what a label means; `loosely` lets kinds of it and families count.
fn fits(concept: &str, meaning: &Meaning, loosely: &[Credit]) -> bool {
    let lexicon = Lexicon::embedded();
    let Some(named) = lexicon.canonical(&meaning.name) else {
        let codes = &lexicon.find(concept).unwrap().icd10;
        return meaning.icd10cm.as_ref().is_some_and(|code| codes.contains(code));
    };
    let credit = lexicon.credit(concept, named.concept);
    credit == Credit::Exact || loosely.contains(&credit)
}

fn score_string(score: &mut Score, label: &Label, text: &str) {
    let found = Lexicon::embedded().canonical(text).map(|found| found.concept);
    let meaning = match (label.relation.as_str(), label.means.as_slice()) {
        ("exact" | "narrower-than-name" | "broader-than-name", [meaning]) => meaning,
        ("several", _) => return score.add(&label.id, found.is_some(), false, found.map(|_| "one of several")),
        _ => return score.add(&label.id, found.is_some(), false, found.map(|_| "found in what is no diagnosis")),
    };
    let loosely: &[Credit] = match label.relation.as_str() {
        "narrower-than-name" => &[Credit::Child],
        "broader-than-name" => &[Credit::Parent],
        _ => &[],
    };
    let lexicon = Lexicon::embedded();
    let error = match found {
        Some(concept) if fits(concept, meaning, loosely) => None,
        Some(concept) if fits(concept, meaning, &[Credit::Child]) => Some("a kind of what is meant"),
        Some(concept) if fits(concept, meaning, &[Credit::Parent]) => Some("a family of what is meant"),
        Some(_) => Some("another concept"),
        None if lexicon.canonical(&meaning.name).is_none() => Some("unmapped, and so is the name of what is meant"),
        None => Some("unmapped"),
    };
    score.add(&label.id, found.is_some(), true, error);
}

fn score_pair(score: &mut Score, label: &Label) {
    let lexicon = Lexicon::embedded();
    let concept = |text: &str| lexicon.canonical(text).map(|found| found.concept);
    let given = match (concept(&label.text), concept(&label.reference)) {
        (Some(answer), Some(truth)) => lexicon.credit(answer, truth),
        _ => Credit::None,
    };
    let due = match label.relation.as_str() {
        _ if label.status == "ruled-out" => Credit::None,
        "same" => Credit::Exact,
        "child" => Credit::Child,
        "parent" => Credit::Parent,
        _ => Credit::None,
    };
    let error = match (given, due) {
        (given, due) if given == due => None,
        (Credit::None, _) => Some("no credit where some is due"),
        (_, Credit::None) => Some("credit where none is due"),
        _ => Some("another credit than is due"),
    };
    score.add(&label.id, given != Credit::None, due != Credit::None, error);
}

/// Scores of strings (all, and those without a doubt) and of pairs (likewise).
fn scores(half: &str, texts: &BTreeMap<(String, String), String>) -> [Score; 4] {
    let mut scores: [Score; 4] = Default::default();
    let [strings, sure_strings, pairs, sure_pairs] = &mut scores;
    for label in labels(half) {
        let sure = label.doubt.is_none();
        if label.file.is_empty() {
            score_pair(pairs, &label);
            if sure {
                score_pair(sure_pairs, &label);
            }
            continue;
        }
        let text = &texts[&(label.record.clone(), label.field.clone())][label.start..label.end];
        score_string(strings, &label, text);
        if sure {
            score_string(sure_strings, &label, text);
        }
    }
    scores
}

fn check(half: &str, expected: [&str; 4]) {
    let Some(texts) = texts() else {
        println!("skipped: BEDSIDE_DATA is not set");
        return;
    };
    let scores = scores(half, &texts);
    let names = ["strings", "strings without a doubt", "pairs", "pairs without a doubt"];
    for (score, name) in scores.iter().zip(names) {
        score.show(&format!("{half} {name}"));
    }
    assert_eq!(scores.each_ref().map(Score::line), expected);
}

#[test]
fn real_data_precision_and_recall_on_the_open_half_of_the_labels() {
    let expected = [
        "precision 133/133 = 100.0 %, recall 133/157 = 84.7 %",
        "precision 114/114 = 100.0 %, recall 114/125 = 91.2 %",
        "precision 101/110 = 91.8 %, recall 101/121 = 83.5 %",
        "precision 93/97 = 95.9 %, recall 93/107 = 86.9 %",
    ];
    check("open", expected);
}

/// The first and only score; a later matcher is measured on new labels.
#[test]
fn real_data_precision_and_recall_on_the_locked_half_of_the_labels() {
    let expected = [
        "precision 131/136 = 96.3 %, recall 131/175 = 74.9 %",
        "precision 110/111 = 99.1 %, recall 110/129 = 85.3 %",
        "precision 85/92 = 92.4 %, recall 85/113 = 75.2 %",
        "precision 82/87 = 94.3 %, recall 82/105 = 78.1 %",
    ];
    check("locked", expected);
}
