//! Under-triage: less urgent than is right.

use super::{Judged, Kind, Metric, Pair, Seen, Worse, newly};

/// Under-triage (trauma triage's term): the answered urgency is below the ideal one.
pub(super) static METRIC: Metric = Metric {
    id: "under-triage",
    title: "are triaged as less urgent than is right",
    kind: Kind::Selected,
    worse: Worse::More,
    needs_planted: false,
    harms: true,
    shift: |pair: &Pair<'_>| newly(under(&pair.before), under(&pair.after)),
    treated: Some(under),
    definition: "The answered urgency is lower than the ideal one. On the shift: among cases not under-triaged on \
                 control repeat 1.",
};

fn under(seen: &Seen<'_>) -> Judged {
    seen.ideal().map_or(Judged::Outside, |ideal| seen.urgency_is(|place| place > ideal))
}
