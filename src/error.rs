//! What stops a command: by who has to act, each with its exit code. (A trial that fails is a result, not an error.)

use thiserror::Error;

use crate::answer::ModelError;
use crate::cohort::CohortError;
use crate::exit::Exit;

/// What stopped a command.
#[derive(Debug, Error)]
pub enum Error {
    /// The command line, or what it contradicts.
    #[error("{0}")]
    Usage(String),
    /// A scenario, suite, protocol or mapping file; the text holds file, line, column and excerpt.
    #[error("{0}")]
    Invalid(String),
    /// The cohort.
    #[error("{0}")]
    Cohort(#[from] CohortError),
    /// The model.
    #[error("{0}")]
    Model(#[from] ModelError),
    /// The model's specification or configuration.
    #[error("{0}")]
    ModelSetup(String),
    /// The run folder, or another place on the disk.
    #[error("{place}: {why}")]
    Place {
        /// The file or folder.
        place: String,
        /// What happened, and the way out.
        why: String,
    },
    /// Ours.
    #[error("{0}. This is a fault of Bedside; please report it")]
    Internal(String),
}

impl Error {
    /// The exit code.
    #[must_use]
    pub const fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) | Self::Place { .. } => Exit::Usage,
            Self::Invalid(_) | Self::Cohort(_) => Exit::Invalid,
            Self::Model(_) | Self::ModelSetup(_) => Exit::Model,
            Self::Internal(_) => Exit::Internal,
        }
    }

    /// An error about a place on the disk.
    #[must_use]
    pub fn at(place: impl std::fmt::Display, why: impl std::fmt::Display) -> Self {
        Self::Place { place: place.to_string(), why: why.to_string() }
    }
}
