//! From what a row says to a reading.

use super::cell::{self, folded};
use super::gather::{Said, Status};
use crate::answer::{Answer, Finish};
use crate::cohort::Scale;
use crate::diagnosis::{Adjudication, Lexicon, plain};
use crate::mapping::Kind;
use crate::protocol::{Contract, Form};
use crate::readers;
use crate::reading::{Diagnosis, Part, Ranked, Reading, Reason, Stance};
use crate::shift::Slot;

/// The most entries of a list that are kept.
const MOST: usize = 10;

/// What names of diagnoses are looked up in.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    /// The lexicon.
    pub lexicon: &'a Lexicon,
    /// What a person says that other words mean, where somebody did.
    pub rulings: Option<&'a Adjudication>,
}

impl Names<'_> {
    fn ruled(&self, diagnosis: Diagnosis) -> Diagnosis {
        match self.rulings {
            Some(rulings) => rulings.meaning(diagnosis),
            None => diagnosis,
        }
    }
}

/// How an answer ended and what it says.
#[must_use]
pub fn slot(said: &Said, kind: &Kind, names: Names<'_>) -> Slot {
    let planted = said.planted.as_deref().and_then(|words| canonical(words, kind, names));
    let planted = planted.and_then(|diagnosis| diagnosis.id().map(str::to_owned));
    let lost = |reason| Reading::missing(reason);
    let reading = match said.status {
        Status::Failed => return Slot::Failed { planted },
        Status::Refused => lost(Reason::Refused),
        Status::Truncated => lost(Reason::Truncated),
        Status::Unreadable => lost(Reason::Unreadable),
        Status::Ok if *kind == Kind::Text => text(&said.text, names),
        Status::Ok => ranked(said, kind, names).unwrap_or_else(|| lost(Reason::Unreadable)),
    };
    Slot::Read { reading, planted }
}

/// An answer in full, read as a model's is.
fn text(text: &str, names: Names<'_>) -> Reading {
    let answer = Answer { text: text.into(), finish: Finish::Complete, served: None, usage: None, attempts: 1 };
    let mut reading = readers::read(&answer, &contract(), &Scale::default(), names.lexicon);
    if let Some(rulings) = names.rulings {
        rulings.apply(&mut reading);
    }
    reading
}

/// The contract that answers in full are read by: prose, diagnoses only.
#[must_use]
pub fn contract() -> Contract {
    Contract { form: Form::FreeText, entries: MOST, may_abstain: true, triage: false, probabilities: true }
}

/// The entries of a cell, joined by `|` where there are several; nothing if one of them cannot be read.
fn ranked(said: &Said, kind: &Kind, names: Names<'_>) -> Option<Reading> {
    let mut list: Vec<Ranked> = Vec::new();
    for (place, words) in entries(&said.text, kind).enumerate() {
        let diagnosis = canonical(words, kind, names)?;
        if list.iter().all(|ranked| ranked.diagnosis != diagnosis) {
            list.push(Ranked { diagnosis, probability: said.probability.filter(|_| place == 0) });
        }
    }
    list.truncate(MOST);
    Some(Reading {
        differential: Part::Read(list),
        stance: Part::Read(Stance::Commits),
        triage: Part::NotAsked,
        ..Reading::missing(Reason::Unreadable)
    })
}

fn entries<'a>(text: &'a str, kind: &Kind) -> Box<dyn Iterator<Item = &'a str> + 'a> {
    match kind {
        Kind::Choice(_) | Kind::Diagnosis => Box::new(text.split('|').map(str::trim)),
        Kind::YesNo { .. } | Kind::Number(_) | Kind::Text => Box::new(std::iter::once(text)),
    }
}

/// The right answers of a cell, as they are judged; nothing if none can be read.
#[must_use]
pub fn truths(text: &str, kind: &Kind, names: Names<'_>) -> Vec<String> {
    let of = |words| canonical(words, kind, names).and_then(|diagnosis| diagnosis.id().map(str::to_owned));
    let mut list: Vec<String> = entries(text, kind).filter_map(of).collect();
    list.dedup();
    list
}

/// What a word is compared by.
fn canonical(words: &str, kind: &Kind, names: Names<'_>) -> Option<Diagnosis> {
    let known = |id: String| Some(Diagnosis::Known(id));
    match kind {
        Kind::YesNo { yes, no } => {
            cell::yes_no(words, yes, no).and_then(|said| known(if said { "yes" } else { "no" }.into()))
        }
        Kind::Choice(allowed) if allowed.is_empty() => (!words.is_empty()).then(|| Diagnosis::Known(folded(words))),
        Kind::Choice(allowed) => cell::choice(words, allowed).and_then(|word| known(folded(word))),
        Kind::Number(nearest) => number(words, *nearest).and_then(|number| known(number.to_string())),
        Kind::Diagnosis | Kind::Text => match names.lexicon.canonical(words) {
            Some(found) => known(found.id.into()),
            None => (!plain(words).is_empty()).then(|| names.ruled(Diagnosis::Unmapped(plain(words)))),
        },
    }
}

/// A finite number, rounded to a multiple of `nearest`; never minus nought.
fn number(words: &str, nearest: Option<f64>) -> Option<f64> {
    let number = cell::number(words)?;
    let rounded = nearest.map_or(number, |step| libm::round(number / step) * step);
    Some(rounded + 0.0)
}
