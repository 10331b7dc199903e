//! Pictures at another size: exact means of areas to shrink, straight lines between pixels to enlarge.
//!
//! Both work in whole numbers, so every machine gives the same bytes.

use image::RgbImage;
use multiversion::{multiversion, target::match_target};

use crate::Region;
use crate::image::kernels::channels::Channels;
#[cfg(target_arch = "x86_64")]
use crate::image::kernels::pick::wide;
use crate::image::kernels::pick::{WIDE, picked, window};

/// Bytes of a pixel.
const CHANNELS: usize = 3;

/// The picture at a size that is nowhere larger: every new pixel is the mean of the area that it covers, partly covered
/// pixels counting in part, rounded to the nearest grey level.
pub(crate) fn shrink(source: &RgbImage, width: u32, height: u32) -> RgbImage {
    let (width, height) = (width.clamp(1, source.width().max(1)), height.clamp(1, source.height().max(1)));
    if (2 * width, 2 * height) == source.dimensions() {
        return halved(source);
    }
    let mut out = RgbImage::new(width, height);
    let columns = spans(source.width(), width);
    let area = Divisor::new(u64::from(source.width()) * u64::from(source.height()));
    let stride = source.width() as usize * CHANNELS;
    let mut band = Band::new(stride);
    let lines = out.chunks_exact_mut((width as usize * CHANNELS).max(1));
    for (span, line) in spans(source.height(), height).iter().zip(lines) {
        let sums = band.sum(source, stride, span);
        for (pixel, span) in line.as_chunks_mut::<CHANNELS>().0.iter_mut().zip(&columns) {
            *pixel = across(sums, span).map(|sum| area.rounded(sum));
        }
    }
    out
}

/// The same for half of each side: means of four, channel by channel.
fn halved(source: &RgbImage) -> RgbImage {
    let mut out = RgbImage::new(source.width() / 2, source.height() / 2);
    let (width, stride) = (source.width() as usize, source.width() as usize * CHANNELS);
    let mut pair = [Channels::new(width), Channels::new(width)];
    let mut made = Channels::new(width / 2);
    for (rows, line) in source.chunks_exact(2 * stride.max(1)).zip(out.chunks_exact_mut((stride / 2).max(1))) {
        pair.iter_mut().zip(rows.chunks_exact(stride)).for_each(|(channels, row)| channels.take(row));
        let [upper, lower] = &pair;
        for (made, (upper, lower)) in made.rows.iter_mut().zip(upper.rows.iter().zip(&lower.rows)) {
            mean_of_four(upper, lower, made);
        }
        made.put(line);
    }
    out
}

#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
#[expect(clippy::cast_possible_truncation, reason = "the mean of four bytes is a byte")]
fn mean_of_four(upper: &[u8], lower: &[u8], out: &mut [u8]) {
    let squares = upper.as_chunks::<2>().0.iter().zip(lower.as_chunks::<2>().0);
    for (out, ([a, b], [c, d])) in out.iter_mut().zip(squares) {
        let sum = u16::from(*a).wrapping_add(u16::from(*b)).wrapping_add(u16::from(*c)).wrapping_add(u16::from(*d));
        *out = (sum.wrapping_add(2) >> 2) as u8;
    }
}

/// The old pixels under a new one along one side. Lengths are counted so that an old pixel is as long as there are new
/// ones, which makes every overlap a whole number.
struct Span {
    /// The first old pixel.
    first: usize,
    /// How much of it is covered.
    head: u32,
    /// Old pixels after the first that are covered in full.
    full: usize,
    /// The length of a pixel that is covered in full.
    each: u32,
    /// How much of the pixel after those is covered.
    tail: u32,
}

#[expect(clippy::cast_possible_truncation, reason = "overlaps and pixel numbers are below the old length, a u32")]
fn spans(old: u32, new: u32) -> Vec<Span> {
    let (each, step) = (u64::from(new), u64::from(old));
    let span = |at: u64| {
        let (start, end) = (at * step, (at + 1) * step);
        let first = start / each;
        let head = ((first + 1) * each).min(end) - start;
        let rest = end - start - head;
        Span {
            first: first as usize,
            head: head as u32,
            full: (rest / each) as usize,
            each: new,
            tail: (rest % each) as u32,
        }
    };
    (0..each).map(span).collect()
}

/// Sums of whole and partial rows.
struct Band {
    /// Whole rows, at most 257 at a time.
    whole: Vec<u16>,
    /// Everything, weighted.
    sums: Vec<u32>,
}

/// As many bytes can be added up in 16 bits.
const ROOM: usize = 257;

impl Band {
    fn new(stride: usize) -> Self {
        Self { whole: vec![0; stride], sums: vec![0; stride] }
    }

