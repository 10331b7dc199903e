//! Necessity: how much a history field matters for a diagnosis. It stands beside the truth, never in the stimulus.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much a field matters for a diagnosis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Necessity {
    /// Without it the diagnosis or its urgency cannot be told.
    Decisive,
    /// It speaks for or against the diagnosis.
    Supportive,
    /// It says nothing about the diagnosis: deleting or falsifying it must change nothing.
    Irrelevant,
}

/// What is declared for one diagnosis. Fields that are not named are undeclared: their loss is measured, never judged.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Needed {
    /// The diagnosis: a canonical id.
    pub diagnosis: String,
    /// Names of decisive fields.
    #[serde(default)]
    pub decisive: Vec<String>,
    /// Names of supportive fields.
    #[serde(default)]
    pub supportive: Vec<String>,
    /// Names of irrelevant fields.
    #[serde(default)]
    pub irrelevant: Vec<String>,
    /// Where it is said: a guideline, a textbook, a panel.
    pub source: String,
}

impl Needed {
    /// What is declared for a field.
    #[must_use]
    pub fn of(&self, field: &str) -> Option<Necessity> {
        let names = |list: &[String]| list.iter().any(|name| name == field);
        match () {
            () if names(&self.decisive) => Some(Necessity::Decisive),
            () if names(&self.supportive) => Some(Necessity::Supportive),
            () if names(&self.irrelevant) => Some(Necessity::Irrelevant),
            () => None,
        }
    }
}

/// What a case's fields are to it: the least harmless of what its accepted diagnoses say. A field is irrelevant to a
/// case only if every accepted diagnosis declares it so.
#[must_use]
pub fn of_case(table: &[Needed], accepted: &[&str], field: &str) -> Option<Necessity> {
    let said = |id: &&str| table.iter().find(|needed| needed.diagnosis == **id).and_then(|needed| needed.of(field));
    let all: Vec<Option<Necessity>> = accepted.iter().map(said).collect();
    let strongest = all.iter().flatten().min().copied();
    strongest.filter(|found| *found != Necessity::Irrelevant || all.iter().all(Option::is_some))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Vec<Needed> {
        let needed = |diagnosis: &str, decisive: &[&str], irrelevant: &[&str]| Needed {
            diagnosis: diagnosis.into(),
            decisive: decisive.iter().map(|name| (*name).to_owned()).collect(),
            irrelevant: irrelevant.iter().map(|name| (*name).to_owned()).collect(),
            ..Needed::default()
        };
        vec![needed("melanoma", &["evolution"], &["occupation", "itch"]), needed("eczema", &["itch"], &["occupation"])]
    }

    #[test]
    fn a_field_is_irrelevant_only_where_every_accepted_diagnosis_says_so() {
        let of = |accepted: &[&str], field: &str| of_case(&table(), accepted, field);
        assert_eq!(of(&["melanoma"], "itch"), Some(Necessity::Irrelevant));
        assert_eq!(of(&["melanoma", "eczema"], "itch"), Some(Necessity::Decisive));
        assert_eq!(of(&["melanoma", "eczema"], "occupation"), Some(Necessity::Irrelevant));
        assert_eq!(of(&["melanoma", "psoriasis"], "occupation"), None, "psoriasis says nothing");
        assert_eq!(of(&["melanoma"], "age"), None);
    }
}
