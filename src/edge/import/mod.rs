//! From a known data set, or any table, to a cohort folder: one file per layout.
//!
//! An importer writes the same bytes for the same source, wherever and whenever it runs. Photographs are decoded and
//! stored anew as PNG under the first half of their digest, so that neither metadata nor file names survive. What makes
//! no case is named with its reason.

mod gathered;
mod mediqa_m3g;
mod medperturb;
mod pad_ufes_20;
mod read_note;
mod scin;
mod table;
mod truth;

use std::fs;
use std::path::{Component, Path, PathBuf};

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
        title: "MEDIQA-M3G / DermaVQA: dermatology consultations in free text, without diagnoses (valid_ht.json)",
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

/// The cohort's folder while it is being filled. What lies in it is removed again unless the import is kept, so that a
/// failed one can be repeated into the same folder.
#[derive(Debug)]
struct Made<'a> {
    out: &'a Path,
    /// Whether the folder itself was there before.
    existed: bool,
    kept: bool,
}

impl Made<'_> {
    /// Leaves the folder in place.
    #[expect(clippy::unnecessary_wraps, reason = "the last step of every importer")]
    fn keep(mut self, summary: Summary) -> Result<Summary, ImportError> {
        self.kept = true;
        Ok(summary)
    }
}

impl Drop for Made<'_> {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        // A failure here leaves files behind, which the next import names; there is nobody to tell it to now.
        let _ = fs::remove_dir_all(self.out.join("images"));
        for name in [CASES, SHEET] {
            let _ = fs::remove_file(self.out.join(name));
        }
        if !self.existed {
            let _ = fs::remove_dir(self.out);
        }
    }
}

/// Makes the cohort's folder. One that holds something already is refused: nothing is ever overwritten.
fn make_folder(out: &Path) -> Result<Made<'_>, ImportError> {
    let existed = out.exists();
    let images = out.join("images");
    let entries = |folder: &Path| match fs::read_dir(folder) {
        Ok(entries) => Ok(entries.flatten().map(|entry| entry.file_name()).collect::<Vec<_>>()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(ImportError::at(folder, error)),
    };
    if entries(out)?.iter().any(|name| name != "images") || !entries(&images)?.is_empty() {
        return Err(ImportError::at(out, "the folder is not empty; choose another with --out"));
    }
    fs::create_dir_all(&images).map_err(|error| ImportError::at(out, error))?;
    Ok(Made { out, existed, kept: false })
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

/// Where the photographs of a case lie, in order.
///
/// All or nothing: a case is judged on all its photographs. Each has to lie below the folder, links followed. The reason
/// why one is refused is a sentence that counts photographs from 1: their names may tell who is on them.
fn locate<'f>(images: &Path, files: impl IntoIterator<Item = &'f str>) -> Result<Vec<PathBuf>, String> {
    let root = images.canonicalize().map_err(|error| format!("the folder of photographs: {error}"))?;
    let place = |(number, file): (usize, &str)| {
        let outside = || format!("photograph {number} does not lie below the folder of photographs");
        if !Path::new(file).components().all(|part| matches!(part, Component::Normal(_))) {
            return Err(outside());
        }
        let path = root.join(file).canonicalize().map_err(|_| format!("photograph {number} is missing"))?;
        match path.starts_with(&root) {
            true if path.is_file() => Ok(path),
            true => Err(format!("photograph {number} is missing")),
            false => Err(outside()),
        }
    };
    (1..).zip(files).map(place).collect()
}

/// Adds the photographs of a case; without a folder of photographs it has none.
///
/// The reason why one cannot be added is a sentence.
fn add_photos(case: &mut Case, photos: &[Named], source: &Source<'_>) -> Result<(), String> {
    let Some(images) = source.images else { return Ok(()) };
    let paths = locate(images, photos.iter().map(|photo| photo.file.as_str()))?;
    for ((number, photo), path) in (1..).zip(photos).zip(paths) {
        let stored = store_photo(&path, source.out).map_err(|why| format!("photograph {number}: {why}"))?;
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
        drop(make_folder(folder.path()).unwrap());
        drop(make_folder(folder.path()).unwrap());
        fs::create_dir(folder.path().join("images")).unwrap();
        fs::write(folder.path().join("images/x"), "x").unwrap();
        assert!(make_folder(folder.path()).unwrap_err().to_string().contains("not empty"));
        assert!(folder.path().join("images/x").exists());
    }

    #[test]
    fn a_failed_import_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("cohort");
        let made = make_folder(&out).unwrap();
        fs::write(out.join("images/a.png"), "x").unwrap();
        fs::write(out.join(CASES), "x").unwrap();
        drop(made);
        assert!(!out.exists());
        fs::create_dir(&out).unwrap();
        drop(make_folder(&out).unwrap());
        assert!(out.exists() && fs::read_dir(&out).unwrap().next().is_none());
    }

    #[test]
    fn photographs_lie_below_their_folder() {
        let folder = tempfile::tempdir().unwrap();
        let images = folder.path().join("images");
        fs::create_dir_all(images.join("sub")).unwrap();
        fs::write(folder.path().join("doe.png"), "x").unwrap();
        fs::write(images.join("sub/a.png"), "x").unwrap();
        let outside = |file| locate(&images, ["sub/a.png", file]).unwrap_err();
        let absolute = folder.path().join("doe.png");
        for file in ["../doe.png", "sub/../../doe.png", absolute.to_str().unwrap()] {
            assert_eq!(outside(file), "photograph 2 does not lie below the folder of photographs");
        }
        assert_eq!(outside("gone.png"), "photograph 2 is missing");
        assert_eq!(outside("sub"), "photograph 2 is missing");
        assert_eq!(locate(&images, ["sub/a.png"]).unwrap(), [images.canonicalize().unwrap().join("sub/a.png")]);
    }

    #[test]
    #[cfg(unix)]
    fn a_link_out_of_the_folder_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let images = folder.path().join("images");
        fs::create_dir(&images).unwrap();
        fs::write(folder.path().join("doe.png"), "x").unwrap();
        fs::write(images.join("a.png"), "x").unwrap();
        std::os::unix::fs::symlink(folder.path().join("doe.png"), images.join("out.png")).unwrap();
        std::os::unix::fs::symlink(images.join("a.png"), images.join("in.png")).unwrap();
        assert!(locate(&images, ["in.png"]).is_ok());
        let refused = locate(&images, ["out.png"]).unwrap_err();
        assert_eq!(refused, "photograph 1 does not lie below the folder of photographs");
    }
}
