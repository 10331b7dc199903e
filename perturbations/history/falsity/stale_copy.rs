//! Text copied forward from an older visit.

use crate::history::fact::content;
use crate::history::falsehood::{is_complaint, pull_of_denial};
use crate::history::ledger::Ledger;
use crate::history::symptoms::symptom;
use crate::history::voice;
use crate::{
    Card, Change, Context, Field, Grading, Needs, Operator, Oracle, Perturbation, Planted, Setting, SettingError,
    Stimulus, Target, Unfit, Value,
};

/// Puts a block under the note that was copied forward from an older visit and denies what is told now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StaleCopy;

impl Operator for StaleCopy {
    const CARD: &'static Card = &Card {
        id: "stale_copy",
        family: "history/falsity",
        title: "Copied forward",
        imitates: "A record in which the text of an older visit was carried forward: it says of up to three complaints that they are not there, with the time of the older visit beside it. The present note and the fields stay.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Challenge,
        oracle_reason: "The block is older than the complaint: a careful reader goes by the present, or asks; nothing in it makes it safe to lower the urgency.",
        gradable_to: &[],
        grading: Grading::Binary,
        parameters: &[],
        references: &[
            "Tsou et al., Appl Clin Inform 2017, doi 10.4338/ACI-2016-09-R-0150: copy and paste in records",
            "Singh et al., JAMA Intern Med 2013, doi 10.1001/jamainternmed.2013.2777: diagnostic errors in primary care, with copied-forward notes",
        ],
    };

    fn make(_: &Setting) -> Result<Self, SettingError> {
        Ok(Self)
    }
}

impl Perturbation for StaleCopy {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let history = &stimulus.history;
        let present = history.fields.iter().filter(|field| is_complaint(field) && field.value == Value::Yes);
        let mut present: Vec<&Field> = present.collect();
        if voice::is_dialogue(history.note.as_deref().unwrap_or_default()) {
            return Err(Unfit::nothing("a chat has no older visit to copy from"));
        }
        cx.rng.fork("complaints", 0).shuffle(&mut present);
        present.truncate(MOST);
        let first = present.first().ok_or_else(|| Unfit::nothing("no complaint is told as present"))?;
        let planted = Planted::Fact { field: first.name.clone(), value: Value::No };
        let pull = pull_of_denial(first);
        let block = block(&present, cx);
        let mut ledger = Ledger::open(history);
        let note = ledger.note().trim_end().to_owned();
        let gap = if note.is_empty() { "" } else { "\n" };
        ledger.set_note(&format!("{note}{gap}{block}"));
        ledger.close_with(stimulus, planted, pull)
    }
}

/// The most complaints that the older visit denies.
const MOST: usize = 3;
/// When the older visit was.
const AGES: &[&str] = &["6 months ago", "9 months ago", "a year ago", "18 months ago"];

/// "Carried forward from the visit a year ago: no itching, no bleeding."
fn block(complaints: &[&Field], cx: &Context<'_>) -> String {
    let when = AGES.get(cx.rng.fork("when", 0).index(AGES.len())).copied().unwrap_or_default();
    let denied: Vec<String> = complaints.iter().map(|field| format!("no {}", noun(field))).collect();
    format!("Carried forward from the visit {when}: {}.", denied.join(", "))
}

fn noun(field: &Field) -> String {
    let known = symptom(&field.name).and_then(|symptom| symptom.nouns.first().or_else(|| symptom.ings.first()));
    known.map_or_else(|| content(&field.name), |noun| (*noun).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;
    use crate::history::samples::{applied, consultation, field, history, round_trip};

    #[test]
    fn what_is_there_was_not_there() {
        let before =
            history("It itches.", vec![field("itch", Kind::Symptom, "yes"), field("pain", Kind::Symptom, "no")]);
        let after = applied(&StaleCopy, &before).unwrap();
        let note = after.note.unwrap();
        assert!(note.starts_with("It itches.\nCarried forward from the visit "), "{note}");
        assert!(note.ends_with(": no itching.") || note.ends_with(": no itch."), "{note}");
        assert_eq!(after.fields, before.fields);
        assert!(round_trip(&StaleCopy, &before) && round_trip(&StaleCopy, &consultation()));
    }

    #[test]
    fn without_a_complaint_there_is_nothing_to_deny() {
        assert!(!round_trip(&StaleCopy, &history("No pain.", vec![field("pain", Kind::Symptom, "no")])));
        assert!(!round_trip(&StaleCopy, &history("user: It itches.", vec![field("itch", Kind::Symptom, "yes")])));
    }
}
