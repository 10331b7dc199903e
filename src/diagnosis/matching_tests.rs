//! Texts as models write them, and what they map to.

use super::*;

fn id(text: &str) -> Option<&'static str> {
    Lexicon::embedded().canonical(text).map(|found| found.id)
}

#[test]
fn names_as_models_write_them_map() {
    for (text, expected) in [
        ("Melanoma", "melanoma"),
        ("MELANOMA.", "melanoma"),
        ("melanomas", "melanoma"),
        ("Malignant Melanoma", "melanoma"),
        ("malignant melanoma (superficial spreading type)", "melanoma"),
        ("melanoma in-situ", "melanoma"),
        ("Lentigo maligna", "melanoma"),
        ("r/o melanoma", "melanoma"),
        ("rule out melanoma", "melanoma"),
        ("suspicious for melanoma", "melanoma"),
        ("Melanoma (unlikely)", "melanoma"),
        ("melanoma cannot be excluded", "melanoma"),
        ("Early melanoma of the back", "melanoma"),
        ("BCC", "basal cell carcinoma"),
        ("Basal Cell Carcinoma (BCC)", "basal cell carcinoma"),
        ("BCC (basal cell carcinoma)", "basal cell carcinoma"),
        ("basal-cell carcinomas", "basal cell carcinoma"),
        ("Carcinoma, basal cell", "basal cell carcinoma"),
        ("probable nodular BCC", "basal cell carcinoma"),
        ("ulcerated basal cell carcinoma on the nose", "basal cell carcinoma"),
        ("Rodent ulcer", "basal cell carcinoma"),
        ("cutaneous squamous cell carcinoma", "squamous cell carcinoma"),
        ("cSCC", "squamous cell carcinoma"),
        ("Squamous cell carcinoma, invasive", "squamous cell carcinoma"),
        ("Squamous cell carcinoma in situ (Bowen's disease)", "bowens disease"),
        ("Bowen’s disease", "bowens disease"),
        ("Bowen disease", "bowens disease"),
        ("Actinic keratoses", "actinic keratosis"),
        ("solar keratosis", "actinic keratosis"),
        ("Naevus", "melanocytic naevus"),
        ("nevus", "melanocytic naevus"),
        ("Benign melanocytic nevi", "melanocytic naevus"),
        ("dysplastic nevus", "melanocytic naevus"),
        ("mole", "melanocytic naevus"),
        ("intradermal naevus of the face", "melanocytic naevus"),
        ("Seborrheic keratosis", "seborrhoeic keratosis"),
        ("seborrhoeic keratoses", "seborrhoeic keratosis"),
        ("SEK", "seborrhoeic keratosis"),
        ("Irritated seborrheic keratosis", "seborrhoeic keratosis"),
        ("Psoriasis (plaque)", "psoriasis"),
        ("severe chronic plaque psoriasis", "psoriasis"),
        ("atopic dermatitis", "atopic eczema"),
        ("Atopic eczema flare", "atopic eczema"),
        ("eczema", "dermatitis"),
        ("Ringworm", "tinea corporis"),
        ("tinea corporis (ringworm)", "tinea corporis"),
        ("hives", "urticaria"),
        ("Acute urticaria", "urticaria"),
        ("SJS", "stevens johnson syndrome"),
        ("SJS/TEN", "stevens johnson syndrome"),
        ("Stevens–Johnson syndrome", "stevens johnson syndrome"),
        ("toxic epidermal necrolysis (TEN)", "stevens johnson syndrome"),
        ("Eczema herpeticum", "eczema herpeticum"),
        ("Kaposi’s varicelliform eruption", "eczema herpeticum"),
        ("meningococcal septicaemia", "meningococcal purpura"),
        ("Meningococcemia", "meningococcal purpura"),
        ("shingles", "herpes zoster"),
        ("Hemangioma", "haemangioma"),
        ("cherry angiomas", "haemangioma"),
        ("verruca vulgaris", "wart"),
        ("Henoch-Schönlein purpura (HSP)", "iga vasculitis"),
        ("non-melanoma skin cancer", "keratinocyte carcinoma"),
        ("basal_cell_carcinoma", "basal cell carcinoma"),
        ("solar lentigines", "lentigo"),
    ] {
        let expected = expected.replace(' ', "_");
        assert_eq!(id(text), Some(expected.as_str()), "{text}");
        assert_eq!(Lexicon::embedded().canonical(text).map(|found| found.how), Some(How::Exact), "{text}");
    }
}

