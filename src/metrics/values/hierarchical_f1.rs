//! Hierarchical F1: how near the list is to the truth in the tree of diagnoses, so that a near miss is told from a far one.

use std::collections::BTreeSet;

use super::{Of, Value};
use crate::diagnosis::Lexicon;
use crate::metrics::{Seen, Worse};
use crate::reading::Diagnosis;

/// Hierarchical F1 over sets closed upward (Kiritchenko, Matwin and Famili 2005; on ICD-10 in H-DDx 2025).
pub(super) static METRIC: Value = Value {
    id: "hierarchical-f1",
    title: "hierarchical F1 of the list",
    of: Of::Answer(score),
    range: (0.0, 1.0),
    worse: Worse::Fewer,
    definition: "2·shared / (listed + accepted), counting every listed and every accepted diagnosis with all families \
                 above it in the lexicon. Words that match nothing count as one family of their own each; an answer that \
                 lists nothing scores 0.",
};

fn score(seen: &Seen<'_>) -> Option<f64> {
    let accepted = seen.facts.truth.differential.iter().filter(|(_, weight)| *weight > 0.0);
    let wanted = closed(accepted.map(|(id, _)| id.as_str()));
    let list = super::listed(seen).unwrap_or_default();
    let listed = closed(list.iter().copied().filter_map(Diagnosis::id));
    let unmapped = list.iter().filter(|diagnosis| diagnosis.id().is_none()).count();
    let shared = listed.intersection(&wanted).count();
    (!wanted.is_empty()).then(|| 2.0 * shared as f64 / (listed.len() + unmapped + wanted.len()) as f64)
}

/// Those diagnoses with all that lies above them.
fn closed<'a>(ids: impl Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
    let lexicon = Lexicon::embedded();
    ids.flat_map(|id| core::iter::once(id).chain(lexicon.ancestors(id))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{is, pair};
    use super::closed;
    use crate::metrics::tests::{abstaining, reading};

    #[test]
    fn a_near_miss_scores_more_than_a_far_one() {
        let right = reading(&[("melanoma", 0.6)], "urgent");
        let lost = |id: &str| pair("hierarchical-f1", &right, &reading(&[(id, 0.6)], "soon")).unwrap();
        assert!(lost("melanoma") > lost("basal_cell_carcinoma") && lost("basal_cell_carcinoma") > lost("scabies"));
        assert!(is(pair("hierarchical-f1", &right, &abstaining()), -1.0));
    }

    #[test]
    fn by_hand_from_the_sizes_of_the_closed_sets() {
        let right = reading(&[("melanoma", 0.6)], "urgent");
        let wide = reading(&[("melanoma", 0.6), ("?odd words", 0.1)], "soon");
        let size = closed(["melanoma"].into_iter()).len() as f64;
        assert!(is(pair("hierarchical-f1", &right, &wide), 2.0 * size / (2.0 * size + 1.0) - 1.0));
    }
}
