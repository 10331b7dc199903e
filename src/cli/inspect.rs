//! `bedside inspect`: single trials, as they were asked and answered.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use super::args::InspectArgs;
use crate::diagnosis::Lexicon;
use crate::edge::examples::diff_of_words;
use crate::edge::folder::Folder;
use crate::edge::marked::{marked, printable};
use crate::edge::measure;
use crate::edge::recording;
use crate::edge::store::{Outcome, Settled, Store};
use crate::error::Error;
use crate::exit::Exit;
use crate::metrics::{self, Judged};
use crate::plan::{Plan, Trial};
use crate::scenario::Basis;
use crate::shift::{self, Slot};
use crate::treatment::Role;
use crate::yaml::nearest;

/// Trials are shown whole only up to this number; more are listed.
const SHOWN: usize = 6;

pub(super) fn inspect(args: &InspectArgs) -> Result<u8, Error> {
    let folder = Folder::open(&args.run)?;
    let plan = folder.plan()?;
    check_names(args, &plan)?;
    let store = Store::open_existing(&folder.at("run.sqlite"), &plan.digest())?;
    store.check_head(folder.chain_head().as_deref())?;
    if let Some(path) = &args.answers_out {
        return record(args, &plan, &store, path);
    }
    let mut all: BTreeMap<u64, Settled> = BTreeMap::new();
    store.read(|settled| {
        all.insert(settled.ordinal, settled);
    })?;
    let view = View { plan: &plan, store: &store, all, open: plan.cohort.synthetic || args.include_inputs };
    let chosen: Vec<u64> = view.all.keys().copied().filter(|ordinal| view.matches(args, *ordinal)).collect();
    super::put(&format!("{} trials", chosen.len()))?;
    for ordinal in &chosen {
        let text = if chosen.len() <= SHOWN { view.whole(*ordinal)? } else { view.line(*ordinal) };
        super::put(&text)?;
    }
    Ok(Exit::Holds.code())
}

/// Writes the answers as a recording. A model may repeat what it was told, so that of real cases has to be asked for.
fn record(args: &InspectArgs, plan: &Plan, store: &Store, path: &Path) -> Result<u8, Error> {
    if !plan.cohort.synthetic && !args.include_inputs {
        let why = "answers may repeat words of real cases; add --include-inputs if the file may hold them";
        return Err(Error::Usage(format!("--answers-out: {why}")));
    }
    let number = recording::write(plan, store, path)?;
    super::put(&format!("{number} answers: use them with --model replay:{}", path.display()))?;
    Ok(Exit::Holds.code())
}

/// A case or scenario that the run does not have is a mistake, and not a run without trials.
fn check_names(args: &InspectArgs, plan: &Plan) -> Result<(), Error> {
    let known = |name: Option<&String>, what: &str, ids: &[&str]| match name {
        Some(name) if !ids.contains(&name.as_str()) => {
            let near = nearest(name, ids).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            Err(Error::Usage(format!("this run has no {what} `{name}`{near}")))
        }
        _ => Ok(()),
    };
    let cases: Vec<&str> = plan.cases.iter().map(|case| case.id.as_str()).collect();
    let scenarios: Vec<&str> = plan.scenarios.iter().map(|scenario| scenario.id.as_str()).collect();
    known(args.case.as_ref(), "case", &cases)?;
    known(args.scenario.as_ref(), "scenario", &scenarios)
}

struct View<'a> {
    plan: &'a Plan,
    store: &'a Store,
    all: BTreeMap<u64, Settled>,
    /// Whether words of cases may be shown.
    open: bool,
}

