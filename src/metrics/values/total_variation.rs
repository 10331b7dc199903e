//! Total variation of two stated distributions.

use super::{Of, Value};
use crate::metrics::{Seen, Worse};
use crate::stats;

/// Half the sum of absolute differences.
pub(super) static METRIC: Value = Value {
    id: "total-variation",
    title: "total variation of the stated probabilities",
    of: Of::Pair(variation),
    range: (0.0, 1.0),
    worse: Worse::More,
    definition: "Half the sum of absolute differences over all diagnoses that either list names, each list divided by its \
                 sum. Undefined where an entry has no stated probability.",
};

fn variation(before: &Seen<'_>, after: &Seen<'_>) -> Option<f64> {
    let (one, other) = super::distributions(before, after)?;
    stats::total_variation(&one, &other)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{is, pair};
    use crate::metrics::tests::reading;

    #[test]
    fn mass_that_moved() {
        let before = reading(&[("melanoma", 0.75), ("lentigo", 0.25)], "urgent");
        assert!(is(pair("total-variation", &before, &reading(&[("lentigo", 0.5), ("scabies", 0.5)], "soon")), 0.75));
    }
}
