#![expect(clippy::disallowed_methods, reason = "tests read the files that they are about")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use bedside_perturbations::{Argument, Grading, Level, Takes, Target, catalogue::CATALOGUE};
use proptest::prelude::*;

use super::{read_step, scenario, step_yaml};
use crate::check::check;
use crate::library::{Embedded, SCENARIOS};
use crate::scenario::{Accept, Among, Basis, Expect, Step, Sweep};
use crate::suite::Source;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/scenarios")
}

fn fixtures() -> Vec<(String, Vec<u8>)> {
    let read = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.unwrap().path();
        (path.file_stem().unwrap().to_str().unwrap().to_owned(), std::fs::read(&path).unwrap())
    };
    let mut fixtures: Vec<_> = std::fs::read_dir(folder()).unwrap().map(read).collect();
    fixtures.sort();
    fixtures
}

#[test]
fn every_mistake_is_explained() {
    let mut count = 0;
    for (name, bytes) in fixtures() {
        let report = check(&[Source { name: format!("{name}.yaml"), bytes }], &Embedded);
        assert!(!report.is_clean(), "{name} is meant to be wrong");
        insta::with_settings!({snapshot_path => "../../../tests/snapshots/scenarios", prepend_module_to_snapshot => false, omit_expression => true}, {
            insta::assert_snapshot!(name.as_str(), report.to_string());
        });
        count += 1;
    }
    assert!(count > 40, "only {count} fixtures");
}

#[test]
fn every_problem_points_at_a_character_of_its_file() {
    for (name, bytes) in fixtures() {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        for problem in check(&[Source { name: name.clone(), bytes }], &Embedded).problems() {
            let line = text.lines().nth(problem.line - 1).unwrap_or_else(|| panic!("{name}: {problem}"));
            assert!(problem.column <= line.chars().count() + 1, "{name}: {problem}");
        }
    }
}

#[test]
fn a_file_over_the_limit_is_not_read() {
    let bytes = vec![b' '; 300_000];
    let problems = scenario("big.yaml", &bytes).unwrap_err();
    assert_eq!(problems[0].to_string().lines().count(), 4, "{}", problems[0]);
    assert_eq!(problems[0].why, "it has 300000 bytes; the limit is 262144");
}

fn read(body: &str) -> crate::scenario::Scenario {
    let text = format!("format: 1\nid: sample\nclaim: It holds.\n{body}");
    scenario("sample.yaml", text.as_bytes()).unwrap_or_else(|problems| panic!("{}", problems[0]))
}

#[test]
fn every_key_of_a_bound_is_read() {
    let scenario = read(
        "expect: invariant\nsteps: [defocus]\nlevels: [1, 2]\naccept:\n  - flip: {at_most: 0.1, from: 1, up_to: 2, among: \
         skin_tone=V-VI, on: shift, net: true, because: reason}\n",
    );
    let wanted = Accept {
        metric: "flip".into(),
        bound: 0.1,
        at_most: true,
        up_to: Some(2.0),
        from: Some(1.0),
        among: Some(Among::Stratum("skin_tone".into(), "V-VI".into())),
        on: Basis::Shift,
        net: true,
        because: "reason".into(),
    };
    assert_eq!(scenario.accept, [wanted]);
}

#[test]
fn a_graded_step_without_dose_runs_at_all_levels() {
    assert_eq!(read("expect: measure-only\nsteps: [defocus]\n").sweep, Sweep::Levels(Level::ALL.to_vec()));
    assert_eq!(read("expect: measure-only\nsteps: [no-image]\n").sweep, Sweep::Once);
    assert_eq!(read("expect: measure-only\nsteps: [{defocus: {level: 2}}]\n").sweep, Sweep::Once);
}

#[test]
fn nothing_missing_is_the_control_and_is_left_out() {
    assert_eq!(read("expect: measure-only\nmissing: [0, 25%, 0.5]\n").sweep, Sweep::Missing(vec![0.25, 0.5]));
}

#[test]
fn groups_of_fields_are_read_in_their_order_with_how_many_orders_are_drawn() {
    let group = |name: &str, fields: &[&str]| crate::scenario::FieldGroup {
        name: name.into(),
        fields: fields.iter().map(|field| (*field).into()).collect(),
    };
    let body = "expect: measure-only\ngroups: {the-sore: [mouth-sores, fever], age: age}\n";
    let groups = vec![group("the sore", &["mouth_sores", "fever"]), group("age", &["age"])];
    assert_eq!(read(body).sweep, Sweep::Groups { groups: groups.clone(), orders: None });
    assert_eq!(read(&format!("{body}orders: 40\n")).sweep, Sweep::Groups { groups, orders: Some(40) });
}

