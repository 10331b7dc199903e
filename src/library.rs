//! The scenarios, suites and protocols that come with Bedside. They are part of the program, so they work anywhere.

use crate::protocol::Protocol;
use crate::scenario::{Scenario, Suite, validate};
use crate::suite::{self, Kind, Shelf, Source};
use crate::yaml::{Diagnostic, alike};

/// A built-in file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The id: the stem of the file.
    pub id: &'static str,
    /// The path below the project's root.
    pub path: &'static str,
    /// The text.
    pub text: &'static str,
}

/// Writes the list of entries from folders and ids.
macro_rules! entries {
    ($($folder:literal / $id:literal),* $(,)?) => {
        &[$(Entry {
            id: $id,
            path: concat!("scenarios/", $folder, "/", $id, ".yaml"),
            text: include_str!(concat!("../scenarios/", $folder, "/", $id, ".yaml")),
        }),*]
    };
}

/// The built-in scenarios, in the order of the index.
pub const SCENARIOS: &[Entry] = entries![
    "image" / "control-resave",
    "image" / "phone-defocus",
    "image" / "dim-room",
    "image" / "warm-bulb",
    "image" / "messenger-jpeg",
    "image" / "lesion-at-edge",
    "image" / "unreadable-blur",
    "history" / "control-neutral-note",
    "history" / "thin-referral",
    "history" / "wrong-impression",
    "history" / "reassuring-history",
    "modality" / "control-other-patient",
    "modality" / "no-photo",
    "combined" / "dark-and-misled",
];

/// The built-in suites.
pub const SUITES: &[Entry] = entries!["suites" / "quickstart"];

/// The built-in protocols.
pub const PROTOCOLS: &[Entry] = entries![
    "protocols" / "structured",
    "protocols" / "structured-no-abstain",
    "protocols" / "forced-choice",
    "protocols" / "forced-choice-no-abstain",
    "protocols" / "free-text",
    "protocols" / "free-text-no-abstain",
];

/// The built-in files of a kind.
#[must_use]
pub fn entries(kind: Kind) -> &'static [Entry] {
    match kind {
        Kind::Scenario => SCENARIOS,
        Kind::Suite => SUITES,
        Kind::Protocol => PROTOCOLS,
    }
}

/// The built-in file of that id; `-` and `_` read alike.
#[must_use]
pub fn find(kind: Kind, id: &str) -> Option<&'static Entry> {
    entries(kind).iter().find(|entry| alike(entry.id, id))
}

/// The built-in scenario of that id; `None` if there is none.
#[must_use]
pub fn scenario(id: &str) -> Option<Result<Scenario, Vec<Diagnostic>>> {
    find(Kind::Scenario, id).map(|entry| validate::scenario(entry.path, entry.text.as_bytes()))
}

/// The built-in suite of that id; `None` if there is none.
#[must_use]
pub fn suite(id: &str) -> Option<Result<Suite, Vec<Diagnostic>>> {
    find(Kind::Suite, id).map(|entry| suite::suite(entry.path, entry.text.as_bytes(), &Embedded))
}

/// The built-in protocol of that id; `None` if there is none.
#[must_use]
pub fn protocol(id: &str) -> Option<Result<Protocol, Vec<Diagnostic>>> {
    find(Kind::Protocol, id).map(|entry| Protocol::read(entry.path, entry.text.as_bytes()))
}

/// The shelf that holds what is built in, and nothing else.
#[derive(Debug, Clone, Copy, Default)]
pub struct Embedded;

impl Shelf for Embedded {
    fn find(&self, kind: Kind, name: &str) -> Option<Source> {
        find(kind, name).map(|entry| Source { name: entry.path.into(), bytes: entry.text.into() })
    }

    fn ids(&self, kind: Kind) -> Vec<String> {
        entries(kind).iter().map(|entry| entry.id.into()).collect()
    }
}

#[cfg(test)]
mod tests;
