//! Jensen–Shannon divergence of two stated distributions.

use super::{Of, Value};
use crate::metrics::{Seen, Worse};
use crate::stats;

/// Jensen and Shannon's divergence in bits (Lin 1991).
pub(super) static METRIC: Value = Value {
    id: "jensen-shannon",
    title: "Jensen–Shannon divergence of the stated probabilities",
    of: Of::Pair(divergence),
    range: (0.0, 1.0),
    worse: Worse::More,
    definition: "Over all diagnoses that either list names, each list divided by its sum; in bits. Undefined where an entry \
                 has no stated probability.",
};

fn divergence(before: &Seen<'_>, after: &Seen<'_>) -> Option<f64> {
    let (one, other) = super::distributions(before, after)?;
    stats::jensen_shannon(&one, &other)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{is, pair};
    use crate::metrics::tests::reading;

    #[test]
    fn nothing_shared_is_one_bit_and_other_sums_do_not_show() {
        let before = reading(&[("melanoma", 0.6), ("lentigo", 0.2)], "urgent");
        assert!(is(pair("jensen-shannon", &before, &reading(&[("scabies", 0.3)], "soon")), 1.0));
        assert!(is(pair("jensen-shannon", &before, &reading(&[("lentigo", 0.25), ("melanoma", 0.75)], "soon")), 0.0));
    }
}
