//! What each field of PAD-UFES-20 means for each of its six diagnoses, with where it is said.
//!
//! Decisive is what the source's own criteria ask for; supportive, what it names beside them; irrelevant, what it does not
//! use and what no clinician asks for because of the lesion. Fields that are not named are undeclared.

use crate::necessity::Needed;

/// Piped water and sewage describe the household in which the data were collected.
const HOUSEHOLD: [&str; 2] = ["piped_water", "sewage_system"];

/// One diagnosis: id, decisive and supportive fields, source.
type Entry = (&'static str, &'static [&'static str], &'static [&'static str], &'static str);

const TABLE: &[Entry] = &[
    (
        "melanoma",
        &["change", "growth"],
        &["age", "diameter", "bleeding", "itching", "skin_cancer_history"],
        "NICE NG12 (2015, updated 2023), section 1.7: weighted seven-point checklist",
    ),
    (
        "squamous_cell_carcinoma",
        &["change", "growth"],
        &["age", "site", "pain", "bleeding", "skin_cancer_history"],
        "NICE NG12, section 1.7; British Association of Dermatologists guideline, Br J Dermatol 2021;184:401",
    ),
    (
        "basal_cell_carcinoma",
        &["change"],
        &["age", "site", "bleeding", "skin_cancer_history"],
        "NICE NG12, section 1.7; British Association of Dermatologists guideline, Br J Dermatol 2021;185:899",
    ),
    (
        "actinic_keratosis",
        &["site"],
        &["age", "change", "skin_cancer_history"],
        "British Association of Dermatologists guideline, Br J Dermatol 2017;176:20",
    ),
    (
        "melanocytic_naevus",
        &["change", "growth"],
        &["age", "diameter", "bleeding", "itching"],
        "NICE NG12, section 1.7: what distinguishes melanoma must be absent",
    ),
    ("seborrhoeic_keratosis", &["change"], &["age", "site"], "Primary Care Dermatology Society, seborrhoeic keratosis"),
];

/// The table, for the data sheet.
pub(super) fn table() -> Vec<Needed> {
    let names = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect();
    let needed = |(diagnosis, decisive, supportive, source): &Entry| Needed {
        diagnosis: (*diagnosis).to_owned(),
        decisive: names(decisive),
        supportive: names(supportive),
        irrelevant: names(&HOUSEHOLD),
        source: (*source).to_owned(),
    };
    TABLE.iter().map(needed).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{LABELS, meanings};
    use super::table;

    #[test]
    fn every_diagnosis_is_declared_by_known_fields_named_once() {
        let table = table();
        assert!(LABELS.iter().all(|label| table.iter().any(|needed| needed.diagnosis == label.id)));
        for needed in table {
            let mut all: Vec<&String> =
                [&needed.decisive, &needed.supportive, &needed.irrelevant].into_iter().flatten().collect();
            assert!(all.iter().all(|name| meanings().any(|(known, _)| known == **name)), "{}", needed.diagnosis);
            let number = all.len();
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), number, "{}", needed.diagnosis);
        }
    }
}
