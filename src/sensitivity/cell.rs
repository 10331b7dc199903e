//! One cell by itself: gross, floor, net, sham excess, the control → treated table, accuracy, uptake.

use crate::metrics::{self, Canonical, Judged, Miss, Outcome};
use crate::plan::Cell;
use crate::reading::Reading;
use crate::scenario::Basis;
use crate::shift::{Run, Shift, Told};
use crate::stats::{self, Estimate, Observation, Paired, Table};

/// What one cell says, whether or not anything is claimed of it.
#[derive(Debug, Clone)]
pub struct CellResult {
    /// Pairs in the table: both answers came, and there is a reference to judge them by.
    pub pairs: u64,
    /// Pairs of which control repeat 1 or draw 1 did not answer, with a reference or without.
    pub failed: u64,
    /// Flips: the mean over cases of the mean over repeats × draws.
    pub gross: Option<Estimate>,
    /// Of the pairs of control repeat 1 and draw 1: how many answers turned into abstaining, out of it, into an unusable
    /// answer, out of one. From the one to the other counts in both.
    pub withdrawn: [u64; 4],
    /// How often the control's own repeats differ, on the same cases.
    pub floor: Option<Estimate>,
    /// Gross minus floor.
    pub net: Option<Estimate>,
    /// Flips under the sham, on the same cases.
    pub sham: Option<Estimate>,
    /// Flips of treated minus flips of sham.
    pub sham_excess: Option<Estimate>,
    /// Twice between minus within control minus within treated; `None` where the plan does not repeat a draw.
    pub energy: Option<f64>,
    /// The share of control that is right, that of treated, and their difference.
    pub accuracy: Option<Accuracy>,
    /// Uptake of a planted diagnosis, (P₁ − P₀)/(1 − P₀).
    pub uptake: Option<Estimate>,
    /// P₁ − P₀ of a planted diagnosis.
    pub adoption_excess: Option<Estimate>,
    /// Control → treated: rows control, columns treated; right, wrong, abstains, unusable.
    pub table: [[u64; 4]; 4],
    /// The same, split by whether all, some or none of the control repeats were right.
    pub by_steadiness: [[[u64; 4]; 4]; 3],
    /// How the wrong leading answers of the table are wrong, in the order of [`Miss::ALL`]: at control, and when treated.
    pub missed: [[u64; 4]; 2],
    /// Exact McNemar p of right → wrong against wrong → right; `None` when a patient has several cases.
    pub mcnemar: Option<f64>,
    /// The mid-p of the same table.
    pub mcnemar_mid: Option<f64>,
    /// Right when treated less right at control, repeat 1 and draw 1 (MOVER).
    pub difference: Option<Estimate>,
    /// The same by Newcombe's method 10; `None` when a patient has several cases.
    pub newcombe: Option<Estimate>,
    /// The same by Tango's score; `None` when a patient has several cases.
    pub tango: Option<Estimate>,
    /// Wrong switches that landed on the planted answer, out of wrong switches.
    pub aligned: Option<(u64, u64)>,
}

/// Accuracy in both arms (repeats and draws averaged).
#[derive(Debug, Clone, PartialEq)]
pub struct Accuracy {
    /// At control.
    pub control: Estimate,
    /// When treated.
    pub treated: Estimate,
    /// Treated minus control.
    pub difference: Option<Estimate>,
}

/// Looks at one cell.
pub(super) fn result(run: &Run<'_>, cell: &Cell) -> CellResult {
    let shifts = run.cell(cell);
    let tables = Tables::of(&shifts);
    let (gross, floor, net) = churn(&shifts, |shift, flip| shift.floor(flip));
    let changes = changes(&shifts);
    let table = Table::of(&changes);
    let (_, sham, sham_excess) = churn(&shifts, |shift, flip| shift.gross_sham(flip));
    CellResult {
        pairs: tables.pairs(),
        failed: shifts.iter().filter(|shift| first_pair(shift).is_none()).count() as u64,
        gross,
        withdrawn: withdrawn(&shifts),
        floor,
        net,
        sham,
        sham_excess,
        energy: energy(&shifts),
        accuracy: accuracy(&shifts),
        uptake: stats::uptake(&adoptions(&shifts), stats::LEVEL),
        adoption_excess: stats::difference(&adoptions(&shifts), stats::LEVEL),
        table: tables.whole,
        by_steadiness: tables.split,
        missed: tables.missed,
        mcnemar: tables.mcnemar(&shifts, stats::mcnemar_exact),
        mcnemar_mid: tables.mcnemar(&shifts, stats::mcnemar_mid),
        difference: stats::difference(&changes, stats::LEVEL),
        newcombe: table.and_then(|table| stats::newcombe(&table, stats::LEVEL)),
        tango: table.and_then(|table| stats::tango(&table, stats::LEVEL)),
        aligned: aligned(&shifts),
    }
}

