//! Pairs of original and corrupted for the report, where they may be shown.

use bedside_perturbations::{History, Stimulus, Value};
use bedside_reports::record::{Example, Piece};
use similar::{ChangeTag, TextDiff};

use super::clean::CleanCases;
use crate::diagnosis::Lexicon;
use crate::plan::{Cell, Plan, Trial};
use crate::scenario::Basis;
use crate::sensitivity::{self, Line, Sensitivity};
use crate::shift::{self, Shift, Slots, Told};
use crate::trial::{Making, choices};

/// One example for each scenario that changes something: the case of its worst finding; otherwise one in which its
/// first metric's event happened at the deciding level; otherwise the first case.
#[must_use]
pub fn examples(
    plan: &Plan,
    slots: &Slots,
    found: &Sensitivity,
    clean: &CleanCases,
    lexicon: &Lexicon,
) -> Vec<Example> {
    (0..plan.scenarios.len()).filter_map(|scenario| example(plan, slots, found, clean, lexicon, scenario)).collect()
}

fn example(
    plan: &Plan,
    slots: &Slots,
    found: &Sensitivity,
    clean: &CleanCases,
    lexicon: &Lexicon,
    scenario: usize,
) -> Option<Example> {
    let line = telling_line(found, scenario);
    let cell = telling_cell(plan, line, scenario).filter(|cell| cell.treatment != Plan::CONTROL)?;
    let shifts = shift::of_cell(plan, slots, cell);
    let concerned = |shift: &&Shift<'_>| {
        let case = plan.cases.get(shift.case);
        line.is_none_or(|line| case.is_some_and(|case| shift.is_among(line.accept.among.as_ref(), &case.strata)))
    };
    let happened =
        |shift: &&Shift<'_>| line.map_or_else(|| flipped(shift), |line| sensitivity::happened(plan, line, shift));
    let moved = |shift: &&Shift<'_>| concerned(shift) && flipped(shift);
    let chosen = shifts.iter().find(happened).or_else(|| shifts.iter().find(moved));
    let shift = chosen.or_else(|| shifts.iter().find(concerned)).or_else(|| shifts.first())?;
    show(plan, clean, lexicon, scenario, cell, shift)
}

fn flipped(shift: &Shift<'_>) -> bool {
    flip(shift) == Told::Event(true)
}

/// Whether the leading answer changed.
fn flip(shift: &Shift<'_>) -> Told {
    crate::metrics::find("flip").map_or(Told::Outside, |flip| shift.told(flip, Basis::Shift))
}

/// The line of a scenario that its example is about: that of its worst finding, or its first.
fn telling_line(found: &Sensitivity, scenario: usize) -> Option<&Line> {
    let number = found.claims.iter().position(|claim| claim.scenario == scenario)?;
    let worst = found.worst.iter().find(|finding| finding.claim == number);
    found.claims.get(number)?.lines.get(worst.map_or(0, |finding| finding.line))
}

/// The cell that decides a line, or the scenario's last cell.
fn telling_cell<'a>(plan: &'a Plan, line: Option<&Line>, scenario: usize) -> Option<&'a Cell> {
    let deciding = line.and_then(|line| line.cells.get(line.ruling.level?).copied());
    deciding.and_then(|cell| plan.cells.get(cell)).or_else(|| plan.cells_of(scenario).last())
}

