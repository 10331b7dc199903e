//! The order of the verdict, step by step.

use proptest::prelude::*;

use super::*;

/// One pair for each patient, the first `events` of them with an event.
fn level(patients: u32, events: u32) -> LevelEvidence {
    let value = |patient| f64::from(u8::from(patient < events));
    let observed = (0..patients).map(|patient| Observation { patient, value: value(patient) }).collect();
    LevelEvidence { observed, failed: Vec::new(), judged: true }
}

fn failing(mut level: LevelEvidence, failed: u32) -> LevelEvidence {
    let next = level.observed.len() as u32;
    level.failed = (next..next + failed).collect();
    level
}

fn unjudged(mut level: LevelEvidence) -> LevelEvidence {
    level.judged = false;
    level
}

fn line(bound: Bound, levels: Vec<LevelEvidence>) -> LineEvidence {
    LineEvidence { bound, levels, floor: Some(0.0), floor_matters: true, least_patients: LEAST_PATIENTS }
}

/// The same line told by the absence of events.
fn mirrored(evidence: &LineEvidence) -> LineEvidence {
    let mut mirrored = evidence.clone();
    mirrored.bound = match evidence.bound {
        Bound::AtMost(value) => Bound::AtLeast(1.0 - value),
        Bound::AtLeast(value) => Bound::AtMost(1.0 - value),
    };
    for observation in mirrored.levels.iter_mut().flat_map(|level| &mut level.observed) {
        observation.value = 1.0 - observation.value;
    }
    mirrored
}

fn verdict(evidence: &LineEvidence) -> Verdict {
    judge(evidence).verdict
}

const TEN: Bound = Bound::AtMost(0.10);

#[test]
fn the_counts_of_the_default_suite_decide() {
    for (events, expected) in [
        (14, Verdict::Holds),
        (15, Verdict::Undecided(Why::Power)),
        (33, Verdict::Undecided(Why::Power)),
        (34, Verdict::Breaks),
    ] {
        let evidence = line(TEN, vec![level(240, events)]);
        assert_eq!(verdict(&evidence), expected, "{events}");
        let mut other = mirrored(&evidence);
        other.floor_matters = false;
        assert_eq!(verdict(&other), expected, "{events} mirrored");
    }
}

#[test]
fn too_few_patients_come_first() {
    let mut evidence = line(Bound::AtMost(0.5), vec![level(19, 19)]);
    evidence.floor = None;
    assert_eq!(verdict(&evidence), Verdict::Undecided(Why::TooFewPatients));
    evidence.levels = vec![level(20, 20)];
    assert_eq!(verdict(&evidence), Verdict::Undecided(Why::FloorNotMeasured));
    evidence.floor = Some(0.0);
    assert_eq!(verdict(&evidence), Verdict::Breaks);
}

#[test]
fn patients_whose_pairs_all_failed_are_not_counted() {
    let evidence = line(Bound::AtMost(0.5), vec![failing(level(19, 19), 5)]);
    assert_eq!(verdict(&evidence), Verdict::Undecided(Why::TooFewPatients));
}

#[test]
fn no_judged_level_is_no_verdict() {
    for levels in [vec![], vec![unjudged(level(240, 0))]] {
        let ruling = judge(&line(TEN, levels));
        assert_eq!(ruling.verdict, Verdict::Undecided(Why::TooFewPatients));
        assert_eq!((ruling.level, ruling.family_p), (None, 1.0));
    }
}

#[test]
fn one_level_with_too_few_patients_stops_a_hold_but_hides_no_break() {
    let few = || level(10, 0);
    let holding = judge(&line(TEN, vec![level(240, 0), few()]));
    assert_eq!((holding.verdict, holding.level), (Verdict::Undecided(Why::TooFewPatients), Some(1)));
    let breaking = judge(&line(TEN, vec![level(240, 60), few()]));
    assert_eq!((breaking.verdict, breaking.level), (Verdict::Breaks, Some(0)));
}

#[test]
fn the_level_that_decides_is_the_one_with_too_few_patients_only_where_that_is_the_verdict() {
    let few = judge(&line(TEN, vec![level(10, 0), level(240, 0)]));
    assert_eq!((few.verdict, few.level), (Verdict::Undecided(Why::TooFewPatients), Some(0)));
    assert_eq!(few.family_p, 1.0, "a level that may not be judged keeps the claim from holding in the family");
    let breaking = judge(&line(TEN, vec![level(240, 60), level(10, 10)]));
    assert_eq!((breaking.verdict, breaking.level), (Verdict::Breaks, Some(0)), "ten patients decide nothing");
}

