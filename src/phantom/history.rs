//! The structured half of a consultation request: what is told of a phantom, and what is not.
//!
//! Whether a fact is told depends on the fact alone, never on the disease: in phantoms, missingness says nothing.

use bedside_perturbations::{Field, Kind, Stream, Value};

use super::latent::{Latent, Side};

/// One fact that a request may hold.
#[derive(Debug)]
pub struct Item {
    /// The field's name.
    pub name: &'static str,
    /// What sort of fact it is.
    pub kind: Kind,
    /// What the field means, for the data sheet.
    pub meaning: &'static str,
    /// Chance that it was asked and is not known.
    pub unknown: f64,
    /// Chance that it is not told.
    pub untold: f64,
    tell: fn(&Latent) -> Value,
}

/// Every fact in the order in which it is shown.
pub static ITEMS: [Item; 23] = [
    item("age", Kind::Age, "age in years", 0.0, 0.03, |l| stated(&l.age.to_string())),
    item("sex", Kind::Sex, "female or male", 0.0, 0.03, |l| stated(if l.female { "female" } else { "male" })),
    item("complaint", Kind::Other, "lesion or rash", 0.0, 0.03, |l| stated(l.disease.complaint)),
    item("site", Kind::Site, "body site photographed", 0.0, 0.03, |l| stated(l.site.name)),
    item("side", Kind::Side, "left, right or both", 0.02, 0.06, |l| stated(side(l.side))),
    item("duration", Kind::Duration, "time since it began", 0.05, 0.08, |l| stated(&duration(l.hours))),
    item("evolution", Kind::Evolution, "how it has changed", 0.06, 0.15, |l| stated(l.facts.evolution)),
    item("growth", Kind::Symptom, "has grown", 0.06, 0.15, |l| answer(l.facts.growth)),
    item("itch", Kind::Symptom, "itches", 0.04, 0.12, |l| answer(l.facts.itch)),
    item("pain", Kind::Symptom, "hurts", 0.04, 0.12, |l| answer(l.facts.pain)),
    item("bleeding", Kind::Symptom, "has bled", 0.04, 0.12, |l| answer(l.facts.bleeding)),
    item("fever", Kind::Symptom, "fever now", 0.04, 0.20, |l| answer(l.facts.fever)),
    item("mouth_sores", Kind::Symptom, "sores in the mouth", 0.04, 0.35, |l| answer(l.facts.mouth_sores)),
    item("diameter", Kind::Diameter, "largest single lesion", 0.05, 0.30, |l| stated(&millimetres(l.diameter))),
    item("new_drug", Kind::Drug, "drug started within eight weeks", 0.06, 0.25, |l| named(l.facts.new_drug)),
    item("medication", Kind::Drug, "regular medication", 0.05, 0.35, |l| named(l.facts.medication)),
    item("allergy", Kind::Allergy, "known allergy", 0.06, 0.40, |l| named(l.facts.allergy)),
    item("past_history", Kind::PastHistory, "past illness", 0.05, 0.25, |l| named(l.facts.past)),
    item("family_history", Kind::FamilyHistory, "illness in the family", 0.10, 0.35, |l| named(l.facts.family)),
    item("sun_exposure", Kind::Exposure, "much sun in life", 0.10, 0.40, |l| named(l.facts.sun)),
    item("contact", Kind::Contact, "contact with something catching", 0.08, 0.40, |l| named(l.facts.contact)),
    item("prior_treatment", Kind::PriorTreatment, "what was tried", 0.04, 0.25, |l| named(l.facts.treatment)),
    item("impression", Kind::Impression, "what the referrer thinks", 0.20, 0.20, |l| stated(l.disease.name)),
];

const fn item(
    name: &'static str,
    kind: Kind,
    meaning: &'static str,
    unknown: f64,
    untold: f64,
    tell: fn(&Latent) -> Value,
) -> Item {
    Item { name, kind, meaning, unknown, untold, tell }
}

/// The fields of a phantom's request; the stream is the phantom's own.
#[must_use]
pub fn fields(latent: &Latent, stream: &Stream) -> Vec<Field> {
    let told = stream.fork("told", 0);
    let field = |(k, item): (usize, &Item)| {
        let draw = told.fork(item.name, k as u64).uniform();
        let value = if draw < item.untold {
            Value::Deleted
        } else if draw < item.untold + item.unknown {
            Value::Unknown
        } else {
            (item.tell)(latent)
        };
        Field { name: item.name.to_owned(), kind: item.kind, value }
    };
    ITEMS.iter().enumerate().map(field).collect()
}

fn stated(text: &str) -> Value {
    Value::Stated(text.to_owned())
}

fn answer(yes: bool) -> Value {
    if yes { Value::Yes } else { Value::No }
}

fn named(words: Option<&str>) -> Value {
    words.map_or(Value::No, stated)
}

fn side(side: Side) -> &'static str {
    match side {
        Side::Left => "left",
        Side::Right => "right",
        Side::Both => "both",
    }
}

fn millimetres(diameter: f32) -> String {
    format!("{} mm", (diameter + 0.5) as u32)
}

/// A time as people say it: hours below a day, days below two weeks, weeks below two months, months below two years.
fn duration(hours: u32) -> String {
    let days = hours / 24;
    let (count, unit) = match days {
        0 => (hours.max(1), "hour"),
        1..14 => (days, "day"),
        14..60 => (days / 7, "week"),
        60..730 => (days / 30, "month"),
        _ => (days / 365, "year"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::{ITEMS, duration};
    use std::collections::BTreeSet;

    #[test]
    fn times_are_said_as_people_say_them() {
        let said = [1, 14, 24, 47, 24 * 13, 24 * 14, 24 * 65, 24 * 800].map(duration);
        assert_eq!(said, ["1 hour", "14 hours", "1 day", "1 day", "13 days", "2 weeks", "2 months", "2 years"]);
    }

    #[test]
    fn names_are_unique_and_chances_add_up() {
        let names: BTreeSet<_> = ITEMS.iter().map(|item| item.name).collect();
        assert_eq!(names.len(), ITEMS.len());
        assert!(ITEMS.iter().all(|item| item.unknown + item.untold < 0.6));
    }
}
