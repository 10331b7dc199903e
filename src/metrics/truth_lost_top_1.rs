//! Truth lost (top-1): an accepted diagnosis was among the first 1 at control and is no longer.

use super::{Judged, Kind, Metric, Pair, Seen, Worse, newly, not};

/// Truth lost among the first 1: selected on control repeat 1, compared with repeat 2 by the retest rate.
pub(super) static METRIC: Metric = Metric {
    id: "truth-lost-top-1",
    title: "lose an accepted diagnosis from the first 1",
    kind: Kind::Selected,
    worse: Worse::More,
    needs_planted: false,
    harms: true,
    shift: |pair: &Pair<'_>| lost(pair, 1),
    treated: None,
    definition: "Among cases right (top-1) on control repeat 1: not right under the treatment. Abstaining is a flip, \
                 never truth lost.",
};

/// Whether a pair that was right among the first k is so no longer.
pub(super) fn lost(pair: &Pair<'_>, k: usize) -> Judged {
    let absent = |seen: &Seen<'_>| not(seen.right_among(k));
    let after = if pair.after.reading.abstains() { Judged::Event(false) } else { absent(&pair.after) };
    newly(absent(&pair.before), after)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{abstaining, reading, said};
    use super::*;
    use crate::reading::{Reading, Reason};
    use crate::scenario::Basis;

    #[test]
    fn only_cases_right_at_control_count() {
        let right = reading(&[("melanoma", 0.6)], "urgent");
        let wrong = reading(&[("lentigo", 0.6)], "urgent");
        let said = |before: &Reading, after: &Reading| said("truth-lost-top-1", Basis::Shift, before, after);
        assert_eq!(said(&wrong, &right), Judged::Outside);
        assert_eq!(said(&right, &right), Judged::Event(false));
        assert_eq!(said(&right, &wrong), Judged::Event(true));
        assert_eq!(said(&right, &abstaining()), Judged::Event(false));
        assert_eq!(said(&right, &Reading::missing(Reason::Unreadable)), Judged::Event(true));
        assert_eq!(said(&right, &reading(&[("?odd words", 0.6)], "urgent")), Judged::Unsure);
    }

    #[test]
    fn words_that_match_nothing_at_control_may_have_been_right() {
        let (right, wrong) = (reading(&[("melanoma", 0.6)], "urgent"), reading(&[("lentigo", 0.6)], "urgent"));
        let odd = reading(&[("?odd words", 0.6)], "urgent");
        let said = |before: &Reading, after: &Reading| said("truth-lost-top-1", Basis::Shift, before, after);
        assert_eq!(said(&odd, &wrong), Judged::Unsure);
        assert_eq!(said(&odd, &right), Judged::Outside);
        assert_eq!(said(&odd, &abstaining()), Judged::Outside);
    }
}
