//! Do photograph and history together do more than their sum? A risk difference with a sign declared beforehand, the logit
//! beside it, and a word where the numbers have no room to move.
//!
//! The event is "not right". Unlike a flip it has a rate at control too, so that the four cells of a case stand on the same
//! footing, and noise adds as much to one as to another.

use std::collections::BTreeMap;

use crate::metrics::Outcome;
use crate::plan::CellPart;
use crate::reading::Reading;
use crate::scenario::Sign;
use crate::shift::{Run, Shift};
use crate::stats::{self, Estimate, Observation};

/// Below this share, or above one less it, a cell has no room for an interaction.
pub const FLOOR: f64 = 0.05;

/// The outcomes of one case in the four cells, each a share in [0, 1] (repeats averaged).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Crossed {
    /// The number of the patient.
    pub patient: u32,
    /// Neither is changed.
    pub neither: f64,
    /// The photograph is.
    pub image: f64,
    /// The history is.
    pub history: f64,
    /// Both are.
    pub both: f64,
}

/// The interaction of photograph and history.
#[derive(Debug, Clone, PartialEq)]
pub struct Interaction {
    /// [both − history] − [image − neither], a difference of risks; the hull of Student's t
    /// over patients and of its correction for skewness.
    pub risk: Estimate,
    /// The same on the logit scale, from the four rates; `None` where one of them is 0 or 1.
    pub logit: Option<f64>,
    /// The rates: neither, image, history, both.
    pub rates: [f64; 4],
    /// The sign that was declared, where one was.
    pub declared: Option<Sign>,
    /// The rate that guessing would give, where that is known.
    pub chance: Option<f64>,
    /// What may be said.
    pub finding: Finding,
}

/// What may be said of an interaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// The interval lies on the declared side of 0.
    AsDeclared,
    /// It lies on the other side.
    Against,
    /// It contains 0, or there is none.
    NotShown,
    /// No sign was declared: whatever it says was not asked beforehand.
    NotDeclared,
    /// A cell lies below 5 %, above 95 %, or near chance: not interpretable.
    AtTheFloor,
    /// Fewer than [`stats::LEAST_PATIENTS`] patients.
    TooFew,
}

/// The interaction in a factorial, of not being right (repeats and draws averaged), on the cases that have a reference and
/// answered in all four cells. `chance` as in [`interaction`].
///
/// `None` unless the scenario is a factorial with such a case.
#[must_use]
pub fn of_scenario(run: &Run<'_>, scenario: usize, chance: Option<f64>) -> Option<Interaction> {
    let part = |wanted: CellPart| {
        let cell = run.plan.cells_of(scenario).find(|cell| cell.part == wanted)?;
        let of = |shift: &Shift<'_>| {
            Some((shift.case, (shift.patient, missed(shift, &shift.control)?, missed(shift, &shift.treated)?)))
        };
        Some(run.cell(cell).iter().filter_map(of).collect::<BTreeMap<usize, (u32, f64, f64)>>())
    };
    let (image, history, both) = (part(CellPart::ImageOnly)?, part(CellPart::HistoryOnly)?, part(CellPart::Both)?);
    let crossed = |(case, (patient, neither, both)): (&usize, &(u32, f64, f64))| {
        let (image, history) = (image.get(case)?.2, history.get(case)?.2);
        Some(Crossed { patient: *patient, neither: *neither, image, history, both: *both })
    };
    let cases: Vec<Crossed> = both.iter().filter_map(crossed).collect();
    interaction(&cases, run.plan.scenarios.get(scenario)?.interaction, chance)
}

/// The share of some answers that are not right; `None` without a reference, or where none came.
fn missed(shift: &Shift<'_>, readings: &[Option<&Reading>]) -> Option<f64> {
    shift.facts.truth.has_reference().then_some(())?;
    let (mut missed, mut n) = (0.0, 0.0);
    for reading in readings.iter().flatten() {
        missed += f64::from(u8::from(shift.seen(reading).outcome() != Outcome::Right));
        n += 1.0;
    }
    (n > 0.0).then(|| missed / n)
}

