//! Wilcoxon's signed-rank test: do paired differences lie about zero?

use crate::special::normal_tail;

/// Up to this number of differences other than 0 the p is exact: 2^50 sign patterns are still counted without rounding.
const MOST_EXACT: usize = 50;

/// What the signed-rank test found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SignedRank {
    /// The sum of the ranks of the positive differences, W⁺.
    pub positive: f64,
    /// The number of differences other than 0.
    pub n: u64,
    /// The two-sided p in (0, 1].
    pub p: f64,
    /// Whether the p counts every sign pattern; otherwise it comes from the normal approximation.
    pub exact: bool,
}

/// Wilcoxon's test (Biometrics Bulletin 1945; 1: 80–83) of one difference per patient; average a patient's cases first.
///
/// Differences of 0 are left out (Wilcoxon's own rule) and equal sizes share their mean rank. Up to 50 differences every
/// sign pattern is counted, ties included; beyond, the normal approximation with the variance corrected for ties and
/// without continuity correction. `None` when a difference is not finite or none differs from 0.
#[must_use]
pub fn wilcoxon(differences: &[f64]) -> Option<SignedRank> {
    if differences.iter().any(|d| !d.is_finite()) {
        return None;
    }
    let mut ordered: Vec<f64> = differences.iter().copied().filter(|d| *d != 0.0).collect();
    ordered.sort_by(|a, b| libm::fabs(*a).total_cmp(&libm::fabs(*b)));
    let n = ordered.len();
    if n == 0 {
        return None;
    }
    let ranks = doubled_ranks(&ordered);
    let doubled: u64 = ordered.iter().zip(&ranks).filter(|(d, _)| **d > 0.0).map(|(_, rank)| rank).sum();
    let exact = n <= MOST_EXACT;
    let p = if exact { exact_p(&ranks, doubled) } else { approximate_p(&ranks, doubled) };
    Some(SignedRank { positive: doubled as f64 / 2.0, n: n as u64, p, exact })
}

/// Twice the mid-rank of each difference, of differences ordered by size: whole numbers even for ties.
fn doubled_ranks(ordered: &[f64]) -> Vec<u64> {
    let mut ranks = Vec::with_capacity(ordered.len());
    for tied in ordered.chunk_by(|a, b| libm::fabs(*a) == libm::fabs(*b)) {
        let (first, size) = (ranks.len() as u64 + 1, tied.len() as u64);
        ranks.extend(std::iter::repeat_n(2 * first + size - 1, tied.len()));
    }
    ranks
}

/// Twice the smaller tail of W⁺ over all sign patterns, at most 1.
fn exact_p(ranks: &[u64], doubled: u64) -> f64 {
    let patterns = patterns_by_sum(ranks);
    let all: f64 = patterns.iter().sum();
    let up_to = |sum: u64| -> f64 { patterns.iter().zip(0..=sum).map(|(count, _)| count).sum() };
    let below = doubled.checked_sub(1).map_or(0.0, up_to);
    (2.0 * up_to(doubled).min(all - below) / all).min(1.0)
}

/// How many sign patterns give each sum of the positive doubled ranks.
fn patterns_by_sum(ranks: &[u64]) -> Vec<f64> {
    let mut patterns = vec![1.0];
    for rank in ranks {
        let shift = usize::try_from(*rank).unwrap_or(usize::MAX);
        let with = std::iter::repeat_n(0.0, shift).chain(patterns.iter().copied());
        let without = patterns.iter().copied().chain(std::iter::repeat_n(0.0, shift));
        patterns = with.zip(without).map(|(a, b)| a + b).collect();
    }
    patterns
}

fn approximate_p(ranks: &[u64], doubled: u64) -> f64 {
    let n = ranks.len() as f64;
    let tie = |size: f64| size * size * size - size;
    let ties: f64 = ranks.chunk_by(|a, b| a == b).map(|tied| tie(tied.len() as f64)).sum();
    let variance = (n * (n + 1.0) * (2.0 * n + 1.0) - ties / 2.0) / 24.0;
    let z = (doubled as f64 / 2.0 - n * (n + 1.0) / 4.0) / libm::sqrt(variance);
    2.0 * normal_tail(libm::fabs(z))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn all_of_five_one_way_is_one_in_sixteen() {
        let found = wilcoxon(&[0.1, 0.5, 0.2, 0.4, 0.3]).unwrap();
        assert_eq!((found.positive, found.n, found.p, found.exact), (15.0, 5, 0.0625, true));
    }

    #[test]
    fn zeros_are_left_out_and_nothing_but_zeros_is_no_test() {
        assert_eq!(wilcoxon(&[0.0, 1.0, 0.0, -2.0]), wilcoxon(&[1.0, -2.0]));
        assert_eq!(wilcoxon(&[0.0, 0.0]), None);
        assert_eq!(wilcoxon(&[1.0, f64::NAN]), None);
    }

    #[test]
    fn equal_sizes_share_their_rank() {
        assert_eq!(doubled_ranks(&[1.0, -1.0, 2.0, 2.0, -2.0, 5.0]), [3, 3, 8, 8, 8, 12]);
    }

    proptest! {
        #[test]
        fn turning_every_sign_changes_nothing_but_the_side(list in prop::collection::vec(-9_i8..=9, 1..70)) {
            let values: Vec<f64> = list.iter().map(|v| f64::from(*v)).collect();
            let turned: Vec<f64> = values.iter().rev().map(|v| -v).collect();
            let (Some(one), Some(other)) = (wilcoxon(&values), wilcoxon(&turned)) else { return Ok(()) };
            prop_assert!((one.p - other.p).abs() < 1e-12 && one.p > 0.0 && one.p <= 1.0);
            let n = one.n as f64;
            prop_assert!((one.positive + other.positive - n * (n + 1.0) / 2.0).abs() < 1e-9);
        }

        #[test]
        fn the_counted_patterns_are_all_there_are(list in prop::collection::vec(1_u8..6, 1..30)) {
            let ordered: Vec<f64> = { let mut l = list; l.sort_unstable(); l.into_iter().map(f64::from).collect() };
            let patterns = patterns_by_sum(&doubled_ranks(&ordered));
            prop_assert_eq!(patterns.iter().sum::<f64>(), libm::pow(2.0, ordered.len() as f64));
        }
    }
}
