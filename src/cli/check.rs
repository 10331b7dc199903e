//! `bedside check`: files without running, and a server with one case.

use super::args::CheckArgs;
use super::plan;
use crate::edge::model::probe::{self, State};
use crate::edge::{console, open};
use crate::error::Error;
use crate::exit::Exit;

pub(super) fn check(args: &CheckArgs) -> Result<u8, Error> {
    let mut problems = Vec::new();
    for file in &args.files {
        match open::check(file) {
            Ok(what) => console::say(&format!("✓ {}: {what}", file.display())),
            Err(error) => problems.push(error.to_string()),
        }
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems.join("\n\n")));
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
