//! The picture of the gallery page: every image perturbation at level 3 on drawn skin, in 128 colours.
//!
//! ```text
//! cargo run -p bedside-perturbations --example gallery -- perturbations/gallery.png
//! ```
//!
//! Without an argument it makes the picture and writes no file.

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a program, not the library: it prints and writes"
)]

#[path = "../tests/it/skin.rs"]
mod skin;
#[path = "../tests/it/tiles.rs"]
mod tiles;

use std::collections::BTreeMap;
use std::error::Error;

use bedside_perturbations::catalogue::find;
use bedside_perturbations::{Context, Image, Setting, Stimulus, Stream};
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, GenericImage, ImageEncoder, Rgb, RgbImage, imageops};

/// A photograph on the sheet, in pixels, and the strip with its name above.
const SHOWN: (u32, u32) = (156, 117);
const STRIP: u32 = 17;

/// Pixels between two photographs.
const GAP: u32 = 6;
const COLUMNS: u32 = 8;
/// Colours of the file, of which these are greys: a tint in what has none would mislead.
const COLOURS: usize = 128;
const GREYS: u8 = 24;

fn main() -> Result<(), Box<dyn Error>> {
    let tiles = tiles::tiles()?;
    let cells = tiles.iter().map(|(name, pixels)| cell(name, pixels)).collect::<Result<Vec<_>, _>>()?;
    let file = indexed(&sheet(&cells)?, &tiles::digest(&tiles))?;
    println!("{} pictures, {} kB", cells.len(), file.len() / 1000);
    if let Some(path) = std::env::args().nth(1) {
        std::fs::write(path, file)?;
    }
    Ok(())
}

/// A photograph that fills its place on the sheet as far as its shape allows, with its name above.
fn cell(name: &str, pixels: &RgbImage) -> Result<RgbImage, Box<dyn Error>> {
    let (width, height) = (f64::from(pixels.width()), f64::from(pixels.height()));
    let scale = (f64::from(SHOWN.0) / width).min(f64::from(SHOWN.1) / height);
    let (width, height) = (((width * scale) as u32).max(1), ((height * scale) as u32).max(1));
    let small = imageops::resize(pixels, width, height, imageops::FilterType::Triangle);
    let mut cell = RgbImage::from_pixel(SHOWN.0, SHOWN.1 + STRIP, Rgb([255; 3]));
    cell.copy_from(&label(name)?, 0, 0)?;
    cell.copy_from(&small, (SHOWN.0 - width) / 2, STRIP + (SHOWN.1 - height) / 2)?;
    Ok(cell)
}

/// The name as a strip: what `caption_text` writes on a white picture, of which the band is cut out.
fn label(name: &str) -> Result<RgbImage, Box<dyn Error>> {
    let white = RgbImage::from_pixel(SHOWN.0, 100, Rgb([255; 3]));
    let blank = Image { pixels: white, lesion: None, ..skin::skin(tiles::SKIN, 1, 1) };
    let mut stimulus = Stimulus { images: vec![blank], ..Stimulus::default() };
    let setting = Setting { dose: Some(0.08), ..Setting::default() }.with("text", name);
    let entry = find("caption_text").ok_or("not in the catalogue")?;
    entry.build(&setting)?.apply(&mut stimulus, &mut Context::new(Stream::derive(1, &["gallery"])))?;
    let written = stimulus.images.into_iter().next().ok_or("the caption keeps the picture")?.pixels;
    let band = (0..100).find(|y| written.get_pixel(0, *y).0[0] < 128).ok_or("the caption stands on a band")?;
    Ok(imageops::crop_imm(&written, 0, band, SHOWN.0, STRIP).to_image())
}

fn sheet(cells: &[RgbImage]) -> Result<RgbImage, Box<dyn Error>> {
    let (across, down) = (SHOWN.0 + GAP, SHOWN.1 + STRIP + GAP);
    let rows = u32::try_from(cells.len())?.div_ceil(COLUMNS);
    let mut sheet = RgbImage::from_pixel(COLUMNS * across + GAP, rows * down + GAP, Rgb([255; 3]));
    for (cell, place) in cells.iter().zip(0..) {
        sheet.copy_from(cell, GAP + place % COLUMNS * across, GAP + place / COLUMNS * down)?;
    }
    Ok(sheet)
}

