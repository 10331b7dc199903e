//! `bedside run`: plan, ask, measure, report.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;
use tokio::sync::watch;

use super::args::RunArgs;
use super::plan::{Ready, ready};
use super::results;
use crate::diagnosis::Lexicon;
use crate::edge;
use crate::edge::console::{self, Console};
use crate::edge::folder::Folder;
use crate::edge::run::{Ended, Run};
use crate::edge::store::Store;
use crate::error::Error;
use crate::event::Event;
use crate::exit::Exit;
use crate::plan::Plan;

/// What `run.json` says: everything that differs from run to run without changing a result.
#[derive(Debug, Serialize)]
struct Journal {
    format: u32,
    version: &'static str,
    cases: String,
    plan: String,
    chain_head: String,
    ended: String,
    started_unix_seconds: u64,
    ended_unix_seconds: u64,
}

pub(super) fn run(args: &RunArgs) -> Result<u8, Error> {
    let started = edge::unix_seconds();
    let ready = ready(&args.design)?;
    let digest = ready.plan.digest();
    let folder = Folder::make(&out(args, &ready, &digest))?;
    folder.seal(&ready.plan, &digest)?;
    announce(&ready, &folder, &digest);
    let cases = ready.cases.clone();
    let (plan, cohort) = (Arc::new(ready.plan), ready.cohort);
    let store = Store::open(&folder.at("run.sqlite"), &digest)?;
    store.check_head(folder.chain_head().as_deref())?;
    let run = Run {
        plan: Arc::clone(&plan),
        cohort: Arc::clone(&cohort),
        model: ready.model.model,
        briefing: ready.model.briefing,
        lexicon: Lexicon::embedded(),
        in_flight: usize::from(args.in_flight),
        max_calls: args.max_calls,
    };
    let (store, ended) = carry_out(run, store, args)?;
    let journal = Journal {
        format: 1,
        version: env!("CARGO_PKG_VERSION"),
        cases,
        plan: digest,
        chain_head: store.head().into(),
        ended: words(&ended).into(),
        started_unix_seconds: started,
        ended_unix_seconds: edge::unix_seconds(),
    };
    folder.json("run.json", &journal)?;
    let exit = results::write(&plan, &store, Some(cohort), &folder, &args.output)?;
    if let Ended::Outage(error) = ended {
        console::say(&format!("The model stopped answering: {error}. The same command resumes."));
    }
    Ok(exit)
}

fn out(args: &RunArgs, ready: &Ready, digest: &str) -> PathBuf {
    let model = ready.model.model.card().id.replace([':', '/', ' ', '='], "-");
    let name = format!("{}-{model}", ready.plan.suite);
    args.out.clone().unwrap_or_else(|| Folder::choose(Path::new("bedside-runs"), &name, digest))
}

fn announce(ready: &Ready, folder: &Folder, digest: &str) {
    let card = ready.model.model.card();
    let plan = &ready.plan;
    console::say(&format!(
        "{} · {} · {} cases · {} trials · plan {}… sealed",
        plan.suite,
        card.id,
        plan.cases.len(),
        plan.trials.len(),
        digest.get(..8).unwrap_or(digest)
    ));
    if card.instrument {
        console::say(
            "The model is a measuring instrument with planted behaviour, not a model that anyone would deploy.",
        );
    }
    if !plan.cohort.synthetic && is_open(&card.endpoint) {
        console::say(&format!("warning: photographs and words of real cases go unencrypted to {}", card.endpoint));
    }
    mention(plan);
    console::say(&format!("Run folder: {}", folder.path().display()));
}

/// What has to be known of the cases before they are used.
pub(super) fn mention(plan: &Plan) {
    for warning in &plan.cohort.warnings {
        console::say(&format!("warning: {warning}"));
    }
    for exclusion in &plan.cohort.exclusions {
        console::say(&format!("left out: {}: {}", exclusion.case, exclusion.reason));
    }
}

/// Whether an endpoint is reached without encryption on another machine.
fn is_open(endpoint: &str) -> bool {
    let host = endpoint.strip_prefix("http://").unwrap_or_default();
    let here = ["127.", "localhost", "[::1]"].iter().any(|here| host.starts_with(here));
    !host.is_empty() && !here
}

fn carry_out(run: Run, store: Store, args: &RunArgs) -> Result<(Store, Ended), Error> {
    let runtime = runtime(args.threads)?;
    let (stop, stopped) = watch::channel(false);
    let mut console = Console::new();
    let ended = runtime.block_on(async {
        let listener = tokio::spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                console::say("\nStopping: what is under way is finished (again: at once); the same command resumes.");
                let _ = stop.send(true);
                // A second time, the person does not want to wait; what was answered is in the store already.
                if tokio::signal::ctrl_c().await.is_ok() {
                    console::say("Stopped at once; the same command resumes.");
                    crate::edge::leave(Exit::Incomplete.code());
                }
                // Keep the sender: a closed channel is no reason to stop.
                std::future::pending::<()>().await;
            }
        });
        let mut hear = |event: Event| console.hear(&event);
        let ended = run.carry_out(store, stopped, &mut hear).await;
        listener.abort();
        ended
    });
    console.finish();
    ended
}

fn runtime(threads: Option<u16>) -> Result<tokio::runtime::Runtime, Error> {
    let threads = threads.map_or_else(edge::cores, usize::from);
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .max_blocking_threads(threads)
        .enable_all()
        .build()
        .map_err(|error| Error::Internal(format!("no runtime: {error}")))
}

const fn words(ended: &Ended) -> &'static str {
    match ended {
        Ended::Complete => "complete",
        Ended::Stopped => "stopped",
        Ended::Outage(_) => "the model stopped answering",
    }
}
