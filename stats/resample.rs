//! The interval of a mean as it is printed, by the number of patients who differ.

use std::collections::BTreeMap;

use bedside_perturbations::Stream;

use crate::bootstrap::{Bootstrap, REPLICATES, TIE};
use crate::cluster::{Observation, cluster_skew_t, totals};
use crate::estimate::Estimate;
use crate::replicates::{Draws, LANES, Weights};

/// From this number of differing patients on a mean is bootstrapped; below, [`cluster_skew_t`] is used.
pub const BOOTSTRAP_MEANS_FROM: usize = 100;

/// For how many patients in all replicates are kept: 2,000 weights each, 64 MB.
const MOST_KEPT: usize = 4_000;

/// Draws patients for all metrics of a run from one stream: equal numbers of patients are drawn alike.
#[derive(Debug, Clone)]
pub struct Resampler {
    stream: Stream,
    /// The replicates of the last numbers of patients, because most metrics have the same few.
    kept: BTreeMap<usize, Vec<Weights>>,
}

impl Resampler {
    /// Draws from that stream.
    #[must_use]
    pub fn new(stream: Stream) -> Self {
        Self { stream, kept: BTreeMap::new() }
    }

    /// A mean with its interval: the widened bootstrap where 100 patients or more differ, [`cluster_skew_t`] elsewhere, none
    /// for fewer than 20 patients.
    ///
    /// Patients with the commonest mean count as one: where most values are 0, as differences of two answers are, the few
    /// others decide, and the bootstrap covers as it does with so few patients (`COVERAGE.md`). `None` for no value, one that
    /// is not finite, or a level outside (0, 1).
    #[must_use]
    pub fn mean(&mut self, observations: &[Observation], level: f64) -> Option<Estimate> {
        let means = patient_means(observations)?;
        if differing(&means) < BOOTSTRAP_MEANS_FROM {
            return cluster_skew_t(observations, level);
        }
        let blocks = self.blocks(means.len());
        Bootstrap::drawn(observations, blocks, REPLICATES)?.widened(level)
    }

    pub(crate) fn blocks(&mut self, patients: usize) -> &[Weights] {
        if !self.kept.contains_key(&patients) && self.kept.keys().sum::<usize>() + patients > MOST_KEPT {
            self.kept.clear();
        }
        let draws = Draws::new(self.stream.clone(), patients);
        let drawn = || (0..REPLICATES.div_ceil(LANES as u64)).map(|block| draws.block(block)).collect();
        self.kept.entry(patients).or_insert_with(drawn)
    }
}

/// How many patients differ, those with the commonest mean counted as one; `None` for no value or one that is not finite.
pub(crate) fn differing_patients(observations: &[Observation]) -> Option<u64> {
    patient_means(observations).map(|means| differing(&means) as u64)
}

/// The mean of each patient's values, ascending; `None` for no value or one that is not finite.
fn patient_means(observations: &[Observation]) -> Option<Vec<f64>> {
    let mut counts: BTreeMap<u32, f64> = BTreeMap::new();
    for o in observations {
        *counts.entry(o.patient).or_default() += 1.0;
    }
    let sums = totals(observations)?;
    let mut means: Vec<f64> = sums.values().zip(counts.values()).map(|(sum, count)| sum / count).collect();
    means.sort_unstable_by(f64::total_cmp);
    Some(means)
}

/// How many of these patients differ, those with the commonest mean counted as one; the means ascend.
fn differing(means: &[f64]) -> usize {
    let alike = means.chunk_by(|a, b| b - a <= TIE * (1.0 + libm::fabs(*a)));
    means.len() + 1 - alike.map(<[f64]>::len).max().unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{LEVEL, Method};

    fn resampler() -> Resampler {
        Resampler::new(Stream::derive(3, &["resampler"]))
    }

    fn changes(patients: u32) -> Vec<Observation> {
        let mut stream = Stream::derive(u64::from(patients), &["changes"]);
        (0..patients * 2).map(|case| Observation { patient: case / 2, value: stream.uniform() }).collect()
    }

    #[test]
    fn the_number_of_patients_decides_the_method() {
        let method = |patients| resampler().mean(&changes(patients), LEVEL).map(|e| (e.method, e.interval.is_some()));
        assert_eq!(method(100), Some((Method::BootstrapWidened, true)));
        assert_eq!((method(99), method(20)), (Some((Method::ClusterSkewT, true)), Some((Method::ClusterSkewT, true))));
        assert_eq!(method(19), Some((Method::ClusterSkewT, false)));
        assert_eq!(resampler().mean(&[], LEVEL), None);
        assert_eq!(resampler().mean(&[Observation { patient: 0, value: f64::NAN }], LEVEL), None);
    }

    #[test]
    fn patients_who_are_alike_count_as_one() {
        // 150 patients with two cases each; a third of one case is a third of the other, but for rounding.
        let alike = |same: u32| -> Vec<Observation> {
            let value = |case: u32| match case / 2 {
                patient if patient >= same => f64::from(patient),
                patient if patient % 2 == 0 => 0.3,
                _ => 0.1 + 0.2,
            };
            (0..300).map(|case| Observation { patient: case / 2, value: value(case) }).collect()
        };
        let differ = |same| differing(&patient_means(&alike(same)).unwrap());
        assert_eq!((differ(0), differ(1), differ(51), differ(52), differ(150)), (150, 150, 100, 99, 1));
        let method = |same| resampler().mean(&alike(same), LEVEL).unwrap().method;
        assert_eq!((method(51), method(52)), (Method::BootstrapWidened, Method::ClusterSkewT));
        assert_eq!((differing(&[]), differing(&[0.0, 5.6e-17, 1.0]), differing(&[1.0, 1.0 + 4.5e-16, 2.0])), (0, 2, 2));
        assert_eq!((differing(&[1e6, 1e6 + 1e-7, 2e6]), differing(&[1e6, 1e6 + 1e-5, 2e6])), (2, 3));
    }

    #[test]
    fn a_patient_is_told_by_the_mean_and_not_the_sum_of_the_values() {
        let list: Vec<_> = (0..6).map(|case| Observation { patient: u32::from(case > 1), value: 0.25 }).collect();
        assert_eq!(patient_means(&list), Some(vec![0.25, 0.25]));
    }

    #[test]
    fn a_mean_does_not_depend_on_what_was_drawn_before_it() {
        let (mut used, list) = (resampler(), changes(120));
        let _ = used.mean(&changes(101), LEVEL);
        assert_eq!(used.mean(&list, LEVEL), resampler().mean(&list, LEVEL));
        let alone = Bootstrap::of(&list, REPLICATES, &Stream::derive(3, &["resampler"])).unwrap();
        assert_eq!(used.mean(&list, LEVEL), alone.widened(LEVEL));
    }
}
