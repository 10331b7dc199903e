//! `bedside measure` and `bedside report`, and the end of `bedside run`: from the store to results and report.

use std::path::Path;
use std::sync::Arc;

use bedside_reports::record::{Record, Summary, Verdict};

use super::args::{FolderArgs, OutputArgs};
use crate::cohort::Cohort;
use crate::diagnosis::Lexicon;
use crate::edge::adjudicate::ByHand;
use crate::edge::clean::CleanCases;
use crate::edge::folder::Folder;
use crate::edge::store::Store;
use crate::edge::{console, examples, measure, open};
use crate::error::Error;
use crate::evidence::{self, Extras};
use crate::plan::Plan;
use crate::sensitivity;

/// Measures a run again, from its folder alone.
pub(super) fn again(args: &FolderArgs) -> Result<u8, Error> {
    let folder = Folder::open(&args.run)?;
    let mut plan = folder.plan()?;
    let store = Store::open_existing(&folder.at("run.sqlite"), &plan.digest())?;
    store.check_head(folder.chain_head().as_deref())?;
    let cohort = cohort(args, &folder, &mut plan);
    let by_hand = ByHand { out: args.adjudicate_out.as_deref(), rulings: args.adjudication.as_deref() };
    write(&plan, &store, cohort, &folder, &args.output, by_hand)
}

/// The cases, for examples; without them the report has none.
fn cohort(args: &FolderArgs, folder: &Folder, plan: &mut Plan) -> Option<Arc<dyn Cohort>> {
    let Some(name) = args.cases.clone().or_else(|| folder.cases()) else {
        console::say(
            "The run folder does not say which cases it used: the report shows no examples; name them with --cases.",
        );
        return None;
    };
    let cohort = open::cases(&name).ok().filter(|cohort| plan.find_in(cohort.as_ref()));
    if cohort.is_none() {
        console::say(&format!("The cases of this run are not at {name} any more: the report shows no examples."));
    }
    cohort
}

/// Writes results and report, prints the summary, and returns the run's exit code.
pub(super) fn write(
    plan: &Plan,
    store: &Store,
    cohort: Option<Arc<dyn Cohort>>,
    folder: &Folder,
    output: &OutputArgs,
    by_hand: ByHand<'_>,
) -> Result<u8, Error> {
    let lexicon = Lexicon::embedded();
    let mut read = measure::read(plan, store, lexicon)?;
    let adjudication = by_hand.rulings(lexicon)?.map(|rulings| read.adjudicate(&rulings, lexicon));
    by_hand.list(&read.unmapped(lexicon))?;
    let found = sensitivity::measure(plan, &read.slots);
    let shows = plan.cohort.synthetic || output.include_inputs;
    let examples = cohort
        .filter(|_| shows)
        .map(|cohort| examples::examples(plan, &read.slots, &found, &CleanCases::new(cohort), lexicon));
    let extras = Extras {
        came_again: read.came_again(plan, &found),
        served: read.served,
        tally: read.tally,
        examples: examples.unwrap_or_default(),
        includes_inputs: output.include_inputs,
        adjudication,
    };
    let record = evidence::record(plan, &read.slots, &found, extras);
    folder.write_results(plan, &read.slots, &record)?;
    show(&record, folder.path());
    if output.json {
        super::put(&super::json(&record.summary)?)?;
    }
    Ok(record.summary.exit)
}

/// The summary for people.
pub(super) fn show(record: &Record, folder: &Path) {
    console::say("");
    for claim in &record.claims {
        let (symbol, word) = match claim.verdict {
            Verdict::Holds => ("✓", "holds"),
            Verdict::Breaks => ("✗", "breaks"),
            Verdict::Undecided => ("?", "undecided"),
            Verdict::Vacuous => ("∅", "vacuous"),
            Verdict::NotTested if record.head.interim.is_some() => ("–", "no verdict"),
            Verdict::NotTested => ("–", "not tested"),
            Verdict::Measured => ("·", "measured"),
        };
        let detail = claim.deciding().and_then(|line| line.estimate.as_ref().map(|estimate| (line, estimate))).map(
            |(line, e)| {
                let events = e.events.map(|events| crate::words::trim(events, 1)).unwrap_or_default();
                let sign = if line.at_most { "≤" } else { "≥" };
                format!("{events} of {} · bound {sign} {}", e.n, crate::words::percent(line.bound))
            },
        );
        let text = format!("  {symbol} {word:<11} {:<24} {}", claim.id, detail.unwrap_or_default());
        console::say(text.trim_end());
    }
    console::say(&format!("\n{}\n{}", record.summary.sentence, record.summary.scope));
    if let Some(note) = &record.head.model_note {
        console::say(note);
    }
    console::say(&format!("Report: {}", folder.join("report.html").display()));
    let meaning = match record.summary {
        Summary { claims: 0, exit: 0, .. } => "measured only; nothing was claimed.",
        Summary { exit, .. } => meaning(exit),
    };
    console::say(&format!("Exit code {}: {meaning}", record.summary.exit));
}

const fn meaning(exit: u8) -> &'static str {
    match exit {
        0 => "every claim holds.",
        1 => "at least one claim breaks.",
        3 => "no claim breaks, but some are undecided, vacuous or not tested.",
        4 => "no claim could be judged.",
        8 => "the plan is not complete; the same command resumes it.",
        _ => "see above.",
    }
}
