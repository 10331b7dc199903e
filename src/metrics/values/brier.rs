//! Brier's score of the leading diagnosis.

use super::{Of, Value};
use crate::metrics::{Seen, Worse};
use crate::stats;

/// The binary Brier score of the stated probability (Brier 1950).
pub(super) static METRIC: Value = Value {
    id: "brier",
    title: "Brier score of the leading diagnosis",
    of: Of::Answer(score),
    range: (0.0, 1.0),
    worse: Worse::More,
    definition: "(stated probability of the leading diagnosis − whether it is accepted)². Undefined where none is stated or \
                 its words match nothing.",
};

fn score(seen: &Seen<'_>) -> Option<f64> {
    let stated = super::stated(seen)?;
    stats::brier(stated.confidence, stated.right)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{is, pair};
    use crate::metrics::tests::reading;

    #[test]
    fn sure_and_wrong_is_the_most() {
        let right = reading(&[("melanoma", 1.0)], "urgent");
        assert!(is(pair("brier", &right, &reading(&[("lentigo", 1.0)], "soon")), 1.0));
        assert!(is(pair("brier", &right, &reading(&[("lentigo", 0.5)], "soon")), 0.25));
        assert_eq!(pair("brier", &right, &reading(&[("?odd words", 0.5)], "soon")), None);
    }
}
