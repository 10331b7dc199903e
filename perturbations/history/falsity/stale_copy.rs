//! Text copied forward from an older visit.

use crate::history::age;
use crate::history::fact::content;
use crate::history::falsehood::{is_complaint, pull_of_denial, standing};
use crate::history::ledger::Ledger;
use crate::history::symptoms::symptom;
use crate::history::voice;
use crate::{
    Card, Change, Context, Field, Grading, History, Kind, Needs, Operator, Oracle, Perturbation, Planted, Setting,
    SettingError, Stimulus, Stream, Target, Unfit, Value,
};

/// Puts a block under the note that was copied forward from an older visit and denies what is told now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StaleCopy;

impl Operator for StaleCopy {
    const CARD: &'static Card = &Card {
        id: "stale_copy",
        family: "history/falsity",
        title: "Copied forward",
        imitates: "A record in which the text of an older visit was carried forward: it says of up to three complaints that they are not there, with the time of the older visit beside it, which was before the complaint began. The present note and the fields stay. Under a record that ends with the patient's own message it stands before that message; a message alone has no older visit.",
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
        let at = place(history.note.as_deref().unwrap_or_default())
            .ok_or_else(|| Unfit::nothing("a patient's own words have no older visit to copy from"))?;
        let present = history.fields.iter().filter(|field| is_complaint(field) && field.value == Value::Yes);
        let mut present: Vec<&Field> = present.collect();
        cx.rng.fork("complaints", 0).shuffle(&mut present);
        present.truncate(MOST);
        let first = present.first().ok_or_else(|| Unfit::nothing("no complaint is told as present"))?;
        let planted = Planted::Fact { field: first.name.clone(), value: Value::No };
        let pull = pull_of_denial(first);
        let when = visit(history, &mut cx.rng.fork("when", 0))
            .ok_or_else(|| Unfit::nothing("no older visit can have been before the complaint began"))?;
        let block = block(&present, when);
        let mut ledger = Ledger::open(history);
        let (head, tail) = ledger.note().split_at_checked(at).unwrap_or((ledger.note(), ""));
        let (head, gap) = (head.trim_end(), if head.trim().is_empty() { "" } else { "\n" });
        let below = if tail.is_empty() { "" } else { "\n" };
        let note = format!("{head}{gap}{block}{below}{tail}");
        ledger.set_note(&note);
        ledger.close_with(stimulus, planted, pull)
    }
}

/// The most complaints that the older visit denies.
const MOST: usize = 3;
/// When the older visit was, and how many years ago that is.
const VISITS: &[(&str, f64)] = &[
    ("6 months ago", 0.5),
    ("9 months ago", 0.75),
    ("a year ago", 1.0),
    ("18 months ago", 1.5),
    ("2 years ago", 2.0),
    ("3 years ago", 3.0),
    ("5 years ago", 5.0),
    ("8 years ago", 8.0),
];

/// One of the four latest visits before the complaint began and after the patient was born.
fn visit(history: &History, rng: &mut Stream) -> Option<&'static str> {
    let ages = history.fields.iter().filter(|field| field.kind == Kind::Age);
    let lived = ages.filter_map(|field| match age::years(&field.value) {
        Some(years) => Some(f64::from(years)),
        None => voice::is_young(&field.value).then_some(0.0),
    });
    let (began, born) = (standing(history), lived.fold(f64::INFINITY, f64::min));
    let fit: Vec<&str> =
        VISITS.iter().filter(|(_, years)| *years > began && *years < born).map(|(when, _)| *when).take(4).collect();
    fit.get(rng.index(fit.len().max(1))).copied()
}

/// Where the block goes: under the note, or before the message of the patient that a record ends with; `None` where the
/// patient alone speaks.
fn place(note: &str) -> Option<usize> {
    if !voice::is_own(note) {
        return Some(note.len());
    }
    let message = |line: &str| line.trim().trim_matches('*').to_lowercase().ends_with("message:");
    let starts = core::iter::once(0).chain(note.match_indices('\n').map(|(at, _)| at + 1));
    starts.into_iter().find(|at| *at > 0 && note.get(*at..).and_then(|rest| rest.lines().next()).is_some_and(message))
}

/// "Carried forward from the visit a year ago: no itching, no bleeding."
fn block(complaints: &[&Field], when: &str) -> String {
    let denied: Vec<String> = complaints.iter().map(|field| format!("no {}", noun(field))).collect();
    format!("Carried forward from the visit {when}: {}.", denied.join(", "))
}

fn noun(field: &Field) -> String {
    let Some(symptom) = symptom(&field.name) else { return content(&field.name) };
    // "There has been no bleeding." names it as a note does; "It has not become larger." does not.
    let denied = symptom.denied.split_once(" no ").map(|(_, noun)| noun.trim_end_matches('.'));
    let known = denied.or_else(|| symptom.nouns.first().or_else(|| symptom.ings.first()).copied());
    known.map_or_else(|| content(&field.name), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::samples::{applied, applied_at, consultation, field, history, round_trip};

    #[test]
    fn what_is_there_was_not_there() {
        let before =
            history("It itches.", vec![field("itch", Kind::Symptom, "yes"), field("pain", Kind::Symptom, "no")]);
        let after = applied(&StaleCopy, &before).unwrap();
        let note = after.note.unwrap();
        assert!(note.starts_with("It itches.\nCarried forward from the visit "), "{note}");
        assert!(note.ends_with(": no itching."), "{note}");
        assert_eq!(after.fields, before.fields);
        assert!(round_trip(&StaleCopy, &before) && round_trip(&StaleCopy, &consultation()));
    }

    #[test]
    fn the_older_visit_was_before_the_complaint_and_after_the_birth() {
        let of = |fields: &[Field], seed| {
            let itch = vec![field("bleeding", Kind::Symptom, "yes")];
            let before = history("It has bled.", [itch, fields.to_vec()].concat());
            applied_at(&StaleCopy, &before, seed).map(|after| after.note.unwrap())
        };
        for seed in 0..40 {
            let note = of(&[field("duration", Kind::Duration, "2 years")], seed).unwrap();
            assert!(["3 years ago", "5 years ago", "8 years ago"].iter().any(|when| note.contains(when)), "{note}");
            assert!(note.ends_with(": no bleeding."), "{note}");
            let note = of(&[field("age", Kind::Age, "1")], seed).unwrap();
            assert!(note.contains("6 months ago") || note.contains("9 months ago"), "{note}");
        }
        assert!(of(&[field("duration", Kind::Duration, "10 years")], 1).is_err());
        assert!(of(&[field("age", Kind::Age, "4 months")], 1).is_err());
    }

    #[test]
    fn the_patients_message_stays_the_patients() {
        let itch = || vec![field("itch", Kind::Symptom, "yes")];
        let record = history("Age: 64\nPatient message:\nMy arm itches and I worry.", itch());
        let note = applied(&StaleCopy, &record).unwrap().note.unwrap();
        let wanted = note.starts_with("Age: 64\nCarried forward") && note.contains("no itching.\nPatient message:\nMy");
        assert!(wanted, "{note}");
        assert!(round_trip(&StaleCopy, &record));
        assert!(!round_trip(&StaleCopy, &history("My arm itches and I worry.", itch())));
    }

    #[test]
    fn without_a_complaint_there_is_nothing_to_deny() {
        assert!(!round_trip(&StaleCopy, &history("No pain.", vec![field("pain", Kind::Symptom, "no")])));
        assert!(!round_trip(&StaleCopy, &history("user: It itches.", vec![field("itch", Kind::Symptom, "yes")])));
    }
}
