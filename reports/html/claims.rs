//! Every claim in detail.

use std::borrow::Cow;

use super::{Links, front};
use crate::number::{self, NOTHING};
use crate::record::{self, Estimate, Head, Record};
use crate::words::{self, Sign};
use serde::Serialize;

/// One claim in detail.
#[derive(Debug, Serialize)]
pub(crate) struct Claim<'a> {
    anchor: &'a str,
    id: &'a str,
    text: &'a str,
    gate: bool,
    sign: Sign,
    why: &'a str,
    facts: Vec<(&'static str, String)>,
    lines: Vec<Line<'a>>,
    beside: Vec<Beside<'a>>,
    unfit: Vec<(&'a str, String)>,
    references: &'a [String],
    links: Vec<(&'static str, &'a str)>,
}

#[derive(Debug, Serialize)]
struct Line<'a> {
    title: &'a str,
    metric: &'a str,
    bound: String,
    because: &'a str,
    sign: Sign,
    why: &'a str,
    at: &'a str,
    retest: String,
    sham: String,
    method: &'a str,
    levels: Vec<Level<'a>>,
    groups: Vec<Group<'a>>,
}

#[derive(Debug, Serialize)]
struct Level<'a> {
    at: &'a str,
    decides: bool,
    judged: bool,
    events: String,
    estimate: String,
    patients: String,
    missing: String,
}

#[derive(Debug, Serialize)]
struct Group<'a> {
    stratum: &'a str,
    group: Cow<'a, str>,
    events: String,
    estimate: String,
    /// How far it lies from the largest group, and that group's name; both empty where nothing is compared.
    less: String,
    than: &'a str,
}

#[derive(Debug, Serialize)]
pub(crate) struct Beside<'a> {
    title: &'a str,
    at: &'a str,
    events: String,
    estimate: String,
    note: &'a str,
}

impl<'a> Claim<'a> {
    pub(crate) fn of(claim: &'a record::Claim, record: &'a Record, links: &'a Links) -> Self {
        let head = &record.head;
        Self {
            anchor: links.claims.get(&claim.id).map_or("", String::as_str),
            id: &claim.id,
            text: &claim.text,
            gate: claim.gate,
            sign: front::sign(claim.verdict, head),
            why: if head.interim.is_some() { "" } else { &claim.why },
            facts: facts(claim, head),
            lines: claim.lines.iter().map(|l| line(l, claim, head)).collect(),
            beside: claim.beside.iter().map(beside).collect(),
            unfit: claim.unfit.iter().map(|(reason, n)| (reason.as_str(), number::count(*n))).collect(),
            references: &claim.references,
            links: see_also(&claim.id, links),
        }
    }
}

fn facts(claim: &record::Claim, head: &Head) -> Vec<(&'static str, String)> {
    let applied = format!("{} of {} cases", number::count(claim.applied.events), number::count(claim.applied.of));
    let envelope = claim.envelope.clone().filter(|_| head.interim.is_none());
    let family = front::family(claim, head).map(String::from);
    let hazard = claim.hazard.as_ref();
    let all = [
        ("Expected", Some(words::expectation(&claim.expect).to_string())),
        ("Hazard", hazard.map(|h| format!("{} ({})", h.hazard, h.id))),
        ("Caused here by", hazard.and_then(|h| h.cause.clone())),
        ("Sequence of events", hazard.map(|h| h.sequence.clone())),
        ("Hazardous situation", hazard.map(|h| h.situation.clone())),
        ("Harm", hazard.map(|h| format!("{} Severity: {}.", h.harm, h.severity))),
        ("Applied to", Some(applied)),
        ("Envelope", envelope),
        ("In family", family),
        ("What is right rests on", Some(claim.oracle_basis.clone()).filter(|basis| !basis.is_empty())),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// A reason that the claim already gave is not said again.
fn line<'a>(l: &'a record::Line, claim: &record::Claim, head: &Head) -> Line<'a> {
    let silent = head.interim.is_some() || l.why == claim.why;
    Line {
        title: &l.title,
        metric: &l.metric,
        bound: number::directed(l.bound, l.at_most),
        because: &l.because,
        sign: front::sign(l.verdict, head),
        why: if silent { "" } else { &l.why },
        at: &l.at,
        retest: number::ratio(l.retest),
        sham: number::ratio(l.sham),
        method: l.estimate.as_ref().map_or("", |e| e.method.as_str()),
        levels: l.levels.iter().map(|level| level_row(level, &l.at)).collect(),
        groups: groups(&l.groups),
    }
}

fn level_row<'a>(level: &'a record::LevelCell, deciding: &str) -> Level<'a> {
    let e = level.estimate.as_ref();
    Level {
        at: &level.at,
        decides: level.at == deciding,
        judged: level.judged,
        events: said(e, number::out_of),
        estimate: e.map_or_else(|| "not measured".into(), number::estimate),
        patients: said(e, |e| number::count(e.patients)),
        missing: number::count(level.missing),
    }
}

/// A row for every group of which there is something to say, and one for the others of its stratum together.
fn groups(all: &[record::GroupCell]) -> Vec<Group<'_>> {
    all.chunk_by(|a, b| a.stratum == b.stratum).flat_map(of_stratum).collect()
}

fn of_stratum(stratum: &[record::GroupCell]) -> Vec<Group<'_>> {
    let (said, few): (Vec<_>, Vec<_>) = stratum.iter().partition(|g| g.estimate.is_some());
    said.into_iter().map(group).chain(too_few(&few)).collect()
}

fn too_few<'a>(few: &[&'a record::GroupCell]) -> Option<Group<'a>> {
    let names: Vec<&str> = few.iter().map(|g| g.group.as_str()).collect();
    let (least, most) = (few.iter().map(|g| g.n).min()?, few.iter().map(|g| g.n).max()?);
    let each = if least == most { String::new() } else { format!("{}\u{a0}to\u{a0}", number::count(least)) };
    Some(Group {
        stratum: &few.first()?.stratum,
        group: names.join(", ").into(),
        events: format!("n\u{a0}=\u{a0}{each}{}", number::count(most)),
        estimate: "too few to say".into(),
        less: String::new(),
        than: "",
    })
}

fn group(g: &record::GroupCell) -> Group<'_> {
    let e = g.estimate.as_ref();
    Group {
        stratum: &g.stratum,
        group: g.group.as_str().into(),
        events: said(e, number::out_of),
        estimate: said(e, number::estimate),
        less: g.less.as_ref().map_or_else(String::new, |less| number::estimate(&less.estimate)),
        than: g.less.as_ref().map_or("", |less| less.than.as_str()),
    }
}

pub(crate) fn beside(b: &record::Beside) -> Beside<'_> {
    let e = b.estimate.as_ref();
    Beside {
        title: &b.title,
        at: &b.at,
        events: said(e, number::out_of),
        estimate: e.map_or_else(|| "not measured".into(), number::estimate),
        note: &b.note,
    }
}

fn said(e: Option<&Estimate>, how: impl Fn(&Estimate) -> String) -> String {
    e.map_or_else(|| NOTHING.into(), how)
}

fn see_also<'a>(id: &str, links: &'a Links) -> Vec<(&'static str, &'a str)> {
    let all = [
        ("dose response", links.curves.get(id)),
        ("control → treated", links.tables.get(id)),
        ("example pair", links.pairs.get(id)),
    ];
    all.into_iter().filter_map(|(name, anchor)| Some((name, anchor?.as_str()))).collect()
}
