//! From the answers of a table to the record of a report: every series is measured as a run is, and put together here.

mod front;
mod moved;

use std::collections::{BTreeMap, BTreeSet};

use bedside_reports::record::{self, AnswerLine, Answers, PanelLine, Record, State};

use super::bridge::{self, Answered, Series};
use super::gather::Version;
use super::pairing::{self, Finding, Pairing};
use super::panel;
use crate::evidence::{self, Extras};
use crate::mapping::{Change, Kind, Role};
use crate::sensitivity::{self, Sensitivity};
use crate::shift;
use crate::stats;
use crate::words::percent;

/// A series with what was found in it.
#[derive(Debug)]
struct Measured {
    series: Series,
    found: Sensitivity,
}

/// The record of a table of answers.
#[must_use]
pub fn record(answered: &Answered<'_>, series: Vec<Series>) -> Record {
    let pairings = Pairings::of(answered);
    let measured = measure(answered, series, &pairings);
    let mut parts: Vec<Part> = measured.iter().map(|measured| Part::of(answered, measured, &pairings)).collect();
    let claims: Vec<record::Claim> = parts.iter_mut().flat_map(|part| core::mem::take(&mut part.claims)).collect();
    let panels = panels(answered, &pairings);
    let (curves, tables, lines) = (
        parts.iter_mut().flat_map(|part| core::mem::take(&mut part.curves)).collect(),
        parts.iter_mut().flat_map(|part| core::mem::take(&mut part.tables)).collect(),
        parts.iter_mut().flat_map(|part| core::mem::take(&mut part.lines)).collect::<Vec<AnswerLine>>(),
    );
    let expected = expected_false_breaks(&measured);
    Record {
        format: record::FORMAT,
        head: front::head(answered, &measured),
        summary: front::summary(answered, &claims, expected),
        harms: Vec::new(),
        checks: front::checks(answered, &measured, &pairings, &panels),
        claims,
        leans: Vec::new(),
        fields: Vec::new(),
        flow: front::flow(answered, &measured),
        strata: front::strata(answered),
        control: front::control(&measured),
        limits: front::limits(answered),
        curves,
        tables,
        examples: Vec::new(),
        methods: front::methods(),
        answers: Some(Answers {
            rows: answered.gathered.digest.clone(),
            mapping: answered.mapping_digest.to_owned(),
            flow: front::steps(answered, &lines, &panels),
            notes: answered.mapping.data.notes.clone(),
            lines,
            panels,
            pairings: pairings.records(answered),
        }),
    }
}

/// Measures every series; verdicts are then taken back where the pairing is in doubt, and all claims are one family.
fn measure(answered: &Answered<'_>, series: Vec<Series>, pairings: &Pairings) -> Vec<Measured> {
    let one = |series: Series| {
        let mut found = match lists_diagnoses(answered, &series) {
            true => sensitivity::measure(&series.plan, &series.slots),
            false => sensitivity::judge(&shift::Run::of(&series.plan, &series.slots)),
        };
        for claim in &mut found.claims {
            claim.judge_without_positive_control();
            let versions = series.versions_of(claim.scenario);
            if versions.iter().any(|version| pairings.doubted(*version, series.reader).is_some()) {
                claim.doubt_pairing();
            }
        }
        found.cells.iter_mut().filter(|_| !series.has_truth).for_each(|cell| {
            (cell.accuracy, cell.aligned) = (None, None);
        });
        Measured { series, found }
    };
    let mut all: Vec<Measured> = series.into_iter().map(one).collect();
    let mut family: Vec<sensitivity::Claim> = all.iter().flat_map(|measured| measured.found.claims.clone()).collect();
    sensitivity::correct_for_family(&mut family);
    let claims = all.iter_mut().flat_map(|measured| &mut measured.found.claims);
    claims.zip(family).for_each(|(claim, corrected)| claim.holds_in_family = corrected.holds_in_family);
    all
}

/// Whether the answers are lists of diagnoses: only then do the metrics that are numbers mean anything.
fn lists_diagnoses(answered: &Answered<'_>, series: &Series) -> bool {
    let question = answered.mapping.questions.get(series.question);
    question.is_some_and(|question| matches!(question.kind, Kind::Diagnosis | Kind::Text))
}

/// At most how many lines are expected to be called broken by chance: where unrest is not known, nothing is.
fn expected_false_breaks(measured: &[Measured]) -> f64 {
    let claims = measured.iter().flat_map(|measured| &measured.found.claims).filter(|claim| claim.is_judged());
    let unknown = stats::Verdict::Undecided(stats::Why::FloorNotMeasured);
    let lines = claims.flat_map(|claim| &claim.lines).filter(|line| line.ruling.verdict != unknown).count();
    stats::VERDICT_ERROR * f64::from(u32::try_from(lines).unwrap_or(u32::MAX))
}

/// What is known of the pairing of every version.
struct Pairings {
    /// By version; the reader is `None` for all together.
    found: BTreeMap<(Version, Option<usize>), Pairing>,
}

