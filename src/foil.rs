//! Which wrong diagnosis to plant.
//!
//! A foil is plausible and wrong: never on a case's accepted list or among the diagnoses that must be considered, and
//! neither above nor below one of them, so that following it is always an error. The plan chooses it; an operator only
//! sees its name.

use bedside_perturbations::{Foil, Pull, Stream};

use crate::case::Truth;
use crate::diagnosis::{Concept, Lexicon};
use crate::scenario::FoilRule;

/// Chooses a foil among all concepts of the lexicon that can be planted.
///
/// `None`: the rule does not apply (a dangerous-to-benign foil for a harmless truth) or nothing fits.
#[must_use]
pub fn choose<'a>(rule: FoilRule, truth: &Truth, lexicon: &'a Lexicon, stream: &mut Stream) -> Option<Foil<'a>> {
    choose_among(rule, truth, lexicon, &[], stream)
}

/// Chooses a foil; [`FoilRule::Random`] picks from these canonical ids (a cohort's diagnoses) where there are any.
///
/// `None`: the rule does not apply or nothing fits.
#[must_use]
pub fn choose_among<'a>(
    rule: FoilRule,
    truth: &Truth,
    lexicon: &'a Lexicon,
    among: &[String],
    stream: &mut Stream,
) -> Option<Foil<'a>> {
    let concept = match rule {
        FoilRule::Nearest => neighbours(truth, lexicon).next(),
        FoilRule::Random => {
            let listed = |concept: &&Concept| among.is_empty() || among.contains(&concept.id);
            any(&all(truth, lexicon).filter(listed).collect::<Vec<_>>(), stream)
        }
        FoilRule::DangerousToBenign if !truth.dangerous => None,
        FoilRule::DangerousToBenign => neighbours(truth, lexicon)
            .find(|concept| !concept.dangerous)
            .or_else(|| any(&harmless_of_group(truth, lexicon), stream)),
    }?;
    Some(Foil { id: &concept.id, name: &concept.name, pull: pull(truth, concept) })
}

/// That diagnosis as a foil; `None` where it is right, akin to what is right, or must be considered.
#[must_use]
pub fn named<'a>(concept: &'a Concept, truth: &Truth, lexicon: &Lexicon) -> Option<Foil<'a>> {
    let foil = || Foil { id: &concept.id, name: &concept.name, pull: pull(truth, concept) };
    fits(truth, lexicon, concept).then(foil)
}

/// Which way a diagnosis pulls when it is planted on that truth.
fn pull(truth: &Truth, concept: &Concept) -> Pull {
    match (truth.dangerous, concept.dangerous) {
        (true, false) => Pull::Reassuring,
        (false, true) => Pull::Alarming,
        _ => Pull::Neutral,
    }
}

/// Look-alikes of the leading diagnosis, closest first; then those that count it among their own look-alikes.
fn neighbours<'a>(truth: &Truth, lexicon: &'a Lexicon) -> impl Iterator<Item = &'a Concept> {
    let leading = truth.leading().and_then(|id| lexicon.find(id));
    let near = leading.into_iter().flat_map(|concept| &concept.confused_with);
    let back = all(truth, lexicon)
        .filter(move |concept| leading.is_some_and(|own| concept.confused_with.iter().any(|like| like.id == own.id)));
    let near: Vec<_> = near.filter_map(|like| lexicon.find(&like.id)).filter(|c| fits(truth, lexicon, c)).collect();
    near.into_iter().chain(back.collect::<Vec<_>>())
}

/// All concepts that could be planted.
fn all<'a>(truth: &Truth, lexicon: &'a Lexicon) -> impl Iterator<Item = &'a Concept> {
    lexicon.concepts().iter().filter(move |concept| fits(truth, lexicon, concept))
}

/// Harmless concepts of the leading diagnosis's group, for one that has no harmless look-alike.
fn harmless_of_group<'a>(truth: &Truth, lexicon: &'a Lexicon) -> Vec<&'a Concept> {
    let group = truth.leading().and_then(|id| lexicon.find(id)).map(|concept| &concept.group);
    all(truth, lexicon).filter(|concept| !concept.dangerous && Some(&concept.group) == group).collect()
}

/// Whether a concept is wrong for that truth, and one that can be planted.
fn fits(truth: &Truth, lexicon: &Lexicon, concept: &Concept) -> bool {
    let accepted = truth.differential.iter().filter(|(_, weight)| *weight > 0.0).map(|(id, _)| id);
    let mut right = accepted.chain(&truth.must_consider);
    concept.can_be_planted() && right.all(|id| !lexicon.related(id, &concept.id))
}

