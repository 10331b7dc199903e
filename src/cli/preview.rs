//! `bedside preview`: contact sheets and word diffs.

use std::sync::Arc;

use bedside_perturbations::Value;

use super::args::PreviewArgs;
use crate::cohort::Cohort;
use crate::edge::clean::CleanCases;
use crate::edge::folder::Folder;
use crate::edge::preview::{self, Material, Size, Subject};
use crate::edge::{console, open};
use crate::error::Error;
use crate::exit::Exit;
use crate::phantom::{self, Phantoms, Spec};
use crate::plan::Plan;
use crate::suite;

pub(super) fn preview(args: &PreviewArgs) -> Result<u8, Error> {
    if let Some(stratum) = &args.cohort {
        return cohort(args, stratum);
    }
    let (cohort, asked) = cases(args)?;
    let plan = open::unasked(cohort.as_ref(), suite::SEED)?;
    if plan.cases.is_empty() {
        return Err(Error::at(&args.cases, "holds no case"));
    }
    let chosen = chosen(args, &plan, asked)?;
    let subjects: Vec<Subject> = if args.all {
        Subject::catalogue(&field(cohort.as_ref(), &plan, &chosen)?)
    } else {
        open::suite(&args.scenarios)?.scenarios.iter().map(Subject::scenario).collect()
    };
    let folder = Folder::make(&args.out)?;
    let size = if args.small { Size::Small } else { Size::Full };
    let clean = CleanCases::new(cohort);
    let spare: Vec<usize> =
        (0..plan.cases.len()).filter(|case| args.case.is_none() && !chosen.contains(case)).collect();
    let spare = spare.get(..SPARE).unwrap_or(&spare);
    let material = Material { plan: &plan, clean: &clean, cases: &chosen, spare };
    let told = preview::write(material, &subjects, size, &folder)?;
    if plan.cohort.synthetic || args.include_inputs {
        told.iter().try_for_each(|words| say(words, args.all))?;
    }
    console::say(&format!("{} previews: {}", subjects.len(), folder.at("index.html").display()));
    Ok(Exit::Holds.code())
}

/// Prints the word diffs of a scenario; of a whole catalogue the last of each perturbation, its highest level.
fn say(words: &[String], all: bool) -> Result<(), Error> {
    let first = if all { words.len().saturating_sub(1) } else { 0 };
    words.iter().skip(first).try_for_each(|words| super::put(words))
}

/// One clean case of every diagnosis and value of a stratum.
fn cohort(args: &PreviewArgs, stratum: &str) -> Result<u8, Error> {
    let cohort = open::cases(&args.cases)?;
    let folder = Folder::make(&args.out)?;
    let (rows, columns) = preview::cohort::write(cohort.as_ref(), stratum, &folder)?;
    let file = folder.at(preview::cohort::FILE);
    console::say(&format!("{rows} diagnoses by {columns} values of {stratum}: {}", file.display()));
    Ok(Exit::Holds.code())
}

/// How many phantoms are dealt at least, so that a few of them can show every skin tone and several photographs, and
/// have others to lend to them.
const DEALT: usize = 240;
/// The most cases on a sheet.
const MOST: usize = 3;
/// How many more are tried where something does not apply to one of them.
const SPARE: usize = 60;

/// The cases to choose from, and how many were asked for.
fn cases(args: &PreviewArgs) -> Result<(Arc<dyn Cohort>, usize), Error> {
    let spec = args.cases.strip_prefix("phantom:").and_then(|spec| phantom::parse(spec).ok());
    if let Some(spec) = spec.filter(|spec| spec.n < DEALT) {
        let asked = spec.n;
        return Ok((Arc::new(Phantoms::of(Spec { n: DEALT, ..spec })), asked));
    }
    let cohort = open::cases(&args.cases)?;
    let asked = cohort.len();
    Ok((cohort, asked))
}

/// The cases to show: the one that was named, or up to three.
fn chosen(args: &PreviewArgs, plan: &Plan, asked: usize) -> Result<Vec<usize>, Error> {
    let Some(id) = &args.case else { return Ok(preview::chosen(&plan.cases, asked.min(MOST))) };
    let place = plan.cases.iter().position(|case| case.id == *id && case.number < asked);
    place.map(|place| vec![place]).ok_or_else(|| Error::at(&args.cases, format!("has no case `{id}`")))
}

/// The field of the history that is shown where one has to be named: `duration`, or else the first that a case tells.
fn field(cohort: &dyn Cohort, plan: &Plan, chosen: &[usize]) -> Result<String, Error> {
    let mut told = Vec::new();
    for case in chosen.iter().filter_map(|place| plan.cases.get(*place)) {
        let fields = cohort.case(case.number)?.history.fields.into_iter();
        told.extend(fields.filter(|field| field.value != Value::Deleted).map(|field| field.name));
    }
    let usual = told.iter().find(|name| *name == "duration").or_else(|| told.first());
    Ok(usual.cloned().unwrap_or_else(|| "duration".into()))
}
