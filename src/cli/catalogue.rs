//! `bedside list`, `bedside show` and `bedside schema`: what there is.

use bedside_perturbations::catalogue::{self, CATALOGUE};
use bedside_perturbations::{Card, Grading, Level};

use super::args::{Kind, ListArgs, SchemaArgs, ShowArgs};
use crate::edge::model::planted::nature::NATURES;
use crate::error::Error;
use crate::exit::Exit;
use crate::library;
use crate::metrics;
use crate::scenario::hazard::{self, Hazard};
use crate::schema;
use crate::suite;
use crate::words;
use crate::yaml::suggest;

/// One line of a list.
#[derive(Debug, serde::Serialize)]
struct Line {
    id: String,
    group: String,
    title: String,
}

pub(super) fn list(args: &ListArgs) -> Result<u8, Error> {
    let lines = match args.kind {
        Kind::Perturbations => {
            CATALOGUE.iter().map(|entry| line(entry.card.id, entry.card.family, entry.card.title)).collect()
        }
        Kind::Scenarios => scenarios(args.suite.as_deref())?,
        Kind::Metrics => {
            let events = metrics::ALL.iter().map(|metric| line(metric.id, "event", metric.title));
            let numbers = metrics::values::ALL.iter().map(|metric| line(metric.id, "number", metric.title));
            events.chain(numbers).collect()
        }
        Kind::Models => models(),
        Kind::Protocols => protocols(),
        Kind::Hazards => hazard::embedded().iter().map(|h| line(&h.id, h.severity.word(), &h.hazard)).collect(),
    };
    if args.suite.is_some() && !matches!(args.kind, Kind::Scenarios) {
        return Err(Error::Usage("--suite goes with `list scenarios`".into()));
    }
    if args.json {
        super::put(&super::json(&lines)?)?;
        return Ok(Exit::Holds.code());
    }
    let width = lines.iter().map(|line: &Line| line.id.chars().count()).max().unwrap_or(0);
    let group = lines.iter().map(|line| line.group.chars().count()).max().unwrap_or(0);
    for line in lines {
        super::put(&format!("{:<width$}  {:<group$}  {}", line.id, line.group, line.title))?;
    }
    Ok(Exit::Holds.code())
}

fn line(id: &str, group: &str, title: &str) -> Line {
    Line { id: id.into(), group: group.into(), title: title.into() }
}

/// The built-in scenarios under their areas; of one suite, or of all with the suites before them.
fn scenarios(suite: Option<&str>) -> Result<Vec<Line>, Error> {
    let only = suite.map(members).transpose()?;
    let listed = |id: &str| only.as_ref().is_none_or(|only| only.iter().any(|member| member == id));
    let suites = library::SUITES.iter().filter(|_| suite.is_none()).filter_map(|entry| {
        let suite = library::suite(entry.id)?.ok()?;
        Some(line(entry.id, "suite", &format!("{} ({} scenarios)", suite.title, suite.scenarios.len())))
    });
    let scenarios = library::SCENARIOS.iter().filter(|entry| listed(entry.id)).filter_map(|entry| {
        let scenario = library::scenario(entry.id)?.ok()?;
        Some(line(entry.id, entry.area(), &scenario.claim))
    });
    Ok(suites.chain(scenarios).collect())
}

/// The ids of the scenarios of a built-in suite.
fn members(id: &str) -> Result<Vec<String>, Error> {
    let ids: Vec<&str> = library::SUITES.iter().map(|entry| entry.id).collect();
    let suite =
        library::suite(id).ok_or_else(|| Error::Usage(format!("there is no suite `{id}`. {}", suggest(id, &ids))))?;
    let suite = suite.map_err(|problems| crate::edge::open::invalid(&problems))?;
    Ok(suite.scenarios.into_iter().map(|scenario| scenario.id).collect())
}

fn models() -> Vec<Line> {
    let planted = NATURES.iter().map(|(name, parameter, title)| {
        let parameter = parameter.map(|parameter| format!("={parameter}")).unwrap_or_default();
        line(&format!("planted:{name}{parameter}"), "instrument", title)
    });
    let open = [
        ("openai:NAME", "any endpoint of the OpenAI chat protocol; --url names it"),
        ("subprocess:COMMAND", "any program that reads and writes JSON lines"),
        ("replay:FILE", "answers that were recorded before"),
        ("FILE.yaml", "any of these with its settings; examples in scenarios/models"),
    ];
    let reference = line("reference", "model", "the small network that comes with Bedside; synthetic cohorts only");
    core::iter::once(reference)
        .chain(planted)
        .chain(open.into_iter().map(|(id, title)| line(id, "model", title)))
        .collect()
}

fn protocols() -> Vec<Line> {
    let one = |entry: &library::Entry| {
        let protocol = library::protocol(entry.id)?.ok()?;
        Some(line(entry.id, "protocol", &protocol.title))
    };
    library::PROTOCOLS.iter().filter_map(one).collect()
}

pub(super) fn show(args: &ShowArgs) -> Result<u8, Error> {
    let text = perturbation(args)?.or(metric(args)?).or(hazard(args)?).or_else(|| embedded(&args.id));
    let Some(text) = text else {
        let ids: Vec<&str> = ids().collect();
        return Err(Error::Usage(format!("there is no `{}`. {}", args.id, suggest(&args.id, &ids))));
    };
    super::put(text.trim_end())?;
    Ok(Exit::Holds.code())
}

fn ids() -> impl Iterator<Item = &'static str> {
    let embedded = [library::SCENARIOS, library::SUITES, library::PROTOCOLS].into_iter().flatten().map(|e| e.id);
    let metrics =
        metrics::ALL.iter().map(|metric| metric.id).chain(metrics::values::ALL.iter().map(|metric| metric.id));
    let hazards = hazard::embedded().iter().map(|hazard| hazard.id.as_str());
    CATALOGUE.iter().map(|entry| entry.card.id).chain(metrics).chain(embedded).chain(hazards)
}

