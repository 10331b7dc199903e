//! From logits to a judgement: probabilities, urgency, and whether to judge at all.

use super::weights::Knowledge;

/// The chance of "this urgent or more" at which that urgency is said: more than even odds are not needed, because to
/// see a patient too late harms more than to see one too early.
pub const URGENT_FROM: f64 = 0.35;

/// What the model holds to be the case.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// Diagnoses with probabilities, most likely first; ties in the order of the ids.
    pub ranked: Vec<(String, f64)>,
    /// The urgency, as a place on the default scale: 0 is an emergency.
    pub urgency: usize,
    /// Whether too much is open for a diagnosis.
    pub abstains: bool,
    /// Whether, then, new photographs are asked for.
    pub retake: bool,
}

/// Logits of one case: from everything that was given, and from the photographs alone if there are any.
#[derive(Debug, Clone, PartialEq)]
pub struct Logits {
    /// From everything.
    pub all: Vec<f32>,
    /// From the photographs alone.
    pub photographs: Option<Vec<f32>>,
}

impl Judgement {
    /// Judges. `scale` are the words of the scale that the diagnoses' urgencies are from, most urgent first.
    #[must_use]
    pub fn of(logits: &Logits, knowledge: &Knowledge, scale: &[&str]) -> Self {
        let chances = softmax(&logits.all, knowledge.temperature);
        let open = |logits: &Vec<f32>| entropy(&softmax(logits, knowledge.temperature));
        let abstains = entropy(&chances) > knowledge.abstains_above;
        let unclear = logits.photographs.as_ref().is_some_and(|logits| open(logits) > knowledge.retakes_above);
        Self {
            urgency: urgency(&chances, knowledge, scale),
            ranked: ranked(&chances, knowledge),
            abstains,
            retake: abstains && unclear,
        }
    }
}

fn ranked(chances: &[f64], knowledge: &Knowledge) -> Vec<(String, f64)> {
    let ids = knowledge.diagnoses.iter().map(|diagnosis| diagnosis.id.clone());
    let mut ranked: Vec<(String, f64)> = ids.zip(chances.iter().copied()).collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    ranked
}

/// The most urgent step with a chance of at least [`URGENT_FROM`] that it or a more urgent one is right.
fn urgency(chances: &[f64], knowledge: &Knowledge, scale: &[&str]) -> usize {
    let mut reached = 0.0;
    for (place, word) in scale.iter().enumerate() {
        let of_word = knowledge.diagnoses.iter().zip(chances).filter(|(diagnosis, _)| diagnosis.urgency == *word);
        reached += of_word.map(|(_, chance)| chance).sum::<f64>();
        if reached >= URGENT_FROM {
            return place;
        }
    }
    scale.len().saturating_sub(1)
}

/// Probabilities from logits divided by a temperature.
#[must_use]
pub fn softmax(logits: &[f32], temperature: f64) -> Vec<f64> {
    let scaled: Vec<f64> = logits.iter().map(|logit| f64::from(*logit) / temperature).collect();
    let most = scaled.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers: Vec<f64> = scaled.iter().map(|logit| libm::exp(logit - most)).collect();
    let sum: f64 = powers.iter().sum();
    powers.iter().map(|power| power / sum).collect()
}

/// Shannon's entropy as a share of the greatest possible: 0 when one is certain, 1 when all are alike.
#[must_use]
pub fn entropy(chances: &[f64]) -> f64 {
    let sum: f64 = chances.iter().filter(|chance| **chance > 0.0).map(|chance| -chance * libm::log(*chance)).sum();
    sum / libm::log(chances.len().max(2) as f64)
}

#[cfg(test)]
mod tests {
    use super::super::weights::{Diagnosis, TrainedOn};
    use super::*;

    const SCALE: [&str; 4] = ["emergency", "urgent", "soon", "routine"];

    fn knowledge() -> Knowledge {
        let diagnosis = |id: &str, urgency: &str| Diagnosis { id: id.into(), urgency: urgency.into() };
        Knowledge {
            diagnoses: vec![diagnosis("a", "routine"), diagnosis("b", "urgent"), diagnosis("c", "emergency")],
            temperature: 1.0,
            abstains_above: 0.9,
            retakes_above: 0.5,
            trained_on: TrainedOn { phantoms: "v0".into(), training: (2, 1), calibration: (3, 1) },
        }
    }

    fn judged(all: [f64; 3], photographs: Option<[f64; 3]>) -> Judgement {
        let logits = |chances: [f64; 3]| chances.map(|chance| libm::log(chance) as f32).to_vec();
        Judgement::of(&Logits { all: logits(all), photographs: photographs.map(logits) }, &knowledge(), &SCALE)
    }

    #[test]
    fn diagnoses_are_ranked_by_probability() {
        let judgement = judged([0.2, 0.7, 0.1], None);
        let ids: Vec<&str> = judgement.ranked.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(ids, ["b", "a", "c"]);
        assert!((judgement.ranked[0].1 - 0.7).abs() < 1e-6 && !judgement.abstains);
    }

    #[test]
    fn urgency_is_the_most_urgent_that_is_likely_enough() {
        let urgencies =
            [[0.9, 0.05, 0.05], [0.6, 0.2, 0.2], [0.6, 0.04, 0.36]].map(|chances| judged(chances, None).urgency);
        assert_eq!(urgencies, [3, 1, 0]);
    }

    #[test]
    fn too_much_open_is_no_diagnosis_and_unclear_photographs_are_asked_for_again() {
        let even = [0.34, 0.33, 0.33];
        assert!(judged(even, None).abstains && !judged(even, None).retake);
        assert!(judged(even, Some(even)).retake && !judged(even, Some([0.98, 0.01, 0.01])).retake);
        assert!(!judged([0.98, 0.01, 0.01], Some(even)).retake);
    }

    #[test]
    fn a_higher_temperature_is_less_sure() {
        assert!(softmax(&[2.0, 0.0], 2.0)[0] < softmax(&[2.0, 0.0], 1.0)[0]);
        assert!((entropy(&[0.25; 4]) - 1.0).abs() < 1e-12 && entropy(&[1.0, 0.0]).abs() < 1e-12);
    }
}