type Churn = (Option<Estimate>, Option<Estimate>, Option<Estimate>);

/// Gross flips, the flips they are compared with, and the difference on the cases that have both.
fn churn(shifts: &[Shift<'_>], compared: impl Fn(&Shift<'_>, &metrics::Metric) -> Option<f64>) -> Churn {
    let Some(flip) = metrics::find("flip") else { return (None, None, None) };
    let rate = |value: &dyn Fn(&Shift<'_>) -> Option<f64>| {
        let values: Vec<Observation> =
            shifts.iter().filter_map(|shift| Some(super::observation(shift, value(shift)?))).collect();
        stats::proportion(&values, stats::LEVEL).map(|rate| rate.estimate)
    };
    let both = |shift: &Shift<'_>| {
        Some(Paired { patient: shift.patient, before: compared(shift, flip)?, after: shift.gross(flip)? })
    };
    let pairs: Vec<Paired> = shifts.iter().filter_map(both).collect();
    (rate(&|shift| shift.gross(flip)), rate(&|shift| compared(shift, flip)), stats::difference(&pairs, stats::LEVEL))
}

/// Answers that turned into abstaining or an unusable one, or out of it, on the first pairs.
fn withdrawn(shifts: &[Shift<'_>]) -> [u64; 4] {
    let mut counts = [0; 4];
    for (before, after) in shifts.iter().filter_map(|shift| {
        let (before, after) = first_pair(shift)?;
        Some((shift.seen(before).canonical(), shift.seen(after).canonical()))
    }) {
        let turned = [
            after == Canonical::Abstains && before != Canonical::Abstains,
            before == Canonical::Abstains && after != Canonical::Abstains,
            after == Canonical::Unusable && before != Canonical::Unusable,
            before == Canonical::Unusable && after != Canonical::Unusable,
        ];
        for (count, turned) in counts.iter_mut().zip(turned) {
            *count += u64::from(turned);
        }
    }
    counts
}

/// The energy form (Székely and Rizzo): needs at least two draws of every treated arm.
fn energy(shifts: &[Shift<'_>]) -> Option<f64> {
    let flip = metrics::find("flip")?;
    let value = |shift: &Shift<'_>| {
        let turned = Shift { control: shift.treated.clone(), ..shift.clone() };
        Some(2.0 * shift.gross(flip)? - shift.floor(flip)? - turned.floor(flip)?)
    };
    let values: Vec<f64> = shifts.iter().filter_map(value).collect();
    let n = u32::try_from(values.len()).ok().filter(|n| *n > 0)?;
    Some(stats::sum(values) / f64::from(n))
}

fn accuracy(shifts: &[Shift<'_>]) -> Option<Accuracy> {
    let pair = |shift: &Shift<'_>| {
        Some(Paired {
            patient: shift.patient,
            before: rightness(shift, &shift.control)?,
            after: rightness(shift, &shift.treated)?,
        })
    };
    let pairs: Vec<Paired> = shifts.iter().filter_map(pair).collect();
    let arms = stats::Arms::of(&pairs, stats::LEVEL)?;
    Some(Accuracy {
        control: arms.before.estimate,
        treated: arms.after.estimate,
        difference: stats::difference(&pairs, stats::LEVEL),
    })
}

/// The share of some answers to a case that are right; words that match nothing are not, as in the table.
pub(super) fn rightness(shift: &Shift<'_>, readings: &[Option<&Reading>]) -> Option<f64> {
    shift.facts.truth.has_reference().then_some(())?;
    share(readings, |reading| shift.seen(reading).outcome() == Outcome::Right)
}

/// The share of the answers that came for which something is true.
fn share(readings: &[Option<&Reading>], is: impl Fn(&Reading) -> bool) -> Option<f64> {
    let (mut yes, mut n) = (0.0, 0.0);
    for reading in readings.iter().flatten() {
        yes += f64::from(u8::from(is(reading)));
        n += 1.0;
    }
    (n > 0.0).then(|| yes / n)
}

/// The share of answers equal to the planted one, before and after, for every case in which one was planted.
fn adoptions(shifts: &[Shift<'_>]) -> Vec<Paired> {
    let pair = |shift: &Shift<'_>| {
        shift.facts.planted?;
        let adopted = |readings: &[Option<&Reading>]| {
            share(readings, |reading| metrics::leads_with_planted(&shift.seen(reading)) == Judged::Event(true))
        };
        Some(Paired { patient: shift.patient, before: adopted(&shift.control)?, after: adopted(&shift.treated)? })
    };
    shifts.iter().filter_map(pair).collect()
}

/// Right answers that became wrong, and how many of those became the planted one.
fn aligned(shifts: &[Shift<'_>]) -> Option<(u64, u64)> {
    let switched = |shift: &&Shift<'_>| Some(outcomes(shift)? == (Outcome::Right, Outcome::Wrong));
    let switched: Vec<&Shift<'_>> =
        shifts.iter().filter(|shift| shift.facts.planted.is_some() && switched(shift) == Some(true)).collect();
    let uptake = metrics::find("uptake")?;
    let landed = switched.iter().filter(|shift| shift.told(uptake, Basis::Shift) == Told::Event(true)).count();
    (!switched.is_empty()).then_some((landed as u64, switched.len() as u64))
}

/// Control repeat 1 and draw 1, where both answered.
fn first_pair<'b>(shift: &Shift<'b>) -> Option<(&'b Reading, &'b Reading)> {
    Some((shift.control.first().copied().flatten()?, shift.treated.first().copied().flatten()?))
}

/// The outcomes of control repeat 1 and draw 1, where both answered and there is a reference to judge them by.
fn outcomes(shift: &Shift<'_>) -> Option<(Outcome, Outcome)> {
    let (before, after) = first_pair(shift)?;
    shift.facts.truth.has_reference().then_some(())?;
    Some((shift.seen(before).outcome(), shift.seen(after).outcome()))
}

/// Whether repeat 1 and draw 1 were right, as 1 or 0, where both answered and there is a reference.
pub(super) fn first_change(shift: &Shift<'_>) -> Option<(f64, f64)> {
    let right = |outcome: Outcome| f64::from(u8::from(outcome == Outcome::Right));
    outcomes(shift).map(|(before, after)| (right(before), right(after)))
}

fn changes(shifts: &[Shift<'_>]) -> Vec<Paired> {
    let pair = |shift: &Shift<'_>| {
        let (before, after) = first_change(shift)?;
        Some(Paired { patient: shift.patient, before, after })
    };
    shifts.iter().filter_map(pair).collect()
}

/// The control → treated tables of a cell.
#[derive(Default)]
struct Tables {
    whole: [[u64; 4]; 4],
    split: [[[u64; 4]; 4]; 3],
    missed: [[u64; 4]; 2],
}

impl Tables {
    fn of(shifts: &[Shift<'_>]) -> Self {
        let mut tables = Self::default();
        for shift in shifts {
            if let Some((before, after)) = outcomes(shift) {
                let steadiness = steadiness(&shift.control_outcomes());
                tables.add(super::place(before), super::place(after), steadiness);
                tables.add_misses(shift);
            }
        }
        tables
    }

    fn add(&mut self, row: usize, column: usize, steadiness: usize) {
        let split = self.split.get_mut(steadiness);
        for table in [Some(&mut self.whole), split].into_iter().flatten() {
            if let Some(count) = table.get_mut(row).and_then(|row| row.get_mut(column)) {
                *count += 1;
            }
        }
    }

    fn add_misses(&mut self, shift: &Shift<'_>) {
        let Some((before, after)) = first_pair(shift) else { return };
        for (counts, reading) in self.missed.iter_mut().zip([before, after]) {
            let miss = shift.seen(reading).miss();
            let place = Miss::ALL.iter().position(|one| Some(*one) == miss);
            if let Some(count) = place.and_then(|place| counts.get_mut(place)) {
                *count += 1;
            }
        }
    }

    fn pairs(&self) -> u64 {
        self.whole.iter().flatten().sum()
    }

    /// McNemar's test on right → wrong against wrong → right, where every patient has one case.
    fn mcnemar(&self, shifts: &[Shift<'_>], test: fn(u64, u64) -> f64) -> Option<f64> {
        let mut patients: Vec<u32> = shifts.iter().map(|shift| shift.patient).collect();
        patients.sort_unstable();
        patients.dedup();
        let [[_, lost, ..], [gained, ..], ..] = self.whole;
        (patients.len() == shifts.len()).then(|| test(lost, gained))
    }
}

/// 0 when all control repeats were right, 1 when some were, 2 when none was.
fn steadiness(outcomes: &[Outcome]) -> usize {
    let right = outcomes.iter().filter(|outcome| **outcome == Outcome::Right).count();
    if right == 0 { 2 } else { usize::from(right < outcomes.len()) }
}
