//! The verdict of a claim: all of its lines must hold, any may break, and its channels must be in use.

use std::collections::{BTreeMap, BTreeSet};

use super::line::{self, Line};
use super::{ChannelUse, Use};
use crate::plan::{Cell, Plan, PlannedCase};
use crate::scenario::{Basis, Expect, FoilRule};
use crate::shift::{Run, Slot, Slots};
use crate::stats;
use crate::treatment::{Channel, Treatment};

/// What a claim came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Shown to hold.
    Holds,
    /// Shown to break.
    Breaks,
    /// Neither was shown.
    Undecided(stats::Why),
    /// The channel does not move the model, so nothing could have moved.
    Vacuous(Channel),
    /// It was not shown that the channel moves the model, nor that it does not.
    UseNotShown(Channel),
    /// Not tested.
    NotTested(Standing),
    /// Nothing was claimed.
    Measured,
}

/// Why a claim was not tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// No case was exposed.
    NoCase,
    /// Too few control answers could be read ([`super::READABLE`]): the control itself is in doubt.
    Unreadable,
    /// Control and treated answers agree no better than those of random pairs of cases: they may not belong together.
    Misaligned,
    /// The channel's positive control could not be run, so it is not known whether the channel is used.
    NoPositiveControl(Channel),
    /// It is about the control's repeats, and the control was asked only once.
    NotRepeated,
}

/// A claim with its lines.
#[derive(Debug, Clone)]
pub struct Claim {
    /// Index of the scenario.
    pub scenario: usize,
    /// The verdict.
    pub verdict: Verdict,
    /// The lines, in the order of the scenario.
    pub lines: Vec<Line>,
    /// Whether it holds when the family of claims is corrected for; `None` unless it holds.
    pub holds_in_family: Option<bool>,
    /// Cases that the scenario is about, and how many of them were exposed in any cell.
    pub selected: u64,
    /// See `selected`.
    pub applied: u64,
    /// Why cases were not exposed, with counts of trials.
    pub unfit: BTreeMap<String, u64>,
}

impl Claim {
    /// Whether a verdict on the model was reached or tried.
    #[must_use]
    pub const fn is_judged(&self) -> bool {
        matches!(self.verdict, Verdict::Holds | Verdict::Breaks | Verdict::Undecided(_))
    }

    /// Takes the verdict back: it is in doubt whether control and treated answers are of the same cases.
    pub fn doubt_pairing(&mut self) {
        if !matches!(self.verdict, Verdict::Measured | Verdict::Vacuous(_)) {
            self.verdict = Verdict::NotTested(Standing::Misaligned);
        }
    }

    /// Judges by the lines where no positive control was asked: what moves is used, but what stays may be unused.
    pub fn judge_without_positive_control(&mut self) {
        if let Verdict::NotTested(Standing::NoPositiveControl(channel)) = self.verdict {
            self.verdict = match of_lines(&self.lines) {
                Verdict::Holds => Verdict::UseNotShown(channel),
                verdict => verdict,
            };
        }
    }

    /// Takes the verdict back: the control could not be read.
    pub(super) fn doubt(&mut self) {
        if self.verdict != Verdict::Measured {
            self.verdict = Verdict::NotTested(Standing::Unreadable);
        }
    }

    /// The one-sided p of the claim: that of its worst line; 1 when it was not judged.
    fn p(&self) -> f64 {
        let lines = self.lines.iter().map(|line| line.ruling.family_p);
        if self.is_judged() { lines.fold(0.0, f64::max) } else { 1.0 }
    }
}

/// The claim of one scenario.
pub(super) fn of(run: &Run<'_>, scenario: usize, channels: &BTreeMap<Channel, ChannelUse>) -> Claim {
    let plan = run.plan;
    let accepts = plan.scenarios.get(scenario).map(|scenario| scenario.accept.as_slice()).unwrap_or_default();
    let lines: Vec<Line> = accepts.iter().filter_map(|accept| line::of(run, scenario, accept)).collect();
    let exposure = Exposure::of(plan, run.slots, scenario);
    let verdict = verdict(plan, scenario, &lines, &exposure, channels);
    Claim {
        scenario,
        verdict,
        lines,
        holds_in_family: None,
        selected: exposure.selected,
        applied: exposure.applied,
        unfit: exposure.unfit,
    }
}

fn verdict(
    plan: &Plan,
    scenario: usize,
    lines: &[Line],
    exposure: &Exposure,
    channels: &BTreeMap<Channel, ChannelUse>,
) -> Verdict {
    if lines.is_empty() {
        return Verdict::Measured;
    }
    if exposure.applied == 0 {
        return Verdict::NotTested(Standing::NoCase);
    }
    if plan.repeats < 2 && lines.iter().any(|line| line.accept.on == Basis::Retest) {
        return Verdict::NotTested(Standing::NotRepeated);
    }
    unused(plan, scenario, channels).unwrap_or_else(|| of_lines(lines))
}

