//! Plausible wrong answers of the kinds that are a story or a measurement: exposure, travel, contact, work, past illness,
//! what was tried, earlier diagnoses, laboratory values and vital signs.
//!
//! A child gets no work, no smoke and no alcohol, and its measurements, like those in pregnancy, have other limits and stay.

use super::amounts::stated;
use super::falsehood::Falsehood;
use super::plausible::{lines, restated};
use super::voice::{is_minor, is_own};
use super::words::{in_case_of, tokens};
use crate::{Field, History, Kind, Pull, Value};

const ANSWERS: &str = include_str!("lexicons/answers.tsv");
const MEASURES: &str = include_str!("lexicons/measures.tsv");
const OCCUPATIONS: &str = include_str!("lexicons/occupations.tsv");

/// The kinds by their names in the list of answers.
const KINDS: [(&str, Kind); 6] = [
    ("exposure", Kind::Exposure),
    ("travel", Kind::Travel),
    ("contact", Kind::Contact),
    ("past-history", Kind::PastHistory),
    ("prior-treatment", Kind::PriorTreatment),
    ("prior-diagnosis", Kind::PriorDiagnosis),
];

/// A line of the list of answers.
struct Answer {
    value: Value,
    pull: Pull,
    adult: bool,
    sentence: &'static str,
}

/// The answers that the list knows for a field; those for a part of its name before those for any.
fn answers(field: &Field) -> Vec<Answer> {
    let rows = lines(ANSWERS).filter_map(|row| <[&str; 6]>::try_from(row).ok());
    let own = rows.filter(|[kind, ..]| KINDS.iter().any(|(name, known)| name == kind && *known == field.kind));
    let name = field.name.to_lowercase();
    let fits = |topic: &str| topic == "-" || name.contains(topic);
    let found = own.filter(|[_, topic, ..]| fits(topic));
    found
        .map(|[_, _, who, value, pull, sentence]| Answer {
            value: Value::from(value.to_owned()),
            pull: pull_named(pull),
            adult: who == "adult",
            sentence,
        })
        .collect()
}

fn pull_named(name: &str) -> Pull {
    match name {
        "alarming" => Pull::Alarming,
        "reassuring" => Pull::Reassuring,
        _ => Pull::Neutral,
    }
}

/// The plausible wrong answers of a field of one of these kinds; none where the lists know none or none is safe.
pub(super) fn falsehoods(history: &History, field: &Field) -> Vec<Falsehood> {
    let minor = is_minor(history);
    match field.kind {
        Kind::Occupation if !minor => occupation(&field.value).into_iter().collect(),
        Kind::Lab | Kind::VitalSign if !minor && !is_pregnant(history) => {
            measured(history, field).into_iter().collect()
        }
        Kind::Occupation | Kind::Lab | Kind::VitalSign => Vec::new(),
        _ => {
            let told = answers(field).into_iter().filter(|answer| is_other(&field.value, &answer.value));
            let told = told.filter(|answer| answer.value != Value::No || !is_sunburnt(history, field));
            let safe = told.filter(|answer| !(minor && answer.adult) && fits_voice(history, answer.sentence));
            safe.map(|answer| Falsehood { value: answer.value, pull: answer.pull }).collect()
        }
    }
}

/// Whether another field tells of the sun that a field about it would deny.
fn is_sunburnt(history: &History, field: &Field) -> bool {
    let others = history.fields.iter().filter(|other| other.name != field.name);
    let mut words = others.map(|other| words_of(&other.value));
    field.name.contains("sun")
        && words.any(|words| ["sunburn", "sun-damaged", "outdoors"].iter().any(|told| words.contains(told)))
}

/// Whether a denial stands against something told, or something told against a denial.
fn is_other(own: &Value, told: &Value) -> bool {
    match own {
        Value::No => *told != Value::No,
        Value::Yes | Value::Stated(_) => *told == Value::No,
        Value::Unknown | Value::Deleted => false,
    }
}

/// Whether a sentence about "the patient" may stand in the note: not in the patient's own words.
fn fits_voice(history: &History, sentence: &str) -> bool {
    !sentence.contains("patient") || !is_own(history.note.as_deref().unwrap_or_default())
}