/// The interaction over some cases. `chance` is the rate that guessing would give, where that is known: a cell within
/// [`FLOOR`] of it has no room either.
///
/// `None` without a case.
#[must_use]
pub fn interaction(cases: &[Crossed], declared: Option<Sign>, chance: Option<f64>) -> Option<Interaction> {
    let value = |c: &Crossed| Observation { patient: c.patient, value: (c.both - c.history) - (c.image - c.neither) };
    let risk = stats::cluster_skew_t(&cases.iter().map(value).collect::<Vec<_>>(), stats::LEVEL)?;
    let rate = |of: fn(&Crossed) -> f64| stats::sum(cases.iter().map(of)) / cases.len() as f64;
    let rates = [rate(|c| c.neither), rate(|c| c.image), rate(|c| c.history), rate(|c| c.both)];
    let finding = finding(&risk, declared, &rates, chance);
    Some(Interaction { risk, logit: logit(rates), rates, declared, chance, finding })
}

fn finding(risk: &Estimate, declared: Option<Sign>, rates: &[f64; 4], chance: Option<f64>) -> Finding {
    let stuck = |rate: &f64| {
        !(FLOOR..=1.0 - FLOOR).contains(rate) || chance.is_some_and(|chance| libm::fabs(rate - chance) < FLOOR - 1e-12)
    };
    if rates.iter().any(stuck) {
        return Finding::AtTheFloor;
    }
    if risk.patients < stats::LEAST_PATIENTS {
        return Finding::TooFew;
    }
    let Some(declared) = declared else { return Finding::NotDeclared };
    match (risk.interval, declared) {
        (Some((low, _)), Sign::More) if low > 0.0 => Finding::AsDeclared,
        (Some((_, high)), Sign::Less) if high < 0.0 => Finding::AsDeclared,
        (Some((low, high)), _) if low > 0.0 || high < 0.0 => Finding::Against,
        _ => Finding::NotShown,
    }
}

