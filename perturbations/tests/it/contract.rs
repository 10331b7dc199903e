//! The conformance suite over the whole catalogue, one half of it beside the other.

use bedside_perturbations::catalogue::{CATALOGUE, Entry};
use bedside_perturbations::contract::Contract;

fn check<'a>(entries: impl Iterator<Item = &'a Entry>) {
    let contract = Contract::new();
    let found: Vec<String> = entries.flat_map(|entry| contract.check(entry)).map(|found| found.to_string()).collect();
    let shown: Vec<&String> = found.iter().take(40).collect();
    assert!(found.is_empty(), "{} violations, e.g. {shown:#?}", found.len());
}

#[test]
fn every_operator_at_an_even_place_keeps_the_contract() {
    check(CATALOGUE.iter().step_by(2));
}

#[test]
fn every_operator_at_an_odd_place_keeps_the_contract() {
    check(CATALOGUE.iter().skip(1).step_by(2));
}
