//! Blocks of 8 × 8: transform, rounding to the quantisation table, and back (ITU-T T.81, A.3.3 and Annex K).

use super::planes::Plane;

/// Pixels along a block's side.
const SIDE: usize = 8;

/// A block, row by row.
type Block = [[f32; SIDE]; SIDE];

/// A quantisation table, row by row.
type Table = [[u16; SIDE]; SIDE];

/// Annex K, table K.1: luminance.
pub(super) const LUMA: Table = [
    [16, 11, 10, 16, 24, 40, 51, 61],
    [12, 12, 14, 19, 26, 58, 60, 55],
    [14, 13, 16, 24, 40, 57, 69, 56],
    [14, 17, 22, 29, 51, 87, 80, 62],
    [18, 22, 37, 56, 68, 109, 103, 77],
    [24, 35, 55, 64, 81, 104, 113, 92],
    [49, 64, 78, 87, 103, 121, 120, 101],
    [72, 92, 95, 98, 112, 100, 103, 99],
];

/// Annex K, table K.2: chrominance.
pub(super) const CHROMA: Table = [
    [17, 18, 24, 47, 99, 99, 99, 99],
    [18, 21, 26, 66, 99, 99, 99, 99],
    [24, 26, 56, 99, 99, 99, 99, 99],
    [47, 66, 99, 99, 99, 99, 99, 99],
    [99, 99, 99, 99, 99, 99, 99, 99],
    [99, 99, 99, 99, 99, 99, 99, 99],
    [99, 99, 99, 99, 99, 99, 99, 99],
    [99, 99, 99, 99, 99, 99, 99, 99],
];

/// A table at a quality of 1–100, on libjpeg's scale: 50 is the table itself, entries stay within 1–255.
pub(super) fn scaled(table: &Table, quality: u32) -> Block {
    let percent = if quality < 50 { 5000 / quality.max(1) } else { 200 - 2 * quality.min(100) };
    let entry = |base: u16| (u32::from(base) * percent + 50) / 100;
    table.map(|row| row.map(|base| f32::from(u8::try_from(entry(base).max(1)).unwrap_or(u8::MAX))))
}

/// Half cosines: row `k`, column `n` is c(k)/2 · cos((2n + 1) k π / 16) for n = 0–3; the rest follows by symmetry.
#[expect(clippy::excessive_precision, reason = "written to the digits that fix the nearest f32")]
const COSINES: [[f32; SIDE / 2]; SIDE] = [
    [0.353_553_391, 0.353_553_391, 0.353_553_391, 0.353_553_391],
    [0.490_392_640, 0.415_734_806, 0.277_785_117, 0.097_545_161],
    [0.461_939_766, 0.191_341_716, -0.191_341_716, -0.461_939_766],
    [0.415_734_806, -0.097_545_161, -0.490_392_640, -0.277_785_117],
    [0.353_553_391, -0.353_553_391, -0.353_553_391, 0.353_553_391],
    [0.277_785_117, -0.490_392_640, 0.097_545_161, 0.415_734_806],
    [0.191_341_716, -0.461_939_766, 0.461_939_766, -0.191_341_716],
    [0.097_545_161, -0.277_785_117, 0.415_734_806, -0.490_392_640],
];

/// Takes every block of a plane through the table and back.
pub(super) fn degrade(plane: &mut Plane, table: &Block) {
    let table = transposed(table);
    let stride = plane.stride;
    for band in plane.samples.chunks_exact_mut((SIDE * stride).max(1)) {
        for left in (0..stride).step_by(SIDE) {
            let mut block = read(band, stride, left);
            forward(&mut block);
            block = transposed(&block);
            forward(&mut block);
            quantise(&mut block, &table);
            inverse(&mut block);
            block = transposed(&block);
            inverse(&mut block);
            write(band, stride, left, &block);
        }
    }
}

/// A block out of a band of eight rows, centred on 0.
fn read(band: &[u8], stride: usize, left: usize) -> Block {
    let mut block = [[0.0; SIDE]; SIDE];
    for (row, line) in block.iter_mut().zip(band.chunks_exact(stride)) {
        let bytes = line.iter().skip(left);
        row.iter_mut().zip(bytes).for_each(|(value, byte)| *value = f32::from(*byte) - 128.0);
    }
    block
}

/// The block back into its band, to the nearest grey level.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates at 0 and 255")]
fn write(band: &mut [u8], stride: usize, left: usize, block: &Block) {
    for (row, line) in block.iter().zip(band.chunks_exact_mut(stride)) {
        let bytes = line.iter_mut().skip(left);
        row.iter().zip(bytes).for_each(|(value, byte)| *byte = (*value + 128.5) as u8);
    }
}

