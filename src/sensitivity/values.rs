//! Metrics that are numbers, in one cell: printed with an interval over patients, never judged. A difference of two numbers
//! of whole arms is printed without one: no method was found that covers as often as it says.

use std::collections::BTreeSet;

use crate::metrics::Seen;
use crate::metrics::values::{self, Of, Value, stated};
use crate::reading::Reading;
use crate::shift::Shift;
use crate::stats::{self, Estimate, Method, Observation, OfArm, Resampler, Stated};

/// One number of a cell.
#[derive(Debug, Clone)]
pub struct Number {
    /// The metric.
    pub metric: &'static Value,
    /// Net of the floor for a distance, treated less control for a score or an arm, the agreement itself for a kappa.
    pub estimate: Estimate,
    /// What it is made of, or to be read beside, on the same cases: name and value.
    pub beside: Vec<(&'static str, f64)>,
    /// For a distance: whether the floor could be subtracted.
    pub has_floor: bool,
}

/// Every number that the shifts of a cell have.
pub(super) fn of(shifts: &[Shift<'_>], resampler: &mut Resampler) -> Vec<Number> {
    values::ALL.iter().filter_map(|metric| number(metric, shifts, resampler)).collect()
}

fn number(metric: &'static Value, shifts: &[Shift<'_>], resampler: &mut Resampler) -> Option<Number> {
    match metric.of {
        Of::Pair(distance) => distances(metric, distance, shifts, resampler),
        Of::Answer(score) => scores(metric, score, shifts, resampler),
        Of::Stated(of) => arms(metric, of, shifts),
        Of::Agreement(place) => agreement(metric, place, shifts),
    }
}

type Distance = fn(&Seen<'_>, &Seen<'_>) -> Option<f64>;

/// A distance: the mean over repeats × draws, less the mean over pairs of repeats, on the cases that have both.
fn distances(metric: &'static Value, of: Distance, shifts: &[Shift<'_>], draws: &mut Resampler) -> Option<Number> {
    let gross = |shift: &Shift<'_>| apart(of, shift, &shift.control, &shift.treated);
    let floor = |shift: &Shift<'_>| within(of, shift, &shift.control);
    let both: Vec<(u32, f64, f64)> =
        shifts.iter().filter_map(|shift| Some((shift.patient, gross(shift)?, floor(shift)?))).collect();
    if both.is_empty() {
        let alone: Vec<Observation> =
            shifts.iter().filter_map(|shift| Some(super::observation(shift, gross(shift)?))).collect();
        let estimate = draws.mean(&alone, stats::LEVEL)?;
        return Some(Number { metric, estimate, beside: Vec::new(), has_floor: false });
    }
    let net: Vec<Observation> =
        both.iter().map(|&(patient, gross, floor)| Observation { patient, value: gross - floor }).collect();
    let mut beside =
        vec![("gross", mean(both.iter().map(|both| both.1))?), ("floor", mean(both.iter().map(|both| both.2))?)];
    beside.extend(shams(of, shifts).map(|sham| ("sham", sham)));
    beside.extend(energy(of, shifts).map(|energy| ("energy form", energy)));
    Some(Number { metric, estimate: draws.mean(&net, stats::LEVEL)?, beside, has_floor: true })
}

/// The mean distance of some answers of a case from others.
fn apart(of: Distance, shift: &Shift<'_>, one: &[Option<&Reading>], other: &[Option<&Reading>]) -> Option<f64> {
    let pairs = answers(one).flat_map(|a| answers(other).map(move |b| (a, b)));
    mean(pairs.filter_map(|(a, b)| of(&shift.seen(a), &shift.seen(b))))
}

/// The mean distance of the pairs among some answers of a case.
fn within(of: Distance, shift: &Shift<'_>, all: &[Option<&Reading>]) -> Option<f64> {
    let all: Vec<&Reading> = answers(all).collect();
    let pairs = all.iter().enumerate().flat_map(|(k, a)| all.iter().skip(k + 1).map(move |b| (*a, *b)));
    mean(pairs.filter_map(|(a, b)| of(&shift.seen(a), &shift.seen(b))))
}

/// The same distance under the sham, on the cases that have both, repeats × shams averaged.
fn shams(of: Distance, shifts: &[Shift<'_>]) -> Option<f64> {
    let sham = |shift: &Shift<'_>| {
        apart(of, shift, &shift.control, &shift.treated)?;
        apart(of, shift, &shift.control, &shift.shams)
    };
    mean(shifts.iter().filter_map(sham))
}

/// Twice the distance between the arms, less that within each (Székely and Rizzo): needs two draws.
fn energy(of: Distance, shifts: &[Shift<'_>]) -> Option<f64> {
    let value = |shift: &Shift<'_>| {
        let between = apart(of, shift, &shift.control, &shift.treated)?;
        Some(2.0 * between - within(of, shift, &shift.control)? - within(of, shift, &shift.treated)?)
    };
    mean(shifts.iter().filter_map(value))
}

