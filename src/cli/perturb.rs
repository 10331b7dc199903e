//! `bedside perturb`: corrupted copies with a ledger, for people who bring their own harness.

use bedside_perturbations::catalogue;

use super::args::PerturbArgs;
use crate::edge::folder::Folder;
use crate::edge::perturb::Beside;
use crate::edge::{console, open, perturb};
use crate::error::Error;
use crate::exit::Exit;
use crate::plan;
use crate::scenario::validate;
use crate::treatment::{PlannedStep, Treatment};

pub(super) fn perturb(args: &PerturbArgs) -> Result<u8, Error> {
    let cells = cells(args)?;
    let folder = Folder::make(&args.out)?;
    let beside = Beside { seed: args.seed, foil: args.foil.clone(), lesion: args.lesion };
    let written = perturb::write(&args.input, &cells, &beside, &folder)?;
    console::say(&format!(
        "{} copies, {} not applicable; ledger: {}",
        written.copies,
        written.unfit,
        folder.at("ledger.jsonl").display()
    ));
    Ok(Exit::Holds.code())
}

/// What is to be done: the cells of a scenario, or the one step.
fn cells(args: &PerturbArgs) -> Result<Vec<(String, Treatment)>, Error> {
    if let Some(name) = &args.scenario {
        return Ok(plan::cells_of(&open::scenario(name)?));
    }
    let text = args.step.as_deref().unwrap_or_default();
    let step = validate::read_step("--step", text).map_err(|problems| open::invalid(&problems))?;
    let step = PlannedStep::decide(&step, None);
    let built = step.card().and_then(|card| catalogue::find(card.id)).map(|entry| entry.build(&step.setting));
    if let Some(Err(error)) = built {
        return Err(Error::Usage(format!("--step: {error}")));
    }
    Ok(vec![(label(&step), plan::treated_with(vec![step]))])
}

/// A step in words, with what it had to be told, so that two corruptions of a reference set have two folders.
fn label(step: &PlannedStep) -> String {
    let required = step.card().into_iter().flat_map(|card| card.parameters).filter(|parameter| parameter.required);
    let told = required.filter_map(|parameter| step.setting.text(parameter.name));
    let words = plan::label(std::slice::from_ref(step), None, plan::CellPart::Whole);
    core::iter::once(words.as_str()).chain(told).collect::<Vec<_>>().join(", ")
}