impl View<'_> {
    fn trial(&self, ordinal: u64) -> Option<Trial> {
        self.plan.asked(ordinal).map(|(trial, _)| trial)
    }

    fn slot(&self, ordinal: u64) -> Slot {
        self.all.get(&ordinal).map_or(Slot::Open, |settled| measure::slot(self.plan, settled, Lexicon::embedded()))
    }

    /// The control's first repeat of a trial's case.
    fn control(&self, trial: Trial) -> Slot {
        self.control_place(trial).map_or(Slot::Open, |place| self.slot(place))
    }

    fn control_place(&self, trial: Trial) -> Option<u64> {
        let is = |other: &Trial| other.case == trial.case && other.treatment == 0 && other.repeat == 0;
        self.plan.trials.iter().position(is).map(|place| place as u64)
    }

    /// What the model was told in a trial otherwise than in its control: a word diff of the two prompts.
    fn beside(&self, control: u64, treated: u64) -> Result<String, Error> {
        let (Some(before), Some(after)) = (self.prompt(control)?, self.prompt(treated)?) else {
            return Ok(String::new());
        };
        if before == after {
            return Ok("words: the same as in the control\n".into());
        }
        let diff = marked(&diff_of_words(&before, &after));
        Ok(format!("words, [-only in the control-] and {{+only here+}}:\n{diff}\n"))
    }

    /// The prompt that was sent, where one was.
    fn prompt(&self, ordinal: u64) -> Result<Option<String>, Error> {
        let digest = self.all.get(&ordinal).and_then(|settled| settled.request.as_ref());
        let canonical = digest.map(|digest| self.store.request(digest)).transpose()?.flatten();
        let request = canonical.and_then(|text| serde_json::from_str::<serde_json::Value>(&text).ok());
        Ok(request.and_then(|request| Some(request.get("prompt")?.as_str()?.to_owned())))
    }

    fn matches(&self, args: &InspectArgs, ordinal: u64) -> bool {
        let Some(trial) = self.trial(ordinal) else { return false };
        if args.trial.is_some_and(|number| number != ordinal) {
            return false;
        }
        let case = self.plan.cases.get(trial.case as usize);
        let of_case = args.case.as_ref().is_none_or(|id| case.is_some_and(|case| case.id == *id));
        let of_scenario = args.scenario.as_ref().is_none_or(|id| self.belongs(trial, id));
        of_case
            && of_scenario
            && (!args.flipped || self.flipped(ordinal, trial))
            && (!args.missing || matches!(self.all.get(&ordinal).map(|s| &s.outcome), Some(Outcome::Failed(_))))
            && (!args.unmapped || self.unmapped(ordinal))
    }

    /// Whether a trial belongs to a scenario: one of its cells, or the control beside it.
    fn belongs(&self, trial: Trial, id: &str) -> bool {
        let Some(scenario) = self.plan.scenarios.iter().position(|scenario| scenario.id == id) else { return false };
        let in_cell = self.plan.cells_of(scenario).any(|cell| cell.treatment == trial.treatment as usize);
        (in_cell || (trial.treatment == 0 && trial.repeat == 0)) && self.plan.concerns(scenario, trial.case as usize)
    }

    fn flipped(&self, ordinal: u64, trial: Trial) -> bool {
        let (before, after) = (self.control(trial), self.slot(ordinal));
        let (Some(before), Some(after)) = (before.reading(), after.reading()) else { return false };
        let Some(case) = self.plan.cases.get(trial.case as usize) else { return false };
        let facts = metrics::Facts::of(&case.truth, &self.plan.cohort.triage);
        let seen = |reading| metrics::Seen { reading, facts };
        let pair = metrics::Pair { before: seen(before), after: seen(after) };
        trial.treatment != 0
            && metrics::find("flip").is_some_and(|flip| flip.judge(&pair, Basis::Shift) == Judged::Event(true))
    }

    fn unmapped(&self, ordinal: u64) -> bool {
        let slot = self.slot(ordinal);
        slot.reading().is_some_and(|reading| reading.list().iter().any(|ranked| ranked.diagnosis.id().is_none()))
    }

    fn line(&self, ordinal: u64) -> String {
        let Some(trial) = self.trial(ordinal) else { return String::new() };
        let case = self.plan.cases.get(trial.case as usize).map(|case| case.id.as_str()).unwrap_or_default();
        let again = self.plan.asked(ordinal).is_some_and(|(_, again)| again);
        let again = if again { ", asked once more" } else { "" };
        format!("#{ordinal}  {case}  {}{again}  →  {}", self.arm(trial), self.reading(&self.slot(ordinal)))
    }

    fn arm(&self, trial: Trial) -> String {
        let Some(treatment) = self.plan.treatments.get(trial.treatment as usize) else { return String::new() };
        let label = self.plan.cells.iter().find(|cell| cell.treatment == trial.treatment as usize);
        let label = label.map_or_else(
            || crate::plan::label(&treatment.steps, None, crate::plan::CellPart::Whole),
            |cell| cell.label.clone(),
        );
        match treatment.role {
            Role::Control if trial.repeat == 0 => "control".into(),
            Role::Control => format!("retest {}", trial.repeat),
            Role::Sham(channel) => format!("{} sham: {label}", channel.name()),
            Role::Positive(channel) => format!("{} positive control: {label}", channel.name()),
            Role::Treated => label,
        }
    }

    fn reading(&self, slot: &Slot) -> String {
        let name = |id: &str| Lexicon::embedded().find(id).map_or_else(|| id.to_owned(), |c| c.name.clone());
        match slot {
            Slot::Unfit(unfit) => format!("not exposed: {unfit}"),
            Slot::Failed { .. } => "no answer".into(),
            Slot::Open => "not settled".into(),
            Slot::Read { .. } => shift::in_words(slot.reading(), name),
        }
    }

    /// Everything about one trial.
    fn whole(&self, ordinal: u64) -> Result<String, Error> {
        let (Some(trial), Some(settled)) = (self.trial(ordinal), self.all.get(&ordinal)) else {
            return Ok(String::new());
        };
        let mut text = format!("\n── {} ──\n", self.line(ordinal));
        let _ = writeln!(text, "control: {}", self.reading(&self.control(trial)));
        if let (true, Some(control)) = (self.open && trial.treatment != 0, self.control_place(trial)) {
            text.push_str(&self.beside(control, ordinal)?);
        }
        for done in &settled.done {
            let change = if self.open {
                super::json(&done.change)?
            } else {
                format!("{} edits (words of real cases: --include-inputs)", done.change.edits.len())
            };
            let _ = writeln!(text, "{}: {change}", done.operator);
        }
        if let Some(digest) = &settled.request {
            let _ = writeln!(text, "request {digest}");
            if let (true, Some(canonical)) = (self.open, self.store.request(digest)?) {
                text.push_str(&prompt(&canonical));
            }
        }
        match &settled.outcome {
            Outcome::Answered(_) if !self.open => text.push_str("answer: (words about real cases: --include-inputs)\n"),
            Outcome::Answered(answer) => {
                let _ = writeln!(text, "answer:\n{}", printable(&answer.text));
            }
            Outcome::Failed(error) => {
                let _ = writeln!(text, "no answer: {error}");
            }
            Outcome::Unfit(unfit) => {
                let _ = writeln!(text, "not exposed: {unfit}");
            }
        }
        Ok(text)
    }
}

/// The prompt and the digests of the pictures, from the stored form of a request.
fn prompt(canonical: &str) -> String {
    let Ok(request) = serde_json::from_str::<serde_json::Value>(canonical) else { return String::new() };
    let text = |key: &str| request.get(key).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
    let images = request.get("images").and_then(|images| images.as_array()).cloned().unwrap_or_default();
    let images: Vec<&str> = images.iter().filter_map(|image| image.as_str()).collect();
    format!("system:\n{}\nprompt:\n{}\npictures: {}\n", text("system"), text("prompt"), images.join(", "))
}
