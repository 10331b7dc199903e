//! The lexicon's files: reading them, and refusing what makes no sense.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Concept, Lexicon, LexiconError, quick};

/// The embedded files: what they have in common, then a file for each group. Their order is that of forced choices.
pub(super) const EMBEDDED: [&str; 13] = [
    include_str!("lexicon/head.yaml"),
    include_str!("lexicon/tumour.yaml"),
    include_str!("lexicon/inflammation.yaml"),
    include_str!("lexicon/infection.yaml"),
    include_str!("lexicon/reaction.yaml"),
    include_str!("lexicon/vessel.yaml"),
    include_str!("lexicon/blister.yaml"),
    include_str!("lexicon/connective.yaml"),
    include_str!("lexicon/metabolic.yaml"),
    include_str!("lexicon/injury.yaml"),
    include_str!("lexicon/pigment.yaml"),
    include_str!("lexicon/appendage.yaml"),
    include_str!("lexicon/inherited.yaml"),
];

/// A file as written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    /// The version of the form; 1.
    pub format: u32,
    /// The works behind look-alikes, by key.
    #[serde(default)]
    pub sources: BTreeMap<String, String>,
    /// Names with several meanings, with the ids of these.
    #[serde(default)]
    pub ambiguous: BTreeMap<String, Vec<String>>,
    /// The concepts.
    pub concepts: Vec<Concept>,
}

impl Lexicon {
    /// Reads a lexicon of one or more files.
    ///
    /// # Errors
    /// [`LexiconError`]: not YAML of this form, an id or name that two concepts share, or a reference to nothing.
    pub fn parse(files: &[&str]) -> Result<Self, LexiconError> {
        let read = |text: &&str| serde_yaml::from_str(text).map_err(|error| LexiconError(error.to_string()));
        Self::from_files(files.iter().map(read).collect::<Result<_, _>>()?)
    }

    /// Reads the embedded files.
    pub(super) fn read_embedded() -> Result<Self, LexiconError> {
        let quick: Option<Vec<File>> = EMBEDDED.iter().map(|text| quick::read(text)).collect();
        quick.map_or_else(|| Self::parse(&EMBEDDED), Self::from_files)
    }

    /// Puts files together and checks the whole.
    pub(super) fn from_files(files: Vec<File>) -> Result<Self, LexiconError> {
        let mut lexicon = Self::default();
        let mut ambiguous = BTreeMap::new();
        for file in files {
            if file.format != 1 {
                return Err(LexiconError(format!("format {} is not 1", file.format)));
            }
            lexicon.sources.extend(file.sources);
            ambiguous.extend(file.ambiguous);
            lexicon.concepts.extend(file.concepts);
        }
        lexicon.index_ids()?;
        lexicon.check_references()?;
        lexicon.names.index(&lexicon.concepts)?;
        lexicon.index_ambiguous(&ambiguous)?;
        Ok(lexicon)
    }

    /// Fills the index of ids.
    fn index_ids(&mut self) -> Result<(), LexiconError> {
        for (place, concept) in self.concepts.iter().enumerate() {
            if self.ids.insert(concept.id.clone(), place).is_some() {
                return Err(LexiconError(format!("two concepts have the id {}", concept.id)));
            }
        }
        Ok(())
    }

    /// Fills the index of names that have more than one meaning.
    fn index_ambiguous(&mut self, ambiguous: &BTreeMap<String, Vec<String>>) -> Result<(), LexiconError> {
        for (name, meanings) in ambiguous {
            if meanings.len() < 2 {
                return Err(LexiconError(format!("`{name}` is ambiguous and has fewer than two meanings")));
            }
            if let Some(stranger) = meanings.iter().find(|id| !self.ids.contains_key(*id)) {
                return Err(LexiconError(format!("`{name}` refers to {stranger}, which does not exist")));
            }
            self.names.mark_ambiguous(name, meanings)?;
        }
        Ok(())
    }

    /// Checks that parents, look-alikes and sources exist, that no concept is above itself, and that every variant has
    /// a diagnosis above it and no look-alike of its own.
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
            if concept.variant && (concept.parent.is_none() || concept.umbrella || concept.can_be_planted()) {
                return Err(LexiconError(format!("{} cannot be a variant", concept.id)));
            }
        }
        Ok(())
    }
}
