//! Dose response: how a line's rate moves with the physical dose, and how much of what is right is left.
//!
//! Everything here is over the cases that have an answer at every dose, so that no dose has other cases than the next.

use std::collections::{BTreeMap, BTreeSet};

use bedside_perturbations::Stream;

use super::axis::{self, Place};
use super::cell::rightness;
use super::line::{self, Line};
use crate::plan::Cell;
use crate::scenario::{Accept, Sweep};
use crate::shift::{Run, Shift, Told};
use crate::stats::{self, AtDoses, Estimate, Half, LEAST_PATIENTS, PERMUTATIONS, Paired, Resampler, Trend, Worth};
use crate::treatment::{Channel, PlannedStep, Treatment};

/// A fall whose p is at most this is called not monotone.
pub const NOT_MONOTONE: f64 = 0.05;

/// How a line's rate moves with the dose.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// Cases with an answer at every dose.
    pub cases: u64,
    /// Their patients.
    pub patients: u64,
    /// The isotonic fit of the rate at every dose: the nearest list of rates that never falls.
    pub fit: Vec<f64>,
    /// The Theil–Sen slope, as a share per unit of dose.
    pub slope: f64,
    /// The same over the range of the doses: the rise from the first to the last.
    pub rise: Estimate,
    /// Kendall's τ-b of level and rate; `None` where no two rates differ.
    pub tau: Option<f64>,
    /// The test of a trend, and of a fall.
    pub trend: Trend,
    /// The mean share right over the doses out of the clean share (the area under the curve, from the clean case on where
    /// that is a dose of 0); `None` without references.
    pub area: Option<Estimate>,
    /// The dose at which half of what the channel is worth is lost; `None` where it is not shown to be worth anything, or the
    /// plan never takes it away.
    pub half: Option<Half>,
}

impl Response {
    /// Whether the rate falls somewhere although the dose rises, by more than chance explains.
    #[must_use]
    pub fn is_not_monotone(&self) -> bool {
        self.trend.fall.is_some_and(|fall| fall.p <= NOT_MONOTONE)
    }
}

/// The response of a line; `None` where nothing is swept, where the doses go back and forth, or where fewer than 20 patients
/// have an answer at every dose.
pub(super) fn of(
    run: &Run<'_>,
    scenario: usize,
    line: &Line,
    draws: &mut Resampler,
    trends: &Stream,
) -> Option<Response> {
    if matches!(run.plan.scenarios.get(scenario)?.sweep, Sweep::Factorial { .. }) {
        return None;
    }
    let cells: Vec<&Cell> = line.cells.iter().filter_map(|cell| run.plan.cells.get(*cell)).collect();
    let places: Vec<Place> = cells.iter().map(|cell| axis::place(run.plan, cell)).collect::<Option<_>>()?;
    let doses: Vec<f64> = places.iter().map(|place| place.dose).collect();
    let levels: Vec<Vec<Shift<'_>>> = line.cells.iter().map(|cell| line::among(run, *cell, &line.accept)).collect();
    let cases: Vec<AtDoses> = complete(&levels, |shift| event(shift, line)).into_values().collect();
    let rise = draws.rise(&cases, &doses, stats::LEVEL)?;
    if rise.patients < LEAST_PATIENTS {
        return None;
    }
    let rates = rates(&cases, doses.len());
    // In the order of the levels, so that a dose that falls as its effect grows has the same sign as any other.
    let rising: Vec<f64> = (0..).zip(&doses).map(|(level, _): (u32, _)| f64::from(level)).collect();
    let from_nothing = places.first().is_some_and(|place| place.from_nothing);
    let (clean, rights) = (clean(&levels), rights(&levels));
    let curve = Curve { clean: &clean, rights: &rights, doses: &doses, origin: origin(&doses, from_nothing) };
    Some(Response {
        cases: rise.n,
        patients: rise.patients,
        fit: stats::isotonic(&rates, &vec![1.0; rates.len()])?,
        slope: stats::theil_sen(&doses, &rates)?,
        tau: stats::kendall(&rising, &rates),
        trend: stats::trend(&cases, &doses, PERMUTATIONS, trends)?,
        rise,
        area: area(&curve),
        half: half(run, &cells, &line.accept, &curve),
    })
}

fn event(shift: &Shift<'_>, line: &Line) -> Option<f64> {
    match shift.told(line.metric, line.accept.on) {
        Told::Event(event) => Some(f64::from(u8::from(event))),
        Told::Outside | Told::Missing => None,
    }
}

