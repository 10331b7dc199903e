//! Which cases of a cohort are shown: skin of every tone first, because a corruption is not the same on each.

use bedside_perturbations::Tone;

use crate::case::tone;
use crate::plan::PlannedCase;

/// More photographs than this are no better for a sheet.
const ENOUGH: usize = 4;

/// Indices of up to `most` cases: one of each skin tone group that there is, light to dark, then others in the order of
/// the plan. Of a group that one is taken which has the most photographs, because some perturbations are about several.
#[must_use]
pub fn chosen(cases: &[PlannedCase], most: usize) -> Vec<usize> {
    let mut places: Vec<usize> = (0..cases.len()).collect();
    let photographs = |place: &usize| cases.get(*place).map_or(0, |case| case.modalities.len().min(ENOUGH));
    places.sort_by_key(|place| core::cmp::Reverse(photographs(place)));
    let of = |place: &usize| cases.get(*place).and_then(|case| tone(&case.strata));
    let first = |wanted: Tone| places.iter().copied().find(|place| of(place) == Some(wanted));
    let mut chosen: Vec<usize> = [Tone::Light, Tone::Medium, Tone::Dark].into_iter().filter_map(first).collect();
    let others: Vec<usize> = (0..cases.len()).filter(|place| !chosen.contains(place)).collect();
    chosen.extend(others);
    chosen.truncate(most);
    chosen
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use bedside_perturbations::Modality;

    use super::*;
    use crate::case::Truth;

    fn case(tone: Option<&str>, photographs: usize) -> PlannedCase {
        PlannedCase {
            number: 0,
            id: String::new(),
            patient: String::new(),
            digest: String::new(),
            truth: Truth {
                differential: Vec::new(),
                triage: None,
                dangerous: false,
                must_consider: Vec::new(),
                source: String::new(),
            },
            strata: tone.map(|tone| ("skin_tone".to_owned(), tone.to_owned())).into_iter().collect(),
            modalities: vec![Modality::ClinicalPhoto; photographs],
            told: true,
            foils: BTreeMap::new(),
            fields: BTreeMap::new(),
            groups: BTreeMap::new(),
        }
    }

    #[test]
    fn every_tone_group_is_shown_light_to_dark_wherever_it_stands() {
        let cases = ["II", "I", "V", "II", "VI", "IV"].map(|tone| case(Some(tone), 1));
        assert_eq!(chosen(&cases, 3), [0, 5, 2]);
        assert_eq!(chosen(&cases, 2), [0, 5]);
    }

    #[test]
    fn the_case_with_the_most_photographs_stands_for_its_group() {
        let cases = [("I", 1), ("II", 3), ("III", 2), ("I", 3), ("VI", 0)].map(|(tone, n)| case(Some(tone), n));
        assert_eq!(chosen(&cases, 3), [1, 2, 4]);
    }

    #[test]
    fn more_than_four_photographs_are_no_better() {
        assert_eq!(chosen(&[("I", 3), ("I", 4), ("I", 20)].map(|(tone, n)| case(Some(tone), n)), 1), [1]);
    }

    #[test]
    fn without_tones_the_first_cases_are_shown_and_missing_groups_are_filled_up() {
        let unknown = [case(None, 1), case(None, 4), case(None, 2), case(None, 1)];
        assert_eq!(chosen(&unknown, 3), [0, 1, 2]);
        let mixed = [case(None, 1), case(Some("light"), 1), case(Some("V"), 1)];
        assert_eq!(chosen(&mixed, 3), [2, 0, 1]);
        assert!(chosen(&[], 3).is_empty());
    }
}