    /// The weighted sum of the rows of a span, byte by byte.
    fn sum(&mut self, source: &RgbImage, stride: usize, span: &Span) -> &[u32] {
        let rows = |from: usize, count: usize| {
            source.get(from * stride..(from + count) * stride).unwrap_or_default().chunks_exact(stride.max(1))
        };
        self.sums.fill(0);
        rows(span.first, 1).for_each(|row| add(&mut self.sums, row, span.head));
        let mut left = span.full;
        while left > 0 {
            let count = left.min(ROOM);
            self.whole.fill(0);
            for row in rows(span.first + 1 + span.full - left, count) {
                self.whole.iter_mut().zip(row).for_each(|(sum, byte)| *sum += u16::from(*byte));
            }
            self.sums.iter_mut().zip(&self.whole).for_each(|(sum, whole)| *sum += u32::from(*whole) * span.each);
            left -= count;
        }
        if span.tail > 0 {
            rows(span.first + 1 + span.full, 1).for_each(|row| add(&mut self.sums, row, span.tail));
        }
        &self.sums
    }
}

fn add(sums: &mut [u32], row: &[u8], weight: u32) {
    sums.iter_mut().zip(row).for_each(|(sum, byte)| *sum += u32::from(*byte) * weight);
}

/// The weighted sum of the pixels of a span, channel by channel.
fn across(sums: &[u32], span: &Span) -> [u64; CHANNELS] {
    let pixels = sums.as_chunks::<CHANNELS>().0.get(span.first..).unwrap_or_default();
    let Some((first, rest)) = pixels.split_first() else { return [0; CHANNELS] };
    let mut total = [0_u64; CHANNELS];
    for pixel in rest.iter().take(span.full) {
        total.iter_mut().zip(pixel).for_each(|(sum, value)| *sum += u64::from(*value));
    }
    let tail = rest.get(span.full).copied().unwrap_or_default();
    core::array::from_fn(|channel| {
        total[channel] * u64::from(span.each)
            + u64::from(first[channel]) * u64::from(span.head)
            + u64::from(tail[channel]) * u64::from(span.tail)
    })
}

/// Division by a fixed number as one product: exact for the means of bytes over areas up to 2²⁷ pixels.
#[derive(Clone, Copy)]
struct Divisor {
    by: u64,
    /// 2⁶⁴ over twice the divisor, rounded up.
    inverse: u64,
}

impl Divisor {
    fn new(by: u64) -> Self {
        Self { by, inverse: u64::MAX / (2 * by.max(1)) + 1 }
    }

    /// The nearest whole number to `sum / by`, for quotients up to 255.
    fn rounded(self, sum: u64) -> u8 {
        let product = u128::from(2 * sum + self.by) * u128::from(self.inverse);
        (product >> 64).min(255) as u8
    }
}

/// The picture at a size that is nowhere smaller: straight lines between the middles of old pixels, first along rows,
/// then along columns; beyond the outermost middles their colour is repeated.
pub(crate) fn enlarge(source: &RgbImage, width: u32, height: u32) -> RgbImage {
    let (w, h) = source.dimensions();
    enlarge_part(source, Region { x: 0, y: 0, w, h }, width, height)
}

/// The same for a part of a picture, which has to lie within it.
pub(crate) fn enlarge_part(source: &RgbImage, part: Region, width: u32, height: u32) -> RgbImage {
    let mut out = RgbImage::new(width, height);
    let stride = width as usize * CHANNELS;
    let mut rows = Wide::new(source, part, width);
    let mut made = Channels::new(width as usize);
    for (place, line) in between(part.h, height).iter().zip(out.chunks_exact_mut(stride.max(1))) {
        rows.ready(place.low);
        rows.ready(place.high);
        for (made, (low, high)) in made.rows.iter_mut().zip(rows.row(place.low).iter().zip(rows.row(place.high))) {
            mix(low, high, place.share, made);
        }
        made.put(line);
    }
    out
}

/// A row between two, to the nearest grey level.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn mix(low: &[i16], high: &[i16], share: i16, line: &mut [u8]) {
    for (byte, (low, high)) in line.iter_mut().zip(low.iter().zip(high)) {
        *byte = to_byte(lerp(*low, *high, share));
    }
}

/// The two old pixels around a new one along one side.
#[derive(Debug, PartialEq, Eq)]
struct Between {
    low: usize,
    high: usize,
    /// The share of the second, in 2⁻¹⁵.
    share: i16,
}

/// Middles of new pixels lie at (at + ½) old / new − ½ old pixels, to the nearest 2⁻¹⁵ below.
#[expect(clippy::cast_possible_truncation, reason = "a place is below the old length; the share is below 2¹⁵")]
fn between(old: u32, new: u32) -> Vec<Between> {
    let (old, new) = (u64::from(old), u64::from(new.max(1)));
    let last = old.saturating_sub(1);
    let place = |at: u64| {
        let fine = (((2 * at + 1) * old) << 15) / (2 * new);
        let fine = fine.saturating_sub(1 << 14).min(last << 15);
        let low = fine >> 15;
        Between { low: low as usize, high: (low + 1).min(last) as usize, share: (fine & 0x7FFF) as i16 }
    };
    (0..new).map(place).collect()
}

