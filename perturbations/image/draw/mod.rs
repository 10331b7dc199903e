//! Drawing on photographs: objects with soft edges, the same bytes on every machine.
//!
//! Geometry is `f32` with `+ - * /` and square roots only, which IEEE 754 fixes to the last bit; coverage and blending
//! are whole numbers. Lengths are pixels, the centre of the top left pixel is (½, ½), y grows downwards.

mod frame;
mod glyphs;
mod mask;
mod noise;
mod stroke;
mod text;

use core::ops::{Add, Mul, Sub};

pub(crate) use self::frame::{Frame, Sheet, redraw};
pub(crate) use self::mask::{Mask, darken, paint};
pub(crate) use self::noise::Noise;
pub(crate) use self::stroke::{Pen, smooth};
pub(crate) use self::text::{Line, width};

/// A place or a way in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Point {
    pub x: f32,
    pub y: f32,
}

impl Point {
    pub(crate) const fn new(x: f32, y: f32) -> Self {
        Self { x, y }
    }

    /// The way of length 1 at that angle in degrees from the x axis, clockwise on the screen.
    #[expect(clippy::cast_possible_truncation, reason = "pixels need no more than f32")]
    pub(crate) fn towards(degrees: f64) -> Self {
        let angle = degrees.to_radians();
        Self::new(libm::cos(angle) as f32, libm::sin(angle) as f32)
    }

    /// The same way turned by a right angle, clockwise on the screen.
    pub(crate) fn turned(self) -> Self {
        Self::new(-self.y, self.x)
    }

    pub(crate) fn dot(self, other: Self) -> f32 {
        self.x * other.x + self.y * other.y
    }

    pub(crate) fn length(self) -> f32 {
        self.dot(self).sqrt()
    }
}

impl Add for Point {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self::new(self.x + other.x, self.y + other.y)
    }
}

impl Sub for Point {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self::new(self.x - other.x, self.y - other.y)
    }
}

impl Mul<f32> for Point {
    type Output = Self;

    fn mul(self, by: f32) -> Self {
        Self::new(self.x * by, self.y * by)
    }
}

/// How much of a pixel a shape covers, 0–255, from the distance of its centre to the shape's edge (negative inside).
/// `soft` is half the width of the edge in pixels: ½ for a sharp one, more for shadows.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 255")]
pub(crate) fn cover(distance: f32, soft: f32) -> u8 {
    let share = (0.5 - 0.5 * distance / soft).clamp(0.0, 1.0);
    let share = if soft > 0.75 { share * share * (3.0 - 2.0 * share) } else { share };
    (255.0 * share + 0.5) as u8
}

/// One colour over another at that coverage, rounded once; never moves back as the coverage grows.
pub(crate) fn mix(under: [u8; 3], over: [u8; 3], cover: u8) -> [u8; 3] {
    let (cover, rest) = (u32::from(cover), 255 - u32::from(cover));
    let [r, g, b] = over;
    let blend = |under: u8, over: u8| {
        let sum = u32::from(under) * rest + u32::from(over) * cover + 127;
        #[expect(clippy::cast_possible_truncation, reason = "a weighted mean of bytes is a byte")]
        let mean = (sum / 255) as u8;
        mean
    };
    let [ur, ug, ub] = under;
    [blend(ur, r), blend(ug, g), blend(ub, b)]
}

/// A colour multiplied, clipped at 255.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates at 0 and 255")]
pub(crate) fn shade(colour: [u8; 3], factor: f32) -> [u8; 3] {
    colour.map(|value| (f32::from(value) * factor + 0.5) as u8)
}

/// A number as `f32`; pixels and doses need no more.
#[expect(clippy::cast_possible_truncation, reason = "pixels and doses need no more than f32")]
pub(crate) fn px(value: f64) -> f32 {
    value as f32
}

#[cfg(test)]
mod tests {
    use super::{Point, cover, mix, shade};

    #[test]
    fn coverage_grows_inwards_and_mixing_never_moves_back() {
        for soft in [0.5, 4.0] {
            let steps: Vec<u8> = (-50..50).map(|step| cover(step as f32 / 10.0, soft)).collect();
            assert!(steps.windows(2).all(|pair| pair[0] >= pair[1]));
            assert_eq!((steps[0], steps[99]), (255, 0));
        }
        for (under, over) in [(10, 250), (250, 10), (100, 103)] {
            let mixed = (0..=255).map(|cover| mix([under; 3], [over; 3], cover)[0].abs_diff(under)).collect::<Vec<_>>();
            assert!(mixed.windows(2).all(|pair| pair[0] <= pair[1]) && mixed[0] == 0);
            assert_eq!(mixed[255], under.abs_diff(over));
        }
    }

    #[test]
    fn directions_are_unit_ways() {
        let way = Point::towards(90.0);
        assert!(way.x.abs() < 1e-6 && (way.y - 1.0).abs() < 1e-6);
        assert_eq!(Point::new(1.0, 0.0).turned(), Point::new(0.0, 1.0));
    }

    #[test]
    fn shading_clips() {
        assert_eq!(shade([100, 200, 0], 1.5), [150, 255, 0]);
    }
}
