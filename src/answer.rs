//! What came back from a model, as it came back; and what went wrong when nothing did.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A model's answer to one request, unread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The text of the answer.
    pub text: String,
    /// How it ended.
    pub finish: Finish,
    /// The model version that says it served the answer.
    #[serde(default)]
    pub served: Option<String>,
    /// Tokens used, where the model said.
    #[serde(default)]
    pub usage: Option<Usage>,
    /// How many times the model was asked until it answered; at least 1.
    pub attempts: u8,
}

/// How an answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finish {
    /// The model said all it wanted to say.
    Complete,
    /// Cut short by a length limit.
    Truncated,
    /// The model or a filter in front of it declined.
    Refused,
}

/// Tokens used by one answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens of the request.
    pub prompt: u64,
    /// Tokens of the answer.
    pub completion: u64,
}

/// Why a model gave no answer. Messages never hold text of the request or of the answer.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
#[error("{message} (attempts: {attempts})")]
pub struct ModelError {
    /// What sort of failure.
    pub kind: Failure,
    /// One sentence for a person, free of patient text and secrets.
    pub message: String,
    /// How many times the model was asked.
    pub attempts: u8,
}

/// The sorts of failure, by what helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Failure {
    /// No connection, or it broke before an answer: asking again may help.
    Unreachable,
    /// No answer within the deadline: asking again may help.
    TimedOut,
    /// Too many requests: asking later helps.
    RateLimited,
    /// The server failed (5xx): asking again may help.
    Server,
    /// The request was not accepted (4xx, wrong key, unknown model): asking again does not help.
    Rejected,
    /// What came back is not an answer in the protocol.
    Garbled,
    /// The model does not take this cohort (e.g. the reference model and real photographs).
    Unsuitable,
}

impl Failure {
    /// Whether asking the same again can help.
    #[must_use]
    pub fn transient(self) -> bool {
        matches!(self, Self::Unreachable | Self::TimedOut | Self::RateLimited | Self::Server | Self::Garbled)
    }
}
