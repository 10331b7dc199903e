//! The default suite, small: what it plans, and that everything it promises is written.

use bedside::treatment::{Channel, Role};

use crate::support::{Run, bedside};

#[test]
fn the_plan_of_the_default_suite_is_the_documented_one() {
    let output = bedside().args(["plan", "quickstart", "--json"]).output().unwrap();
    let plan: bedside::plan::Plan = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((plan.cases.len(), plan.scenarios.len(), plan.repeats), (240, 14, 3));
    let control = plan.trials.iter().filter(|trial| trial.treatment == 0).count();
    assert_eq!(control, 720);
    assert!((6000..7200).contains(&plan.trials.len()), "{} trials", plan.trials.len());
    let urgent = plan
        .cases
        .iter()
        .filter(|case| case.truth.triage.as_ref().is_some_and(|triage| plan.cohort.triage.is_urgent(&triage.ideal)));
    assert_eq!(urgent.count(), 120);
    // The history has two shams; nearly every phantom tells a fact that is irrelevant to it by construction.
    let sham = |field: bool| {
        let is_it = |t: &&bedside::plan::Trial| {
            let what = &plan.treatments[t.treatment as usize];
            what.role == Role::Sham(Channel::History) && what.field.is_some() == field
        };
        plan.trials.iter().filter(is_it).count()
    };
    assert_eq!(sham(false), 240);
    assert!((200..=240).contains(&sham(true)), "{}", sham(true));
}

#[test]
fn the_plan_says_beforehand_what_each_bound_can_show() {
    let output = bedside().args(["plan", "quickstart"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let row =
        |claim: &str| text.lines().find(|line| line.starts_with(claim)).unwrap_or_else(|| panic!("{claim}\n{text}"));
    // 240 phantoms are 208 patients, and patients count: 10 % holds with at most 12 events and breaks with at least 31.
    // (240 independent cases: 14 and 34; see the known answers of the statistics.)
    for expected in ["208", "≤ 12", "≥ 31"] {
        assert!(row("phone-defocus").contains(expected), "{expected}: {}", row("phone-defocus"));
    }
    assert!(row("control-resave").contains("≤ 0"), "{}", row("control-resave"));
}

#[test]
fn a_plan_with_a_claim_that_cannot_hold_is_not_sealed() {
    let run = Run::new();
    let out = run.path().join("locked");
    let output = bedside().args(["plan", "quickstart", "--cases", "phantom:24", "--lock"]).arg(&out).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot hold even if nothing moves"));
    assert!(!out.join("plan.json").exists());
}

#[test]
fn the_default_suite_runs_to_a_report_and_an_exit_code_that_agree() {
    let run = Run::new();
    let record = run.record(&["quickstart", "--cases", "phantom:24"]);
    assert_eq!(record.claims.len(), 14);
    assert_eq!(record.flow.planned, record.flow.asked + record.flow.unfit);
    let html = String::from_utf8(run.bytes("report.html").unwrap()).unwrap();
    for claim in &record.claims {
        assert!(html.contains(&claim.id), "{} is not in the report", claim.id);
    }
    assert!(html.contains("not a medical device") && !html.contains("planted behaviour"));
    let shifts = String::from_utf8(run.bytes("results/shifts.csv").unwrap()).unwrap();
    assert!(shifts.lines().count() > 24 * 20, "{} rows", shifts.lines().count());
}
