//! `bedside check`: files without running, and a server with one case.

use super::args::CheckArgs;
use super::plan;
use crate::edge::model::probe::{self, State};
use crate::edge::{console, open};
use crate::error::Error;
use crate::exit::Exit;

pub(super) fn check(args: &CheckArgs) -> Result<u8, Error> {
    let report = open::check(&args.files)?;
    for checked in report.checked.iter().filter(|checked| checked.problems.is_empty()) {
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
