//! Where a cell lies on the dose axis of its scenario.

use bedside_perturbations::{Grading, Unit};

use crate::plan::{Cell, Plan};
use crate::treatment::PlannedStep;
use crate::words;

/// A place on a dose axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// The dose in the axis's unit; shares are in percent.
    pub dose: f64,
    /// The axis in words, with its unit.
    pub axis: String,
    /// Whether a dose of 0 is the clean case: so it is for shares, stops and degrees, and not for kelvin, JPEG quality and
    /// plain numbers.
    pub from_nothing: bool,
}

/// A cell's place; `None` where nothing is swept.
#[must_use]
pub fn place(plan: &Plan, cell: &Cell) -> Option<Place> {
    let treatment = plan.treatments.get(cell.treatment)?;
    let position = cell.position?;
    if treatment.elsewhere.is_some() {
        return Some(Place { dose: position, axis: "level".into(), from_nothing: false });
    }
    let swept = treatment.steps.iter().find_map(dose);
    let Some((dose, name, unit)) = swept else {
        // Nothing done is the origin of a sweep over shares.
        let axis = "share of the history missing, %".into();
        return Some(Place { dose: position * 100.0, axis, from_nothing: true });
    };
    let words = words::unit(unit);
    let dose = if words.starts_with('%') { dose * 100.0 } else { dose };
    let axis = if words.is_empty() || words == name { name.to_owned() } else { format!("{name}, {words}") };
    let from_nothing = !matches!(unit, Unit::Kelvin | Unit::Quality | Unit::Number);
    Some(Place { dose, axis, from_nothing })
}

fn dose(step: &PlannedStep) -> Option<(f64, &'static str, Unit)> {
    let Grading::Graded { dose, unit, .. } = step.card()?.grading else { return None };
    let name = if step.operator == "leave_k_out" { "share of the history missing" } else { dose };
    Some((step.setting.dose?, name, unit))
}
