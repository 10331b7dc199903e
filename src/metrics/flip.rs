//! Flip: the canonical answer differs between the control's first repeat and the other answer.

use super::{Canonical, Judged, Kind, Metric, Pair, Worse};
use crate::reading::Diagnosis;

/// Flip (ImageNet-P's flip probability, pair by pair): judged on control repeat 1 against draw 1.
pub(super) static METRIC: Metric = Metric {
    id: "flip",
    title: "change their leading answer",
    kind: Kind::Churn,
    worse: Worse::More,
    needs_planted: false,
    harms: false,
    shift: flip,
    treated: None,
    definition: "The canonical answer (leading diagnosis, abstains, or unusable) of control repeat 1 differs from that \
                 of draw 1. Unusable to unusable is no flip.",
};

fn flip(pair: &Pair<'_>) -> Judged {
    let (before, after) = (pair.before.canonical(), pair.after.canonical());
    if before == after {
        return Judged::Event(false);
    }
    match (before, after) {
        // Two different phrases, or a phrase and a concept, may still mean the same.
        (Canonical::Leading(Diagnosis::Unmapped(_)), Canonical::Leading(_))
        | (Canonical::Leading(_), Canonical::Leading(Diagnosis::Unmapped(_))) => Judged::Unsure,
        _ => Judged::Event(true),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{abstaining, reading, said};
    use super::*;
    use crate::scenario::Basis;

    #[test]
    fn another_leading_diagnosis_or_abstaining_is_a_flip_and_another_order_below_is_not() {
        let before = reading(&[("melanoma", 0.6), ("lentigo", 0.2)], "urgent");
        let cases = [
            (reading(&[("melanoma", 0.3)], "routine"), Judged::Event(false)),
            (reading(&[("lentigo", 0.6), ("melanoma", 0.2)], "urgent"), Judged::Event(true)),
            (abstaining(), Judged::Event(true)),
            (reading(&[("?odd words", 0.6)], "urgent"), Judged::Unsure),
        ];
        for (after, expected) in cases {
            assert_eq!(said("flip", Basis::Shift, &before, &after), expected, "{after:?}");
        }
    }

    #[test]
    fn the_same_unmapped_words_are_no_flip() {
        let odd = reading(&[("?odd words", 0.6)], "urgent");
        assert_eq!(said("flip", Basis::Shift, &odd, &odd), Judged::Event(false));
    }
}
