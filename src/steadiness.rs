//! Whether a model is too unsteady for its claims: its own unrest, seen while a run is under way.
//!
//! At a look nothing is read but the control of the first patients and its repeats, and no claim is called. So a look tells
//! nothing about any effect, and no error rate is spent on it: stopping for want of steadiness, like stopping for want of
//! money, is no early verdict.
//!
//! A line with an upper bound on a gross shift cannot break once the floor is beyond the bound, because that is excused, and it
//! holds only if the treated arm is steadier than the control (`stats::judge`). That may be so; unrest never blocks a Holds.
//! So a look is something that is said, and a run stops at one only where that was asked for.

use std::collections::BTreeSet;

use crate::metrics::{self, Kind, Metric};
use crate::plan::Plan;
use crate::scenario::{Accept, Basis, Scenario};
use crate::shift::{Run, Shift, Slots, Told};
use crate::stats::{self, Observation};
use crate::words;

/// How many patients the first look is at; every further one is at twice as many.
pub const FIRST_LOOK: usize = 40;

/// One look: the first patients of the plan's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// How many patients.
    pub patients: usize,
    /// Their control trials, repeats included, by place in the plan.
    pub trials: BTreeSet<u64>,
    /// Their cases, by index in the plan.
    cases: BTreeSet<usize>,
}

/// The looks of a plan, the first one first; none at all of its patients, for then the run is over.
#[must_use]
pub fn looks(plan: &Plan) -> Vec<Look> {
    let mut patients: BTreeSet<&str> = BTreeSet::new();
    let mut order: Vec<&str> = Vec::new();
    for case in plan.trials.iter().filter_map(|trial| plan.cases.get(trial.case as usize)) {
        if patients.insert(&case.patient) {
            order.push(&case.patient);
        }
    }
    let sizes = core::iter::successors(Some(FIRST_LOOK), |size| size.checked_mul(2));
    sizes.take_while(|size| *size < order.len()).map(|size| look(plan, order.get(..size).unwrap_or_default())).collect()
}

fn look(plan: &Plan, patients: &[&str]) -> Look {
    let chosen: BTreeSet<&str> = patients.iter().copied().collect();
    let is_in = |case: usize| plan.cases.get(case).is_some_and(|case| chosen.contains(case.patient.as_str()));
    let control = plan.trials.iter().zip(0..).filter(|(trial, _)| trial.treatment as usize == Plan::CONTROL);
    let trials = control.filter(|(trial, _)| is_in(trial.case as usize)).map(|(_, place)| place).collect();
    Look { patients: patients.len(), trials, cases: (0..plan.cases.len()).filter(|case| is_in(*case)).collect() }
}

/// What a look finds.
#[derive(Debug, Clone, PartialEq)]
pub struct Unrest {
    /// How many patients were looked at.
    pub patients: usize,
    /// The claims that can break no more and hold only with a steadier treated arm, in the plan's order.
    pub lost: Vec<Lost>,
    /// How many other claims the treated answers are still needed for.
    pub open: usize,
}

/// A claim whose bounds the model's own unrest is beyond.
#[derive(Debug, Clone, PartialEq)]
pub struct Lost {
    /// The scenario's id.
    pub scenario: String,
    /// The metric of its first line.
    pub metric: &'static str,
    /// How often that happens between repeats of the control, and at least how often (95 %).
    pub floor: [f64; 2],
    /// The bound.
    pub bound: f64,
    /// How many patients the floor is over.
    pub patients: u64,
}

impl Unrest {
    /// What a look at these ends of control trials finds.
    #[must_use]
    pub fn at(plan: &Plan, look: &Look, control: &Slots) -> Self {
        let run = Run::of(plan, control);
        let mut unrest = Self { patients: look.patients, lost: Vec::new(), open: 0 };
        for (number, scenario) in plan.scenarios.iter().enumerate() {
            let cases = look.cases.iter().copied().filter(|case| plan.concerns(number, *case));
            let shifts = run.treatment(Plan::CONTROL, &[], cases);
            match claim(plan, scenario, &shifts) {
                Prospect::Lost(lost) => unrest.lost.push(lost),
                Prospect::Open => unrest.open += 1,
                Prospect::Settled => {}
            }
        }
        unrest
    }

