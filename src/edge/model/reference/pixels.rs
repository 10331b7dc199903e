//! A photograph as the network sees it: small, by averages over boxes of whole pixels.

use image::RgbImage;

use super::network::GRID;

/// The longer side that a photograph is shrunk to, in pixels.
pub const LONGER: usize = 192;
/// The least shorter side.
const SHORTER: usize = 2 * GRID;

/// A photograph as the network sees it: red, green and blue of each pixel, row by row, each 0–255.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Small {
    /// Width in pixels, a multiple of [`GRID`].
    pub width: usize,
    /// Height in pixels, a multiple of [`GRID`].
    pub height: usize,
    /// `height * width * 3` levels.
    pub levels: Vec<u8>,
}

impl Small {
    /// Shrinks (or, if need be, enlarges) a photograph so that its longer side is [`LONGER`]. The sides' ratio is kept
    /// to the nearest multiple of [`GRID`]; a strip longer than 6 : 1 is squeezed to that.
    #[must_use]
    pub fn of(pixels: &RgbImage) -> Self {
        let (from_width, from_height) = (pixels.width().max(1) as usize, pixels.height().max(1) as usize);
        let longer = from_width.max(from_height);
        let side = |length: usize| {
            let steps = (length * LONGER / GRID + longer / 2) / longer;
            (steps * GRID).clamp(SHORTER, LONGER)
        };
        let (width, height) = (side(from_width), side(from_height));
        let columns: Vec<(usize, usize)> = (0..width).map(|place| span(place, width, from_width)).collect();
        let mut levels = Vec::with_capacity(width * height * 3);
        for row in 0..height {
            average_row(pixels, span(row, height, from_height), &columns, &mut levels);
        }
        Self { width, height, levels }
    }

    /// The levels in −1..1, as the network wants them.
    #[must_use]
    pub fn scaled(&self) -> Vec<f32> {
        self.levels.iter().map(|level| f32::from(*level) / 127.5 - 1.0).collect()
    }
}

/// The source pixels that a target pixel is the average of: first, and one past the last.
fn span(place: usize, to: usize, from: usize) -> (usize, usize) {
    let first = (place * from / to).min(from - 1);
    (first, ((place + 1) * from / to).clamp(first + 1, from))
}

fn average_row(pixels: &RgbImage, (top, bottom): (usize, usize), columns: &[(usize, usize)], levels: &mut Vec<u8>) {
    let stride = 3 * pixels.width() as usize;
    let raw = pixels.as_raw();
    for &(left, right) in columns {
        let mut sums = [0_usize; 3];
        for row in top..bottom {
            let start = row * stride;
            let strip = raw.get(start + 3 * left..start + 3 * right).unwrap_or_default();
            let (pixels, _) = strip.as_chunks::<3>();
            for &[red, green, blue] in pixels {
                sums = [sums[0] + usize::from(red), sums[1] + usize::from(green), sums[2] + usize::from(blue)];
            }
        }
        let count = (bottom - top) * (right - left);
        levels.extend(sums.map(|sum| u8::try_from((sum + count / 2) / count).unwrap_or(u8::MAX)));
    }
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage};

    use super::Small;

    #[test]
    fn a_photograph_is_averaged_over_boxes_of_whole_pixels() {
        let pixels = RgbImage::from_fn(768, 576, |x, y| Rgb([(x / 4) as u8, (y / 4) as u8, ((x % 4) * 10) as u8]));
        let small = Small::of(&pixels);
        assert_eq!((small.width, small.height), (192, 144));
        assert_eq!(small.levels[..6], [0, 0, 15, 1, 0, 15]);
        assert_eq!(small.levels[(143 * 192 + 191) * 3..], [191, 143, 15]);
    }

    #[test]
    fn a_phantom_photograph_keeps_its_sides_ratio() {
        let small = Small::of(&RgbImage::new(640, 480));
        assert_eq!((small.width, small.height), (192, 144));
    }

    #[test]
    fn any_size_and_ratio_gets_sides_that_the_network_takes() {
        for (width, height) in [(1, 1), (3, 900), (900, 3), (481, 640), (100, 101), (4000, 3000), (17, 40)] {
            let small = Small::of(&RgbImage::from_pixel(width, height, Rgb([7, 8, 9])));
            assert!(small.width.is_multiple_of(16) && small.height.is_multiple_of(16), "{width} x {height}");
            assert!(small.width.max(small.height) == 192 && small.width.min(small.height) >= 32);
            assert_eq!(small.levels.len(), small.width * small.height * 3);
            assert!(small.levels.chunks(3).all(|pixel| pixel == [7, 8, 9]), "{width} x {height}");
        }
    }
}
