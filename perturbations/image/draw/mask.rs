//! Coverage of shapes drawn together, so that overlapping strokes do not darken twice.

use image::RgbImage;

use super::Point;

/// How much of each pixel is covered, 0–255.
#[derive(Debug, Clone)]
pub(crate) struct Mask {
    width: u32,
    height: u32,
    cover: Vec<u8>,
    /// First and last row with anything on it.
    rows: Option<(u32, u32)>,
}

impl Mask {
    /// Nothing covered, for a picture of that size.
    pub(crate) fn new((width, height): (u32, u32)) -> Self {
        Self { width, height, cover: vec![0; width as usize * height as usize], rows: None }
    }

    /// The columns from one place to another that lie in the picture.
    pub(crate) fn columns(&self, low: f32, high: f32) -> core::ops::Range<u32> {
        span(low, high, self.width)
    }

    /// The rows from one place to another that lie in the picture.
    pub(crate) fn lines(&self, low: f32, high: f32) -> core::ops::Range<u32> {
        span(low, high, self.height)
    }

    /// Covers those pixels of a row at least as much as the rule says for their centres.
    pub(crate) fn raise(&mut self, y: u32, columns: core::ops::Range<u32>, rule: impl Fn(Point) -> u8) {
        if columns.is_empty() || y >= self.height {
            return;
        }
        self.rows = Some(self.rows.map_or((y, y), |(first, last)| (first.min(y), last.max(y))));
        let start = y as usize * self.width as usize + columns.start as usize;
        let cells = self.cover.get_mut(start..start + columns.len()).unwrap_or_default();
        for (cell, x) in cells.iter_mut().zip(columns) {
            *cell = (*cell).max(rule(centre(x, y)));
        }
    }
}

/// The centre of a pixel.
#[expect(clippy::cast_precision_loss, reason = "sides of pictures are far below 2^24")]
pub(crate) fn centre(x: u32, y: u32) -> Point {
    Point::new(x as f32 + 0.5, y as f32 + 0.5)
}

/// The pixels between two places on an axis of that length; the ends are rounded outwards.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates; then clipped")]
pub(crate) fn span(low: f32, high: f32, length: u32) -> core::ops::Range<u32> {
    let (start, end) = ((low - 0.5) as u32, (high + 1.5) as u32);
    if high < 0.0 || high < low { 0..0 } else { start.min(length)..end.min(length) }
}

/// Calls the rule on every covered pixel with its place and coverage.
fn each(pixels: &mut RgbImage, mask: &Mask, mut rule: impl FnMut(u32, u32, u8, &mut [u8])) {
    let Some((first, last)) = mask.rows else { return };
    let width = mask.width as usize;
    let rows = pixels.chunks_exact_mut(3 * width.max(1)).zip(mask.cover.chunks_exact(width.max(1)));
    for (y, (row, covers)) in (0..=last).zip(rows).skip(first as usize) {
        for ((pixel, cover), x) in row.chunks_exact_mut(3).zip(covers).zip(0..) {
            if *cover > 0 {
                rule(x, y, *cover, pixel);
            }
        }
    }
}

/// Works out anew every covered pixel, given its centre, its colour and its coverage.
pub(crate) fn paint(pixels: &mut RgbImage, mask: &Mask, ink: impl Fn(Point, [u8; 3], u8) -> [u8; 3]) {
    each(pixels, mask, |x, y, cover, pixel| {
        if let [r, g, b] = pixel {
            [*r, *g, *b] = ink(centre(x, y), [*r, *g, *b], cover);
        }
    });
}

/// Darkens what the mask covers; at full coverage that share of each value (0–255) is taken away.
pub(crate) fn darken(pixels: &mut RgbImage, mask: &Mask, strength: u8) {
    each(pixels, mask, |_, _, cover, pixel| {
        let taken = u32::from(cover) * u32::from(strength);
        for value in pixel {
            #[expect(clippy::cast_possible_truncation, reason = "a share of a byte is a byte")]
            let less = ((u32::from(*value) * (65_025 - taken) + 32_512) / 65_025) as u8;
            *value = less;
        }
    });
}

#[cfg(test)]
mod tests {
    use super::{Mask, Point, darken, paint, span};
    use crate::image::draw::cover;
    use crate::image::draw::mix;
    use crate::image::tests::photo;

    #[test]
    fn a_disc_covers_its_area() {
        let mut mask = Mask::new((40, 30));
        let middle = Point::new(20.0, 15.0);
        for y in mask.lines(5.0, 25.0) {
            let columns = mask.columns(10.0, 30.0);
            mask.raise(y, columns, |at| cover((at - middle).length() - 10.0, 0.5));
        }
        let area: f64 = mask.cover.iter().map(|cover| f64::from(*cover) / 255.0).sum();
        assert!((area - core::f64::consts::PI * 100.0).abs() < 2.0, "{area}");
    }

    #[test]
    fn shapes_may_leave_the_picture() {
        assert_eq!(span(-9.0, -2.0, 10), 0..0);
        assert_eq!(span(-9.0, 2.2, 10), 0..3);
        assert_eq!(span(8.0, 99.0, 10), 7..10);
        assert_eq!(span(20.0, 99.0, 10), 10..10);
        let mut mask = Mask::new((5, 5));
        mask.raise(7, 0..5, |_| 255);
        mask.raise(1, 3..3, |_| 255);
        assert!(mask.cover.iter().all(|cover| *cover == 0) && mask.rows.is_none());
    }

    #[test]
    fn paint_and_shadow_stay_inside_the_mask() {
        let mut mask = Mask::new((6, 4));
        mask.raise(2, 1..3, |_| 255);
        let mut image = photo(6, 4, |_, _| [200; 3]).pixels;
        darken(&mut image, &mask, 51);
        assert_eq!((image.get_pixel(1, 2).0, image.get_pixel(3, 2).0), ([160; 3], [200; 3]));
        paint(&mut image, &mask, |_, under, cover| mix(under, [1, 2, 3], cover));
        assert_eq!((image.get_pixel(2, 2).0, image.get_pixel(2, 1).0), ([1, 2, 3], [200; 3]));
    }
}