    /// Whether that is so of every claim that waits for treated answers.
    #[must_use]
    pub fn leaves_nothing(&self) -> bool {
        self.open == 0 && !self.lost.is_empty()
    }

    /// The finding as a sentence or two; `None` where no claim is lost.
    #[must_use]
    pub fn in_words(&self) -> Option<String> {
        let first = self.lost.first()?;
        let [floor, least] = first.floor.map(words::percent);
        let some: Vec<&str> = self.lost.iter().take(3).map(|lost| lost.scenario.as_str()).collect();
        let more = if self.lost.len() > some.len() { ", …" } else { "" };
        Some(format!(
            "Asked the same again, the model answers otherwise too often: {} in {floor} of cases (at least {least}, {} \
             patients), where `{}` allows {} after a change. Of {} no break can be shown any more, and a hold only if the \
             changed case is answered more steadily than the same one ({}{more}).",
            first.metric,
            first.patients,
            first.scenario,
            words::percent(first.bound),
            words::count(self.lost.len() as u64, "claim", "claims"),
            some.join(", "),
        ))
    }
}

/// What can still become of a claim.
enum Prospect {
    /// No Breaks, and a Holds only by a steadier treated arm.
    Lost(Lost),
    /// Anything.
    Open,
    /// The control alone decides it.
    Settled,
}

fn claim(plan: &Plan, scenario: &Scenario, shifts: &[Shift<'_>]) -> Prospect {
    let waiting: Vec<&Accept> = scenario.accept.iter().filter(|accept| accept.on != Basis::Retest).collect();
    match (waiting.is_empty(), scenario.accept.is_empty()) {
        // Nothing is claimed, so the numbers themselves are what is asked for.
        (_, true) => return Prospect::Open,
        (true, false) => return Prospect::Settled,
        (false, false) => {}
    }
    let lost: Option<Vec<Lost>> = waiting.iter().map(|accept| line(plan, scenario, accept, shifts)).collect();
    // Any line may break, and then the claim does: it is lost only where all of them are.
    lost.and_then(|lost| lost.into_iter().next()).map_or(Prospect::Open, Prospect::Lost)
}

/// The line, where the floor is surely beyond its bound.
fn line(plan: &Plan, scenario: &Scenario, accept: &Accept, shifts: &[Shift<'_>]) -> Option<Lost> {
    let metric = metrics::find(&accept.metric)?;
    if !accept.at_most || accept.net || accept.on != Basis::Shift {
        return None;
    }
    let is_in = |shift: &&Shift<'_>| {
        plan.cases.get(shift.case).is_some_and(|case| shift.is_among(accept.among.as_ref(), &case.strata))
    };
    let floors = shifts.iter().filter(is_in);
    let floors: Vec<Observation> = floors
        .filter_map(|shift| Some(Observation { patient: shift.patient, value: floor(metric, accept, shift)? }))
        .collect();
    let floor = stats::proportion(&floors, stats::LEVEL)?.estimate;
    let (least, _) = floor.interval?;
    (floor.patients >= stats::LEAST_PATIENTS && least > accept.bound).then(|| Lost {
        scenario: scenario.id.clone(),
        metric: metric.id,
        floor: [floor.point, least],
        bound: accept.bound,
        patients: floor.patients,
    })
}

/// The unrest of one case in this metric, as the verdict has it.
fn floor(metric: &Metric, accept: &Accept, shift: &Shift<'_>) -> Option<f64> {
    match (metric.kind, shift.retest(metric, accept.on)) {
        (Kind::Churn, _) => shift.floor(metric),
        (_, Some(Told::Event(event))) => Some(f64::from(u8::from(event))),
        _ => None,
    }
}
