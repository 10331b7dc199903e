//! Abstention: the model declines, or asks for a new photograph.

use super::{Judged, Kind, Metric, Pair, Seen, Worse, newly};
use crate::reading::Ask;

/// Appropriate where the input is ungradable (selective prediction).
pub(super) static METRIC: Metric = Metric {
    id: "abstention",
    title: "abstain or ask for a new photograph",
    kind: Kind::Level,
    worse: Worse::Fewer,
    needs_planted: false,
    harms: false,
    shift: |pair: &Pair<'_>| newly(declines(&pair.before), declines(&pair.after)),
    treated: Some(declines),
    definition: "The answer abstains from a diagnosis or asks for a new photograph.",
};

fn declines(seen: &Seen<'_>) -> Judged {
    Judged::Event(seen.reading.abstains() || seen.reading.asks.contains(&Ask::Retake))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{abstaining, reading, said};
    use super::*;
    use crate::scenario::Basis;

    #[test]
    fn asking_for_a_retake_counts_even_with_a_diagnosis() {
        let before = reading(&[("melanoma", 0.6)], "urgent");
        let mut retake = before.clone();
        retake.asks.insert(Ask::Retake);
        for (after, expected) in [(&before, false), (&retake, true), (&abstaining(), true)] {
            assert_eq!(said("abstention", Basis::Treated, &before, after), Judged::Event(expected));
        }
    }
}
