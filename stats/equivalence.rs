//! Equivalence and non-inferiority of a mean: two one-sided tests.

use crate::cluster::{Clusters, FEWEST_PATIENTS, Observation};
use crate::special::t_tails;

/// What two one-sided tests found about a mean and its margins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Equivalence {
    /// The one-sided p against "the mean is at or below the lower margin": that of non-inferiority where less is worse.
    pub above: f64,
    /// The one-sided p against "the mean is at or above the upper margin": that of non-inferiority where more is worse.
    pub below: f64,
    /// The larger of both: the mean lies between the margins when this is at most alpha.
    pub p: f64,
}

/// Two one-sided t tests (Schuirmann, Journal of Pharmacokinetics and Biopharmaceutics 1987; 15: 657–680) on the spread
/// between patients, G − 1 degrees of freedom.
///
/// p ≤ alpha exactly when the interval of [`cluster_t`](crate::cluster_t) at level 1 − 2·alpha lies between the margins.
/// Margins are declared before the run, in the unit of the values, lower < upper. `None` for margins the other way
/// round, no value, a value that is not finite, fewer than 20 patients, or values that do not differ between patients.
#[must_use]
pub fn equivalence(observations: &[Observation], lower: f64, upper: f64) -> Option<Equivalence> {
    let clusters = Clusters::of(observations).filter(|clusters| clusters.patients() >= FEWEST_PATIENTS)?;
    let variance = clusters.variance().filter(|variance| *variance > 0.0 && lower < upper)?;
    let at = |margin: f64| t_tails((clusters.mean() - margin) / libm::sqrt(variance), clusters.patients() as f64 - 1.0);
    let (above, below) = (at(lower).upper, at(upper).lower);
    Some(Equivalence { above, below, p: above.max(below) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster_t;
    use proptest::prelude::*;

    fn values(list: &[i8]) -> Vec<Observation> {
        (0..).zip(list).map(|(case, &v)| Observation { patient: case / 2, value: f64::from(v) / 10.0 }).collect()
    }

    #[test]
    fn what_cannot_be_tested_has_no_p() {
        let list = values(&[1, 2, 3, -4].repeat(10));
        assert!(equivalence(&list, -1.0, 1.0).is_some());
        assert_eq!(equivalence(&list, 1.0, -1.0), None);
        assert_eq!(equivalence(&list, f64::NAN, 1.0), None);
        assert_eq!(equivalence(&list, 1.0, 1.0), None);
        assert_eq!(equivalence(&list[..38], -1.0, 1.0), None);
        assert_eq!(equivalence(&values(&[3; 60]), -1.0, 1.0), None);
    }

    #[test]
    fn a_mean_on_the_margin_is_even_odds() {
        let list = values(&[1, -1, 2, -2, 3, -1, 0, -2].repeat(6));
        let found = equivalence(&list, 0.0, 9.0).unwrap();
        assert!((found.above - 0.5).abs() < 1e-12 && found.p == found.above);
    }

    proptest! {
        #[test]
        fn the_test_and_the_interval_agree(
            list in prop::collection::vec(-9_i8..=9, 40..90), margin in 0.05_f64..0.6, alpha in 0.01_f64..0.2
        ) {
            let list = values(&list);
            let (Some(found), Some(estimate)) = (equivalence(&list, -margin, margin), cluster_t(&list, 1.0 - 2.0 * alpha))
            else { return Ok(()) };
            let Some((low, high)) = estimate.interval else { return Ok(()) };
            prop_assume!((low + margin).abs() > 1e-9 && (high - margin).abs() > 1e-9);
            prop_assert_eq!(found.p <= alpha, -margin < low && high < margin);
        }
    }
}