/// The cosine transform of every column. Sums of opposite rows feed the even frequencies, differences the odd ones.
fn forward(block: &mut Block) {
    let [a, b, c, d, e, f, g, h] = *block;
    let sums = [plus(a, h), plus(b, g), plus(c, f), plus(d, e)];
    let differences = [minus(a, h), minus(b, g), minus(c, f), minus(d, e)];
    for (frequency, (row, cosines)) in block.iter_mut().zip(&COSINES).enumerate() {
        *row = weighted(if frequency % 2 == 0 { &sums } else { &differences }, cosines);
    }
}

/// The inverse of [`forward`].
fn inverse(block: &mut Block) {
    let [a, b, c, d, e, f, g, h] = *block;
    let [ca, cb, cc, cd, ce, cf, cg, ch] = COSINES;
    for place in 0..SIDE / 2 {
        let at = |row: [f32; SIDE / 2]| row.get(place).copied().unwrap_or(0.0);
        let even = weighted(&[a, c, e, g], &[at(ca), at(cc), at(ce), at(cg)]);
        let odd = weighted(&[b, d, f, h], &[at(cb), at(cd), at(cf), at(ch)]);
        if let Some(row) = block.get_mut(place) {
            *row = plus(even, odd);
        }
        if let Some(row) = block.get_mut(SIDE - 1 - place) {
            *row = minus(even, odd);
        }
    }
}

fn plus(a: [f32; SIDE], b: [f32; SIDE]) -> [f32; SIDE] {
    core::array::from_fn(|i| a[i] + b[i])
}

fn minus(a: [f32; SIDE], b: [f32; SIDE]) -> [f32; SIDE] {
    core::array::from_fn(|i| a[i] - b[i])
}

fn weighted([a, b, c, d]: &[[f32; SIDE]; SIDE / 2], [wa, wb, wc, wd]: &[f32; SIDE / 2]) -> [f32; SIDE] {
    core::array::from_fn(|i| (wa * a[i] + wb * b[i]) + (wc * c[i] + wd * d[i]))
}

fn transposed(block: &Block) -> Block {
    core::array::from_fn(|y| core::array::from_fn(|x| block[x][y]))
}

/// 1.5 · 2²³: adding and taking it away rounds an `f32` below 2²² to the nearest whole number, ties to even.
const ROUNDER: f32 = 12_582_912.0;

/// Rounds every frequency to a multiple of its table entry.
fn quantise(block: &mut Block, table: &Block) {
    for (row, steps) in block.iter_mut().zip(table) {
        row.iter_mut().zip(steps).for_each(|(value, step)| *value = ((*value / step + ROUNDER) - ROUNDER) * step);
    }
}

#[cfg(test)]
mod tests {
    use super::{COSINES, LUMA, forward, inverse, quantise, scaled, transposed};

    #[test]
    fn the_cosines_are_the_formula() {
        for (k, row) in COSINES.iter().enumerate() {
            for (n, got) in row.iter().enumerate() {
                let scale = if k == 0 { core::f64::consts::FRAC_1_SQRT_2 } else { 1.0 };
                let angle = (2 * n + 1) as f64 * k as f64 * core::f64::consts::PI / 16.0;
                assert!((f64::from(*got) - 0.5 * scale * angle.cos()).abs() < 1e-7);
            }
        }
    }

    #[test]
    fn the_transform_is_its_own_way_back() {
        let block: super::Block =
            core::array::from_fn(|y| core::array::from_fn(|x| ((x * 37 + y * 91) % 256) as f32 - 128.0));
        let mut there = block;
        forward(&mut there);
        there = transposed(&there);
        forward(&mut there);
        let mean: f32 = block.iter().flatten().sum::<f32>() / 8.0;
        assert!((there[0][0] - mean).abs() < 1e-3);
        inverse(&mut there);
        there = transposed(&there);
        inverse(&mut there);
        assert!(block.iter().flatten().zip(there.iter().flatten()).all(|(a, b)| (a - b).abs() < 1e-3));
    }

    #[test]
    fn qualities_scale_the_tables_as_libjpeg_does() {
        assert!(scaled(&LUMA, 50).iter().flatten().zip(LUMA.iter().flatten()).all(|(a, b)| *a == f32::from(*b)));
        assert!(scaled(&LUMA, 100).iter().flatten().all(|entry| *entry == 1.0));
        assert_eq!(scaled(&LUMA, 10)[0][..3], [80.0, 55.0, 50.0]);
        assert_eq!(scaled(&LUMA, 1)[0][0], 255.0);
    }

    #[test]
    fn values_round_to_the_nearest_multiple() {
        let mut block = [[0.0; 8]; 8];
        block[0] = [15.0, -15.0, 24.9, 25.1, 0.4, -1000.0, 7.0, 10.0];
        quantise(&mut block, &[[10.0; 8]; 8]);
        assert_eq!(block[0], [20.0, -20.0, 20.0, 30.0, 0.0, -1000.0, 10.0, 10.0]);
    }
}
