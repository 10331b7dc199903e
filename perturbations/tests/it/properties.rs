//! Any size, any dose in range: no panic, a frame that makes sense, and doses between levels that lie between them.

use bedside_perturbations::catalogue::{CATALOGUE, Entry};
use bedside_perturbations::contract::{photograph, quantity};
use bedside_perturbations::{
    Change, Context, Grading, Level, Quantity, Setting, Stimulus, Stream, Takes, Target, Unfit,
};
use proptest::prelude::*;

fn graded() -> Vec<&'static Entry> {
    CATALOGUE
        .iter()
        .filter(|entry| entry.card.target == Target::Image && entry.card.grading != Grading::Binary)
        .collect()
}

/// The dose at that share of the way from the mildest to the most severe.
fn dose(entry: &Entry, share: f64) -> f64 {
    match entry.card.grading {
        Grading::Graded { range, .. } => range.nearest(range.mildest + share * (range.severest - range.mildest)),
        Grading::Binary => f64::NAN,
    }
}

fn apply(entry: &Entry, dose: f64, stimulus: &Stimulus, seed: u64) -> (Result<Change, Unfit>, Stimulus) {
    let mut after = stimulus.clone();
    let mut setting = Setting { dose: Some(dose), ..Setting::default() };
    for parameter in entry.card.parameters.iter().filter(|parameter| parameter.required) {
        if let Takes::Choice(words) = parameter.takes {
            setting = setting.with(parameter.name, words[seed as usize % words.len()]);
        }
    }
    let operator = entry.build(&setting).unwrap();
    (operator.apply(&mut after, &mut Context::new(Stream::derive(seed, &[]))), after)
}

fn one(width: u32, height: u32, seed: u32) -> Stimulus {
    Stimulus { images: vec![photograph(width, height, seed)], ..Stimulus::default() }
}

/// The panel of the contract is too small for the wide blurs that are worked on a smaller copy.
#[test]
fn the_levels_are_monotone_on_a_large_photograph_too() {
    let before = one(1500, 1100, 4);
    for id in ["gaussian_blur", "defocus"] {
        let entry = CATALOGUE.iter().find(|entry| entry.card.id == id).unwrap();
        let lost = |level| {
            let after = apply(entry, entry.card.dose(level).unwrap(), &before, 1).1;
            quantity(Quantity::DetailLost, &before, &after)
        };
        let losses = Level::ALL.map(lost);
        assert!(losses[0] > 0.0 && losses.windows(2).all(|pair| pair[1] > pair[0]), "{id}: {losses:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_size_and_any_dose(width in 1_u32..90, height in 1_u32..90, share in 0.0..=1.0_f64, seed in 0_u64..1000) {
        let before = one(width, height, 3);
        for entry in graded() {
            let (outcome, after) = apply(entry, dose(entry, share), &before, seed);
            let (was, is) = (before.images[0].pixels.dimensions(), after.images[0].pixels.dimensions());
            prop_assert!(is.0 >= 1 && is.1 >= 1 && is.0 <= was.0 && is.1 <= was.1);
            let resizes = entry.card.family == "image/framing" || entry.card.id == "downscale";
            prop_assert!(resizes || is == was);
            prop_assert_eq!(outcome.is_err(), after == before);
        }
    }

    #[test]
    fn twice_the_blur_takes_more_detail(share in 0.005..0.03_f64, seed in 0_u64..100) {
        let before = one(120, 90, 5);
        for id in ["gaussian_blur", "defocus", "motion_blur"] {
            let entry = CATALOGUE.iter().find(|entry| entry.card.id == id).unwrap();
            let lost = |dose| quantity(Quantity::DetailLost, &before, &apply(entry, dose, &before, seed).1);
            prop_assert!(lost(2.0 * share) >= lost(share));
        }
    }

    #[test]
    fn over_and_under_exposure_grow_away_from_nothing(stops in 0.1..1.9_f64) {
        let before = one(40, 30, 2);
        for id in ["exposure", "colour_temperature"] {
            let entry = CATALOGUE.iter().find(|entry| entry.card.id == id).unwrap();
            let doses = |side: f64| if id == "exposure" { side * stops } else { 6500.0 + 1000.0 * side * stops };
            let moved = |dose| quantity(Quantity::SquaredError, &before, &apply(entry, dose, &before, 1).1);
            prop_assert!(moved(doses(2.0)) >= moved(doses(1.0)) && moved(doses(-2.0)) >= moved(doses(-1.0)));
        }
    }
}
