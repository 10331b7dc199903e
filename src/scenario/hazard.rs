//! Hazards in the words of ISO 14971: a source of harm, the events that lead from it to a patient, and how bad it is.
//!
//! Built-in hazards stand in `scenarios/hazards.yaml`; a scenario names one by its id, or describes its own. Which
//! events lead to it in one scenario is that scenario's `cause`. How often any of this happens is no property of a
//! model and stands nowhere here: whoever uses a model has to say it.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::validate::slug;
use crate::yaml::{Diagnostic, Field, Fields, Log, Value, alike, format_is_1, parse, quoted, suggest};

/// The keys of a hazard.
pub const KEYS: &[&str] = &["id", "hazard", "sequence", "situation", "harm", "severity"];

/// The text of the built-in hazards.
pub const TEXT: &str = include_str!("../../scenarios/hazards.yaml");

/// A hazard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hazard {
    /// The id: lower-case words joined by `-`.
    pub id: String,
    /// The potential source of harm.
    pub hazard: String,
    /// The foreseeable sequence of events that leads from it to the hazardous situation.
    pub sequence: String,
    /// The hazardous situation: in which circumstances a patient is exposed.
    pub situation: String,
    /// The harm.
    pub harm: String,
    /// How bad the harm is.
    pub severity: Severity,
}

/// How bad a harm is, from least to worst.
///
/// The five words and their meanings are the example of qualitative levels in ISO 14971:2007, Annex D, as FDA's guidance
/// "Postmarket Management of Cybersecurity in Medical Devices" (2016) quotes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// A nuisance, or discomfort that passes.
    Negligible,
    /// A passing injury or impairment that needs no professional care.
    Minor,
    /// An injury or impairment that needs professional care.
    Serious,
    /// A lasting impairment, or an injury that threatens life.
    Critical,
    /// Death.
    Catastrophic,
}

/// The words of `severity`, from least to worst.
pub const SEVERITY_WORDS: &[(&str, Severity)] = &[
    ("negligible", Severity::Negligible),
    ("minor", Severity::Minor),
    ("serious", Severity::Serious),
    ("critical", Severity::Critical),
    ("catastrophic", Severity::Catastrophic),
];

impl Severity {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        SEVERITY_WORDS.iter().find(|(_, severity)| *severity == self).map_or("", |(word, _)| word)
    }

    /// What the word means.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Negligible => "a nuisance, or discomfort that passes",
            Self::Minor => "a passing injury or impairment that needs no professional care",
            Self::Serious => "an injury or impairment that needs professional care",
            Self::Critical => "a lasting impairment, or an injury that threatens life",
            Self::Catastrophic => "death",
        }
    }
}

/// Reads a file of hazards.
///
/// # Errors
/// Everything that is wrong with it, in its order.
pub fn hazards(file: &str, bytes: &[u8]) -> Result<Vec<Hazard>, Vec<Diagnostic>> {
    let document = parse(file, bytes)?;
    let mut log = document.log();
    if !format_is_1(&document.root, &mut log) {
        return Err(log.into_problems());
    }
    let fields = Fields::of(&document.root, "a list of hazards", &["format", "hazards"], &mut log);
    let read = fields.and_then(|fields| list(&fields.need("hazards", &mut log)?, &mut log));
    log.finish(read)
}

fn list(field: &Field<'_>, log: &mut Log<'_>) -> Option<Vec<Hazard>> {
    let mut found: Vec<Hazard> = Vec::new();
    for item in field.list(log)? {
        let Some(hazard) = described(&item, log) else { continue };
        if found.iter().any(|other| other.id == hazard.id) {
            let what = format!("duplicate hazard id `{}`", hazard.id);
            log.note(item.node.at, what, "it is described above already", "scenarios tell hazards apart by their ids");
        } else {
            found.push(hazard);
        }
    }
    Some(found)
}

/// A hazard with all of its parts.
fn described(field: &Field<'_>, log: &mut Log<'_>) -> Option<Hazard> {
    let fields = Fields::of(field.node, "a hazard", KEYS, log)?;
    let id = fields.need("id", log).and_then(|field| slug(&field, log));
    let mut text = |name: &'static str| fields.need(name, log).and_then(|field| field.text(log));
    let (hazard, sequence) = (text("hazard"), text("sequence"));
    let (situation, harm) = (text("situation"), text("harm"));
    let severity = fields.need("severity", log).and_then(|field| field.choice(SEVERITY_WORDS, log));
    let (id, hazard, sequence) = (id?, hazard?, sequence?);
    Some(Hazard { id, hazard, sequence, situation: situation?, harm: harm?, severity: severity? })
}