#[test]
fn misspellings_map_and_say_so() {
    for (text, expected) in [
        ("melanomma", "melanoma"),
        ("melnoma", "melanoma"),
        ("basal cell carcinom", "basal_cell_carcinoma"),
        ("basel cell carcinoma", "basal_cell_carcinoma"),
        ("basalcell carcinoma", "basal_cell_carcinoma"),
        ("squamos cell carcinoma", "squamous_cell_carcinoma"),
        ("sebborrheic keratosis", "seborrhoeic_keratosis"),
        ("seborrhic keratosis", "seborrhoeic_keratosis"),
        ("acitnic keratosis", "actinic_keratosis"),
        ("psoriassis", "psoriasis"),
        ("exzema", "dermatitis"),
        ("melanocitic nevus", "melanocytic_naevus"),
        ("dermato fibroma", "dermatofibroma"),
        ("urticarria", "urticaria"),
    ] {
        let found = Lexicon::embedded().canonical(text);
        assert_eq!(found.map(|found| (found.id, found.how)), Some((expected, How::Spelling)), "{text}");
    }
}

#[test]
fn what_is_near_and_something_else_maps_to_nothing() {
    for text in [
        "",
        " ",
        "?",
        "melanocytic melanoma naevus",
        "myeloma",
        "lymphoma",
        "dermatosis",
        "not melanoma",
        "melanoma ruled out",
        "melanoma excluded",
        "no evidence of melanoma",
        "history of melanoma",
        "melanoma vs naevus",
        "benign lesion",
        "rash",
        "skin lesion",
        "unknown",
        "cancer",
        "carcinoma",
        "eczema or psoriasis",
        "BCG",
        "TB",
        "AKI",
        "melanoma-like lesion",
        "fever",
        "erythema",
        "itching",
        "papule",
        "lesion",
        "tinea corporis and cruris",
        "melanoma, naevus",
        "no tinea (psoriasis)",
        "psoriasis (tinea pedis)",
        "impetigo (folliculitis)",
    ] {
        assert_eq!(id(text), None, "{text}");
    }
}

#[test]
fn near_misses_are_told_apart() {
    for (text, concept) in [
        ("melasma", "melasma"),
        ("melanosis", "hyperpigmentation"),
        ("melanonychia", "longitudinal_melanonychia"),
        ("tinea cruris", "tinea_cruris"),
        ("tinea versicolor", "pityriasis_versicolor"),
        ("pityriasis alba", "pityriasis_alba"),
        ("pityriasis versicolor", "pityriasis_versicolor"),
        ("cellulite", "cellulite"),
        ("keratosis pilaris", "keratosis_pilaris"),
        ("actinic cheilitis", "actinic_cheilitis"),
        ("parapsoriasis", "parapsoriasis"),
        ("squamous cell papilloma", "squamous_papilloma"),
        ("urticaria pigmentosa", "urticaria_pigmentosa"),
        ("urticarial vasculitis", "urticarial_vasculitis"),
        ("naevus of Ota", "naevus_of_ota"),
        ("epidermal naevus syndrome", "epidermal_naevus_syndrome"),
        ("epidermal naevus", "epidermal_naevus"),
        ("dermatofibrosarcoma protuberans", "dermatofibrosarcoma_protuberans"),
        ("eczema vaccinatum", "vaccinia"),
        ("stasis dermatitis", "stasis_dermatitis"),
        ("ringworm on the scalp", "tinea_capitis"),
        ("fungal infection in the groin", "tinea_cruris"),
        ("herpes of the lip", "herpes_labialis"),
        ("Eczema (atopic dermatitis)", "atopic_eczema"),
        ("PG (pyogenic granuloma)", "pyogenic_granuloma"),
        ("Pyoderma gangrenosum (PG)", "pyoderma_gangrenosum"),
        ("Fungal rash (tinea corporis)", "tinea_corporis"),
        ("basal cell carcinoma (a skin cancer)", "basal_cell_carcinoma"),
        ("oral LP", "oral_lichen_planus"),
        ("morphoeic BCC", "morphoeic_basal_cell_carcinoma"),
        ("nail, in-grown", "ingrowing_nail"),
        ("psoriasis of both elbows", "psoriasis"),
        ("bilateral hand eczema", "hand_eczema"),
        ("unlikely to be a melanoma", "melanoma"),
        ("hydroa vaccinoeforme", "hydroa_vacciniforme"),
        ("melanoma (superficial spreading melanoma)", "superficial_spreading_melanoma"),
    ] {
        assert_eq!(Lexicon::embedded().canonical(text).map(|found| found.concept), Some(concept), "{text}");
    }
}

