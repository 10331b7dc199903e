//! What the operators of light, and glare and flash, do to skin of Fitzpatrick types I to VI, measured: the same dose is not the same distance.

use std::fmt::Write;

use bedside_perturbations::catalogue::{CATALOGUE, Entry};
use bedside_perturbations::{
    Context, Grading, Image, Level, Region, Setting, Stimulus, Stream, colour_difference, distance,
};
use image::{RgbImage, imageops};

use crate::skin::{skin, to_light};

/// A Fitzpatrick type, the sRGB colour that stands for it, and the limits of its individual typology angle in degrees.
///
/// The limits are those of the six classes of Chardon, Cretois and Hourseau (Int J Cosmet Sci 1991;13:191), which are
/// widely taken for the six types. Within a class the colour is ours: L* 71, 66.5, 62, 56.5, 45, 34 with a* and b* as
/// skin has them; a test works the angles out again.
pub const TONES: [(&str, [u8; 3], f64, f64); 6] = [
    ("I", [196, 169, 151], 55.0, 90.0),
    ("II", [188, 155, 134], 41.0, 55.0),
    ("III", [178, 143, 119], 28.0, 41.0),
    ("IV", [165, 128, 103], 10.0, 28.0),
    ("V", [135, 99, 77], -30.0, 10.0),
    ("VI", [100, 74, 61], -90.0, -30.0),
];

/// Large enough for every operator of light; ΔE2000 is slow.
const SIZE: (u32, u32) = (112, 84);

/// What became of one drawn photograph.
#[derive(Debug, Clone, Copy)]
struct Measured {
    /// Mean ΔE2000 from the original.
    delta_e: f64,
    /// Peak signal-to-noise ratio in dB.
    psnr: f64,
    /// ΔE2000 between the spot and the skin around it, as a share of what it was.
    contrast: f64,
}

/// The operators of light, and those of optics that add light.
fn lights() -> impl Iterator<Item = &'static Entry> {
    const ADD_LIGHT: [&str; 2] = ["glare", "flash_hotspot"];
    CATALOGUE.iter().filter(|entry| entry.card.family == "image/light" || ADD_LIGHT.contains(&entry.card.id))
}

fn measured(entry: &Entry, level: Level) -> [Measured; 6] {
    TONES.map(|(_, colour, ..)| {
        let before = Stimulus { images: vec![skin(colour, SIZE.0, SIZE.1)], ..Stimulus::default() };
        let mut after = before.clone();
        let operator = entry.build(&Setting::at(entry.card, level)).unwrap();
        operator.apply(&mut after, &mut Context::new(Stream::derive(1, &["skin tones", entry.card.id]))).unwrap();
        let apart = distance(&before, &after).images[0];
        Measured {
            delta_e: apart.delta_e.unwrap(),
            psnr: apart.psnr.unwrap(),
            contrast: contrast(&after.images[0]) / contrast(&before.images[0]),
        }
    })
}

/// ΔE2000 between the mean colour of the inner half of the spot's box and that of a frame around the box.
fn contrast(image: &Image) -> f64 {
    let Region { x, y, w, h } = image.lesion.unwrap();
    let inner = imageops::crop_imm(&image.pixels, x + w / 4, y + h / 4, w / 2, h / 2).to_image();
    let outside = |(px, py, _): &(u32, u32, &image::Rgb<u8>)| {
        let near = |at: u32, from: u32, length: u32| (from.saturating_sub(8)..from + length + 8).contains(&at);
        let inside = (x..x + w).contains(px) && (y..y + h).contains(py);
        near(*px, x, w) && near(*py, y, h) && !inside
    };
    let frame: Vec<[u8; 3]> = image.pixels.enumerate_pixels().filter(outside).map(|(.., pixel)| pixel.0).collect();
    let inner: Vec<[u8; 3]> = inner.pixels().map(|pixel| pixel.0).collect();
    colour_difference(&mean(&inner), &mean(&frame))
}

/// One pixel of their mean colour.
fn mean(colours: &[[u8; 3]]) -> RgbImage {
    let count = colours.len() as f64;
    let of = |c: usize| colours.iter().map(|colour| f64::from(colour[c])).sum::<f64>() / count;
    RgbImage::from_pixel(1, 1, image::Rgb([0, 1, 2].map(|c| (of(c) + 0.5) as u8)))
}

/// The generated part of the page.
pub fn section() -> String {
    let mut text = format!("\n{}\n\n", findings());
    for entry in lights() {
        let Grading::Graded { dose, .. } = entry.card.grading else { continue };
        let names = TONES.map(|(name, ..)| name).join(" | ");
        writeln!(text, "#### {}, by skin\n\n| level | {dose} | {names} |", entry.card.id).unwrap();
        text.push_str("|--:|--:|--:|--:|--:|--:|--:|--:|\n");
        for level in Level::ALL {
            let cells = measured(entry, level)
                .map(|of| format!("{:.1} · {:.1} dB · {:.0} %", of.delta_e, of.psnr, 100.0 * of.contrast));
            let dose = entry.card.dose(level).unwrap().to_string().replace('-', "−");
            writeln!(text, "| {} | {dose} | {} |", level.number(), cells.join(" | ")).unwrap();
        }
        text.push('\n');
    }
    text
}

