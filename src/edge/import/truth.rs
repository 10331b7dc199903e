//! From weighted names of diagnoses to the truth of a case.

use crate::case::{TriageTruth, Truth};
use crate::diagnosis::{Lexicon, plain};

/// How far from 1 the weights of a source may add up; they are then divided by their sum.
const ROUNDING: f64 = 0.05;
/// How far weights of one source may lie apart and still be the same: what sums of rounded numbers leave behind.
const SAME: f64 = 1e-9;

/// The truth that a weighted list of names stands for, heaviest first. Weights of one diagnosis are added.
///
/// A name that the lexicon does not know keeps its weight, as an id that no answer can match. The case is dangerous
/// where its leading diagnosis is, or one that is tied with it, and every dangerous diagnosis on the list must be considered.
///
/// # Errors
/// A sentence: no weight, a weight below 0, or a sum that no rounding explains.
pub(super) fn weighted(list: &[(String, f64)], source: &str) -> Result<Truth, String> {
    let lexicon = Lexicon::embedded();
    if list.is_empty() {
        return Err("it has no reference diagnosis".into());
    }
    if list.iter().any(|(_, weight)| !weight.is_finite() || *weight < 0.0) {
        return Err("a weight of its reference is no number from 0 to 1".into());
    }
    let sum: f64 = list.iter().map(|(_, weight)| weight).sum();
    if (sum - 1.0).abs() > ROUNDING {
        return Err(format!("the weights of its reference do not add up to 1, within {ROUNDING}"));
    }
    let mut differential: Vec<(String, f64)> = Vec::new();
    for (name, weight) in list.iter().filter(|(_, weight)| *weight > 0.0) {
        let id = id(name, lexicon);
        match differential.iter_mut().find(|(known, _)| *known == id) {
            Some((_, sum)) => *sum += weight / sum_of(list),
            None => differential.push((id, weight / sum_of(list))),
        }
    }
    differential.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    Ok(about(differential, source))
}

fn sum_of(list: &[(String, f64)]) -> f64 {
    list.iter().map(|(_, weight)| weight).sum()
}

/// The canonical id of a name, or the name as an id.
pub(super) fn id(name: &str, lexicon: &Lexicon) -> String {
    let known = lexicon.find(name).map(|concept| concept.id.as_str());
    let known = known.or_else(|| lexicon.canonical(name).map(|found| found.id));
    known.map_or_else(|| plain(name).replace(' ', "_"), |id| lexicon.judged_as(id).to_owned())
}

/// The truth with what the lexicon knows of its diagnoses.
fn about(differential: Vec<(String, f64)>, source: &str) -> Truth {
    let lexicon = Lexicon::embedded();
    let dangerous = |id: &str| lexicon.find(id).is_some_and(|concept| concept.dangerous);
    let most = differential.first().map_or(0.0, |(_, weight)| *weight);
    let leading = differential.iter().any(|(id, weight)| most - weight <= SAME && dangerous(id));
    let must_consider = differential.iter().map(|(id, _)| id).filter(|id| dangerous(id)).cloned().collect();
    Truth { differential, triage: None, dangerous: leading, must_consider, source: source.into() }
}

/// The truth of a case whose diagnosis nobody knows.
pub(super) fn unknown(source: &str) -> Truth {
    about(Vec::new(), source)
}

/// The truth with an urgency.
pub(super) fn with_triage(truth: Truth, triage: Option<TriageTruth>) -> Truth {
    Truth { triage, ..truth }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(pairs: &[(&str, f64)]) -> Vec<(String, f64)> {
        pairs.iter().map(|(name, weight)| ((*name).to_string(), *weight)).collect()
    }

    #[test]
    fn weights_are_kept_and_names_become_ids() {
        let truth = weighted(&list(&[("Eczema", 0.33), ("Melanoma", 0.67)]), "x").unwrap();
        assert_eq!(truth.differential, [("melanoma".to_string(), 0.67), ("dermatitis".to_string(), 0.33)]);
        assert!(truth.dangerous);
        assert_eq!(truth.must_consider, ["melanoma"]);
    }

    #[test]
    fn two_names_of_one_diagnosis_share_its_weight() {
        let truth =
            weighted(&list(&[("Tinea corporis", 0.25), ("Psoriasis", 0.5), ("ringworm of the body", 0.25)]), "");
        let ids: Vec<_> = truth.unwrap().differential;
        assert_eq!(ids.len(), 2, "{ids:?}");
        assert!(ids.iter().all(|(_, weight)| (weight - 0.5).abs() < 1e-12));
    }

    #[test]
    fn rounded_weights_add_up_to_one_and_wrong_ones_are_refused() {
        let truth = weighted(&list(&[("Psoriasis", 0.33), ("Melanoma", 0.33), ("Urticaria", 0.33)]), "").unwrap();
        assert!((truth.differential.iter().map(|(_, weight)| weight).sum::<f64>() - 1.0).abs() < 1e-9);
        assert!(weighted(&list(&[("Psoriasis", 0.5)]), "").unwrap_err().contains("do not add up to 1"));
        assert!(weighted(&list(&[("Psoriasis", -0.5), ("Melanoma", 1.5)]), "").is_err());
        assert!(weighted(&[], "").is_err());
    }

    #[test]
    fn a_dangerous_diagnosis_that_ties_for_the_lead_makes_a_case_dangerous() {
        let tied = |pairs| weighted(&list(pairs), "").unwrap().dangerous;
        assert!(tied(&[("Eczema", 0.5), ("Melanoma", 0.5)]));
        // Thirds as sums of tenths differ in their last bits.
        assert!(tied(&[
            ("Eczema", 0.3),
            ("Melanoma", 0.1),
            ("Malignant melanoma", 0.2),
            ("Urticaria", 0.4 - 0.1),
            ("Acne", 0.1)
        ]));
        assert!(!tied(&[("Eczema", 0.6), ("Melanoma", 0.4)]));
    }

    #[test]
    fn an_unknown_name_keeps_its_weight() {
        let truth = weighted(&list(&[("Wholly made up thing", 0.4), ("Psoriasis", 0.6)]), "").unwrap();
        assert_eq!(truth.differential[1], ("wholly_made_up_thing".to_string(), 0.4));
    }
}