/// The sentence that tells a wrong answer; `None` for kinds that are not told so.
pub(super) fn sentence(field: &Field, to: &Value) -> Option<String> {
    let listed = answers(field).into_iter().find(|answer| answer.value == *to);
    match (listed, field.kind, to) {
        (Some(answer), ..) => Some(answer.sentence.to_owned()),
        (None, Kind::PriorDiagnosis, Value::Stated(name)) => Some(format!("An earlier diagnosis was {name}.")),
        _ => None,
    }
}

/// Work within doors for work out of doors, and the other way round.
fn occupation(value: &Value) -> Option<Falsehood> {
    let Value::Stated(text) = value else { return None };
    let own = text.trim().to_lowercase();
    lines(OCCUPATIONS).find_map(|row| {
        let [outside, inside] = row[..] else { return None };
        let (put, pull) = match own.as_str() {
            word if word == outside => (inside, Pull::Reassuring),
            word if word == inside => (outside, Pull::Alarming),
            _ => return None,
        };
        Some(Falsehood { value: Value::Stated(in_case_of(text.trim(), put)), pull })
    })
}

/// A finding where the value is none, and the other way round.
fn measured(history: &History, field: &Field) -> Option<Falsehood> {
    let (quantity, words) = stated(&field.value)?;
    let unit = quantity.unit.as_deref()?.to_lowercase();
    let told = format!("{} {}", field.name.to_lowercase().replace(['_', '-'], " "), words_of(&field.value));
    let names = |all: &str| all.split('|').any(|name| tokens(&told).iter().any(|token| token.low == name));
    let rows = lines(MEASURES).filter_map(|row| <[&str; 7]>::try_from(row).ok());
    let [_, _, low, high, within, outside, stems] =
        rows.into_iter().find(|[all, own, ..]| names(all) && own.to_lowercase() == unit)?;
    let (low, high): (f64, f64) = (low.parse().ok()?, high.parse().ok()?);
    if tells(history, &field.name, stems) {
        return None;
    }
    let (put, pull) =
        if (low..=high).contains(&quantity.value) { (outside, Pull::Alarming) } else { (within, Pull::Reassuring) };
    restated(&field.value, &words, put, pull)
}

fn words_of(value: &Value) -> String {
    match value {
        Value::Stated(text) => text.to_lowercase(),
        _ => String::new(),
    }
}

/// Whether the note or another field holds a word that begins so: "afebrile" beside a temperature.
fn tells(history: &History, name: &str, stems: &str) -> bool {
    let begins = |text: &str| {
        tokens(text).iter().any(|token| stems.split('|').any(|stem| !stem.is_empty() && token.low.starts_with(stem)))
    };
    let others = history.fields.iter().filter(|other| other.name != name && other.value != Value::Deleted);
    let mut fields = others.map(|other| format!("{} {}", other.name.replace('_', " "), words_of(&other.value)));
    begins(history.note.as_deref().unwrap_or_default()) || fields.any(|field| begins(&field))
}

