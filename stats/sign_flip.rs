//! The sign-flip permutation test of a mean, patient by patient.

use bedside_perturbations::Stream;

use crate::cluster::{Observation, totals};
use crate::sum::sum;

/// Up to this number of patients every pattern of signs is looked at.
const MOST_EXACT: usize = 20;

/// Sums that differ by less than this share of the sum of sizes are the same sum, rounded differently.
const ROUNDING: f64 = 1e-12;

/// What the sign-flip test found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SignFlip {
    /// The two-sided p in (0, 1].
    pub p: f64,
    /// How many patterns of signs it rests on.
    pub patterns: u64,
    /// Whether these are all patterns there are, rather than drawn ones.
    pub exact: bool,
}

/// Tests whether the mean of paired differences is 0 by turning the signs of whole patients (Fisher 1935, section 21;
/// for clusters Winkler and others, NeuroImage 2014; 92: 381–397).
///
/// Valid when every patient's differences are symmetric about 0 under the hypothesis; for right → wrong (−1) against
/// wrong → right (+1) it is the exact McNemar test where each patient has one case, and its clustered form otherwise.
/// Up to 20 patients all 2^G patterns are looked at; beyond, as many as asked for are drawn and p = (1 + those at least as
/// extreme)/(1 + drawn) (Phipson and Smyth 2010), which never is 0. `None` for no value or one that is not finite.
#[must_use]
pub fn sign_flip(differences: &[Observation], draws: u64, stream: &Stream) -> Option<SignFlip> {
    let values: Vec<f64> = totals(differences)?.into_values().collect();
    let test = Test::of(&values);
    if values.len() <= MOST_EXACT {
        let patterns = 1_u64 << values.len();
        return Some(SignFlip { p: test.count_all(&values, 0.0) as f64 / patterns as f64, patterns, exact: true });
    }
    let extreme = (0..draws).filter(|draw| test.is_extreme(flipped(&values, stream.fork("signs", *draw)))).count();
    Some(SignFlip { p: (1.0 + extreme as f64) / (1.0 + draws as f64), patterns: draws, exact: false })
}

/// What counts as at least as extreme as what was observed.
struct Test {
    threshold: f64,
}

impl Test {
    fn of(values: &[f64]) -> Self {
        let sizes = sum(values.iter().map(|value| libm::fabs(*value)));
        Self { threshold: libm::fabs(sum(values.iter().copied())) - ROUNDING * sizes }
    }

    fn is_extreme(&self, total: f64) -> bool {
        libm::fabs(total) >= self.threshold
    }

    /// How many patterns of the signs of these values, added to `so_far`, are extreme.
    fn count_all(&self, values: &[f64], so_far: f64) -> u64 {
        match values.split_first() {
            None => u64::from(self.is_extreme(so_far)),
            Some((value, rest)) => self.count_all(rest, so_far + value) + self.count_all(rest, so_far - value),
        }
    }
}

/// The sum of the values under drawn signs.
pub(crate) fn flipped(values: &[f64], stream: Stream) -> f64 {
    signs(stream).zip(values).map(|(negative, value)| if negative { -value } else { *value }).sum()
}

/// An endless row of signs, each 64 from one draw; true turns the value.
pub(crate) fn signs(mut stream: Stream) -> impl Iterator<Item = bool> {
    std::iter::repeat_with(move || stream.bits()).flat_map(|bits| (0..64).map(move |place| bits >> place & 1 == 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mcnemar_exact;
    use proptest::prelude::*;

    fn stream() -> Stream {
        Stream::derive(7, &["sign flip"])
    }

    fn each(values: &[f64]) -> Vec<Observation> {
        (0..).zip(values).map(|(patient, &value)| Observation { patient, value }).collect()
    }

    fn switches(lost: usize, gained: usize, same: usize) -> Vec<Observation> {
        each(&[vec![-1.0; lost], vec![1.0; gained], vec![0.0; same]].concat())
    }

    #[test]
    fn with_one_case_each_it_is_the_exact_mcnemar_test() {
        for (lost, gained) in [(10, 2), (5, 0), (3, 9), (6, 6), (0, 1)] {
            let p = sign_flip(&switches(lost, gained, 3), 0, &stream()).unwrap().p;
            assert!((p - mcnemar_exact(lost as u64, gained as u64)).abs() < 1e-15, "{lost} {gained}: {p}");
        }
    }

    #[test]
    fn drawn_signs_come_near_the_exact_p() {
        let drawn = sign_flip(&switches(16, 6, 40), 4_000, &stream()).unwrap();
        let exact = mcnemar_exact(16, 6);
        assert!(!drawn.exact && (drawn.p - exact).abs() < 4.0 * libm::sqrt(exact / 4_000.0), "{} {exact}", drawn.p);
    }

    #[test]
    fn cases_of_one_patient_turn_together() {
        let list: Vec<_> = (0..18).map(|case| Observation { patient: case / 3, value: 1.0 }).collect();
        assert_eq!(sign_flip(&list, 0, &stream()).unwrap().p, 2.0 / 64.0);
    }

    #[test]
    fn averages_that_round_differently_still_tie() {
        let third = 1.0 / 3.0;
        let p = sign_flip(&each(&[third, third, -(1.0 - third) / 2.0, third]), 0, &stream()).unwrap().p;
        assert_eq!(p, 10.0 / 16.0);
    }

    #[test]
    fn nothing_is_no_test_and_no_difference_is_no_evidence() {
        assert_eq!(sign_flip(&[], 10, &stream()), None);
        assert_eq!(sign_flip(&switches(0, 0, 30), 99, &stream()).unwrap().p, 1.0);
    }

    proptest! {
        #[test]
        fn turning_all_signs_changes_nothing(values in prop::collection::vec(-5_i8..=5, 1..12)) {
            let list = each(&values.iter().map(|v| f64::from(*v) / 3.0).collect::<Vec<_>>());
            let turned: Vec<_> = list.iter().map(|o| Observation { value: -o.value, ..*o }).collect();
            let (one, other) = (sign_flip(&list, 0, &stream()).unwrap(), sign_flip(&turned, 0, &stream()).unwrap());
            prop_assert_eq!(one, other);
            prop_assert!(one.p > 0.0 && one.p <= 1.0);
        }
    }
}
