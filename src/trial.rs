//! Carrying out one trial up to the question: clean stimulus, treatment, words, pictures, request. Pure.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bedside_perturbations::{Edit, Field, Foil, Image, Planted, Stimulus, Unfit, Value};
use image::RgbImage;

use crate::case::Case;
use crate::diagnosis::Lexicon;
use crate::plan::{Plan, PlannedCase, Trial};
use crate::protocol::Protocol;
use crate::request::{Picture, Request};
use crate::seed;
use crate::treatment::{Done, Given, Treatment};

/// A case as it is shown when nothing is done to it, with its pictures already encoded.
#[derive(Debug, Clone)]
pub struct Clean {
    /// The case.
    pub case: Case,
    /// The stimulus.
    pub stimulus: Stimulus,
    /// The encoded pictures, one per image.
    pub pictures: Vec<Picture>,
}

/// A trial that is ready to be asked.
#[derive(Debug, Clone)]
pub struct Ready {
    /// The request.
    pub request: Request,
    /// What was done, step by step.
    pub done: Vec<Done>,
    /// The planted wrong diagnosis (canonical id), where one was planted.
    pub planted: Option<String>,
    /// The stimulus as it is shown.
    pub stimulus: Stimulus,
}

/// The clean stimulus of a case: history as it is, pictures upright, the protocol's question.
#[must_use]
pub fn stimulus(case: &Case, pixels: Vec<RgbImage>, protocol: &Protocol) -> Stimulus {
    shown(case, pixels, protocol.question.clone())
}

/// The same with any question.
#[must_use]
pub fn shown(case: &Case, pixels: Vec<RgbImage>, question: String) -> Stimulus {
    let tone = case.tone();
    let image = |(photo, pixels): (&crate::case::Photo, RgbImage)| Image {
        pixels,
        view: photo.view,
        modality: photo.modality,
        lesion: photo.region(),
        tone,
    };
    Stimulus { images: case.images.iter().zip(pixels).map(image).collect(), history: case.history.clone(), question }
}

/// Everything a trial is made from.
#[derive(Debug, Clone)]
pub struct Making<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The trial.
    pub trial: Trial,
    /// Whether it is asked once more: the same picture and words, with a seed that the model was not given before.
    pub again: bool,
    /// The clean case.
    pub clean: Arc<Clean>,
    /// The clean case of the donor, where one is needed.
    pub donor: Option<Arc<Clean>>,
    /// The names of the diagnoses that a forced choice offers.
    pub choices: &'a [String],
}

