//! The run: one bounded stream over the trials that are not settled. Perturb, ask, keep; resumable at any moment.

mod lookout;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use bedside_perturbations::{Stimulus, Value};
use futures_util::stream::{self, StreamExt};
use lookout::Lookout;
use tokio::sync::watch;

use super::clean::CleanCases;
use super::model::Model;
use super::model::planted::{Briefing, Hint};
use super::store::{Outcome, Settled, Store};
use crate::answer::{Failure, ModelError};
use crate::cohort::Cohort;
use crate::diagnosis::Lexicon;
use crate::error::Error;
use crate::event::{Ending, Event};
use crate::plan::{Plan, PlannedCase, Trial};
use crate::treatment::Treatment;
use crate::trial::{Clean, Making, Ready, changed_fields, choices};

/// After how many failures in a row, with no answer in between, a run stops rather than spend the plan on an outage.
const OUTAGE: usize = 12;

/// The same while there has been no answer at all: then a model is not there, or is not set up rightly.
const NEVER_THERE: usize = 3;

/// What a run is carried out with.
#[derive(Debug, Clone)]
pub struct Run {
    /// The plan.
    pub plan: Arc<Plan>,
    /// What is to be settled: places in the store, in order ([`Plan::asked`]).
    pub agenda: Vec<u64>,
    /// The cases.
    pub cohort: Arc<dyn Cohort>,
    /// The model.
    pub model: Arc<dyn Model>,
    /// The table that a planted model is briefed through; no other model has one.
    pub briefing: Option<Arc<Briefing>>,
    /// The lexicon, for the names that a planted model writes.
    pub lexicon: &'static Lexicon,
    /// The most questions that are under way at once.
    pub in_flight: usize,
    /// The most questions asked by this call.
    pub max_calls: Option<u64>,
    /// Whether to stop once the model's own unrest is beyond the bounds of every claim that is still open.
    pub stops_when_unsteady: bool,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// Every trial is settled.
    Complete,
    /// Stopped on request or at a limit; the rest can be resumed.
    Stopped,
    /// Stopped, as was asked for, because the model's own unrest is beyond the bounds.
    Unsteady,
    /// The model stopped answering.
    Outage(ModelError),
}

/// What became of one trial, before it is kept.
struct Answered {
    settled: Settled,
}

impl Run {
    /// Carries out what is left of the agenda. What was answered is in the store before the next event is heard.
    ///
    /// # Errors
    /// When the store cannot be written, or when the model gave no answer at all from the start.
    pub async fn carry_out(
        self,
        store: Store,
        stop: watch::Receiver<bool>,
        hear: &mut (dyn FnMut(Event) + Send),
    ) -> Result<(Store, Ended), Error> {
        let settled = store.settled()?;
        let pending: Vec<u64> = self.agenda.iter().copied().filter(|ordinal| !settled.contains(ordinal)).collect();
        let done = self.agenda.len() - pending.len();
        hear(Event::Begun { planned: self.agenda.len() as u64, settled: done as u64 });
        let store = Arc::new(Mutex::new(store));
        let mut keeper = Keeper::new(Arc::clone(&store), !settled.is_empty());
        let mut lookout = Lookout::new(&self, &settled, &pending);
        lookout.look(&store, hear)?;
        let limit = pending.len().min(usize::try_from(self.max_calls.unwrap_or(u64::MAX)).unwrap_or(usize::MAX));
        let in_flight = self.in_flight.max(1);
        let desk = Arc::new(Desk::new(self, store));
        let halted = stop.clone();
        let enough = lookout.enough();
        let mut trials = Box::pin(
            stream::iter(pending.iter().copied().take(limit))
                .take_while(|_| std::future::ready(!*halted.borrow() && !enough.load(Ordering::Relaxed)))
                .map(|ordinal| Arc::clone(&desk).settle(ordinal))
                .buffer_unordered(in_flight),
        );
        let (mut outage, mut begun) = (None, 0);
        while let Some(answered) = trials.next().await {
            begun += 1;
            if outage.is_none() {
                let mut both = |event: Event| {
                    lookout.hear(&event);
                    hear(event);
                };
                outage = keeper.keep(answered?.settled, &mut both)?;
                lookout.look(&keeper.store, hear)?;
            }
            if outage.is_some() {
                break;
            }
        }
        drop(trials);
        drop(desk);
        let unsteady = enough.load(Ordering::Relaxed) && begun < limit;
        let left = keeper.finish(outage, limit < pending.len() && !unsteady, *stop.borrow() || unsteady, hear)?;
        let store = keeper.into_store().await?;
        Ok((store, if unsteady && left == Ended::Stopped { Ended::Unsteady } else { left }))
    }
}