#[test]
fn groups_that_share_a_field_are_too_many_or_are_bounded_are_refused() {
    let problems = |body: &str| -> String {
        let text = format!("format: 1\nid: sample\nclaim: It holds.\nexpect: measure-only\n{body}");
        let problems = scenario("sample.yaml", text.as_bytes()).unwrap_err();
        problems.into_iter().map(|problem| problem.what).collect::<Vec<_>>().join("; ")
    };
    let nine: Vec<String> = (0..9).map(|k| format!("g{k}: f{k}")).collect();
    let nine = format!("groups: {{{}}}\n", nine.join(", "));
    for (body, told) in [
        ("groups: {a: [age, sex], b: [sex]}\n", "the field `sex` is in two groups"),
        ("groups: {a: [age]}\n", "too few or too many groups"),
        (&nine, "too few or too many groups"),
        ("groups: {a: age, b: sex}\nsteps: [drop_field]\n", "`steps` beside `groups`"),
        ("groups: {a: age, b: sex}\naccept:\n  - flip: {at-most: 5%, because: reason}\n", "`accept` beside `groups`"),
        ("steps: [no-image]\norders: 5\n", "`orders` without `groups`"),
    ] {
        assert!(problems(body).contains(told), "{body}: {}", problems(body));
    }
    assert!(matches!(read(&format!("expect: measure-only\n{nine}orders: 5\n")).sweep, Sweep::Groups { .. }));
}

#[test]
fn an_override_lets_more_be_demanded() {
    let scenario = read(
        "expect: invariant\nsteps: [lesion_cut]\nlevels: [1]\noverride: a tenth of the border does not matter\naccept:\n  - \
         flip: {at-most: 10%, because: reason}\n",
    );
    assert_eq!(scenario.expect, Expect::Invariant);
    assert_eq!(scenario.override_reason.as_deref(), Some("a tenth of the border does not matter"));
}

#[test]
fn abstaining_may_be_asked_for_where_a_step_leaves_nothing_to_grade() {
    for step in ["blank_grey", "noise_image"] {
        let text = format!(
            "expect: abstain\nsteps: [{step}]\naccept:\n  - abstention: {{at-least: 90%, because: nothing is shown}}\n"
        );
        assert_eq!(read(&text).expect, Expect::Abstain, "{step}");
    }
    let greyscale = "format: 1\nid: sample\nclaim: It holds.\nexpect: abstain\nsteps: [greyscale]\n";
    let problems = scenario("sample.yaml", greyscale.as_bytes()).unwrap_err();
    assert!(problems.iter().any(|problem| problem.what.contains("more is demanded")), "{problems:?}");
}

#[test]
fn a_step_may_be_applied_at_the_size_of_a_models_input() {
    let body = "expect: measure-only\nsteps:\n  - imagenet_c: {corruption: gaussian_noise, at: {model-input: 448}}\n  - jpeg\n";
    let steps = read(body).steps;
    assert_eq!(steps.iter().map(|step| step.model_input).collect::<Vec<_>>(), [Some(448), None]);
    let planned = crate::treatment::PlannedStep::decide(&steps[0], Level::new(3));
    let written = serde_json::to_value(&planned).unwrap();
    assert_eq!(written["setting"]["model_input"], 448);
    let plain = serde_json::to_value(crate::treatment::PlannedStep::decide(&steps[1], Level::new(3))).unwrap();
    assert!(plain["setting"].get("model_input").is_none(), "plans without it stay what they were: {plain}");
}

#[test]
fn less_than_the_oracle_may_always_be_demanded() {
    for entry in CATALOGUE.iter().filter(|entry| entry.card.parameters.iter().all(|parameter| !parameter.required)) {
        let rules = match entry.card.needs {
            bedside_perturbations::Needs::Nothing | bedside_perturbations::Needs::LesionBox => "",
            bedside_perturbations::Needs::Donor => "donor: {diagnosis: any}\n",
            bedside_perturbations::Needs::Foil => "foil: {rule: random}\n",
        };
        read(&format!("expect: measure-only\nsteps: [{}]\n{rules}", entry.card.id));
    }
}

