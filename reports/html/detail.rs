//! Curves, control → treated tables, the flow of cases, and examples.

use super::Links;
use crate::chart::dose;
use crate::number;
use crate::record::{self, Piece};
use crate::table::{Totalled, totalled};
use crate::words;
use minijinja::value::Value;
use serde::Serialize;

/// A curve with the numbers it draws.
#[derive(Debug, Serialize)]
pub(crate) struct Curve<'a> {
    anchor: String,
    scenario: &'a str,
    claim: Option<&'a str>,
    title: &'a str,
    metric: &'a str,
    dose: &'a str,
    drawing: Value,
    points: Vec<Point<'a>>,
    notes: Vec<String>,
    is_fitted: bool,
    response: Vec<(&'static str, String)>,
}

#[derive(Debug, Serialize)]
struct Point<'a> {
    label: &'a str,
    dose: String,
    events: String,
    estimate: String,
    fit: String,
}

impl<'a> Curve<'a> {
    /// A scenario may have several curves; the first one carries the scenario's anchor.
    pub(crate) fn of(index: usize, all: &'a [record::Curve], c: &'a record::Curve, links: &'a Links) -> Self {
        let is_first = !all.iter().take(index).any(|earlier| earlier.scenario == c.scenario);
        let named = links.curves.get(&c.scenario).filter(|_| is_first);
        let fit = |k: usize| c.response.as_ref().and_then(|r| r.isotonic.get(k)).map(|share| number::share(*share));
        let point = |(k, p): (usize, &'a record::Point)| Point {
            fit: fit(k).unwrap_or_default(),
            label: &p.label,
            dose: number::decimal(p.dose, 3),
            events: number::out_of(&p.estimate),
            estimate: number::estimate(&p.estimate),
        };
        Self {
            anchor: named.cloned().unwrap_or_else(|| format!("drawing-{}", index + 1)),
            scenario: &c.scenario,
            claim: links.claims.get(&c.scenario).map(String::as_str),
            title: &c.title,
            metric: &c.metric,
            dose: &c.dose,
            drawing: Value::from_safe_string(dose::draw(c)),
            points: c.points.iter().enumerate().map(point).collect(),
            notes: curve_notes(c),
            is_fitted: c.response.is_some(),
            response: c.response.as_ref().map_or_else(Vec::new, dose_response),
        }
    }
}

fn curve_notes(c: &record::Curve) -> Vec<String> {
    let floor = c.floor.as_ref().map(|e| format!("floor {} {}", number::out_of(e), number::estimate(e)));
    let sham = c.sham.as_ref().map(|e| format!("sham {} {}", number::out_of(e), number::estimate(e)));
    let bound = c.bound.map(|(b, up_to)| {
        let end = up_to.map_or_else(|| "at every level".into(), |x| format!("up to {}", number::decimal(x, 3)));
        format!("bound {} {end}", number::directed(b, c.at_most))
    });
    let gradable = c.gradable.as_ref().map(|(x, basis)| format!("gradable to {} ({basis})", number::decimal(*x, 3)));
    [bound, sham, floor, gradable].into_iter().flatten().collect()
}

/// What is said of a dose response, under the curve.
fn dose_response(r: &record::Response) -> Vec<(&'static str, String)> {
    let tau = r.tau.map_or_else(String::new, |tau| format!(", Kendall’s τ {}", number::decimal(tau, 2)));
    let trend = format!(
        "{} ({} permutations of the doses within patients){tau}",
        number::p_value(r.trend),
        number::count(r.permutations)
    );
    let over = format!(
        "{} cases of {} patients with an answer at every dose",
        number::count(r.cases),
        number::count(r.patients)
    );
    let area = r.area.as_ref().map(|e| ("right, mean over the doses, out of the clean share", number::estimate(e)));
    let half = r.half.as_ref().map(|half| ("half of the channel’s worth is lost", half_dose(half)));
    let always = [
        ("rise from first to last dose at the median slope (Theil–Sen)", number::estimate(&r.rise)),
        ("trend", trend),
        ("falls", falls(r)),
    ];
    always.into_iter().chain(area).chain(half).chain([("over", over)]).collect()
}

