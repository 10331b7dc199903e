//! Form and letter disagree.

use crate::history::erase::entangled;
use crate::history::falsehood::{belies, contradicts, falsehoods};
use crate::history::ledger::Ledger;
use crate::history::plausible;
use crate::{
    Card, Change, Context, Grading, Needs, Operator, Oracle, Parameter, Perturbation, Planted, Setting, SettingError,
    Stimulus, Takes, Target, Unfit,
};

/// Sets one field that the note tells too to a plausible wrong value, and leaves the note as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InternalContradiction {
    field: Option<String>,
}

impl Operator for InternalContradiction {
    const CARD: &'static Card = &Card {
        id: "internal_contradiction",
        family: "history/falsity",
        title: "Form and letter disagree",
        imitates: "A form that says left and a letter that says right. The false value is the one that contradict would \
                   tell, but only the form has it. What the rest of the history makes impossible is not told: no \
                   pregnant man.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Challenge,
        oracle_reason: "Both cannot be true; a careful reader says so instead of picking one silently.",
        gradable_to: &[],
        grading: Grading::Binary,
        parameters: &[Parameter {
            name: "field",
            doc: "the name of the field; one that the note tells too chosen at random when left out",
            takes: Takes::Field,
            required: false,
        }],
        references: &["Restrepo et al., arXiv 2605.17436: contradicting context flips decisions"],
    };

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self { field: setting.text("field").map(Into::into) })
    }
}

impl Perturbation for InternalContradiction {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let mut ledger = Ledger::open(&stimulus.history);
        let fields = super::fields(&ledger, self.field.as_deref(), cx)?;
        let rng = cx.rng.fork("value", 0);
        let mut refused = Unfit::nothing("no field that the note tells too and that can be told wrongly");
        for field in fields.iter().filter(|field| !ledger.own(field).is_empty()) {
            let mut wrong = falsehoods(&stimulus.history, field, &mut rng.fork(&field.name, 0));
            wrong.retain(|told| plausible::is_apart(field, &told.value));
            if !wrong.is_empty() && belies(&stimulus.history, field) {
                refused = entangled(field);
                continue;
            }
            wrong.retain(|told| !contradicts(&stimulus.history, field, &told.value));
            rng.fork("order", 0).shuffle(&mut wrong);
            let Some(wrong) = wrong.into_iter().next() else { continue };
            ledger.set_field(&field.name, wrong.value.clone());
            let planted = Planted::Fact { field: field.name.clone(), value: wrong.value };
            return ledger.close_with(stimulus, planted, wrong.pull);
        }
        Err(refused)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::samples::{applied, applied_at, consultation, field, history, round_trip};
    use crate::{Kind, Value};

    #[test]
    fn the_form_is_false_and_the_letter_stays() {
        let before = history("A rash on the left arm.", vec![field("side", Kind::Side, "left")]);
        let after = applied(&InternalContradiction::default(), &before).unwrap();
        assert_eq!((after.note, &after.fields[0].value), (before.note, &Value::Stated("right".into())));
        for seed in 0..6 {
            let after = applied_at(&InternalContradiction::default(), &consultation(), seed).unwrap();
            assert_eq!(after.note, consultation().note);
            assert_eq!(after.fields.iter().zip(&consultation().fields).filter(|(a, b)| a != b).count(), 1);
        }
    }

    #[test]
    fn a_neighbouring_place_is_no_contradiction() {
        let before = history("A rash on the lower leg.", vec![field("site", Kind::Site, "lower leg")]);
        for seed in 0..20 {
            let after = applied_at(&InternalContradiction::default(), &before, seed).unwrap();
            assert_eq!(after.fields[0].value, Value::Stated("upper arm".into()));
        }
    }

    #[test]
    fn a_form_makes_no_man_of_a_pregnant_woman() {
        for note in ["She is pregnant.", "A woman, 20 weeks of gestation.", "She had a hysterectomy."] {
            let before = history(note, vec![field("sex", Kind::Sex, "female")]);
            let made = applied(&InternalContradiction::default(), &before);
            assert!(matches!(made, Err(Unfit::Entangled { .. })), "{note}: {made:?}");
        }
        let both = history("Her left hand and her right foot itch.", vec![field("side", Kind::Side, "left")]);
        assert!(applied(&InternalContradiction::default(), &both).is_err(), "the letter tells either side");
        let plain = history("She itches.", vec![field("sex", Kind::Sex, "female")]);
        assert!(applied(&InternalContradiction::default(), &plain).is_ok());
    }

    #[test]
    fn what_only_the_form_tells_is_unfit() {
        let before = history("A rash.", vec![field("side", Kind::Side, "left")]);
        assert!(applied(&InternalContradiction::default(), &before).is_err());
        assert!(round_trip(&InternalContradiction::default(), &consultation()));
    }
}
