//! A contact sheet: one photograph and the five levels of each perturbation that is named, side by side.
//!
//! `cargo run -p bedside-perturbations --example sheet -- photo.png out.png [id ...]`; without ids, all image operators.

use std::error::Error;

use bedside_perturbations::catalogue::{CATALOGUE, Entry};
use bedside_perturbations::{
    Context, Grading, Image, Level, Modality, Region, Setting, Stimulus, Stream, Target, View,
};
use image::codecs::png::PngEncoder;
use image::{GenericImage, RgbImage, imageops};

/// The longer side of a picture on the sheet, in pixels.
const LONGEST: u32 = 320;

#[expect(clippy::disallowed_methods, reason = "a program is told by its arguments what to do")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [photo, out, ids @ ..] = arguments.as_slice() else { return Err("say a photograph, a sheet, and ids".into()) };
    let photo = image::load_from_memory(&std::fs::read(photo)?)?.to_rgb8();
    let wanted = |entry: &&Entry| {
        let graded = entry.card.target == Target::Image && entry.card.grading != Grading::Binary;
        if ids.is_empty() { graded } else { ids.iter().any(|id| id == entry.card.id) }
    };
    let rows: Vec<Vec<RgbImage>> = CATALOGUE.iter().filter(wanted).map(|entry| row(entry, &photo)).collect();
    let (width, height) = scaled(&photo).dimensions();
    let mut sheet = RgbImage::new(6 * (width + 4), u32::try_from(rows.len())? * (height + 4));
    for (row, y) in rows.iter().zip((0..).step_by(height as usize + 4)) {
        for (picture, x) in row.iter().zip((0..).step_by(width as usize + 4)) {
            let shown = imageops::crop_imm(picture, 0, 0, width, height).to_image();
            sheet.copy_from(&shown, x, y)?;
        }
    }
    sheet.write_with_encoder(PngEncoder::new(std::fs::File::create(out)?))?;
    Ok(())
}

/// The photograph as it was and at each level; where the operator does not apply, as it was.
fn row(entry: &Entry, photo: &RgbImage) -> Vec<RgbImage> {
    let level = |level: Level| {
        let mut stimulus = Stimulus { images: vec![taken(photo)], ..Stimulus::default() };
        let mut cx = Context::new(Stream::derive(1, &["sheet", entry.card.id]));
        if let Ok(operator) = entry.build(&Setting::at(entry.card, level)) {
            // An operator that is unfit leaves the photograph alone, which the sheet then shows.
            let _ = operator.apply(&mut stimulus, &mut cx);
        }
        stimulus.images.first().map_or_else(|| photo.clone(), |image| image.pixels.clone())
    };
    core::iter::once(photo.clone()).chain(Level::ALL.map(level)).map(|picture| scaled(&picture)).collect()
}

/// A clinical photograph whose lesion fills its middle third.
fn taken(pixels: &RgbImage) -> Image {
    let (w, h) = ((pixels.width() / 3).max(1), (pixels.height() / 3).max(1));
    let lesion = Some(Region { x: pixels.width() / 3, y: pixels.height() / 3, w, h });
    Image { pixels: pixels.clone(), view: View::Close, modality: Modality::ClinicalPhoto, lesion, tone: None }
}

fn scaled(picture: &RgbImage) -> RgbImage {
    let longest = picture.width().max(picture.height()).max(1);
    let side = |side: u32| (side * LONGEST / longest).max(1);
    imageops::resize(picture, side(picture.width()), side(picture.height()), imageops::FilterType::Triangle)
}