/// A score: repeats and draws averaged, treated less control, on the cases that have both.
fn scores(
    metric: &'static Value,
    of: fn(&Seen<'_>) -> Option<f64>,
    shifts: &[Shift<'_>],
    draws: &mut Resampler,
) -> Option<Number> {
    let score = |shift: &Shift<'_>, readings: &[Option<&Reading>]| {
        mean(answers(readings).filter_map(|reading| of(&shift.seen(reading))))
    };
    let pair = |shift: &Shift<'_>| Some((shift.patient, score(shift, &shift.control)?, score(shift, &shift.treated)?));
    let both: Vec<(u32, f64, f64)> = shifts.iter().filter_map(pair).collect();
    let changes: Vec<Observation> =
        both.iter().map(|&(patient, before, after)| Observation { patient, value: after - before }).collect();
    let estimate = draws.mean(&changes, stats::LEVEL)?;
    let beside =
        vec![("control", mean(both.iter().map(|both| both.1))?), ("treated", mean(both.iter().map(|both| both.2))?)];
    Some(Number { metric, estimate, beside, has_floor: false })
}

/// A number of a whole arm: repeat 1 against draw 1, on the cases that have both.
fn arms(metric: &'static Value, of: OfArm, shifts: &[Shift<'_>]) -> Option<Number> {
    let pair = |shift: &Shift<'_>| {
        let (before, after) = first_pair(shift)?;
        Some((shift.patient, (stated(&before)?, stated(&after)?)))
    };
    let (patients, pairs): (Vec<u32>, Vec<(Stated, Stated)>) = shifts.iter().filter_map(pair).unzip();
    let (before, after): (Vec<Stated>, Vec<Stated>) = pairs.into_iter().unzip();
    let (before, after) = (of.of(&before)?, of.of(&after)?);
    let beside = vec![("control", before), ("treated", after)];
    Some(Number { metric, estimate: of_whole_arm(after - before, &patients), beside, has_floor: false })
}

/// A number without an interval.
fn of_whole_arm(point: f64, patients: &[u32]) -> Estimate {
    let distinct: BTreeSet<&u32> = patients.iter().collect();
    let (n, patients) = (patients.len() as u64, distinct.len() as u64);
    Estimate { point, interval: None, level: stats::LEVEL, method: Method::NoInterval, events: None, n, patients }
}

/// An agreement: repeat 1 with draw 1, and beside it repeat 1 with repeat 2.
fn agreement(metric: &'static Value, place: fn(&Seen<'_>) -> Option<u32>, shifts: &[Shift<'_>]) -> Option<Number> {
    let pair = |shift: &Shift<'_>| {
        let (before, after) = first_pair(shift)?;
        Some((shift.patient, place(&before)?, place(&after)?))
    };
    let pairs: Vec<(u32, u32, u32)> = shifts.iter().filter_map(pair).collect();
    let estimate = stats::agreement(&pairs, stats::LEVEL)?;
    let retest = |shift: &Shift<'_>| {
        let before = shift.seen(shift.control.first().copied().flatten()?);
        Some((place(&before)?, place(&shift.seen(shift.control.get(1).copied().flatten()?))?))
    };
    let retests: Vec<(u32, u32)> = shifts.iter().filter_map(retest).collect();
    let beside = stats::weighted_kappa(&retests).map(|kappa| ("retest", kappa)).into_iter().collect();
    Some(Number { metric, estimate, beside, has_floor: false })
}

/// Control repeat 1 and draw 1, where both answered.
fn first_pair<'b>(shift: &'b Shift<'_>) -> Option<(Seen<'b>, Seen<'b>)> {
    let before = shift.control.first().copied().flatten()?;
    let after = shift.treated.first().copied().flatten()?;
    Some((shift.seen(before), shift.seen(after)))
}

