//! A table of 256 entries for every byte.
//!
//! Where the processor can look 64 bytes up at once (AVX-512 VBMI) a picture takes hardly longer than its copy; elsewhere
//! a byte at a time.

use image::RgbImage;
use multiversion::{multiversion, target::match_target};

/// The picture through one table.
pub(crate) fn through(source: &RgbImage, table: &[u8; 256]) -> RgbImage {
    let mut out = vec![0; source.len()];
    look_up(source, table, &mut out);
    RgbImage::from_raw(source.width(), source.height(), out).unwrap_or_default()
}

/// The picture through a table for each channel.
pub(crate) fn through_each(source: &RgbImage, tables: &[[u8; 256]; 3]) -> RgbImage {
    let mut out = vec![0; source.len()];
    look_up_each(source, tables, &mut out);
    RgbImage::from_raw(source.width(), source.height(), out).unwrap_or_default()
}

/// Bytes that are taken out of a picture at a time: whole turns of every loop, within the fastest memory.
const PART: usize = 3072;

/// The picture through a table for each channel, in place; `false` when no byte of it changes.
pub(crate) fn replace(pixels: &mut RgbImage, tables: &[[u8; 256]; 3]) -> bool {
    let moves = |(byte, table): (&u8, &[u8; 256])| table[usize::from(*byte)] != *byte;
    if !pixels.iter().zip(tables.iter().cycle()).any(moves) {
        return false;
    }
    let [red, green, blue] = tables;
    let same = red == green && green == blue;
    let mut room = [0; PART];
    for part in pixels.chunks_mut(PART) {
        let Some(bytes) = room.get_mut(..part.len()) else { continue };
        bytes.copy_from_slice(part);
        if same {
            look_up(bytes, red, part);
        } else {
            look_up_each(bytes, tables, part);
        }
    }
    true
}

#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vbmi"))]
pub(crate) fn look_up(bytes: &[u8], table: &[u8; 256], out: &mut [u8]) {
    match_target! {
        "x86_64+avx512f+avx512bw+avx512vbmi" => wide::look_up(bytes, &[table, table, table], out),
        _ => look_up_plain(bytes, table, out),
    }
}

#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vbmi"))]
fn look_up_each(bytes: &[u8], tables: &[[u8; 256]; 3], out: &mut [u8]) {
    match_target! {
        "x86_64+avx512f+avx512bw+avx512vbmi" => wide::look_up(bytes, &tables.each_ref(), out),
        _ => look_up_each_plain(bytes, tables, out),
    }
}

/// The portable text of [`look_up`].
#[inline(always)]
fn look_up_plain(bytes: &[u8], table: &[u8; 256], out: &mut [u8]) {
    out.iter_mut().zip(bytes).for_each(|(out, byte)| *out = table[usize::from(*byte)]);
}

/// The portable text of [`look_up_each`].
#[inline(always)]
fn look_up_each_plain(bytes: &[u8], [red, green, blue]: &[[u8; 256]; 3], out: &mut [u8]) {
    for (out, pixel) in out.as_chunks_mut::<3>().0.iter_mut().zip(bytes.as_chunks::<3>().0) {
        let [r, g, b] = pixel.map(usize::from);
        *out = [red[r], green[g], blue[b]];
    }
}

#[cfg(target_arch = "x86_64")]
mod wide {
    use core::arch::x86_64::{__m512i, _mm512_mask_blend_epi8, _mm512_movepi8_mask, _mm512_permutex2var_epi8};

    use bytemuck::cast;

    /// Bytes looked up at once.
    const WIDE: usize = 64;

