//! Smooth noise over the plane in millimetres: one point has one value, whatever view is taken of it.

use crate::lens::{Area, Lens};

/// A noise plane. Values lie within about ±1 and have a standard deviation near 0.4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Noise(u64);

/// Below this many pixels per cell an octave would alias; it is left out.
const FINEST_PIXELS: f32 = 1.6;
/// A cubic B-spline flattens what it smooths; this restores the spread.
const GAIN: f32 = 1.9;

impl Noise {
    /// The plane of that key.
    #[must_use]
    pub fn new(key: u64) -> Self {
        Self(key)
    }

    /// The value at a lattice point, uniform in [−1, 1) (the finaliser of `SplitMix64`, Steele et al. 2014).
    #[must_use]
    pub fn lattice(self, i: i32, j: i32) -> f32 {
        let place = (u64::from(i.cast_unsigned()) << 32) | u64::from(j.cast_unsigned());
        let mut z = (self.0 ^ place.wrapping_mul(0x9E37_79B9_7F4A_7C15)).wrapping_add(0x9E37_79B9_7F4A_7C15);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 40) as f32 * (2.0 / 16_777_216.0) - 1.0
    }

    /// Noise over an area with `octaves` octaves, the coarsest `cell` millimetres wide; each finer octave has half the
    /// cell and `fade` times the height. Octaves too fine for the pixels are left out; octaves much coarser than
    /// pixels are sampled at every fourth one and drawn straight between.
    #[must_use]
    pub fn field(self, lens: &Lens, area: Area, cell: f32, octaves: u32, fade: f32) -> Vec<f32> {
        let grid = Grid::over(area);
        let (mut fine, mut coarse) = (Vec::new(), Vec::new());
        let (mut cell, mut gain) = (cell, GAIN);
        for octave in 0..octaves {
            let pixels = cell * lens.finest_scale();
            if pixels < FINEST_PIXELS {
                break;
            }
            let noise = Self(self.0 ^ (u64::from(octave) << 56));
            if pixels >= COARSE_PIXELS {
                coarse.resize(grid.w * grid.h, 0.0);
                noise.add(
                    &mut coarse,
                    lens,
                    Window { x: grid.x, y: grid.y, w: grid.w, h: grid.h, step: STEP },
                    cell,
                    gain,
                );
            } else {
                if fine.is_empty() {
                    fine = grid.spread(&coarse, area);
                    coarse.clear();
                }
                noise.add(
                    &mut fine,
                    lens,
                    Window { x: area.x as usize, y: area.y as usize, w: area.w, h: area.h, step: 1 },
                    cell,
                    gain,
                );
            }
            cell *= 0.5;
            gain *= fade;
        }
        if fine.is_empty() { grid.spread(&coarse, area) } else { fine }
    }

    fn add(self, out: &mut [f32], lens: &Lens, area: Window, cell: f32, gain: f32) {
        let across = taps(area.w, |x| lens.mm_x(area.step * (area.x + x)) / cell);
        let down = taps(area.h, |y| lens.mm_y(area.step * (area.y + y)) / cell);
        let (Some(left), Some(top)) = (across.first(), down.first()) else { return };
        let last_row = down.last().map_or(top.cell, |tap| tap.cell);
        let last_column = across.last().map_or(left.cell, |tap| tap.cell);
        let mut rows = Vec::with_capacity(((last_row - top.cell + 4) as usize) * area.w);
        let mut knots = Vec::new();
        for j in top.cell..last_row + 4 {
            knots.clear();
            knots.extend((left.cell..last_column + 4).map(|i| self.lattice(i, j) * gain));
            smooth_across(&knots, &across, left.cell, &mut rows);
        }
        for (line, tap) in out.chunks_exact_mut(area.w).zip(&down) {
            let first = (tap.cell - top.cell) as usize * area.w;
            smooth_down(line, rows.get(first..).unwrap_or_default(), tap.weights);
        }
    }
}

/// From this many pixels per cell on, an octave is sampled at every [`STEP`]th pixel.
const COARSE_PIXELS: f32 = 16.0;
/// Pixels between samples of a coarse octave.
const STEP: usize = 4;

/// Samples at every `step`th pixel, starting at `step` times (x, y).
#[derive(Clone, Copy)]
struct Window {
    x: usize,
    y: usize,
    w: usize,
    h: usize,
    step: usize,
}

/// The coarse samples that an area lies between.
struct Grid {
    x: usize,
    y: usize,
    w: usize,
    h: usize,
}

impl Grid {
    fn over(area: Area) -> Self {
        let (left, top) = (area.x as usize, area.y as usize);
        let (x, y) = (left / STEP, top / STEP);
        Self { x, y, w: (left + area.w) / STEP + 2 - x, h: (top + area.h) / STEP + 2 - y }
    }

