//! Corrupted copies of an image, a folder of images or a cohort, with a ledger of every change.

mod others;
mod refusal;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use bedside_perturbations::{Foil, Image, Modality, Pull, Region, Stimulus, Unfit, View};
use serde::Serialize;

use self::others::Others;
use self::refusal::Kind;
use super::decode;
use super::folder::Folder;
use super::open;
use super::wire;
use crate::case::{Case, Photo};
use crate::cohort::Cohort;
use crate::diagnosis::Concept;
use crate::error::Error;
use crate::plan::case_digest;
use crate::request::Picture;
use crate::treatment::{Done, Given, Treatment};

/// What is given beside the input.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    /// The root seed: copies, donors and foils are those of a plan with that seed.
    pub seed: u64,
    /// The canonical id of the wrong diagnosis that is planted, where a step plants one. Without it a cohort's cases have
    /// one chosen for each, and images have none.
    pub foil: Option<String>,
    /// The lesion's box in the one image.
    pub lesion: Option<Region>,
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// Copies of images or cases.
    pub copies: u64,
    /// Images or cases that a treatment did not apply to.
    pub unfit: u64,
}

/// One line of the ledger.
#[derive(Debug, Serialize)]
struct Line<'a> {
    /// The image's relative path, or the case's id.
    input: &'a str,
    /// The cell in words.
    cell: &'a str,
    /// The case that lent its photographs or its history.
    #[serde(skip_serializing_if = "Option::is_none")]
    donor: Option<String>,
    /// The wrong diagnosis that was at hand for planting.
    #[serde(skip_serializing_if = "Option::is_none")]
    foil: Option<String>,
    /// What was written, with digests.
    outputs: Vec<Output>,
    /// SHA-256 of the case as it was written to `cases.jsonl`.
    #[serde(skip_serializing_if = "Option::is_none")]
    case_sha256: Option<String>,
    /// What was done, step by step.
    done: Vec<Done>,
    /// Why nothing was done.
    unfit: Option<String>,
}

#[derive(Debug, Serialize)]
struct Output {
    path: String,
    sha256: String,
    /// Where the lesion is now, where that is known: left, top, width, height.
    #[serde(skip_serializing_if = "Option::is_none")]
    lesion: Option<[u32; 4]>,
}

/// Writes a corrupted copy of every image or case for every cell, one folder per cell.
///
/// # Errors
/// When the input cannot be read, a treatment needs what the input does not have or applies to none of it (the error
/// names the way out), or a file cannot be written.
pub fn write(input: &str, cells: &[(String, Treatment)], beside: &Beside, out: &Folder) -> Result<Written, Error> {
    let path = Path::new(input);
    let kind = match path.is_file() {
        _ if input.starts_with("phantom:") || path.join("cases.jsonl").is_file() => Kind::Cohort,
        true => Kind::Image,
        false => Kind::Folder,
    };
    refusal::check(kind, cells.iter().map(|(_, treatment)| treatment), beside)?;
    let mut taken = BTreeSet::new();
    let cells = cells.iter().map(|(label, treatment)| (label.as_str(), unique(&folder(label), &mut taken), treatment));
    let cells: Vec<_> = cells.collect();
    let mut writer = Writer::new(beside, refusal::foil(beside)?, out);
    if kind == Kind::Cohort {
        writer.cohort(open::cases(input)?.as_ref(), &cells)?;
    } else {
        for image in images(path)? {
            writer.image(path, &image, &cells)?;
        }
    }
    out.write("ledger.jsonl", writer.ledger.as_bytes())?;
    match writer.unfit {
        Some(unfit) if writer.written.copies == 0 => Err(refusal::nothing(kind, &unfit)),
        _ => Ok(writer.written),
    }
}

/// The images below a path, sorted by name; a single image is itself.
fn images(path: &Path) -> Result<Vec<PathBuf>, Error> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let trouble = |error: std::io::Error| Error::at(path.display(), error);
    let entries = std::fs::read_dir(path).map_err(trouble)?;
    let mut list: Vec<PathBuf> =
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>().map_err(trouble)?;
    list.retain(|path| path.is_file() && is_image(path));
    list.sort();
    if list.is_empty() {
        return Err(Error::at(
            path.display(),
            "holds no image (png, jpg, jpeg, webp, tif, tiff, bmp) and is no cohort",
        ));
    }
    Ok(list)
}

fn is_image(path: &Path) -> bool {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    extension.is_some_and(|e| ["png", "jpg", "jpeg", "webp", "tif", "tiff", "bmp"].contains(&e.as_str()))
}

/// What is to be done, in words; the folder of its copies; the doing.
type Cell<'a> = (&'a str, String, &'a Treatment);

struct Writer<'a> {
    beside: &'a Beside,
    foil: Option<&'static Concept>,
    out: &'a Folder,
    ledger: String,
    written: Written,
    /// Why the first that was not exposed was not.
    unfit: Option<Unfit>,
    /// The pictures written so far: none is ever written over another.
    taken: BTreeSet<String>,
}

