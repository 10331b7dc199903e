//! A cell in words.

use bedside_perturbations::{Grading, Level};

use super::CellPart;
use crate::treatment::PlannedStep;
use crate::words;

/// A cell in words: "L2, radius 1 %", "stops −1.5 + foil_impression", "no_image"; "the control again" where nothing is done.
#[must_use]
pub fn label(steps: &[PlannedStep], level: Option<Level>, part: CellPart) -> String {
    if steps.is_empty() {
        return "the control again".into();
    }
    let doses: Vec<String> = steps.iter().map(|step| step_words(step, level.is_some())).collect();
    let doses = doses.join(" + ");
    match (level, part) {
        (Some(level), _) => format!("L{}, {doses}", level.number()),
        (None, CellPart::ImageOnly) => format!("image only: {doses}"),
        (None, CellPart::HistoryOnly) => format!("history only: {doses}"),
        (None, CellPart::Both) => format!("both: {doses}"),
        (None, CellPart::Whole | CellPart::Coalition(_)) => doses,
    }
}

fn step_words(step: &PlannedStep, swept: bool) -> String {
    let Some(card) = step.card() else { return step.operator.clone() };
    let dose = match (card.grading, step.setting.dose) {
        (Grading::Graded { dose, unit, .. }, Some(value)) => Some(words::named_dose(dose, value, unit)),
        _ => None,
    };
    let words = match dose {
        Some(dose) if swept => dose,
        Some(dose) => format!("{}, {dose}", card.id.replace('_', " ")),
        None => card.id.replace('_', " "),
    };
    match step.setting.model_input {
        Some(side) => format!("{words} at {side} px"),
        None => words,
    }
}
