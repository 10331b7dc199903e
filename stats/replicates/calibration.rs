//! The calibration error of every replicate, in one walk through the cases.

use multiversion::multiversion;

use super::weights::{LANES, Weights};

/// One answer: whose it is, how sure it said it was, and whether it was right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Answer {
    /// The patient: the index of the weight.
    pub patient: u32,
    /// The stated probability of the answer given, in [0, 1].
    pub confidence: f64,
    /// Whether the answer was right.
    pub right: bool,
}

/// Answers in the order of their confidence, ready for the expected calibration error with bins of equal mass.
///
/// A replicate holds every answer as often as its patient was drawn, copies side by side; equally confident answers stay
/// in the order given. The first n mod B bins hold ⌈n/B⌉ answers, the others ⌊n/B⌋, and a copy may fall into another
/// bin than its like, so the error is that of the copied list exactly: `Σ |Σ_bin (right − confidence)| / n`.
#[derive(Debug, Clone)]
pub struct Calibration {
    /// Whose each answer is, and right less confidence.
    ordered: Vec<(u32, f64)>,
    patients: Vec<u32>,
    bins: u32,
}

/// Where each lane stands on its walk.
struct Walk {
    /// Answers behind.
    taken: [f64; LANES],
    /// Where the bin ends that is being filled.
    end: [f64; LANES],
    /// Right less confidence of the bin so far.
    gap: [f64; LANES],
    /// Sizes of the gaps of all full bins.
    total: [f64; LANES],
}

impl Calibration {
    /// Sorts the answers. `None` for a confidence outside [0, 1] or no bin.
    #[must_use]
    pub fn of(answers: &[Answer], bins: u32) -> Option<Self> {
        if bins == 0 || !answers.iter().all(|answer| (0.0..=1.0).contains(&answer.confidence)) {
            return None;
        }
        let mut ordered = answers.to_vec();
        ordered.sort_by(|a, b| a.confidence.total_cmp(&b.confidence));
        let gap = |answer: &Answer| (answer.patient, f64::from(u8::from(answer.right)) - answer.confidence);
        Some(Self { ordered: ordered.iter().map(gap).collect(), patients: patients(answers), bins })
    }

    /// The calibration error of every replicate; NaN for one that holds no answer.
    #[must_use]
    pub fn errors(&self, weights: &Weights) -> [f64; LANES] {
        let counts = weights.count(&self.patients);
        let first = counts.map(|count| self.size(count, 0.0));
        let mut walk = Walk { taken: [0.0; LANES], end: first, gap: [0.0; LANES], total: [0.0; LANES] };
        for (patient, gap) in &self.ordered {
            let drawn = weights.of(*patient);
            if step(&mut walk, drawn, *gap) {
                self.fill(&mut walk, drawn, *gap, &counts);
            }
        }
        std::array::from_fn(|lane| (walk.total[lane] + walk.gap[lane].abs()) / counts[lane])
    }

    /// Takes an answer's copies in every lane, closing bins that become full.
    fn fill(&self, walk: &mut Walk, drawn: &[f64; LANES], gap: f64, counts: &[f64; LANES]) {
        for lane in 0..LANES {
            let after = walk.taken[lane] + drawn[lane];
            while after > walk.end[lane] {
                walk.total[lane] += (walk.gap[lane] + gap * (walk.end[lane] - walk.taken[lane])).abs();
                walk.gap[lane] = 0.0;
                walk.taken[lane] = walk.end[lane];
                walk.end[lane] += self.size(counts[lane], walk.end[lane]);
            }
            walk.gap[lane] += gap * (after - walk.taken[lane]);
            walk.taken[lane] = after;
        }
    }

    /// The size of the bin that begins where so many of all answers are taken; at least 1, so that a walk goes on.
    fn size(&self, all: f64, taken: f64) -> f64 {
        let bins = f64::from(self.bins);
        let small = (all / bins).trunc();
        let larger = all - small * bins;
        let size = if taken < larger * (small + 1.0) { small + 1.0 } else { small };
        size.max(1.0)
    }
}

/// The patient of every answer, in the order of the weights, so that they are read from one end to the other.
pub(crate) fn patients(answers: &[Answer]) -> Vec<u32> {
    let mut patients: Vec<u32> = answers.iter().map(|answer| answer.patient).collect();
    patients.sort_unstable();
    patients
}

/// Takes an answer's copies in every lane, unless that overfills a bin in some lane: then it does nothing and says so.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn step(walk: &mut Walk, drawn: &[f64; LANES], gap: f64) -> bool {
    let after: [f64; LANES] = std::array::from_fn(|lane| walk.taken[lane] + drawn[lane]);
    // Not `any`, which would stop at the first and so look at one lane at a time.
    if after.iter().zip(&walk.end).fold(false, |over, (after, end)| over | (after > end)) {
        return true;
    }
    for (sum, weight) in walk.gap.iter_mut().zip(drawn) {
        *sum += gap * weight;
    }
    walk.taken = after;
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replicates::Draws;
    use bedside_perturbations::Stream;
    use proptest::prelude::*;

    /// The definition, on the copied list.
    fn by_copying(answers: &[Answer], bins: usize, drawn: &[u64]) -> f64 {
        let mut ordered: Vec<&Answer> = answers.iter().collect();
        ordered.sort_by(|a, b| a.confidence.total_cmp(&b.confidence));
        let copies = |answer: &Answer| drawn.iter().filter(|patient| **patient == u64::from(answer.patient)).count();
        let list: Vec<&Answer> = ordered.into_iter().flat_map(|a| std::iter::repeat_n(a, copies(a))).collect();
        let (small, larger) = (list.len() / bins, list.len() % bins);
        let mut rest = &list[..];
        let mut total = 0.0;
        for bin in 0..bins {
            let (run, tail) = rest.split_at(small + usize::from(bin < larger));
            total += run.iter().map(|a| f64::from(u8::from(a.right)) - a.confidence).sum::<f64>().abs();
            rest = tail;
        }
        total / list.len() as f64
    }

    proptest! {
        #[test]
        fn a_walk_gives_what_copying_gives(
            list in prop::collection::vec((0_u32..12, 0_u8..9, any::<bool>()), 1..80), bins in 1_u32..16, seed in 0_u64..99
        ) {
            let answers: Vec<Answer> = list
                .iter()
                .map(|&(patient, c, right)| Answer { patient, confidence: f64::from(c) / 8.0, right })
                .collect();
            let draws = Draws::new(Stream::derive(seed, &["ece"]), 12);
            let errors = Calibration::of(&answers, bins).unwrap().errors(&draws.block(0));
            for (replicate, error) in (0..).zip(errors) {
                let drawn: Vec<u64> = draws.indices(replicate).collect();
                let known = by_copying(&answers, bins as usize, &drawn);
                prop_assert!((known - error).abs() < 1e-12 || known.is_nan() && error.is_nan(), "{known} {error}");
            }
        }
    }

    #[test]
    fn what_is_no_confidence_is_refused() {
        let answer = |confidence| Answer { patient: 0, confidence, right: true };
        assert!(Calibration::of(&[answer(1.2)], 3).is_none() && Calibration::of(&[answer(0.2)], 0).is_none());
        assert!(Calibration::of(&[], 3).unwrap().errors(&Weights::ones(4))[0].is_nan());
    }
}
