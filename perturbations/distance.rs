//! How far apart two stimuli are, in quantities that readers know. Measured beside a perturbation, never inside it.

mod colour;
mod similarity;
mod words;

use image::{RgbImage, imageops};
use serde::{Deserialize, Serialize};

pub use self::colour::colour_difference;
pub(crate) use self::similarity::luma;
pub use self::similarity::{similarity, squared_error};
pub(crate) use self::words::{edits, fields_lost, tokens};
use crate::{History, Image, Stimulus};

/// What lies between a stimulus and what became of it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Distance {
    /// One entry per photograph that both have (by place), in order.
    pub images: Vec<ImageDistance>,
    /// How many photographs one of them has more than the other.
    pub images_unmatched: usize,
    /// Fields whose value differs, or that only one history has.
    pub fields: usize,
    /// Words of the note to insert, delete or exchange (edit distance).
    pub words: usize,
    /// Words and punctuation marks of the whole history, fields included, to insert or delete.
    pub tokens: usize,
}

/// What lies between two photographs. Pixels are compared on copies of at most 512 pixels a side.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ImageDistance {
    /// Peak signal-to-noise ratio in dB; nothing when the copies are identical or differ in size.
    pub psnr: Option<f64>,
    /// Structural similarity of luma, −1 to 1, 1 for identical (Wang et al. 2004, 7 × 7 windows); nothing when the
    /// sizes differ.
    pub ssim: Option<f64>,
    /// Mean colour difference ΔE2000 (CIE 142), 0 for identical; nothing when the sizes differ.
    pub delta_e: Option<f64>,
    /// Share of the first photograph's lesion box whose pixels differ or are out of the frame; nothing when there is
    /// no box.
    pub lesion_touched: Option<f64>,
    /// Share of the first photograph's frame that is gone.
    pub frame_lost: f64,
}

/// The distance from one stimulus to another.
#[must_use]
pub fn distance(before: &Stimulus, after: &Stimulus) -> Distance {
    let note = |history: &History| history.note.clone().unwrap_or_default();
    Distance {
        images: before.images.iter().zip(&after.images).map(|(a, b)| image_distance(a, b)).collect(),
        images_unmatched: before.images.len().abs_diff(after.images.len()),
        fields: words::fields_changed(&before.history, &after.history),
        words: words::edits(&words::words(&note(&before.history)), &words::words(&note(&after.history))),
        tokens: words::insertions_and_deletions(&words::tokens(&before.history), &words::tokens(&after.history)),
    }
}

fn image_distance(before: &Image, after: &Image) -> ImageDistance {
    let mut distance = ImageDistance {
        psnr: None,
        ssim: None,
        delta_e: None,
        lesion_touched: lesion_touched(before, after),
        frame_lost: frame_lost(&before.pixels, &after.pixels),
    };
    if before.pixels.dimensions() == after.pixels.dimensions() {
        let (one, other) = (compared_copy(&before.pixels), compared_copy(&after.pixels));
        distance.psnr = decibels(squared_error(&one, &other));
        distance.ssim = Some(similarity(&one, &other));
        distance.delta_e = Some(colour_difference(&one, &other));
    }
    distance
}

/// 10 log₁₀(255² / MSE).
fn decibels(squared_error: f64) -> Option<f64> {
    (squared_error > 0.0).then(|| 10.0 * libm::log10(255.0 * 255.0 / squared_error))
}

/// Share of the first frame's area that the second has less.
pub(crate) fn frame_lost(before: &RgbImage, after: &RgbImage) -> f64 {
    let area = |pixels: &RgbImage| f64::from(pixels.width()) * f64::from(pixels.height());
    (1.0 - area(after) / area(before).max(1.0)).max(0.0)
}

/// Share of the first photograph's lesion box, 0 to 1, whose pixels differ or are out of the frame; nothing when there is no
/// box. Of frames that differ in size only the areas of the two boxes are compared.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "areas far below 2^52")]
pub fn lesion_touched(before: &Image, after: &Image) -> Option<f64> {
    let lesion = before.lesion?;
    let area = lesion.area().max(1) as f64;
    if before.pixels.dimensions() != after.pixels.dimensions() {
        return Some((1.0 - after.lesion.map_or(0, crate::Region::area) as f64 / area).max(0.0));
    }
    let view = |pixels: &RgbImage| imageops::crop_imm(pixels, lesion.x, lesion.y, lesion.w, lesion.h).to_image();
    let (one, other) = (view(&before.pixels), view(&after.pixels));
    Some(one.pixels().zip(other.pixels()).filter(|(a, b)| a != b).count() as f64 / area)
}

