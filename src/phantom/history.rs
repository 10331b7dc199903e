//! The structured half of a consultation request: what is told of a phantom, and what is not.
//!
//! Whether a fact is told depends on the fact alone, never on the disease: in phantoms, missingness says nothing.

use bedside_perturbations::{Field, Kind, Stream, Value};

use super::disease::{Chance, Disease};
use super::latent::Latent;
use super::tables::{self, ALLERGY, MEDICATION, SUN, Tables, named, yes};

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
    /// Where its value comes from.
    pub source: Source,
}

/// Values with weights, for one disease.
type List = fn(&'static Disease) -> Vec<(Value, f64)>;

/// Where an item's value comes from.
#[derive(Debug, Clone, Copy)]
pub enum Source {
    /// The disease's own list.
    Own(List),
    /// The disease's list, or with a certain chance any disease's.
    Crossed(List),
    /// The disease or what it is taken for.
    Impression,
    /// Follows from how it evolved.
    Growth,
    /// Follows from how it looks.
    Size,
}

use Source::{Crossed, Growth, Impression, Own, Size};

/// Every fact in the order in which it is shown.
pub static ITEMS: [Item; 23] = [
    item("age", Kind::Age, "age in years", (0.0, 0.03), Own(tables::age)),
    item("sex", Kind::Sex, "female or male", (0.0, 0.03), Own(tables::sex)),
    item("complaint", Kind::Other, "lesion or rash", (0.0, 0.12), Own(tables::complaint)),
    item("site", Kind::Site, "body site photographed", (0.0, 0.08), Crossed(tables::place)),
    item("side", Kind::Side, "left, right or both", (0.02, 0.06), Crossed(tables::side)),
    item("duration", Kind::Duration, "time since it began", (0.05, 0.15), Crossed(tables::time)),
    item("evolution", Kind::Evolution, "how it has changed", (0.06, 0.22), Crossed(tables::evolution)),
    item("growth", Kind::Symptom, "has grown", (0.06, 0.25), Growth),
    item("itch", Kind::Symptom, "itches", (0.04, 0.20), Crossed(|d| yes(d.story.itch))),
    item("pain", Kind::Symptom, "hurts", (0.04, 0.22), Crossed(|d| yes(d.story.pain))),
    item("bleeding", Kind::Symptom, "has bled", (0.04, 0.22), Crossed(|d| yes(d.story.bleeding))),
    item("fever", Kind::Symptom, "fever now", (0.04, 0.28), Crossed(|d| yes(d.story.fever))),
    item("mouth_sores", Kind::Symptom, "sores in the mouth", (0.04, 0.35), Crossed(|d| yes(d.story.mouth_sores))),
    item("diameter", Kind::Diameter, "largest single lesion", (0.05, 0.30), Size),
    item(
        "new_drug",
        Kind::Drug,
        "drug started within eight weeks",
        (0.06, 0.25),
        Crossed(|d| named(&d.story.new_drug)),
    ),
    item("medication", Kind::Drug, "regular medication", (0.05, 0.35), Own(|_| named(&Chance(0.35, MEDICATION)))),
    item("allergy", Kind::Allergy, "known allergy", (0.06, 0.40), Own(|_| named(&Chance(0.15, ALLERGY)))),
    item("past_history", Kind::PastHistory, "past illness", (0.05, 0.25), Crossed(tables::past)),
    item(
        "family_history",
        Kind::FamilyHistory,
        "illness in the family",
        (0.10, 0.35),
        Crossed(|d| named(&d.story.family)),
    ),
    item(
        "sun_exposure",
        Kind::Exposure,
        "much sun in life",
        (0.10, 0.40),
        Crossed(|d| named(&Chance(d.story.sun, SUN))),
    ),
    item(
        "contact",
        Kind::Contact,
        "contact with something catching",
        (0.08, 0.40),
        Crossed(|d| named(&d.story.contact)),
    ),
    item(
        "prior_treatment",
        Kind::PriorTreatment,
        "what was tried",
        (0.04, 0.25),
        Crossed(|d| named(&d.story.treatment)),
    ),
    item("impression", Kind::Impression, "what the referrer thinks", (0.20, 0.20), Impression),
];

const fn item(
    name: &'static str,
    kind: Kind,
    meaning: &'static str,
    (unknown, untold): (f64, f64),
    source: Source,
) -> Item {
    Item { name, kind, meaning, unknown, untold, source }
}

/// The place of the item of that name in [`ITEMS`].
#[must_use]
pub fn place(name: &str) -> usize {
    ITEMS.iter().position(|item| item.name == name).unwrap_or(ITEMS.len())
}

/// Facts that belong to the patient: the same in all their cases.
#[must_use]
pub fn is_personal(item: &Item) -> bool {
    ["age", "sex", "medication", "allergy", "past_history", "family_history", "sun_exposure"].contains(&item.name)
}

/// How a fact is dealt with in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// It is told.
    Yes,
    /// It was asked and is not known.
    Unknown,
    /// It is not mentioned.
    No,
}

