//! Standard paragraphs.

use super::dose::{SENTENCES, in_order, sentences};
use crate::history::ledger::Ledger;
use crate::{
    Card, Change, Context, Graded, Needs, Operator, Oracle, Perturbation, Setting, SettingError, Stimulus, Target,
    Unfit,
};

/// Puts one to five standard paragraphs under the note; 2.4 is two.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Boilerplate {
    count: f64,
}

impl Operator for Boilerplate {
    const CARD: &'static Card = &Card {
        id: "boilerplate",
        family: "history/noise",
        title: "Boilerplate",
        imitates: "Standard paragraphs that an electronic record puts under every letter.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Invariant,
        oracle_reason: "It says nothing about the patient.",
        gradable_to: &[],
        grading: SENTENCES,
        parameters: &[],
        references: &[
            "Tsou et al., Appl Clin Inform 2017, doi 10.4338/ACI-2016-09-R-0150: copied and templated text in records",
        ],
    };

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let count = setting.dose.ok_or_else(|| SettingError::at("sentences", "is how many paragraphs to add"))?;
        Ok(Self::at_dose(count))
    }
}

impl Graded for Boilerplate {
    fn at_dose(dose: f64) -> Self {
        Self { count: Self::range().nearest(dose) }
    }
}

impl Perturbation for Boilerplate {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        if stimulus.history.is_empty() {
            return Err(Unfit::nothing("the history is empty"));
        }
        let chosen = in_order(PARAGRAPHS.to_vec(), &cx.rng);
        let mut ledger = Ledger::open(&stimulus.history);
        for paragraph in chosen.into_iter().take(sentences(self.count)) {
            let note = ledger.note().trim_end().to_owned();
            let gap = if note.is_empty() { "" } else { "\n" };
            ledger.set_note(&format!("{note}{gap}{paragraph}"));
        }
        ledger.close(stimulus)
    }
}

/// Standard paragraphs without a word about any patient.
const PARAGRAPHS: &[&str] = &[
    "This document was created electronically and is valid without a signature.",
    "The contents of this message are confidential and meant for the addressee only.",
    "Every effort was made to proofread this text; please report any misprint to the office.",
    "Appointments are made by telephone during office hours.",
    "Consent to store and to transmit this document is on file.",
    "Parts of this document were made with dictation software and a template.",
    "Please quote the reference number of this document in all correspondence.",
    "The office is closed on public holidays; see the website for its hours.",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::History;
    use crate::Level;
    use crate::history::samples::{applied_at, consultation, round_trip, tells_no_fact};

    #[test]
    fn paragraphs_tell_nothing() {
        for paragraph in PARAGRAPHS {
            tells_no_fact(paragraph);
        }
    }

    #[test]
    fn a_paragraph_more_with_each_level_and_nothing_less() {
        for level in Level::ALL {
            let after = applied_at(&Boilerplate::at(level), &consultation(), 3).unwrap().note.unwrap();
            assert_eq!(after.lines().count(), 1 + usize::from(level.number()));
            assert!(after.starts_with(consultation().note.unwrap().as_str()));
            assert!(round_trip(&Boilerplate::at(level), &consultation()));
        }
        assert!(!round_trip(&Boilerplate::at_dose(1.0), &History::default()));
    }
}
