//! From a known data set to a cohort folder: one file per layout.
//!
//! An importer writes the same bytes for the same source, wherever and whenever it runs. Photographs are decoded and
//! stored anew as PNG under the first half of their digest, so that neither metadata nor file names survive.

mod pad_ufes_20;

use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::case::Case;
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
    /// Reads a source (a file or folder) and, where given, a folder of photographs; writes a cohort folder.
    pub import: Import,
}

/// Reads a source and, unless only the table is wanted, a folder of photographs; writes a cohort to the last path.
pub type Import = fn(&Path, Option<&Path>, &Path) -> Result<Summary, ImportError>;

/// All layouts.
pub static LAYOUTS: &[Layout] = &[Layout {
    id: "pad-ufes-20",
    title: "PAD-UFES-20: smartphone photographs of skin lesions with clinical data (metadata.csv)",
    import: pad_ufes_20::import,
}];

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
#[error("{place}: {why}")]
pub struct ImportError {
    /// Where: a file or folder, with the line where there is one.
    pub place: String,
    /// What is wrong, and the way out.
    pub why: String,
}

impl ImportError {
    #[expect(clippy::needless_pass_by_value, reason = "for map_err")]
    fn at(path: &Path, why: impl ToString) -> Self {
        Self { place: path.display().to_string(), why: why.to_string() }
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
mod tests {
    use super::*;

    #[test]
    fn layouts_are_found_by_name() {
        assert!(find("pad-ufes-20").is_some());
        assert!(find("nothing").is_none());
    }

    #[test]
    fn a_folder_that_holds_something_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        make_folder(folder.path()).unwrap();
        make_folder(folder.path()).unwrap();
        fs::write(folder.path().join("images/x"), "x").unwrap();
        assert!(make_folder(folder.path()).unwrap_err().why.contains("not empty"));
    }
}
