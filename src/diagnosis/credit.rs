//! How much an answer is worth beside the truth: the same, a kind of it, a family it belongs to, or something else.

use serde::{Deserialize, Serialize};

use super::Lexicon;

/// What one concept is, seen from another. The four are told apart and never added up here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Credit {
    /// The same concept.
    Exact,
    /// A kind of it: "Spitz naevus" for melanocytic naevus.
    Child,
    /// A family that it belongs to: "tinea" for tinea pedis.
    Parent,
    /// Neither; kinds of one family get none.
    None,
}

impl Lexicon {
    /// What an answer is, seen from a truth. Both are ids; an unknown one is only ever the same as itself.
    #[must_use]
    pub fn credit(&self, answer: &str, truth: &str) -> Credit {
        match () {
            () if answer == truth => Credit::Exact,
            () if self.within(answer, truth) => Credit::Child,
            () if self.within(truth, answer) => Credit::Parent,
            () => Credit::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_a_kind_and_a_family_are_told_apart() {
        for (answer, truth, credit) in [
            ("melanoma", "melanoma", Credit::Exact),
            ("spitz_naevus", "melanocytic_naevus", Credit::Child),
            ("kerion", "tinea", Credit::Child),
            ("tinea", "tinea_pedis", Credit::Parent),
            ("skin_infection", "kerion", Credit::Parent),
            ("tinea_pedis", "tinea_corporis", Credit::None),
            ("melanoma", "melanocytic_naevus", Credit::None),
            ("nothing_known", "melanoma", Credit::None),
            ("nothing_known", "nothing_known", Credit::Exact),
        ] {
            assert_eq!(Lexicon::embedded().credit(answer, truth), credit, "{answer} for {truth}");
        }
    }
}
