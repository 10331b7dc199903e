//! Answers that exist already, through the command line: the published table of MedPerturb, and tables with faults.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;

use bedside_reports::record::{Answers, Estimate, Record, State, Verdict};
use serde_json::Value;

use crate::support::{bedside, data};

const MAPPING: &str = "format: 1\nid: mine\ntitle: Mine\ndata: {name: Mine, licence: x, synthetic: true}\ncase: case\n\
    arms:\n  - {arm: control, when: {arm: control}}\n  - {arm: retest, when: {arm: retest}}\n\
    \x20 - {arm: treated, scenario: style, when: {arm: treated}}\n\
    answers:\n  - {answer: answer, reader: {column: reader}, question: urgent}\nreaders: [{id: a}]\n\
    questions: [{id: urgent, kind: yes-no}]\nscenarios: [{id: style, claim: C., expect: measure-only}]\n";

fn measure(table: &Path, mapping: &Path, out: &Path) -> Output {
    bedside()
        .arg("measure")
        .arg("--answers")
        .arg(table)
        .arg("--mapping")
        .arg(mapping)
        .arg("--out")
        .arg(out)
        .output()
        .unwrap()
}

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Exit code and words of measuring these bytes with the mapping above, or another.
fn of_bytes(table: &[u8], mapping: &str) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    let (answers, file) = (folder.path().join("answers.csv"), folder.path().join("mapping.yaml"));
    fs::write(&answers, table).unwrap();
    fs::write(&file, mapping).unwrap();
    let output = measure(&answers, &file, &folder.path().join("out"));
    (output.status.code(), told(&output))
}

fn record(out: &Path) -> Record {
    serde_json::from_slice(&fs::read(out.join("results.json")).unwrap()).unwrap()
}

fn close(place: &str, printed: &Estimate, figures: &Value) {
    let (low, high) = printed.interval.unwrap();
    for (name, value) in [("point", printed.point), ("lower", low), ("upper", high)] {
        let figure = figures[name].as_f64().unwrap();
        assert!((value - figure).abs() < 1e-9, "{place} {name}: printed {value}, recomputed {figure}");
    }
    assert_eq!(printed.n, figures["n"].as_u64().unwrap(), "{place}");
}

/// Both are there and alike, or neither is.
fn same(place: &str, printed: Option<&Estimate>, figures: &Value) {
    assert_eq!(printed.is_none(), figures.is_null(), "{place}");
    if let Some(printed) = printed {
        close(place, printed, figures);
    }
}

fn list<'a>(figures: &'a Value, name: &str) -> &'a [Value] {
    figures[name].as_array().unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn lines_agree(answers: &Answers, figures: &Value) {
    let lines: BTreeMap<(&str, &str, &str), _> = answers
        .lines
        .iter()
        .map(|line| ((line.reader.as_str(), line.question.as_str(), line.scenario.as_str()), line))
        .collect();
    assert_eq!((lines.len(), list(figures, "lines").len()), (72, 72), "four models, three questions, six changes");
    for figure in list(figures, "lines") {
        let key = (text(&figure["reader"]), text(&figure["question"]), text(&figure["scenario"]));
        let place = format!("{key:?}");
        let line = lines[&key];
        assert_eq!(Some(line.pairs), figure["pairs"].as_u64(), "{place}");
        same(&place, line.flips.as_ref(), &figure["flips"]);
        let moved = &figure["moved"];
        assert_eq!(line.moved.is_none(), moved.is_null(), "{place}");
        if let Some(printed) = &line.moved {
            same(&place, printed.difference.as_ref(), &moved["difference"]);
            assert_eq!(
                (Some(printed.up), Some(printed.down)),
                (moved["up"].as_u64(), moved["down"].as_u64()),
                "{place}"
            );
        }
    }
}

fn panels_agree(answers: &Answers, figures: &Value) {
    let panels: BTreeMap<(&str, &str), _> =
        answers.panels.iter().map(|line| ((line.question.as_str(), line.scenario.as_str()), line)).collect();
    assert_eq!(panels.len(), 18, "the clinicians, three questions, six changes");
    for figure in list(figures, "panels") {
        let key = (text(&figure["question"]), text(&figure["scenario"]));
        let line = panels[&key];
        same(&format!("{key:?} between"), line.between.as_ref(), &figure["between"]);
        same(&format!("{key:?} within"), line.within.as_ref(), &figure["within"]);
        same(&format!("{key:?} excess"), line.excess.as_ref(), &figure["excess"]);
        assert_eq!(line.same_person.events, 0, "no clinician read both versions of a context");
    }
}

