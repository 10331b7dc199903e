//! A reading: what an answer says, in canonical words, with every absence named.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// One part of a reading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part<T> {
    /// Read.
    Read(T),
    /// The protocol does not ask for it, or the answer may leave it out and did.
    NotAsked,
    /// Asked for, and not to be had.
    Missing(Reason),
}

/// Why something asked for is not to be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The answer cannot be read.
    Unreadable,
    /// The model declined.
    Refused,
    /// The answer was cut short before it could be read.
    Truncated,
    /// No answer came.
    ModelFailed {
        /// How many times it was asked.
        attempts: u8,
    },
}

/// What an answer says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The differential, most likely first; canonical, without duplicates, at most K entries.
    pub differential: Part<Vec<Ranked>>,
    /// The urgency, as a word of the cohort's scale.
    pub triage: Part<String>,
    /// Whether it commits, hedges or abstains.
    pub stance: Part<Stance>,
    /// What it asks for.
    pub asks: BTreeSet<Ask>,
    /// What it doubts.
    pub challenges: BTreeSet<Challenge>,
    /// What it states of what it was shown or told.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub says: BTreeSet<Says>,
}

/// One entry of a differential.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ranked {
    /// The diagnosis.
    pub diagnosis: Diagnosis,
    /// The stated probability in [0, 1], where one is stated.
    pub probability: Option<f64>,
}

/// A diagnosis as read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Diagnosis {
    /// A concept of the lexicon, by its id.
    Known(String),
    /// Words that map to no concept, normalised; they keep their rank.
    Unmapped(String),
}

impl Diagnosis {
    /// The canonical id, where it is known.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Known(id) => Some(id),
            Self::Unmapped(_) => None,
        }
    }

    /// The words to show.
    #[must_use]
    pub fn words(&self) -> &str {
        match self {
            Self::Known(words) | Self::Unmapped(words) => words,
        }
    }
}

/// How far an answer commits itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stance {
    /// It gives a leading diagnosis.
    Commits,
    /// It gives one and says that it cannot be relied on.
    Hedges,
    /// It declines to give one because the input does not allow it.
    Abstains,
}

/// Something an answer asks for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ask {
    /// A new photograph.
    Retake,
    /// Information that it was not given.
    Missing(String),
    /// To see the patient.
    InPerson,
}

/// Something an answer doubts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Challenge {
    /// That the history fits.
    History,
    /// That the photograph fits.
    Image,
    /// That a test, sign or disease exists that the treatment made up and that the answer names.
    Unknown,
}

/// Something that an answer states of what it was shown or told.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Says {
    /// What a photograph shows.
    Finding,
    /// That a complaint is absent of which the treatment left nothing told: the field's name.
    NoTo(String),
    /// Something made up that the treatment put in, as if it existed.
    MadeUp,
}

impl Reading {
    /// A reading in which everything is missing for one reason.
    #[must_use]
    pub fn missing(reason: Reason) -> Self {
        Self {
            differential: Part::Missing(reason),
            triage: Part::Missing(reason),
            stance: Part::Missing(reason),
            asks: BTreeSet::new(),
            challenges: BTreeSet::new(),
            says: BTreeSet::new(),
        }
    }

    /// The differential, empty unless it was read.
    #[must_use]
    pub fn list(&self) -> &[Ranked] {
        match &self.differential {
            Part::Read(list) => list,
            Part::NotAsked | Part::Missing(_) => &[],
        }
    }

    /// Whether the answer abstains from a diagnosis.
    #[must_use]
    pub fn abstains(&self) -> bool {
        self.stance == Part::Read(Stance::Abstains)
    }

    /// Why nothing usable came, if nothing did: refused, truncated, unreadable or failed.
    #[must_use]
    pub fn lost(&self) -> Option<Reason> {
        match &self.differential {
            Part::Missing(reason) => Some(*reason),
            Part::Read(_) | Part::NotAsked => None,
        }
    }
}
