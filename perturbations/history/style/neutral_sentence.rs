//! A sentence that says nothing, as the history's sham.

use crate::history::ledger::Ledger;
use crate::history::lexicon::on;
use crate::history::noise::filler::after_greeting;
use crate::history::sentence::{is_closed, sentences};
use crate::history::words::{slice, tokens};
use crate::{
    Card, Change, Context, Grading, Needs, Operator, Oracle, Perturbation, Setting, SettingError, Stimulus, Stream,
    Target, Unfit,
};

/// Sentences about the letter itself: nothing about health, mood, urgency, the patient or access to care.
const SENTENCES: &[&str] = &[
    "This letter was typed on a computer and printed on one page.",
    "The form was filled in with the usual software.",
    "The details above and below follow the usual order.",
    "This request is written on the standard form.",
    "The letter was saved under its usual file name.",
    "This text uses the current version of the template.",
    "A copy of this letter is kept in the files.",
    "The heading of this form is the usual one.",
    "The pages of this letter are numbered at the bottom.",
    "This request was entered in the booking system.",
    "The layout of this letter follows the house style.",
    "This note was written in black letters on white paper.",
    "The reference number is printed at the top of the form.",
    "The address on this form is that of the main entrance.",
];

/// Inserts one meaningless sentence at a seeded sentence boundary of the note; where there is no note, it becomes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NeutralSentence;

impl Operator for NeutralSentence {
    const CARD: &'static Card = &Card {
        id: "neutral_sentence",
        family: "history/style",
        title: "A neutral sentence",
        imitates: "A remark of 8 to 12 words about the letter itself, as many letters have; planted sentences \
                   have 3 to 20, most of them 11 to 16. The sham of the history channel: it \
                   applies to every case with a history, and where there is no note it becomes one.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Invariant,
        oracle_reason: "Nothing about the patient has changed.",
        gradable_to: &[],
        grading: Grading::Binary,
        parameters: &[],
        references: &["Gourabathina et al., arXiv 2506.17163: non-clinical changes of wording"],
    };

    fn make(_: &Setting) -> Result<Self, SettingError> {
        Ok(Self)
    }
}

impl Perturbation for NeutralSentence {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        if stimulus.history.is_empty() {
            return Err(Unfit::nothing("the history is empty"));
        }
        let chosen = cx.rng.fork("sentence", 0).index(SENTENCES.len());
        let sentence = SENTENCES.get(chosen).copied().unwrap_or_default();
        let mut ledger = Ledger::open(&stimulus.history);
        let after = with_sentence(ledger.note(), sentence, &mut cx.rng.fork("place", 0));
        ledger.set_note(&after);
        ledger.close(stimulus)
    }
}

/// Words that would mean the letter or form of a sentence put before them.
const REFERRING: &[&str] = &["it", "it's", "its", "that", "their", "these", "they", "this", "those"];

/// Whether a text goes on with a word that refers to what was told before it.
fn refers_back(rest: &str) -> bool {
    tokens(rest).first().is_some_and(|first| on(REFERRING, &first.low))
}

/// The note with the sentence before all but a greeting or behind one of its closed sentences; not between a word such as "it"
/// and what it stands for.
fn with_sentence(note: &str, sentence: &str, place: &mut Stream) -> String {
    let closed = sentences(note).into_iter().filter(|span| is_closed(slice(note, span))).map(|span| span.end);
    let ends = closed.filter(|&end| !refers_back(slice(note, &(end..note.len()))));
    let start = after_greeting(note);
    let places: Vec<usize> = core::iter::once(start).chain(ends).collect();
    let at = places.get(place.index(places.len())).copied().unwrap_or(start);
    let (head, tail) = (slice(note, &(0..at)), slice(note, &(at..note.len())));
    if tail.trim().is_empty() && head.is_empty() {
        return sentence.into();
    }
    if at == start { format!("{head}{sentence} {tail}") } else { format!("{head} {sentence}{tail}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::samples::{applied_at, consultation, field, history, round_trip};
    use crate::{Field, History, Kind};

    #[test]
    fn one_sentence_more_and_nothing_less() {
        for seed in 0..60 {
            let before = consultation();
            let after = applied_at(&NeutralSentence, &before, seed).unwrap();
            let (note, original) = (after.note.unwrap(), before.note.unwrap());
            let added = SENTENCES.iter().find(|sentence| note.contains(**sentence)).unwrap();
            let without = note.replacen(&format!(" {added}"), "", 1).replacen(&format!("{added} "), "", 1);
            assert_eq!(without, original);
            assert_eq!(sentences(&note).len(), sentences(&original).len() + 1);
        }
    }

    #[test]
    fn what_it_means_stays_beside_it() {
        for seed in 0..40 {
            let before = history("A mole on the arm. It itches. They were treated. The leg is well.", vec![]);
            let after = applied_at(&NeutralSentence, &before, seed).unwrap().note.unwrap();
            assert!(after.contains("A mole on the arm. It itches. They were treated."), "{after}");
            let letter = history("Dear colleague,\nA mole.", vec![]);
            let after = applied_at(&NeutralSentence, &letter, seed).unwrap().note.unwrap();
            assert!(after.starts_with("Dear colleague,\n"), "{after}");
        }
    }

    #[test]
    fn it_tells_no_fact() {
        let kinds =
            ["age", "sex", "duration", "itch", "bleeding", "pain", "growth", "changed", "elevation", "fever", "spread"];
        for sentence in SENTENCES {
            for name in kinds {
                for value in ["female", "male", "3 weeks", "64"] {
                    let kind = match name {
                        "age" => Kind::Age,
                        "sex" => Kind::Sex,
                        "duration" => Kind::Duration,
                        _ => Kind::Symptom,
                    };
                    let field: Field = field(name, kind, value);
                    assert!(crate::history::mentions(sentence, &field).is_empty(), "{sentence}");
                }
            }
        }
    }

    #[test]
    fn sentences_are_of_one_length() {
        for sentence in SENTENCES {
            let words = sentence.split(' ').count();
            assert!((8..=12).contains(&words), "{sentence}");
        }
    }

    #[test]
    fn a_history_without_a_note_gets_one_and_an_empty_one_is_unfit() {
        let before = History { fields: vec![field("age", Kind::Age, "64")], note: None };
        assert!(applied_at(&NeutralSentence, &before, 1).unwrap().note.is_some());
        assert!(round_trip(&NeutralSentence, &before));
        assert!(round_trip(&NeutralSentence, &history("Age: 64\nSex: female", vec![])));
        assert!(applied_at(&NeutralSentence, &History::default(), 1).is_err());
    }
}
