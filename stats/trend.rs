//! Whether a rate moves with the dose: a test by patient permutation, and the rise with its interval.

use core::borrow::Borrow;
use std::collections::BTreeMap;

use bedside_perturbations::Stream;

use crate::bootstrap::{BOOTSTRAP_FROM, REPLICATES};
use crate::dose::{theil_sen, trapezoids};
use crate::estimate::{Estimate, Method, proper, tail_of};
use crate::replicates::{Columns, LANES, Weights, quantile};
use crate::resample::Resampler;
use crate::special::{normal_tail, t_quantile};
use crate::sum::sum;

/// How many permutations a trend test draws.
pub const PERMUTATIONS: u64 = 1_999;

/// Sums that differ by less than this share of their sizes are the same sum, rounded differently.
const ROUNDING: f64 = 1e-12;

/// One case at every dose.
#[derive(Debug, Clone, PartialEq)]
pub struct AtDoses {
    /// The patient: the index of the cluster.
    pub patient: u32,
    /// An event (1), none (0), or a share of repeats, at each dose in order.
    pub values: Vec<f64>,
}

/// What permuting the doses within patients found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trend {
    /// The two-sided p of no trend, in (0, 1].
    pub p: f64,
    /// The largest fall from one dose to a later one; `None` where the rate nowhere falls.
    pub fall: Option<Fall>,
    /// How many permutations both rest on.
    pub permutations: u64,
}

/// A rate that falls although the dose rises.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fall {
    /// By how much, as a share.
    pub size: f64,
    /// From the dose with this index.
    pub from: usize,
    /// To the dose with this index.
    pub to: usize,
    /// How often doses that do not matter show a fall at least as large: the p of a rate that nowhere falls.
    pub p: f64,
}

/// Tests whether the rate has a linear trend over the doses, and whether it falls anywhere.
///
/// When the dose does not matter, every order of a patient's answers over the doses is as likely. So the doses are
/// permuted within each patient, all cases of a patient alike (a permutation within blocks: Pitman 1938; for clusters
/// Winkler and others, NeuroImage 2014; 92: 381–397). The trend is `|Σ_k (x_k − x̄)·y_k|` of the summed events y at the
/// doses x, the fall the largest `y_j − y_k` over j < k. Both p are (1 + those at least as large)/(1 + drawn) (Phipson and
/// Smyth 2010). Of all rates that nowhere fall the constant one falls most by chance, so the p of a fall is never too
/// small. Permutation r draws from its own stream, patients in ascending order.
///
/// `None` for no case, cases without a value for each dose or with one that is not finite, or doses that neither rise nor
/// fall all the way.
#[must_use]
pub fn trend(cases: &[AtDoses], doses: &[f64], permutations: u64, stream: &Stream) -> Option<Trend> {
    trapezoids(doses)?;
    let patients = by_patient(cases, doses.len())?;
    let size = sum(patients.iter().flatten().map(|value| libm::fabs(*value)));
    let scores = centred(doses);
    let told = totals(&patients, doses.len(), |_| {});
    let (slant, fall) = (slant(&scores, &told), largest_fall(&told));
    let widest = scores.iter().fold(0.0, |most: f64, score| most.max(libm::fabs(*score)));
    let (mut slanted, mut fallen) = (0_u64, 0_u64);
    for r in 0..permutations {
        let mut draws = stream.fork("permutation", r);
        let drawn = totals(&patients, doses.len(), |order| draws.shuffle(order));
        slanted += u64::from(self::slant(&scores, &drawn) >= slant - ROUNDING * size * widest);
        fallen += u64::from(largest_fall(&drawn).0 >= fall.0 - ROUNDING * size);
    }
    let p = |count: u64| (1.0 + count as f64) / (1.0 + permutations as f64);
    let (drop, (from, to)) = fall;
    let fall = (drop > ROUNDING * size).then(|| Fall { size: drop / cases.len() as f64, from, to, p: p(fallen) });
    Some(Trend { p: p(slanted), fall, permutations })
}

