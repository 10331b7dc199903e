//! What a request asks and tells, read off its words and its schema alone, as any other model would have to.

use serde_json::Value;

use crate::protocol::Form;
use crate::request::Request;

/// What every contract says that lets a model abstain.
const MAY_ABSTAIN: &str = "does not allow a diagnosis";
/// What a forced choice says of the name to write.
const CHOICE: &str = "Diagnosis: one name from the list";
/// What stands above the words for urgency.
const URGENCY: &str = "most urgent first";
/// The longest list of diagnoses where the request states no limit.
const ENTRIES: usize = 5;

/// What a request asks and tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The form of the answer.
    pub form: Form,
    /// The most diagnoses of a list.
    pub entries: usize,
    /// Whether probabilities are asked for.
    pub probabilities: bool,
    /// Whether the model may abstain or ask for a new photograph.
    pub may_abstain: bool,
    /// The words for urgency, most urgent first; none when it is not asked for.
    pub scale: Vec<String>,
    /// The diagnoses that are offered, where there is a list.
    pub choices: Vec<String>,
    /// Fields of the history: label and value.
    pub fields: Vec<(String, String)>,
    /// All other words: note, question, what is said about the answer.
    pub prose: Vec<String>,
}

impl Question {
    /// Reads a request.
    #[must_use]
    pub fn read(request: &Request) -> Self {
        let schema = request.schema.as_ref().and_then(|schema| schema.get("properties"));
        let mut question = Self {
            form: form(&request.prompt, schema),
            entries: entries(&request.prompt, schema),
            probabilities: request.prompt.contains("probability"),
            may_abstain: request.prompt.contains(MAY_ABSTAIN),
            scale: Vec::new(),
            choices: Vec::new(),
            fields: Vec::new(),
            prose: Vec::new(),
        };
        let mut urgency = false;
        for line in request.prompt.lines() {
            match line.trim_start().strip_prefix("- ") {
                Some(item) => question.item(item, urgency),
                None => {
                    urgency = line.contains(URGENCY);
                    question.prose.push(line.to_owned());
                }
            }
        }
        question
    }

    /// One item of a list: a word for urgency, a key of the answer, a field of the history, or a diagnosis on offer.
    fn item(&mut self, item: &str, urgency: bool) {
        match item.split_once(": ") {
            Some((word, _)) if urgency => self.scale.push(word.to_owned()),
            Some((label, _)) if label.starts_with('"') => {}
            Some((label, value)) => self.fields.push((label.to_owned(), value.to_owned())),
            None => self.choices.push(item.trim().to_owned()),
        }
    }
}

fn form(prompt: &str, schema: Option<&Value>) -> Form {
    match schema {
        Some(_) => Form::Json,
        None if prompt.contains(CHOICE) => Form::ForcedChoice,
        None => Form::FreeText,
    }
}

/// The most diagnoses of a list: as the schema says, or as the words "at most 5" do.
fn entries(prompt: &str, schema: Option<&Value>) -> usize {
    let stated = schema.and_then(|schema| schema.get("differential")?.get("maxItems")?.as_u64());
    let stated = stated.and_then(|most| usize::try_from(most).ok());
    let said = || prompt.split("at most ").nth(1)?.split_whitespace().next()?.parse().ok();
    stated.or_else(said).unwrap_or(ENTRIES)
}

#[cfg(test)]
mod tests {
    use bedside_perturbations::{Field, History, Kind, Stimulus, Value};

    use super::*;
    use crate::cohort::Scale;
    use crate::library::{PROTOCOLS, protocol};
    use crate::request::Decoding;

    fn asked(id: &str) -> Question {
        let protocol = protocol(id).unwrap().unwrap();
        let field = |name: &str, value| Field { name: name.into(), kind: Kind::Other, value };
        let history = History {
            fields: vec![field("duration", Value::Stated("3 weeks".into())), field("family_history", Value::Unknown)],
            note: Some("Growing: for weeks.\n- not a field".into()),
        };
        let prompt = protocol
            .render(&Stimulus { history, ..Stimulus::default() }, &Scale::default(), &["melanoma", "psoriasis"])
            .prompt;
        let decoding = Decoding { temperature: None, max_tokens: 9, seed: None };
        let schema = protocol.answer_schema(&Scale::default());
        Question::read(&Request { system: String::new(), prompt, images: Vec::new(), schema, decoding, repeat: 0 })
    }

    #[test]
    fn what_every_protocol_asks_is_understood() {
        for entry in PROTOCOLS {
            let (contract, question) = (protocol(entry.id).unwrap().unwrap().contract, asked(entry.id));
            assert_eq!(question.form, contract.form, "{}", entry.id);
            assert_eq!(question.may_abstain, contract.may_abstain, "{}", entry.id);
            assert_eq!(question.probabilities, contract.probabilities, "{}", entry.id);
            assert_eq!(question.scale, ["emergency", "urgent", "soon", "routine"], "{}", entry.id);
            if contract.form != Form::ForcedChoice {
                assert_eq!(question.entries, contract.entries, "{}", entry.id);
            }
        }
        assert!(asked("forced-choice").choices.contains(&"psoriasis".to_owned()));
    }

    #[test]
    fn the_history_is_told_from_what_stands_around_it() {
        for entry in PROTOCOLS {
            let question = asked(entry.id);
            let told = |label: &str, value: &str| (label.to_owned(), value.to_owned());
            assert_eq!(question.fields, [told("Duration", "3 weeks"), told("Family history", "not known")]);
            assert!(question.prose.iter().any(|line| line.ends_with("Growing: for weeks.")), "{}", entry.id);
        }
    }
}
