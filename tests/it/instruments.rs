//! Planted models through the whole path: a planted weakness is found, and nobody is blamed for what they do not have.

use std::collections::BTreeMap;
use std::path::Path;

use bedside_reports::record::{Claim, Estimate, FieldGroup, FieldGroups, Verdict};

use crate::support::{Run, bedside, claim, expect};

/// These phantoms with one of the smallest photographs each, for runs in which nothing is done to photographs.
fn untouched(phantoms: &str) -> String {
    format!("{phantoms}?views=close&size=64x64")
}

/// A run on small photographs: planted models are told what was done to pictures, and never look at them. Smaller yet, half a
/// percent of the shorter side is less than a pixel, and the mildest levels do not apply.
fn run(model: &str, scenarios: &[&str], cases: &str) -> bedside_reports::record::Record {
    let with = if cases.contains('?') { '&' } else { '?' };
    let cases = if cases.starts_with("phantom:") && !cases.contains("size=") {
        format!("{cases}{with}size=320x240")
    } else {
        cases.to_owned()
    };
    let arguments: Vec<&str> = scenarios.iter().copied().chain(["--cases", &cases, "--model", model]).collect();
    Run::new().record(&arguments)
}

#[test]
fn a_model_that_ignores_photographs_leaves_image_claims_vacuous_and_history_effects_found() {
    let record = run("planted:ignores-image", &["phone-defocus", "lesion-at-edge", "thin-referral"], "phantom:30:3");
    expect(&record, "phone-defocus", Verdict::Vacuous);
    expect(&record, "lesion-at-edge", Verdict::Vacuous);
    let flips = claim(&record, "thin-referral").beside.iter().filter(|row| row.title == "flips, gross");
    let most = flips.filter_map(|row| row.estimate.as_ref()).map(|estimate| estimate.point).fold(0.0, f64::max);
    assert!(most > 0.3, "an emptied history moves only {most}");
    assert!(claim(&record, "thin-referral").verdict != Verdict::Vacuous);
}

#[test]
fn a_model_that_follows_the_referrer_in_sixty_percent_has_that_uptake_inside_its_interval() {
    let record = run("planted:follows-referrer=0.6", &["wrong-impression"], &untouched("phantom:120:4"));
    let row = claim(&record, "wrong-impression").beside.iter().find(|row| row.title.starts_with("uptake"));
    let uptake = row.and_then(|row| row.estimate.clone()).expect("uptake is measured");
    let (lower, upper) = uptake.interval.expect("with an interval");
    assert!(lower <= 0.6 && 0.6 <= upper, "{lower} to {upper}");
    expect(&record, "wrong-impression", Verdict::Breaks);
}

/// The estimates of one sort that stand beside a claim, by cell.
fn beside(claim: &Claim, title: &str) -> BTreeMap<String, Estimate> {
    let rows = claim.beside.iter().filter(|row| row.title == title);
    rows.filter_map(|row| Some((row.at.clone(), row.estimate.clone()?))).collect()
}

fn covers(estimate: &Estimate, rate: f64) -> bool {
    estimate.interval.is_some_and(|(lower, upper)| lower <= rate && rate <= upper)
}

#[test]
fn a_model_that_hangs_on_the_duration_is_found_to_hang_on_it_and_on_nothing_else() {
    let record = run("planted:only-field=duration", &["field-sensitivity"], &untouched("phantom:40:5"));
    for (scenario, least) in [("field-deleted", 20), ("field-falsified", 12)] {
        let beyond = beside(claim(&record, scenario), "flips beyond the sham");
        assert!(beyond.len() >= least, "{scenario}: {} fields", beyond.len());
        for (field, excess) in &beyond {
            let (lower, _) = excess.interval.expect("an interval");
            let (point, hangs) = if field == "duration" { (1.0, true) } else { (0.0, false) };
            assert_eq!((excess.point, lower > 0.5), (point, hangs), "{scenario}, {field}: {excess:?}");
        }
    }
    let alone = beside(claim(&record, "field-alone"), "flips, gross");
    for (field, flips) in &alone {
        assert!(if field == "duration" { flips.point == 0.0 } else { flips.point > 0.5 }, "alone, {field}: {flips:?}");
    }
    let under_triaged = claim(&record, "field-deleted").lines[0]
        .levels
        .iter()
        .filter(|level| level.estimate.as_ref().is_some_and(|estimate| estimate.point > 0.0));
    assert_eq!(under_triaged.map(|level| level.at.as_str()).collect::<Vec<_>>(), ["duration"]);
    for scenario in ["complaint-not-asked", "complaint-not-known", "complaint-denied"] {
        let flips = beside(claim(&record, scenario), "flips, gross");
        assert!(!flips.is_empty() && flips.values().all(|rate| rate.point == 0.0), "{scenario}: {flips:?}");
    }
}

