//! What the tests of importers share.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Import, ImportError, Source, Summary};
use crate::case::Case;
use crate::cohort::{Cohort, Sheet};
use crate::edge::cohort_dir::CohortDir;

/// The folder with real data; without it a test is passed over and says so.
pub(super) fn real_data() -> Option<PathBuf> {
    let folder = std::env::var_os("BEDSIDE_DATA").map(PathBuf::from).filter(|folder| folder.is_dir());
    if folder.is_none() {
        println!("skipped: BEDSIDE_DATA names no folder with real data");
    }
    folder
}

/// Every file below a folder with its bytes.
pub(super) fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let (path, name) = (entry.path(), PathBuf::from(entry.file_name()));
        if path.is_dir() {
            found.extend(files(&path).into_iter().map(|(below, bytes)| (name.join(below), bytes)));
        } else {
            found.insert(name, fs::read(path).unwrap());
        }
    }
    found
}

/// A cohort after its import.
#[derive(Debug)]
pub(super) struct Imported {
    pub(super) summary: Summary,
    pub(super) sheet: Sheet,
    pub(super) cases: Vec<Case>,
}

impl Imported {
    pub(super) fn case(&self, id: &str) -> &Case {
        self.cases.iter().find(|case| case.id == id).unwrap()
    }

    pub(super) fn reason(&self, id: &str) -> &str {
        self.summary.exclusions.iter().find(|exclusion| exclusion.case == id).unwrap().reason.as_str()
    }
}

/// Imports twice, compares every byte, and opens the cohort.
pub(super) fn imported(import: Import, data: &Path, images: Option<&Path>, mapping: Option<&Path>) -> Imported {
    try_import(import, data, images, mapping).unwrap()
}

/// The same where it may fail.
pub(super) fn try_import(
    import: Import,
    data: &Path,
    images: Option<&Path>,
    mapping: Option<&Path>,
) -> Result<Imported, ImportError> {
    let folder = tempfile::tempdir().unwrap();
    let outs = ["one", "two"].map(|name| folder.path().join(name));
    let [summary, again] = [&outs[0], &outs[1]].map(|out| import(&Source { data, images, mapping, out }));
    let (summary, again) = (summary?, again?);
    assert_eq!(summary, again);
    assert_eq!(files(&outs[0]), files(&outs[1]), "an import is the same bytes each time");
    let cohort = CohortDir::open(&outs[0]).unwrap();
    assert_eq!(cohort.len(), summary.cases, "{:?}", cohort.exclusions());
    let cases = (0..cohort.len()).map(|number| cohort.case(number).unwrap()).collect();
    Ok(Imported { summary, sheet: cohort.sheet().clone(), cases })
}

/// Everything of a case that a stimulus is made of, in lower case.
pub(super) fn shown(case: &Case) -> String {
    serde_json::to_string(&(&case.images, &case.history)).unwrap().to_lowercase()
}
