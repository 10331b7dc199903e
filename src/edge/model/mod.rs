//! Models: one narrow trait, one file per back end, one file per wrapper.
//!
//! Back ends: [`openai`] (any endpoint of that protocol), [`subprocess`] (any program that reads and writes JSON
//! lines), [`reference`](mod@reference) (the small network that comes with Bedside), [`replay`] (answers that exist already), [`planted`] (instruments with a known weakness).
//! Wrappers: [`limited`] (how much at once), [`retrying`] (what is worth asking again).
//! [`spec`] turns what a person writes into one of them; [`probe`] asks one what it can do; [`conformance`] lists what
//! every one of them has to do.

pub mod conformance;
pub mod limited;
#[cfg(feature = "openai")]
pub mod openai;
pub mod planted;
pub mod probe;
pub mod reference;
pub mod replay;
pub mod retry_after;
pub mod retrying;
pub mod spec;
pub mod subprocess;

use core::fmt::Debug;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::answer::{Answer, Failure, ModelError};
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

    /// Asks once and, where that fails, says how long the model wants to be left alone.
    ///
    /// The same as [`Model::ask`] for models that never say so.
    ///
    /// # Errors
    /// [`Setback`] when no answer came.
    async fn attempt(&self, request: &Request) -> Result<Answer, Setback> {
        self.ask(request).await.map_err(Setback::from)
    }
}

/// One failed attempt, with what helps to choose when to ask again.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{error}")]
pub struct Setback {
    /// What went wrong.
    pub error: ModelError,
    /// How long the model asked to be left alone.
    pub retry_after: Option<Duration>,
}

impl Setback {
    /// A setback of one attempt. The message must hold nothing of request or answer.
    pub(crate) fn new(kind: Failure, message: impl Into<String>) -> Self {
        Self::from(ModelError { kind, message: message.into(), attempts: 1 })
    }
}

impl From<ModelError> for Setback {
    fn from(error: ModelError) -> Self {
        Self { error, retry_after: None }
    }
}

/// The lock's content, also after a panic elsewhere: every holder leaves it whole.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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