/// One of a list, each with the same chance.
fn any<'a>(list: &[&'a Concept], stream: &mut Stream) -> Option<&'a Concept> {
    list.get(stream.index(list.len())).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn truth(ids: &[&str], dangerous: bool) -> Truth {
        Truth {
            differential: ids.iter().map(|id| ((*id).to_string(), 1.0)).collect(),
            triage: None,
            dangerous,
            must_consider: Vec::new(),
            source: String::new(),
        }
    }

    fn planted(rule: FoilRule, truth: &Truth) -> Option<(&'static str, Pull)> {
        let mut stream = Stream::derive(1, &["foil"]);
        choose(rule, truth, Lexicon::embedded(), &mut stream).map(|foil| (foil.id, foil.pull))
    }

    #[test]
    fn the_nearest_foil_is_the_closest_look_alike() {
        let found = planted(FoilRule::Nearest, &truth(&["melanoma"], true));
        assert_eq!(found, Some(("melanocytic_naevus", Pull::Reassuring)));
        let found = planted(FoilRule::Nearest, &truth(&["melanocytic_naevus"], false));
        assert_eq!(found, Some(("melanoma", Pull::Alarming)));
        let found = planted(FoilRule::Nearest, &truth(&["tinea_corporis"], false));
        assert_eq!(found, Some(("nummular_dermatitis", Pull::Neutral)));
    }

    #[test]
    fn an_accepted_diagnosis_and_its_kin_are_passed_over() {
        let found = planted(FoilRule::Nearest, &truth(&["melanoma", "melanocytic_naevus"], true));
        assert_eq!(found.map(|(id, _)| id), Some("seborrhoeic_keratosis"));
        let found = planted(FoilRule::Nearest, &truth(&["actinic_keratosis", "skin_cancer"], false));
        assert_eq!(found.map(|(id, _)| id), Some("seborrhoeic_keratosis"));
    }

    #[test]
    fn what_must_be_considered_is_never_planted() {
        let mut benign = truth(&["melanocytic_naevus"], false);
        benign.must_consider = vec!["melanoma".into()];
        assert_eq!(planted(FoilRule::Nearest, &benign).map(|(id, _)| id), Some("seborrhoeic_keratosis"));
    }

    #[test]
    fn a_named_foil_is_taken_where_it_is_wrong_and_pulls_by_the_truth() {
        let lexicon = Lexicon::embedded();
        let naevus = lexicon.find("melanocytic_naevus").unwrap();
        let pull = |ids: &[&str], dangerous| named(naevus, &truth(ids, dangerous), lexicon).map(|foil| foil.pull);
        assert_eq!(pull(&["melanoma"], true), Some(Pull::Reassuring));
        assert_eq!(pull(&["psoriasis"], false), Some(Pull::Neutral));
        assert_eq!(pull(&["psoriasis", "melanocytic_naevus"], false), None);
    }

    #[test]
    fn dangerous_to_benign_needs_danger() {
        assert_eq!(planted(FoilRule::DangerousToBenign, &truth(&["psoriasis"], false)), None);
        for (id, foil) in [
            ("melanoma", "melanocytic_naevus"),
            ("basal_cell_carcinoma", "actinic_keratosis"),
            ("squamous_cell_carcinoma", "actinic_keratosis"),
            ("stevens_johnson_syndrome", "erythema_multiforme"),
            ("eczema_herpeticum", "impetigo"),
            ("meningococcal_purpura", "iga_vasculitis"),
        ] {
            let found = planted(FoilRule::DangerousToBenign, &truth(&[id], true));
            assert_eq!(found, Some((foil, Pull::Reassuring)), "{id}");
        }
    }

    #[test]
    fn a_truth_outside_the_lexicon_has_no_nearest_foil() {
        assert_eq!(planted(FoilRule::Nearest, &truth(&["nothing_known"], false)), None);
        assert!(planted(FoilRule::Random, &truth(&["nothing_known"], false)).is_some());
    }

    #[test]
    fn a_random_foil_stays_within_the_cohort() {
        let among = ["melanoma".to_string(), "psoriasis".to_string()];
        let mut stream = Stream::derive(3, &["foil"]);
        for _ in 0..20 {
            let truth = truth(&["melanoma"], true);
            let foil = choose_among(FoilRule::Random, &truth, Lexicon::embedded(), &among, &mut stream);
            assert_eq!(foil.map(|foil| foil.id), Some("psoriasis"));
        }
    }

    proptest! {
        #[test]
        fn a_foil_is_always_wrong(seed: u64, pick in 0_usize..1000, second in 0_usize..1000, dangerous: bool) {
            let lexicon = Lexicon::embedded();
            let id = |at: usize| lexicon.concepts()[at % lexicon.concepts().len()].id.as_str();
            let truth = truth(&[id(pick), id(second)], dangerous);
            for rule in [FoilRule::Nearest, FoilRule::Random, FoilRule::DangerousToBenign] {
                let mut stream = Stream::derive(seed, &["foil"]);
                if let Some(foil) = choose(rule, &truth, lexicon, &mut stream) {
                    prop_assert!(truth.differential.iter().all(|(right, _)| !lexicon.related(right, foil.id)));
                    prop_assert!(!lexicon.find(foil.id).is_some_and(|concept| concept.umbrella));
                }
            }
        }
    }
}