/// What the tables show, in words. The test below asserts what the words claim.
fn findings() -> String {
    let [dim, bright, gamma] = ["exposure", "brightness", "gamma"].map(at_level_3);
    let percent = |measured: Measured| format!("{:.0} %", 100.0 * measured.contrast);
    let [light, dark] = [0, 5].map(|tone| contrast(&skin(TONES[tone].1, SIZE.0, SIZE.1)));
    format!(
        "Darkening is not neutral. One and a half stops less light move type I by ΔE {:.1} and type VI by {:.1}, and the \
         PSNR is {:.1} and {:.1} dB: measured by pixels, dark skin seems to be harmed half as much, because there is less \
         light to take. Yet of the spot's contrast {} are left on type I and {} on type VI, which also starts with \
         less (ΔE {:.1}, against {:.1}). A darker tone curve (gamma 1.7) moves both alike ({:.1} and {:.1}), but leaves \
         {} of the contrast on type I and {} on type VI. Brightening is the other way round: the same shift moves \
         type VI most ({:.1}, against {:.1}) and takes contrast from light skin ({} left on \
         type I, {} on type VI). So one level is one dose, not one harm: compare levels within a tone, never a distance \
         between tones, and expect limits of gradability to differ between tones, as the cards say.",
        dim[0].delta_e,
        dim[5].delta_e,
        dim[0].psnr,
        dim[5].psnr,
        percent(dim[0]),
        percent(dim[5]),
        dark,
        light,
        gamma[0].delta_e,
        gamma[5].delta_e,
        percent(gamma[0]),
        percent(gamma[5]),
        bright[5].delta_e,
        bright[0].delta_e,
        percent(bright[0]),
        percent(bright[5]),
    )
}

fn at_level_3(id: &str) -> [Measured; 6] {
    measured(lights().find(|entry| entry.card.id == id).unwrap(), Level::new(3).unwrap())
}

#[test]
fn what_the_page_says_in_words_is_what_the_tables_show() {
    let [dim, bright, gamma] = ["exposure", "brightness", "gamma"].map(at_level_3);
    assert!(dim[0].delta_e > 1.8 * dim[5].delta_e && dim[5].psnr > dim[0].psnr + 5.0, "{dim:?}");
    assert!(dim[5].contrast < dim[0].contrast, "{dim:?}");
    assert!(gamma[5].contrast < 0.8 && gamma[0].contrast > 1.0, "{gamma:?}");
    assert!((gamma[5].delta_e - gamma[0].delta_e).abs() < 2.0, "{gamma:?}");
    assert!(bright.iter().all(|of| of.delta_e <= bright[5].delta_e) && bright[0].contrast < bright[5].contrast);
    assert!(contrast(&skin(TONES[5].1, SIZE.0, SIZE.1)) < contrast(&skin(TONES[0].1, SIZE.0, SIZE.1)));
}

/// The individual typology angle in degrees: arctan((L* − 50) / b*).
fn typology_angle(colour: [u8; 3]) -> f64 {
    let [r, g, b] = colour.map(|value| to_light(f64::from(value) / 255.0));
    let y = 0.212_672_9 * r + 0.715_152_2 * g + 0.072_175 * b;
    let z = (0.019_333_9 * r + 0.119_192 * g + 0.950_304_1 * b) / 1.088_83;
    // Skin is light enough for the cubic part of L* and b*.
    let (lightness, yellow) = (116.0 * libm::cbrt(y) - 16.0, 200.0 * (libm::cbrt(y) - libm::cbrt(z)));
    libm::atan2(lightness - 50.0, yellow) * 180.0 / core::f64::consts::PI
}

#[test]
fn every_colour_has_the_typology_angle_of_its_class() {
    for (name, colour, low, high) in TONES {
        let angle = typology_angle(colour);
        assert!(low < angle && angle < high, "{name}: {angle}");
    }
}

#[test]
fn the_drawn_spot_stands_out_on_every_skin_and_the_skin_has_its_colour() {
    for (name, colour, ..) in TONES {
        let image = skin(colour, SIZE.0, SIZE.1);
        let corner: Vec<[u8; 3]> =
            imageops::crop_imm(&image.pixels, 0, 0, SIZE.0, SIZE.1 / 6).to_image().pixels().map(|p| p.0).collect();
        let flat = RgbImage::from_pixel(1, 1, image::Rgb(colour));
        assert!(contrast(&image) > 8.0, "{name}: {}", contrast(&image));
        assert!(colour_difference(&mean(&corner), &flat) < 4.0, "{name}");
    }
}
