//! Runs made by hand, with answers that can be worked out on paper.
//!
//! An answer is one letter: `m` melanoma (right), `k` a kind of it (wrong), `f` its family (wrong), `l` lentigo (wrong), `n` naevus (the planted one), `a` abstains, `u`
//! unusable, `?` words that match nothing, `x` no answer came, `-` the perturbation did not apply.

use serde_json::{Value, json};

use super::*;
use crate::metrics::tests::{abstaining, reading};
use crate::reading::{Reading, Reason};
use crate::shift::Slot;
use crate::stats::Why;
use bedside_perturbations::Unfit;

const CONTROL: u32 = 0;
pub(crate) const SHAM: u32 = 1;
pub(crate) const POSITIVE: u32 = 2;
const MILD: u32 = 3;
const STRONG: u32 = 4;

pub(crate) struct Run {
    pub(crate) plan: Plan,
    pub(crate) slots: Slots,
}

impl Run {
    /// A run of so many cases; `each` cases share a patient.
    fn new(cases: usize, each: usize, scenarios: &[Value]) -> Self {
        let cells: Vec<Value> = (0..scenarios.len()).flat_map(cells).collect();
        let scale = ["emergency", "urgent", "soon", "routine"].map(|id| json!({"id": id, "meaning": id}));
        let people: Vec<Value> = (0..cases).map(|case| self::case(case, case / each)).collect();
        let protocol = serde_json::to_value(crate::library::protocol("structured").unwrap().unwrap()).unwrap();
        let plan = json!({
            "format": 1, "version": "0", "suite": "test", "seed": 1, "repeats": 2, "draws": 1, "model": {},
            "protocol": protocol,
            "cohort": {"name": "c", "licence": "l", "citation": null, "synthetic": true, "listed": cases,
                "triage": scale,
                "exclusions": [], "warnings": []},
            "scenarios": scenarios, "treatments": treatments(), "cells": cells, "trials": [],
            "cases": people,
        });
        Self { plan: serde_json::from_value(plan).unwrap(), slots: Slots::default() }
    }

    /// The same answers in an arm for every case.
    pub(crate) fn all(mut self, treatment: u32, answers: &str) -> Self {
        for case in 0..self.plan.cases.len() {
            self = self.one(case, treatment, answers);
        }
        self
    }

    /// The answers of one case in an arm, one letter per repeat or draw.
    pub(crate) fn one(mut self, case: usize, treatment: u32, answers: &str) -> Self {
        for (repeat, letter) in (0..).zip(answers.chars()) {
            self.slots.insert(u32::try_from(case).unwrap(), treatment, repeat, slot(letter));
        }
        self
    }

    /// A sham that moves nothing and a positive control that moves everything.
    pub(crate) fn with_channel_in_use(self) -> Self {
        self.all(SHAM, "m").all(POSITIVE, "l")
    }

    pub(crate) fn measure(&self) -> Sensitivity {
        measure(&self.plan, &self.slots)
    }

    fn verdict(&self) -> Verdict {
        self.measure().claims[0].verdict
    }
}

fn treatments() -> Value {
    let of = |role: Value, operator: &str, setting: Value| {
        let steps = json!([{"operator": operator, "setting": setting}]);
        json!({"role": role, "steps": steps, "on": "all", "donor": null, "foil": null})
    };
    json!([
        {"role": "control", "steps": [], "on": "all", "donor": null, "foil": null},
        of(json!({"sham": "image"}), "reencode", json!({})),
        of(json!({"positive": "image"}), "wrong_image", json!({})),
        of(json!("treated"), "defocus", json!({"dose": 0.01})),
        of(json!("treated"), "defocus", json!({"dose": 0.05})),
    ])
}

/// Two levels of defocus.
fn cells(scenario: usize) -> Vec<Value> {
    let cell = |treatment: u32, position: f64| {
        json!({"scenario": scenario, "treatment": treatment, "label": format!("L{position}"), "position": position,
            "part": "whole"})
    };
    vec![cell(MILD, 2.0), cell(STRONG, 5.0)]
}