impl<'a> Writer<'a> {
    fn new(beside: &'a Beside, foil: Option<&'static Concept>, out: &'a Folder) -> Self {
        let (written, taken) = (Written::default(), BTreeSet::new());
        Self { beside, foil, out, ledger: String::new(), written, unfit: None, taken }
    }

    fn image(&mut self, root: &Path, path: &Path, cells: &[Cell<'_>]) -> Result<(), Error> {
        let bytes = std::fs::read(path).map_err(|error| Error::at(path.display(), error))?;
        let pixels = decode::decode(&bytes).map_err(|error| Error::at(path.display(), error))?;
        let lesion = self.beside.lesion.map(|lesion| inside(lesion, pixels.dimensions())).transpose()?;
        let image = Image { pixels, view: View::Close, modality: Modality::ClinicalPhoto, lesion, tone: None };
        let stimulus = Stimulus { images: vec![image], ..Stimulus::default() };
        let relative = path.strip_prefix(root).unwrap_or(path);
        let name =
            if relative.as_os_str().is_empty() { Path::new(path.file_name().unwrap_or_default()) } else { relative };
        let name = name.to_string_lossy().into_owned();
        for (label, folder, treatment) in cells {
            let mut copy = stimulus.clone();
            let foil = self.foil.filter(|_| treatment.foil.is_some());
            let given = Given { foil: foil.map(untold), ..self.given(&name) };
            let done =
                treatment.apply(&mut copy, &given).map(|done| if foil.is_some() { unpulled(done) } else { done });
            let outputs = if done.is_ok() { self.pictures(folder, &stem(&name), &copy)? } else { Vec::new() };
            let foil = foil.map(|foil| foil.id.clone());
            self.note(Line { foil, outputs, ..Line::of(&name, label) }, done)?;
        }
        Ok(())
    }

    /// What every case is given.
    fn given<'b>(&self, case: &'b str) -> Given<'b> {
        Given { root: self.beside.seed, case, draw: 0, donor: None, foil: None, field: None, language: None }
    }

    fn cohort(&mut self, cohort: &dyn Cohort, cells: &[Cell<'_>]) -> Result<(), Error> {
        let treatments = cells.iter().map(|(_, _, treatment)| *treatment);
        let others = Others::of(cohort, treatments, self.beside.seed, self.foil)?;
        for (label, folder, treatment) in cells {
            let mut lines = String::new();
            let donors = others.donors(treatment);
            for number in 0..cohort.len() {
                let donor = donors.get(&number).map(|donor| others.read(*donor)).transpose()?;
                if let Some(copy) = self.case(&others, (number, donor), (label, folder), treatment)? {
                    let line = serde_json::to_string(&copy).map_err(|error| Error::Internal(error.to_string()))?;
                    lines.push_str(&line);
                    lines.push('\n');
                }
            }
            self.out.write(&format!("{folder}/cases.jsonl"), lines.as_bytes())?;
            let sheet = serde_yaml::to_string(cohort.sheet()).map_err(|error| Error::Internal(error.to_string()))?;
            self.out.write(&format!("{folder}/cohort.yaml"), sheet.as_bytes())?;
        }
        Ok(())
    }

    /// One corrupted case, its pictures written; `None` when the treatment does not apply.
    fn case(
        &mut self,
        others: &Others<'_>,
        (number, donor): (usize, Option<(Case, Stimulus)>),
        (label, folder): (&str, &str),
        treatment: &Treatment,
    ) -> Result<Option<Case>, Error> {
        let (case, mut stimulus) = others.read(number)?;
        let foil = others.foil(&case, treatment);
        let lent = donor.as_ref().map(|(_, stimulus)| stimulus);
        let field = others.field(&case, treatment, self.beside.seed);
        let done = field.and_then(|field| {
            let language = others.language();
            let given = Given { donor: lent, foil, field: field.as_deref(), language, ..self.given(&case.id) };
            treatment.apply(&mut stimulus, &given)
        });
        let donor = donor.as_ref().map(|(donor, _)| donor.id.clone());
        let line = Line { donor, foil: foil.map(|foil| foil.id.into()), ..Line::of(&case.id, label) };
        if done.is_err() {
            self.note(line, done)?;
            return Ok(None);
        }
        let outputs = self.pictures(&format!("{folder}/images"), &plain(&case.id), &stimulus)?;
        let prefix = format!("{folder}/");
        let photo = |(image, output): (&Image, &Output)| Photo {
            path: output.path.trim_start_matches(&prefix).into(),
            sha256: output.sha256.clone(),
            view: image.view,
            modality: image.modality,
            lesion: output.lesion,
        };
        let images = stimulus.images.iter().zip(&outputs).map(photo).collect();
        let copy = Case { images, history: stimulus.history, ..case.clone() };
        self.note(Line { outputs, case_sha256: Some(case_digest(&copy)), ..line }, done)?;
        Ok(Some(copy))
    }

    fn pictures(&mut self, folder: &str, stem: &str, stimulus: &Stimulus) -> Result<Vec<Output>, Error> {
        let several = stimulus.images.len() > 1;
        let mut outputs = Vec::new();
        for (place, image) in stimulus.images.iter().enumerate() {
            let name = if several { format!("{stem}-{place}") } else { stem.to_owned() };
            let path = format!("{}.png", unique(&format!("{folder}/{name}"), &mut self.taken));
            let picture: Picture = wire::picture(&image.pixels, None);
            self.out.write(&path, &picture.bytes)?;
            let lesion = image.lesion.map(|region| [region.x, region.y, region.w, region.h]);
            outputs.push(Output { path, sha256: picture.sha256, lesion });
        }
        Ok(outputs)
    }

    fn note(&mut self, mut line: Line<'_>, done: Result<Vec<Done>, Unfit>) -> Result<(), Error> {
        match done {
            Ok(done) => {
                self.written.copies += 1;
                line.done = done;
            }
            Err(unfit) => {
                self.written.unfit += 1;
                line.unfit = Some(refusal::reason(&unfit));
                self.unfit.get_or_insert(unfit);
            }
        }
        self.ledger.push_str(&serde_json::to_string(&line).map_err(|error| Error::Internal(error.to_string()))?);
        self.ledger.push('\n');
        Ok(())
    }
}

