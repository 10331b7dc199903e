//! Cells that nothing is claimed of: is there a change at all, and would it survive that there are many of them?

use bedside_perturbations::Stream;

use super::cell::first_change;
use crate::plan::Cell;
use crate::shift::Run;
use crate::stats::{self, Observation};

/// How many patterns of signs are drawn for one cell.
const PATTERNS: u64 = 1_999;

/// Whether right answers and others changed places, in a cell that nothing is claimed of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exploratory {
    /// The two-sided p of no change, patients' signs turned.
    pub p: f64,
    /// Benjamini and Hochberg's q over all such cells of the plan.
    pub q: f64,
}

/// Every cell's, in the order of the plan's cells; `None` where something is claimed, for one coalition of many, and without
/// a pair to compare.
pub(super) fn all(run: &Run<'_>, signs: &Stream) -> Vec<Option<Exploratory>> {
    let raw: Vec<Option<f64>> = run.plan.cells.iter().map(|cell| p_value(run, cell, signs)).collect();
    let told: Vec<f64> = raw.iter().copied().flatten().collect();
    let mut adjusted = stats::benjamini_hochberg(&told).into_iter();
    raw.into_iter().map(|p| Some(Exploratory { p: p?, q: adjusted.next()? })).collect()
}

fn p_value(run: &Run<'_>, cell: &Cell, signs: &Stream) -> Option<f64> {
    let claims_nothing = run.plan.scenarios.get(cell.scenario).is_some_and(|scenario| scenario.accept.is_empty());
    if !claims_nothing || cell.is_coalition() {
        return None;
    }
    let change = |shift: &crate::shift::Shift<'_>| {
        let (before, after) = first_change(shift)?;
        Some(Observation { patient: shift.patient, value: after - before })
    };
    let changes: Vec<Observation> = run.cell(cell).iter().filter_map(change).collect();
    stats::sign_flip(&changes, PATTERNS, signs).map(|found| found.p)
}
