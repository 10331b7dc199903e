//! One photograph, one corruption: what it does, what it writes down, and how far apart the two pictures are.
//!
//! ```text
//! cargo run -p bedside-perturbations --example one_image -- photo.jpg defocus 3 out.png
//! ```
//!
//! Without arguments it blurs a drawn photograph and writes no file.

#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "a program, not the library: it reads and prints")]

use std::error::Error;
use std::fs;

use bedside_perturbations::contract::photograph;
use bedside_perturbations::{
    Context, Image, Level, Modality, Setting, Stimulus, Stream, View, catalogue, decode, distance,
};
use image::codecs::png::PngEncoder;

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let photo = match words.next() {
        Some(path) => opened(&path)?,
        None => photograph(640, 480, 1),
    };
    let id = words.next().unwrap_or_else(|| "defocus".into());
    let number = words.next().map_or(Ok(3), |word| word.parse())?;

    let entry = catalogue::find(&id).ok_or_else(|| format!("no perturbation is called {id}"))?;
    let level = Level::new(number).ok_or("a level is 1 to 5")?;
    let setting = if entry.card.dose(level).is_some() { Setting::at(entry.card, level) } else { Setting::default() };
    let operator = entry.build(&setting)?;

    let before = Stimulus { images: vec![photo], ..Stimulus::default() };
    let mut after = before.clone();
    // The stream's key says what is being done to what. It holds no level: all levels share what they draw.
    let mut cx = Context::new(Stream::derive(1, &[entry.card.id, "one image"]));
    let change = operator.apply(&mut after, &mut cx)?;

    println!("{}: {}", entry.card.title, entry.card.imitates);
    println!("ledger   {}", serde_json::to_string(&change)?);
    println!("distance {}", serde_json::to_string(&distance(&before, &after))?);
    if let (Some(path), Some(image)) = (words.next(), after.images.first()) {
        image.pixels.write_with_encoder(PngEncoder::new(fs::File::create(&path)?))?;
        println!("written  {path}");
    }
    Ok(())
}

/// A photograph from a file, upright and on white where it is transparent; nothing else is known of it.
fn opened(path: &str) -> Result<Image, Box<dyn Error>> {
    let pixels = decode::upright(&fs::read(path)?)?;
    Ok(Image { pixels, view: View::Close, modality: Modality::ClinicalPhoto, lesion: None, tone: None })
}
