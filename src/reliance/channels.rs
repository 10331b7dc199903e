//! Photographs against words, from the arms of a run: gains, conflict, quadrants, rescue.

use std::collections::BTreeMap;

use crate::metrics::{self, Outcome};
use crate::plan::{CellPart, Plan};
use crate::reading::Reading;
use crate::scenario::{Basis, Sweep};
use crate::shift::{Run, Shift, Told};
use crate::stats::{self, Estimate, Observation, Paired};
use crate::treatment::Channel;

/// Two questions to a case: is the model consistent on it, and does the photograph move it?
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quadrant {
    /// Consistent, and moved by another diagnosis's photograph.
    Ideal,
    /// Not consistent, but moved.
    Fragile,
    /// Consistent without the photograph: sure of what it did not see.
    Dangerous,
    /// Neither.
    Worst,
}

impl Quadrant {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Ideal, Self::Fragile, Self::Dangerous, Self::Worst];
}

/// What a channel adds to accuracy: right with both less right without it, repeats averaged, MOVER; `None` unless the run
/// has an arm that takes the channel away.
#[must_use]
pub fn gain(run: &Run<'_>, channel: Channel) -> Option<Estimate> {
    let operator = match channel {
        Channel::Image => "no_image",
        Channel::History => "no_history",
    };
    let shifts = shifts(run, doing(run.plan, operator)?);
    let pair = |shift: &Shift<'_>| {
        let (before, after) = (right(shift, &shift.treated)?, right(shift, &shift.control)?);
        Some(Paired { patient: shift.patient, before, after })
    };
    stats::difference(&shifts.iter().filter_map(pair).collect::<Vec<_>>(), stats::LEVEL)
}

/// The conflict index: how often a right answer turns wrong under another patient's words, less how often under another
/// patient's photograph, on cases right at control repeat 1 that had both. Above 0 the model sides with the photograph
/// less than with the words.
#[must_use]
pub fn conflict(run: &Run<'_>) -> Option<Estimate> {
    let turned = |operator: &str| -> Option<BTreeMap<usize, (u32, f64)>> {
        let shifts = shifts(run, doing(run.plan, operator)?);
        Some(shifts.iter().filter_map(|shift| Some((shift.case, (shift.patient, turned_wrong(shift)?)))).collect())
    };
    let (image, history) = (turned("wrong_image")?, turned("wrong_history")?);
    let pair = |(case, (patient, before)): (&usize, &(u32, f64))| {
        Some(Paired { patient: *patient, before: *before, after: history.get(case)?.1 })
    };
    stats::difference(&image.iter().filter_map(pair).collect::<Vec<_>>(), stats::LEVEL)
}

/// The share of cases in each quadrant, of those that had a retest and another diagnosis's photograph. Consistent: all
/// control repeats give the same answer. Moved: the first draw gives another than control repeat 1. Both as the metric
/// `flip` judges it; a case is left out where that cannot be told, or where control repeat 1 is unusable. Empty where the
/// run has no such case.
#[must_use]
pub fn quadrants(run: &Run<'_>) -> Vec<(Quadrant, Estimate)> {
    let Some(treatment) = doing(run.plan, "wrong_image") else { return Vec::new() };
    let shifts = shifts(run, treatment);
    let cases: Vec<(u32, Quadrant)> =
        shifts.iter().filter_map(|shift| Some((shift.patient, quadrant(shift)?))).collect();
    let share = |wanted: Quadrant| {
        let is =
            |&(patient, found): &(u32, Quadrant)| Observation { patient, value: f64::from(u8::from(found == wanted)) };
        let rate = stats::proportion(&cases.iter().map(is).collect::<Vec<_>>(), stats::LEVEL)?;
        Some((wanted, rate.estimate))
    };
    Quadrant::ALL.into_iter().filter_map(share).collect()
}

fn quadrant(shift: &Shift<'_>) -> Option<Quadrant> {
    Some(match (is_consistent(shift)?, is_moved(shift)?) {
        (true, true) => Quadrant::Ideal,
        (false, true) => Quadrant::Fragile,
        (true, false) => Quadrant::Dangerous,
        (false, false) => Quadrant::Worst,
    })
}

/// The rescue contrast of a factorial whose history side takes the history away: right with the bad photograph and the true
/// history, less right with the bad photograph and no history.
#[must_use]
pub fn rescue(run: &Run<'_>, scenario: usize) -> Option<Estimate> {
    let Sweep::Factorial { history, .. } = &run.plan.scenarios.get(scenario)?.sweep else { return None };
    if !history.iter().all(|step| step.operator == "no_history") {
        return None;
    }
    let rights = |part: CellPart| {
        let cell = run.plan.cells_of(scenario).find(|cell| cell.part == part)?;
        let shifts = run.cell(cell);
        let of = |shift: &Shift<'_>| Some((shift.case, (shift.patient, right(shift, &shift.treated)?)));
        Some(shifts.iter().filter_map(of).collect::<BTreeMap<usize, (u32, f64)>>())
    };
    let (told, untold) = (rights(CellPart::ImageOnly)?, rights(CellPart::Both)?);
    let pair = |(case, (patient, after)): (&usize, &(u32, f64))| {
        Some(Paired { patient: *patient, before: untold.get(case)?.1, after: *after })
    };
    stats::difference(&told.iter().filter_map(pair).collect::<Vec<_>>(), stats::LEVEL)
}

