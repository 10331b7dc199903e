//! Agreement of two ratings on an ordered scale.

use std::collections::BTreeMap;

use crate::bootstrap::BOOTSTRAP_FROM;
use crate::estimate::{Estimate, Method, proper, tail_of};
use crate::replicates::{self, Moments};
use crate::special::t_quantile;
use crate::sum::sum;

/// Quadratically weighted kappa (Cohen 1968) of pairs of categories, control against treated, in [−1, 1].
///
/// `1 − Σ observed (i−j)² / Σ expected (i−j)²`. Categories are numbered along the whole scale; its length cancels out of
/// quadratic weights, so it is not asked for. Counted in whole numbers, hence independent of the order of the pairs.
/// `None` where it is not defined: no pair, or both arms constant in the same category.
#[must_use]
pub fn weighted_kappa(pairs: &[(u32, u32)]) -> Option<f64> {
    let total =
        |term: fn(i128, i128) -> i128| -> i128 { pairs.iter().map(|&(i, j)| term(i128::from(i), i128::from(j))).sum() };
    let n = pairs.len() as i128;
    let observed = n * total(|i, j| (i - j) * (i - j));
    let expected = n * total(|i, j| i * i + j * j) - 2 * total(|i, _| i) * total(|_, j| j);
    (expected > 0).then(|| 1.0 - observed as f64 / expected as f64)
}

/// Quadratically weighted kappa of pairs (patient, one place, other place) with an interval over patients.
///
/// The interval is `tanh(z ∓ t · s)` with z = atanh κ (Fisher's transformation, which Lin, Biometrics 1989; 45: 255–268,
/// recommends for the concordance that kappa with quadratic weights is), s the jackknife's standard error of z over patients
/// (Miller, Biometrika 1974; 61: 1–15) and t with G − 1 degrees of freedom. `COVERAGE.md` says how often it covers, and how
/// often the percentiles of the patient bootstrap do: less where kappa is near 1.
///
/// Without an interval for fewer than 40 patients, and where kappa is 1 with some patient left out: what a single patient
/// decides has no spread that could be seen. `None` where kappa is not defined, or for a level outside (0, 1).
#[must_use]
pub fn agreement(pairs: &[(u32, u32, u32)], level: f64) -> Option<Estimate> {
    let tail = tail_of(level)?;
    let plain: Vec<(u32, u32)> = pairs.iter().map(|&(_, one, other)| (one, other)).collect();
    let point = weighted_kappa(&plain)?;
    let patients = by_patient(pairs);
    let (n, count) = (pairs.len() as u64, patients.len() as u64);
    let interval = if count < BOOTSTRAP_FROM { None } else { jackknifed(&patients, tail) };
    Some(Estimate { point, interval, level, method: Method::Jackknife, events: None, n, patients: count })
}

/// What kappa needs of each patient: whole numbers, so that the order of the pairs does not show.
fn by_patient(pairs: &[(u32, u32, u32)]) -> Vec<Moments> {
    let mut patients: BTreeMap<u32, Moments> = BTreeMap::new();
    for &(patient, one, other) in pairs {
        let (i, j) = (f64::from(one), f64::from(other));
        let of = patients.entry(patient).or_default();
        *of = of.with(Moments { n: 1.0, apart: (i - j) * (i - j), squares: i * i + j * j, first: i, second: j }, 1.0);
    }
    patients.into_values().collect()
}

/// The limits from Fisher's z of everybody and of everybody but each patient.
fn jackknifed(patients: &[Moments], tail: f64) -> Option<(f64, f64)> {
    let z = |of: Moments| replicates::weighted_kappa(of).map(libm::atanh).filter(|z| z.is_finite());
    let all = patients.iter().fold(Moments::default(), |all, own| all.with(*own, 1.0));
    let whole = z(all)?;
    let without: Vec<f64> = patients.iter().map(|own| z(all.with(*own, -1.0))).collect::<Option<_>>()?;
    let size = patients.len() as f64;
    let centre = sum(without.iter().copied()) / size;
    let squares = sum(without.iter().map(|z| (z - centre) * (z - centre)));
    let half = t_quantile(1.0 - tail, size - 1.0) * libm::sqrt((size - 1.0) / size * squares);
    proper(libm::tanh(whole - half), libm::tanh(whole + half))
}