/// A PNG of indexed colours. The encoder writes no palette, so its grey picture of the indices is given one. What the
/// sheet was made from is written beside it, so that a test can tell when it is out of date.
fn indexed(sheet: &RgbImage, made_from: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let palette = palette(sheet);
    let indices: Vec<u8> = sheet.pixels().map(|pixel| nearest(&palette, *pixel)).collect();
    let mut grey = Vec::new();
    PngEncoder::new_with_quality(&mut grey, CompressionType::Best, FilterType::NoFilter).write_image(
        &indices,
        sheet.width(),
        sheet.height(),
        ExtendedColorType::L8,
    )?;
    // The signature takes 8 bytes, the header's chunk 25; the colour type is its tenth byte of data.
    let (head, rest) = grey.split_at_checked(33).ok_or("the header is missing")?;
    let mut header = head.get(16..29).ok_or("the header is short")?.to_vec();
    *header.get_mut(9).ok_or("the header is short")? = 3;
    let mut file = head.get(..8).ok_or("the signature is missing")?.to_vec();
    file.extend(chunk(*b"IHDR", &header)?);
    file.extend(chunk(*b"PLTE", &palette.concat())?);
    file.extend(chunk(*b"tEXt", &[tiles::KEYWORD.as_bytes(), b"\0", made_from.as_bytes()].concat())?);
    file.extend(rest);
    Ok(file)
}

/// A chunk of a PNG: length, name, data, and their CRC-32 (PNG specification, annex D).
fn chunk(name: [u8; 4], data: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut chunk = u32::try_from(data.len())?.to_be_bytes().to_vec();
    let named: Vec<u8> = name.iter().chain(data).copied().collect();
    let crc = named.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { 0xEDB8_8320 ^ (crc >> 1) } else { crc >> 1 })
    });
    chunk.extend(named);
    chunk.extend((!crc).to_be_bytes());
    Ok(chunk)
}

/// A colour of the sheet, and how much it weighs.
type Weighed = ([u8; 3], f64);

/// The colours of a median cut (Heckbert 1982): the box with the most to gain is halved until there are enough. A colour
/// weighs the root of how often it occurs, so that rare ones have a chance.
fn palette(picture: &RgbImage) -> Vec<[u8; 3]> {
    let mut counts: BTreeMap<[u8; 3], f64> = BTreeMap::new();
    picture.pixels().for_each(|pixel| *counts.entry(pixel.0).or_default() += 1.0);
    let mut boxes = vec![counts.into_iter().map(|(colour, count)| (colour, count.sqrt())).collect::<Vec<Weighed>>()];
    while boxes.len() + usize::from(GREYS) < COLOURS {
        let gains = boxes.iter().map(|colours| spread(colours).1);
        let Some((at, _)) = gains.enumerate().max_by(|a, b| a.1.total_cmp(&b.1)) else { break };
        let (low, high) = halved(boxes.swap_remove(at));
        boxes.extend([low, high]);
    }
    let greys = (0..GREYS).map(|step| [(f64::from(step) * 255.0 / f64::from(GREYS - 1)) as u8; 3]);
    boxes.iter().map(|colours| mean(colours)).chain(greys).collect()
}

/// The channel in which colours vary most, and the sum of the squares by which they do.
fn spread(colours: &[Weighed]) -> (usize, f64) {
    let total: f64 = colours.iter().map(|(_, weight)| weight).sum();
    let varies = |channel: usize| {
        let sum = |power: i32| -> f64 {
            let of = |colour: &[u8; 3]| f64::from(colour[channel]);
            colours
                .iter()
                .map(|(colour, weight)| weight * if power == 1 { of(colour) } else { of(colour) * of(colour) })
                .sum()
        };
        sum(2) - sum(1) * sum(1) / total.max(1.0)
    };
    [0, 1, 2]
        .map(|channel| (channel, varies(channel)))
        .into_iter()
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .unwrap_or((0, 0.0))
}

/// The colours below and above the mean of the channel in which they vary most.
fn halved(colours: Vec<Weighed>) -> (Vec<Weighed>, Vec<Weighed>) {
    let (channel, middle) = (spread(&colours).0, mean(&colours));
    colours.into_iter().partition(|(colour, _)| colour[channel] <= middle[channel])
}

fn mean(colours: &[Weighed]) -> [u8; 3] {
    let total: f64 = colours.iter().map(|(_, weight)| weight).sum();
    [0, 1, 2].map(|channel| {
        let sum: f64 = colours.iter().map(|(colour, weight)| weight * f64::from(colour[channel])).sum();
        (sum / total.max(1.0)) as u8
    })
}

fn nearest(palette: &[[u8; 3]], pixel: Rgb<u8>) -> u8 {
    let away = |colour: &[u8; 3]| colour.iter().zip(pixel.0).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum::<u32>();
    let nearest = palette.iter().zip(0_u8..).min_by_key(|(colour, _)| away(colour));
    nearest.map_or(0, |(_, index)| index)
}
