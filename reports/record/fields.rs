//! Which groups of fields an answer rests on.

use serde::{Deserialize, Serialize};

use super::Estimate;

/// The groups of one scenario. v(S) is the share of right answers with the photographs and only the groups S told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldGroups {
    /// The scenario's id.
    pub scenario: String,
    /// How many orders were drawn in which groups join; `None`: every coalition was asked.
    pub orders: Option<u32>,
    /// The groups that some case tells, in the scenario's order.
    pub groups: Vec<FieldGroup>,
    /// v(all) − v(none), the mean over cases: a difference of shares in [−1, 1].
    pub whole: Estimate,
    /// v(none), the mean over cases, in [0, 1].
    pub none_told: f64,
    /// v(all), the mean over cases, in [0, 1].
    pub all_told: f64,
    /// Cases left out because an answer to one of their coalitions is missing.
    pub incomplete: u64,
    /// Cases left out because they tell none of the groups.
    pub untold: u64,
}

/// What one group brings, over the cases that tell it: differences of shares in [−1, 1].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldGroup {
    /// Its name.
    pub name: String,
    /// Its fields, in words.
    pub fields: Vec<String>,
    /// Cases that tell it.
    pub cases: u64,
    /// v(all) − v(all but the group).
    pub leave_one_out: Estimate,
    /// v(the group) − v(none).
    pub add_one_in: Estimate,
    /// The Shapley value.
    pub shapley: Estimate,
    /// The Monte Carlo standard error of the Shapley value; `None` where every coalition was asked.
    pub monte_carlo: Option<f64>,
}
