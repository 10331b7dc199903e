//! What each history field means for each disease of the phantoms: decisive, supportive or irrelevant, with its source.
//!
//! Decisive is what the source's own criteria ask for; supportive, what it names beside them; irrelevant, what it does
//! not use and what the generator draws alike for every disease or for every disease of that sort. Fields that are not
//! named are undeclared.

use crate::necessity::Needed;

/// One disease: id, decisive, supportive, irrelevant fields (names, spaces between), source.
type Entry = (&'static str, &'static str, &'static str, &'static str, &'static str);

const LESION: &str = "side medication allergy contact";

const TABLE: [Entry; 13] = [
    (
        "melanoma",
        "evolution growth",
        "age duration diameter bleeding itch past_history family_history sun_exposure",
        LESION,
        "NICE NG12 (2015, updated 2023), section 1.7: weighted seven-point checklist",
    ),
    (
        "squamous_cell_carcinoma",
        "evolution growth",
        "age site duration pain bleeding past_history sun_exposure",
        LESION,
        "NICE NG12, section 1.7; British Association of Dermatologists guideline, Br J Dermatol 2021;184:401",
    ),
    (
        "basal_cell_carcinoma",
        "evolution duration",
        "age site bleeding past_history sun_exposure",
        LESION,
        "NICE NG12, section 1.7; British Association of Dermatologists guideline, Br J Dermatol 2021;185:899",
    ),
    (
        "actinic_keratosis",
        "site sun_exposure",
        "age duration evolution past_history",
        LESION,
        "British Association of Dermatologists guideline, Br J Dermatol 2017;176:20",
    ),
    (
        "melanocytic_naevus",
        "evolution growth",
        "age duration diameter bleeding family_history",
        LESION,
        "NICE NG12, section 1.7: what distinguishes melanoma must be absent",
    ),
    (
        "seborrhoeic_keratosis",
        "evolution",
        "age duration site family_history",
        LESION,
        "Primary Care Dermatology Society, seborrhoeic keratosis",
    ),
    (
        "psoriasis",
        "site",
        "duration evolution family_history past_history new_drug prior_treatment",
        "medication allergy contact",
        "NICE CG153 (2012, updated 2017)",
    ),
    (
        "atopic_eczema",
        "itch",
        "age site duration evolution family_history past_history",
        "medication contact",
        "UK Working Party criteria, Williams et al., Br J Dermatol 1994;131:383",
    ),
    (
        "tinea_corporis",
        "evolution",
        "duration itch contact prior_treatment",
        "medication allergy sun_exposure",
        "NICE CKS, fungal skin infection: body and groin",
    ),
    (
        "urticaria",
        "itch duration evolution",
        "new_drug",
        "medication sun_exposure contact",
        "EAACI/GA2LEN/EuroGuiDerm/APAAACI guideline, Zuberbier et al., Allergy 2022;77:734",
    ),
    (
        "stevens_johnson_syndrome",
        "new_drug mouth_sores fever",
        "duration evolution pain past_history",
        "medication side sun_exposure contact",
        "British Association of Dermatologists guideline, Creamer et al., Br J Dermatol 2016;174:1194",
    ),
    (
        "eczema_herpeticum",
        "past_history fever evolution",
        "duration pain contact prior_treatment",
        "medication sun_exposure",
        "NICE CG57 (2007, updated 2023), section 1.5: signs of eczema herpeticum",
    ),
    (
        "meningococcal_purpura",
        "fever duration evolution",
        "age contact past_history",
        "medication allergy sun_exposure side",
        "NICE NG240 (2024), section 1.1: recognising meningococcal disease",
    ),
];

/// The table, for the data sheet.
#[must_use]
pub fn table() -> Vec<Needed> {
    let names = |words: &str| words.split(' ').map(str::to_owned).collect();
    let needed = |&(diagnosis, decisive, supportive, irrelevant, source): &Entry| Needed {
        diagnosis: diagnosis.to_owned(),
        decisive: names(decisive),
        supportive: names(supportive),
        irrelevant: names(irrelevant),
        source: source.to_owned(),
    };
    TABLE.iter().map(needed).collect()
}

#[cfg(test)]
mod tests {
    use super::super::disease::{COUNT, nth};
    use super::super::history::{ITEMS, place};
    use super::super::tables::Tables;
    use super::table;
    use std::collections::BTreeSet;

    #[test]
    fn every_disease_is_declared_once_with_a_source_and_known_fields_named_once() {
        let diseases: BTreeSet<String> = table().into_iter().map(|needed| needed.diagnosis).collect();
        assert_eq!(diseases, (0..COUNT).map(|d| nth(d).unwrap().id.to_owned()).collect());
        for needed in table() {
            let all: Vec<&String> =
                [&needed.decisive, &needed.supportive, &needed.irrelevant].into_iter().flatten().collect();
            assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "{}", needed.diagnosis);
            assert!(all.iter().all(|name| ITEMS.iter().any(|item| item.name == **name)), "{}", needed.diagnosis);
            assert!(needed.source.len() > 15);
        }
    }

    #[test]
    fn what_is_irrelevant_for_every_disease_is_drawn_alike_for_all() {
        let irrelevant = |name: &str| table().iter().all(|needed| needed.irrelevant.iter().any(|field| field == name));
        let everywhere: Vec<&str> = ITEMS.iter().map(|item| item.name).filter(|name| irrelevant(name)).collect();
        assert_eq!(everywhere, ["medication"]);
        let table = &Tables::get().items[place("medication")];
        for value in 0..table.values.len() {
            assert!(table.row(value).iter().all(|chance| (chance - table.row(value)[0]).abs() < 1e-12));
        }
    }
}
