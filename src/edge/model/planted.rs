//! Instruments: models with a *known* weakness, to show that the whole path from shift to verdict finds it.
//!
//! An instrument sees the request and, beyond it, only a [`Hint`]: what the run knows of that request (truth, what the
//! photographs show, what was planted). Hints stand in a [`Briefing`], keyed by request digest, which the run gets
//! together with the instrument and no other model can reach. See [`nature`] for what each instrument does, with its
//! true rates; `stand.rs` decides an answer and `words.rs` writes it in the form that the protocol asks for.
//!
//! Randomness is a function of (seed, case), of (seed, case, request digest) or of (seed, request digest, repeat), as
//! written beside each instrument. Chances are integers in parts per billion. Nothing depends on clock, order or
//! threads, so the same requests give the same answers on every machine.

pub mod nature;
pub mod share;
mod stand;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;

use self::nature::Nature;
use self::stand::Bench;
use super::{Model, ModelCard, Repeatable, lock};
use crate::answer::{Answer, Failure, Finish, ModelError};
use crate::protocol::Form;
use crate::request::Request;

/// What the run knows of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// The case's key: what is fixed per case is drawn from it.
    pub case: String,
    /// Accepted diagnoses, canonical ids.
    pub accepted: Vec<String>,
    /// The leading accepted diagnosis.
    pub leading: String,
    /// The right urgency.
    pub triage: String,
    /// The urgency scale, most urgent first; empty when the protocol does not ask for urgency.
    pub triage_scale: Vec<String>,
    /// Diagnoses that must be on any list for this case.
    pub must_consider: Vec<String>,
    /// The name to write for each id; the same table for all cases.
    pub names: Arc<BTreeMap<String, String>>,
    /// The cohort's other diagnoses, to err towards; accepted ones are passed over.
    pub others: Arc<Vec<String>>,
    /// The leading diagnosis of the case whose photographs are shown; `None` when none is shown.
    pub images_show: Option<String>,
    /// The highest level of the steps that changed the photographs: 0 clean, 1–5, 6 beyond ungradable.
    pub image_level: u8,
    /// The leading diagnosis of the case whose history is told; `None` when nothing is told.
    pub history_tells: Option<String>,
    /// How many history values are known now, and how many are known when the history is clean.
    pub told: (u32, u32),
    /// Names of the history fields that differ from the clean case (deleted or falsified).
    pub changed_fields: BTreeSet<String>,
    /// The wrong diagnosis that was planted.
    pub planted: Option<String>,
    /// Whether the words or the photographs differ from the control's, in whatever way; shams differ too.
    pub altered: bool,
    /// Whether the protocol lets the model abstain or ask for a new photograph.
    pub may_abstain: bool,
    /// The form in which the answer is to be written.
    pub form: Form,
}

/// The table of hints, keyed by request digest. A hint stays until as many asks have taken it as told it.
#[derive(Debug, Default)]
pub struct Briefing {
    table: Mutex<BTreeMap<String, Entry>>,
}

#[derive(Debug)]
struct Entry {
    hint: Arc<Hint>,
    asks: u32,
}

impl Briefing {
    /// Tells the instrument what is known of the request with that digest; to be called once before each ask.
    ///
    /// The same bytes are the same question: while a hint for that digest waits to be taken, a later one for the same
    /// digest only adds an ask.
    pub fn tell(&self, digest: &str, hint: Hint) {
        let mut table = lock(&self.table);
        let entry = table.entry(digest.to_owned()).or_insert_with(|| Entry { hint: Arc::new(hint), asks: 0 });
        entry.asks = entry.asks.saturating_add(1);
    }

    /// Takes back one [`Briefing::tell`]: for an ask that will not be made after all.
    pub fn forget(&self, digest: &str) {
        let _ = self.take(digest);
    }

    /// How many requests wait to be asked.
    #[must_use]
    pub fn waiting(&self) -> usize {
        lock(&self.table).len()
    }