fn case(case: usize, patient: usize) -> Value {
    json!({"id": format!("c{case:03}"), "patient": format!("p{patient:03}"), "digest": "",
        "truth": {"differential": [["melanoma", 1.0]], "dangerous": true, "must_consider": ["melanoma"],
            "triage": {"ideal": "urgent", "least_urgent_safe": "urgent"}, "source": "test"},
        "strata": {}, "modalities": ["clinical-photo"], "told": true, "foils": {}})
}

fn scenario(expect: &str, accept: &[Value]) -> Value {
    json!({"id": "s", "claim": "c", "expect": expect, "gate": false, "hazard": null,
        "select": {"modality": [], "strata": {}, "dangerous": null, "urgent": null}, "on": "all", "steps": [],
        "sweep": {"levels": [2, 5]}, "donor": "different", "foil": "nearest", "accept": accept, "references": [],
        "override_reason": null})
}

/// A bound up to level 2.
pub(crate) fn accept(metric: &str, bound: f64) -> Value {
    let on = if metric == "abstention" { "treated" } else { "shift" };
    json!({"metric": metric, "bound": bound, "at_most": metric != "abstention", "up_to": 2.0, "from": null,
        "among": null, "on": on, "net": false, "because": "test"})
}

/// The same on gross less floor, at both levels.
fn accept_net(bound: f64) -> Value {
    let mut accept = accept("flip", bound);
    accept["net"] = json!(true);
    accept["up_to"] = json!(null);
    accept
}

fn slot(letter: char) -> Slot {
    let reading = match letter {
        'm' => reading(&[("melanoma", 0.6)], "urgent"),
        'k' => reading(&[("nodular_melanoma", 0.6)], "urgent"),
        'f' => reading(&[("skin_cancer", 0.6)], "urgent"),
        'l' => reading(&[("lentigo", 0.6)], "soon"),
        'n' => reading(&[("melanocytic_naevus", 0.6)], "soon"),
        '?' => reading(&[("?odd words", 0.6)], "urgent"),
        'a' => abstaining(),
        'u' => Reading::missing(Reason::Unreadable),
        'x' => return Slot::Failed { planted: Some("melanocytic_naevus".into()) },
        '-' => return Slot::Unfit(Unfit::NeedsFoil),
        other => panic!("no answer `{other}`"),
    };
    Slot::Read { reading, planted: Some("melanocytic_naevus".into()) }
}

fn near(estimate: Option<&Estimate>, point: f64, n: u64) {
    let estimate = estimate.unwrap();
    assert!((estimate.point - point).abs() < 1e-12 && estimate.n == n, "{estimate:?} is not {point} of {n}");
}

/// Three cases: a flip; an unsteady control; a control with one repeat lost and an unusable answer.
fn three() -> Run {
    let run = Run::new(3, 1, &[scenario("invariant", &[accept("truth-lost-top-1", 0.1)])]);
    let run = run.one(0, CONTROL, "mm").one(0, MILD, "l").one(0, SHAM, "m");
    let run = run.one(1, CONTROL, "ml").one(1, MILD, "m").one(1, SHAM, "m");
    run.one(2, CONTROL, "lx").one(2, MILD, "u").one(2, SHAM, "-")
}

#[test]
fn wrong_answers_are_told_apart_and_add_up_to_the_wrong_ones_of_the_table() {
    let run = Run::new(6, 1, &[scenario("invariant", &[accept("truth-lost-top-1", 0.1)])]);
    let run =
        ["mm", "mm", "kk", "ll", "??", "xm"].iter().enumerate().fold(run, |run, (n, said)| run.one(n, CONTROL, said));
    let run = ["k", "f", "f", "m", "l", "l"].iter().enumerate().fold(run, |run, (n, said)| run.one(n, MILD, said));
    let cell = run.measure().cells.swap_remove(0);
    assert_eq!(cell.missed, [[1, 0, 1, 1], [1, 2, 1, 0]], "the sixth case has no control");
    let wrong = place(Outcome::Wrong);
    assert_eq!(cell.missed[0].iter().sum::<u64>(), cell.table[wrong].iter().sum::<u64>());
    assert_eq!(cell.missed[1].iter().sum::<u64>(), cell.table.iter().map(|row| row[wrong]).sum::<u64>());
}