/// What is told of each item, whatever the disease; the stream is the phantom's own.
#[must_use]
pub fn told(stream: &Stream) -> [Told; ITEMS.len()] {
    let mut stream = stream.fork("told", 0);
    core::array::from_fn(|k| {
        let (draw, item) = (stream.uniform(), ITEMS.get(k));
        let (untold, unknown) = item.map_or((0.0, 0.0), |item| (item.untold, item.unknown));
        if draw < untold {
            Told::No
        } else if draw < untold + unknown {
            Told::Unknown
        } else {
            Told::Yes
        }
    })
}

/// The fields of a phantom's request; the stream is the phantom's own.
#[must_use]
pub fn fields(latent: &Latent, stream: &Stream) -> Vec<Field> {
    let told = told(stream);
    let field = |(item, (k, told)): (&Item, (usize, &Told))| {
        let value = match told {
            Told::No => Value::Deleted,
            Told::Unknown => Value::Unknown,
            Told::Yes => latent.value(Tables::get(), k),
        };
        Field { name: item.name.to_owned(), kind: item.kind, value }
    };
    ITEMS.iter().zip(told.iter().enumerate()).map(field).collect()
}

/// A time as people say it: hours below a day, days below two weeks, weeks below two months, months below two years.
#[must_use]
pub fn duration(hours: u32) -> String {
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

/// The hour from which a time is said otherwise than at that hour.
#[must_use]
pub fn next_said(hours: u32) -> u32 {
    let days = hours / 24;
    match days {
        0 => hours + 1,
        1..14 => 24 * (days + 1),
        14..60 => 24 * (7 * (days / 7 + 1)).min(60),
        60..730 => 24 * (30 * (days / 30 + 1)).min(730),
        _ => 24 * 365 * (days / 365 + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::{ITEMS, duration, next_said};
    use std::collections::BTreeSet;

    #[test]
    fn times_are_said_as_people_say_them() {
        let said = [1, 14, 24, 47, 24 * 13, 24 * 14, 24 * 65, 24 * 800].map(duration);
        assert_eq!(said, ["1 hour", "14 hours", "1 day", "1 day", "13 days", "2 weeks", "2 months", "2 years"]);
    }

    #[test]
    fn a_time_is_said_otherwise_from_the_next_hour_on_and_not_before() {
        let mut hours = 1;
        while hours < 24 * 365 * 12 {
            let next = next_said(hours);
            assert_eq!(duration(hours), duration(next - 1), "{hours}");
            assert_ne!(duration(hours), duration(next), "{hours}");
            hours = next;
        }
    }

    #[test]
    fn names_are_unique_and_chances_add_up() {
        let names: BTreeSet<_> = ITEMS.iter().map(|item| item.name).collect();
        assert_eq!(names.len(), ITEMS.len());
        assert!(ITEMS.iter().all(|item| item.unknown + item.untold < 0.6));
    }
}
