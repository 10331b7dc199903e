//! What a planned number of pairs can show: exact binomial probabilities at the design-effect-adjusted number.

use crate::binomial::{at_least, cumulative};
use crate::bound::Bound;
use crate::estimate::VERDICT_ERROR;
use crate::proportion::guarded_limits;

const MOST_TEETH: u64 = 5_000;
const QUIET_TEETH: u64 = 10;
/// A finer bound would need more patients than there are.
const FINEST_BOUND: f64 = 1e-9;

/// The size of a planned sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    /// The number of pairs divided by the assumed design effect, rounded down.
    pub effective: u64,
    /// The number of patients.
    pub patients: u64,
}

impl Sample {
    /// Pairs of as many patients, one each.
    #[must_use]
    pub fn independent(n: u64) -> Self {
        Self { effective: n, patients: n }
    }
}

/// The numbers of events that decide a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thresholds {
    /// The claim holds with at most (for `AtLeast`: at least) so many events; `None` when it cannot hold.
    pub holds: Option<u64>,
    /// The claim breaks with at least (for `AtLeast`: at most) so many events; `None` when it cannot break.
    pub breaks: Option<u64>,
}

/// Which numbers of events decide the claim, by the limits that the verdict uses.
///
/// The least number of patients that a verdict needs is a rule of its own and not looked at here.
#[must_use]
pub fn thresholds(sample: Sample, bound: Bound) -> Thresholds {
    let n = sample.effective;
    if n == 0 || sample.patients == 0 {
        return Thresholds { holds: None, breaks: None };
    }
    let limits = |k: u64| guarded_limits(k as f64, n as f64, sample.patients, VERDICT_ERROR);
    let holds = |k: u64| bound.contains(limits(k));
    let breaks = |k: u64| bound.excludes(limits(k));
    match bound {
        Bound::AtMost(_) => Thresholds { holds: last(n, holds), breaks: first(n, breaks) },
        Bound::AtLeast(_) => Thresholds { holds: first(n, holds), breaks: last(n, breaks) },
    }
}

/// The first of 0..=n for which a property is true that, once true, stays true.
fn first(n: u64, property: impl Fn(u64) -> bool) -> Option<u64> {
    let (mut low, mut high) = (0, n.saturating_add(1));
    while low < high {
        let middle = u64::midpoint(low, high);
        if property(middle) { high = middle } else { low = middle + 1 }
    }
    (low <= n).then_some(low)
}

/// The last of 0..=n for which a property is true that, once false, stays false.
fn last(n: u64, property: impl Fn(u64) -> bool) -> Option<u64> {
    match first(n, |k| !property(k)) {
        Some(k) => k.checked_sub(1),
        None => Some(n),
    }
}

/// The probability that the claim holds when the true rate (in [0, 1]) is this.
#[must_use]
pub fn chance_to_hold(sample: Sample, bound: Bound, rate: f64) -> f64 {
    let events = thresholds(sample, bound).holds;
    events.map_or(0.0, |k| match bound {
        Bound::AtMost(_) => cumulative(k, sample.effective, rate),
        Bound::AtLeast(_) => at_least(k, sample.effective, rate),
    })
}

/// The probability that the claim breaks when the true rate (in [0, 1]) is this.
#[must_use]
pub fn chance_to_break(sample: Sample, bound: Bound, rate: f64) -> f64 {
    let events = thresholds(sample, bound).breaks;
    events.map_or(0.0, |k| match bound {
        Bound::AtMost(_) => at_least(k, sample.effective, rate),
        Bound::AtLeast(_) => cumulative(k, sample.effective, rate),
    })
}

/// The fewest independent patients with which the claim can hold, namely without any contrary event.
///
/// `None` when no number suffices: a bound within 1e-9 of the perfect rate, or no bound at all.
#[must_use]
pub fn fewest_to_hold(bound: Bound) -> Option<u64> {
    let limit = contrary(bound, bound.value());
    (FINEST_BOUND..1.0).contains(&limit).then(|| tooth(0, 0, limit))
}

/// How many independent pairs give a power.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needed {
    /// The first number that gives it.
    pub first: u64,
    /// The number from which on every number gives it: power is a saw, because events are whole.
    pub every: u64,
}

/// How many independent pairs make the claim hold with probability `power` when the true rate is `rate`.
///
/// For each number of tolerated contrary events k there is a smallest n that tolerates it: power is highest there and
/// falls until the next tooth begins. `None` when the rate is not on the good side of the bound, or so near that more
/// than 5,000 teeth are needed.
#[must_use]
pub fn needed(bound: Bound, rate: f64, power: f64) -> Option<Needed> {
    let (limit, rate) = (contrary(bound, bound.value()), contrary(bound, rate));
    if !((FINEST_BOUND..1.0).contains(&limit) && (0.0..limit).contains(&rate) && power < 1.0) {
        return None;
    }
    let (mut first, mut every, mut quiet_after) = (None, 0, QUIET_TEETH);
    let mut start = tooth(0, 0, limit);
    for k in 0..MOST_TEETH {
        let next = tooth(k + 1, start, limit);
        first = first.or_else(|| (cumulative(k, start, rate) >= power).then_some(start));
        if cumulative(k, next - 1, rate) < power {
            (every, quiet_after) = (next, 2 * k + QUIET_TEETH);
        } else if k >= quiet_after {
            return first.map(|first| Needed { first, every: every.max(first) });
        }
        start = next;
    }
    None
}

/// A rate as that of contrary events.
fn contrary(bound: Bound, rate: f64) -> f64 {
    match bound {
        Bound::AtMost(_) => rate,
        Bound::AtLeast(_) => 1.0 - rate,
    }
}

