//! Planes: red, green and blue to luma and chroma, chroma to half the size, and back (JFIF; 16-bit fixed point).

use image::RgbImage;
use multiversion::multiversion;

use crate::image::kernels::channels::Channels;

/// One component, its sides padded with the last pixel to whole blocks of halved chroma.
pub(super) struct Plane {
    /// Samples per row.
    pub stride: usize,
    /// The rows one after the other.
    pub samples: Vec<u8>,
}

/// Widths are padded to a multiple of this, so that halved chroma has whole turns of the inner loops, too.
const WIDTHS: usize = 64;

/// Heights are padded to a multiple of this: two blocks.
const HEIGHTS: usize = 16;

impl Plane {
    /// The row of that number, or the last one.
    fn row(&self, y: usize) -> &[u8] {
        let last = (self.samples.len() / self.stride.max(1)).saturating_sub(1);
        self.samples.chunks_exact(self.stride.max(1)).nth(y.min(last)).unwrap_or_default()
    }
}

/// Luma, blue difference, red difference; the last two at half the size each way if so wanted.
pub(super) fn split(pixels: &RgbImage, halved: bool) -> [Plane; 3] {
    let (width, height) = (pixels.width() as usize, pixels.height() as usize);
    let (stride, rows) = (width.next_multiple_of(WIDTHS), height.next_multiple_of(HEIGHTS));
    let scale = if halved { 2 } else { 1 };
    let mut luma = Plane { stride, samples: vec![0; stride * rows] };
    let [mut blue, mut red] =
        [(); 2].map(|()| Plane { stride: stride / scale, samples: vec![0; stride * rows / (scale * scale)] });
    let mut pair =
        [(); 2].map(|()| Row { channels: Channels::new(stride), blue: vec![0; stride], red: vec![0; stride] });
    let lines = luma.samples.chunks_exact_mut((scale * stride).max(1));
    let chroma = blue.samples.chunks_exact_mut(blue.stride.max(1)).zip(red.samples.chunks_exact_mut(red.stride.max(1)));
    for ((n, lines), (blue, red)) in lines.enumerate().zip(chroma) {
        for ((i, luma), row) in lines.chunks_exact_mut(stride).enumerate().zip(&mut pair) {
            let y = (n * scale + i).min(height.saturating_sub(1));
            row.convert(pixels.get(y * width * 3..(y + 1) * width * 3).unwrap_or_default(), luma);
        }
        let [upper, lower] = &pair;
        if halved {
            halve_line(&upper.blue, &lower.blue, blue);
            halve_line(&upper.red, &lower.red, red);
        } else {
            blue.copy_from_slice(&upper.blue);
            red.copy_from_slice(&upper.red);
        }
    }
    [luma, blue, red]
}

/// A row of pixels on its way to its components.
struct Row {
    channels: Channels,
    blue: Vec<u8>,
    red: Vec<u8>,
}

impl Row {
    /// Chroma here, luma there; the last pixel is repeated to the padded width.
    fn convert(&mut self, line: &[u8], luma: &mut [u8]) {
        self.channels.take(line);
        for row in &mut self.channels.rows {
            if let Some((row, beyond)) = row.split_at_mut_checked(line.len() / 3) {
                beyond.fill(row.last().copied().unwrap_or_default());
            }
        }
        to_components(&self.channels.rows, luma, &mut self.blue, &mut self.red);
    }
}

/// Rows of the three channels into rows of the three components.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn to_components([red, green, blue]: &[Vec<u8>; 3], luma: &mut [u8], blues: &mut [u8], reds: &mut [u8]) {
    // Loops of their own, which compilers turn into vector code more readily than one over all three.
    let colours = || red.iter().zip(green).zip(blue).map(|((r, g), b)| [i32::from(*r), i32::from(*g), i32::from(*b)]);
    luma.iter_mut().zip(colours()).for_each(|(luma, colour)| *luma = luma_of(colour));
    blues.iter_mut().zip(colours()).for_each(|(blue, colour)| *blue = blue_difference(colour));
    reds.iter_mut().zip(colours()).for_each(|(red, colour)| *red = red_difference(colour));
}

// Factors in 16-bit fixed point; those above 2^15 are split so that each fits 16 bits with its sign.

/// 0.299 R + 0.587 G + 0.114 B.
#[inline(always)]
fn luma_of([r, g, b]: [i32; 3]) -> u8 {
    let green = 5_702_i32.wrapping_mul(g).wrapping_add(g << 15);
    byte(weighted(19_595, r, 7_471, b).wrapping_add(green).wrapping_add(HALF) >> 16)
}

