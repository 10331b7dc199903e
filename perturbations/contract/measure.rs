//! The quantities in which graded operators are monotone, measured.

use image::{Rgb, RgbImage};

use crate::distance::{colour_difference, edits, fields_lost, frame_lost, luma, squared_error, tokens};
use crate::history::blur::vagueness;
use crate::{Image, Quantity, Region, Stimulus};

/// How much of that quantity lies between two stimuli; the mean over photographs for those about photographs. Pictures
/// of different size have no squared error, colour difference or detail in common: 0.
#[must_use]
pub fn quantity(quantity: Quantity, before: &Stimulus, after: &Stimulus) -> f64 {
    let over = |measure: fn(&Image, &Image) -> f64| mean(before, after, measure);
    match quantity {
        Quantity::SquaredError => over(|a, b| same_size(a, b, squared_error)),
        Quantity::ColourDifference => over(|a, b| same_size(a, b, colour_difference)),
        Quantity::DetailLost => over(|a, b| same_size(a, b, detail_lost)),
        Quantity::FrameLost | Quantity::PixelsLost => over(|a, b| frame_lost(&a.pixels, &b.pixels)),
        Quantity::Displacement => over(|a, b| same_size(a, b, displacement)),
        Quantity::LesionLost => over(lesion_lost),
        Quantity::PixelsChanged => over(|a, b| same_size(a, b, pixels_changed)),
        Quantity::PhotographsLost => count(before.images.len().saturating_sub(after.images.len())),
        Quantity::FieldsLost => count(fields_lost(&before.history, &after.history)),
        Quantity::WordsChanged => count(edits(&tokens(&before.history), &tokens(&after.history))),
        Quantity::Vagueness => (vagueness(&after.history) - vagueness(&before.history)).abs(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "small counts")]
fn count(number: usize) -> f64 {
    number as f64
}

fn mean(before: &Stimulus, after: &Stimulus, measure: fn(&Image, &Image) -> f64) -> f64 {
    let pairs = before.images.iter().zip(&after.images);
    let number = count(pairs.len().max(1));
    pairs.map(|(a, b)| measure(a, b)).sum::<f64>() / number
}

fn same_size(a: &Image, b: &Image, measure: fn(&RgbImage, &RgbImage) -> f64) -> f64 {
    if a.pixels.dimensions() == b.pixels.dimensions() { measure(&a.pixels, &b.pixels) } else { 0.0 }
}

/// The stimulus with a chart in place of each photograph: red grows from left to right, green from top to bottom.
pub(super) fn charts(stimulus: &Stimulus) -> Stimulus {
    let mut charted = stimulus.clone();
    for image in &mut charted.images {
        let (width, height) = image.pixels.dimensions();
        let ramp = |at: u32, side: u32| u8::try_from(at * 255 / side.saturating_sub(1).max(1)).unwrap_or(u8::MAX);
        image.pixels = RgbImage::from_fn(width, height, |x, y| Rgb([ramp(x, width), ramp(y, height), 128]));
    }
    charted
}

/// Mean distance between the coordinates that two charts show at the same place, in shares of the shorter side.
fn displacement(before: &RgbImage, after: &RgbImage) -> f64 {
    let (width, height) = before.dimensions();
    let step = |side: u32| f64::from(side.saturating_sub(1)) / 255.0;
    let apart = |a: u8, b: u8, side: u32| (f64::from(a) - f64::from(b)) * step(side);
    let moved = before.pixels().zip(after.pixels()).map(|(a, b)| {
        let (x, y) = (apart(a.0[0], b.0[0], width), apart(a.0[1], b.0[1], height));
        (x * x + y * y).sqrt()
    });
    moved.sum::<f64>() / (f64::from(width) * f64::from(height) * f64::from(width.min(height))).max(1.0)
}

/// One minus the ratio of gradient energies of luma; 0 for pictures without detail.
fn detail_lost(before: &RgbImage, after: &RgbImage) -> f64 {
    let (whole, left) = (gradient_energy(before), gradient_energy(after));
    if whole > 0.0 { 1.0 - left / whole } else { 0.0 }
}

/// Share of pixels of which some channel differs.
fn pixels_changed(before: &RgbImage, after: &RgbImage) -> f64 {
    let changed = before.pixels().zip(after.pixels()).filter(|(a, b)| a != b).count();
    count(changed) / count(before.pixels().len().max(1))
}

/// Squared differences of luma between neighbours, summed.
fn gradient_energy(pixels: &RgbImage) -> f64 {
    let rows: Vec<Vec<i32>> = pixels.rows().map(|row| row.map(|pixel| i32::from(luma(pixel.0))).collect()).collect();
    let across = rows.iter().flat_map(|row| row.windows(2)).map(|pair| match pair {
        [a, b] => (a - b) * (a - b),
        _ => 0,
    });
    let below = rows.iter().skip(1);
    let down = rows.iter().zip(below).flat_map(|(a, b)| a.iter().zip(b)).map(|(a, b)| (a - b) * (a - b));
    across.chain(down).map(f64::from).sum()
}

/// Share of the lesion's box that is gone; 0 where there was none.
#[expect(clippy::cast_precision_loss, reason = "areas far below 2^52")]
fn lesion_lost(before: &Image, after: &Image) -> f64 {
    let area = |image: &Image| image.lesion.map_or(0, Region::area) as f64;
    if area(before) > 0.0 { 1.0 - area(after) / area(before) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::{charts, quantity};
    use crate::image::tests::photo;
    use crate::{Image, Quantity, Region, Stimulus};

    fn one(image: Image) -> Stimulus {
        Stimulus { images: vec![image], ..Stimulus::default() }
    }

    #[test]
    fn a_flat_copy_has_lost_all_detail() {
        let (stripes, flat) = (photo(8, 8, |x, _| [if x % 2 == 0 { 9 } else { 99 }; 3]), photo(8, 8, |_, _| [50; 3]));
        let lost = |a: &Image, b: &Image| quantity(Quantity::DetailLost, &one(a.clone()), &one(b.clone()));
        assert!((lost(&stripes, &flat) - 1.0).abs() < 1e-12);
        assert!(lost(&stripes, &stripes).abs() < 1e-12 && lost(&flat, &stripes).abs() < 1e-12);
    }

    #[test]
    fn pixels_and_photographs_are_counted() {
        let (flat, dotted) = (photo(5, 4, |_, _| [7; 3]), photo(5, 4, |x, y| [7, 7, if x == y { 8 } else { 7 }]));
        assert!((quantity(Quantity::PixelsChanged, &one(flat.clone()), &one(dotted)) - 0.2).abs() < 1e-12);
        let three = Stimulus { images: vec![flat.clone(); 3], ..Stimulus::default() };
        assert!((quantity(Quantity::PhotographsLost, &three, &one(flat)) - 2.0).abs() < 1e-12);
    }

    #[test]
    fn a_chart_that_is_shifted_has_moved_by_that_much() {
        let chart = charts(&one(photo(52, 52, |_, _| [9; 3])));
        let mut shifted = chart.clone();
        let pixels = &chart.images[0].pixels;
        shifted.images[0].pixels = image::RgbImage::from_fn(52, 52, |x, y| *pixels.get_pixel((x + 5).min(51), y));
        let moved = quantity(Quantity::Displacement, &chart, &shifted);
        let wanted = (47.0 * 5.0 + 4.0 + 3.0 + 2.0 + 1.0) / 52.0 / 52.0;
        assert!((moved - wanted).abs() < 1e-9, "{moved}");
    }

    #[test]
    fn frame_and_lesion_are_counted_by_area() {
        let before = Image { lesion: Some(Region { x: 0, y: 0, w: 4, h: 4 }), ..photo(10, 10, |_, _| [0; 3]) };
        let after = Image { lesion: Some(Region { x: 0, y: 0, w: 4, h: 1 }), ..photo(10, 7, |_, _| [0; 3]) };
        assert!((quantity(Quantity::FrameLost, &one(before.clone()), &one(after.clone())) - 0.3).abs() < 1e-12);
        assert!((quantity(Quantity::LesionLost, &one(before), &one(after)) - 0.75).abs() < 1e-12);
    }
}
