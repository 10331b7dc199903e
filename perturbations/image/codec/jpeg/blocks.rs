//! Blocks of 8 × 8: transform, rounding to the quantisation table, and back (ITU-T T.81, A.3.3 and Annex K).

use multiversion::multiversion;

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

/// c(k)/2 · cos(k π / 16) for k = 0–7, where c(0) = √½ and else 1.
#[expect(clippy::excessive_precision, reason = "written to the digits that fix the nearest f32")]
const COSINES: [f32; SIDE] = [
    0.353_553_391,
    0.490_392_640,
    0.461_939_766,
    0.415_734_806,
    0.353_553_391,
    0.277_785_117,
    0.191_341_716,
    0.097_545_161,
];

/// Takes every block of a plane through the table and back.
pub(super) fn degrade(plane: &mut Plane, table: &Block) {
    let steps = Steps { whole: transposed(table), part: transposed(table).map(|row| row.map(|step| 1.0 / step)) };
    let stride = plane.stride;
    plane.samples.chunks_exact_mut((SIDE * stride).max(1)).for_each(|band| degrade_band(band, stride, &steps));
}

/// A quantisation table, its rows being columns, and the reciprocals of its entries.
struct Steps {
    whole: Block,
    part: Block,
}

/// The blocks of eight rows. Plain `f32` in a fixed order: the same on every machine.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn degrade_band(band: &mut [u8], stride: usize, steps: &Steps) {
    degrade_blocks(band, stride, steps);
}

/// The portable text of [`degrade_band`].
#[inline(always)]
fn degrade_blocks(band: &mut [u8], stride: usize, steps: &Steps) {
    for left in (0..stride).step_by(SIDE) {
        let mut block = read(band, stride, left);
        forward(&mut block);
        block = transposed(&block);
        forward(&mut block);
        quantise(&mut block, steps);
        inverse(&mut block);
        block = transposed(&block);
        inverse(&mut block);
        write(band, stride, left, &block);
    }
}

/// A block out of a band of eight rows, centred on 0.
#[inline(always)]
fn read(band: &[u8], stride: usize, left: usize) -> Block {
    core::array::from_fn(|row| {
        let line = band.get(row * stride + left..).and_then(<[u8]>::first_chunk::<SIDE>);
        line.copied().unwrap_or_default().map(|byte| f32::from(byte) - 128.0)
    })
}

/// The block back into its band, to the nearest grey level.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0–255 before the cast")]
fn write(band: &mut [u8], stride: usize, left: usize, block: &Block) {
    for (row, values) in block.iter().enumerate() {
        if let Some(line) = band.get_mut(row * stride + left..).and_then(<[u8]>::first_chunk_mut::<SIDE>) {
            *line = values.map(|value| (value + 128.5).clamp(0.0, 255.0) as i32 as u8);
        }
    }
}

/// The cosine transform of every column. Sums of opposite rows feed the even frequencies, differences the odd ones.
#[inline(always)]
fn forward(block: &mut Block) {
    let [a, b, c, d, e, f, g, h] = *block;
    let [_, k1, k2, k3, k4, k5, k6, k7] = COSINES;
    let (p, q, r, s) = (plus(a, h), plus(b, g), plus(c, f), plus(d, e));
    let odd = [minus(a, h), minus(b, g), minus(c, f), minus(d, e)];
    let (outer, inner) = (plus(p, s), plus(q, r));
    let (wide, narrow) = (minus(p, s), minus(q, r));
    *block = [
        times(plus(outer, inner), k4),
        four(odd, [k1, k3, k5, k7]),
        two(wide, k2, narrow, k6),
        four(odd, [k3, -k7, -k1, -k5]),
        times(minus(outer, inner), k4),
        four(odd, [k5, -k1, k7, k3]),
        two(wide, k6, narrow, -k2),
        four(odd, [k7, -k5, k3, -k1]),
    ];
}

