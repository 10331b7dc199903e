//! Jaccard distance of the first three: how much of the differential was exchanged, whatever the order.

use super::{Of, Value};
use crate::metrics::{Seen, Worse};
use crate::stats::jaccard;

/// How many entries are compared.
const FIRST: usize = 3;

/// 1 − Jaccard's index of the first three (Jaccard 1901).
pub(super) static METRIC: Value = Value {
    id: "jaccard-distance",
    title: "Jaccard distance of the first 3",
    of: Of::Pair(distance),
    range: (0.0, 1.0),
    worse: Worse::More,
    definition: "1 less the share of shared entries among the first 3 of either list. Undefined where either answer lists \
                 nothing.",
};

fn distance(before: &Seen<'_>, after: &Seen<'_>) -> Option<f64> {
    Some(1.0 - jaccard(&super::listed(before)?, &super::listed(after)?, FIRST)?)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{is, pair};
    use crate::metrics::tests::reading;

    #[test]
    fn the_order_does_not_show_and_the_fourth_does_not_count() {
        let list = |names: &[&str]| reading(&names.iter().map(|name| (*name, 0.2)).collect::<Vec<_>>(), "urgent");
        let known = list(&["melanoma", "lentigo", "psoriasis", "scabies"]);
        assert!(is(pair("jaccard-distance", &known, &list(&["psoriasis", "melanoma", "lentigo"])), 0.0));
        // Two of four shared.
        assert!(is(pair("jaccard-distance", &known, &list(&["melanoma", "lentigo", "scabies"])), 0.5));
    }
}
