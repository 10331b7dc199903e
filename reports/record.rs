//! What a report is told: finished numbers, words and pictures. Nothing here is computed from anything else here.
//!
//! The same record is written as `results.json`, so a page can always be made again from it.

mod answers;
mod fields;
mod response;

pub use crate::hazard::Hazard;
use serde::{Deserialize, Serialize};

use crate::chart::forest;

pub use answers::{AnswerLine, Answers, Moved, Pairing, PanelLine, Step};
pub use fields::{FieldGroup, FieldGroups};
pub use response::{Fall, HalfDose, Response};

/// The version of the record's format.
pub const FORMAT: u32 = 1;

/// A whole report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// [`FORMAT`].
    pub format: u32,
    /// Who was tested with what.
    pub head: Head,
    /// The verdict in one sentence, with its counts.
    pub summary: Summary,
    /// The worst findings that could hurt a patient, worst first, at most three.
    pub harms: Vec<Harm>,
    /// Can this run be judged? Printed in this order.
    pub checks: Vec<Check>,
    /// The claims in the order of the suite.
    pub claims: Vec<Claim>,
    /// What the model leans on: photographs or words. Measured, never judged.
    #[serde(default)]
    pub leans: Vec<Beside>,
    /// Which groups of fields the answer rests on, one entry for each scenario that tells coalitions of them. Measured,
    /// never judged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldGroups>,
    /// The flow of cases, from the cohort to what was read.
    pub flow: Flow,
    /// Who was tested, by stratum.
    pub strata: Vec<Stratum>,
    /// What the control arm looked like.
    pub control: Outcomes,
    /// Limits of use, one sentence each.
    pub limits: Vec<String>,
    /// Dose-response curves.
    pub curves: Vec<Curve>,
    /// Control → treated tables, one per scenario and level.
    pub tables: Vec<Table>,
    /// Pairs of original and corrupted, where they may be shown.
    pub examples: Vec<Example>,
    /// How numbers were computed, one paragraph each (method, interval, order of verdicts).
    pub methods: Vec<String>,
    /// For answers that existed already: where they come from, and what is known of them only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<Answers>,
}

/// Who was tested with what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// Version of Bedside.
    pub version: String,
    /// The suite's id (or the scenarios' ids joined).
    pub suite: String,
    /// The model as asked for.
    pub model: String,
    /// The model versions as served, distinct, sorted; empty when no model said.
    pub served: Vec<String>,
    /// A warning that belongs beside the model's name (e.g. that it is an instrument, not a model).
    pub model_note: Option<String>,
    /// The protocol's id.
    pub protocol: String,
    /// The cohort's name.
    pub cohort: String,
    /// Whether all cases are synthetic.
    pub synthetic: bool,
    /// Licence of the cohort.
    pub licence: String,
    /// Citation of the cohort.
    pub citation: Option<String>,
    /// Digest of the sealed plan, hex.
    pub plan: String,
    /// Root seed.
    pub seed: u64,
    /// For an unfinished run: trials settled and trials planned. Verdicts are then absent.
    pub interim: Option<Progress>,
    /// Whether words and pictures of cases are included although the cohort is not synthetic; marks every page.
    pub includes_inputs: bool,
    /// The level of verification reached, in words ("L2, recomputed"); `None` when nobody verified the run yet.
    #[serde(default)]
    pub verification: Option<String>,
    /// What a person said of words that matched no known diagnosis, where a file of such rulings was used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adjudication: Option<Adjudicated>,
}

/// Words that matched no known diagnosis and were mapped by hand: distinct ones, counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adjudicated {
    /// SHA-256 of the file of rulings, hex.
    pub digest: String,
    /// Mapped to a known diagnosis.
    pub mapped: u64,
    /// Ruled to mean a diagnosis that Bedside does not know.
    pub other: u64,
    /// Left open: counted both ways.
    pub open: u64,
}

/// How far an unfinished run got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Trials that ended.
    pub settled: u64,
    /// Trials in the plan.
    pub planned: u64,
}

