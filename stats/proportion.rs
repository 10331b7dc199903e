//! Rates and their intervals: Clopper–Pearson, Wilson, and the patient-adjusted interval that verdicts use.

use crate::cluster::{Clusters, Observation};
use crate::estimate::{Estimate, Method, proper, tail_of};
use crate::special::{beta_quantile, normal_quantile, t_quantile};
use crate::sum::sum;

/// A rate with its patient-adjusted interval and what the adjustment did.
#[derive(Debug, Clone, PartialEq)]
pub struct Proportion {
    /// The rate; [`Estimate::events`] is the sum of the values.
    pub estimate: Estimate,
    /// The effective number of pairs n*: how many independent pairs would say as much.
    pub effective: f64,
    /// The effective number of events x* = n* · rate.
    pub effective_events: f64,
    /// The design effect: the variance over that of independent pairs; `None` with one patient, no events or only events.
    pub design_effect: Option<f64>,
}

/// The exact interval of x events out of n (Clopper and Pearson 1934) from beta quantiles.
///
/// Fractions are allowed, 0 ≤ x ≤ n and n above 0. `tail` is the probability beyond each limit.
#[must_use]
pub fn clopper_pearson(x: f64, n: f64, tail: f64) -> (f64, f64) {
    let lower = if x <= 0.0 { 0.0 } else { beta_quantile(tail, x, n - x + 1.0) };
    let upper = if x >= n { 1.0 } else { 1.0 - beta_quantile(tail, n - x, x + 1.0) };
    (lower, upper)
}

/// The score interval of x events out of n (Wilson 1927); 0 ≤ x ≤ n, n above 0, `tail` beyond each limit.
#[must_use]
pub fn wilson(x: f64, n: f64, tail: f64) -> (f64, f64) {
    let z = normal_quantile(1.0 - tail);
    let p = x / n;
    let centre = p + z * z / (2.0 * n);
    let half = z * libm::sqrt(p * (1.0 - p) / n + z * z / (4.0 * n * n));
    let widened = 1.0 + z * z / n;
    let lower = if x <= 0.0 { 0.0 } else { (centre - half) / widened };
    let upper = if x >= n { 1.0 } else { (centre + half) / widened };
    (lower, upper)
}

/// Clopper–Pearson limits on effective numbers, kept monotone.
///
/// With no events, or only events, the effective number is the number of patients. Elsewhere the upper limit is never
/// below that of no events in that many patients, and the lower never above that of only events: a first event would
/// otherwise free the interval from the assumption that a patient's cases all agree, and narrow it.
pub(crate) fn guarded_limits(x: f64, n: f64, patients: u64, tail: f64) -> (f64, f64) {
    let patients = patients as f64;
    if x <= 0.0 {
        return clopper_pearson(0.0, patients, tail);
    }
    if x >= n {
        return clopper_pearson(patients, patients, tail);
    }
    let (lower, upper) = clopper_pearson(x, n, tail);
    let (least_upper, most_lower) =
        (clopper_pearson(0.0, patients, tail).1, clopper_pearson(patients, patients, tail).0);
    (lower.min(most_lower), upper.max(least_upper))
}

/// The rate of the values with its patient-adjusted interval (Korn and Graubard 1998), kept monotone: the upper limit is
/// never below that of no events in as many patients, the lower never above that of only events.
///
/// `n* = min(n, n/deff · (t_{n−1}/t_{G−1})²)` with `deff = v / (p(1−p)/(n−1))` and the cluster variance v of
/// [`Clusters::variance`]; then Clopper–Pearson for x* = n*·p out of n*. A single patient counts as one pair, because
/// nothing is known of the spread between patients. `None` for no value, one outside [0, 1], or a level outside (0, 1).
#[must_use]
pub fn proportion(observations: &[Observation], level: f64) -> Option<Proportion> {
    let tail = tail_of(level)?;
    if !observations.iter().all(|o| (0.0..=1.0).contains(&o.value)) {
        return None;
    }
    let clusters = Clusters::of(observations)?;
    let events = sum(observations.iter().map(|o| o.value));
    let (n, patients, point) = (clusters.n(), clusters.patients(), clusters.mean());
    let design_effect = design_effect(&clusters);
    let effective = design_effect.map_or(patients as f64, |deff| effective_number(n, patients, deff, tail));
    let effective_events = if point >= 1.0 { effective } else { effective * point };
    let (lower, upper) = guarded_limits(effective_events, effective, patients, tail);
    let interval = proper(lower, upper);
    let method = Method::ClopperPearson;
    let estimate = Estimate { point, interval, level, method, events: Some(events), n, patients };
    Some(Proportion { estimate, effective, effective_events, design_effect })
}

/// The cluster variance over that of independent pairs; `None` where one of them does not exist or is 0 by necessity.
fn design_effect(clusters: &Clusters) -> Option<f64> {
    let p = clusters.mean();
    let independent = p * (1.0 - p) / (clusters.n() as f64 - 1.0);
    clusters.variance().filter(|_| p > 0.0 && p < 1.0).map(|variance| variance / independent)
}

