//! The command line: help, catalogue, checks, previews, copies; and what must never appear anywhere.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Output;

use bedside::cohort::Cohort;
use bedside::phantom::Phantoms;
use clap::CommandFactory;
use sha2::{Digest, Sha256};

use crate::support::server::{Reply, Server};
use crate::support::{Run, bedside};

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn ask(arguments: &[&str]) -> Output {
    bedside().args(arguments).output().unwrap()
}

#[test]
fn every_argument_has_a_help_text_that_starts_large_and_does_not_end_in_a_full_stop() {
    fn walk(command: &clap::Command) {
        for argument in command.get_arguments().filter(|argument| argument.get_id() != "help") {
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            let name = format!("{} {}", command.get_name(), argument.get_id());
            assert!(help.chars().next().is_some_and(|first| !first.is_lowercase()), "{name}: {help:?}");
            assert!(!help.ends_with('.'), "{name}: {help:?}");
        }
        command.get_subcommands().filter(|command| command.get_name() != "help").for_each(walk);
    }
    walk(&bedside::cli::args::Cli::command());
}

#[test]
fn help_says_that_this_is_no_medical_device_and_what_exit_codes_mean() {
    let help = told(&ask(&["--help"]));
    for words in ["not a medical device", "1 a claim breaks", "say nothing about patients"] {
        assert!(help.contains(words), "{words}\n{help}");
    }
}

#[test]
fn the_catalogue_is_listed_and_every_entry_can_be_shown() {
    let kinds =
        [("perturbations", 21), ("scenarios", 100), ("hazards", 10), ("metrics", 12), ("models", 9), ("protocols", 6)];
    for (kind, least) in kinds {
        let output = ask(&["list", kind, "--json"]);
        let lines: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
        assert!(lines.len() >= least, "{kind}: {}", lines.len());
        if kind != "models" {
            for line in lines {
                let id = line["id"].as_str().unwrap();
                let shown = ask(&["show", id]);
                assert!(shown.status.success() && shown.stdout.len() > 100, "{id}: {}", told(&shown));
            }
        }
    }
}

#[test]
fn a_name_that_does_not_exist_is_answered_with_the_nearest_one() {
    for (arguments, nearest) in [
        (vec!["show", "defocuss"], "defocus"),
        (vec!["plan", "quikstart"], "quickstart"),
        (vec!["schema", "scenaro"], "scenario"),
        (vec!["plan", "quickstart", "--model", "planted:balancd"], "balanced"),
    ] {
        let output = ask(&arguments);
        assert!(!output.status.success() && told(&output).contains(nearest), "{arguments:?}: {}", told(&output));
    }
}

#[test]
fn a_faulty_scenario_is_refused_with_place_excerpt_and_nearest_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.yaml");
    let text = "format: 1\nid: mine\nclaim: A claim.\nexpect: invariant\nsteps: [defocuss]\nlevels: [1, 2]\n\
                accept:\n  - flip: {at-most: 10%, because: \"a reason\"}\n";
    fs::write(&path, text).unwrap();
    let output = bedside().arg("check").arg(&path).output().unwrap();
    assert_eq!(output.status.code(), Some(5));
    let told = told(&output);
    for words in ["mine.yaml:5:9", "defocuss", "defocus", "steps: [defocuss]"] {
        assert!(told.contains(words), "{words}\n{told}");
    }
}

#[test]
fn copies_come_with_a_ledger_whose_digests_are_those_of_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let image = folder.path().join("in.png");
    image::RgbImage::from_fn(64, 48, |x, y| image::Rgb([x as u8 * 3, y as u8 * 4, 90])).save(&image).unwrap();
    let out = folder.path().join("out");
    let output = bedside()
        .arg("perturb")
        .args(["--step", "jpeg: {quality: 20}"])
        .arg(&image)
        .arg("--out")
        .arg(&out)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", told(&output));
    let ledger: serde_json::Value =
        serde_json::from_str(fs::read_to_string(out.join("ledger.jsonl")).unwrap().lines().next().unwrap()).unwrap();
    let written = &ledger["outputs"][0];
    let bytes = fs::read(out.join(written["path"].as_str().unwrap())).unwrap();
    let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(written["sha256"].as_str(), Some(digest.as_str()));
    assert_eq!(ledger["done"][0]["operator"], "jpeg");
}

