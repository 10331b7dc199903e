//! Area under the risk–coverage curve: whether the surest answers are the right ones.

use super::{Of, Value};
use crate::metrics::Worse;
use crate::stats::OfArm;

/// The area under the risk–coverage curve (Geifman and El-Yaniv 2017).
pub(super) static METRIC: Value = Value {
    id: "risk-coverage-area",
    title: "area under the risk–coverage curve",
    of: Of::Stated(OfArm::RiskCoverage),
    range: (0.0, 1.0),
    worse: Worse::More,
    definition: "The mean, over all numbers k, of the share wrong among the k surest answers; equally sure ones count as if \
                 each order of them were as likely. Repeat 1 against draw 1 on the same cases.",
};

#[cfg(test)]
mod tests {
    use super::METRIC;
    use crate::metrics::values::Of;
    use crate::stats::Stated;

    #[test]
    fn a_wrong_answer_costs_more_where_it_is_surer() {
        let Of::Stated(arm) = METRIC.of else { panic!("a number of an arm") };
        let list = |wrong: usize| {
            let answer = |k: usize| Stated { confidence: 1.0 - k as f64 / 8.0, right: k != wrong };
            arm.of(&(0..4).map(answer).collect::<Vec<_>>()).unwrap()
        };
        assert!(list(0) > list(1) && list(1) > list(3));
        assert!((list(3) - 0.25 / 4.0).abs() < 1e-15);
    }
}