    /// Straight lines between the samples, across and down; nothing where there are none.
    fn spread(&self, samples: &[f32], area: Area) -> Vec<f32> {
        if samples.is_empty() {
            return vec![0.0; area.pixels()];
        }
        let mut out = vec![0.0; area.pixels()];
        let (mut line, mut dense) = (vec![0.0; self.w], vec![0.0; STEP * self.w]);
        for (y, row) in (area.y as usize..).zip(out.chunks_exact_mut(area.w)) {
            let first = (y / STEP - self.y) * self.w;
            let t = (y % STEP) as f32 / STEP as f32;
            let (above, below) = (samples.get(first..), samples.get(first + self.w..));
            for ((mixed, a), b) in line.iter_mut().zip(above.unwrap_or_default()).zip(below.unwrap_or_default()) {
                *mixed = a + (b - a) * t;
            }
            for (four, (a, b)) in dense.as_chunks_mut::<STEP>().0.iter_mut().zip(line.iter().zip(line.iter().skip(1))) {
                let rise = (b - a) * (1.0 / STEP as f32);
                *four = [*a, a + rise, a + 2.0 * rise, a + 3.0 * rise];
            }
            let shift = area.x as usize % STEP;
            row.copy_from_slice(dense.get(shift..shift + area.w).unwrap_or_default());
        }
        out
    }
}

/// Which four lattice points a pixel mixes, and how.
struct Tap {
    cell: i32,
    weights: [f32; 4],
}

fn taps(count: usize, place: impl Fn(usize) -> f32) -> Vec<Tap> {
    (0..count)
        .map(|k| {
            let at = place(k);
            let cell = at.floor();
            Tap { cell: cell as i32 - 1, weights: spline(at - cell) }
        })
        .collect()
}

/// The uniform cubic B-spline's weights at `t` in [0, 1).
fn spline(t: f32) -> [f32; 4] {
    let s = 1.0 - t;
    let (t2, t3) = (t * t, t * t * t);
    [s * s * s / 6.0, (3.0 * t3 - 6.0 * t2 + 4.0) / 6.0, (-3.0 * t3 + 3.0 * t2 + 3.0 * t + 1.0) / 6.0, t3 / 6.0]
}

fn smooth_across(knots: &[f32], taps: &[Tap], first: i32, rows: &mut Vec<f32>) {
    rows.extend(taps.iter().map(|tap| {
        let from = (tap.cell - first) as usize;
        match knots.get(from..from + 4) {
            Some([a, b, c, d]) => {
                let [p, q, r, s] = tap.weights;
                a * p + b * q + c * r + d * s
            }
            _ => 0.0,
        }
    }));
}

fn smooth_down(line: &mut [f32], rows: &[f32], [p, q, r, s]: [f32; 4]) {
    let width = line.len();
    let mut rows = rows.chunks_exact(width);
    let (Some(a), Some(b), Some(c), Some(d)) = (rows.next(), rows.next(), rows.next(), rows.next()) else { return };
    for ((((out, a), b), c), d) in line.iter_mut().zip(a).zip(b).zip(c).zip(d) {
        *out += a * p + b * q + c * r + d * s;
    }
}

#[cfg(test)]
mod tests {
    use super::{Area, Lens, Noise, spline};

    fn lens(scale: f32) -> Lens {
        Lens { scale_x: scale, scale_y: scale, centre_x: 50.0, centre_y: 40.0 }
    }

    #[test]
    fn weights_sum_to_one() {
        for k in 0..10 {
            let sum: f32 = spline(k as f32 / 10.0).iter().sum();
            assert!((sum - 1.0).abs() < 1e-6);
        }
    }

    #[test]
    fn a_window_shows_what_the_whole_shows() {
        let noise = Noise::new(3);
        let whole = noise.field(&lens(4.0), Area { x: 0, y: 0, w: 100, h: 80 }, 5.0, 3, 0.5);
        let part = noise.field(&lens(4.0), Area { x: 30, y: 20, w: 10, h: 10 }, 5.0, 3, 0.5);
        for y in 0..10 {
            for x in 0..10 {
                assert!((whole[(y + 20) * 100 + x + 30] - part[y * 10 + x]).abs() < 1e-5);
            }
        }
    }

    #[test]
    fn it_varies_as_much_as_promised() {
        let field = Noise::new(9).field(&lens(4.0), Area { x: 0, y: 0, w: 400, h: 400 }, 2.0, 1, 0.5);
        let mean = field.iter().sum::<f32>() / field.len() as f32;
        let spread = (field.iter().map(|v| (v - mean) * (v - mean)).sum::<f32>() / field.len() as f32).sqrt();
        assert!(mean.abs() < 0.05, "{mean}");
        assert!((0.3..0.6).contains(&spread), "{spread}");
    }
}