fn perturbation(args: &ShowArgs) -> Result<Option<String>, Error> {
    let Some(entry) = catalogue::find(&args.id) else { return Ok(None) };
    if args.json { super::json(entry.card).map(Some) } else { Ok(Some(card(entry.card))) }
}

/// A card for a person.
fn card(card: &Card) -> String {
    let mut lines = vec![
        format!("{}  ({})", card.id, card.family),
        card.title.to_owned(),
        String::new(),
        format!("Imitates   {}", card.imitates),
        format!("Changes    {}", lower(&card.target)),
        format!("Needs      {}", lower(&card.needs)),
        format!("Oracle     {}: {}", lower(&card.oracle), card.oracle_reason),
    ];
    if let Grading::Graded { dose, unit, range, monotone_in, .. } = card.grading {
        let at =
            |level: Level| format!("L{} {}", level.number(), words::dose(card.dose(level).unwrap_or_default(), unit));
        lines.push(format!("Levels     {} ({})", Level::ALL.map(at).join(" · "), lower(&unit)));
        let ends = [range.mildest, range.severest].map(|dose| words::dose(dose, unit));
        lines.push(format!("Dose       `{dose}`, from {} to {}", ends[0], ends[1]));
        lines.push(format!("Monotone   in {}", lower(&monotone_in)));
    }
    for limit in card.gradable_to {
        let to = limit.to.map_or_else(|| "never".into(), |level| format!("up to level {}", level.number()));
        let tone = limit.tone.map(|tone| format!(", Fitzpatrick {}", lower(&tone))).unwrap_or_default();
        lines.push(format!("Gradable   {to}: {}{tone} ({})", lower(&limit.modality), lower(&limit.basis)));
    }
    for parameter in card.parameters {
        let required = if parameter.required { ", required" } else { "" };
        lines.push(format!("Parameter  `{}`{required}: {}", parameter.name, parameter.doc));
    }
    lines.extend(card.references.iter().map(|reference| format!("Source     {reference}")));
    lines.join("\n")
}

/// The word that a plain enum is written as.
fn lower(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word.replace('-', " ").replace("I I", "I-I"),
        _ => String::new(),
    }
}

fn metric(args: &ShowArgs) -> Result<Option<String>, Error> {
    let Some(metric) = metrics::find(&args.id) else { return number(args) };
    if args.json {
        return super::json(metric).map(Some);
    }
    Ok(Some(format!(
        "{}\nThe share of cases that {}.\n\n{}\nKind: {}. Worse: {} events.",
        metric.id,
        metric.title,
        metric.definition,
        lower(&metric.kind),
        lower(&metric.worse)
    )))
}

/// A metric that is a number.
fn number(args: &ShowArgs) -> Result<Option<String>, Error> {
    let Some(metric) = metrics::values::find(&args.id) else { return Ok(None) };
    if args.json {
        return super::json(metric).map(Some);
    }
    let (low, high) = metric.range;
    let worse = match metric.worse {
        metrics::Worse::More => "more",
        metrics::Worse::Fewer => "less",
        metrics::Worse::Neither => "neither way by itself",
    };
    Ok(Some(format!(
        "{}\n{}.\n\n{}\nKind: {}. From {low} to {high}. Worse: {worse}. Printed beside the judged rates, never judged.",
        metric.id,
        metric.title,
        metric.definition,
        metric.kind()
    )))
}

fn hazard(args: &ShowArgs) -> Result<Option<String>, Error> {
    let Some(found) = hazard::find(&args.id) else { return Ok(None) };
    if args.json {
        return super::json(found).map(Some);
    }
    let about: Vec<&str> = library::about(&found.id).collect();
    Ok(Some(format!("{}\nScenarios  {}", parts(found, "").join("\n"), about.join(", "))))
}

/// A hazard for a person, part by part.
fn parts(hazard: &Hazard, before: &str) -> Vec<String> {
    let severity = format!("{}: {}", hazard.severity.word(), hazard.severity.meaning());
    let parts = [
        ("Hazard", hazard.hazard.as_str()),
        ("Sequence", &hazard.sequence),
        ("Situation", &hazard.situation),
        ("Harm", &hazard.harm),
        ("Severity", &severity),
    ];
    let lines = parts.into_iter().map(|(name, text)| format!("{before}{name:<10} {text}"));
    core::iter::once(format!("{before}{}", hazard.id)).chain(lines).collect()
}

/// A built-in file as it is written; a scenario's hazard is told below it, so that the text still reads as YAML.
fn embedded(id: &str) -> Option<String> {
    let kinds = [suite::Kind::Scenario, suite::Kind::Suite, suite::Kind::Protocol];
    let entry = kinds.into_iter().find_map(|kind| library::find(kind, id))?;
    let scenario = library::scenario(entry.id).and_then(Result::ok);
    let Some(hazard) = scenario.and_then(|scenario| scenario.hazard) else { return Some(entry.text.to_owned()) };
    Some(format!("{}\n\n{}\n", entry.text.trim_end(), parts(&hazard, "# ").join("\n")))
}

pub(super) fn schema(args: &SchemaArgs) -> Result<u8, Error> {
    let schema = schema::schema(&args.what).ok_or_else(|| {
        Error::Usage(format!("there is no schema of `{}`. {}", args.what, suggest(&args.what, schema::NAMES)))
    })?;
    super::put(&super::json(&schema)?)?;
    Ok(Exit::Holds.code())
}