/// The treatment that does that and nothing else.
fn doing(plan: &Plan, operator: &str) -> Option<usize> {
    plan.treatments.iter().position(|t| matches!(t.steps.as_slice(), [step] if step.operator == operator))
}

fn shifts<'a>(run: &Run<'a>, treatment: usize) -> Vec<Shift<'a>> {
    run.treatment(treatment, &[], 0..run.plan.cases.len())
}

/// The share of some answers that are right; `None` without a reference to judge them by.
fn right(shift: &Shift<'_>, readings: &[Option<&Reading>]) -> Option<f64> {
    shift.facts.truth.has_reference().then_some(())?;
    let (mut right, mut n) = (0.0, 0.0);
    for reading in readings.iter().flatten() {
        right += f64::from(u8::from(shift.seen(reading).outcome() == Outcome::Right));
        n += 1.0;
    }
    (n > 0.0).then(|| right / n)
}

/// Whether a right answer turned wrong; `None` unless control repeat 1 was right and the treated arm answered.
fn turned_wrong(shift: &Shift<'_>) -> Option<f64> {
    let before = shift.seen(shift.control.first().copied().flatten()?).outcome();
    let after = shift.seen(shift.treated.first().copied().flatten()?).outcome();
    (before == Outcome::Right).then(|| f64::from(u8::from(after == Outcome::Wrong)))
}

fn is_consistent(shift: &Shift<'_>) -> Option<bool> {
    let others: Vec<Told> = shift.control.iter().skip(1).flatten().map(|other| flipped(shift, Some(other))).collect();
    match others.as_slice() {
        [] => None,
        told if told.contains(&Told::Event(true)) => Some(false),
        told => told.iter().all(|told| *told == Told::Event(false)).then_some(true),
    }
}

fn is_moved(shift: &Shift<'_>) -> Option<bool> {
    match flipped(shift, shift.treated.first().copied().flatten()) {
        Told::Event(moved) => Some(moved),
        Told::Outside | Told::Missing => None,
    }
}

/// Whether an answer is another than control repeat 1, which must be usable.
fn flipped(shift: &Shift<'_>, after: Option<&Reading>) -> Told {
    let usable = shift.control.first().copied().flatten().is_some_and(|reading| reading.lost().is_none());
    let flip = metrics::find("flip").filter(|_| usable);
    flip.map_or(Told::Outside, |flip| shift.against(flip, Basis::Shift, after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sensitivity::tests::{POSITIVE, Run as Made, thirty};

    /// Thirty patients of two control repeats; treatment 2 shows another diagnosis's photograph.
    fn made() -> Made {
        thirty(&[])
    }

    #[test]
    fn what_a_photograph_adds_is_what_is_lost_without_it() {
        let mut made = made().all(3, "m");
        made.plan.treatments[3].steps[0].operator = "no_image".into();
        let made = (0..12).fold(made, |made, case| made.one(case, 3, "l"));
        let found = gain(&Run::of(&made.plan, &made.slots), Channel::Image).unwrap();
        assert!((found.point - 0.4).abs() < 1e-12 && found.interval.is_some_and(|(low, _)| low > 0.0), "{found:?}");
        assert_eq!(gain(&Run::of(&made.plan, &made.slots), Channel::History), None, "no arm without a history");
    }

    #[test]
    fn a_case_without_a_reference_is_neither_right_nor_wrong() {
        let mut made = made().all(3, "l");
        made.plan.treatments[3].steps[0].operator = "no_image".into();
        for case in 0..10 {
            made.plan.cases[case].truth.differential.clear();
        }
        let found = gain(&Run::of(&made.plan, &made.slots), Channel::Image).unwrap();
        assert!((found.point - 1.0).abs() < 1e-12 && found.n == 20, "{found:?}");
    }

    #[test]
    fn the_conflict_index_is_above_zero_where_words_win() {
        let mut made = made().all(POSITIVE, "m").all(3, "l");
        made.plan.treatments[3].steps[0].operator = "wrong_history".into();
        let found = conflict(&Run::of(&made.plan, &made.slots)).unwrap();
        assert!((found.point - 1.0).abs() < 1e-12 && found.n == 30);
        let made = (0..15).fold(made, |made, case| made.one(case, 0, "lm"));
        assert_eq!(conflict(&Run::of(&made.plan, &made.slots)).unwrap().n, 15, "only cases right at control");
    }

    #[test]
    fn every_case_has_its_quadrant() {
        let made =
            made().all(POSITIVE, "l").one(0, POSITIVE, "m").one(1, 0, "mn").one(2, 0, "mn").one(2, POSITIVE, "m");
        let counts = |made: &Made| -> Vec<Option<f64>> {
            quadrants(&Run::of(&made.plan, &made.slots)).iter().map(|(_, share)| share.events).collect()
        };
        assert_eq!(counts(&made), [Some(27.0), Some(1.0), Some(1.0), Some(1.0)]);
        let made = made.one(3, 0, "xx");
        assert_eq!(counts(&made)[0], Some(26.0), "a case without an answer has no quadrant");
        let made = made.one(4, 0, "uu").one(5, 0, "m?").one(6, POSITIVE, "?");
        assert_eq!(counts(&made)[0], Some(23.0), "nor has one that is unusable, or whose words match nothing");
    }

    #[test]
    fn only_a_factorial_that_takes_the_history_away_can_show_rescue() {
        let made = made().all(POSITIVE, "l");
        assert_eq!(rescue(&Run::of(&made.plan, &made.slots), 0), None);
    }
}