/// The inverse of [`forward`].
#[inline(always)]
fn inverse(block: &mut Block) {
    let [a, b, c, d, e, f, g, h] = *block;
    let [_, k1, k2, k3, k4, k5, k6, k7] = COSINES;
    let (outer, inner) = (times(plus(a, e), k4), times(minus(a, e), k4));
    let (wide, narrow) = (two(c, k2, g, k6), two(c, k6, g, -k2));
    let even = [plus(outer, wide), plus(inner, narrow), minus(inner, narrow), minus(outer, wide)];
    let odd = [b, d, f, h];
    let odd = [
        four(odd, [k1, k3, k5, k7]),
        four(odd, [k3, -k7, -k1, -k5]),
        four(odd, [k5, -k1, k7, k3]),
        four(odd, [k7, -k5, k3, -k1]),
    ];
    let (upper, lower) = (|i: usize| plus(even[i], odd[i]), |i: usize| minus(even[i], odd[i]));
    *block = [upper(0), upper(1), upper(2), upper(3), lower(3), lower(2), lower(1), lower(0)];
}

/// A row of a block.
type Row = [f32; SIDE];

#[inline(always)]
fn plus(a: Row, b: Row) -> Row {
    core::array::from_fn(|i| a[i] + b[i])
}

#[inline(always)]
fn minus(a: Row, b: Row) -> Row {
    core::array::from_fn(|i| a[i] - b[i])
}

#[inline(always)]
fn times(a: Row, factor: f32) -> Row {
    a.map(|value| value * factor)
}

/// Two rows, weighted.
#[inline(always)]
fn two(a: Row, wa: f32, b: Row, wb: f32) -> Row {
    core::array::from_fn(|i| wa * a[i] + wb * b[i])
}

/// Four rows, weighted.
#[inline(always)]
fn four([a, b, c, d]: [Row; 4], [wa, wb, wc, wd]: [f32; 4]) -> Row {
    core::array::from_fn(|i| (wa * a[i] + wb * b[i]) + (wc * c[i] + wd * d[i]))
}

#[inline(always)]
fn transposed(block: &Block) -> Block {
    core::array::from_fn(|y| core::array::from_fn(|x| block[x][y]))
}

/// 1.5 · 2²³: adding and taking it away rounds an `f32` below 2²² to the nearest whole number, ties to even.
const ROUNDER: f32 = 12_582_912.0;

/// Rounds every frequency to a multiple of its table entry.
#[inline(always)]
fn quantise(block: &mut Block, steps: &Steps) {
    *block = core::array::from_fn(|y| {
        core::array::from_fn(|x| ((block[y][x] * steps.part[y][x] + ROUNDER) - ROUNDER) * steps.whole[y][x])
    });
}

#[cfg(test)]
mod tests {
    use super::{LUMA, Steps, degrade_band, degrade_blocks, forward, inverse, quantise, scaled, transposed};

    #[test]
    fn the_transform_is_the_formula() {
        let mut block: super::Block = core::array::from_fn(|y| [((y * 91 + 13) % 256) as f32 - 128.0; 8]);
        let column = block.map(|row| f64::from(row[0]));
        forward(&mut block);
        for (k, row) in block.iter().enumerate() {
            let scale = if k == 0 { core::f64::consts::FRAC_1_SQRT_2 } else { 1.0 };
            let angle = |n: usize| (2 * n + 1) as f64 * k as f64 * core::f64::consts::PI / 16.0;
            let wanted: f64 = column.iter().enumerate().map(|(n, v)| 0.5 * scale * v * angle(n).cos()).sum();
            assert!((f64::from(row[0]) - wanted).abs() < 1e-3, "{k}: {} for {wanted}", row[0]);
        }
    }

    #[test]
    fn the_dispatched_loop_gives_what_the_portable_one_gives() {
        let whole = scaled(&LUMA, 37);
        let steps = Steps { whole, part: whole.map(|row| row.map(|step| 1.0 / step)) };
        let band: Vec<u8> = (0..8 * 160_u32).map(|i| (i * i * 7 >> 4) as u8).collect();
        let (mut one, mut other) = (band.clone(), band.clone());
        degrade_band(&mut one, 160, &steps);
        degrade_blocks(&mut other, 160, &steps);
        assert_eq!(one, other);
        assert_ne!(one, band);
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
        quantise(&mut block, &Steps { whole: [[10.0; 8]; 8], part: [[0.1; 8]; 8] });
        assert_eq!(block[0], [20.0, -20.0, 20.0, 30.0, 0.0, -1000.0, 10.0, 10.0]);
    }
}
