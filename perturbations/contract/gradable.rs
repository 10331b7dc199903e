//! Up to where a photograph can be graded: what a card has to say, and that it says so of what the operator applies to.

use super::attempt::{Given, Outcome, attempt};
use super::{Contract, Rule, Violation, settings, violation};
use crate::catalogue::Entry;
use crate::{Basis, Card, Grading, Modality, Oracle, Setting, Target, Tone, Unfit};

const MODALITIES: [Modality; 2] = [Modality::ClinicalPhoto, Modality::Dermoscopy];
const TONES: [Tone; 3] = [Tone::Light, Tone::Medium, Tone::Dark];

/// Checks what the card says about gradability.
pub(super) fn check(contract: &Contract, entry: &Entry, found: &mut Vec<Violation>) {
    let mut faults = faults(entry.card);
    let typical = settings::required(entry, &contract.panel).into_iter().find(|setting| entry.build(setting).is_ok());
    if let Some(typical) = typical.filter(|_| !entry.card.gradable_to.is_empty()) {
        faults.extend(MODALITIES.into_iter().filter_map(|modality| misnamed(contract, entry, &typical, modality)));
    }
    found.extend(faults.into_iter().map(|fault| violation(entry, Rule::CompleteCard, fault)));
}

/// What is wrong with the limits by themselves.
fn faults(card: &Card) -> Vec<String> {
    let judged = card.target == Target::Image && card.grading != Grading::Binary && card.oracle != Oracle::MeasureOnly;
    if card.gradable_to.is_empty() {
        return judged.then(|| "says of no level that a photograph is gradable".to_owned()).into_iter().collect();
    }
    let mut faults: Vec<String> = MODALITIES.into_iter().flat_map(|modality| of_modality(card, modality)).collect();
    if card.grading == Grading::Binary && card.gradable_to.iter().any(|limit| limit.to.is_some()) {
        faults.push("is on or off, and names a level up to which a photograph is gradable".into());
    }
    let told = card.references.iter().any(|reference| reference.contains("gradable"));
    if !told && card.gradable_to.iter().any(|limit| limit.basis != Basis::Assumed) {
        faults.push(
            "a limit rests on a panel or a source, and no reference says which (with the word `gradable`)".into(),
        );
    }
    faults
}

/// Every group has exactly one limit: that for all, or an earlier one of its own.
fn of_modality(card: &Card, modality: Modality) -> Vec<String> {
    let limits = |tone: Option<Tone>| {
        card.gradable_to.iter().filter(move |limit| (limit.modality, limit.tone) == (modality, tone))
    };
    if card.gradable_to.iter().all(|limit| limit.modality != modality) {
        return Vec::new();
    }
    let mut faults = Vec::new();
    let Some(all) = limits(None).next() else {
        return vec![format!("{modality:?} has no limit for patients whose skin tone is not known")];
    };
    for tone in core::iter::once(None).chain(TONES.map(Some)) {
        if limits(tone).count() > 1 {
            faults.push(format!("{modality:?} has two limits for {tone:?}"));
        }
        if tone.is_some() && limits(tone).any(|own| own.to >= all.to) {
            faults.push(format!("{modality:?}: the limit of {tone:?} is no earlier than the one for all"));
        }
    }
    faults
}

/// The modality, where the card names it and the operator does not apply to it, or the other way round.
fn misnamed(contract: &Contract, entry: &Entry, typical: &Setting, modality: Modality) -> Option<String> {
    let named = entry.card.gradable_to.iter().any(|limit| limit.modality == modality);
    match (named, applies(contract, entry, typical, modality)) {
        (true, false) => Some(format!("names a limit for {modality:?}, to which it does not apply")),
        (false, true) => Some(format!("applies to {modality:?}, and names no limit for it")),
        _ => None,
    }
}

/// Whether some photograph of the panel, were it of that modality, is not refused for being of it.
fn applies(contract: &Contract, entry: &Entry, typical: &Setting, modality: Modality) -> bool {
    contract.panel.iter().filter(|sample| !sample.stimulus.images.is_empty()).any(|sample| {
        let mut stimulus = sample.stimulus.clone();
        stimulus.images.iter_mut().for_each(|image| image.modality = modality);
        let outcome = attempt(contract, entry, typical, &stimulus, &Given::all(0));
        !matches!(outcome, Outcome::Unfit { why: Unfit::WrongModality, .. })
    })
}