/// The sums of each patient's values at every dose, patients ascending.
fn by_patient(cases: &[AtDoses], doses: usize) -> Option<Vec<Vec<f64>>> {
    let mut patients: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    for case in cases {
        if case.values.len() != doses || case.values.iter().any(|value| !value.is_finite()) {
            return None;
        }
        let sums = patients.entry(case.patient).or_insert_with(|| vec![0.0; doses]);
        sums.iter_mut().zip(&case.values).for_each(|(sum, value)| *sum += value);
    }
    (!patients.is_empty()).then(|| patients.into_values().collect())
}

/// The doses less their mean: only how far apart they lie matters.
fn centred(doses: &[f64]) -> Vec<f64> {
    let mean = sum(doses.iter().copied()) / doses.len() as f64;
    doses.iter().map(|dose| dose - mean).collect()
}

/// The sums over all patients, each patient's doses in an order.
fn totals(patients: &[Vec<f64>], doses: usize, mut arrange: impl FnMut(&mut [usize])) -> Vec<f64> {
    let mut totals = vec![0.0; doses];
    let mut order: Vec<usize> = Vec::with_capacity(doses);
    for sums in patients {
        order.clear();
        order.extend(0..doses);
        arrange(&mut order);
        for (total, value) in totals.iter_mut().zip(order.iter().filter_map(|place| sums.get(*place))) {
            *total += value;
        }
    }
    totals
}

fn slant(scores: &[f64], totals: &[f64]) -> f64 {
    libm::fabs(sum(scores.iter().zip(totals).map(|(score, total)| score * total)))
}

/// The largest fall from a total to a later one, and which two; the first such, and 0 where nothing falls.
fn largest_fall(totals: &[f64]) -> (f64, (usize, usize)) {
    let mut largest = (0.0, (0, 0));
    for (from, high) in totals.iter().enumerate() {
        for (to, low) in totals.iter().enumerate().skip(from + 1) {
            if high - low > largest.0 {
                largest = (high - low, (from, to));
            }
        }
    }
    largest
}

impl Resampler {
    /// By how much the rate rises from the first dose to the last: the Theil–Sen slope over the doses ([`theil_sen`]) times
    /// their range, as a difference of shares, with the patient bootstrap's percentile interval at tails widened for few
    /// patients, `Φ(−√(G/(G−1)) · t_{G−1})` (Hesterberg, The American Statistician 2015; 69: 371–386).
    ///
    /// No interval for fewer than 40 patients, as for every number of a whole arm. Without BCa's corrections: a median of slopes
    /// jumps from one pair of doses to another, which they take for skewness. `None` as for [`trend`], or a level outside
    /// (0, 1).
    #[must_use]
    pub fn rise(&mut self, cases: &[AtDoses], doses: &[f64], level: f64) -> Option<Estimate> {
        let patients = by_patient(cases, doses.len())?.len();
        rise(cases, doses, self.blocks(patients).iter(), REPLICATES, level)
    }
}

/// The same with given replicates, which are places in the ascending list of patients.
pub(crate) fn rise<W: Borrow<Weights>>(
    cases: &[AtDoses],
    doses: &[f64],
    blocks: impl Iterator<Item = W>,
    replicates: u64,
    level: f64,
) -> Option<Estimate> {
    trapezoids(doses)?;
    let (tail, range) = (tail_of(level)?, doses.last()? - doses.first()?);
    let patients = by_patient(cases, doses.len())?;
    let columns = columns(cases, &patients, doses.len());
    let of = |totals: &[f64]| {
        let (count, sums) = totals.split_last()?;
        let rates: Vec<f64> = sums.iter().map(|sum| sum / count).collect();
        Some(theil_sen(doses, &rates)? * range)
    };
    let mut told = totals(&patients, doses.len(), |_| {});
    told.push(cases.len() as f64);
    let kept = usize::try_from(replicates).ok()?;
    let lanes = |weights: W| -> Vec<Option<f64>> {
        let totals = columns.totals(weights.borrow());
        (0..LANES)
            .map(|lane| of(&totals.iter().filter_map(|column| column.get(lane).copied()).collect::<Vec<_>>()))
            .collect()
    };
    let mut rises: Vec<f64> = blocks.flat_map(lanes).take(kept).flatten().collect();
    rises.sort_unstable_by(f64::total_cmp);
    let size = patients.len() as u64;
    let limits = widened_tail(size, tail).and_then(|tail| quantile(&rises, tail).zip(quantile(&rises, 1.0 - tail)));
    Some(Estimate {
        point: of(&told)?,
        interval: limits.filter(|_| size >= BOOTSTRAP_FROM).and_then(|(low, high)| proper(low, high)),
        level,
        method: Method::BootstrapTails,
        events: None,
        n: cases.len() as u64,
        patients: size,
    })
}

