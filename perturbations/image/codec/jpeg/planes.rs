//! Planes: red, green and blue to luma and chroma, chroma to half the size, and back (JFIF; 16-bit fixed point).

use image::RgbImage;
use multiversion::multiversion;

/// One component, its sides padded with the last pixel to whole blocks of halved chroma.
pub(super) struct Plane {
    /// Samples per row.
    pub stride: usize,
    /// The rows one after the other.
    pub samples: Vec<u8>,
}

/// Sides are padded to a multiple of this.
const UNIT: usize = 16;

impl Plane {
    /// The row of that number, or the last one.
    fn row(&self, y: usize) -> &[u8] {
        let last = (self.samples.len() / self.stride.max(1)).saturating_sub(1);
        self.samples.chunks_exact(self.stride.max(1)).nth(y.min(last)).unwrap_or_default()
    }
}

/// Luma, blue difference, red difference.
pub(super) fn split(pixels: &RgbImage) -> [Plane; 3] {
    let (width, height) = (pixels.width() as usize, pixels.height() as usize);
    let (stride, rows) = (width.next_multiple_of(UNIT), height.next_multiple_of(UNIT));
    let mut planes = [(); 3].map(|()| Plane { stride, samples: vec![0; stride * rows] });
    let [luma, blue, red] = &mut planes;
    let mut padded = Vec::with_capacity(stride);
    let stride = stride.max(1);
    let lines = luma.samples.chunks_exact_mut(stride).zip(blue.samples.chunks_exact_mut(stride));
    for (y, ((luma, blue), red)) in lines.zip(red.samples.chunks_exact_mut(stride)).enumerate() {
        let y = y.min(height.saturating_sub(1));
        let line = pixels.get(y * width * 3..(y + 1) * width * 3).unwrap_or_default().as_chunks::<3>().0;
        padded.clear();
        padded.extend_from_slice(line);
        padded.resize(stride, line.last().copied().unwrap_or_default());
        split_line(&padded, luma, blue, red);
    }
    planes
}

/// A padded row of pixels into its three components.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn split_line(pixels: &[[u8; 3]], luma: &mut [u8], blue: &mut [u8], red: &mut [u8]) {
    let out = luma.as_chunks_mut::<UNIT>().0.iter_mut().zip(blue.as_chunks_mut::<UNIT>().0);
    for (pixels, ((luma, blue), red)) in pixels.as_chunks::<UNIT>().0.iter().zip(out.zip(red.as_chunks_mut::<UNIT>().0))
    {
        // Loops of their own, which compilers turn into vector code more readily than one over pixels.
        let mut rgb = [[0_i32; UNIT]; 3];
        for i in 0..UNIT {
            rgb[0][i] = i32::from(pixels[i][0]);
            rgb[1][i] = i32::from(pixels[i][1]);
            rgb[2][i] = i32::from(pixels[i][2]);
        }
        let [r, g, b] = rgb;
        for i in 0..UNIT {
            luma[i] = luma_of([r[i], g[i], b[i]]);
        }
        for i in 0..UNIT {
            blue[i] = blue_difference([r[i], g[i], b[i]]);
        }
        for i in 0..UNIT {
            red[i] = red_difference([r[i], g[i], b[i]]);
        }
    }
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
pub(super) fn halve(full: &Plane) -> Plane {
    let mut samples = vec![0; full.samples.len() / 4];
    let pairs = full.samples.chunks_exact((2 * full.stride).max(1));
    for (pair, out) in pairs.zip(samples.chunks_exact_mut((full.stride / 2).max(1))) {
        let (upper, lower) = pair.split_at(full.stride);
        halve_line(upper, lower, out);
    }
    Plane { stride: full.stride / 2, samples }
}

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