/// What a scenario says under `hazard`: the id of a built-in one, or a description of its own.
pub(crate) fn of_scenario(field: &Field<'_>, log: &mut Log<'_>) -> Option<Hazard> {
    if matches!(field.node.value, Value::Map(_)) {
        return described(field, log);
    }
    let id = field.text(log)?;
    let known = find(&id);
    if known.is_none() {
        let ids: Vec<&str> = embedded().iter().map(|hazard| hazard.id.as_str()).collect();
        let help = format!("{} (or describe your own: {{{}}})", suggest(&id, &ids), KEYS.join(", "));
        log.note(field.node.at, format!("unknown hazard {}", quoted(&id)), "no built-in hazard has this id", help);
    }
    known.cloned()
}

/// The built-in hazards, in the order of their file.
#[must_use]
pub fn embedded() -> &'static [Hazard] {
    // The text is fixed when the program is built and a test reads it; an empty list is never seen.
    static HAZARDS: LazyLock<Vec<Hazard>> =
        LazyLock::new(|| hazards("scenarios/hazards.yaml", TEXT.as_bytes()).unwrap_or_default());
    &HAZARDS
}

/// The built-in hazard of that id; `-` and `_` read alike.
#[must_use]
pub fn find(id: &str) -> Option<&'static Hazard> {
    embedded().iter().find(|hazard| alike(&hazard.id, id))
}

#[cfg(test)]
mod tests {
    use super::{Hazard, KEYS, SEVERITY_WORDS, Severity, TEXT, embedded, find, hazards};
    use crate::scenario::validate::scenario;

    fn problems(hazard: &str) -> Vec<String> {
        let text =
            format!("format: 1\nid: sample\nclaim: It holds.\nexpect: measure-only\nhazard: {hazard}\nsteps: [jpeg]\n");
        let problems = scenario("sample.yaml", text.as_bytes()).unwrap_err();
        problems.iter().map(|p| format!("{}:{} {} ({})", p.line, p.column, p.what, p.help)).collect()
    }

    #[test]
    fn the_built_in_hazards_can_be_read_and_say_what_they_are() {
        let list = hazards("scenarios/hazards.yaml", TEXT.as_bytes()).unwrap();
        assert_eq!(list, embedded());
        assert!(list.len() >= 10);
        for Hazard { id, hazard, sequence, situation, harm, .. } in &list {
            for part in [hazard, sequence, situation, harm] {
                assert!(part.len() > 20 && part.ends_with('.'), "{id}: {part}");
            }
        }
    }

    #[test]
    fn an_unknown_hazard_is_told_the_nearest() {
        let found = problems("mised-cancer");
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("5:9 unknown hazard `mised-cancer` (did you mean `missed-cancer`?"), "{found:?}");
    }

    #[test]
    fn a_scenario_may_describe_its_own_hazard_but_wholly() {
        let own = "{id: lost-limb, hazard: a, sequence: b, situation: c, harm: d, severity: critical}";
        let text = format!("format: 1\nid: s\nclaim: It holds.\nexpect: measure-only\nhazard: {own}\nsteps: [jpeg]\n");
        let read = scenario("s.yaml", text.as_bytes()).unwrap().hazard.unwrap();
        assert_eq!((read.id.as_str(), read.severity), ("lost-limb", Severity::Critical));
        let found = problems("{id: lost-limb, hazard: a, sequence: b, situation: c, severity: critcal}");
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found.iter().any(|problem| problem.contains("missing `harm`")), "{found:?}");
        assert!(found.iter().any(|problem| problem.contains("did you mean `critical`")), "{found:?}");
    }

    #[test]
    fn an_id_describes_one_hazard() {
        let one = "  - {id: a, hazard: h, sequence: s, situation: t, harm: r, severity: minor}\n";
        let twice = format!("format: 1\nhazards:\n{one}{one}");
        let problems = hazards("h.yaml", twice.as_bytes()).unwrap_err();
        assert_eq!((problems.len(), problems[0].line), (1, 4));
    }

    #[test]
    fn severities_are_in_order_and_each_has_its_word_and_meaning() {
        assert!(SEVERITY_WORDS.is_sorted_by_key(|(_, severity)| *severity));
        assert!(SEVERITY_WORDS.iter().all(|(word, severity)| severity.word() == *word && severity.meaning().len() > 4));
        assert_eq!(KEYS.len(), 6);
        assert!(find("missed_cancer").is_some() && find("nothing").is_none());
    }
}
