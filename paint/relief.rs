//! The net of fine furrows in skin, as a tile that repeats without seams.

use std::sync::LazyLock;

use crate::noise::Noise;

/// Cells along a side of the tile.
const CELLS: i32 = 28;
/// Points along a side of the tile; a power of two.
const SIDE: usize = 256;

static TILE: LazyLock<Box<[f32]>> = LazyLock::new(|| {
    let noise = Noise::new(0x5EED);
    (0..SIDE * SIDE).map(|k| furrow(noise, (k % SIDE) as f32, (k / SIDE) as f32)).collect()
});

/// The depth at a point of the tile: 0 in a furrow, 1 on a plateau between furrows (a Worley pattern: the second
/// nearest of scattered points less the nearest).
fn furrow(noise: Noise, x: f32, y: f32) -> f32 {
    let scale = CELLS as f32 / SIDE as f32;
    let (x, y) = (x * scale, y * scale);
    let (mut near, mut next) = (9.0_f32, 9.0_f32);
    for j in -1..=1 {
        for i in -1..=1 {
            let (cx, cy) = (x.floor() as i32 + i, y.floor() as i32 + j);
            let (wx, wy) = (cx.rem_euclid(CELLS), cy.rem_euclid(CELLS));
            let dx = cx as f32 + 0.5 + 0.48 * noise.lattice(wx, wy) - x;
            let dy = cy as f32 + 0.5 + 0.48 * noise.lattice(wx + 1000, wy) - y;
            let far = (dx * dx + dy * dy).sqrt();
            next = next.min(far.max(near));
            near = near.min(far);
        }
    }
    let plateau = ((next - near) / 0.4).min(1.0);
    plateau * (2.0 - plateau)
}

/// The tile laid on skin: turned, shifted and scaled.
#[derive(Debug, Clone, Copy)]
pub struct Relief {
    tile: &'static [f32],
    cos: f32,
    sin: f32,
    shift: (f32, f32),
}

impl Relief {
    /// Furrows `spacing` millimetres apart, turned by `angle` radians and shifted by a share of the tile.
    #[must_use]
    pub fn new(spacing: f32, angle: f32, shift: (f32, f32)) -> Self {
        let scale = SIDE as f32 / (CELLS as f32 * spacing);
        let (cos, sin) = (libm::cosf(angle) * scale, libm::sinf(angle) * scale);
        Self { tile: &TILE, cos, sin, shift: (shift.0 * SIDE as f32, shift.1 * SIDE as f32) }
    }

    /// The height at a point in millimetres: 0 in a furrow, 1 between furrows.
    #[must_use]
    #[inline]
    pub fn at(&self, x: f32, y: f32) -> f32 {
        let u = x * self.cos + y * self.sin + self.shift.0;
        let v = 0.8 * (y * self.cos - x * self.sin) + self.shift.1;
        let (i, tu) = split(u);
        let (j, tv) = split(v);
        let get =
            |i: usize, j: usize| self.tile.get((j & (SIDE - 1)) * SIDE + (i & (SIDE - 1))).copied().unwrap_or(0.0);
        let above = get(i, j) * (1.0 - tu) + get(i.wrapping_add(1), j) * tu;
        let below = get(i, j.wrapping_add(1)) * (1.0 - tu) + get(i.wrapping_add(1), j.wrapping_add(1)) * tu;
        above * (1.0 - tv) + below * tv
    }
}

/// A number as its floor and the rest.
#[inline]
fn split(x: f32) -> (usize, f32) {
    let whole = x as i32 - i32::from(x < 0.0);
    (whole as usize, x - whole as f32)
}

#[cfg(test)]
mod tests {
    use super::{Relief, SIDE, TILE};

    #[test]
    fn the_tile_has_no_seam() {
        let leap = |a: usize, b: usize| (TILE[a] - TILE[b]).abs();
        let seam = (0..SIDE).map(|j| leap(j * SIDE, j * SIDE + SIDE - 1)).fold(0.0, f32::max);
        let inside = (0..SIDE).map(|j| leap(j * SIDE + 99, j * SIDE + 100)).fold(0.0, f32::max);
        assert!(seam < 2.0 * inside, "{seam} {inside}");
    }

    #[test]
    fn heights_stay_between_furrow_and_plateau() {
        let relief = Relief::new(0.8, 0.7, (0.3, 0.9));
        for k in 0..1000 {
            let height = relief.at(k as f32 * 0.37 - 90.0, k as f32 * -0.11);
            assert!((0.0..=1.0).contains(&height));
        }
    }
}