fn answers<'b>(readings: &'b [Option<&'b Reading>]) -> impl Iterator<Item = &'b Reading> {
    readings.iter().copied().flatten()
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let values: Vec<f64> = values.collect();
    let n = u32::try_from(values.len()).ok().filter(|n| *n > 0)?;
    Some(stats::sum(values) / f64::from(n))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sensitivity::tests::{Run as Made, thirty};

    /// The first cell's number of that id.
    fn number(made: &Made, id: &str) -> Number {
        let numbers = made.measure().numbers.swap_remove(0);
        numbers.into_iter().find(|number| number.metric.id == id).unwrap_or_else(|| panic!("no {id}"))
    }

    fn near(found: f64, wanted: f64) {
        assert!((found - wanted).abs() < 1e-12, "{found} is not {wanted}");
    }

    fn beside(number: &Number) -> Vec<(&str, f64)> {
        number.beside.iter().map(|(name, value)| (*name, (value * 1e9).round() / 1e9)).collect()
    }

    /// Thirty patients, melanoma at both control repeats and when treated.
    fn still() -> Made {
        thirty(&[]).all(0, "mm").all(3, "m")
    }

    #[test]
    fn a_distance_is_net_of_the_floor_on_the_cases_that_have_both() {
        // Fifteen cases move wholly; in three the repeats differ as well, and treated is one of the two.
        let made = (0..15).fold(still(), |made, case| made.one(case, 3, "l"));
        let made = (15..18).fold(made, |made, case| made.one(case, 0, "ml"));
        let found = number(&made, "jaccard-distance");
        assert!(found.has_floor);
        assert_eq!(beside(&found), [("gross", 16.5 / 30.0), ("floor", 0.1)]);
        near(found.estimate.point, 13.5 / 30.0);
        let lost = made.one(0, 0, "mx");
        assert_eq!(number(&lost, "jaccard-distance").estimate.n, 29, "without a second repeat a case has no floor");
    }

    #[test]
    fn a_distance_has_its_sham_and_with_two_draws_its_energy_form_beside_it() {
        use crate::sensitivity::tests::SHAM;
        let made = (0..6).fold(still().all(SHAM, "m"), |made, case| made.one(case, SHAM, "l"));
        let made = (0..12).fold(made.all(3, "mm"), |made, case| made.one(case, 3, "ml"));
        let found = number(&made, "jaccard-distance");
        // Between 0.5 and within treated 1 in twelve cases of thirty: 2 · 0.2 − 0 − 0.4.
        assert_eq!(beside(&found), [("gross", 0.2), ("floor", 0.0), ("sham", 0.2), ("energy form", 0.0)]);
        let apart = (0..12).fold(made, |made, case| made.one(case, 3, "ll"));
        assert_eq!(beside(&number(&apart, "jaccard-distance"))[3], ("energy form", 0.8));
    }

    #[test]
    fn a_distance_without_any_retest_is_gross_and_says_so() {
        let mut made = thirty(&[]);
        made.slots = crate::shift::Slots::default();
        let made = made.all(0, "m").all(3, "l");
        let found = number(&made, "jaccard-distance");
        assert!(!found.has_floor && found.beside.is_empty());
        near(found.estimate.point, 1.0);
    }

    #[test]
    fn a_score_is_averaged_over_repeats_and_treated_less_control() {
        // Sure by 60 %: 0.16 when right, 0.36 when wrong.
        let made = (0..10).fold(still(), |made, case| made.one(case, 3, "l"));
        let made = (10..20).fold(made, |made, case| made.one(case, 0, "ml"));
        let found = number(&made, "brier");
        near(found.estimate.point, (10.0 * 0.2 - 10.0 * 0.1) / 30.0);
        let control = (20.0 * 0.16 + 10.0 * 0.26) / 30.0;
        let treated = (20.0 * 0.16 + 10.0 * 0.36) / 30.0;
        near(found.beside[0].1, control);
        near(found.beside[1].1, treated);
        assert!(found.estimate.interval.is_some() && found.estimate.patients == 30);
    }

    #[test]
    fn a_number_of_a_whole_arm_has_no_interval() {
        let found = number(&still().all(3, "l"), "calibration-error");
        // All sure by 60 %: all right at control, all wrong when treated.
        near(found.beside[0].1, 0.4);
        near(found.beside[1].1, 0.6);
        near(found.estimate.point, 0.2);
        assert_eq!((found.estimate.interval, found.estimate.method, found.estimate.n), (None, Method::NoInterval, 30));
    }

    #[test]
    fn an_agreement_stands_beside_that_of_the_repeats() {
        let made = (0..15).fold(still(), |made, case| made.one(case, 0, "ll").one(case, 3, "l"));
        let found = number(&made, "weighted-kappa");
        assert_eq!((found.estimate.point, beside(&found)), (1.0, vec![("retest", 1.0)]));
        let swapped = (0..15).fold(made, |made, case| made.one(case, 3, "m").one(case + 15, 3, "l"));
        assert_eq!(number(&swapped, "weighted-kappa").estimate.point, -1.0);
        assert_eq!(number(&swapped, "weighted-kappa").estimate.interval, None);
    }

    #[test]
    fn who_did_not_answer_has_no_number() {
        let made = still().one(0, 3, "x").one(1, 3, "a");
        assert_eq!(
            number(&made, "calibration-error").estimate.n,
            28,
            "neither lost nor abstaining answers are sure of anything"
        );
        let none = thirty(&[]).all(0, "xx").all(3, "x");
        assert!(none.measure().numbers[0].is_empty());
    }
}
