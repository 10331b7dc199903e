//! Planes: red, green and blue to luma and chroma, chroma to half the size, and back (JFIF; 16-bit fixed point).

use image::RgbImage;

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
    let mut planes = [0; 3].map(|_: u8| Vec::with_capacity(stride * rows));
    for line in pixels.chunks_exact((width * 3).max(1)) {
        for (plane, component) in planes.iter_mut().zip([luma, blue_difference, red_difference]) {
            plane.extend(line.as_chunks::<3>().0.iter().map(|rgb| component(rgb.map(i32::from))));
            let last = plane.last().copied().unwrap_or_default();
            plane.extend(core::iter::repeat_n(last, stride - width));
        }
    }
    planes.map(|mut samples| {
        let last = samples.len().saturating_sub(stride)..samples.len();
        (height..rows).for_each(|_| samples.extend_from_within(last.clone()));
        Plane { stride, samples }
    })
}

/// 0.299 R + 0.587 G + 0.114 B.
fn luma([r, g, b]: [i32; 3]) -> u8 {
    byte((19_595 * r + 38_470 * g + 7_471 * b + HALF) >> 16)
}

/// 128 + 0.564 (B − Y).
fn blue_difference([r, g, b]: [i32; 3]) -> u8 {
    byte((-11_059 * r - 21_709 * g + 32_768 * b + CENTRE) >> 16)
}

/// 128 + 0.713 (R − Y).
fn red_difference([r, g, b]: [i32; 3]) -> u8 {
    byte((32_768 * r - 27_439 * g - 5_329 * b + CENTRE) >> 16)
}

/// One half in 16-bit fixed point.
const HALF: i32 = 1 << 15;

/// 128 and just under a half, so that full blue and red stay at 255.
const CENTRE: i32 = (128 << 16) + HALF - 1;

#[expect(clippy::cast_sign_loss, reason = "clamped to a byte")]
fn byte(value: i32) -> u8 {
    value.clamp(0, 255) as u8
}

/// Means of two by two samples; ties go up and down in turn, as in libjpeg.
pub(super) fn halve(full: &Plane) -> Plane {
    let mut samples = Vec::with_capacity(full.samples.len() / 4);
    for pair in full.samples.chunks_exact((2 * full.stride).max(1)) {
        let (upper, lower) = pair.split_at(full.stride);
        let squares = upper.as_chunks::<2>().0.iter().zip(lower.as_chunks::<2>().0);
        samples.extend(
            squares.zip([1_u16, 2].into_iter().cycle()).map(|(([a, b], [c, d]), bias)| mean(*a, *b, *c, *d, bias)),
        );
    }
    Plane { stride: full.stride / 2, samples }
}

#[expect(clippy::cast_possible_truncation, reason = "the mean of four bytes is a byte")]
fn mean(a: u8, b: u8, c: u8, d: u8, bias: u16) -> u8 {
    ((u16::from(a) + u16::from(b) + u16::from(c) + u16::from(d) + bias) >> 2) as u8
}

/// Twice the size: every new sample takes 9/16 of the nearest old one, 3/16 of two neighbours, 1/16 of the fourth.
pub(super) fn double(half: &Plane, (width, height): (u32, u32)) -> Plane {
    let (columns, rows) = (width.div_ceil(2) as usize, height.div_ceil(2) as usize);
    let stride = half.stride * 2;
    let mut samples = Vec::with_capacity(stride * height as usize);
    let mut mixed = Vec::with_capacity(columns);
    for y in 0..height as usize {
        let near = y / 2;
        let far = if y % 2 == 0 { near.saturating_sub(1) } else { (near + 1).min(rows - 1) };
        mixed.clear();
        let pairs = half.row(near).iter().zip(half.row(far)).take(columns);
        mixed.extend(pairs.map(|(near, far)| 3 * u16::from(*near) + u16::from(*far)));
        widen(&mixed, &mut samples);
        samples.resize((y + 1) * stride, 0);
    }
    Plane { stride, samples }
}

/// A row of sums of four at twice the width; rounding alternates, as in libjpeg.
#[expect(clippy::cast_possible_truncation, reason = "a weighted mean of bytes is a byte")]
fn widen(row: &[u16], out: &mut Vec<u8>) {
    let before = row.first().into_iter().chain(row);
    let after = row.iter().skip(1).chain(row.last());
    for ((left, here), right) in before.zip(row).zip(after) {
        out.push(((3 * here + left + 8) >> 4) as u8);
        out.push(((3 * here + right + 7) >> 4) as u8);
    }
}

/// Back to red, green and blue.
pub(super) fn join(luma: &Plane, blue: &Plane, red: &Plane, (width, height): (u32, u32)) -> RgbImage {
    let mut out = RgbImage::new(width, height);
    let lines = out.chunks_exact_mut((width as usize * 3).max(1));
    let rows = |plane: &'_ Plane| plane.stride.max(1);
    let luma = luma.samples.chunks_exact(rows(luma));
    let blue = blue.samples.chunks_exact(rows(blue));
    let red = red.samples.chunks_exact(rows(red));
    for (((line, luma), blue), red) in lines.zip(luma).zip(blue).zip(red) {
        let samples = luma.iter().zip(blue).zip(red);
        for (pixel, ((y, cb), cr)) in line.as_chunks_mut::<3>().0.iter_mut().zip(samples) {
            *pixel = rgb(i32::from(*y), i32::from(*cb) - 128, i32::from(*cr) - 128);
        }
    }
    out
}

/// R = Y + 1.402 Cr, G = Y − 0.344 Cb − 0.714 Cr, B = Y + 1.772 Cb.
fn rgb(y: i32, cb: i32, cr: i32) -> [u8; 3] {
    let red = y + ((91_881 * cr + HALF) >> 16);
    let green = y + ((-22_554 * cb - 46_802 * cr + HALF) >> 16);
    let blue = y + ((116_130 * cb + HALF) >> 16);
    [red, green, blue].map(byte)
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
