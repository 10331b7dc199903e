//! What only a report on answers that existed already has.

use serde::{Deserialize, Serialize};

use super::{Count, Estimate, State, Verdict};

/// What a report on answers that existed already has beside that of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answers {
    /// SHA-256 of the table's header and the set of its rows, hex; the order of the rows does not show.
    pub rows: String,
    /// SHA-256 of the mapping, hex.
    pub mapping: String,
    /// From rows to pairs, instead of the flow of a run.
    pub flow: Vec<Step>,
    /// What has to be said wherever these numbers are shown.
    pub notes: Vec<String>,
    /// Every reader, question and change: flips, and where the answers moved to.
    pub lines: Vec<AnswerLine>,
    /// People who saw different versions: disagreement between versions less that within one.
    pub panels: Vec<PanelLine>,
    /// Whether the two versions of a case belong together.
    pub pairings: Vec<Pairing>,
}

/// A step of the flow, with what left before the next one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What is counted ("rows read").
    pub name: String,
    /// How many.
    pub n: u64,
    /// What left here, with reasons and counts.
    pub left: Vec<(String, u64)>,
}

/// One reader's answers to one question under one change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnswerLine {
    /// The id of the claim.
    pub claim: String,
    /// The reader.
    pub reader: String,
    /// The question.
    pub question: String,
    /// The scenario.
    pub scenario: String,
    /// The level in words; empty where it has none.
    pub at: String,
    /// Pairs with both answers.
    pub pairs: u64,
    /// Pairs of which one answer did not come.
    pub failed: u64,
    /// Changed versions whose case has no control; they leave the pairs.
    pub unpaired: u64,
    /// Flips, gross; `None` where nothing may be said.
    pub flips: Option<Estimate>,
    /// Where the answers moved to, where the kind of answer has a direction.
    pub moved: Option<Moved>,
    /// The verdict of the claim.
    pub verdict: Verdict,
}

/// Where answers moved to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Moved {
    /// What is compared ("say yes").
    pub what: String,
    /// At control.
    pub control: Option<Estimate>,
    /// When treated.
    pub treated: Option<Estimate>,
    /// Treated less control.
    pub difference: Option<Estimate>,
    /// Pairs that moved up (no to yes, to a larger number).
    pub up: u64,
    /// Pairs that moved down.
    pub down: u64,
    /// Exact McNemar p of up against down, where every patient has one case.
    pub mcnemar: Option<f64>,
}

/// A panel's disagreement on one question under one change; nobody is said to have changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PanelLine {
    /// The panel.
    pub reader: String,
    /// The question.
    pub question: String,
    /// The scenario.
    pub scenario: String,
    /// The level in words; empty where it has none.
    pub at: String,
    /// Cases.
    pub cases: u64,
    /// Changed versions whose case has no control; they leave the pairs.
    pub unpaired: u64,
    /// Readings of the changed version, and how many of them are by somebody who read the control of the case too.
    pub same_person: Count,
    /// Disagreement between versions; `None` where nothing may be said.
    pub between: Option<Estimate>,
    /// Disagreement within one version.
    pub within: Option<Estimate>,
    /// Between less within.
    pub excess: Option<Estimate>,
}

/// Whether the two versions of a case belong together: agreement with the own control and with a random one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pairing {
    /// The scenario.
    pub scenario: String,
    /// The level in words; empty where it has none.
    pub at: String,
    /// The reader; `None` for all together.
    pub reader: Option<String>,
    /// Cases.
    pub cases: u64,
    /// The share of questions answered as in the control of the same case.
    pub own: f64,
    /// The share answered as in the control of a random case.
    pub random: f64,
    /// Own agreement in standard deviations above its mean over all ways of pairing; `None` where nothing varies.
    pub z: Option<f64>,
    /// How it stands.
    pub state: State,
}