fn effective_number(n: u64, patients: u64, design_effect: f64, tail: f64) -> f64 {
    let t = |count: u64| t_quantile(1.0 - tail, count as f64 - 1.0);
    let ratio = if n == patients { 1.0 } else { t(n) / t(patients) };
    let n = n as f64;
    n.min(n / design_effect * ratio * ratio)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LEVEL;
    use proptest::prelude::*;

    fn cases(events: &[u32], patients: u32, each: u32) -> Vec<Observation> {
        let value = |patient, case| f64::from(u8::from(events.contains(&(patient * each + case))));
        (0..patients)
            .flat_map(|patient| (0..each).map(move |case| Observation { patient, value: value(patient, case) }))
            .collect()
    }

    fn limits(observations: &[Observation]) -> (f64, f64) {
        proportion(observations, LEVEL).unwrap().estimate.interval.unwrap()
    }

    #[test]
    fn no_flips_in_24_patients_leave_14_percent_open() {
        let (lower, upper) = limits(&cases(&[], 24, 1));
        assert_eq!(lower, 0.0);
        assert!((upper - 0.142).abs() < 5e-4, "{upper}");
        assert_eq!(limits(&cases(&[], 24, 3)), (lower, upper));
    }

    #[test]
    fn a_first_event_does_not_narrow_the_interval() {
        let none = limits(&cases(&[], 40, 3)).1;
        let one = proportion(&cases(&[7], 40, 3), LEVEL).unwrap();
        let unguarded = clopper_pearson(one.effective_events, one.effective, 0.025).1;
        assert!((none - 0.088).abs() < 5e-4 && (unguarded - 0.047).abs() < 5e-4);
        assert_eq!(one.estimate.interval.unwrap().1, none);
    }

    #[test]
    fn a_single_patient_counts_as_one_pair() {
        let one = proportion(&cases(&[0, 1], 1, 4), LEVEL).unwrap();
        assert_eq!((one.effective, one.design_effect), (1.0, None));
    }

    #[test]
    fn independent_cases_keep_their_number() {
        let p = proportion(&cases(&[3, 40, 77], 120, 1), LEVEL).unwrap();
        assert!((p.effective - 120.0).abs() < 1e-9);
        assert!((p.design_effect.unwrap() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn agreeing_cases_of_a_patient_count_about_once() {
        let p = proportion(&cases(&[0, 1, 2, 9, 10, 11, 30, 31, 32], 40, 3), LEVEL).unwrap();
        assert!((p.design_effect.unwrap() - 3.05).abs() < 0.01);
        assert!(p.effective < 40.0);
    }

    #[test]
    fn values_that_are_no_shares_have_no_rate() {
        assert_eq!(proportion(&[], LEVEL), None);
        assert_eq!(proportion(&[Observation { patient: 0, value: 1.1 }], LEVEL), None);
        assert_eq!(proportion(&[Observation { patient: 0, value: f64::NAN }], LEVEL), None);
        assert_eq!(proportion(&cases(&[], 2, 1), 0.0), None);
    }

    fn observations() -> impl Strategy<Value = Vec<Observation>> {
        let one = (0_u32..12, prop_oneof![Just(0.0), Just(1.0), (0_u8..=6).prop_map(|k| f64::from(k) / 6.0)]);
        prop::collection::vec(one.prop_map(|(patient, value)| Observation { patient, value }), 1..60)
    }

    proptest! {
        #[test]
        fn the_interval_contains_the_rate_and_is_never_degenerate(list in observations()) {
            let rate = proportion(&list, LEVEL).unwrap().estimate;
            let (lower, upper) = rate.interval.unwrap();
            prop_assert!(0.0 <= lower && lower <= rate.point && rate.point <= upper && upper <= 1.0);
            prop_assert!(lower < upper);
        }

        #[test]
        fn events_and_their_absence_mirror(list in observations()) {
            let mirrored: Vec<_> = list.iter().map(|o| Observation { value: 1.0 - o.value, ..*o }).collect();
            let ((lower, upper), (low, high)) = (limits(&list), limits(&mirrored));
            prop_assert!((lower - (1.0 - high)).abs() < 1e-9 && (upper - (1.0 - low)).abs() < 1e-9);
        }

        #[test]
        fn neither_the_order_nor_the_names_of_patients_show(list in observations(), turn in 0_usize..60, name in 1_u32..9) {
            let mut other: Vec<_> =
                list.iter().map(|o| Observation { patient: 1000 - o.patient * name, ..*o }).collect();
            other.rotate_left(turn % list.len());
            other.reverse();
            prop_assert_eq!(proportion(&list, LEVEL), proportion(&other, LEVEL));
        }

        #[test]
        fn the_upper_limit_never_falls_below_that_of_no_events(list in observations()) {
            let patients = proportion(&list, LEVEL).unwrap().estimate.patients as f64;
            let (lower, upper) = limits(&list);
            prop_assert!(upper >= clopper_pearson(0.0, patients, 0.025).1 - 1e-15);
            prop_assert!(lower <= clopper_pearson(patients, patients, 0.025).0 + 1e-15);
        }

        #[test]
        fn more_events_in_independent_cases_raise_both_limits(n in 2_u32..200, k in 0_u32..199) {
            prop_assume!(k < n);
            let with = |k: u32| limits(&cases(&(0..k).collect::<Vec<_>>(), n, 1));
            let (before, after) = (with(k), with(k + 1));
            prop_assert!(before.0 < after.0 && before.1 < after.1 || after.1 == 1.0);
        }

        #[test]
        fn clopper_pearson_contains_wilson_s_centre_and_the_rate(x in 0.0_f64..1.0, n in 1.0_f64..500.0) {
            let (lower, upper) = clopper_pearson(x * n, n, 0.025);
            let (low, high) = wilson(x * n, n, 0.025);
            prop_assert!(lower <= x && x <= upper && low <= x && x <= high);
        }
    }
}