/// Two rows of a part of a picture at the new width, channel by channel in 128ths of a grey level.
struct Wide<'a> {
    source: &'a RgbImage,
    part: Region,
    blocks: Vec<Block>,
    channels: Channels,
    kept: [(usize, [Vec<i16>; CHANNELS]); 2],
}

/// Where the pixels of a block of columns come from: none further on than the block is wide, for nothing is made smaller.
struct Block {
    from: usize,
    away: [u8; WIDE],
    shares: [i16; WIDE],
}

impl Block {
    #[expect(clippy::cast_possible_truncation, reason = "less than a block")]
    fn new(places: &[Between]) -> Self {
        let from = places.first().map_or(0, |place| place.low);
        let mut block = Self { from, away: [0; WIDE], shares: [0; WIDE] };
        for ((away, share), place) in block.away.iter_mut().zip(&mut block.shares).zip(places) {
            *away = (place.low - from) as u8;
            *share = place.share;
        }
        block
    }
}

impl<'a> Wide<'a> {
    fn new(source: &'a RgbImage, part: Region, width: u32) -> Self {
        let blocks: Vec<Block> = between(part.w, width).chunks(WIDE).map(Block::new).collect();
        let room = blocks.len() * WIDE;
        let kept = [(); 2].map(|()| (usize::MAX, [(); CHANNELS].map(|()| vec![0; room])));
        // Room for a block that begins at the last pixel and the one after it.
        Self { source, part, blocks, channels: Channels::new(part.w as usize + WIDE + 1), kept }
    }

    /// Makes a row; rows of even number have one place, rows of odd number the other.
    fn ready(&mut self, y: usize) {
        let Some((made, rows)) = self.kept.get_mut(y % 2) else { return };
        if *made == y {
            return;
        }
        *made = y;
        let width = self.part.w as usize;
        let start = (y + self.part.y as usize) * self.source.width() as usize + self.part.x as usize;
        self.channels.take(self.source.get(start * CHANNELS..(start + width) * CHANNELS).unwrap_or_default());
        for (row, made) in self.channels.rows.iter_mut().zip(rows) {
            // The last pixel comes twice.
            if let Some([before, after]) = row.get_mut(width.saturating_sub(1)..=width) {
                *after = *before;
            }
            widen(row, &self.blocks, made);
        }
    }

    fn row(&self, y: usize) -> &[Vec<i16>; CHANNELS] {
        &self.kept[y % 2].1
    }
}

/// A row of one channel at its new width.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vbmi", "x86_64+avx2"))]
fn widen(row: &[u8], blocks: &[Block], made: &mut [i16]) {
    for (made, block) in made.as_chunks_mut::<WIDE>().0.iter_mut().zip(blocks) {
        let (low, high) = (window(row, block.from), window(row, block.from + 1));
        let (low, high) = match_target! {
            "x86_64+avx512f+avx512bw+avx512vbmi" => wide::picked(low, high, &block.away),
            _ => picked(low, high, &block.away),
        };
        for i in 0..WIDE {
            made[i] = lerp(i16::from(low[i]) << 7, i16::from(high[i]) << 7, block.shares[i]);
        }
    }
}

/// `low + share (high − low)`, the product rounded down to a 64th.
#[inline(always)]
fn lerp(low: i16, high: i16, share: i16) -> i16 {
    let part = i32::from(high.wrapping_sub(low)).wrapping_mul(i32::from(share)) >> 16;
    low.wrapping_add(part.wrapping_mul(2) as i16)
}

/// The nearest grey level to a number of 128ths.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 255")]
#[inline(always)]
fn to_byte(value: i16) -> u8 {
    (value.wrapping_add(64) >> 7) as u8
}

#[cfg(test)]
mod tests {
    use super::{Between, Divisor, between, enlarge, shrink};
    use crate::image::tests::photo;
    use image::RgbImage;
    use proptest::prelude::*;

    #[test]
    fn half_of_each_side_is_the_mean_of_every_four() {
        for (width, height) in [(2, 2), (130, 46), (64, 2)] {
            let source = texture(width, height);
            for (x, y, pixel) in shrink(&source, width / 2, height / 2).enumerate_pixels() {
                let four = [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(a, b)| source.get_pixel(2 * x + a, 2 * y + b).0);
                let sum = |channel: usize| four.iter().map(|colour| u32::from(colour[channel])).sum::<u32>();
                assert!((0..3).all(|channel| u32::from(pixel.0[channel]) == (sum(channel) + 2) / 4), "{x} {y}");
            }
        }
    }

