//! The seeds of the fuzz target (`fuzz/`), what its runs kept, and bytes of any kind, as ordinary tests.

#[path = "../../fuzz/input.rs"]
mod input;

use proptest::prelude::*;

#[test]
fn every_seed_of_the_corpus_holds() {
    let seeds = input::seeds();
    assert!(seeds.len() > 6 * 60, "{}", seeds.len());
    seeds.iter().for_each(|(_, bytes)| input::check(bytes));
}

#[test]
fn everything_that_a_run_kept_holds() {
    let corpus = input::corpus();
    assert!(corpus.len() > 100 && corpus.iter().all(|bytes| !bytes.is_empty()), "{}", corpus.len());
    corpus.iter().for_each(|bytes| input::check(bytes));
}

#[test]
fn bytes_that_end_early_are_an_input_too() {
    (0..=255_u8).for_each(|byte| input::check(&[byte]));
    input::check(&[]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn any_bytes_hold(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        input::check(&bytes);
    }
}
