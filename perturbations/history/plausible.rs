//! Plausible wrong values of the kinds that are told in words or in quantities.
//!
//! Pulls: larger, worse, growing, an allergy or a cancer in the family alarm, their opposites reassure; a place, a drug or
//! a dose is neutral, for what it does depends on the case.

use super::amounts::{millimetres, mistaken, scaled, stated, with_unit};
use super::answers;
use super::fact::content;
use super::falsehood::Falsehood;
use super::finders::Quantity;
use super::voice::is_minor;
use super::words::{in_case_of, tokens};
use crate::{Field, History, Kind, Pull, Value};

const DRUGS: &str = include_str!("lexicons/drugs.tsv");
const SITES: &str = include_str!("lexicons/sites.tsv");

/// The least and the largest false diameter, in millimetres.
const DIAMETERS: (f64, f64) = (0.5, 300.0);

/// Words for a course or a degree, the harmless one first.
const OPPOSITES: &[(&str, &str)] = &[
    ("shrinking", "growing"),
    ("shrinking", "enlarging"),
    ("smaller", "larger"),
    ("smaller", "bigger"),
    ("improving", "worsening"),
    ("better", "worse"),
    ("receding", "spreading"),
    ("decreasing", "increasing"),
    ("slowly", "rapidly"),
    ("gradual", "sudden"),
    ("gradually", "suddenly"),
    ("lighter", "darker"),
    ("fading", "darkening"),
    ("mild", "severe"),
    ("slight", "severe"),
    ("minimal", "marked"),
    ("moderate", "severe"),
    ("mildly", "severely"),
    ("slightly", "severely"),
];

/// The lines of a word list, comments left out, as their columns.
pub(super) fn lines(list: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    list.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect())
}

/// The plausible wrong values of a field of one of these kinds; none where the lists know none or none is safe.
pub(super) fn falsehoods(history: &History, field: &Field) -> Vec<Falsehood> {
    let fits = |told: &Falsehood| is_safe(history, field, &told.value) && fits_site(history, field, &told.value);
    candidates(history, field).into_iter().filter(fits).collect()
}

/// Whether a false drug or dose may be told of this patient: a child gets no other drug and no larger dose, and nobody who
/// may be pregnant gets another drug.
pub(super) fn is_safe(history: &History, field: &Field, told: &Value) -> bool {
    match field.kind {
        Kind::Drug => field.value == *told || !(is_minor(history) || answers::is_pregnant(history)),
        Kind::Dose => is_no_more(&field.value, told) || !is_minor(history),
        _ => true,
    }
}

/// Whether a dose is no more than another; not where they cannot be compared.
fn is_no_more(own: &Value, told: &Value) -> bool {
    const GRAMS: [(&str, f64); 3] = [("µg", 1e-6), ("mg", 1e-3), ("g", 1.0)];
    let (Some((own, _)), Some((told, _))) = (stated(own), stated(told)) else { return false };
    let unit =
        |dose: &Quantity| GRAMS.iter().find(|(name, _)| dose.unit.as_deref() == Some(name)).map(|(_, grams)| *grams);
    let most = |dose: &Quantity| dose.value.max(dose.second.unwrap_or(0.0));
    match (unit(&own), unit(&told)) {
        (Some(a), Some(b)) => most(&told) * b <= most(&own) * a,
        _ => own.unit == told.unit && most(&told) <= most(&own),
    }
}

