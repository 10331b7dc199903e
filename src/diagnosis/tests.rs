//! The embedded lexicon as a whole, and lexicons that are refused.

use std::collections::BTreeSet;

use super::file::EMBEDDED;
use super::names::Names;
use super::normal::{bag, words};
use super::phrase::unqualified;
use super::spelling::misspells;
use super::*;

#[test]
fn the_embedded_lexicon_reads() {
    let lexicon = Lexicon::parse(&EMBEDDED).unwrap();
    for id in [
        "melanoma",
        "basal_cell_carcinoma",
        "squamous_cell_carcinoma",
        "actinic_keratosis",
        "melanocytic_naevus",
        "seborrhoeic_keratosis",
        "psoriasis",
        "atopic_eczema",
        "tinea_corporis",
        "urticaria",
        "stevens_johnson_syndrome",
        "eczema_herpeticum",
        "meningococcal_purpura",
    ] {
        assert!(lexicon.find(id).is_some(), "{id}");
    }
}

/// The names of a concept that differ by more than form: a name is left out where another of the same concept has the
/// same telling words in any order, with or without words that only qualify ("chronic", "skin", "disease"), with other
/// gaps, in British or American spelling, in the plural, or within the edits that the matcher takes for a misspelling.
fn distinct_names(concept: &Concept) -> Vec<Vec<String>> {
    let mut kept: Vec<Vec<String>> = Vec::new();
    for name in concept.all_names() {
        let full = words(&name);
        let bare = unqualified(&full);
        let words = if bare.is_empty() { full } else { bare };
        let alike = |other: &Vec<String>| {
            bag(other) == bag(&words) || other.concat() == words.concat() || misspells(&words, &other.join(" "))
        };
        if !kept.iter().any(alike) {
            kept.push(words);
        }
    }
    kept
}

#[test]
fn there_are_four_hundred_concepts_and_fifteen_hundred_names_that_differ_by_more_than_form() {
    let concepts = Lexicon::embedded().concepts();
    let names: usize = concepts.iter().map(|concept| distinct_names(concept).len()).sum();
    let told_apart = concepts.iter().filter(|concept| !concept.variant && !concept.umbrella).count();
    assert!(told_apart >= 400, "{told_apart} diagnoses without headings and variants");
    assert!(names >= 1500, "{names} names");
    assert_eq!((concepts.len(), told_apart, names), (1157, 878, 5626));
}

/// Forced choices and foils depend on this list and its order.
#[test]
fn what_can_be_planted_is_this_and_no_more() {
    let concepts = Lexicon::embedded().concepts().iter().filter(|concept| concept.can_be_planted());
    let ids: Vec<&str> = concepts.map(|concept| concept.id.as_str()).collect();
    assert_eq!(
        ids.join(" "),
        "melanoma basal_cell_carcinoma squamous_cell_carcinoma bowens_disease keratoacanthoma actinic_keratosis \
         melanocytic_naevus seborrhoeic_keratosis lentigo dermatofibroma haemangioma atopic_eczema contact_dermatitis \
         nummular_dermatitis seborrhoeic_dermatitis psoriasis pityriasis_rosea rosacea tinea_corporis wart impetigo \
         cellulitis herpes_zoster eczema_herpeticum viral_exanthem urticaria drug_eruption stevens_johnson_syndrome \
         erythema_multiforme meningococcal_purpura iga_vasculitis"
    );
}

#[test]
fn every_source_is_used() {
    let lexicon = Lexicon::embedded();
    let used: BTreeSet<_> =
        lexicon.concepts().iter().flat_map(|concept| &concept.confused_with).map(|like| &like.source).collect();
    assert_eq!(used, lexicon.sources.keys().collect());
}

#[test]
fn codes_have_the_shape_of_icd_10_cm() {
    let mut coded = 0;
    for concept in Lexicon::embedded().concepts() {
        coded += usize::from(!concept.icd10.is_empty());
        for code in &concept.icd10 {
            let (category, rest) = code.split_once('.').unwrap_or((code, "0"));
            assert!(category.len() == 3 && category.starts_with(|c: char| c.is_ascii_uppercase()), "{code}");
            assert!((1..=4).contains(&rest.len()), "{code}");
        }
    }
    assert!(coded > 500, "{coded}");
}

