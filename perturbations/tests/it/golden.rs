//! The bytes of every image operator at every level on one drawn photograph, as digests: a change of a single grey
//! level on any machine shows here.

use std::fmt::Write;

use bedside_perturbations::catalogue::{CATALOGUE, Entry};
use bedside_perturbations::contract::photograph;
use bedside_perturbations::{Context, Grading, Level, Setting, Stimulus, Stream, Target};
use sha2::{Digest, Sha256};

fn digest(entry: &Entry, setting: &Setting) -> String {
    let mut stimulus = Stimulus { images: vec![photograph(203, 151, 1)], ..Stimulus::default() };
    let mut cx = Context::new(Stream::derive(1, &["golden", entry.card.id]));
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

fn lines(entry: &Entry) -> Vec<String> {
    let line = |name: String, setting| format!("{} {name} {}", entry.card.id, digest(entry, &setting));
    match entry.card.grading {
        Grading::Binary => vec![line("on".into(), Setting::default())],
        Grading::Graded { .. } => {
            let levels = Level::ALL.into_iter();
            levels.map(|level| line(level.number().to_string(), Setting::at(entry.card, level))).collect()
        }
    }
}

#[test]
fn every_level_gives_the_bytes_it_gave_before() {
    let images = CATALOGUE.iter().filter(|entry| entry.card.target == Target::Image);
    let now = images.flat_map(lines).collect::<Vec<_>>().join("\n");
    assert_eq!(now, include_str!("golden.txt").trim_end(), "now:\n{now}\n");
}
