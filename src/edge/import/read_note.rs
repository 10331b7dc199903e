//! Age, sex and duration out of a consultation in free text, so that they can be edited by name.
//!
//! Only what the note says once and plainly: one age that is the patient's, one sex, one length of time. What is read
//! is the note's own words; where it is in doubt there is no field.

use std::collections::BTreeMap;

use bedside_perturbations::history::finders::{ages, durations};
use bedside_perturbations::history::mentions;
use bedside_perturbations::{Field, History, Kind, Value};

/// The fields that a note tells, and what they mean.
pub(super) const MEANINGS: &[(&str, &str)] = &[
    ("age", "age in years, read from the note where it gives one"),
    ("sex", "sex, read from the note where its words agree"),
    ("duration", "how long, read from the note where it gives one length of time"),
];

/// The history of a note, with the fields that can be read from it.
pub(super) fn history(note: String) -> History {
    let fields = [age(&note), sex(&note), duration(&note)].into_iter().flatten().collect();
    History { fields, note: Some(note) }
}

/// Groups by the fields that were read.
pub(super) fn strata(history: &History) -> BTreeMap<String, String> {
    let stated = |name: &str| match &history.field(name)?.value {
        Value::Stated(text) => Some(text.clone()),
        _ => None,
    };
    let sex = stated("sex").map(|sex| ("sex".to_owned(), sex));
    let band = stated("age").and_then(|age| age.parse().ok()).map(|age| ("age_band".to_owned(), age_band(age)));
    sex.into_iter().chain(band).collect()
}

/// The decade of an age; 90 and above are one group.
pub(super) fn age_band(age: u32) -> String {
    let decade = age / 10 * 10;
    if age >= 90 { "90 or older".into() } else { format!("{decade}-{}", decade + 9) }
}

/// The field where the note tells it in words that an edit can find.
fn told(note: &str, name: &str, kind: Kind, value: &str) -> Option<Field> {
    let field = Field { name: name.into(), kind, value: Value::Stated(value.into()) };
    (!mentions(note, &field).is_empty()).then_some(field)
}

fn age(note: &str) -> Option<Field> {
    let mut years: Vec<f64> = ages(note).into_iter().map(|age| age.value).collect();
    years.sort_by(f64::total_cmp);
    years.dedup();
    match years.as_slice() {
        [one] if *one >= 1.0 && *one < 90.0 && one.fract() == 0.0 => told(note, "age", Kind::Age, &one.to_string()),
        _ => None,
    }
}

/// The sex that a noun, a title or a label tells, where nothing tells the other; a pronoun alone may be someone else's.
fn sex(note: &str) -> Option<Field> {
    let [female, male] = ["female", "male"].map(|sex| told(note, "sex", Kind::Sex, sex));
    let one = match (female, male) {
        (Some(one), None) | (None, Some(one)) => one,
        _ => return None,
    };
    let named = mentions(note, &one).into_iter().any(|span| !is_pronoun(note.get(span).unwrap_or_default()));
    named.then_some(one)
}

fn is_pronoun(word: &str) -> bool {
    const PRONOUNS: [&str; 8] = ["she", "he", "her", "his", "him", "hers", "herself", "himself"];
    let word = word.split(['\'', '’']).next().unwrap_or_default();
    PRONOUNS.iter().any(|pronoun| word.eq_ignore_ascii_case(pronoun))
}

fn duration(note: &str) -> Option<Field> {
    match durations(note).as_slice() {
        [one] => told(note, "duration", Kind::Duration, note.get(one.span.clone())?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(note: &str) -> Vec<(String, String)> {
        let value = |field: &Field| match &field.value {
            Value::Stated(text) => text.clone(),
            other => format!("{other:?}"),
        };
        history(note.into()).fields.iter().map(|field| (field.name.clone(), value(field))).collect()
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_string(), (*value).to_string())).collect()
    }

    #[test]
    fn what_a_note_says_once_is_a_field() {
        assert_eq!(
            read("Patient: male, 32 years old. Got the disease for 4 days."),
            pairs(&[("age", "32"), ("sex", "male"), ("duration", "4 days")])
        );
        assert_eq!(read("It itches."), []);
    }

    #[test]
    fn what_is_in_doubt_is_no_field() {
        assert!(read("A 32-year-old and her 5-year-old daughter.").iter().all(|(name, _)| name != "age"));
        assert!(read("Itchy for 3 weeks, painful for 2 days.").iter().all(|(name, _)| name != "duration"));
        assert!(read("A 94-year-old woman.").iter().all(|(name, _)| name != "age"));
    }

    #[test]
    fn a_pronoun_alone_tells_no_sex() {
        for note in ["My dermatologist said he was not sure.", "She's itchy.", "Her cream did not help, he says."] {
            assert_eq!(read(note), [], "{note}");
        }
        for note in ["A man. He itches.", "Mrs Doe itches.", "Sex: F. Itchy."] {
            assert_eq!(read(note).len(), 1, "{note}");
        }
        assert_eq!(read("A man. She says he itches."), [], "what tells both is in doubt");
    }

    #[test]
    fn great_age_is_one_group() {
        assert_eq!(age_band(94), "90 or older");
        assert_eq!(age_band(47), "40-49");
    }
}