/// A column for the sums at each dose and one for the number of cases.
fn columns(cases: &[AtDoses], patients: &[Vec<f64>], doses: usize) -> Columns {
    let mut columns = Columns::new(patients.len());
    for dose in 0..doses {
        columns.push(&patients.iter().filter_map(|sums| sums.get(dose).copied()).collect::<Vec<_>>());
    }
    let mut counts: BTreeMap<u32, f64> = BTreeMap::new();
    cases.iter().for_each(|case| *counts.entry(case.patient).or_default() += 1.0);
    columns.push(&counts.into_values().collect::<Vec<_>>());
    columns
}

/// A tail widened for few patients; `None` for fewer than two.
fn widened_tail(patients: u64, tail: f64) -> Option<f64> {
    let patients = patients as f64;
    (patients > 1.0)
        .then(|| normal_tail(libm::sqrt(patients / (patients - 1.0)) * t_quantile(1.0 - tail, patients - 1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{LEVEL, at_least};

    const DOSES: [f64; 5] = [0.5, 1.0, 2.0, 3.0, 6.0];

    fn stream() -> Stream {
        Stream::derive(4, &["trend"])
    }

    /// Cases that follow their patient or not, with an event wherever a draw of theirs lies below the rate.
    fn drawn(patients: u32, each: u32, rates: &[f64], stream: &mut Stream) -> Vec<AtDoses> {
        let mut list = Vec::new();
        for patient in 0..patients {
            let own = stream.uniform();
            for _ in 0..each {
                let base = if stream.chance(0.5) { own } else { stream.uniform() };
                let mut event = |rate: &f64| {
                    let u = if stream.chance(0.5) { base } else { stream.uniform() };
                    f64::from(u8::from(u < *rate))
                };
                list.push(AtDoses { patient, values: rates.iter().map(&mut event).collect() });
            }
        }
        list
    }

    #[test]
    fn a_rate_that_rises_has_a_trend_and_one_that_does_not_has_none_more_often_than_it_says() {
        let found = trend(&drawn(60, 2, &[0.02, 0.04, 0.1, 0.2, 0.4], &mut stream()), &DOSES, 999, &stream()).unwrap();
        assert!(found.p == 0.001 && found.permutations == 999, "{found:?}");
        let of =
            |seed| trend(&drawn(24, 2, &[0.2; 5], &mut stream().fork("flat", seed)), &DOSES, 199, &stream()).unwrap();
        let flat: Vec<Trend> = (0..400).map(of).collect();
        let small = |p: &dyn Fn(&Trend) -> f64| flat.iter().filter(|found| p(found) <= 0.05).count() as u64;
        for rare in [small(&|found| found.p), small(&|found| found.fall.map_or(1.0, |fall| fall.p))] {
            assert!((6..=40).contains(&rare) && at_least(rare, 400, 0.05) > 1e-4, "{rare} of 400 at 5 %");
        }
    }

    #[test]
    fn cases_taken_for_patients_show_trends_that_are_not_there() {
        // Every patient has one profile, five times over.
        let flat = |seed: u64| {
            let mut profiles = drawn(20, 1, &[0.2; 5], &mut stream().fork("profiles", seed));
            profiles = profiles.iter().flat_map(|case| core::iter::repeat_n(case.clone(), 5)).collect();
            profiles
        };
        let alone = |cases: Vec<AtDoses>| {
            (0..).zip(cases).map(|(patient, case)| AtDoses { patient, ..case }).collect::<Vec<_>>()
        };
        let rare = |cases: &dyn Fn(u64) -> Vec<AtDoses>| {
            (0..100).filter(|seed| trend(&cases(*seed), &DOSES, 99, &stream()).unwrap().p <= 0.05).count()
        };
        let (clustered, unclustered) = (rare(&flat), rare(&|seed| alone(flat(seed))));
        assert!(clustered <= 14 && unclustered >= 25, "{clustered} {unclustered}");
    }

    #[test]
    fn drawn_permutations_come_near_all_of_them() {
        // All 6⁵ orders, counted by an independent program: of 7,776 the first rows slant as much in 896, the turned ones
        // fall as much in 1,696.
        let rows = [[0.0, 1.0, 1.0], [0.0, 0.0, 1.0], [0.0, 0.0, 1.0], [1.0, 0.0, 1.0], [0.0, 1.0, 0.0]];
        let cases: Vec<AtDoses> =
            (0..).zip(rows).map(|(patient, row)| AtDoses { patient, values: row.to_vec() }).collect();
        let found = trend(&cases, &[1.0, 2.0, 5.0], 20_000, &stream()).unwrap();
        assert!((found.p - 896.0 / 7_776.0).abs() < 0.008, "{found:?}");
        let turned: Vec<AtDoses> =
            cases.iter().map(|case| AtDoses { values: case.values.iter().rev().copied().collect(), ..*case }).collect();
        let fall = trend(&turned, &[1.0, 2.0, 5.0], 20_000, &stream()).unwrap().fall.unwrap();
        assert!((fall.p - 1_696.0 / 7_776.0).abs() < 0.011, "{fall:?}");
        assert_eq!((fall.from, fall.to, fall.size), (0, 2, 0.6));
    }

    #[test]
    fn the_largest_fall_is_named_and_a_rise_has_none() {
        assert_eq!(largest_fall(&[1.0, 5.0, 4.0, 2.0, 6.0, 5.0]), (3.0, (1, 3)));
        assert_eq!(largest_fall(&[1.0, 1.0, 2.0]), (0.0, (0, 0)));
        let rises = [AtDoses { patient: 0, values: vec![0.0, 1.0] }, AtDoses { patient: 1, values: vec![0.0, 0.0] }];
        assert_eq!(trend(&rises, &[1.0, 2.0], 9, &stream()).unwrap().fall, None);
    }

    #[test]
    fn only_how_far_apart_doses_lie_matters() {
        let cases = drawn(30, 1, &[0.1, 0.2, 0.3], &mut stream());
        let of = |doses: [f64; 3]| trend(&cases, &doses, 199, &stream()).unwrap();
        assert_eq!(of([1.0, 2.0, 4.0]), of([-1.0, -2.0, -4.0]));
        assert_eq!(of([1.0, 2.0, 4.0]), of([6_500.0, 5_500.0, 3_500.0]));
    }

    #[test]
    fn what_has_no_order_or_no_value_has_no_trend() {
        let cases = drawn(30, 1, &[0.1, 0.2, 0.3], &mut stream());
        assert_eq!(trend(&cases, &[1.0, 3.0, 2.0], 9, &stream()), None);
        assert_eq!((trend(&cases, &[1.0, 2.0], 9, &stream()), trend(&[], &[1.0, 2.0], 9, &stream())), (None, None));
        let odd = [AtDoses { patient: 0, values: vec![0.0, f64::NAN] }];
        assert_eq!(trend(&odd, &[1.0, 2.0], 9, &stream()), None);
    }

    #[test]
    fn a_rise_has_an_interval_from_forty_patients_on() {
        let rise = |patients| {
            let cases = drawn(patients, 2, &[0.02, 0.04, 0.1, 0.2, 0.4], &mut stream());
            Resampler::new(stream()).rise(&cases, &DOSES, LEVEL).unwrap()
        };
        assert_eq!((rise(39).interval, rise(39).patients, rise(39).n), (None, 39, 78));
        let found = rise(40);
        let (low, high) = found.interval.unwrap();
        assert!(low < found.point && found.point < high && found.method == Method::BootstrapTails, "{found:?}");
        let still: Vec<_> = (0..50).map(|patient| AtDoses { patient, values: vec![0.0; 5] }).collect();
        let found = Resampler::new(stream()).rise(&still, &DOSES, LEVEL).unwrap();
        assert_eq!((found.point, found.interval), (0.0, None), "what never happens carries no interval");
        assert_eq!(Resampler::new(stream()).rise(&still, &DOSES, 1.0), None);
        assert_eq!((widened_tail(1, 0.025), widened_tail(2, 0.025).is_some()), (None, true));
    }
}
