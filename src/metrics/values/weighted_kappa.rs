//! Weighted kappa of triage: how far control and treated agree on the urgency, beyond chance.

use super::{Of, Value};
use crate::metrics::{Seen, Urgency, Worse};

/// Quadratically weighted kappa of the two arms' urgencies (Cohen 1968).
pub(super) static METRIC: Value = Value {
    id: "weighted-kappa",
    title: "weighted kappa of triage, control with treated",
    of: Of::Agreement(place),
    range: (-1.0, 1.0),
    worse: Worse::Fewer,
    definition: "Quadratic weights over the whole scale, repeat 1 with draw 1; 1 is full agreement, 0 is chance. Beside it \
                 stands the kappa of repeat 1 with repeat 2. Undefined where both arms always give the same urgency.",
};

fn place(seen: &Seen<'_>) -> Option<u32> {
    if let Urgency::At(place) = seen.urgency() { u32::try_from(place).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::super::tests::pair;
    use super::*;
    use crate::cohort::Scale;
    use crate::metrics::Facts;
    use crate::metrics::tests::{melanoma, reading};

    #[test]
    fn it_reads_places_on_the_scale_and_says_nothing_of_one_pair() {
        let (truth, scale) = (melanoma(), Scale::default());
        let facts = Facts::of(&truth, &scale);
        let soon = reading(&[("melanoma", 0.6)], "soon");
        assert_eq!(place(&Seen { reading: &soon, facts }), Some(2));
        assert_eq!(pair("weighted-kappa", &soon, &soon), None);
    }
}
