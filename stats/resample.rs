//! The interval of a mean as it is printed, by the number of patients.

use std::collections::{BTreeMap, BTreeSet};

use bedside_perturbations::Stream;

use crate::bootstrap::{BOOTSTRAP_FROM, Bootstrap, REPLICATES};
use crate::cluster::{Observation, cluster_skew_t};
use crate::estimate::Estimate;
use crate::replicates::{Draws, LANES, Weights};

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

    /// A mean with its interval: the widened bootstrap from 40 patients on, [`cluster_skew_t`] from 20 to 39, none below.
    ///
    /// `None` for no value, one that is not finite, or a level outside (0, 1).
    #[must_use]
    pub fn mean(&mut self, observations: &[Observation], level: f64) -> Option<Estimate> {
        let patients = observations.iter().map(|o| o.patient).collect::<BTreeSet<u32>>().len();
        if (patients as u64) < BOOTSTRAP_FROM {
            return cluster_skew_t(observations, level);
        }
        let blocks = self.blocks(patients);
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
        assert_eq!(method(40), Some((Method::BootstrapWidened, true)));
        assert_eq!((method(39), method(20)), (Some((Method::ClusterSkewT, true)), Some((Method::ClusterSkewT, true))));
        assert_eq!(method(19), Some((Method::ClusterSkewT, false)));
        assert_eq!(resampler().mean(&[], LEVEL), None);
    }

    #[test]
    fn a_mean_does_not_depend_on_what_was_drawn_before_it() {
        let (mut used, list) = (resampler(), changes(50));
        let _ = used.mean(&changes(41), LEVEL);
        assert_eq!(used.mean(&list, LEVEL), resampler().mean(&list, LEVEL));
        let alone = Bootstrap::of(&list, REPLICATES, &Stream::derive(3, &["resampler"])).unwrap();
        assert_eq!(used.mean(&list, LEVEL), alone.widened(LEVEL));
    }
}
