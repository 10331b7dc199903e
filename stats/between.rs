//! The difference of two rates of different cases, such as those of two groups of patients.

use std::collections::BTreeSet;

use crate::cluster::{Clusters, Observation};
use crate::difference::mover;
use crate::estimate::{Estimate, Method};
use crate::paired::{correlation, lessened};
use crate::proportion::proportion;

/// The rate of one group less that of another, with MOVER limits on the patient-adjusted limits of both (Zou and Donner 2008).
///
/// Groups of different patients are independent. A patient with cases in both binds them: r is then that of
/// [`Arms`](crate::Arms), over the patients who are in both, and the smaller of the two that come of counting the patients of
/// either group. `n` and `patients` are those of both groups together. `None` for
/// a group without a value, a value outside [0, 1], or a level outside (0, 1).
#[must_use]
pub fn difference_between(one: &[Observation], other: &[Observation], level: f64) -> Option<Estimate> {
    let (p, q) = (proportion(one, level)?, proportion(other, level)?);
    let (a, b) = (Clusters::of(one)?, Clusters::of(other)?);
    let r = lessened(correlation(&a, &b).min(correlation(&b, &a)), &q, &p);
    let (p, q) = (p.estimate, q.estimate);
    let interval = p.interval.zip(q.interval).and_then(|(a, b)| mover((p.point, a), (q.point, b), r));
    let patients: BTreeSet<u32> = one.iter().chain(other).map(|o| o.patient).collect();
    let (n, patients) = (p.n + q.n, patients.len() as u64);
    Some(Estimate { point: p.point - q.point, interval, level, method: Method::Mover, events: None, n, patients })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LEVEL;
    use proptest::prelude::*;

    fn group(first: u32, events: u32, of: u32) -> Vec<Observation> {
        let value = |place| f64::from(u8::from(place < events));
        (0..of).map(|place| Observation { patient: first + place, value: value(place) }).collect()
    }

    #[test]
    fn independent_groups_are_combined_by_the_squares_of_their_reaches() {
        let (one, other) = (group(0, 12, 60), group(100, 5, 50));
        let found = difference_between(&one, &other, LEVEL).unwrap();
        let of = |list: &[Observation]| proportion(list, LEVEL).unwrap().estimate;
        let ((pl, pu), (ql, qu)) = (of(&one).interval.unwrap(), of(&other).interval.unwrap());
        let lower = 0.1 - ((0.2 - pl) * (0.2 - pl) + (qu - 0.1) * (qu - 0.1)).sqrt();
        let upper = 0.1 + ((pu - 0.2) * (pu - 0.2) + (0.1 - ql) * (0.1 - ql)).sqrt();
        let (low, high) = found.interval.unwrap();
        assert!((found.point - 0.1).abs() < 1e-12 && (low - lower).abs() < 1e-12 && (high - upper).abs() < 1e-12);
        assert_eq!((found.n, found.patients), (110, 110));
    }

    #[test]
    fn patients_in_both_groups_bind_them() {
        let (one, apart) = (group(0, 20, 60), group(100, 24, 60));
        let together: Vec<Observation> = apart.iter().map(|o| Observation { patient: o.patient - 100, ..*o }).collect();
        let width = |other: &[Observation]| {
            let (low, high) = difference_between(&one, other, LEVEL).unwrap().interval.unwrap();
            high - low
        };
        assert!(width(&together) < 0.8 * width(&apart), "{} {}", width(&together), width(&apart));
        assert_eq!(difference_between(&one, &together, LEVEL).unwrap().patients, 60);
    }

    #[test]
    fn an_empty_group_has_no_difference() {
        assert_eq!(difference_between(&[], &group(0, 1, 5), LEVEL), None);
        assert_eq!(difference_between(&group(0, 1, 5), &[], LEVEL), None);
    }

    proptest! {
        #[test]
        fn the_interval_contains_the_difference_and_swapping_groups_mirrors_it(
            a in 0_u32..=20, b in 0_u32..=30, shared in 0_u32..30,
        ) {
            let (one, other) = (group(0, a, 20), group(shared, b, 30));
            let (forth, back) = (difference_between(&one, &other, LEVEL), difference_between(&other, &one, LEVEL));
            let (forth, back) = (forth.unwrap(), back.unwrap());
            let (lower, upper) = forth.interval.unwrap();
            prop_assert!(-1.0 - 1e-12 <= lower && lower <= forth.point && forth.point <= upper && upper <= 1.0 + 1e-12);
            let (low, high) = back.interval.unwrap();
            prop_assert!((low + upper).abs() < 1e-12 && (high + lower).abs() < 1e-12);
        }
    }
}
