//! Objects that come in from a side or lie on the scene: each pixel near them is worked out from its own place.

use image::RgbImage;

use super::mask::{centre, span};
use super::{Point, px};
use crate::image::shorter_side;

/// The measures of a picture in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Frame {
    pub width: f32,
    pub height: f32,
}

impl Frame {
    pub(crate) fn of(pixels: &RgbImage) -> Self {
        let (width, height) = pixels.dimensions();
        Self { width: px(f64::from(width)), height: px(f64::from(height)) }
    }

    /// The shorter side.
    pub(crate) fn short(self) -> f32 {
        self.width.min(self.height)
    }

    /// The middle.
    pub(crate) fn middle(self) -> Point {
        Point::new(0.5 * self.width, 0.5 * self.height)
    }

    /// Half the diagonal: no pixel is further from the middle.
    pub(crate) fn reach(self) -> f32 {
        self.middle().length()
    }

    /// The middle of the side from which that way along an axis leads into the picture.
    pub(crate) fn side_of(self, inward: Point) -> Point {
        let half = 0.5 * (self.width * inward.x.abs() + self.height * inward.y.abs());
        self.middle() - inward * half
    }
}

/// A straight sheet that comes in over one side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sheet {
    /// The middle of the side over which it comes.
    pub start: Point,
    /// The way into the picture, of length 1.
    pub inward: Point,
    /// How far its edge has come from the start, in pixels.
    pub depth: f32,
}

impl Sheet {
    /// Where a place lies: pixels behind the edge (positive on the sheet), and along the edge.
    pub(crate) fn locate(self, at: Point) -> (f32, f32) {
        let away = at - self.start;
        (self.depth - away.dot(self.inward), away.dot(self.inward.turned()))
    }

    /// The place that lies that far behind the edge and along it.
    pub(crate) fn place(self, behind: f32, along: f32) -> Point {
        self.start + self.inward * (self.depth - behind) + self.inward.turned() * along
    }
}

/// Works out anew every pixel within those corners, given its centre and colour.
pub(crate) fn redraw(pixels: &mut RgbImage, low: Point, high: Point, rule: impl Fn(Point, [u8; 3]) -> [u8; 3]) {
    let (width, height) = pixels.dimensions();
    let (columns, lines) = (span(low.x, high.x, width), span(low.y, high.y, height));
    if columns.is_empty() || shorter_side(pixels) == 0 {
        return;
    }
    let rows = pixels.chunks_exact_mut(3 * width as usize);
    for (y, row) in (0..lines.end).zip(rows).skip(lines.start as usize) {
        let cells = row.chunks_exact_mut(3).zip(0..columns.end).skip(columns.start as usize);
        for (pixel, x) in cells {
            if let [r, g, b] = pixel {
                [*r, *g, *b] = rule(centre(x, y), [*r, *g, *b]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Frame, Point, Sheet, redraw};
    use crate::image::tests::photo;

    #[test]
    fn a_sheet_covers_its_own_strip() {
        let frame = Frame { width: 100.0, height: 50.0 };
        for (inward, behind, at) in [((1.0, 0.0), 6.0, (4.0, 25.0)), ((0.0, -1.0), 5.0, (50.0, 45.0))] {
            let inward = Point::new(inward.0, inward.1);
            let sheet = Sheet { start: frame.side_of(inward), inward, depth: 10.0 };
            let (found, along) = sheet.locate(Point::new(at.0, at.1));
            assert!((found - behind).abs() < 1e-4 && along.abs() < 1e-4);
            assert!((sheet.place(found, along) - Point::new(at.0, at.1)).length() < 1e-4);
        }
    }

    #[test]
    fn only_pixels_within_the_corners_are_redrawn() {
        let mut image = photo(10, 8, |_, _| [0; 3]).pixels;
        redraw(&mut image, Point::new(2.0, 3.0), Point::new(4.0, 4.9), |_, _| [9; 3]);
        let touched = image.enumerate_pixels().filter(|(_, _, pixel)| pixel.0 == [9; 3]);
        let places: Vec<(u32, u32)> = touched.map(|(x, y, _)| (x, y)).collect();
        assert!(places.contains(&(2, 3)) && places.contains(&(4, 4)) && !places.contains(&(6, 3)));
        assert!(places.iter().all(|(x, y)| (1..=5).contains(x) && (2..=6).contains(y)));
    }
}