#[test]
fn the_floor_matters_only_for_gross_churn() {
    let mut evidence = line(TEN, vec![level(240, 0)]);
    evidence.floor = None;
    assert_eq!(verdict(&evidence), Verdict::Undecided(Why::FloorNotMeasured));
    assert_eq!(envelope(&evidence, &judge(&evidence)), None);
    assert_eq!(judge(&evidence).family_p, 1.0);
    evidence.floor_matters = false;
    assert_eq!(verdict(&evidence), Verdict::Holds);
}

#[test]
fn unsteadiness_excuses_a_break_and_never_blocks_a_hold() {
    let mut evidence = line(TEN, vec![level(240, 60)]);
    evidence.floor = Some(0.05);
    assert_eq!(verdict(&evidence), Verdict::Breaks, "half the bound is not above half the bound");
    evidence.floor = Some(0.051);
    assert_eq!(verdict(&evidence), Verdict::Undecided(Why::Unsteady));
    evidence.floor_matters = false;
    assert_eq!(verdict(&evidence), Verdict::Breaks);
    let mut steady = line(TEN, vec![level(240, 5)]);
    steady.floor = Some(0.9);
    assert_eq!(verdict(&steady), Verdict::Holds);
}

#[test]
fn noise_does_not_excuse_a_model_that_moves_too_little() {
    let mut evidence = line(Bound::AtLeast(0.8), vec![level(240, 60)]);
    evidence.floor = Some(0.9);
    assert_eq!(verdict(&evidence), Verdict::Breaks);
}

#[test]
fn every_judged_level_must_hold_and_any_may_break() {
    let (good, open, bad) = (|| level(240, 2), || level(240, 20), || level(240, 60));
    let all = judge(&line(TEN, vec![good(), level(240, 9), good()]));
    assert_eq!((all.verdict, all.level), (Verdict::Holds, Some(1)));
    let some = judge(&line(TEN, vec![good(), open()]));
    assert_eq!((some.verdict, some.level), (Verdict::Undecided(Why::Power), Some(1)));
    let any = judge(&line(TEN, vec![bad(), open(), bad()]));
    assert_eq!((any.verdict, any.level), (Verdict::Breaks, Some(0)));
    let tied = judge(&line(TEN, vec![good(), good()]));
    assert_eq!((tied.verdict, tied.level), (Verdict::Holds, Some(1)), "the severest of equals");
    let beyond = judge(&line(TEN, vec![good(), unjudged(bad())]));
    assert_eq!(beyond.verdict, Verdict::Holds);
}

#[test]
fn failed_pairs_count_against_a_hold_and_against_a_break() {
    let of = |events, failed| verdict(&line(TEN, vec![failing(level(240, events), failed)]));
    assert_eq!(of(5, 5), Verdict::Holds);
    assert_eq!(of(5, 30), Verdict::Undecided(Why::Missing));
    assert_eq!(of(60, 30), Verdict::Breaks);
    assert_eq!(of(34, 60), Verdict::Undecided(Why::Missing));
    assert_eq!(of(24, 1), Verdict::Undecided(Why::Power));
}

#[test]
fn failed_pairs_are_filled_the_other_way_for_at_least() {
    let of = |events, failed| verdict(&line(Bound::AtLeast(0.9), vec![failing(level(240, events), failed)]));
    assert_eq!(of(236, 3), Verdict::Holds);
    assert_eq!(of(236, 30), Verdict::Undecided(Why::Missing));
    assert_eq!(of(150, 10), Verdict::Breaks);
}

#[test]
fn the_limits_of_both_fillings_are_kept() {
    let ruling = judge(&line(TEN, vec![failing(level(100, 5), 10)]));
    let level = ruling.deciding().unwrap();
    let point = |rate: &Option<Proportion>| rate.as_ref().unwrap().estimate.point;
    assert!((point(&level.observed) - 0.05).abs() < 1e-15);
    assert!((point(&level.worst) - 15.0 / 110.0).abs() < 1e-15);
    assert!((point(&level.best) - 5.0 / 110.0).abs() < 1e-15);
    assert_eq!(level.failed, 10);
}

/// Forty patients with three pairs each; `spread` events in as many patients, after `full` patients with three.
fn threes(full: u32, spread: u32) -> LevelEvidence {
    let value = |patient, pair| f64::from(u8::from(patient < full || (pair == 0 && patient < full + spread)));
    let observed = (0..40)
        .flat_map(|patient| (0..3).map(move |pair| Observation { patient, value: value(patient, pair) }))
        .collect();
    LevelEvidence { observed, failed: Vec::new(), judged: true }
}

