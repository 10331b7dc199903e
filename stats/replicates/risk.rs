//! The area under the risk–coverage curve of every replicate, in one walk through stretches of cases.

use multiversion::multiversion;

use super::calibration::{Answer, patients};
use super::weights::{LANES, Weights};

/// Answers from the most to the least sure, ready for the area under the risk–coverage curve (Geifman and El-Yaniv 2017).
///
/// The area is the mean over k of the share wrong among the k answers most sure of themselves; equally sure answers count
/// as if each order of them were as likely. m answers of which a share ρ is wrong, behind c others of which E are wrong,
/// add `Σ_{j=1..m} (E + jρ)/(c + j) = ρm + (E − ρc)(H(c+m) − H(c))` with the harmonic numbers H. For ρ of 0 or 1 neighbours
/// of the same kind can be taken together, because E, or E − c, stays what it is.
#[derive(Debug, Clone)]
pub struct Risk {
    stretches: Vec<Stretch>,
    /// The patient of every answer, in the order of the weights.
    patients: Vec<u32>,
}

/// Neighbours that are taken together.
#[derive(Debug, Clone)]
struct Stretch {
    /// Who gave the right answers among them.
    right: Vec<u32>,
    /// Who gave the wrong ones.
    wrong: Vec<u32>,
}

/// Where each lane stands on its walk.
struct Walk {
    taken: [f64; LANES],
    wrong: [f64; LANES],
    /// H(taken).
    harmonic: [f64; LANES],
    area: [f64; LANES],
}

impl Risk {
    /// Sorts the answers. `None` for a confidence outside [0, 1].
    #[must_use]
    pub fn of(answers: &[Answer]) -> Option<Self> {
        if !answers.iter().all(|answer| (0.0..=1.0).contains(&answer.confidence)) {
            return None;
        }
        let mut ordered = answers.to_vec();
        ordered.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        let mut stretches: Vec<Stretch> = Vec::new();
        for equals in ordered.chunk_by(|a, b| a.confidence == b.confidence) {
            Stretch::of(equals).join(&mut stretches);
        }
        Some(Self { stretches, patients: patients(answers) })
    }

    /// The area of every replicate; NaN for one that holds no answer.
    #[must_use]
    pub fn areas(&self, weights: &Weights) -> [f64; LANES] {
        let counts = weights.count(&self.patients);
        let harmonic = harmonic_numbers(counts.iter().fold(0.0, |most, count| most.max(*count)));
        let zero = [0.0; LANES];
        let mut walk = Walk { taken: zero, wrong: zero, harmonic: zero, area: zero };
        for stretch in &self.stretches {
            let (right, wrong) = (weights.count(&stretch.right), weights.count(&stretch.wrong));
            let after: [f64; LANES] = std::array::from_fn(|lane| walk.taken[lane] + right[lane] + wrong[lane]);
            // Every place asked for is a number of answers that a replicate holds, so the table has it.
            let next = after.map(|place| harmonic.get(place as usize).copied().unwrap_or(f64::NAN));
            take(&mut walk, &stretch.shares(&right, &wrong), &wrong, &after, &next);
        }
        std::array::from_fn(|lane| walk.area[lane] / counts[lane])
    }
}

impl Stretch {
    fn of(equals: &[Answer]) -> Self {
        let who = |right: bool| equals.iter().filter(|a| a.right == right).map(|answer| answer.patient).collect();
        Self { right: who(true), wrong: who(false) }
    }

    /// The share wrong in each lane. Most stretches are all right or all wrong, and need no division.
    fn shares(&self, right: &[f64; LANES], wrong: &[f64; LANES]) -> [f64; LANES] {
        match (self.right.is_empty(), self.wrong.is_empty()) {
            (_, true) => [0.0; LANES],
            (true, false) => [1.0; LANES],
            (false, false) => std::array::from_fn(|lane| wrong[lane] / (right[lane] + wrong[lane]).max(1.0)),
        }
    }

