//! Complaints: the words that tell them, how to affirm and deny them, and which way a false answer pulls.
//!
//! The pulls rest on what a referral guideline asks about: the weighted seven-point checklist for pigmented lesions
//! (NICE NG12), the EFG rule for nodular melanoma (elevated, firm, growing; Kelly et al., Aust Fam Physician 2003),
//! mucosal lesions, pain and fever in severe drug reactions (Creamer et al., Br J Dermatol 2016), fever and feeling
//! ill in sepsis (NICE NG51). Presence is alarming where the guideline hastens the referral; else neutral.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::Pull;

/// One complaint.
#[derive(Debug)]
pub(super) struct Symptom {
    /// Field names that mean it, in snake case.
    pub(super) names: &'static [&'static str],
    /// Nouns and phrases for it.
    pub(super) nouns: &'static [&'static str],
    /// Adjectives and phrases like one.
    pub(super) adjectives: &'static [&'static str],
    /// Finite forms, infinitives and past participles of its verb.
    pub(super) verbs: &'static [&'static str],
    /// Forms in -ing.
    pub(super) ings: &'static [&'static str],
    /// Adjectives that deny it by themselves.
    pub(super) denials: &'static [&'static str],
    /// A sentence that affirms it.
    pub(super) affirmed: &'static str,
    /// A sentence that denies it.
    pub(super) denied: &'static str,
    /// Which way its presence pulls; its absence pulls the other way.
    pub(super) presence: Pull,
}

/// The complaint that a field name means; the longest name within it wins.
pub(super) fn symptom(field: &str) -> Option<&'static Symptom> {
    let name = field.to_lowercase().replace(['-', ' '], "_");
    let padded = format!("_{name}_");
    let begun = name.split('_').filter_map(|word| BY_FIRST_WORD.get(word)).flatten();
    let hits = begun.filter(|(_, known, _)| padded.contains(&format!("_{known}_")));
    hits.max_by_key(|(place, known, _)| (known.len(), *place)).map(|(.., symptom)| *symptom)
}

/// A name of a complaint, with its place among all names.
type Name = (usize, &'static str, &'static Symptom);

/// Every name under its first word: most fields are no complaint, and none of their words is here.
static BY_FIRST_WORD: LazyLock<BTreeMap<&str, Vec<Name>>> = LazyLock::new(|| {
    let names = SYMPTOMS.iter().flat_map(|symptom| symptom.names.iter().map(move |name| (*name, symptom)));
    let mut index: BTreeMap<&str, Vec<Name>> = BTreeMap::new();
    for (place, (name, symptom)) in names.enumerate() {
        index.entry(name.split('_').next().unwrap_or(name)).or_default().push((place, name, symptom));
    }
    index
});

/// Whether a word, in lower case, is a verb of some complaint.
pub(super) fn is_symptom_verb(word: &str) -> bool {
    SYMPTOMS.iter().any(|symptom| symptom.verbs.contains(&word))
}

/// Whether a word, in lower case, is a noun for some complaint.
pub(super) fn is_symptom_noun(word: &str) -> bool {
    SYMPTOMS.iter().any(|symptom| symptom.nouns.contains(&word) || symptom.ings.contains(&word))
}

/// Shortens the table: fields that are left out are empty.
macro_rules! symptoms {
    ($($presence:ident $names:expr, $affirmed:literal, $denied:literal {
        $($part:ident: $words:expr),* $(,)?
    })*) => {
        /// Every complaint that is known by name.
        pub(super) static SYMPTOMS: &[Symptom] = &[$(Symptom {
            $($part: &$words,)*
            ..Symptom { names: &$names, affirmed: $affirmed, denied: $denied, presence: Pull::$presence, ..EMPTY }
        }),*];
    };
}

const EMPTY: Symptom = Symptom {
    names: &[],
    nouns: &[],
    adjectives: &[],
    verbs: &[],
    ings: &[],
    denials: &[],
    affirmed: "",
    denied: "",
    presence: Pull::Neutral,
};

