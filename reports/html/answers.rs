//! Answers that existed already: every reader, question and change in one table, and whether versions belong together.

use super::Links;
use crate::number::{self, NOTHING};
use crate::record::{self, AnswerLine, Estimate, PanelLine};
use crate::words::{self, Sign};
use serde::Serialize;

/// What stands where pairs are in doubt.
const DOUBTFUL: &str = "alignment doubtful";

/// The parts of the page that only such answers have.
#[derive(Debug, Serialize)]
pub(crate) struct Answers<'a> {
    /// The first digits of the rows' digest, and of the mapping's.
    rows: String,
    mapping: String,
    questions: Vec<&'a str>,
    groups: Vec<Group<'a>>,
    pairings: Vec<Pairing<'a>>,
    has_truth: bool,
}

/// One change: a row per reader.
#[derive(Debug, Serialize)]
struct Group<'a> {
    scenario: &'a str,
    at: &'a str,
    span: usize,
    rows: Vec<Row<'a>>,
}

#[derive(Debug, Serialize)]
struct Row<'a> {
    reader: &'a str,
    about: &'static str,
    cells: Vec<Option<Cell<'a>>>,
}

#[derive(Debug, Serialize)]
struct Cell<'a> {
    estimate: String,
    about: String,
    sign: Option<Sign>,
    claim: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct Pairing<'a> {
    scenario: &'a str,
    at: &'a str,
    reader: &'a str,
    cases: String,
    own: String,
    random: String,
    z: String,
    sign: Sign,
}

impl<'a> Answers<'a> {
    pub(crate) fn of(record: &'a record::Record, links: &'a Links) -> Option<Self> {
        let answers = record.answers.as_ref()?;
        let lines = answers.lines.iter().map(|line| line.question.as_str());
        let questions = distinct(lines.chain(answers.panels.iter().map(|line| line.question.as_str())));
        Some(Self {
            rows: short(&answers.rows),
            mapping: short(&answers.mapping),
            groups: groups(answers, &questions, links),
            questions,
            pairings: answers.pairings.iter().map(pairing).collect(),
            has_truth: record.control != record::Outcomes::default(),
        })
    }
}

fn short(digest: &str) -> String {
    digest.chars().take(12).collect()
}

/// Each once, in the order in which they first appear.
fn distinct<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut list = Vec::new();
    for one in all {
        if !list.contains(&one) {
            list.push(one);
        }
    }
    list
}

fn groups<'a>(answers: &'a record::Answers, questions: &[&str], links: &'a Links) -> Vec<Group<'a>> {
    let lines = answers.lines.iter().map(|line| (line.scenario.as_str(), line.at.as_str()));
    let panels = answers.panels.iter().map(|line| (line.scenario.as_str(), line.at.as_str()));
    let group = |(scenario, at): (&'a str, &'a str)| {
        let here = |line: &&AnswerLine| line.scenario == scenario && line.at == at;
        let people = |line: &&PanelLine| line.scenario == scenario && line.at == at;
        let readers = distinct(answers.lines.iter().filter(here).map(|line| line.reader.as_str()));
        let panels = distinct(answers.panels.iter().filter(people).map(|line| line.reader.as_str()));
        let of_reader = |reader: &'a str| {
            let find = |question: &&str| {
                answers.lines.iter().filter(here).find(|line| line.reader == reader && line.question == **question)
            };
            let cells = questions.iter().map(|question| find(question).map(|line| cell(line, links))).collect();
            Row { reader, about: "flips", cells }
        };
        let of_panel = |reader: &'a str| {
            let find = |question: &&str| {
                answers.panels.iter().filter(people).find(|line| line.reader == reader && line.question == **question)
            };
            let cells = questions.iter().map(|question| find(question).map(people_cell)).collect();
            Row { reader, about: "disagreement between versions less that within one", cells }
        };
        let rows: Vec<Row<'_>> = readers.into_iter().map(of_reader).chain(panels.into_iter().map(of_panel)).collect();
        Group { scenario, at, span: rows.len(), rows }
    };
    distinct(lines.chain(panels)).into_iter().map(group).collect()
}

fn shown(estimate: Option<&Estimate>) -> String {
    estimate.map_or_else(|| DOUBTFUL.into(), number::estimate)
}

fn cell<'a>(line: &'a AnswerLine, links: &'a Links) -> Cell<'a> {
    let moved = line
        .moved
        .as_ref()
        .map(|moved| format!("{}: {} up, {} down", moved.what, number::count(moved.up), number::count(moved.down)));
    let about: Vec<String> = line.flips.as_ref().map(number::out_of).into_iter().chain(moved).collect();
    Cell {
        estimate: shown(line.flips.as_ref()),
        about: about.join(" · "),
        sign: Some(words::verdict(line.verdict)),
        claim: links.claims.get(&line.claim).map(String::as_str),
    }
}

fn people_cell(line: &PanelLine) -> Cell<'_> {
    let both = line.between.as_ref().zip(line.within.as_ref());
    let about =
        both.map(|(between, within)| format!("{} less {}", number::share(between.point), number::share(within.point)));
    Cell { estimate: shown(line.excess.as_ref()), about: about.unwrap_or_default(), sign: None, claim: None }
}

fn pairing(line: &record::Pairing) -> Pairing<'_> {
    Pairing {
        scenario: &line.scenario,
        at: &line.at,
        reader: line.reader.as_deref().unwrap_or("all together"),
        cases: number::count(line.cases),
        own: number::share(line.own),
        random: number::share(line.random),
        z: line.z.map_or_else(|| NOTHING.into(), |z| number::decimal(z, 2)),
        sign: words::state(line.state),
    }
}
