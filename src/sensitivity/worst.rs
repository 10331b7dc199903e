//! The worst findings: what could hurt a patient, in order, and the case that each is asked about once more.

use super::claim::Claim;
use super::line::Line;
use crate::plan::Plan;
use crate::shift::{self, Run, Shift, Slot, Slots, Told};
use crate::stats;

/// How many are singled out.
const MOST: usize = 3;

/// One finding that could hurt a patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding {
    /// Index of the claim.
    pub claim: usize,
    /// Index of its line.
    pub line: usize,
    /// The deciding level: index into the line's cells.
    pub level: usize,
    /// Index of the first case, in the order of the plan, in which it happened.
    pub case: usize,
}

/// The worst three: lines that break before others, then by the distance of the rate beyond its bound.
pub(super) fn of(run: &Run<'_>, claims: &[Claim]) -> Vec<Finding> {
    let mut list: Vec<(bool, f64, Finding)> = claims
        .iter()
        .enumerate()
        .filter(|(_, claim)| claim.is_judged() && run.plan.scenarios.get(claim.scenario).is_some_and(|s| !s.gate))
        .flat_map(|(number, claim)| claim.lines.iter().enumerate().map(move |(line, of)| (number, line, of)))
        .filter(|(.., line)| line.metric.harms)
        .filter_map(|(claim, number, line)| finding(run, claim, number, line))
        .collect();
    list.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)));
    list.into_iter().take(MOST).map(|(.., finding)| finding).collect()
}

fn finding(run: &Run<'_>, claim: usize, number: usize, line: &Line) -> Option<(bool, f64, Finding)> {
    let level = line.ruling.level?;
    let rate = &line.ruling.levels.get(level)?.observed.as_ref()?.estimate;
    rate.events.filter(|events| *events > 0.0)?;
    let cell = run.plan.cells.get(*line.cells.get(level)?)?;
    let case = run.cell(cell).iter().find(|shift| happened(run.plan, line, shift))?.case;
    let breaks = line.ruling.verdict == stats::Verdict::Breaks;
    Some((breaks, rate.point - line.accept.bound, Finding { claim, line: number, level, case }))
}

/// Whether what the line is about happened in a case that it is about.
#[must_use]
pub fn happened(plan: &Plan, line: &Line, shift: &Shift<'_>) -> bool {
    let strata = plan.cases.get(shift.case).map(|case| &case.strata);
    strata.is_some_and(|strata| shift.is_among(line.accept.among.as_ref(), strata))
        && shift.told(line.metric, line.accept.on) == Told::Event(line.accept.at_most)
}

impl Finding {
    /// The trial of the plan to be asked once more: the first draw of the case at the deciding level.
    #[must_use]
    pub fn trial(&self, plan: &Plan, claims: &[Claim]) -> Option<u64> {
        let cell = plan.cells.get(*claims.get(self.claim)?.lines.get(self.line)?.cells.get(self.level)?)?;
        let is_it = |trial: &crate::plan::Trial| {
            (trial.case as usize, trial.treatment as usize) == (self.case, cell.treatment) && trial.repeat == 0
        };
        plan.trials.iter().position(is_it).map(|place| place as u64)
    }

    /// Whether the answer to that trial, asked once more, shows the same; `None` when it cannot be told.
    #[must_use]
    pub fn came_again(&self, plan: &Plan, slots: &Slots, claims: &[Claim], again: &Slot) -> Option<bool> {
        let line = claims.get(self.claim)?.lines.get(self.line)?;
        let cell = plan.cells.get(*line.cells.get(self.level)?)?;
        let shifts = shift::of_cell(plan, slots, cell);
        let shift = shifts.iter().find(|shift| shift.case == self.case)?;
        match shift.against(line.metric, line.accept.on, again.reading()) {
            Told::Event(event) => Some(event == line.accept.at_most),
            Told::Outside | Told::Missing => None,
        }
    }
}
