//! Smooth noise: a small lattice of random numbers, blended between its points and repeated without seams.

use crate::Stream;

/// Points along a side of the lattice.
const SIDE: usize = 64;

/// Value noise between −1 and 1 that repeats after 64 cells.
#[derive(Debug, Clone)]
pub(crate) struct Noise {
    values: Box<[f32; SIDE * SIDE]>,
}

impl Noise {
    /// The noise of a stream.
    #[expect(clippy::cast_precision_loss, reason = "24 bits are exact in an f32")]
    pub(crate) fn new(rng: &mut Stream) -> Self {
        let mut values = Box::new([0.0; SIDE * SIDE]);
        for pair in values.chunks_exact_mut(2) {
            let bits = rng.bits();
            for (value, shift) in pair.iter_mut().zip([8, 40]) {
                *value = ((bits >> shift) & 0xFF_FFFF) as f32 / 8_388_608.0 - 1.0;
            }
        }
        Self { values }
    }

    /// The value at a place counted in cells.
    pub(crate) fn at(&self, u: f32, v: f32) -> f32 {
        let ((column, right), (row, down)) = (split(u), split(v));
        let value = |column: usize, row: usize| self.values[((row % SIDE) * SIDE + column % SIDE) % (SIDE * SIDE)];
        let across = |row: usize| {
            let (left, next) = (value(column, row), value(column + 1, row));
            left + (next - left) * right
        };
        let (above, below) = (across(row), across(row + 1));
        above + (below - above) * down
    }

    /// Two layers of noise, the second half as high and twice as fine, between −1 and 1.
    pub(crate) fn rough(&self, u: f32, v: f32) -> f32 {
        (2.0 * self.at(u, v) + self.at(2.0 * u + 17.5, 2.0 * v + 31.5)) / 3.0
    }
}

/// Whole cells (repeating) and the smoothed way into the cell.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "pictures are far below 2^24 cells")]
fn split(at: f32) -> (usize, f32) {
    let cut = at as i32;
    let whole = cut - i32::from((cut as f32) > at);
    let into = at - whole as f32;
    (whole.rem_euclid(SIDE as i32).unsigned_abs() as usize, into * into * (3.0 - 2.0 * into))
}

#[cfg(test)]
mod tests {
    use super::Noise;
    use crate::Stream;

    #[test]
    fn it_is_smooth_bounded_and_repeats_without_a_seam() {
        let noise = Noise::new(&mut Stream::derive(1, &[]));
        let row: Vec<f32> = (-700..7000).map(|step| noise.at(step as f32 / 100.0, 3.3)).collect();
        assert!(row.iter().all(|value| value.abs() <= 1.0));
        assert!(row.windows(2).all(|pair| (pair[0] - pair[1]).abs() < 0.04));
        assert!((noise.at(0.25, 0.5) - noise.at(64.25, -63.5)).abs() < 1e-4);
    }

    #[test]
    fn it_has_no_trend() {
        let noise = Noise::new(&mut Stream::derive(2, &[]));
        let mean: f32 = (0..64).map(|at| noise.at(at as f32, at as f32 * 7.0)).sum::<f32>() / 64.0;
        assert!(mean.abs() < 0.3 && noise.at(1.0, 1.0).to_bits() != noise.at(2.0, 1.0).to_bits());
    }
}
