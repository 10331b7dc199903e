//! Corrupted copies of an image, a folder of images or a cohort, with a ledger of every change.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bedside_perturbations::{Image, Modality, Stimulus, View};
use serde::Serialize;

use super::decode;
use super::folder::Folder;
use super::open;
use super::wire;
use crate::case::{Case, Photo};
use crate::cohort::Cohort;
use crate::error::Error;
use crate::request::Picture;
use crate::treatment::{Done, Given, Treatment};

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
    /// What was written, with digests.
    outputs: Vec<Output>,
    /// What was done, step by step.
    done: Vec<Done>,
    /// Why nothing was done.
    unfit: Option<String>,
}

#[derive(Debug, Serialize)]
struct Output {
    path: String,
    sha256: String,
}

/// Writes a corrupted copy of every image or case for every cell, one folder per cell.
///
/// # Errors
/// When the input cannot be read, a treatment needs what the input does not have, or a file cannot be written.
pub fn write(input: &str, cells: &[(String, Treatment)], seed: u64, out: &Folder) -> Result<Written, Error> {
    let path = Path::new(input);
    let is_cohort = input.starts_with("phantom:") || path.join("cases.jsonl").is_file();
    let mut taken = BTreeSet::new();
    let cells = cells.iter().map(|(label, treatment)| (label.as_str(), unique(&folder(label), &mut taken), treatment));
    let cells: Vec<_> = cells.collect();
    let mut writer = Writer { seed, out, ledger: String::new(), written: Written::default(), taken: BTreeSet::new() };
    if is_cohort {
        writer.cohort(&open::cases(input)?, &cells)?;
    } else {
        for image in images(path)? {
            writer.image(path, &image, &cells)?;
        }
    }
    out.write("ledger.jsonl", writer.ledger.as_bytes())?;
    Ok(writer.written)
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
    seed: u64,
    out: &'a Folder,
    ledger: String,
    written: Written,
    /// The pictures written so far: none is ever written over another.
    taken: BTreeSet<String>,
}

impl Writer<'_> {
    fn image(&mut self, root: &Path, path: &Path, cells: &[Cell<'_>]) -> Result<(), Error> {
        let bytes = std::fs::read(path).map_err(|error| Error::at(path.display(), error))?;
        let pixels = decode::decode(&bytes).map_err(|error| Error::at(path.display(), error))?;
        let image = Image { pixels, view: View::Close, modality: Modality::ClinicalPhoto, lesion: None, tone: None };
        let stimulus = Stimulus { images: vec![image], ..Stimulus::default() };
        let relative = path.strip_prefix(root).unwrap_or(path);
        let name =
            if relative.as_os_str().is_empty() { Path::new(path.file_name().unwrap_or_default()) } else { relative };
        let name = name.to_string_lossy().into_owned();
        for (label, folder, treatment) in cells {
            needs_nothing(treatment)?;
            let mut copy = stimulus.clone();
            let given = Given { root: self.seed, case: &name, draw: 0, donor: None, foil: None, field: None };
            let done = treatment.apply(&mut copy, &given);
            let outputs = if done.is_ok() { self.pictures(folder, &stem(&name), &copy)? } else { Vec::new() };
            self.note(&name, label, outputs, done)?;
        }
        Ok(())
    }

    fn cohort(&mut self, cohort: &Arc<dyn Cohort>, cells: &[Cell<'_>]) -> Result<(), Error> {
        for (label, folder, treatment) in cells {
            needs_nothing(treatment)?;
            let mut lines = String::new();
            for number in 0..cohort.len() {
                let case = cohort.case(number)?;
                if let Some(copy) = self.case(cohort.as_ref(), &case, (label, folder), treatment)? {
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
        cohort: &dyn Cohort,
        case: &Case,
        (label, folder): (&str, &str),
        treatment: &Treatment,
    ) -> Result<Option<Case>, Error> {
        let pixels: Vec<_> =
            (0..case.images.len()).map(|photo| cohort.pixels(case, photo)).collect::<Result<_, _>>()?;
        let mut stimulus = crate::trial::shown(case, pixels, String::new());
        let given = Given { root: self.seed, case: &case.id, draw: 0, donor: None, foil: None, field: None };
        let done = treatment.apply(&mut stimulus, &given);
        if done.is_err() {
            self.note(&case.id, label, Vec::new(), done)?;
            return Ok(None);
        }
        let outputs = self.pictures(&format!("{folder}/images"), &plain(&case.id), &stimulus)?;
        let prefix = format!("{folder}/");
        let photo = |(image, output): (&Image, &Output)| Photo {
            path: output.path.trim_start_matches(&prefix).into(),
            sha256: output.sha256.clone(),
            view: image.view,
            modality: image.modality,
            lesion: image.lesion.map(|region| [region.x, region.y, region.w, region.h]),
        };
        let images = stimulus.images.iter().zip(&outputs).map(photo).collect();
        self.note(&case.id, label, outputs, done)?;
        Ok(Some(Case { images, history: stimulus.history, ..case.clone() }))
    }

    fn pictures(&mut self, folder: &str, stem: &str, stimulus: &Stimulus) -> Result<Vec<Output>, Error> {
        let several = stimulus.images.len() > 1;
        let mut outputs = Vec::new();
        for (place, image) in stimulus.images.iter().enumerate() {
            let name = if several { format!("{stem}-{place}") } else { stem.to_owned() };
            let path = format!("{}.png", unique(&format!("{folder}/{name}"), &mut self.taken));
            let picture: Picture = wire::picture(&image.pixels, None);
            self.out.write(&path, &picture.bytes)?;
            outputs.push(Output { path, sha256: picture.sha256 });
        }
        Ok(outputs)
    }

    fn note(
        &mut self,
        input: &str,
        cell: &str,
        outputs: Vec<Output>,
        done: Result<Vec<Done>, bedside_perturbations::Unfit>,
    ) -> Result<(), Error> {
        let (done, unfit) = match done {
            Ok(done) => {
                self.written.copies += 1;
                (done, None)
            }
            Err(unfit) => {
                self.written.unfit += 1;
                (Vec::new(), Some(unfit.to_string()))
            }
        };
        let line = Line { input, cell, outputs, done, unfit };
        self.ledger.push_str(&serde_json::to_string(&line).map_err(|error| Error::Internal(error.to_string()))?);
        self.ledger.push('\n');
        Ok(())
    }
}

/// Copies are made case by case, so that another patient's case or a wrong diagnosis is not at hand.
fn needs_nothing(treatment: &Treatment) -> Result<(), Error> {
    if treatment.donor.is_none() && treatment.foil.is_none() {
        return Ok(());
    }
    let why = "a step that needs a donor or a foil works only within a plan; use `bedside run` or `bedside preview`";
    Err(Error::Usage(why.into()))
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
