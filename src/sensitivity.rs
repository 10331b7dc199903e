//! Sensitivity to corruption: what many shifts say, with its uncertainty, and the verdict of every claim.
//!
//! It sees shifts, never answers. The formulas are in [`crate::stats`]; here it is decided what goes into them.

pub mod axis;
mod cell;
mod channel;
mod claim;
mod exploratory;
mod group;
mod line;
mod net;
mod response;
#[cfg(test)]
pub(crate) mod tests;
mod values;
mod worst;

use std::collections::{BTreeMap, BTreeSet};

pub use cell::CellResult;
pub use channel::{ChannelUse, USED_FROM, Use};
pub use claim::{Claim, Standing, Verdict, correct_for_family};
pub use exploratory::Exploratory;
pub use group::{FEWEST_IN_GROUP, Group, MOST_GROUPS, by_group};
pub use line::{Counted, Line};
pub use net::NetLevel;
pub use response::{NOT_MONOTONE, Response};
pub use values::Number;
pub use worst::{Finding, happened};

use crate::metrics::{self, Outcome};
use crate::plan::{Cell, Plan, PlannedCase};
use crate::seed;
use crate::shift::{Run, Shift, Slots};
use crate::stats::{self, Estimate, Observation, Resampler};
use crate::treatment::Channel;

/// Everything that is computed from a run.
#[derive(Debug, Clone)]
pub struct Sensitivity {
    /// Whether each channel in use moves the model at all.
    pub channels: BTreeMap<Channel, ChannelUse>,
    /// The claims, in the order of the plan's scenarios.
    pub claims: Vec<Claim>,
    /// The cells, in the order of the plan's cells.
    pub cells: Vec<CellResult>,
    /// The metrics that are numbers, in the order of the plan's cells; printed, never judged.
    pub numbers: Vec<Vec<Number>>,
    /// For every cell of the plan, whether anything changed where nothing is claimed.
    pub exploratory: Vec<Option<Exploratory>>,
    /// How the rate of every line of every claim moves with the dose; `None` where nothing is swept.
    pub responses: Vec<Vec<Option<Response>>>,
    /// The control arm by itself.
    pub control: ControlArm,
    /// The worst findings that could hurt a patient, the worst first; at most three.
    pub worst: Vec<Finding>,
    /// At most how many lines are expected to be called broken by chance if every judged line sat at its bound.
    pub expected_false_breaks: f64,
}

/// The control arm by itself.
#[derive(Debug, Clone)]
pub struct ControlArm {
    /// Outcomes of control repeat 1: right, wrong, abstains, unusable.
    pub outcomes: [u64; 4],
    /// Cases whose control repeat 1 has no answer.
    pub failed: u64,
    /// The share of control repeats that could be read.
    pub readable: Option<f64>,
    /// The share of cases right on repeat 1, all cases that answered.
    pub accuracy: Option<Estimate>,
    /// The share that always naming the commonest diagnosis would get right.
    pub majority: f64,
    /// The floor: how often two control repeats of a case differ.
    pub floor: Option<Estimate>,
}

/// The least share of control answers that must be readable before anything is judged.
pub const READABLE: f64 = 0.95;

/// Computes everything.
#[must_use]
pub fn measure(plan: &Plan, slots: &Slots) -> Sensitivity {
    let run = Run::of(plan, slots);
    let mut draws = Resampler::new(seed::of_plan(plan.seed, "bootstrap", ""));
    // What coalitions say together stands in `reliance::fields`; of the control alone there is the floor.
    let is_looked_at = |cell: &Cell| !cell.is_coalition() && cell.treatment != Plan::CONTROL;
    let of_cell = |cell| if is_looked_at(cell) { values::of(&run.cell(cell), &mut draws) } else { Vec::new() };
    let numbers = plan.cells.iter().map(of_cell).collect();
    let found = judge(&run);
    let responses = responses(&run, &found.claims, &mut draws);
    let exploratory = exploratory::all(&run, &seed::of_plan(plan.seed, "signs", ""));
    Sensitivity { numbers, responses, exploratory, ..found }
}

/// The dose response of every line of every claim.
fn responses(run: &Run<'_>, claims: &[Claim], draws: &mut Resampler) -> Vec<Vec<Option<Response>>> {
    let trends = seed::of_plan(run.plan.seed, "trend", "");
    let mut of = |claim: &Claim| -> Vec<Option<Response>> {
        claim.lines.iter().map(|line| response::of(run, claim.scenario, line, draws, &trends)).collect()
    };
    claims.iter().map(&mut of).collect()
}

