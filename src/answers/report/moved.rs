//! Where answers moved to: how many say yes, how large numbers are, in both arms.

use std::collections::BTreeSet;

use bedside_reports::record::Moved;

use crate::answers::bridge::{Answered, Series};
use crate::evidence;
use crate::mapping::Kind;
use crate::reading::Reading;
use crate::shift::Shift;
use crate::stats::{self, Observation, Paired};

/// Where the answers moved to, for kinds of answer that have a direction.
pub(super) fn moved(answered: &Answered<'_>, series: &Series, shifts: &[Shift<'_>]) -> Option<Moved> {
    match answered.mapping.questions.get(series.question)?.kind {
        Kind::YesNo { .. } => Some(said_yes(shifts)),
        Kind::Number(_) => Some(numbers(series, shifts)),
        Kind::Choice(_) | Kind::Diagnosis | Kind::Text => None,
    }
}

/// The one answer of a reading.
fn leading<'a>(reading: &Option<&'a Reading>) -> Option<&'a str> {
    reading.as_ref()?.list().first()?.diagnosis.id()
}

/// The share that says yes, in both arms: repeats and draws averaged, unusable answers not among them.
fn said_yes(shifts: &[Shift<'_>]) -> Moved {
    let share = |readings: &[Option<&Reading>]| {
        let said: Vec<f64> =
            readings.iter().filter_map(leading).map(|said| f64::from(u8::from(said == "yes"))).collect();
        mean(&said)
    };
    let pair = |shift: &Shift<'_>| {
        Some(Paired { patient: shift.patient, before: share(&shift.control)?, after: share(&shift.treated)? })
    };
    let pairs: Vec<Paired> = shifts.iter().filter_map(pair).collect();
    let arms = stats::Arms::of(&pairs, stats::LEVEL);
    let (up, down) = first_moves(shifts, |said| f64::from(u8::from(said == "yes")));
    Moved {
        what: "say yes".into(),
        control: arms.as_ref().map(|arms| evidence::estimate(&arms.before.estimate)),
        treated: arms.as_ref().map(|arms| evidence::estimate(&arms.after.estimate)),
        difference: stats::difference(&pairs, stats::LEVEL).as_ref().map(evidence::estimate),
        mcnemar: one_case_each(shifts).then(|| stats::mcnemar_exact(down, up)),
        up,
        down,
    }
}

/// Means of numbers, in both arms, with the interval of their difference.
fn numbers(series: &Series, shifts: &[Shift<'_>]) -> Moved {
    let number = |said: &str| said.parse::<f64>().unwrap_or(f64::NAN);
    let value =
        |readings: &[Option<&Reading>]| mean(&readings.iter().filter_map(leading).map(number).collect::<Vec<_>>());
    let of = |shift: &Shift<'_>| Some((shift.patient, value(&shift.control)?, value(&shift.treated)?));
    let all: Vec<(u32, f64, f64)> = shifts.iter().filter_map(of).collect();
    let seen = |pick: fn(&(u32, f64, f64)) -> f64| {
        all.iter().map(|of| Observation { patient: of.0, value: pick(of) }).collect::<Vec<Observation>>()
    };
    let estimate = |list: &[Observation]| continuous(series, list).as_ref().map(evidence::estimate);
    let (up, down) = first_moves(shifts, number);
    Moved {
        what: "mean number".into(),
        control: estimate(&seen(|of| of.1)),
        treated: estimate(&seen(|of| of.2)),
        difference: estimate(&seen(|of| of.2 - of.1)),
        mcnemar: None,
        up,
        down,
    }
}

/// The mean of numbers with its interval over patients.
fn continuous(series: &Series, list: &[Observation]) -> Option<stats::Estimate> {
    let stream = crate::seed::of_plan(series.plan.seed, "bootstrap", "answers");
    stats::Resampler::new(stream).mean(list, stats::LEVEL)
}

fn mean(list: &[f64]) -> Option<f64> {
    let number = u32::try_from(list.len()).ok().filter(|number| *number > 0)?;
    Some(stats::sum(list.iter().copied()) / f64::from(number))
}

/// Pairs of control repeat 1 and draw 1 whose value rose, and whose value fell.
fn first_moves(shifts: &[Shift<'_>], value: impl Fn(&str) -> f64) -> (u64, u64) {
    let (mut up, mut down) = (0, 0);
    for shift in shifts {
        let first = |readings: &[Option<&Reading>]| readings.first().and_then(leading).map(&value);
        if let (Some(before), Some(after)) = (first(&shift.control), first(&shift.treated)) {
            up += u64::from(after > before);
            down += u64::from(after < before);
        }
    }
    (up, down)
}

fn one_case_each(shifts: &[Shift<'_>]) -> bool {
    let patients: BTreeSet<u32> = shifts.iter().map(|shift| shift.patient).collect();
    patients.len() == shifts.len()
}
