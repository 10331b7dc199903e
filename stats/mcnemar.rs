//! McNemar's test: are the changes one way more frequent than the other way?

use crate::binomial::{cumulative, probability};

/// The exact two-sided p of b changes one way and c the other, `min(1, 2·P(Bin(b+c, ½) ≤ min(b, c)))`.
///
/// For independent pairs. Q. McNemar, Psychometrika 1947; 12: 153–157.
#[must_use]
pub fn mcnemar_exact(b: u64, c: u64) -> f64 {
    (2.0 * cumulative(b.min(c), b.saturating_add(c), 0.5)).min(1.0)
}

/// The mid-p version, less conservative: the exact p less the probability of the table itself (Fagerland, Lydersen and
/// Laake 2013).
///
/// For b = c it is `1 − ½·P(b)`; with no change at all it is 1, because nothing speaks against either way.
#[must_use]
pub fn mcnemar_mid(b: u64, c: u64) -> f64 {
    let (fewer, n) = (b.min(c), b.saturating_add(c));
    if n == 0 {
        return 1.0;
    }
    if b == c {
        return 1.0 - probability(b, n, 0.5) / 2.0;
    }
    2.0 * cumulative(fewer, n, 0.5) - probability(fewer, n, 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_values_of_the_exact_test() {
        let known = [(64, 62, 0.929_060), (82, 45, 0.001_307), (10, 2, 0.038_574), (5, 0, 0.0625), (6, 0, 0.031_25)];
        for (b, c, p) in known {
            assert!((mcnemar_exact(b, c) - p).abs() < 5e-7, "{b} {c}");
        }
    }

    #[test]
    fn no_change_speaks_against_nothing() {
        assert_eq!((mcnemar_exact(0, 0), mcnemar_mid(0, 0)), (1.0, 1.0));
    }

    #[test]
    fn the_two_ways_are_alike_and_mid_p_is_smaller() {
        for (b, c) in [(3, 9), (0, 4), (7, 7), (20, 31)] {
            assert_eq!(mcnemar_exact(b, c).to_bits(), mcnemar_exact(c, b).to_bits());
            assert_eq!(mcnemar_mid(b, c).to_bits(), mcnemar_mid(c, b).to_bits());
            assert!(mcnemar_mid(b, c) < mcnemar_exact(b, c));
        }
    }
}