/// The verdict of the whole run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// One sentence.
    pub sentence: String,
    /// A second sentence with the scope, e.g. that phantoms show behaviour, not clinical performance.
    pub scope: String,
    /// The exit code of the run.
    pub exit: u8,
    /// Claims judged or not, in total.
    pub claims: u32,
    /// Claims that hold.
    pub holds: u32,
    /// Claims that break.
    pub breaks: u32,
    /// Undecided claims.
    pub undecided: u32,
    /// Vacuous claims.
    pub vacuous: u32,
    /// Claims not tested.
    pub not_tested: u32,
    /// Scenarios that only measure.
    pub measured: u32,
    /// How many claims would be called broken by chance if every one sat at its bound.
    pub expected_false_breaks: f64,
}

/// A finding that could hurt a patient.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Harm {
    /// The scenario.
    pub scenario: String,
    /// What happened, in one sentence with the counts first.
    pub sentence: String,
    /// The rate with its interval.
    pub estimate: Estimate,
    /// The bound, as a share.
    pub bound: Option<f64>,
    /// Events in the control's own repeats, for comparison.
    pub retest: Option<Count>,
    /// Events under the sham, for comparison.
    pub sham: Option<Count>,
    /// Asked once more: `Some(true)` confirmed, `Some(false)` not seen again, `None` not asked again.
    pub confirmed: Option<bool>,
    /// The hazard that the scenario names.
    pub hazard: Option<Hazard>,
    /// The id of an example below that shows it.
    pub example: Option<String>,
}

/// Events out of n.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Events.
    pub events: u64,
    /// Out of.
    pub of: u64,
}

/// A point with its interval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The point estimate (shares as fractions).
    pub point: f64,
    /// The interval, where there is one: lower and upper limit.
    pub interval: Option<(f64, f64)>,
    /// Its level, e.g. 0.95.
    pub level: f64,
    /// How it was computed, e.g. "Clopper-Pearson on the design-effect-adjusted n".
    pub method: String,
    /// Events, where the estimate is a proportion of judged events.
    pub events: Option<f64>,
    /// Denominator (cases).
    pub n: u64,
    /// Patients in the denominator.
    pub patients: u64,
}

/// How well something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// As it should be.
    Good,
    /// To be read with care.
    Doubtful,
    /// Not as it should be.
    Bad,
    /// Not measured.
    Unknown,
}

/// One answer to "can this run be judged?".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// A few words, e.g. "readable".
    pub name: String,
    /// The value in words, e.g. "99 %".
    pub value: String,
    /// How well it stands.
    pub state: State,
    /// What it means and what follows.
    pub note: String,
}

/// What a claim came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The unfavourable limit is inside the bound everywhere it was claimed.
    Holds,
    /// The favourable limit is beyond the bound somewhere.
    Breaks,
    /// Neither.
    Undecided,
    /// The channel is not used, so nothing could have moved.
    Vacuous,
    /// Not tested, or not judged.
    NotTested,
    /// Only measured.
    Measured,
}

/// One claim: a scenario with its accept lines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// The scenario's id.
    pub id: String,
    /// The claim in words.
    pub text: String,
    /// `invariant`, `directional`, `abstain`, `challenge` or `measure-only`.
    pub expect: String,
    /// Whether the scenario is a gate (control of the instrument) rather than a claim about the model.
    pub gate: bool,
    /// The hazard that it is about.
    pub hazard: Option<Hazard>,
    /// The verdict of all lines together.
    pub verdict: Verdict,
    /// Why, in one sentence ("needs about 465 patients if the true rate is 5 %").
    pub why: String,
    /// The largest level up to which the claim holds, in words ("≤ L2 (radius 1 %)"), where it applies.
    pub envelope: Option<String>,
    /// Whether it also holds when the family of claims is corrected for (Holm); `None` when it does not hold.
    pub holds_in_family: Option<bool>,
    /// The accept lines, each with its worst level.
    pub lines: Vec<Line>,
    /// Cases the scenario was applied to, of those selected.
    pub applied: Count,
    /// What it did not apply to, with reasons and counts.
    pub unfit: Vec<(String, u64)>,
    /// Whether its oracle rests on a panel, a source or our assumption.
    pub oracle_basis: String,
    /// References.
    pub references: Vec<String>,
    /// Numbers that stand beside the judged ones and are never judged: net and energy form, uptake beside its
    /// excess, an interaction with its floor check. A scenario that only measures has nothing else.
    #[serde(default)]
    pub beside: Vec<Beside>,
    /// Of a cross of photographs and history: their interaction; its row in words is the last of `beside`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interaction: Option<Interaction>,
}

