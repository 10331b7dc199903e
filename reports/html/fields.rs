//! Which groups of fields the answer rests on.

use super::Links;
use crate::chart::bars;
use crate::number;
use crate::record::{FieldGroup, FieldGroups, Record};
use minijinja::value::Value;
use serde::Serialize;

/// The groups of one scenario with their picture.
#[derive(Debug, Serialize)]
pub(crate) struct Groups<'a> {
    scenario: &'a str,
    claim: Option<&'a str>,
    question: &'a str,
    axis: Value,
    rows: Vec<Row<'a>>,
    drawn: bool,
    notes: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Row<'a> {
    name: &'a str,
    fields: String,
    cases: String,
    drawing: Value,
    shapley: String,
    monte_carlo: String,
    leave_one_out: String,
    add_one_in: String,
}

impl<'a> Groups<'a> {
    pub(crate) fn of(all: &'a FieldGroups, record: &'a Record, links: &'a Links) -> Self {
        let claim = record.claims.iter().find(|claim| claim.id == all.scenario);
        Self {
            scenario: &all.scenario,
            claim: links.claims.get(&all.scenario).map(String::as_str),
            question: claim.map_or("", |claim| &claim.text),
            axis: Value::from_safe_string(bars::axis(all)),
            rows: all.groups.iter().map(|group| row(group, all)).collect(),
            drawn: all.orders.is_some(),
            notes: notes(all),
        }
    }
}

fn row<'a>(group: &'a FieldGroup, all: &FieldGroups) -> Row<'a> {
    Row {
        name: &group.name,
        fields: group.fields.join(", "),
        cases: number::count(group.cases),
        drawing: Value::from_safe_string(bars::row(group, all)),
        shapley: number::estimate(&group.shapley),
        monte_carlo: group.monte_carlo.map_or_else(String::new, number::share),
        leave_one_out: number::estimate(&group.leave_one_out),
        add_one_in: number::estimate(&group.add_one_in),
    }
}

fn notes(all: &FieldGroups) -> Vec<String> {
    let asked = all.orders.map_or_else(
        || "Every coalition was asked, so Shapley values have no Monte Carlo error.".into(),
        |orders| {
            format!(
                "{} orders were drawn; their Monte Carlo error stands apart from the interval over patients.",
                number::count(u64::from(orders))
            )
        },
    );
    let left = |n: u64, why: &str| (n > 0).then(|| format!("Left out: {} {why}.", number::count(n)));
    let whole = format!(
        "Right with nothing told: {}; with all groups told: {}; difference: {}. The Shapley values of a case add up to its \
         part of that difference.",
        number::share(all.none_told),
        number::share(all.all_told),
        number::estimate(&all.whole)
    );
    let left_out = [left(all.incomplete, "with an answer missing"), left(all.untold, "that tell none of the groups")];
    [whole, asked].into_iter().chain(left_out.into_iter().flatten()).collect()
}
