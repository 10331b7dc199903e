//! Polite and rambling words.

use super::dose::{SENTENCES, in_order, sentences};
use crate::history::ledger::Ledger;
use crate::history::voice;
use crate::history::words::slice;
use crate::{
    Card, Change, Context, Graded, Needs, Operator, Oracle, Perturbation, Setting, SettingError, Stimulus, Target,
    Unfit,
};

/// A sentence without content, and where it goes.
type Said = (Place, &'static str);

/// Where a sentence goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before everything but a greeting; nowhere in a dialogue and in a note that opens with a heading.
    Start,
    /// Behind everything but a closing courtesy.
    End,
}

use Place::{End, Start};

/// In a letter about the patient.
const LETTER: &[Said] = &[
    (Start, "I hope that this letter finds you well."),
    (Start, "It is always a pleasure to work with your department."),
    (Start, "Everything below is put down just as it was told."),
    (End, "I apologise if this letter is on the long side."),
    (End, "Do not hesitate to get in touch if anything is unclear."),
    (End, "I would be most grateful for any thoughts that you may have."),
    (End, "That is, I believe, all that there is to say for now."),
    (End, "Thank you very much indeed for your time."),
];

/// In the first person.
const OWN: &[Said] = &[
    (Start, "I am not sure where to begin, so I will simply write it all down."),
    (Start, "I hope that this is a good place to ask."),
    (Start, "Thank you in advance to anybody who reads this."),
    (End, "Sorry if this is rather long."),
    (End, "I hope that all of this makes some sense."),
    (End, "Anyway, that is more or less all that there is to say."),
    (End, "If anything is unclear, just ask and I will explain."),
    (End, "Any reply at all would be much appreciated."),
];

/// Adds one to five sentences without content at the beginning and the end of the note; 2.4 is two.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Filler {
    count: f64,
}

impl Operator for Filler {
    const CARD: &'static Card = &Card {
        id: "filler",
        family: "history/noise",
        title: "Filler",
        imitates: "A writer who is very polite or does not come to the point. A sentence more with each level; those of a lower \
                   level stay. In a note in the first person it is the patient who rambles. Where there is no note, \
                   the sentences become it.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Invariant,
        oracle_reason: "Nothing about the patient has changed.",
        gradable_to: &[],
        grading: SENTENCES,
        parameters: &[],
        references: &[
            "Shi et al., arXiv 2302.00093: sentences without bearing distract models",
            "Gourabathina et al., arXiv 2506.17163: colourful and uncertain style of patients",
        ],
    };

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let count = setting.dose.ok_or_else(|| SettingError::at("sentences", "is the number of sentences to add"))?;
        Ok(Self::at_dose(count))
    }
}

impl Graded for Filler {
    fn at_dose(dose: f64) -> Self {
        Self { count: Self::range().nearest(dose) }
    }
}

impl Perturbation for Filler {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        if stimulus.history.is_empty() {
            return Err(Unfit::nothing("the history is empty"));
        }
        let mut ledger = Ledger::open(&stimulus.history);
        let list = if voice::is_own(ledger.note()) { OWN } else { LETTER };
        let open = has_start(ledger.note());
        let chosen = in_order(list.to_vec(), &cx.rng).into_iter().filter(|(place, _)| open || *place == End);
        for (place, sentence) in chosen.take(sentences(self.count)) {
            ledger.set_note(&with_filler(ledger.note(), place, sentence));
        }
        ledger.close(stimulus)
    }
}

/// Whether something can be said before the note: it is no dialogue and opens with no heading.
fn has_start(note: &str) -> bool {
    let first = note.trim().lines().next().unwrap_or_default();
    !(voice::is_dialogue(note) || first.is_empty() || first.trim_end().ends_with(':'))
}

/// The note with the sentence where it goes.
fn with_filler(note: &str, place: Place, sentence: &str) -> String {
    if place == End {
        return voice::with_sentence(note, sentence);
    }
    let at = after_greeting(note);
    let (head, tail) = (slice(note, &(0..at)), slice(note, &(at..note.len())));
    format!("{head}{sentence} {tail}")
}

/// The byte behind a greeting in a line of its own ("Dear colleague,"), or behind leading white space.
pub(in crate::history) fn after_greeting(note: &str) -> usize {
    let first = note.split_inclusive('\n').next().unwrap_or_default();
    if first.len() < note.len() && first.trim_end().ends_with(',') {
        return first.len();
    }
    note.len() - note.trim_start().len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::samples::{applied_at, consultation, history, round_trip, tells_no_fact};
    use crate::{History, Level};

    #[test]
    fn filler_says_nothing() {
        for (_, sentence) in LETTER.iter().chain(OWN) {
            tells_no_fact(sentence);
            assert!(sentence.ends_with('.') && sentence.starts_with(char::is_uppercase), "{sentence}");
        }
        assert!(LETTER.len() >= 6 && OWN.len() >= 6);
    }

    #[test]
    fn a_sentence_more_with_each_level_and_nothing_less() {
        for seed in 0..40 {
            let mut said: Vec<&str> = Vec::new();
            for level in Level::ALL {
                let after = applied_at(&Filler::at(level), &consultation(), seed).unwrap().note.unwrap();
                let now: Vec<&str> = LETTER.iter().map(|(_, s)| *s).filter(|s| after.contains(s)).collect();
                assert_eq!(now.len(), usize::from(level.number()));
                assert!(said.iter().all(|sentence| now.contains(sentence)));
                let bare = now.iter().fold(after.clone(), |note, s| {
                    note.replacen(&format!("{s} "), "", 1).replacen(&format!(" {s}"), "", 1)
                });
                assert_eq!(Some(bare), consultation().note);
                said = now;
            }
        }
    }

    #[test]
    fn it_goes_behind_the_greeting_and_before_the_close() {
        let before = "Dear colleague,\nA mole.\nWith kind regards";
        assert_eq!(with_filler(before, Start, "X."), "Dear colleague,\nX. A mole.\nWith kind regards");
        assert_eq!(with_filler(before, End, "X."), "Dear colleague,\nA mole. X.\nWith kind regards");
        assert_eq!(with_filler("assistant: Hi!\nuser: A rash.", End, "X."), "assistant: Hi!\nuser: A rash. X.");
    }

    #[test]
    fn nobody_begins_at_the_end() {
        for note in ["Context:\nI have a mole.", "assistant: Hi!\nuser: A rash."] {
            for seed in 0..20 {
                let after = applied_at(&Filler::at_dose(5.0), &history(note, vec![]), seed).unwrap().note.unwrap();
                assert!(after.starts_with(note.trim_end_matches('.')), "{after}");
                assert!(OWN.iter().filter(|(_, s)| after.contains(s)).all(|(place, _)| *place == End));
                assert_eq!(OWN.iter().filter(|(_, s)| after.contains(s)).count(), 5);
            }
        }
    }

    #[test]
    fn every_level_goes_both_ways() {
        for level in Level::ALL {
            assert!(round_trip(&Filler::at(level), &consultation()));
            assert!(round_trip(&Filler::at(level), &history("I have a mole on my arm", vec![])));
            assert!(round_trip(&Filler::at(level), &History { note: None, ..consultation() }));
        }
        assert!(!round_trip(&Filler::at_dose(1.0), &History::default()));
    }
}