symptoms! {
    // Common in harmless and in grave disease alike: hastens nothing by itself.
    Neutral ["itch", "itching", "itchy", "itchiness", "pruritus"], "There is itching.", "There is no itching." {
        nouns: ["itch", "itchiness", "pruritus", "itching sensation", "itchy skin", "itchy feeling"],
        adjectives: ["itchy", "itchier", "pruritic"],
        verbs: ["itches", "itched"],
        ings: ["itching"],
        denials: ["itch-free", "non-itchy", "non-pruritic", "nonpruritic"],
    }
    // A lesion that bleeds without cause is looked at for cancer.
    Alarming ["bleed", "bleeding", "bled", "bleeds"], "There has been bleeding.", "There has been no bleeding." {
        nouns: ["haemorrhage", "hemorrhage"],
        verbs: ["bleed", "bleeds", "bled"],
        ings: ["bleeding"],
        denials: ["non-bleeding"],
    }
    // Out of proportion in necrotising infection, and in severe drug reactions.
    Alarming ["hurt", "hurts", "pain", "painful", "tender", "tenderness", "sore", "soreness"],
        "There is pain.", "There is no pain." {
        nouns: ["pain", "pains", "soreness", "tenderness", "ache", "discomfort"],
        adjectives: ["painful", "tender", "sore", "achy"],
        verbs: ["hurt", "hurts", "aches", "ached"],
        ings: ["hurting", "aching"],
        denials: ["painless", "pain-free", "non-tender", "nontender", "non-painful"],
    }
    // Checklist: change in size, the weightiest sign; EFG: growing.
    Alarming ["grew", "grow", "grown", "growing", "growth", "enlarging", "enlargement", "size_change", "increase_in_size",
        "increasing_size"],
        "It has become larger.", "It has not become larger." {
        nouns: ["enlargement", "increase in size", "rapid growth", "growth in size", "growth"],
        adjectives: ["larger", "bigger"],
        verbs: ["grow", "grows", "grew", "grown", "enlarged", "increased in size"],
        ings: ["growing", "enlarging", "increasing in size", "getting bigger", "getting larger", "growing in size"],
        denials: ["non-growing"],
    }
    // Checklist: change of shape or colour.
    Alarming ["change", "changed", "changes", "changing", "colour_change", "color_change", "shape_change"],
        "It has changed in appearance.", "It has not changed in appearance." {
        nouns: ["change in colour", "change in color", "change in shape", "change in appearance", "changes in colour",
            "changes in color",
            "changes in appearance", "colour change", "color change", "recent change", "change"],
        verbs: ["changed", "changed colour", "changed color", "changed shape", "changed in appearance"],
        ings: ["changing"],
        denials: ["unchanged", "unchanging", "stable"],
    }
    Alarming ["darkening", "darkened", "darker"], "It has become darker.", "It has not become darker." {
        adjectives: ["darker"],
        verbs: ["darkened", "darkens"],
        ings: ["darkening"],
    }
    // EFG: elevated.
    Alarming ["elevation", "elevated", "raised", "texture_raised_or_bumpy"], "It is raised.", "It is not raised." {
        nouns: ["elevation"],
        adjectives: ["raised", "elevated"],
        denials: ["flat", "non-raised"],
    }
    Alarming ["ulcer", "ulcers", "ulceration", "ulcerated", "open_sore"],
        "There is ulceration.", "There is no ulceration." {
        nouns: ["ulcer", "ulcers", "ulceration", "open sore"],
        adjectives: ["ulcerated"],
        verbs: ["ulcerates"],
        ings: ["ulcerating"],
        denials: ["non-ulcerated"],
    }
    // Checklist: oozing, a minor sign.
    Alarming ["discharge", "oozing", "weeping", "pus"], "There is discharge.", "There is no discharge." {
        nouns: ["discharge", "pus", "ooze", "exudate"],
        verbs: ["oozes", "weeps", "discharges", "oozed"],
        ings: ["oozing", "weeping"],
    }
    // Checklist: altered sensation, a minor sign.
    Alarming ["burning"], "There is burning.", "There is no burning." {
        nouns: ["burning sensation", "burning feeling"],
        verbs: ["burns"],
        ings: ["burning"],
    }
    Alarming ["blister", "blisters", "blistering"], "There are blisters.", "There are no blisters." {
        nouns: ["blister", "blisters", "vesicles", "bullae"],
        adjectives: ["blistered"],
        verbs: ["blisters"],
        ings: ["blistering"],
    }
    // Severe drug reactions begin at the mouth, the eyes and the genitals.
    Alarming ["mouth_sores", "oral_sores", "mouth_ulcers", "oral_ulcers", "mouth_sore", "mucosal",
        "mucosal_involvement"],
        "There are sores in the mouth.", "There are no sores in the mouth." {
        nouns: ["mouth sores", "sores in the mouth", "oral sores", "mouth ulcers", "oral ulcers", "mouth ulceration",
            "oral erosions",
            "ulcers in the mouth", "sore mouth", "mucosal involvement"],
    }
    Alarming ["fever", "fevers", "febrile", "pyrexia"], "There is fever.", "There is no fever." {
        nouns: ["fever", "fevers", "pyrexia", "raised temperature", "high temperature"],
        adjectives: ["febrile", "feverish"],
        denials: ["afebrile", "apyrexial"],
    }
    Alarming ["chills", "rigors", "shivering"], "There are chills.", "There are no chills." {
        nouns: ["chills", "rigors"],
        ings: ["shivering"],
    }
    Alarming ["unwell", "malaise", "ill"], "There is malaise.", "There is no malaise." {
        nouns: ["malaise", "feeling unwell"],
        adjectives: ["unwell", "ill"],
    }
    Alarming ["fatigue", "tired", "tiredness"], "There is tiredness.", "There is no tiredness." {
        nouns: ["fatigue", "tiredness", "exhaustion"],
        adjectives: ["tired", "fatigued", "exhausted"],
    }
    Alarming ["weight_loss"], "There has been weight loss.", "There has been no weight loss." {
        nouns: ["weight loss", "loss of weight"],
        verbs: ["lost weight"],
        ings: ["losing weight"],
    }
    Alarming ["night_sweats", "sweats"], "There are night sweats.", "There are no night sweats." {
        nouns: ["night sweats", "sweats"],
    }
    Alarming ["joint_pain", "joint_pains", "arthralgia"], "There is joint pain.", "There is no joint pain." {
        nouns: ["joint pain", "joint pains", "arthralgia", "aching joints", "painful joints"],
    }
    Alarming ["shortness_of_breath", "dyspnoea", "dyspnea", "breathless"],
        "There is shortness of breath.", "There is no shortness of breath." {
        nouns: ["shortness of breath", "dyspnoea", "dyspnea", "breathlessness"],
        adjectives: ["short of breath", "breathless"],
    }
    Alarming ["swelling", "swollen"], "There is swelling.", "There is no swelling." {
        nouns: ["swelling", "swellings", "oedema", "edema"],
        adjectives: ["swollen", "oedematous"],
        verbs: ["swells", "swelled"],
    }
    Alarming ["spread", "spreading"], "It has spread.", "It has not spread." {
        verbs: ["spread", "spreads"],
        ings: ["spreading", "spreading out"],
    }
    // Marks of a surface, found in harmless and in malignant lesions.
    Neutral ["scaling", "scaly", "scale"], "There is scaling.", "There is no scaling." {
        nouns: ["scale", "scales", "flaking"],
        adjectives: ["scaly", "flaky"],
        verbs: ["flakes"],
        ings: ["scaling"],
    }
    Neutral ["crust", "crusting", "crusted"], "There is crusting.", "There is no crusting." {
        nouns: ["crust", "crusts", "scabs"],
        adjectives: ["crusted", "crusty"],
        verbs: ["crusts"],
        ings: ["crusting"],
    }
    Neutral ["hair_loss", "alopecia"], "There is hair loss.", "There is no hair loss." {
        nouns: ["hair loss", "loss of hair"],
    }
    Neutral ["nausea"], "There is nausea.", "There is no nausea." {
        nouns: ["nausea"],
        adjectives: ["nauseous", "nauseated"],
    }
    Neutral ["cough", "coughing"], "There is a cough.", "There is no cough." {
        nouns: ["cough"],
        verbs: ["coughs"],
        ings: ["coughing"],
    }
    Alarming ["headache", "headaches"], "There is headache.", "There is no headache." {
        nouns: ["headache", "headaches"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_name_wins() {
        let named = |field: &str| symptom(field).map(|symptom| symptom.names.first().copied().unwrap_or_default());
        assert_eq!(named("joint_pain"), Some("joint_pain"));
        assert_eq!(named("condition-symptoms-bleeding"), Some("bleed"));
        assert_eq!(named("mouth_sores"), Some("mouth_sores"));
        assert_eq!(named("hurt"), Some("hurt"));
        assert_eq!(named("piped_water"), None);
    }

    #[test]
    fn no_name_means_two_complaints() {
        let mut names: Vec<_> = SYMPTOMS.iter().flat_map(|symptom| symptom.names).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }

    #[test]
    fn every_complaint_can_be_affirmed_and_denied() {
        for symptom in SYMPTOMS {
            assert!(symptom.affirmed.ends_with('.') && !symptom.affirmed.contains(" no"), "{}", symptom.affirmed);
            assert!(symptom.denied.ends_with('.') && symptom.denied.contains(" no"), "{}", symptom.denied);
        }
    }
}