fn candidates(history: &History, field: &Field) -> Vec<Falsehood> {
    match field.kind {
        Kind::Diameter => [(10.0, Pull::Alarming), (0.1, Pull::Reassuring)]
            .into_iter()
            .filter_map(|(factor, pull)| diameter(&field.value, factor, pull))
            .collect(),
        Kind::Dose => wrong_unit(field).into_iter().collect(),
        Kind::Drug => exchanged(&field.value, DRUGS, |row, own| {
            row.iter().copied().filter(|name| !name.eq_ignore_ascii_case(own)).collect()
        }),
        Kind::Site => exchanged(&field.value, SITES, |row, own| {
            if row.first() == Some(&own) { row.iter().skip(1).copied().collect() } else { Vec::new() }
        }),
        Kind::Severity | Kind::Evolution => opposite(&field.value).into_iter().collect(),
        Kind::Exposure
        | Kind::Travel
        | Kind::Contact
        | Kind::Occupation
        | Kind::PastHistory
        | Kind::PriorTreatment
        | Kind::PriorDiagnosis
        | Kind::Lab
        | Kind::VitalSign => answers::falsehoods(history, field),
        Kind::Allergy => answered(field, "penicillin"),
        Kind::FamilyHistory => answered(field, "skin cancer"),
        _ => Vec::new(),
    }
}

/// Whether a field of that kind is told in words or quantities that stand in the note as they stand in the field.
pub(super) fn is_literal(kind: Kind) -> bool {
    matches!(kind, Kind::Drug | Kind::Occupation | Kind::Site | Kind::Severity | Kind::Evolution)
}

/// Whether a false value cannot be meant by the true one: a place that is none of its neighbours.
pub(super) fn is_apart(field: &Field, told: &Value) -> bool {
    let (Value::Stated(own), Value::Stated(other)) = (&field.value, told) else { return true };
    let (own, other) = (own.trim().to_lowercase(), other.to_lowercase());
    let near = |row: Vec<&str>| row.first() == Some(&own.as_str()) && row.get(1) == Some(&other.as_str());
    field.kind != Kind::Site || !lines(SITES).any(near)
}

/// Whether a course says that it grows (`true`) or that it does not; `None` where it says neither.
pub(super) fn grows(course: &Value) -> Option<bool> {
    let Value::Stated(text) = course else { return None };
    let tokens = tokens(text);
    let any = |list: &[&str]| tokens.iter().any(|token| list.contains(&&*token.low));
    let denied = any(&["not", "no", "without", "never"]);
    if any(&["unchanged", "stable", "shrinking", "receding", "smaller", "decreasing", "static"]) {
        return Some(false);
    }
    any(&["spreading", "enlarging", "growing", "increasing", "expanding", "bigger", "larger"]).then_some(!denied)
}

fn diameter(value: &Value, factor: f64, pull: Pull) -> Option<Falsehood> {
    let (quantity, words) = stated(value)?;
    let size = millimetres(&quantity)? * factor;
    let fits = (DIAMETERS.0..=DIAMETERS.1).contains(&size);
    fits.then(|| restated(value, &words, &scaled(&words, factor)?, pull)).flatten()
}

/// Whether a diameter of that size has room at the site that the history gives; anything else fits.
pub(super) fn fits_site(history: &History, field: &Field, size: &Value) -> bool {
    let Some((quantity, _)) = stated(size).filter(|_| field.kind == Kind::Diameter) else { return true };
    let told = |field: &Field| match &field.value {
        Value::Stated(site) if field.kind == Kind::Site => {
            tokens(site).iter().map(|token| room(&token.low)).reduce(f64::min)
        }
        _ => None,
    };
    let room = history.fields.iter().filter_map(told).fold(DIAMETERS.1, f64::min);
    millimetres(&quantity).is_none_or(|size| size <= room)
}

/// The length of the longest lesion that fits on a part of an adult's body, in millimetres, generously.
fn room(part: &str) -> f64 {
    match part {
        "nose" | "ear" | "ears" | "earlobe" | "lip" | "lips" | "eyelid" | "eyelids" | "eyebrow" | "finger"
        | "fingers" | "fingertip" | "fingernail" | "thumb" | "toe" | "toes" | "toenail" | "nail" | "nipple"
        | "tongue" | "chin" => 80.0,
        "face" | "hand" | "hands" | "foot" | "feet" | "neck" | "cheek" | "cheeks" | "forehead" | "palm" | "palms"
        | "sole" | "soles" | "wrist" | "ankle" | "heel" | "temple" | "elbow" | "knee" | "jaw" | "groin" | "armpit"
        | "axilla" | "shoulder" => 200.0,
        _ => DIAMETERS.1,
    }
}

