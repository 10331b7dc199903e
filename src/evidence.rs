//! Evidence: what was found, turned into the records that reports print. Nothing is computed here.

mod claims;
mod curves;
mod fields;
pub(crate) mod front;
mod interaction;
mod leans;
mod limits;
pub mod shifts;

use bedside_reports::record::{self, Example, Record};

use crate::plan::Plan;
use crate::sensitivity::Sensitivity;
use crate::shift::Slots;
use crate::stats;

/// What a report needs beside plan and results.
#[derive(Debug, Clone, Default)]
pub struct Extras {
    /// The model versions that say they served the answers, distinct, sorted.
    pub served: Vec<String>,
    /// What happened to the trials.
    pub tally: Tally,
    /// Pairs of original and corrupted, where they may be shown.
    pub examples: Vec<Example>,
    /// Which of the worst findings came again when they were asked once more, in their order.
    pub came_again: Vec<Option<bool>>,
    /// Whether words and pictures of real cases are included.
    pub includes_inputs: bool,
    /// What a person said of words that match no known diagnosis.
    pub adjudication: Option<record::Adjudicated>,
}

/// What happened to the trials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Trials in the plan.
    pub planned: u64,
    /// Trials that ended.
    pub settled: u64,
    /// Trials to which the perturbation did not apply.
    pub unfit: u64,
    /// Answers that could be read.
    pub readable: u64,
    /// Refused.
    pub refused: u64,
    /// Cut short.
    pub truncated: u64,
    /// Not readable.
    pub unreadable: u64,
    /// No answer.
    pub failed: u64,
}

/// The record of a run.
#[must_use]
pub fn record(plan: &Plan, slots: &Slots, found: &Sensitivity, extras: Extras) -> Record {
    let interim = extras.tally.settled < extras.tally.planned;
    let claims: Vec<record::Claim> =
        found.claims.iter().map(|claim| claims::claim(plan, slots, found, claim, interim)).collect();
    Record {
        format: record::FORMAT,
        head: front::head(plan, &extras),
        summary: front::summary(plan, found, &claims, interim),
        harms: if interim { Vec::new() } else { claims::harms(plan, found, &extras) },
        checks: front::checks(plan, found, extras.tally, &extras.served),
        claims,
        leans: leans::leans(plan, slots),
        fields: fields::fields(plan, slots),
        flow: front::flow(plan, extras.tally),
        strata: front::strata(plan),
        control: front::control(found),
        limits: limits::limits(plan, &extras),
        curves: curves::curves(plan, found),
        tables: curves::tables(plan, found),
        examples: extras.examples,
        methods: front::methods(plan),
        answers: None,
    }
}

/// An estimate as reports print it.
pub(crate) fn estimate(estimate: &stats::Estimate) -> record::Estimate {
    record::Estimate {
        point: estimate.point,
        interval: estimate.interval,
        level: estimate.level,
        method: estimate.method.name().into(),
        events: estimate.events,
        n: estimate.n,
        patients: estimate.patients,
    }
}

/// The word for a verdict.
pub(crate) const fn verdict(verdict: crate::sensitivity::Verdict) -> record::Verdict {
    claims::word(verdict)
}

/// What a line is about, in words.
pub(crate) fn claims_title(line: &crate::sensitivity::Line) -> String {
    claims::title(line)
}
