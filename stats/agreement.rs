//! Agreement of two ratings on an ordered scale.

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

#[cfg(test)]
mod tests {
    use super::weighted_kappa;
    use proptest::prelude::*;

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
        fn it_is_symmetric_and_reads_the_scale_either_way(pairs in prop::collection::vec((0_u32..5, 0_u32..5), 1..60)) {
            let swapped: Vec<_> = pairs.iter().rev().map(|&(i, j)| (j, i)).collect();
            let reversed: Vec<_> = pairs.iter().map(|&(i, j)| (4 - i, 4 - j)).collect();
            prop_assert_eq!(weighted_kappa(&pairs), weighted_kappa(&swapped));
            prop_assert_eq!(weighted_kappa(&pairs), weighted_kappa(&reversed));
        }
    }
}
