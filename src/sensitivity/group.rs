//! One cell by skin tone: darkening is not neutral, so every image effect is shown by tone. Never judged.

use std::collections::BTreeMap;

use bedside_perturbations::Tone;

use crate::metrics::Metric;
use crate::plan::{Cell, Plan};
use crate::scenario::Accept;
use crate::shift::{self, Slots, Told};
use crate::stats::{self, Estimate, Observation};

/// Below this number of cases a group is too small to say anything.
pub const FEWEST_IN_GROUP: u64 = 30;

/// The rate of an accept line's event in a cell, by skin tone group: name, cases, rate.
#[must_use]
pub fn by_tone(
    plan: &Plan,
    slots: &Slots,
    cell: &Cell,
    accept: &Accept,
    metric: &Metric,
) -> Vec<(String, u64, Option<Estimate>)> {
    let mut groups: BTreeMap<Tone, Vec<Observation>> = BTreeMap::new();
    for shift in shift::of_cell(plan, slots, cell) {
        let Some(case) = plan.cases.get(shift.case) else { continue };
        let Some(tone) = crate::case::tone(&case.strata) else { continue };
        if let (true, Told::Event(event)) =
            (shift.is_among(accept.among.as_ref(), &case.strata), shift.told(metric, accept.on))
        {
            groups.entry(tone).or_default().push(super::observation(&shift, f64::from(u8::from(event))));
        }
    }
    let named = |(tone, values): (Tone, Vec<Observation>)| {
        let rate = stats::proportion(&values, stats::LEVEL).map(|rate| rate.estimate);
        (name(tone).to_owned(), values.len() as u64, rate)
    };
    groups.into_iter().map(named).collect()
}

const fn name(tone: Tone) -> &'static str {
    match tone {
        Tone::Light => "I-II",
        Tone::Medium => "III-IV",
        Tone::Dark => "V-VI",
    }
}
