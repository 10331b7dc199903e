//! From a row of PAD-UFES-20 to fields and a note.

use bedside_perturbations::{Field, History, Kind, Value};

use super::super::gathered::expected;
use super::Row;

/// A column that says yes, no or unknown, and how the note puts it.
struct Fact {
    name: &'static str,
    kind: Kind,
    /// The name of its column.
    heading: &'static str,
    column: fn(&Row) -> &str,
    meaning: &'static str,
    /// Sentences for yes and no; empty where the note is silent on it.
    sentences: [&'static str; 2],
    /// What is not known, after "It is not known whether".
    clause: &'static str,
}

const FACTS: &[Fact] = &[
    Fact {
        name: "itching",
        kind: Kind::Symptom,
        heading: "itch",
        column: |row| &row.itch,
        meaning: "whether the lesion itches",
        sentences: ["It itches.", "It does not itch."],
        clause: "it itches",
    },
    Fact {
        name: "growth",
        kind: Kind::Evolution,
        heading: "grew",
        column: |row| &row.grew,
        meaning: "whether the lesion has grown",
        sentences: ["It has grown.", "It has not grown."],
        clause: "it has grown",
    },
    Fact {
        name: "pain",
        kind: Kind::Symptom,
        heading: "hurt",
        column: |row| &row.hurt,
        meaning: "whether the lesion hurts",
        sentences: ["It hurts.", "It does not hurt."],
        clause: "it hurts",
    },
    Fact {
        name: "change",
        kind: Kind::Evolution,
        heading: "changed",
        column: |row| &row.changed,
        meaning: "whether the lesion has changed in appearance",
        sentences: ["It has changed.", "It has not changed."],
        clause: "it has changed",
    },
    Fact {
        name: "bleeding",
        kind: Kind::Symptom,
        heading: "bleed",
        column: |row| &row.bleed,
        meaning: "whether the lesion has bled",
        sentences: ["It has bled.", "It has not bled."],
        clause: "it has bled",
    },
    Fact {
        name: "elevation",
        kind: Kind::Other,
        heading: "elevation",
        column: |row| &row.elevation,
        meaning: "whether the lesion is raised",
        sentences: ["It is raised.", "It is not raised."],
        clause: "it is raised",
    },
    Fact {
        name: "skin_cancer_history",
        kind: Kind::FamilyHistory,
        heading: "skin_cancer_history",
        column: |row| &row.skin_cancer_history,
        meaning: "skin cancer in the family, by the authors' form; other texts read patient or family",
        sentences: ["There is skin cancer in the family.", "There is no skin cancer in the family."],
        clause: "there is skin cancer in the family",
    },
    Fact {
        name: "cancer_history",
        kind: Kind::FamilyHistory,
        heading: "cancer_history",
        column: |row| &row.cancer_history,
        meaning: "cancer in the family, by the authors' form; other texts read patient or family",
        sentences: ["There is cancer in the family.", "There is no cancer in the family."],
        clause: "there is cancer in the family",
    },
    Fact {
        name: "smoking",
        kind: Kind::Exposure,
        heading: "smoke",
        column: |row| &row.smoke,
        meaning: "whether the patient smokes",
        sentences: ["The patient smokes.", "The patient does not smoke."],
        clause: "the patient smokes",
    },
    Fact {
        name: "alcohol",
        kind: Kind::Exposure,
        heading: "drink",
        column: |row| &row.drink,
        meaning: "whether the patient drinks alcohol",
        sentences: ["The patient drinks alcohol.", "The patient does not drink alcohol."],
        clause: "the patient drinks alcohol",
    },
    Fact {
        name: "pesticide_exposure",
        kind: Kind::Exposure,
        heading: "pesticide",
        column: |row| &row.pesticide,
        meaning: "whether the patient has been exposed to pesticides",
        sentences: ["The patient has been exposed to pesticides.", "The patient has not been exposed to pesticides."],
        clause: "the patient has been exposed to pesticides",
    },
    Fact {
        name: "piped_water",
        kind: Kind::Other,
        heading: "has_piped_water",
        column: |row| &row.has_piped_water,
        meaning: "whether the home has piped water; not in the note",
        sentences: ["", ""],
        clause: "",
    },
    Fact {
        name: "sewage_system",
        kind: Kind::Other,
        heading: "has_sewage_system",
        column: |row| &row.has_sewage_system,
        meaning: "whether the home is connected to a sewage system; not in the note",
        sentences: ["", ""],
        clause: "",
    },
];

/// Fields that state something, and what they mean.
const STATED: &[(&str, &str)] = &[
    ("age", "age in years; 90 and above as one group"),
    ("sex", "sex"),
    ("site", "body site of the lesion"),
    ("diameter", "largest and perpendicular diameter of the lesion in millimetres"),
    ("background_father", "where the father's family comes from; not in the note"),
    ("background_mother", "where the mother's family comes from; not in the note"),
];

/// What the fields of a history mean, by name.
pub(super) fn meanings() -> impl Iterator<Item = (&'static str, &'static str)> {
    STATED.iter().copied().chain(FACTS.iter().map(|fact| (fact.name, fact.meaning)))
}

/// The history of a row.
///
/// The reason why there is none is a sentence for the exclusion.
pub(super) fn history(row: &Row, age: Option<u32>) -> Result<History, String> {
    Ok(History { fields: fields(row, age)?, note: Some(note(row, age)?) })
}

/// Age in years, if it was recorded.
pub(super) fn age(text: &str) -> Result<Option<u32>, String> {
    match text {
        "" => Ok(None),
        _ => text.parse().map(Some).map_err(|_| expected("age", "a whole number of years, or nothing")),
    }
}

/// Yes, no, unknown or never asked.
fn state(fact: &Fact, row: &Row) -> Result<Value, String> {
    match (fact.column)(row) {
        "True" => Ok(Value::Yes),
        "False" => Ok(Value::No),
        "UNK" => Ok(Value::Unknown),
        "" => Ok(Value::Deleted),
        _ => Err(expected(fact.heading, "True, False, UNK or nothing")),
    }
}

/// A word in lower case, unknown or never asked.
pub(super) fn stated(text: &str) -> Value {
    match text {
        "" => Value::Deleted,
        "UNK" => Value::Unknown,
        _ => Value::Stated(text.to_lowercase().replace('_', " ")),
    }
}

/// A place name: the table spells Brazil in two ways.
fn origin(text: &str) -> Value {
    let mut name = text.to_lowercase();
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    match text {
        "" | "UNK" => stated(text),
        "BRASIL" => Value::Stated("Brazil".into()),
        _ => Value::Stated(name),
    }
}

fn fields(row: &Row, age: Option<u32>) -> Result<Vec<Field>, String> {
    let field = |name: &str, kind, value| Field { name: name.into(), kind, value };
    let age = match age {
        Some(90..) => Value::Stated("90 or older".into()),
        Some(age) => Value::Stated(age.to_string()),
        None => Value::Deleted,
    };
    let diameter = diameter(row)?.map_or(Value::Deleted, Value::Stated);
    let mut fields = vec![
        field("age", Kind::Age, age),
        field("sex", Kind::Sex, stated(&row.gender)),
        field("site", Kind::Site, stated(&row.region)),
        field("diameter", Kind::Diameter, diameter),
    ];
    for fact in FACTS {
        fields.push(field(fact.name, fact.kind, state(fact, row)?));
    }
    fields.push(field("background_father", Kind::Other, origin(&row.background_father)));
    fields.push(field("background_mother", Kind::Other, origin(&row.background_mother)));
    Ok(fields)
}

/// The size of the lesion, e.g. `5 by 3 mm`; a diameter of 0 was not measured.
fn diameter(row: &Row) -> Result<Option<String>, String> {
    let parse = |column: &str, text: &str| match text {
        "" => Ok(None),
        _ => text.parse::<f64>().map_err(|_| expected(column, "a number of millimetres, or nothing")).map(Some),
    };
    let measured = |value: Option<f64>| value.filter(|mm| mm.is_finite() && *mm > 0.0);
    Ok(match (measured(parse("diameter_1", &row.diameter_1)?), measured(parse("diameter_2", &row.diameter_2)?)) {
        (Some(one), Some(other)) if one > other => Some(format!("{one} by {other} mm")),
        (Some(one), Some(other)) if other > one => Some(format!("{other} by {one} mm")),
        (Some(mm), _) | (None, Some(mm)) => Some(format!("{mm} mm")),
        (None, None) => None,
    })
}

/// The request in prose: the known facts, one short sentence each.
fn note(row: &Row, age: Option<u32>) -> Result<String, String> {
    let site = match stated(&row.region) {
        Value::Stated(site) => format!(" on the {site}"),
        _ => String::new(),
    };
    let mut sentences = vec![format!("{} with a lesion{site}.", subject(&row.gender, age))];
    sentences.extend(diameter(row)?.map(|size| format!("It measures {size}.")));
    for fact in FACTS.iter().filter(|fact| !fact.clause.is_empty()) {
        let [yes, no] = fact.sentences;
        match state(fact, row)? {
            Value::Yes => sentences.push(yes.into()),
            Value::No => sentences.push(no.into()),
            Value::Unknown => sentences.push(format!("It is not known whether {}.", fact.clause)),
            Value::Deleted | Value::Stated(_) => {}
        }
    }
    Ok(sentences.join(" "))
}

/// Whom the request is about, e.g. `71-year-old woman`.
fn subject(gender: &str, age: Option<u32>) -> String {
    let person = match (gender, age) {
        ("FEMALE", Some(..18)) => "girl",
        ("MALE", Some(..18)) => "boy",
        ("FEMALE", _) => "woman",
        ("MALE", _) => "man",
        _ => "patient",
    };
    let capital = |word: &str| word.get(..1).unwrap_or_default().to_uppercase() + word.get(1..).unwrap_or_default();
    match age {
        Some(90..) => format!("{} aged 90 or older", capital(person)),
        Some(age) => format!("{age}-year-old {person}"),
        None => capital(person),
    }
}
