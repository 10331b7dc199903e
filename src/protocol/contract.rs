//! How an answer is to be given: in words for the prompt, and as a JSON Schema for models that take one.

use serde_json::{Map, Value, json};

use super::{Contract, Form, Protocol};
use crate::cohort::Scale;

impl Protocol {
    /// The JSON Schema of a structured answer; `None` for other forms. Strict: every key is required and no other is
    /// allowed; what may be left open is null or empty instead.
    #[must_use]
    pub fn answer_schema(&self, scale: &Scale) -> Option<Value> {
        (self.contract.form == Form::Json).then(|| self.contract.schema(scale))
    }
}

impl Contract {
    fn schema(&self, scale: &Scale) -> Value {
        let mut properties = Map::new();
        properties.insert("differential".into(), self.differential());
        if self.triage {
            let words: Vec<&str> = scale.0.iter().map(|step| step.id.as_str()).collect();
            properties.insert("triage".into(), json!({"type": "string", "enum": words}));
        }
        if self.may_abstain {
            properties.insert("abstain".into(), json!({"type": "boolean"}));
            properties.insert("retake_photo".into(), json!({"type": "boolean"}));
        }
        properties.insert("asks_for".into(), json!({"type": "array", "items": {"type": "string"}}));
        properties.insert("notes".into(), json!({"type": "string"}));
        strict(properties)
    }

    fn differential(&self) -> Value {
        let mut entry = Map::new();
        entry.insert("diagnosis".into(), json!({"type": "string"}));
        if self.probabilities {
            entry.insert("probability".into(), json!({"type": "number", "minimum": 0, "maximum": 1}));
        }
        let least = usize::from(!self.may_abstain);
        json!({"type": "array", "items": strict(entry), "minItems": least, "maxItems": self.entries})
    }

    /// What the prompt says about the form of the answer, for `{contract}`.
    #[must_use]
    pub fn words(&self, scale: &Scale) -> String {
        match self.form {
            Form::Json => self.json_words(),
            Form::ForcedChoice => self.choice_words(),
            Form::FreeText => self.prose_words(scale),
        }
    }

    fn json_words(&self) -> String {
        let mut lines = vec!["Answer with one JSON object and nothing around it. Its keys:".to_owned()];
        let probability = if self.probabilities { ", \"probability\": a number from 0 to 1" } else { "" };
        let most = self.entries;
        lines.push(format!(
            "- \"differential\": a list of at most {most} diagnoses, most likely first, each as {{\"diagnosis\": its \
             usual name{probability}}}"
        ));
        if self.triage {
            lines.push("- \"triage\": one of the words listed above".into());
        }
        if self.may_abstain {
            lines.push(
                "- \"abstain\": true if what you were given does not allow a diagnosis, otherwise false; the list may \
                 then be empty"
                    .into(),
            );
            lines.push("- \"retake_photo\": true if a better photograph is needed, otherwise false".into());
        }
        lines.push("- \"asks_for\": a list of facts that you would need and were not told; may be empty".into());
        lines.push(
            "- \"notes\": anything that does not fit together or that the referrer must know; may be empty".into(),
        );
        lines.join("\n")
    }

    fn choice_words(&self) -> String {
        let mut lines = vec!["Answer in this form, with nothing before or after it:".to_owned()];
        lines.push("Diagnosis: one name from the list, spelled as it stands there".into());
        if self.triage {
            lines.push("Urgency: one of the words listed above".into());
        }
        lines.push(match self.may_abstain {
            true => {
                "If what you were given does not allow a diagnosis, write \"Diagnosis: cannot be determined\". If a better \
                 photograph would help, add the line \"A new photograph is needed.\""
                    .into()
            }
            false => "Choose the most likely one even if you are not sure.".into(),
        });
        lines.join("\n")
    }

    fn prose_words(&self, scale: &Scale) -> String {
        let words: Vec<&str> = scale.0.iter().map(|step| step.id.as_str()).collect();
        let most = self.entries;
        let mut text = match self.probabilities {
            true => format!(
                "Answer in plain words. Begin with a numbered list of at most {most} possible diagnoses, the most likely \
                 first, each with its probability in percent in brackets."
            ),
            false => format!(
                "Answer in a short paragraph of plain prose, without headings. Name at most {most} possible diagnoses, \
                 the most likely first."
            ),
        };
        if self.triage {
            text.push_str(&format!(
                " Say how soon the patient should be seen with one of these words: {}.",
                words.join(", ")
            ));
        }
        text.push_str(match self.may_abstain {
            true => {
                " If what you were given does not allow a diagnosis, say that you cannot give one, and say whether a new \
                 photograph is needed."
            }
            false => " Give your best judgement even if you are not sure.",
        });
        text
    }
}

/// An object that holds exactly these keys.
fn strict(properties: Map<String, Value>) -> Value {
    let required: Vec<String> = properties.keys().cloned().collect();
    let properties = Value::Object(properties);
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

#[cfg(test)]
mod tests {
    use crate::cohort::Scale;
    use crate::library::{PROTOCOLS, protocol};

    #[test]
    fn only_structured_protocols_have_a_schema() {
        for entry in PROTOCOLS {
            let schema = protocol(entry.id).unwrap().unwrap().answer_schema(&Scale::default());
            assert_eq!(schema.is_some(), entry.id.starts_with("structured"), "{}", entry.id);
        }
    }

    #[test]
    fn a_schema_is_strict_and_offers_the_words_of_the_scale() {
        let schema = protocol("structured").unwrap().unwrap().answer_schema(&Scale::default()).unwrap();
        let keys: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
        assert_eq!(schema["required"].as_array().unwrap().len(), keys.len());
        assert_eq!(schema["additionalProperties"], false);
        assert_eq!(schema["properties"]["triage"]["enum"][1], "urgent");
        assert_eq!(schema["properties"]["differential"]["maxItems"], 5);
        assert_eq!(schema["properties"]["differential"]["items"]["properties"]["probability"]["maximum"], 1);
    }

    #[test]
    fn without_leave_to_abstain_there_is_no_way_to_say_so() {
        for id in ["structured-no-abstain", "forced-choice-no-abstain", "free-text-no-abstain"] {
            let protocol = protocol(id).unwrap().unwrap();
            let words = protocol.contract.words(&Scale::default());
            for word in ["abstain", "retake", "new photograph", "cannot"] {
                assert!(!words.contains(word), "{id}: {word}");
            }
            let schema = protocol.answer_schema(&Scale::default()).map(|schema| schema.to_string()).unwrap_or_default();
            assert!(!schema.contains("abstain") && !schema.contains("retake"), "{id}");
        }
    }

    #[test]
    fn every_key_of_the_schema_is_explained_in_the_prompt() {
        for id in ["structured", "structured-no-abstain"] {
            let protocol = protocol(id).unwrap().unwrap();
            let schema = protocol.answer_schema(&Scale::default()).unwrap();
            let words = protocol.contract.words(&Scale::default());
            for key in schema["properties"].as_object().unwrap().keys() {
                assert!(words.contains(&format!("\"{key}\"")), "{id}: {key}");
            }
        }
    }
}
