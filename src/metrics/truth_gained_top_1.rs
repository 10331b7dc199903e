//! Truth gained (top-1): no accepted diagnosis led at control, and one does now.

use super::{Judged, Kind, Metric, Pair, Worse, newly};

/// Truth gained among the first 1: the other direction of truth lost.
pub(super) static METRIC: Metric = Metric {
    id: "truth-gained-top-1",
    title: "gain an accepted diagnosis in the first 1",
    kind: Kind::Signed,
    worse: Worse::Fewer,
    needs_planted: false,
    harms: false,
    shift: |pair: &Pair<'_>| gained(pair, 1),
    treated: None,
    definition: "Among cases not right (top-1) on control repeat 1, abstaining and unusable answers included: right under \
                 the treatment. A model that guesses gains as it loses.",
};

/// Whether a pair that was not right among the first k is so now.
pub(super) fn gained(pair: &Pair<'_>, k: usize) -> Judged {
    newly(pair.before.right_among(k), pair.after.right_among(k))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{abstaining, reading, said};
    use super::*;
    use crate::reading::{Reading, Reason};
    use crate::scenario::Basis;

    #[test]
    fn only_cases_not_right_at_control_count() {
        let right = reading(&[("melanoma", 0.6)], "urgent");
        let wrong = reading(&[("lentigo", 0.6)], "urgent");
        let odd = reading(&[("?odd words", 0.6)], "urgent");
        let said = |before: &Reading, after: &Reading| said("truth-gained-top-1", Basis::Shift, before, after);
        assert_eq!(said(&right, &right), Judged::Outside);
        assert_eq!(said(&right, &wrong), Judged::Outside);
        assert_eq!(said(&wrong, &right), Judged::Event(true));
        assert_eq!(said(&wrong, &wrong), Judged::Event(false));
        assert_eq!(said(&abstaining(), &right), Judged::Event(true));
        assert_eq!(said(&Reading::missing(Reason::Refused), &right), Judged::Event(true));
        assert_eq!(said(&wrong, &odd), Judged::Unsure);
        assert_eq!(said(&odd, &right), Judged::Unsure);
        assert_eq!(said(&odd, &wrong), Judged::Outside);
    }
}
