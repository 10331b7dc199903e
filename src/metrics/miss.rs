//! How a wrong leading diagnosis is wrong: a kind of what is accepted, a family of it, something else, or words that match
//! nothing. All four count as wrong wherever something is judged; they are told apart beside it and never added up.

use super::{Outcome, Seen};
use crate::diagnosis::{Credit, Lexicon};
use crate::reading::Diagnosis;

/// What a wrong leading diagnosis is, seen from the accepted ones; the nearest counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Miss {
    /// A kind of an accepted diagnosis: "Spitz naevus" for melanocytic naevus.
    Kind,
    /// A family that an accepted diagnosis belongs to: "tinea" for tinea pedis.
    Family,
    /// Another diagnosis.
    Other,
    /// Words that map to no concept.
    Unmapped,
}

impl Miss {
    /// All of them, in the order of the report.
    pub const ALL: [Self; 4] = [Self::Kind, Self::Family, Self::Other, Self::Unmapped];

    /// The word for it in the long table.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Family => "family",
            Self::Other => "other",
            Self::Unmapped => "unmapped",
        }
    }
}

impl Seen<'_> {
    /// How the answer is wrong; `None` unless its outcome is [`Outcome::Wrong`] and there is a reference to judge it by.
    #[must_use]
    pub fn miss(&self) -> Option<Miss> {
        if self.outcome() != Outcome::Wrong || !self.facts.truth.has_reference() {
            return None;
        }
        let Diagnosis::Known(answer) = &self.leading()?.diagnosis else { return Some(Miss::Unmapped) };
        let accepted = self.facts.truth.differential.iter().filter(|(_, weight)| *weight > 0.0);
        let nearest = accepted.map(|(truth, _)| Lexicon::embedded().credit(answer, truth)).min();
        Some(match nearest {
            Some(Credit::Child) => Miss::Kind,
            Some(Credit::Parent) => Miss::Family,
            // The same would have been right.
            Some(Credit::Exact | Credit::None) | None => Miss::Other,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{abstaining, melanoma, reading};
    use super::super::{Facts, Judged};
    use super::*;
    use crate::case::Truth;
    use crate::cohort::Scale;

    fn miss(accepted: &str, answer: &str) -> Option<Miss> {
        let differential = accepted.split_whitespace().map(|id| (id.to_owned(), 0.5)).collect();
        let (truth, scale) = (Truth { differential, ..melanoma() }, Scale::default());
        let reading =
            if answer.is_empty() { abstaining() } else { reading(&[(answer, 0.6), ("melanoma", 0.1)], "soon") };
        let seen = Seen { reading: &reading, facts: Facts::of(&truth, &scale) };
        assert!(seen.miss().is_none() || seen.right() != Judged::Event(true), "what is told apart is wrong");
        seen.miss()
    }

    #[test]
    fn a_kind_a_family_something_else_and_odd_words_are_told_apart() {
        for (accepted, answer, expected) in [
            ("melanocytic_naevus", "spitz_naevus", Some(Miss::Kind)),
            ("tinea_pedis", "tinea", Some(Miss::Family)),
            ("tinea_pedis", "tinea_corporis", Some(Miss::Other)),
            ("melanocytic_naevus", "melanoma", Some(Miss::Other)),
            ("melanocytic_naevus", "?odd words", Some(Miss::Unmapped)),
            ("melanocytic_naevus", "melanocytic_naevus", None),
            ("scabies melanocytic_naevus", "spitz_naevus", Some(Miss::Kind)),
            ("tinea_pedis skin_infection", "tinea", Some(Miss::Kind)),
            ("melanocytic_naevus", "", None),
            ("", "spitz_naevus", None),
        ] {
            assert_eq!(miss(accepted, answer), expected, "{answer} for {accepted:?}");
        }
    }
}
