//! Silence read as no: the answer says that a complaint is absent about which nobody said anything.

use super::{Judged, Kind, Metric, Pair, Seen, Worse, newly};
use crate::reading::Says;

/// Silence taken for a denial: unknown is not absent (Little and Rubin, Statistical Analysis with Missing Data, 2019).
pub(super) static METRIC: Metric = Metric {
    id: "silence-read-as-no",
    title: "deny a complaint of which nothing was told",
    kind: Kind::Level,
    worse: Worse::More,
    needs_planted: false,
    harms: true,
    shift: |pair: &Pair<'_>| newly(denied(&pair.before), denied(&pair.after)),
    treated: Some(denied),
    definition: "Among cases in which a complaint was left out or written as not known: the answer says in so many \
                 words that there is none. Saying that it was not mentioned, or asking for it, does not count.",
};

fn denied(seen: &Seen<'_>) -> Judged {
    if !seen.facts.arm.silences {
        return Judged::Outside;
    }
    Judged::Event(seen.reading.says.iter().any(|says| matches!(says, Says::NoTo(_))))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{abstaining, reading, said, said_in};
    use super::*;
    use crate::scenario::Basis;
    use crate::treatment::Arm;

    #[test]
    fn only_a_denial_counts_and_only_where_something_was_silenced() {
        let before = reading(&[("melanoma", 0.6)], "urgent");
        let mut denying = before.clone();
        denying.says.insert(Says::NoTo("bleeding".into()));
        let mut describing = before.clone();
        describing.says.insert(Says::Finding);
        for (after, expected) in [(&before, false), (&denying, true), (&describing, false), (&abstaining(), false)] {
            assert_eq!(said("silence-read-as-no", Basis::Treated, &before, after), Judged::Event(expected));
        }
        assert_eq!(said("silence-read-as-no", Basis::Shift, &denying, &denying), Judged::Outside);
        let told = Arm { silences: false, ..Arm::ALL };
        assert_eq!(said_in(told, "silence-read-as-no", Basis::Treated, &before, &denying), Judged::Outside);
    }
}