    fn texture(width: u32, height: u32) -> RgbImage {
        photo(width, height, |x, y| [(x * 37 + y * 91) as u8, (x * x + y) as u8, (x * y * 13) as u8]).pixels
    }

    /// The mean over the covered area in floating point.
    fn mean(source: &RgbImage, x: u32, y: u32, width: u32, height: u32, channel: usize) -> f64 {
        let cover = |at: u32, old: u32, new: u32, pixel: u32| {
            let scale = f64::from(old) / f64::from(new);
            let (start, end) = (f64::from(at) * scale, f64::from(at + 1) * scale);
            (end.min(f64::from(pixel + 1)) - start.max(f64::from(pixel))).max(0.0) / scale
        };
        let shares = source.enumerate_pixels().map(|(column, row, pixel)| {
            cover(x, source.width(), width, column)
                * cover(y, source.height(), height, row)
                * f64::from(pixel.0[channel])
        });
        shares.sum()
    }

    #[test]
    fn halves_are_means_of_four() {
        let source = photo(4, 2, |x, y| [(10 * x + y) as u8, 255, (100 * y) as u8]).pixels;
        let half = shrink(&source, 2, 1);
        assert_eq!(half.get_pixel(0, 0).0, [6, 255, 50]);
        assert_eq!(half.get_pixel(1, 0).0, [26, 255, 50]);
    }

    #[test]
    fn the_same_size_is_the_same_picture() {
        let source = texture(17, 11);
        assert_eq!(shrink(&source, 17, 11), source);
        assert_eq!(enlarge(&source, 17, 11), source);
    }

    #[test]
    fn a_tall_picture_has_room_for_its_sums() {
        let white = photo(3, 1200, |_, _| [255; 3]).pixels;
        assert_eq!(shrink(&white, 1, 1).get_pixel(0, 0).0, [255; 3]);
        assert_eq!(shrink(&white, 2, 3).as_raw(), &vec![255; 18]);
    }

    #[test]
    fn division_is_exact() {
        for by in [1_u64, 2, 3, 7, 786_432, 12_000_000, 134_217_689] {
            for sum in [0, 1, by / 2, by, 100 * by + by / 2, 255 * by - 1, 255 * by] {
                assert_eq!(u64::from(Divisor::new(by).rounded(sum)), (sum + by / 2) / by, "{sum} / {by}");
            }
        }
    }

    #[test]
    fn twice_the_size_lies_a_quarter_from_each_middle() {
        let wanted = [(0, 1, 0), (0, 1, 8192), (0, 1, 24576), (1, 1, 0)];
        let wanted = wanted.map(|(low, high, share)| Between { low, high, share });
        assert_eq!(between(2, 4), wanted);
    }

    #[test]
    fn a_ramp_stays_a_ramp_when_it_grows() {
        let ramp = photo(16, 16, |x, y| [(8 * x) as u8, (8 * y) as u8, 77]).pixels;
        let grown = enlarge(&ramp, 64, 64);
        for (x, y, pixel) in grown.enumerate_pixels().filter(|(x, y, _)| (2..62).contains(x) && (2..62).contains(y)) {
            let wanted = |at: u32| 8.0 * ((f64::from(at) + 0.5) / 4.0 - 0.5);
            assert!(
                (f64::from(pixel.0[0]) - wanted(x)).abs() < 0.55 && (f64::from(pixel.0[1]) - wanted(y)).abs() < 0.55
            );
            assert_eq!(pixel.0[2], 77);
        }
    }

    proptest! {
        #[test]
        fn a_shrunk_pixel_is_the_mean_of_its_area(w in 1_u32..30, h in 1_u32..30, to_w in 1_u32..30, to_h in 1_u32..30) {
            let (to_w, to_h) = (to_w.min(w), to_h.min(h));
            let source = texture(w, h);
            for (x, y, pixel) in shrink(&source, to_w, to_h).enumerate_pixels() {
                for channel in 0..3 {
                    let wanted = mean(&source, x, y, to_w, to_h, channel);
                    prop_assert!((wanted - f64::from(pixel.0[channel])).abs() < 0.501);
                }
            }
        }

        #[test]
        fn what_is_enlarged_stays_within_its_colours(w in 1_u32..20, h in 1_u32..20, more in 0_u32..40) {
            let source = photo(w, h, |x, y| [(x * 50) as u8, if (x + y) % 2 == 0 { 255 } else { 0 }, 9]).pixels;
            let grown = enlarge(&source, w + more, h + more / 2);
            let most = source.pixels().map(|pixel| pixel.0[0]).max();
            prop_assert!(grown.pixels().all(|pixel| pixel.0[2] == 9 && Some(pixel.0[0]) <= most));
        }
    }
}
