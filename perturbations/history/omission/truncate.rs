//! The end of the note is cut off.

use crate::history::ledger::Ledger;
use crate::history::mention::Mention;
use crate::{
    Card, Change, Context, Field, Graded, Grading, Kind, Needs, Operator, Oracle, Perturbation, Quantity, Range,
    Setting, SettingError, Stimulus, Target, Unfit, Unit, Value,
};

/// Cuts a share of the note's characters off its end, in the middle of a word if it falls so.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Truncate {
    share: f64,
}

impl Operator for Truncate {
    const CARD: &'static Card = &Card {
        id: "truncate",
        family: "history/omission",
        title: "The note cut off",
        imitates: "A letter that a form field, a fax or a context window cut off. A fact that the note tells only in \
                   the lost part is deleted from its field too, so that it is gone.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Directional,
        oracle_reason: "Less is known and the text shows that something is missing: confidence may fall and the rest \
                        may be asked for; a lost ending makes it no safer to wait.",
        gradable_to: &[],
        grading: Grading::Graded {
            dose: "share",
            unit: Unit::Share,
            levels: [0.1, 0.25, 0.5, 0.75, 0.9],
            range: Range { mildest: 0.01, severest: 0.99 },
            monotone_in: Quantity::WordsChanged,
        },
        parameters: &[],
        references: &["Buckley et al., arXiv 2311.05591: accuracy by amount of informative text"],
    };

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let share = setting.dose.ok_or_else(|| SettingError::at("share", "is the share of the note to cut off"))?;
        Ok(Self::at_dose(share))
    }
}

impl Graded for Truncate {
    fn at_dose(dose: f64) -> Self {
        let Range { mildest, severest } = Self::range();
        Self { share: dose.clamp(mildest, severest) }
    }
}

impl Perturbation for Truncate {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, _: &mut Context<'_>) -> Result<Change, Unfit> {
        let mut ledger = Ledger::open(&stimulus.history);
        let note = ledger.note().to_owned();
        let end = cut_at(&note, self.share).ok_or_else(|| Unfit::nothing("the note is too short for that share"))?;
        for name in lost(&ledger, end) {
            ledger.set_field(&name, Value::Deleted);
        }
        ledger.set_note(note.get(..end).unwrap_or_default());
        ledger.close(stimulus)
    }
}

/// The fields that the note tells and tells no more once it ends at that byte.
///
/// A number stays readable without the word behind it, "35-y"; of a word or an impression nothing stays, "It has bl".
fn lost(ledger: &Ledger, end: usize) -> Vec<String> {
    let gone = |field: &&Field| {
        let number = [Kind::Age, Kind::Duration, Kind::Diameter, Kind::Dose, Kind::Lab, Kind::VitalSign];
        let mentions = ledger.own(field);
        let edge = |mention: &Mention| {
            if number.contains(&field.kind) { legible(ledger.note(), &mention.span) } else { mention.span.end }
        };
        !mentions.is_empty() && mentions.iter().all(|mention| edge(mention) > end)
    };
    ledger.history().fields.iter().filter(gone).map(|field| field.name.clone()).collect()
}

/// The byte behind the number that a stretch tells, or behind its first word where it has no digits.
fn legible(note: &str, span: &core::ops::Range<usize>) -> usize {
    let text = note.get(span.clone()).unwrap_or_default();
    let from = text.find(|c: char| c.is_ascii_digit()).unwrap_or_default();
    let rest = text.get(from..).unwrap_or_default();
    span.start + from + rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len())
}

/// The byte at which the note ends once that share of its characters is gone; `None` where that is no character.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a count of characters is far below 2^52"
)]
fn cut_at(note: &str, share: f64) -> Option<usize> {
    let characters = note.trim_end().chars().count();
    let lost = libm::round(share * characters as f64) as usize;
    if lost == 0 {
        return None;
    }
    note.char_indices().nth(characters - lost).map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Level;
    use crate::history::samples::{applied, consultation, field, history, round_trip};

    #[test]
    fn the_end_goes_in_the_middle_of_a_word_and_takes_its_facts_along() {
        let before = history("A woman with a mole. It itches.", vec![field("itch", Kind::Symptom, "yes")]);
        let after = applied(&Truncate::at_dose(0.25), &before).unwrap();
        assert_eq!(after.note.as_deref(), Some("A woman with a mole. It"));
        assert_eq!(after.field("itch").unwrap().value, Value::Deleted);
        assert_eq!(applied(&Truncate::at_dose(0.5), &before).unwrap().note.as_deref(), Some("A woman with a "));
    }

    #[test]
    fn what_the_cut_runs_through_is_lost_unless_it_is_a_number() {
        let fields = vec![field("impression", Kind::Impression, "eczema"), field("age", Kind::Age, "64")];
        let before = history("A rash. Aged 64. Impression: eczema.", fields.clone());
        let after = applied(&Truncate::at_dose(0.15), &before).unwrap();
        assert_eq!(after.note.as_deref(), Some("A rash. Aged 64. Impression: ec"));
        assert_eq!(after.fields.iter().map(|field| field.value == Value::Deleted).collect::<Vec<_>>(), [true, false]);
        let after = applied(&Truncate::at_dose(0.6), &history("A rash. A 64-year-old woman.", fields)).unwrap();
        assert_eq!(after.field("age").unwrap().value, Value::Deleted);
    }

    #[test]
    fn a_fact_told_before_the_cut_stays() {
        let before = history("The itch is bad. Seen today, it itches.", vec![field("itch", Kind::Symptom, "yes")]);
        let after = applied(&Truncate::at_dose(0.3), &before).unwrap();
        assert_eq!(after.field("itch").unwrap().value, Value::Yes);
    }

    #[test]
    fn letters_of_several_bytes_are_cut_between() {
        let before = history("éééé", vec![]);
        assert_eq!(applied(&Truncate::at_dose(0.5), &before).unwrap().note.as_deref(), Some("éé"));
    }

    #[test]
    fn no_note_is_unfit_and_every_level_goes_both_ways() {
        assert!(applied(&Truncate::at_dose(0.5), &history(" ", vec![])).is_err());
        for level in Level::ALL {
            assert!(round_trip(&Truncate::at(level), &consultation()));
        }
    }
}