#[test]
fn a_variant_is_named_and_what_it_is_judged_as_too() {
    let found = Lexicon::embedded().canonical("Superficial spreading melanoma");
    let expected = Match { id: "melanoma", concept: "superficial_spreading_melanoma", how: How::Exact };
    assert_eq!(found, Some(expected));
}

#[test]
fn a_name_with_several_meanings_is_not_guessed() {
    for text in ["PG", "EM", "herpes", "lupus", "Paget's disease", "chronic lupus", "suspected herpes", "pityriasis"] {
        assert_eq!(id(text), None, "{text}");
    }
    assert_eq!(Lexicon::embedded().meanings("pg"), ["pyogenic_granuloma", "pyoderma_gangrenosum"]);
    assert!(Lexicon::embedded().meanings("melanoma").is_empty());
}

#[test]
fn every_name_maps_to_its_own_concept() {
    for concept in Lexicon::embedded().concepts() {
        for name in concept.all_names() {
            let found = Lexicon::embedded().canonical(&name).map(|found| found.concept);
            assert_eq!(found, Some(concept.id.as_str()), "{name}");
        }
    }
}

/// Every single deletion, swap and substitution of every name (abbreviations apart) that is taken for a misspelling is
/// taken for one of its own concept. (Some typing errors make the words of another name: hand eczema, and eczema.)
#[test]
fn no_single_typing_error_leads_to_another_concept() {
    let lexicon = Lexicon::embedded();
    let mut wrong = Vec::new();
    for (name, place) in lexicon.names.all() {
        let own = lexicon.judged_as(&lexicon.concepts()[*place].id);
        for typed in one_error(name) {
            let found = lexicon.canonical(&typed);
            if found.is_some_and(|found| found.how == How::Spelling && found.id != own) {
                wrong.push(format!("{name} typed as {typed} became {found:?}"));
            }
        }
    }
    // The swap makes "oe", which is another spelling of "e".
    wrong.retain(|wrong| !wrong.contains("scleroedrma"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn one_error(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let edit = |at: usize, change: &dyn Fn(&mut Vec<char>)| {
        let mut letters = letters.clone();
        if letters[at] != ' ' && name.split(' ').all(|word| word.len() > 3) && name.len() > 5 {
            change(&mut letters);
        }
        letters.into_iter().collect::<String>()
    };
    (0..letters.len())
        .flat_map(|at| {
            [
                edit(at, &|letters| {
                    letters.remove(at);
                }),
                edit(at, &|letters| letters[at] = 'q'),
                edit(at, &|letters| letters.swap(at, (at + 1).min(name.chars().count() - 1))),
            ]
        })
        .collect()
}

#[test]
fn mentions_are_found_in_order_and_the_longest_wins() {
    let lexicon = Lexicon::embedded();
    let found = |text: &str| lexicon.mentions(text).iter().map(|mention| mention.id).collect::<Vec<_>>();
    assert_eq!(
        found("Likely squamous cell carcinoma in situ; actinic keratosis is possible, or eczema herpeticum."),
        ["bowens_disease", "actinic_keratosis", "eczema_herpeticum"]
    );
    assert_eq!(found("a mole of ten mm, TEN days old"), ["stevens_johnson_syndrome"]);
    assert_eq!(found("BCC, then SCC"), ["basal_cell_carcinoma", "squamous_cell_carcinoma"]);
    assert!(found("nothing of the kind").is_empty());
}
