//! The tables beside a report: every pair, every number, everything that was left out.

use std::collections::BTreeSet;

use bedside_reports::record::{Answers, Estimate, Record, Verdict};

use super::bridge::{Answered, Series};
use crate::evidence::shifts;

/// A table: its file's name, columns and rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The name of the file.
    pub name: &'static str,
    /// The columns.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

/// Every table.
#[must_use]
pub fn all(answered: &Answered<'_>, series: &[Series], record: &Record) -> Vec<Table> {
    let mut tables = vec![pairs(answered, series, record)];
    if let Some(answers) = &record.answers {
        tables.extend([lines(answers), panels(answers), pairings(answers)]);
    }
    tables.push(left_out(record));
    tables
}

fn named(columns: &[&str]) -> Vec<String> {
    columns.iter().map(|column| (*column).to_owned()).collect()
}

/// The long table of a run, for every reader and question; without pairs that may be none.
fn pairs(answered: &Answered<'_>, series: &[Series], record: &Record) -> Table {
    let columns = named(&["reader", "question"]).into_iter().chain(shifts::columns()).collect();
    let lines = record.answers.iter().flat_map(|answers| &answers.lines);
    let doubtful: BTreeSet<[&str; 4]> = lines
        .filter(|line| line.pairs > 0 && line.flips.is_none())
        .map(|line| [line.reader.as_str(), line.question.as_str(), line.scenario.as_str(), line.at.as_str()])
        .collect();
    let of = |one: &Series| {
        let reader = answered.mapping.readers.get(one.reader).map(|reader| reader.id.clone()).unwrap_or_default();
        let question = answered.mapping.questions.get(one.question).map(|q| q.id.clone()).unwrap_or_default();
        let rows = shifts::rows(&one.plan, &one.slots).map(|row| {
            let before = [reader.clone(), question.clone()];
            before.into_iter().chain(row).collect::<Vec<String>>()
        });
        let sure = |row: &Vec<String>| {
            let head = row.first_chunk::<4>().map(|head| head.each_ref().map(String::as_str));
            head.is_none_or(|head| !doubtful.contains(&head))
        };
        rows.filter(sure).collect::<Vec<_>>()
    };
    Table { name: "results/shifts.csv", columns, rows: series.iter().flat_map(of).collect() }
}

/// Point, limits, denominator of an estimate, or nothing in their places.
fn cells(estimate: Option<&Estimate>) -> [String; 5] {
    let Some(e) = estimate else { return Default::default() };
    let limit = |pick: fn(&(f64, f64)) -> f64| e.interval.as_ref().map(|i| pick(i).to_string()).unwrap_or_default();
    [e.point.to_string(), limit(|i| i.0), limit(|i| i.1), e.n.to_string(), e.patients.to_string()]
}

fn limits_of(name: &str) -> Vec<String> {
    ["", "_lower", "_upper", "_n", "_patients"].iter().map(|end| format!("{name}{end}")).collect()
}

fn lines(answers: &Answers) -> Table {
    let mut columns = named(&["reader", "question", "scenario", "at", "pairs", "failed", "unpaired"]);
    columns.extend(limits_of("flips"));
    columns.extend(named(&["moved", "control", "treated"]));
    columns.extend(limits_of("difference"));
    columns.extend(named(&["up", "down", "mcnemar", "verdict"]));
    let row = |line: &bedside_reports::record::AnswerLine| {
        let mut row = vec![line.reader.clone(), line.question.clone(), line.scenario.clone(), line.at.clone()];
        row.extend([line.pairs, line.failed, line.unpaired].map(|n| n.to_string()));
        row.extend(cells(line.flips.as_ref()));
        let moved = line.moved.as_ref();
        let point = |e: Option<&Estimate>| e.map(|e| e.point.to_string()).unwrap_or_default();
        row.push(moved.map(|moved| moved.what.clone()).unwrap_or_default());
        row.push(point(moved.and_then(|moved| moved.control.as_ref())));
        row.push(point(moved.and_then(|moved| moved.treated.as_ref())));
        row.extend(cells(moved.and_then(|moved| moved.difference.as_ref())));
        row.push(moved.map(|moved| moved.up.to_string()).unwrap_or_default());
        row.push(moved.map(|moved| moved.down.to_string()).unwrap_or_default());
        row.push(moved.and_then(|moved| moved.mcnemar).map(|p| p.to_string()).unwrap_or_default());
        row.push(word(line.verdict).into());
        row
    };
    Table { name: "results/lines.csv", columns, rows: answers.lines.iter().map(row).collect() }
}

const fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Holds => "holds",
        Verdict::Breaks => "breaks",
        Verdict::Undecided => "undecided",
        Verdict::Vacuous => "vacuous",
        Verdict::NotTested => "not-tested",
        Verdict::Measured => "measured",
    }
}

fn panels(answers: &Answers) -> Table {
    let mut columns = named(&["reader", "question", "scenario", "at", "cases", "unpaired", "same_person", "readings"]);
    columns.extend(["between", "within", "excess"].iter().flat_map(|name| limits_of(name)));
    let row = |line: &bedside_reports::record::PanelLine| {
        let mut row = vec![line.reader.clone(), line.question.clone(), line.scenario.clone(), line.at.clone()];
        row.extend([line.cases, line.unpaired, line.same_person.events, line.same_person.of].map(|n| n.to_string()));
        row.extend([&line.between, &line.within, &line.excess].into_iter().flat_map(|e| cells(e.as_ref())));
        row
    };
    Table { name: "results/panels.csv", columns, rows: answers.panels.iter().map(row).collect() }
}

fn pairings(answers: &Answers) -> Table {
    let columns = named(&["scenario", "at", "reader", "cases", "own", "random", "z", "doubtful"]);
    let row = |line: &bedside_reports::record::Pairing| {
        vec![
            line.scenario.clone(),
            line.at.clone(),
            line.reader.clone().unwrap_or_else(|| "all".into()),
            line.cases.to_string(),
            line.own.to_string(),
            line.random.to_string(),
            line.z.map(|z| z.to_string()).unwrap_or_default(),
            u8::from(line.state == bedside_reports::record::State::Bad).to_string(),
        ]
    };
    Table { name: "results/pairings.csv", columns, rows: answers.pairings.iter().map(row).collect() }
}

fn left_out(record: &Record) -> Table {
    let rows = record.flow.excluded.iter().map(|e| vec![e.case.clone(), e.reason.clone()]).collect();
    Table { name: "results/left_out.csv", columns: named(&["case", "reason"]), rows }
}
