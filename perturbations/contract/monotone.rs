//! More dose, more harm: the card's quantity over the five levels.

use std::collections::BTreeMap;

use super::attempt::{Given, Outcome, attempt};
use super::measure::charts;
use super::{Contract, Rule, Sample, Violation, quantity, settings, violation};
use crate::catalogue::Entry;
use crate::{Edit, Grading, Quantity, Setting};

/// Rounding of sums; far below one grey level on one pixel.
const ROUNDING: f64 = 1e-9;

/// Draws per stimulus.
const DRAWS: u64 = 4;

/// Checks the five levels of a graded operator on the whole panel.
pub(super) fn check(contract: &Contract, entry: &Entry, found: &mut Vec<Violation>) {
    let Grading::Graded { monotone_in, levels, .. } = entry.card.grading else { return };
    let Some(typical) = settings::required(entry, &contract.panel).into_iter().find(|s| entry.build(s).is_ok()) else {
        return;
    };
    let mut totals = [0.0; 5];
    for sample in &contract.panel {
        for draw in 0..DRAWS {
            let ladder = Ladder::climb(contract, entry, &typical, levels, sample, draw, monotone_in);
            ladder.check(entry, sample, found);
            totals.iter_mut().zip(ladder.amounts).for_each(|(total, amount)| *total += amount);
        }
    }
    if totals.first().is_none_or(|first| *first <= ROUNDING) || falls(&totals, |a, b| b <= a + ROUNDING) {
        found.push(violation(entry, Rule::Monotone, format!("{monotone_in:?} over the panel: {totals:?}")));
    }
}

/// The five levels of one draw on one stimulus.
struct Ladder {
    amounts: [f64; 5],
    drawn: Vec<BTreeMap<String, f64>>,
}

impl Ladder {
    fn climb(
        contract: &Contract,
        entry: &Entry,
        typical: &Setting,
        levels: [f64; 5],
        sample: &Sample,
        draw: u64,
        measured: Quantity,
    ) -> Self {
        let mut drawn = Vec::new();
        let before =
            if measured == Quantity::Displacement { charts(&sample.stimulus) } else { sample.stimulus.clone() };
        let amounts = levels.map(|dose| {
            let setting = Setting { dose: Some(dose), ..typical.clone() };
            match attempt(contract, entry, &setting, &before, &Given::all(draw)) {
                Outcome::Done { change, after } => {
                    drawn.extend(draws(&change.edits));
                    quantity(measured, &before, &after)
                }
                Outcome::Unfit { .. } | Outcome::Refused(_) | Outcome::Panicked => 0.0,
            }
        });
        Self { amounts, drawn }
    }

    fn check(&self, entry: &Entry, sample: &Sample, found: &mut Vec<Violation>) {
        if falls(&self.amounts, |a, b| b < a - ROUNDING) {
            found.push(violation(entry, Rule::Monotone, format!("on {}: {:?}", sample.name, self.amounts)));
        }
        if self.drawn.iter().any(|one| self.drawn.iter().any(|other| contradicts(one, other))) {
            found.push(violation(entry, Rule::SharesDraws, format!("on {}: {:?}", sample.name, self.drawn)));
        }
    }
}

fn falls(amounts: &[f64], wrong: impl Fn(f64, f64) -> bool) -> bool {
    amounts.windows(2).any(|pair| matches!(pair, [a, b] if wrong(*a, *b)))
}

/// Parameters that are drawn by chance, by photograph: those that a higher level must share with a lower one.
const DRAWN: [&str; 10] =
    ["angle_degrees", "centre_x", "centre_y", "phase", "side", "tip_x", "tip_y", "upside_down", "x_share", "y_share"];

fn draws(edits: &[Edit]) -> Option<BTreeMap<String, f64>> {
    let mut drawn = BTreeMap::new();
    for edit in edits {
        let Edit::Pixels { image, parameters } = edit else { continue };
        let of_chance = parameters.iter().filter_map(|(name, value)| Some((name, by_chance(name, *value)?)));
        drawn.extend(of_chance.map(|(name, value)| (format!("{image} {name}"), value)));
    }
    (!drawn.is_empty()).then_some(drawn)
}

/// What of a parameter is drawn: of a turn, whose size is the dose, the direction.
fn by_chance(name: &str, value: f64) -> Option<f64> {
    match name {
        "clockwise_degrees" => Some(value.signum()),
        _ => DRAWN.contains(&name).then_some(value),
    }
}

fn contradicts(one: &BTreeMap<String, f64>, other: &BTreeMap<String, f64>) -> bool {
    one.iter().any(|(name, value)| other.get(name).is_some_and(|v| v.to_bits() != value.to_bits()))
}
