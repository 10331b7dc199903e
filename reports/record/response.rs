//! How a rate moves with the dose.

use serde::{Deserialize, Serialize};

use super::Estimate;

/// The dose response of a curve, over the cases that have an answer at every dose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Response {
    /// Cases with an answer at every dose.
    pub cases: u64,
    /// Their patients.
    pub patients: u64,
    /// The isotonic fit of the rate at every dose of the curve.
    pub isotonic: Vec<f64>,
    /// The Theil–Sen slope: a share per unit of dose.
    pub slope: f64,
    /// The same from the first dose to the last, as a difference of shares.
    pub rise: Estimate,
    /// Kendall's τ-b of level and rate; `None` where all rates are equal.
    pub tau: Option<f64>,
    /// The two-sided p of no trend, the doses permuted within patients.
    pub trend: f64,
    /// How many permutations were drawn.
    pub permutations: u64,
    /// The largest fall from one level to a later one; `None` where the rate nowhere falls.
    pub fall: Option<Fall>,
    /// Whether that is more than chance explains.
    pub not_monotone: bool,
    /// The mean share right over the doses, out of the clean share; `None` without references.
    pub area: Option<Estimate>,
    /// The dose at which half of what the channel is worth is lost; `None` where it was not shown to be worth anything, or was
    /// never taken away.
    pub half: Option<HalfDose>,
}

/// A rate that falls although the dose rises.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fall {
    /// By how much, as a share.
    pub size: f64,
    /// From the level with this name.
    pub from: String,
    /// To the level with this name.
    pub to: String,
    /// How often doses that do not matter show a fall at least as large.
    pub p: f64,
}

/// Where half of what a channel is worth is lost, in the unit of the curve's dose.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct HalfDose {
    /// The dose; `None` where more than half is left at all doses.
    pub dose: Option<f64>,
    /// The last tested dose up to which more than half is shown to be left.
    pub after: Option<f64>,
    /// The first tested dose from which on less than half is shown to be left.
    pub by: Option<f64>,
    /// The share right with the clean case.
    pub clean: f64,
    /// The share right with the channel taken away.
    pub empty: f64,
}
