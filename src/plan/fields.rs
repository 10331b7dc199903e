//! Which field of a history a treatment is about, where it says only how much the field matters to the case.

use std::collections::BTreeMap;

use bedside_perturbations::{Unfit, Value};

use super::PlannedCase;
use crate::case::Case;
use crate::necessity::{self, Necessity, Needed};
use crate::seed;
use crate::treatment::{Given, PlannedStep, Treatment};

/// The field of a case that a treatment is about which leaves it open: of the fields that the history tells and that matter
/// that much to the case, in a seeded order, the first that the treatment's steps apply to; if they apply to none, the
/// first, and doing it says why. `None` where the treatment leaves nothing open.
///
/// # Errors
/// [`Unfit::NothingToChange`] where the history tells no such field.
pub fn of_case(treatment: &Treatment, case: &Case, table: &[Needed], seed: u64) -> Result<Option<String>, Unfit> {
    let Some(wanted) = treatment.field else { return Ok(None) };
    let names = candidates(wanted, case, table, seed);
    let applies = |name: &&&str| {
        let given =
            Given { root: seed, case: &case.id, draw: 0, donor: None, foil: None, field: Some(name), language: None };
        treatment.applies_to_words(PlannedStep::leaves_field_open, &case.history, &given)
    };
    let name = names.iter().find(applies).or(names.first());
    name.map(|name| Some((*name).to_owned()))
        .ok_or_else(|| Unfit::nothing("no field is told that matters that much by the cohort's necessity table"))
}

/// Every such field of a case, by the numbers of the treatments.
pub(super) fn all(treatments: &[Treatment], case: &Case, table: &[Needed], seed: u64) -> BTreeMap<usize, String> {
    let of = |(number, treatment)| Some((number, of_case(treatment, case, table, seed).ok().flatten()?));
    treatments.iter().enumerate().filter_map(of).collect()
}

/// Gives the fields the numbers that their treatments have among others.
pub(super) fn renumber(cases: &mut [PlannedCase], from: &[Treatment], to: &[Treatment]) {
    let places: BTreeMap<String, usize> = to.iter().enumerate().map(|(place, one)| (one.key(), place)).collect();
    let moved: Vec<Option<usize>> = from.iter().map(|one| places.get(&one.key()).copied()).collect();
    for case in cases {
        let fields = core::mem::take(&mut case.fields).into_iter();
        let place = |number: usize| moved.get(number).copied().flatten();
        case.fields = fields.filter_map(|(number, name)| Some((place(number)?, name))).collect();
    }
}

/// The told fields that matter that much, from a seeded place onwards.
fn candidates<'a>(wanted: Necessity, case: &'a Case, table: &[Needed], seed: u64) -> Vec<&'a str> {
    let accepted: Vec<&str> = case.truth.differential.iter().map(|(id, _)| id.as_str()).collect();
    let told = case.history.fields.iter().filter(|field| !matches!(field.value, Value::Deleted | Value::Unknown));
    let mut names: Vec<&str> = told
        .map(|field| field.name.as_str())
        .filter(|name| necessity::of_case(table, &accepted, name) == Some(wanted))
        .collect();
    let most = names.len();
    let place = seed::of_plan(seed, "field", &case.id).index(most);
    names.rotate_left(place.min(most));
    names
}
