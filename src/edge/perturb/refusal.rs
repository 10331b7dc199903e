//! What cannot be done to an input, said with the reason and the way out.

use bedside_perturbations::{Needs, Target, Unfit};

use super::Beside;
use crate::diagnosis::{Concept, Lexicon};
use crate::error::Error;
use crate::treatment::{PlannedStep, Treatment};
use crate::yaml::nearest;

/// How to give a cohort.
const COHORT: &str = "give a cohort (a folder with cohort.yaml and cases.jsonl, or phantom:N)";

/// What copies are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One image.
    Image,
    /// A folder of images.
    Folder,
    /// Cases.
    Cohort,
}

/// The diagnosis that was named to be planted.
///
/// # Errors
/// When the lexicon does not know it, or it is none that can be planted.
pub(super) fn foil(beside: &Beside) -> Result<Option<&'static Concept>, Error> {
    let Some(id) = &beside.foil else { return Ok(None) };
    let all = || Lexicon::embedded().concepts().iter().filter(|concept| concept.can_be_planted());
    if let Some(concept) = all().find(|concept| concept.id == id.replace('-', "_")) {
        return Ok(Some(concept));
    }
    let ids: Vec<&str> = all().map(|concept| concept.id.as_str()).collect();
    let near = nearest(id, &ids);
    let way = near.map_or("give an id such as melanoma or psoriasis".into(), |near| format!("did you mean `{near}`?"));
    Err(Error::Usage(format!("--foil: `{id}` is no diagnosis that can be planted; {way}")))
}

/// Refuses what is sure to fail for every image or case, and what was given for nothing.
///
/// # Errors
/// [`Error::Usage`], a sentence that names the way out.
pub(super) fn check<'a>(
    kind: Kind,
    treatments: impl Iterator<Item = &'a Treatment> + Clone,
    beside: &Beside,
) -> Result<(), Error> {
    let plants = treatments.clone().any(|treatment| treatment.foil.is_some());
    if beside.foil.is_some() && !plants {
        return Err(Error::Usage("--foil: no step plants a diagnosis; leave it out".into()));
    }
    if beside.lesion.is_some() && kind != Kind::Image {
        let why = "--lesion: is for one image; in a cohort every photograph has its own `lesion` box";
        return Err(Error::Usage(why.into()));
    }
    let cards = treatments.flat_map(|treatment| &treatment.steps).filter_map(PlannedStep::card);
    for card in cards.filter(|_| kind != Kind::Cohort) {
        if let Some(why) = lacks(kind, card.target, card.needs, beside) {
            return Err(Error::Usage(format!("`{}` {why}", card.id)));
        }
    }
    Ok(())
}

/// What images alone do not have, and the way out.
fn lacks(kind: Kind, target: Target, needs: Needs, beside: &Beside) -> Option<String> {
    match (target, needs) {
        (_, Needs::Donor) => {
            Some(format!("needs another patient's case, and files do not say whose they are; {COHORT}"))
        }
        (Target::History, _) => Some(format!("changes a history, and an image by itself has none; {COHORT}")),
        (_, Needs::Foil) if beside.foil.is_none() => Some(format!(
            "needs a wrong diagnosis to plant; name one with --foil (e.g. --foil psoriasis), or {COHORT}, for whose cases \
             one is chosen"
        )),
        (_, Needs::LesionBox) if beside.lesion.is_none() => {
            let box_of = match kind {
                Kind::Image => "give its box with --lesion X,Y,W,H",
                Kind::Folder | Kind::Cohort => "give one image with --lesion X,Y,W,H",
            };
            Some(format!(
                "needs to know where the lesion is; {box_of}, or a cohort whose photographs have `lesion` boxes"
            ))
        }
        _ => None,
    }
}

/// Why a case is not exposed, in words that make sense where the donor and the foil come from us.
pub(super) fn reason(unfit: &Unfit) -> String {
    match unfit {
        Unfit::NeedsDonor => "no other patient's case with another diagnosis is free to lend".into(),
        Unfit::NeedsFoil => "no wrong diagnosis fits this case".into(),
        other => other.to_string(),
    }
}

/// What to do where nothing at all could be exposed.
pub(super) fn nothing(kind: Kind, unfit: &Unfit) -> Error {
    let way = match (unfit, kind) {
        (Unfit::NeedsDonor, _) => "give a cohort with more patients and more than one diagnosis",
        (Unfit::NeedsFoil, _) => "name another diagnosis with --foil, or give a cohort whose cases have one",
        (Unfit::NoLesion, _) => {
            "give a cohort whose photographs have `lesion` boxes, or one image with --lesion X,Y,W,H"
        }
        (Unfit::TooSmall { .. }, _) => "give larger photographs",
        (_, Kind::Cohort) => "give a cohort whose cases have what it changes",
        (_, Kind::Image | Kind::Folder) => {
            "every file is a case of one photograph; give a cohort whose cases have several, or have what it changes"
        }
    };
    Error::Usage(format!("nothing could be changed: {}; {way}. ledger.jsonl has the reason for each", reason(unfit)))
}
