//! Phantoms: a synthetic cohort with known truth.
//!
//! A phantom is a test object, as in radiology: a drawing of a skin disease and a consultation request, both made from
//! one latent patient, whose diagnosis is known because it was chosen. It shows how a model behaves when its input is
//! corrupted; it says nothing about patients.
//!
//! ```text
//! seed, index ─► deal (disease, tone, patient) ─► tables ─► latent ─┬─► scene ─► paint ─► photographs, lesion boxes
//!                                                      │          └─► history ─► note
//!                                                      └─► bayes: how much each of them tells
//! ```
//!
//! Case `i` is a function of the seed and of `i` alone. Nothing is stored: texts are made when a case is asked for,
//! pictures when their pixels are.

mod authors;
pub mod bayes;
mod deal;
mod disease;
mod history;
mod latent;
mod marks;
mod necessity;
mod note;
mod scene;
mod signs;
mod site;
mod spec;
mod tables;

use std::collections::BTreeMap;

use bedside_paint as paint;
use bedside_perturbations::{Field, History, Modality, Stream, View};
use image::RgbImage;
use sha2::{Digest, Sha256};

pub use spec::{DEFAULT_SEED, DEFAULT_SIZE, MOST, Spec, SpecError, parse};

use crate::case::{Case, Photo, TriageTruth, Truth};
use crate::cohort::{Cohort, CohortError, Exclusion, Scale, Sheet};
use latent::Latent;
use scene::Scene;
use tables::Tables;

/// The generator's version. It is part of every recipe: when a phantom's bytes change, it must.
pub const VERSION: &str = "v3";
/// The diagnoses of all phantoms (canonical ids), in the order of the rows of [`bayes::Posteriors`].
#[must_use]
pub fn diagnoses() -> Vec<&'static str> {
    (0..disease::COUNT).filter_map(disease::nth).map(|disease| disease.id).collect()
}

/// A cohort of phantoms.
#[derive(Debug, Clone)]
pub struct Phantoms {
    n: usize,
    seed: u64,
    views: Option<Vec<View>>,
    size: (u32, u32),
    sheet: Sheet,
}

impl Phantoms {
    /// `n` phantoms from a seed. The first phantoms of a larger cohort with the same seed are the same.
    #[must_use]
    pub fn new(n: usize, seed: u64) -> Self {
        Self { n, seed, views: None, size: spec::DEFAULT_SIZE, sheet: sheet(n, seed) }
    }

    /// The phantoms of a specification.
    #[must_use]
    pub fn of(spec: Spec) -> Self {
        let mut phantoms = Self::new(spec.n, spec.seed);
        if let Some(views) = &spec.views {
            let names: Vec<&str> = views.iter().map(|view| scene::name(*view)).collect();
            phantoms.sheet.name.push_str(&format!(", views {}", names.join(", ")));
        }
        if spec.size != spec::DEFAULT_SIZE {
            let (width, height) = spec.size;
            phantoms.sheet.name.push_str(&format!(", {width} x {height} pixels"));
        }
        Self { views: spec.views, size: spec.size, ..phantoms }
    }

    fn stream(&self, index: usize) -> Stream {
        Stream::derive(self.seed, &["phantom", VERSION]).fork("case", index as u64)
    }

    fn latent(&self, index: usize) -> (Latent, Stream) {
        let stream = self.stream(index);
        let card = deal::card(self.seed, index as u64);
        let patient = self.stream(card.patient as usize).fork("patient", 0);
        (Latent::draw(Tables::get(), card, &stream, &patient), stream)
    }

    /// The note that the author of that case's request writes from these fields, say with one of them deleted.
    #[must_use]
    pub fn note(&self, number: usize, fields: &[Field]) -> String {
        note::write(fields, &mut self.stream(number).fork("note", 0))
    }

    /// What the best possible reader of true features makes of that case, by what is shown: see [`bayes`].
    #[must_use]
    pub fn posteriors(&self, number: usize) -> bayes::Posteriors {
        let (latent, stream) = self.latent(number);
        bayes::Posteriors::of(Tables::get(), &latent, &history::told(&stream))
    }

    /// What the drawings of that case show, whatever the disease: the pattern and the body region as ones and zeros, one
    /// per disease and per region, and then the signs.
    #[must_use]
    pub fn drawn(&self, number: usize) -> Vec<bool> {
        let (latent, _) = self.latent(number);
        let patterns = (0..disease::COUNT).map(|pattern| pattern == latent.pattern);
        let region = latent.site().region;
        let regions = site::Region::ALL.iter().map(|one| *one == region);
        patterns.chain(regions).chain(latent.signs.shown()).collect()
    }

    /// The views of a case: those that were asked for, or else as they are dealt.
    fn views(&self, stream: &Stream) -> Vec<View> {
        self.views.clone().unwrap_or_else(|| views(stream))
    }

    fn photo(&self, index: usize, scene: &Scene, view: View) -> Photo {
        let name = scene::name(view);
        Photo {
            path: format!("phantom/{}/{name}.png", case_id(index)),
            sha256: self.recipe(index, view),
            view,
            modality: Modality::ClinicalPhoto,
            lesion: scene.lesion(&scene.shot(view, self.size)),
        }
    }

    /// SHA-256 of everything a picture is made from: generator, version, seed, index, view and size, one line each.
    fn recipe(&self, index: usize, view: View) -> String {
        let (width, height) = self.size;
        let text = format!(
            "bedside phantom {VERSION}\nseed {}\ncase {index}\nview {}\nsize {width}x{height}\n",
            self.seed,
            scene::name(view)
        );
        sha(text.as_bytes())
    }

