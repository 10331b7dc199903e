//! One line by the groups that its cohort declares (skin tone, sex, age band, …): rates, and how far apart groups lie.
//! Measured, never judged, and not corrected for how many groups are looked at.

use std::collections::{BTreeMap, BTreeSet};

use bedside_perturbations::Tone;

use crate::metrics::Metric;
use crate::plan::{Cell, Plan};
use crate::scenario::Accept;
use crate::shift::{self, Slots, Told};
use crate::stats::{self, Estimate, Observation};

/// Below this number of cases a group is too small to say anything.
pub const FEWEST_IN_GROUP: u64 = 30;

/// A stratum with more groups than this says too little of each: it is left out (a number in place of a band, a site).
pub const MOST_GROUPS: usize = 12;

/// A group of cases at one cell of a line.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The stratum, in words.
    pub stratum: String,
    /// The group; skin tones are grouped by two types of Fitzpatrick's.
    pub name: String,
    /// Cases in the denominator.
    pub n: u64,
    /// The rate of the line's event; `None` below [`FEWEST_IN_GROUP`] cases.
    pub rate: Option<Estimate>,
    /// The rate less that of the stratum's largest group, with that group's name; `None` where either is too small, and for
    /// the largest group itself.
    pub less: Option<(String, Estimate)>,
}

/// An accept line's event in a cell, by every stratum of which the plan's cases know 2 to [`MOST_GROUPS`] groups.
#[must_use]
pub fn by_group(plan: &Plan, slots: &Slots, cell: &Cell, accept: &Accept, metric: &Metric) -> Vec<Group> {
    let told: Vec<(&BTreeMap<String, String>, Observation)> = shift::of_cell(plan, slots, cell)
        .iter()
        .filter_map(|shift| {
            let strata = &plan.cases.get(shift.case)?.strata;
            match shift.told(metric, accept.on) {
                Told::Event(event) if shift.is_among(accept.among.as_ref(), strata) => {
                    Some((strata, super::observation(shift, f64::from(u8::from(event)))))
                }
                _ => None,
            }
        })
        .collect();
    strata(plan).into_iter().flat_map(|stratum| groups(stratum, &told)).collect()
}

/// The strata that have groups to compare.
fn strata(plan: &Plan) -> Vec<&str> {
    let mut known: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (stratum, value) in plan.cases.iter().flat_map(|case| &case.strata) {
        known.entry(stratum).or_default().extend(group_of(stratum, value));
    }
    known.retain(|_, groups| (2..=MOST_GROUPS).contains(&groups.len()));
    known.into_keys().collect()
}

/// The group of a value: skin tones by two, everything else as it stands; `None` for a tone that is none.
fn group_of(stratum: &str, value: &str) -> Option<String> {
    if stratum != "skin_tone" {
        return Some(value.to_owned());
    }
    let name = match crate::case::tone(&BTreeMap::from([(stratum.to_owned(), value.to_owned())]))? {
        Tone::Light => "I-II",
        Tone::Medium => "III-IV",
        Tone::Dark => "V-VI",
    };
    Some(name.to_owned())
}

fn groups(stratum: &str, told: &[(&BTreeMap<String, String>, Observation)]) -> Vec<Group> {
    let mut values: BTreeMap<(u64, String), Vec<Observation>> = BTreeMap::new();
    for (strata, observation) in told {
        if let Some(group) = strata.get(stratum).and_then(|value| group_of(stratum, value)) {
            values.entry((first_number(&group), group)).or_default().push(*observation);
        }
    }
    let large = |values: &Vec<Observation>| values.len() as u64 >= FEWEST_IN_GROUP;
    // Of groups of the same size the first.
    let largest = values.iter().rev().filter(|(_, values)| large(values)).max_by_key(|(_, values)| values.len());
    let one = |(key, values): (&(u64, String), &Vec<Observation>)| Group {
        stratum: stratum.replace('_', " "),
        name: key.1.clone(),
        n: values.len() as u64,
        rate: stats::proportion(values, stats::LEVEL).map(|rate| rate.estimate).filter(|_| large(values)),
        less: largest
            .filter(|(other, _)| *other != key && large(values))
            .and_then(|(other, most)| Some((other.1.clone(), stats::difference_between(values, most, stats::LEVEL)?))),
    };
    values.iter().map(one).collect()
}

/// The number with which a group's name begins, so that 5-9 stands before 10-19; names without one come last.
fn first_number(name: &str) -> u64 {
    let digits: String = name.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(groups: &[(&str, u32, u32)]) -> Vec<(BTreeMap<String, String>, Observation)> {
        let mut patient = 0;
        let mut list = Vec::new();
        for (name, events, of) in groups {
            for place in 0..*of {
                let value = f64::from(u8::from(place < *events));
                list.push((BTreeMap::from([("age_band".into(), (*name).into())]), Observation { patient, value }));
                patient += 1;
            }
        }
        list
    }

    fn of(list: &[(&str, u32, u32)]) -> Vec<Group> {
        let owned = told(list);
        let borrowed: Vec<_> = owned.iter().map(|(strata, observation)| (strata, *observation)).collect();
        groups("age_band", &borrowed)
    }

    #[test]
    fn groups_are_set_against_the_largest_and_small_ones_say_nothing() {
        let found = of(&[("10-19", 20, 40), ("5-9", 6, 60), ("80+", 9, 29), ("unknown", 3, 30)]);
        let names: Vec<(&str, u64, bool)> = found.iter().map(|g| (g.name.as_str(), g.n, g.rate.is_some())).collect();
        assert_eq!(names, [("5-9", 60, true), ("10-19", 40, true), ("80+", 29, false), ("unknown", 30, true)]);
        assert_eq!(found[0].less, None, "the largest is set against nothing");
        let (than, less) = found[1].less.clone().unwrap();
        assert_eq!((than.as_str(), less.n, less.patients), ("5-9", 100, 100));
        assert!((less.point - 0.4).abs() < 1e-12 && less.interval.unwrap().0 > 0.0);
        assert_eq!(found[2].less, None, "too few to say");
        assert!(found[3].less.is_some() && found.iter().all(|group| group.stratum == "age band"));
    }

    #[test]
    fn of_groups_of_one_size_the_first_is_the_one_to_be_set_against() {
        let found = of(&[("female", 3, 30), ("male", 6, 30)]);
        assert_eq!((found[0].less.clone(), found[1].less.clone().map(|less| less.0)), (None, Some("female".into())));
    }

    #[test]
    fn tones_are_taken_by_two_and_what_is_no_tone_is_left_out() {
        assert_eq!(group_of("skin_tone", "IV").as_deref(), Some("III-IV"));
        assert_eq!(group_of("skin_tone", "tanned"), None);
        assert_eq!(group_of("sex", "IV").as_deref(), Some("IV"));
    }
}
