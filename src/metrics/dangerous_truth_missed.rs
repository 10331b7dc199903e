//! Dangerous truth missed: the case is dangerous, and what makes it so stands nowhere on the list.

use std::collections::BTreeSet;

use super::{Judged, Kind, Metric, Pair, Seen, Worse, newly};

/// Dangerous truth missed: selected on control repeat 1, or of the treated arm by itself.
///
/// A case is dangerous by its leading diagnosis ([`crate::case::Truth::dangerous`]). Of diagnoses that share the lead
/// those count that must be considered, where one of them must: a harmless one does not stand for a dangerous one.
pub(super) static METRIC: Metric = Metric {
    id: "dangerous-truth-missed",
    title: "miss the truth where it is dangerous",
    kind: Kind::Selected,
    worse: Worse::More,
    needs_planted: false,
    harms: true,
    shift: missed_anew,
    treated: Some(missed),
    definition: "Among cases with a dangerous truth that listed it anywhere on control repeat 1: it is no longer listed. \
                 On the treated arm: among all cases with a dangerous truth, it is not listed. Abstaining misses nothing; \
                 a kind or a family of it is not it.",
};

fn missed_anew(pair: &Pair<'_>) -> Judged {
    if pair.before.reading.abstains() { Judged::Outside } else { newly(missed(&pair.before), missed(&pair.after)) }
}

fn missed(seen: &Seen<'_>) -> Judged {
    let dangerous = dangerous_ones(seen);
    if dangerous.is_empty() {
        return Judged::Outside;
    }
    if seen.reading.abstains() {
        return Judged::Event(false);
    }
    let list = seen.reading.list();
    if list.iter().any(|ranked| ranked.diagnosis.id().is_some_and(|id| dangerous.contains(id))) {
        return Judged::Event(false);
    }
    let unmapped = list.iter().any(|ranked| ranked.diagnosis.id().is_none());
    if unmapped { Judged::Unsure } else { Judged::Event(true) }
}

/// Two weights that differ by less lead together.
const SAME: f64 = 1e-9;

/// The leading diagnoses of a dangerous case: those that must be considered if any of them must, else all of them.
fn dangerous_ones<'a>(seen: &Seen<'a>) -> BTreeSet<&'a str> {
    let truth = seen.facts.truth;
    if !truth.dangerous {
        return BTreeSet::new();
    }
    let accepted = || truth.differential.iter().filter(|(_, weight)| *weight > 0.0);
    let most = accepted().map(|(_, weight)| *weight).fold(0.0, f64::max);
    let leading: BTreeSet<&str> =
        accepted().filter(|(_, weight)| most - weight <= SAME).map(|(id, _)| id.as_str()).collect();
    let must: BTreeSet<&str> =
        leading.iter().copied().filter(|id| truth.must_consider.iter().any(|needed| needed == id)).collect();
    if must.is_empty() { leading } else { must }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{abstaining, melanoma, reading, said};
    use super::super::{Facts, find};
    use super::*;
    use crate::case::Truth;
    use crate::cohort::Scale;
    use crate::reading::{Reading, Reason};
    use crate::scenario::Basis;

    fn of(truth: &Truth, on: Basis, before: &Reading, after: &Reading) -> Judged {
        let scale = Scale::default();
        let seen = |reading| Seen { reading, facts: Facts::of(truth, &scale) };
        find("dangerous-truth-missed").unwrap().judge(&Pair { before: seen(before), after: seen(after) }, on)
    }

    #[test]
    fn it_may_stand_anywhere_on_the_list_but_not_off_it() {
        let listed = reading(&[("melanoma", 0.6)], "urgent");
        let rows = [
            (reading(&[("lentigo", 0.6), ("melanoma", 0.1)], "soon"), Judged::Event(false)),
            (reading(&[("lentigo", 0.6)], "soon"), Judged::Event(true)),
            (reading(&[("lentigo", 0.6), ("?odd words", 0.1)], "soon"), Judged::Unsure),
            (Reading::missing(Reason::Unreadable), Judged::Event(true)),
            (abstaining(), Judged::Event(false)),
        ];
        for (after, expected) in rows {
            for on in [Basis::Shift, Basis::Treated] {
                assert_eq!(said("dangerous-truth-missed", on, &listed, &after), expected, "{on:?} {after:?}");
            }
        }
    }

    #[test]
    fn what_was_missed_before_is_in_the_treated_arm_only() {
        let (listed, off) = (reading(&[("melanoma", 0.6)], "urgent"), reading(&[("lentigo", 0.6)], "soon"));
        let said = |on, before: &Reading, after: &Reading| said("dangerous-truth-missed", on, before, after);
        assert_eq!(said(Basis::Shift, &off, &off), Judged::Outside);
        assert_eq!(said(Basis::Treated, &off, &off), Judged::Event(true));
        assert_eq!(said(Basis::Shift, &abstaining(), &off), Judged::Outside);
        let odd = reading(&[("?odd words", 0.6)], "soon");
        assert_eq!(said(Basis::Shift, &odd, &off), Judged::Unsure, "the odd words may have been the truth");
        assert_eq!(said(Basis::Shift, &odd, &listed), Judged::Outside);
    }

    #[test]
    fn a_harmless_case_and_one_without_a_reference_have_none() {
        let off = reading(&[("lentigo", 0.6)], "soon");
        for truth in [
            Truth { dangerous: false, ..melanoma() },
            Truth { differential: Vec::new(), ..melanoma() },
            Truth { differential: vec![("melanoma".into(), 0.0)], ..melanoma() },
        ] {
            assert_eq!(of(&truth, Basis::Treated, &off, &off), Judged::Outside, "{truth:?}");
        }
    }

    #[test]
    fn of_diagnoses_that_share_the_lead_the_one_that_must_be_considered_counts() {
        let tied = vec![("melanocytic_naevus".into(), 0.5), ("melanoma".into(), 0.5)];
        let naevus = reading(&[("melanocytic_naevus", 0.6)], "soon");
        let told = Truth { differential: tied, ..melanoma() };
        assert_eq!(of(&told, Basis::Treated, &naevus, &naevus), Judged::Event(true));
        let untold = Truth { must_consider: Vec::new(), ..told };
        assert_eq!(of(&untold, Basis::Treated, &naevus, &naevus), Judged::Event(false));
        let lesser = vec![("melanoma".into(), 0.7), ("melanocytic_naevus".into(), 0.3)];
        let second = Truth { differential: lesser, must_consider: Vec::new(), ..melanoma() };
        assert_eq!(
            of(&second, Basis::Treated, &naevus, &naevus),
            Judged::Event(true),
            "the lesser one is not the danger"
        );
    }
}
