//! Dose-response curves and control → treated tables.

use bedside_perturbations::Grading;
use bedside_reports::record::{Curve, Exploratory, Fall, HalfDose, Point, Response, Table};

use super::estimate;
use crate::plan::{Cell, Plan};
use crate::scenario::{Accept, Sweep};
use crate::sensitivity::{self, CellResult, Claim, Line, Sensitivity, axis::place};
use crate::{stats, words};

/// One curve for every line of a scenario that is swept.
pub(super) fn curves(plan: &Plan, found: &Sensitivity) -> Vec<Curve> {
    let lines = |(place, claim): (usize, &Claim)| {
        let response = |k: usize| found.responses.get(place).and_then(|lines| lines.get(k)?.as_ref());
        let lines = claim.lines.iter().enumerate();
        lines.filter_map(|(k, line)| curve(plan, found, claim, line, response(k))).collect::<Vec<_>>()
    };
    found.claims.iter().enumerate().flat_map(lines).collect()
}

fn curve(
    plan: &Plan,
    found: &Sensitivity,
    claim: &Claim,
    line: &Line,
    response: Option<&sensitivity::Response>,
) -> Option<Curve> {
    let scenario = plan.scenarios.get(claim.scenario)?;
    let cells: Vec<&Cell> = line.cells.iter().filter_map(|cell| plan.cells.get(*cell)).collect();
    if cells.len() < 2 || matches!(scenario.sweep, Sweep::Factorial { .. }) {
        return None;
    }
    let points = cells.iter().zip(&line.ruling.levels).filter_map(|(cell, level)| {
        let dose = place(plan, cell)?.dose;
        let estimate = estimate(&level.observed.as_ref()?.estimate);
        Some(Point { label: short_label(cell), dose, estimate })
    });
    let first = line.cells.first().and_then(|cell| found.cells.get(*cell));
    let churn = line.metric.id == "flip";
    let band = |pick: fn(&CellResult) -> Option<&stats::Estimate>| first.filter(|_| churn).and_then(pick).map(estimate);
    Some(Curve {
        scenario: scenario.id.clone(),
        title: scenario.claim.clone(),
        metric: super::claims_title(line),
        dose: place(plan, cells.first()?)?.axis,
        points: points.collect(),
        floor: band(|result| result.floor.as_ref()),
        sham: band(|result| result.sham.as_ref()),
        bound: Some((line.accept.bound, bound_to(plan, &line.accept, &cells))),
        at_most: line.accept.at_most,
        gradable: gradable(plan, cells.first()?),
        response: response.map(|response| self::response(response, &cells)),
    })
}

/// The dose response as printed; falls go from one level's name to another's.
fn response(found: &sensitivity::Response, cells: &[&Cell]) -> Response {
    let label = |place: usize| cells.get(place).map(|cell| short_label(cell)).unwrap_or_default();
    let fall = |fall: stats::Fall| Fall { size: fall.size, from: label(fall.from), to: label(fall.to), p: fall.p };
    let half = |half: stats::Half| {
        let stats::Half { dose, after, by, clean, empty } = half;
        HalfDose { dose, after, by, clean, empty }
    };
    Response {
        cases: found.cases,
        patients: found.patients,
        isotonic: found.fit.clone(),
        slope: found.slope,
        rise: estimate(&found.rise),
        tau: found.tau,
        trend: found.trend.p,
        permutations: found.trend.permutations,
        fall: found.trend.fall.map(fall),
        not_monotone: found.is_not_monotone(),
        area: found.area.as_ref().map(estimate),
        half: found.half.map(half),
    }
}

fn short_label(cell: &Cell) -> String {
    cell.label.split(',').next().unwrap_or(&cell.label).split(" of the").next().unwrap_or(&cell.label).to_owned()
}

/// The dose up to which a bound applies.
fn bound_to(plan: &Plan, accept: &Accept, cells: &[&Cell]) -> Option<f64> {
    let last = accept.up_to?;
    let judged = cells.iter().rev().find(|cell| cell.position.is_some_and(|position| position <= last))?;
    place(plan, judged).map(|place| place.dose)
}

/// The last gradable dose of clinical photographs of any skin tone, where the card states one.
fn gradable(plan: &Plan, cell: &Cell) -> Option<(f64, String)> {
    let treatment = plan.treatments.get(cell.treatment)?;
    let step = treatment.steps.iter().find(|step| step.setting.dose.is_some())?;
    let card = step.card()?;
    let limit = card.gradable(bedside_perturbations::Modality::ClinicalPhoto, None)?;
    let dose = card.dose(limit.to?)?;
    let Grading::Graded { unit, .. } = card.grading else { return None };
    let shown = if words::unit(unit).starts_with('%') { dose * 100.0 } else { dose };
    let basis = match limit.basis {
        bedside_perturbations::Basis::Panel => "panel",
        bedside_perturbations::Basis::Source => "published",
        bedside_perturbations::Basis::Assumed => "assumed",
    };
    Some((shown, basis.into()))
}

/// One control → treated table per cell; coalitions of fields are shown together instead.
pub(super) fn tables(plan: &Plan, found: &Sensitivity) -> Vec<Table> {
    let table = |((cell, result), exploratory): ((&Cell, &CellResult), &Option<sensitivity::Exploratory>)| Table {
        scenario: plan.scenarios.get(cell.scenario).map(|scenario| scenario.id.clone()).unwrap_or_default(),
        at: cell.label.clone(),
        cells: result.table,
        failed: result.failed,
        by_steadiness: result.by_steadiness,
        wrong: result.missed,
        mcnemar: result.mcnemar.map(p_value),
        mcnemar_mid: result.mcnemar_mid.map(p_value),
        difference: result.difference.as_ref().map(estimate),
        newcombe: result.newcombe.as_ref().map(estimate),
        tango: result.tango.as_ref().map(estimate),
        exploratory: exploratory.map(|found| Exploratory { p: found.p, q: found.q }),
    };
    let cells = plan.cells.iter().zip(&found.cells).zip(&found.exploratory);
    cells.filter(|((cell, _), _)| !cell.is_coalition()).map(table).collect()
}

fn p_value(p: f64) -> String {
    if p < 0.001 { "p < 0.001".into() } else { format!("p = {}", words::trim(words::settled(p), 3)) }
}
