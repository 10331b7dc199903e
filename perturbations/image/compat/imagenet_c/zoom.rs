//! Zoom blur: the mean of a picture and enlarged copies of it.

use image::RgbImage;
use multiversion::{multiversion, target::match_target};

use crate::image::kernels::channels::Channels;
#[cfg(target_arch = "x86_64")]
use crate::image::kernels::pick::wide;
use crate::image::kernels::pick::{WIDE, picked, window};
use crate::image::kernels::{CHANNELS, cut_off};

/// How many factors each severity's list holds, as floating-point ranges make them, and their step.
pub(in crate::image::compat) const ZOOMS: [(u16, f64); 5] =
    [(12, 0.01), (16, 0.01), (11, 0.02), (13, 0.02), (11, 0.03)];

/// Which part of an enlarged copy is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::image::compat) enum Kept {
    /// The upper left one.
    UpperLeft,
    /// The middle.
    Middle,
}

/// The mean of the picture and enlarged copies of it, channel by channel.
pub(in crate::image::compat) fn zoom(pixels: &RgbImage, (count, step): (u16, f64), kept: Kept) -> RgbImage {
    let (width, height) = (pixels.width() as usize, pixels.height() as usize);
    let layers: Vec<Layer> = (0..count).map(|i| Layer::new((width, height), 1.0 + f64::from(i) * step, kept)).collect();
    let planes = planes(pixels);
    // Room for a block that begins at the last pixel and the one after it.
    let mut mixed = vec![0; width + WIDE + 1];
    let mut totals = vec![0; width.next_multiple_of(WIDE)];
    let mut out = pixels.clone();
    let mut channels = Channels::new(width);
    for (y, line) in out.chunks_exact_mut((width * CHANNELS).max(1)).enumerate() {
        for (plane, made) in planes.iter().zip(&mut channels.rows) {
            let row = |y: usize| plane.get(y * width..(y + 1) * width).unwrap_or_default();
            totals.fill(0);
            totals.iter_mut().zip(row(y)).for_each(|(total, value)| *total = u32::from(*value) << 8);
            for layer in &layers {
                let Some(place) = layer.rows.get(y) else { continue };
                mix_rows(row(place.at), row((place.at + 1).min(height - 1)), place.share, &mut mixed);
                add_wide(&mixed, &layer.blocks, &mut totals);
            }
            to_levels(&totals, 1.0 / (f32::from(count + 1) * 256.0), made);
        }
        channels.put(line);
    }
    out
}

/// The picture channel by channel.
fn planes(pixels: &RgbImage) -> [Vec<u8>; CHANNELS] {
    let mut all = Channels::new(pixels.len() / CHANNELS);
    all.take(pixels);
    all.rows
}

/// An enlarged copy.
struct Layer {
    rows: Vec<Place>,
    blocks: Vec<Block>,
}

/// A place between two pixels.
#[derive(Clone, Copy, Default)]
struct Place {
    at: usize,
    /// The weight of the second, in 256ths.
    share: u16,
}

/// Where the pixels of a block of columns come from: none further on than the block is wide, for nothing is made smaller.
struct Block {
    from: usize,
    /// How many columns there are.
    count: usize,
    away: [u8; WIDE],
    shares: [u16; WIDE],
}

impl Layer {
    fn new((width, height): (usize, usize), factor: f64, kept: Kept) -> Self {
        let columns = places(width, factor, kept);
        Self { rows: places(height, factor, kept), blocks: columns.chunks(WIDE).map(Block::new).collect() }
    }
}

impl Block {
    #[expect(clippy::cast_possible_truncation, reason = "less than a block")]
    fn new(places: &[Place]) -> Self {
        let from = places.first().copied().unwrap_or_default().at;
        let mut block = Self { from, count: places.len(), away: [0; WIDE], shares: [0; WIDE] };
        for ((away, share), place) in block.away.iter_mut().zip(&mut block.shares).zip(places) {
            *away = (place.at - from) as u8;
            *share = place.share;
        }
        block
    }
}