/// The same number in the unit that its own is mistaken for.
pub(super) fn wrong_unit(field: &Field) -> Option<Falsehood> {
    let (quantity, words) = stated(&field.value)?;
    let unit = mistaken(&quantity)?;
    let pull = match (field.kind, quantity.unit.as_deref(), unit) {
        (Kind::Diameter, Some("mm"), "cm") => Pull::Alarming,
        (Kind::Diameter, Some("cm"), "mm") => Pull::Reassuring,
        _ => Pull::Neutral,
    };
    restated(&field.value, &words, &with_unit(&words, unit)?, pull)
}

/// The value with other words for its quantity.
pub(super) fn restated(value: &Value, words: &str, put: &str, pull: Pull) -> Option<Falsehood> {
    let Value::Stated(text) = value else { return None };
    let after = text.replacen(words, put, 1);
    (after != *text).then_some(Falsehood { value: Value::Stated(after), pull })
}

/// A name exchanged for others of its line.
fn exchanged(
    value: &Value,
    list: &'static str,
    others: impl Fn(&[&'static str], &str) -> Vec<&'static str>,
) -> Vec<Falsehood> {
    let Value::Stated(text) = value else { return Vec::new() };
    let own = text.trim().to_lowercase();
    let row =
        lines(list).find(|row| !others(row, &own).is_empty() && row.iter().any(|name| name.eq_ignore_ascii_case(&own)));
    let names = row.map_or_else(Vec::new, |row| others(&row, &own));
    names.iter().map(|name| Falsehood { value: Value::Stated(in_case_of(text, name)), pull: Pull::Neutral }).collect()
}

/// The value with its word for a course or a degree turned round.
fn opposite(value: &Value) -> Option<Falsehood> {
    let Value::Stated(text) = value else { return None };
    tokens(text).iter().find_map(|token| {
        let harmless = OPPOSITES.iter().find(|(harmless, _)| *harmless == token.low);
        let grave = OPPOSITES.iter().find(|(_, grave)| *grave == token.low);
        let (word, pull) = match (harmless, grave) {
            (Some((_, grave)), _) => (grave, Pull::Alarming),
            (None, Some((harmless, _))) => (harmless, Pull::Reassuring),
            (None, None) => return None,
        };
        let mut after = text.clone();
        after.replace_range(token.span.clone(), &in_case_of(text.get(token.span.clone())?, word));
        Some(Falsehood { value: Value::Stated(after), pull })
    })
}

/// An allergy or a disease in the family, invented or removed.
fn answered(field: &Field, invented: &str) -> Vec<Falsehood> {
    let named = content(&field.name);
    let told = match &field.value {
        Value::No if named.is_empty() => Falsehood { value: Value::Stated(invented.into()), pull: Pull::Alarming },
        Value::No => Falsehood { value: Value::Yes, pull: Pull::Alarming },
        Value::Yes | Value::Stated(_) => Falsehood { value: Value::No, pull: Pull::Reassuring },
        Value::Unknown | Value::Deleted => return Vec::new(),
    };
    vec![told]
}

/// The sentence that tells an invented or removed answer: an allergy, a disease in the family, a journey.
pub(super) fn sentence(field: &Field, to: &Value) -> Option<String> {
    if let Some(sentence) = answers::sentence(field, to) {
        return Some(sentence);
    }
    let named = content(&field.name);
    let subject = match to {
        Value::Stated(words) => words.clone(),
        _ => named.clone(),
    };
    let sentence = match (field.kind, to) {
        (Kind::Allergy, Value::No) if named.is_empty() => "There are no known allergies.".to_owned(),
        (Kind::Allergy, Value::No) => format!("There is no known allergy to {named}."),
        (Kind::Allergy, _) => format!("There is a known allergy to {subject}."),
        (Kind::FamilyHistory, Value::No) if named.is_empty() => "Nothing of note runs in the family.".to_owned(),
        (Kind::FamilyHistory, Value::No) => format!("There is no {named} in the family."),
        (Kind::FamilyHistory, _) => format!("There is {subject} in the family."),
        _ => return None,
    };
    Some(sentence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::samples::field;

    #[test]
    fn a_lesion_is_no_larger_than_its_site() {
        let at = |site: &str| History { fields: vec![field("site", Kind::Site, site)], note: None };
        let own = field("size", Kind::Diameter, "9 mm");
        let fits = |site: &str, words: &str| fits_site(&at(site), &own, &Value::Stated(words.into()));
        assert!(!fits("nose", "120 mm") && fits("nose", "12 mm"));
        assert!(fits("back", "120 mm") && !fits("left hand", "25 cm"));
        assert!(fits("", "25 cm"));
    }

    fn of(kind: Kind, value: &str) -> Vec<(String, Pull)> {
        let told = |one: Falsehood| match one.value {
            Value::Stated(text) => (text, one.pull),
            other => (format!("{other:?}"), one.pull),
        };
        falsehoods(&History::default(), &field("x", kind, value)).into_iter().map(told).collect()
    }

    #[test]
    fn wrong_values_are_plausible_for_their_kind() {
        let neutral = |text: &str| (text.to_owned(), Pull::Neutral);
        assert_eq!(of(Kind::Diameter, "6 mm"), [("60 mm".into(), Pull::Alarming), ("0.6 mm".into(), Pull::Reassuring)]);
        assert_eq!(of(Kind::Diameter, "40 cm"), [("4 cm".into(), Pull::Reassuring)]);
        assert_eq!(of(Kind::Dose, "20 mg daily"), [neutral("20 µg daily")]);
        assert_eq!(of(Kind::Drug, "Prednisone"), [neutral("Prednisolone")]);
        assert_eq!(of(Kind::Site, "forearm"), [neutral("elbow"), neutral("thigh")]);
        assert_eq!(of(Kind::Severity, "severe"), [("mild".into(), Pull::Reassuring)]);
        assert_eq!(of(Kind::Evolution, "slowly growing"), [("rapidly growing".into(), Pull::Alarming)]);
        assert_eq!(of(Kind::Drug, "warfarin"), []);
    }

    #[test]
    fn a_child_gets_no_other_drug_and_no_larger_dose() {
        let of = |age: &str| History { fields: vec![field("age", Kind::Age, age)], note: None };
        let (child, adult) = (of("9"), of("39"));
        let told = |history: &History, kind: Kind, value: &str| falsehoods(history, &field("x", kind, value)).len();
        assert_eq!((told(&adult, Kind::Drug, "prednisone"), told(&child, Kind::Drug, "prednisone")), (1, 0));
        // Milligrams for micrograms is a thousand times as much, micrograms for milligrams a thousandth.
        assert_eq!((told(&adult, Kind::Dose, "50 µg"), told(&child, Kind::Dose, "50 µg")), (1, 0));
        assert_eq!((told(&adult, Kind::Dose, "20 mg"), told(&child, Kind::Dose, "20 mg")), (1, 1));
        let safe = |from: &str, to: &str| is_safe(&child, &field("x", Kind::Dose, from), &Value::Stated(to.into()));
        assert!(!safe("12 mg", "21 mg") && safe("21 mg", "12 mg"));
        assert!(!safe("5 ml", "5 mg") && !safe("some", "12 mg"));
    }

    #[test]
    fn every_list_is_read_and_no_site_is_its_own_neighbour() {
        assert!(lines(DRUGS).count() > 40 && lines(DRUGS).all(|row| row.len() >= 2));
        let added = DRUGS.split("From here on").nth(1).unwrap();
        for row in added.lines().filter(|line| line.contains('\t')) {
            let (one, other) = row.split_once('\t').unwrap();
            let alike = one[..2] == other[..2] || one[one.len() - 3..] == other[other.len() - 3..];
            assert!(alike && one != other, "{row}");
        }
        for row in lines(SITES) {
            assert!(row.len() == 3 && row[0] != row[1] && row[0] != row[2] && row[1] != row[2], "{row:?}");
            assert!(row.iter().all(|site| *site == site.to_lowercase()));
        }
    }
}
