//! Is a channel used at all? A model that never looks at photographs is not robust to bad ones.

use std::collections::BTreeMap;

use crate::metrics;
use crate::plan::Plan;
use crate::shift::{self, Shift, Slots};
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
    /// Whether the interval of the difference lies above 0; `None` when the positive control could not be run.
    pub used: Option<bool>,
}

/// The use of every channel that the plan has a positive control for.
pub(super) fn all(plan: &Plan, slots: &Slots) -> BTreeMap<Channel, ChannelUse> {
    let of = |channel| Some((channel, of(plan, slots, channel, positive(plan, channel)?)));
    Channel::ALL.into_iter().filter_map(of).collect()
}

/// The positive control's treatment, which a scenario's cell may share.
fn positive(plan: &Plan, channel: Channel) -> Option<usize> {
    plan.treatment_of(Role::Positive(channel))
}

fn of(plan: &Plan, slots: &Slots, channel: Channel, treatment: usize) -> ChannelUse {
    let shifts = shift::of_treatment(plan, slots, treatment, &[channel], 0..plan.cases.len());
    let Some(flip) = metrics::find("flip") else {
        return ChannelUse { moved: None, sham: None, excess: None, used: None };
    };
    let pair = |shift: &Shift<'_>| {
        Some(Paired { patient: shift.patient, before: shift.gross_sham(flip)?, after: shift.gross(flip)? })
    };
    let pairs: Vec<Paired> = shifts.iter().filter_map(pair).collect();
    let arms = stats::Arms::of(&pairs, stats::LEVEL);
    let excess = stats::difference(&pairs, stats::LEVEL);
    let lower = excess.as_ref().and_then(|excess| excess.interval).map(|(lower, _)| lower);
    ChannelUse {
        moved: arms.as_ref().map(|arms| arms.after.estimate.clone()),
        sham: arms.map(|arms| arms.before.estimate),
        used: (!pairs.is_empty()).then(|| lower.is_some_and(|lower| lower > 0.0)),
        excess,
    }
}