/// The cases that have a value at every dose, by their index in the plan.
fn complete(levels: &[Vec<Shift<'_>>], of: impl Fn(&Shift<'_>) -> Option<f64>) -> BTreeMap<usize, AtDoses> {
    let mut cases: BTreeMap<usize, AtDoses> = BTreeMap::new();
    for shift in levels.iter().flatten() {
        let case = cases.entry(shift.case).or_insert_with(|| AtDoses { patient: shift.patient, values: Vec::new() });
        case.values.extend(of(shift));
    }
    cases.retain(|_, case| case.values.len() == levels.len());
    cases
}

fn rates(cases: &[AtDoses], doses: usize) -> Vec<f64> {
    let at = |dose: usize| stats::sum(cases.iter().filter_map(|case| case.values.get(dose).copied()));
    let n = f64::from(u32::try_from(cases.len()).unwrap_or(u32::MAX));
    (0..doses).map(|dose| at(dose) / n).collect()
}

/// The dose that is the clean case, where that is one beside the tested doses.
fn origin(doses: &[f64], from_nothing: bool) -> Option<f64> {
    let grid: Vec<f64> = core::iter::once(0.0).chain(doses.iter().copied()).collect();
    (from_nothing && stats::trapezoids(&grid).is_some()).then_some(0.0)
}

/// How right the answers are, by case, over the doses.
struct Curve<'a> {
    /// The share of control repeats that are right.
    clean: &'a BTreeMap<usize, f64>,
    /// The share of draws that are right at every dose.
    rights: &'a BTreeMap<usize, AtDoses>,
    doses: &'a [f64],
    /// The dose that is the clean case, where there is one beside the tested doses.
    origin: Option<f64>,
}

/// The mean share right over the doses, out of the clean one (MOVER-R).
fn area(curve: &Curve<'_>) -> Option<Estimate> {
    let grid: Vec<f64> = curve.origin.into_iter().chain(curve.doses.iter().copied()).collect();
    let weights = stats::trapezoids(&grid)?;
    let pair = |(case, treated): (&usize, &AtDoses)| {
        let before = *curve.clean.get(case)?;
        let heights = curve.origin.map(|_| before).into_iter().chain(treated.values.iter().copied());
        let after = stats::sum(weights.iter().zip(heights).map(|(weight, height)| weight * height));
        Some(Paired { patient: treated.patient, before, after: after.clamp(0.0, 1.0) })
    };
    let pairs: Vec<Paired> = curve.rights.iter().filter_map(pair).collect();
    stats::ratio(&pairs, stats::LEVEL).filter(|found| found.patients >= LEAST_PATIENTS)
}

/// The share of control repeats that are right, by case.
fn clean(levels: &[Vec<Shift<'_>>]) -> BTreeMap<usize, f64> {
    let of = |shift: &Shift<'_>| Some((shift.case, rightness(shift, &shift.control)?));
    levels.iter().flatten().filter_map(of).collect()
}

/// The share of draws that are right at every dose.
fn rights(levels: &[Vec<Shift<'_>>]) -> BTreeMap<usize, AtDoses> {
    complete(levels, |shift| rightness(shift, &shift.treated))
}

/// Where half of what the one channel that is changed is worth is lost.
fn half(run: &Run<'_>, cells: &[&Cell], accept: &Accept, curve: &Curve<'_>) -> Option<Half> {
    let empty = without(run, cells)?;
    let worth = |(case, treated): (&usize, &AtDoses)| {
        let (clean, empty) = (*curve.clean.get(case)?, *empty.get(case)?);
        Some(Worth { patient: treated.patient, clean, empty, treated: treated.values.clone() })
    };
    let cases: Vec<Worth> = curve.rights.iter().filter_map(worth).collect();
    let patients: BTreeSet<u32> = cases.iter().map(|case| case.patient).collect();
    let enough = patients.len() as u64 >= LEAST_PATIENTS && accept.at_most;
    enough.then(|| stats::half_dose(&cases, curve.doses, curve.origin, stats::LEVEL)).flatten()
}

/// The share right by case where the channel is taken away that these cells change; `None` where they change both, or
/// where the plan does not take it away.
fn without(run: &Run<'_>, cells: &[&Cell]) -> Option<BTreeMap<usize, f64>> {
    let treatments = cells.iter().filter_map(|cell| run.plan.treatments.get(cell.treatment));
    let channels: BTreeSet<Channel> = treatments.flat_map(Treatment::channels).collect();
    let operator = match channels.into_iter().collect::<Vec<_>>().as_slice() {
        [Channel::Image] => "no_image",
        [Channel::History] => "no_history",
        _ => return None,
    };
    let empties = |steps: &[PlannedStep]| matches!(steps, [step] if step.operator == operator);
    let treatment = run.plan.treatments.iter().position(|treatment| empties(&treatment.steps))?;
    let shifts = run.treatment(treatment, &[], 0..run.plan.cases.len());
    Some(shifts.iter().filter_map(|shift| Some((shift.case, rightness(shift, &shift.treated)?))).collect())
}
