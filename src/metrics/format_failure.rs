//! Format failure: an answer came and cannot be read, or broke off.

use super::{Judged, Kind, Metric, Pair, Seen, Worse, newly};
use crate::reading::Reason;

/// Failure to keep to the answer's form; [`unusable`](super::unusable) counts refusals too.
pub(super) static METRIC: Metric = Metric {
    id: "format-failure",
    title: "cannot be read or break off",
    kind: Kind::Level,
    worse: Worse::More,
    needs_planted: false,
    harms: false,
    shift: |pair: &Pair<'_>| newly(failed(&pair.before), failed(&pair.after)),
    treated: Some(failed),
    definition: "The answer is unreadable or was cut short. A refusal is not a failure of form.",
};

fn failed(seen: &Seen<'_>) -> Judged {
    Judged::Event(matches!(seen.reading.lost(), Some(Reason::Unreadable | Reason::Truncated)))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{reading, said};
    use super::*;
    use crate::reading::Reading;
    use crate::scenario::Basis;

    #[test]
    fn a_refusal_is_no_failure_of_form() {
        let good = reading(&[("melanoma", 0.6)], "urgent");
        for (reason, expected) in [(Reason::Unreadable, true), (Reason::Truncated, true), (Reason::Refused, false)] {
            let after = Reading::missing(reason);
            assert_eq!(said("format-failure", Basis::Treated, &good, &after), Judged::Event(expected));
        }
        assert_eq!(said("format-failure", Basis::Treated, &good, &good), Judged::Event(false));
    }
}