impl Pairings {
    fn of(answered: &Answered<'_>) -> Self {
        // A positive control is meant to move every answer: agreement says nothing of its rows.
        let is_checked = |version: &Version| {
            let change = answered.mapping.scenarios.get(version.scenario);
            version.role == Role::Treated && !change.is_some_and(|change| change.positive_control)
        };
        let versions: BTreeSet<Version> =
            answered.slots.iter().map(|(key, _)| key.version).filter(is_checked).collect();
        let readers = (0..answered.mapping.readers.len()).map(Some);
        let whose: Vec<Option<usize>> = std::iter::once(None).chain(readers).collect();
        let found = versions.iter().flat_map(|version| whose.iter().map(move |reader| (*version, *reader)));
        let found = found.filter_map(|of| Some((of, pairing::check(answered, of.0, of.1)?))).collect();
        Self { found }
    }

    /// Why the pairs of a version are in doubt for a reader, if they are: because those of all readers together are, or
    /// because the reader's own are.
    fn doubted(&self, version: Version, reader: usize) -> Option<String> {
        [None, Some(reader)].into_iter().find_map(|whose| {
            let pairing = self.found.get(&(version, whose))?;
            let (own, random) = (percent(rounded(pairing.own)), percent(rounded(pairing.random)));
            let who = if whose.is_none() { "all readers together" } else { "this reader" };
            match pairing.finding() {
                Finding::Doubtful => Some(format!(
                    "Alignment doubtful: answers of {who} agree with the control of their own case in {own}, with that \
                     of a random one in {random}. The rows may not be of the same cases, so nothing is said of pairs."
                )),
                Finding::Constant => Some(format!(
                    "Alignment cannot be checked: the answers of {who} are the same for all cases, so nothing is said \
                     of pairs."
                )),
                Finding::Belongs | Finding::TooFew => None,
            }
        })
    }

    fn records(&self, answered: &Answered<'_>) -> Vec<record::Pairing> {
        let one = |((version, reader), pairing): (&(Version, Option<usize>), &Pairing)| {
            let (scenario, at) = names(answered, *version);
            record::Pairing {
                scenario,
                at,
                reader: reader.map(|reader| reader_id(answered, reader)),
                cases: pairing.cases as u64,
                own: pairing.own,
                random: pairing.random,
                z: pairing.z,
                state: match pairing.finding() {
                    Finding::Belongs => State::Good,
                    Finding::Doubtful | Finding::Constant => State::Bad,
                    Finding::TooFew => State::Unknown,
                },
            }
        };
        self.found.iter().map(one).collect()
    }
}

fn reader_id(answered: &Answered<'_>, reader: usize) -> String {
    answered.mapping.readers.get(reader).map(|reader| reader.id.clone()).unwrap_or_default()
}

fn question_id(answered: &Answered<'_>, question: usize) -> String {
    answered.mapping.questions.get(question).map(|question| question.id.clone()).unwrap_or_default()
}

/// Scenario and level of a version, in words.
fn names(answered: &Answered<'_>, version: Version) -> (String, String) {
    let change: Option<&Change> = answered.mapping.scenarios.get(version.scenario);
    let at = change.map(|change| bridge::label(change, version.level)).unwrap_or_default();
    (change.map(|change| change.id.clone()).unwrap_or_default(), at)
}

fn rounded(share: f64) -> f64 {
    (crate::words::settled(share) * 1000.0).round() / 1000.0
}

/// What one series adds to the record.
struct Part {
    claims: Vec<record::Claim>,
    curves: Vec<record::Curve>,
    tables: Vec<record::Table>,
    lines: Vec<AnswerLine>,
}

impl Part {
    fn of(answered: &Answered<'_>, measured: &Measured, pairings: &Pairings) -> Self {
        let Measured { series, found } = measured;
        let made = evidence::record(&series.plan, &series.slots, found, Extras::default());
        let mut part = Self {
            claims: made.claims,
            curves: made.curves,
            tables: if series.has_truth { made.tables } else { Vec::new() },
            lines: lines(answered, measured, pairings),
        };
        let doubts: BTreeMap<String, String> = (0..series.plan.scenarios.len())
            .filter_map(|place| {
                let versions = series.versions_of(place);
                let why = versions.iter().find_map(|version| pairings.doubted(*version, series.reader))?;
                Some((series.plan.scenarios.get(place)?.id.clone(), why))
            })
            .collect();
        part.curves.retain(|curve| !doubts.contains_key(&curve.scenario));
        part.tables.retain(|table| !doubts.contains_key(&table.scenario));
        let lines = &part.lines;
        part.claims.iter_mut().for_each(|claim| finish(answered, series, claim, &doubts, lines));
        let id = |scenario: &str| series.claim_id(answered, scenario);
        part.curves.iter_mut().for_each(|curve| curve.scenario = id(&curve.scenario));
        part.tables.iter_mut().for_each(|table| table.scenario = id(&table.scenario));
        part
    }
}

impl Series {
    /// The versions that are cells of a scenario of the plan.
    fn versions_of(&self, scenario: usize) -> Vec<Version> {
        let cells = self.plan.cells.iter().zip(&self.versions);
        cells.filter(|(cell, _)| cell.scenario == scenario).map(|(_, version)| *version).collect()
    }