#[test]
fn a_model_that_follows_letters_in_sixty_percent_has_that_uptake_whoever_speaks_and_none_from_pictures() {
    let record = run("planted:follows-referrer=0.6", &["anchoring"], "phantom:60:4?views=close");
    let mut voices = 0;
    for claim in record.claims.iter().filter(|claim| !claim.gate && claim.id != "label-of-another-case") {
        for (cell, uptake) in beside(claim, "uptake of the planted diagnosis") {
            if cell.starts_with("image only") {
                continue;
            }
            assert!(covers(&uptake, 0.6), "{}, {cell}: {uptake:?}", claim.id);
            voices += 1;
        }
    }
    assert!(voices >= 15, "only {voices}");
    let label = beside(claim(&record, "label-of-another-case"), "uptake of the planted diagnosis");
    assert!(!label.is_empty() && label.values().all(|uptake| covers(uptake, 0.0) && uptake.point < 0.1), "{label:?}");
    for scenario in ["relative-plays-it-down", "relative-presses"] {
        let flips = beside(claim(&record, scenario), "flips, gross");
        assert!(flips.values().all(|rate| rate.point == 0.0), "{scenario}: {flips:?}");
    }
}

#[test]
fn a_model_whose_log_odds_add_up_shows_no_interaction_of_log_odds() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = folder.path().join("crossed.yaml");
    let text = "format: 1\nid: crossed\nclaim: Do the two add up?\nexpect: measure-only\nfactorial:\n  image: [no_image]\n  \
                history:\n    - leave_k_out: {level: 3}\ninteraction: more\n";
    std::fs::write(&scenario, text).unwrap();
    let record = run("planted:adds-up", &[&scenario.to_string_lossy()], &untouched("phantom:240:7"));
    let found = claim(&record, "crossed").interaction.as_ref().expect("an interaction");
    // The standard error of the logit is √(1/.09 + 2/.1875 + 1/.25) / √n, about 0.33.
    assert!(found.logit.expect("rates inside 0 and 1").abs() < 0.66, "{found:?}");
    assert!(covers(&found.risk, 0.1), "{found:?}");
    for (rate, planted) in found.not_right.iter().zip([0.1, 0.25, 0.25, 0.5]) {
        assert!((rate - planted).abs() < 0.08, "{found:?}");
    }
    assert_eq!(found.declared.as_deref(), Some("more"));
}

/// How often the event of a claim's line happened.
fn happened(record: &bedside_reports::record::Record, scenario: &str, metric: &str) -> Estimate {
    let line = claim(record, scenario).lines.iter().find(|line| line.metric == metric).expect("the line");
    line.estimate.clone().expect("an estimate")
}

#[test]
fn a_model_that_confabulates_is_found_out_and_an_indifferent_one_is_not_blamed_for_it() {
    let lines = [
        ("complaint-not-asked", "silence-read-as-no"),
        ("made-up-test", "fabrication-uptake"),
        ("grey-rectangle", "phantom-finding"),
    ];
    let scenarios = lines.map(|(scenario, _)| scenario);
    let planted = run("planted:confabulates", &scenarios, "phantom:40:8");
    let innocent = run("planted:indifferent", &scenarios, "phantom:40:8");
    for (scenario, metric) in lines {
        let (found, none) = (happened(&planted, scenario, metric), happened(&innocent, scenario, metric));
        assert!(found.point > 0.5 && found.n >= 20, "{metric}: {found:?}");
        assert_eq!(none.events, Some(0.0), "{metric}: {none:?}");
        expect(&planted, scenario, Verdict::Breaks);
    }
}