/// Twice the size: every new sample takes 9/16 of the nearest old one, 3/16 of two neighbours, 1/16 of the fourth.
pub(super) fn double(half: &Plane, (width, height): (u32, u32)) -> Plane {
    let (columns, rows) = (width.div_ceil(2) as usize, height.div_ceil(2) as usize);
    let stride = half.stride * 2;
    let mut samples = vec![0; stride * height as usize];
    let mut mixed = vec![0; columns + 2];
    for (y, line) in samples.chunks_exact_mut(stride.max(1)).enumerate() {
        let near = y / 2;
        let far = if y % 2 == 0 { near.saturating_sub(1) } else { (near + 1).min(rows - 1) };
        mix_rows(half.row(near), half.row(far), &mut mixed);
        widen(&mixed, line);
    }
    Plane { stride, samples }
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

/// Back to red, green and blue.
pub(super) fn join(luma: &Plane, blue: &Plane, red: &Plane, (width, height): (u32, u32)) -> RgbImage {
    let mut out = RgbImage::new(width, height);
    let lines = out.chunks_exact_mut((width as usize * 3).max(1));
    let rows = |plane: &'_ Plane| plane.stride.max(1);
    let mut padded = vec![[0; 3]; luma.stride];
    let luma = luma.samples.chunks_exact(rows(luma));
    let blue = blue.samples.chunks_exact(rows(blue));
    let red = red.samples.chunks_exact(rows(red));
    for (((line, luma), blue), red) in lines.zip(luma).zip(blue).zip(red) {
        join_line(luma, blue, red, &mut padded);
        line.iter_mut().zip(padded.as_flattened()).for_each(|(byte, value)| *byte = *value);
    }
    out
}

/// Three components into a padded row of pixels.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn join_line(luma: &[u8], blue: &[u8], red: &[u8], pixels: &mut [[u8; 3]]) {
    let chroma = blue.as_chunks::<UNIT>().0.iter().zip(red.as_chunks::<UNIT>().0);
    let samples = luma.as_chunks::<UNIT>().0.iter().zip(chroma);
    for (pixels, (luma, (blue, red))) in pixels.as_chunks_mut::<UNIT>().0.iter_mut().zip(samples) {
        let mut rgb = [[0_u8; UNIT]; 3];
        for i in 0..UNIT {
            let (y, cb, cr) = (i32::from(luma[i]), i32::from(blue[i]) - 128, i32::from(red[i]) - 128);
            rgb[0][i] = red_of(y, cr);
            rgb[1][i] = green_of(y, cb, cr);
            rgb[2][i] = blue_of(y, cb);
        }
        for i in 0..UNIT {
            pixels[i] = [rgb[0][i], rgb[1][i], rgb[2][i]];
        }
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
    use super::{double, halve, join, split};
    use image::{Rgb, RgbImage};

    #[test]
    fn colours_come_back_within_a_grey_level() {
        let image = RgbImage::from_fn(64, 64, |x, y| Rgb([(x * 4) as u8, (y * 4) as u8, (255 - x - y) as u8]));
        let [luma, blue, red] = split(&image);
        let back = join(&luma, &blue, &red, (64, 64));
        assert!(image.iter().zip(back.iter()).all(|(a, b)| a.abs_diff(*b) <= 1));
    }

    #[test]
    fn sides_are_padded_with_the_last_pixel() {
        let image = RgbImage::from_fn(3, 2, |x, y| Rgb([(x * 50 + y * 9) as u8; 3]));
        let [luma, ..] = split(&image);
        assert_eq!((luma.stride, luma.samples.len()), (16, 256));
        assert_eq!(luma.row(0)[2..], [100; 14]);
        assert_eq!(luma.row(15), luma.row(1));
    }

    #[test]
    fn half_size_and_back_keeps_a_ramp() {
        let ramp = RgbImage::from_fn(32, 32, |x, y| Rgb([(x * 4 + y * 3) as u8; 3]));
        let [luma, ..] = split(&ramp);
        let back = double(&halve(&luma), (32, 32));
        for y in 2..30 {
            assert!((2..30).all(|x| back.row(y)[x].abs_diff(luma.row(y)[x]) <= 1));
        }
    }
}