#[test]
fn flips_to_and_from_abstaining_or_unusable_are_counted_apart() {
    let run = Run::new(6, 1, &[scenario("invariant", &[accept("flip", 0.1)])]);
    let run = ["m", "a", "m", "u", "a", "a"].iter().enumerate().fold(run, |run, (n, said)| run.one(n, CONTROL, said));
    let run = ["a", "m", "u", "m", "u", "a"].iter().enumerate().fold(run, |run, (n, said)| run.one(n, MILD, said));
    assert_eq!(run.measure().cells.swap_remove(0).withdrawn, [1, 2, 2, 1]);
}

#[test]
fn a_cell_of_three_cases_by_hand() {
    let cell = three().measure().cells.swap_remove(0);
    assert_eq!((cell.pairs, cell.failed), (3, 0));
    near(cell.gross.as_ref(), 2.5 / 3.0, 3);
    near(cell.floor.as_ref(), 0.5, 2);
    near(cell.net.as_ref(), 0.25, 2);
    near(cell.sham.as_ref(), 0.25, 2);
    near(cell.sham_excess.as_ref(), 0.5, 2);
    let accuracy = cell.accuracy.unwrap();
    near(Some(&accuracy.control), 0.5, 3);
    near(Some(&accuracy.treated), 1.0 / 3.0, 3);
    near(accuracy.difference.as_ref(), -1.0 / 6.0, 3);
    assert_eq!(cell.table, [[1, 1, 0, 0], [0, 0, 0, 1], [0; 4], [0; 4]]);
    let [steady, wavering, wrong] = cell.by_steadiness;
    assert_eq!((steady[0][1], wavering[0][0], wrong[1][3]), (1, 1, 1));
    assert_eq!(cell.energy, None);
}

#[test]
fn the_energy_form_needs_two_draws_and_subtracts_what_both_arms_do_alone() {
    let run = three().one(0, MILD, "lm").one(1, MILD, "mm").one(2, MILD, "u");
    // Cases 0 and 1: 2·½ − 0 − 1 and 2·½ − 1 − 0.
    assert_eq!(run.measure().cells[0].energy, Some(0.0));
}

#[test]
fn the_control_arm_and_the_retest_by_hand() {
    let found = three().measure();
    assert_eq!((found.control.outcomes, found.control.failed), ([2, 1, 0, 0], 0));
    assert_eq!(found.control.readable, Some(5.0 / 6.0));
    near(found.control.accuracy.as_ref(), 2.0 / 3.0, 3);
    near(found.control.floor.as_ref(), 0.5, 2);
    let line = &found.claims[0].lines[0];
    // Case 1 loses the truth on its own second repeat; case 2 was never right.
    assert_eq!(line.retest[0], Some(Counted { events: 1, of: 2 }));
    assert_eq!(line.sham[0], Some(Counted { events: 0, of: 2 }));
    let level = &line.ruling.levels[0];
    let estimate = &level.observed.as_ref().unwrap().estimate;
    assert_eq!((estimate.events, estimate.n, level.failed), (Some(1.0), 2, 0));
}

#[test]
fn a_lost_answer_counts_both_ways_only_where_the_control_let_the_case_in() {
    let run = three().one(0, MILD, "x").one(2, MILD, "x");
    let found = run.measure();
    let level = &found.claims[0].lines[0].ruling.levels[0];
    assert_eq!(level.failed, 1, "case 2 was wrong at control: it is not in the denominator");
    assert_eq!(level.worst.as_ref().unwrap().estimate.events, Some(1.0));
    assert_eq!(level.best.as_ref().unwrap().estimate.events, Some(0.0));
    assert_eq!((found.cells[0].pairs, found.cells[0].failed), (1, 2));
}

#[test]
fn a_case_without_a_reference_is_no_lost_answer() {
    let mut run = three().one(1, MILD, "x");
    run.plan.cases[0].truth.differential.clear();
    let cell = run.measure().cells.swap_remove(0);
    assert_eq!((cell.pairs, cell.failed), (1, 1), "case 0 answered and cannot be judged, case 1 did not answer");
}

