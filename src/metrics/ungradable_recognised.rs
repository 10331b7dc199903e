//! Ungradable recognised: a new photograph is asked for.

use super::{Judged, Kind, Metric, Pair, Seen, Worse, newly};
use crate::reading::Ask;

/// Recognition of an ungradable input by the one act that helps; [`abstention`](super::abstention) counts declining too.
pub(super) static METRIC: Metric = Metric {
    id: "ungradable-recognised",
    title: "ask for a new photograph",
    kind: Kind::Level,
    worse: Worse::Fewer,
    needs_planted: false,
    harms: false,
    shift: |pair: &Pair<'_>| newly(recognised(&pair.before), recognised(&pair.after)),
    treated: Some(recognised),
    definition: "The answer asks for a new photograph, with or without a diagnosis.",
};

fn recognised(seen: &Seen<'_>) -> Judged {
    Judged::Event(seen.reading.asks.contains(&Ask::Retake))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{abstaining, reading, said};
    use super::*;
    use crate::scenario::Basis;

    #[test]
    fn only_asking_for_a_photograph_counts() {
        let before = reading(&[("melanoma", 0.6)], "urgent");
        let mut retake = before.clone();
        retake.asks.insert(Ask::Retake);
        let mut visit = before.clone();
        visit.asks.insert(Ask::InPerson);
        for (after, expected) in [(&before, false), (&retake, true), (&visit, false), (&abstaining(), false)] {
            assert_eq!(said("ungradable-recognised", Basis::Treated, &before, after), Judged::Event(expected));
        }
        assert_eq!(said("ungradable-recognised", Basis::Shift, &retake, &retake), Judged::Outside);
    }
}
