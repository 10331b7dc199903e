//! The bytes of every image operator at every level on one drawn photograph, as digests: a change of a single grey
//! level on any machine shows here.

use std::fmt::Write;

use bedside_perturbations::catalogue::{CATALOGUE, Entry};
use bedside_perturbations::contract::{FOIL, photograph};
use bedside_perturbations::{Context, Grading, Level, Setting, Stimulus, Stream, Takes, Target};
use sha2::{Digest, Sha256};

fn digest(entry: &Entry, setting: &Setting) -> String {
    let mut stimulus = Stimulus { images: vec![photograph(203, 151, 1)], ..Stimulus::default() };
    let mut cx = Context::new(Stream::derive(1, &["golden", entry.card.id])).with_foil(FOIL);
    entry.build(setting).unwrap().apply(&mut stimulus, &mut cx).unwrap();
    let pixels = &stimulus.images[0].pixels;
    let mut hash = Sha256::new();
    hash.update(pixels.width().to_le_bytes());
    hash.update(pixels.height().to_le_bytes());
    hash.update(pixels.as_raw());
    hash.finalize().iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// Every level, with every choice of a parameter that is required.
fn lines(entry: &Entry) -> Vec<String> {
    let levels: Vec<(String, Setting)> = match entry.card.grading {
        Grading::Binary => vec![("on".into(), Setting::default())],
        Grading::Graded { .. } => {
            Level::ALL.map(|level| (level.number().to_string(), Setting::at(entry.card, level))).to_vec()
        }
    };
    let required = entry.card.parameters.iter().find(|parameter| parameter.required);
    let choices = match required.map(|parameter| (parameter.name, parameter.takes)) {
        Some((name, Takes::Choice(words))) => words.iter().map(|word| Some((name, *word))).collect(),
        _ => vec![None],
    };
    let line = |choice: &Option<(&str, &str)>, (level, setting): &(String, Setting)| match choice {
        Some((name, word)) => {
            format!("{} {word} {level} {}", entry.card.id, digest(entry, &setting.clone().with(name, word)))
        }
        None => format!("{} {level} {}", entry.card.id, digest(entry, setting)),
    };
    choices.iter().flat_map(|choice| levels.iter().map(|level| line(choice, level)).collect::<Vec<_>>()).collect()
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test reads its table and renews it on request")]
fn every_level_gives_the_bytes_it_gave_before() {
    // libwebp's bytes are those of the version that is linked.
    let ours = |entry: &&Entry| entry.card.target == Target::Image && entry.card.id != "webp";
    let images = CATALOGUE.iter().filter(ours);
    let now = images.flat_map(lines).collect::<Vec<_>>().join("\n");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/golden.txt");
    if std::env::var_os("BEDSIDE_UPDATE").is_some() {
        std::fs::write(path, format!("{now}\n")).unwrap();
    }
    let before = std::fs::read_to_string(path).unwrap();
    let differ = |(now, before): &(&str, &str)| now != before;
    let changed: Vec<_> = now.lines().zip(before.lines()).filter(differ).map(|(now, _)| now).collect();
    assert!(
        now == before.trim_end(),
        "changed, or not in the table yet (renew it with BEDSIDE_UPDATE=1): {changed:#?}"
    );
}