/// Whether the history speaks of a pregnancy, denied or not: what is at stake is a drug or a limit.
pub(super) fn is_pregnant(history: &History) -> bool {
    tells(history, "", "pregnan|gravid|trimester")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::samples::field;

    fn of(age: &str, note: &str, field: &Field) -> Vec<(String, Pull)> {
        let age = Field { name: "age".into(), kind: Kind::Age, value: Value::Stated(age.into()) };
        let history = History { fields: vec![age, field.clone()], note: Some(note.into()) };
        let told = |one: Falsehood| match one.value {
            Value::Stated(text) => (text, one.pull),
            other => (format!("{other:?}"), one.pull),
        };
        falsehoods(&history, field).into_iter().map(told).collect()
    }

    #[test]
    fn a_denial_becomes_a_story_and_a_story_a_denial() {
        for (name, kind, no, yes) in [
            ("sun_exposure", Kind::Exposure, "many sunburns", "many sunburns"),
            ("travel", Kind::Travel, "a recent journey in the tropics", "a week in Kenya"),
            ("contact", Kind::Contact, "a relative with an itchy rash", "yes"),
            ("past_history", Kind::PastHistory, "a kidney transplant", "anaemia"),
            ("prior_treatment", Kind::PriorTreatment, "a steroid cream without benefit", "an antifungal cream"),
        ] {
            let told = of("50", "", &field(name, kind, "no"));
            assert_eq!(told.iter().map(|(value, _)| value.as_str()).collect::<Vec<_>>(), [no], "{name}");
            let denied = of("50", "", &field(name, kind, yes));
            assert_eq!(denied.iter().map(|(value, _)| value.as_str()).collect::<Vec<_>>(), ["No"], "{name}");
            assert!(of("50", "", &field(name, kind, "unknown")).is_empty());
        }
    }

    #[test]
    fn little_sun_is_not_told_beside_sunburns() {
        let sun = field("sun_exposure", Kind::Exposure, "many sunburns");
        let past = |value: &str| {
            let fields = vec![sun.clone(), field("past_history", Kind::PastHistory, value)];
            falsehoods(&History { fields, note: None }, &sun).len()
        };
        assert_eq!((past("anaemia"), past("severe sunburns in childhood")), (1, 0));
    }

    #[test]
    fn a_child_does_not_smoke_work_or_get_a_transplant() {
        for (name, kind, value) in [
            ("smoking", Kind::Exposure, "no"),
            ("alcohol", Kind::Exposure, "no"),
            ("occupation", Kind::Occupation, "farmer"),
            ("past_history", Kind::PastHistory, "no"),
            ("temperature", Kind::VitalSign, "36.9 °C"),
        ] {
            assert_eq!(
                (of("50", "", &field(name, kind, value)).len(), of("9", "", &field(name, kind, value)).len()),
                (1, 0),
                "{name}"
            );
        }
    }

    #[test]
    fn a_measurement_crosses_its_limit() {
        for (name, kind, value, wanted, pull) in [
            ("temperature", Kind::VitalSign, "37.1 °C", "39.4 °C", Pull::Alarming),
            ("temperature", Kind::VitalSign, "39.0 °C", "36.8 °C", Pull::Reassuring),
            ("pulse", Kind::VitalSign, "118/min", "72/min", Pull::Reassuring),
            ("blood_pressure", Kind::VitalSign, "120/80 mm Hg", "84/48 mm Hg", Pull::Alarming),
            ("haemoglobin", Kind::Lab, "13.1 g/dl", "7.2 g/dl", Pull::Alarming),
            ("lab", Kind::Lab, "creatinine 2.9 mg/dl", "creatinine 0.9 mg/dl", Pull::Reassuring),
        ] {
            assert_eq!(of("50", "", &field(name, kind, value)), [(wanted.to_owned(), pull)], "{name} {value}");
        }
        let temperature = || field("temperature", Kind::VitalSign, "37.1 °C");
        assert!(
            of("50", "She is afebrile.", &temperature()).is_empty()
                && of("50", "She is pregnant.", &temperature()).is_empty()
        );
        assert!(of("50", "", &field("vitamin", Kind::Lab, "12 mg")).is_empty());
    }

    #[test]
    fn work_moves_indoors_and_out() {
        assert_eq!(of("50", "", &field("job", Kind::Occupation, "Farmer")), [("Teacher".to_owned(), Pull::Reassuring)]);
        assert_eq!(of("50", "", &field("job", Kind::Occupation, "cook")), [("builder".to_owned(), Pull::Alarming)]);
    }

    #[test]
    fn every_line_is_read() {
        assert!(lines(ANSWERS).all(|row| row.len() == 6) && lines(ANSWERS).count() >= 17);
        assert!(lines(MEASURES).all(|row| row.len() == 7 && row[2].parse::<f64>().unwrap() < row[3].parse().unwrap()));
        assert!(lines(OCCUPATIONS).all(|row| row.len() == 2));
        for (name, _) in KINDS {
            assert!(lines(ANSWERS).any(|row| row[0] == name && row[3] == "no"), "{name}");
        }
    }
}
