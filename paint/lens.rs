//! Where millimetres of skin land in the picture.

use crate::outline::Extent;

/// Maps millimetres around the lesion's centre to pixels. Pixel centres lie at whole numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lens {
    /// Pixels per millimetre across.
    pub scale_x: f32,
    /// Pixels per millimetre down; less than `scale_x` in a view from an angle.
    pub scale_y: f32,
    /// The pixel column of the lesion's centre.
    pub centre_x: f32,
    /// The pixel row of the lesion's centre.
    pub centre_y: f32,
}

/// A box of pixels inside the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// Left edge.
    pub x: u32,
    /// Top edge.
    pub y: u32,
    /// Width in pixels.
    pub w: usize,
    /// Height in pixels.
    pub h: usize,
}

impl Area {
    /// The number of pixels.
    #[must_use]
    pub fn pixels(&self) -> usize {
        self.w * self.h
    }
}

impl Lens {
    /// Millimetres right of the lesion's centre at a pixel column.
    #[must_use]
    pub fn mm_x(&self, column: usize) -> f32 {
        (column as f32 - self.centre_x) / self.scale_x
    }

    /// Millimetres below the lesion's centre at a pixel row.
    #[must_use]
    pub fn mm_y(&self, row: usize) -> f32 {
        (row as f32 - self.centre_y) / self.scale_y
    }

    /// The pixel position of a point in millimetres.
    #[must_use]
    pub fn pixel(&self, x: f32, y: f32) -> (f32, f32) {
        (self.centre_x + x * self.scale_x, self.centre_y + y * self.scale_y)
    }

    /// The smaller of the two scales, pixels per millimetre.
    #[must_use]
    pub fn finest_scale(&self) -> f32 {
        self.scale_x.min(self.scale_y)
    }

    /// The pixels of a picture of that size whose centres lie within an extent; none if they miss each other.
    #[must_use]
    pub fn area(&self, extent: &Extent, (width, height): (u32, u32)) -> Option<Area> {
        let (left, top) = self.pixel(extent.left, extent.top);
        let (right, bottom) = self.pixel(extent.right, extent.bottom);
        let first = |low: f32| low.ceil().max(0.0);
        let last = |high: f32, size: u32| high.floor().min(size as f32 - 1.0);
        let (x, y) = (first(left), first(top));
        let (w, h) = (last(right, width) - x + 1.0, last(bottom, height) - y + 1.0);
        (w >= 1.0 && h >= 1.0).then_some(Area { x: x as u32, y: y as u32, w: w as usize, h: h as usize })
    }

    /// The box of what of a closed curve of points in millimetres lies within a picture of that size, a pixel wider on every
    /// side; none where nothing does. A curve that is cut by the picture's edge has a smaller one than its whole box, cut.
    #[must_use]
    pub fn visible(&self, points: impl Iterator<Item = (f32, f32)>, (width, height): (u32, u32)) -> Option<Area> {
        let (right, bottom) = (width as f32 - 1.0, height as f32 - 1.0);
        let whole: Vec<[f32; 2]> = points.map(|(x, y)| self.pixel(x, y).into()).collect();
        let cut = [(0, 0.0, 1.0), (0, right, -1.0), (1, 0.0, 1.0), (1, bottom, -1.0)]
            .into_iter()
            .fold(whole, |kept, line| clipped(&kept, line));
        let first = *cut.first()?;
        let [low, high] =
            cut.iter().fold([first, first], |[low, high], point| {
                [0, 1].map(|end| {
                    core::array::from_fn(|axis| {
                        if end == 0 { low[axis].min(point[axis]) } else { high[axis].max(point[axis]) }
                    })
                })
            });
        let edge = |low: f32| (low.ceil() - 1.0).max(0.0);
        let (x, y) = (edge(low[0]), edge(low[1]));
        let (w, h) = ((high[0].floor() + 1.0).min(right) - x + 1.0, (high[1].floor() + 1.0).min(bottom) - y + 1.0);
        (w >= 1.0 && h >= 1.0).then_some(Area { x: x as u32, y: y as u32, w: w as usize, h: h as usize })
    }
}

/// What of a closed curve lies on one side of a line across an axis (Sutherland and Hodgman, Commun ACM 1974): at or beyond
/// the limit where the sign is 1, at or before it where that is −1.
fn clipped(points: &[[f32; 2]], (axis, limit, sign): (usize, f32, f32)) -> Vec<[f32; 2]> {
    let depth = |point: &[f32; 2]| sign * (point[axis] - limit);
    let next = points.iter().cycle().skip(1);
    let mut kept = Vec::with_capacity(points.len() + 4);
    for (point, next) in points.iter().zip(next) {
        let (here, there) = (depth(point), depth(next));
        if here >= 0.0 {
            kept.push(*point);
        }
        if (here >= 0.0) != (there >= 0.0) {
            let share = here / (here - there);
            kept.push([0, 1].map(|axis| point[axis] + share * (next[axis] - point[axis])));
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::{Area, Extent, Lens};

    const LENS: Lens = Lens { scale_x: 10.0, scale_y: 5.0, centre_x: 100.0, centre_y: 50.0 };

    #[test]
    fn of_a_curve_that_is_cut_only_what_is_seen_counts() {
        // A diamond of 8 mm around a point 6 mm right of the right edge: its box reaches 2 mm in over the whole of ±8 mm.
        let diamond = |x: f32| [(x - 8.0, 0.0), (x, 8.0), (x + 8.0, 0.0), (x, -8.0)].into_iter();
        let size = (200, 100);
        let seen = LENS.visible(diamond(16.0), size).unwrap();
        assert_eq!((seen.x, seen.w), (179, 21), "from 8 mm, column 180, to the edge");
        assert_eq!((seen.y, seen.h), (40, 21), "no more than 2 mm up and down");
        assert_eq!(LENS.visible(diamond(30.0), size), None);
        let whole = LENS.visible(diamond(0.0), size).unwrap();
        assert_eq!(whole, Area { x: 19, y: 9, w: 163, h: 83 });
        assert_eq!(LENS.visible(core::iter::empty(), size), None);
    }

    #[test]
    fn there_and_back() {
        let (x, y) = LENS.pixel(2.0, -3.0);
        assert_eq!((x, y), (120.0, 35.0));
        assert_eq!((LENS.mm_x(120), LENS.mm_y(35)), (2.0, -3.0));
    }

    #[test]
    fn an_extent_is_cut_at_the_frame() {
        let extent = Extent { left: -50.0, top: -1.0, right: 1.0, bottom: 1.0 };
        assert_eq!(LENS.area(&extent, (200, 100)), Some(Area { x: 0, y: 45, w: 111, h: 11 }));
        let outside = Extent { left: 30.0, top: 0.0, right: 31.0, bottom: 1.0 };
        assert_eq!(LENS.area(&outside, (200, 100)), None);
    }
}
