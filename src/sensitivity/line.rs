//! One `accept` line: which pairs count at which level, and what the statistics make of them.

use crate::metrics::{self, Kind, Metric};
use crate::plan::Plan;
use crate::scenario::{Accept, Basis};
use crate::shift::{self, Shift, Slots, Told};
use crate::stats::{
    self, Bound, Estimate, LEAST_PATIENTS, LevelEvidence, LineEvidence, Paired, Ruling, Verdict, Why,
};

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
    /// Where `net: true`: gross minus floor with its interval, one per level.
    pub net: Vec<Option<Estimate>>,
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

/// Looks at a line of a scenario. `None` when its metric does not exist.
pub(super) fn of(plan: &Plan, slots: &Slots, scenario: usize, accept: &Accept) -> Option<Line> {
    let metric = metrics::find(&accept.metric)?;
    let cells: Vec<usize> =
        (0..plan.cells.len()).filter(|cell| plan.cells.get(*cell).is_some_and(|c| c.scenario == scenario)).collect();
    let shifts: Vec<Vec<Shift<'_>>> = cells.iter().map(|cell| among(plan, slots, *cell, accept)).collect();
    let evidence = evidence(plan, metric, accept, &cells, &shifts);
    let mut ruling = stats::judge(&evidence);
    let envelope = stats::envelope(&evidence, &ruling);
    let net = if accept.net { judge_net(metric, &evidence, &shifts, &mut ruling) } else { Vec::new() };
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
fn among<'a>(plan: &'a Plan, slots: &'a Slots, cell: usize, accept: &Accept) -> Vec<Shift<'a>> {
    let Some(cell) = plan.cells.get(cell) else { return Vec::new() };
    let is_in = |shift: &Shift<'_>| {
        plan.cases.get(shift.case).is_some_and(|case| shift.is_among(accept.among.as_ref(), &case.strata))
    };
    shift::of_cell(plan, slots, cell).into_iter().filter(is_in).collect()
}

fn evidence(
    plan: &Plan,
    metric: &Metric,
    accept: &Accept,
    cells: &[usize],
    shifts: &[Vec<Shift<'_>>],
) -> LineEvidence {
    let levels = cells.iter().zip(shifts).map(|(cell, shifts)| {
        let position = plan.cells.get(*cell).and_then(|cell| cell.position);
        level(metric, accept, position, shifts)
    });
    let gross = accept.on == Basis::Shift && !accept.net;
    LineEvidence {
        bound: if accept.at_most { Bound::AtMost(accept.bound) } else { Bound::AtLeast(accept.bound) },
        levels: levels.collect(),
        floor: shifts.iter().find_map(|shifts| floor(metric, accept, shifts)),
        floor_matters: gross,
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

/// Judges gross minus floor by the interval of a paired difference, each failed pair filled both ways.
fn judge_net(
    metric: &Metric,
    evidence: &LineEvidence,
    shifts: &[Vec<Shift<'_>>],
    ruling: &mut Ruling,
) -> Vec<Option<Estimate>> {
    let settled = matches!(ruling.verdict, Verdict::Undecided(Why::TooFewPatients | Why::FloorNotMeasured));
    if !settled {
        ruling.verdict = net_verdict(metric, evidence, shifts);
    }
    shifts.iter().map(|shifts| net(metric, shifts, None)).collect()
}

fn net_verdict(metric: &Metric, evidence: &LineEvidence, shifts: &[Vec<Shift<'_>>]) -> Verdict {
    let judged = || shifts.iter().zip(&evidence.levels).filter(|(_, level)| level.judged).map(|(shifts, _)| shifts);
    let worst = match evidence.bound {
        Bound::AtMost(_) => 1.0,
        Bound::AtLeast(_) => 0.0,
    };
    let limits = |shifts: &[Shift<'_>], fill: f64| net(metric, shifts, Some(fill)).and_then(|net| net.interval);
    let holds = |shifts: &Vec<Shift<'_>>| limits(shifts, worst).is_some_and(|limits| evidence.bound.contains(limits));
    let breaks =
        |shifts: &Vec<Shift<'_>>| limits(shifts, 1.0 - worst).is_some_and(|limits| evidence.bound.excludes(limits));
    if judged().next().is_some() && judged().all(holds) {
        Verdict::Holds
    } else if judged().any(breaks) {
        Verdict::Breaks
    } else {
        Verdict::Undecided(Why::Power)
    }
}

/// Gross minus floor over some cases. What is missing is left out, or filled: gross with the filling, floor against it.
fn net(metric: &Metric, shifts: &[Shift<'_>], fill: Option<f64>) -> Option<Estimate> {
    let pair = |shift: &Shift<'_>| {
        Some(Paired {
            patient: shift.patient,
            before: shift.floor(metric).or(fill.map(|fill| 1.0 - fill))?,
            after: shift.gross(metric).or(fill)?,
        })
    };
    stats::difference(&shifts.iter().filter_map(pair).collect::<Vec<_>>(), stats::LEVEL)
}
