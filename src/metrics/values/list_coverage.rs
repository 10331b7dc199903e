//! List coverage: the share of the accepted diagnoses that the answer lists.

use super::{Of, Value};
use crate::metrics::{Seen, Worse};
use crate::reading::Diagnosis;
use crate::stats::coverage;

/// Coverage of the accepted diagnoses.
pub(super) static METRIC: Value = Value {
    id: "list-coverage",
    title: "coverage of the accepted diagnoses",
    of: Of::Answer(covered),
    range: (0.0, 1.0),
    worse: Worse::Fewer,
    definition: "The share of the accepted diagnoses that the answer lists. An answer that lists nothing covers nothing; \
                 words that match nothing are none of them.",
};

fn covered(seen: &Seen<'_>) -> Option<f64> {
    let accepted = seen.facts.truth.differential.iter().filter(|(_, weight)| *weight > 0.0);
    let wanted: Vec<&str> = accepted.map(|(id, _)| id.as_str()).collect();
    let list: Vec<&str> = super::listed(seen).unwrap_or_default().into_iter().filter_map(Diagnosis::id).collect();
    coverage(&list, &wanted)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{is, pair};
    use crate::metrics::tests::{abstaining, reading};

    #[test]
    fn a_listed_truth_is_covered_wherever_it_stands() {
        let listed = reading(&[("lentigo", 0.6), ("melanoma", 0.2)], "urgent");
        assert!(is(pair("list-coverage", &listed, &reading(&[("melanoma", 0.2)], "soon")), 0.0));
        for nothing in [reading(&[("lentigo", 0.6), ("?odd words", 0.2)], "soon"), abstaining()] {
            assert!(is(pair("list-coverage", &listed, &nothing), -1.0));
        }
    }
}
