//! Quadratically weighted kappa from sums.

/// What quadratic weights need of pairs of categories (i, j), as totals over pairs.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Moments {
    /// The number of pairs.
    pub n: f64,
    /// Σ (i − j)².
    pub apart: f64,
    /// Σ (i² + j²).
    pub squares: f64,
    /// Σ i.
    pub first: f64,
    /// Σ j.
    pub second: f64,
}

impl Moments {
    /// These totals and others, so many times.
    #[must_use]
    pub fn with(self, other: Self, times: f64) -> Self {
        Self {
            n: self.n + times * other.n,
            apart: self.apart + times * other.apart,
            squares: self.squares + times * other.squares,
            first: self.first + times * other.first,
            second: self.second + times * other.second,
        }
    }
}

/// Cohen's kappa with quadratic weights (Psychological Bulletin 1968; 70: 213–220) of pairs with these totals, in [−1, 1].
///
/// `1 − n Σ(i−j)² / (n Σ(i²+j²) − 2 Σi Σj)`; `None` where no disagreement can be expected: no pair, or both sides constant
/// in the same category. Exact while the totals are whole and the products stay below 2⁵³.
#[must_use]
pub fn weighted_kappa(of: Moments) -> Option<f64> {
    let expected = of.n * of.squares - 2.0 * of.first * of.second;
    (expected > 0.0).then(|| 1.0 - of.n * of.apart / expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_are_added_so_many_times() {
        let one = Moments { n: 1.0, apart: 2.0, squares: 3.0, first: 4.0, second: 5.0 };
        let other = Moments { n: 6.0, apart: 7.0, squares: 8.0, first: 9.0, second: 10.0 };
        let both = Moments { n: 19.0, apart: 23.0, squares: 27.0, first: 31.0, second: 35.0 };
        assert_eq!(one.with(other, 3.0), both);
    }

    fn kappa(pairs: &[(f64, f64)]) -> Option<f64> {
        let total = |term: fn(f64, f64) -> f64| pairs.iter().map(|&(i, j)| term(i, j)).sum();
        weighted_kappa(Moments {
            n: pairs.len() as f64,
            apart: total(|i, j| (i - j) * (i - j)),
            squares: total(|i, j| i * i + j * j),
            first: total(|i, _| i),
            second: total(|_, j| j),
        })
    }

    #[test]
    fn agreement_reversal_and_nothing_to_agree_on() {
        assert_eq!(kappa(&[(0.0, 0.0), (3.0, 3.0), (1.0, 1.0)]), Some(1.0));
        assert_eq!(kappa(&[(0.0, 3.0), (3.0, 0.0)]), Some(-1.0));
        assert_eq!((kappa(&[]), kappa(&[(2.0, 2.0), (2.0, 2.0)])), (None, None));
    }
}
