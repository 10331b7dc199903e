//! `bedside check`: files without running, and a server with one case.

use std::path::{Path, PathBuf};

use super::args::CheckArgs;
use super::plan;
use crate::check::What;
use crate::edge::model::probe::{self, State};
use crate::edge::model::spec::Spec;
use crate::edge::{console, open};
use crate::error::Error;
use crate::exit::Exit;

pub(super) fn check(args: &CheckArgs) -> Result<u8, Error> {
    let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) = args.files.iter().cloned().partition(|path| path.is_dir());
    folders.iter().try_for_each(|folder| cohort(folder))?;
    let report = open::check(&files)?;
    for checked in report.checked.iter().filter(|checked| checked.problems.is_empty()) {
        if checked.what == What::Model {
            Spec::parse(&checked.file).map_err(|error| Error::Invalid(error.to_string()))?;
        }
        console::say(&format!("✓ {}: {}", checked.file, checked.what));
    }
    if !report.is_clean() {
        let problems: Vec<_> = report.problems().cloned().collect();
        return Err(open::invalid(&problems));
    }
    match &args.model {
        Some(name) => model(name, args),
        None => Ok(Exit::Holds.code()),
    }
}

/// Opens a cohort, which checks every line and every photograph, and says what was found.
fn cohort(folder: &Path) -> Result<(), Error> {
    let name = folder.display().to_string();
    let cohort = open::cases(&name)?;
    for warning in &cohort.sheet().warnings {
        console::say(&format!("! {name}: {warning}"));
    }
    for exclusion in cohort.exclusions() {
        console::say(&format!("! {name}: left out: {}: {}", exclusion.case, exclusion.reason));
    }
    let cases = crate::words::count(cohort.len() as u64, "case", "cases");
    let out = crate::words::count(cohort.exclusions().len() as u64, "left out", "left out");
    console::say(&format!("✓ {name}: cohort, {cases}, {out}"));
    Ok(())
}

fn model(name: &str, args: &CheckArgs) -> Result<u8, Error> {
    let opened = plan::model(name, args.url.as_deref(), 1)?;
    if !args.probe {
        console::say(&format!("✓ {name}: understood; add --probe to ask it one case"));
        return Ok(Exit::Holds.code());
    }
    let runtime = tokio::runtime::Runtime::new().map_err(|error| Error::Internal(error.to_string()))?;
    let findings = runtime.block_on(probe::probe(opened.model.as_ref()));
    for finding in &findings {
        let symbol = match finding.state {
            State::Ok => "✓",
            State::Degraded => "!",
            State::Failed => "✗",
        };
        let way_out = finding.way_out.as_deref().map(|way| format!(" — {way}")).unwrap_or_default();
        console::say(&format!("{symbol} {}: {}{way_out}", finding.what, finding.says));
    }
    let usable = !findings.iter().any(|finding| finding.state == State::Failed);
    Ok(if usable { Exit::Holds.code() } else { Exit::Model.code() })
}
