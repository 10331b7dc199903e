//! Unusable: refused, truncated or unreadable.

use super::{Judged, Kind, Metric, Pair, Seen, Worse, is_unusable, newly};

/// Format failure and refusal, as an outcome of its own.
pub(super) static METRIC: Metric = Metric {
    id: "unusable",
    title: "give no usable answer",
    kind: Kind::Level,
    worse: Worse::More,
    needs_planted: false,
    harms: false,
    shift: |pair: &Pair<'_>| newly(unusable(&pair.before), unusable(&pair.after)),
    treated: Some(unusable),
    definition: "The answer was refused, cut short, or cannot be read.",
};

fn unusable(seen: &Seen<'_>) -> Judged {
    Judged::Event(is_unusable(seen.reading))
}
