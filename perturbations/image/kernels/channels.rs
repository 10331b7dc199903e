//! Rows of pixels as rows of one channel each, and back.
//!
//! Loops over a channel become vector code; loops over pixels of three bytes do not. The bytes are sorted by the
//! instructions that move any byte anywhere, where the processor has them.

use multiversion::{multiversion, target::match_target};

use super::CHANNELS;

/// Three rows of bytes: red, green, blue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Channels {
    /// The rows, all of one length.
    pub rows: [Vec<u8>; CHANNELS],
}

impl Channels {
    /// Rows of that many pixels, black.
    pub(crate) fn new(width: usize) -> Self {
        Self { rows: [(); CHANNELS].map(|()| vec![0; width]) }
    }

    /// Takes a row of pixels apart. Pixels beyond the length of the rows are left out.
    pub(crate) fn take(&mut self, line: &[u8]) {
        let [red, green, blue] = &mut self.rows;
        apart(line.as_chunks().0, red, green, blue);
    }

    /// Puts the row of pixels together again, as far as the rows reach.
    pub(crate) fn put(&self, line: &mut [u8]) {
        let [red, green, blue] = &self.rows;
        together(red, green, blue, line.as_chunks_mut().0);
    }
}

/// Changes every row of a picture's bytes, channel by channel; `change` gets the number of the row.
pub(crate) fn each_row(bytes: &mut [u8], width: usize, mut change: impl FnMut(usize, &mut [Vec<u8>; CHANNELS])) {
    let mut channels = Channels::new(width);
    for (y, line) in bytes.chunks_exact_mut((CHANNELS * width).max(1)).enumerate() {
        channels.take(line);
        change(y, &mut channels.rows);
        channels.put(line);
    }
}

type Pixel = [u8; CHANNELS];

#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vbmi", "x86_64+avx2"))]
fn apart(pixels: &[Pixel], red: &mut [u8], green: &mut [u8], blue: &mut [u8]) {
    match_target! {
        "x86_64+avx512f+avx512bw+avx512vbmi" => widest::apart(pixels, red, green, blue),
        "x86_64+avx2" => wide::apart(pixels, red, green, blue),
        _ => apart_plain(pixels, red, green, blue),
    }
}

#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vbmi", "x86_64+avx2"))]
fn together(red: &[u8], green: &[u8], blue: &[u8], pixels: &mut [Pixel]) {
    match_target! {
        "x86_64+avx512f+avx512bw+avx512vbmi" => widest::together(red, green, blue, pixels),
        "x86_64+avx2" => wide::together(red, green, blue, pixels),
        _ => together_plain(red, green, blue, pixels),
    }
}

/// The portable text of [`apart`].
#[inline(always)]
fn apart_plain(pixels: &[Pixel], red: &mut [u8], green: &mut [u8], blue: &mut [u8]) {
    for (pixel, (red, (green, blue))) in pixels.iter().zip(red.iter_mut().zip(green.iter_mut().zip(blue))) {
        [*red, *green, *blue] = *pixel;
    }
}

/// The portable text of [`together`].
#[inline(always)]
fn together_plain(red: &[u8], green: &[u8], blue: &[u8], pixels: &mut [Pixel]) {
    for (pixel, (red, (green, blue))) in pixels.iter_mut().zip(red.iter().zip(green.iter().zip(blue))) {
        *pixel = [*red, *green, *blue];
    }
}

/// Which byte of so many pixels is byte `i` of a channel.
const fn taken(channel: usize, i: usize) -> usize {
    CHANNELS * i + channel
}

