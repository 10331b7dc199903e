//! From a known data set, or any table, to a cohort folder: one file per layout.
//!
//! An importer writes the same bytes for the same source, wherever and whenever it runs. Photographs are decoded and
//! stored anew as PNG under the first half of their digest, so that neither metadata nor file names survive. Rows are
//! read one at a time; what makes no case is named with its reason.

mod gathered;
mod mediqa_m3g;
mod medperturb;
mod pad_ufes_20;
mod read_note;
mod scin;
mod table;
mod truth;

use std::fs;
use std::path::{Component, Path};

use bedside_perturbations::{Modality, View};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::case::{Case, Photo};
use crate::cohort::{Exclusion, Sheet};
use crate::edge::cohort_dir::{CASES, SHEET};
use crate::edge::decode::{decode, encode_png};
use crate::request::hex;

/// A layout that can be imported.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// Its name on the command line.
    pub id: &'static str,
    /// What it is.
    pub title: &'static str,
    /// Reads a source and writes a cohort folder.
    pub import: Import,
}

/// What is imported, and where to.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The data set's file or folder.
    pub data: &'a Path,
    /// The folder with its photographs; histories only where it is absent.
    pub images: Option<&'a Path>,
    /// What the columns mean, for a table of any form.
    pub mapping: Option<&'a Path>,
    /// The cohort's folder.
    pub out: &'a Path,
}

/// Reads a source and writes a cohort.
pub type Import = fn(&Source<'_>) -> Result<Summary, ImportError>;

/// All layouts.
pub static LAYOUTS: &[Layout] = &[
    Layout {
        id: "csv",
        title: "any table of cases, with a file that says what its columns mean (--mapping)",
        import: table::import,
    },
    Layout {
        id: "mediqa-m3g",
        title: "MEDIQA-M3G / DermaVQA: dermatology consultations in free text (valid_ht.json)",
        import: mediqa_m3g::import,
    },
    Layout {
        id: "medperturb",
        title: "MedPerturb: clinical contexts in several versions, without diagnoses (data.csv)",
        import: medperturb::import,
    },
    Layout {
        id: "pad-ufes-20",
        title: "PAD-UFES-20: smartphone photographs of skin lesions with clinical data (metadata.csv)",
        import: pad_ufes_20::import,
    },
    Layout {
        id: "scin",
        title: "SCIN: contributed photographs with weighted differentials (the folder of scin_cases.csv, scin_labels.csv)",
        import: scin::import,
    },
];

/// The layout of that name.
#[must_use]
pub fn find(id: &str) -> Option<&'static Layout> {
    LAYOUTS.iter().find(|layout| layout.id == id)
}

/// What an import came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Rows of the source.
    pub rows: usize,
    /// Cases written.
    pub cases: usize,
    /// Patients among them.
    pub patients: usize,
    /// Photographs written.
    pub photographs: usize,
    /// Cases left out, with reasons.
    pub exclusions: Vec<Exclusion>,
    /// What a user of the cohort has to know.
    pub warnings: Vec<String>,
}

/// What stopped an import.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ImportError {
    /// The source or the cohort's folder.
    #[error("{place}: {why}")]
    Place {
        /// Where: a file or folder, with the line where there is one.
        place: String,
        /// What is wrong, and the way out.
        why: String,
    },
    /// The mapping file; the text holds file, line, column and excerpt of each problem.
    #[error("{0}")]
    Mapping(String),
}

impl ImportError {
    #[expect(clippy::needless_pass_by_value, reason = "for map_err")]
    fn at(path: &Path, why: impl ToString) -> Self {
        Self::Place { place: path.display().to_string(), why: why.to_string() }
    }
}

/// Makes the cohort's folder. One that holds something already is refused: nothing is ever overwritten.
fn make_folder(out: &Path) -> Result<(), ImportError> {
    fs::create_dir_all(out.join("images")).map_err(|error| ImportError::at(out, error))?;
    let others = fs::read_dir(out).map_err(|error| ImportError::at(out, error))?.flatten();
    let images = fs::read_dir(out.join("images")).map_err(|error| ImportError::at(out, error))?;
    if others.filter(|entry| entry.file_name() != "images").count() + images.count() > 0 {
        return Err(ImportError::at(out, "the folder is not empty; choose another with --out"));
    }
    Ok(())
}

/// A photograph as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stored {
    /// Below the cohort's folder.
    path: String,
    sha256: String,
    width: u32,
    height: u32,
}

/// Stores the pixels of a photograph, and nothing else of it, in the cohort's folder.
///
/// The reason is returned as a sentence, for the exclusion.
fn store_photo(from: &Path, out: &Path) -> Result<Stored, String> {
    let bytes = fs::read(from).map_err(|error| error.to_string())?;
    let pixels = decode(&bytes).map_err(|error| error.to_string())?;
    let png = encode_png(&pixels).map_err(|error| error.to_string())?;
    let sha256 = hex(&Sha256::digest(&png));
    let path = format!("images/{}.png", sha256.get(..32).unwrap_or(&sha256));
    fs::write(out.join(&path), &png).map_err(|error| error.to_string())?;
    Ok(Stored { path, sha256, width: pixels.width(), height: pixels.height() })
}

/// A photograph that a source names.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Named {
    /// Its file, below the folder of photographs.
    file: String,
    view: View,
}

/// Adds the photographs of a case; without a folder of photographs it has none.
///
/// All or nothing: a case is judged on all its photographs. The reason why one is missing is a sentence.
fn add_photos(case: &mut Case, photos: &[Named], source: &Source<'_>) -> Result<(), String> {
    let Some(images) = source.images else { return Ok(()) };
    let below = |file: &str| Path::new(file).components().all(|part| matches!(part, Component::Normal(_)));
    if let Some(photo) = photos.iter().find(|photo| !below(&photo.file)) {
        return Err(format!("{}: a photograph has to lie below the folder of photographs", photo.file));
    }
    if let Some(photo) = photos.iter().find(|photo| !images.join(&photo.file).is_file()) {
        return Err(format!("its photograph {} is missing", photo.file));
    }
    for photo in photos {
        let stored = store_photo(&images.join(&photo.file), source.out);
        let stored = stored.map_err(|why| format!("{}: {why}", photo.file))?;
        case.images.push(Photo {
            path: stored.path,
            sha256: stored.sha256,
            view: photo.view,
            modality: Modality::ClinicalPhoto,
            lesion: None,
        });
    }
    Ok(())
}

/// Writes cases and data sheet; the sheet last, so that a folder left half-written does not open.
fn write_cohort(out: &Path, sheet: &Sheet, cases: &[Case]) -> Result<(), ImportError> {
    let mut lines = String::new();
    for case in cases {
        lines += &serde_json::to_string(case).map_err(|error| ImportError::at(out, error))?;
        lines.push('\n');
    }
    let write = |name: &str, text: &str| {
        let path = out.join(name);
        fs::write(&path, text).map_err(|error| ImportError::at(&path, error))
    };
    write(CASES, &lines)?;
    write(SHEET, &serde_yaml::to_string(sheet).map_err(|error| ImportError::at(out, error))?)
}

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_are_found_by_name() {
        assert!(find("pad-ufes-20").is_some());
        assert!(find("nothing").is_none());
        assert!(LAYOUTS.is_sorted_by_key(|layout| layout.id));
    }

    #[test]
    fn a_folder_that_holds_something_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        make_folder(folder.path()).unwrap();
        make_folder(folder.path()).unwrap();
        fs::write(folder.path().join("images/x"), "x").unwrap();
        assert!(make_folder(folder.path()).unwrap_err().to_string().contains("not empty"));
    }
}
