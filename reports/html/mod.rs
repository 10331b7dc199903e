//! The report as one HTML file.

mod answers;
mod claims;
mod detail;
mod fields;
mod front;

use crate::record::Record;
use crate::sound::{self, Error};
use crate::{text, words};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value, ValueKind};
use minijinja::{AutoEscape, Environment, ErrorKind, Output, State, UndefinedBehavior};
use serde::Serialize;
use std::collections::BTreeMap;

/// The parts of the page, each included by `page`.
const TEMPLATES: [(&str, &str); 13] = [
    ("page.html", include_str!("page.html.j2")),
    ("top.html", include_str!("top.html.j2")),
    ("front.html", include_str!("front.html.j2")),
    ("claims.html", include_str!("claims.html.j2")),
    ("fields.html", include_str!("fields.html.j2")),
    ("curves.html", include_str!("curves.html.j2")),
    ("tables.html", include_str!("tables.html.j2")),
    ("flow.html", include_str!("flow.html.j2")),
    ("examples.html", include_str!("examples.html.j2")),
    ("answers.html", include_str!("answers.html.j2")),
    ("pairings.html", include_str!("pairings.html.j2")),
    ("words.html", include_str!("words.html.j2")),
    ("macros.html", include_str!("macros.html.j2")),
];
const STYLE: &str = include_str!("style.css");

/// Makes the report: one HTML file, complete without script and without network, the same bytes for the same record.
///
/// Words and pictures of cases that are not synthetic are left out unless `head.includes_inputs` is set; verdicts are
/// left out while `head.interim` is set.
///
/// # Errors
/// [`Error::Format`] for a record of another format, [`Error::Number`] for a number that is infinite, not a number or
/// in an interval that ends before it begins, [`Error::Picture`] for a picture that is not a data URL, and
/// [`Error::Template`] for a fault of Bedside.
///
/// ```
/// use bedside_reports::record::{Flow, Head, Outcomes, Record, Summary};
///
/// let text = String::new;
/// let head = Head {
///     version: "0.1.0".into(), suite: "demo".into(), model: "planted:balanced".into(), served: vec![],
///     model_note: None, protocol: text(), cohort: "phantom:20".into(), synthetic: true, licence: text(),
///     citation: None, plan: "3fa9".into(), seed: 1, interim: None, includes_inputs: false, verification: None, adjudication: None,
/// };
/// let summary = Summary {
///     sentence: "No claim was made.".into(), scope: text(), exit: 4, claims: 0, holds: 0, breaks: 0, undecided: 0,
///     vacuous: 0, not_tested: 0, measured: 0, expected_false_breaks: 0.0,
/// };
/// let flow = Flow {
///     cases_listed: 20, excluded: vec![], cases: 20, patients: 20, planned: 0, unfit: 0, asked: 0, readable: 0,
///     refused: 0, truncated: 0, unreadable: 0, failed: 0, warnings: vec![],
/// };
/// let record = Record {
///     format: 1, head, summary, harms: vec![], checks: vec![], claims: vec![], leans: vec![], fields: vec![], flow, strata: vec![],
///     control: Outcomes::default(), limits: vec![], curves: vec![], tables: vec![], examples: vec![], methods: vec![],
///     answers: None,
/// };
/// let page = bedside_reports::html(&record)?;
/// assert!(page.starts_with("<!doctype html>") && page.contains("planted:balanced"));
/// # Ok::<(), bedside_reports::Error>(())
/// ```
pub fn html(record: &Record) -> Result<String, Error> {
    sound::check(record)?;
    let mut environment = environment()?;
    for (name, source) in TEMPLATES {
        environment.add_template(name, source)?;
    }
    let links = Links::of(record);
    let page = Page::of(record, &links);
    Ok(environment.get_template("page.html")?.render(Serde(page))?)
}

/// Strict: a missing value is an error, and everything that is not our own markup is escaped.
fn environment() -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.set_formatter(write_value);
    Ok(environment)
}

fn write_value(out: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value) -> Result<(), minijinja::Error> {
    match (value.as_str(), value.kind()) {
        (Some(markup), _) if value.is_safe() => out.write_str(markup)?,
        (Some(foreign), _) => out.write_str(&text::escape(foreign))?,
        (None, ValueKind::Number) => out.write_str(&value.to_string())?,
        (None, kind) => {
            return Err(minijinja::Error::new(ErrorKind::InvalidOperation, format!("{kind} cannot be printed")));
        }
    }
    Ok(())
}

