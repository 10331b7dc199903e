//! Limits of use: what a run does not show, and what departed from its plan.

use std::collections::{BTreeMap, BTreeSet};

use bedside_perturbations::{Target, catalogue::CATALOGUE};

use super::Extras;
use crate::plan::{self, CellPart, Plan};
use crate::treatment::PlannedStep;

/// The limits, a sentence or two each.
pub(super) fn limits(plan: &Plan, extras: &Extras) -> Vec<String> {
    let mut limits = vec![
        "Tested only what the claims below name, at the doses they name; how often such corruptions occur in practice \
         is not known from this run."
            .to_owned(),
    ];
    limits.extend(beyond(plan));
    limits.push(
        "Bounds chosen by: the authors of the suite, with the reason at each. Nobody has signed them; a clinician has to \
         before they mean anything."
            .into(),
    );
    if plan.cohort.synthetic {
        limits.push("The cases are drawings with invented histories: results say nothing about patients.".into());
    }
    limits.push(deviations(extras));
    limits.extend(untested(plan));
    limits
}

/// The strongest dose of each graded change that any case was given: nothing is known of stronger ones.
fn beyond(plan: &Plan) -> Option<String> {
    let mut strongest: BTreeMap<&str, &PlannedStep> = BTreeMap::new();
    for step in plan.treatments.iter().flat_map(|treatment| &treatment.steps) {
        let Some(card) = step.card() else { continue };
        let known = strongest.entry(card.id).or_insert(step);
        if step.severity() > known.severity() {
            *known = step;
        }
    }
    let graded = strongest.into_values().filter(|step| step.setting.dose.is_some());
    let doses: Vec<String> =
        graded.map(|step| plan::label(std::slice::from_ref(step), None, CellPart::Whole)).collect();
    (!doses.is_empty()).then(|| format!("Nothing is known beyond the strongest dose tried: {}.", doses.join("; ")))
}

/// What is not as the sealed plan says.
fn deviations(extras: &Extras) -> String {
    let left = extras.tally.planned.saturating_sub(extras.tally.settled);
    let asked = (left > 0).then(|| format!("{left} of {} questions were not asked", extras.tally.planned));
    let versions = extras.served.len();
    let served = (versions > 1).then(|| format!("{versions} versions of the model answered"));
    let ruled =
        extras.adjudication.as_ref().map(|_| "words were mapped by hand after the answers were seen".to_owned());
    let all: Vec<String> = [asked, served, ruled].into_iter().flatten().collect();
    if all.is_empty() {
        return "Deviations from the sealed plan: none.".into();
    }
    format!("Deviations from the sealed plan: {}: {}.", all.len(), all.join("; "))
}

/// How many of the corruptions that there are no case was given.
fn untested(plan: &Plan) -> Option<String> {
    let tested: BTreeSet<&str> =
        plan.treatments.iter().flat_map(|t| t.steps.iter().map(|step| step.operator.as_str())).collect();
    let targets = [
        (Target::Image, "of a photograph"),
        (Target::History, "of a history"),
        (Target::ImageSet, "of which photographs are shown"),
    ];
    let of = |(target, what): (Target, &str)| {
        let all: Vec<&str> =
            CATALOGUE.iter().filter(|entry| entry.card.target == target).map(|entry| entry.card.id).collect();
        let left = all.iter().filter(|id| !tested.contains(*id)).count();
        (left > 0).then(|| format!("{left} of {} changes {what}", all.len()))
    };
    let left: Vec<String> = targets.into_iter().filter_map(of).collect();
    (!left.is_empty()).then(|| {
        format!("Not tested, though Bedside could: {} (the command \"bedside list\" names them all).", left.join(", "))
    })
}
