//! Truth lost (top-3): an accepted diagnosis was among the first 3 at control and is no longer.

use super::truth_lost_top_1::lost;
use super::{Kind, Metric, Pair, Worse};

/// Truth lost among the first 3: selected on control repeat 1, compared with repeat 2 by the retest rate.
pub(super) static METRIC: Metric = Metric {
    id: "truth-lost-top-3",
    title: "lose an accepted diagnosis from the first 3",
    kind: Kind::Selected,
    worse: Worse::More,
    needs_planted: false,
    harms: true,
    shift: |pair: &Pair<'_>| lost(pair, 3),
    treated: None,
    definition: "Among cases right (top-3) on control repeat 1: not right under the treatment. Abstaining is a flip, \
                 never truth lost.",
};

#[cfg(test)]
mod tests {
    use super::super::Judged;
    use super::super::tests::{reading, said};
    use crate::scenario::Basis;

    #[test]
    fn third_place_is_enough_and_fourth_is_not() {
        let at = |place: usize| {
            let mut list = vec![("lentigo", 0.2); 4];
            list.insert(place, ("melanoma", 0.2));
            reading(&list, "urgent")
        };
        assert_eq!(said("truth-lost-top-3", Basis::Shift, &at(0), &at(2)), Judged::Event(false));
        assert_eq!(said("truth-lost-top-3", Basis::Shift, &at(0), &at(3)), Judged::Event(true));
        assert_eq!(said("truth-lost-top-3", Basis::Shift, &at(3), &at(0)), Judged::Outside);
    }
}
