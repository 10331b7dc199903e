//! Do photograph and history together do more than their sum? A risk difference with a sign declared beforehand, the logit
//! beside it, and a word where the numbers have no room to move.

use crate::stats::{self, Estimate, Observation};

/// Below this share, or above one less it, a cell has no room for an interaction.
pub const FLOOR: f64 = 0.05;

/// The sign that was declared before anything was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// Together they do more than their sum.
    More,
    /// Together they do less.
    Less,
}

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
    /// A cell lies below 5 %, above 95 %, or near chance: not interpretable.
    AtTheFloor,
}

/// The interaction over some cases. `chance` is the rate that guessing would give, where that is known: a cell within
/// [`FLOOR`] of it has no room either.
///
/// `None` without a case.
#[must_use]
pub fn interaction(cases: &[Crossed], declared: Sign, chance: Option<f64>) -> Option<Interaction> {
    let value = |c: &Crossed| Observation { patient: c.patient, value: (c.both - c.history) - (c.image - c.neither) };
    let risk = stats::cluster_skew_t(&cases.iter().map(value).collect::<Vec<_>>(), stats::LEVEL)?;
    let rate = |of: fn(&Crossed) -> f64| stats::sum(cases.iter().map(of)) / cases.len() as f64;
    let rates = [rate(|c| c.neither), rate(|c| c.image), rate(|c| c.history), rate(|c| c.both)];
    let finding = finding(&risk, declared, &rates, chance);
    Some(Interaction { risk, logit: logit(rates), rates, finding })
}

fn finding(risk: &Estimate, declared: Sign, rates: &[f64; 4], chance: Option<f64>) -> Finding {
    let stuck = |rate: &f64| {
        !(FLOOR..=1.0 - FLOOR).contains(rate) || chance.is_some_and(|chance| libm::fabs(rate - chance) < FLOOR)
    };
    if rates.iter().any(stuck) {
        return Finding::AtTheFloor;
    }
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
        interaction(&crossed(wrong), declared, None).unwrap()
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
    fn a_cell_without_room_is_not_interpreted() {
        assert_eq!(of([0, 12, 12, 48], Sign::More).finding, Finding::AtTheFloor);
        assert_eq!(of([6, 12, 12, 60], Sign::More).finding, Finding::AtTheFloor);
        let near = interaction(&crossed([6, 12, 12, 48]), Sign::More, Some(0.8)).unwrap();
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
        let found = interaction(&(0..60).map(case).collect::<Vec<_>>(), Sign::More, None).unwrap();
        assert!(found.logit.unwrap().abs() < 1e-12);
        assert!(found.risk.point > 0.05, "{}", found.risk.point);
    }

    #[test]
    fn nobody_has_no_interaction() {
        assert_eq!(interaction(&[], Sign::More, None), None);
    }
}
