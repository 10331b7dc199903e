//! The outline of a lesion: a radius for every direction.

use std::sync::LazyLock;

use bedside_perturbations::Stream;

/// Directions in which the radius is stored.
const DIRECTIONS: usize = 128;

/// Unit vectors of the stored directions, evenly spaced in diamond angle.
static COMPASS: LazyLock<[(f32, f32); DIRECTIONS]> = LazyLock::new(|| {
    core::array::from_fn(|k| {
        let turn = 4.0 * k as f32 / DIRECTIONS as f32;
        let (x, y) = undiamond(turn);
        let length = (x * x + y * y).sqrt();
        (x / length, y / length)
    })
});

/// How an outline departs from a circle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape {
    /// Long axis over short axis, 1 or more.
    pub elongation: f32,
    /// Height of the slow waves (2 to 4 around the edge) as a share of the radius: asymmetry.
    pub lobes: f32,
    /// Height of the quick waves (5 to 18 around the edge) as a share of the radius: an irregular border.
    pub ragged: f32,
}

impl Shape {
    /// A circle, nearly.
    pub const ROUND: Self = Self { elongation: 1.08, lobes: 0.02, ragged: 0.005 };
}

/// A closed curve around a centre.
#[derive(Debug, Clone, PartialEq)]
pub struct Outline {
    radius: Box<[f32]>,
}

/// A box in millimetres around a lesion's centre.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extent {
    /// Left edge.
    pub left: f32,
    /// Top edge.
    pub top: f32,
    /// Right edge.
    pub right: f32,
    /// Bottom edge.
    pub bottom: f32,
}

impl Extent {
    /// The smallest box around both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// The longer side in millimetres.
    #[must_use]
    pub fn span(&self) -> f32 {
        (self.right - self.left).max(self.bottom - self.top)
    }
}

impl Outline {
    /// An outline of that mean radius (mm) with waves and a tilt drawn from the stream.
    #[must_use]
    pub fn new(stream: &mut Stream, radius: f32, shape: Shape) -> Self {
        let waves = waves(stream, shape);
        let tilt = stream.between(0.0, core::f64::consts::PI);
        let (tilt_x, tilt_y) = (libm::cos(tilt) as f32, libm::sin(tilt) as f32);
        let stretch = shape.elongation;
        let radius = COMPASS.iter().map(|&(x, y)| {
            let (along, across) = (x * tilt_x + y * tilt_y, y * tilt_x - x * tilt_y);
            let oval = 1.0 / (along * along / stretch + across * across * stretch).sqrt();
            radius * oval * (1.0 + ripple(&waves, x, y)).max(0.25)
        });
        Self { radius: radius.collect() }
    }

    /// The same curve with every radius multiplied and a margin (mm) added.
    #[must_use]
    pub fn grown(&self, times: f32, margin: f32) -> Self {
        Self { radius: self.radius.iter().map(|radius| radius * times + margin).collect() }
    }

    /// The radius in the direction of a point.
    #[must_use]
    #[inline]
    pub fn radius(&self, x: f32, y: f32) -> f32 {
        let turn = diamond(x, y) * (DIRECTIONS as f32 / 4.0);
        let before = turn as usize;
        let t = turn - before as f32;
        let at = |k: usize| self.radius.get(k % DIRECTIONS).copied().unwrap_or(1.0);
        at(before) * (1.0 - t) + at(before + 1) * t
    }

    /// The longest radius in millimetres.
    #[must_use]
    pub fn reach(&self) -> f32 {
        self.radius.iter().copied().fold(0.0, f32::max)
    }

    /// Points of the curve in order around it, as millimetres right of and below its centre.
    pub fn points(&self) -> impl Iterator<Item = (f32, f32)> {
        COMPASS.iter().zip(&self.radius).map(|(&(x, y), &r)| (x * r, y * r))
    }

    /// The box around the curve.
    #[must_use]
    pub fn extent(&self) -> Extent {
        let start = Extent { left: 0.0, top: 0.0, right: 0.0, bottom: 0.0 };
        self.points().fold(start, |extent, (x, y)| extent.union(Extent { left: x, top: y, right: x, bottom: y }))
    }
}

/// Amplitude and phase (as cosine and sine parts) of the waves 2, 3, 4, … around the edge.
fn waves(stream: &mut Stream, shape: Shape) -> Vec<(f32, f32)> {
    let mut wave = |height: f32| (height * stream.normal() as f32, height * stream.normal() as f32);
    let slow = [1.0, 0.7, 0.45].map(|share| wave(shape.lobes * share));
    let quick: Vec<_> = (5..=18).map(|turns| wave(shape.ragged * 3.0 / turns as f32)).collect();
    slow.into_iter().chain(quick).collect()
}

/// The sum of all waves in a direction, with the angle multiplied by repeated complex products.
fn ripple(waves: &[(f32, f32)], x: f32, y: f32) -> f32 {
    let (mut cos, mut sin) = (x, y);
    let mut sum = 0.0;
    for (a, b) in waves {
        (cos, sin) = (cos * x - sin * y, cos * y + sin * x);
        sum += a * cos + b * sin;
    }
    sum
}

/// An angle without trigonometry: 0 to 4 around the diamond |x| + |y| = 1.
#[inline]
fn diamond(x: f32, y: f32) -> f32 {
    let sum = x.abs() + y.abs();
    if sum == 0.0 {
        return 0.0;
    }
    let share = x / sum;
    let turn = if y >= 0.0 { 1.0 - share } else { 3.0 + share };
    if turn >= 4.0 { 0.0 } else { turn }
}

/// The point of the diamond at an angle from 0 to 4.
fn undiamond(turn: f32) -> (f32, f32) {
    let share = if turn < 2.0 { 1.0 - turn } else { turn - 3.0 };
    let rest = 1.0 - share.abs();
    (share, if turn < 2.0 { rest } else { -rest })
}

#[cfg(test)]
mod tests {
    use super::{Outline, Shape, diamond, undiamond};
    use bedside_perturbations::Stream;

    #[test]
    fn diamond_angles_go_there_and_back() {
        for k in 0..40 {
            let turn = k as f32 / 10.0;
            let (x, y) = undiamond(turn);
            assert!((diamond(x, y) - turn).abs() < 1e-5, "{turn}");
        }
    }

    #[test]
    fn a_circle_has_its_radius_everywhere() {
        let flat = Shape { elongation: 1.0, lobes: 0.0, ragged: 0.0 };
        let outline = Outline::new(&mut Stream::derive(1, &[]), 5.0, flat);
        assert!((outline.radius(0.3, -0.7) - 5.0).abs() < 1e-4);
        assert!((outline.extent().span() - 10.0).abs() < 1e-3);
    }

    #[test]
    fn the_extent_holds_the_curve() {
        let shape = Shape { elongation: 1.4, lobes: 0.1, ragged: 0.08 };
        let outline = Outline::new(&mut Stream::derive(2, &[]), 6.0, shape);
        let extent = outline.extent();
        for k in 0..4000 {
            let (x, y) = undiamond(k as f32 / 1000.0);
            let scale = outline.radius(x, y) / (x * x + y * y).sqrt();
            assert!(x * scale <= extent.right + 0.05 && x * scale >= extent.left - 0.05);
            assert!(y * scale <= extent.bottom + 0.05 && y * scale >= extent.top - 0.05);
        }
    }
}
