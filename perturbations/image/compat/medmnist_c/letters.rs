//! Characters: a few words of random letters in random colours, a few pixels high.

use image::RgbImage;

use crate::Stream;

/// A shorter side from which on there is room for a word.
pub(in crate::image::compat) const SMALLEST: u32 = 41;

/// Lower-case letters, five columns by seven rows: each row's five bits, the leftmost column in the highest.
const LETTERS: [[u8; 7]; 26] = [
    [0, 0, 14, 1, 15, 17, 15],
    [16, 16, 30, 17, 17, 17, 30],
    [0, 0, 14, 16, 16, 17, 14],
    [1, 1, 15, 17, 17, 17, 15],
    [0, 0, 14, 17, 31, 16, 14],
    [6, 9, 28, 8, 8, 8, 8],
    [0, 15, 17, 17, 15, 1, 14],
    [16, 16, 22, 25, 17, 17, 17],
    [4, 0, 12, 4, 4, 4, 14],
    [2, 0, 6, 2, 2, 18, 12],
    [16, 16, 18, 20, 24, 20, 18],
    [12, 4, 4, 4, 4, 4, 14],
    [0, 0, 26, 21, 21, 17, 17],
    [0, 0, 22, 25, 17, 17, 17],
    [0, 0, 14, 17, 17, 17, 14],
    [0, 0, 30, 17, 30, 16, 16],
    [0, 0, 13, 19, 15, 1, 1],
    [0, 0, 22, 25, 16, 16, 16],
    [0, 0, 14, 16, 14, 1, 30],
    [8, 8, 28, 8, 8, 9, 6],
    [0, 0, 17, 17, 17, 19, 13],
    [0, 0, 17, 17, 17, 10, 4],
    [0, 0, 17, 17, 21, 21, 10],
    [0, 0, 17, 10, 4, 10, 17],
    [0, 0, 17, 17, 15, 1, 14],
    [0, 0, 31, 2, 4, 8, 31],
];

/// The share of a pixel from which on it is touched at all, and how much weightier than its share each stroke is: the
/// package's strokes are lines one pixel thick whatever the scale. Both are fitted to how many pixels it touches, and how
/// deeply, at its five severities.
const BARELY: f64 = 0.09;
const WEIGHT: f64 = 1.75;

/// The height of a letter and its step to the next, in pixels at a font scale of 1, as in the reference's font.
const SIZE: (f64, f64) = (22.0, 20.0);

/// Writes up to so many words of up to so many letters at up to that font scale; nothing where a word has no room.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small whole numbers")]
pub(super) fn write(
    pixels: &RgbImage,
    (words, longest, largest): (usize, usize, f64),
    rng: &mut Stream,
) -> Option<RgbImage> {
    if pixels.width().min(pixels.height()) < SMALLEST {
        return None;
    }
    let mut out = pixels.clone();
    for _ in 0..=rng.index(words) {
        let fits = ((pixels.width() as usize).saturating_sub(11) / 8).max(3);
        let count = (3 + rng.index(longest - 2)).min(fits);
        let scale = (14 + rng.index((largest * 100.0) as usize - 13)) as f64 / 100.0;
        let x = rng.between(10.0, (f64::from(pixels.width()) - 8.0 * count as f64).max(11.0));
        let y = rng.between(10.0, f64::from(pixels.height()) - 10.0);
        let colour = [(); 3].map(|()| rng.index(256) as u8);
        for place in 0..count {
            let letter = LETTERS.get(rng.index(LETTERS.len())).copied().unwrap_or_default();
            draw(&mut out, &letter, (x + place as f64 * SIZE.1 * scale, y), scale, colour);
        }
    }
    Some(out)
}

/// Draws a letter whose lower left corner is given; pixels take as much of the colour as the letter covers of them.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "places in a picture")]
fn draw(out: &mut RgbImage, letter: &[u8; 7], (left, bottom): (f64, f64), scale: f64, colour: [u8; 3]) {
    let cell = SIZE.0 * scale / 7.0;
    let top = bottom - SIZE.0 * scale;
    for y in top.max(0.0) as u32..=(bottom.max(0.0) as u32).min(out.height().saturating_sub(1)) {
        for x in left as u32..=((left + 5.0 * cell) as u32).min(out.width().saturating_sub(1)) {
            let covered = covered(letter, (f64::from(x) - left) / cell, (f64::from(y) - top) / cell, 1.0 / cell);
            let covered = ((covered - BARELY) * WEIGHT).clamp(0.0, 1.0);
            let pixel = out.get_pixel_mut(x, y);
            for (value, colour) in pixel.0.iter_mut().zip(colour) {
                *value = (f64::from(*value) + covered * (f64::from(colour) - f64::from(*value)) + 0.5) as u8;
            }
        }
    }
}

/// The share of a square, in cells of the letter, that its strokes cover.
fn covered(letter: &[u8; 7], x: f64, y: f64, side: f64) -> f64 {
    let mut sum = 0.0;
    for (row, bits) in (0_u8..).zip(letter) {
        let high = (f64::from(row + 1).min(y + side) - f64::from(row).max(y)).max(0.0);
        for column in (0_u8..5).filter(|column| bits >> (4 - column) & 1 == 1) {
            sum += high * (f64::from(column + 1).min(x + side) - f64::from(column).max(x)).max(0.0);
        }
    }
    sum / (side * side)
}

#[cfg(test)]
mod tests {
    use super::{LETTERS, SMALLEST, covered, write};
    use crate::Stream;
    use image::{Rgb, RgbImage};

    #[test]
    fn a_whole_letter_is_covered_by_its_strokes() {
        let strokes: u32 = LETTERS[25].iter().map(|row| row.count_ones()).sum();
        assert!((covered(&LETTERS[25], 0.0, 0.0, 7.0) * 49.0 - f64::from(strokes)).abs() < 1e-9);
        assert!((covered(&LETTERS[25], 0.5, 2.0, 1.0) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn words_touch_a_small_part_of_the_picture() {
        let image = RgbImage::from_pixel(224, 224, Rgb([128; 3]));
        for seed in 0..20 {
            let out = write(&image, (6, 10, 0.18), &mut Stream::derive(seed, &["letters"])).unwrap();
            let changed = out.pixels().filter(|pixel| pixel.0 != [128; 3]).count();
            assert!((10..2500).contains(&changed), "{changed}");
        }
        assert!(write(&RgbImage::new(300, SMALLEST - 1), (1, 6, 0.14), &mut Stream::derive(1, &["letters"])).is_none());
    }
}
