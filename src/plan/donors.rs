//! Which case lends its photographs or its history to which: never the same patient, each at most once.

use std::collections::{BTreeMap, BTreeSet};

use bedside_perturbations::Stream;

use super::PlannedCase;
use crate::scenario::DonorRule;

/// Assigns a donor to as many of the concerned cases as can have one (a maximum matching by augmenting paths, tried in
/// a random order so that no case is favoured). Cases without a donor are absent from the result.
pub(super) fn assign(
    cases: &[PlannedCase],
    concerned: &[usize],
    rule: DonorRule,
    stream: &mut Stream,
) -> BTreeMap<usize, usize> {
    let mut takers = concerned.to_vec();
    let mut donors: Vec<usize> = (0..cases.len()).filter(|case| is_lendable(cases, *case)).collect();
    stream.shuffle(&mut takers);
    stream.shuffle(&mut donors);
    let mut matching = Matching { cases, rule, donors: &donors, taker_of: BTreeMap::new() };
    for taker in takers {
        matching.place(taker, &mut BTreeSet::new());
    }
    matching.taker_of.into_iter().map(|(donor, taker)| (taker, donor)).collect()
}

fn is_lendable(cases: &[PlannedCase], case: usize) -> bool {
    cases.get(case).is_some_and(|case| !case.modalities.is_empty() || case.told)
}

struct Matching<'a> {
    cases: &'a [PlannedCase],
    rule: DonorRule,
    donors: &'a [usize],
    taker_of: BTreeMap<usize, usize>,
}

impl Matching<'_> {
    /// Finds a donor for a taker: a free one at once, otherwise by moving others along (Kuhn's algorithm).
    fn place(&mut self, taker: usize, tried: &mut BTreeSet<usize>) -> bool {
        let free = self.donors.iter().find(|donor| !self.taker_of.contains_key(donor) && self.suits(taker, **donor));
        if let Some(donor) = free {
            self.taker_of.insert(*donor, taker);
            return true;
        }
        for donor in self.donors {
            if !self.suits(taker, *donor) || !tried.insert(*donor) {
                continue;
            }
            let moved = self.taker_of.get(donor).copied().is_none_or(|other| self.place(other, tried));
            if moved {
                self.taker_of.insert(*donor, taker);
                return true;
            }
        }
        false
    }

    fn suits(&self, taker: usize, donor: usize) -> bool {
        let (Some(taker), Some(donor)) = (self.cases.get(taker), self.cases.get(donor)) else { return false };
        let accepts = |id: &String| taker.truth.accepts(id);
        let told = taker.truth.has_reference() && donor.truth.has_reference();
        taker.patient != donor.patient
            && match self.rule {
                DonorRule::Different => told && !donor.truth.differential.iter().any(|(id, _)| accepts(id)),
                DonorRule::Same => told && taker.truth.leading() == donor.truth.leading(),
                DonorRule::Any => true,
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Truth;
    use proptest::prelude::*;

    fn case(number: usize, diagnosis: &str, patient: usize) -> PlannedCase {
        PlannedCase {
            number,
            id: format!("c{number}"),
            patient: format!("p{patient}"),
            digest: String::new(),
            truth: Truth {
                differential: vec![(diagnosis.into(), 1.0)],
                triage: None,
                dangerous: false,
                must_consider: Vec::new(),
                source: String::new(),
            },
            strata: BTreeMap::new(),
            modalities: vec![bedside_perturbations::Modality::ClinicalPhoto],
            told: true,
            foils: BTreeMap::new(),
            fields: BTreeMap::new(),
            groups: BTreeMap::new(),
        }
    }

    #[test]
    fn the_last_taker_gets_a_donor_by_moving_others() {
        // Two of a kind and one of another: only the pairing across kinds is possible, for two of the three.
        let cases = [case(0, "a", 0), case(1, "b", 1), case(2, "a", 2), case(3, "b", 3)];
        let found = assign(&cases, &[0, 1, 2, 3], DonorRule::Different, &mut Stream::derive(1, &[]));
        assert_eq!(found.len(), 4);
    }

    #[test]
    fn without_a_reference_nobody_is_known_to_have_the_same_disease_or_another() {
        let mut cases = [case(0, "a", 0), case(1, "a", 1), case(2, "b", 2), case(3, "b", 3)];
        cases[2].truth.differential.clear();
        cases[3].truth.differential.clear();
        let found = |rule| assign(&cases, &[0, 1, 2, 3], rule, &mut Stream::derive(1, &[]));
        assert!(found(DonorRule::Different).is_empty());
        assert_eq!(found(DonorRule::Same), BTreeMap::from([(0, 1), (1, 0)]));
        assert_eq!(found(DonorRule::Any).len(), 4);
    }

    proptest! {
        #[test]
        fn no_donor_is_the_same_patient_shares_a_diagnosis_or_lends_twice(
            kinds in proptest::collection::vec(0_u8..4, 1..40), seed: u64,
        ) {
            let cases: Vec<PlannedCase> =
                kinds.iter().enumerate().map(|(i, kind)| case(i, &kind.to_string(), i / 2)).collect();
            let everyone: Vec<usize> = (0..cases.len()).collect();
            let found = assign(&cases, &everyone, DonorRule::Different, &mut Stream::derive(seed, &[]));
            let distinct: BTreeSet<usize> = found.values().copied().collect();
            prop_assert_eq!(distinct.len(), found.len());
            for (taker, donor) in found {
                prop_assert_ne!(&cases[taker].patient, &cases[donor].patient);
                prop_assert_ne!(cases[taker].truth.leading(), cases[donor].truth.leading());
            }
        }
    }
}
