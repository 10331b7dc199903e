//! The seeds of the fuzz target (`fuzz/`), what its runs kept, and bytes of any kind, as ordinary tests.

#[path = "../../fuzz/input.rs"]
mod input;

use std::collections::BTreeMap;

use proptest::prelude::*;

/// The seeds hold, and among them every operator is applied at each of its levels, with every word that it requires.
#[test]
fn every_seed_holds_and_every_operator_and_level_is_reached() {
    let mut applied = BTreeMap::new();
    for (name, bytes) in input::seeds() {
        let checked = input::check(&bytes);
        let (level, _) = name.rsplit_once('-').unwrap();
        assert!(level.starts_with(checked.id), "{name} is {}", checked.id);
        *applied.entry(level.to_owned()).or_insert(false) |= checked.applied;
    }
    let missed: Vec<String> = applied.into_iter().filter(|(_, applied)| !applied).map(|(level, _)| level).collect();
    assert_eq!(missed, [""; 0]);
}

#[test]
fn everything_that_a_run_kept_holds() {
    let corpus = input::corpus();
    assert!(corpus.len() > 100 && corpus.iter().all(|bytes| !bytes.is_empty()), "{}", corpus.len());
    corpus.iter().for_each(|bytes| drop(input::check(bytes)));
}

#[test]
fn bytes_that_end_early_are_an_input_too() {
    (0..=255_u8).for_each(|byte| drop(input::check(&[byte])));
    input::check(&[]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn any_bytes_hold(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        input::check(&bytes);
    }
}
