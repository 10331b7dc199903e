//! Clean cases, read and encoded once while their block is under way.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::cohort::{Cohort, CohortError};
use crate::necessity::Needed;
use crate::plan::{Plan, case_digest};
use crate::trial::{Clean, stimulus};

/// How many clean cases are kept. A block of patients and their donors fit; memory does not grow with the cohort.
const KEPT: usize = 24;

type Entry = Arc<OnceLock<Result<Arc<Clean>, CohortError>>>;

/// A cache of clean cases, by index in the plan.
#[derive(Debug)]
pub struct CleanCases {
    cohort: Arc<dyn Cohort>,
    kept: Mutex<VecDeque<(usize, Entry)>>,
}

impl CleanCases {
    /// An empty cache over a cohort.
    #[must_use]
    pub fn new(cohort: Arc<dyn Cohort>) -> Self {
        Self { cohort, kept: Mutex::new(VecDeque::new()) }
    }

    /// The clean case of that index in the plan; read at most once while it is kept, whoever asks.
    ///
    /// # Errors
    /// [`CohortError`] when it cannot be read, or is no longer the case that was planned.
    pub fn of(&self, plan: &Plan, index: usize) -> Result<Arc<Clean>, CohortError> {
        let entry = self.entry(index);
        entry.get_or_init(|| self.read(plan, index).map(Arc::new)).clone()
    }

    /// What the cohort declares of how much each field of a history matters.
    #[must_use]
    pub fn necessity(&self) -> &[Needed] {
        &self.cohort.sheet().necessity
    }

    fn entry(&self, index: usize) -> Entry {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.iter().position(|(other, _)| *other == index).and_then(|place| kept.remove(place));
        if found.is_none() && kept.len() >= KEPT {
            kept.pop_front();
        }
        // The least recently used stands in front.
        let entry = found.map_or_else(Entry::default, |(_, entry)| entry);
        kept.push_back((index, Arc::clone(&entry)));
        entry
    }

    fn read(&self, plan: &Plan, index: usize) -> Result<Clean, CohortError> {
        let changed = |place: &str| CohortError {
            place: place.into(),
            why: "is no longer the case that was planned; plan again, or restore the cohort".into(),
        };
        let planned = plan.cases.get(index).ok_or_else(|| changed("a case"))?;
        let case = self.cohort.case(planned.number)?;
        if case_digest(&case) != planned.digest {
            return Err(changed(&planned.id));
        }
        let pixels: Vec<_> =
            (0..case.images.len()).map(|photo| self.cohort.pixels(&case, photo)).collect::<Result<_, _>>()?;
        let stimulus = stimulus(&case, pixels, &plan.protocol);
        let max_side = plan.protocol.pictures.max_side;
        let pictures = stimulus.images.iter().map(|image| super::wire::picture(&image.pixels, max_side)).collect();
        Ok(Clean { case, stimulus, pictures })
    }
}
