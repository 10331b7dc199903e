//! Checking files without running anything: texts in, problems out.

use core::fmt;
use std::collections::BTreeMap;

use serde::Serialize;

use crate::cohort::Sheet;
use crate::mapping;
use crate::protocol::Protocol;
use crate::scenario::{hazard, validate};
use crate::suite::{self, Shelf, Source};
use crate::yaml::{self, Diagnostic, Node, Span, parse};

/// The most problems of one file that are shown in words.
const MOST_SHOWN: usize = 20;

/// What a file describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// A scenario.
    Scenario,
    /// A suite.
    Suite,
    /// A protocol.
    Protocol,
    /// Hazards.
    Hazards,
    /// The data sheet of a cohort.
    Cohort,
    /// A model.
    Model,
    /// The mapping of a table of answers.
    Mapping,
    /// It cannot be told.
    Unknown,
}

/// One file and what was found in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// The file, as it was named.
    pub file: String,
    /// What it describes.
    pub what: What,
    /// What is wrong with it; nothing if it is fine.
    pub problems: Vec<Diagnostic>,
}

/// What was found in several files, in the order in which they were given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Report {
    /// The files.
    pub checked: Vec<Checked>,
}

/// Checks files, each by itself, and that no two scenarios share an id. Suites look their scenarios up on the shelf.
#[must_use]
pub fn check(files: &[Source], shelf: &dyn Shelf) -> Report {
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    Report { checked: files.iter().map(|file| check_one(file, shelf, &mut ids)).collect() }
}

fn check_one(source: &Source, shelf: &dyn Shelf, ids: &mut BTreeMap<String, String>) -> Checked {
    let (file, bytes) = (source.name.as_str(), source.bytes.as_slice());
    let found = |what, problems| Checked { file: file.into(), what, problems };
    let document = match parse(file, bytes) {
        Ok(document) => document,
        Err(problems) => return found(What::Unknown, problems),
    };
    let what = describes(&document.root);
    let result = match what {
        What::Scenario => validate::scenario(file, bytes).and_then(|scenario| {
            let twin = ids.insert(scenario.id.clone(), file.into());
            twin.map_or(Ok(()), |twin| Err(shared_id(&document, &scenario.id, &twin)))
        }),
        What::Suite => suite::suite(file, bytes, shelf).map(drop),
        What::Protocol => Protocol::read(file, bytes).map(drop),
        What::Hazards => hazard::hazards(file, bytes).map(drop),
        What::Cohort => yaml::read::<Sheet>(file, bytes).map(drop),
        What::Mapping => mapping::read(file, bytes).map(drop),
        // Whoever opens models reads the rest of it.
        What::Model => Ok(()),
        What::Unknown => {
            let mut log = document.log();
            let why =
                "it has none of the keys of a scenario, suite, protocol, model, cohort, mapping or list of hazards";
            log.note(
                Span::START,
                "cannot tell what this file describes",
                why,
                "`bedside schema <what>` lists the keys",
            );
            Err(log.into_problems())
        }
    };
    found(what, result.err().unwrap_or_default())
}

fn shared_id(document: &yaml::Document, id: &str, twin: &str) -> Vec<Diagnostic> {
    let mut log = document.log();
    let at = document.root.get("id").map_or(Span::START, |node| node.at);
    log.note(at, format!("duplicate scenario id `{id}`"), format!("{twin} has it already"), "");
    log.into_problems()
}

/// What a file describes, by a key that only one of them has.
fn describes(root: &Node) -> What {
    let has = |keys: &[&str]| keys.iter().any(|key| root.get(key).is_some());
    if has(&["answers", "arms"]) {
        What::Mapping
    } else if has(&["template", "contract"]) {
        What::Protocol
    } else if has(&["scenarios"]) {
        What::Suite
    } else if has(&["hazards"]) {
        What::Hazards
    } else if has(&["licence", "synthetic"]) {
        What::Cohort
    } else if has(&["kind"]) {
        What::Model
    } else if has(&["claim", "expect", "steps", "missing", "factorial", "accept"]) {
        What::Scenario
    } else {
        What::Unknown
    }
}

