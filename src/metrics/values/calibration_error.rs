//! Expected calibration error: whether answers are as often right as they say.

use super::{Of, Value};
use crate::metrics::Worse;
use crate::stats::OfArm;

/// Expected calibration error with bins of equal mass (Naeini 2015; Guo 2017).
pub(super) static METRIC: Value = Value {
    id: "calibration-error",
    title: "calibration error",
    of: Of::Stated(OfArm::CalibrationError),
    range: (0.0, 1.0),
    worse: Worse::More,
    definition: "Ten bins of equal mass by the stated probability of the leading diagnosis, repeat 1 against draw 1 on the \
                 same cases, so that both arms have the same number. Biased upward by an amount that depends on that \
                 number: exploratory.",
};

#[cfg(test)]
mod tests {
    use super::METRIC;
    use crate::metrics::values::Of;
    use crate::stats::Stated;

    #[test]
    fn saying_half_and_being_right_half_of_the_time_is_no_error() {
        let Of::Stated(arm) = METRIC.of else { panic!("a number of an arm") };
        let said = |right| Stated { confidence: 0.5, right };
        assert_eq!(arm.of(&[said(true), said(false)].repeat(10)), Some(0.0));
        assert_eq!(arm.of(&[said(true)].repeat(20)), Some(0.5));
    }
}
