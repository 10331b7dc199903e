//! Ratios of paired shares: what is left of a share, and the uptake of a planted falsehood.

use crate::estimate::{Estimate, Method, proper};
use crate::paired::{Arms, Paired};

/// The uptake (P₁ − P₀)/(1 − P₀), P₀ before and P₁ after planting, printed as it is when below 0.
///
/// The interval is that of 1 − (1 − P₁)/(1 − P₀) by MOVER-R (Donner and Zou 2012) with the correlation of [`Arms`].
/// `None` for no pair, a value outside [0, 1], a level outside (0, 1), or when every case gave the planted answer from
/// the start, so that nothing was left to be taken up.
#[must_use]
pub fn uptake(pairs: &[Paired], level: f64) -> Option<Estimate> {
    let arms = Arms::of(pairs, level)?;
    let (after, before) = (&arms.after.estimate, &arms.before.estimate);
    if before.point >= 1.0 {
        return None;
    }
    let clear = |e: &Estimate| {
        e.interval.map(|(lower, upper)| Clear { rate: 1.0 - e.point, lower: 1.0 - upper, upper: 1.0 - lower })
    };
    let limits = clear(after).zip(clear(before));
    let interval = limits.and_then(|(top, bottom)| {
        let (lower, upper) = ratio_limits(top, bottom, arms.correlation);
        proper(1.0 - upper, 1.0 - lower)
    });
    let point = (after.point - before.point) / (1.0 - before.point);
    let (n, patients) = (after.n, after.patients);
    Some(Estimate { point, interval, level, method: Method::MoverRatio, events: None, n, patients })
}

/// After over before, P₁/P₀: 1 less the [`uptake`] of the complements, with the same interval turned round.
///
/// A share may be an average within a case, for instance over doses. `None` for no pair, a value outside [0, 1], a level
/// outside (0, 1), or when nothing was there before.
#[must_use]
pub fn ratio(pairs: &[Paired], level: f64) -> Option<Estimate> {
    let complement = |pair: &Paired| Paired { before: 1.0 - pair.before, after: 1.0 - pair.after, ..*pair };
    let lost = uptake(&pairs.iter().map(complement).collect::<Vec<_>>(), level)?;
    let interval = lost.interval.and_then(|(low, high)| proper(1.0 - high, 1.0 - low));
    Some(Estimate { point: 1.0 - lost.point, interval, ..lost })
}

/// The share that stayed clear of the planted answer, with its limits.
#[derive(Debug, Clone, Copy)]
struct Clear {
    rate: f64,
    lower: f64,
    upper: f64,
}

/// The roots of (a − R·b)² = (a's limit distance)² + R²·(b's)² − 2rR·(both), in the form that does not cancel.
fn ratio_limits(top: Clear, bottom: Clear, r: f64) -> (f64, f64) {
    let lower = {
        let (a, b, c) = quadratic(top.rate, top.lower, bottom.rate, bottom.upper, r);
        let root = libm::sqrt((b * b - a * c).max(0.0));
        if c > 0.0 { c / (b + root) } else { 0.0 }
    };
    let (a, b, c) = quadratic(top.rate, top.upper, bottom.rate, bottom.lower, r);
    let upper = (b + libm::sqrt((b * b - a * c).max(0.0))) / a;
    (lower, upper)
}

/// The coefficients of a·R² − 2b·R + c = 0 for one limit of each rate.
fn quadratic(top: f64, top_limit: f64, bottom: f64, bottom_limit: f64, r: f64) -> (f64, f64, f64) {
    let a = bottom_limit * (2.0 * bottom - bottom_limit);
    let b = top * bottom - r * (top_limit - top) * (bottom - bottom_limit);
    let c = top_limit * (2.0 * top - top_limit);
    (a, b, c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LEVEL;
    use proptest::prelude::*;

    fn pairs(before: u32, after: u32, n: u32) -> Vec<Paired> {
        let share = |on: bool| f64::from(u8::from(on));
        (0..n).map(|i| Paired { patient: i, before: share(i < before), after: share(i < after) }).collect()
    }

    #[test]
    fn a_ratio_is_what_is_left() {
        let found = ratio(&pairs(80, 60, 100), LEVEL).unwrap();
        let (low, high) = found.interval.unwrap();
        assert!((found.point - 0.75).abs() < 1e-12 && low < 0.75 && high > 0.75 && high < 0.9, "{found:?}");
        assert!((ratio(&pairs(60, 80, 100), LEVEL).unwrap().point - 4.0 / 3.0).abs() < 1e-12, "more than before");
        assert_eq!((ratio(&pairs(0, 5, 100), LEVEL), ratio(&[], LEVEL)), (None, None));
    }

    #[test]
    fn uptake_is_the_share_of_those_who_could_still_adopt() {
        let uptake = uptake(&pairs(20, 60, 100), LEVEL).unwrap();
        assert!((uptake.point - 0.5).abs() < 1e-15);
        let (lower, upper) = uptake.interval.unwrap();
        assert!(0.35 < lower && upper < 0.65, "{lower} {upper}");
    }

    #[test]
    fn a_falsehood_that_repels_has_a_negative_uptake() {
        assert!((uptake(&pairs(20, 0, 100), LEVEL).unwrap().point + 0.25).abs() < 1e-15);
    }

    #[test]
    fn nothing_left_to_adopt_means_no_uptake() {
        assert_eq!(uptake(&pairs(30, 10, 30), LEVEL), None);
        assert_eq!(uptake(&[], LEVEL), None);
    }

    #[test]
    fn full_uptake_ends_at_one() {
        let full = uptake(&pairs(0, 30, 30), LEVEL).unwrap();
        let (lower, upper) = full.interval.unwrap();
        assert_eq!((full.point, upper), (1.0, 1.0));
        assert!(lower > 0.8 && lower < 1.0);
    }

    proptest! {
        #[test]
        fn the_interval_contains_the_uptake(cells in prop::collection::vec((0_u32..12, 0_u8..=3, 0_u8..=3), 1..50)) {
            let list: Vec<_> = cells
                .iter()
                .map(|&(patient, b, a)| Paired { patient, before: f64::from(b) / 3.0, after: f64::from(a) / 3.0 })
                .collect();
            if let Some(Estimate { point, interval: Some((lower, upper)), .. }) = uptake(&list, LEVEL) {
                prop_assert!(lower <= point + 1e-12 && point <= upper + 1e-12 && upper <= 1.0);
            }
        }
    }
}