#[test]
fn whoever_exposes_every_invention_keeps_its_diagnosis_and_the_claim() {
    let exposing = run("planted:doubts-inventions", &["made-up-test"], "phantom:60:8");
    let challenged = happened(&exposing, "made-up-test", "challenge");
    assert_eq!(challenged.events, Some(challenged.n as f64), "every invention is named and doubted: {challenged:?}");
    assert_eq!(happened(&exposing, "made-up-test", "fabrication-uptake").events, Some(0.0));
    expect(&exposing, "made-up-test", Verdict::Holds);
    let fooled = run("planted:confabulates", &["made-up-test"], "phantom:60:8");
    assert_eq!(happened(&fooled, "made-up-test", "challenge").events, Some(0.0));
    expect(&fooled, "made-up-test", Verdict::Breaks);
}

#[test]
fn an_indifferent_model_breaks_no_invariance_claim_holds_none_and_breaks_the_abstain_claim() {
    let record = run(
        "planted:indifferent",
        &["phone-defocus", "messenger-jpeg", "dim-room", "unreadable-blur", "wrong-impression"],
        "phantom:30:2",
    );
    for claim in record.claims.iter().filter(|claim| claim.expect != "abstain") {
        assert_eq!(claim.verdict, Verdict::Vacuous, "{}: {}", claim.id, claim.why);
    }
    expect(&record, "unreadable-blur", Verdict::Breaks);
}

#[test]
fn a_model_that_goes_blind_with_the_dose_shows_a_trend_and_an_indifferent_one_shows_none() {
    let scenarios = ["phone-defocus", "no-photo"];
    let response = |model: &str| {
        let record = run(model, &scenarios, "phantom:60:3?views=close");
        let curve = record.curves.into_iter().find(|curve| curve.scenario == "phone-defocus").expect("a curve");
        (curve.points.iter().map(|point| point.dose).collect::<Vec<_>>(), curve.response.expect("a response"))
    };
    let (doses, blind) = response("planted:blind-from=3");
    let (low, _) = blind.rise.interval.expect("sixty cases carry an interval");
    assert!(low > 0.1 && blind.trend < 0.001 && !blind.not_monotone, "{blind:?}");
    assert!(blind.area.is_some_and(|area| area.point < 0.9));
    let half = blind.half.expect("the photograph is worth something");
    assert!(half.dose.is_some_and(|dose| doses[1] < dose && dose < doses[2]), "between levels 2 and 3: {half:?}");
    assert_eq!((half.after, half.by), (Some(doses[1]), Some(doses[2])));
    let (_, same) = response("planted:indifferent");
    assert_eq!((same.rise.point, same.trend, same.tau, same.fall, same.half), (0.0, 1.0, None, None, None));
    assert!(same.area.is_none_or(|area| (area.point - 1.0).abs() < 1e-12));
}

#[test]
fn an_unsteady_model_is_not_blamed_for_perturbations() {
    let record = run("planted:unsteady=0.1", &["messenger-jpeg"], "phantom:120:6?views=close");
    let claim = claim(&record, "messenger-jpeg");
    assert_eq!(claim.verdict, Verdict::Undecided, "{}", claim.why);
    assert!(claim.why.contains("unrest"), "it would break without the excuse: {}", claim.why);
    let floor = record.checks.iter().find(|check| check.name == "floor").expect("the floor is measured");
    assert_ne!(floor.value, "0 %");
}

