//! Stated confidence: the probability that the answer gives its leading diagnosis.

use super::{Of, Value};
use crate::metrics::{Seen, Worse};

/// The stated probability of the leading diagnosis.
pub(super) static METRIC: Value = Value {
    id: "confidence",
    title: "stated confidence",
    of: Of::Answer(stated),
    range: (0.0, 1.0),
    worse: Worse::Neither,
    definition: "The stated probability of the leading diagnosis, whatever that is. Less of it is right where the input \
                 became worse, so neither way is worse by itself. Undefined where none is stated.",
};

fn stated(seen: &Seen<'_>) -> Option<f64> {
    super::confidence(seen)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{is, pair};
    use crate::metrics::tests::reading;

    #[test]
    fn it_follows_the_leading_diagnosis_whichever_it_is() {
        let before = reading(&[("melanoma", 0.75), ("lentigo", 0.125)], "urgent");
        assert!(is(pair("confidence", &before, &reading(&[("lentigo", 0.5)], "soon")), -0.25));
    }
}