#[test]
fn pictures_of_one_name_do_not_overwrite_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let (images, out) = (folder.path().join("in"), folder.path().join("out"));
    fs::create_dir(&images).unwrap();
    for (name, tint) in [("a.png", 40), ("a.bmp", 200)] {
        image::RgbImage::from_fn(64, 48, |x, _| image::Rgb([x as u8, tint, 90])).save(images.join(name)).unwrap();
    }
    let output = bedside()
        .args(["perturb", "--step", "jpeg: {quality: 20}"])
        .arg(&images)
        .arg("--out")
        .arg(&out)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", told(&output));
    let ledger = fs::read_to_string(out.join("ledger.jsonl")).unwrap();
    let lines: Vec<serde_json::Value> = ledger.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    for line in lines {
        let bytes = fs::read(out.join(line["outputs"][0]["path"].as_str().unwrap())).unwrap();
        let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(line["outputs"][0]["sha256"].as_str(), Some(digest.as_str()), "{line}");
    }
}

#[test]
fn a_preview_has_a_row_for_each_of_three_cases() {
    let folder = tempfile::tempdir().unwrap();
    let preview = |cases: &str| {
        let mut command = bedside();
        let output = command.args(["preview", "messenger-jpeg", "--cases", cases, "--out"]).arg(folder.path()).output();
        assert!(output.as_ref().unwrap().status.success(), "{}", told(&output.unwrap()));
        image::image_dimensions(folder.path().join("messenger-jpeg.png")).unwrap().1
    };
    let margin = 6;
    let row = preview("phantom:1?views=close") - margin;
    assert_eq!(preview("phantom:3?views=close"), 3 * row + margin);
}

#[test]
fn a_cohort_is_shown_by_diagnosis_and_stratum() {
    let folder = tempfile::tempdir().unwrap();
    let preview = |stratum: &str| {
        let mut command = bedside();
        command.args(["preview", "--cases", "phantom:60", "--cohort", stratum, "--out"]).arg(folder.path());
        command.output().unwrap()
    };
    let output = preview("sex");
    assert!(told(&output).contains("13 diagnoses by 2 values of sex"), "{}", told(&output));
    let sheet = image::open(folder.path().join("cohort.png")).unwrap().to_rgb8();
    assert_eq!(sheet.dimensions(), (2 * 226 + 6, 13 * 189 + 6));
    let phantoms = Phantoms::new(60, 1);
    let cases = (0..60).map(|number| phantoms.case(number).unwrap());
    let pairs: BTreeSet<_> =
        cases.map(|case| (case.truth.leading().map(str::to_owned), case.strata.get("sex").cloned())).collect();
    let grey =
        |row: u32, column: u32| *sheet.get_pixel(column * 226 + 100, row * 189 + 100) == image::Rgb([225, 225, 222]);
    let filled = (0..13).flat_map(|row| [(row, 0), (row, 1)]).filter(|(row, column)| !grey(*row, *column)).count();
    assert_eq!(filled, pairs.len());
    let output = preview("colour");
    assert_eq!(output.status.code(), Some(2), "{}", told(&output));
    assert!(told(&output).contains("there are: age_band, diagnosis_group, sex, skin_tone"), "{}", told(&output));
}

#[test]
fn a_pipe_that_closes_early_is_no_panic() {
    for arguments in ["list perturbations", "completions zsh", "completions elvish"] {
        let script = format!("{} {arguments} | true", env!("CARGO_BIN_EXE_bedside"));
        let output = std::process::Command::new("sh").args(["-c", &script]).output().unwrap();
        assert!(told(&output).is_empty(), "{arguments}: {}", told(&output));
    }
}

#[test]
fn a_model_that_cannot_be_reached_ends_with_its_own_exit_code_and_nothing_is_poisoned() {
    let run = Run::new();
    let folder = tempfile::tempdir().unwrap();
    let model = folder.path().join("nobody.yaml");
    let nobody = "format: 1\nkind: openai\nname: x\nurl: http://127.0.0.1:9/v1\nlimits: { attempts: 2 }\n";
    fs::write(&model, nobody).unwrap();
    let output = run.finish(&["phone-defocus", "--cases", "phantom:3", "--model", model.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(6), "{}", told(&output));
    assert!(run.results().is_none());
}

/// Every byte below a folder.
fn everything(folder: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() {
            bytes.extend(everything(&entry.path()));
        } else {
            bytes.extend(fs::read(entry.path()).unwrap());
        }
    }
    bytes
}

