//! From what a model wrote to a concept.
//!
//! A text maps by *the same words* (in any order; without hedges such as "probable", qualifiers such as "early" and
//! a body site at the end), or by *spelling* (see [`super::spelling`] for the threshold) where no second concept would do
//! as well. A name with several meanings, a denial and a text whose brackets contradict it map to nothing.

use super::Lexicon;
use super::normal::{words, words_as_written};
use super::phrase::{brackets, denies, unqualified, without_hedges, without_site};

/// How a text maps to a concept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// By the same words.
    Exact,
    /// By a close spelling.
    Spelling,
}

/// A concept that a text maps to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match<'a> {
    /// The canonical id of what it is judged as: the concept itself, or what it is a variant of.
    pub id: &'a str,
    /// The id of the concept that was named, perhaps a variant.
    pub concept: &'a str,
    /// How it was found.
    pub how: How,
}

/// The longest text that can be one diagnosis, in bytes.
const LONGEST: usize = 200;
/// The longest abbreviation that is read inside a longer text, in letters.
const LONGEST_ABBREVIATION: usize = 4;

impl Lexicon {
    /// The concept that a text names, if it names exactly one.
    ///
    /// What stands in brackets may say the same in other words or narrow it; it is left out where it says neither. A denial
    /// ("not melanoma") names nothing.
    #[must_use]
    pub fn canonical(&self, text: &str) -> Option<Match<'_>> {
        if text.len() > LONGEST {
            return None;
        }
        if let Some(place) = self.same_words(text) {
            return self.found(place, How::Exact);
        }
        let Some((outside, inside)) = brackets(text) else { return self.single(text) };
        match (self.single(&outside), self.same_words(&inside)) {
            (Some(found), Some(place)) => self.narrower(found, place),
            (None, Some(place)) if !denies(&words(&outside)) => self.found(place, How::Exact),
            (found, _) => found.or_else(|| self.single(text)),
        }
    }

    /// The ids of the concepts that a name with several meanings may mean; empty for any other text.
    #[must_use]
    pub fn meanings(&self, text: &str) -> &[String] {
        self.names.meanings(&words(text))
    }

    /// The concept that a text without brackets names.
    fn single(&self, text: &str) -> Option<Match<'_>> {
        let form = without_hedges(&words(text));
        if denies(&form) {
            return None;
        }
        let joined = without_hedges(&words(&text.replace('-', "")));
        let exact = [&form, &joined, &self.expanded(&form)].into_iter().find_map(|form| self.described(form));
        if let Some(place) = exact {
            return self.found(place, How::Exact);
        }
        let written = without_hedges(&words_as_written(text));
        self.found(self.spelled(&[form, written])?, How::Spelling)
    }

    /// The concept with the words of a text, in any order, whether or not hyphens part words.
    fn same_words(&self, text: &str) -> Option<usize> {
        let names = |text: &str| self.names.same_words(&words(text));
        names(text).or_else(|| names(&text.replace('-', "")))
    }

    /// Words with each abbreviation that is a name replaced by the name in full: "oral LP" is oral lichen planus.
    fn expanded(&self, form: &[String]) -> Vec<String> {
        let full = |word: &String| match self.names.in_order(core::slice::from_ref(word)) {
            Some(place) if word.len() <= LONGEST_ABBREVIATION => {
                self.concepts().get(place).map_or_else(Vec::new, |concept| words(&concept.name))
            }
            _ => vec![word.clone()],
        };
        form.iter().flat_map(full).collect()
    }

    /// The narrower of two concepts, if one is a kind of the other.
    fn narrower<'a>(&'a self, found: Match<'a>, place: usize) -> Option<Match<'a>> {
        let other = self.found(place, How::Exact)?;
        match () {
            () if self.within(found.concept, other.concept) => Some(found),
            () if self.within(other.concept, found.concept) => Some(other),
            () => None,
        }
    }

    /// The concept with these words, once a site at the end and qualifiers are taken off.
    fn described(&self, words: &[String]) -> Option<usize> {
        let head = without_site(words);
        let names = |form: &[String]| self.names.same_words(form);
        [words, head].iter().find_map(|form| names(form).or_else(|| names(&unqualified(form))))
    }

    /// The only concept within reach of a misspelling, in normal form or as written.
    fn spelled(&self, forms: &[Vec<String>; 2]) -> Option<usize> {
        let bare = forms.each_ref().map(|form| unqualified(without_site(form)));
        self.only_neighbour(forms).or_else(|| (bare != *forms).then(|| self.only_neighbour(&bare)).flatten())
    }

    /// The only concept with a name that differs from one of these forms by no more than spelling; for several variants of
    /// one diagnosis, that diagnosis.
    fn only_neighbour(&self, forms: &[Vec<String>; 2]) -> Option<usize> {
        let [form, written] = forms;
        let other = Some(written).filter(|written| *written != form);
        let places: Vec<usize> =
            core::iter::once(form).chain(other).flat_map(|form| self.names.neighbours(form)).collect();
        let first = *places.first()?;
        if places.iter().all(|place| *place == first) {
            return Some(first);
        }
        let judged = |place: &usize| self.concepts().get(*place).map(|concept| self.judged_as(&concept.id));
        let diagnosis = judged(&first)?;
        let agree = places.iter().all(|place| judged(place) == Some(diagnosis));
        self.ids.get(diagnosis).copied().filter(|_| agree)
    }

    fn found(&self, place: usize, how: How) -> Option<Match<'_>> {
        let concept = self.concepts().get(place)?;
        Some(Match { id: self.judged_as(&concept.id), concept: &concept.id, how })
    }
}

#[cfg(test)]
#[path = "matching_tests.rs"]
mod tests;