/// 128 + 0.564 (B − Y).
#[inline(always)]
fn blue_difference([r, g, b]: [i32; 3]) -> u8 {
    byte(weighted(-11_059, r, -21_709, g).wrapping_add(b << 15).wrapping_add(CENTRE) >> 16)
}

/// 128 + 0.713 (R − Y).
#[inline(always)]
fn red_difference([r, g, b]: [i32; 3]) -> u8 {
    byte(weighted(-27_439, g, -5_329, b).wrapping_add(r << 15).wrapping_add(CENTRE) >> 16)
}

/// Two products, far below the limits of an `i32`.
#[inline(always)]
fn weighted(wa: i32, a: i32, wb: i32, b: i32) -> i32 {
    wa.wrapping_mul(a).wrapping_add(wb.wrapping_mul(b))
}

/// One half in 16-bit fixed point.
const HALF: i32 = 1 << 15;

/// 128 and just under a half, so that full blue and red stay at 255.
const CENTRE: i32 = (128 << 16) + HALF - 1;

#[inline(always)]
#[expect(clippy::cast_sign_loss, reason = "clamped to a byte")]
fn byte(value: i32) -> u8 {
    value.clamp(0, 255) as u8
}

/// Means of two by two samples; ties go up and down in turn, as in libjpeg.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
#[expect(clippy::cast_possible_truncation, reason = "the mean of four bytes is a byte")]
fn halve_line(upper: &[u8], lower: &[u8], out: &mut [u8]) {
    let squares = upper.as_chunks::<4>().0.iter().zip(lower.as_chunks::<4>().0);
    for (out, (upper, lower)) in out.as_chunks_mut::<2>().0.iter_mut().zip(squares) {
        let [a, b, c, d] = upper.map(u16::from);
        let [e, f, g, h] = lower.map(u16::from);
        let four = |a: u16, b: u16, c: u16, d: u16| a.wrapping_add(b).wrapping_add(c).wrapping_add(d);
        *out = [(four(a, b, e, f).wrapping_add(1) >> 2) as u8, (four(c, d, g, h).wrapping_add(2) >> 2) as u8];
    }
}

/// A row of a plane whose sides were halved, at full size again: every sample takes 9/16 of the nearest old one, 3/16 of
/// two neighbours, 1/16 of the fourth. `mixed` is room for a row of the plane, as far as the picture reaches, and a sample
/// at each end; `rows` is how many rows of it the picture has.
fn double(half: &Plane, y: usize, rows: usize, mixed: &mut [u16], line: &mut [u8]) {
    let near = y / 2;
    let far = if y.is_multiple_of(2) { near.saturating_sub(1) } else { (near + 1).min(rows.saturating_sub(1)) };
    mix_rows(half.row(near), half.row(far), mixed);
    widen(mixed, line);
}

/// Sums of four: three times the near row and the far one, the first and last repeated.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn mix_rows(near: &[u8], far: &[u8], mixed: &mut [u16]) {
    if let [first, inner @ .., last] = mixed {
        for (sum, (near, far)) in inner.iter_mut().zip(near.iter().zip(far)) {
            *sum = u16::from(*near).wrapping_mul(3).wrapping_add(u16::from(*far));
        }
        *first = inner.first().copied().unwrap_or_default();
        *last = inner.last().copied().unwrap_or_default();
    }
}

/// A row of sums of four, with a neighbour at each end, at twice the width; rounding alternates, as in libjpeg.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
#[expect(clippy::cast_possible_truncation, reason = "a weighted mean of bytes is a byte")]
fn widen(row: &[u16], out: &mut [u8]) {
    let (here, after) = (row.get(1..).unwrap_or_default(), row.get(2..).unwrap_or_default());
    let mix = |here: u16, other: u16, up: u16| (here.wrapping_mul(3).wrapping_add(other).wrapping_add(up) >> 4) as u8;
    for (out, ((left, here), right)) in out.as_chunks_mut::<2>().0.iter_mut().zip(row.iter().zip(here).zip(after)) {
        *out = [mix(*here, *left, 8), mix(*here, *right, 7)];
    }
}

