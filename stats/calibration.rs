//! The instrument on itself: with the true rate exactly at the bound, false verdicts stay within their error.

use bedside_perturbations::Stream;

use super::*;

const RUNS: u64 = 2_000;
const CORRELATION: f64 = 0.3;
const ERROR: f64 = 0.025;

/// A cohort and the bound at which the truth is planted.
#[derive(Debug, Clone, Copy)]
struct Cohort {
    patients: u32,
    cases: u32,
    bound: f64,
}

/// Events with the given rate whose cases of one patient correlate: each case follows the patient's own event with
/// probability √ρ and is drawn on its own otherwise, so that two cases of a patient correlate by ρ.
fn events(cohort: Cohort, mut stream: Stream) -> Vec<Observation> {
    let follow = CORRELATION.sqrt();
    let mut list = Vec::new();
    for patient in 0..cohort.patients {
        let own = stream.chance(cohort.bound);
        for _ in 0..cohort.cases {
            let event = if stream.chance(follow) { own } else { stream.chance(cohort.bound) };
            list.push(Observation { patient, value: f64::from(u8::from(event)) });
        }
    }
    list
}

/// The same events as if each case came from a patient of its own.
fn unclustered(mut list: Vec<Observation>) -> Vec<Observation> {
    for (patient, observation) in (0..).zip(&mut list) {
        observation.patient = patient;
    }
    list
}

/// False holds and false breaks out of [`RUNS`].
fn false_verdicts(cohort: Cohort, seen: fn(Vec<Observation>) -> Vec<Observation>) -> (u64, u64) {
    let label = format!("{} × {}, {}", cohort.patients, cohort.cases, cohort.bound);
    let root = Stream::derive(2_026, &["calibration", &label]);
    let verdict = |run| {
        let observed = seen(events(cohort, root.fork("run", run)));
        let level = LevelEvidence { observed, failed: Vec::new(), judged: true };
        judge(&LineEvidence {
            bound: Bound::AtMost(cohort.bound),
            levels: vec![level],
            floor: None,
            floor_matters: false,
            least_patients: LEAST_PATIENTS,
        })
        .verdict
    };
    (0..RUNS).map(verdict).fold((0, 0), |(holds, breaks), verdict| match verdict {
        Verdict::Holds => (holds + 1, breaks),
        Verdict::Breaks => (holds, breaks + 1),
        Verdict::Undecided(_) => (holds, breaks),
    })
}

/// True unless so many false verdicts would happen less than once in a thousand tests with an error of 2.5 %.
fn within_error(count: u64) -> bool {
    at_least(count, RUNS, ERROR) > 0.001
}

fn cohorts(sizes: &[(u32, u32)]) -> Vec<Cohort> {
    let bounds = [0.05, 0.10];
    sizes.iter().flat_map(|&(patients, cases)| bounds.map(|bound| Cohort { patients, cases, bound })).collect()
}

#[test]
fn a_true_rate_at_the_bound_seldom_holds_and_seldom_breaks() {
    for cohort in cohorts(&[(40, 3), (100, 3), (240, 1)]) {
        let (holds, breaks) = false_verdicts(cohort, |list| list);
        assert!(within_error(holds) && within_error(breaks), "{cohort:?}: {holds} {breaks}");
    }
}

#[test]
fn taking_cases_for_patients_fails_the_same_test() {
    for cohort in cohorts(&[(40, 3), (100, 3)]) {
        let (holds, breaks) = false_verdicts(cohort, unclustered);
        assert!(!within_error(holds) || !within_error(breaks), "{cohort:?}: {holds} {breaks}");
    }
}

#[test]
fn a_cohort_is_planted_as_it_says() {
    let cohort = Cohort { patients: 20_000, cases: 3, bound: 0.1 };
    let rate = proportion(&events(cohort, Stream::derive(1, &[])), LEVEL).unwrap();
    assert!((rate.estimate.point - 0.1).abs() < 0.006);
    assert!((rate.design_effect.unwrap() - (1.0 + 2.0 * CORRELATION)).abs() < 0.06);
}

/// Pairs in which a treated case loses its event with probability `loss` and never gains one.
fn losses(cohort: Cohort, loss: f64, stream: &Stream) -> Vec<Paired> {
    let mut after = stream.fork("after", 0);
    let mut pair = |o: Observation| {
        let kept = o.value * f64::from(u8::from(!after.chance(loss)));
        Paired { patient: o.patient, before: o.value, after: kept }
    };
    events(cohort, stream.fork("before", 0)).into_iter().map(&mut pair).collect()
}

fn misses(estimate: Option<Estimate>, truth: f64) -> bool {
    let (lower, upper) = estimate.unwrap().interval.unwrap();
    truth < lower || truth > upper
}

#[test]
fn intervals_of_differences_and_of_uptake_cover_the_planted_truth() {
    let loss = 0.2;
    for (patients, cases) in [(40, 3), (120, 1)] {
        let cohort = Cohort { patients, cases, bound: 0.7 };
        let root = Stream::derive(2_026, &["coverage"]);
        let (mut differences, mut uptakes) = (0, 0);
        for run in 0..RUNS {
            let pairs = losses(cohort, loss, &root.fork("run", run));
            let adopted: Vec<_> =
                pairs.iter().map(|p| Paired { before: 1.0 - p.before, after: 1.0 - p.after, ..*p }).collect();
            differences += u64::from(misses(difference(&pairs, LEVEL), -loss * cohort.bound));
            uptakes += u64::from(misses(uptake(&adopted, LEVEL), loss));
        }
        let within = |misses| at_least(misses, RUNS, 1.0 - LEVEL) > 0.001;
        assert!(within(differences) && within(uptakes), "{cohort:?}: {differences} {uptakes}");
    }
}

#[test]
fn pairing_narrows_the_interval_of_a_difference() {
    let pairs = losses(Cohort { patients: 100, cases: 3, bound: 0.7 }, 0.1, &Stream::derive(1, &["width"]));
    let width = |e: &Estimate| e.interval.map(|(lower, upper)| upper - lower).unwrap();
    let arms = Arms::of(&pairs, LEVEL).unwrap();
    let unpaired = libm::hypot(width(&arms.before.estimate), width(&arms.after.estimate));
    assert!(width(&difference(&pairs, LEVEL).unwrap()) < 0.6 * unpaired);
}
