//! Sums whose last bit does not depend on the order of their terms.

/// The sum of the terms, added from the smallest to the largest.
///
/// Cases reach the statistics in the order of a store or a file; sorting makes that order invisible in the result.
#[must_use]
pub fn sum(terms: impl IntoIterator<Item = f64>) -> f64 {
    let mut terms: Vec<f64> = terms.into_iter().collect();
    terms.sort_unstable_by(f64::total_cmp);
    terms.into_iter().fold(0.0, |total, term| total + term)
}

#[cfg(test)]
mod tests {
    use super::sum;

    #[test]
    fn the_order_of_the_terms_does_not_show() {
        let terms = [1e16, 1.0, -1e16, 0.1, 0.7, 1.0 / 3.0];
        let mut reversed = terms;
        reversed.reverse();
        assert_ne!(terms.iter().sum::<f64>().to_bits(), reversed.iter().sum::<f64>().to_bits());
        assert_eq!(sum(terms).to_bits(), sum(reversed).to_bits());
    }

    #[test]
    fn nothing_sums_to_zero() {
        assert_eq!(sum([]).to_bits(), 0.0_f64.to_bits());
    }
}
