//! True-to-life remarks that have no bearing.

use super::dose::{SENTENCES, in_order, sentences};
use crate::history::ledger::Ledger;
use crate::history::voice;
use crate::{
    Card, Change, Context, Graded, Needs, Operator, Oracle, Perturbation, Setting, SettingError, Stimulus, Target,
    Unfit,
};

/// In a letter about the patient.
const LETTER: &[&str] = &[
    "The morning bus was a little late.",
    "The family has lived in the same town for a long time.",
    "The appointment had to be moved once because of a public holiday.",
    "{Who} likes to listen to the radio in the evening.",
    "A neighbour is looking after the garden this week.",
    "{Who} follows the local football club.",
    "The car at home is being repaired.",
    "There is a new bakery across the road from the house.",
    "{Who} prefers to be called in the afternoon.",
];

/// In the first person.
const OWN: &[&str] = &[
    "The bus was a little late this morning.",
    "We have lived in the same town for a long time.",
    "I like to listen to the radio in the evening.",
    "There is a new bakery across the road from our house.",
    "Our car is being repaired at the moment.",
    "I follow the local football club.",
    "The best time to reach me by telephone is the afternoon.",
    "A neighbour is looking after the garden this week.",
    "It was a public holiday here yesterday.",
];

/// Adds one to five social remarks at the end of the note; 2.4 is two.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IrrelevantNotes {
    count: f64,
}

impl Operator for IrrelevantNotes {
    const CARD: &'static Card = &Card {
        id: "irrelevant_notes",
        family: "history/noise",
        title: "Irrelevant remarks",
        imitates: "Small talk that was written down: the bus, the bakery, the football club. Nothing about health, work, \
                   travel, contacts or illness in the family. A remark more with each level; those of a lower level \
                   stay. Where there is no note, the remarks become it.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Invariant,
        oracle_reason: "The remarks say nothing about the disease: neither diagnosis nor urgency may follow them.",
        gradable_to: &[],
        grading: SENTENCES,
        parameters: &[],
        references: &[
            "Restrepo et al., arXiv 2605.17436: one to five irrelevant texts beside an image",
            "Shi et al., arXiv 2302.00093: sentences without bearing distract models",
        ],
    };

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let count = setting.dose.ok_or_else(|| SettingError::at("sentences", "is the number of sentences to add"))?;
        Ok(Self::at_dose(count))
    }
}

impl Graded for IrrelevantNotes {
    fn at_dose(dose: f64) -> Self {
        Self { count: Self::range().nearest(dose) }
    }
}

impl Perturbation for IrrelevantNotes {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        if stimulus.history.is_empty() {
            return Err(Unfit::nothing("the history is empty"));
        }
        let mut ledger = Ledger::open(&stimulus.history);
        let list = if voice::is_own(ledger.note()) { OWN } else { LETTER };
        let who = voice::speaker(ledger.history());
        let chosen = in_order(list.to_vec(), &cx.rng);
        for remark in chosen.into_iter().take(sentences(self.count)) {
            ledger.set_note(&voice::with_sentence(ledger.note(), &voice::filled(remark, "", who)));
        }
        ledger.close(stimulus)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::samples::{applied_at, consultation, history, round_trip, tells_no_fact};
    use crate::{History, Level};

    fn remarks(list: &[&str]) -> Vec<String> {
        list.iter().map(|remark| voice::filled(remark, "", "the patient")).collect()
    }

    #[test]
    fn a_remark_tells_no_fact() {
        for remark in remarks(LETTER).iter().chain(&remarks(OWN)) {
            tells_no_fact(remark);
            assert!(remark.ends_with('.') && remark.starts_with(char::is_uppercase), "{remark}");
        }
        assert!(LETTER.len() >= 6 && OWN.len() >= 6);
    }

    #[test]
    fn a_remark_more_with_each_level_and_nothing_less() {
        for seed in 0..40 {
            let mut before = consultation().note.unwrap();
            for level in Level::ALL {
                let after = applied_at(&IrrelevantNotes::at(level), &consultation(), seed).unwrap().note.unwrap();
                assert!(after.starts_with(&before), "{after}");
                let said = remarks(LETTER).iter().filter(|remark| after.contains(*remark)).count();
                assert_eq!(said, usize::from(level.number()));
                before = after;
            }
        }
    }

    #[test]
    fn every_level_goes_both_ways() {
        for level in Level::ALL {
            assert!(round_trip(&IrrelevantNotes::at(level), &consultation()));
            assert!(round_trip(&IrrelevantNotes::at(level), &history("I have a mole on my arm", vec![])));
            assert!(round_trip(&IrrelevantNotes::at(level), &History { note: None, ..consultation() }));
        }
        assert!(!round_trip(&IrrelevantNotes::at_dose(1.0), &History::default()));
    }
}
