//! How far two stated distributions over the same answers are from each other.

use crate::sum::sum;

/// Jensen and Shannon's divergence in bits, in [0, 1] (Lin, IEEE Transactions on Information Theory 1991; 37: 145–151).
///
/// The shares belong to the same answers in the same order; each list is divided by its sum first, so that stated
/// probabilities that add up to something else can be compared. `None` for lists of different length, a negative or
/// infinite share, or a list without any.
#[must_use]
pub fn jensen_shannon(one: &[f64], other: &[f64]) -> Option<f64> {
    let (one, other) = (shares(one)?, shares(other)?);
    if one.len() != other.len() {
        return None;
    }
    let terms = one.iter().zip(&other).map(|(p, q)| (weighted_bits(*p, p + q) + weighted_bits(*q, p + q)) / 2.0);
    Some(sum(terms).clamp(0.0, 1.0))
}

/// Total variation, half the sum of absolute differences, in [0, 1]; lists as for [`jensen_shannon`].
#[must_use]
pub fn total_variation(one: &[f64], other: &[f64]) -> Option<f64> {
    let (one, other) = (shares(one)?, shares(other)?);
    let differences = one.iter().zip(&other).map(|(p, q)| libm::fabs(p - q));
    (one.len() == other.len()).then(|| (sum(differences) / 2.0).min(1.0))
}

/// The list over its sum.
fn shares(list: &[f64]) -> Option<Vec<f64>> {
    let total = sum(list.iter().copied());
    let proper = list.iter().all(|share| *share >= 0.0) && total > 0.0 && total.is_finite();
    proper.then(|| list.iter().map(|share| share / total).collect())
}

/// `p · log₂(p / m)` with m = both/2; 0 where p is 0.
fn weighted_bits(p: f64, both: f64) -> f64 {
    if p > 0.0 { p * libm::log2(2.0 * p / both) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_shared_is_one_bit_and_everything_shared_is_none() {
        assert_eq!(jensen_shannon(&[1.0, 0.0], &[0.0, 1.0]), Some(1.0));
        assert_eq!(total_variation(&[1.0, 0.0], &[0.0, 1.0]), Some(1.0));
        assert_eq!(jensen_shannon(&[0.2, 0.8], &[1.0, 4.0]), Some(0.0));
    }

    #[test]
    fn a_half_certain_answer_against_a_certain_one() {
        // M = (¾, ¼): ½·[1·log₂(4/3)] + ½·[½·log₂(2/3) + ½·log₂ 2] = ¾·log₂(4/3)... by hand 0.311278.
        assert!((jensen_shannon(&[1.0, 0.0], &[0.5, 0.5]).unwrap() - 0.311_278_124_459_132_8).abs() < 1e-15);
        assert_eq!(total_variation(&[1.0, 0.0], &[0.5, 0.5]), Some(0.5));
    }

    #[test]
    fn what_is_no_distribution_is_refused() {
        for (one, other) in
            [(vec![], vec![]), (vec![0.0], vec![1.0]), (vec![1.0, 0.0], vec![1.0]), (vec![2.0, -1.0], vec![1.0, 0.0])]
        {
            assert_eq!((jensen_shannon(&one, &other), total_variation(&one, &other)), (None, None), "{one:?}");
        }
    }

    proptest! {
        #[test]
        fn both_are_symmetric_and_bound_each_other(pairs in prop::collection::vec((0.0_f64..1.0, 0.0_f64..1.0), 1..9)) {
            let (one, other): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
            let (Some(bits), Some(variation)) = (jensen_shannon(&one, &other), total_variation(&one, &other))
            else { return Ok(()) };
            prop_assert_eq!(Some(bits), jensen_shannon(&other, &one));
            // Lin 1991, theorem 3, and Pinsker's inequality.
            prop_assert!(bits <= variation + 1e-12);
            prop_assert!(variation * variation / (2.0 * core::f64::consts::LN_2) <= bits + 1e-12);
        }
    }
}
