//! Canonical diagnoses: one id per concept, many names, a hierarchy, and which is confused with which.
//!
//! The lexicon is data (`lexicon/`, embedded). [`Lexicon::canonical`] maps what a model wrote to a concept: by
//! the same words, or by a spelling that is close enough to be no other concept. What maps to nothing stays unmapped;
//! nothing is guessed, and people can map it by hand ([`Adjudication`]).
//!
//! A **variant** is a form of a diagnosis, by look, site, course or degree, that is judged as that diagnosis: whoever
//! answers "nodular melanoma" in one arm and "melanoma" in the other has not changed their mind.

mod adjudication;
mod credit;
mod file;
mod matching;
mod mention;
mod names;
mod normal;
mod phrase;
mod quick;
mod spelling;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use adjudication::{Adjudication, AdjudicationError, Ruling, Unmapped};
pub use credit::Credit;
pub use matching::{How, Match};
pub use mention::Mention;
use names::Names;
pub use normal::plain;

/// A list of diagnoses with everything that is known of their names and relations.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lexicon {
    sources: BTreeMap<String, String>,
    concepts: Vec<Concept>,
    /// From an id to its place in `concepts`.
    ids: BTreeMap<String, usize>,
    names: Names,
}

/// One diagnosis.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Concept {
    /// The canonical id: snake case, British spelling.
    pub id: String,
    /// The name as a clinician would write it.
    pub name: String,
    /// Synonyms and abbreviations.
    #[serde(default)]
    pub names: Vec<String>,
    /// The broader concept.
    #[serde(default)]
    pub parent: Option<String>,
    /// Whether it is a heading, too broad to be planted as a wrong diagnosis.
    #[serde(default)]
    pub umbrella: bool,
    /// Whether it is a form of its parent that is judged as its parent.
    #[serde(default)]
    pub variant: bool,
    /// Whether it is also a finding in other diseases, so that running text which mentions it names no diagnosis.
    #[serde(default)]
    pub sign: bool,
    /// ICD-10-CM codes, where the tabular list names the concept.
    #[serde(default)]
    pub icd10: Vec<String>,
    /// Whether missing it could harm gravely.
    pub dangerous: bool,
    /// The broad group, e.g. `tumour`.
    pub group: String,
    /// Look-alikes, closest first.
    #[serde(default)]
    pub confused_with: Vec<Lookalike>,
}

/// A diagnosis that another is taken for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lookalike {
    /// Its canonical id.
    pub id: String,
    /// The key of [`Lexicon::source`] that says so.
    pub source: String,
}

/// What is wrong with a lexicon.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("lexicon: {0}")]
pub struct LexiconError(String);

impl Lexicon {
    /// The lexicon that comes with the program.
    #[must_use]
    pub fn embedded() -> &'static Self {
        // The text is fixed when the program is built and a test reads it; an empty lexicon is never seen.
        static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::read_embedded().unwrap_or_default());
        &LEXICON
    }

    /// The concept of that id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Concept> {
        self.concepts.get(*self.ids.get(id)?)
    }

    /// All concepts, in the order of the file.
    #[must_use]
    pub fn concepts(&self) -> &[Concept] {
        &self.concepts
    }

    /// The work behind a source key.
    #[must_use]
    pub fn source(&self, key: &str) -> Option<&str> {
        self.sources.get(key).map(String::as_str)
    }

    /// Whether the first concept is the second or lies anywhere below it.
    #[must_use]
    pub fn within(&self, id: &str, ancestor: &str) -> bool {
        id == ancestor || self.ancestors(id).any(|above| above == ancestor)
    }

    /// Whether one is the other, or above or below it: an answer to one is then partly an answer to the other.
    #[must_use]
    pub fn related(&self, one: &str, other: &str) -> bool {
        self.within(one, other) || self.within(other, one)
    }

    /// The id that answers are judged by: a variant's nearest ancestor that is none, otherwise the id itself.
    #[must_use]
    pub fn judged_as<'a>(&'a self, id: &'a str) -> &'a str {
        let is_variant = |id: &str| self.find(id).is_some_and(|concept| concept.variant);
        core::iter::once(id).chain(self.ancestors(id)).find(|id| !is_variant(id)).unwrap_or(id)
    }

    /// The concepts above an id, nearest first.
    pub fn ancestors<'a>(&'a self, id: &str) -> impl Iterator<Item = &'a str> {
        let parent = |id: &str| self.find(id).and_then(|concept| concept.parent.as_deref());
        core::iter::successors(parent(id), move |above| parent(above))
    }
}

impl Concept {
    /// Whether it can be planted as a wrong diagnosis or offered in a forced choice: a diagnosis that is known to be taken
    /// for another.
    #[must_use]
    pub fn can_be_planted(&self) -> bool {
        !self.umbrella && !self.confused_with.is_empty()
    }

    /// Everything it is called: its name, its synonyms, and its id in words.
    fn all_names(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let written = core::iter::once(&self.name).chain(&self.names);
        written.map(|name| Cow::Borrowed(name.as_str())).chain([Cow::Owned(self.id.replace('_', " "))])
    }
}

#[cfg(test)]
mod labels_tests;
#[cfg(test)]
mod tests;
