//! A folder of photographs, corrupted at all five levels, with a line per picture: what was drawn, or why it was left out.
//!
//! ```text
//! cargo run --release -p bedside-perturbations --example a_folder -- photos out rotate
//! ```
//!
//! The stream of a photograph is derived from its file name. Other files in the folder, their order, or the number of
//! threads that share the work change nothing. Without arguments it says how it is used.

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a program, not the library: it reads, writes and prints"
)]

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use bedside_perturbations::catalogue::{Entry, find};
use bedside_perturbations::{Context, Image, Level, Modality, Setting, Stimulus, Stream, View, decode};
use image::codecs::png::PngEncoder;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [from, to, id] = words.as_slice() else {
        println!("a_folder FROM TO PERTURBATION");
        return Ok(());
    };
    let entry = find(id).ok_or_else(|| format!("no perturbation is called {id}"))?;
    fs::create_dir_all(to)?;
    for path in photographs(Path::new(from))? {
        let clean = decode::upright(&fs::read(&path)?)?;
        // Decoded once, upright and on white; every level starts from the same clean photograph.
        for level in Level::ALL {
            let image = Image {
                pixels: clean.clone(),
                view: View::Close,
                modality: Modality::ClinicalPhoto,
                lesion: None,
                tone: None,
            };
            one(entry, level, image, &path, Path::new(to))?;
        }
    }
    Ok(())
}

/// The pictures in a folder, by name.
fn photographs(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let is_picture = |path: &PathBuf| image::ImageFormat::from_path(path).is_ok();
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        paths.push(entry?.path());
    }
    paths.retain(is_picture);
    paths.sort();
    Ok(paths)
}

/// Corrupts one photograph at one level and writes it as PNG, which loses nothing more.
fn one(entry: &Entry, level: Level, image: Image, path: &Path, to: &Path) -> Result<(), Box<dyn Error>> {
    let setting = if entry.card.dose(level).is_some() { Setting::at(entry.card, level) } else { Setting::default() };
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let mut stimulus = Stimulus { images: vec![image], ..Stimulus::default() };
    let mut cx = Context::new(Stream::derive(1, &[entry.card.id, &name]));
    match entry.build(&setting)?.apply(&mut stimulus, &mut cx) {
        Ok(change) => {
            let file = to.join(format!("{name}-{}-{}.png", entry.card.id, level.number()));
            for image in &stimulus.images {
                image.pixels.write_with_encoder(PngEncoder::new(fs::File::create(&file)?))?;
            }
            println!("{} {}", file.display(), serde_json::to_string(&change)?);
        }
        // Not an error: this photograph is not exposed, and should be counted as such.
        Err(unfit) => println!("{name} level {}: left out, {unfit}", level.number()),
    }
    Ok(())
}
