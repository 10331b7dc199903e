//! Intervals that are printed nowhere, because they cover too little: the patient bootstrap of numbers of a whole arm.

use bedside_perturbations::Stream;

use super::planted::{Moves, Size};
use super::{Role, Seen};
use crate::replicates::{Answer, Calibration, LANES, Moments, Risk, Weights, quantile, weighted_kappa};
use crate::{BINS, Method, REPLICATES, Resampler};

/// By how much the treated arm is surer than it is right: the truth of both differences.
const OVERSURE: [f64; 2] = [0.0, 0.1];

/// Percentiles of the patient bootstrap for a difference of calibration errors, of risk–coverage areas, and for kappa.
///
/// Stated probabilities are uniform in [0.5, 1]. At control an answer is right as often as it says, so that the calibration
/// error is 0 and the mean risk of the surest share t is t/4; when treated it is right less often by the same amount
/// throughout, so that both differences are that amount.
pub(super) fn of_arms(size: Size, stream: &Stream) -> Vec<Seen> {
    let mut draws = Resampler::new(stream.fork("draws", 0));
    let blocks = draws.blocks(size.patients as usize);
    let mut all = Vec::new();
    for (place, oversure) in (0..).zip(OVERSURE) {
        let (before, after) = arms(size, oversure, &mut stream.fork("arms", place));
        let errors = |answers: &[Answer]| Calibration::of(answers, BINS as u32).unwrap();
        let (one, other) = (errors(&before), errors(&after));
        let found = percentile(blocks, |weights| less(other.errors(weights), one.errors(weights)));
        all.push(seen(format!("difference of calibration errors of {oversure}"), oversure, found));
        let (one, other) = (Risk::of(&before).unwrap(), Risk::of(&after).unwrap());
        let found = percentile(blocks, |weights| less(other.areas(weights), one.areas(weights)));
        all.push(seen(format!("difference of risk–coverage areas of {oversure}"), oversure, found));
    }
    for moves in [0.05, 0.1, 0.2, 0.4] {
        let truth = Moves(moves).kappa();
        let pairs = size.places(Moves(moves), &mut stream.fork("moves", (moves * 100.0) as u64));
        let found = percentile(blocks, |weights| kappas(&pairs, weights));
        all.push(seen(format!("weighted kappa of {truth:.2}"), truth, found));
    }
    all
}

fn seen(quantity: String, truth: f64, interval: Option<(f64, f64)>) -> Seen {
    Seen { quantity, truth, role: Role::Compared, method: Method::Bootstrap, interval }
}

/// Every case at control and when treated.
fn arms(size: Size, oversure: f64, stream: &mut Stream) -> (Vec<Answer>, Vec<Answer>) {
    let cases = size.stated(oversure, stream);
    let answer = |patient, (confidence, right)| Answer { patient, confidence, right };
    cases.into_iter().map(|(patient, before, after)| (answer(patient, before), answer(patient, after))).unzip()
}

fn less(one: [f64; LANES], other: [f64; LANES]) -> [f64; LANES] {
    std::array::from_fn(|lane| one[lane] - other[lane])
}

fn kappas(pairs: &[(u32, u32, u32)], weights: &Weights) -> [f64; LANES] {
    let mut totals = [Moments::default(); LANES];
    for &(patient, one, other) in pairs {
        let (i, j) = (f64::from(one), f64::from(other));
        let own = Moments { n: 1.0, apart: (i - j) * (i - j), squares: i * i + j * j, first: i, second: j };
        let times = weights.of(patient);
        totals.iter_mut().zip(times).for_each(|(total, times)| *total = total.with(own, *times));
    }
    totals.map(|total| weighted_kappa(total).unwrap_or(1.0))
}

/// The percentile interval; from one value to itself is none.
fn percentile(blocks: &[Weights], of: impl Fn(&Weights) -> [f64; LANES]) -> Option<(f64, f64)> {
    let mut values: Vec<f64> = blocks.iter().flat_map(of).take(REPLICATES as usize).collect();
    values.sort_unstable_by(f64::total_cmp);
    quantile(&values, 0.025).zip(quantile(&values, 0.975)).filter(|(low, high)| low < high)
}