/// The smallest n above `below` that tolerates k contrary events: `P(Bin(n, limit) ≤ k)` is at most 2.5 %.
fn tooth(k: u64, below: u64, limit: f64) -> u64 {
    let tolerates = |n: u64| cumulative(k, n, limit) <= VERDICT_ERROR;
    let (mut low, mut step) = (below, 1);
    while !tolerates(low + step) {
        low += step;
        step *= 2;
    }
    let mut high = low + step;
    while high - low > 1 {
        let middle = u64::midpoint(low, high);
        if tolerates(middle) { high = middle } else { low = middle }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_table_of_what_a_bound_can_show() {
        let known = [(0.02, 183, None), (0.05, 72, Some([173, 202, 465, 515])), (0.10, 36, Some([85, 100, 231, 255]))];
        for (limit, fewest, sizes) in known {
            let bound = Bound::AtMost(limit);
            assert_eq!(fewest_to_hold(bound), Some(fewest));
            if let Some([first, every, first_half, every_half]) = sizes {
                assert_eq!(needed(bound, limit / 4.0, 0.8), Some(Needed { first, every }));
                assert_eq!(needed(bound, limit / 2.0, 0.8), Some(Needed { first: first_half, every: every_half }));
            }
        }
    }

    #[test]
    fn the_thresholds_of_the_default_suite() {
        let known =
            [(240, 0.02, 0, 10), (240, 0.05, 5, 20), (240, 0.10, 14, 34), (120, 0.05, 1, 12), (120, 0.10, 5, 20)];
        for (n, limit, holds, breaks) in known {
            let expected = Thresholds { holds: Some(holds), breaks: Some(breaks) };
            assert_eq!(thresholds(Sample::independent(n), Bound::AtMost(limit)), expected, "{n} {limit}");
        }
    }

    #[test]
    fn nobody_decides_nothing_and_certainty_needs_more_than_there_are() {
        for sample in [Sample { effective: 0, patients: 5 }, Sample { effective: 5, patients: 0 }] {
            assert_eq!(thresholds(sample, Bound::AtMost(0.5)), Thresholds { holds: None, breaks: None });
        }
        assert_eq!(needed(Bound::AtMost(0.1), 0.0, 1.0), None, "no number of pairs gives a power of one for sure");
        assert_eq!(needed(Bound::AtMost(FINEST_BOUND / 2.0), 0.0, 0.8), None);
        assert_eq!(needed(Bound::AtMost(1.0), 0.0, 0.8), None, "every rate is inside that bound");
    }

    #[test]
    fn at_least_mirrors_at_most() {
        let sample = Sample::independent(240);
        let expected = Thresholds { holds: Some(240 - 14), breaks: Some(240 - 34) };
        assert_eq!(thresholds(sample, Bound::AtLeast(0.9)), expected);
        assert_eq!(needed(Bound::AtLeast(0.75), 0.875, 0.8), needed(Bound::AtMost(0.25), 0.125, 0.8));
        let (most, least) = (Bound::AtMost(0.25), Bound::AtLeast(0.75));
        assert!((chance_to_hold(sample, most, 0.1) - chance_to_hold(sample, least, 0.9)).abs() < 1e-12);
        assert!((chance_to_break(sample, most, 0.4) - chance_to_break(sample, least, 0.6)).abs() < 1e-12);
    }

    #[test]
    fn every_number_from_there_on_gives_the_power_and_the_one_before_does_not() {
        let (bound, rate) = (Bound::AtMost(0.1), 0.04);
        let needed = needed(bound, rate, 0.8).unwrap();
        let power = |n| chance_to_hold(Sample::independent(n), bound, rate);
        assert!((1..needed.first).all(|n| power(n) < 0.8));
        assert!(power(needed.first) >= 0.8 && power(needed.every - 1) < 0.8);
        assert!((needed.every..needed.every + 300).all(|n| power(n) >= 0.8));
    }

    #[test]
    fn a_claim_that_no_number_can_settle_needs_no_number() {
        assert_eq!(needed(Bound::AtMost(0.1), 0.1, 0.8), None);
        assert_eq!(needed(Bound::AtLeast(0.8), 0.7, 0.8), None);
        assert_eq!((fewest_to_hold(Bound::AtMost(0.0)), fewest_to_hold(Bound::AtLeast(1.0))), (None, None));
        let nothing = Thresholds { holds: None, breaks: None };
        assert_eq!(thresholds(Sample::independent(0), Bound::AtMost(0.1)), nothing);
    }

    #[test]
    fn patients_with_several_cases_need_enough_patients() {
        let crowded = Sample { effective: 75, patients: 30 };
        assert_eq!(thresholds(crowded, Bound::AtMost(0.1)).holds, None);
        assert_eq!(chance_to_hold(crowded, Bound::AtMost(0.1), 0.0), 0.0);
        assert!(thresholds(Sample::independent(75), Bound::AtMost(0.1)).holds.is_some());
    }

    proptest! {
        #[test]
        fn a_true_rate_at_the_bound_seldom_holds_or_breaks(n in 1_u64..600, limit in 0.01_f64..0.99) {
            let sample = Sample::independent(n);
            for bound in [Bound::AtMost(limit), Bound::AtLeast(limit)] {
                prop_assert!(chance_to_hold(sample, bound, limit) <= VERDICT_ERROR + 1e-9);
                prop_assert!(chance_to_break(sample, bound, limit) <= VERDICT_ERROR + 1e-9);
            }
        }
    }
}
