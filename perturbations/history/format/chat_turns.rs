//! A chat.

use super::{parts, rewritten};
use crate::history::voice;
use crate::{
    Card, Change, Context, Grading, Needs, Operator, Oracle, Perturbation, Setting, SettingError, Stimulus, Target,
    Unfit,
};

/// Deals the sentences of the note out to the turns of a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChatTurns;

impl Operator for ChatTurns {
    const CARD: &'static Card = &Card {
        id: "chat_turns",
        family: "history/format",
        title: "A chat",
        imitates: "The request as a chat, one statement to a turn, with questions that ask nothing in particular.",
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

impl Perturbation for ChatTurns {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, _: &mut Context<'_>) -> Result<Change, Unfit> {
        let after = dealt(stimulus.history.note.as_deref().unwrap_or_default());
        rewritten(stimulus, after.as_deref(), "no note that is not a dialogue")
    }
}

/// What the other side says; none asks for a fact.
const PROMPTS: &[&str] =
    &["Please go on.", "I see. Anything else?", "Noted. What more is there?", "All right. And further?"];

fn dealt(note: &str) -> Option<String> {
    let lines = turns(note);
    let labels = if voice::is_own(note) { ["assistant", "user"] } else { ["reader", "writer"] };
    let [asks, tells] = labels;
    let prompts = core::iter::once(&"What is it about?").chain(PROMPTS.iter().cycle());
    let turns = lines.iter().zip(prompts).map(|(line, prompt)| format!("{asks}: {prompt}\n{tells}: {line}"));
    (!lines.is_empty()).then(|| turns.collect::<Vec<_>>().join("\n"))
}

/// What is said in each turn: one statement, the first with the salutation and the last with the closing.
fn turns(note: &str) -> Vec<String> {
    let (opening, mut told, closing) = parts(note);
    if let (Some(first), Some(greeting)) = (told.first_mut(), opening.first()) {
        *first = format!("{greeting} {first}");
    }
    if let (Some(last), Some(closing)) = (told.last_mut(), closing.first()) {
        *last = format!("{last} {closing}");
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::samples::{applied, consultation, history, round_trip};

    #[test]
    fn the_note_is_arranged_anew() {
        for (before, after) in [
            (
                "A mole. It itches.",
                "reader: What is it about?\nwriter: A mole.\nreader: Please go on.\nwriter: It itches.",
            ),
            ("I have a mole.", "assistant: What is it about?\nuser: I have a mole."),
            (
                "Dear colleague,\nA mole.\nWith kind regards",
                "reader: What is it about?\nwriter: Dear colleague, A mole. With kind regards",
            ),
        ] {
            assert_eq!(applied(&ChatTurns, &history(before, vec![])).unwrap().note.as_deref(), Some(after));
        }
    }

    #[test]
    fn it_goes_both_ways_and_keeps_the_facts() {
        assert!(round_trip(&ChatTurns, &consultation()));
        let after = applied(&ChatTurns, &consultation()).unwrap();
        for field in &consultation().fields {
            assert!(!crate::history::mentions(after.note.as_deref().unwrap(), field).is_empty(), "{}", field.name);
        }
        assert!(!round_trip(&ChatTurns, &history("", vec![])));
        assert!(!round_trip(&ChatTurns, &history("user: A mole. It itches.", vec![])));
    }
}