fn pairings_agree(answers: &Answers, figures: &Value) {
    let doubtful: Vec<&str> =
        answers.pairings.iter().filter(|p| p.state == State::Bad).map(|p| p.scenario.as_str()).collect();
    assert_eq!(doubtful, ["multi-turn"; 6], "all together, and each of the five readers");
    for (printed, figure) in answers.pairings.iter().zip(list(figures, "pairings")) {
        assert_eq!(
            (printed.scenario.as_str(), printed.reader.as_deref().unwrap_or_default()),
            (text(&figure["scenario"]), text(&figure["reader"]))
        );
        let (z, wanted) = (printed.z.unwrap(), figure["z"].as_f64().unwrap());
        assert!((z - wanted).abs() < 1e-9, "{} {z} {wanted}", printed.scenario);
    }
}

#[test]
fn real_data_medperturb_is_measured_and_its_misaligned_rows_are_found() {
    let Some(data) = data() else { return };
    let out = tempfile::tempdir().unwrap();
    let output = measure(&data.join("medperturb/data.csv"), Path::new("medperturb"), out.path());
    assert_eq!(output.status.code(), Some(3), "{}", told(&output));
    let record = record(out.path());
    // Made by tests/recompute/medperturb.py from the published table; no text of it is in here.
    let figures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/answers/medperturb.json");
    let figures: Value = serde_json::from_slice(&fs::read(figures).unwrap()).unwrap();
    let answers = record.answers.as_ref().unwrap();
    lines_agree(answers, &figures);
    panels_agree(answers, &figures);
    pairings_agree(answers, &figures);
    let counts = |verdict| record.claims.iter().filter(|claim| claim.verdict == verdict).count();
    assert_eq!((counts(Verdict::Undecided), counts(Verdict::NotTested)), (60, 12));
    assert!(record.checks.iter().any(|check| check.value == "floor not measured"));
    let steps: Vec<u64> = answers.flow.iter().map(|step| step.n).collect();
    assert_eq!(Some(steps[0]), figures["rows"].as_u64());
    assert_eq!(Some(steps[2]), figures["used"].as_u64());
    assert_eq!(Some(steps[3]), figures["pairs"].as_u64());
    assert_eq!(record.flow.excluded.len(), list(&figures, "duplicates").len());
    assert!(record.flow.excluded.iter().any(|left| left.case == "conversational/211"), "the row that repeats a key");

    let page = fs::read_to_string(out.path().join("report.html")).unwrap();
    for words in
        ["A test tool for models, not a medical device.", "alignment doubtful", "disagreement between versions"]
    {
        assert!(page.contains(words), "{words}");
    }
    assert!(!page.contains("clinicians changed") && !page.contains("clinician changed"));
}

#[test]
fn real_data_the_order_of_the_published_rows_does_not_show() {
    let Some(data) = data() else { return };
    let folder = tempfile::tempdir().unwrap();
    let published = data.join("medperturb/data.csv");
    let mut table = csv::Reader::from_path(&published).unwrap();
    let header = table.headers().unwrap().clone();
    let mut rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    rows.sort_by_key(|row| row[0].bytes().rev().map(u64::from).fold(5, |hash: u64, byte| hash * 131 + byte));
    let shuffled = folder.path().join("shuffled.csv");
    let mut writer = csv::Writer::from_path(&shuffled).unwrap();
    writer.write_record(&header).unwrap();
    rows.iter().for_each(|row| writer.write_record(row).unwrap());
    writer.flush().unwrap();
    assert_ne!(fs::read(&published).unwrap(), fs::read(&shuffled).unwrap());
    let (one, other) = (folder.path().join("one"), folder.path().join("other"));
    measure(&published, Path::new("medperturb"), &one);
    measure(&shuffled, Path::new("medperturb"), &other);
    let files = [
        "results.json",
        "report.html",
        "results/shifts.csv",
        "results/lines.csv",
        "results/panels.csv",
        "results/pairings.csv",
        "results/left_out.csv",
    ];
    for file in files {
        assert!(fs::read(one.join(file)).unwrap() == fs::read(other.join(file)).unwrap(), "{file} differs");
    }
}

/// How often the answer flips, and how many of the pairs are open.
fn flips(record: &Record) -> (f64, u64) {
    let level = &record.claims[0].lines[0].levels[0];
    (level.estimate.as_ref().and_then(|estimate| estimate.events).unwrap_or(0.0), level.missing)
}

