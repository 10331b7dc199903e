//! Every name of a lexicon in the forms in which texts are looked up: its words in order, its telling words in any
//! order, and what a misspelling of it begins with.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::OnceLock;

use super::normal::{bag, words};
use super::spelling::misspells;
use super::{Concept, LexiconError};

/// The names of a lexicon. Places are those of its concepts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Names {
    /// From a name in normal form to its concept.
    in_order: BTreeMap<String, usize>,
    /// From the telling words of a name in alphabetical order to its concept ("carcinoma, basal cell").
    in_any_order: BTreeMap<String, usize>,
    /// What misspellings are looked up in; made when the first one is.
    rough: OnceLock<Rough>,
    /// Names with several meanings, by their telling words.
    ambiguous: BTreeMap<String, Vec<String>>,
}

/// The names as misspellings are looked up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Rough {
    /// From the first letters of its words to the names that have them.
    by_initials: BTreeMap<String, Vec<(String, usize)>>,
    /// From a name without its gaps to its concepts.
    without_gaps: BTreeMap<String, Vec<usize>>,
    /// From a name without its gaps and its first letter to its concepts.
    beheaded: BTreeMap<String, Vec<usize>>,
}

impl Rough {
    fn of(names: &BTreeMap<String, usize>) -> Self {
        let mut rough = Self::default();
        for (name, place) in names {
            let joined = name.replace(' ', "");
            let rest: String = joined.chars().skip(1).collect();
            rough.beheaded.entry(rest).or_default().push(*place);
            rough.without_gaps.entry(joined).or_default().push(*place);
            rough.by_initials.entry(initials(name.split(' '))).or_default().push((name.clone(), *place));
        }
        rough
    }
}

impl Names {
    /// Adds all names of all concepts.
    ///
    /// # Errors
    /// [`LexiconError`]: two concepts share a name.
    pub fn index(&mut self, concepts: &[Concept]) -> Result<(), LexiconError> {
        for (place, concept) in concepts.iter().enumerate() {
            for name in concept.all_names() {
                self.add(&words(&name), place, concept)?;
            }
        }
        Ok(())
    }

    fn add(&mut self, words: &[String], place: usize, concept: &Concept) -> Result<(), LexiconError> {
        let name = words.join(" ");
        if !claim(&mut self.in_order, name, place, concept)? {
            claim(&mut self.in_any_order, bag(words), place, concept)?;
        }
        Ok(())
    }

    /// Notes that a name has several meanings.
    ///
    /// # Errors
    /// [`LexiconError`]: a concept has that name for itself.
    pub fn mark_ambiguous(&mut self, name: &str, meanings: &[String]) -> Result<(), LexiconError> {
        let key = bag(&words(name));
        if self.in_any_order.contains_key(&key) {
            return Err(LexiconError(format!("`{name}` is ambiguous and names a concept")));
        }
        self.ambiguous.insert(key, meanings.to_vec());
        Ok(())
    }

    /// The concept with exactly these words in this order.
    pub fn in_order(&self, words: &[String]) -> Option<usize> {
        self.in_order.get(&words.join(" ")).copied()
    }

    /// The concept with these words in this order, or with the same telling words in any order.
    pub fn same_words(&self, words: &[String]) -> Option<usize> {
        self.in_order(words).or_else(|| self.in_any_order.get(&bag(words)).copied())
    }

    /// The ids of the concepts that a name with several meanings may mean; empty for any other text.
    pub fn meanings(&self, words: &[String]) -> &[String] {
        self.ambiguous.get(&bag(words)).map_or(&[], Vec::as_slice)
    }

    /// The concepts with a name that differs from these words by no more than spelling, each perhaps more than once.
    /// Where there is one, names that have lost their first letter count as well, as rivals: "aronychia" is as near to
    /// paronychia as to anonychia.
    pub fn neighbours(&self, words: &[String]) -> Vec<usize> {
        let rough = self.rough.get_or_init(|| Rough::of(&self.in_order));
        let joined = words.concat();
        let gaps = rough.without_gaps.get(&joined).filter(|_| joined.len() > 4);
        let near = rough.by_initials.get(&initials(words.iter().map(String::as_str))).into_iter().flatten();
        let close = near.filter(|(name, _)| misspells(words, name)).map(|(_, place)| *place);
        let mut places: Vec<usize> = gaps.into_iter().flatten().copied().chain(close).collect();
        if !places.is_empty() {
            places.extend(rough.beheaded.get(&joined).into_iter().flatten());
        }
        places
    }

    /// All names in normal form with their concepts, in alphabetical order.
    #[cfg(test)]
    pub fn all(&self) -> &BTreeMap<String, usize> {
        &self.in_order
    }
}

/// The first letters of words. A misspelling keeps them.
fn initials<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.filter_map(|word| word.chars().next()).collect()
}

/// Gives a name to a concept, unless another has it; whether the concept had it already.
fn claim(
    names: &mut BTreeMap<String, usize>,
    name: String,
    place: usize,
    concept: &Concept,
) -> Result<bool, LexiconError> {
    match names.entry(name) {
        Entry::Vacant(free) => {
            free.insert(place);
            Ok(false)
        }
        Entry::Occupied(taken) if *taken.get() == place => Ok(true),
        Entry::Occupied(taken) => {
            Err(LexiconError(format!("`{}` names {} and another concept", taken.key(), concept.id)))
        }
    }
}
