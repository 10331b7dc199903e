//! A record in JSON.

use super::{prose, rewritten};
use crate::{
    Card, Change, Context, Grading, Needs, Operator, Oracle, Perturbation, Setting, SettingError, Stimulus, Target,
    Unfit,
};

/// Writes the note as a JSON object that holds its sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Json;

impl Operator for Json {
    const CARD: &'static Card = &Card {
        id: "json",
        family: "history/format",
        title: "A record in JSON",
        imitates: "A note as it leaves an interface between two systems.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Invariant,
        oracle_reason: "The same sentences in the same order.",
        gradable_to: &[],
        grading: Grading::Binary,
        parameters: &[],
        references: &["Gourabathina et al., arXiv 2506.17163: style and format of clinical contexts"],
    };

    fn make(_: &Setting) -> Result<Self, SettingError> {
        Ok(Self)
    }
}

impl Perturbation for Json {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, _: &mut Context<'_>) -> Result<Change, Unfit> {
        let after = in_json(stimulus.history.note.as_deref().unwrap_or_default());
        rewritten(stimulus, after.as_deref(), "no note that is not a dialogue")
    }
}

fn in_json(note: &str) -> Option<String> {
    let lines: Vec<String> = prose(note).iter().map(|line| quoted(line)).collect();
    let done = note.trim_start().starts_with('{');
    (!lines.is_empty() && !done).then(|| format!("{{\n  \"note\": [\n    {}\n  ]\n}}", lines.join(",\n    ")))
}

/// A JSON string (RFC 8259).
fn quoted(text: &str) -> String {
    let escape = |c: char| match c {
        '"' => "\\\"".to_owned(),
        '\\' => "\\\\".to_owned(),
        c if c.is_control() => format!("\\u{:04x}", u32::from(c)),
        c => c.to_string(),
    };
    format!("\"{}\"", text.chars().map(escape).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::samples::{applied, consultation, history, round_trip};

    #[test]
    fn the_note_is_arranged_anew() {
        let (before, after) =
            ("A mole. It is \"hot\".", "{\n  \"note\": [\n    \"A mole.\",\n    \"It is \\\"hot\\\".\"\n  ]\n}");
        assert_eq!(applied(&Json, &history(before, vec![])).unwrap().note.as_deref(), Some(after));
    }

    #[test]
    fn it_goes_both_ways_and_keeps_the_facts() {
        assert!(round_trip(&Json, &consultation()));
        let after = applied(&Json, &consultation()).unwrap();
        for field in &consultation().fields {
            assert!(!crate::history::mentions(after.note.as_deref().unwrap(), field).is_empty(), "{}", field.name);
        }
        assert!(!round_trip(&Json, &history("", vec![])));
        assert!(!round_trip(&Json, &history("user: A mole. It itches.", vec![])));
    }

    #[test]
    fn what_comes_out_is_json() {
        let after = applied(&Json, &history("A \"mole\"\\.\tIt itches.", vec![])).unwrap();
        let value: serde_json::Value = serde_json::from_str(after.note.as_deref().unwrap()).unwrap();
        assert_eq!(value["note"][0], "A \"mole\"\\.");
    }
}
