//! The dose at which half of what a channel is worth is lost.

use crate::difference::difference;
use crate::dose::{down_to, isotonic, trapezoids};
use crate::paired::Paired;
use crate::sum::sum;

/// How right the answers to one case are: shares of repeats or draws.
#[derive(Debug, Clone, PartialEq)]
pub struct Worth {
    /// The patient: the index of the cluster.
    pub patient: u32,
    /// With the clean case.
    pub clean: f64,
    /// With the channel taken away.
    pub empty: f64,
    /// At each dose in order.
    pub treated: Vec<f64>,
}

/// The dose x50, and between which tested doses it is shown to lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Half {
    /// The smallest dose with m(x) ≤ m(0) − ½·(m(0) − m of the empty channel); `None` where the curve stays above.
    pub dose: Option<f64>,
    /// The last dose at which, as at all before it, more than half is shown to be left; `None` where the first is not.
    pub after: Option<f64>,
    /// The first dose from which on less than half is shown to be left at every dose; `None` where the last is not.
    pub by: Option<f64>,
    /// The share right with the clean case.
    pub clean: f64,
    /// The share right with the channel taken away.
    pub empty: f64,
}

/// Where the curve of rightness has come down half the way from the clean case to the empty channel.
///
/// The curve is the isotonic fit that never rises, on straight lines between the tested doses, and from `origin` on, where the
/// clean case is a dose, with the clean share there. Its neighbours `after` and `by` come from paired differences of m(x)
/// and the half-way value at each dose (MOVER, [`difference`](crate::difference())): each is a fixed sequence of tests from its
/// end of the doses, so that for a curve that never rises x50 lies beyond `after`, and not beyond `by`, with half the error of
/// the level each.
///
/// `None` where it is not shown that the channel is worth anything (the interval of clean less empty reaches 0), for no case,
/// cases without a value for each dose, doses that neither rise nor fall all the way, or a level outside (0, 1).
#[must_use]
pub fn half_dose(cases: &[Worth], doses: &[f64], origin: Option<f64>, level: f64) -> Option<Half> {
    let grid: Vec<f64> = origin.into_iter().chain(doses.iter().copied()).collect();
    trapezoids(&grid)?;
    if cases.iter().any(|case| case.treated.len() != doses.len()) {
        return None;
    }
    let worth = against(cases, |case| case.empty, |case| Some(case.clean), level)?;
    if worth.is_none_or(|(low, _)| low <= 0.0) {
        return None;
    }
    let mean = |of: &dyn Fn(&Worth) -> f64| sum(cases.iter().map(of)) / cases.len() as f64;
    let (clean, empty) = (mean(&|case| case.clean), mean(&|case| case.empty));
    let at = |k: usize| mean(&|case: &Worth| case.treated.get(k).copied().unwrap_or_default());
    let heights = origin.map(|_| clean).into_iter().chain((0..doses.len()).map(at));
    let lowered: Vec<f64> = heights.map(|height| -height).collect();
    let fit: Vec<f64> = isotonic(&lowered, &vec![1.0; lowered.len()])?.iter().map(|height| -height).collect();
    let shown = |k: usize| against(cases, half_way, |case| case.treated.get(k).copied(), level).flatten();
    let above = |k: &usize| shown(*k).is_some_and(|(low, _)| low > 0.0);
    let below = |k: &usize| shown(*k).is_some_and(|(_, high)| high < 0.0);
    let after = (0..doses.len()).take_while(above).last();
    let by = (0..doses.len()).rev().take_while(below).last();
    let dose = |place: Option<usize>| place.and_then(|place| doses.get(place)).copied();
    Some(Half { dose: down_to(clean.midpoint(empty), &grid, &fit), after: dose(after), by: dose(by), clean, empty })
}

fn half_way(case: &Worth) -> f64 {
    case.clean.midpoint(case.empty)
}

/// The limits of a paired difference; `None` without pairs, `Some(None)` without an interval.
fn against(
    cases: &[Worth],
    before: fn(&Worth) -> f64,
    after: impl Fn(&Worth) -> Option<f64>,
    level: f64,
) -> Option<Option<(f64, f64)>> {
    let pair = |case: &Worth| Some(Paired { patient: case.patient, before: before(case), after: after(case)? });
    difference(&cases.iter().filter_map(pair).collect::<Vec<_>>(), level).map(|found| found.interval)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LEVEL;

    /// A hundred patients, of whom so many are right with the clean case, with none, and at each dose.
    fn hundred(clean: u32, empty: u32, treated: &[u32]) -> Vec<Worth> {
        let right = |k: u32, patient: u32| f64::from(u8::from(patient < k));
        let of = |patient| Worth {
            patient,
            clean: right(clean, patient),
            empty: right(empty, patient),
            treated: treated.iter().map(|k| right(*k, patient)).collect(),
        };
        (0..100).map(of).collect()
    }

    #[test]
    fn half_is_lost_half_way_between_the_clean_case_and_the_empty_channel() {
        let cases = hundred(90, 30, &[88, 80, 40, 32]);
        let found = half_dose(&cases, &[1.0, 2.0, 4.0, 8.0], Some(0.0), LEVEL).unwrap();
        assert_eq!((found.dose, found.after, found.by), (Some(3.0), Some(2.0), Some(4.0)));
        assert_eq!((found.clean, found.empty), (0.9, 0.3));
    }

    #[test]
    fn what_stays_above_or_is_below_from_the_start_has_one_neighbour() {
        let stays = half_dose(&hundred(90, 30, &[88, 85]), &[1.0, 2.0], Some(0.0), LEVEL).unwrap();
        assert_eq!((stays.dose, stays.after, stays.by), (None, Some(2.0), None));
        let lost = hundred(90, 30, &[30, 31]);
        let found = half_dose(&lost, &[1.0, 2.0], Some(0.0), LEVEL).unwrap();
        assert_eq!((found.after, found.by), (None, Some(1.0)));
        assert!(found.dose.is_some_and(|dose| dose > 0.4 && dose < 0.6), "{found:?}");
        let found = half_dose(&lost, &[6_500.0, 3_000.0], None, LEVEL).unwrap();
        assert_eq!(
            (found.dose, found.by),
            (Some(6_500.0), Some(6_500.0)),
            "without an origin the first dose is the least"
        );
    }

    #[test]
    fn one_dose_that_comes_back_does_not_pull_the_others_along() {
        let found = half_dose(&hundred(90, 30, &[35, 85, 35]), &[1.0, 2.0, 3.0], Some(0.0), LEVEL).unwrap();
        assert_eq!((found.after, found.by), (None, Some(3.0)));
        // The fit is 60 at the first two doses, and 60 is half way.
        assert_eq!(found.dose, Some(1.0));
    }

    #[test]
    fn a_channel_that_is_worth_nothing_has_no_half() {
        assert_eq!(half_dose(&hundred(60, 60, &[60, 60]), &[1.0, 2.0], Some(0.0), LEVEL), None);
        assert_eq!(half_dose(&hundred(60, 55, &[60, 55])[..30], &[1.0, 2.0], Some(0.0), LEVEL), None);
        assert_eq!(half_dose(&hundred(60, 70, &[60, 70]), &[1.0, 2.0], Some(0.0), LEVEL), None);
        assert_eq!(half_dose(&[], &[1.0, 2.0], None, LEVEL), None);
        assert_eq!(half_dose(&hundred(90, 30, &[80]), &[1.0, 2.0], None, LEVEL), None, "a dose without a value");
        assert_eq!(half_dose(&hundred(90, 30, &[80, 70]), &[1.0, 1.0], None, LEVEL), None);
    }
}