/// So many patients in a cross of photographs (treatment 3) and history (4), both in treatment 2.
pub(crate) fn cross(cases: usize, declared: Option<crate::scenario::Sign>) -> Run {
    let mut crossed = scenario("measure-only", &[]);
    crossed["sweep"] = json!({"factorial": {"image": [], "history": []}});
    crossed["interaction"] = json!(declared);
    let mut run = Run::new(cases, 1, &[crossed]);
    let cell = |treatment: u32, part: &str| json!({"scenario": 0, "treatment": treatment, "label": part, "position": null, "part": part});
    let cells = json!([cell(MILD, "image-only"), cell(STRONG, "history-only"), cell(POSITIVE, "both")]);
    run.plan.cells = serde_json::from_value(cells).unwrap();
    run
}

#[test]
fn a_case_to_which_nothing_was_done_leaves_the_denominator() {
    let run = three().one(1, MILD, "-").one(2, MILD, "-").one(2, STRONG, "m");
    let found = run.measure();
    assert_eq!((found.cells[0].pairs, found.cells[0].failed), (1, 0));
    let claim = &found.claims[0];
    assert_eq!((claim.selected, claim.applied), (3, 2), "case 2 was exposed at one level");
    assert_eq!(claim.unfit.values().sum::<u64>(), 2 + 2, "two did not apply; cases 0 and 1 have no trial at L5");
}

#[test]
fn a_draw_that_did_not_apply_is_no_lost_answer() {
    let found = three().one(0, MILD, "-l").measure();
    assert_eq!((found.cells[0].pairs, found.cells[0].failed), (3, 0));
    assert_eq!(found.claims[0].lines[0].ruling.levels[0].failed, 0);
}

#[test]
fn adoption_is_counted_against_all_answers_that_came() {
    let run = three().one(0, MILD, "n").one(1, MILD, "?").one(2, MILD, "n");
    let cell = run.measure().cells.swap_remove(0);
    near(cell.uptake.as_ref(), 2.0 / 3.0, 3);
    near(cell.adoption_excess.as_ref(), 2.0 / 3.0, 3);
    assert_eq!(cell.aligned, Some((1, 2)), "words that match nothing are a wrong switch, but not to the planted one");
    near(Some(&cell.accuracy.unwrap().treated), 0.0, 3);
}

#[test]
fn mcnemar_looks_at_right_and_wrong_and_not_at_abstaining() {
    let scenarios = [scenario("invariant", &[accept("flip", 0.1)])];
    let run = Run::new(7, 1, &scenarios).all(CONTROL, "mm").all(MILD, "a").one(0, MILD, "l");
    assert!((run.measure().cells[0].mcnemar.unwrap() - 1.0).abs() < 1e-12);
    let wrong = run.all(MILD, "l");
    assert!((wrong.measure().cells[0].mcnemar.unwrap() - 2.0 / 128.0).abs() < 1e-15);
    let shared = Run::new(8, 2, &scenarios).all(CONTROL, "mm").all(MILD, "l");
    assert_eq!(shared.measure().cells[0].mcnemar, None, "two cases per patient are not independent");
}

/// Thirty patients whom level 2 does not move and level 5 does.
pub(crate) fn thirty(accepts: &[Value]) -> Run {
    Run::new(30, 1, &[scenario("invariant", accepts)]).all(CONTROL, "mm").all(MILD, "m").all(STRONG, "l")
}

#[test]
fn a_claim_holds_when_all_lines_do_breaks_when_one_does_and_is_open_otherwise() {
    let [holds, open] = [accept("flip", 0.12), accept("truth-lost-top-1", 0.05)];
    let broken = |run: Run| (0..30).step_by(2).fold(run, |run, case| run.one(case, MILD, "l"));
    assert_eq!(
        thirty(std::slice::from_ref(&holds)).with_channel_in_use().verdict(),
        Verdict::Holds,
        "level 5 is not judged"
    );
    let both = || thirty(&[holds.clone(), open.clone()]).with_channel_in_use();
    assert_eq!(both().verdict(), Verdict::Undecided(Why::Power));
    assert_eq!(broken(both()).verdict(), Verdict::Breaks);
    assert_eq!(both().one(0, MILD, "x").verdict(), Verdict::Undecided(Why::Missing), "the first line needs case 0");
}

