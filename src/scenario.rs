//! A scenario: what may go wrong with a case, what a dependable model should then do, and the bound that is accepted.
//!
//! This is the typed form. [`validate`] reads it from YAML and says, with positions, what a file gets wrong.

pub mod hazard;
pub mod metric_names;
pub mod validate;

use std::collections::BTreeMap;

use bedside_perturbations::{Argument, Level, Modality, On};
use serde::{Deserialize, Serialize};

use self::hazard::Hazard;
use crate::necessity::Necessity;

/// One scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scenario {
    /// The id: lower-case words joined by `-`.
    pub id: String,
    /// The claim: one sentence that is true or false.
    pub claim: String,
    /// What a dependable model does.
    pub expect: Expect,
    /// Whether this is a control of the instrument: judged and shown first, never a harm.
    pub gate: bool,
    /// The hazard that it is about.
    pub hazard: Option<Hazard>,
    /// How what is done here leads to the hazard: this scenario's part of the sequence of events.
    #[serde(default)]
    pub cause: Option<String>,
    /// Which cases it is about.
    pub select: Select,
    /// Which photographs are changed.
    pub on: On,
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// What is varied.
    pub sweep: Sweep,
    /// For a factorial: the sign that the interaction of its sides is expected to have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interaction: Option<Sign>,
    /// How a donor is chosen, for steps that need one.
    pub donor: DonorRule,
    /// How a foil is chosen, for steps that need one.
    pub foil: FoilRule,
    /// How much the field matters to the case that steps are about which leave their field open; `None`: they choose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<Necessity>,
    /// The bounds. All must hold; any may break.
    pub accept: Vec<Accept>,
    /// Where the claim and its bounds come from.
    pub references: Vec<String>,
    /// Why the scenario demands more than an operator's oracle, where it does.
    pub override_reason: Option<String>,
}

/// What a dependable model does under a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expect {
    /// The answer stays.
    Invariant,
    /// The model declines, or asks for a new photograph.
    Abstain,
    /// The model doubts what it was shown.
    Challenge,
    /// Nothing: the effect is only measured.
    MeasureOnly,
    /// Some quantities may move in one direction only.
    Directional(Directions),
}

/// The directions in which quantities may move; an absent one is free.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Directions {
    /// Urgency may not fall.
    pub triage_not_lower: bool,
    /// A diagnosis that must not be missed stays listed.
    pub must_not_miss_kept: bool,
    /// Confidence may not rise.
    pub confidence_not_higher: bool,
}

/// Which cases a scenario is about; an empty list does not restrict.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Select {
    /// Cases with a photograph of one of these modalities.
    pub modality: Vec<Modality>,
    /// Cases of these strata: `skin_tone: [V, VI]`.
    pub strata: BTreeMap<String, Vec<String>>,
    /// Only cases whose truth is (or is not) dangerous.
    pub dangerous: Option<bool>,
    /// Only cases that are (or are not) urgent.
    pub urgent: Option<bool>,
}

/// One step: an operator with what the scenario fixes of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The operator's id.
    pub operator: String,
    /// A fixed dose in the card's unit; otherwise the sweep's level decides.
    pub dose: Option<f64>,
    /// A fixed level; otherwise the sweep's level decides.
    pub level: Option<Level>,
    /// Other parameters.
    pub arguments: BTreeMap<String, Argument>,
    /// The longer side in pixels to which photographs are shrunk before the step is applied: the size of a model's input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_input: Option<u32>,
}

/// What a scenario varies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sweep {
    /// Nothing: one treated arm.
    Once,
    /// Levels of the steps that fix no dose.
    Levels(Vec<Level>),
    /// Shares of the history that are deleted, as fractions; short for `leave_k_out` at those doses.
    Missing(Vec<f64>),
    /// One field of the history after the other, by name: each stands for the field that the steps leave open.
    Fields(Vec<String>),
    /// Coalitions of field groups: the photographs and only those groups told, on the form; the note is emptied in all of
    /// them. Which coalitions a case is asked: [`crate::plan::coalitions`].
    Groups {
        /// The groups, in the order of the file; none shares a field with another.
        groups: Vec<FieldGroup>,
        /// How many orders are drawn in which groups join; `None`: every coalition is asked.
        orders: Option<u32>,
    },
    /// Image steps crossed with history steps on the same case: image only, history only, both.
    Factorial {
        /// Steps on the image side.
        image: Vec<Step>,
        /// Steps on the history side.
        history: Vec<Step>,
    },
}

