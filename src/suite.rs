//! A suite file: which scenarios are run, on what.

use crate::scenario::validate::{scenario, slug};
use crate::scenario::{Scenario, Suite};
use crate::yaml::{Diagnostic, Field, Fields, Log, Span, format_is_1, parse, quoted, suggest};

/// The keys of a suite.
pub const KEYS: &[&str] =
    &["format", "id", "title", "notes", "scenarios", "cases", "model", "protocol", "repeats", "draws", "seed"];
/// The cases of a suite that names none.
pub const CASES: &str = "phantom:240";
/// The model of a suite that names none: the small network that comes with Bedside, a test object.
pub const MODEL: &str = "reference";
/// The protocol of a suite that names none.
pub const PROTOCOL: &str = "structured";
/// Control repeats of a suite that names none: the control and two retests.
pub const REPEATS: u32 = 3;
/// Draws of a suite that names none.
pub const DRAWS: u32 = 1;
/// The root seed of a suite that names none.
pub const SEED: u64 = 1;

/// What can be looked up by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A scenario.
    Scenario,
    /// A suite.
    Suite,
    /// A protocol.
    Protocol,
}

/// A file: the name that it has in messages, and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The name, e.g. its path.
    pub name: String,
    /// The bytes, not yet known to be text.
    pub bytes: Vec<u8>,
}

/// Where scenarios, suites and protocols are found: those built in, and at the edge also files.
pub trait Shelf {
    /// The file of that id or path.
    fn find(&self, kind: Kind, name: &str) -> Option<Source>;

    /// The ids on offer, for suggestions.
    fn ids(&self, kind: Kind) -> Vec<String>;
}

/// Reads a suite and its scenarios.
///
/// # Errors
/// Everything that is wrong with the suite's file and then with those of its scenarios.
pub fn suite(file: &str, bytes: &[u8], shelf: &dyn Shelf) -> Result<Suite, Vec<Diagnostic>> {
    let document = parse(file, bytes)?;
    let mut log = document.log();
    if !format_is_1(&document.root, &mut log) {
        return Err(log.into_problems());
    }
    let suite = Fields::of(&document.root, "a suite", KEYS, &mut log).and_then(|fields| read(&fields, shelf, &mut log));
    log.finish(suite)
}

/// The default suite around scenarios that were asked for by themselves.
#[must_use]
pub fn around(scenarios: Vec<Scenario>) -> Suite {
    let (id, title) = match scenarios.as_slice() {
        [one] => (one.id.clone(), one.claim.clone()),
        many => ("selection".into(), format!("{} scenarios that were asked for by name.", many.len())),
    };
    Suite {
        id,
        title,
        notes: None,
        scenarios,
        cases: CASES.into(),
        model: MODEL.into(),
        protocol: PROTOCOL.into(),
        repeats: REPEATS,
        draws: DRAWS,
        seed: SEED,
    }
}

fn read(fields: &Fields<'_>, shelf: &dyn Shelf, log: &mut Log<'_>) -> Option<Suite> {
    let id = fields.need("id", log).and_then(|field| slug(&field, log));
    let title = fields.need("title", log).and_then(|field| field.text(log));
    let notes = fields.get("notes").and_then(|field| field.text(log));
    let scenarios = fields.need("scenarios", log).and_then(|field| scenarios(&field, shelf, log));
    let text = |name: &'static str, default: &str, log: &mut Log<'_>| {
        fields.get(name).map_or(Some(default.into()), |field| field.text(log))
    };
    let count = |name: &'static str, default: u32, log: &mut Log<'_>| {
        let read = |field: Field<'_>| field.whole(1, 100, log).and_then(|whole| u32::try_from(whole).ok());
        fields.get(name).map_or(Some(default), read)
    };
    let (cases, model) = (text("cases", CASES, log), text("model", MODEL, log));
    let protocol = text("protocol", PROTOCOL, log).and_then(|name| known_protocol(name, fields, shelf, log));
    let (repeats, draws) = (count("repeats", REPEATS, log), count("draws", DRAWS, log));
    let seed = fields.get("seed").map_or(Some(SEED), |field| field.whole(0, u64::MAX, log));
    Some(Suite {
        id: id?,
        title: title?,
        notes,
        scenarios: scenarios?,
        cases: cases?,
        model: model?,
        protocol: protocol?,
        repeats: repeats?,
        draws: draws?,
        seed: seed?,
    })
}

