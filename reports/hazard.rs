//! What may harm a patient, as a report tells it.

use serde::{Deserialize, Serialize};

/// A hazard in the words of ISO 14971, and how this scenario leads to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hazard {
    /// Its id.
    pub id: String,
    /// The potential source of harm.
    pub hazard: String,
    /// This scenario's part of the sequence of events, where it tells one.
    pub cause: Option<String>,
    /// The foreseeable sequence of events from the hazard to the hazardous situation.
    pub sequence: String,
    /// The hazardous situation.
    pub situation: String,
    /// The harm.
    pub harm: String,
    /// How bad the harm is, in a word.
    pub severity: String,
}