/// The longest side of a copy that is compared.
const LONGEST: u32 = 512;

/// The copy on which PSNR, SSIM and ΔE2000 are taken: the picture, or means of squares of pixels such that no side is longer
/// than 512.
#[must_use]
pub fn compared_copy(pixels: &RgbImage) -> RgbImage {
    let square = pixels.width().max(pixels.height()).div_ceil(LONGEST).max(1);
    if square == 1 {
        return pixels.clone();
    }
    let (width, height) = (pixels.width().div_ceil(square), pixels.height().div_ceil(square));
    RgbImage::from_fn(width, height, |x, y| mean(&imageops::crop_imm(pixels, x * square, y * square, square, square)))
}

#[expect(clippy::cast_possible_truncation, reason = "the mean of bytes is a byte")]
fn mean(square: &image::SubImage<&RgbImage>) -> image::Rgb<u8> {
    let (mut sum, mut count) = ([0_u64; 3], 0_u64);
    for (_, _, pixel) in image::GenericImageView::pixels(&**square) {
        sum.iter_mut().zip(pixel.0).for_each(|(sum, value)| *sum += u64::from(value));
        count += 1;
    }
    image::Rgb(sum.map(|sum| ((sum + count / 2) / count.max(1)) as u8))
}

#[cfg(test)]
mod tests {
    use super::{Distance, compared_copy, decibels, distance, lesion_touched};
    use crate::image::tests::photo;
    use crate::{Image, Region, Stimulus};

    fn one(image: Image) -> Stimulus {
        Stimulus { images: vec![image], ..Stimulus::default() }
    }

    #[test]
    fn a_stimulus_is_no_distance_from_itself() {
        let stimulus =
            one(Image { lesion: Some(Region { x: 1, y: 1, w: 9, h: 9 }), ..photo(20, 20, |x, y| [(x * y) as u8; 3]) });
        let Distance { images, images_unmatched, fields, words, tokens } = distance(&stimulus, &stimulus);
        assert_eq!((images_unmatched, fields, words, tokens), (0, 0, 0, 0));
        assert_eq!((images[0].psnr, images[0].lesion_touched, images[0].delta_e), (None, Some(0.0), Some(0.0)));
        assert!((images[0].ssim.unwrap() - 1.0).abs() < 1e-12 && images[0].frame_lost.abs() < 1e-12);
    }

    #[test]
    fn one_grey_level_everywhere_is_48_decibels() {
        assert!((decibels(1.0).unwrap() - 48.1308).abs() < 1e-4);
        let (dark, light) = (photo(9, 9, |_, _| [10; 3]), photo(9, 9, |_, _| [11; 3]));
        assert!((distance(&one(dark), &one(light)).images[0].psnr.unwrap() - 48.1308).abs() < 1e-4);
    }

    #[test]
    fn a_crop_loses_frame_and_lesion_and_is_not_compared_pixel_by_pixel() {
        let before = Image { lesion: Some(Region { x: 0, y: 0, w: 10, h: 10 }), ..photo(20, 20, |_, _| [1; 3]) };
        let after = Image { lesion: Some(Region { x: 0, y: 0, w: 5, h: 10 }), ..photo(15, 20, |_, _| [1; 3]) };
        let images = distance(&one(before), &one(after)).images;
        assert_eq!((images[0].lesion_touched, images[0].psnr), (Some(0.5), None));
        assert!((images[0].frame_lost - 0.25).abs() < 1e-12);
    }

    #[test]
    fn the_lesion_is_touched_where_its_box_differs() {
        let lesion = Some(Region { x: 2, y: 2, w: 4, h: 2 });
        let before = Image { lesion, ..photo(10, 10, |_, _| [1; 3]) };
        // A column within the box, and one outside it.
        let after = Image { lesion, ..photo(10, 10, |x, _| if x == 3 || x == 8 { [2; 3] } else { [1; 3] }) };
        assert_eq!(lesion_touched(&before, &after), Some(0.25));
        assert_eq!(lesion_touched(&Image { lesion: None, ..before }, &after), None);
    }

    #[test]
    fn large_pictures_are_compared_as_small_means() {
        let large = photo(1300, 40, |x, _| [if x % 3 == 1 { 90 } else { 0 }; 3]).pixels;
        let copy = compared_copy(&large);
        assert_eq!(copy.dimensions(), (434, 14));
        assert_eq!(copy.get_pixel(5, 5).0, [30; 3]);
    }
}
