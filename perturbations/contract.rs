//! The conformance suite: what every perturbation must keep, in or out of the catalogue.
//!
//! ```
//! use bedside_perturbations::{catalogue::Entry, contract::Contract, sham::reencode::Reencode};
//!
//! // Your own operator in place of `Reencode`; if it is not graded, `.allow_binary("its_id")`.
//! let violations = Contract::new().check(&Entry::of::<Reencode>());
//! assert!(violations.is_empty(), "{violations:?}");
//! ```

mod attempt;
mod gradable;
mod ledger;
mod measure;
mod monotone;
mod panel;
mod rules;
mod settings;

#[cfg(test)]
mod broken;

use core::fmt;

pub use self::attempt::FOIL;
pub use self::measure::quantity;
pub use self::panel::{Sample, panel, photograph};
use self::rules::Trial;
use crate::catalogue::Entry;
use crate::{Grading, Stimulus};

/// The suite: its panel of synthetic stimuli, and which operators may be on/off.
#[derive(Debug, Clone)]
pub struct Contract {
    panel: Vec<Sample>,
    donor: Stimulus,
    binary: Vec<&'static str>,
}

/// Operators of the catalogue that are on/off by nature. The list is closed: what can be graded is graded.
const BINARY: &[&str] = &[
    "identity",
    "reencode",
    "greyscale",
    "mirror",
    "drop_field",
    "drop_all",
    "drop_sentence",
    "drop_section",
    "drop_all_but",
    "blank_value",
    "absent_as_no",
    "contradict",
    "transposed_digits",
    "wrong_unit",
    "impossible_value",
    "internal_contradiction",
    "fabricated_entity",
    "foil_impression",
    "prior_diagnosis",
    "self_diagnosis",
    "recency",
    "confirmation",
    "frequency",
    "status_quo",
    "false_consensus",
    "authority",
    "patient_online_source",
    "minimising_relative",
    "alarming_relative",
    "cultural",
    "casing",
    "neutral_sentence",
    "first_person",
    "demographics_removed",
    "demographics_swapped",
    "soap",
    "bullet_list",
    "json",
    "chat_turns",
    "field_order",
    "stale_copy",
    "instruction_in_note",
    "no_image",
    "wrong_image",
    "keep_worst",
    "reorder",
    "duplicate",
    "add_other_site",
    "blank_grey",
    "noise_image",
    "no_history",
    "wrong_history",
];

/// A rule that was broken, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The operator.
    pub id: &'static str,
    /// The rule.
    pub rule: Rule,
    /// On what, and what happened instead.
    pub what: String,
}

/// What every perturbation must keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// Every printed fact is there, and the five doses lie in range and go one way. Where a photograph's gradability is judged,
    /// every modality to which it applies has a limit for every skin tone, and what a limit rests on is told.
    CompleteCard,
    /// On/off operators are on the closed list.
    ClosedList,
    /// A setting written as JSON and read back is the same setting.
    SettingSurvives,
    /// Doses out of range, unknown keys and wrong values are refused; what the card allows is not.
    ChecksSettings,
    /// No panic, whatever the stimulus.
    NeverPanics,
    /// The same stimulus, setting and stream give the same bytes and the same ledger.
    SameSeedSameBytes,
    /// It changes something and says so, or it is unfit and the stimulus is as it was. (`identity` changes nothing.)
    ChangesOrIsUnfit,
    /// What the card does not name as target stays identical.
    LeavesTheRestAlone,
    /// The ledger names exactly what differs, re-applies, reverts, and survives JSON.
    LedgerMatches,
    /// Lesion boxes lie inside their photographs.
    BoxInside,
    /// Only the selected photographs change.
    RespectsSelection,
    /// It asks for the donor or foil that its card names, and uses no other.
    SaysWhatItNeeds,
    /// All levels of a draw share what was drawn (angle, side).
    SharesDraws,
    /// The card's quantity never falls from level to level on any photograph, and rises in the panel's mean.
    Monotone,
    /// At least one stimulus of the panel is fit for it.
    FitsSomething,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} breaks {:?}: {}", self.id, self.rule, self.what)
    }
}

impl Default for Contract {
    fn default() -> Self {
        Self::new()
    }
}

impl Contract {
    /// The suite as it runs on the catalogue.
    #[must_use]
    pub fn new() -> Self {
        Self { panel: panel(), donor: panel::donor(), binary: BINARY.to_vec() }
    }

    /// The same suite, accepting that this operator is on/off.
    #[must_use]
    pub fn allow_binary(mut self, id: &'static str) -> Self {
        self.binary.push(id);
        self
    }

    /// Everything that the operator does wrong; nothing when it conforms.
    #[must_use]
    pub fn check(&self, entry: &Entry) -> Vec<Violation> {
        let mut found = Vec::new();
        rules::card(entry, &mut found);
        gradable::check(self, entry, &mut found);
        settings::checked(entry, &mut found);
        self.listed(entry, &mut found);
        let before = found.len();
        let mut fit = false;
        for setting in settings::all(entry, &self.panel) {
            for sample in &self.panel {
                for draw in 0..2 {
                    fit |= Trial { contract: self, entry, setting: &setting, sample, draw }.check(&mut found);
                }
            }
        }
        if !fit && found.len() == before {
            found.push(violation(entry, Rule::FitsSomething, "unfit for every stimulus of the panel"));
        }
        monotone::check(self, entry, &mut found);
        found
    }

    fn listed(&self, entry: &Entry, found: &mut Vec<Violation>) {
        if entry.card.grading == Grading::Binary && !self.binary.contains(&entry.card.id) {
            found.push(violation(entry, Rule::ClosedList, "on/off, but not on the list of those that may be"));
        }
    }
}

fn violation(entry: &Entry, rule: Rule, what: impl Into<String>) -> Violation {
    Violation { id: entry.card.id, rule, what: what.into() }
}
