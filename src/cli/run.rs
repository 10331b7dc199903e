//! `bedside run`: plan, ask, measure, report.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;
use tokio::sync::watch;

use super::args::RunArgs;
use super::{plan, results};
use crate::diagnosis::Lexicon;
use crate::edge;
use crate::edge::adjudicate::ByHand;
use crate::edge::console::{self, Console};
use crate::edge::folder::Folder;
use crate::edge::measure;
use crate::edge::model::ModelCard;
use crate::edge::model::spec::Opened;
use crate::edge::run::{Ended, Run};
use crate::edge::store::Store;
use crate::error::Error;
use crate::event::Event;
use crate::exit::Exit;
use crate::plan::Plan;
use crate::sensitivity;
use crate::shift;

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
    let suite = plan::suite(&args.design)?;
    let model = plan::model(&suite.model, args.design.url.as_deref(), suite.seed)?;
    let ready = plan::ready(suite, model.model.card(), &args.design)?;
    guard(&ready.plan, &model)?;
    let digest = ready.plan.digest();
    let folder = Folder::make(&out(args, &ready.plan, model.model.card(), &digest))?;
    folder.seal(&ready.plan, &digest)?;
    announce(&ready.plan, &model, &folder, &digest);
    let cases = ready.cases.clone();
    let (plan, cohort) = (Arc::new(ready.plan), ready.cohort);
    let store = Store::open(&folder.at("run.sqlite"), &digest)?;
    store.check_head(folder.chain_head().as_deref())?;
    let run = Run {
        agenda: (0..plan.trials.len() as u64).collect(),
        plan: Arc::clone(&plan),
        cohort: Arc::clone(&cohort),
        model: model.model,
        briefing: model.briefing,
        lexicon: Lexicon::embedded(),
        in_flight: usize::from(args.in_flight),
        max_calls: args.max_calls,
        stops_when_unsteady: args.stop_when_unsteady,
    };
    let (store, ended) = plan_and_findings(run, store, args)?;
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
    let exit = results::write(&plan, &store, Some(cohort), &folder, &args.output, ByHand::default())?;
    if let Ended::Outage(error) = ended {
        console::say(&format!("The model stopped answering: {error}. The same command resumes."));
    }
    Ok(exit)
}

/// Photographs and words of real cases do not travel in the clear to another machine unless the model's file says so.
fn guard(plan: &Plan, model: &Opened) -> Result<(), Error> {
    if plan.cohort.synthetic || !model.exposed || model.plain_http {
        return Ok(());
    }
    let endpoint = &model.model.card().endpoint;
    let way_out = "use https, or say `plain-http: true` in a model file if the network in between may read them";
    Err(Error::ModelSetup(format!("photographs and words of real cases would go unencrypted to {endpoint}: {way_out}")))
}

fn out(args: &RunArgs, plan: &Plan, card: &ModelCard, digest: &str) -> PathBuf {
    let model = card.id.replace([':', '/', ' ', '='], "-");
    let name = format!("{}-{model}", plan.suite);
    args.out.clone().unwrap_or_else(|| Folder::choose(Path::new("bedside-runs"), &name, digest))
}

fn announce(plan: &Plan, model: &Opened, folder: &Folder, digest: &str) {
    let card = model.model.card();
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
    if !plan.cohort.synthetic && model.exposed {
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

/// Carries out the plan and, once it is complete, asks the worst findings once more.
fn plan_and_findings(run: Run, store: Store, args: &RunArgs) -> Result<(Store, Ended), Error> {
    let left = (run.plan.trials.len() as u64).saturating_sub(store.settled()?.len() as u64);
    let (store, ended) = carry_out(run.clone(), store, args)?;
    if ended != Ended::Complete {
        return Ok((store, ended));
    }
    let agenda = once_more(&run.plan, &store)?;
    let settled = store.settled()?;
    let wanting = agenda.iter().filter(|place| !settled.contains(place)).count();
    if wanting == 0 {
        return Ok((store, ended));
    }
    let findings = crate::words::count(
        wanting as u64,
        "finding that could hurt a patient is",
        "findings that could hurt a patient are",
    );
    console::say(&format!("{findings} asked once more before the report."));
    let max_calls = run.max_calls.map(|most| most.saturating_sub(left));
    carry_out(Run { agenda, max_calls, ..run }, store, args)
}

/// The places of the trials that are asked once more.
fn once_more(plan: &Plan, store: &Store) -> Result<Vec<u64>, Error> {
    let read = measure::read(plan, store, Lexicon::embedded())?;
    let found = sensitivity::judge(&shift::Run::of(plan, &read.slots));
    let trials = found.worst.iter().filter_map(|finding| finding.trial(plan, &found.claims));
    let places: std::collections::BTreeSet<u64> = trials.map(|trial| plan.place_again(trial)).collect();
    Ok(places.into_iter().collect())
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
        Ended::Unsteady => "stopped as asked: the model's own unrest is beyond the bounds",
        Ended::Outage(_) => "the model stopped answering",
    }
}