#[test]
fn the_envelope_ends_before_the_first_level_that_does_not_hold() {
    let envelope = |run: Run| run.with_channel_in_use().measure().claims[0].lines[0].envelope;
    assert_eq!(envelope(thirty(&[accept("flip", 0.12)])), Some(0));
    assert_eq!(envelope(thirty(&[accept("flip", 0.12)]).all(STRONG, "m")), Some(1));
    assert_eq!(envelope(thirty(&[accept("flip", 0.12)]).all(MILD, "l").all(STRONG, "m")), None);
}

#[test]
fn a_channel_that_does_not_move_the_model_makes_claims_vacuous() {
    let bound = || thirty(&[accept("flip", 0.12)]);
    let unmoved = bound().all(SHAM, "m").all(POSITIVE, "m");
    assert_eq!(unmoved.verdict(), Verdict::Vacuous(Channel::Image));
    assert_eq!(unmoved.measure().claims[0].holds_in_family, None);
    let restless = bound().all(SHAM, "l").all(POSITIVE, "l");
    assert_eq!(restless.verdict(), Verdict::Vacuous(Channel::Image), "no more than the sham does");
    let few = (0..3).fold(bound().all(SHAM, "m").all(POSITIVE, "m"), |run, case| run.one(case, POSITIVE, "l"));
    assert_eq!(few.verdict(), Verdict::UseNotShown(Channel::Image), "3 of 30: neither used nor unused");
    assert_eq!(bound().all(SHAM, "m").verdict(), Verdict::NotTested(Standing::NoPositiveControl(Channel::Image)));
    let found = bound().with_channel_in_use().measure();
    let used = &found.channels[&Channel::Image];
    assert_eq!(used.used, crate::sensitivity::Use::Shown);
    near(used.excess.as_ref(), 1.0, 30);
}

#[test]
fn a_claim_that_the_model_abstains_needs_no_channel() {
    let run = Run::new(30, 1, &[scenario("abstain", &[accept("abstention", 0.8)])]).all(CONTROL, "mm").all(MILD, "m");
    assert_eq!(run.all(SHAM, "m").all(POSITIVE, "m").verdict(), Verdict::Breaks);
}

#[test]
fn nothing_exposed_is_not_tested_and_no_bound_is_measured() {
    let none = Run::new(30, 1, &[scenario("invariant", &[accept("flip", 0.1)])]).all(CONTROL, "mm").all(MILD, "-");
    assert_eq!(none.verdict(), Verdict::NotTested(Standing::NoCase));
    let free = Run::new(30, 1, &[scenario("measure-only", &[])]).all(CONTROL, "mm").all(MILD, "l");
    assert_eq!(free.verdict(), Verdict::Measured);
}

#[test]
fn few_patients_an_unknown_floor_and_unrest_leave_it_undecided() {
    let scenarios = [scenario("invariant", &[accept("flip", 0.12)])];
    let few = Run::new(38, 2, &scenarios).all(CONTROL, "mm").all(MILD, "l").with_channel_in_use();
    assert_eq!(few.verdict(), Verdict::Undecided(Why::TooFewPatients), "38 cases of 19 patients");
    let once = Run::new(30, 1, &scenarios).all(CONTROL, "m").all(MILD, "m").with_channel_in_use();
    assert_eq!(once.verdict(), Verdict::Undecided(Why::FloorNotMeasured));
    let restless = Run::new(30, 1, &scenarios).all(CONTROL, "mn").all(MILD, "l").with_channel_in_use();
    assert_eq!(restless.verdict(), Verdict::Undecided(Why::Unsteady));
}