/// [both − history] − [image − neither] of log odds.
fn logit([neither, image, history, both]: [f64; 4]) -> Option<f64> {
    let inside = [neither, image, history, both].iter().all(|rate| *rate > 0.0 && *rate < 1.0);
    let odds = |rate: f64| libm::log(rate / (1.0 - rate));
    inside.then(|| (odds(both) - odds(history)) - (odds(image) - odds(neither)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sensitivity::tests::{POSITIVE, Run as Made, cross};

    /// Sixty patients of which that many are wrong in each cell, the same ones first.
    fn crossed(wrong: [u32; 4]) -> Vec<Crossed> {
        let at = |patient: u32, place: usize| f64::from(u8::from(patient < wrong[place]));
        let case = |patient| Crossed {
            patient,
            neither: at(patient, 0),
            image: at(patient, 1),
            history: at(patient, 2),
            both: at(patient, 3),
        };
        (0..60).map(case).collect()
    }

    fn of(wrong: [u32; 4], declared: Sign) -> Interaction {
        interaction(&crossed(wrong), Some(declared), None).unwrap()
    }

    #[test]
    fn together_more_than_the_sum_is_found_on_the_declared_side_only() {
        let found = of([6, 12, 12, 48], Sign::More);
        assert!((found.risk.point - 0.5).abs() < 1e-12);
        assert_eq!(found.finding, Finding::AsDeclared);
        assert_eq!(of([6, 12, 12, 48], Sign::Less).finding, Finding::Against);
        assert_eq!(of([6, 12, 12, 18], Sign::More).finding, Finding::NotShown);
    }

    #[test]
    fn nineteen_patients_are_too_few_to_say() {
        let few =
            |patients: usize| interaction(&crossed([6, 8, 8, 18])[..patients], Some(Sign::More), None).unwrap().finding;
        assert_eq!((few(19), few(20)), (Finding::TooFew, Finding::AsDeclared));
    }

    #[test]
    fn what_nobody_declared_is_not_found() {
        assert_eq!(interaction(&crossed([6, 12, 12, 48]), None, None).unwrap().finding, Finding::NotDeclared);
        assert_eq!(interaction(&crossed([0, 12, 12, 48]), None, None).unwrap().finding, Finding::AtTheFloor);
    }

    /// Thirty-two patients, one for each way in which two control repeats and three arms can each be right or wrong.
    fn coin() -> Made {
        let say = |case: usize, bit: usize| if (case >> bit) & 1 == 0 { "m" } else { "l" };
        (0..32).fold(cross(32, Some(Sign::More)), |run, case| {
            let run = run.one(case, 0, &format!("{}{}", say(case, 0), say(case, 1)));
            run.one(case, 3, say(case, 2)).one(case, 4, say(case, 3)).one(case, POSITIVE, say(case, 4))
        })
    }

    fn found(made: &Made) -> Option<Interaction> {
        of_scenario(&Run::of(&made.plan, &made.slots), 0, None)
    }

    #[test]
    fn pure_noise_has_no_interaction() {
        let found = found(&coin()).unwrap();
        assert_eq!((found.rates, found.risk.point, found.logit), ([0.5; 4], 0.0, Some(0.0)));
        assert_eq!((found.finding, found.risk.n), (Finding::NotShown, 32));
    }

    #[test]
    fn the_four_cells_of_a_run_are_those_that_were_asked() {
        // Wrong: 4 of 40 with neither (one of them in one repeat of two), 8, 12, 30.
        let wrong = |case: usize, of: usize| if case < of { "l" } else { "m" };
        let made = (0..40).fold(cross(40, Some(Sign::More)), |run, case| {
            let run = run.one(case, 0, &wrong(case, 4).repeat(2)).one(case, 3, wrong(case, 8));
            run.one(case, 4, wrong(case, 12)).one(case, POSITIVE, wrong(case, 30))
        });
        let made = made.one(3, 0, "lm");
        let known = found(&made).unwrap();
        assert_eq!(known.rates, [3.5 / 40.0, 0.2, 0.3, 0.75]);
        assert!((known.risk.point - (0.75 - 0.3 - 0.2 + 3.5 / 40.0)).abs() < 1e-12, "{known:?}");
        assert_eq!(known.finding, Finding::AsDeclared);
        let mut made = made.one(20, 3, "x").one(21, 0, "xx").one(22, 4, "-");
        made.plan.cases[23].truth.differential.clear();
        assert_eq!(
            found(&made).unwrap().risk.n,
            36,
            "a lost cell, a lost control, a side that did not apply, no reference"
        );
        made.plan.cells.truncate(2);
        assert_eq!(found(&made), None);
    }

    #[test]
    fn what_is_unusable_or_matches_nothing_is_not_right() {
        let made = cross(20, None).all(0, "mm").all(3, "u").all(4, "?").all(POSITIVE, "a");
        assert_eq!(found(&made).unwrap().rates, [0.0, 1.0, 1.0, 1.0]);
    }

    #[test]
    fn a_cell_without_room_is_not_interpreted() {
        assert_eq!(of([0, 12, 12, 48], Sign::More).finding, Finding::AtTheFloor);
        assert_eq!(of([6, 12, 12, 60], Sign::More).finding, Finding::AtTheFloor);
        let near = interaction(&crossed([6, 12, 12, 48]), Some(Sign::More), Some(0.8)).unwrap();
        assert_eq!(near.finding, Finding::AtTheFloor, "four in five is what guessing gives");
    }

    #[test]
    fn a_logit_additive_reader_shows_no_logit_interaction_though_its_risks_do() {
        let share = |logit: f64| 1.0 / (1.0 + libm::exp(-logit));
        let case = |patient| Crossed {
            patient,
            neither: share(-2.0),
            image: share(-2.0 + 1.5),
            history: share(-2.0 + 1.5),
            both: share(-2.0 + 3.0),
        };
        let found = interaction(&(0..60).map(case).collect::<Vec<_>>(), Some(Sign::More), None).unwrap();
        assert!(found.logit.unwrap().abs() < 1e-12);
        assert!(found.risk.point > 0.05, "{}", found.risk.point);
    }

    #[test]
    fn nobody_has_no_interaction() {
        assert_eq!(interaction(&[], Some(Sign::More), None), None);
    }
}