/// Fields of the history that are told or not told together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldGroup {
    /// Its name, in words.
    pub name: String,
    /// The names of its fields, at least one.
    pub fields: Vec<String>,
}

/// The most groups of which every coalition is asked: 2⁸ = 256 arms.
pub const MOST_GROUPS: usize = 8;

/// The most groups that join in drawn orders.
pub const MOST_GROUPS_IN_ORDERS: usize = 24;

/// The sign of an interaction, declared before anything was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sign {
    /// Together the two sides do more than their sum.
    More,
    /// Together they do less.
    Less,
}

impl Sign {
    /// The word for it in a scenario.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::More => "more",
            Self::Less => "less",
        }
    }
}

/// How a donor is chosen: never the same patient, each at most once per scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DonorRule {
    /// A case whose accepted diagnoses share none with this one's; its diagnosis is the planted target.
    #[default]
    Different,
    /// A case with the same leading diagnosis.
    Same,
    /// Any other patient's case.
    Any,
}

/// How a foil is chosen: never a diagnosis on the accepted list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FoilRule {
    /// The diagnosis most often confused with the truth.
    #[default]
    Nearest,
    /// Any diagnosis of the cohort.
    Random,
    /// A harmless diagnosis in place of a dangerous one; does not apply where the truth is harmless.
    DangerousToBenign,
}

/// One bound.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Accept {
    /// The metric's id.
    pub metric: String,
    /// The bound as a share.
    pub bound: f64,
    /// `at-most` (a ceiling) or `at-least` (a floor).
    pub at_most: bool,
    /// The last position (level number, or share for `missing`) at which the bound applies; `None`: all.
    pub up_to: Option<f64>,
    /// The first position at which it applies; `None`: from the first.
    pub from: Option<f64>,
    /// The cases it applies to; `None`: all.
    pub among: Option<Among>,
    /// Whether it bounds the shift or how the treated arm itself performs.
    pub on: Basis,
    /// Whether the noise floor is subtracted before judging (churn metrics only).
    pub net: bool,
    /// Why this bound.
    pub because: String,
}

/// What a bound applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The shift from control to treated.
    Shift,
    /// How the treated arm itself performs.
    Treated,
    /// The control's own second repeat in place of a treated answer: the model's steadiness. Only of a scenario that does
    /// nothing.
    Retest,
}

/// A part of the cases.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Among {
    /// Cases whose right urgency is urgent or worse.
    Urgent,
    /// Cases whose truth is dangerous.
    Dangerous,
    /// Cases of one stratum: name and value, written `skin_tone=V-VI`.
    Stratum(String, String),
}

/// A suite: scenarios, and what they are run on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suite {
    /// The id: the stem of the file.
    pub id: String,
    /// What the suite is for, one sentence.
    pub title: String,
    /// What whoever runs it has to know: how many patients it wants, what it leaves out.
    pub notes: Option<String>,
    /// The scenarios, in the order of the report.
    pub scenarios: Vec<Scenario>,
    /// The default cases, e.g. `phantom:240`.
    pub cases: String,
    /// The default model, e.g. `reference`.
    pub model: String,
    /// The protocol's id.
    pub protocol: String,
    /// Control repeats: the control and its retests together; at least 2 for a floor.
    pub repeats: u32,
    /// Draws of every treated arm.
    pub draws: u32,
    /// The root seed.
    pub seed: u64,
}

impl Accept {
    /// Whether the bound speaks of that position of the sweep.
    #[must_use]
    pub fn speaks_of(&self, position: Option<f64>) -> bool {
        position.is_none_or(|position| {
            self.up_to.is_none_or(|last| position <= last) && self.from.is_none_or(|first| position >= first)
        })
    }
}

impl Scenario {
    /// Whether it does nothing to a case: its one cell is the control, asked again.
    #[must_use]
    pub fn does_nothing(&self) -> bool {
        self.steps.is_empty() && self.sweep == Sweep::Once
    }

    /// All the steps that may run in any of its cells.
    pub fn all_steps(&self) -> impl Iterator<Item = &Step> {
        let (image, history): (&[Step], &[Step]) = match &self.sweep {
            Sweep::Factorial { image, history } => (image, history),
            Sweep::Once | Sweep::Levels(_) | Sweep::Missing(_) | Sweep::Fields(_) | Sweep::Groups { .. } => (&[], &[]),
        };
        self.steps.iter().chain(image).chain(history)
    }
}