#[test]
fn patients_are_the_clusters() {
    let run = Run::new(60, 2, &[scenario("invariant", &[accept("flip", 0.1)])]).all(CONTROL, "mm").all(MILD, "m");
    let run = run.one(0, MILD, "l").one(1, MILD, "l");
    let found = run.measure();
    let rate = found.claims[0].lines[0].ruling.levels[0].observed.as_ref().unwrap();
    assert_eq!((rate.estimate.n, rate.estimate.patients), (60, 30));
    // Both cases of a patient always agree: each says as much as half a case, and no more than 30 patients would.
    assert!(rate.effective <= 30.0, "{rate:?}");
    assert!(rate.estimate.interval.unwrap().1 > stats::clopper_pearson(2.0, 60.0, 0.025).1);
}

#[test]
fn the_family_of_a_plan_keeps_the_claims_that_turn_out_untestable() {
    let alone = [scenario("invariant", &[accept("flip", 0.12)])];
    // 0.88³⁰ = 0.0216: alone it holds in its family.
    let run = |scenarios: &[Value]| {
        Run::new(30, 1, scenarios).all(CONTROL, "mm").all(MILD, "m").all(STRONG, "m").with_channel_in_use()
    };
    assert_eq!(run(&alone).measure().claims[0].holds_in_family, Some(true));
    let mut nobody = alone[0].clone();
    nobody["select"]["dangerous"] = json!(false);
    let found = run(&[alone[0].clone(), nobody]).measure();
    assert_eq!(found.claims[1].verdict, Verdict::NotTested(Standing::NoCase));
    assert_eq!((found.claims[0].verdict, found.claims[0].holds_in_family), (Verdict::Holds, Some(false)));
    let free = scenario("measure-only", &[]);
    assert_eq!(run(&[alone[0].clone(), free]).measure().claims[0].holds_in_family, Some(true), "nothing is claimed");
}

#[test]
fn false_alarms_are_expected_per_judged_line() {
    let two = thirty(&[accept("flip", 0.12), accept("truth-lost-top-1", 0.05)]);
    assert!((two.with_channel_in_use().measure().expected_false_breaks - 0.05).abs() < 1e-15);
}

#[test]
fn a_net_line_is_judged_on_the_difference() {
    let net = || Run::new(40, 1, &[scenario("invariant", &[accept_net(0.1)])]).all(SHAM, "m").all(POSITIVE, "n");
    // Gross ½, floor 1: all of it is unrest.
    let restless = net().all(CONTROL, "ml").all(MILD, "m").all(STRONG, "m");
    let found = restless.measure();
    assert_eq!(found.claims[0].verdict, Verdict::Holds);
    near(found.claims[0].lines[0].net[0].observed.as_ref(), -0.5, 40);
    assert_eq!(found.claims[0].lines[0].envelope, Some(1));
    let moved = net().all(CONTROL, "mm").all(MILD, "m").all(STRONG, "l").measure();
    assert_eq!(moved.claims[0].verdict, Verdict::Breaks);
    assert_eq!((moved.claims[0].lines[0].ruling.level, moved.claims[0].lines[0].envelope), (Some(1), Some(0)));
}

#[test]
fn a_net_line_needs_a_floor_and_enough_patients_at_every_level() {
    let net = || Run::new(60, 1, &[scenario("invariant", &[accept_net(0.12)])]).with_channel_in_use();
    let once = net().all(CONTROL, "m").all(MILD, "m").all(STRONG, "m");
    assert_eq!(once.verdict(), Verdict::Undecided(Why::FloorNotMeasured));
    let thin = net().all(CONTROL, "mm").all(MILD, "m").all(STRONG, "-");
    let thin = (0..10).fold(thin, |run, case| run.one(case, STRONG, "m"));
    assert_eq!(thin.verdict(), Verdict::Undecided(Why::TooFewPatients));
    let lost = net().all(CONTROL, "mm").all(MILD, "m").all(STRONG, "m");
    assert_eq!(lost.verdict(), Verdict::Holds);
    let lost = (0..12).fold(lost, |run, case| run.one(case, STRONG, "x"));
    assert_eq!(lost.verdict(), Verdict::Undecided(Why::Missing));
}

