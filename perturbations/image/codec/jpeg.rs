//! JPEG: the losses of one baseline save at a low quality, as messengers make.
//!
//! No bytes are written: entropy coding loses nothing, so the round trip is colour conversion, halved chroma, block
//! transform, rounding to the quantisation tables, and all of it back. Whole numbers, rounded where the libjpeg family
//! rounds: the result is what its encoder and decoder give, and the same on every machine.

mod blocks;
mod planes;
mod wide;

use image::RgbImage;

use self::blocks::{CHROMA, LUMA, degrade, scaled};
use self::planes::{Plane, join, split};
use crate::image::{Edited, each_image, needed_dose, shorter_side};
use crate::{
    Basis, Card, Change, Context, Gradable, Graded, Grading, Level, Modality, Needs, Operator, Oracle, Parameter,
    Perturbation, Quantity, Range, Setting, SettingError, Stimulus, Takes, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "jpeg",
    family: "image/codec",
    title: "Messenger compression",
    imitates: "A photograph sent through a messenger or saved for the web: blocks, ringing and washed-out colour edges.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "Shape, size and overall colour survive; clinicians read such photographs every day. Beyond the \
                    gradable level fine structure is replaced by blocks.",
    gradable_to: &[
        Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(4), basis: Basis::Assumed },
        Gradable { modality: Modality::Dermoscopy, tone: None, to: Level::new(3), basis: Basis::Assumed },
    ],
    grading: Grading::Graded {
        dose: "quality",
        unit: Unit::Quality,
        levels: [50.0, 30.0, 18.0, 10.0, 5.0],
        range: Range { mildest: 100.0, severest: 1.0 },
        monotone_in: Quantity::SquaredError,
    },
    parameters: &[Parameter {
        name: "chroma",
        doc: "Colour at half the resolution each way (4:2:0, the default, as phones do) or in full (4:4:4).",
        takes: Takes::Choice(&["halved", "full"]),
        required: false,
    }],
    references: &[
        "ITU-T T.81 (JPEG), Annex K tables; scaled by quality as libjpeg does; JFIF colour conversion",
        "Hendrycks and Dietterich, ICLR 2019 (ImageNet-C): qualities 25-7; MedMNIST-C: 30-7",
    ],
};

/// Pixels along a block's side.
const BLOCK: u32 = 8;

/// One baseline save at a quality of 1–100.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Jpeg {
    quality: f64,
    full_chroma: bool,
}

impl Perturbation for Jpeg {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, _| {
            check(&image.pixels)?;
            let pixels = round_trip(&image.pixels, whole(self.quality), self.full_chroma);
            Ok(Edited::in_place(image, pixels, [("quality", f64::from(whole(self.quality)))]))
        })
    }
}

impl Operator for Jpeg {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let jpeg = Self::at_dose(needed_dose(setting, Self::CARD)?);
        Ok(Self { full_chroma: setting.text("chroma") == Some("full"), ..jpeg })
    }
}

impl Graded for Jpeg {
    fn at_dose(dose: f64) -> Self {
        Self { quality: Self::range().nearest(dose), full_chroma: false }
    }
}

/// Whether there is any structure that a save could take away: without it, only the rounding of one colour is left,
/// which is no smaller at a higher quality.
fn check(pixels: &RgbImage) -> Result<(), Unfit> {
    let side = shorter_side(pixels);
    if side < BLOCK {
        return Err(Unfit::TooSmall { side, least: BLOCK });
    }
    let mut colours = pixels.pixels();
    let first = colours.next();
    if colours.all(|colour| Some(colour) == first) { Err(Unfit::nothing("all of it has one colour")) } else { Ok(()) }
}

/// The nearest whole quality.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 100")]
fn whole(quality: f64) -> u32 {
    libm::round(quality) as u32
}

/// What is left of the pixels after one save.
pub(in crate::image) fn round_trip(pixels: &RgbImage, quality: u32, full_chroma: bool) -> RgbImage {
    let (luma, chroma) = degraded(pixels, quality, full_chroma);
    join(&luma, &chroma, pixels.dimensions())
}