fn falls(r: &record::Response) -> String {
    let Some(fall) = &r.fall else { return "nowhere".into() };
    let size =
        format!("by {} from {} to {}, {}", number::share(fall.size), fall.from, fall.to, number::p_value(fall.p));
    format!("{size}: {}", if r.not_monotone { "not monotone" } else { "no more than chance explains" })
}

fn half_dose(half: &record::HalfDose) -> String {
    let dose = |x: f64| number::decimal(x, 3);
    let at = half.dose.map_or_else(|| "at none of these doses".into(), |x| format!("at {}", dose(x)));
    let shown = match (half.after, half.by) {
        (None, None) => "where exactly is not shown".into(),
        (after, by) => {
            let after = after.map(|x| format!("not up to {}", dose(x)));
            let by = by.map(|x| format!("from {} on", dose(x)));
            format!("shown: {}", after.into_iter().chain(by).collect::<Vec<_>>().join(", "))
        }
    };
    format!("{at}; {shown} (right {} clean, {} without)", number::share(half.clean), number::share(half.empty))
}

/// All control → treated tables of one scenario.
#[derive(Debug, Serialize)]
pub(crate) struct Tables<'a> {
    anchor: &'a str,
    scenario: &'a str,
    levels: Vec<Table<'a>>,
}

#[derive(Debug, Serialize)]
struct Table<'a> {
    at: &'a str,
    whole: Totalled,
    parts: Vec<(&'static str, Totalled)>,
    /// How wrong answers are wrong: at control, when treated; none where no answer is wrong.
    wrong: Vec<(&'static str, String, String)>,
    failed: String,
    tests: Vec<String>,
}

/// The tables by scenario, in the order in which scenarios first appear.
pub(crate) fn tables<'a>(all: &'a [record::Table], links: &'a Links) -> Vec<Tables<'a>> {
    let mut found: Vec<Tables<'a>> = Vec::new();
    for table in all {
        match found.iter_mut().find(|t| t.scenario == table.scenario) {
            Some(known) => known.levels.push(one_table(table)),
            None => found.push(Tables {
                anchor: links.tables.get(&table.scenario).map_or("", String::as_str),
                scenario: &table.scenario,
                levels: vec![one_table(table)],
            }),
        }
    }
    found
}

fn one_table(t: &record::Table) -> Table<'_> {
    Table {
        at: &t.at,
        whole: totalled(&t.cells),
        parts: words::STEADINESS.into_iter().zip(t.by_steadiness.iter().map(totalled)).collect(),
        wrong: wrong(&t.wrong),
        failed: number::count(t.failed),
        tests: [difference(t), mcnemar(t), exploratory(t)].into_iter().flatten().collect(),
    }
}

fn wrong([control, treated]: &[[u64; 4]; 2]) -> Vec<(&'static str, String, String)> {
    if control.iter().chain(treated).all(|count| *count == 0) {
        return Vec::new();
    }
    let rows = words::MISSES.into_iter().zip(control.iter().zip(treated));
    rows.map(|(name, (before, after))| (name, number::count(*before), number::count(*after))).collect()
}

fn difference(t: &record::Table) -> Option<String> {
    let by =
        |name: &str, e: &Option<record::Estimate>| e.as_ref().map(|e| format!("{} by {name}", number::estimate(e)));
    let all = [by("MOVER", &t.difference), by("Newcombe", &t.newcombe), by("Tango", &t.tango)];
    let all: Vec<String> = all.into_iter().flatten().collect();
    (!all.is_empty()).then(|| format!("Right, treated less control: {}.", all.join(", ")))
}

fn mcnemar(t: &record::Table) -> Option<String> {
    let mid = t.mcnemar_mid.as_ref().map_or_else(String::new, |p| format!(", mid-{p}"));
    t.mcnemar.as_ref().map(|p| format!("Right → wrong against wrong → right, exact McNemar: {p}{mid}."))
}