#[test]
fn the_worst_finding_is_the_broken_one_and_is_told_from_chance_by_asking_again() {
    let run = thirty(&[accept("flip", 0.12), accept("truth-lost-top-1", 0.05)]).with_channel_in_use();
    let run = (4..30).step_by(2).fold(run, |run, case| run.one(case, MILD, "l"));
    let found = run.measure();
    let worst = found.worst.first().expect("a finding");
    assert_eq!((worst.claim, worst.level, worst.case), (0, 0, 4), "the first case in which it happened");
    let line = &found.claims[worst.claim].lines[worst.line];
    assert!(line.metric.harms);
    let again = |letter: char| worst.came_again(&run.plan, &run.slots, &found.claims, &slot(letter));
    assert_eq!((again('l'), again('m'), again('x')), (Some(true), Some(false), None));
}

#[test]
fn nothing_that_did_not_happen_is_a_finding() {
    let run = thirty(&[accept("truth-lost-top-1", 0.2)]).all(STRONG, "m").with_channel_in_use();
    assert!(run.measure().worst.is_empty());
}

#[test]
fn what_only_takes_away_is_set_against_a_dropped_irrelevant_field_where_the_case_has_one() {
    let mut run = Run::new(2, 1, &[]);
    let step = |operator: &str| json!([{"operator": operator, "setting": {}}]);
    let of = |role: Value, operator: &str, field: Value| json!({"role": role, "steps": step(operator), "on": "all", "donor": null, "foil": null, "field": field});
    let treatments = json!([
        {"role": "control", "steps": [], "on": "all", "donor": null, "foil": null},
        of(json!({"sham": "history"}), "drop_field", json!("irrelevant")),
        of(json!({"sham": "history"}), "neutral_sentence", Value::Null),
        of(json!("treated"), "drop_all", Value::Null),
        of(json!("treated"), "foil_impression", Value::Null),
    ]);
    run.plan.treatments = serde_json::from_value(treatments).unwrap();
    // Case 0 has an irrelevant field, case 1 has none; the sentence moves both, the field does not.
    let run = run.all(0, "mm").all(2, "l").one(0, 1, "m").all(3, "n").all(4, "n");
    let flip = crate::metrics::find("flip").unwrap();
    let shams = |treatment: usize| -> Vec<Option<f64>> {
        let channels = run.plan.treatments[treatment].channels();
        let shifts = crate::shift::Run::of(&run.plan, &run.slots).treatment(treatment, &channels, 0..2);
        shifts.iter().map(|shift| shift.gross_sham(flip)).collect()
    };
    assert_eq!(shams(3), [Some(0.0), Some(1.0)], "the field where there is one, else the sentence");
    assert_eq!(shams(4), [Some(1.0), Some(1.0)], "a planted impression adds words");
}

/// Thirty patients whom neither level moves.
fn steady(accepts: &[Value]) -> Run {
    thirty(accepts).all(STRONG, "m")
}

/// The first line's dose response. Defocus of 1 % and 5 % of the shorter side; a dose of 0 is the clean case.
fn response(run: &Run) -> Option<Response> {
    run.measure().responses.swap_remove(0).swap_remove(0)
}

#[test]
fn a_dose_response_by_hand() {
    let line = [accept("flip", 0.2)];
    let run = (0..15).fold(steady(&line), |run, case| run.one(case, STRONG, "l"));
    let run = (0..3).fold(run, |run, case| run.one(case, MILD, "l"));
    let found = response(&run).unwrap();
    assert_eq!((found.cases, found.patients, found.tau, found.trend.fall), (30, 30, Some(1.0), None));
    let close = |found: f64, wanted: f64| assert!((found - wanted).abs() < 1e-12, "{found} is not {wanted}");
    close(found.slope, 0.4 / 4.0);
    close(found.rise.point, 0.4);
    assert_eq!(found.rise.interval, None, "30 patients carry no bootstrap");
    assert_eq!(found.fit, [0.1, 0.5]);
    // Twelve patients move one way: 2 of 2¹² patterns are as far apart, of 1,999 drawn hardly one.
    assert!(found.trend.p < 0.005 && found.trend.permutations == 1_999, "{:?}", found.trend);
    // Right: 1 clean, 0.9 at 1 %, 0.5 at 5 %.
    let area = found.area.unwrap();
    close(area.point, (0.95 + 4.0 * 0.7) / 5.0);
    assert!(area.interval.is_some_and(|(low, high)| low > 0.5 && high < 0.95), "{area:?}");
    assert_eq!(found.half, None, "the photograph was never taken away");
}

