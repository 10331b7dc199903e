//! Brier's score of the whole list.

use super::{Of, Value};
use crate::metrics::{Seen, Worse};
use crate::stats;

/// Brier's own multiclass score of the stated probabilities (Brier 1950).
pub(super) static METRIC: Value = Value {
    id: "brier-of-all",
    title: "Brier score of the whole list",
    of: Of::Answer(score),
    range: (0.0, 2.0),
    worse: Worse::More,
    definition: "Σ (stated probability − truth)² over all listed diagnoses, the accepted ones taken together as the one that is \
                 true; probabilities as stated, not divided by their sum, and 0 for what is not listed. Undefined where an \
                 entry has none or matches nothing, or where they add up to more than 1.",
};

fn score(seen: &Seen<'_>) -> Option<f64> {
    let accepted = |id: &str| seen.facts.truth.differential.iter().any(|(name, weight)| name == id && *weight > 0.0);
    if seen.reading.abstains() || seen.reading.list().is_empty() || !seen.facts.truth.has_reference() {
        return None;
    }
    let (mut right, mut stated) = (0.0, vec![0.0]);
    for ranked in seen.reading.list() {
        let (id, probability) = (ranked.diagnosis.id()?, ranked.probability?);
        if accepted(id) { right += probability } else { stated.push(probability) }
    }
    *stated.first_mut()? = right;
    stats::brier_of_all(&stated, Some(0))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{is, pair};
    use crate::metrics::tests::reading;

    #[test]
    fn every_probability_counts_and_not_the_first_alone() {
        let sure = reading(&[("melanoma", 1.0)], "urgent");
        let split = reading(&[("melanoma", 0.5), ("lentigo", 0.3), ("scabies", 0.2)], "urgent");
        assert!(is(pair("brier-of-all", &sure, &split), 0.25 + 0.09 + 0.04));
        assert!(is(pair("brier-of-all", &sure, &reading(&[("lentigo", 1.0)], "soon")), 2.0));
    }

    #[test]
    fn what_cannot_be_placed_or_is_too_much_has_no_score() {
        let sure = reading(&[("melanoma", 1.0)], "urgent");
        assert_eq!(pair("brier-of-all", &sure, &reading(&[("melanoma", 0.5), ("?odd words", 0.5)], "urgent")), None);
        assert_eq!(pair("brier-of-all", &sure, &reading(&[("melanoma", 0.7), ("lentigo", 0.7)], "urgent")), None);
    }
}
