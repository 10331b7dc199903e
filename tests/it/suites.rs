//! The suites that come with Bedside: each can be planned, can show what it claims, and is told apart on the terminal.

use crate::support::bedside;

/// Every built-in suite.
const SUITES: [&str; 6] = ["quickstart", "bench-to-bedside", "field-sensitivity", "anchoring", "photo-quality", "full"];

fn said(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = bedside().args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn every_suite_can_be_planned_on_forty_phantoms_and_says_what_it_wants() {
    for suite in SUITES {
        let (code, text, complaint) = said(&["plan", suite, "--cases", "phantom:40"]);
        assert_eq!(code, Some(0), "{suite}: {complaint}");
        assert!(text.contains("40 cases of") && text.contains("Chance of exit 0"), "{suite}: {text}");
        assert!(text.contains("Notes: ") || suite == "quickstart", "{suite}: {text}");
    }
}

#[test]
fn with_the_cases_of_the_suites_no_claim_in_the_library_is_hopeless() {
    let (code, text, complaint) = said(&["plan", "full"]);
    assert_eq!(code, Some(0), "{complaint}");
    let hopeless: Vec<&str> = text.lines().filter(|line| line.contains("cannot hold")).collect();
    assert!(hopeless.is_empty(), "{}", hopeless.join("\n"));
}

#[test]
fn a_scenario_is_shown_with_its_hazard_and_still_reads_as_a_file() {
    let (code, text, _) = said(&["show", "ink-ring"]);
    assert_eq!(code, Some(0));
    for expected in ["# needless-alarm", "# Situation ", "# Severity   serious: an injury"] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("copy.yaml");
    std::fs::write(&file, text).unwrap();
    let (code, _, complaint) = said(&["check", file.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{complaint}");
}

#[test]
fn a_hazard_is_shown_with_the_scenarios_that_are_about_it() {
    let (code, text, _) = said(&["show", "wrong-patient"]);
    assert_eq!(code, Some(0));
    assert!(text.contains("photos-of-another-patient, letter-of-another-patient"), "{text}");
    let (_, list, _) = said(&["list", "hazards"]);
    assert!(list.lines().count() >= 10 && list.contains("catastrophic"), "{list}");
}

#[test]
fn scenarios_are_listed_by_suite() {
    let (_, all, _) = said(&["list", "scenarios"]);
    let (_, some, _) = said(&["list", "scenarios", "--suite", "field-sensitivity"]);
    assert!(all.lines().count() > 60 && some.lines().count() == 9, "{some}");
    assert!(some.lines().all(|line| all.contains(line.split_whitespace().next().unwrap())), "{some}");
    let (code, _, complaint) = said(&["list", "scenarios", "--suite", "anchorin"]);
    assert_eq!(code, Some(2));
    assert!(complaint.contains("did you mean `anchoring`?"), "{complaint}");
}