    fn claim_id(&self, answered: &Answered<'_>, scenario: &str) -> String {
        format!("{}/{}/{scenario}", reader_id(answered, self.reader), question_id(answered, self.question))
    }
}

/// Makes the claim of a scenario that of a reader and a question.
fn finish(
    answered: &Answered<'_>,
    series: &Series,
    claim: &mut record::Claim,
    doubts: &BTreeMap<String, String>,
    lines: &[AnswerLine],
) {
    let own = || lines.iter().filter(|line| line.scenario == claim.id);
    let (unpaired, most) = (own().map(|line| line.unpaired).sum(), own().map(|line| line.pairs + line.failed).max());
    let paired = most.unwrap_or(0);
    let unfit: Vec<(String, u64)> = [("the case has no control".to_owned(), unpaired)].into();
    claim.applied = record::Count { events: paired, of: paired + unpaired };
    claim.unfit = unfit.into_iter().filter(|(_, n)| *n > 0).collect();
    claim.oracle_basis = "the mapping".into();
    claim.beside.extend(own().filter_map(direction));
    if let Some(why) = doubts.get(&claim.id) {
        if claim.verdict != record::Verdict::Vacuous {
            claim.why.clone_from(why);
        }
        claim.beside.clear();
        claim.envelope = None;
        claim.lines.iter_mut().for_each(silence);
    }
    let (reader, question) =
        (answered.mapping.readers.get(series.reader), answered.mapping.questions.get(series.question));
    if let (Some(reader), Some(question)) = (reader, question) {
        claim.text = format!("{} · {} · {}", reader.title, question.title, claim.text);
    }
    claim.id = series.claim_id(answered, &claim.id);
}

/// Takes every number out of a line whose pairs may not be pairs.
fn silence(line: &mut record::Line) {
    if line.verdict != record::Verdict::Vacuous {
        line.verdict = record::Verdict::NotTested;
    }
    line.why = String::new();
    (line.estimate, line.retest, line.sham) = (None, None, None);
    line.levels.iter_mut().for_each(|level| level.estimate = None);
    line.groups.clear();
}

fn direction(line: &AnswerLine) -> Option<record::Beside> {
    let moved = line.moved.as_ref()?;
    let p = moved.mcnemar.map(|p| format!("; exact McNemar {}", p_value(p))).unwrap_or_default();
    Some(record::Beside {
        title: format!("{}, treated less control", moved.what),
        at: line.at.clone(),
        estimate: moved.difference.clone(),
        note: format!("{} up, {} down{p}.", moved.up, moved.down),
    })
}

fn p_value(p: f64) -> String {
    if p < 0.001 { "p < 0.001".into() } else { format!("p = {}", crate::words::trim(crate::words::settled(p), 3)) }
}

/// One line per cell of a series.
fn lines(answered: &Answered<'_>, measured: &Measured, pairings: &Pairings) -> Vec<AnswerLine> {
    let Measured { series, found } = measured;
    let plan = &series.plan;
    let cells = plan.cells.iter().zip(&series.versions).zip(&found.cells);
    let line = |((cell, version), result): ((&crate::plan::Cell, &Version), &sensitivity::CellResult)| {
        let (scenario, at) = names(answered, *version);
        let doubted = pairings.doubted(*version, series.reader).is_some();
        let shifts = shift::of_cell(plan, &series.slots, cell);
        let claim = found.claims.iter().find(|claim| claim.scenario == cell.scenario);
        AnswerLine {
            claim: series.claim_id(answered, &scenario),
            reader: reader_id(answered, series.reader),
            question: question_id(answered, series.question),
            scenario,
            at,
            pairs: shifts.len() as u64 - result.failed,
            failed: result.failed,
            unpaired: series.unpaired.get(version).copied().unwrap_or(0),
            flips: result.gross.as_ref().filter(|_| !doubted).map(evidence::estimate),
            moved: moved::moved(answered, series, &shifts).filter(|_| !doubted),
            verdict: claim.map_or(record::Verdict::NotTested, |claim| evidence::verdict(claim.verdict)),
        }
    };
    cells.map(line).collect()
}

/// The lines of all panels.
fn panels(answered: &Answered<'_>, pairings: &Pairings) -> Vec<PanelLine> {
    let line = |panel: panel::Panel| {
        let (scenario, at) = names(answered, panel.version);
        let doubted = pairings.doubted(panel.version, panel.reader).is_some();
        let shown = |estimate: Option<stats::Estimate>| estimate.filter(|_| !doubted).as_ref().map(evidence::estimate);
        PanelLine {
            reader: reader_id(answered, panel.reader),
            question: question_id(answered, panel.question),
            scenario,
            at,
            cases: panel.cases,
            unpaired: panel.unpaired,
            same_person: record::Count { events: panel.same_person, of: panel.readings },
            between: shown(panel.between),
            within: shown(panel.within),
            excess: shown(panel.excess),
        }
    };
    panel::all(answered).into_iter().map(line).collect()
}
