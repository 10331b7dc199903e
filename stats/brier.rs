//! Brier's score of stated probabilities.

use crate::sum::sum;

/// The binary Brier score of one answer, (probability − right)², in [0, 1] (Brier, Monthly Weather Review 1950; 78: 1–3).
///
/// `probability` is the stated one of the answer given, in [0, 1]; `None` outside.
#[must_use]
pub fn brier(probability: f64, right: bool) -> Option<f64> {
    let gap = probability - f64::from(u8::from(right));
    (0.0..=1.0).contains(&probability).then_some(gap * gap)
}

/// Brier's own multiclass form of one answer, `Σ_k (p_k − y_k)²`, in [0, 2].
///
/// `probabilities` are those of all answers, as stated and not divided by their sum; `truth` is the place of the right one,
/// `None` where it was given no probability (it counts as 0). `None` for a probability outside [0, 1], probabilities that
/// add up to more than 1 (beyond rounding), or a place beyond the list.
#[must_use]
pub fn brier_of_all(probabilities: &[f64], truth: Option<usize>) -> Option<f64> {
    let proper = probabilities.iter().all(|p| (0.0..=1.0).contains(p)) && truth.is_none_or(|k| k < probabilities.len());
    if !proper || sum(probabilities.iter().copied()) > 1.0 + 1e-9 {
        return None;
    }
    let unnamed = if truth.is_none() { 1.0 } else { 0.0 };
    let gaps = probabilities.iter().enumerate().map(|(k, p)| p - f64::from(u8::from(Some(k) == truth)));
    Some(sum(gaps.map(|gap| gap * gap)) + unnamed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn certain_and_right_is_nothing_and_certain_and_wrong_the_most() {
        assert_eq!((brier(1.0, true), brier(1.0, false), brier(0.5, true)), (Some(0.0), Some(1.0), Some(0.25)));
        assert_eq!(brier_of_all(&[1.0, 0.0], Some(0)), Some(0.0));
        assert_eq!(brier_of_all(&[1.0, 0.0], Some(1)), Some(2.0));
        assert_eq!(brier_of_all(&[1.0], None), Some(2.0));
    }

    #[test]
    fn what_is_no_probability_has_no_score() {
        assert_eq!((brier(1.1, true), brier(f64::NAN, true)), (None, None));
        assert_eq!((brier_of_all(&[0.7, 0.7], Some(0)), brier_of_all(&[0.7], Some(1))), (None, None));
        assert!(brier_of_all(&[1.0, 1e-9], Some(0)).is_some(), "one and no more than rounding");
    }

    proptest! {
        #[test]
        fn two_answers_score_twice_the_binary_form(p in 0.0_f64..=1.0, right in any::<bool>()) {
            let both = brier_of_all(&[p, 1.0 - p], Some(usize::from(!right))).unwrap();
            prop_assert!((both - 2.0 * brier(p, right).unwrap()).abs() < 1e-12);
        }
    }
}