/// Back to red, green and blue, chroma at full size or at half of it each way.
pub(super) fn join(luma: &Plane, [blue, red]: &[Plane; 2], (width, height): (u32, u32)) -> RgbImage {
    let mut out = RgbImage::new(width, height);
    let halved = blue.stride < luma.stride;
    let (columns, rows) = (width.div_ceil(2) as usize, height.div_ceil(2) as usize);
    let mut channels = Channels::new(width as usize);
    let (mut mixed, mut doubled) = (vec![0; columns + 2], [(); 2].map(|()| vec![0; luma.stride]));
    let lines = out.chunks_exact_mut((width as usize * 3).max(1));
    for ((y, line), luma) in lines.enumerate().zip(luma.samples.chunks_exact(luma.stride.max(1))) {
        let [blues, reds] = &mut doubled;
        if halved {
            double(blue, y, rows, &mut mixed, blues);
            double(red, y, rows, &mut mixed, reds);
            to_channels([luma, blues, reds], &mut channels.rows);
        } else {
            to_channels([luma, blue.row(y), red.row(y)], &mut channels.rows);
        }
        channels.put(line);
    }
    out
}

/// Rows of the three components into rows of the three channels.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn to_channels([luma, blues, reds]: [&[u8]; 3], [red, green, blue]: &mut [Vec<u8>; 3]) {
    let centred = |value: &u8| i32::from(*value) - 128;
    for (red, (y, cr)) in red.iter_mut().zip(luma.iter().zip(reds)) {
        *red = red_of(i32::from(*y), centred(cr));
    }
    for (green, (y, (cb, cr))) in green.iter_mut().zip(luma.iter().zip(blues.iter().zip(reds))) {
        *green = green_of(i32::from(*y), centred(cb), centred(cr));
    }
    for (blue, (y, cb)) in blue.iter_mut().zip(luma.iter().zip(blues)) {
        *blue = blue_of(i32::from(*y), centred(cb));
    }
}

/// Y + 1.402 Cr.
#[inline(always)]
fn red_of(y: i32, cr: i32) -> u8 {
    byte(y.wrapping_add(cr).wrapping_add(26_345_i32.wrapping_mul(cr).wrapping_add(HALF) >> 16))
}

/// Y − 0.344 Cb − 0.714 Cr.
#[inline(always)]
fn green_of(y: i32, cb: i32, cr: i32) -> u8 {
    let mixed = (-22_554_i32).wrapping_mul(cb).wrapping_add(18_734_i32.wrapping_mul(cr)).wrapping_add(HALF);
    byte(y.wrapping_sub(cr).wrapping_add(mixed >> 16))
}

/// Y + 1.772 Cb.
#[inline(always)]
fn blue_of(y: i32, cb: i32) -> u8 {
    let mixed = (-14_942_i32).wrapping_mul(cb).wrapping_add(HALF) >> 16;
    byte(y.wrapping_add(cb.wrapping_mul(2)).wrapping_add(mixed))
}

#[cfg(test)]
mod tests {
    use super::{Plane, double, halve_line, join, split};
    use image::{Rgb, RgbImage};

    #[test]
    fn colours_come_back_within_a_grey_level() {
        let image = RgbImage::from_fn(64, 64, |x, y| Rgb([(x * 4) as u8, (y * 4) as u8, (255 - x - y) as u8]));
        let [luma, blue, red] = split(&image, false);
        let back = join(&luma, &[blue, red], (64, 64));
        assert!(image.iter().zip(back.iter()).all(|(a, b)| a.abs_diff(*b) <= 1));
    }

    #[test]
    fn sides_are_padded_with_the_last_pixel() {
        let image = RgbImage::from_fn(3, 2, |x, y| Rgb([(x * 50 + y * 9) as u8; 3]));
        let [luma, ..] = split(&image, false);
        assert_eq!((luma.stride, luma.samples.len()), (64, 1024));
        assert_eq!(luma.row(0)[2..], [100; 62]);
        assert_eq!(luma.row(15), luma.row(1));
    }

    #[test]
    fn half_size_and_back_keeps_a_ramp() {
        let ramp = RgbImage::from_fn(32, 32, |x, y| Rgb([(x * 4 + y * 3) as u8; 3]));
        let [luma, ..] = split(&ramp, false);
        let mut half = vec![0; 32 * 16];
        for (pair, out) in luma.samples.chunks_exact(128).zip(half.chunks_exact_mut(32)) {
            halve_line(&pair[..64], &pair[64..], out);
        }
        let half = Plane { stride: 32, samples: half };
        let (mut mixed, mut back) = ([0; 16 + 2], [0; 64]);
        for y in 2..30 {
            double(&half, y, 16, &mut mixed, &mut back);
            assert!((2..30).all(|x| back[x].abs_diff(luma.row(y)[x]) <= 1));
        }
    }
}
