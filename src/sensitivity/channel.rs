//! Is a channel used at all? A model that never looks at photographs is not robust to bad ones.

use std::collections::BTreeMap;

use crate::metrics;
use crate::plan::Plan;
use crate::shift::{Run, Shift};
use crate::stats::{self, Estimate, Paired};
use crate::treatment::{Channel, Role};

/// Whether a channel's positive control moved the model beyond its sham.
#[derive(Debug, Clone, PartialEq)]
pub struct ChannelUse {
    /// Flips under the positive control.
    pub moved: Option<Estimate>,
    /// Flips under the sham, on the same cases.
    pub sham: Option<Estimate>,
    /// The difference of the two, with its interval.
    pub excess: Option<Estimate>,
    /// Whether the channel is used.
    pub used: Use,
}

/// Whether a channel is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// The interval of the difference lies above 0: the positive control moved the model beyond the sham.
    Shown,
    /// It does not, and its upper limit lies below [`USED_FROM`]: the strongest edit hardly moves the model.
    Unused,
    /// It does not, but too few patients were asked to say that the channel is not used.
    NotShown,
    /// The positive control could not be run.
    NotTested,
}

/// A strongest edit that moves fewer than one answer in five beyond the sham counts as moving hardly any.
pub const USED_FROM: f64 = 0.2;

impl Use {
    fn of(excess: Option<&Estimate>) -> Self {
        let Some(excess) = excess else { return Self::NotTested };
        match excess.interval {
            Some((lower, _)) if lower > 0.0 => Self::Shown,
            Some((_, upper)) if excess.patients >= stats::LEAST_PATIENTS && upper < USED_FROM => Self::Unused,
            _ => Self::NotShown,
        }
    }
}

/// The use of every channel that the plan has a positive control for.
pub(super) fn all(run: &Run<'_>) -> BTreeMap<Channel, ChannelUse> {
    let of = |channel| Some((channel, of(run, channel, positive(run.plan, channel)?)));
    Channel::ALL.into_iter().filter_map(of).collect()
}

/// The positive control's treatment, which a scenario's cell may share.
fn positive(plan: &Plan, channel: Channel) -> Option<usize> {
    plan.treatment_of(Role::Positive(channel))
}

fn of(run: &Run<'_>, channel: Channel, treatment: usize) -> ChannelUse {
    let shifts = run.treatment(treatment, &[channel], 0..run.plan.cases.len());
    let Some(flip) = metrics::find("flip") else {
        return ChannelUse { moved: None, sham: None, excess: None, used: Use::NotTested };
    };
    let pair = |shift: &Shift<'_>| {
        Some(Paired { patient: shift.patient, before: shift.gross_sham(flip)?, after: shift.gross(flip)? })
    };
    let pairs: Vec<Paired> = shifts.iter().filter_map(pair).collect();
    let arms = stats::Arms::of(&pairs, stats::LEVEL);
    let excess = stats::difference(&pairs, stats::LEVEL);
    ChannelUse {
        moved: arms.as_ref().map(|arms| arms.after.estimate.clone()),
        sham: arms.map(|arms| arms.before.estimate),
        used: Use::of(excess.as_ref()),
        excess,
    }
}