    /// Three tables in turn, byte by byte; the last bytes one at a time.
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    pub(super) fn look_up(bytes: &[u8], tables: &[&[u8; 256]; 3], out: &mut [u8]) {
        let same = tables[0] == tables[1] && tables[1] == tables[2];
        // Each table in four registers.
        let quarters = tables.map(|table| cast::<[u8; 256], [__m512i; 4]>(*table));
        let (blocks, last) = bytes.as_chunks::<{ 3 * WIDE }>();
        let (out_blocks, out_last) = out.as_chunks_mut::<{ 3 * WIDE }>();
        for (block, out) in blocks.iter().zip(out_blocks) {
            let (block, out) = (block.as_chunks::<WIDE>().0, out.as_chunks_mut::<WIDE>().0);
            let ([a, b, c], [x, y, z]) = (block, out) else { continue };
            let parts = [cast(*a), cast(*b), cast(*c)];
            let looked = if same { parts.map(|part| chosen(part, &quarters[0])) } else { three(parts, &quarters) };
            [*x, *y, *z] = looked.map(cast);
        }
        for ((out, byte), table) in out_last.iter_mut().zip(last).zip(tables.iter().cycle()) {
            *out = table[usize::from(*byte)];
        }
    }

    /// Each byte through one table: the lower seven bits choose in both halves of it, the highest chooses the half.
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    fn chosen(bytes: __m512i, [a, b, c, d]: &[__m512i; 4]) -> __m512i {
        let (lower, upper) = (_mm512_permutex2var_epi8(*a, bytes, *b), _mm512_permutex2var_epi8(*c, bytes, *d));
        _mm512_mask_blend_epi8(_mm512_movepi8_mask(bytes), lower, upper)
    }

    /// The bytes of a channel in a part of a block: every third bit, from the first of that channel on.
    const fn of(channel: usize, part: usize) -> u64 {
        let first = part * WIDE % 3;
        0x9249_2492_4924_9249 << ((channel + 3 - first) % 3)
    }

    /// Red, green and blue in turn, a whole block. A channel's bytes stand at other places in each of the three parts, so
    /// that one register takes them all and they are looked up at once.
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    fn three(parts: [__m512i; 3], tables: &[[__m512i; 4]; 3]) -> [__m512i; 3] {
        let looked: [__m512i; 3] =
            core::array::from_fn(|channel| chosen(put_together(parts, |part| of(channel, part)), &tables[channel]));
        core::array::from_fn(|part| put_together(looked, |channel| of(channel, part)))
    }

    /// The bytes of the second and third register where their bits say so, of the first elsewhere.
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    fn put_together([first, second, third]: [__m512i; 3], bits: impl Fn(usize) -> u64) -> __m512i {
        _mm512_mask_blend_epi8(bits(2), _mm512_mask_blend_epi8(bits(1), first, second), third)
    }
}

#[cfg(test)]
mod tests {
    use super::{look_up, look_up_each, look_up_each_plain, look_up_plain, replace, through, through_each};
    use image::{Rgb, RgbImage};

    fn tables() -> [[u8; 256]; 3] {
        [7_usize, 31, 173].map(|k| core::array::from_fn(|i| (i * k + k) as u8))
    }

    #[test]
    fn in_place_is_the_same_and_says_whether_anything_changed() {
        let image = RgbImage::from_fn(700, 5, |x, y| Rgb([x as u8, (x + y) as u8, (3 * y) as u8]));
        let mut once = image.clone();
        assert!(replace(&mut once, &tables()));
        assert_eq!(once, through_each(&image, &tables()));
        let [table, ..] = tables();
        let mut once = image.clone();
        assert!(replace(&mut once, &[table; 3]));
        assert_eq!(once, through(&image, &table));
        let same = core::array::from_fn(|i| i as u8);
        let mut once = image.clone();
        assert!(!replace(&mut once, &[same; 3]) && once == image);
    }

    #[test]
    fn the_dispatched_look_up_gives_what_the_portable_one_gives() {
        let bytes: Vec<u8> = (0..3000_u32).map(|i| ((i * 7919) >> 3) as u8).collect();
        for length in [0, 3, 63, 192, 195, 2999] {
            let (mut one, mut other) = (vec![0; length], vec![0; length]);
            look_up(&bytes[..length], &tables()[1], &mut one);
            look_up_plain(&bytes[..length], &tables()[1], &mut other);
            assert_eq!(one, other, "{length}");
            let length = length / 3 * 3;
            let (mut one, mut other) = (vec![0; length], vec![0; length]);
            look_up_each(&bytes[..length], &tables(), &mut one);
            look_up_each_plain(&bytes[..length], &tables(), &mut other);
            assert_eq!(one, other, "{length}");
        }
    }
}
