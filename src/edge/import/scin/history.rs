//! From a contribution to fields and a note.
//!
//! A box that was not ticked is silence (deleted), except where the contributor ticked that nothing of the list
//! applies: then it is a no.

use std::collections::BTreeMap;

use bedside_perturbations::{Field, History, Kind, Value};

use super::row::{Row, Tick};

/// A box that the contributor could tick.
struct Complaint {
    name: &'static str,
    /// The column.
    column: &'static str,
    /// The column that says that nothing of its list applies.
    none: &'static str,
    kind: Kind,
    meaning: &'static str,
    /// Sentences for yes and no.
    sentences: [&'static str; 2],
}

const NO_EXPERIENCE: &str = "condition_symptoms_no_relevant_experience";
const NO_SYMPTOMS: &str = "other_symptoms_no_relevant_symptoms";

const fn complaint(
    name: &'static str,
    column: &'static str,
    none: &'static str,
    kind: Kind,
    meaning: &'static str,
    sentences: [&'static str; 2],
) -> Complaint {
    Complaint { name, column, none, kind, meaning, sentences }
}

#[rustfmt::skip]
const COMPLAINTS: &[Complaint] = &[
    complaint("itching", "condition_symptoms_itching", NO_EXPERIENCE, Kind::Symptom, "whether it itches",
        ["It itches.", "It does not itch."]),
    complaint("burning", "condition_symptoms_burning", NO_EXPERIENCE, Kind::Symptom, "whether it burns",
        ["It burns.", "It does not burn."]),
    complaint("pain", "condition_symptoms_pain", NO_EXPERIENCE, Kind::Symptom, "whether it hurts",
        ["It hurts.", "It does not hurt."]),
    complaint("bleeding", "condition_symptoms_bleeding", NO_EXPERIENCE, Kind::Symptom, "whether it bleeds",
        ["It bleeds.", "It does not bleed."]),
    complaint("growth", "condition_symptoms_increasing_size", NO_EXPERIENCE, Kind::Evolution, "whether it grows",
        ["It is growing.", "It is not growing."]),
    complaint("darkening", "condition_symptoms_darkening", NO_EXPERIENCE, Kind::Evolution, "whether it darkens",
        ["It is getting darker.", "It is not getting darker."]),
    complaint("bothersome_appearance", "condition_symptoms_bothersome_appearance", NO_EXPERIENCE, Kind::Other,
        "whether its appearance bothers", ["Its appearance is bothersome.", "Its appearance is not bothersome."]),
    complaint("fever", "other_symptoms_fever", NO_SYMPTOMS, Kind::Symptom, "whether there is fever",
        ["There is fever.", "There is no fever."]),
    complaint("chills", "other_symptoms_chills", NO_SYMPTOMS, Kind::Symptom, "whether there are chills",
        ["There are chills.", "There are no chills."]),
    complaint("fatigue", "other_symptoms_fatigue", NO_SYMPTOMS, Kind::Symptom, "whether there is fatigue",
        ["There is fatigue.", "There is no fatigue."]),
    complaint("joint_pain", "other_symptoms_joint_pain", NO_SYMPTOMS, Kind::Symptom, "whether there is joint pain",
        ["There is joint pain.", "There is no joint pain."]),
    complaint("mouth_sores", "other_symptoms_mouth_sores", NO_SYMPTOMS, Kind::Symptom, "whether there are mouth sores",
        ["There are mouth sores.", "There are no mouth sores."]),
    complaint("shortness_of_breath", "other_symptoms_shortness_of_breath", NO_SYMPTOMS, Kind::Symptom,
        "whether there is shortness of breath", ["There is shortness of breath.", "There is no shortness of breath."]),
];

/// Boxes of a list with the words that the history has for them.
const BODY_PARTS: &[(&str, &str)] = &[
    ("head_or_neck", "head or neck"),
    ("arm", "arm"),
    ("palm", "palm"),
    ("back_of_hand", "back of the hand"),
    ("torso_front", "front of the torso"),
    ("torso_back", "back"),
    ("genitalia_or_groin", "genitals or groin"),
    ("buttocks", "buttocks"),
    ("leg", "leg"),
    ("foot_top_or_side", "top or side of the foot"),
    ("foot_sole", "sole of the foot"),
    ("other", "another part of the body"),
];
const TEXTURES: &[(&str, &str)] = &[
    ("raised_or_bumpy", "raised or bumpy"),
    ("flat", "flat"),
    ("rough_or_flaky", "rough or flaky"),
    ("fluid_filled", "filled with fluid"),
];
/// Codes of the duration with their words, and with the sentence that the note has for them.
const DURATIONS: &[(&str, &str, &str)] = &[
    ("ONE_DAY", "one day", "It has been there for one day."),
    ("LESS_THAN_ONE_WEEK", "less than one week", "It has been there for less than one week."),
    ("ONE_TO_FOUR_WEEKS", "1 to 4 weeks", "It has been there for 1 to 4 weeks."),
    ("ONE_TO_THREE_MONTHS", "1 to 3 months", "It has been there for 1 to 3 months."),
    ("THREE_TO_TWELVE_MONTHS", "3 to 12 months", "It has been there for 3 to 12 months."),
    ("MORE_THAN_ONE_YEAR", "more than one year", "It has been there for more than one year."),
    ("MORE_THAN_FIVE_YEARS", "more than five years", "It has been there for more than five years."),
    ("SINCE_CHILDHOOD", "since childhood", "It has been there since childhood."),
];

/// What the fields mean, by name.
pub(super) fn meanings() -> BTreeMap<String, String> {
    let stated = [
        ("age", "age group in years; 80 and above as one group"),
        ("sex", "sex at birth; unknown where it is other or unspecified"),
        ("site", "parts of the body that were ticked"),
        ("duration", "how long, in the classes of the form"),
        ("texture", "how it feels, as ticked"),
    ];
    let named = stated.into_iter().chain(COMPLAINTS.iter().map(|complaint| (complaint.name, complaint.meaning)));
    named.map(|(name, text)| (name.into(), text.into())).collect()
}

/// The history of a contribution.
///
/// # Errors
/// A sentence for the exclusion: a code that the data set does not have.
pub(super) fn history(row: Row<'_>) -> Result<History, String> {
    let field = |name: &str, kind, value| Field { name: name.into(), kind, value };
    let list = |ticked: &[&str]| if ticked.is_empty() { Value::Deleted } else { Value::Stated(ticked.join(", ")) };
    let (site, texture) = (words(row, "body_parts_", BODY_PARTS), words(row, "textures_", TEXTURES));
    let mut fields = vec![
        field("age", Kind::Age, age(row)?),
        field("sex", Kind::Sex, sex(row)?),
        field("site", Kind::Site, list(&site)),
        field("duration", Kind::Duration, duration(row)?.0),
        field("texture", Kind::Other, list(&texture)),
    ];
    for complaint in COMPLAINTS {
        fields.push(field(complaint.name, complaint.kind, state(row, complaint)?));
    }
    Ok(History { fields, note: Some(note(row, &site, &texture)?) })
}

/// The age group, e.g. `30-39`.
pub(super) fn age(row: Row<'_>) -> Result<Value, String> {
    let code = row.text("age_group");
    let unfit = || format!("`{code}` is no age group");
    let group = match code {
        "" => return Ok(Value::Deleted),
        "AGE_UNKNOWN" => return Ok(Value::Unknown),
        _ => code.strip_prefix("AGE_").ok_or_else(unfit)?,
    };
    match (group.strip_suffix("_OR_ABOVE"), group.split_once("_TO_")) {
        (Some(from), _) if is_number(from) => Ok(Value::Stated(format!("{from} or older"))),
        (_, Some((from, to))) if is_number(from) && is_number(to) => Ok(Value::Stated(format!("{from}-{to}"))),
        _ => Err(unfit()),
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Sex at birth.
pub(super) fn sex(row: Row<'_>) -> Result<Value, String> {
    match row.text("sex_at_birth") {
        "" => Ok(Value::Deleted),
        "FEMALE" => Ok(Value::Stated("female".into())),
        "MALE" => Ok(Value::Stated("male".into())),
        "OTHER_OR_UNSPECIFIED" => Ok(Value::Unknown),
        other => Err(format!("`{other}` is no sex at birth of this data set")),
    }
}

/// The duration and its sentence.
fn duration(row: Row<'_>) -> Result<(Value, &'static str), String> {
    match row.text("condition_duration") {
        "" => Ok((Value::Deleted, "")),
        "UNKNOWN" => Ok((Value::Unknown, "It is not known how long it has been there.")),
        code => {
            let found = DURATIONS.iter().find(|(known, ..)| *known == code);
            let (_, words, sentence) = found.ok_or_else(|| format!("`{code}` is no duration of this data set"))?;
            Ok((Value::Stated((*words).to_owned()), sentence))
        }
    }
}

fn state(row: Row<'_>, complaint: &Complaint) -> Result<Value, String> {
    Ok(match (row.tick(complaint.column)?, row.tick(complaint.none)?) {
        (Tick::Yes, _) => Value::Yes,
        (Tick::No, _) | (Tick::Blank, Tick::Yes) => Value::No,
        (Tick::Blank, _) => Value::Deleted,
    })
}

/// The words of the ticked boxes of a list.
fn words(row: Row<'_>, prefix: &str, list: &[(&'static str, &'static str)]) -> Vec<&'static str> {
    let ticked = row.ticked(prefix);
    list.iter().filter(|(box_, _)| ticked.contains(box_)).map(|(_, words)| *words).collect()
}

/// The request in prose: the known facts, one short sentence each.
fn note(row: Row<'_>, site: &[&str], texture: &[&str]) -> Result<String, String> {
    let place = match site {
        [] | ["another part of the body"] => String::new(),
        site => format!(" on the {}", enumerated(site).replace(" and another", " and on another")),
    };
    let mut sentences = vec![format!("{} with a skin problem{place}.", subject(row)?)];
    sentences.push(duration(row)?.1.to_owned());
    if !texture.is_empty() {
        sentences.push(format!("It is {}.", enumerated(texture)));
    }
    for complaint in COMPLAINTS {
        let [yes, no] = complaint.sentences;
        match state(row, complaint)? {
            Value::Yes => sentences.push(yes.to_owned()),
            Value::No => sentences.push(no.to_owned()),
            _ => {}
        }
    }
    sentences.retain(|sentence| !sentence.is_empty());
    Ok(sentences.join(" "))
}

/// Whom the request is about, e.g. `Woman aged 30 to 39`.
fn subject(row: Row<'_>) -> Result<String, String> {
    let person = match row.text("sex_at_birth") {
        "FEMALE" => "Woman",
        "MALE" => "Man",
        _ => "Patient",
    };
    Ok(match age(row)? {
        Value::Stated(age) => format!("{person} aged {}", age.replace('-', " to ")),
        _ => person.to_owned(),
    })
}

/// `a`, `a and b`, `a, b and c`.
fn enumerated(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