/// Everything that the templates print, already in words.
#[derive(Debug, Serialize)]
struct Page<'a> {
    style: Value,
    marks: Vec<&'static str>,
    interim: Option<String>,
    front: front::Front<'a>,
    claims: Vec<claims::Claim<'a>>,
    leans: Vec<claims::Beside<'a>>,
    fields: Vec<fields::Groups<'a>>,
    curves: Vec<detail::Curve<'a>>,
    tables: Vec<detail::Tables<'a>>,
    outcomes: [&'static str; 4],
    flow: detail::Flow<'a>,
    examples: Vec<detail::Example<'a>>,
    withheld: bool,
    answers: Option<answers::Answers<'a>>,
    methods: &'a [String],
    glossary: Vec<(&'static str, &'static str)>,
}

impl<'a> Page<'a> {
    fn of(record: &'a Record, links: &'a Links) -> Self {
        Self {
            style: Value::from_safe_string(STYLE.into()),
            marks: words::marks(&record.head),
            interim: front::interim(&record.head),
            front: front::Front::of(record, links),
            claims: record.claims.iter().map(|c| claims::Claim::of(c, record, links)).collect(),
            leans: record.leans.iter().map(claims::beside).collect(),
            fields: record.fields.iter().map(|f| fields::Groups::of(f, record, links)).collect(),
            curves: curves(record, links),
            tables: detail::tables(&record.tables, links),
            outcomes: words::OUTCOMES,
            flow: detail::Flow::of(&record.flow, record.answers.as_ref()),
            examples: shown(record).map(|e| detail::Example::of(e, links)).collect(),
            withheld: !record.examples.is_empty() && shown(record).next().is_none(),
            answers: answers::Answers::of(record, links),
            methods: &record.methods,
            glossary: words::GLOSSARY.to_vec(),
        }
    }
}

fn curves<'a>(record: &'a Record, links: &'a Links) -> Vec<detail::Curve<'a>> {
    let all = record.curves.iter().enumerate();
    all.map(|(i, c)| detail::Curve::of(i, &record.curves, c, links)).collect()
}

/// The examples that may be shown: those of drawings, or of cases whose owner allowed it.
fn shown(record: &Record) -> impl Iterator<Item = &crate::record::Example> {
    let allowed = record.head.synthetic || record.head.includes_inputs;
    record.examples.iter().filter(move |_| allowed)
}

/// Anchors within the page, by what they lead to.
#[derive(Debug)]
struct Links {
    claims: BTreeMap<String, String>,
    curves: BTreeMap<String, String>,
    tables: BTreeMap<String, String>,
    examples: BTreeMap<String, String>,
    pairs: BTreeMap<String, String>,
}

impl Links {
    fn of(record: &Record) -> Self {
        let examples = anchors("example", shown(record).map(|e| e.id.as_str()));
        Self {
            claims: anchors("claim", record.claims.iter().map(|c| c.id.as_str())),
            curves: anchors("curve", record.curves.iter().map(|c| c.scenario.as_str())),
            tables: anchors("table", record.tables.iter().map(|t| t.scenario.as_str())),
            pairs: first_pairs(record, &examples),
            examples,
        }
    }
}

/// The first example of each scenario.
fn first_pairs(record: &Record, examples: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut first = BTreeMap::new();
    for example in shown(record) {
        if let Some(anchor) = examples.get(&example.id) {
            first.entry(example.scenario.clone()).or_insert_with(|| anchor.clone());
        }
    }
    first
}

/// One anchor per name; names that look alike once cleaned get a number.
fn anchors<'a>(kind: &str, names: impl Iterator<Item = &'a str>) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for name in names {
        let plain = format!("{kind}-{}", text::slug(name));
        let taken = found.values().any(|a| *a == plain);
        let anchor = if taken { format!("{plain}.{}", found.len()) } else { plain };
        found.entry(name.into()).or_insert(anchor);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_unique_and_plain() {
        let found = anchors("claim", ["a b", "a-b", "a b", "\"><x"].into_iter());
        assert_eq!(found["a b"], "claim-a-b");
        assert_eq!(found["a-b"], "claim-a-b.1");
        assert_eq!(found["\"><x"], "claim----x");
    }

    #[test]
    fn a_missing_value_is_an_error() {
        for (source, context) in [("{{ x }}", Value::from(())), ("{{ x }}", minijinja::context!(x => ()))] {
            assert!(environment().unwrap().render_str(source, context).is_err());
        }
    }

    #[test]
    fn only_our_own_markup_is_markup() {
        let context = minijinja::context!(ours => Value::from_safe_string("<b>".into()), theirs => "<b>", n => 7);
        let shown = environment().unwrap().render_str("{{ ours }}{{ theirs }}{{ n }}", context);
        assert_eq!(shown.unwrap(), "<b>&lt;b&gt;7");
    }

    #[test]
    fn every_template_compiles() {
        for (name, source) in TEMPLATES {
            assert!(environment().unwrap().template_from_named_str(name, source).is_ok(), "{name}");
        }
    }
}
