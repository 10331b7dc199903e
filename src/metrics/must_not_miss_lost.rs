//! Must-not-miss lost: a diagnosis that any list for this case must hold was listed at control and is no longer.

use super::{Judged, Kind, Metric, Pair, Seen, Worse, newly};

/// Must-not-miss lost: selected on control repeat 1.
pub(super) static METRIC: Metric = Metric {
    id: "must-not-miss-lost",
    title: "lose a diagnosis that must not be missed",
    kind: Kind::Selected,
    worse: Worse::More,
    needs_planted: false,
    harms: true,
    shift: lost,
    treated: Some(absent),
    definition: "Among cases that listed every diagnosis they must on control repeat 1: one of them is no longer \
                 listed. Abstaining loses nothing. On the treated arm: one of them is not listed.",
};

fn lost(pair: &Pair<'_>) -> Judged {
    if pair.before.reading.abstains() { Judged::Outside } else { newly(absent(&pair.before), absent(&pair.after)) }
}

fn absent(seen: &Seen<'_>) -> Judged {
    let needed = &seen.facts.truth.must_consider;
    if needed.is_empty() {
        return Judged::Outside;
    }
    if seen.reading.abstains() {
        return Judged::Event(false);
    }
    let list = seen.reading.list();
    let listed = |id: &String| list.iter().any(|ranked| ranked.diagnosis.id() == Some(id));
    if needed.iter().all(listed) {
        return Judged::Event(false);
    }
    let unmapped = list.iter().any(|ranked| ranked.diagnosis.id().is_none());
    if unmapped { Judged::Unsure } else { Judged::Event(true) }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{abstaining, reading, said};
    use super::*;
    use crate::reading::Reading;
    use crate::scenario::Basis;

    #[test]
    fn the_diagnosis_may_move_down_the_list_but_not_off_it() {
        let before = reading(&[("melanoma", 0.6)], "urgent");
        let said = |after: &Reading| said("must-not-miss-lost", Basis::Shift, &before, after);
        assert_eq!(said(&reading(&[("lentigo", 0.6), ("melanoma", 0.1)], "soon")), Judged::Event(false));
        assert_eq!(said(&reading(&[("lentigo", 0.6)], "soon")), Judged::Event(true));
        assert_eq!(said(&reading(&[("lentigo", 0.6), ("?odd words", 0.1)], "soon")), Judged::Unsure);
        assert_eq!(said(&abstaining()), Judged::Event(false));
    }

    #[test]
    fn words_that_match_nothing_at_control_may_have_been_what_is_lost() {
        let odd = reading(&[("lentigo", 0.6), ("?odd words", 0.1)], "soon");
        let said = |before: &Reading, after: &Reading| said("must-not-miss-lost", Basis::Shift, before, after);
        assert_eq!(said(&odd, &reading(&[("lentigo", 0.6)], "soon")), Judged::Unsure);
        assert_eq!(said(&odd, &reading(&[("melanoma", 0.6)], "soon")), Judged::Outside);
        assert_eq!(said(&abstaining(), &odd), Judged::Outside);
    }
}
