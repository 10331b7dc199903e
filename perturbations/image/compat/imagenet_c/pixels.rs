//! Pixelate and JPEG.

use image::RgbImage;
use multiversion::multiversion;

use crate::image::codec::jpeg::round_trip;

/// A shorter side from which on every severity of pixelate leaves a pixel.
pub(in crate::image::compat) const SMALLEST: u32 = 4;

/// A JPEG save at that quality with halved chroma, libjpeg's default.
pub(in crate::image::compat) fn jpeg(pixels: &RgbImage, quality: u32) -> RgbImage {
    round_trip(pixels, quality, false)
}

/// Means of boxes, enlarged by the nearest; nothing for a picture that would shrink to none.
pub(in crate::image::compat) fn pixelate(pixels: &RgbImage, share: f64) -> Option<RgbImage> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a length")]
    let size = [pixels.width(), pixels.height()].map(|side| (f64::from(side) * share) as u32);
    let [width, height] = size;
    (width > 0 && height > 0).then(|| enlarge(&shrink(pixels, width, height), pixels.dimensions()))
}

/// Which pixels of a side belong to each pixel of a shorter side: those whose centres lie in its box.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "places in a picture")]
fn boxes(length: u32, shorter: u32) -> Vec<core::ops::Range<usize>> {
    let scale = f64::from(length) / f64::from(shorter);
    let one = |i: u32| {
        let centre = (f64::from(i) + 0.5) * scale;
        let inside = |x: &usize| {
            let away = (*x as f64 - centre + 0.5) / scale;
            away > -0.5 && away <= 0.5
        };
        let near = (centre - scale) as usize..(centre + scale + 1.0).min(f64::from(length)) as usize;
        let first = near.clone().find(inside).unwrap_or(near.start);
        first..near.rev().find(inside).unwrap_or(first) + 1
    };
    (0..shorter).map(one).collect()
}

/// Means of boxes along the rows, then down the columns, each rounded in 22-bit fixed point as Pillow does.
fn shrink(pixels: &RgbImage, width: u32, height: u32) -> RgbImage {
    let across: Vec<Group> = boxes(pixels.width(), width).into_iter().map(Group::new).collect();
    let mut out = RgbImage::new(width, height);
    let stride = pixels.width() as usize * 3;
    // A byte more, for the last pixel is read with one.
    let mut padded = vec![0; stride + 1];
    let mut sums = vec![[0; LANES]; width as usize];
    let lines = out.chunks_exact_mut(width as usize * 3);
    for (line, rows) in lines.zip(boxes(pixels.height(), height)) {
        let factor = factor(rows.len());
        sums.fill([1 << 21; LANES]);
        for y in rows {
            let row = pixels.get(y * stride..(y + 1) * stride).unwrap_or_default();
            padded.get_mut(..stride).unwrap_or_default().copy_from_slice(row);
            add_narrow(&padded, &across, factor, &mut sums);
        }
        for (pixel, sums) in line.as_chunks_mut::<3>().0.iter_mut().zip(&sums) {
            let [red, green, blue, _] = sums.map(byte_of);
            *pixel = [red, green, blue];
        }
    }
    out
}

/// The colours of a pixel and one more number, so that they fill a register.
const LANES: usize = 4;

/// Neighbours in a row whose mean is taken.
struct Group {
    /// Where the bytes of the first stand.
    first: usize,
    /// Where the bytes of the others stand.
    others: core::ops::Range<usize>,
    factor: u32,
}

impl Group {
    fn new(place: core::ops::Range<usize>) -> Self {
        let factor = factor(place.len());
        Self { first: 3 * place.start, others: 3 * place.start + 3..3 * place.end, factor }
    }
}

/// One row at its new width, added to sums with that weight.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn add_narrow(row: &[u8], boxes: &[Group], weight: u32, sums: &mut [[u32; LANES]]) {
    for (sums, place) in sums.iter_mut().zip(boxes) {
        let mut total = colours(row, place.first);
        for from in place.others.clone().step_by(3) {
            let colours = colours(row, from);
            for i in 0..LANES {
                total[i] = total[i].wrapping_add(colours[i]);
            }
        }
        for i in 0..LANES {
            let mean = total[i].wrapping_mul(place.factor).wrapping_add(1 << 21) >> 22;
            sums[i] = sums[i].wrapping_add(mean.wrapping_mul(weight));
        }
    }
}

/// The pixel whose bytes begin there and a byte more.
#[inline(always)]
fn colours(row: &[u8], from: usize) -> [u32; LANES] {
    const NONE: &[u8; LANES] = &[0; LANES];
    row.get(from..).and_then(<[u8]>::first_chunk::<LANES>).unwrap_or(NONE).map(u32::from)
}

/// The reciprocal in 22-bit fixed point.
#[expect(clippy::cast_possible_truncation, reason = "a handful of pixels")]
fn factor(count: usize) -> u32 {
    let count = count.max(1) as u32;
    ((1 << 22) + count / 2) / count
}

fn byte_of(sum: u32) -> u8 {
    (sum >> 22).min(255) as u8
}

/// The nearest pixel of the small picture for each of the large one.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "places in a picture")]
fn enlarge(small: &RgbImage, (width, height): (u32, u32)) -> RgbImage {
    let places = |length: u32, shorter: u32| {
        let scale = f64::from(shorter) / f64::from(length);
        (0..length).map(move |i| ((f64::from(i) + 0.5) * scale) as usize).collect::<Vec<_>>()
    };
    let across = places(width, small.width());
    let stride = small.width() as usize * 3;
    let mut out = RgbImage::new(width, height);
    let mut kept = (usize::MAX, vec![[0; 3]; width as usize]);
    let lines = out.chunks_exact_mut((width as usize * 3).max(1));
    for (line, y) in lines.zip(places(height, small.height())) {
        if kept.0 != y {
            let row = small.get(y * stride..(y + 1) * stride).unwrap_or_default().as_chunks::<3>().0;
            let pixel = |x: &usize| row.get(*x).copied().unwrap_or_default();
            kept.1.iter_mut().zip(&across).for_each(|(slot, x)| *slot = pixel(x));
            kept.0 = y;
        }
        line.copy_from_slice(kept.1.as_flattened());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{boxes, pixelate};
    use image::{Rgb, RgbImage};

    #[test]
    fn every_pixel_lies_in_one_box() {
        for (length, shorter) in [(10, 4), (1024, 409), (97, 24), (7, 7)] {
            let all: Vec<usize> = boxes(length, shorter).into_iter().flatten().collect();
            assert_eq!(all, (0..length as usize).collect::<Vec<_>>(), "{length} {shorter}");
        }
    }

    #[test]
    fn half_the_size_is_the_mean_of_four() {
        let image = RgbImage::from_fn(4, 4, |x, y| Rgb([(x * 10 + y) as u8; 3]));
        let out = pixelate(&image, 0.5).unwrap();
        assert_eq!(out.get_pixel(0, 0), out.get_pixel(1, 1));
        assert_eq!(out.get_pixel(3, 2).0, [28; 3]);
        assert!(pixelate(&RgbImage::new(3, 9), 0.25).is_none());
    }
}