impl Report {
    /// Whether nothing is wrong anywhere.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.problems().next().is_none()
    }

    /// Every problem of every file.
    pub fn problems(&self) -> impl Iterator<Item = &Diagnostic> {
        self.checked.iter().flat_map(|checked| &checked.problems)
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scenario => "scenario",
            Self::Suite => "suite",
            Self::Protocol => "protocol",
            Self::Hazards => "hazards",
            Self::Cohort => "cohort",
            Self::Model => "model",
            Self::Mapping => "mapping",
            Self::Unknown => "file",
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Checked { file, problems, .. } in &self.checked {
            for problem in problems.iter().take(MOST_SHOWN) {
                writeln!(f, "{problem}")?;
            }
            if let Some(more @ 1..) = problems.len().checked_sub(MOST_SHOWN) {
                writeln!(f, "{file}: and {more} more")?;
            }
        }
        for Checked { file, what, problems } in &self.checked {
            match problems.len() {
                0 => writeln!(f, "{file}: {what}, fine")?,
                1 => writeln!(f, "{file}: {what}, 1 problem")?,
                many => writeln!(f, "{file}: {what}, {many} problems")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{What, check};
    use crate::library::{self, Embedded};
    use crate::suite::{Kind, Source};

    fn built_in(kind: Kind) -> Vec<Source> {
        let source = |entry: &library::Entry| Source { name: entry.path.into(), bytes: entry.text.into() };
        library::entries(kind).iter().map(source).collect()
    }

    #[test]
    fn everything_built_in_is_fine_and_told_apart() {
        for (kind, what) in
            [(Kind::Scenario, What::Scenario), (Kind::Suite, What::Suite), (Kind::Protocol, What::Protocol)]
        {
            let report = check(&built_in(kind), &Embedded);
            assert!(report.is_clean(), "{report}");
            assert!(report.checked.iter().all(|checked| checked.what == what));
        }
    }

    #[test]
    fn the_hazards_are_checked_too() {
        let found = |text: &str| check(&[Source { name: "h.yaml".into(), bytes: text.into() }], &Embedded);
        let built_in = found(crate::scenario::hazard::TEXT);
        assert!(built_in.is_clean() && built_in.checked[0].what == What::Hazards, "{built_in}");
        let broken = found("format: 1\nhazards:\n  - {id: a, hazard: h, sequence: s, situation: t, harm: r}\n");
        assert_eq!(broken.problems().map(|problem| problem.line).collect::<Vec<_>>(), [3]);
    }

    #[test]
    fn a_mapping_is_told_apart_and_checked() {
        let entry = library::MAPPINGS[0];
        let source = |text: &str| Source { name: entry.path.into(), bytes: text.into() };
        let report = check(&[source(entry.text), source(&entry.text.replace("case:", "cases:"))], &Embedded);
        assert!(report.checked.iter().all(|checked| checked.what == What::Mapping), "{report}");
        assert!(report.checked[0].problems.is_empty(), "{report}");
        assert!(report.checked[1].problems.iter().any(|problem| problem.help.contains("`case`")), "{report}");
    }

    #[test]
    fn two_scenarios_of_one_id_are_noticed() {
        let mut files = built_in(Kind::Scenario);
        files.truncate(1);
        files.push(Source { name: "copy.yaml".into(), bytes: files[0].bytes.clone() });
        let report = check(&files, &Embedded);
        let problem = report.problems().next().unwrap();
        assert_eq!((problem.file.as_str(), problem.line), ("copy.yaml", 3));
    }

    #[test]
    fn a_flood_of_problems_is_counted_and_not_shown() {
        let text = "claim: a\n".repeat(25);
        let report = check(&[Source { name: "a.yaml".into(), bytes: text.into() }], &Embedded);
        assert!(report.problems().count() > 24);
        assert_eq!(report.to_string().matches("error: ").count(), 20);
        assert!(report.to_string().contains("a.yaml: and "));
    }

    #[test]
    fn a_cohort_is_checked_too() {
        let text = "format: 1\nname: Mine\nlicence: CC0-1.0\nsynthetic: maybe\n";
        let report = check(&[Source { name: "cohort.yaml".into(), bytes: text.into() }], &Embedded);
        assert_eq!(report.checked[0].what, What::Cohort);
        assert_eq!(report.checked[0].problems[0].line, 4);
    }
}
