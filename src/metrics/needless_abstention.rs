//! Needless abstention: a diagnosis was given at control and is withheld now.

use super::{Judged, Kind, Metric, Pair, Seen, Worse, newly};

/// Abstaining where the clean case was answered; needless while the input is gradable, which the scenario says.
pub(super) static METRIC: Metric = Metric {
    id: "needless-abstention",
    title: "withhold a diagnosis that they gave before",
    kind: Kind::Selected,
    worse: Worse::More,
    needs_planted: false,
    harms: false,
    shift: |pair: &Pair<'_>| newly(withheld(&pair.before), Judged::Event(pair.after.reading.abstains())),
    treated: None,
    definition: "Among cases with a diagnosis on control repeat 1: the answer abstains from one now. To be bounded only \
                 where the input is still gradable. Asking for a photograph beside a diagnosis does not count, nor does \
                 an unusable answer, which stays in the denominator.",
};

fn withheld(seen: &Seen<'_>) -> Judged {
    if super::is_unusable(seen.reading) { Judged::Outside } else { Judged::Event(seen.reading.abstains()) }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{abstaining, reading, said};
    use super::*;
    use crate::reading::{Ask, Reading, Reason};
    use crate::scenario::Basis;

    #[test]
    fn only_a_diagnosis_that_was_given_can_be_withheld() {
        let given = reading(&[("melanoma", 0.6)], "urgent");
        let mut retake = given.clone();
        retake.asks.insert(Ask::Retake);
        let said = |before: &Reading, after: &Reading| said("needless-abstention", Basis::Shift, before, after);
        assert_eq!(said(&given, &abstaining()), Judged::Event(true));
        assert_eq!(said(&given, &retake), Judged::Event(false));
        assert_eq!(said(&abstaining(), &abstaining()), Judged::Outside);
        let refused = Reading::missing(Reason::Refused);
        assert_eq!(said(&given, &refused), Judged::Event(false), "unusable is counted by itself, of the same cases");
        assert_eq!(said(&refused, &abstaining()), Judged::Outside, "no diagnosis was given");
    }
}
