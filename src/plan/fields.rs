//! Which field of a history a treatment is about, where it says only how much the field matters to the case.

use std::collections::BTreeMap;

use bedside_perturbations::{Stimulus, Value};

use crate::case::Case;
use crate::necessity::{self, Necessity, Needed};
use crate::seed;
use crate::treatment::{Given, PlannedStep, Treatment};

/// The fields of a case by the keys of the treatments that leave theirs to the plan.
pub(super) type Chosen = BTreeMap<String, String>;

/// Chooses one for each such treatment: of the fields that the history tells and that matter that much to the case, in a
/// seeded order, the first that the treatment's steps apply to; if they apply to none, the first, and the trial says why.
pub(super) fn choose(treatments: &[Treatment], case: &Case, table: &[Needed], seed: u64) -> Chosen {
    let of = |treatment: &Treatment| {
        let names = candidates(treatment.field?, case, table, seed);
        let fits = names.iter().find(|name| applies(treatment, case, name, seed));
        Some((treatment.key(), (*fits.or(names.first())?).to_owned()))
    };
    treatments.iter().filter_map(of).collect()
}

/// The same by the treatments' numbers in a plan.
pub(super) fn numbered(chosen: &Chosen, treatments: &[Treatment]) -> BTreeMap<usize, String> {
    let of = |(number, treatment): (usize, &Treatment)| {
        treatment.field?;
        Some((number, chosen.get(&treatment.key())?.clone()))
    };
    treatments.iter().enumerate().filter_map(of).collect()
}

/// The told fields that matter that much, from a seeded place onwards.
fn candidates<'a>(wanted: Necessity, case: &'a Case, table: &[Needed], seed: u64) -> Vec<&'a str> {
    let accepted: Vec<&str> = case.truth.differential.iter().map(|(id, _)| id.as_str()).collect();
    let told = case.history.fields.iter().filter(|field| !matches!(field.value, Value::Deleted | Value::Unknown));
    let mut names: Vec<&str> = told
        .map(|field| field.name.as_str())
        .filter(|name| necessity::of_case(table, &accepted, name) == Some(wanted))
        .collect();
    let place = seed::of_plan(seed, "field", &case.id).index(names.len());
    let most = names.len();
    names.rotate_left(place.min(most));
    names
}

/// Whether the steps that leave their field open apply to that one.
fn applies(treatment: &Treatment, case: &Case, field: &str, seed: u64) -> bool {
    let steps: Vec<PlannedStep> = treatment.steps.iter().filter(|step| step.leaves_field_open()).cloned().collect();
    let about = Treatment { steps, ..treatment.clone() };
    let given = Given { root: seed, case: &case.id, draw: 0, donor: None, foil: None, field: Some(field) };
    let mut stimulus = Stimulus { history: case.history.clone(), ..Stimulus::default() };
    about.apply(&mut stimulus, &given).is_ok()
}
