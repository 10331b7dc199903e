//! Writing an instrument's answer in the form that the protocol asks for.

use serde_json::{Map, Value, json};

use super::Hint;
use super::stand::Stand;
use crate::protocol::Form;

/// What `indifferent` says of everything.
const CONSTANT: &str = "melanocytic naevus";

/// The text of the answer.
pub(super) fn write(stand: &Stand, hint: &Hint, notes: &str) -> String {
    match hint.form {
        Form::Json => object(stand, hint, notes).to_string(),
        Form::ForcedChoice => choice(stand, hint),
        Form::FreeText if notes.is_empty() => prose(stand, hint),
        Form::FreeText => format!("{}\n{notes}\n", prose(stand, hint)),
    }
}

fn object(stand: &Stand, hint: &Hint, notes: &str) -> Value {
    let entries: Vec<Value> = entries(stand, hint).into_iter().map(entry).collect();
    let mut answer = Map::new();
    answer.insert("differential".to_owned(), Value::Array(entries));
    if let Some(triage) = triage(stand) {
        answer.insert("triage".to_owned(), json!(triage));
    }
    if hint.may_abstain {
        answer.insert("abstain".to_owned(), json!(matches!(stand, Stand::Abstains { .. })));
        answer.insert("retake_photo".to_owned(), json!(matches!(stand, Stand::Abstains { retake: true })));
    }
    if !notes.is_empty() {
        answer.insert("notes".to_owned(), json!(notes));
    }
    Value::Object(answer)
}

fn entry((name, thousandths): (String, u32)) -> Value {
    json!({ "diagnosis": name, "probability": f64::from(thousandths) / 1000.0 })
}

fn choice(stand: &Stand, hint: &Hint) -> String {
    let first = entries(stand, hint).into_iter().next();
    first.map_or_else(|| refusal(stand), |(name, _)| name)
}

fn prose(stand: &Stand, hint: &Hint) -> String {
    let entries = entries(stand, hint);
    if entries.is_empty() {
        return refusal(stand);
    }
    let mut text = "Differential diagnosis, most likely first:\n".to_owned();
    for (rank, (name, thousandths)) in entries.iter().enumerate() {
        let percent = format!("{}.{}", thousandths / 10, thousandths % 10);
        text.push_str(&format!("{}. {name} ({percent} %)\n", rank + 1));
    }
    if let Some(triage) = triage(stand) {
        text.push_str(&format!("Triage: {triage}\n"));
    }
    text
}

fn refusal(stand: &Stand) -> String {
    let words = match stand {
        Stand::Abstains { retake: true } => {
            "I cannot give a diagnosis: the photograph is not good enough. Please retake the photograph."
        }
        _ => "I cannot give a diagnosis: there is not enough information.",
    };
    words.to_owned()
}

fn triage(stand: &Stand) -> Option<&str> {
    match stand {
        Stand::Commits { triage, .. } | Stand::Constant { triage } => triage.as_deref(),
        Stand::Abstains { .. } => None,
    }
}

/// Names with probabilities in thousandths: the confidence, then half of what is left for each further entry.
fn entries(stand: &Stand, hint: &Hint) -> Vec<(String, u32)> {
    let (list, confidence) = match stand {
        Stand::Commits { list, confidence, .. } => (list.iter().map(|id| name(id, hint)).collect(), *confidence),
        Stand::Constant { .. } => (vec![CONSTANT.to_owned()], 600),
        Stand::Abstains { .. } => (Vec::new(), 0),
    };
    let mut probability = confidence.clamp(350, 990);
    let mut left = 1000 - probability;
    let mut next = || {
        let this = probability;
        probability = left / 2;
        left -= probability;
        this
    };
    list.into_iter().map(|name| (name, next())).collect()
}

fn name(id: &str, hint: &Hint) -> String {
    hint.names.get(id).cloned().unwrap_or_else(|| id.replace('_', " "))
}

#[cfg(test)]
mod tests {
    use super::super::tests::hint;
    use super::*;

    fn commits() -> Stand {
        let list = vec!["melanoma".to_owned(), "naevus".to_owned(), "atopic_eczema".to_owned()];
        Stand::Commits { list, confidence: 820, triage: Some("urgent".to_owned()) }
    }

    #[test]
    fn json_in_the_protocols_form() {
        let value: Value = serde_json::from_str(&write(&commits(), &hint("a"), "")).unwrap();
        assert_eq!(
            value,
            json!({
                "differential": [
                    {"diagnosis": "MELANOMA", "probability": 0.82},
                    {"diagnosis": "NAEVUS", "probability": 0.09},
                    {"diagnosis": "atopic eczema", "probability": 0.045},
                ],
                "triage": "urgent", "abstain": false, "retake_photo": false,
            })
        );
    }

    #[test]
    fn what_the_protocol_does_not_offer_is_not_written() {
        let mut hint = hint("a");
        hint.may_abstain = false;
        let value: Value = serde_json::from_str(&write(&Stand::Constant { triage: None }, &hint, "")).unwrap();
        assert_eq!(value, json!({"differential": [{"diagnosis": CONSTANT, "probability": 0.6}]}));
    }

    #[test]
    fn prose_and_choice() {
        let mut hint = hint("a");
        hint.form = Form::FreeText;
        let text = write(&commits(), &hint, "");
        assert!(text.contains("1. MELANOMA (82.0 %)\n2. NAEVUS (9.0 %)\n"), "{text}");
        assert!(text.ends_with("Triage: urgent\n"), "{text}");
        assert!(write(&Stand::Abstains { retake: true }, &hint, "").contains("retake the photograph"));
        hint.form = Form::ForcedChoice;
        assert_eq!(write(&commits(), &hint, ""), "MELANOMA");
        assert!(write(&Stand::Abstains { retake: false }, &hint, "").contains("not enough information"));
    }

    #[test]
    fn probabilities_fall_and_sum_to_at_most_one() {
        for confidence in [0, 350, 500, 860, 1000] {
            let list = vec!["a".to_owned(), "b".to_owned(), "c".to_owned(), "d".to_owned()];
            let entries = entries(&Stand::Commits { list, confidence, triage: None }, &hint("a"));
            let probabilities: Vec<u32> = entries.iter().map(|(_, probability)| *probability).collect();
            assert!(probabilities.is_sorted_by(|a, b| a >= b), "{probabilities:?}");
            assert!(probabilities.iter().sum::<u32>() <= 1000);
        }
    }
}