fn known_protocol(name: String, fields: &Fields<'_>, shelf: &dyn Shelf, log: &mut Log<'_>) -> Option<String> {
    if shelf.find(Kind::Protocol, &name).is_some() {
        return Some(name);
    }
    let at = fields.get("protocol").map_or(fields.at, |field| field.node.at);
    unknown(Kind::Protocol, &name, at, shelf, log);
    None
}

fn unknown(kind: Kind, name: &str, at: Span, shelf: &dyn Shelf, log: &mut Log<'_>) {
    let (word, ids) = (kind.word(), shelf.ids(kind));
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    log.note(at, format!("unknown {word} {}", quoted(name)), "neither built in nor a file", suggest(name, &ids));
}

/// Looks every scenario up and reads it; an id may occur once.
fn scenarios(field: &Field<'_>, shelf: &dyn Shelf, log: &mut Log<'_>) -> Option<Vec<Scenario>> {
    let mut found: Vec<(Span, Scenario)> = Vec::new();
    for item in field.list(log)? {
        let Some(name) = item.text(log) else { continue };
        let Some(source) = shelf.find(Kind::Scenario, &name) else {
            unknown(Kind::Scenario, &name, item.node.at, shelf, log);
            continue;
        };
        match scenario(&source.name, &source.bytes) {
            Ok(scenario) => keep(&mut found, item.node.at, scenario, log),
            Err(problems) => {
                let why = format!("see below what is wrong with {}", source.name);
                log.note(item.node.at, format!("scenario {} cannot be read", quoted(&name)), why, "");
                log.extend(problems);
            }
        }
    }
    Some(found.into_iter().map(|(_, scenario)| scenario).collect())
}

fn keep(found: &mut Vec<(Span, Scenario)>, at: Span, scenario: Scenario, log: &mut Log<'_>) {
    match found.iter().find(|(_, other)| other.id == scenario.id) {
        None => found.push((at, scenario)),
        Some((first, _)) => {
            let why = format!("it stands on line {} already", first.line);
            log.note(
                at,
                format!("duplicate scenario id `{}`", scenario.id),
                why,
                "results are told apart by their ids",
            );
        }
    }
}

impl Kind {
    /// The kind in a word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Scenario => "scenario",
            Self::Suite => "suite",
            Self::Protocol => "protocol",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Shelf, Source, around, suite};
    use crate::library::Embedded;

    fn problems(scenarios: &str) -> Vec<String> {
        let text = format!("format: 1\nid: mine\ntitle: Mine.\nscenarios: {scenarios}\n");
        let problems = suite("mine.yaml", text.as_bytes(), &Embedded).unwrap_err();
        problems.into_iter().map(|problem| format!("{}:{} {}", problem.line, problem.column, problem.what)).collect()
    }

    #[test]
    fn a_scenario_may_occur_once() {
        assert_eq!(problems("[no-photo, phone-defocus, no_photo]"), ["4:38 duplicate scenario id `no-photo`"]);
    }

    #[test]
    fn an_unknown_scenario_is_named_with_the_nearest() {
        assert_eq!(problems("[no-foto]"), ["4:13 unknown scenario `no-foto`"]);
        assert_eq!(problems("[]"), ["4:12 `scenarios` is empty"]);
    }

    #[test]
    fn what_is_wrong_with_a_scenario_is_told_with_its_own_place() {
        struct Broken;
        impl Shelf for Broken {
            fn find(&self, _: Kind, name: &str) -> Option<Source> {
                Some(Source { name: format!("{name}.yaml"), bytes: b"format: 1\nid: x\n".to_vec() })
            }
            fn ids(&self, _: Kind) -> Vec<String> {
                Vec::new()
            }
        }
        let problems = suite("mine.yaml", b"format: 1\nid: mine\ntitle: Mine.\nscenarios: [x]\n", &Broken).unwrap_err();
        assert_eq!(problems[0].file, "mine.yaml");
        assert!(problems.len() > 2 && problems[1..].iter().all(|problem| problem.file == "x.yaml"));
    }

    #[test]
    fn one_scenario_lends_its_name_to_the_suite_around_it() {
        let scenario = crate::library::scenario("no-photo").unwrap().unwrap();
        let suite = around(vec![scenario.clone()]);
        assert_eq!((suite.id, suite.title), (scenario.id, scenario.claim));
    }
}
