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
}

#[cfg(test)]
mod tests {
    use super::{Area, Extent, Lens};

    const LENS: Lens = Lens { scale_x: 10.0, scale_y: 5.0, centre_x: 100.0, centre_y: 50.0 };

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
