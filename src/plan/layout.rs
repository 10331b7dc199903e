//! The layout of a plan: which treatments its scenarios come to, each once, and which cell has which.

use std::collections::{BTreeMap, BTreeSet};

use bedside_perturbations::{Level, Needs};

use super::coalitions::{self, Orders};
use super::{Cell, CellPart, PlannedCase, label};
use crate::scenario::{DonorRule, FieldGroup, FoilRule, Scenario, Step, Sweep};
use crate::treatment::{Channel, PlannedStep, Role, Treatment};

/// The distinct treatments of some scenarios, and which cell is which: the control, the shams and positive controls of
/// the channels in use, then the scenarios' cells. Coalitions are those that some of the cases are asked.
pub(super) fn lay_out(
    scenarios: &[Scenario],
    orders: &BTreeMap<usize, Orders>,
    cases: &[PlannedCase],
) -> (Vec<Treatment>, Vec<Cell>) {
    let mut layout = Layout::default();
    layout.place(Treatment::control());
    let of = |(index, scenario): (usize, &Scenario)| {
        let told = coalitions::of_scenario(index, scenario, orders.get(&index), cases);
        drafts(scenario, &told).map(move |draft| (index, draft)).collect::<Vec<_>>()
    };
    let drafts: Vec<(usize, Draft)> = scenarios.iter().enumerate().flat_map(of).collect();
    let used: BTreeSet<Channel> = drafts.iter().flat_map(|(_, draft)| draft.treatment.channels()).collect();
    for channel in used {
        for treatment in Treatment::shams(channel).into_iter().chain([Treatment::positive(channel)]) {
            layout.place(treatment);
        }
    }
    let cells = drafts.into_iter().map(|(scenario, draft)| Cell {
        scenario,
        treatment: layout.place(draft.treatment),
        label: draft.label,
        position: draft.position,
        part: draft.part,
    });
    let cells = cells.collect();
    (layout.treatments, cells)
}

/// Treatments, each once.
#[derive(Default)]
struct Layout {
    treatments: Vec<Treatment>,
    places: BTreeMap<String, usize>,
}

impl Layout {
    fn place(&mut self, treatment: Treatment) -> usize {
        let next = self.treatments.len();
        let place = *self.places.entry(treatment.key()).or_insert(next);
        if place == next {
            self.treatments.push(treatment);
        }
        place
    }
}

/// A treatment of its own, outside any scenario.
#[must_use]
pub fn treated_with(steps: Vec<PlannedStep>) -> Treatment {
    treated(steps, DonorRule::Different, FoilRule::Nearest)
}

/// What a scenario does, cell by cell: the label and the treatment. Of coalitions those that drop or tell one group, or all.
#[must_use]
pub fn cells_of(scenario: &Scenario) -> Vec<(String, Treatment)> {
    let told = coalitions::of_scenario(0, scenario, Some(&Orders::new()), &[]);
    drafts(scenario, &told).map(|draft| (draft.label, draft.treatment)).collect()
}

/// A cell before its treatment has a number.
struct Draft {
    treatment: Treatment,
    label: String,
    position: Option<f64>,
    part: CellPart,
}

fn drafts(scenario: &Scenario, coalitions: &[u32]) -> impl Iterator<Item = Draft> {
    let steps = &scenario.steps;
    let list: Vec<Draft> = match &scenario.sweep {
        Sweep::Once => vec![draft(scenario, steps, None, CellPart::Whole)],
        Sweep::Levels(levels) => {
            levels.iter().map(|level| draft(scenario, steps, Some(*level), CellPart::Whole)).collect()
        }
        Sweep::Missing(shares) => shares.iter().map(|share| missing(scenario, *share)).collect(),
        Sweep::Fields(names) => names.iter().map(|name| about(scenario, name)).collect(),
        Sweep::Groups { groups, .. } => coalitions.iter().map(|told| coalition(scenario, groups, *told)).collect(),
        Sweep::Factorial { image, history } => {
            let both: Vec<Step> = image.iter().chain(history).cloned().collect();
            vec![
                draft(scenario, image, None, CellPart::ImageOnly),
                draft(scenario, history, None, CellPart::HistoryOnly),
                draft(scenario, &both, None, CellPart::Both),
            ]
        }
    };
    list.into_iter()
}

fn draft(scenario: &Scenario, steps: &[Step], level: Option<Level>, part: CellPart) -> Draft {
    let steps: Vec<PlannedStep> = steps.iter().map(|step| PlannedStep::decide(step, level)).collect();
    let label = label::label(&steps, level, part);
    let position = level.map(|level| f64::from(level.number()));
    Draft { treatment: of_scenario(scenario, steps), label, position, part }
}

fn missing(scenario: &Scenario, share: f64) -> Draft {
    let steps: Vec<PlannedStep> = scenario.steps.iter().map(|step| PlannedStep::decide(step, None)).collect();
    let label = format!("{} of the history missing", crate::words::percent(share));
    let drop = (share > 0.0).then(|| PlannedStep::at("leave_k_out", Some(share)));
    let steps = steps.into_iter().chain(drop).collect();
    Draft { treatment: of_scenario(scenario, steps), label, position: Some(share), part: CellPart::Whole }
}

/// The steps about one field of the history; steps that take no field, or fix their own, stay as they are.
fn about(scenario: &Scenario, name: &str) -> Draft {
    let steps = scenario.steps.iter().map(|step| PlannedStep::decide(step, None).about(name)).collect();
    let label = name.replace('_', " ");
    Draft { treatment: of_scenario(scenario, steps), label, position: None, part: CellPart::Whole }
}

/// Only the groups of a coalition told. Nothing told is a step of its own.
fn coalition(scenario: &Scenario, groups: &[FieldGroup], told: u32) -> Draft {
    let members: Vec<&FieldGroup> =
        groups.iter().enumerate().filter(|(place, _)| told >> place & 1 == 1).map(|(_, group)| group).collect();
    let names: Vec<&str> = members.iter().map(|group| group.name.as_str()).collect();
    let fields: Vec<&str> = members.iter().flat_map(|group| &group.fields).map(String::as_str).collect();
    let step = match fields.split_first() {
        None => PlannedStep::at("drop_all", None),
        Some((first, rest)) => PlannedStep::keeping(first, rest),
    };
    let label = if names.is_empty() { "nothing told".into() } else { format!("only {}", names.join(" + ")) };
    let treatment = of_scenario(scenario, vec![step]);
    Draft { treatment, label, position: None, part: CellPart::Coalition(told) }
}

fn of_scenario(scenario: &Scenario, steps: Vec<PlannedStep>) -> Treatment {
    let field = scenario.field.filter(|_| steps.iter().any(PlannedStep::leaves_field_open));
    Treatment { on: scenario.on.clone(), field, ..treated(steps, scenario.donor, scenario.foil) }
}

/// The steps as a treatment, with the rules that they need.
fn treated(steps: Vec<PlannedStep>, donor: DonorRule, foil: FoilRule) -> Treatment {
    let needs = |needed| steps.iter().any(|step| step.card().is_some_and(|card| card.needs == needed));
    let donor = needs(Needs::Donor).then_some(donor);
    let foil = needs(Needs::Foil).then_some(foil);
    Treatment { role: Role::Treated, steps, donor, foil, ..Treatment::control() }
}
