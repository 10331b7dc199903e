//! A cohort with faults: each is named, and the rest runs.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{Run, bedside};

/// A cohort folder of phantoms, to be broken.
fn cohort(out: &Path) {
    let output =
        bedside().args(["perturb", "phantom:24:9", "--step", "neutral_sentence", "--out"]).arg(out).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_broken_image_a_missing_file_a_duplicate_id_and_an_empty_history_are_each_named_and_the_rest_runs() {
    let folder = tempfile::tempdir().unwrap();
    cohort(folder.path());
    let root = folder.path().join("neutral-sentence");
    let text = fs::read_to_string(root.join("cases.jsonl")).unwrap();
    let mut cases: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let id = |case: &Value| case["id"].as_str().unwrap().to_owned();
    let image = |case: &Value| root.join(case["images"][0]["path"].as_str().unwrap());

    fs::write(image(&cases[0]), b"\x89PNG\r\n\x1a\nnot a picture").unwrap();
    fs::remove_file(image(&cases[1])).unwrap();
    cases[2]["history"] = serde_json::json!({"fields": [], "note": null});
    let twin = cases[3].clone();
    cases.push(twin);
    let (broken, missing, empty, double) = (id(&cases[0]), id(&cases[1]), id(&cases[2]), id(&cases[3]));
    let lines: Vec<String> = cases.iter().map(ToString::to_string).collect();
    fs::write(root.join("cases.jsonl"), lines.join("\n")).unwrap();

    let run = Run::new();
    let cases = root.to_string_lossy().into_owned();
    let record = run.record(&["phone-defocus", "--cases", &cases, "--model", "planted:balanced"]);
    let reasons = |id: &str| -> Vec<&str> {
        record.flow.excluded.iter().filter(|e| e.case.contains(id)).map(|e| e.reason.as_str()).collect()
    };
    for id in [&broken, &missing, &double] {
        assert!(!reasons(id).is_empty(), "{id} is not named: {:?}", record.flow.excluded);
    }
    assert!(record.flow.warnings.iter().any(|warning| warning.contains(&empty)), "{:?}", record.flow.warnings);
    assert_eq!(record.flow.cases, 21);
    assert_eq!(record.flow.failed, 0);
}

#[test]
fn a_cohort_of_which_nothing_is_left_is_an_error_that_names_every_case() {
    let folder = tempfile::tempdir().unwrap();
    cohort(folder.path());
    let root = folder.path().join("neutral-sentence");
    fs::remove_dir_all(root.join("images")).unwrap();
    let output = bedside().args(["plan", "phone-defocus", "--cases"]).arg(&root).output().unwrap();
    assert_eq!(output.status.code(), Some(5), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_order_of_cases_in_the_file_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    cohort(folder.path());
    let root = folder.path().join("neutral-sentence");
    let cases = root.to_string_lossy().into_owned();
    let arguments = ["phone-defocus", "wrong-impression", "--cases", &cases, "--model", "planted:balanced"];
    let (one, other) = (Run::new(), Run::new());
    one.record(&arguments);
    let text = fs::read_to_string(root.join("cases.jsonl")).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    bedside_perturbations::Stream::derive(3, &["order"]).shuffle(&mut lines);
    fs::write(root.join("cases.jsonl"), lines.join("\n")).unwrap();
    other.record(&arguments);
    for ((name, one), (_, other)) in one.fingerprint().into_iter().zip(other.fingerprint()) {
        assert!(one == other, "{name} differs");
    }
}
