//! The command line: one file per verb.

mod answers;
pub mod args;
mod catalogue;
mod check;
mod import;
mod inspect;
mod perturb;
mod plan;
mod preview;
mod results;
mod run;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::edge::console;
use crate::error::Error;
use crate::exit::Exit;
use args::{Cli, Verb};

/// Reads the command line, does what it says, and turns how it ended into an exit code.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let ended = carry_out(cli.verb).unwrap_or_else(|error| {
        // The problems of a file begin with that word themselves.
        let word = if matches!(error, Error::Invalid(_)) { "" } else { "error: " };
        console::say(&format!("{word}{error}"));
        error.exit().code()
    });
    ExitCode::from(ended)
}

fn carry_out(verb: Verb) -> Result<u8, Error> {
    match verb {
        Verb::Run(args) => run::run(&args),
        Verb::Plan(args) => plan::plan(&args),
        Verb::Measure(args) => measure(&args),
        Verb::Report(args) => results::again(&args),
        Verb::Inspect(args) => inspect::inspect(&args),
        Verb::Perturb(args) => perturb::perturb(&args),
        Verb::Preview(args) => preview::preview(&args),
        Verb::List(args) => catalogue::list(&args),
        Verb::Show(args) => catalogue::show(&args),
        Verb::Check(args) => check::check(&args),
        Verb::Schema(args) => catalogue::schema(&args),
        Verb::Import(args) => import::import(&args),
        Verb::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "bedside", &mut script);
            put(String::from_utf8_lossy(&script).trim_end())?;
            Ok(Exit::Holds.code())
        }
    }
}

/// Measures a run again, or answers that exist already.
fn measure(args: &args::MeasureArgs) -> Result<u8, Error> {
    match &args.answers {
        Some(table) => answers::measure(table, args),
        None => results::again(&args.folder()?),
    }
}

/// Prints data on standard output. A reader that has seen enough (`| head`) is no error.
fn put(text: &str) -> Result<(), Error> {
    match console::put(text) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        result => result.map_err(|error| Error::at("standard output", error)),
    }
}

fn json(value: &impl serde::Serialize) -> Result<String, Error> {
    serde_json::to_string_pretty(value).map_err(|error| Error::Internal(error.to_string()))
}
