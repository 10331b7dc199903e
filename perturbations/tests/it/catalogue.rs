//! The folders and the list say the same, and every file is named after the operator in it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use bedside_perturbations::catalogue::{CATALOGUE, find};

/// The folders whose files are operators, at any depth.
const FOLDERS: [&str; 4] = ["image", "history", "modality", "sham"];

/// Operators that are in the list only with a feature of their name.
const OPTIONAL: [(&str, bool); 1] = [("image/codec/webp", cfg!(feature = "webp"))];

/// `family/id` of every operator file: one that holds a card. A folder named after an operator holds its parts.
fn on_disk() -> BTreeSet<String> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut found = BTreeSet::new();
    FOLDERS.iter().for_each(|folder| collect(&root, &root.join(folder), &mut found));
    for (name, listed) in OPTIONAL {
        assert!(found.contains(name), "{name} is not there");
        found.retain(|one| listed || one != name);
    }
    found
}

#[expect(clippy::disallowed_methods, reason = "a test that compares the list with the folders has to read the folders")]
fn collect(root: &Path, folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, found);
        } else if path.extension().is_some_and(|ext| ext == "rs") && holds_a_card(&path) {
            let name = path.strip_prefix(root).unwrap().with_extension("");
            found.insert(name.to_string_lossy().replace('\\', "/"));
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a test that compares the list with the folders has to read the folders")]
fn holds_a_card(path: &Path) -> bool {
    std::fs::read_to_string(path).unwrap().contains("Operator for ")
}

#[test]
fn the_list_is_the_folders() {
    let listed: Vec<String> =
        CATALOGUE.iter().map(|entry| format!("{}/{}", entry.card.family, entry.card.id)).collect();
    let unique: BTreeSet<String> = listed.iter().cloned().collect();
    assert_eq!(unique.len(), listed.len(), "an id is listed twice");
    assert_eq!(unique, on_disk());
}

#[test]
fn the_search_for_files_does_find_some() {
    assert!(on_disk().contains("image/optics/defocus"));
    assert!(!on_disk().iter().any(|name| name.contains("/mod") || name.contains("jpeg/")));
}

#[test]
fn hyphens_and_underscores_read_alike() {
    assert_eq!(find("gaussian-blur").unwrap().card.id, "gaussian_blur");
    assert!(find("no_such_thing").is_none());
}