#[test]
fn every_group_is_a_file_and_every_id_is_the_name_in_snake_case_or_a_former_one() {
    for concept in Lexicon::embedded().concepts() {
        let snake = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        assert!(concept.id.chars().all(snake), "{}", concept.id);
        assert!(EMBEDDED.iter().any(|text| text.contains(&format!("  - id: {}\n", concept.id))
            && text.matches(&format!("group: {}\n", concept.group)).count() == text.matches("    group: ").count()));
    }
}

#[test]
fn the_hierarchy_is_walked_both_ways() {
    let lexicon = Lexicon::embedded();
    assert!(lexicon.within("bowens_disease", "skin_cancer"));
    assert!(!lexicon.within("skin_cancer", "bowens_disease"));
    assert!(lexicon.related("skin_cancer", "melanoma"));
    assert!(!lexicon.related("melanoma", "melanocytic_naevus"));
    assert!(!lexicon.related("melanoma", "basal_cell_carcinoma"));
}

#[test]
fn a_variant_is_judged_as_the_diagnosis_above_it() {
    let lexicon = Lexicon::embedded();
    assert_eq!(lexicon.judged_as("nodular_melanoma"), "melanoma");
    assert_eq!(lexicon.judged_as("melanoma"), "melanoma");
    assert_eq!(lexicon.judged_as("tinea_pedis"), "tinea_pedis");
    assert_eq!(lexicon.judged_as("nothing_known"), "nothing_known");
    for concept in lexicon.concepts() {
        let judged = lexicon.find(lexicon.judged_as(&concept.id)).unwrap();
        assert!(!judged.variant, "{}", concept.id);
        assert!(!(concept.variant && judged.umbrella), "{}", concept.id);
    }
}

#[test]
fn a_broken_lexicon_is_refused() {
    let concept = |id: &str, more: &str| format!("  - {{id: {id}, name: {id}, dangerous: false, group: g{more}}}\n");
    let head = "format: 1\nsources: {}\nconcepts:\n";
    let read = |body: &str| Lexicon::parse(&[&format!("{head}{body}")]).unwrap_err().to_string();
    assert!(read(&(concept("a", "") + &concept("a", ""))).contains("two concepts"));
    assert!(read(&concept("a", ", parent: b")).contains("does not exist"));
    assert!(read(&concept("a", ", parent: a")).contains("above itself"));
    assert!(read(&(concept("a", ", names: [x]") + &concept("b", ", names: [X]"))).contains("another concept"));
    assert!(read(&concept("a", ", confused_with: [{id: a, source: s}]")).contains("no source"));
    assert!(read(&concept("a", ", variant: true")).contains("cannot be a variant"));
    assert!(Lexicon::parse(&["format: 2\nsources: {}\nconcepts: []"]).is_err());
    let ambiguous = |what: &str| {
        let head = format!("format: 1\nambiguous: {{{what}}}\nconcepts:\n");
        Lexicon::parse(&[&(head + &concept("a", "") + &concept("b", ""))]).unwrap_err().to_string()
    };
    assert!(ambiguous("x: [a]").contains("fewer than two"));
    assert!(ambiguous("x: [a, c]").contains("c, which does not exist"));
    assert!(ambiguous("A: [a, b]").contains("names a concept"));
}

#[test]
fn files_are_read_as_one() {
    let one = "format: 1\nconcepts:\n  - {id: a, name: a, parent: b, dangerous: false, group: g}\n";
    let two = "format: 1\nconcepts:\n  - {id: b, name: b, dangerous: false, group: g}\n";
    let lexicon = Lexicon::parse(&[one, two]).unwrap();
    assert!(lexicon.within("a", "b"));
    assert_eq!(Lexicon::parse(&[two, one]).unwrap().concepts().len(), 2);
    assert!(Lexicon::parse(&[one]).is_err());
    assert_eq!(Lexicon::parse(&[]).unwrap().names, Names::default());
}

/// How long the lexicon takes to read: printed, never judged.
#[test]
#[ignore = "prints a time"]
#[expect(clippy::disallowed_methods, reason = "a measurement")]
fn the_time_to_read_the_lexicon() {
    let start = std::time::Instant::now();
    for _ in 0..20 {
        std::hint::black_box(Lexicon::read_embedded().unwrap());
    }
    println!("quick {:?}", start.elapsed() / 20);
    let start = std::time::Instant::now();
    std::hint::black_box(Lexicon::parse(&EMBEDDED).unwrap());
    println!("whole YAML {:?}", start.elapsed());
}
