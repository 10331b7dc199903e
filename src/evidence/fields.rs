//! Which field groups the answer rests on, for the report.

use bedside_reports::record::{FieldGroup, FieldGroups};

use super::estimate;
use crate::plan::Plan;
use crate::plan::coalitions;
use crate::reliance::fields::{self, FieldEffect};
use crate::scenario::{self, Sweep};
use crate::shift::{Run, Slots};

/// The effects of field groups, one entry for each scenario that asks coalitions of them.
pub(super) fn fields(plan: &Plan, slots: &Slots) -> Vec<FieldGroups> {
    let run = Run::of(plan, slots);
    (0..plan.scenarios.len()).filter_map(|scenario| of_scenario(&run, scenario)).collect()
}

fn of_scenario(run: &Run<'_>, index: usize) -> Option<FieldGroups> {
    let scenario = run.plan.scenarios.get(index)?;
    let groups = coalitions::groups(scenario)?;
    let found = fields::of_scenario(run, index)?;
    let orders = if let Sweep::Groups { orders, .. } = scenario.sweep { orders } else { None };
    Some(FieldGroups {
        scenario: scenario.id.clone(),
        orders,
        groups: found.groups.iter().filter_map(|effect| group(groups, effect)).collect(),
        whole: estimate(&found.whole),
        none_told: found.ends[0],
        all_told: found.ends[1],
        incomplete: found.incomplete,
        untold: found.untold,
    })
}

fn group(groups: &[scenario::FieldGroup], effect: &FieldEffect) -> Option<FieldGroup> {
    let group = groups.get(effect.group as usize)?;
    Some(FieldGroup {
        name: group.name.clone(),
        fields: group.fields.iter().map(|field| field.replace('_', " ")).collect(),
        cases: effect.cases,
        leave_one_out: estimate(&effect.leave_one_out),
        add_one_in: estimate(&effect.add_one_in),
        shapley: estimate(&effect.shapley),
        monte_carlo: effect.monte_carlo,
    })
}
