//! Canonical diagnoses: one id per concept, many names, a hierarchy, and which is confused with which.
//!
//! The lexicon is data (`lexicon.yaml`, embedded). [`Lexicon::canonical`] maps what a model wrote to a concept: by
//! the same words, or by a spelling that is close enough to be no other concept. What maps to nothing stays unmapped;
//! nothing is guessed.

mod matching;
mod normal;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use matching::{How, Match, Mention};
pub use normal::plain;

/// The embedded lexicon's text.
const EMBEDDED: &str = include_str!("lexicon.yaml");

/// A list of diagnoses with everything that is known of their names and relations.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lexicon {
    sources: BTreeMap<String, String>,
    concepts: Vec<Concept>,
    /// From an id to its place in `concepts`.
    ids: BTreeMap<String, usize>,
    /// From a name in normal form to its concept.
    names: BTreeMap<String, usize>,
    /// From a name's words in alphabetical order to its concept ("carcinoma, basal cell").
    bags: BTreeMap<String, usize>,
}

/// One diagnosis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// ICD-10-CM codes.
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

/// The file as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    sources: BTreeMap<String, String>,
    concepts: Vec<Concept>,
}

impl Lexicon {
    /// The lexicon that comes with the program.
    #[must_use]
    pub fn embedded() -> &'static Self {
        // The text is fixed when the program is built and a test reads it; an empty lexicon is never seen.
        static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::parse(EMBEDDED).unwrap_or_default());
        &LEXICON
    }

    /// Reads a lexicon.
    ///
    /// # Errors
    /// [`LexiconError`]: not YAML of this form, an id or name that two concepts share, or a reference to nothing.
    pub fn parse(yaml: &str) -> Result<Self, LexiconError> {
        let file: File = serde_yaml::from_str(yaml).map_err(|error| LexiconError(error.to_string()))?;
        if file.format != 1 {
            return Err(LexiconError(format!("format {} is not 1", file.format)));
        }
        let mut lexicon = Self { sources: file.sources, concepts: file.concepts, ..Self::default() };
        lexicon.index()?;
        lexicon.check_references()?;
        Ok(lexicon)
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

    /// The concepts above an id, nearest first.
    pub fn ancestors<'a>(&'a self, id: &str) -> impl Iterator<Item = &'a str> {
        let parent = |id: &str| self.find(id).and_then(|concept| concept.parent.as_deref());
        core::iter::successors(parent(id), move |above| parent(above))
    }

    /// Fills the indexes.
    fn index(&mut self) -> Result<(), LexiconError> {
        for (place, concept) in self.concepts.iter().enumerate() {
            if self.ids.insert(concept.id.clone(), place).is_some() {
                return Err(LexiconError(format!("two concepts have the id {}", concept.id)));
            }
            for name in concept.all_names() {
                let words = normal::words(&name);
                claim(&mut self.names, &words.join(" "), place, concept)?;
                claim(&mut self.bags, &normal::bag(&words), place, concept)?;
            }
        }
        Ok(())
    }

    /// Checks that parents, look-alikes and sources exist and that no concept is above itself.
    fn check_references(&self) -> Result<(), LexiconError> {
        for concept in &self.concepts {
            let aims = concept.parent.iter().chain(concept.confused_with.iter().map(|like| &like.id));
            if let Some(aim) = aims.into_iter().find(|aim| !self.ids.contains_key(*aim)) {
                return Err(LexiconError(format!("{} refers to {aim}, which does not exist", concept.id)));
            }
            if let Some(like) = concept.confused_with.iter().find(|like| self.source(&like.source).is_none()) {
                return Err(LexiconError(format!("{} cites {}, which is no source", concept.id, like.source)));
            }
            if self.ancestors(&concept.id).take(self.concepts.len()).any(|above| above == concept.id) {
                return Err(LexiconError(format!("{} is above itself", concept.id)));
            }
        }
        Ok(())
    }
}