/// What the trials under way share.
struct Desk {
    run: Run,
    clean: CleanCases,
    store: Arc<Mutex<Store>>,
    /// The names that a forced choice offers.
    choices: Vec<String>,
    /// What a planted model writes for each id.
    names: Arc<BTreeMap<String, String>>,
    /// The diagnoses of the cohort.
    others: Arc<Vec<String>>,
}

impl Desk {
    fn new(run: Run, store: Arc<Mutex<Store>>) -> Self {
        let names = run.lexicon.concepts().iter().map(|concept| (concept.id.clone(), concept.name.clone()));
        let others: BTreeSet<String> = run.plan.cases.iter().flat_map(|case| ids(&case.truth.differential)).collect();
        Self {
            clean: CleanCases::new(Arc::clone(&run.cohort)),
            choices: choices(run.lexicon),
            names: Arc::new(names.collect()),
            others: Arc::new(others.into_iter().collect()),
            run,
            store,
        }
    }

    /// Perturbs on a worker thread, notes the request, asks.
    async fn settle(self: Arc<Self>, ordinal: u64) -> Result<Answered, Error> {
        let maker = Arc::clone(&self);
        let made = tokio::task::spawn_blocking(move || maker.make(ordinal)).await;
        let made = made.map_err(|error| Error::Internal(format!("a worker ended early: {error}")))??;
        let (trial, ready) = match made {
            Made::Ready(trial, ready) => (trial, ready),
            Made::Settled(settled) => return Ok(Answered { settled: *settled }),
        };
        let digest = ready.request.digest();
        lock(&self.store).ask(ordinal, &digest, &ready.request.canonical())?;
        if let Some(briefing) = &self.run.briefing {
            briefing.tell(&digest, self.hint(trial, &ready));
        }
        let outcome = match self.run.model.ask(&ready.request).await {
            Ok(answer) => Outcome::Answered(answer),
            Err(error) => Outcome::Failed(error),
        };
        let Ready { done, planted, .. } = *ready;
        Ok(Answered { settled: Settled { ordinal, outcome, request: Some(digest), done, planted } })
    }

    /// Makes the request of a trial; a treatment that does not apply and a case that cannot be read settle it at once.
    fn make(&self, ordinal: u64) -> Result<Made, Error> {
        let plan = &self.run.plan;
        let (trial, again) = plan.asked(ordinal).ok_or_else(|| Error::Internal(format!("no trial {ordinal}")))?;
        let settle = |outcome| {
            Made::Settled(Box::new(Settled { ordinal, outcome, request: None, done: Vec::new(), planted: None }))
        };
        let (clean, donor) = match self.read(trial) {
            Ok(cases) => cases,
            Err(failed) => return Ok(settle(Outcome::Failed(failed))),
        };
        let making = Making { plan, trial, again, clean, donor, choices: &self.choices };
        Ok(match making.make(super::wire::picture) {
            Ok(ready) => Made::Ready(trial, Box::new(ready)),
            Err(unfit) => settle(Outcome::Unfit(unfit)),
        })
    }

    fn read(&self, trial: Trial) -> Result<(Arc<Clean>, Option<Arc<Clean>>), ModelError> {
        let case = |index: u32| {
            self.clean.of(&self.run.plan, index as usize).map_err(|error| ModelError {
                kind: Failure::Unsuitable,
                message: format!("the case could not be shown: {error}"),
                attempts: 0,
            })
        };
        Ok((case(trial.case)?, trial.donor.map(case).transpose()?))
    }

    /// What a planted model may know of a request.
    fn hint(&self, trial: Trial, ready: &Ready) -> Hint {
        let plan = &self.run.plan;
        let case = |index: u32| plan.cases.get(index as usize);
        let (own, donor) = (case(trial.case), trial.donor.and_then(case));
        let treatment = plan.treatments.get(trial.treatment as usize);
        let uses = |operator: &str| treatment.is_some_and(|what| what.steps.iter().any(|s| s.operator == operator));
        let shown = |swap: &str| leading(if uses(swap) { donor } else { own });
        let truth = own.map(|case| &case.truth);
        let clean = self.clean.of(plan, trial.case as usize).ok();
        Hint {
            case: own.map(|case| case.id.clone()).unwrap_or_default(),
            accepted: truth.map(|truth| ids(&truth.differential)).unwrap_or_default(),
            leading: leading(own).unwrap_or_default(),
            triage: truth.and_then(|truth| truth.triage.as_ref()).map(|t| t.ideal.clone()).unwrap_or_default(),
            triage_scale: if plan.protocol.contract.triage { words(plan) } else { Vec::new() },
            must_consider: truth.map(|truth| truth.must_consider.clone()).unwrap_or_default(),
            names: Arc::clone(&self.names),
            others: Arc::clone(&self.others),
            images_show: (!ready.stimulus.images.is_empty()).then(|| shown("wrong_image")).flatten(),
            image_level: treatment.map_or(0, Treatment::image_severity),
            history_tells: (!ready.stimulus.history.is_empty()).then(|| shown("wrong_history")).flatten(),
            told: (told(&ready.stimulus), clean.map_or(0, |clean| told(&clean.stimulus))),
            changed_fields: changed_fields(&ready.done),
            planted: ready.planted.clone(),
            altered: trial.treatment != 0,
            may_abstain: plan.protocol.contract.may_abstain,
            form: plan.protocol.contract.form,
        }
    }
}

