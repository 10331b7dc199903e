//! Whether a scenario demands more than its operators' oracles allow.
//!
//! A card says what a dependable model does. A scenario may ask for less; for more only with `override: reason`, which
//! is printed beside the verdict. Where a card states up to where a photograph can be graded, an unchanged answer may
//! be demanded only up to there, and abstaining only beyond.

use bedside_perturbations::{Card, Grading, Level, Modality, Oracle};

use super::quantity::show;
use super::steps::ReadStep;
use super::sweep::Plan;
use crate::scenario::{Accept, Expect, Select, Sweep};
use crate::yaml::{Log, Span};

const HELP: &str = "ask for less, or add `override: <reason>`, which is printed beside the verdict";

/// Notes every demand beyond an oracle.
pub(super) fn check(expect: &Expect, select: &Select, plan: &Plan, accept: &[Accept], at: Span, log: &mut Log<'_>) {
    if let Expect::Abstain = expect {
        return check_abstain(select, plan, at, log);
    }
    for card in plan.cards() {
        if exceeds(expect, card.oracle) {
            let why = format!("for {} a dependable model {}", card.id, oracle_words(card.oracle));
            log.note(at, "more is demanded than the operator allows", why, HELP);
        }
    }
    if let Expect::Invariant = expect {
        for read in plan.all_steps() {
            check_gradable(read, select, &judged(plan, accept), at, log);
        }
    }
}

fn exceeds(expect: &Expect, oracle: Oracle) -> bool {
    match expect {
        Expect::MeasureOnly => false,
        Expect::Invariant => oracle != Oracle::Invariant,
        Expect::Directional(_) => !matches!(oracle, Oracle::Invariant | Oracle::Directional),
        Expect::Challenge => oracle != Oracle::Challenge,
        Expect::Abstain => true,
    }
}

fn oracle_words(oracle: Oracle) -> &'static str {
    match oracle {
        Oracle::Invariant => "keeps its answer",
        Oracle::Directional => "may change its answer in one direction",
        Oracle::Challenge => "doubts what it was shown",
        Oracle::MeasureOnly => "has no right answer: the effect is only measured",
    }
}

/// The swept levels to which a bound applies.
fn judged(plan: &Plan, accept: &[Accept]) -> Vec<Level> {
    let Sweep::Levels(levels) = &plan.sweep else { return Vec::new() };
    let applies = |line: &Accept, level: f64| {
        line.up_to.is_none_or(|end| level <= end) && line.from.is_none_or(|start| level >= start)
    };
    let judged = |level: &Level| accept.iter().any(|line| applies(line, f64::from(level.number())));
    levels.iter().copied().filter(judged).collect()
}

/// The doses at which a step runs: the fixed one, or those of the given levels.
fn doses(read: &ReadStep, levels: &[Level]) -> Vec<f64> {
    let fixed = read.step.dose.or_else(|| read.step.level.and_then(|level| read.card.dose(level)));
    fixed.map_or_else(|| levels.iter().filter_map(|level| read.card.dose(*level)).collect(), |dose| vec![dose])
}

/// The furthest dose at which any selected photograph is still gradable; `None` if the card does not say,
/// `Some(None)` if it says that none is.
fn limit(card: &Card, select: &Select) -> Option<Option<f64>> {
    let selected = |modality: Modality| select.modality.is_empty() || select.modality.contains(&modality);
    let limits = card.gradable_to.iter().filter(|limit| selected(limit.modality)).map(|limit| limit.to);
    limits.max().map(|level| level.and_then(|level| card.dose(level)))
}

/// Whether a dose is more severe than another by the card's own direction.
fn beyond(card: &Card, dose: f64, limit: f64) -> bool {
    match card.grading {
        Grading::Graded { range, .. } if range.mildest > range.severest => dose < limit,
        _ => dose > limit,
    }
}

fn shown(card: &Card, dose: f64) -> String {
    match card.grading {
        Grading::Graded { unit, .. } => show(dose, unit),
        Grading::Binary => dose.to_string(),
    }
}

fn check_gradable(read: &ReadStep, select: &Select, levels: &[Level], at: Span, log: &mut Log<'_>) {
    let Some(limit) = limit(read.card, select) else { return };
    let too_far =
        doses(read, levels).into_iter().find(|dose| limit.is_none_or(|limit| beyond(read.card, *dose, limit)));
    if let Some(dose) = too_far {
        let end = limit.map_or("nowhere".into(), |limit| format!("up to {}", shown(read.card, limit)));
        let why = format!("{} at {} is judged, but is gradable only {end}", read.card.id, shown(read.card, dose));
        log.note(at, "more is demanded than the operator allows", why, format!("lower `up-to`; or {HELP}"));
    }
}

/// Abstaining is right only where some step makes every selected photograph ungradable, at all of its doses.
fn check_abstain(select: &Select, plan: &Plan, at: Span, log: &mut Log<'_>) {
    let Sweep::Levels(levels) = &plan.sweep else { return note_unless(any_hopeless(plan, select, &[]), at, log) };
    note_unless(any_hopeless(plan, select, levels), at, log);
}

fn any_hopeless(plan: &Plan, select: &Select, levels: &[Level]) -> bool {
    plan.all_steps().any(|read| {
        let doses = doses(read, levels);
        let limit = limit(read.card, select);
        let hopeless =
            |dose: &f64| limit.is_some_and(|limit| limit.is_none_or(|limit| beyond(read.card, *dose, limit)));
        match read.card.grading {
            Grading::Graded { .. } => !doses.is_empty() && doses.iter().all(hopeless),
            // Without doses the card speaks of the step itself: gradable as it is, or not at all.
            Grading::Binary => limit == Some(None),
        }
    })
}

fn note_unless(right: bool, at: Span, log: &mut Log<'_>) {
    if !right {
        let why = "no step goes beyond what its card calls gradable";
        log.note(at, "more is demanded than the operator allows", why, format!("use a higher dose; or {HELP}"));
    }
}