    /// Joins the last stretch if all answers of both are right, or all wrong.
    fn join(self, stretches: &mut Vec<Self>) {
        match stretches.last_mut() {
            Some(last) if last.wrong.is_empty() && self.wrong.is_empty() => last.right.extend(self.right),
            Some(last) if last.right.is_empty() && self.right.is_empty() => last.wrong.extend(self.wrong),
            _ => stretches.push(self),
        }
    }
}

/// Goes past a stretch of which these shares, and so many answers, are wrong.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn take(walk: &mut Walk, shares: &[f64; LANES], wrong: &[f64; LANES], after: &[f64; LANES], next: &[f64; LANES]) {
    for lane in 0..LANES {
        let before = walk.wrong[lane] - shares[lane] * walk.taken[lane];
        walk.area[lane] += wrong[lane] + before * (next[lane] - walk.harmonic[lane]);
        walk.wrong[lane] += wrong[lane];
    }
    (walk.taken, walk.harmonic) = (*after, *next);
}

/// H(0) = 0, H(1) = 1, H(2) = 1.5, … up to H(most), `most` being a whole number.
fn harmonic_numbers(most: f64) -> Vec<f64> {
    let terms = (1..=most as u64).scan(0.0, |sum, k| {
        *sum += 1.0 / k as f64;
        Some(*sum)
    });
    std::iter::once(0.0).chain(terms).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replicates::Draws;
    use bedside_perturbations::Stream;
    use proptest::prelude::*;

    /// The definition, on the copied list, with the expected risk inside groups of equal confidence.
    fn by_copying(answers: &[Answer], drawn: &[u64]) -> f64 {
        let copies = |answer: &Answer| drawn.iter().filter(|patient| **patient == u64::from(answer.patient)).count();
        let mut list: Vec<Answer> = answers.iter().flat_map(|a| std::iter::repeat_n(*a, copies(a))).collect();
        list.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        let (mut total, mut above, mut wrong_above) = (0.0, 0.0, 0.0);
        for equals in list.chunk_by(|a, b| a.confidence == b.confidence) {
            let (size, wrong) = (equals.len() as f64, equals.iter().filter(|a| !a.right).count() as f64);
            for k in 1..=equals.len() {
                total += (wrong_above + wrong * k as f64 / size) / (above + k as f64);
            }
            (above, wrong_above) = (above + size, wrong_above + wrong);
        }
        total / above
    }

    proptest! {
        #[test]
        fn a_walk_gives_what_copying_gives(
            list in prop::collection::vec((0_u32..12, 0_u16..30, any::<bool>()), 1..80), seed in 0_u64..99
        ) {
            let answers: Vec<Answer> = list
                .iter()
                .map(|&(patient, c, right)| Answer { patient, confidence: f64::from(c) / 29.0, right })
                .collect();
            let draws = Draws::new(Stream::derive(seed, &["aurc"]), 12);
            let areas = Risk::of(&answers).unwrap().areas(&draws.block(0));
            for (replicate, area) in (0..).zip(areas) {
                let known = by_copying(&answers, &draws.indices(replicate).collect::<Vec<_>>());
                prop_assert!((known - area).abs() < 1e-12 || known.is_nan() && area.is_nan(), "{known} {area}");
            }
        }
    }

    #[test]
    fn always_right_has_no_risk_and_always_wrong_has_all() {
        let answers = |right| -> Vec<Answer> {
            (0..9).map(|patient| Answer { patient, confidence: f64::from(patient) / 9.0, right }).collect()
        };
        assert_eq!(Risk::of(&answers(true)).unwrap().areas(&Weights::ones(9))[0], 0.0);
        assert!((Risk::of(&answers(false)).unwrap().areas(&Weights::ones(9))[0] - 1.0).abs() < 1e-15);
        assert!(Risk::of(&[Answer { patient: 0, confidence: -0.1, right: true }]).is_none());
    }
}