#[test]
fn a_rate_that_falls_with_the_dose_is_called_not_monotone() {
    let line = [accept("flip", 0.2)];
    let falls = |cases: usize| response(&(0..cases).fold(steady(&line), |run, case| run.one(case, MILD, "l"))).unwrap();
    let (much, little) = (falls(12), falls(1));
    let fall = much.trend.fall.unwrap();
    assert!((fall.size - 0.4).abs() < 1e-12 && (fall.from, fall.to) == (0, 1) && much.is_not_monotone(), "{fall:?}");
    assert_eq!(much.fit, [0.2, 0.2]);
    assert!(little.trend.fall.is_some() && !little.is_not_monotone());
}

#[test]
fn a_case_counts_with_an_answer_at_every_dose_and_twenty_patients_are_needed() {
    let line = [accept("flip", 0.2)];
    let lost = |cases: usize| (0..cases).fold(thirty(&line), |run, case| run.one(case, MILD, "x"));
    assert_eq!(response(&lost(10)).map(|found| found.cases), Some(20));
    assert_eq!(response(&lost(11)), None);
}

#[test]
fn half_of_what_a_photograph_is_worth_is_lost_between_two_doses() {
    let line = [accept("flip", 0.2)];
    let mut run = thirty(&line).all(STRONG, "l");
    // The positive control's arm takes the photograph away instead, and six cases are right without it.
    run.plan.treatments[POSITIVE as usize].steps[0].operator = "no_image".into();
    let run = (0..6).fold(run.all(POSITIVE, "l"), |run, case| run.one(case, POSITIVE, "m"));
    let half = response(&run).unwrap().half.unwrap();
    assert_eq!((half.clean, half.empty, half.after, half.by), (1.0, 0.2, Some(1.0), Some(5.0)));
    // From 1 at 1 % to 0 at 5 %, and 0.6 is half way.
    assert!(half.dose.is_some_and(|dose| (dose - 2.6).abs() < 1e-12), "{half:?}");
}

#[test]
fn cells_that_nothing_is_claimed_of_are_exploratory_and_corrected_together() {
    let found = thirty(&[]).all(STRONG, "l").measure();
    let [mild, strong] = found.exploratory.as_slice() else { panic!("two cells") };
    assert_eq!(mild.map(|found| (found.p, found.q)), Some((1.0, 1.0)));
    // All thirty patients turn one way: of 1,999 drawn patterns none is as extreme, and there are two cells.
    assert_eq!(strong.map(|found| (found.p, found.q)), Some((0.0005, 0.001)));
    let claimed = thirty(&[accept("flip", 0.2)]).measure();
    assert!(claimed.exploratory.iter().all(Option::is_none));
}

#[test]
fn score_intervals_and_the_mid_p_stand_beside_where_every_patient_has_one_case() {
    let lost = (0..8).fold(steady(&[]), |run, case| run.one(case, STRONG, "l"));
    let cell = lost.measure().cells.swap_remove(1);
    for estimate in [&cell.difference, &cell.newcombe, &cell.tango] {
        near(estimate.as_ref(), -8.0 / 30.0, 30);
        assert!(estimate.as_ref().unwrap().interval.is_some_and(|(low, high)| low < -0.2 && high < 0.0));
    }
    let is = |p: Option<f64>, wanted: f64| p.is_some_and(|p| (p - wanted).abs() < 1e-12);
    assert!(is(cell.mcnemar, 2.0 / 256.0) && is(cell.mcnemar_mid, 1.0 / 256.0), "{:?}", cell.mcnemar_mid);
    let pairs = (0..8)
        .fold(Run::new(30, 2, &[scenario("invariant", &[])]).all(STRONG, "m"), |run, case| run.one(case, STRONG, "l"));
    let cell = pairs.all(CONTROL, "mm").measure().cells.swap_remove(1);
    assert_eq!((cell.newcombe, cell.tango, cell.mcnemar_mid), (None, None, None));
    assert!(cell.difference.is_some());
}