/// The interaction of photographs and history: not right with both, less with the history side only, less with the image
/// side only, plus with neither.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Interaction {
    /// The sign that was declared beforehand, `more` or `less`, where one was.
    pub declared: Option<String>,
    /// `as-declared`, `against`, `not-shown`, `not-declared`, `too-few` or `at-the-floor`.
    pub finding: String,
    /// As a difference of risks; between −2 and 2.
    pub risk: Estimate,
    /// The same of log odds; none where a rate is 0 or 1.
    pub logit: Option<f64>,
    /// The share of answers that are not right with neither side, the image side, the history side, and both.
    pub not_right: [f64; 4],
    /// What naming the commonest diagnosis would give.
    pub chance: Option<f64>,
}

impl Claim {
    /// The line that decides the claim: among lines with the claim's verdict the one nearest to, or farthest beyond,
    /// its bound.
    #[must_use]
    pub fn deciding(&self) -> Option<&Line> {
        let by_worst = |a: &&Line, b: &&Line| forest::worst(a).total_cmp(&forest::worst(b));
        let same = self.lines.iter().filter(|line| line.verdict == self.verdict);
        same.max_by(by_worst).or_else(|| self.lines.iter().max_by(by_worst))
    }
}

/// A number that is printed and never judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Beside {
    /// What it is, in words ("net flip: gross less floor").
    pub title: String,
    /// The level in words ("L2, radius 1 %").
    pub at: String,
    /// The estimate; shares and differences of shares as fractions, differences may be negative.
    pub estimate: Option<Estimate>,
    /// How to read it, or why it was not measured; may be empty.
    pub note: String,
}

/// One accept line at the level that decides it, and at every level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The metric's id.
    pub metric: String,
    /// The metric in words, with `among` and `on`.
    pub title: String,
    /// The bound as a share.
    pub bound: f64,
    /// Whether the bound is a ceiling (`at-most`) or a floor (`at-least`).
    pub at_most: bool,
    /// Why this bound.
    pub because: String,
    /// The verdict of this line.
    pub verdict: Verdict,
    /// Why, in one sentence.
    pub why: String,
    /// The estimate at the deciding level.
    pub estimate: Option<Estimate>,
    /// The deciding level in words ("L2, radius 1 %").
    pub at: String,
    /// The same quantity in the control's own repeats.
    pub retest: Option<Count>,
    /// The same quantity under the channel's sham.
    pub sham: Option<Count>,
    /// Pairs whose answer failed, at the deciding level.
    pub missing: u64,
    /// Every level that was tested, in order.
    pub levels: Vec<LevelCell>,
    /// The deciding level by group of a stratum (skin tone, age band); never judged.
    #[serde(default)]
    pub groups: Vec<GroupCell>,
}

/// One group of a stratum at the deciding level of an accept line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupCell {
    /// The stratum ("skin tone", "sex").
    pub stratum: String,
    /// The group ("V-VI").
    pub group: String,
    /// Cases in the denominator.
    pub n: u64,
    /// The estimate; `None` where the group is too small to say.
    pub estimate: Option<Estimate>,
    /// How far it lies from the stratum's largest group; `None` for that group, and where either is too small to say.
    #[serde(default)]
    pub less: Option<Less>,
}

/// The rate of a group less that of another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Less {
    /// The other group.
    pub than: String,
    /// The difference.
    pub estimate: Estimate,
}

/// One level of an accept line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LevelCell {
    /// The level in words.
    pub at: String,
    /// Whether the bound applies at this level.
    pub judged: bool,
    /// The estimate.
    pub estimate: Option<Estimate>,
    /// Pairs whose answer failed.
    pub missing: u64,
}

/// The flow of cases and asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    /// Cases in the cohort's file.
    pub cases_listed: u64,
    /// Cases left out, each with its reason; the ids may be shown (they are the cohort's own pseudonyms).
    pub excluded: Vec<Excluded>,
    /// Cases used.
    pub cases: u64,
    /// Their patients.
    pub patients: u64,
    /// Trials planned.
    pub planned: u64,
    /// Trials to which the perturbation did not apply.
    pub unfit: u64,
    /// Trials asked.
    pub asked: u64,
    /// Answers that could be read.
    pub readable: u64,
    /// Refused.
    pub refused: u64,
    /// Cut short.
    pub truncated: u64,
    /// Not readable.
    pub unreadable: u64,
    /// No answer at all, after all attempts.
    pub failed: u64,
    /// Warnings about the cohort (e.g. missing history predicts the label).
    pub warnings: Vec<String>,
}

