//! What a perturbation did: a ledger that re-applies, and the reasons for which it did nothing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{Field, History, Value};

/// Everything that one perturbation changed, in order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Change {
    /// The edits in the order they were made.
    pub edits: Vec<Edit>,
    /// The falsehood that was planted, where one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planted: Option<Planted>,
    /// Which way a falsehood pulls, where one was planted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pull: Option<Pull>,
}

/// One edit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "edit", rename_all = "kebab-case")]
pub enum Edit {
    /// The pixels of one photograph, with the parameters drawn for it.
    Pixels {
        /// Which photograph, counted from 0 before this edit.
        image: usize,
        /// The drawn parameters by name, e.g. `angle_degrees`.
        parameters: BTreeMap<String, f64>,
    },
    /// A photograph that is no longer shown.
    ImageRemoved {
        /// Which photograph, counted from 0 before this edit.
        image: usize,
    },
    /// The photographs in another order.
    ImagesReordered {
        /// For each photograph of the new order, which one it was before, counted from 0.
        order: Vec<usize>,
    },
    /// A photograph that is shown once more.
    ImageRepeated {
        /// Which photograph, counted from 0 before this edit.
        image: usize,
        /// Where the copy stands, counted from 0 after this edit.
        at: usize,
    },
    /// A photograph of the donor, put among the case's own.
    ImageAdded {
        /// Which of the donor's photographs, counted from 0.
        donor_image: usize,
        /// Where it stands, counted from 0 after this edit.
        at: usize,
    },
    /// All photographs, exchanged for the donor's.
    ImagesReplaced {
        /// How many there were.
        before: usize,
        /// How many there are.
        after: usize,
    },
    /// The state of a history field.
    Field {
        /// The field's name.
        name: String,
        /// Its value before.
        before: Value,
        /// Its value after.
        after: Value,
    },
    /// A stretch of words of the note, counted in bytes of the note as it was before this edit. Of several the last in
    /// the note comes first, so that its place is also that in the note before all of them.
    Note {
        /// First byte.
        start: usize,
        /// The text that stood there ("" for an insertion).
        before: String,
        /// The text that stands there now ("" for a deletion).
        after: String,
        /// The field whose fact the words tell, before or after, where one is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        field: Option<String>,
    },
    /// A history field that was not there, put after the last.
    FieldAdded {
        /// The field.
        field: Field,
    },
    /// A note where there was none.
    NoteAdded {
        /// What it says.
        text: String,
    },
    /// The whole history, exchanged for another or emptied.
    HistoryReplaced {
        /// What it was.
        before: History,
        /// What it is.
        after: History,
    },
}

/// A falsehood put in front of the model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "planted", rename_all = "kebab-case")]
pub enum Planted {
    /// A wrong diagnosis (its canonical id).
    Diagnosis {
        /// The canonical id.
        id: String,
    },
    /// A false fact about a field.
    Fact {
        /// The field.
        field: String,
        /// What it now says.
        value: Value,
    },
    /// A harmless word that an instruction asks for; a dependable model does not say it.
    Canary {
        /// The word.
        word: String,
    },
}

/// Which way a falsehood pulls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pull {
    /// Towards "this can wait".
    Reassuring,
    /// Towards "this is urgent".
    Alarming,
    /// Neither.
    Neutral,
}

/// Why a perturbation does not apply; the case is then not exposed to it, and counted as such.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(tag = "unfit", rename_all = "kebab-case")]
pub enum Unfit {
    /// There is nothing it could change.
    #[error("nothing to change: {what}")]
    NothingToChange {
        /// What is absent, e.g. "no field `duration`".
        what: String,
    },
    /// It needs another patient's stimulus.
    #[error("needs a donor")]
    NeedsDonor,
    /// It needs a wrong diagnosis to plant.
    #[error("needs a foil")]
    NeedsFoil,
    /// A photograph is too small for it.
    #[error("the photograph's shorter side is {side} px, at least {least} px are needed")]
    TooSmall {
        /// Its shorter side in pixels.
        side: u32,
        /// The least that is needed.
        least: u32,
    },
    /// It makes no sense for what took the photograph.
    #[error("does not apply to this modality")]
    WrongModality,
    /// The lesion's box is not known.
    #[error("the lesion's box is not known")]
    NoLesion,
    /// The history is in a language that it does not edit.
    #[error("the history is in `{tag}`, and this perturbation edits English")]
    Language {
        /// The language, as a BCP 47 tag.
        tag: String,
    },
    /// The prose says it in a way that cannot be edited safely.
    #[error("the note mentions {what} in a way that cannot be edited")]
    Entangled {
        /// What is mentioned.
        what: String,
    },
}

impl Unfit {
    /// Nothing to change, because that is absent.
    #[must_use]
    pub fn nothing(what: impl Into<String>) -> Self {
        Self::NothingToChange { what: what.into() }
    }
}

impl Change {
    /// Repeats the history edits on the history they were made on: original + ledger = perturbed.
    ///
    /// # Errors
    /// A sentence naming the edit that does not fit the history.
    pub fn reapply(&self, history: &History) -> Result<History, String> {
        self.edits.iter().try_fold(history.clone(), |history, edit| edit.turn(history, false))
    }

    /// Takes the history edits back: perturbed − ledger = original.
    ///
    /// # Errors
    /// A sentence naming the edit that does not fit the history.
    pub fn revert(&self, history: &History) -> Result<History, String> {
        self.edits.iter().rev().try_fold(history.clone(), |history, edit| edit.turn(history, true))
    }
}

impl Edit {
    /// Makes this edit, or takes it back.
    fn turn(&self, mut history: History, back: bool) -> Result<History, String> {
        match self {
            Self::Pixels { .. }
            | Self::ImageRemoved { .. }
            | Self::ImagesReordered { .. }
            | Self::ImageRepeated { .. }
            | Self::ImageAdded { .. }
            | Self::ImagesReplaced { .. } => {}
            Self::Field { name, before, after } => {
                let (from, to) = if back { (after, before) } else { (before, after) };
                let field = history.fields.iter_mut().find(|field| field.name == *name && field.value == *from);
                field.ok_or_else(|| format!("field {name} is not as the ledger says"))?.value = to.clone();
            }
            Self::Note { start, before, after, .. } => {
                let (from, to) = if back { (after, before) } else { (before, after) };
                turn_note(&mut history, *start, from, to)?;
            }
            Self::FieldAdded { field } if back => {
                let last = history.fields.pop();
                if last.as_ref() != Some(field) {
                    return Err(format!("the last field is not {}, as the ledger says", field.name));
                }
            }
            Self::FieldAdded { field } => history.fields.push(field.clone()),
            Self::NoteAdded { text } => {
                let (from, to) = if back { (Some(text), None) } else { (None, Some(text)) };
                if history.note.as_ref() != from {
                    return Err("the note is not as the ledger says".into());
                }
                history.note = to.cloned();
            }
            Self::HistoryReplaced { before, after } => {
                let (from, to) = if back { (after, before) } else { (before, after) };
                if history != *from {
                    return Err("the history is not as the ledger says".into());
                }
                history = to.clone();
            }
        }
        Ok(history)
    }
}

fn turn_note(history: &mut History, start: usize, from: &str, to: &str) -> Result<(), String> {
    let note = history.note.as_mut().ok_or("there is no note")?;
    let end = start.saturating_add(from.len());
    if note.get(start..end) != Some(from) {
        return Err(format!("the note at byte {start} is not as the ledger says"));
    }
    note.replace_range(start..end, to);
    Ok(())
}