#[test]
fn a_run_says_that_the_model_is_too_unsteady_and_stops_where_that_was_asked_for() {
    let run = Run::new();
    let cases = "phantom:100:6?views=close&size=128x96";
    let whole = ["messenger-jpeg", "--cases", cases, "--model", "planted:unsteady=0.4"];
    let flips = [&whole[..], &["--stop-when-unsteady"]].concat();
    let (code, complaint) = run.ends(&flips);
    assert_eq!(code, Some(8), "{complaint}");
    for part in
        ["flip in ", "(at least ", " patients)", "`messenger-jpeg` allows", "Of 1 claim no break", "No more is asked"]
    {
        assert!(complaint.contains(part), "{part}: {complaint}");
    }
    let asked = run.settled();
    let (_, again) = run.ends(&flips);
    assert!(again.contains("No more is asked"), "{again}");
    assert_eq!(run.settled(), asked, "nothing is asked when it is called again");
    let record = run.record(&whole);
    assert!(run.settled() > asked + 100, "{asked} trials were enough");
    assert_eq!(record, Run::new().record(&whole), "as if it had never stopped");

    let more = ["messenger-jpeg", "no-photo", "--stop-when-unsteady"];
    let with_more = [&more[..], &["--cases", cases, "--model", "planted:unsteady=0.4"]].concat();
    let (code, complaint) = Run::new().ends(&with_more);
    assert!(code != Some(8) && complaint.contains("The run goes on"), "{code:?} {complaint}");
    let (_, quiet) = Run::new().ends(&["messenger-jpeg", "--cases", cases, "--model", "planted:balanced"]);
    assert!(!quiet.contains("no break can be shown"), "{quiet}");
}

#[test]
fn steadiness_is_a_claim_of_its_own_that_an_unsteady_model_breaks() {
    let unsteady = run("planted:unsteady=0.1", &["control-steady"], &untouched("phantom:120:6"));
    let flips = happened(&unsteady, "control-steady", "flip");
    // Two answers of a case differ where one deviates, or both do and to different diagnoses: 18 to 19 %.
    assert!((0.08..0.32).contains(&flips.point) && flips.n == 120, "{flips:?}");
    expect(&unsteady, "control-steady", Verdict::Breaks);
    let steady = run("planted:balanced", &["control-steady"], &untouched("phantom:120:6"));
    assert_eq!(happened(&steady, "control-steady", "flip").events, Some(0.0));
    expect(&steady, "control-steady", Verdict::Holds);
    let beside: Vec<&str> = claim(&steady, "control-steady").beside.iter().map(|row| row.title.as_str()).collect();
    assert_eq!(beside, ["flips between repeats of the control, all cases"]);
    let once = run_with("planted:balanced", "control-steady", &["--repeats", "1"]);
    let claim = claim(&once, "control-steady");
    assert_eq!((claim.verdict, claim.why.contains("asked only once")), (Verdict::NotTested, true), "{}", claim.why);
}

fn run_with(model: &str, scenario: &str, more: &[&str]) -> bedside_reports::record::Record {
    let first = [scenario, "--cases", "phantom:30:6", "--model", model];
    Run::new().record(&first.into_iter().chain(more.iter().copied()).collect::<Vec<_>>())
}

#[test]
fn twenty_four_patients_without_a_flip_leave_a_five_percent_bound_undecided() {
    let record = run("planted:ignores-image", &["control-neutral-note"], "phantom:30:1");
    let line = &claim(&record, "control-neutral-note").lines[0];
    let estimate = line.estimate.as_ref().expect("an estimate");
    assert_eq!((estimate.events, estimate.patients), (Some(0.0), 24), "30 cases of 24 patients");
    let (_, upper) = estimate.interval.expect("an interval");
    assert_eq!((upper * 1000.0).round(), 142.0);
    assert_eq!(line.verdict, Verdict::Undecided, "{}", line.why);
}

#[test]
fn a_model_whose_answers_cannot_be_read_is_not_judged_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("mumble.py");
    let text = "import json, sys\nfor line in sys.stdin:\n    r = json.loads(line)\n    \
                print(json.dumps({'v': 1, 'id': r['id'], 'text': '{}'}), flush=True)\n";
    std::fs::write(&program, text).unwrap();
    let model = format!("subprocess:python3 {}", program.display());
    let record = run(&model, &["wrong-impression", "unreadable-blur"], "phantom:6:2");
    assert_eq!((record.summary.exit, record.summary.not_tested), (4, 2), "{}", record.summary.sentence);
    assert!(record.summary.sentence.contains("can be read"), "{}", record.summary.sentence);
}

