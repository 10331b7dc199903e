//! A cohort: its data sheet, its cases one at a time, and the cases that had to be left out.

use core::fmt::Debug;
use std::collections::BTreeMap;

use image::RgbImage;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::case::Case;
use crate::necessity::Needed;

/// What `cohort.yaml` says about a cohort.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    /// The format's version; 1.
    pub format: u32,
    /// The cohort's name.
    pub name: String,
    /// The licence under which its data may be used.
    pub licence: String,
    /// How to cite it.
    #[serde(default)]
    pub citation: Option<String>,
    /// Where it comes from and how it was made into a cohort.
    #[serde(default)]
    pub provenance: String,
    /// The language of the histories as a BCP 47 tag, e.g. `en`. Perturbations that edit words are
    /// not applied to histories in another language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Whether every case is invented. Only then may words and pictures of cases appear in reports by default.
    pub synthetic: bool,
    /// Where labels come from, e.g. `biopsy: 58 %`.
    #[serde(default)]
    pub label_sources: Vec<String>,
    /// What the history fields mean, by name.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// How much the history fields matter, by diagnosis, where that is declared.
    #[serde(default)]
    pub necessity: Vec<Needed>,
    /// The triage scale.
    #[serde(default)]
    pub triage: Scale,
    /// Cases already left out when the cohort was made, with reasons.
    #[serde(default)]
    pub exclusions: Vec<Exclusion>,
    /// What a user of the cohort has to know, e.g. that missing history predicts the label.
    #[serde(default)]
    pub warnings: Vec<String>,
}

impl Sheet {
    /// The language of the histories where it is not English; perturbations that edit words leave such histories alone.
    #[must_use]
    pub fn foreign_language(&self) -> Option<&str> {
        self.language.as_deref().filter(|tag| !tag.split('-').next().is_some_and(|own| own.eq_ignore_ascii_case("en")))
    }
}

/// An ordered triage scale, most urgent first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Scale(pub Vec<Urgency>);

/// One step of a triage scale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Urgency {
    /// The word the model is to answer with.
    pub id: String,
    /// What it means, e.g. "within two weeks".
    pub meaning: String,
}

impl Default for Scale {
    /// Emergency (same day), urgent (two weeks), soon (eight weeks), routine.
    fn default() -> Self {
        let step = |id: &str, meaning: &str| Urgency { id: id.into(), meaning: meaning.into() };
        Self(vec![
            step("emergency", "seen the same day"),
            step("urgent", "seen within two weeks"),
            step("soon", "seen within eight weeks"),
            step("routine", "can wait for an ordinary appointment"),
        ])
    }
}

impl Scale {
    /// The place of that word on the scale: 0 is the most urgent.
    #[must_use]
    pub fn rank(&self, id: &str) -> Option<usize> {
        self.0.iter().position(|step| step.id == id)
    }

    /// Whether that word means "urgent or worse": `urgent` or anything before it; without such a step, the upper half.
    #[must_use]
    pub fn is_urgent(&self, id: &str) -> bool {
        let limit = self.rank("urgent").unwrap_or((self.0.len() / 2).saturating_sub(1));
        self.rank(id).is_some_and(|rank| rank <= limit)
    }
}

/// A case that was left out, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exclusion {
    /// The case's id, or its line when it has none.
    pub case: String,
    /// Why.
    pub reason: String,
}

/// What is wrong with a cohort or one of its cases.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{place}: {why}")]
pub struct CohortError {
    /// Where: file, or file:line.
    pub place: String,
    /// What is wrong, and the way out.
    pub why: String,
}

/// A source of cases. Cases are read one at a time, so memory does not grow with the cohort.
pub trait Cohort: Debug + Send + Sync {
    /// The data sheet.
    fn sheet(&self) -> &Sheet;

    /// How many cases it holds after exclusions; they are numbered from 0.
    fn len(&self) -> usize;

    /// Whether it holds no case.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many cases were listed before exclusions.
    fn listed(&self) -> usize {
        self.len() + self.exclusions().len()
    }

    /// The case of that number.
    ///
    /// # Errors
    /// [`CohortError`] when the cohort changed under our hands or cannot be read.
    fn case(&self, number: usize) -> Result<Case, CohortError>;

    /// The upright 8-bit sRGB pixels of one photograph of a case, its digest checked.
    ///
    /// # Errors
    /// [`CohortError`] when the file is missing, broken or no longer the one that was imported.
    fn pixels(&self, case: &Case, photo: usize) -> Result<RgbImage, CohortError>;

    /// The cases left out, each with its reason.
    fn exclusions(&self) -> &[Exclusion];
}