impl Concept {
    /// Everything it is called: its name, its synonyms, and its id in words.
    fn all_names(&self) -> BTreeSet<String> {
        let id = self.id.replace('_', " ");
        self.names.iter().cloned().chain([self.name.clone(), id]).collect()
    }
}

/// Gives a name to a concept, unless another has it.
fn claim(names: &mut BTreeMap<String, usize>, name: &str, place: usize, concept: &Concept) -> Result<(), LexiconError> {
    match names.insert(name.to_string(), place) {
        Some(other) if other != place => {
            Err(LexiconError(format!("`{name}` names {} and another concept", concept.id)))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_lexicon_reads() {
        let lexicon = Lexicon::parse(EMBEDDED).unwrap();
        assert!(lexicon.concepts().len() >= 25);
        for id in [
            "melanoma",
            "basal_cell_carcinoma",
            "squamous_cell_carcinoma",
            "actinic_keratosis",
            "melanocytic_naevus",
            "seborrhoeic_keratosis",
            "psoriasis",
            "atopic_eczema",
            "tinea_corporis",
            "urticaria",
            "stevens_johnson_syndrome",
            "eczema_herpeticum",
            "meningococcal_purpura",
        ] {
            assert!(lexicon.find(id).is_some(), "{id}");
        }
    }

    #[test]
    fn every_concept_that_can_be_planted_has_a_look_alike() {
        for concept in Lexicon::embedded().concepts() {
            assert_eq!(concept.umbrella, concept.confused_with.is_empty(), "{}", concept.id);
        }
    }

    #[test]
    fn every_source_is_used() {
        let lexicon = Lexicon::embedded();
        let used: BTreeSet<_> =
            lexicon.concepts().iter().flat_map(|concept| &concept.confused_with).map(|like| &like.source).collect();
        assert_eq!(used, lexicon.sources.keys().collect());
    }

    #[test]
    fn codes_have_the_shape_of_icd_10_cm() {
        for concept in Lexicon::embedded().concepts() {
            assert!(!concept.icd10.is_empty(), "{}", concept.id);
            for code in &concept.icd10 {
                let (category, rest) = code.split_once('.').unwrap_or((code, "0"));
                assert!(category.len() == 3 && category.starts_with(|c: char| c.is_ascii_uppercase()), "{code}");
                assert!((1..=4).contains(&rest.len()), "{code}");
            }
        }
    }

    #[test]
    fn the_hierarchy_is_walked_both_ways() {
        let lexicon = Lexicon::embedded();
        assert!(lexicon.within("bowens_disease", "skin_cancer"));
        assert!(!lexicon.within("skin_cancer", "bowens_disease"));
        assert!(lexicon.related("skin_cancer", "melanoma"));
        assert!(!lexicon.related("melanoma", "melanocytic_naevus"));
        assert!(!lexicon.related("melanoma", "basal_cell_carcinoma"));
    }

    #[test]
    fn a_broken_lexicon_is_refused() {
        let concept =
            |id: &str, more: &str| format!("  - {{id: {id}, name: {id}, dangerous: false, group: g{more}}}\n");
        let head = "format: 1\nsources: {}\nconcepts:\n";
        let read = |body: &str| Lexicon::parse(&format!("{head}{body}")).unwrap_err().to_string();
        assert!(read(&(concept("a", "") + &concept("a", ""))).contains("two concepts"));
        assert!(read(&concept("a", ", parent: b")).contains("does not exist"));
        assert!(read(&concept("a", ", parent: a")).contains("above itself"));
        assert!(read(&(concept("a", ", names: [x]") + &concept("b", ", names: [X]"))).contains("another concept"));
        assert!(read(&concept("a", ", confused_with: [{id: a, source: s}]")).contains("no source"));
        assert!(Lexicon::parse("format: 2\nsources: {}\nconcepts: []").is_err());
    }
}