    fn outside(&self, what: &str) -> CohortError {
        CohortError { place: self.sheet.name.clone(), why: format!("there is no {what} in this cohort") }
    }
}

impl Cohort for Phantoms {
    fn sheet(&self) -> &Sheet {
        &self.sheet
    }

    fn len(&self) -> usize {
        self.n
    }

    fn case(&self, number: usize) -> Result<Case, CohortError> {
        if number >= self.n {
            return Err(self.outside(&format!("case number {number}")));
        }
        let (latent, stream) = self.latent(number);
        let scene = Scene::new(&latent, &stream);
        let fields = history::fields(&latent, &stream);
        let note = self.note(number, &fields);
        Ok(Case {
            id: case_id(number),
            patient: format!("p{:06}", deal::card(self.seed, number as u64).patient),
            lesion_id: None,
            images: self.views(&stream).into_iter().map(|view| self.photo(number, &scene, view)).collect(),
            history: History { fields, note: Some(note) },
            truth: truth(&latent),
            strata: strata(&latent),
        })
    }

    fn pixels(&self, case: &Case, photo: usize) -> Result<RgbImage, CohortError> {
        let index = case.id.strip_prefix('c').and_then(|digits| digits.parse().ok());
        let index = index.filter(|&index: &usize| index < self.n && case.id == case_id(index));
        let index = index.ok_or_else(|| self.outside(&format!("case `{}`", case.id)))?;
        let wanted = case.images.get(photo).ok_or_else(|| self.outside(&format!("photo {photo} of {}", case.id)))?;
        if wanted.sha256 != self.recipe(index, wanted.view) {
            let why = "the recipe is not one of this cohort's: another seed or generator version made it".to_owned();
            return Err(CohortError { place: wanted.path.clone(), why });
        }
        let (latent, stream) = self.latent(index);
        let scene = Scene::new(&latent, &stream);
        Ok(scene.picture(&scene.shot(wanted.view, self.size)))
    }

    fn exclusions(&self) -> &[Exclusion] {
        &[]
    }
}

/// SHA-256 in lower-case hex.
fn sha(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn case_id(index: usize) -> String {
    format!("c{index:06}")
}

/// Which photographs there are: always a close one, often a regional one, rarely more, four at most; whatever the
/// disease.
fn views(stream: &Stream) -> Vec<View> {
    let mut stream = stream.fork("views", 0);
    let further = [(View::Regional, 0.60), (View::Oblique, 0.12), (View::Poor, 0.08)];
    let further = further.into_iter().filter(|(_, chance)| stream.chance(*chance)).map(|(view, _)| view);
    core::iter::once(View::Close).chain(further).collect()
}

fn truth(latent: &Latent) -> Truth {
    let disease = latent.disease;
    let (ideal, least) = disease.triage;
    Truth {
        differential: vec![(disease.id.to_owned(), 1.0)],
        triage: Some(TriageTruth { ideal: ideal.to_owned(), least_urgent_safe: least.to_owned() }),
        dangerous: disease.dangerous,
        must_consider: if disease.dangerous { vec![disease.id.to_owned()] } else { Vec::new() },
        source: "phantom".to_owned(),
    }
}

fn strata(latent: &Latent) -> BTreeMap<String, String> {
    let tone = ["I", "II", "III", "IV", "V", "VI"].get(usize::from(latent.tone)).copied().unwrap_or("III");
    let decade = latent.words("age").parse::<u32>().unwrap_or(0) / 10 * 10;
    [
        ("skin_tone", tone.to_owned()),
        ("sex", latent.words("sex")),
        ("age_band", format!("{decade}-{}", decade + 9)),
        ("diagnosis_group", latent.disease.group.to_owned()),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value))
    .collect()
}

/// What the best possible reader could do, for the data sheet.
fn known_information() -> String {
    let percent = |share: f64| format!("{:.1} %", 100.0 * share);
    let bayes::Accuracy { image, history, both } = bayes::ACCURACY;
    format!(
        "Known information: the best reader names the disease first in {} of cases from the photographs alone, {} from the \
         history alone, {} from both (Bayes' rule over the generator's own tables; what a photograph shows: pattern, body \
         region and {}).",
        percent(image),
        percent(history),
        percent(both),
        signs::SIGNS.iter().map(|sign| sign.name).collect::<Vec<_>>().join(", "),
    )
}

fn sheet(n: usize, seed: u64) -> Sheet {
    Sheet {
        format: 1,
        name: format!("Phantoms (synthetic) N={n}, seed {seed}"),
        licence: "MIT OR Apache-2.0".to_owned(),
        citation: None,
        provenance: format!(
            "Drawings, not photographs, and invented requests: no patient is or was behind them. Made by the \
             generator of Bedside, version {VERSION}, from seed {seed}. Results on phantoms show how a model behaves; \
             they say nothing about patients."
        ),
        language: Some("en".to_owned()),
        synthetic: true,
        label_sources: vec!["by construction: 100 %".to_owned()],
        fields: history::ITEMS.iter().map(|item| (item.name.to_owned(), item.meaning.to_owned())).collect(),
        necessity: necessity::table(),
        triage: Scale::default(),
        exclusions: Vec::new(),
        warnings: vec![
            known_information(),
            "Synthetic: a model that does well here need not do well on photographs.".to_owned(),
            "Half of the cases are urgent and skin tones come in thirds by design; these are not the shares of any \
             clinic."
                .to_owned(),
        ],
    }
}

#[cfg(test)]
mod tests;
