//! Exact binomial probabilities.

use crate::special::{beta_tails, beta_weight};

/// The probability of at most k events in n independent trials of probability p in [0, 1].
#[must_use]
pub fn cumulative(k: u64, n: u64, p: f64) -> f64 {
    if k >= n {
        return 1.0;
    }
    beta_tails(k as f64 + 1.0, (n - k) as f64, p).upper
}

/// The probability of at least k events in n independent trials of probability p in [0, 1].
#[must_use]
pub fn at_least(k: u64, n: u64, p: f64) -> f64 {
    if k == 0 {
        return 1.0;
    }
    if k > n {
        return 0.0;
    }
    beta_tails(k as f64, (n - k) as f64 + 1.0, p).lower
}

/// The probability of exactly k events in n independent trials of probability p in [0, 1].
#[must_use]
pub fn probability(k: u64, n: u64, p: f64) -> f64 {
    if k > n {
        return 0.0;
    }
    let (events, others) = (k as f64, (n - k) as f64);
    if k == 0 {
        return libm::exp(others * libm::log1p(-p));
    }
    if k == n {
        return libm::exp(events * libm::log(p));
    }
    beta_weight(events, others, p) * n as f64 / (events * others)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn all_or_none_are_powers() {
        assert!((probability(0, 3, 0.5) - 0.125).abs() < 1e-15);
        assert!((probability(3, 3, 0.5) - 0.125).abs() < 1e-15);
        assert_eq!((probability(0, 0, 0.5), probability(4, 3, 0.5)), (1.0, 0.0));
        assert_eq!((cumulative(5, 5, 0.3), at_least(0, 5, 0.3), at_least(6, 5, 0.3)), (1.0, 1.0, 0.0));
    }

    proptest! {
        #[test]
        fn probabilities_add_up(n in 1_u64..80, k in 0_u64..80, p in 0.001_f64..0.999) {
            prop_assume!(k <= n);
            let total: f64 = (0..=k).map(|i| probability(i, n, p)).sum();
            prop_assert!((total - cumulative(k, n, p)).abs() < 1e-12);
            prop_assert!((cumulative(k, n, p) + at_least(k + 1, n, p) - 1.0).abs() < 1e-12);
        }
    }
}
