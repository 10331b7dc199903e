//! The verdict of one `accept` line: does a rate stay inside its bound at every level that is judged?

use core::fmt;

use crate::LEVEL;
use crate::bound::Bound;
use crate::cluster::Observation;
use crate::multiplicity::claim_p;
use crate::power::{fewest_to_hold, needed};
use crate::proportion::{Proportion, proportion};

/// Below this number of patients no verdict is given.
pub const LEAST_PATIENTS: u64 = 20;

/// The power that [`Size`] promises.
const POWER: f64 = 0.8;

/// What was seen at one level of a scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelEvidence {
    /// One value in [0, 1] per pair: 1 for an event, a fraction where repeats are averaged.
    pub observed: Vec<Observation>,
    /// The patient of each pair that failed, one entry per pair.
    pub failed: Vec<u32>,
    /// True for the levels that the line speaks of (up to, or from, the stated one).
    pub judged: bool,
}

/// Everything that the verdict of one `accept` line rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct LineEvidence {
    /// The bound, as a share in [0, 1].
    pub bound: Bound,
    /// The tested levels, mildest first.
    pub levels: Vec<LevelEvidence>,
    /// The estimated floor (the rate at which retests differ), in [0, 1]; `None` when it was not measured.
    pub floor: Option<f64>,
    /// True for every rate of changes, which contains the floor; false for a rate of the treated arm by itself.
    pub floor_matters: bool,
    /// The fewest patients that a judged level needs, usually [`LEAST_PATIENTS`].
    pub least_patients: u64,
}

/// What one `accept` line comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Shown to be inside the bound at every judged level.
    Holds,
    /// Shown to be beyond the bound at some judged level.
    Breaks,
    /// Neither was shown.
    Undecided(Why),
}

/// Why neither was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// A judged level has too few patients.
    TooFewPatients,
    /// The model's own unrest was not measured.
    FloorNotMeasured,
    /// The rate is beyond the bound, but the model's own unrest alone exceeds half of it.
    Unsteady,
    /// The trials that failed could have decided it.
    Missing,
    /// The interval lies across the bound.
    Power,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooFewPatients => "too few patients",
            Self::FloorNotMeasured => "floor not measured",
            Self::Unsteady => "unsteady",
            Self::Missing => "missing answers",
            Self::Power => "too few cases",
        })
    }
}

/// What one level says about the bound.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelRuling {
    /// The rate of the pairs that did not fail; `None` when all failed.
    pub observed: Option<Proportion>,
    /// The rate when every failed pair counts against the claim.
    pub worst: Option<Proportion>,
    /// The rate when every failed pair counts for the claim.
    pub best: Option<Proportion>,
    /// The number of failed pairs.
    pub failed: u64,
    /// Whether the line speaks of this level.
    pub judged: bool,
    /// Whether the patients of the observed pairs are enough.
    pub enough: bool,
}

/// The verdict of one line and what it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Ruling {
    /// The verdict.
    pub verdict: Verdict,
    /// Index of the level that decided: the farthest beyond the bound when it breaks, otherwise the one nearest to or
    /// farthest across it; of equals the mildest that breaks or the severest that does not; `None` when no level is
    /// judged.
    pub level: Option<usize>,
    /// What each level says, in the order given.
    pub levels: Vec<LevelRuling>,
    /// The one-sided p of the line for the family-wise column, worst judged level, worst filling; 1 when it may not be
    /// judged. The p of a claim is the largest of its lines.
    pub family_p: f64,
}

impl Ruling {
    /// The level that decided.
    #[must_use]
    pub fn deciding(&self) -> Option<&LevelRuling> {
        self.levels.get(self.level?)
    }

    /// The size that would likely settle an `Undecided(Power)`, with a clustering like that of the deciding level;
    /// `None` for every other verdict and for a bound that no size can show.
    #[must_use]
    pub fn needed(&self, bound: Bound) -> Option<Size> {
        if self.verdict != Verdict::Undecided(Why::Power) {
            return None;
        }
        size(bound, self.deciding()?.observed.as_ref()?)
    }
}