#[test]
fn words_of_a_table_are_listed_ruled_on_and_read_by_the_rulings() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let mapping = MAPPING
        .replace("kind: yes-no", "kind: diagnosis")
        .replace("question: urgent}", "question: urgent, truth: truth}")
        .replace("expect: measure-only", "expect: invariant, accept: [{flip: {at-most: 10%, because: a reason}}]");
    fs::write(at("mapping.yaml"), mapping).unwrap();
    let pair = |case: usize| {
        let (odd, other) = if case < 10 { ("Blorped vesicoma", "melanoma") } else { ("scabies", "scabies") };
        format!("c{case},control,{other},a,{odd}\nc{case},treated,{odd},a,{odd}\n")
    };
    let table: String = core::iter::once("case,arm,answer,reader,truth\n".into()).chain((0..30).map(pair)).collect();
    fs::write(at("answers.csv"), table).unwrap();
    let measured = |out: &str, further: &[&str]| {
        let output = bedside()
            .args(["measure", "--answers"])
            .arg(at("answers.csv"))
            .arg("--mapping")
            .arg(at("mapping.yaml"))
            .arg("--out")
            .arg(at(out))
            .args(further)
            .output()
            .unwrap();
        assert!(output.status.code().is_some_and(|code| code <= 4), "{}", told(&output));
        (record(&at(out)), told(&output))
    };
    let list = at("words.csv").to_string_lossy().into_owned();
    let (plain, words) = measured("plain", &["--adjudicate-out", &list]);
    assert!(words.contains("1 distinct answer matches no known diagnosis"), "{words}");
    assert_eq!((flips(&plain), plain.head.adjudication.is_none()), ((0.0, 10), true));
    let empty = fs::read_to_string(&list).unwrap();
    assert!(empty.lines().nth(1).unwrap().starts_with("blorped vesicoma,10,"), "{empty}");
    let ruled = |diagnosis: &str| {
        fs::write(&list, empty.replace(",,\n", &format!(",{diagnosis},\n"))).unwrap();
        let (record, _) = measured(diagnosis, &["--adjudication", &list]);
        let by_hand = record.head.adjudication.clone().expect("the rulings are named");
        (flips(&record), [by_hand.mapped, by_hand.other, by_hand.open], record.control.right)
    };
    // The truth is written in the same words, so it is ruled on as well.
    assert_eq!(ruled("melanoma"), ((0.0, 0), [1, 0, 0], 30), "the same disease after all");
    assert_eq!(ruled("other"), ((10.0, 0), [0, 1, 0], 20), "another disease");
    let page = fs::read_to_string(at("melanoma").join("report.html")).unwrap();
    assert!(page.contains("Mapped by hand"));
    let left = fs::read_to_string(at("other").join("results.json")).unwrap();
    assert!(!left.contains("Blorped"));
}

#[test]
fn a_table_that_cannot_be_read_is_refused_with_its_line() {
    let faults: [(&[u8], &str); 6] = [
        (b"", "is empty"),
        (b"case,arm,answer,reader\n", "has no row below its first"),
        (b"case,arm,answer,reader\na,control,yes,a\nb,control,y\xe9s,a\n", "answers.csv:3: is not UTF-8 (column 3"),
        (b"case,arm,answer,reader\na,control,yes\n", "answers.csv:2: this row has 3 cells, the first has 4"),
        (b"case,arm,anwser,reader\na,control,yes,a\n", "did you mean `anwser`?"),
        (b"case,arm,answer,reader\na,control,yes,z\nb,before,no,a\n", "the mapping gives it no arm"),
    ];
    for (table, words) in faults {
        let (code, told) = of_bytes(table, MAPPING);
        assert_eq!(code, Some(5), "{told}");
        assert!(told.contains(words), "{words}\n{told}");
    }
    let (_, told) = of_bytes(b"case,arm,anwser,reader\na,control,yes,a\n", MAPPING);
    assert!(told.contains("mapping.yaml:11:14") && told.contains("no column `answer`"), "{told}");
}

#[test]
fn a_mark_of_byte_order_and_line_ends_of_another_system_are_no_fault() {
    let table = b"\xef\xbb\xbfcase,arm,answer,reader\r\na,control,yes,a\r\na,treated,\"no\",a\r\n";
    let (code, told) = of_bytes(table, MAPPING);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("measured; nothing was claimed"), "{told}");
}

#[test]
fn a_mapping_with_a_fault_is_refused_with_place_and_nearest_name() {
    let (code, told) = of_bytes(b"case\na\n", &MAPPING.replace("readers:", "raeders:"));
    assert_eq!(code, Some(5), "{told}");
    for words in ["mapping.yaml:12:1", "unknown key `raeders`", "did you mean `readers`?"] {
        assert!(told.contains(words), "{words}\n{told}");
    }
}

#[test]
fn answers_come_with_a_mapping_and_a_folder_and_without_a_run() {
    for arguments in
        [vec!["measure"], vec!["measure", "--answers", "a.csv"], vec!["measure", "run", "--answers", "a.csv"]]
    {
        let output = bedside().args(&arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?} {}", told(&output));
    }
}
