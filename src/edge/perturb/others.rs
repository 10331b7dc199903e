//! What a step needs from outside a case: another patient's case, a wrong diagnosis. Chosen as a plan chooses them.

use std::collections::BTreeMap;

use bedside_perturbations::{Foil, Stimulus, Unfit};

use crate::case::Case;
use crate::cohort::{Cohort, CohortError};
use crate::diagnosis::{Concept, Lexicon};
use crate::edge::open;
use crate::error::Error;
use crate::foil;
use crate::plan::{self, Plan};
use crate::treatment::Treatment;

/// The other cases of a cohort.
#[derive(Debug)]
pub(super) struct Others<'a> {
    cohort: &'a dyn Cohort,
    /// Made only where a step needs something.
    plan: Option<Plan>,
    /// The diagnosis that was named instead.
    foil: Option<&'static Concept>,
}

impl<'a> Others<'a> {
    /// What those treatments may need.
    ///
    /// # Errors
    /// When a case cannot be read.
    pub(super) fn of<'b>(
        cohort: &'a dyn Cohort,
        mut treatments: impl Iterator<Item = &'b Treatment>,
        seed: u64,
        foil: Option<&'static Concept>,
    ) -> Result<Self, Error> {
        let needed = treatments.any(|treatment| treatment.donor.is_some() || treatment.foil.is_some());
        let plan = needed.then(|| open::unasked(cohort, seed)).transpose()?;
        Ok(Self { cohort, plan, foil })
    }

    /// Which case lends to which, by their numbers: never the same patient, each at most once.
    pub(super) fn donors(&self, treatment: &Treatment) -> BTreeMap<usize, usize> {
        let Some(plan) = &self.plan else { return BTreeMap::new() };
        let everyone: Vec<usize> = (0..plan.cases.len()).collect();
        let number = |place: usize| plan.cases.get(place).map(|case| case.number);
        let pairs = plan.donors_of(treatment, &everyone).into_iter();
        pairs.filter_map(|(taker, donor)| Some((number(taker)?, number(donor)?))).collect()
    }

    /// The wrong diagnosis to plant on a case, where a step plants one.
    pub(super) fn foil<'b>(&'b self, case: &Case, treatment: &Treatment) -> Option<Foil<'b>> {
        let rule = treatment.foil?;
        if let Some(concept) = self.foil {
            return foil::named(concept, &case.truth, Lexicon::embedded());
        }
        let cases = &self.plan.as_ref()?.cases;
        let place = cases.binary_search_by(|planned| planned.id.cmp(&case.id)).ok()?;
        let foil = cases.get(place)?.foils.get(&rule)?;
        Some(Foil { id: &foil.id, name: &foil.name, pull: foil.pull })
    }

    /// The field that the treatment is about, where each case has its own.
    ///
    /// # Errors
    /// [`Unfit`] where this case tells none.
    pub(super) fn field(&self, case: &Case, treatment: &Treatment, seed: u64) -> Result<Option<String>, Unfit> {
        plan::field_of_case(treatment, case, &self.cohort.sheet().necessity, seed)
    }

    /// The language of the histories where it is not English.
    pub(super) fn language(&self) -> Option<&str> {
        self.cohort.sheet().foreign_language()
    }

    /// A case of the cohort with its photographs.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn read(&self, number: usize) -> Result<(Case, Stimulus), CohortError> {
        let case = self.cohort.case(number)?;
        let pixels = (0..case.images.len()).map(|photo| self.cohort.pixels(&case, photo));
        let pixels = pixels.collect::<Result<Vec<_>, _>>()?;
        let stimulus = crate::trial::shown(&case, pixels, String::new());
        Ok((case, stimulus))
    }
}