/// Where the pixels of the middle part of a side come from when it is enlarged to about its length.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "lengths in pixels")]
fn places(length: usize, factor: f64, kept: Kept) -> Vec<Place> {
    let part = libm::ceil(length as f64 / factor) as usize;
    let first = length.saturating_sub(part) / 2;
    let size = libm::rint(part as f64 * factor) as usize;
    let step = if size > 1 { part.saturating_sub(1) as f64 / (size - 1) as f64 } else { 0.0 };
    let trim = if kept == Kept::Middle { size.saturating_sub(length) / 2 } else { 0 };
    let place = |i: usize| {
        let from = (i + trim) as f64 * step;
        let at = (libm::floor(from) as usize).min(part.saturating_sub(1));
        Place { at: first + at, share: libm::round((from - at as f64) * 256.0).clamp(0.0, 256.0) as u16 }
    };
    (0..size.min(length)).map(place).collect()
}

/// Two rows weighted, to the nearest grey level; the last pixel comes twice.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn mix_rows(upper: &[u8], lower: &[u8], share: u16, mixed: &mut [u8]) {
    for (mixed, (upper, lower)) in mixed.iter_mut().zip(upper.iter().zip(lower)) {
        *mixed = (weighted(*upper, *lower, share).wrapping_add(128) >> 8) as u8;
    }
    if let Some(last) = upper.len().checked_sub(1)
        && let Some([before, after]) = mixed.get_mut(last..last + 2)
    {
        *after = *before;
    }
}

/// Two grey levels by the weight of the second, with 8 bits after the point: at most 255 · 256.
#[inline(always)]
fn weighted(one: u8, other: u8, share: u16) -> u16 {
    let (one, other) = (u16::from(one), u16::from(other));
    one.wrapping_mul(256).wrapping_add(other.wrapping_sub(one).wrapping_mul(share))
}

/// Adds a row at its new width.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vbmi", "x86_64+avx2"))]
fn add_wide(row: &[u8], blocks: &[Block], totals: &mut [u32]) {
    for (totals, block) in totals.as_chunks_mut::<WIDE>().0.iter_mut().zip(blocks) {
        let (one, other) = (window(row, block.from), window(row, block.from + 1));
        let (one, other) = match_target! {
            "x86_64+avx512f+avx512bw+avx512vbmi" => wide::picked(one, other, &block.away),
            _ => picked(one, other, &block.away),
        };
        let mut sums = [0; WIDE];
        for i in 0..WIDE {
            sums[i] = weighted(one[i], other[i], block.shares[i]);
        }
        // Columns that an enlarged copy does not reach get nothing of it.
        for sum in sums.iter_mut().skip(block.count) {
            *sum = 0;
        }
        for i in 0..WIDE {
            totals[i] = totals[i].wrapping_add(u32::from(sums[i]));
        }
    }
}

/// Means, cut off to whole grey levels.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
#[expect(clippy::cast_precision_loss, reason = "below 2^21")]
fn to_levels(totals: &[u32], scale: f32, row: &mut [u8]) {
    for (value, total) in row.iter_mut().zip(totals) {
        *value = cut_off(total.cast_signed() as f32 * scale);
    }
}

#[cfg(test)]
mod tests {
    use super::{Block, Kept, Place, WIDE, add_wide, places, weighted};

    #[test]
    fn a_factor_of_one_is_the_side_itself() {
        let places = places(7, 1.0, Kept::UpperLeft);
        assert!(places.iter().enumerate().all(|(i, place)| (place.at, place.share) == (i, 0)));
        assert_eq!(super::places(1, 1.3, Kept::Middle).len(), 1);
    }

    #[test]
    fn no_place_is_further_on_than_its_block_is_wide() {
        for (length, factor) in [(1024, 1.0), (1024, 1.21), (31, 1.33), (4000, 1.01)] {
            for block in places(length, factor, Kept::Middle).chunks(WIDE) {
                assert!(block.iter().all(|place| place.at - block[0].at < WIDE), "{length} {factor}");
            }
        }
    }

    #[test]
    fn the_dispatched_sums_are_the_plain_ones() {
        let row: Vec<u8> = (0..300_u32).map(|i| ((i * i) >> 3) as u8).collect();
        let columns: Vec<Place> = (0..150).map(|i| Place { at: 7 + i * 5 / 6, share: (i * 7 % 257) as u16 }).collect();
        let blocks: Vec<Block> = columns.chunks(WIDE).map(Block::new).collect();
        let mut totals = vec![3; 192];
        add_wide(&row, &blocks, &mut totals);
        for (place, total) in columns.iter().zip(&totals) {
            assert_eq!(*total, 3 + u32::from(weighted(row[place.at], row[place.at + 1], place.share)));
        }
        assert!(totals[150..].iter().all(|total| *total == 3));
    }
}
