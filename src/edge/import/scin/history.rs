//! From a contribution to fields. There is no note: a contribution is a form and has no prose of its own.
//!
//! A box that was not ticked is silence (deleted), except where the contributor ticked that nothing of the list
//! applies: then it is a no.

use std::collections::BTreeMap;

use bedside_perturbations::{Field, History, Kind, Value};

use super::super::gathered::expected;
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
}

const NO_EXPERIENCE: &str = "condition_symptoms_no_relevant_experience";
const NO_SYMPTOMS: &str = "other_symptoms_no_relevant_symptoms";

const fn complaint(
    name: &'static str,
    column: &'static str,
    none: &'static str,
    kind: Kind,
    meaning: &'static str,
) -> Complaint {
    Complaint { name, column, none, kind, meaning }
}

#[rustfmt::skip]
const COMPLAINTS: &[Complaint] = &[
    complaint("itching", "condition_symptoms_itching", NO_EXPERIENCE, Kind::Symptom, "whether it itches"),
    complaint("burning", "condition_symptoms_burning", NO_EXPERIENCE, Kind::Symptom, "whether it burns"),
    complaint("pain", "condition_symptoms_pain", NO_EXPERIENCE, Kind::Symptom, "whether it hurts"),
    complaint("bleeding", "condition_symptoms_bleeding", NO_EXPERIENCE, Kind::Symptom, "whether it bleeds"),
    complaint("growth", "condition_symptoms_increasing_size", NO_EXPERIENCE, Kind::Evolution, "whether it grows"),
    complaint("darkening", "condition_symptoms_darkening", NO_EXPERIENCE, Kind::Evolution, "whether it darkens"),
    complaint("bothersome_appearance", "condition_symptoms_bothersome_appearance", NO_EXPERIENCE, Kind::Other,
        "whether its appearance bothers"),
    complaint("fever", "other_symptoms_fever", NO_SYMPTOMS, Kind::Symptom, "whether there is fever"),
    complaint("chills", "other_symptoms_chills", NO_SYMPTOMS, Kind::Symptom, "whether there are chills"),
    complaint("fatigue", "other_symptoms_fatigue", NO_SYMPTOMS, Kind::Symptom, "whether there is fatigue"),
    complaint("joint_pain", "other_symptoms_joint_pain", NO_SYMPTOMS, Kind::Symptom, "whether there is joint pain"),
    complaint("mouth_sores", "other_symptoms_mouth_sores", NO_SYMPTOMS, Kind::Symptom, "whether there are mouth sores"),
    complaint("shortness_of_breath", "other_symptoms_shortness_of_breath", NO_SYMPTOMS, Kind::Symptom,
        "whether there is shortness of breath"),
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
/// Codes of the duration with their words.
const DURATIONS: &[(&str, &str)] = &[
    ("ONE_DAY", "one day"),
    ("LESS_THAN_ONE_WEEK", "less than one week"),
    ("ONE_TO_FOUR_WEEKS", "1 to 4 weeks"),
    ("ONE_TO_THREE_MONTHS", "1 to 3 months"),
    ("THREE_TO_TWELVE_MONTHS", "3 to 12 months"),
    ("MORE_THAN_ONE_YEAR", "more than one year"),
    ("MORE_THAN_FIVE_YEARS", "more than five years"),
    ("SINCE_CHILDHOOD", "since childhood"),
];

/// The columns that a history is read from.
pub(super) fn columns() -> Vec<String> {
    let listed = [("body_parts_", BODY_PARTS), ("textures_", TEXTURES)];
    let listed = listed.iter().flat_map(|(prefix, list)| list.iter().map(move |(name, _)| format!("{prefix}{name}")));
    let plain = ["age_group", "sex_at_birth", "condition_duration", NO_EXPERIENCE, NO_SYMPTOMS];
    let ticked = COMPLAINTS.iter().map(|complaint| complaint.column);
    plain.into_iter().chain(ticked).map(str::to_owned).chain(listed).collect()
}

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
    let (site, texture) = (words(row, "body_parts_", BODY_PARTS)?, words(row, "textures_", TEXTURES)?);
    let mut fields = vec![
        field("age", Kind::Age, age(row)?),
        field("sex", Kind::Sex, sex(row)?),
        field("site", Kind::Site, list(&site)),
        field("duration", Kind::Duration, duration(row)?),
        field("texture", Kind::Other, list(&texture)),
    ];
    for complaint in COMPLAINTS {
        fields.push(field(complaint.name, complaint.kind, state(row, complaint)?));
    }
    Ok(History { fields, note: None })
}

/// The age group, e.g. `30-39`.
pub(super) fn age(row: Row<'_>) -> Result<Value, String> {
    let code = row.text("age_group");
    let unfit = || expected("age_group", "AGE_18_TO_29 … AGE_70_TO_79, AGE_80_OR_ABOVE, AGE_UNKNOWN or nothing");
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
        _ => Err(expected("sex_at_birth", "FEMALE, MALE, OTHER_OR_UNSPECIFIED or nothing")),
    }
}

/// How long, in the words of the form.
fn duration(row: Row<'_>) -> Result<Value, String> {
    match row.text("condition_duration") {
        "" => Ok(Value::Deleted),
        "UNKNOWN" => Ok(Value::Unknown),
        code => {
            let found = DURATIONS.iter().find(|(known, _)| *known == code);
            let words = found.map(|(_, words)| Value::Stated((*words).to_owned()));
            words.ok_or_else(|| {
                expected("condition_duration", "a duration of the form, ONE_DAY … SINCE_CHILDHOOD, UNKNOWN or nothing")
            })
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
fn words(row: Row<'_>, prefix: &str, list: &[(&'static str, &'static str)]) -> Result<Vec<&'static str>, String> {
    let ticked = row.ticked(prefix)?;
    Ok(list.iter().filter(|(box_, _)| ticked.contains(box_)).map(|(_, words)| *words).collect())
}
