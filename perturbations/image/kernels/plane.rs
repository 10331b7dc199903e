//! A strip of a picture as numbers, with a border around it.

use core::ops::Range;

use image::RgbImage;

use super::{CHANNELS, LANES, Reach};

/// What lies beyond the border.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Border {
    /// The outermost pixel again and again.
    Repeat,
    /// The picture mirrored at its outermost pixel, which is not repeated.
    Mirror,
}

impl Border {
    /// The place in a row of that length that stands for a place that may lie beyond its ends.
    #[expect(clippy::cast_possible_wrap, clippy::cast_sign_loss, reason = "lengths in pixels; the result is a place")]
    pub(crate) fn place(self, at: isize, length: usize) -> usize {
        let last = length.saturating_sub(1) as isize;
        match self {
            Self::Repeat => at.clamp(0, last) as usize,
            Self::Mirror if last == 0 => 0,
            Self::Mirror => {
                let folded = at.rem_euclid(2 * last);
                folded.min(2 * last - folded) as usize
            }
        }
    }
}

/// A strip of a picture: rows of numbers, the border included.
#[derive(Debug, Default)]
pub(crate) struct Plane {
    /// The rows one after the other.
    pub numbers: Vec<u16>,
    /// Other numbers in the same places, for kernels that need them.
    pub second: Vec<u16>,
    /// Numbers per row.
    pub stride: usize,
    reach: Reach,
    columns: usize,
}

impl Plane {
    /// Takes those columns of the picture, with a border that reaches so far.
    pub(crate) fn fill(&mut self, source: &RgbImage, columns: Range<usize>, reach: Reach, border: Border) {
        self.columns = columns.len();
        self.reach = reach;
        self.stride = self.lanes() + 2 * reach.across * CHANNELS;
        let height = source.height() as usize;
        self.numbers.clear();
        self.numbers.resize(self.stride * (height + 2 * reach.down), 0);
        let width = source.width() as usize;
        for (row, line) in (0_usize..).zip(self.numbers.chunks_exact_mut(self.stride)) {
            let y = border.place(row.wrapping_sub(reach.down).cast_signed(), height);
            let bytes = source.get(y * width * CHANNELS..(y + 1) * width * CHANNELS).unwrap_or_default();
            widen(bytes, &columns, (reach.across, border), line);
        }
    }

    /// Where the number that the pixel row `y` starts with stands.
    pub(crate) fn at(&self, y: usize) -> usize {
        (y + self.reach.down) * self.stride + self.reach.across * CHANNELS
    }

    /// The numbers that an output row has: whole turns of the inner loops.
    pub(crate) fn lanes(&self) -> usize {
        (self.columns * CHANNELS).next_multiple_of(LANES)
    }
}

/// A row of pixels as numbers: those columns, and as many beyond them on each side as the border reaches.
#[expect(clippy::cast_possible_wrap, reason = "widths in pixels")]
fn widen(bytes: &[u8], columns: &Range<usize>, (across, border): (usize, Border), line: &mut [u16]) {
    let pixels = bytes.as_chunks::<CHANNELS>().0;
    let first = columns.start as isize - across as isize;
    let last = columns.end + across;
    let inner = first.max(0).cast_unsigned()..last.min(pixels.len());
    let (line, _) = line.as_chunks_mut::<CHANNELS>();
    let copy = |slots: &mut [[u16; CHANNELS]], from: isize| {
        for (slot, x) in slots.iter_mut().zip(from..) {
            *slot = pixels.get(border.place(x, pixels.len())).copied().unwrap_or_default().map(u16::from);
        }
    };
    let before = inner.start.cast_signed() - first;
    let (left, rest) = line.split_at_mut(before.cast_unsigned().min(line.len()));
    let (middle, right) = rest.split_at_mut(inner.len().min(rest.len()));
    copy(left, first);
    let inside = pixels.get(inner.clone()).unwrap_or_default();
    middle.as_flattened_mut().iter_mut().zip(inside.as_flattened()).for_each(|(number, byte)| *number = (*byte).into());
    copy(right.get_mut(..last - inner.end).unwrap_or_default(), inner.end as isize);
}

#[cfg(test)]
mod tests {
    use super::{Border, Plane};
    use crate::image::kernels::Reach;
    use image::{Rgb, RgbImage};

    #[test]
    fn beyond_the_ends_pixels_are_repeated_or_mirrored() {
        let places = |border: Border| (-4..8).map(|at| border.place(at, 4)).collect::<Vec<_>>();
        assert_eq!(places(Border::Repeat), [0, 0, 0, 0, 0, 1, 2, 3, 3, 3, 3, 3]);
        assert_eq!(places(Border::Mirror), [2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1]);
        assert_eq!(Border::Mirror.place(-7, 1), 0);
    }

    #[test]
    fn a_strip_has_the_pixels_around_it() {
        let image = RgbImage::from_fn(9, 3, |x, y| Rgb([(10 * x + y) as u8, 1, 2]));
        let mut plane = Plane::default();
        plane.fill(&image, 2..5, Reach { across: 3, down: 1 }, Border::Repeat);
        let row = |y: usize| {
            let start = plane.at(y) - 9;
            plane.numbers[start..start + 27].chunks(3).map(|pixel| pixel[0]).collect::<Vec<_>>()
        };
        assert_eq!(row(0), [0, 0, 10, 20, 30, 40, 50, 60, 70]);
        assert_eq!(row(2), [2, 2, 12, 22, 32, 42, 52, 62, 72]);
        assert_eq!(plane.numbers[..plane.stride], plane.numbers[plane.stride..2 * plane.stride]);
    }
}
