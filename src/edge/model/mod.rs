//! Models: one narrow trait, one file per back end, one file per wrapper.

use core::fmt::Debug;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::answer::{Answer, ModelError};
use crate::request::Request;

/// Something that can be asked.
#[async_trait]
pub trait Model: Debug + Send + Sync {
    /// What is known of it before asking.
    fn card(&self) -> &ModelCard;

    /// Asks once.
    ///
    /// # Errors
    /// [`ModelError`] when no answer came; the trial is then missing, the run goes on.
    async fn ask(&self, request: &Request) -> Result<Answer, ModelError>;
}

/// What is known of a model before it is asked. Part of the plan's digest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelCard {
    /// How it was asked for, e.g. `openai:gpt-4.1` or `planted:balanced`.
    pub id: String,
    /// The name it is served under.
    pub name: String,
    /// The endpoint, without any secret; empty for models inside this program.
    pub endpoint: String,
    /// Whether it is a measuring instrument with planted behaviour, and not a model that anyone would deploy.
    pub instrument: bool,
    /// Whether asking the same twice gives the same.
    pub repeatable: Repeatable,
    /// Whether it takes cohorts that are not synthetic.
    pub takes_real_cases: bool,
    /// Prices in money per million tokens (prompt, completion), where they were stated.
    pub price: Option<(f64, f64)>,
    /// Tokens that one picture is counted as, where it was stated.
    pub tokens_per_image: Option<u64>,
}

/// Where asking the same twice gives the same answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Repeatable {
    /// Nowhere.
    No,
    /// On one machine.
    Machine,
    /// On every machine.
    Everywhere,
}
