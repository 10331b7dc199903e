//! Several claims or cells at once: Holm for a family of claims, Benjamini–Hochberg for exploration.

use crate::bound::Bound;
use crate::proportion::Proportion;
use crate::special::beta_tails;

/// Holm's step-down p values (Scandinavian Journal of Statistics 1979; 6: 65–70), in the order given.
///
/// A claim holds in the family when its value is at most [`VERDICT_ERROR`](crate::VERDICT_ERROR).
#[must_use]
pub fn holm(raw: &[f64]) -> Vec<f64> {
    let mut adjusted = vec![1.0; raw.len()];
    let mut highest: f64 = 0.0;
    for (step, (place, p)) in ascending(raw).into_iter().enumerate() {
        highest = highest.max((p * (raw.len() - step) as f64).min(1.0));
        put(&mut adjusted, place, highest);
    }
    adjusted
}

/// Benjamini and Hochberg's q values (Journal of the Royal Statistical Society B 1995; 57: 289–300), in the order given.
#[must_use]
pub fn benjamini_hochberg(raw: &[f64]) -> Vec<f64> {
    let mut adjusted = vec![1.0; raw.len()];
    let mut lowest: f64 = 1.0;
    for (step, (place, p)) in ascending(raw).into_iter().enumerate().rev() {
        lowest = lowest.min(p * (raw.len() as f64 / (step + 1) as f64));
        put(&mut adjusted, place, lowest);
    }
    adjusted
}

fn ascending(raw: &[f64]) -> Vec<(usize, f64)> {
    let mut ordered: Vec<(usize, f64)> = raw.iter().copied().enumerate().collect();
    ordered.sort_by(|a, b| a.1.total_cmp(&b.1));
    ordered
}

fn put(adjusted: &mut [f64], place: usize, value: f64) {
    if let Some(slot) = adjusted.get_mut(place) {
        *slot = value;
    }
}

/// The one-sided p of a claim about a rate, for [`holm`]: `P(Beta(x* + 1, n* − x*) > bound)`, mirrored for `AtLeast`.
///
/// It is never below that of no contrary event in as many patients, as the limits of
/// [`proportion`](crate::proportion::proportion()) are guarded: otherwise a claim could hold in the family without
/// holding.
#[must_use]
pub fn claim_p(rate: &Proportion, bound: Bound) -> f64 {
    let patients = rate.estimate.patients as f64;
    let (x, n) = (rate.effective_events, rate.effective);
    match bound {
        Bound::AtMost(limit) => contrary_p(x, n, limit).max(contrary_p(0.0, patients, limit)),
        Bound::AtLeast(limit) => mirrored_p(x, n, limit).max(mirrored_p(patients, patients, limit)),
    }
}

fn contrary_p(x: f64, n: f64, limit: f64) -> f64 {
    if x >= n { 1.0 } else { beta_tails(x + 1.0, n - x, limit).upper }
}

fn mirrored_p(x: f64, n: f64, limit: f64) -> f64 {
    if x <= 0.0 { 1.0 } else { beta_tails(x, n - x + 1.0, limit).lower }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{LEVEL, Observation, proportion};
    use proptest::prelude::*;

    #[test]
    fn holm_steps_down_and_keeps_the_order() {
        let adjusted = holm(&[0.04, 0.01, 0.03]);
        for (value, known) in adjusted.iter().zip([0.06, 0.03, 0.06]) {
            assert!((value - known).abs() < 1e-15);
        }
    }

    #[test]
    fn an_empty_family_needs_no_correction() {
        assert!(holm(&[]).is_empty() && benjamini_hochberg(&[]).is_empty());
    }

    fn rate(events: u32, patients: u32, each: u32) -> Proportion {
        let list: Vec<_> = (0..patients * each)
            .map(|i| Observation { patient: i / each, value: f64::from(u8::from(i % each == 0 && i / each < events)) })
            .collect();
        proportion(&list, LEVEL).unwrap()
    }

    #[test]
    fn no_event_is_a_power() {
        let p = claim_p(&rate(0, 72, 1), Bound::AtMost(0.05));
        assert!((p - libm::pow(0.95, 72.0)).abs() < 1e-15);
        assert!((claim_p(&rate(72, 72, 1), Bound::AtLeast(0.95)) - p).abs() < 1e-15);
    }

    #[test]
    fn a_first_event_does_not_help_a_claim_in_the_family() {
        let bound = Bound::AtMost(0.08);
        assert!(claim_p(&rate(1, 40, 3), bound) >= claim_p(&rate(0, 40, 3), bound));
        assert!(claim_p(&rate(1, 40, 3), bound) > 0.025, "the guarded limit of 8.8 % is beyond the bound");
    }

    proptest! {
        #[test]
        fn corrections_never_help_and_keep_the_ranking(raw in prop::collection::vec(0.0_f64..=1.0, 1..30)) {
            let (h, q) = (holm(&raw), benjamini_hochberg(&raw));
            for (i, p) in raw.iter().enumerate() {
                prop_assert!(h[i] >= *p && q[i] >= *p && q[i] <= h[i] && h[i] <= 1.0);
                for (j, other) in raw.iter().enumerate().filter(|(_, other)| p <= other) {
                    prop_assert!(h[i] <= h[j] && q[i] <= q[j], "{p} {other}");
                }
            }
        }

        #[test]
        fn the_p_of_a_claim_and_its_interval_agree(
            events in 0_u32..30, patients in 30_u32..120, each in 1_u32..4, limit in 0.01_f64..0.3
        ) {
            let rate = rate(events, patients, each);
            for bound in [Bound::AtMost(limit), Bound::AtLeast(limit)] {
                let holds = bound.contains(rate.estimate.interval.unwrap());
                prop_assert_eq!(holds, claim_p(&rate, bound) <= 0.025);
            }
        }
    }
}
