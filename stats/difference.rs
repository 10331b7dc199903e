//! The difference of two paired rates: MOVER for any clustering, Newcombe's method 10 and Tango's score beside it.

use crate::estimate::{Estimate, Method, proper, tail_of};
use crate::paired::{Arms, Paired, Table};
use crate::proportion::wilson;
use crate::special::normal_quantile;

const MOST_STEPS: usize = 2_000;

/// After less before, with MOVER limits on the patient-adjusted limits of both arms (Zou and Donner 2008).
///
/// `d ∓ √((p₁−l₁)² + (u₂−p₂)² − 2r(p₁−l₁)(u₂−p₂))` with p₁ = after, p₂ = before and r of [`Arms`]. `None` for no pair, a
/// value outside [0, 1], or a level outside (0, 1).
#[must_use]
pub fn difference(pairs: &[Paired], level: f64) -> Option<Estimate> {
    let arms = Arms::of(pairs, level)?;
    let (after, before) = (&arms.after.estimate, &arms.before.estimate);
    let limits = after.interval.zip(before.interval);
    let interval = limits.and_then(|(a, b)| mover((after.point, a), (before.point, b), arms.correlation));
    let point = after.point - before.point;
    let (n, patients) = (after.n, after.patients);
    Some(Estimate { point, interval, level, method: Method::Mover, events: None, n, patients })
}

/// A rate with its limits.
pub(crate) type Limited = (f64, (f64, f64));

pub(crate) fn mover((p, (pl, pu)): Limited, (q, (ql, qu)): Limited, r: f64) -> Option<(f64, f64)> {
    let reach = |a: f64, b: f64| libm::sqrt((a * a + b * b - 2.0 * r * (a * b)).max(0.0));
    proper(p - q - reach(p - pl, qu - q), p - q + reach(pu - p, q - ql))
}

/// After less before for independent pairs, Newcombe's method 10 (Statistics in Medicine 1998; 17: 2635–2650).
///
/// `None` for an empty table or a level outside (0, 1).
#[must_use]
pub fn newcombe(table: &Table, level: f64) -> Option<Estimate> {
    let tail = tail_of(level)?;
    let n = table.n() as f64;
    let arm = |events: u64| (events as f64 / n, wilson(events as f64, n, tail));
    let limits = mover(arm(table.both + table.after), arm(table.both + table.before), newcombe_correlation(table));
    estimate(table, limits, level, Method::Newcombe)
}

/// The correlation of the table, its numerator lessened by n/2 but not below 0 when positive.
fn newcombe_correlation(table: &Table) -> f64 {
    let [a, b, c, d] = [table.both, table.before, table.after, table.neither].map(|count| count as f64);
    let product = (a + b) * (c + d) * (a + c) * (b + d);
    let plain = a * d - b * c;
    let corrected = if plain > 0.0 { (plain - table.n() as f64 / 2.0).max(0.0) } else { plain };
    if product > 0.0 { corrected / libm::sqrt(product) } else { 0.0 }
}

/// After less before for independent pairs, Tango's score interval (Statistics in Medicine 1998; 17: 891–908).
///
/// `None` for an empty table or a level outside (0, 1).
#[must_use]
pub fn tango(table: &Table, level: f64) -> Option<Estimate> {
    let z = normal_quantile(1.0 - tail_of(level)?);
    let swapped = Table { before: table.after, after: table.before, ..*table };
    let limits = proper(-tango_upper(&swapped, z), tango_upper(table, z));
    estimate(table, limits, level, Method::Tango)
}

/// The largest difference that the score test does not reject: bisection, as the score falls with the difference.
fn tango_upper(table: &Table, z: f64) -> f64 {
    let (mut low, mut high) = (point(table), 1.0);
    for _ in 0..MOST_STEPS {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            break;
        }
        if tango_score(table, middle) > -z { low = middle } else { high = middle }
    }
    high
}

/// The score of a difference δ: `(c − b − nδ) / √(n(2q + δ(1 − δ)))`, q the likeliest rate of "before only" given δ.
fn tango_score(table: &Table, delta: f64) -> f64 {
    let (n, b, c) = (table.n() as f64, table.before as f64, table.after as f64);
    let linear = (2.0 * n - c + b) * delta - b - c;
    let root = libm::sqrt((linear * linear + 8.0 * n * b * delta * (1.0 - delta)).max(0.0));
    let q = (root - linear) / (4.0 * n);
    (c - b - n * delta) / libm::sqrt(n * (2.0 * q + delta * (1.0 - delta)))
}

