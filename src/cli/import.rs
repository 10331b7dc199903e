//! `bedside import`: a known data set becomes a cohort.

use super::args::ImportArgs;
use crate::cohort::CohortError;
use crate::edge::import::ImportError;
use crate::edge::{console, import};
use crate::error::Error;
use crate::exit::Exit;
use crate::yaml::suggest;

pub(super) fn import(args: &ImportArgs) -> Result<u8, Error> {
    let ids: Vec<&str> = import::LAYOUTS.iter().map(|layout| layout.id).collect();
    let unknown = || Error::Usage(format!("there is no layout `{}`. {}", args.layout, suggest(&args.layout, &ids)));
    let layout = import::find(&args.layout).ok_or_else(unknown)?;
    if args.mapping.is_none() == (layout.id == "csv") {
        let which = if layout.id == "csv" { "needs" } else { "takes no" };
        return Err(Error::Usage(format!("the layout {} {which} --mapping FILE", layout.id)));
    }
    let source = import::Source {
        data: &args.source,
        images: args.images.as_deref(),
        mapping: args.mapping.as_deref(),
        out: &args.out,
    };
    let summary = (layout.import)(&source).map_err(refused)?;
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

fn refused(error: ImportError) -> Error {
    match error {
        ImportError::Place { place, why } => Error::Cohort(CohortError { place, why }),
        ImportError::Mapping(problems) => Error::Invalid(problems),
    }
}
