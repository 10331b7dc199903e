//! One `accept` line: which pairs count at which level, and what the statistics make of them.

use super::net::{self, NetLevel};
use crate::metrics::{self, Kind, Metric};
use crate::plan::Plan;
use crate::scenario::{Accept, Basis};
use crate::shift::{Run, Shift, Told};
use crate::stats::{self, Bound, LEAST_PATIENTS, LevelEvidence, LineEvidence, Ruling};

/// One `accept` line and what came of it.
#[derive(Debug, Clone)]
pub struct Line {
    /// The bound as the scenario states it.
    pub accept: Accept,
    /// The metric.
    pub metric: &'static Metric,
    /// The cells of the plan that it was looked at, in order; the ruling's levels are in the same order.
    pub cells: Vec<usize>,
    /// The ruling.
    pub ruling: Ruling,
    /// Where `net: true`: gross minus floor, one per level; empty otherwise.
    pub net: Vec<NetLevel>,
    /// The same metric on the control's own second repeat, at each level's cases.
    pub retest: Vec<Option<Counted>>,
    /// The same metric on the sham, at each level's cases.
    pub sham: Vec<Option<Counted>>,
    /// The last level (index into `cells`) up to which the line holds everywhere.
    pub envelope: Option<usize>,
}

/// Events among pairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// Events.
    pub events: u64,
    /// Pairs.
    pub of: u64,
}

impl Line {
    /// The bound.
    #[must_use]
    pub const fn bound(&self) -> Bound {
        if self.accept.at_most { Bound::AtMost(self.accept.bound) } else { Bound::AtLeast(self.accept.bound) }
    }

    /// The limits that a level was judged by, whichever way missing answers are filled.
    #[must_use]
    pub fn limits(&self, place: usize) -> Option<(f64, f64)> {
        self.net.get(place).map_or_else(|| self.ruling.levels.get(place)?.limits(), NetLevel::limits)
    }
}

/// Looks at a line of a scenario. `None` when its metric does not exist.
pub(super) fn of(run: &Run<'_>, scenario: usize, accept: &Accept) -> Option<Line> {
    let plan = run.plan;
    let metric = metrics::find(&accept.metric)?;
    let cells: Vec<usize> =
        (0..plan.cells.len()).filter(|cell| plan.cells.get(*cell).is_some_and(|c| c.scenario == scenario)).collect();
    let shifts: Vec<Vec<Shift<'_>>> = cells.iter().map(|cell| among(run, *cell, accept)).collect();
    let evidence = evidence(plan, metric, accept, &cells, &shifts);
    let mut ruling = stats::judge(&evidence);
    let mut envelope = stats::envelope(&evidence, &ruling);
    let mut net = Vec::new();
    if accept.net {
        net = net::levels(metric, &shifts, &ruling);
        envelope = net::judge(&net, &evidence, &mut ruling);
    }
    Some(Line {
        accept: accept.clone(),
        metric,
        retest: shifts.iter().map(|shifts| count(shifts, |shift| shift.retest(metric, accept.on))).collect(),
        sham: shifts.iter().map(|shifts| count(shifts, |shift| shift.sham(metric, accept.on))).collect(),
        cells,
        ruling,
        net,
        envelope,
    })
}

/// The shifts of a cell that a line is about.
pub(super) fn among<'a>(run: &Run<'a>, cell: usize, accept: &Accept) -> Vec<Shift<'a>> {
    let plan = run.plan;
    let Some(cell) = plan.cells.get(cell) else { return Vec::new() };
    let is_in = |shift: &Shift<'_>| {
        plan.cases.get(shift.case).is_some_and(|case| shift.is_among(accept.among.as_ref(), &case.strata))
    };
    run.cell(cell).into_iter().filter(is_in).collect()
}

fn evidence(plan: &Plan, metric: &Metric, accept: &Accept, cells: &[usize], shifts: &[Vec<Shift<'_>>]) -> LineEvidence {
    let levels = cells.iter().zip(shifts).map(|(cell, shifts)| {
        let position = plan.cells.get(*cell).and_then(|cell| cell.position);
        level(metric, accept, position, shifts)
    });
    LineEvidence {
        bound: if accept.at_most { Bound::AtMost(accept.bound) } else { Bound::AtLeast(accept.bound) },
        levels: levels.collect(),
        floor: shifts.iter().find_map(|shifts| floor(metric, accept, shifts)),
        floor_matters: accept.on == Basis::Shift,
        least_patients: LEAST_PATIENTS,
    }
}

fn level(metric: &Metric, accept: &Accept, position: Option<f64>, shifts: &[Shift<'_>]) -> LevelEvidence {
    let mut level = LevelEvidence { observed: Vec::new(), failed: Vec::new(), judged: accept.speaks_of(position) };
    for shift in shifts {
        match shift.told(metric, accept.on) {
            Told::Outside => {}
            Told::Event(event) => level.observed.push(super::observation(shift, f64::from(u8::from(event)))),
            Told::Missing => level.failed.push(shift.patient),
        }
    }
    level
}

/// The model's own unrest in this metric: for churn the mean over pairs of repeats, otherwise the retest rate.
/// `None` where the control was not repeated.
fn floor(metric: &Metric, accept: &Accept, shifts: &[Shift<'_>]) -> Option<f64> {
    let values: Vec<f64> = match metric.kind {
        Kind::Churn => shifts.iter().filter_map(|shift| shift.floor(metric)).collect(),
        Kind::Signed | Kind::Selected | Kind::Level => {
            let told = shifts.iter().filter_map(|shift| shift.retest(metric, accept.on));
            told.filter_map(|told| if let Told::Event(event) = told { Some(f64::from(u8::from(event))) } else { None })
                .collect()
        }
    };
    let repeated = shifts.iter().any(|shift| shift.control.iter().flatten().count() > 1);
    match (values.is_empty(), repeated) {
        (false, _) => Some(stats::sum(values.iter().copied()) / f64::from(u32::try_from(values.len()).ok()?)),
        // Repeated, but no case is in the denominator on its repeats: nothing was seen to move.
        (true, true) => Some(0.0),
        (true, false) => None,
    }
}

fn count(shifts: &[Shift<'_>], told: impl Fn(&Shift<'_>) -> Option<Told>) -> Option<Counted> {
    let told: Vec<Told> = shifts.iter().filter_map(told).collect();
    let of = told.iter().filter(|told| matches!(told, Told::Event(_))).count() as u64;
    let events = told.iter().filter(|told| **told == Told::Event(true)).count() as u64;
    (of > 0).then_some(Counted { events, of })
}
