//! People who saw different versions of a case: they cannot change their minds, they can only disagree.
//!
//! Where nobody read both versions of a case, a difference between the answers to the two is a difference between
//! people as well. So disagreement *between* versions is set against disagreement *within* one version, which has no
//! other cause than the people, and only what is left of it is reported; never that anybody changed.

use std::collections::BTreeMap;

use super::bridge::Answered;
use super::gather::Version;
use super::pairing::empty;
use crate::cohort::Scale;
use crate::mapping::Role;
use crate::metrics::{self, Facts, Judged, Metric, Pair, Seen};
use crate::reading::Reading;
use crate::scenario::Basis;
use crate::shift::Slot;
use crate::stats::{self, Estimate, Paired};

/// The disagreement of a panel on one question and one version.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// Place of the reader in the mapping.
    pub reader: usize,
    /// Place of the question in the mapping.
    pub question: usize,
    /// The version.
    pub version: Version,
    /// Cases of which both versions were read, and of which one was read by two people.
    pub cases: u64,
    /// Disagreement of two people who read different versions: the mean over cases of the mean over their pairs.
    pub between: Option<Estimate>,
    /// Disagreement of two people who read the same version, the two versions averaged.
    pub within: Option<Estimate>,
    /// Between less within.
    pub excess: Option<Estimate>,
    /// Readings of the changed version whose case has a control, and how many are by somebody who read that too. The
    /// pairs of such a person with themselves are left out.
    pub readings: u64,
    /// See `readings`.
    pub same_person: u64,
    /// Cases that have the changed version and no control.
    pub unpaired: u64,
}

/// The people who read one version of a case, with what they said.
type People<'a> = Vec<(&'a str, &'a Reading)>;

/// The people of every version of every case.
type Versions<'a> = BTreeMap<(Version, &'a str), People<'a>>;

/// Every panel on every question and version, in the mapping's order.
#[must_use]
pub fn all(answered: &Answered<'_>) -> Vec<Panel> {
    let mut parts: BTreeMap<(usize, usize), Versions<'_>> = BTreeMap::new();
    for (key, slot) in answered.slots.iter().filter(|(key, _)| answered.is_panel(key.reader)) {
        if let Slot::Read { reading, .. } = slot {
            let versions = parts.entry((key.reader, key.question)).or_default();
            versions.entry((key.version, key.case.as_str())).or_default().push((key.rater.as_str(), reading));
        }
    }
    let patients = answered.patients();
    parts.iter().flat_map(|((reader, question), people)| of_question(*reader, *question, people, &patients)).collect()
}

fn of_question(reader: usize, question: usize, people: &Versions<'_>, patients: &BTreeMap<&str, u32>) -> Vec<Panel> {
    let mut versions: Vec<Version> =
        people.keys().map(|(version, _)| *version).filter(|version| version.role == Role::Treated).collect();
    versions.dedup();
    versions.into_iter().map(|version| of_version(reader, question, version, people, patients)).collect()
}

fn of_version(
    reader: usize,
    question: usize,
    version: Version,
    people: &Versions<'_>,
    patients: &BTreeMap<&str, u32>,
) -> Panel {
    let control = Version { role: Role::Control, scenario: 0, level: 0 };
    let mut pairs = Vec::new();
    let mut panel = Panel {
        reader,
        question,
        version,
        cases: 0,
        between: None,
        within: None,
        excess: None,
        readings: 0,
        same_person: 0,
        unpaired: 0,
    };
    for ((_, case), treated) in people.iter().filter(|((of, _), _)| *of == version) {
        let Some(before) = people.get(&(control, *case)) else {
            panel.unpaired += 1;
            continue;
        };
        panel.readings += treated.len() as u64;
        panel.same_person +=
            treated.iter().filter(|(who, _)| before.iter().any(|(other, _)| other == who)).count() as u64;
        let (between, within) = (between(before, treated), within(before, treated));
        if let (Some(after), Some(before), Some(patient)) = (between, within, patients.get(case)) {
            pairs.push(Paired { patient: *patient, before, after });
        }
    }
    let arms = stats::Arms::of(&pairs, stats::LEVEL);
    panel.cases = pairs.len() as u64;
    panel.excess = stats::difference(&pairs, stats::LEVEL);
    panel.between = arms.as_ref().map(|arms| arms.after.estimate.clone());
    panel.within = arms.map(|arms| arms.before.estimate);
    panel
}

/// The share of pairs of different people, one of each version, who disagree.
fn between(before: &People<'_>, after: &People<'_>) -> Option<f64> {
    let others = |(who, one): &(&str, &Reading)| {
        let of = |(other, two): &(&str, &Reading)| if who == other { None } else { differ(one, two) };
        after.iter().filter_map(of).collect::<Vec<bool>>()
    };
    share(&before.iter().flat_map(others).collect::<Vec<bool>>())
}

/// The share of pairs of people of one version who disagree; the mean over the versions that two people read.
fn within(before: &People<'_>, after: &People<'_>) -> Option<f64> {
    let shares: Vec<f64> = [before, after].into_iter().filter_map(|people| share(&inner(people))).collect();
    let number = u32::try_from(shares.len()).ok().filter(|number| *number > 0)?;
    Some(shares.iter().sum::<f64>() / f64::from(number))
}

fn inner(people: &People<'_>) -> Vec<bool> {
    let rest = |(place, (_, one)): (usize, &(&str, &Reading))| {
        people.iter().skip(place + 1).filter_map(|(_, two)| differ(one, two)).collect::<Vec<bool>>()
    };
    people.iter().enumerate().flat_map(rest).collect()
}

fn share(events: &[bool]) -> Option<f64> {
    let number = u32::try_from(events.len()).ok().filter(|number| *number > 0)?;
    let yes = u32::try_from(events.iter().filter(|event| **event).count()).ok()?;
    Some(f64::from(yes) / f64::from(number))
}

/// Whether two answers differ, as a flip of one reader's does; nothing where unknown words leave it open.
fn differ(one: &Reading, other: &Reading) -> Option<bool> {
    let flip: &Metric = metrics::find("flip")?;
    let (truth, scale) = (empty(), Scale(Vec::new()));
    let facts = Facts::of(&truth, &scale);
    let seen = |reading| Seen { reading, facts };
    match flip.judge(&Pair { before: seen(one), after: seen(other) }, Basis::Shift) {
        Judged::Event(event) => Some(event),
        Judged::Outside | Judged::Unsure => None,
    }
}
