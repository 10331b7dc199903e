//! Truth gained (top-3): no accepted diagnosis was among the first 3 at control, and one is now.

use super::truth_gained_top_1::gained;
use super::{Kind, Metric, Pair, Worse};

/// Truth gained among the first 3: the other direction of truth lost.
pub(super) static METRIC: Metric = Metric {
    id: "truth-gained-top-3",
    title: "gain an accepted diagnosis in the first 3",
    kind: Kind::Signed,
    worse: Worse::Fewer,
    needs_planted: false,
    harms: false,
    shift: |pair: &Pair<'_>| gained(pair, 3),
    treated: None,
    definition: "Among cases not right (top-3) on control repeat 1, abstaining and unusable answers included: right under \
                 the treatment.",
};

#[cfg(test)]
mod tests {
    use super::super::Judged;
    use super::super::tests::{reading, said};
    use crate::scenario::Basis;

    #[test]
    fn from_fourth_place_to_third_is_a_gain() {
        let at = |place: usize| {
            let mut list = vec![("lentigo", 0.2); 4];
            list.insert(place, ("melanoma", 0.2));
            reading(&list, "urgent")
        };
        assert_eq!(said("truth-gained-top-3", Basis::Shift, &at(3), &at(2)), Judged::Event(true));
        assert_eq!(said("truth-gained-top-3", Basis::Shift, &at(3), &at(4)), Judged::Event(false));
        assert_eq!(said("truth-gained-top-3", Basis::Shift, &at(2), &at(0)), Judged::Outside);
    }
}