/// The same, without keeping the picture beside what is left of it.
pub(super) fn round_trip_of(pixels: RgbImage, quality: u32, full_chroma: bool) -> RgbImage {
    let (size, (luma, chroma)) = (pixels.dimensions(), degraded(&pixels, quality, full_chroma));
    drop(pixels);
    join(&luma, &chroma, size)
}

/// Luma and both chroma planes as they come out of a file.
fn degraded(pixels: &RgbImage, quality: u32, full_chroma: bool) -> (Plane, [Plane; 2]) {
    let [mut luma, blue, red] = split(pixels, !full_chroma);
    degrade(&mut luma, &scaled(&LUMA, quality));
    let table = scaled(&CHROMA, quality);
    let mut chroma = [blue, red];
    chroma.iter_mut().for_each(|plane| degrade(plane, &table));
    (luma, chroma)
}

#[cfg(test)]
mod tests {
    use super::round_trip;
    use image::codecs::jpeg::JpegEncoder;
    use image::{ImageFormat, Rgb, RgbImage};

    /// The picture that the reference files below were made from: colour, texture, an edge; odd sides.
    fn picture() -> RgbImage {
        RgbImage::from_fn(101, 67, |x, y| {
            let noise = (x * 73 + y * 151 + x * y * 31) % 41;
            let inside = (i64::from(x) - 50).pow(2) + (i64::from(y) - 30).pow(2) < 400;
            let base = if inside { [110, 60, 50] } else { [200, 160 - y % 64, 90 + x] };
            Rgb(base.map(|value| (value + noise) as u8))
        })
    }

    fn mean_difference(one: &RgbImage, other: &RgbImage) -> f64 {
        assert_eq!(one.dimensions(), other.dimensions());
        let sum: u64 = one.iter().zip(other.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        sum as f64 / one.len() as f64
    }

    fn worst_difference(one: &RgbImage, other: &RgbImage) -> u8 {
        one.iter().zip(other.iter()).map(|(a, b)| a.abs_diff(*b)).max().unwrap()
    }

    /// That encoder cuts coefficients off to whole numbers before it divides, which tells where the steps are fine.
    #[test]
    fn it_agrees_with_an_encoder_and_decoder_in_full_chroma() {
        for (quality, allowed) in [(5, 0.3), (10, 0.3), (30, 0.6), (50, 0.8), (75, 1.4), (95, 1.1)] {
            let mut file = Vec::new();
            JpegEncoder::new_with_quality(&mut file, quality).encode_image(&picture()).unwrap();
            let theirs = image::load_from_memory_with_format(&file, ImageFormat::Jpeg).unwrap().to_rgb8();
            let mean = mean_difference(&round_trip(&picture(), u32::from(quality), true), &theirs);
            assert!(mean < allowed, "quality {quality}: {mean}");
        }
    }

    #[test]
    fn it_agrees_with_files_that_libjpeg_wrote_in_halved_chroma() {
        // Written by libjpeg-turbo from `picture()` at 4:2:0; decoded here.
        let files: [(u32, &[u8]); 3] = [
            (50, include_bytes!("jpeg/reference_50.jpg")),
            (18, include_bytes!("jpeg/reference_18.jpg")),
            (5, include_bytes!("jpeg/reference_5.jpg")),
        ];
        for (quality, file) in files {
            let theirs = image::load_from_memory_with_format(file, ImageFormat::Jpeg).unwrap().to_rgb8();
            let ours = round_trip(&picture(), quality, false);
            let mean = mean_difference(&ours, &theirs);
            assert!(mean < 0.35, "quality {quality}: mean {mean}, worst {}", worst_difference(&ours, &theirs));
        }
    }

    #[test]
    fn a_flat_photograph_of_middle_grey_stays_as_it_is() {
        let grey = RgbImage::from_pixel(17, 9, Rgb([128; 3]));
        assert_eq!(round_trip(&grey, 5, false), grey);
    }

    #[test]
    fn one_pixel_is_enough() {
        assert_eq!(round_trip(&RgbImage::new(1, 1), 50, false).dimensions(), (1, 1));
    }
}