impl<'a> Line<'a> {
    fn of(input: &'a str, cell: &'a str) -> Self {
        let (donor, foil, case_sha256, unfit) = (None, None, None, None);
        Line { input, cell, donor, foil, outputs: Vec::new(), case_sha256, done: Vec::new(), unfit }
    }
}

/// A lesion's box that lies in a picture of that size.
fn inside(lesion: Region, (width, height): (u32, u32)) -> Result<Region, Error> {
    let Region { x, y, w, h } = lesion;
    let ends =
        |from: u32, length: u32, side: u32| length > 0 && from.checked_add(length).is_some_and(|end| end <= side);
    if ends(x, w, width) && ends(y, h, height) {
        return Ok(lesion);
    }
    Err(Error::Usage(format!(
        "--lesion: {x},{y},{w},{h} (left, top, width, height) is no box inside the image of {width} x {height} pixels"
    )))
}

/// A foil for an image of which nobody says what it shows.
fn untold(concept: &Concept) -> Foil<'_> {
    Foil { id: &concept.id, name: &concept.name, pull: Pull::Neutral }
}

/// What was done, without the pull of a foil: which way it pulls is not known where the truth is not.
fn unpulled(mut done: Vec<Done>) -> Vec<Done> {
    done.iter_mut().for_each(|done| done.change.pull = None);
    done
}

/// That name, or the first of NAME-2, NAME-3 … that is free. Names that differ in case only are one name on some disks.
fn unique(name: &str, taken: &mut BTreeSet<String>) -> String {
    let mut found = name.to_owned();
    let mut number = 2_u64;
    while !taken.insert(found.to_lowercase()) {
        found = format!("{name}-{number}");
        number += 1;
    }
    found
}

fn folder(label: &str) -> String {
    let words = label.replace(" %", "pct").replace(" -", " minus ").replace(" \u{2212}", " minus ");
    let plain = plain(&words);
    let parts: Vec<&str> = plain.split('-').filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { "unchanged".into() } else { parts.join("-") }
}

/// A name that every disk takes.
fn plain(name: &str) -> String {
    let fits = |c: char| if c.is_ascii_alphanumeric() || c == '.' || c == '-' || c == '_' { c } else { '-' };
    let text: String = name.chars().map(fits).collect();
    if text.trim_matches('.').is_empty() { "case".into() } else { text }
}

fn stem(name: &str) -> String {
    Path::new(name).file_stem().map_or_else(|| name.to_owned(), |stem| stem.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_names_are_one() {
        let mut taken = BTreeSet::new();
        let names = ["a", "A", "a-2", "a", "b"].map(|name| unique(name, &mut taken));
        assert_eq!(names, ["a", "A-2", "a-2-2", "a-3", "b"]);
    }

    #[test]
    fn brighter_and_darker_have_folders_of_their_own() {
        assert_eq!(folder("exposure, stops 1 stop"), "exposure-stops-1-stop");
        assert_eq!(folder("exposure, stops -1 stop"), "exposure-stops-minus-1-stop");
        assert_eq!(folder("exposure, stops \u{2212}1 stop"), "exposure-stops-minus-1-stop");
    }

    #[test]
    fn an_id_never_leads_out_of_its_folder() {
        for (id, name) in [("../../x", "..-..-x"), ("..", "case"), ("", "case"), ("a/1", "a-1"), ("c.1", "c.1")] {
            assert_eq!(plain(id), name);
        }
    }
}
