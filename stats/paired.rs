//! Two rates of the same cases, before and after, and how they hang together.

use crate::cluster::{Clusters, Observation};
use crate::proportion::{Proportion, proportion};

/// One case before and after, each value in [0, 1] (repeats averaged).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Paired {
    /// The patient: the index of the cluster.
    pub patient: u32,
    /// The value at control.
    pub before: f64,
    /// The value when treated.
    pub after: f64,
}

/// The two rates and the correlation of their errors.
#[derive(Debug, Clone, PartialEq)]
pub struct Arms {
    /// The rate at control.
    pub before: Proportion,
    /// The rate when treated.
    pub after: Proportion,
    /// The correlation that the limits of differences and ratios may count on, in [−1, 1].
    pub correlation: f64,
}

impl Arms {
    /// Measures both arms; `None` for no pair, a value outside [0, 1], or a level outside (0, 1).
    #[must_use]
    pub fn of(pairs: &[Paired], level: f64) -> Option<Self> {
        let values = |pick: fn(&Paired) -> f64| -> Vec<Observation> {
            pairs.iter().map(|pair| Observation { patient: pair.patient, value: pick(pair) }).collect()
        };
        let (control, treated) = (values(|pair| pair.before), values(|pair| pair.after));
        let (before, after) = (proportion(&control, level)?, proportion(&treated, level)?);
        let plain = correlation(&Clusters::of(&control)?, &Clusters::of(&treated)?);
        let correlation = lessened(plain, &before, &after);
        Some(Self { before, after, correlation })
    }
}

/// Cluster covariance over the root of both cluster variances; 0 where a variance is 0 or unknown.
pub(crate) fn correlation(before: &Clusters, after: &Clusters) -> f64 {
    let parts = before.covariance(after).zip(before.variance()).zip(after.variance());
    match parts {
        Some(((covariance, v), w)) if v > 0.0 && w > 0.0 => {
            (covariance / (libm::sqrt(v) * libm::sqrt(w))).clamp(-1.0, 1.0)
        }
        _ => 0.0,
    }
}

/// A positive correlation less `1 / (2n*√(p₁q₁p₂q₂))`, but not below 0; the smaller n* of the two arms counts.
///
/// For independent pairs this is the correction of Newcombe's method 10; without it the interval covers too little.
pub(crate) fn lessened(plain: f64, before: &Proportion, after: &Proportion) -> f64 {
    if plain <= 0.0 {
        return plain;
    }
    let spread = |p: f64| p * (1.0 - p);
    let product = spread(before.estimate.point) * spread(after.estimate.point);
    let effective = before.effective.min(after.effective);
    (plain - 1.0 / (2.0 * effective * libm::sqrt(product))).max(0.0)
}

/// Pairs of independent cases, counted: in which arms the event happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// In both arms.
    pub both: u64,
    /// At control only.
    pub before: u64,
    /// When treated only.
    pub after: u64,
    /// In neither.
    pub neither: u64,
}

impl Table {
    /// Counts the pairs; `None` unless every patient has one pair and every value is exactly 0 or 1.
    #[must_use]
    pub fn of(pairs: &[Paired]) -> Option<Self> {
        let mut patients: Vec<u32> = pairs.iter().map(|pair| pair.patient).collect();
        patients.sort_unstable();
        patients.dedup();
        let mut table = Self { both: 0, before: 0, after: 0, neither: 0 };
        for pair in pairs {
            *table.cell(event(pair.before)?, event(pair.after)?) += 1;
        }
        (patients.len() == pairs.len()).then_some(table)
    }

    /// The number of pairs.
    #[must_use]
    pub fn n(&self) -> u64 {
        self.both + self.before + self.after + self.neither
    }

    fn cell(&mut self, before: bool, after: bool) -> &mut u64 {
        match (before, after) {
            (true, true) => &mut self.both,
            (true, false) => &mut self.before,
            (false, true) => &mut self.after,
            (false, false) => &mut self.neither,
        }
    }
}

fn event(value: f64) -> Option<bool> {
    if value == 1.0 {
        return Some(true);
    }
    (value == 0.0).then_some(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LEVEL;

    fn pairs(cells: &[(f64, f64)]) -> Vec<Paired> {
        (0..).zip(cells).map(|(patient, &(before, after))| Paired { patient, before, after }).collect()
    }

    #[test]
    fn a_table_counts_where_the_event_happened() {
        let table = Table::of(&pairs(&[(1.0, 1.0), (1.0, 0.0), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0)])).unwrap();
        assert_eq!(table, Table { both: 1, before: 2, after: 1, neither: 1 });
        assert_eq!(table.n(), 5);
    }

    #[test]
    fn a_table_refuses_averages_and_patients_with_two_pairs() {
        assert_eq!(Table::of(&pairs(&[(0.5, 1.0)])), None);
        let mut twice = pairs(&[(1.0, 1.0), (0.0, 0.0)]);
        twice[1].patient = 0;
        assert_eq!(Table::of(&twice), None);
    }

    #[test]
    fn an_arm_without_variance_has_no_correlation() {
        let arms = Arms::of(&pairs(&[(1.0, 0.0), (0.0, 0.0), (1.0, 0.0)]), LEVEL).unwrap();
        assert_eq!(arms.correlation.to_bits(), 0.0_f64.to_bits());
        let arms = Arms::of(&pairs(&[(1.0, 0.0), (1.0, 1.0), (1.0, 0.0)]), LEVEL).unwrap();
        assert_eq!(arms.correlation.to_bits(), 0.0_f64.to_bits());
        let of = |values: [f64; 3]| {
            let list = (0..).zip(values).map(|(patient, value)| Observation { patient, value });
            Clusters::of(&list.collect::<Vec<_>>()).unwrap()
        };
        let (still, moving) = (of([1.0; 3]), of([0.0, 1.0, 0.0]));
        for (one, other) in [(&still, &moving), (&moving, &still), (&still, &still)] {
            assert_eq!(correlation(one, other).to_bits(), 0.0_f64.to_bits());
        }
        assert!((correlation(&moving, &moving) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn a_positive_correlation_is_lessened_and_a_negative_one_is_kept() {
        let alike: Vec<_> = (0..40).map(|i| if i % 4 == 0 { (1.0, 1.0) } else { (0.0, 0.0) }).collect();
        let opposed: Vec<_> = alike.iter().map(|&(before, _)| (before, 1.0 - before)).collect();
        let r = |cells: &[(f64, f64)]| Arms::of(&pairs(cells), LEVEL).unwrap().correlation;
        assert!((r(&alike) - (1.0 - 1.0 / (80.0 * 0.1875))).abs() < 1e-12);
        assert!((r(&opposed) + 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_small_positive_correlation_is_not_turned_negative() {
        let share = |on: bool| f64::from(u8::from(on));
        let cells: Vec<_> = (0..40).map(|i| (share(i < 10), share((8..15).contains(&i)))).collect();
        let list = pairs(&cells);
        let arm = |pick: fn(&Paired) -> f64| -> Vec<_> {
            list.iter().map(|p| Observation { patient: p.patient, value: pick(p) }).collect()
        };
        let (one, other) = (Clusters::of(&arm(|p| p.before)).unwrap(), Clusters::of(&arm(|p| p.after)).unwrap());
        assert!(correlation(&one, &other) > 0.0);
        assert_eq!(Arms::of(&list, LEVEL).unwrap().correlation.to_bits(), 0.0_f64.to_bits());
    }
}
