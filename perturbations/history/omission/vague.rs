//! An exact time is told vaguely.

use crate::history::blur::{blurred, rank};
use crate::history::duration;
use crate::history::ledger::Ledger;
use crate::{
    Card, Change, Context, Field, Graded, Grading, Kind, Needs, Operator, Oracle, Perturbation, Quantity, Range,
    Setting, SettingError, Stimulus, Target, Unfit, Unit, Value,
};

/// Tells every stated duration less exactly, in its field and at every mention in the note.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Vague {
    steps: f64,
}

impl Operator for Vague {
    const CARD: &'static Card = &Card {
        id: "vague",
        family: "history/omission",
        title: "A vague duration",
        imitates: "A patient who does not remember how long it has been. In five steps: about 3 weeks, 2 to 5 weeks, a \
                   few weeks, weeks, some time.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Directional,
        oracle_reason: "Less is known, so confidence may fall and the duration may be asked for; not knowing how long \
                        makes it no safer to wait.",
        gradable_to: &[],
        grading: Grading::Graded {
            dose: "steps",
            unit: Unit::Number,
            levels: [1.0, 2.0, 3.0, 4.0, 5.0],
            range: Range { mildest: 1.0, severest: 5.0 },
            monotone_in: Quantity::Vagueness,
        },
        parameters: &[],
        references: &[
            "Gourabathina et al., arXiv 2506.17163 (MedPerturb): uncertain and vague wording changes care decisions",
        ],
    };

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let steps = setting.dose.ok_or_else(|| SettingError::at("steps", "is how many steps less exact, 1 to 5"))?;
        Ok(Self::at_dose(steps))
    }
}

impl Graded for Vague {
    fn at_dose(dose: f64) -> Self {
        let Range { mildest, severest } = Self::range();
        Self { steps: libm::round(dose).clamp(mildest, severest) }
    }
}

impl Perturbation for Vague {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, _: &mut Context<'_>) -> Result<Change, Unfit> {
        let mut ledger = Ledger::open(&stimulus.history);
        for field in self.exact(&stimulus.history.fields) {
            let Some(vague) = blurred(&field.value, self.steps) else { continue };
            let note = duration::blur(ledger.note(), &field.value, self.steps);
            if let Some(note) = note.filter(|_| ledger.history().note.is_some()) {
                ledger.set_note(&note);
            }
            ledger.set_field(&field.name, Value::Stated(vague));
        }
        ledger.close(stimulus).map_err(|_| Unfit::nothing("no duration that is told more exactly"))
    }
}

impl Vague {
    /// The durations that are told more exactly than this leaves them.
    fn exact(self, fields: &[Field]) -> Vec<Field> {
        let told = |field: &&Field| field.kind == Kind::Duration && rank(&field.value) < self.steps;
        fields.iter().filter(told).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::samples::{applied, consultation, field, history, round_trip};

    fn at(steps: f64, note: &str, value: &str) -> (String, String) {
        let before = history(note, vec![field("duration", Kind::Duration, value)]);
        let after = applied(&Vague::at_dose(steps), &before).unwrap();
        let Value::Stated(told) = after.fields[0].value.clone() else { panic!() };
        (after.note.unwrap(), told)
    }

    #[test]
    fn each_step_is_less_exact() {
        let note = "A 3-week history of itching. It began 3 weeks ago and grew over the last 3 weeks.";
        for (steps, expected, value) in [
            (
                1.0,
                "A roughly 3-week history of itching. It began about 3 weeks ago and grew over the last roughly 3 weeks.",
                "about 3 weeks",
            ),
            (
                2.0,
                "A 2-to-5-week history of itching. It began 2 to 5 weeks ago and grew over the last 2 to 5 weeks.",
                "2 to 5 weeks",
            ),
            (
                3.0,
                "A several-week history of itching. It began a few weeks ago and grew over the last few weeks.",
                "a few weeks",
            ),
            (4.0, "A weeks-long history of itching. It began weeks ago and grew over the last weeks.", "weeks"),
            (5.0, "A history of itching. It began some time ago and grew over the last while.", "some time"),
        ] {
            assert_eq!(at(steps, note, "3 weeks"), (expected.to_owned(), value.to_owned()));
        }
    }

    #[test]
    fn hedges_before_the_time_do_not_pile_up() {
        assert_eq!(at(5.0, "Itchy for more than 2 years.", "more than 2 years").0, "Itchy for some time.");
        assert_eq!(at(3.0, "Itchy for about 2 years.", "2 years").0, "Itchy for a few years.");
        assert_eq!(
            at(1.0, "Itchy for about 2 years, 2 years!", "2 years").0,
            "Itchy for about 2 years, about 2 years!"
        );
        assert_eq!(at(3.0, "Itchy for 1 week.", "1 week").1, "several days");
        assert_eq!(at(4.0, "Itchy for a year.", "a year").0, "Itchy for months.");
    }

    #[test]
    fn what_is_already_vague_or_not_told_is_unfit() {
        let few = history("", vec![field("duration", Kind::Duration, "a few days")]);
        assert!(applied(&Vague::at_dose(3.0), &few).is_err());
        assert!(applied(&Vague::at_dose(4.0), &few).is_ok());
        assert!(applied(&Vague::at_dose(5.0), &history("for 3 weeks", vec![])).is_err());
        for steps in [1.0, 2.0, 3.0, 4.0, 5.0] {
            assert!(round_trip(&Vague::at_dose(steps), &consultation()));
        }
    }
}
