//! Gross minus floor, where an accept line judges that: the interval of a paired difference at every level.

use crate::metrics::Metric;
use crate::shift::Shift;
use crate::stats::{self, Bound, Estimate, LineEvidence, Paired, Ruling, Verdict, Why};

/// Gross minus floor at one level.
#[derive(Debug, Clone, PartialEq)]
pub struct NetLevel {
    /// The difference over the cases that have both.
    pub observed: Option<Estimate>,
    /// Its limits when every missing value counts against the claim that flips are few.
    pub high: Option<(f64, f64)>,
    /// Its limits when every missing value counts for it.
    pub low: Option<(f64, f64)>,
    /// Whether the line speaks of this level.
    pub judged: bool,
    /// Whether its patients are enough.
    pub enough: bool,
}

impl NetLevel {
    /// The limits under both fillings together, as for rates.
    #[must_use]
    pub fn limits(&self) -> Option<(f64, f64)> {
        let (high, low) = (self.high?, self.low?);
        Some((high.0.min(low.0), high.1.max(low.1)))
    }

    fn holds(&self, bound: Bound) -> bool {
        self.enough && self.limits().is_some_and(|limits| bound.contains(limits))
    }

    fn breaks(&self, bound: Bound) -> bool {
        self.enough && self.limits().is_some_and(|limits| bound.excludes(limits))
    }

    fn is_open(&self, bound: Bound) -> (bool, bool) {
        let either = |test: &dyn Fn((f64, f64)) -> bool| [self.high, self.low].into_iter().flatten().any(test);
        (either(&|limits| bound.contains(limits)), either(&|limits| bound.excludes(limits)))
    }
}

/// Every level of a line; the ruling on the gross rates says which are judged and have enough patients.
pub(super) fn levels(metric: &Metric, shifts: &[Vec<Shift<'_>>], ruling: &Ruling) -> Vec<NetLevel> {
    let level = |(shifts, gross): (&Vec<Shift<'_>>, &stats::LevelRuling)| NetLevel {
        observed: difference(metric, shifts, None),
        high: difference(metric, shifts, Some(1.0)).and_then(|net| net.interval),
        low: difference(metric, shifts, Some(0.0)).and_then(|net| net.interval),
        judged: gross.judged,
        enough: gross.enough,
    };
    shifts.iter().zip(&ruling.levels).map(level).collect()
}

/// Replaces the ruling on the gross rates by one on the differences, in the same order of reasons, and returns the
/// envelope. The p for the family stays that of the gross rate, which is never below the net one; a floor of net has
/// none.
pub(super) fn judge(levels: &[NetLevel], evidence: &LineEvidence, ruling: &mut Ruling) -> Option<usize> {
    if matches!(evidence.bound, Bound::AtLeast(_)) {
        ruling.family_p = 1.0;
    }
    if ruling.verdict == Verdict::Undecided(Why::FloorNotMeasured) {
        return None;
    }
    ruling.verdict = decide(levels, evidence.bound);
    ruling.level = deciding(levels, evidence.bound, ruling.verdict);
    levels.iter().take_while(|level| level.holds(evidence.bound)).count().checked_sub(1)
}

fn decide(levels: &[NetLevel], bound: Bound) -> Verdict {
    let judged = || levels.iter().filter(|level| level.judged);
    if !judged().any(|level| level.enough) {
        return Verdict::Undecided(Why::TooFewPatients);
    }
    if judged().all(|level| level.holds(bound)) {
        return Verdict::Holds;
    }
    if judged().any(|level| level.breaks(bound)) {
        return Verdict::Breaks;
    }
    Verdict::Undecided(if !judged().all(|level| level.enough) {
        Why::TooFewPatients
    } else if judged().all(|level| level.is_open(bound).0) || judged().any(|level| level.is_open(bound).1) {
        Why::Missing
    } else {
        Why::Power
    })
}

fn deciding(levels: &[NetLevel], bound: Bound, verdict: Verdict) -> Option<usize> {
    let excess = |level: &NetLevel| match (verdict, level.limits()) {
        (Verdict::Breaks, Some(limits)) if level.enough => bound.excess_of_better(limits),
        (Verdict::Breaks, _) => f64::NEG_INFINITY,
        (Verdict::Undecided(Why::TooFewPatients), _) if !level.enough => f64::INFINITY,
        (_, limits) => limits.map_or(f64::INFINITY, |limits| bound.excess_of_worse(limits)),
    };
    let judged = levels.iter().enumerate().filter(|(_, level)| level.judged);
    let farther = |a: &(usize, f64), b: &(usize, f64)| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0));
    judged.map(|(place, level)| (place, excess(level))).max_by(farther).map(|(place, _)| place)
}

/// Gross minus floor over some cases. What is missing is left out, or filled: gross with the filling, floor against it.
fn difference(metric: &Metric, shifts: &[Shift<'_>], fill: Option<f64>) -> Option<Estimate> {
    let pair = |shift: &Shift<'_>| {
        Some(Paired {
            patient: shift.patient,
            before: shift.floor(metric).or(fill.map(|fill| 1.0 - fill))?,
            after: shift.gross(metric).or(fill)?,
        })
    };
    stats::difference(&shifts.iter().filter_map(pair).collect::<Vec<_>>(), stats::LEVEL)
}
