//! The lookout of a run: it sees when a look is due, takes it, and says when the model is too unsteady for the bounds.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use super::{Run, lock};
use crate::diagnosis::Lexicon;
use crate::edge::measure;
use crate::edge::store::Store;
use crate::error::Error;
use crate::event::Event;
use crate::plan::Plan;
use crate::steadiness::{Look, Unrest, looks};

/// Watches over one call of a run.
pub(super) struct Lookout {
    plan: Arc<Plan>,
    lexicon: &'static Lexicon,
    stops: bool,
    /// The looks that are still to come, each with those of its trials that are not in the store.
    ahead: Vec<(Look, BTreeSet<u64>)>,
    /// How many claims were said to be lost.
    said: usize,
    enough: Arc<AtomicBool>,
}

impl Lookout {
    /// A lookout over what is pending. Where only findings are asked once more, the plan is complete and nothing is looked at.
    pub(super) fn new(run: &Run, settled: &BTreeSet<u64>, pending: &[u64]) -> Self {
        let asks_plan = pending.iter().any(|place| *place < run.plan.trials.len() as u64);
        let looks = if asks_plan { looks(&run.plan) } else { Vec::new() };
        let ahead = looks.into_iter().map(|look| {
            let waiting = look.trials.difference(settled).copied().collect();
            (look, waiting)
        });
        Self {
            ahead: ahead.collect(),
            plan: Arc::clone(&run.plan),
            lexicon: run.lexicon,
            stops: run.stops_when_unsteady,
            said: 0,
            enough: Arc::default(),
        }
    }

    /// Set once no more is to be asked.
    pub(super) fn enough(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.enough)
    }

    /// Notes what came into the store.
    pub(super) fn hear(&mut self, event: &Event) {
        if let Event::Settled { ordinal, .. } = event {
            for (_, waiting) in &mut self.ahead {
                waiting.remove(ordinal);
            }
        }
    }

    /// Takes the largest look that is due, if one is.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) fn look(&mut self, store: &Mutex<Store>, hear: &mut dyn FnMut(Event)) -> Result<(), Error> {
        let due = self.ahead.iter().take_while(|(_, waiting)| waiting.is_empty()).count();
        let Some((look, _)) = self.ahead.drain(..due).next_back() else { return Ok(()) };
        let control = measure::only(&self.plan, &lock(store), self.lexicon, &look.trials)?;
        let unrest = Unrest::at(&self.plan, &look, &control);
        let stops = unrest.leaves_nothing() && self.stops;
        if let Some(words) = unrest.in_words().filter(|_| stops || unrest.lost.len() > self.said) {
            self.said = unrest.lost.len();
            hear(Event::Noticed(format!("{words} {}", if stops { STOPPED } else { ON_IT_GOES })));
        }
        self.enough.fetch_or(stops, Ordering::Relaxed);
        Ok(())
    }
}

/// What is said where the run stops.
const STOPPED: &str = "No more is asked; without --stop-when-unsteady the same command goes on. Ways out: a temperature of 0, or \
                       bounds on `net: true` rates.";

/// What is said where it does not.
const ON_IT_GOES: &str = "The run goes on; with --stop-when-unsteady it stops where this is so of every open claim.";
