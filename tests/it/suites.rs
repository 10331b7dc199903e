//! The suites that come with Bedside: each can be planned, can show what it claims, and is told apart on the terminal.

use bedside::cohort::Cohort;
use bedside::diagnosis::Lexicon;
use bedside::phantom::Phantoms;
use bedside::plan::{Design, Plan};
use bedside::{forecast, library, necessity};

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
    assert!(all.lines().count() > 60 && some.lines().count() == 10, "{some}");
    assert!(some.lines().all(|line| all.contains(line.split_whitespace().next().unwrap())), "{some}");
    let (code, _, complaint) = said(&["list", "scenarios", "--suite", "anchorin"]);
    assert_eq!(code, Some(2));
    assert!(complaint.contains("did you mean `anchoring`?"), "{complaint}");
}

/// The plan of some of quickstart's scenarios on so many phantoms, for a model of that card.
fn planned(scenarios: &[&str], cohort: &Phantoms, model: serde_json::Value) -> Plan {
    let mut suite = library::suite("quickstart").unwrap().unwrap();
    suite.scenarios.retain(|scenario| scenarios.contains(&scenario.id.as_str()));
    let protocol = library::protocol(&suite.protocol).unwrap().unwrap();
    let lexicon = Lexicon::embedded();
    Plan::make(&Design { suite: &suite, protocol: &protocol, cohort, lexicon, model, limit: None }).unwrap()
}

#[test]
fn the_reassuring_fact_is_one_that_supports_the_diagnosis_and_can_be_told_falsely() {
    let cohort = Phantoms::new(120, 1);
    let plan = planned(&["reassuring-history"], &cohort, serde_json::Value::Null);
    let treatment = plan.cells[0].treatment;
    let table = &cohort.sheet().necessity;
    let mut applied = 0;
    for planned in plan.cases.iter().filter(|case| case.fields.contains_key(&treatment)) {
        let case = cohort.case(planned.number).unwrap();
        let accepted: Vec<&str> = case.truth.differential.iter().map(|(id, _)| id.as_str()).collect();
        let field = &planned.fields[&treatment];
        assert_eq!(necessity::of_case(table, &accepted, field), Some(necessity::Necessity::Supportive), "{field}");
        let given = bedside::treatment::Given {
            root: plan.seed,
            case: &planned.id,
            draw: 0,
            donor: None,
            foil: None,
            field: Some(field),
            language: None,
        };
        let mut stimulus = bedside_perturbations::Stimulus { history: case.history.clone(), ..Default::default() };
        let Ok(done) = plan.treatments[treatment].apply(&mut stimulus, &given) else { continue };
        applied += 1;
        assert_eq!(done[0].change.pull, Some(bedside_perturbations::Pull::Reassuring));
        let told = |history: &bedside_perturbations::History| {
            history.fields.iter().filter(|other| other.name != *field).cloned().collect::<Vec<_>>()
        };
        assert_eq!(told(&stimulus.history), told(&case.history), "only that field changes");
    }
    assert!(applied >= 60, "{applied} of {}", plan.cases.len());
}

#[test]
fn the_pictures_of_every_question_are_paid_for_and_no_others() {
    let cohort = Phantoms::new(40, 1);
    let tokens = |per_image: u64| {
        let model = serde_json::json!({"tokens_per_image": per_image});
        let plan = planned(&["no-photo", "control-other-patient"], &cohort, model);
        let (asked, _) = forecast::forecast(&plan, &cohort).unwrap().tokens.unwrap();
        (asked, plan)
    };
    let ((without, plan), (with, _)) = (tokens(0), tokens(1000));
    let views = |case: u32| cohort.case(plan.cases[case as usize].number).unwrap().images.len() as u64;
    let shown = plan.trials.iter().map(|trial| {
        let operators: Vec<&str> =
            plan.treatments[trial.treatment as usize].steps.iter().map(|step| step.operator.as_str()).collect();
        match operators.as_slice() {
            ["no_image"] => 0,
            ["wrong_image"] => views(trial.donor.unwrap()),
            _ => views(trial.case),
        }
    });
    assert_eq!(with - without, 1000 * shown.sum::<u64>());
    let cases: Vec<u64> = (0..40).map(views).collect();
    assert!(!cases.iter().sum::<u64>().is_multiple_of(40), "a mean that is no whole number, or this shows nothing");
}

#[test]
fn a_copy_tells_falsely_the_field_that_a_plan_with_that_seed_does() {
    let cohort = Phantoms::new(24, 1);
    let plan = planned(&["reassuring-history"], &cohort, serde_json::Value::Null);
    let treatment = plan.cells[0].treatment;
    let (folder, seed) = (tempfile::tempdir().unwrap(), plan.seed.to_string());
    let arguments = ["perturb", "phantom:24:1", "--scenario", "reassuring-history", "--seed", &seed, "--out"];
    assert!(bedside().args(arguments).arg(folder.path()).output().unwrap().status.success());
    let ledger = std::fs::read_to_string(folder.path().join("ledger.jsonl")).unwrap();
    let mut copies = 0;
    for line in ledger.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()) {
        let planned = plan.cases.iter().find(|case| line["input"] == *case.id).unwrap();
        let Some(field) = planned.fields.get(&treatment) else {
            assert!(line["unfit"].as_str().unwrap().contains("necessity"), "{line}");
            continue;
        };
        let edits =
            line["done"].as_array().unwrap().iter().flat_map(|done| done["change"]["edits"].as_array().unwrap());
        for edit in edits.filter(|edit| edit["edit"] == "field") {
            assert_eq!(edit["name"], **field, "{line}");
            copies += 1;
        }
    }
    assert!(copies >= 12, "{copies} copies");
}
