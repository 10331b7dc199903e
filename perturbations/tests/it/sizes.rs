//! Pictures of any size and shape, up to 12 megapixels: an operator applies or says why not, and the new size is one
//! that its card allows.

use bedside_perturbations::catalogue::{CATALOGUE, Entry};
use bedside_perturbations::contract::{FOIL, photograph};
use bedside_perturbations::{Change, Context, Grading, Image, Level, Region, Setting, Stimulus, Stream, Target, Unfit};
use image::{RgbImage, imageops};

use crate::survey::choice;

/// A photograph of that size, tiled from a smaller one: drawing 12 megapixels would take longer than corrupting them.
fn tiled(width: u32, height: u32) -> Image {
    let tile = photograph(500, 375, 1);
    let mut pixels = RgbImage::new(width, height);
    imageops::tile(&mut pixels, &tile.pixels);
    let lesion = Some(Region { x: width / 3, y: height / 3, w: (width / 3).max(1), h: (height / 3).max(1) });
    Image { pixels, lesion, ..tile }
}

/// The mildest level, which has the smallest neighbourhoods, or on; with every choice of a parameter that is required.
fn mildest(entry: &Entry) -> Vec<Setting> {
    let setting = match entry.card.grading {
        Grading::Binary => Setting::default(),
        Grading::Graded { .. } => Setting::at(entry.card, Level::ALL[0]),
    };
    match choice(entry) {
        Some((name, words)) => words.iter().map(|word| setting.clone().with(name, word)).collect(),
        None => vec![setting],
    }
}

/// What every such operator makes of the picture, by what breaks a rule.
fn wrong(image: &Image, entries: impl Iterator<Item = &'static Entry>) -> Vec<String> {
    let of = |entry: &'static Entry| mildest(entry).into_iter().map(move |setting| (entry, setting));
    entries.flat_map(of).filter_map(|(entry, setting)| fault(image, entry, &setting)).collect()
}

fn applied(image: &Image, entry: &Entry, setting: &Setting) -> (Result<Change, Unfit>, Image) {
    let mut stimulus = Stimulus { images: vec![image.clone()], ..Stimulus::default() };
    let mut cx = Context::new(Stream::derive(1, &["sizes", entry.card.id])).with_foil(FOIL);
    let outcome = entry.build(setting).unwrap().apply(&mut stimulus, &mut cx);
    (outcome, stimulus.images.remove(0))
}

fn fault(image: &Image, entry: &Entry, setting: &Setting) -> Option<String> {
    let (outcome, after) = applied(image, entry, setting);
    let what = match outcome {
        Ok(_) => size_fault(entry, image, &after)?,
        Err(_) if after != *image => "unfit, and yet changed".into(),
        Err(Unfit::TooSmall { side, least }) if least <= side => {
            format!("{side} px is too small, and yet {least} is enough")
        }
        Err(_) => return None,
    };
    Some(format!("{} {:?}: {what}", entry.card.id, setting.arguments))
}

/// Only framing and sending small change the size, and neither adds pixels; a lesion's box stays inside.
fn size_fault(entry: &Entry, before: &Image, after: &Image) -> Option<String> {
    let ((was_w, was_h), (w, h)) = (before.pixels.dimensions(), after.pixels.dimensions());
    let resizes = entry.card.family == "image/framing" || entry.card.id == "downscale";
    let sized = if resizes { (1..=was_w).contains(&w) && (1..=was_h).contains(&h) } else { (w, h) == (was_w, was_h) };
    let inside = after.lesion.is_none_or(|lesion| lesion.x + lesion.w <= w && lesion.y + lesion.h <= h);
    (!sized || !inside).then(|| format!("{was_w} × {was_h} became {w} × {h}, box {:?}", after.lesion))
}

fn of_images() -> impl Iterator<Item = &'static Entry> {
    CATALOGUE.iter().filter(|entry| entry.card.target == Target::Image)
}

#[test]
fn twelve_megapixels_are_no_trouble() {
    let image = tiled(4000, 3000);
    let found = wrong(&image, of_images());
    assert!(found.is_empty(), "{found:#?}");
}

/// Whose cost or way of working depends on the size and the dose: neighbourhoods that grow (optics, and the warp's field),
/// smaller copies to work on from some length on (blurs), a number of things (hairs, bubbles, pixels), what is around a
/// small picture (`zoom_out`), or a smaller size (`downscale_upscale`, `screenshot_frame`).
fn grows(entry: &Entry) -> bool {
    const OTHERS: [&str; 8] = [
        "elastic",
        "tilt",
        "hair",
        "gel_bubbles",
        "impulse_noise",
        "zoom_out",
        "downscale_upscale",
        "screenshot_frame",
    ];
    entry.card.family == "image/optics" || OTHERS.contains(&entry.card.id)
}

#[test]
fn the_strongest_level_of_what_grows_is_no_trouble_on_twelve_megapixels() {
    let image = tiled(4000, 3000);
    let of = |entry: &'static Entry| fault(&image, entry, &Setting::at(entry.card, Level::ALL[4]));
    assert_eq!(of_images().filter(|entry| grows(entry)).count(), 9 + 8);
    let found: Vec<String> = of_images().filter(|entry| grows(entry)).filter_map(of).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn strips_and_small_squares_are_no_trouble() {
    for (width, height) in [(31, 31), (2500, 3), (3, 2500), (1, 1500), (1200, 40)] {
        let found = wrong(&tiled(width, height), of_images());
        assert!(found.is_empty(), "{width} × {height}: {found:#?}");
    }
}

/// Grey pictures are three equal channels by the time an operator sees them.
#[test]
fn only_what_takes_colour_away_is_unfit_on_grey() {
    let mut image = tiled(500, 375);
    for pixel in image.pixels.pixels_mut() {
        pixel.0 = [pixel.0[1]; 3];
    }
    let of = |entry: &'static Entry| mildest(entry).into_iter().map(move |setting| (entry, setting));
    let unfit = of_images().flat_map(of).filter(|(entry, setting)| applied(&image, entry, setting).0.is_err());
    let named = |(entry, setting): (&Entry, Setting)| match setting.text("corruption") {
        Some(corruption) => format!("{} {corruption}", entry.card.id),
        None => entry.card.id.to_owned(),
    };
    let unfit: Vec<String> = unfit.map(named).collect();
    assert_eq!(unfit, ["saturation", "greyscale", "imagenet_c saturate"]);
}
