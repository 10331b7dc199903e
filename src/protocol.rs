//! A protocol: how a stimulus is put into words and how the answer is to be given. Data, not code.

mod contract;
mod read;
mod render;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::request::Decoding;

pub use render::{PLACEHOLDERS, Prompt, label};

/// A prompt template, an answer contract, decoding settings and the wire form of pictures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Protocol {
    /// The format's version; 1.
    pub format: u32,
    /// The id: the stem of the file.
    pub id: String,
    /// A title of a few words.
    pub title: String,
    /// Instructions before the case.
    #[serde(default)]
    pub system: String,
    /// The prompt; `{history}`, `{note}`, `{question}`, `{photographs}`, `{diagnoses}`, `{triage}` and `{contract}` are filled in.
    pub template: String,
    /// The question, for `{question}`.
    pub question: String,
    /// How history values are written.
    pub values: Values,
    /// How the answer is to be given.
    pub contract: Contract,
    /// How the model is to decode; the seed is derived by the plan.
    pub decoding: DecodingRule,
    /// How pictures are sent.
    #[serde(default)]
    pub pictures: Wire,
}

/// How the four states of a history value are written to the model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Values {
    /// For yes.
    pub yes: String,
    /// For no.
    pub no: String,
    /// For unknown.
    pub unknown: String,
    /// For a deleted value; `None` leaves the whole line out.
    #[serde(default)]
    pub absent: Option<String>,
    /// What stands for a history in which nothing is told.
    pub nothing: String,
}

/// The form in which an answer is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Contract {
    /// The form.
    pub form: Form,
    /// The most entries of a differential (K).
    pub entries: usize,
    /// Whether the model is told that it may abstain or ask for a retake.
    pub may_abstain: bool,
    /// Whether a triage level is asked for.
    pub triage: bool,
    /// Whether probabilities are asked for.
    pub probabilities: bool,
}

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// A JSON object that satisfies a schema.
    Json,
    /// One of a printed list of diagnoses.
    ForcedChoice,
    /// Prose.
    FreeText,
}

/// Decoding, without the seed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DecodingRule {
    /// Sampling temperature; `None` leaves it to the model.
    #[serde(default)]
    pub temperature: Option<f64>,
    /// The most tokens of an answer.
    pub max_tokens: u32,
    /// Whether a seed is sent.
    #[serde(default)]
    pub seed: bool,
}

/// How pictures are sent. The same in all arms, so that encoding is never mistaken for an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Wire {
    /// The longer side to which pictures are shrunk after perturbation; `None` sends them as they are.
    #[serde(default)]
    pub max_side: Option<u32>,
}

impl DecodingRule {
    /// The decoding of one repeat.
    #[must_use]
    pub fn with_seed(self, seed: u64) -> Decoding {
        Decoding { temperature: self.temperature, max_tokens: self.max_tokens, seed: self.seed.then_some(seed) }
    }
}
