//! One complaint is left out, unknown or denied: the same gap in three wordings.

use crate::history::erase::{Collateral, erase, told};
use crate::history::falsehood::{deny, is_complaint, leave_open};
use crate::history::ledger::Ledger;
use crate::{
    Card, Change, Context, Field, Grading, Needs, Operator, Oracle, Parameter, Perturbation, Planted, Setting,
    SettingError, Stimulus, Takes, Target, Unfit, Value,
};

/// What stands in place of the complaint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Wording {
    /// Nothing.
    Deleted,
    /// "It is not known whether …".
    Unknown,
    /// "There is no …".
    #[default]
    Negated,
}

/// Puts silence, "unknown" or "no" in place of one complaint, in its field and in the note.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AbsentAsNo {
    field: Option<String>,
    wording: Wording,
}

impl Operator for AbsentAsNo {
    const CARD: &'static Card = &Card {
        id: "absent_as_no",
        family: "history/omission",
        title: "Silence, unknown or no",
        imitates: "A complaint that was not asked about, could not be answered, or is denied. Three arms of one \
                   question: a model for which silence reads as \"no\" answers the deleted arm as it does the negated one.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::MeasureOnly,
        oracle_reason: "A denial may rightly move the answer, a gap should move confidence only; what is of interest is \
                        how the arms differ from each other.",
        gradable_to: &[],
        grading: Grading::Binary,
        parameters: &[
            Parameter {
                name: "as",
                doc: "what stands in place of the complaint; negated when left out",
                takes: Takes::Choice(&["deleted", "unknown", "negated"]),
                required: false,
            },
            Parameter {
                name: "field",
                doc: "the name of the field; a complaint chosen at random when left out",
                takes: Takes::Field,
                required: false,
            },
        ],
        references: &["Little and Rubin, Statistical Analysis with Missing Data, 3rd ed. 2019: unknown is not absent"],
    };

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let wording = match setting.text("as") {
            Some("deleted") => Wording::Deleted,
            Some("unknown") => Wording::Unknown,
            _ => Wording::Negated,
        };
        Ok(Self { field: setting.text("field").map(Into::into), wording })
    }
}

impl Perturbation for AbsentAsNo {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let open = Ledger::open(&stimulus.history);
        let mut refused = Unfit::nothing("no complaint that is affirmed or denied");
        for field in self.candidates(&open, cx)? {
            let mut ledger = open.clone();
            match self.put(&mut ledger, &field) {
                Ok(()) => return self.close(ledger, stimulus, &field),
                Err(unfit) => refused = unfit,
            }
        }
        Err(refused)
    }
}

impl AbsentAsNo {
    fn candidates(&self, ledger: &Ledger, cx: &Context<'_>) -> Result<Vec<Field>, Unfit> {
        let fits = |field: &Field| is_complaint(field) && matches!(field.value, Value::Yes | Value::No);
        if let Some(name) = &self.field {
            let field = told(ledger, name)?;
            let named = fits(&field).then(|| vec![field]);
            return named
                .ok_or_else(|| Unfit::nothing(format!("field `{name}` is no complaint that is affirmed or denied")));
        }
        let mut fields: Vec<Field> = ledger.history().fields.iter().filter(|field| fits(field)).cloned().collect();
        cx.rng.fork("field", 0).shuffle(&mut fields);
        Ok(fields)
    }

    fn put(&self, ledger: &mut Ledger, field: &Field) -> Result<(), Unfit> {
        match self.wording {
            Wording::Deleted => erase(ledger, &field.name, Collateral::Nothing),
            Wording::Unknown => leave_open(ledger, field),
            Wording::Negated if field.value == Value::No => {
                Err(Unfit::nothing(format!("field `{}` is already denied", field.name)))
            }
            Wording::Negated => deny(ledger, field).map(|_| ()),
        }
    }

    /// A denial of what was affirmed is a falsehood, and is written down as one.
    fn close(&self, ledger: Ledger, stimulus: &mut Stimulus, field: &Field) -> Result<Change, Unfit> {
        if self.wording != Wording::Negated {
            return ledger.close(stimulus);
        }
        let pull = crate::history::falsehood::pull_of_denial(field);
        ledger.close_with(stimulus, Planted::Fact { field: field.name.clone(), value: Value::No }, pull)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::samples::{applied, consultation, field, history, round_trip};
    use crate::{Kind, Pull, Stream};

    fn of(wording: Wording) -> AbsentAsNo {
        AbsentAsNo { field: Some("bleeding".into()), wording }
    }

    #[test]
    fn the_same_gap_in_three_wordings() {
        let before = history("It bleeds. It itches.", vec![field("bleeding", Kind::Symptom, "yes")]);
        for (wording, note, value) in [
            (Wording::Deleted, "It itches.", Value::Deleted),
            (Wording::Unknown, "It is not known whether there has been bleeding. It itches.", Value::Unknown),
            (Wording::Negated, "There has been no bleeding. It itches.", Value::No),
        ] {
            let after = applied(&of(wording), &before).unwrap();
            assert_eq!((after.note.as_deref(), &after.fields[0].value), (Some(note), &value));
        }
    }

    #[test]
    fn a_false_denial_is_written_down() {
        let before = history("It bleeds.", vec![field("bleeding", Kind::Symptom, "yes")]);
        let mut stimulus = Stimulus { history: before, ..Stimulus::default() };
        let mut cx = Context::new(Stream::derive(1, &["t"]));
        let change = of(Wording::Negated).apply(&mut stimulus, &mut cx).unwrap();
        assert_eq!(change.planted, Some(Planted::Fact { field: "bleeding".into(), value: Value::No }));
        assert_eq!(change.pull, Some(Pull::Reassuring));
    }

    #[test]
    fn what_is_denied_already_or_no_complaint_is_unfit() {
        let denied = history("", vec![field("bleeding", Kind::Symptom, "no"), field("age", Kind::Age, "64")]);
        assert!(applied(&of(Wording::Negated), &denied).is_err());
        assert!(applied(&AbsentAsNo { field: Some("age".into()), ..AbsentAsNo::default() }, &denied).is_err());
        for wording in [Wording::Deleted, Wording::Unknown, Wording::Negated] {
            assert!(round_trip(&AbsentAsNo { field: None, wording }, &consultation()), "{wording:?}");
        }
    }
}
