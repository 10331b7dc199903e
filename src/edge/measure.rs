//! From the store to results: every settled trial is read again, so that a run can be measured without its model.

use std::collections::{BTreeMap, BTreeSet};

use bedside_reports::record::Adjudicated;

use super::store::{Outcome, Settled, Store};
use crate::diagnosis::{Adjudication, Lexicon, Unmapped};
use crate::error::Error;
use crate::evidence::Tally;
use crate::plan::{Plan, Trial};
use crate::readers;
use crate::reading::{Challenge, Reason, Says};
use crate::sensitivity::{Finding, Sensitivity};
use crate::shift::{Slot, Slots};
use crate::treatment::Done;
use crate::trial::{made_up, silenced_fields};

/// What a store says, read.
#[derive(Debug, Clone, Default)]
pub struct Read {
    /// How every trial ended.
    pub slots: Slots,
    /// How trials that were asked once more ended, by their place in the plan.
    pub again: BTreeMap<u64, Slot>,
    /// The ends, counted.
    pub tally: Tally,
    /// The model versions that say they served the answers, sorted.
    pub served: Vec<String>,
}

/// Reads every settled trial of a plan.
///
/// # Errors
/// When the store is damaged or belongs to another plan.
pub fn read(plan: &Plan, store: &Store, lexicon: &Lexicon) -> Result<Read, Error> {
    let mut read = Read::default();
    let mut served = BTreeSet::new();
    let mut stranger = None;
    store.read(|settled| {
        let Some((trial, again)) = plan.asked(settled.ordinal) else {
            stranger = Some(settled.ordinal);
            return;
        };
        if again {
            read.again.insert(settled.ordinal - plan.place_again(0), slot(plan, &settled, lexicon));
            return;
        }
        if let Outcome::Answered(answer) = &settled.outcome {
            served.extend(answer.served.clone());
        }
        read.add(plan, trial, &settled, lexicon);
    })?;
    if let Some(ordinal) = stranger {
        return Err(Error::Internal(format!("the store holds a trial ({ordinal}) that the plan does not")));
    }
    read.tally.planned = plan.trials.len() as u64;
    read.served = served.into_iter().collect();
    Ok(read)
}

/// Reads those trials of a plan and nothing else.
///
/// # Errors
/// When the store is damaged or belongs to another plan.
pub fn only(plan: &Plan, store: &Store, lexicon: &Lexicon, trials: &BTreeSet<u64>) -> Result<Slots, Error> {
    let mut slots = Slots::default();
    store.read(|settled| {
        if trials.contains(&settled.ordinal)
            && let Some((trial, false)) = plan.asked(settled.ordinal)
        {
            slots.insert(trial.case, trial.treatment, trial.repeat, slot(plan, &settled, lexicon));
        }
    })?;
    Ok(slots)
}

impl Read {
    /// Which of the findings came again when they were asked once more; `None` where that was not asked or cannot be
    /// told.
    #[must_use]
    pub fn came_again(&self, plan: &Plan, found: &Sensitivity) -> Vec<Option<bool>> {
        let again = |finding: &Finding| {
            let slot = self.again.get(&finding.trial(plan, &found.claims)?)?;
            finding.came_again(plan, &self.slots, &found.claims, slot)
        };
        found.worst.iter().map(again).collect()
    }

    /// The distinct words of all answers that map to no concept.
    #[must_use]
    pub fn unmapped(&self, lexicon: &Lexicon) -> Vec<Unmapped> {
        let slots = self.slots.all().chain(self.again.values());
        Unmapped::in_readings(slots.filter_map(Slot::reading), lexicon)
    }

    /// Replaces words that map to no concept by what a person says they mean, and counts the distinct ones.
    pub fn adjudicate(&mut self, adjudication: &Adjudication, lexicon: &Lexicon) -> Adjudicated {
        let [mapped, other, open] = adjudication.counts(&self.unmapped(lexicon));
        for slot in self.slots.all_mut().chain(self.again.values_mut()) {
            if let Slot::Read { reading, .. } = slot {
                adjudication.apply(reading);
            }
        }
        Adjudicated { digest: adjudication.digest().to_owned(), mapped, other, open }
    }

    fn add(&mut self, plan: &Plan, trial: Trial, settled: &Settled, lexicon: &Lexicon) {
        let slot = slot(plan, settled, lexicon);
        self.count(&slot);
        self.slots.insert(trial.case, trial.treatment, trial.repeat, slot);
    }

    fn count(&mut self, slot: &Slot) {
        let tally = &mut self.tally;
        tally.settled += 1;
        let place = match slot {
            Slot::Read { reading, .. } => match reading.lost() {
                None => &mut tally.readable,
                Some(Reason::Refused) => &mut tally.refused,
                Some(Reason::Truncated) => &mut tally.truncated,
                Some(Reason::Unreadable) => &mut tally.unreadable,
                Some(Reason::ModelFailed { .. }) => &mut tally.failed,
            },
            Slot::Failed { .. } => &mut tally.failed,
            Slot::Unfit(_) => &mut tally.unfit,
            Slot::Open => return,
        };
        *place += 1;
    }
}

/// What an answer makes of what its treatment left out or made up: complaints that it denies, inventions that it takes up.
fn made_of_it(text: &str, done: &[Done], lexicon: &Lexicon) -> Vec<Says> {
    let denied = silenced_fields(done).into_iter().filter(|field| readers::denies(text, field)).map(Says::NoTo);
    let taken_up = made_up(done).filter(|name| readers::takes_up(text, name, lexicon)).map(|_| Says::MadeUp);
    denied.chain(taken_up).collect()
}

/// What one settled trial says.
#[must_use]
pub fn slot(plan: &Plan, settled: &Settled, lexicon: &Lexicon) -> Slot {
    match &settled.outcome {
        Outcome::Answered(answer) => {
            let mut reading = readers::read(answer, &plan.protocol.contract, &plan.cohort.triage, lexicon);
            if reading.lost().is_none() {
                reading.says.extend(made_of_it(&answer.text, &settled.done, lexicon));
                let doubts = |name: &str| readers::doubts_that_exists(&answer.text, name, lexicon);
                reading.challenges.extend(made_up(&settled.done).any(doubts).then_some(Challenge::Unknown));
            }
            Slot::Read { reading, planted: settled.planted.clone() }
        }
        Outcome::Failed(_) => Slot::Failed { planted: settled.planted.clone() },
        Outcome::Unfit(unfit) => Slot::Unfit(unfit.clone()),
    }
}
