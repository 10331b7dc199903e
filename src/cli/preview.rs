//! `bedside preview`: contact sheets and word diffs.

use super::args::PreviewArgs;
use crate::diagnosis::Lexicon;
use crate::edge::clean::CleanCases;
use crate::edge::folder::Folder;
use crate::edge::preview::{self, Subject};
use crate::edge::{console, open};
use crate::error::Error;
use crate::exit::Exit;
use crate::plan::{Design, Plan};

pub(super) fn preview(args: &PreviewArgs) -> Result<u8, Error> {
    if let Some(stratum) = &args.cohort {
        return cohort(args, stratum);
    }
    let subjects = if args.all {
        Subject::catalogue()
    } else {
        let suite = open::suite(&args.scenarios)?;
        suite.scenarios.iter().map(Subject::scenario).collect()
    };
    let cohort = open::cases(&args.cases)?;
    let plan = plan(args, cohort.as_ref())?;
    let chosen = chosen(args, &plan)?;
    let folder = Folder::make(&args.out)?;
    preview::write(&plan, &CleanCases::new(cohort), &chosen, &subjects, &folder)?;
    console::say(&format!("{} previews: {}", subjects.len(), folder.at("index.html").display()));
    Ok(Exit::Holds.code())
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

/// A plan in which every donor and foil rule is prepared, so that everything can be shown.
fn plan(args: &PreviewArgs, cohort: &dyn crate::cohort::Cohort) -> Result<Plan, Error> {
    let suite = open::suite(&["quickstart".into()])?;
    let protocol = open::protocol(&suite.protocol)?;
    let design = Design {
        suite: &suite,
        protocol: &protocol,
        cohort,
        lexicon: Lexicon::embedded(),
        model: serde_json::Value::Null,
        limit: None,
    };
    let mut plan = Plan::make(&design)?;
    plan.choose_every_foil(Lexicon::embedded());
    if plan.cases.is_empty() {
        return Err(Error::at(&args.cases, "holds no case"));
    }
    Ok(plan)
}

/// The cases to show: the one that was named, or the first three.
fn chosen(args: &PreviewArgs, plan: &Plan) -> Result<Vec<usize>, Error> {
    let Some(id) = &args.case else { return Ok((0..plan.cases.len().min(3)).collect()) };
    let place = plan.cases.iter().position(|case| case.id == *id);
    place.map(|place| vec![place]).ok_or_else(|| Error::at(&args.cases, format!("has no case `{id}`")))
}
