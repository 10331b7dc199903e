//! From what a person named to what a plan is made from: suites and scenarios, protocol, cases.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::cohort_dir::CohortDir;
use crate::check::{self, Report};
use crate::cohort::Cohort;
use crate::diagnosis::Lexicon;
use crate::error::Error;
use crate::library::{self, Embedded};
use crate::phantom::{self, Phantoms};
use crate::plan::{Design, Plan};
use crate::protocol::Protocol;
use crate::scenario::{Scenario, Suite, validate};
use crate::suite::{self, Kind, Shelf, Source};
use crate::yaml::{Diagnostic, suggest};

/// The most bytes that are read of a file; whoever parses it refuses far smaller ones as too large.
const MOST_READ: u64 = 1 << 20;

/// The shelf of what is built in and of files: a name with a dot or a slash is a path.
#[derive(Debug, Clone, Default)]
pub struct Files {
    /// The folder that relative paths start from, where it is not the current one.
    beside: Option<PathBuf>,
}

impl Shelf for Files {
    fn find(&self, kind: Kind, name: &str) -> Option<Source> {
        Embedded.find(kind, name).or_else(|| {
            let path = self.beside.as_ref().map_or_else(|| PathBuf::from(name), |folder| folder.join(name));
            is_path(name).then(|| read(&path).ok()).flatten().map(|bytes| Source { name: name.into(), bytes })
        })
    }

    fn ids(&self, kind: Kind) -> Vec<String> {
        Embedded.ids(kind)
    }
}

/// The bytes of a small file; of a larger one only so many that it is refused as too large.
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(MOST_READ).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn is_path(name: &str) -> bool {
    name.contains(['/', '\\']) || name.ends_with(".yaml") || name.ends_with(".yml")
}

/// The suite that was asked for: one suite, or scenarios put together.
///
/// # Errors
/// When a name is unknown (with the nearest one) or a file is invalid (with every place at fault).
pub fn suite(names: &[String]) -> Result<Suite, Error> {
    if let [name] = names
        && let Some(suite) = one_suite(name)?
    {
        return Ok(suite);
    }
    let mut scenarios = Vec::new();
    for name in names {
        match one_suite(name)? {
            Some(suite) => scenarios.extend(suite.scenarios),
            None => scenarios.push(scenario(name)?),
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    if let Some(twice) = scenarios.iter().find(|scenario| !seen.insert(scenario.id.clone())) {
        return Err(Error::Usage(format!("the scenario `{}` is asked for twice", twice.id)));
    }
    Ok(suite::around(scenarios))
}

/// The suite of that name, if it names one; a file is a suite when it lists scenarios.
fn one_suite(name: &str) -> Result<Option<Suite>, Error> {
    let shelf = Files::default();
    let Some(source) = shelf.find(Kind::Suite, name) else { return Ok(None) };
    let is_suite = library::find(Kind::Suite, name).is_some()
        || String::from_utf8_lossy(&source.bytes).lines().any(|line| line.starts_with("scenarios:"));
    if !is_suite {
        return Ok(None);
    }
    let beside = Path::new(&source.name).parent().filter(|_| is_path(name)).map(Path::to_owned);
    suite::suite(&source.name, &source.bytes, &Files { beside }).map(Some).map_err(|problems| invalid(&problems))
}

/// The scenario of that name.
///
/// # Errors
/// When it is unknown or invalid.
pub fn scenario(name: &str) -> Result<Scenario, Error> {
    let shelf = Files::default();
    let source = shelf.find(Kind::Scenario, name).ok_or_else(|| {
        let ids: Vec<String> = [shelf.ids(Kind::Suite), shelf.ids(Kind::Scenario)].concat();
        unknown("suite or scenario", name, &ids)
    })?;
    validate::scenario(&source.name, &source.bytes).map_err(|problems| invalid(&problems))
}

/// The protocol of that name.
///
/// # Errors
/// When it is unknown or invalid.
pub fn protocol(name: &str) -> Result<Protocol, Error> {
    let shelf = Files::default();
    let source =
        shelf.find(Kind::Protocol, name).ok_or_else(|| unknown("protocol", name, &shelf.ids(Kind::Protocol)))?;
    Protocol::read(&source.name, &source.bytes).map_err(|problems| invalid(&problems))
}

fn unknown(what: &str, name: &str, ids: &[String]) -> Error {
    if is_path(name) {
        return Error::at(name, "cannot be read; is the path right?");
    }
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    Error::Usage(format!("there is no {what} `{name}`. {}", suggest(name, &ids)))
}

/// Every problem of a file, one after the other.
#[must_use]
pub fn invalid(problems: &[Diagnostic]) -> Error {
    Error::Invalid(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n\n"))
}

/// The cases of that name: `phantom:N[:SEED][?views=LIST]`, or a cohort folder.
///
/// # Errors
/// When they cannot be read.
pub fn cases(name: &str) -> Result<Arc<dyn Cohort>, Error> {
    if let Some(spec) = name.strip_prefix("phantom:") {
        let spec = phantom::parse(spec).map_err(|error| Error::Usage(format!("--cases {name}: {error}")))?;
        return Ok(Arc::new(Phantoms::of(spec)));
    }
    if name == "phantom" {
        return Err(Error::Usage("--cases phantom: say how many, e.g. phantom:240".into()));
    }
    Ok(Arc::new(CohortDir::open(Path::new(name))?))
}

/// A plan that asks nothing: the cases of a cohort as a plan keeps them, with a foil chosen by every rule. For whoever
/// makes copies or previews.
///
/// # Errors
/// When a case cannot be read.
pub fn unasked(cohort: &dyn Cohort, seed: u64) -> Result<Plan, Error> {
    let suite = Suite { seed, ..suite::around(Vec::new()) };
    let protocol = protocol(&suite.protocol)?;
    let (lexicon, model) = (Lexicon::embedded(), serde_json::Value::Null);
    let design = Design { suite: &suite, protocol: &protocol, cohort, lexicon, model, limit: None };
    let mut plan = Plan::make(&design)?;
    plan.choose_every_foil(lexicon);
    Ok(plan)
}

/// Checks files, each as what it says it is.
///
/// # Errors
/// When one cannot be read at all.
pub fn check(paths: &[PathBuf]) -> Result<Report, Error> {
    let source = |path: &PathBuf| {
        let bytes = read(path).map_err(|error| Error::at(path.display(), error))?;
        Ok(Source { name: path.display().to_string(), bytes })
    };
    let files: Vec<Source> = paths.iter().map(source).collect::<Result<_, Error>>()?;
    let beside = paths.first().and_then(|path| path.parent()).map(Path::to_owned);
    Ok(check::check(&files, &Files { beside }))
}
