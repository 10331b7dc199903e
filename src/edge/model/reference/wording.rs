//! Writing a judgement in the form that was asked for.

use serde_json::{Map, Value, json};

use super::judgement::Judgement;
use super::question::Question;
use crate::diagnosis::Lexicon;
use crate::protocol::Form;

/// Probabilities below this many thousandths are not worth an entry of a list.
const LEAST: u64 = 5;

/// The text of the answer. A model that abstains names no diagnosis, but says how soon the patient should be seen.
#[must_use]
pub fn write(judgement: &Judgement, question: &Question, lexicon: &Lexicon) -> String {
    let abstains = judgement.abstains && question.may_abstain;
    let stand = Stand {
        named: if abstains { Vec::new() } else { named(judgement, question, lexicon) },
        urgency: urgency(judgement.urgency, &question.scale),
        retake: abstains && judgement.retake,
    };
    match question.form {
        Form::Json => stand.object(question).to_string(),
        Form::ForcedChoice => stand.choice(),
        Form::FreeText => stand.prose(question),
    }
}

/// What is said.
struct Stand {
    /// Names with thousandths; none when abstaining.
    named: Vec<(String, u64)>,
    urgency: Option<String>,
    retake: bool,
}

/// The diagnoses by name, only those on offer where there is an offer.
fn named(judgement: &Judgement, question: &Question, lexicon: &Lexicon) -> Vec<(String, u64)> {
    let offered = |id: &str| {
        let offer = |choice: &&String| lexicon.canonical(choice).is_some_and(|found| found.id == id);
        question.choices.iter().find(offer).cloned()
    };
    let name = |id: &str| match (question.form, question.choices.is_empty()) {
        (Form::ForcedChoice, false) => offered(id),
        _ => Some(lexicon.find(id).map_or_else(|| id.replace('_', " "), |concept| concept.name.clone())),
    };
    let entries = judgement.ranked.iter().enumerate().filter_map(|(rank, (id, chance))| {
        let thousandths = (chance * 1000.0 + 0.5) as u64;
        (rank == 0 || thousandths >= LEAST || question.form == Form::ForcedChoice)
            .then(|| Some((name(id)?, thousandths)))
            .flatten()
    });
    entries.take(question.entries.max(1)).collect()
}

/// The word at that place of the default scale; on a longer or shorter scale, the word at the same share of it.
fn urgency(place: usize, scale: &[String]) -> Option<String> {
    let last = scale.len().checked_sub(1)?;
    scale.get((place * last + 1) / 3).or_else(|| scale.last()).cloned()
}

impl Stand {
    fn object(&self, question: &Question) -> Value {
        let entry = |(name, thousandths): &(String, u64)| match question.probabilities {
            true => json!({"diagnosis": name, "probability": *thousandths as f64 / 1000.0}),
            false => json!({"diagnosis": name}),
        };
        let mut answer = Map::new();
        answer.insert("differential".into(), self.named.iter().map(entry).collect());
        if let Some(urgency) = &self.urgency {
            answer.insert("triage".into(), json!(urgency));
        }
        if question.may_abstain {
            answer.insert("abstain".into(), json!(self.named.is_empty()));
            answer.insert("retake_photo".into(), json!(self.retake));
        }
        answer.insert("asks_for".into(), json!([]));
        answer.insert("notes".into(), json!(""));
        Value::Object(answer)
    }

    fn choice(&self) -> String {
        let name = self.named.first().map_or("cannot be determined", |(name, _)| name.as_str());
        let mut lines = vec![format!("Diagnosis: {name}")];
        lines.extend(self.urgency.iter().map(|urgency| format!("Urgency: {urgency}")));
        if self.retake {
            lines.push("A new photograph is needed.".into());
        }
        lines.join("\n")
    }

    fn prose(&self, question: &Question) -> String {
        let mut text = match self.named.split_first() {
            None => "I cannot give a diagnosis from what I was given.".to_owned(),
            Some(_) if question.probabilities => self.list(),
            Some(((first, _), rest)) => self.sentence(first, rest),
        };
        if self.retake {
            text.push_str(" A new photograph is needed.");
        }
        if let Some(urgency) = &self.urgency {
            text.push_str(&format!(" Urgency: {urgency}."));
        }
        text
    }

    fn sentence(&self, first: &str, rest: &[(String, u64)]) -> String {
        let rest: Vec<&str> = rest.iter().map(|(name, _)| name.as_str()).collect();
        match rest.split_last() {
            None => format!("The most likely diagnosis is {first}."),
            Some((last, [])) => format!("The most likely diagnosis is {first}, followed by {last}."),
            Some((last, others)) => {
                format!("The most likely diagnosis is {first}, followed by {} and {last}.", others.join(", "))
            }
        }
    }

    fn list(&self) -> String {
        let line = |(rank, (name, thousandths)): (usize, &(String, u64))| {
            format!("{}. {name} ({}.{} %)\n", rank + 1, thousandths / 10, thousandths % 10)
        };
        self.named.iter().enumerate().map(line).collect()
    }
}
