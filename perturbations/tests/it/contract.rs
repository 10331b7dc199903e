//! The conformance suite over the whole catalogue.

use bedside_perturbations::catalogue::CATALOGUE;
use bedside_perturbations::contract::Contract;

#[test]
fn every_operator_keeps_the_contract() {
    let contract = Contract::new();
    let found: Vec<String> =
        CATALOGUE.iter().flat_map(|entry| contract.check(entry)).map(|violation| violation.to_string()).collect();
    let shown: Vec<&String> = found.iter().take(40).collect();
    assert!(found.is_empty(), "{} violations, e.g. {shown:#?}", found.len());
}