#[cfg(test)]
mod tests {
    use super::{agreement, weighted_kappa};
    use crate::LEVEL;
    use proptest::prelude::*;

    /// Pairs of that many patients, one each, of which every fifth moves by one place.
    fn moving(patients: u32) -> Vec<(u32, u32, u32)> {
        (0..patients).map(|case| (case, case % 4, (case + u32::from(case.is_multiple_of(5))) % 4)).collect()
    }

    #[test]
    fn kappa_has_an_interval_around_it_from_forty_patients_on() {
        let found = agreement(&moving(40), LEVEL).unwrap();
        let (low, high) = found.interval.unwrap();
        assert!(low < found.point && found.point < high && high < 1.0, "{found:?}");
        assert_eq!((found.n, found.patients), (40, 40));
        assert_eq!(agreement(&moving(39), LEVEL).unwrap().interval, None);
        assert_eq!(agreement(&moving(40), 1.0), None);
    }

    #[test]
    fn what_a_single_patient_decides_has_no_interval() {
        let disagreeing = |who: &[u32]| -> Vec<(u32, u32, u32)> {
            (0..60).map(|case| (case, case % 4, if who.contains(&case) { (case + 1) % 4 } else { case % 4 })).collect()
        };
        assert_eq!(agreement(&disagreeing(&[]), LEVEL).unwrap().interval, None);
        assert_eq!(agreement(&disagreeing(&[7]), LEVEL).unwrap().interval, None);
        assert!(agreement(&disagreeing(&[7, 8]), LEVEL).unwrap().interval.is_some());
        assert_eq!(agreement(&[(0, 1, 1)], LEVEL), None);
    }

    #[test]
    fn the_cases_of_a_patient_are_left_out_together() {
        let pairs = moving(240);
        let together: Vec<(u32, u32, u32)> = pairs.iter().map(|&(case, i, j)| (case / 5, i, j)).collect();
        let thrice: Vec<(u32, u32, u32)> = pairs.iter().flat_map(|pair| [*pair; 3]).collect();
        let width = |pairs: &[(u32, u32, u32)]| agreement(pairs, LEVEL).unwrap().interval.map(|(l, h)| h - l).unwrap();
        assert!((width(&thrice) - width(&pairs)).abs() < 1e-12, "copies say nothing new");
        assert!(width(&together) < width(&pairs), "every patient has one case that moves");
    }

    #[test]
    fn full_agreement_is_one_and_full_reversal_minus_one() {
        assert_eq!(weighted_kappa(&[(0, 0), (3, 3), (1, 1)]), Some(1.0));
        assert_eq!(weighted_kappa(&[(0, 3), (3, 0)]), Some(-1.0));
    }

    #[test]
    fn constant_ratings_have_no_kappa() {
        assert_eq!(weighted_kappa(&[(2, 2), (2, 2)]), None);
        assert_eq!(weighted_kappa(&[]), None);
        assert_eq!(weighted_kappa(&[(2, 1), (2, 1)]), Some(0.0));
    }

    proptest! {
        #[test]
        fn the_order_of_the_pairs_does_not_show(pairs in prop::collection::vec((0_u32..50, 0_u32..5, 0_u32..5), 1..150)) {
            let mut turned = pairs.clone();
            turned.reverse();
            prop_assert_eq!(agreement(&pairs, LEVEL), agreement(&turned, LEVEL));
        }

        #[test]
        fn it_is_symmetric_and_reads_the_scale_either_way(pairs in prop::collection::vec((0_u32..5, 0_u32..5), 1..60)) {
            let swapped: Vec<_> = pairs.iter().rev().map(|&(i, j)| (j, i)).collect();
            let reversed: Vec<_> = pairs.iter().map(|&(i, j)| (4 - i, 4 - j)).collect();
            prop_assert_eq!(weighted_kappa(&pairs), weighted_kappa(&swapped));
            prop_assert_eq!(weighted_kappa(&pairs), weighted_kappa(&reversed));
        }
    }
}