impl Making<'_> {
    /// Makes the request of the trial.
    ///
    /// # Errors
    /// [`Unfit`] when the treatment does not apply to the case.
    pub fn make(&self, encode: impl Fn(&RgbImage, Option<u32>) -> Picture) -> Result<Ready, Unfit> {
        let mut stimulus = self.clean.stimulus.clone();
        let done = match (self.treatment(), self.planned()) {
            (Some(treatment), Some(case)) => treatment.apply(&mut stimulus, &self.given(case, treatment))?,
            _ => return Err(Unfit::nothing("a treatment of this plan")),
        };
        let pictures = self.pictures(&stimulus, encode);
        let planted = self.planted_diagnosis(&done);
        Ok(Ready { request: self.request(&stimulus, pictures), done, planted, stimulus })
    }

    fn treatment(&self) -> Option<&Treatment> {
        self.plan.treatments.get(self.trial.treatment as usize)
    }

    fn planned(&self) -> Option<&PlannedCase> {
        self.plan.cases.get(self.trial.case as usize)
    }

    fn given<'b>(&'b self, case: &'b PlannedCase, treatment: &Treatment) -> Given<'b> {
        let foil = treatment.foil.and_then(|rule| case.foils.get(&rule));
        Given {
            root: self.plan.seed,
            case: &case.id,
            draw: self.trial.repeat,
            donor: self.donor.as_ref().map(|donor| &donor.stimulus),
            field: case.fields.get(&(self.trial.treatment as usize)).map(String::as_str),
            foil: foil.map(|foil| Foil { id: &foil.id, name: &foil.name, pull: foil.pull }),
            language: self.plan.cohort.language.as_deref(),
        }
    }

    /// Encodes the pictures. One that is still the clean one (or the donor's) is not encoded again.
    fn pictures(&self, stimulus: &Stimulus, encode: impl Fn(&RgbImage, Option<u32>) -> Picture) -> Vec<Picture> {
        let known: Vec<(&Image, &Picture)> = [Some(&self.clean), self.donor.as_ref()]
            .into_iter()
            .flatten()
            .flat_map(|clean| clean.stimulus.images.iter().zip(&clean.pictures))
            .collect();
        let picture = |image: &Image| {
            let same = known.iter().find(|(clean, _)| clean.pixels == image.pixels);
            same.map_or_else(
                || encode(&image.pixels, self.plan.protocol.pictures.max_side),
                |(_, picture)| (*picture).clone(),
            )
        };
        stimulus.images.iter().map(picture).collect()
    }

    fn request(&self, stimulus: &Stimulus, images: Vec<Picture>) -> Request {
        let (protocol, scale) = (&self.plan.protocol, &self.plan.cohort.triage);
        let choices: Vec<&str> = self.choices.iter().map(String::as_str).collect();
        let prompt = protocol.render(stimulus, scale, &choices);
        let repeat = self.plan.repeat_of(self.trial, self.again);
        let seed = seed::of_model(self.plan.seed, &self.clean.case.id, repeat);
        Request {
            system: prompt.system,
            prompt: prompt.prompt,
            images,
            schema: protocol.answer_schema(scale),
            decoding: protocol.decoding.with_seed(seed),
            repeat,
        }
    }

    /// The wrong diagnosis that was put in front of the model: the foil, or what the donor has.
    fn planted_diagnosis(&self, done: &[Done]) -> Option<String> {
        let foil = done.iter().find_map(|done| match &done.change.planted {
            Some(Planted::Diagnosis { id }) => Some(id.clone()),
            _ => None,
        });
        let donor = || self.donor.as_ref().and_then(|donor| donor.case.truth.leading().map(String::from));
        foil.or_else(donor)
    }
}

/// The names that a forced choice offers: every diagnosis that is known to be taken for another, in the lexicon's order.
#[must_use]
pub fn choices(lexicon: &Lexicon) -> Vec<String> {
    lexicon.concepts().iter().filter(|concept| concept.can_be_planted()).map(|concept| concept.name.clone()).collect()
}

/// The names of the history fields that the steps changed.
#[must_use]
pub fn changed_fields(done: &[Done]) -> BTreeSet<String> {
    let edits = done.iter().flat_map(|done| &done.change.edits);
    edits.flat_map(names_of).collect()
}

/// The names of the history fields of which the steps left nothing told, or that they made unknown.
#[must_use]
pub fn silenced_fields(done: &[Done]) -> BTreeSet<String> {
    let edits = done.iter().flat_map(|done| &done.change.edits);
    let silenced = edits.filter_map(|edit| match edit {
        Edit::Field { name, after: Value::Deleted | Value::Unknown, .. } => Some(name.clone()),
        _ => None,
    });
    silenced.collect()
}

/// The names of the tests, signs and diseases that the steps made up.
pub fn made_up(done: &[Done]) -> impl Iterator<Item = &str> {
    let inventions = done.iter().filter(|done| done.operator == "fabricated_entity");
    inventions.filter_map(|done| match &done.change.planted {
        Some(Planted::Fact { value: Value::Stated(name), .. }) => Some(name.as_str()),
        _ => None,
    })
}

fn names_of(edit: &Edit) -> Vec<String> {
    match edit {
        Edit::Field { name, .. } => vec![name.clone()],
        Edit::HistoryReplaced { before, after } => differing(&before.fields, &after.fields),
        _ => Vec::new(),
    }
}

fn differing(before: &[Field], after: &[Field]) -> Vec<String> {
    let values = |fields: &[Field]| -> BTreeMap<String, Value> {
        fields.iter().map(|field| (field.name.clone(), field.value.clone())).collect()
    };
    let (before, after) = (values(before), values(after));
    before.keys().chain(after.keys()).filter(|name| before.get(*name) != after.get(*name)).cloned().collect()
}
