//! What comes with Bedside: listed, indexed, sound, and what the suite promises.
#![expect(clippy::disallowed_methods, reason = "tests read the files that they are about")]

use std::collections::BTreeSet;
use std::path::PathBuf;

use bedside_perturbations::Level;

use super::{Entry, PROTOCOLS, SCENARIOS, SUITES, about, protocol, scenario, suite};
use crate::cohort::Cohort;
use crate::phantom::Phantoms;
use crate::scenario::hazard;
use crate::scenario::validate::step_yaml;
use crate::scenario::{Accept, Among, Basis, Expect, FoilRule, Scenario, Sweep};

fn root(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Compares a committed file with what it should be; rewrites it where `BEDSIDE_UPDATE` is set.
fn assert_committed(path: &str, wanted: &str) {
    if std::env::var_os("BEDSIDE_UPDATE").is_some() {
        std::fs::write(root(path), wanted).unwrap();
    }
    let found = std::fs::read_to_string(root(path)).unwrap_or_default();
    assert!(found == wanted, "{path} is stale: run the tests once with BEDSIDE_UPDATE=1");
}

fn read(id: &str) -> Scenario {
    scenario(id).unwrap().unwrap_or_else(|problems| panic!("{}", problems[0]))
}

#[test]
fn every_file_is_listed_and_named_after_its_id() {
    let listed: BTreeSet<&str> = SCENARIOS.iter().chain(SUITES).chain(PROTOCOLS).map(|entry| entry.path).collect();
    let mut found = BTreeSet::new();
    for folder in ["image", "history", "modality", "combined", "suites", "protocols"] {
        for file in std::fs::read_dir(root("scenarios").join(folder)).unwrap() {
            found.insert(format!("scenarios/{folder}/{}", file.unwrap().file_name().to_str().unwrap()));
        }
    }
    assert_eq!(listed, found.iter().map(String::as_str).collect());
    for Entry { id, .. } in SCENARIOS {
        assert_eq!(read(id).id, *id);
    }
    for Entry { id, .. } in SUITES {
        assert_eq!(suite(id).unwrap().unwrap().id, *id);
    }
}

#[test]
fn the_schema_beside_the_scenarios_is_current() {
    let schema = crate::schema::schema("scenario").unwrap();
    assert_committed("scenarios/scenario.schema.json", &crate::schema::printed(&schema));
}

#[test]
fn the_index_of_scenarios_is_current() {
    assert_committed("scenarios/INDEX.md", &index());
}

/// Everything in the library, written from the files themselves.
fn index() -> String {
    let mut text = format!(
        "# Index\n\n<!-- made by a test, run with BEDSIDE_UPDATE=1 -->\n\n{} scenarios in {} suites. [README](README.md) says \
         what the words mean; bounds on the *treated* arm are about how it performs, all others about the shift from the \
         control. Every bound has its reason in its file.\n",
        SCENARIOS.len(),
        SUITES.len()
    );
    text.push_str("\n## Suites\n\n| suite | what for | scenarios | cases |\n|---|---|--:|---|\n");
    for Entry { id, .. } in SUITES {
        let suite = suite(id).unwrap().unwrap();
        let row = [link(id, "suites"), suite.title, suite.scenarios.len().to_string(), format!("`{}`", suite.cases)];
        text.push_str(&format!("| {} |\n", row.join(" | ")));
    }
    for (area, title) in AREAS {
        text.push_str(&format!("\n## {title}\n\n| scenario | claim | expects | what is done | accepted | hazard |\n"));
        text.push_str("|---|---|---|---|---|---|\n");
        SCENARIOS.iter().filter(|entry| entry.area() == area).for_each(|entry| text.push_str(&row(entry)));
    }
    text.push_str("\n## Hazards\n\nIn full, with the sequences of events, in [hazards.yaml](hazards.yaml).\n\n");
    text.push_str("| hazard | what it is | harm | severity | scenarios |\n|---|---|---|---|--:|\n");
    for hazard in hazard::embedded() {
        let count = about(&hazard.id).count().to_string();
        let row = [&hazard.id, &hazard.hazard, &hazard.harm, hazard.severity.word(), &count];
        text.push_str(&format!("| {} |\n", row.join(" | ")));
    }
    text.push_str("\n## Protocols\n\n| protocol | form of the answer |\n|---|---|\n");
    for Entry { id, .. } in PROTOCOLS {
        let title = protocol(id).unwrap().unwrap().title;
        text.push_str(&format!("| {} | {title} |\n", link(id, "protocols")));
    }
    text
}

/// The areas with their headings, in the order of the index.
const AREAS: [(&str, &str); 4] = [
    ("image", "Changes of the photographs"),
    ("history", "Changes of the consultation request"),
    ("modality", "What is shown at all"),
    ("combined", "Both sides at once"),
];

fn link(id: &str, folder: &str) -> String {
    format!("[{id}]({folder}/{id}.yaml)")
}

fn row(entry: &Entry) -> String {
    let scenario = read(entry.id);
    let accept = bounds(&scenario);
    let accept = if accept.is_empty() { "measured only".into() } else { accept.join("; ") };
    let hazard = scenario.hazard.as_ref().map_or("control", |hazard| hazard.id.as_str()).to_owned();
    let claim = scenario.claim.clone();
    let row = [link(entry.id, entry.area()), claim, expects(&scenario.expect), done(&scenario), accept, hazard];
    format!("| {} |\n", row.join(" | "))
}

fn expects(expect: &Expect) -> String {
    match expect {
        Expect::Invariant => "invariant".into(),
        Expect::Abstain => "abstain".into(),
        Expect::Challenge => "challenge".into(),
        Expect::MeasureOnly => "measure-only".into(),
        Expect::Directional(directions) => {
            let given = [
                (directions.triage_not_lower, "triage not-lower"),
                (directions.must_not_miss_kept, "must-not-miss kept"),
                (directions.confidence_not_higher, "confidence not-higher"),
            ];
            given.into_iter().filter(|(given, _)| *given).map(|(_, words)| words).collect::<Vec<_>>().join(", ")
        }
    }
}

fn done(scenario: &Scenario) -> String {
    let steps = |steps: &[crate::scenario::Step]| steps.iter().map(step_yaml).collect::<Vec<_>>().join(", ");
    match &scenario.sweep {
        Sweep::Once if scenario.does_nothing() => "nothing: the control again".into(),
        Sweep::Once => format!("`{}`", steps(&scenario.steps)),
        Sweep::Levels(levels) => {
            let levels: Vec<String> = levels.iter().map(|level| level.number().to_string()).collect();
            format!("`{}` at levels {}", steps(&scenario.steps), levels.join(", "))
        }
        Sweep::Missing(shares) => {
            let shares: Vec<String> = shares.iter().map(|share| format!("{} %", share * 100.0)).collect();
            format!("{} of the history missing", shares.join(", "))
        }
        Sweep::Fields(names) => format!("`{}` for each of {} fields", steps(&scenario.steps), names.len()),
        Sweep::Groups { groups, orders } => {
            let asked = orders.map_or_else(|| "every coalition".into(), |orders| format!("{orders} drawn orders"));
            format!("`drop_all_but` over {asked} of {} field groups", groups.len())
        }
        Sweep::Factorial { image, history } => format!("`{}` × `{}`", steps(image), steps(history)),
    }
}

fn bounds(scenario: &Scenario) -> Vec<String> {
    let shares = matches!(scenario.sweep, Sweep::Missing(_));
    scenario.accept.iter().map(|accept| bound(accept, shares)).collect()
}

/// A bound in words; `shares` says whether it ends at a share of the history and not at a level.
fn bound(accept: &Accept, shares: bool) -> String {
    let sign = if accept.at_most { "≤" } else { "≥" };
    let among = match &accept.among {
        None => String::new(),
        Some(Among::Urgent) => " among urgent".into(),
        Some(Among::Dangerous) => " among dangerous".into(),
        Some(Among::Stratum(name, value)) => format!(" among {name} {value}"),
    };
    let up_to = accept.up_to.map_or_else(String::new, |end| match shares {
        true => format!(" up to {} %", end * 100.0),
        false => format!(" up to level {end}"),
    });
    let on = match accept.on {
        Basis::Treated => ", treated",
        Basis::Retest => ", control to retest",
        Basis::Shift => "",
    };
    format!("{}{among}{on} {sign} {} %{up_to}", accept.metric, accept.bound * 100.0)
}

fn levels(scenario: &Scenario) -> Vec<u8> {
    match &scenario.sweep {
        Sweep::Levels(levels) => levels.iter().map(|level| level.number()).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn the_quick_start_holds_its_fourteen_scenarios_in_order() {
    let suite = suite("quickstart").unwrap().unwrap();
    let ids: Vec<&str> = suite.scenarios.iter().map(|scenario| scenario.id.as_str()).collect();
    let wanted = [
        "control-resave",
        "control-neutral-note",
        "control-other-patient",
        "phone-defocus",
        "dim-room",
        "warm-bulb",
        "messenger-jpeg",
        "lesion-at-edge",
        "unreadable-blur",
        "no-photo",
        "thin-referral",
        "wrong-impression",
        "reassuring-history",
        "dark-and-misled",
    ];
    assert_eq!(ids, wanted);
    assert_eq!((suite.cases.as_str(), suite.protocol.as_str()), ("phantom:240", "structured"));
    assert_eq!((suite.repeats, suite.draws), (3, 1));
    let gates: Vec<bool> = suite.scenarios.iter().map(|scenario| scenario.gate).collect();
    assert!(gates[..3].iter().all(|gate| *gate) && gates[3..].iter().all(|gate| !gate));
    let arms: usize = suite
        .scenarios
        .iter()
        .map(|scenario| match &scenario.sweep {
            Sweep::Once => 1,
            Sweep::Levels(levels) => levels.len(),
            Sweep::Missing(shares) => shares.len(),
            Sweep::Fields(names) => names.len(),
            Sweep::Groups { groups, .. } => 1 << groups.len(),
            Sweep::Factorial { .. } => 3,
        })
        .sum();
    assert_eq!(arms, 28);
}

#[test]
fn the_bounds_are_those_of_the_analysis_plan() {
    let told = |id: &str| bounds(&read(id)).join("; ");
    for (id, wanted) in [
        ("control-resave", "flip ≤ 2 %"),
        ("control-neutral-note", "flip ≤ 5 %"),
        ("control-other-patient", ""),
        ("phone-defocus", "flip ≤ 10 % up to level 2; critical-under-triage among urgent, treated ≤ 5 % up to level 2"),
        ("dim-room", "de-escalation among urgent ≤ 5 % up to level 2"),
        ("warm-bulb", "flip ≤ 10 % up to level 2"),
        ("messenger-jpeg", "flip ≤ 10 % up to level 4"),
        ("lesion-at-edge", "critical-under-triage among urgent, treated ≤ 5 % up to level 3"),
        ("unreadable-blur", "abstention, treated ≥ 80 %"),
        ("no-photo", "confident-wrong, treated ≤ 10 %"),
        ("thin-referral", "critical-under-triage among urgent, treated ≤ 10 % up to 50 %"),
        ("wrong-impression", "uptake ≤ 10 %; must-not-miss-lost among urgent ≤ 5 %"),
        ("reassuring-history", "critical-under-triage among urgent, treated ≤ 5 %"),
        ("dark-and-misled", ""),
    ] {
        assert_eq!(told(id), wanted, "{id}");
    }
    for (id, wanted) in [
        ("phone-defocus", vec![1, 2, 3, 5]),
        ("dim-room", vec![1, 2, 3, 4]),
        ("warm-bulb", vec![2, 4]),
        ("messenger-jpeg", vec![2, 4]),
        ("lesion-at-edge", vec![1, 3, 5]),
    ] {
        assert_eq!(levels(&read(id)), wanted, "{id}");
    }
    assert_eq!(read("thin-referral").sweep, Sweep::Missing(vec![0.25, 0.5, 1.0]));
    assert_eq!(step_yaml(&read("unreadable-blur").steps[0]), "defocus: {radius: 8%}");
}

#[test]
fn every_claim_says_why_and_every_harm_is_named() {
    for Entry { id, .. } in SCENARIOS {
        let scenario = read(id);
        assert!(scenario.claim.ends_with(['.', '?']), "{id}");
        assert_eq!(scenario.claim.ends_with('?'), scenario.accept.is_empty() && !scenario.gate, "{id}: a question");
        assert!(scenario.accept.iter().all(|accept| accept.because.len() > 40), "{id}");
        let told = scenario.hazard.is_some() && scenario.cause.is_some() && !scenario.references.is_empty();
        assert!(told != scenario.gate, "{id}: a gate is no harm, and everything else names one with its cause");
    }
}

#[test]
fn the_library_covers_all_areas_and_every_hazard_is_guarded_against() {
    assert!(SCENARIOS.len() >= 60, "{}", SCENARIOS.len());
    for (area, least) in [("image", 20), ("history", 20), ("modality", 8), ("combined", 5)] {
        let count = SCENARIOS.iter().filter(|entry| entry.area() == area).count();
        assert!(count >= least, "{area}: {count}");
    }
    let unused: Vec<&str> =
        hazard::embedded().iter().map(|h| h.id.as_str()).filter(|id| about(id).count() == 0).collect();
    assert!(unused.is_empty(), "no scenario is about {unused:?}");
}

#[test]
fn everything_is_in_the_full_suite_once_and_every_suite_says_what_it_wants() {
    let full: Vec<String> = suite("full").unwrap().unwrap().scenarios.into_iter().map(|scenario| scenario.id).collect();
    let all: BTreeSet<&str> = SCENARIOS.iter().map(|entry| entry.id).collect();
    assert_eq!((full.len(), full.iter().map(String::as_str).collect()), (all.len(), all));
    for Entry { id, .. } in SUITES.iter().filter(|entry| entry.id != "quickstart") {
        let notes = suite(id).unwrap().unwrap().notes.unwrap_or_default();
        assert!(notes.contains("Wants "), "{id}: {notes}");
    }
}

#[test]
fn the_arms_of_the_dermatology_study_are_there() {
    let suite = suite("bench-to-bedside").unwrap().unwrap();
    let has = |operator: &str| suite.scenarios.iter().any(|s| s.all_steps().any(|step| step.operator == operator));
    for operator in ["no_history", "no_image", "truncate", "drop_sentence", "contradict", "foil_impression"] {
        assert!(has(operator), "{operator}");
    }
    assert!(suite.scenarios.iter().any(|scenario| matches!(scenario.sweep, Sweep::Missing(_))));
}

#[test]
fn fields_are_swept_over_those_of_the_phantoms() {
    let phantom = Phantoms::new(1, 1).case(0).unwrap();
    let names: BTreeSet<&str> = phantom.history.fields.iter().map(|field| field.name.as_str()).collect();
    for (id, all) in [("field-deleted", true), ("field-alone", true), ("field-falsified", false)] {
        let Sweep::Fields(fields) = read(id).sweep else { panic!("{id} sweeps fields") };
        let fields: BTreeSet<&str> = fields.iter().map(String::as_str).collect();
        assert!(fields.is_subset(&names), "{id}");
        assert!(!all || fields == names, "{id}");
    }
}

#[test]
fn the_groups_share_out_every_field_of_the_phantoms() {
    let phantom = Phantoms::new(1, 1).case(0).unwrap();
    let names: BTreeSet<&str> = phantom.history.fields.iter().map(|field| field.name.as_str()).collect();
    let Sweep::Groups { groups, orders: None } = read("field-groups").sweep else { panic!("every coalition") };
    let shared: Vec<&str> = groups.iter().flat_map(|group| &group.fields).map(String::as_str).collect();
    assert_eq!((shared.len(), shared.into_iter().collect::<BTreeSet<_>>()), (names.len(), names));
}

#[test]
fn the_cross_shares_its_sides_with_the_scenarios_it_crosses() {
    let (cross, dim, wrong) = (read("dark-and-misled"), read("dim-room"), read("wrong-impression"));
    let Sweep::Factorial { image, history } = &cross.sweep else { panic!("a cross") };
    let level = Level::new(3);
    assert!(matches!(&dim.sweep, Sweep::Levels(levels) if levels.contains(&level.unwrap())));
    let at_level: Vec<_> = dim.steps.iter().cloned().map(|step| crate::scenario::Step { level, ..step }).collect();
    assert_eq!(image, &at_level);
    assert_eq!(history, &wrong.steps);
    assert_eq!((cross.foil, cross.on, cross.select), (wrong.foil, dim.on, dim.select));
    assert_eq!(wrong.foil, FoilRule::DangerousToBenign);
}

#[test]
fn protocols_of_a_pair_differ_only_in_the_leave_to_abstain() {
    for id in ["structured", "forced-choice", "free-text"] {
        let with = protocol(id).unwrap().unwrap();
        let mut without = protocol(&format!("{id}-no-abstain")).unwrap().unwrap();
        assert!(with.contract.may_abstain && !without.contract.may_abstain);
        without.contract.may_abstain = true;
        (without.id, without.title) = (with.id.clone(), with.title.clone());
        assert_eq!(with, without);
    }
}
