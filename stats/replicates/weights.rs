//! How often each patient is drawn in each of some replicates.

use bedside_perturbations::Stream;
use multiversion::multiversion;

/// How many replicates are computed side by side.
pub const LANES: usize = 32;

/// Draws replicates: each takes as many patients as there are, with replacement.
#[derive(Debug, Clone)]
pub struct Draws {
    stream: Stream,
    patients: usize,
}

impl Draws {
    /// Replicates of that many patients, from that stream.
    #[must_use]
    pub fn new(stream: Stream, patients: usize) -> Self {
        Self { stream, patients }
    }

    /// Which patients replicate r draws, in the order drawn.
    pub fn indices(&self, replicate: u64) -> impl Iterator<Item = u64> {
        let (mut stream, bound) = (self.stream.fork("replicate", replicate), self.patients as u64);
        (0..self.patients).map(move |_| stream.below(bound))
    }

    /// The weights of replicates `LANES · block` to `LANES · (block + 1) − 1`.
    #[must_use]
    pub fn block(&self, block: u64) -> Weights {
        let mut weights = Weights::none(self.patients);
        for (lane, replicate) in (block * LANES as u64..).take(LANES).enumerate() {
            for patient in self.indices(replicate) {
                weights.add(patient, lane);
            }
        }
        weights
    }
}

/// The weights of [`LANES`] replicates: for each patient, how often each replicate drew them, whole numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    rows: Vec<[f64; LANES]>,
}

impl Weights {
    fn none(patients: usize) -> Self {
        Self { rows: vec![[0.0; LANES]; patients] }
    }

    fn add(&mut self, patient: u64, lane: usize) {
        let row = usize::try_from(patient).ok().and_then(|patient| self.rows.get_mut(patient));
        if let Some(weight) = row.and_then(|row| row.get_mut(lane)) {
            *weight += 1.0;
        }
    }

    /// Every patient once in every lane: the cases themselves.
    #[must_use]
    pub fn ones(patients: usize) -> Self {
        Self { rows: vec![[1.0; LANES]; patients] }
    }

    /// Given replicates, at most [`LANES`], as lists of patients; lanes beyond the list draw nobody.
    ///
    /// A patient beyond the number of patients is passed over.
    #[must_use]
    pub fn of_indices(patients: usize, replicates: &[Vec<u64>]) -> Self {
        let mut weights = Self::none(patients);
        for (lane, replicate) in replicates.iter().take(LANES).enumerate() {
            for patient in replicate {
                weights.add(*patient, lane);
            }
        }
        weights
    }

    /// Everybody but patient `LANES · block + lane`, for the jackknife; lanes beyond the last patient leave nobody out.
    #[must_use]
    pub fn without_one(patients: usize, block: usize) -> Self {
        let mut weights = Self::ones(patients);
        let left_out = weights.rows.iter_mut().skip(block.saturating_mul(LANES)).take(LANES);
        for (lane, row) in left_out.enumerate() {
            if let Some(weight) = row.get_mut(lane) {
                *weight = 0.0;
            }
        }
        weights
    }

    /// The number of patients.
    #[must_use]
    pub fn patients(&self) -> usize {
        self.rows.len()
    }

    /// How often each replicate drew this patient.
    #[must_use]
    pub fn of(&self, patient: u32) -> &[f64; LANES] {
        const NEVER: [f64; LANES] = [0.0; LANES];
        self.rows.get(patient as usize).unwrap_or(&NEVER)
    }

    /// How many answers each replicate holds, given whose each answer is.
    pub(crate) fn count(&self, patients: &[u32]) -> [f64; LANES] {
        count(&self.rows, patients)
    }

    pub(crate) fn rows(&self) -> &[[f64; LANES]] {
        &self.rows
    }
}

#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn count(rows: &[[f64; LANES]], patients: &[u32]) -> [f64; LANES] {
    let mut counts = [0.0; LANES];
    for row in patients.iter().filter_map(|patient| rows.get(*patient as usize)) {
        for lane in 0..LANES {
            counts[lane] += row[lane];
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_replicate_draws_as_many_as_there_are() {
        let weights = Draws::new(Stream::derive(1, &["draws"]), 100).block(3);
        for lane in 0..LANES {
            assert_eq!(weights.rows().iter().map(|row| row[lane]).sum::<f64>(), 100.0);
        }
    }

    #[test]
    fn a_block_is_its_replicates_one_by_one() {
        let draws = Draws::new(Stream::derive(1, &["draws"]), 57);
        let replicates: Vec<Vec<u64>> = (LANES as u64..).take(LANES).map(|r| draws.indices(r).collect()).collect();
        assert_eq!(draws.block(1), Weights::of_indices(57, &replicates));
        assert_eq!(draws.block(1).patients(), 57);
        assert_ne!(draws.block(0), draws.block(1));
    }

    #[test]
    fn the_mean_weight_and_its_variance_are_those_of_drawing_with_replacement() {
        let draws = Draws::new(Stream::derive(5, &["draws"]), 400);
        let (mut sum, mut squares, mut n) = (0.0, 0.0, 0.0);
        for block in 0..10 {
            for weight in draws.block(block).rows().iter().flatten() {
                (sum, squares, n) = (sum + weight, squares + weight * weight, n + 1.0);
            }
        }
        let variance: f64 = squares / n - 1.0;
        assert!((sum / n - 1.0).abs() < 1e-12 && (variance - (1.0 - 1.0 / 400.0)).abs() < 0.02, "{variance}");
    }

    #[test]
    fn the_jackknife_leaves_each_patient_out_once() {
        let blocks: Vec<Weights> = (0..3).map(|block| Weights::without_one(70, block)).collect();
        for patient in 0..70_u32 {
            let zeros: usize = blocks.iter().map(|b| b.of(patient).iter().filter(|w| **w == 0.0).count()).sum();
            assert_eq!(zeros, 1, "{patient}");
        }
        assert_eq!(blocks[2].of(65)[1], 0.0);
    }
}