fn leading(case: Option<&PlannedCase>) -> Option<String> {
    case.and_then(|case| case.truth.leading().map(String::from))
}

fn ids(differential: &[(String, f64)]) -> Vec<String> {
    differential.iter().map(|(id, _)| id.clone()).collect()
}

fn words(plan: &Plan) -> Vec<String> {
    plan.cohort.triage.0.iter().map(|step| step.id.clone()).collect()
}

/// How many history values are known.
fn told(stimulus: &Stimulus) -> u32 {
    let known = stimulus.history.fields.iter().filter(|field| field.value != Value::Deleted).count();
    u32::try_from(known).unwrap_or(u32::MAX)
}

/// A trial before it is asked.
enum Made {
    /// Ready to be asked.
    Ready(Trial, Box<Ready>),
    /// Over already.
    Settled(Box<Settled>),
}

/// Keeps what comes in. Failures of any kind are held back until an answer shows that the model is there and lets us
/// in, so that an outage or an expired key does not become missing data; what is held back when a run stops is asked
/// again on resume.
struct Keeper {
    store: Arc<Mutex<Store>>,
    held: Vec<Settled>,
    answered: bool,
}

impl Keeper {
    fn new(store: Arc<Mutex<Store>>, answered: bool) -> Self {
        Self { store, held: Vec::new(), answered }
    }

    /// Keeps one trial; an error that stands for an outage when there have been too many failures in a row.
    fn keep(&mut self, settled: Settled, hear: &mut (dyn FnMut(Event) + Send)) -> Result<Option<ModelError>, Error> {
        if let Outcome::Failed(error) = &settled.outcome
            && settled.request.is_some()
        {
            let error = error.clone();
            self.held.push(settled);
            let most = if self.answered { OUTAGE } else { NEVER_THERE };
            return Ok((self.held.len() >= most).then_some(error));
        }
        if matches!(settled.outcome, Outcome::Answered(_)) {
            self.answered = true;
            self.release(hear)?;
        }
        self.write(&settled, hear)?;
        Ok(None)
    }

    fn release(&mut self, hear: &mut (dyn FnMut(Event) + Send)) -> Result<(), Error> {
        for settled in std::mem::take(&mut self.held) {
            self.write(&settled, hear)?;
        }
        Ok(())
    }

    fn write(&self, settled: &Settled, hear: &mut (dyn FnMut(Event) + Send)) -> Result<(), Error> {
        lock(&self.store).settle(settled)?;
        let ending = match settled.outcome {
            Outcome::Answered(_) => Ending::Answered,
            Outcome::Failed(_) => Ending::Failed,
            Outcome::Unfit(_) => Ending::Unfit,
        };
        hear(Event::Settled { ordinal: settled.ordinal, ending });
        Ok(())
    }

    /// Says how the run ended; a model that never answered at all is an error.
    fn finish(
        &mut self,
        outage: Option<ModelError>,
        limited: bool,
        stopped: bool,
        hear: &mut (dyn FnMut(Event) + Send),
    ) -> Result<Ended, Error> {
        let last = self.held.last().and_then(|settled| match &settled.outcome {
            Outcome::Failed(error) => Some(error.clone()),
            _ => None,
        });
        match (outage.or(last), self.answered) {
            (Some(error), false) => return Err(Error::Model(error)),
            (Some(error), true) if self.held.len() >= OUTAGE => return Ok(Ended::Outage(error)),
            // More is still to be asked: the answer that would show that the model was there has not come yet.
            _ if limited || stopped => {}
            _ => self.release(hear)?,
        }
        if limited {
            hear(Event::LimitReached("the limit on calls was reached".into()));
        }
        Ok(if limited || stopped { Ended::Stopped } else { Ended::Complete })
    }

    /// The store, once no worker holds it any more: after an outage some still make requests that nobody will ask.
    async fn into_store(self) -> Result<Store, Error> {
        while Arc::strong_count(&self.store) > 1 {
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
        let store = Arc::try_unwrap(self.store);
        let store = store.map_err(|_| Error::Internal("a trial is still under way after the run".into()))?;
        Ok(store.into_inner().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A lock that outlives a panic elsewhere: the store is written in whole transactions, so it is never half changed.
fn lock(store: &Mutex<Store>) -> std::sync::MutexGuard<'_, Store> {
    store.lock().unwrap_or_else(PoisonError::into_inner)
}