fn point(table: &Table) -> f64 {
    (table.after as f64 - table.before as f64) / table.n() as f64
}

fn estimate(table: &Table, interval: Option<(f64, f64)>, level: f64, method: Method) -> Option<Estimate> {
    let n = table.n();
    (n > 0).then(|| Estimate { point: point(table), interval, level, method, events: None, n, patients: n })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LEVEL;
    use proptest::prelude::*;

    fn table(both: u64, before: u64, after: u64, neither: u64) -> Table {
        Table { both, before, after, neither }
    }

    fn near(estimate: Option<Estimate>, lower: f64, upper: f64) {
        let (low, high) = estimate.unwrap().interval.unwrap();
        assert!((low - lower).abs() < 5e-4 && (high - upper).abs() < 5e-4, "{low} {high}");
    }

    #[test]
    fn the_airway_example_of_fagerland_lydersen_and_laake() {
        let airway = table(1, 7, 1, 12);
        near(newcombe(&airway, LEVEL), -0.507, -0.026);
        near(tango(&airway, LEVEL), -0.517, -0.026);
    }

    #[test]
    fn no_discordant_pairs_still_have_an_interval() {
        let same = table(10, 0, 0, 30);
        let z = 1.959_963_984_540_054_f64;
        let limit = z * z / (40.0 + z * z);
        near(tango(&same, LEVEL), -limit, limit);
        assert!(newcombe(&same, LEVEL).unwrap().interval.is_some());
    }

    #[test]
    fn a_difference_of_one_ends_at_one() {
        let (lower, upper) = tango(&table(0, 0, 20, 0), LEVEL).unwrap().interval.unwrap();
        assert!(lower < 1.0 && upper == 1.0);
    }

    #[test]
    fn nothing_has_no_difference() {
        assert_eq!(difference(&[], LEVEL), None);
        assert_eq!(newcombe(&table(0, 0, 0, 0), LEVEL), None);
        assert_eq!(tango(&table(0, 0, 0, 0), LEVEL), None);
    }

    fn pairs() -> impl Strategy<Value = Vec<Paired>> {
        let share = || (0_u8..=3).prop_map(|k| f64::from(k) / 3.0);
        let pair = (0_u32..15, share(), share()).prop_map(|(patient, before, after)| Paired { patient, before, after });
        prop::collection::vec(pair, 1..60)
    }

    proptest! {
        #[test]
        fn the_interval_contains_the_difference_and_swapping_arms_mirrors_it(list in pairs()) {
            let swapped: Vec<_> =
                list.iter().map(|p| Paired { before: p.after, after: p.before, ..*p }).collect();
            let (forth, back) = (difference(&list, LEVEL).unwrap(), difference(&swapped, LEVEL).unwrap());
            let (lower, upper) = forth.interval.unwrap();
            prop_assert!(-1.0 <= lower && lower <= forth.point && forth.point <= upper && upper <= 1.0);
            prop_assert_eq!(back.interval.unwrap(), (-upper, -lower));
        }

        #[test]
        fn the_order_of_pairs_does_not_show(list in pairs()) {
            let mut other: Vec<_> = list.iter().map(|p| Paired { patient: 99 - p.patient, ..*p }).collect();
            other.reverse();
            prop_assert_eq!(difference(&list, LEVEL), difference(&other, LEVEL));
        }

        #[test]
        fn score_intervals_contain_the_difference(a in 0_u64..30, b in 0_u64..30, c in 0_u64..30, d in 0_u64..30) {
            prop_assume!(a + b + c + d > 0);
            let table = table(a, b, c, d);
            for estimate in [newcombe(&table, LEVEL).unwrap(), tango(&table, LEVEL).unwrap()] {
                let (lower, upper) = estimate.interval.unwrap();
                prop_assert!(lower <= estimate.point && estimate.point <= upper);
                prop_assert!(-1.0 - 1e-12 <= lower && upper <= 1.0 + 1e-12);
            }
        }
    }
}