    fn take(&self, digest: &str) -> Option<Arc<Hint>> {
        let mut table = lock(&self.table);
        let entry = table.get_mut(digest)?;
        entry.asks = entry.asks.saturating_sub(1);
        let hint = Arc::clone(&entry.hint);
        if entry.asks == 0 {
            table.remove(digest);
        }
        Some(hint)
    }
}

/// An instrument.
#[derive(Debug)]
pub struct Planted {
    nature: Nature,
    seed: u64,
    card: ModelCard,
    briefing: Arc<Briefing>,
}

impl Planted {
    /// The instrument of that nature, and the table through which the run briefs it.
    #[must_use]
    pub fn new(nature: Nature, seed: u64) -> (Self, Arc<Briefing>) {
        let briefing = Arc::new(Briefing::default());
        let card = card(&nature);
        (Self { nature, seed, card, briefing: Arc::clone(&briefing) }, briefing)
    }
}

fn card(nature: &Nature) -> ModelCard {
    ModelCard {
        id: format!("planted:{nature}"),
        name: nature.to_string(),
        endpoint: String::new(),
        instrument: true,
        repeatable: Repeatable::Everywhere,
        takes_real_cases: true,
        price: None,
        tokens_per_image: None,
    }
}

#[async_trait]
impl Model for Planted {
    fn card(&self) -> &ModelCard {
        &self.card
    }

    async fn ask(&self, request: &Request) -> Result<Answer, ModelError> {
        let digest = request.digest();
        let hint = self.briefing.take(&digest).ok_or_else(unbriefed)?;
        let bench =
            Bench { seed: self.seed, hint: &hint, prompt: &request.prompt, digest: &digest, repeat: request.repeat };
        let stand = bench.stand(&self.nature).ok_or_else(nothing_to_err_towards)?;
        Ok(Answer {
            text: words::write(&stand, &hint, &bench.notes(&self.nature)),
            finish: Finish::Complete,
            served: Some(self.card.id.clone()),
            usage: None,
            attempts: 1,
        })
    }
}

fn unbriefed() -> ModelError {
    let message = "a planted instrument was asked a request that it was not briefed about".to_owned();
    ModelError { kind: Failure::Rejected, message, attempts: 1 }
}

fn nothing_to_err_towards() -> ModelError {
    let message = "a planted instrument has no wrong diagnosis to err towards: the cohort knows only accepted ones";
    ModelError { kind: Failure::Unsuitable, message: message.to_owned(), attempts: 1 }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A clean melanoma with full history.
    pub fn hint(case: &str) -> Hint {
        let names = ["melanoma", "naevus", "eczema", "psoriasis", "scabies"];
        let owned = |list: &[&str]| list.iter().map(|&id| id.to_owned()).collect::<Vec<_>>();
        Hint {
            case: case.to_owned(),
            accepted: owned(&["melanoma"]),
            leading: "melanoma".to_owned(),
            triage: "urgent".to_owned(),
            triage_scale: owned(&["emergency", "urgent", "soon", "routine"]),
            must_consider: owned(&["melanoma"]),
            names: Arc::new(names.iter().map(|&id| (id.to_owned(), id.to_uppercase())).collect()),
            others: Arc::new(owned(&names)),
            images_show: Some("melanoma".to_owned()),
            image_level: 0,
            history_tells: Some("melanoma".to_owned()),
            told: (8, 8),
            changed_fields: BTreeSet::new(),
            planted: None,
            altered: false,
            may_abstain: true,
            form: Form::Json,
        }
    }

    #[test]
    fn a_hint_stays_until_every_ask_that_was_told_has_taken_it() {
        let briefing = Briefing::default();
        briefing.tell("d", hint("a"));
        briefing.tell("d", hint("b"));
        assert_eq!(briefing.take("d").map(|hint| hint.case.clone()), Some("a".to_owned()));
        assert_eq!(briefing.waiting(), 1);
        assert_eq!(briefing.take("d").map(|hint| hint.case.clone()), Some("a".to_owned()));
        assert_eq!(briefing.waiting(), 0);
        assert_eq!(briefing.take("d"), None);
        briefing.tell("d", hint("c"));
        briefing.forget("d");
        briefing.forget("d");
        assert_eq!(briefing.waiting(), 0);
    }
}
