//! Stated confidence against what was right, over a whole arm: calibration error and the risk–coverage curve.

use serde::Serialize;

use crate::sum::sum;

/// How many bins a calibration error has unless said otherwise.
pub const BINS: usize = 10;

/// One answer of an arm: how sure it said it was, and whether it was right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stated {
    /// The stated probability of the answer given, in [0, 1].
    pub confidence: f64,
    /// Whether the answer was right.
    pub right: bool,
}

/// A number that an arm of stated answers has as a whole.
///
/// Neither is printed with an interval: `COVERAGE.md`, under the numbers of a whole arm, says how often the percentiles of the
/// patient bootstrap cover a difference of two arms. For the calibration error, which is biased upwards in every replicate and
/// more so where it is small, they miss a true difference more often the more patients there are; for the risk–coverage area
/// they come near 94 % in that design, which has no ties and few kinds of model, so nothing is promised of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OfArm {
    /// The expected calibration error with bins of equal mass.
    CalibrationError,
    /// The area under the risk–coverage curve.
    RiskCoverage,
}

impl OfArm {
    /// The number of one arm; `None` for no answer or a confidence outside [0, 1].
    #[must_use]
    pub fn of(self, answers: &[Stated]) -> Option<f64> {
        match self {
            Self::CalibrationError => calibration_error(answers, BINS),
            Self::RiskCoverage => risk_coverage_area(answers),
        }
    }
}

/// The expected calibration error with bins of equal mass, in [0, 1]; smaller is better (Naeini 2015; Guo 2017).
///
/// Answers are sorted by confidence, equal ones staying in the order given; the first n mod B bins hold ⌈n/B⌉ of them, the
/// others ⌊n/B⌋; the error is `Σ (n_b/n) · |mean right − mean confidence|`. It is biased upward when n is small, by an
/// amount that depends on n: compare arms at equal n only. `None` for no answer, no bin, or a confidence outside [0, 1].
#[must_use]
pub fn calibration_error(answers: &[Stated], bins: usize) -> Option<f64> {
    let ordered = by_confidence(answers)?;
    let n = ordered.len();
    let (small, larger) = (n.checked_div(bins)?, n % bins);
    let (head, tail) = ordered.split_at((small + 1) * larger);
    let runs = head.chunks(small + 1).chain(tail.chunks(small.max(1)));
    let gap = |run: &[Stated]| libm::fabs(sum(run.iter().map(|a| f64::from(u8::from(a.right)) - a.confidence)));
    Some(sum(runs.map(gap)) / n as f64)
}

/// The area under the risk–coverage curve, in [0, 1]; smaller is better (Geifman and El-Yaniv, NeurIPS 2017).
///
/// The mean over k = 1..n of the share wrong among the k answers most sure of themselves. Answers that are equally sure
/// count as if each order of them were as likely, so that the order given does not show. `None` for no answer or a
/// confidence outside [0, 1].
#[must_use]
pub fn risk_coverage_area(answers: &[Stated]) -> Option<f64> {
    let mut ordered = by_confidence(answers)?;
    ordered.reverse();
    let (mut above, mut wrong_above, mut risks) = (0.0, 0.0, Vec::with_capacity(ordered.len()));
    for equals in ordered.chunk_by(|a, b| a.confidence == b.confidence) {
        let (size, wrong) = (equals.len() as f64, equals.iter().filter(|answer| !answer.right).count() as f64);
        risks.extend((1..=equals.len()).map(|k| (wrong_above + k as f64 * wrong / size) / (above + k as f64)));
        (above, wrong_above) = (above + size, wrong_above + wrong);
    }
    Some(sum(risks) / above)
}

/// The answers from the least to the most sure, equal ones in the order given.
fn by_confidence(answers: &[Stated]) -> Option<Vec<Stated>> {
    let proper = !answers.is_empty() && answers.iter().all(|answer| (0.0..=1.0).contains(&answer.confidence));
    let mut ordered = answers.to_vec();
    ordered.sort_by(|a, b| a.confidence.total_cmp(&b.confidence));
    proper.then_some(ordered)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stated(list: &[(f64, bool)]) -> Vec<Stated> {
        list.iter().map(|&(confidence, right)| Stated { confidence, right }).collect()
    }

    #[test]
    fn bins_of_equal_mass_by_hand() {
        let answers = stated(&[(0.9, true), (0.2, false), (0.8, false), (0.4, true), (0.6, true)]);
        // Sorted .2 .4 .6 | .8 .9: |(2 − 1.2)| + |(1 − 1.7)| = 1.5 over 5.
        assert!((calibration_error(&answers, 2).unwrap() - 0.3).abs() < 1e-15);
    }

    #[test]
    fn more_bins_than_answers_leave_each_alone() {
        let answers = stated(&[(0.75, true), (0.5, false)]);
        assert_eq!(calibration_error(&answers, 10), Some(0.375));
        assert_eq!((calibration_error(&answers, 0), calibration_error(&[], 3)), (None, None));
        assert_eq!(calibration_error(&stated(&[(1.5, true)]), 3), None);
    }

    #[test]
    fn risk_and_coverage_by_hand() {
        let answers = stated(&[(0.3, false), (0.9, true), (0.8, false), (0.6, true)]);
        let by_hand = (0.0 + 1.0 / 2.0 + 1.0 / 3.0 + 2.0 / 4.0) / 4.0;
        assert!((risk_coverage_area(&answers).unwrap() - by_hand).abs() < 1e-15);
    }

    #[test]
    fn a_number_of_an_arm_is_the_one_that_it_names() {
        let answers = stated(&[(0.3, false), (0.9, true), (0.8, false), (0.6, true)]);
        assert_eq!(OfArm::CalibrationError.of(&answers), calibration_error(&answers, BINS));
        assert_eq!(OfArm::RiskCoverage.of(&answers), risk_coverage_area(&answers));
        assert_ne!(OfArm::RiskCoverage.of(&answers), OfArm::CalibrationError.of(&answers));
    }

    #[test]
    fn one_confidence_for_all_is_worth_nothing() {
        let answers = stated(&[(0.7, true), (0.7, false), (0.7, true), (0.7, true)]);
        assert!((risk_coverage_area(&answers).unwrap() - 0.25).abs() < 1e-15);
    }

    proptest! {
        #[test]
        fn both_are_shares_and_ties_do_not_show_in_the_curve(list in prop::collection::vec((0_u8..5, any::<bool>()), 1..60)) {
            let answers = stated(&list.iter().map(|&(c, right)| (f64::from(c) / 4.0, right)).collect::<Vec<_>>());
            let mut turned = answers.clone();
            turned.reverse();
            prop_assert!((0.0..=1.0).contains(&calibration_error(&answers, BINS).unwrap()));
            let area = risk_coverage_area(&answers).unwrap();
            prop_assert!((0.0..=1.0 + 1e-12).contains(&area));
            prop_assert_eq!(risk_coverage_area(&turned), Some(area));
        }

        #[test]
        fn one_bin_is_the_difference_of_two_means(list in prop::collection::vec((0.0_f64..1.0, any::<bool>()), 1..60)) {
            let answers = stated(&list);
            let n = answers.len() as f64;
            let right = answers.iter().filter(|a| a.right).count() as f64 / n;
            let sure = answers.iter().map(|a| a.confidence).sum::<f64>() / n;
            prop_assert!((calibration_error(&answers, 1).unwrap() - (right - sure).abs()).abs() < 1e-12);
        }
    }
}