/// A case left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excluded {
    /// The case's id.
    pub case: String,
    /// Why.
    pub reason: String,
}

/// One stratum of the cases used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stratum {
    /// E.g. "skin tone".
    pub name: String,
    /// Groups with their numbers of cases, in order.
    pub groups: Vec<(String, u64)>,
}

/// Shares of what happened in an arm; counts of cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Outcomes {
    /// Leading diagnosis accepted.
    pub right: u64,
    /// Leading diagnosis not accepted.
    pub wrong: u64,
    /// Abstained.
    pub abstains: u64,
    /// Refused, truncated or unreadable.
    pub unusable: u64,
    /// Failed (no answer).
    pub failed: u64,
}

/// One dose-response curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// The scenario.
    pub scenario: String,
    /// Its title.
    pub title: String,
    /// The metric in words (y axis).
    pub metric: String,
    /// The dose in words with unit (x axis), e.g. "radius, % of the shorter side".
    pub dose: String,
    /// The points in order of level.
    pub points: Vec<Point>,
    /// The floor (the control's own repeats), as a share with interval.
    pub floor: Option<Estimate>,
    /// The sham, as a share with interval.
    pub sham: Option<Estimate>,
    /// The bound, and the x up to which it applies (`None`: everywhere).
    pub bound: Option<(f64, Option<f64>)>,
    /// Whether the bound is a ceiling.
    pub at_most: bool,
    /// The last gradable dose, where the card states one, with its basis.
    pub gradable: Option<(f64, String)>,
    /// How the rate moves with the dose; `None` where fewer than 20 patients have an answer at every dose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<Response>,
}

/// One point of a curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// The level in words ("L2").
    pub label: String,
    /// The dose in the curve's unit.
    pub dose: f64,
    /// The estimate.
    pub estimate: Estimate,
}

/// A control → treated table: rows control, columns treated, both in the order right, wrong, abstains, unusable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// The scenario.
    pub scenario: String,
    /// The level in words.
    pub at: String,
    /// Pairs by control outcome (row) and treated outcome (column).
    pub cells: [[u64; 4]; 4],
    /// Pairs where one side failed.
    pub failed: u64,
    /// The same cells split by how many of the control's repeats were right: all, some, none.
    pub by_steadiness: [[[u64; 4]; 4]; 3],
    /// How the wrong answers are wrong: at control and when treated, each a kind of an accepted diagnosis, a family of one,
    /// something else, words that match nothing. They add up to the wrong ones of `cells`.
    #[serde(default)]
    pub wrong: [[u64; 4]; 2],
    /// Exact McNemar p of right → wrong against wrong → right, where both arms answered.
    pub mcnemar: Option<String>,
    /// The mid-p of the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mcnemar_mid: Option<String>,
    /// Right when treated less right at control, over these pairs (MOVER).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difference: Option<Estimate>,
    /// The same by Newcombe's method 10, where every patient has one case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newcombe: Option<Estimate>,
    /// The same by Tango's score, where every patient has one case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tango: Option<Estimate>,
    /// Where nothing is claimed: whether anything changed, and among how many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exploratory: Option<Exploratory>,
}

/// Whether right answers and others changed places, in a cell that nothing is claimed of.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Exploratory {
    /// The two-sided p of no change, the signs of whole patients turned.
    pub p: f64,
    /// Benjamini and Hochberg's q over all such cells.
    pub q: f64,
}

/// Original beside corrupted, with both answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// A short id, unique in the record, used as an anchor.
    pub id: String,
    /// The scenario.
    pub scenario: String,
    /// The level in words.
    pub at: String,
    /// The case.
    pub case: String,
    /// What is to be seen, in one sentence.
    pub caption: String,
    /// Pairs of pictures (original, corrupted) as data URLs; a missing one is `None`.
    pub pictures: Vec<(Option<String>, Option<String>)>,
    /// The history as a word diff; empty when it did not change.
    pub diff: Vec<Piece>,
    /// The control's answer, in words.
    pub control: String,
    /// The treated answer, in words.
    pub treated: String,
    /// The accepted answer, in words.
    pub truth: String,
}

/// One piece of a word diff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Piece {
    /// In both.
    Same(String),
    /// Only in the original.
    Deleted(String),
    /// Only in the corrupted.
    Inserted(String),
}
