//! The sheets of the gallery: every perturbation previewed on three skin tones, and kept as it is now.

use std::fs;
use std::path::Path;

use bedside_perturbations::catalogue::CATALOGUE;
use bedside_perturbations::{Card, Grading, Takes, Target};

use crate::support::bedside;

/// Where the sheets of the gallery page are kept.
const SHEETS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/perturbations/sheets");

/// The names of the catalogue's previews: of a reference set one for each of its corruptions.
fn subjects() -> Vec<(&'static Card, String)> {
    let names = |card: &'static Card| {
        let choice = card.parameters.iter().find_map(|parameter| match parameter.takes {
            Takes::Choice(words) if parameter.required => Some(words),
            _ => None,
        });
        let of_words = |words: &[&str]| words.iter().map(|word| format!("{}-{word}", card.id)).collect();
        choice.map_or_else(|| vec![card.id.to_owned()], of_words)
    };
    let cards = CATALOGUE.iter().map(|entry| entry.card);
    cards.flat_map(|card| names(card).into_iter().map(move |name| (card, name))).collect()
}

#[test]
fn every_perturbation_can_be_previewed_on_three_skin_tones_and_the_gallery_shows_it() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["preview", "--all", "--small", "--cases", "phantom:3", "--out"];
    let output = bedside().args(arguments).arg(folder.path()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let page = fs::read_to_string(folder.path().join("index.html")).unwrap();
    let sections: Vec<&str> = page.split("<section>").skip(1).collect();
    assert_eq!(sections.len(), subjects().len());
    renew(folder.path());
    for ((card, name), section) in subjects().into_iter().zip(sections) {
        assert!(section.starts_with(&format!("<h2>{name}</h2>")), "{name}: {section}");
        let sheet = folder.path().join(format!("{name}.jpg"));
        // `identity` changes nothing, and of what changes the history there is a diff instead.
        assert_eq!(sheet.is_file(), card.target != Target::History && card.id != "identity", "{name}");
        let (made, kept) = (fs::read(&sheet).ok(), fs::read(Path::new(SHEETS).join(format!("{name}.jpg"))).ok());
        assert!(made == kept, "perturbations/sheets/{name}.jpg is stale: run the tests once with BEDSIDE_UPDATE=1");
        check(card, &name, section, &sheet);
    }
}

/// A history shows what it changes; a sheet has its columns, and rows of three cases.
fn check(card: &Card, name: &str, section: &str, sheet: &Path) {
    if card.target == Target::History {
        assert!(section.contains("<del>") || section.contains("<ins>"), "{name} applies to none: {section}");
    } else if sheet.is_file() {
        let columns = if card.grading == Grading::Binary { 2 } else { 6 };
        let cell = if columns == 2 { 206 } else { 100 };
        let (width, height) = image::image_dimensions(sheet).unwrap();
        assert_eq!(width, columns * (cell + 6) + 6, "{name}");
        // Where one does not apply (a lesion that fills the picture has no skin beside it) another of its tone stands in.
        let unfit = section.matches("does not apply").count();
        assert!(unfit <= 2, "{name}: {section}");
        assert!(height >= 24 + 3 * (cell * 3 / 8), "{name}: {height}");
    }
}

/// Keeps these sheets and no others, when it is asked for.
fn renew(made: &Path) {
    if std::env::var_os("BEDSIDE_UPDATE").is_none() {
        return;
    }
    let _ = fs::remove_dir_all(SHEETS);
    fs::create_dir_all(SHEETS).unwrap();
    for entry in
        fs::read_dir(made).unwrap().flatten().filter(|entry| entry.path().extension().is_some_and(|e| e == "jpg"))
    {
        fs::copy(entry.path(), Path::new(SHEETS).join(entry.file_name())).unwrap();
    }
}