/// The loops over whole blocks, on top of `sorted` and `mixed` for one block; what is left over is done plainly.
macro_rules! loops {
    ($wide:literal, $(#[$attribute:meta])*) => {
        /// Pixels of a block.
        const WIDE: usize = $wide;

        $(#[$attribute])*
        pub(super) fn apart(pixels: &[Pixel], red: &mut [u8], green: &mut [u8], blue: &mut [u8]) {
            let whole = pixels.len().min(red.len()).min(green.len()).min(blue.len()) / WIDE * WIDE;
            let (blocks, last) = pixels.split_at(whole);
            let ((red, red_last), (green, green_last), (blue, blue_last)) =
                (red.split_at_mut(whole), green.split_at_mut(whole), blue.split_at_mut(whole));
            let out = red.as_chunks_mut().0.iter_mut().zip(green.as_chunks_mut().0).zip(blue.as_chunks_mut().0);
            for (block, ((red, green), blue)) in blocks.as_chunks().0.iter().zip(out) {
                [*red, *green, *blue] = sorted(block);
            }
            apart_plain(last, red_last, green_last, blue_last);
        }

        $(#[$attribute])*
        pub(super) fn together(red: &[u8], green: &[u8], blue: &[u8], pixels: &mut [Pixel]) {
            let whole = pixels.len().min(red.len()).min(green.len()).min(blue.len()) / WIDE * WIDE;
            let (blocks, last) = pixels.split_at_mut(whole);
            let ((red, red_last), (green, green_last), (blue, blue_last)) =
                (red.split_at(whole), green.split_at(whole), blue.split_at(whole));
            let from = red.as_chunks().0.iter().zip(green.as_chunks().0).zip(blue.as_chunks().0);
            for (block, ((red, green), blue)) in blocks.as_chunks_mut().0.iter_mut().zip(from) {
                *block = mixed([red, green, blue]);
            }
            together_plain(red_last, green_last, blue_last, last);
        }
    };
}

/// AVX-512 VBMI: a byte out of 128 for every byte of a register.
#[cfg(target_arch = "x86_64")]
mod widest {
    use core::arch::x86_64::{__m512i, _mm512_permutex2var_epi8};

    use bytemuck::cast;

    use super::{CHANNELS, Pixel, apart_plain, taken, together_plain};

    loops!(64, #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]);

    /// The choice from the first two registers of a block, then from what came out of it and the third.
    type Choice = [[u8; WIDE]; 2];

    /// Number within a pair of registers; bit 6 means the second.
    const SECOND: u8 = 64;

    /// Where the bytes of each channel stand in a block.
    #[expect(clippy::cast_possible_truncation, reason = "below 128")]
    const SORT: [Choice; CHANNELS] = {
        let mut sort = [[[0; WIDE]; 2]; CHANNELS];
        let mut i = 0;
        while i < WIDE * CHANNELS {
            let (channel, i_th) = (i % CHANNELS, i / CHANNELS);
            let from = taken(channel, i_th);
            let late = from >= 2 * WIDE;
            sort[channel][0][i_th] = if late { 0 } else { from as u8 };
            sort[channel][1][i_th] = if late { SECOND + (from - 2 * WIDE) as u8 } else { i_th as u8 };
            i += 1;
        }
        sort
    };

    /// Which channel's byte stands where in each of the three registers of a block.
    #[expect(clippy::cast_possible_truncation, reason = "below 128")]
    const MIX: [Choice; CHANNELS] = {
        let mut mix = [[[0; WIDE]; 2]; CHANNELS];
        let mut i = 0;
        while i < WIDE * CHANNELS {
            let (register, at) = (i / WIDE, i % WIDE);
            let (channel, i_th) = (i % CHANNELS, (i / CHANNELS) as u8);
            mix[register][0][at] = if channel == 1 { SECOND + i_th } else { i_th };
            mix[register][1][at] = if channel == 2 { SECOND + i_th } else { at as u8 };
            i += 1;
        }
        mix
    };

    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    fn chosen([a, b, c]: [__m512i; CHANNELS], [first, then]: Choice) -> [u8; WIDE] {
        cast(_mm512_permutex2var_epi8(_mm512_permutex2var_epi8(a, cast(first), b), cast(then), c))
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    fn sorted(block: &[Pixel; WIDE]) -> [[u8; WIDE]; CHANNELS] {
        let parts = cast::<[Pixel; WIDE], [__m512i; CHANNELS]>(*block);
        [chosen(parts, SORT[0]), chosen(parts, SORT[1]), chosen(parts, SORT[2])]
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    fn mixed([red, green, blue]: [&[u8; WIDE]; CHANNELS]) -> [Pixel; WIDE] {
        let rows = [cast(*red), cast(*green), cast(*blue)];
        cast([chosen(rows, MIX[0]), chosen(rows, MIX[1]), chosen(rows, MIX[2])])
    }
}

/// AVX2 has a choice of bytes within 16: three of them or-ed together.
#[cfg(target_arch = "x86_64")]
mod wide {
    use core::arch::x86_64::{__m128i, _mm_or_si128, _mm_shuffle_epi8};

    use bytemuck::cast;

    use super::{CHANNELS, Pixel, apart_plain, taken, together_plain};

    loops!(16, #[target_feature(enable = "avx2")]);

    /// What each of three registers gives to one; [`NONE`] gives 0.
    type Choice = [[u8; WIDE]; CHANNELS];

    const NONE: u8 = 0x80;

    #[expect(clippy::cast_possible_truncation, reason = "below 16")]
    const SORT: [Choice; CHANNELS] = {
        let mut sort = [[[NONE; WIDE]; CHANNELS]; CHANNELS];
        let mut i = 0;
        while i < WIDE * CHANNELS {
            let from = taken(i % CHANNELS, i / CHANNELS);
            sort[i % CHANNELS][from / WIDE][i / CHANNELS] = (from % WIDE) as u8;
            i += 1;
        }
        sort
    };

    #[expect(clippy::cast_possible_truncation, reason = "below 16")]
    const MIX: [Choice; CHANNELS] = {
        let mut mix = [[[NONE; WIDE]; CHANNELS]; CHANNELS];
        let mut i = 0;
        while i < WIDE * CHANNELS {
            mix[i / WIDE][i % CHANNELS][i % WIDE] = (i / CHANNELS) as u8;
            i += 1;
        }
        mix
    };

    #[target_feature(enable = "avx2")]
    fn chosen([a, b, c]: [__m128i; CHANNELS], [from_a, from_b, from_c]: Choice) -> [u8; WIDE] {
        let (a, b) = (_mm_shuffle_epi8(a, cast(from_a)), _mm_shuffle_epi8(b, cast(from_b)));
        cast(_mm_or_si128(_mm_or_si128(a, b), _mm_shuffle_epi8(c, cast(from_c))))
    }

    #[target_feature(enable = "avx2")]
    fn sorted(block: &[Pixel; WIDE]) -> [[u8; WIDE]; CHANNELS] {
        let parts = cast::<[Pixel; WIDE], [__m128i; CHANNELS]>(*block);
        [chosen(parts, SORT[0]), chosen(parts, SORT[1]), chosen(parts, SORT[2])]
    }

    #[target_feature(enable = "avx2")]
    fn mixed([red, green, blue]: [&[u8; WIDE]; CHANNELS]) -> [Pixel; WIDE] {
        let rows = [cast(*red), cast(*green), cast(*blue)];
        cast([chosen(rows, MIX[0]), chosen(rows, MIX[1]), chosen(rows, MIX[2])])
    }
}

#[cfg(test)]
mod tests {
    use multiversion::{multiversion, target::match_target};

    #[cfg(target_arch = "x86_64")]
    use super::wide;
    use super::{Channels, apart_plain, each_row, together_plain};

    fn line(length: usize) -> Vec<u8> {
        (0..length as u32).map(|i| ((i * 7919) >> 3) as u8).collect()
    }

    #[test]
    fn every_third_byte_is_of_one_channel_and_goes_back_to_its_place() {
        for width in [0, 1, 15, 16, 31, 63, 64, 65, 200] {
            let line = line(3 * width);
            let mut channels = Channels::new(width);
            channels.take(&line);
            for (channel, row) in channels.rows.iter().enumerate() {
                let wanted: Vec<u8> = line.iter().skip(channel).step_by(3).copied().collect();
                assert_eq!(*row, wanted, "{width} {channel}");
            }
            let mut back = vec![0; 3 * width];
            channels.put(&mut back);
            assert_eq!(back, line, "{width}");
        }
    }

    /// There and back with AVX2, where there is that.
    #[multiversion(targets("x86_64+avx2"))]
    fn both_ways(pixels: &[[u8; 3]], rows: [&mut [u8]; 3], back: &mut [[u8; 3]]) {
        let [red, green, blue] = rows;
        match_target! {
            "x86_64+avx2" => wide::apart(pixels, red, green, blue),
            _ => apart_plain(pixels, red, green, blue),
        }
        match_target! {
            "x86_64+avx2" => wide::together(red, green, blue, back),
            _ => together_plain(red, green, blue, back),
        }
    }

    #[test]
    fn avx2_gives_what_the_dispatched_text_gives() {
        let line = line(3 * 99);
        let mut channels = Channels::new(99);
        channels.take(&line);
        let (mut rows, mut back) = ([(); 3].map(|()| vec![0; 99]), vec![[0; 3]; 99]);
        both_ways(line.as_chunks().0, rows.each_mut().map(Vec::as_mut_slice), &mut back);
        assert_eq!(rows, channels.rows);
        assert_eq!(back.as_flattened(), line);
    }

    #[test]
    fn rows_are_changed_in_their_channels() {
        let mut bytes = vec![1; 3 * 5 * 2];
        each_row(&mut bytes, 5, |y, [_, green, _]| green[2] = 10 + y as u8);
        assert_eq!((bytes[7], bytes[15 + 7]), (10, 11));
        assert_eq!(bytes.iter().filter(|byte| **byte == 1).count(), 28);
    }
}