fn holds(bytes: &[u8], words: &str) -> bool {
    bytes.windows(words.len()).any(|window| window == words.as_bytes())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_reaches_the_server_and_nothing_else() {
    const KEY: &str = "sk-planted-8f3a91c07be2";
    let text = r#"{"differential": [{"diagnosis": "Melanoma", "probability": 0.7}], "triage": "urgent"}"#;
    let server = Server::start(move |_, index| {
        if index % 7 == 3 {
            Reply::text(500, "text/html", "<html>sk-planted-8f3a91c07be2 went wrong</html>")
        } else {
            Reply::says(text)
        }
    })
    .await;
    let url = server.url.clone();
    let (run, output) = tokio::task::spawn_blocking(move || {
        let run = Run::new();
        let arguments = ["phone-defocus", "--cases", "phantom:3", "--model", "openai:x", "--url", &url];
        let output = run.command(&arguments).env("OPENAI_API_KEY", KEY).output().unwrap();
        (run, output)
    })
    .await
    .unwrap();
    assert!(server.seen().iter().any(|seen| seen.headers.values().any(|value| value.contains(KEY))));
    assert!(!told(&output).contains(KEY));
    assert!(!holds(&everything(run.path()), KEY));
}

#[tokio::test(flavor = "multi_thread")]
async fn words_of_a_case_never_reach_the_console() {
    // A server that sends the prompt back as an error: the place where such words would leak.
    let server = Server::start(|seen, index| {
        if index % 3 == 0 {
            Reply::json(400, &serde_json::json!({"error": {"message": seen.prompt(), "code": 7}}))
        } else {
            Reply::says(r#"{"differential": [{"diagnosis": "Melanoma"}], "triage": "urgent"}"#)
        }
    })
    .await;
    let url = server.url.clone();
    let output = tokio::task::spawn_blocking(move || {
        Run::new().finish(&["phone-defocus", "--cases", "phantom:3", "--model", "openai:x", "--url", &url])
    })
    .await
    .unwrap();
    let prompts: Vec<String> = server.seen().iter().map(crate::support::server::Seen::prompt).collect();
    let words: Vec<&str> = prompts.iter().flat_map(|prompt| prompt.lines()).filter(|line| line.len() > 40).collect();
    assert!(!words.is_empty());
    for line in words {
        assert!(!told(&output).contains(line), "{line}");
    }
}

#[test]
fn a_plan_needs_no_key_and_a_run_does() {
    let arguments = ["phone-defocus", "--cases", "phantom:24", "--model", "openai:gpt-x"];
    let plan = bedside().arg("plan").args(arguments).output().unwrap();
    assert_eq!(plan.status.code(), Some(0), "{}", told(&plan));
    let run = Run::new().finish(&arguments);
    assert_eq!(run.status.code(), Some(6), "{}", told(&run));
    assert!(told(&run).contains("OPENAI_API_KEY"), "{}", told(&run));
}

/// A cohort of phantoms that does not say that it is synthetic.
fn as_if_real(folder: &Path) -> String {
    let made = bedside().args(["perturb", "phantom:3", "--step", "neutral_sentence", "--out"]).arg(folder).output();
    assert!(made.unwrap().status.success());
    let root = folder.join("neutral-sentence");
    let sheet = fs::read_to_string(root.join("cohort.yaml")).unwrap();
    fs::write(root.join("cohort.yaml"), sheet.replace("synthetic: true", "synthetic: false")).unwrap();
    root.to_string_lossy().into_owned()
}

#[test]
fn inspect_shows_what_the_treated_prompt_says_otherwise_than_the_controls() {
    let folder = tempfile::tempdir().unwrap();
    let real = as_if_real(folder.path());
    for (cases, open) in [("phantom:3", true), (real.as_str(), false)] {
        let run = Run::new();
        let scenarios = ["control-neutral-note", "messenger-jpeg", "--cases", cases, "--model", "planted:balanced"];
        run.finish(&scenarios);
        let inspect = |scenario: &str, further: &[&str]| {
            let case = ["inspect", run.path().to_str().unwrap(), "--case", "c000000", "--scenario", scenario];
            told(&ask(&[&case, further].concat()))
        };
        let wrong = inspect("control-neutral-note", &[]);
        assert_eq!(wrong.contains("words, [-only in the control-] and {+only here+}:"), open, "{wrong}");
        assert_eq!(wrong.contains("{+") && wrong.contains("+}"), open, "{wrong}");
        let shown = inspect("control-neutral-note", &["--include-inputs"]);
        let added: Vec<&str> =
            shown.split("{+").skip(1).filter_map(|rest| rest.split_once("+}")).map(|(a, _)| a).collect();
        assert!(added.iter().any(|words| words.len() > 8), "{shown}");
        assert!(inspect("messenger-jpeg", &["--include-inputs"]).contains("words: the same as in the control"));
    }
}

#[test]
fn a_preview_prints_word_diffs_of_phantoms_and_of_real_cases_only_when_it_may() {
    let folder = tempfile::tempdir().unwrap();
    let real = as_if_real(folder.path());
    let preview = |cases: &str, further: &[&str]| {
        let out = folder.path().join("preview");
        let arguments = ["preview", "control-neutral-note", "--cases", cases, "--out", out.to_str().unwrap()];
        String::from_utf8(ask(&[&arguments, further].concat()).stdout).unwrap()
    };
    let open = preview("phantom:2", &[]);
    assert_eq!(open.matches("── control-neutral-note · c").count(), 2, "{open}");
    assert!(open.contains("{+") && !open.contains("\u{1b}"), "{open}");
    assert_eq!(preview(&real, &[]), "");
    assert!(preview(&real, &["--include-inputs"]).contains("{+"));
}

#[test]
fn real_cases_do_not_travel_in_the_clear_to_another_machine() {
    let folder = tempfile::tempdir().unwrap();
    let cases = as_if_real(folder.path());
    // The second only begins like the name of this machine.
    for url in ["http://192.0.2.1:8000/v1", "http://localhost.example.invalid/v1"] {
        let run = Run::new();
        let output = run.finish(&["phone-defocus", "--cases", &cases, "--model", "openai:x", "--url", url]);
        assert_eq!(output.status.code(), Some(6), "{}", told(&output));
        assert!(told(&output).contains("plain-http: true"), "{}", told(&output));
        assert!(run.bytes("run.sqlite").is_none(), "refused before anything was begun");
    }
}

#[test]
fn a_cohort_and_a_model_file_can_be_checked() {
    let folder = tempfile::tempdir().unwrap();
    let cases = as_if_real(folder.path());
    fs::remove_file(first_picture(Path::new(&cases))).unwrap();
    let output = ask(&["check", &cases, "scenarios/models/openai.yaml"]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert!(told(&output).contains("2 cases, 1 left out"), "{}", told(&output));
    assert!(told(&output).contains("openai.yaml: model"), "{}", told(&output));

    let model = folder.path().join("model.yaml");
    fs::write(&model, "format: 1\nkind: opnai\nname: x\n").unwrap();
    let output = ask(&["check", &model.to_string_lossy()]);
    assert_eq!(output.status.code(), Some(5), "{}", told(&output));
    assert!(told(&output).contains("did you mean `openai`?"), "{}", told(&output));
}

/// The first picture of the first case of a cohort.
fn first_picture(root: &Path) -> std::path::PathBuf {
    let text = fs::read_to_string(root.join("cases.jsonl")).unwrap();
    let case: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    root.join(case["images"][0]["path"].as_str().unwrap())
}

#[test]
fn the_worst_findings_are_asked_once_more_and_only_once() {
    let run = Run::new();
    let arguments = ["wrong-impression", "--cases", "phantom:40", "--model", "planted:follows-referrer=0.9"];
    let record = run.record(&arguments);
    assert!(!record.harms.is_empty(), "a model that follows the referrer hurts");
    assert!(record.harms.iter().all(|harm| harm.confirmed.is_some()), "{:#?}", record.harms);
    assert!(record.harms.iter().all(|harm| harm.example.is_some()), "its case is the one shown: {:#?}", record.harms);
    assert_eq!(record.flow.asked, record.flow.planned - record.flow.unfit, "asking again is no part of the plan");
    let before = run.fingerprint();
    let again = run.finish(&arguments);
    assert!(!told(&again).contains("asked once more before"), "{}", told(&again));
    assert_eq!(before, run.fingerprint());
}