fn exploratory(t: &record::Table) -> Option<String> {
    let found = t.exploratory?;
    let q = number::p_value(found.q).replacen('p', "q", 1);
    Some(format!("Exploratory, nothing is claimed: {}, {q} over all such cells.", number::p_value(found.p)))
}

/// The flow of cases and asks, from top to bottom.
#[derive(Debug, Serialize)]
pub(crate) struct Flow<'a> {
    steps: Vec<Step<'a>>,
    excluded: Vec<(&'a str, &'a str)>,
    warnings: &'a [String],
    line: Vec<(&'static str, String)>,
}

/// A box, and what left before the next one.
#[derive(Debug, Serialize)]
struct Step<'a> {
    name: &'a str,
    n: String,
    more: String,
    left: Vec<(&'a str, String)>,
}

impl<'a> Flow<'a> {
    pub(crate) fn of(f: &'a record::Flow, answers: Option<&'a record::Answers>) -> Self {
        Self {
            steps: answers.map_or_else(|| steps(f), |answers| answers.flow.iter().map(listed).collect()),
            excluded: f.excluded.iter().map(|e| (e.case.as_str(), e.reason.as_str())).collect(),
            warnings: &f.warnings,
            line: losses(f),
        }
    }
}

fn losses(f: &record::Flow) -> Vec<(&'static str, String)> {
    let all = [("refused", f.refused), ("cut short", f.truncated), ("unreadable", f.unreadable), ("failed", f.failed)];
    all.into_iter().map(|(name, n)| (name, number::count(n))).collect()
}

/// A step as the record lists it.
fn listed(step: &record::Step) -> Step<'_> {
    let left = step.left.iter().map(|(why, n)| (why.as_str(), number::count(*n))).collect();
    Step { name: &step.name, n: number::count(step.n), more: String::new(), left }
}

fn steps(f: &record::Flow) -> Vec<Step<'_>> {
    let step = |name, n, more: String, left| Step { name, n: number::count(n), more, left };
    let patients = format!("of {} patients", number::count(f.patients));
    let excluded = vec![("left out, named below", number::count(f.excluded.len() as u64))];
    let unfit = vec![("the corruption did not apply", number::count(f.unfit))];
    vec![
        step("cases in the cohort", f.cases_listed, String::new(), excluded),
        step("cases used", f.cases, patients, vec![]),
        step("trials planned", f.planned, String::new(), unfit),
        step("trials asked", f.asked, String::new(), losses(f)),
        step("answers that could be read", f.readable, String::new(), vec![]),
    ]
}

/// Original beside corrupted.
#[derive(Debug, Serialize)]
pub(crate) struct Example<'a> {
    anchor: &'a str,
    scenario: &'a str,
    claim: Option<&'a str>,
    at: &'a str,
    case: &'a str,
    caption: &'a str,
    pictures: Vec<(Option<&'a str>, Option<&'a str>)>,
    diff: Vec<(&'static str, &'a str)>,
    answers: [(&'static str, &'a str); 3],
}

impl<'a> Example<'a> {
    pub(crate) fn of(e: &'a record::Example, links: &'a Links) -> Self {
        Self {
            anchor: links.examples.get(&e.id).map_or("", String::as_str),
            scenario: &e.scenario,
            claim: links.claims.get(&e.scenario).map(String::as_str),
            at: &e.at,
            case: &e.case,
            caption: &e.caption,
            pictures: e.pictures.iter().map(|(a, b)| (a.as_deref(), b.as_deref())).collect(),
            diff: e.diff.iter().map(piece).collect(),
            answers: [("Control said", &e.control), ("Treated said", &e.treated), ("Accepted", &e.truth)],
        }
    }
}

fn piece(p: &Piece) -> (&'static str, &str) {
    match p {
        Piece::Same(text) => ("same", text),
        Piece::Deleted(text) => ("del", text),
        Piece::Inserted(text) => ("ins", text),
    }
}