/// Everything that verdicts rest on; of numbers and dose responses, which are never judged and take longest, there are none.
pub(crate) fn judge(run: &Run<'_>) -> Sensitivity {
    let plan = run.plan;
    let channels = channel::all(run);
    let cells: Vec<CellResult> = plan.cells.iter().map(|cell| cell::result(run, cell)).collect();
    let mut claims: Vec<Claim> =
        (0..plan.scenarios.len()).map(|scenario| claim::of(run, scenario, &channels)).collect();
    let control = control_arm(run);
    if control.readable.is_some_and(|share| share < READABLE) {
        claims.iter_mut().for_each(claim::Claim::doubt);
    }
    claim::correct_for_family(&mut claims);
    let judged: usize = claims.iter().filter(|claim| claim.is_judged()).map(|claim| claim.lines.len()).sum();
    Sensitivity {
        channels,
        worst: worst::of(run, &claims),
        claims,
        cells,
        numbers: vec![Vec::new(); plan.cells.len()],
        responses: Vec::new(),
        exploratory: vec![None; plan.cells.len()],
        control,
        expected_false_breaks: stats::VERDICT_ERROR * f64::from(u32::try_from(judged).unwrap_or(u32::MAX)),
    }
}

fn control_arm(run: &Run<'_>) -> ControlArm {
    let plan = run.plan;
    let shifts = run.treatment(0, &[], 0..plan.cases.len());
    let judged: Vec<_> = shifts.iter().filter(|shift| shift.facts.truth.has_reference()).collect();
    let mut outcomes = [0; 4];
    let mut right = Vec::new();
    for shift in &judged {
        let Some(reading) = shift.control.first().copied().flatten() else { continue };
        let outcome = shift.seen(reading).outcome();
        if let Some(count) = outcomes.get_mut(place(outcome)) {
            *count += 1;
        }
        right.push(observation(shift, f64::from(u8::from(outcome == Outcome::Right))));
    }
    let answered: u64 = outcomes.iter().sum();
    ControlArm {
        outcomes,
        failed: judged.len() as u64 - answered,
        readable: readable(&shifts),
        accuracy: stats::proportion(&right, stats::LEVEL).map(|rate| rate.estimate),
        majority: majority(plan),
        floor: floor(&shifts),
    }
}

/// The row or column of an outcome in the control → treated table.
#[must_use]
pub const fn place(outcome: Outcome) -> usize {
    match outcome {
        Outcome::Right => 0,
        Outcome::Wrong => 1,
        Outcome::Abstains => 2,
        Outcome::Unusable => 3,
    }
}

fn readable(shifts: &[Shift<'_>]) -> Option<f64> {
    let repeats: Vec<bool> = shifts
        .iter()
        .flat_map(|shift| shift.control.iter().map(|reading| reading.is_some_and(|reading| reading.lost().is_none())))
        .collect();
    share(repeats.iter().filter(|readable| **readable).count(), repeats.len())
}

/// The accuracy of always naming the diagnosis that most cases accept.
fn majority(plan: &Plan) -> f64 {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for id in plan.cases.iter().flat_map(accepted) {
        *counts.entry(id).or_default() += 1;
    }
    let judged = plan.cases.iter().filter(|case| case.truth.has_reference()).count();
    share(counts.values().copied().max().unwrap_or(0), judged).unwrap_or(0.0)
}

/// The accepted diagnoses of a case, each once.
fn accepted(case: &PlannedCase) -> BTreeSet<&str> {
    case.truth.differential.iter().filter(|(_, weight)| *weight > 0.0).map(|(id, _)| id.as_str()).collect()
}

/// How often two control repeats differ: the mean over cases of the mean over pairs of repeats.
fn floor(shifts: &[Shift<'_>]) -> Option<Estimate> {
    let flip = metrics::find("flip")?;
    let values: Vec<Observation> =
        shifts.iter().filter_map(|shift| Some(observation(shift, shift.floor(flip)?))).collect();
    stats::proportion(&values, stats::LEVEL).map(|rate| rate.estimate)
}

fn observation(shift: &Shift<'_>, value: f64) -> Observation {
    Observation { patient: shift.patient, value }
}

#[expect(clippy::cast_precision_loss, reason = "counts of cases are far below 2^52")]
fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
