//! One sentence of the note is missing.

use std::ops::Range;

use crate::history::ledger::Ledger;
use crate::history::words::slice;
use crate::history::{cut, sentence, voice};
use crate::{
    Card, Change, Context, Grading, Needs, Operator, Oracle, Perturbation, Setting, SettingError, Stimulus, Target,
    Unfit, Value,
};

/// Deletes one sentence of the note, and the fields that are told there and nowhere else in the note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DropSentence;

impl Operator for DropSentence {
    const CARD: &'static Card = &Card {
        id: "drop_sentence",
        family: "history/omission",
        title: "One sentence left out",
        imitates: "A sentence lost when a referral letter was copied. A fact that the note tells in that sentence \
                   only is deleted from its field too, so that it is gone; a fact that another sentence repeats \
                   stays.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Directional,
        oracle_reason: "Less is known, so confidence may fall; nothing that was told makes it safe to lower the \
                        urgency.",
        gradable_to: &[],
        grading: Grading::Binary,
        parameters: &[],
        references: &["Buckley et al., arXiv 2311.05591: accuracy by amount of informative text"],
    };

    fn make(_: &Setting) -> Result<Self, SettingError> {
        Ok(Self)
    }
}

impl Perturbation for DropSentence {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let mut ledger = Ledger::open(&stimulus.history);
        let note = ledger.note().to_owned();
        let all = sentence::sentences(&note);
        let tells = |span: &&Range<usize>| !voice::is_polite(slice(&note, span)) && !voice::is_asked(&note, span.start);
        let telling: Vec<_> = all.iter().filter(tells).cloned().collect();
        // A note of nothing but courtesies loses one of them.
        let sentences = if telling.is_empty() { all } else { telling };
        let chosen = cx.rng.fork("sentence", 0).index(sentences.len());
        let sentence = sentences.get(chosen).ok_or_else(|| Unfit::nothing("no note"))?;
        for name in told_only_in(&ledger, sentence) {
            ledger.set_field(&name, Value::Deleted);
        }
        let after = cut::without_sentence(&note, sentence);
        ledger.set_note(&voice::without_idle_questions(&note, &after));
        ledger.close(stimulus)
    }
}

/// The fields that the note tells within that stretch and nowhere else.
pub(super) fn told_only_in(ledger: &Ledger, stretch: &Range<usize>) -> Vec<String> {
    let history = ledger.history();
    let only = |field: &&crate::Field| {
        let mentions = ledger.own(field);
        !mentions.is_empty() && mentions.iter().all(|mention| stretch.contains(&mention.span.start))
    };
    history.fields.iter().filter(only).map(|field| field.name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;
    use crate::history::samples::{applied_at, consultation, field, history, round_trip};

    #[test]
    fn a_courtesy_is_not_the_sentence_that_is_missing() {
        let before = history("Dear colleague,\nA rash.\nWith kind regards", vec![]);
        for seed in 0..20 {
            let after = applied_at(&DropSentence, &before, seed).unwrap();
            assert_eq!(after.note.as_deref(), Some("Dear colleague,\nWith kind regards"));
        }
    }

    #[test]
    fn in_a_dialogue_the_patient_says_less() {
        let before =
            history("assistant: Hi! What is it?\nuser: A rash. It itches.\nassistant: Pain?\nuser: None.", vec![]);
        for seed in 0..30 {
            let note = applied_at(&DropSentence, &before, seed).unwrap().note.unwrap();
            let wanted = [
                "assistant: Hi! What is it?\nuser: It itches.\nassistant: Pain?\nuser: None.",
                "assistant: Hi! What is it?\nuser: A rash.\nassistant: Pain?\nuser: None.",
                "assistant: Hi! What is it?\nuser: A rash. It itches.\nassistant: Pain?",
            ];
            assert!(wanted.contains(&note.trim_end()), "{note}");
        }
    }

    #[test]
    fn a_fact_told_only_there_is_gone_from_its_field() {
        let before = history("It itches.", vec![field("itch", Kind::Symptom, "yes"), field("age", Kind::Age, "64")]);
        let after = applied_at(&DropSentence, &before, 1).unwrap();
        assert_eq!(after.note.as_deref(), Some(""));
        assert_eq!(after.field("itch").unwrap().value, Value::Deleted);
        assert_ne!(after.field("age").unwrap().value, Value::Deleted);
    }

    #[test]
    fn a_fact_told_twice_stays() {
        let before = history("It itches. The itch is bad.", vec![field("itch", Kind::Symptom, "yes")]);
        for seed in 0..8 {
            let after = applied_at(&DropSentence, &before, seed).unwrap();
            assert_eq!(after.field("itch").unwrap().value, Value::Yes);
            assert!(matches!(after.note.as_deref(), Some("It itches." | "The itch is bad.")));
        }
    }

    #[test]
    fn every_sentence_is_chosen_by_some_seed() {
        let before = history("One. Two. Three.", vec![]);
        let mut seen: Vec<_> =
            (0..40).map(|seed| applied_at(&DropSentence, &before, seed).unwrap().note.unwrap()).collect();
        seen.sort();
        seen.dedup();
        assert_eq!(seen, ["One. Three.", "One. Two.", "Two. Three."]);
    }

    #[test]
    fn no_note_is_unfit_and_the_ledger_goes_both_ways() {
        assert!(applied_at(&DropSentence, &crate::History::default(), 1).is_err());
        round_trip(&DropSentence, &consultation());
    }
}
