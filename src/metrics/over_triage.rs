//! Over-triage: more urgent than is right.

use super::{Judged, Kind, Metric, Pair, Seen, Worse, newly};

/// Over-triage (trauma triage's term): the answered urgency is above the ideal one.
pub(super) static METRIC: Metric = Metric {
    id: "over-triage",
    title: "are triaged as more urgent than is right",
    kind: Kind::Selected,
    worse: Worse::More,
    needs_planted: false,
    harms: false,
    shift: |pair: &Pair<'_>| newly(over(&pair.before), over(&pair.after)),
    treated: Some(over),
    definition: "The answered urgency is higher than the ideal one. On the shift: among cases not over-triaged on \
                 control repeat 1.",
};

fn over(seen: &Seen<'_>) -> Judged {
    seen.ideal().map_or(Judged::Outside, |ideal| seen.urgency_is(|place| place < ideal))
}