fn show(
    plan: &Plan,
    clean: &CleanCases,
    lexicon: &Lexicon,
    scenario: usize,
    cell: &Cell,
    shift: &Shift<'_>,
) -> Option<Example> {
    let place = |number: usize| u32::try_from(number).ok();
    let (case, treatment) = (place(shift.case)?, place(cell.treatment)?);
    let trial: Trial = *plan.trials.iter().find(|t| t.case == case && t.treatment == treatment && t.repeat == 0)?;
    let original = clean.of(plan, shift.case).ok()?;
    let donor = trial.donor.map(|donor| clean.of(plan, donor as usize)).transpose().ok()?;
    let choices = choices(lexicon);
    let making = Making { plan, trial, again: false, clean: original.clone(), donor, choices: &choices };
    let ready = making.make(super::wire::picture).ok()?;
    let name = |id: &str| lexicon.find(id).map_or_else(|| id.to_owned(), |concept| concept.name.clone());
    let planned = plan.cases.get(shift.case)?;
    let truth: Vec<String> = planned.truth.differential.iter().map(|(id, _)| name(id)).collect();
    let id = &plan.scenarios.get(scenario)?.id;
    Some(Example {
        id: format!("example-{id}"),
        scenario: id.clone(),
        at: cell.label.clone(),
        case: planned.id.clone(),
        caption: caption(shift),
        pictures: pictures(&original.stimulus, &ready.stimulus),
        diff: diff(&original.stimulus.history, &ready.stimulus.history),
        control: shift::in_words(shift.control.first().copied().flatten(), name),
        treated: shift::in_words(shift.treated.first().copied().flatten(), name),
        truth: truth.join(", "),
    })
}

fn caption(shift: &Shift<'_>) -> String {
    match flip(shift) {
        Told::Event(true) => "The answer changed.".into(),
        Told::Event(false) => "The leading answer did not change.".into(),
        Told::Outside | Told::Missing => "One of the answers is missing or cannot be mapped.".into(),
    }
}

/// Original and corrupted side by side; the first two photographs are enough to see what was done.
fn pictures(before: &Stimulus, after: &Stimulus) -> Vec<(Option<String>, Option<String>)> {
    let same = before.images.len() == after.images.len()
        && before.images.iter().zip(&after.images).all(|(a, b)| a.pixels == b.pixels);
    if same {
        return Vec::new();
    }
    let url = |stimulus: &Stimulus, place: usize| {
        stimulus.images.get(place).map(|image| super::wire::thumbnail(&image.pixels))
    };
    (0..before.images.len().max(after.images.len()).min(2))
        .map(|place| (url(before, place), url(after, place)))
        .collect()
}

/// A word diff of two histories as they read; empty when they are the same.
#[must_use]
pub fn diff(before: &History, after: &History) -> Vec<Piece> {
    if before == after {
        return Vec::new();
    }
    diff_of_words(&words(before), &words(after))
}

/// A word diff of two texts.
#[must_use]
pub fn diff_of_words(before: &str, after: &str) -> Vec<Piece> {
    let diff = TextDiff::from_words(before, after);
    let mut pieces: Vec<Piece> = Vec::new();
    for change in diff.iter_all_changes() {
        push(&mut pieces, change.tag(), change.value());
    }
    pieces
}

fn push(pieces: &mut Vec<Piece>, tag: ChangeTag, text: &str) {
    match (pieces.last_mut(), tag) {
        (Some(Piece::Same(last)), ChangeTag::Equal)
        | (Some(Piece::Deleted(last)), ChangeTag::Delete)
        | (Some(Piece::Inserted(last)), ChangeTag::Insert) => last.push_str(text),
        (_, ChangeTag::Equal) => pieces.push(Piece::Same(text.into())),
        (_, ChangeTag::Delete) => pieces.push(Piece::Deleted(text.into())),
        (_, ChangeTag::Insert) => pieces.push(Piece::Inserted(text.into())),
    }
}

/// A history as it reads: one line per field, then the note.
fn words(history: &History) -> String {
    let line = |field: &bedside_perturbations::Field| {
        let value = match &field.value {
            Value::Yes => "yes",
            Value::No => "no",
            Value::Unknown => "unknown",
            Value::Deleted => return None,
            Value::Stated(text) => text,
        };
        Some(format!("{}: {value}\n", field.name.replace('_', " ")))
    };
    let fields: String = history.fields.iter().filter_map(line).collect();
    format!("{fields}{}", history.note.as_deref().unwrap_or_default())
}
