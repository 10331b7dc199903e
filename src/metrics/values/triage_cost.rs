//! Triage cost: how far the urgency lies from the right one, too little counting more than too much.

use super::{Of, Value};
use crate::metrics::{Seen, Urgency, Worse};

/// What a step of too little urgency costs, in steps of too much.
const TOO_LITTLE: f64 = 2.0;

/// Steps from the right urgency, weighted, as a share of the most that can be lost on the scale.
pub(super) static METRIC: Value = Value {
    id: "triage-cost",
    title: "cost of the urgency given",
    of: Of::Answer(cost),
    range: (0.0, 1.0),
    worse: Worse::More,
    definition: "Steps from the right urgency; a step of too little costs twice a step of too much (our assumption: \
                 trauma systems accept far more over- than under-triage). As a share of the cost of the least urgent \
                 answer to an emergency. Undefined where no urgency was given or the right one is not known.",
};

fn cost(seen: &Seen<'_>) -> Option<f64> {
    let Urgency::At(place) = seen.urgency() else { return None };
    let (place, ideal) = (place as f64, seen.ideal()? as f64);
    let most = TOO_LITTLE * (seen.facts.scale.0.len() as f64 - 1.0);
    let cost = if place > ideal { TOO_LITTLE * (place - ideal) } else { ideal - place };
    (most > 0.0).then_some(cost / most)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{is, pair};
    use crate::metrics::tests::{abstaining, reading};

    #[test]
    fn too_little_costs_twice_as_much_as_too_much() {
        let right = reading(&[("melanoma", 0.6)], "urgent");
        let after = |urgency: &str| pair("triage-cost", &right, &reading(&[("melanoma", 0.6)], urgency));
        // Four steps on the scale: the most is 2 · 3.
        assert!(is(after("emergency"), 1.0 / 6.0) && is(after("soon"), 2.0 / 6.0) && is(after("routine"), 4.0 / 6.0));
        assert_eq!(pair("triage-cost", &right, &abstaining()), None);
    }
}
