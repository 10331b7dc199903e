//! The same run is the same bytes: with any number of threads, in any order of cases, in one go or in parts ([`crate::resume`] kills it).

use crate::support::{Run, bedside};

const SCENARIOS: &[&str] =
    &["phone-defocus", "lesion-at-edge", "thin-referral", "wrong-impression", "control-other-patient"];

fn arguments<'a>(more: &[&'a str]) -> Vec<&'a str> {
    SCENARIOS
        .iter()
        .copied()
        .chain(["--cases", "phantom:15:5?size=320x240", "--model", "planted:balanced"])
        .chain(more.iter().copied())
        .collect()
}

fn assert_same(one: &Run, other: &Run) {
    for ((name, one), (_, other)) in one.fingerprint().into_iter().zip(other.fingerprint()) {
        assert!(one == other, "{name} differs");
    }
}

#[test]
fn one_thread_and_four_give_the_same_bytes() {
    let (one, four) = (Run::new(), Run::new());
    one.record(&arguments(&["--threads", "1", "--in-flight", "1"]));
    four.record(&arguments(&["--threads", "4", "--in-flight", "13"]));
    assert_same(&one, &four);
}

#[test]
fn a_limit_on_calls_leaves_an_interim_report_and_the_same_command_completes_it() {
    let (whole, parts) = (Run::new(), Run::new());
    whole.record(&arguments(&[]));
    let interim = parts.record(&arguments(&["--max-calls", "100"]));
    assert_eq!(interim.summary.exit, 8);
    let deviation = interim.limits.iter().find(|limit| limit.starts_with("Deviations from the sealed plan: 1"));
    assert!(deviation.is_some_and(|words| words.contains("questions were not asked")), "{:?}", interim.limits);
    assert!(interim.head.interim.is_some() && interim.summary.breaks == 0 && interim.harms.is_empty());
    parts.record(&arguments(&[]));
    assert_same(&whole, &parts);
}

#[test]
fn another_plan_in_the_same_folder_is_refused() {
    let run = Run::new();
    run.record(&arguments(&["--max-calls", "5"]));
    let other = run.finish(&arguments(&["--seed", "99"]));
    assert_eq!(other.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&other.stderr).contains("another plan"));
}

#[test]
fn a_run_measured_again_from_its_store_gives_the_same_bytes() {
    let run = Run::new();
    run.record(&arguments(&[]));
    let before = run.fingerprint();
    let output = crate::support::bedside().arg("measure").arg(run.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(i32::from(run.results().unwrap().summary.exit)));
    assert!(before == run.fingerprint());
}

#[test]
fn a_recording_of_a_run_gives_the_same_numbers_without_the_model() {
    let (asked, replayed) = (Run::new(), Run::new());
    let few = ["phone-defocus", "wrong-impression", "--cases", "phantom:9:5?views=close"];
    let record = asked.record(&[&few[..], &["--model", "planted:unsteady=0.1"]].concat());
    let file = asked.path().join("answers.jsonl");
    let written = bedside().args(["inspect".as_ref(), asked.path(), "--answers-out".as_ref(), &file]).output().unwrap();
    let said = String::from_utf8(written.stdout).unwrap();
    assert!(written.status.success() && said.contains("--model replay:"), "{said}");
    let model = format!("replay:{}", file.display());
    let again = replayed.record(&[&few[..], &["--model", &model]].concat());
    assert_eq!((&again.claims, &again.tables), (&record.claims, &record.tables));
    assert_eq!(again.summary.exit, record.summary.exit);
}