/// A cohort of 45 phantoms of whose histories four fields are told, and nothing else.
fn four_fields(folder: &Path) -> String {
    let output = bedside()
        .args(["perturb", "phantom:45:9", "--step", "neutral_sentence", "--out"])
        .arg(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let root = folder.join("neutral-sentence");
    let text = std::fs::read_to_string(root.join("cases.jsonl")).unwrap();
    let told = [("bleeding", "yes"), ("growth", "yes"), ("duration", "3 weeks"), ("fever", "no")];
    let plain = |line: &str| {
        let mut case: serde_json::Value = serde_json::from_str(line).unwrap();
        let fields = case["history"]["fields"].as_array().unwrap().iter();
        let kind = |name: &str| fields.clone().find(|field| field["name"] == name).map(|field| field["kind"].clone());
        let field = |(name, value): (&str, &str)| serde_json::json!({"name": name, "kind": kind(name), "value": value});
        let history = serde_json::json!({"fields": told.map(field), "note": null});
        case["history"] = history;
        case.to_string()
    };
    let lines: Vec<String> = text.lines().map(plain).collect();
    std::fs::write(root.join("cases.jsonl"), lines.join("\n")).unwrap();
    root.to_string_lossy().into_owned()
}

/// Points of leave-one-out, add-one-in and Shapley by group, as a model that reads those fields is found to lean on them.
fn leaning(folder: &Path, cases: &str, model: &str, orders: &str) -> (BTreeMap<String, [f64; 3]>, FieldGroups) {
    let scenario = folder.join("four.yaml");
    let text = format!(
        "format: 1\nid: four\nclaim: Which does it rest on?\nexpect: measure-only\ngroups:\n  bleeding: [bleeding]\n  \
         growth: [growth]\n  duration: [duration]\n  fever: [fever]\n{orders}"
    );
    std::fs::write(&scenario, text).unwrap();
    let record = run(model, &[&scenario.to_string_lossy()], cases);
    let found = record.fields.into_iter().next().expect("field groups are measured");
    let points = |group: &FieldGroup| [&group.leave_one_out, &group.add_one_in, &group.shapley].map(|e| e.point);
    (found.groups.iter().map(|group| (group.name.clone(), points(group))).collect(), found)
}

#[test]
fn readers_of_two_fields_are_found_to_share_the_credit_whether_one_suffices_or_both_are_needed() {
    let folder = tempfile::tempdir().unwrap();
    let cases = four_fields(folder.path());
    let (either, found) = leaning(folder.path(), &cases, "planted:reads-any=bleeding,growth", "");
    assert_eq!((either["bleeding"], either["growth"]), ([0.0, 1.0, 0.5], [0.0, 1.0, 0.5]));
    assert_eq!((either["duration"], either["fever"]), ([0.0; 3], [0.0; 3]));
    assert_eq!((found.none_told, found.all_told, found.whole.point), (0.0, 1.0, 1.0));
    assert_eq!((found.groups[0].cases, found.incomplete, found.untold), (45, 0, 0));
    let (both, _) = leaning(folder.path(), &cases, "planted:reads-all=duration,fever", "");
    assert_eq!((both["duration"], both["fever"]), ([1.0, 0.0, 0.5], [1.0, 0.0, 0.5]));
    assert_eq!((both["bleeding"], both["growth"]), ([0.0; 3], [0.0; 3]));
}

#[test]
fn drawn_orders_share_out_the_whole_and_say_how_far_off_they_may_be() {
    let folder = tempfile::tempdir().unwrap();
    let cases = four_fields(folder.path());
    let (_, found) = leaning(folder.path(), &cases, "planted:reads-any=bleeding,growth", "orders: 9\n");
    let shared: f64 = found.groups.iter().map(|group| group.shapley.point).sum();
    assert!((shared - found.whole.point).abs() < 1e-12 && found.orders == Some(9), "{shared}");
    for group in &found.groups {
        let (error, truth) =
            (group.monte_carlo.unwrap(), if ["bleeding", "growth"].contains(&group.name.as_str()) { 0.5 } else { 0.0 });
        assert_eq!(error > 0.0, truth > 0.0, "{group:?}");
        assert!((group.shapley.point - truth).abs() <= 4.0 * error, "{group:?}");
    }
}