#[test]
fn hyphens_and_underscores_read_alike_everywhere() {
    for entry in SCENARIOS {
        let plain = scenario("a", entry.text.as_bytes()).unwrap();
        let (head, body) = entry.text.split_once("claim:").unwrap();
        let keys =
            ["at-most", "at-least", "up-to", "must-not-miss", "measure-only", "no_image", "wrong_image", "lesion_cut"];
        let other = keys.iter().fold(body.to_owned(), |text, key| {
            let swapped = if key.contains('-') { key.replace('-', "_") } else { key.replace('_', "-") };
            text.replace(key, &swapped)
        });
        let swapped = scenario("a", format!("{head}claim:{other}").as_bytes());
        assert_eq!(
            swapped.map(|s| (s.steps, s.accept, s.expect)),
            Ok((plain.steps, plain.accept, plain.expect)),
            "{}",
            entry.id
        );
    }
}

/// Any step that the catalogue allows.
fn any_step() -> impl Strategy<Value = Step> {
    (0..CATALOGUE.len(), 0_u8..8, 0.0..=1.0_f64, "[ -~]{1,12}", any::<u64>()).prop_map(
        |(which, level, share, text, pick)| {
            let card = CATALOGUE[which].card;
            let mut step = Step {
                operator: card.id.into(),
                dose: None,
                level: None,
                arguments: BTreeMap::new(),
                model_input: None,
            };
            if let Grading::Graded { range, .. } = card.grading {
                match level {
                    0..=4 => step.level = Level::new(level + 1),
                    _ => step.dose = Some(range.mildest + share * (range.severest - range.mildest)),
                }
            }
            if card.target == Target::Image && pick.is_multiple_of(3) {
                step.model_input = Some(32 + (pick % 4000) as u32);
            }
            for (index, parameter) in card.parameters.iter().enumerate() {
                if parameter.required || pick >> index & 1 == 1 {
                    let argument = match parameter.takes {
                        Takes::Number { min, max, .. } => Argument::Number(min + share * (max - min)),
                        Takes::Choice(words) => Argument::Text(words[pick as usize % words.len()].into()),
                        Takes::Field => Argument::Text("duration".into()),
                        Takes::Text => Argument::Text(format!("a{}", text.trim())),
                    };
                    step.arguments.insert(parameter.name.into(), argument);
                }
            }
            step
        },
    )
}

proptest! {
    #[test]
    fn a_step_survives_yaml_and_back(step in any_step()) {
        let text = step_yaml(&step);
        // Parameters that exclude each other are the operator's to refuse.
        match read_step("step", &text) {
            Ok(read) => prop_assert_eq!(read, step, "{}", text),
            Err(problems) => prop_assert!(problems[0].what.ends_with("cannot be made"), "{}: {}", text, problems[0]),
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = check(&[Source { name: "a".into(), bytes }], &Embedded);
    }

    #[test]
    fn no_damage_to_a_good_file_makes_it_panic(
        which in 0..SCENARIOS.len(),
        cut in 0.0..1.0_f64,
        len in 0_usize..40,
        patch in "[a-z0-9:\\-\\[\\]{}%, \n]{0,20}",
    ) {
        let text = SCENARIOS[which].text;
        let start = (cut * text.len() as f64) as usize;
        let mut bytes = text.as_bytes().to_vec();
        let end = (start + len).min(bytes.len());
        bytes.splice(start..end, patch.bytes());
        for problem in check(&[Source { name: "a".into(), bytes }], &Embedded).problems() {
            let _ = problem.to_string();
        }
    }

    #[test]
    fn no_yaml_of_our_own_words_makes_it_panic(words in proptest::collection::vec(prop_oneof![
        Just("format: 1\n"), Just("id: a\n"), Just("claim: b\n"), Just("expect: invariant\n"), Just("expect: {directional: {}}\n"),
        Just("steps: [defocus]\n"), Just("steps: []\n"), Just("steps: {}\n"), Just("steps: [{}]\n"), Just("steps: [[x]]\n"),
        Just("levels: []\n"), Just("levels: 3\n"), Just("missing: [1e-300]\n"), Just("missing: 50%\n"), Just("on: []\n"),
        Just("on: -1\n"), Just("accept: [{}]\n"), Just("accept: [flip: ]\n"), Just("accept: [flip: {}]\n"), Just("select: {strata: {a: {}}}\n"),
        Just("factorial: {image: [], history: ~}\n"), Just("donor: any\n"), Just("gate: 1\n"), Just("template: '}{'\n"), Just("scenarios: [a, [b]]\n"),
    ], 0..12)) {
        let _ = check(&[Source { name: "a".into(), bytes: words.concat().into_bytes() }], &Embedded);
    }
}
