//! `bedside import`: a known data set becomes a cohort.

use super::args::ImportArgs;
use crate::cohort::CohortError;
use crate::edge::{console, import};
use crate::error::Error;
use crate::exit::Exit;
use crate::yaml::suggest;

pub(super) fn import(args: &ImportArgs) -> Result<u8, Error> {
    let ids: Vec<&str> = import::LAYOUTS.iter().map(|layout| layout.id).collect();
    let unknown = || Error::Usage(format!("there is no layout `{}`. {}", args.layout, suggest(&args.layout, &ids)));
    let layout = import::find(&args.layout).ok_or_else(unknown)?;
    let summary = (layout.import)(&args.source, args.images.as_deref(), &args.out)
        .map_err(|error| Error::Cohort(CohortError { place: error.place, why: error.why }))?;
    for exclusion in &summary.exclusions {
        console::say(&format!("left out: {}: {}", exclusion.case, exclusion.reason));
    }
    for warning in &summary.warnings {
        console::say(&format!("warning: {warning}"));
    }
    console::say(&format!(
        "{} rows → {} cases of {} patients with {} photographs in {}",
        summary.rows,
        summary.cases,
        summary.patients,
        summary.photographs,
        args.out.display()
    ));
    Ok(Exit::Holds.code())
}