/// The verdict of a claim whose channel is not in use. A claim that the model abstains or objects needs no channel: a
/// model that ignores photographs rightly fails it.
fn unused(plan: &Plan, scenario: usize, channels: &BTreeMap<Channel, ChannelUse>) -> Option<Verdict> {
    let expect = &plan.scenarios.get(scenario)?.expect;
    if matches!(expect, Expect::Abstain | Expect::Challenge) {
        return None;
    }
    let involved: BTreeSet<Channel> = plan
        .cells_of(scenario)
        .filter_map(|cell| plan.treatments.get(cell.treatment))
        .flat_map(Treatment::channels)
        .collect();
    let used = |channel: Channel| channels.get(&channel).map_or(Use::NotTested, |used| used.used);
    involved.into_iter().find_map(|channel| match used(channel) {
        Use::Shown => None,
        Use::Unused => Some(Verdict::Vacuous(channel)),
        Use::NotShown => Some(Verdict::UseNotShown(channel)),
        Use::NotTested => Some(Verdict::NotTested(Standing::NoPositiveControl(channel))),
    })
}

fn of_lines(lines: &[Line]) -> Verdict {
    let verdicts = || lines.iter().map(|line| line.ruling.verdict);
    if verdicts().any(|verdict| verdict == stats::Verdict::Breaks) {
        return Verdict::Breaks;
    }
    let undecided = verdicts().find_map(|verdict| match verdict {
        stats::Verdict::Undecided(why) => Some(Verdict::Undecided(why)),
        stats::Verdict::Holds | stats::Verdict::Breaks => None,
    });
    undecided.unwrap_or(Verdict::Holds)
}

/// Which cases were exposed to a scenario.
struct Exposure {
    selected: u64,
    applied: u64,
    unfit: BTreeMap<String, u64>,
}

impl Exposure {
    fn of(plan: &Plan, slots: &Slots, scenario: usize) -> Self {
        let cells: Vec<&Cell> = plan.cells_of(scenario).collect();
        let mut exposure = Self { selected: 0, applied: 0, unfit: BTreeMap::new() };
        for case in (0..plan.cases.len()).filter(|case| plan.concerns(scenario, *case)) {
            let Some(facts) = plan.cases.get(case) else { continue };
            exposure.selected += 1;
            let mut exposed = false;
            let asked = cells.iter().filter(|cell| plan.asks(cell, case));
            for treatment in &asked.map(|cell| cell.treatment).collect::<BTreeSet<usize>>() {
                let key = (u32::try_from(case).unwrap_or(u32::MAX), u32::try_from(*treatment).unwrap_or(u32::MAX));
                let draws = slots.of(key.0, key.1);
                exposed |= draws.iter().any(|slot| slot.is_exposed());
                exposure.note(&draws, plan.treatments.get(*treatment), facts);
            }
            exposure.applied += u64::from(exposed);
        }
        exposure
    }

    fn note(&mut self, draws: &[&Slot], treatment: Option<&Treatment>, case: &PlannedCase) {
        if draws.is_empty() {
            *self.unfit.entry(why_not_planned(treatment, case).into()).or_default() += 1;
        }
        for slot in draws {
            if let Slot::Unfit(unfit) = slot {
                *self.unfit.entry(unfit.to_string()).or_default() += 1;
            }
        }
    }
}

/// Why the plan has no trial of a treatment for a case that its scenario is about.
fn why_not_planned(treatment: Option<&Treatment>, case: &PlannedCase) -> &'static str {
    let on_images = treatment.is_some_and(|treatment| treatment.channels().contains(&Channel::Image));
    match treatment.and_then(|treatment| treatment.foil) {
        _ if on_images && case.modalities.is_empty() => "the case has no photograph",
        Some(FoilRule::DangerousToBenign) if !case.truth.dangerous => "the truth is harmless: nothing to play down",
        Some(_) => "no wrong diagnosis could be found to plant",
        None => "no other patient could be found to lend",
    }
}

/// Holm's step-down over the suite's claims (Holm 1979): which of those that hold also hold in the family.
///
/// The family is that of the sealed plan: a claim that proved vacuous or could not be tested stays in it.
pub fn correct_for_family(claims: &mut [Claim]) {
    let claimed = |claim: &&Claim| claim.verdict != Verdict::Measured;
    let family: Vec<f64> = claims.iter().filter(claimed).map(Claim::p).collect();
    let adjusted = stats::holm(&family);
    for (claim, p) in claims.iter_mut().filter(|claim| claim.verdict != Verdict::Measured).zip(adjusted) {
        claim.holds_in_family = (claim.verdict == Verdict::Holds).then_some(p <= 0.025);
    }
}