#[test]
fn a_failed_pair_cannot_help_by_narrowing_a_clustered_interval() {
    let upper = |level: &LevelEvidence| proportion(&level.observed, LEVEL).unwrap().estimate.interval.unwrap().1;
    let (without, with) = (upper(&threes(1, 0)), upper(&threes(1, 1)));
    assert!(with < without, "{with} {without}: an event more, yet a lower limit");
    let mut evidence = threes(1, 0);
    evidence.observed.pop();
    evidence.failed.push(39);
    let ruling = judge(&line(TEN, vec![evidence]));
    assert!(ruling.levels[0].limits().unwrap().1 >= without - 1e-12);
}

#[test]
fn the_envelope_ends_before_the_first_level_that_does_not_hold() {
    let of = |events: &[u32]| {
        let evidence = line(TEN, events.iter().map(|&e| unjudged(level(240, e))).collect());
        envelope(&evidence, &judge(&evidence))
    };
    assert_eq!(of(&[0, 3, 60, 0]), Some(1));
    assert_eq!(of(&[20, 0, 0]), None);
    assert_eq!(of(&[0, 0]), Some(1));
    assert_eq!(of(&[]), None);
}

#[test]
fn the_needed_size_settles_what_it_promises_to_settle() {
    let ruling = judge(&line(TEN, vec![level(120, 7)]));
    let size = ruling.needed(TEN).unwrap();
    assert_eq!((size.pairs, size.patients, size.if_rate), (255, 255, 0.05));
    let clustered = judge(&line(TEN, vec![threes(2, 2)])).needed(TEN).unwrap();
    assert!(clustered.pairs > 255 && clustered.patients > 40 && clustered.patients < clustered.pairs);
    assert_eq!(judge(&line(TEN, vec![level(240, 0)])).needed(TEN), None);
}

#[test]
fn the_family_p_is_that_of_the_worst_judged_level() {
    let ruling = judge(&line(TEN, vec![level(240, 0), level(240, 9), unjudged(level(240, 60))]));
    let p = |events| judge(&line(TEN, vec![level(240, events)])).family_p;
    assert_eq!(ruling.family_p, p(9));
    assert!(p(9) > p(0) && p(9) <= 0.025);
}

#[test]
fn every_reason_has_words_of_its_own() {
    let all = [Why::TooFewPatients, Why::FloorNotMeasured, Why::Unsteady, Why::Missing, Why::Power];
    let words: std::collections::BTreeSet<String> = all.iter().map(Why::to_string).collect();
    assert_eq!((words.len(), Why::Unsteady.to_string().as_str()), (5, "unsteady"));
}

#[test]
fn a_value_that_is_no_share_is_never_judged() {
    let mut evidence = line(TEN, vec![level(240, 0)]);
    evidence.levels[0].observed[3].value = f64::NAN;
    assert_eq!(verdict(&evidence), Verdict::Undecided(Why::TooFewPatients));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_line_and_its_mirror_come_to_the_same(
        events in prop::collection::vec((0_u32..60, 0_u32..20), 1..4), bound in 0.02_f64..0.6
    ) {
        let levels = events.iter().map(|&(events, failed)| failing(level(60, events), failed)).collect();
        let mut evidence = line(Bound::AtMost(bound), levels);
        evidence.floor_matters = false;
        prop_assert_eq!(verdict(&evidence), verdict(&mirrored(&evidence)));
    }

    #[test]
    fn verdicts_do_not_depend_on_the_order_of_pairs(events in 0_u32..60, failed in 0_u32..10, turn in 0_usize..60) {
        let evidence = line(TEN, vec![failing(level(60, events), failed)]);
        let mut other = evidence.clone();
        other.levels[0].observed.rotate_left(turn);
        other.levels[0].failed.reverse();
        prop_assert_eq!(judge(&evidence), judge(&other));
    }

    #[test]
    fn failed_pairs_never_turn_a_verdict_round(events in 0_u32..60, failed in 0_u32..40) {
        let lost = verdict(&line(TEN, vec![failing(level(60, events), failed)]));
        let with = |more: u32| verdict(&line(TEN, vec![level(60 + failed, events + more)]));
        let decided = lost == Verdict::Holds || lost == Verdict::Breaks;
        for more in [0, failed / 2, failed] {
            prop_assert!(!decided || with(more) == lost);
        }
    }
}

#[test]
fn independent_pairs_need_no_more_than_the_table_says() {
    for (events, patients, bound, known) in [(22, 240, 0.1, 255), (4, 116, 0.05, 515)] {
        let bound = Bound::AtMost(bound);
        let ruling = judge(&line(bound, vec![level(patients, events)]));
        assert_eq!(ruling.needed(bound).map(|size| size.patients), Some(known));
    }
}
