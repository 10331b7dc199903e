//! What a step of a scenario sets: a dose and parameters, checked against the card.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{Card, Grading, Level, Parameter, Takes, model_input};

/// A dose and parameters, by name.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Setting {
    /// The dose in the card's unit; graded corruptions need one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dose: Option<f64>,
    /// The other parameters.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub arguments: BTreeMap<String, Argument>,
    /// Shrink photographs first, so that their longer side has at most so many pixels, 32 to 16384: the size of a model's
    /// input. Only for corruptions of pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_input: Option<u32>,
}

/// The value of a parameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Argument {
    /// A number in the parameter's unit; shares are fractions (10 % is 0.1).
    Number(f64),
    /// A word or text.
    Text(String),
}

/// A setting that the card does not allow.
#[derive(Debug, Clone, PartialEq, Error)]
#[error("{}{why}", .key.as_ref().map(|key| format!("`{key}`: ")).unwrap_or_default())]
pub struct SettingError {
    /// The key at fault, where there is one.
    pub key: Option<String>,
    /// What is wrong with it and what would be right.
    pub why: String,
    /// The names that would have been allowed, for a suggestion.
    pub allowed: Vec<String>,
}

impl SettingError {
    /// An error about one key.
    #[must_use]
    pub fn at(key: &str, why: impl Into<String>) -> Self {
        Self { key: Some(key.into()), why: why.into(), allowed: Vec::new() }
    }
}

impl Setting {
    /// The setting of a level: the dose that the card lists for it, and no parameter.
    #[must_use]
    pub fn at(card: &Card, level: Level) -> Self {
        Self { dose: card.dose(level), ..Self::default() }
    }

    /// The same with one more parameter in words.
    #[must_use]
    pub fn with(mut self, key: &str, text: &str) -> Self {
        self.arguments.insert(key.into(), Argument::Text(text.into()));
        self
    }

    /// The text of a parameter, if it is set.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        match self.arguments.get(key) {
            Some(Argument::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The number of a parameter, if it is set.
    #[must_use]
    pub fn number(&self, key: &str) -> Option<f64> {
        match self.arguments.get(key) {
            Some(Argument::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// Checks the setting against a card: every key known, every value of its kind and in range, nothing missing.
    ///
    /// # Errors
    /// The first thing that the card does not allow.
    pub fn check(&self, card: &Card) -> Result<(), SettingError> {
        self.check_dose(card)?;
        self.model_input.map_or(Ok(()), |side| model_input::check(card, side))?;
        for (key, argument) in &self.arguments {
            let parameter = card.parameters.iter().find(|parameter| parameter.name == key);
            let parameter = parameter.ok_or_else(|| SettingError {
                key: Some(key.clone()),
                why: format!("{} has no such parameter", card.id),
                allowed: card.names(),
            })?;
            check_argument(parameter, argument)?;
        }
        let missing = card.parameters.iter().find(|p| p.required && !self.arguments.contains_key(p.name));
        missing.map_or(Ok(()), |parameter| {
            Err(SettingError::at(parameter.name, format!("{} needs it: {}", card.id, parameter.doc)))
        })
    }

    fn check_dose(&self, card: &Card) -> Result<(), SettingError> {
        match (card.grading, self.dose) {
            (Grading::Binary, None) => Ok(()),
            (Grading::Binary, Some(_)) => {
                Err(SettingError { key: None, why: format!("{} is not graded", card.id), allowed: card.names() })
            }
            (Grading::Graded { dose, .. }, None) => {
                Err(SettingError::at(dose, format!("{} needs a level or a dose", card.id)))
            }
            (Grading::Graded { range, .. }, Some(value)) if range.contains(value) => Ok(()),
            (Grading::Graded { dose, range, .. }, Some(value)) => {
                Err(SettingError::at(dose, format!("{value} is outside {} to {}", range.mildest, range.severest)))
            }
        }
    }
}

impl Card {
    /// The names that a step may set: the dose and the parameters.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let dose = match self.grading {
            Grading::Graded { dose, .. } => Some(dose),
            Grading::Binary => None,
        };
        dose.into_iter().chain(self.parameters.iter().map(|p| p.name)).map(String::from).collect()
    }
}

fn check_argument(parameter: &Parameter, argument: &Argument) -> Result<(), SettingError> {
    match (parameter.takes, argument) {
        (Takes::Number { min, max, .. }, Argument::Number(number)) => {
            if (min..=max).contains(number) {
                return Ok(());
            }
            Err(SettingError::at(parameter.name, format!("{number} is outside {min} to {max}")))
        }
        (Takes::Number { .. }, Argument::Text(_)) => Err(SettingError::at(parameter.name, "takes a number")),
        (Takes::Choice(words), Argument::Text(text)) if words.contains(&text.as_str()) => Ok(()),
        (Takes::Choice(words), _) => Err(SettingError {
            key: Some(parameter.name.into()),
            why: format!("takes one of {}", words.join(", ")),
            allowed: words.iter().map(ToString::to_string).collect(),
        }),
        (Takes::Field | Takes::Text, Argument::Text(_)) => Ok(()),
        (Takes::Field | Takes::Text, Argument::Number(_)) => Err(SettingError::at(parameter.name, "takes words")),
    }
}