/// A sample size with a clustering like the one observed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Size {
    /// The number of pairs.
    pub pairs: u64,
    /// The number of patients.
    pub patients: u64,
    /// The true rate for which the claim then holds with 80 % probability: halfway between the bound and perfection.
    pub if_rate: f64,
}

/// Judges one `accept` line, in this order: too few patients, floor not measured, holds, breaks, undecided.
///
/// A level with too few patients neither holds nor breaks, so it keeps the line from holding, but it does not hide that
/// another level breaks. An unsteady model (floor above half the bound) is excused from breaking an `AtMost` bound on a
/// gross rate, never kept from holding it: its flips contain the noise. `AtLeast` is not excused, as noise would help it.
#[must_use]
pub fn judge(evidence: &LineEvidence) -> Ruling {
    let levels: Vec<_> = evidence.levels.iter().map(|level| weigh(level, evidence)).collect();
    let verdict = decide(evidence, &levels);
    let level = deciding_level(evidence.bound, verdict, &levels);
    let family_p = family_p(evidence, &levels);
    Ruling { verdict, level, levels, family_p }
}

/// The operating envelope: the largest level with the claim holding at every tested level up to it, judged or not.
///
/// Tested upward from the mildest, stopping at the first that does not hold; `None` when already that one does not.
#[must_use]
pub fn envelope(evidence: &LineEvidence, ruling: &Ruling) -> Option<usize> {
    if floor_missing(evidence) {
        return None;
    }
    ruling.levels.iter().take_while(|level| level.holds(evidence.bound)).count().checked_sub(1)
}

fn weigh(level: &LevelEvidence, evidence: &LineEvidence) -> LevelRuling {
    let filled = |value: f64| {
        let failed = level.failed.iter().map(|&patient| Observation { patient, value });
        let all: Vec<_> = level.observed.iter().copied().chain(failed).collect();
        proportion(&all, LEVEL)
    };
    let observed = proportion(&level.observed, LEVEL);
    let enough = observed.as_ref().is_some_and(|o| o.estimate.patients >= evidence.least_patients);
    let (worst, best) = match (level.failed.is_empty(), evidence.bound) {
        (true, _) => (observed.clone(), observed.clone()),
        (false, Bound::AtMost(_)) => (filled(1.0), filled(0.0)),
        (false, Bound::AtLeast(_)) => (filled(0.0), filled(1.0)),
    };
    let (failed, judged) = (level.failed.len() as u64, level.judged);
    LevelRuling { observed, worst, best, failed, judged, enough }
}

fn decide(evidence: &LineEvidence, levels: &[LevelRuling]) -> Verdict {
    let bound = evidence.bound;
    let judged = || levels.iter().filter(|level| level.judged);
    if !judged().any(|level| level.enough) {
        return Verdict::Undecided(Why::TooFewPatients);
    }
    if floor_missing(evidence) {
        return Verdict::Undecided(Why::FloorNotMeasured);
    }
    if judged().all(|level| level.holds(bound)) {
        return Verdict::Holds;
    }
    if judged().any(|level| level.breaks(bound)) {
        return if unsteady(evidence) { Verdict::Undecided(Why::Unsteady) } else { Verdict::Breaks };
    }
    Verdict::Undecided(if !judged().all(|level| level.enough) {
        Why::TooFewPatients
    } else if judged().all(|level| level.could_hold(bound)) || judged().any(|level| level.could_break(bound)) {
        Why::Missing
    } else {
        Why::Power
    })
}

fn floor_missing(evidence: &LineEvidence) -> bool {
    evidence.floor_matters && !evidence.floor.is_some_and(f64::is_finite)
}

fn unsteady(evidence: &LineEvidence) -> bool {
    match (evidence.bound, evidence.floor) {
        (Bound::AtMost(bound), Some(floor)) => evidence.floor_matters && floor > bound / 2.0,
        _ => false,
    }
}

