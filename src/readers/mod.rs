//! From an answer to a reading: no model, no clock, no truth.
//!
//! One way for all forms of answer: what a model thinks aloud is set aside; JSON is looked for (alone, fenced or amid
//! chatter; of several objects the last that answers); without any, prose is read (lists, tables, labelled lines,
//! sentences). Both give a draft, which is then mapped and judged into the one [`Reading`].
//!
//! Decisions that change numbers:
//! * An answer cut short is readable only where a complete JSON object came before the cut. A list in prose that was
//!   cut short cannot be told from a short list, so it is missing ([`Reason::Truncated`]).
//! * An answer that declines because of its input abstains, with an empty differential. One that declines for
//!   another reason is missing ([`Reason::Refused`]). One that gives neither a diagnosis nor a reason is missing
//!   ([`Reason::Unreadable`]), whatever else it says.
//! * Written order ranks; probabilities never do. A diagnosis named twice keeps its better rank. What maps to no
//!   concept keeps its rank, and counts towards K.
//! * A triage level that was asked for and is absent or ambiguous is missing ([`Reason::Unreadable`]), also in an
//!   answer that abstains.

mod item;
mod json;
mod ordered;
mod prose;
mod statements;
mod triage;
mod unknown;
mod wants;
mod words;

pub use statements::{denies, takes_up};
pub use unknown::doubts_that_exists;

use std::collections::BTreeSet;

use crate::answer::{Answer, Finish};
use crate::cohort::Scale;
use crate::diagnosis::Lexicon;
use crate::protocol::Contract;
use crate::reading::{Ask, Challenge, Diagnosis, Part, Ranked, Reading, Reason, Says, Stance};

/// What an answer seems to say, before it is mapped and judged.
#[derive(Debug, Clone, PartialEq, Default)]
struct Draft {
    /// Diagnoses in written order.
    entries: Vec<Entry>,
    /// The words about urgency.
    triage: Option<String>,
    /// Whether it says in so many words that it abstains.
    abstains: bool,
    /// Whether it says in so many words that the model declines to answer at all.
    refuses: bool,
    /// What it asks for, by field.
    asks: BTreeSet<Ask>,
    /// What it doubts, by field.
    challenges: BTreeSet<Challenge>,
    /// What it doubts, in the words of that field.
    doubts: Vec<String>,
    /// Everything else that it says.
    notes: String,
}

/// One diagnosis of a draft.
#[derive(Debug, Clone, PartialEq)]
struct Entry {
    name: String,
    probability: Option<f64>,
}

/// Reads an answer. Never fails: what cannot be read is missing, with its reason.
#[must_use]
pub fn read(answer: &Answer, contract: &Contract, scale: &Scale, lexicon: &Lexicon) -> Reading {
    if answer.finish == Finish::Refused {
        return Reading::missing(Reason::Refused);
    }
    let cut = answer.finish == Finish::Truncated;
    let lost = if cut { Reason::Truncated } else { Reason::Unreadable };
    let text = words::spoken(&answer.text);
    let draft = match json::find(text, lexicon) {
        json::Found::Answer(draft) => draft,
        json::Found::Nothing if !cut => prose::draft(&words::unfenced(text), lexicon),
        json::Found::Nothing | json::Found::Broken => return Reading::missing(lost),
    };
    let mut reading = settle(draft, contract, scale, lexicon).unwrap_or_else(Reading::missing);
    if reading.lost().is_none() && statements::describes_a_photograph(text) {
        reading.says.insert(Says::Finding);
    }
    reading
}

/// Turns a draft into a reading.
fn settle(draft: Draft, contract: &Contract, scale: &Scale, lexicon: &Lexicon) -> Result<Reading, Reason> {
    let undetermined = draft.entries.first().is_some_and(|entry| words::undetermined(&entry.name));
    let list = differential(&draft.entries, contract.entries, lexicon);
    let asks: BTreeSet<Ask> = draft.asks.iter().cloned().chain(wants::asks(&draft.notes)).collect();
    let declines = draft.abstains || undetermined || asks.contains(&Ask::Retake) || words::declines(&draft.notes);
    let refuses = draft.refuses || words::refuses(&draft.notes);
    let stance = match (list.is_empty(), declines, refuses) {
        (true, _, true) if !draft.abstains => return Err(Reason::Refused),
        (true, true, _) => Stance::Abstains,
        (true, false, _) => return Err(Reason::Unreadable),
        (false, ..) if draft.abstains => Stance::Abstains,
        (false, ..) if undetermined || words::hedges(&draft.notes) => Stance::Hedges,
        (false, ..) => Stance::Commits,
    };
    Ok(Reading {
        differential: Part::Read(list),
        triage: urgency(draft.triage.as_deref(), contract, scale),
        stance: Part::Read(stance),
        asks,
        challenges: draft.challenges.into_iter().chain(wants::challenges(&draft.notes)).collect(),
        says: BTreeSet::new(),
    })
}

/// The diagnoses as concepts, each once, at most K.
fn differential(entries: &[Entry], most: usize, lexicon: &Lexicon) -> Vec<Ranked> {
    let mut list: Vec<Ranked> = Vec::new();
    for entry in entries.iter().filter(|entry| !words::undetermined(&entry.name) && !words::blank(&entry.name)) {
        let diagnosis = match lexicon.canonical(&entry.name) {
            Some(found) => Diagnosis::Known(found.id.into()),
            None => Diagnosis::Unmapped(crate::diagnosis::plain(&entry.name)),
        };
        if list.iter().all(|ranked| ranked.diagnosis != diagnosis) {
            list.push(Ranked { diagnosis, probability: entry.probability });
        }
    }
    list.truncate(most);
    list
}

/// The urgency, if it was asked for.
fn urgency(said: Option<&str>, contract: &Contract, scale: &Scale) -> Part<String> {
    if !contract.triage {
        return Part::NotAsked;
    }
    said.and_then(|said| triage::level(said, scale)).map_or(Part::Missing(Reason::Unreadable), Part::Read)
}

#[cfg(test)]
mod forms;
#[cfg(test)]
mod meanings;
#[cfg(test)]
mod tests;
