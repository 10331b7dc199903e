//! A case: what a clinician would show, and beside it the truth that is never shown.

use std::collections::BTreeMap;

use bedside_perturbations::{History, Modality, Region, Tone, View};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One case of a cohort. Only `images`, `history` and the protocol's question ever reach a stimulus.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The id, unique in the cohort; pseudonymous.
    pub id: String,
    /// The patient: the unit that statistics treat as independent.
    pub patient: String,
    /// The lesion, where the cohort tells lesions apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lesion_id: Option<String>,
    /// Photographs in the order they are shown.
    #[serde(default)]
    pub images: Vec<Photo>,
    /// The consultation request.
    #[serde(default)]
    #[schemars(schema_with = "crate::schema::history")]
    pub history: History,
    /// What is the matter.
    pub truth: Truth,
    /// Groups that results are shown by, e.g. `skin_tone: II`.
    #[serde(default)]
    pub strata: BTreeMap<String, String>,
}

/// One photograph of a case, not yet loaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Photo {
    /// The path below the cohort's folder. Never shown to a model.
    pub path: String,
    /// SHA-256 of the file's bytes, lower-case hex; for phantoms, of the recipe that draws the picture.
    pub sha256: String,
    /// How it was framed.
    #[serde(default)]
    #[schemars(schema_with = "crate::schema::view")]
    pub view: View,
    /// What took it.
    #[serde(default)]
    #[schemars(schema_with = "crate::schema::modality")]
    pub modality: Modality,
    /// The lesion's box in pixels of the upright picture, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lesion: Option<[u32; 4]>,
}

impl Photo {
    /// The lesion's box.
    #[must_use]
    pub fn region(&self) -> Option<Region> {
        self.lesion.map(|[x, y, w, h]| Region { x, y, w, h })
    }
}

/// The reference answer of a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Truth {
    /// Accepted diagnoses (canonical ids) with weights that sum to 1, heaviest first. Empty where nobody knows: such a
    /// case is in no claim about right and wrong answers.
    pub differential: Vec<(String, f64)>,
    /// The right urgency, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub triage: Option<TriageTruth>,
    /// Whether missing this diagnosis could harm gravely.
    #[serde(default)]
    pub dangerous: bool,
    /// Diagnoses (canonical ids) that must be on any list for this case.
    #[serde(default)]
    pub must_consider: Vec<String>,
    /// Where the label comes from, e.g. `biopsy`.
    #[serde(default)]
    pub source: String,
}

/// The right urgency of a case, in words of the cohort's triage scale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TriageTruth {
    /// The ideal urgency.
    pub ideal: String,
    /// The least urgent answer that is still safe; anything less urgent is a critical under-triage.
    pub least_urgent_safe: String,
}

impl Case {
    /// The skin tone group of the patient, where it is known.
    #[must_use]
    pub fn tone(&self) -> Option<Tone> {
        tone(&self.strata)
    }
}

/// The skin tone group that the stratum `skin_tone` names: Fitzpatrick I–VI or a group of two.
#[must_use]
pub fn tone(strata: &BTreeMap<String, String>) -> Option<Tone> {
    match strata.get("skin_tone")?.as_str() {
        "I" | "II" | "I-II" => Some(Tone::Light),
        "III" | "IV" | "III-IV" => Some(Tone::Medium),
        "V" | "VI" | "V-VI" => Some(Tone::Dark),
        _ => None,
    }
}

impl Truth {
    /// Whether that canonical id is an accepted answer.
    #[must_use]
    pub fn accepts(&self, id: &str) -> bool {
        self.differential.iter().any(|(accepted, weight)| accepted == id && *weight > 0.0)
    }

    /// Whether any diagnosis is accepted; without one, no answer is right or wrong.
    #[must_use]
    pub fn has_reference(&self) -> bool {
        self.differential.iter().any(|(_, weight)| *weight > 0.0)
    }

    /// The leading accepted diagnosis.
    #[must_use]
    pub fn leading(&self) -> Option<&str> {
        self.differential.first().map(|(id, _)| id.as_str())
    }
}