impl LevelRuling {
    /// The limits under the worst and the best filling together.
    ///
    /// One more event can narrow the interval of clustered pairs, so the limit that matters need not be that of the
    /// filling one would expect.
    #[must_use]
    pub fn limits(&self) -> Option<(f64, f64)> {
        let (one, other) = (limits(&self.worst)?, limits(&self.best)?);
        Some((one.0.min(other.0), one.1.max(other.1)))
    }

    /// True when the level has enough patients and the rate is inside the bound however the failed pairs went.
    #[must_use]
    pub fn holds(&self, bound: Bound) -> bool {
        self.enough && self.limits().is_some_and(|limits| bound.contains(limits))
    }

    /// True when the level has enough patients and the rate is beyond the bound however the failed pairs went.
    #[must_use]
    pub fn breaks(&self, bound: Bound) -> bool {
        self.enough && self.limits().is_some_and(|limits| bound.excludes(limits))
    }

    fn could_hold(&self, bound: Bound) -> bool {
        limits(&self.best).is_some_and(|limits| bound.contains(limits))
    }

    fn could_break(&self, bound: Bound) -> bool {
        limits(&self.worst).is_some_and(|limits| bound.excludes(limits))
    }
}

fn limits(rate: &Option<Proportion>) -> Option<(f64, f64)> {
    rate.as_ref()?.estimate.interval
}

fn deciding_level(bound: Bound, verdict: Verdict, levels: &[LevelRuling]) -> Option<usize> {
    let excess = |level: &LevelRuling| match (verdict, level.limits()) {
        (Verdict::Breaks | Verdict::Undecided(Why::Unsteady), Some(limits)) if level.enough => {
            bound.excess_of_better(limits)
        }
        (Verdict::Breaks | Verdict::Undecided(Why::Unsteady), _) => f64::NEG_INFINITY,
        (Verdict::Undecided(Why::TooFewPatients), _) if !level.enough => f64::INFINITY,
        (_, Some(limits)) => bound.excess_of_worse(limits),
        (_, None) => f64::INFINITY,
    };
    let judged = levels.iter().enumerate().filter(|(_, level)| level.judged);
    // Of equals, the mildest that breaks, and the severest that does not, say most.
    let says_more = |a: usize, b: usize| if verdict == Verdict::Breaks { b.cmp(&a) } else { a.cmp(&b) };
    let farther = |a: &(usize, f64), b: &(usize, f64)| a.1.total_cmp(&b.1).then_with(|| says_more(a.0, b.0));
    judged.map(|(index, level)| (index, excess(level))).max_by(farther).map(|(index, _)| index)
}

fn family_p(evidence: &LineEvidence, levels: &[LevelRuling]) -> f64 {
    let p_of = |level: &LevelRuling| match (&level.worst, &level.best) {
        (Some(worst), Some(best)) if level.enough => claim_p(worst, evidence.bound).max(claim_p(best, evidence.bound)),
        _ => 1.0,
    };
    if floor_missing(evidence) {
        return 1.0;
    }
    let judged = levels.iter().filter(|level| level.judged);
    judged.map(p_of).max_by(f64::total_cmp).unwrap_or(1.0)
}

/// The next whole number, where what exceeds one by no more than rounding is that one.
fn whole(number: f64) -> f64 {
    libm::ceil(number - 1e-9 * number)
}

/// The size for 80 % power at the halfway rate, enlarged by the observed ratio of pairs to effective pairs.
fn size(bound: Bound, observed: &Proportion) -> Option<Size> {
    let if_rate = bound.halfway();
    let independent = needed(bound, if_rate, POWER)?.every as f64;
    let (n, patients) = (observed.estimate.n as f64, observed.estimate.patients as f64);
    let pairs = whole(independent * n / observed.effective);
    let patients = whole(pairs * patients / n).max(fewest_to_hold(bound)? as f64);
    Some(Size { pairs: pairs.max(patients) as u64, patients: patients as u64, if_rate })
}
