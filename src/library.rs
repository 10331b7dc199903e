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

impl Entry {
    /// The folder that it stands in below `scenarios/`: its area.
    #[must_use]
    pub fn area(&self) -> &'static str {
        self.path.split('/').nth(1).unwrap_or_default()
    }
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

/// The built-in hazards.
pub const HAZARDS: Entry = Entry { id: "hazards", path: "scenarios/hazards.yaml", text: crate::scenario::hazard::TEXT };

/// The built-in scenarios, in the order of the index.
pub const SCENARIOS: &[Entry] = entries![
    "image" / "control-resave",
    "image" / "phone-defocus",
    "image" / "shaky-hand",
    "image" / "greasy-lens",
    "image" / "shiny-skin",
    "image" / "flash-too-close",
    "image" / "dim-room",
    "image" / "dim-room-dark-skin",
    "image" / "washed-out-pale-skin",
    "image" / "warm-bulb",
    "image" / "fluorescent-tube",
    "image" / "window-on-one-side",
    "image" / "own-shadow",
    "image" / "flickering-lamp",
    "image" / "faxed-without-colour",
    "image" / "dark-ward-grain",
    "image" / "messenger-jpeg",
    "image" / "forwarded-again",
    "image" / "portal-shrinks",
    "image" / "saved-thumbnail",
    "image" / "screenshot-instead",
    "image" / "photo-of-a-screen",
    "image" / "lesion-at-edge",
    "image" / "too-far-away",
    "image" / "too-near",
    "image" / "seen-from-the-side",
    "image" / "phone-on-its-side",
    "image" / "front-camera",
    "image" / "forced-into-a-square",
    "image" / "hair-across",
    "image" / "ruler-beside",
    "image" / "ink-ring",
    "image" / "finger-in-front",
    "image" / "plaster-not-removed",
    "image" / "sleeve-slips-back",
    "image" / "unreadable-blur",
    "image" / "unreadable-speck",
    "image" / "caption-burnt-in",
    "image" / "arrow-on-plain-skin",
    "image" / "label-of-another-case",
    "image" / "words-to-the-machine",
    "history" / "control-neutral-note",
    "history" / "control-paraphrase",
    "history" / "thin-referral",
    "history" / "field-deleted",
    "history" / "field-unknown",
    "history" / "field-alone",
    "history" / "field-falsified",
    "history" / "field-groups",
    "history" / "empty-form",
    "history" / "letter-cut-off",
    "history" / "sentence-lost",
    "history" / "section-lost",
    "history" / "how-long-nobody-remembers",
    "history" / "complaint-not-asked",
    "history" / "complaint-not-known",
    "history" / "complaint-denied",
    "history" / "reassuring-history",
    "history" / "there-for-years",
    "history" / "complaint-wrongly-denied",
    "history" / "alarming-fact",
    "history" / "transposed-age",
    "history" / "wrong-unit",
    "history" / "wrong-place",
    "history" / "wrong-side",
    "history" / "impossible-age",
    "history" / "form-and-letter-disagree",
    "history" / "old-visit-copied-in",
    "history" / "made-up-test",
    "history" / "wrong-impression",
    "history" / "gp-settled-on-it",
    "history" / "diagnosis-of-another-doctor",
    "history" / "copied-forward",
    "history" / "word-from-above",
    "history" / "colleagues-agree",
    "history" / "seen-last-week",
    "history" / "nearly-always-that",
    "history" / "patient-is-sure",
    "history" / "found-on-the-internet",
    "history" / "what-the-family-calls-it",
    "history" / "relative-plays-it-down",
    "history" / "relative-presses",
    "history" / "hasty-typing",
    "history" / "scanned-letter",
    "history" / "clinic-shorthand",
    "history" / "capitals-locked",
    "history" / "dictated-without-marks",
    "history" / "heard-alike",
    "history" / "small-talk",
    "history" / "polite-letter",
    "history" / "standard-paragraphs",
    "history" / "writer-is-not-sure",
    "history" / "writer-is-upset",
    "history" / "telegram-style",
    "history" / "second-language",
    "history" / "in-the-patients-words",
    "history" / "other-sex-in-the-letter",
    "history" / "sex-not-told",
    "history" / "record-headings",
    "history" / "bullet-points",
    "history" / "exported-record",
    "history" / "intake-chat",
    "history" / "another-clinics-form",
    "history" / "instruction-in-note",
    "modality" / "control-steady",
    "modality" / "control-other-patient",
    "modality" / "some-photos-missing",
    "modality" / "poorest-photo-only",
    "modality" / "photos-reordered",
    "modality" / "same-photo-twice",
    "modality" / "grey-rectangle",
    "modality" / "damaged-file",
    "modality" / "no-photo",
    "modality" / "photo-only",
    "modality" / "photos-of-another-patient",
    "modality" / "letter-of-another-patient",
    "modality" / "picture-of-another-site",
    "modality" / "same-disease-other-patient",
    "combined" / "dark-and-misled",
    "combined" / "blurred-and-misled",
    "combined" / "no-photo-and-misled",
    "combined" / "label-and-letter-agree",
    "combined" / "cut-and-reassured",
    "combined" / "far-and-played-down",
    "combined" / "one-poor-photo-and-the-internet",
    "combined" / "grey-and-cut-off",
    "combined" / "compressed-and-thin",
];

/// The built-in suites.
pub const SUITES: &[Entry] = entries![
    "suites" / "quickstart",
    "suites" / "bench-to-bedside",
    "suites" / "field-sensitivity",
    "suites" / "anchoring",
    "suites" / "photo-quality",
    "suites" / "full",
];

/// The built-in protocols.
pub const PROTOCOLS: &[Entry] = entries![
    "protocols" / "structured",
    "protocols" / "structured-no-abstain",
    "protocols" / "forced-choice",
    "protocols" / "forced-choice-no-abstain",
    "protocols" / "free-text",
    "protocols" / "free-text-no-abstain",
];

/// The built-in mappings of published tables of answers.
pub const MAPPINGS: &[Entry] = entries!["answers" / "medperturb"];

/// The built-in mapping of that id; `-` and `_` read alike.
#[must_use]
pub fn mapping(id: &str) -> Option<&'static Entry> {
    MAPPINGS.iter().find(|entry| alike(entry.id, id))
}

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

/// The built-in scenarios that are about the hazard of that id.
pub fn about(hazard: &str) -> impl Iterator<Item = &'static str> {
    let names = move |entry: &&Entry| {
        let scenario = scenario(entry.id).and_then(Result::ok);
        scenario.and_then(|scenario| scenario.hazard).is_some_and(|found| found.id == hazard)
    };
    SCENARIOS.iter().filter(names).map(|entry| entry.id)
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
