//! What the gallery's picture shows: every image perturbation at level 3 on drawn skin.

use std::error::Error;
use std::fmt::Write;

use bedside_perturbations::catalogue::{CATALOGUE, Entry};
use bedside_perturbations::contract::FOIL;
use bedside_perturbations::{Context, Grading, Image, Level, Setting, Stimulus, Stream};
use image::RgbImage;
use sha2::{Digest, Sha256};

use crate::skin;

/// Under this word the picture's file keeps the digest of its tiles.
pub const KEYWORD: &str = "tiles-sha256";

/// A photograph before it is made smaller for the sheet, in pixels.
const TAKEN: (u32, u32) = (312, 234);

/// Fitzpatrick type III.
pub const SKIN: [u8; 3] = [178, 143, 119];

/// Corruptions that stand for the reference sets they belong to.
const EXAMPLES: [(&str, &str); 7] = [
    ("imagenet_c", "frost"),
    ("imagenet_c", "snow"),
    ("imagenet_c", "fog"),
    ("imagenet_c", "spatter"),
    ("imagenet_c", "pixelate"),
    ("medmnist_c", "black_corner"),
    ("medmnist_c", "contrast_up"),
];

/// Names and pictures in the order of the sheet, the photograph itself first.
pub fn tiles() -> Result<Vec<(String, RgbImage)>, Box<dyn Error>> {
    let photo = skin::skin(SKIN, TAKEN.0, TAKEN.1);
    let mut tiles = vec![("as it was taken".to_owned(), photo.pixels.clone())];
    for entry in CATALOGUE.iter().filter(|entry| entry.card.family.starts_with("image/") && entry.card.id != "webp") {
        for corruption in corruptions(entry) {
            let id = entry.card.id;
            let name = corruption.map_or_else(
                || id.to_owned(),
                |corruption| format!("{} ({})", corruption.replace('_', " "), id.trim_end_matches("_c")),
            );
            tiles.push((name, corrupted(entry, corruption, &photo)?));
        }
    }
    Ok(tiles)
}

/// SHA-256 over names, sizes and pixels.
pub fn digest(tiles: &[(String, RgbImage)]) -> String {
    let mut all = Sha256::new();
    for (name, pixels) in tiles {
        all.update(format!("{name}\0{}x{}\0", pixels.width(), pixels.height()));
        all.update(pixels.as_raw());
    }
    all.finalize().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What to show of it: itself, or examples of a reference set.
fn corruptions(entry: &Entry) -> Vec<Option<&'static str>> {
    let of_set = EXAMPLES.iter().filter(|(id, _)| *id == entry.card.id).map(|(_, corruption)| Some(*corruption));
    let of_set: Vec<_> = of_set.collect();
    if of_set.is_empty() { vec![None] } else { of_set }
}

/// The photograph at level 3, or with what is on or off switched on.
fn corrupted(entry: &Entry, corruption: Option<&str>, photo: &Image) -> Result<RgbImage, Box<dyn Error>> {
    let id = entry.card.id;
    let middle = Level::new(3).filter(|_| entry.card.grading != Grading::Binary);
    let mut setting = middle.map_or_else(Setting::default, |level| Setting::at(entry.card, level));
    if let Some(corruption) = corruption {
        setting = setting.with("corruption", corruption);
    }
    let mut stimulus = Stimulus { images: vec![photo.clone()], ..Stimulus::default() };
    let mut cx = Context::new(Stream::derive(1, &["gallery", id])).with_foil(FOIL);
    entry.build(&setting)?.apply(&mut stimulus, &mut cx)?;
    Ok(stimulus.images.remove(0).pixels)
}
