//! Blocks of 8 × 8: transform, rounding to the quantisation table, and back (ITU-T T.81, A.3.3 and Annex K).
//!
//! The transform is that of Loeffler, Ligtenberg and Moschytz (ICASSP 1989) in 13-bit fixed point, rounded where the
//! accurate integer transform of the libjpeg family rounds, so that the same coefficients come out.

#![expect(clippy::needless_range_loop, reason = "lanes side by side, by number, become vector code")]

use multiversion::{multiversion, target::match_target};

use super::planes::Plane;
use super::wide::Shares;
#[cfg(target_arch = "x86_64")]
use super::wide::{wider, widest};

/// Pixels along a block's side.
pub(super) const SIDE: usize = 8;

/// A row of a block.
type Row = [i32; SIDE];

/// A block, row by row.
type Block = [Row; SIDE];

/// A quantisation table, row by row.
pub(super) type Table = [[u16; SIDE]; SIDE];

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
pub(super) fn scaled(table: &Table, quality: u32) -> Table {
    let percent = if quality < 50 { 5000 / quality.max(1) } else { 200 - 2 * quality.min(100) };
    let entry = |base: u16| (u32::from(base) * percent + 50) / 100;
    table.map(|row| row.map(|base| u16::try_from(entry(base).clamp(1, 255)).unwrap_or(255)))
}

/// Takes every block of a plane through the table and back.
pub(super) fn degrade(plane: &mut Plane, table: &Table) {
    let steps = Steps::new(table);
    let stride = plane.stride;
    plane.samples.chunks_exact_mut((SIDE * stride).max(1)).for_each(|band| degrade_band(band, stride, &steps));
}

/// A quantisation table as the loops take it.
struct Steps {
    /// The entries.
    whole: Block,
    /// The reciprocals of eight times the entries: coefficients carry three more bits.
    part: [[f32; SIDE]; SIDE],
    /// The same for lanes of 16 bits.
    shares: Shares,
}

impl Steps {
    fn new(table: &Table) -> Self {
        Self {
            whole: table.map(|row| row.map(i32::from)),
            part: table.map(|row| row.map(|step| 0.125 / f32::from(step))),
            shares: Shares::new(table),
        }
    }
}

/// The blocks of eight rows.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn degrade_band(band: &mut [u8], stride: usize, steps: &Steps) {
    match_target! {
        "x86_64+avx512f+avx512bw+avx512vl" => widest::degrade(band, stride, &steps.shares),
        "x86_64+avx2" => wider::degrade(band, stride, &steps.shares),
        _ => degrade_blocks(band, stride, steps),
    }
}

/// The portable text of [`degrade_band`].
#[inline(always)]
fn degrade_blocks(band: &mut [u8], stride: usize, steps: &Steps) {
    for left in (0..stride).step_by(SIDE) {
        let mut block = transposed(read(band, stride, left));
        block = transposed(forward::<{ BITS - EXTRA }>(block, shifted::<EXTRA>));
        block = forward::<{ BITS + EXTRA }>(block, descale::<EXTRA>);
        block = inverse::<{ BITS - EXTRA }>(quantised(block, steps));
        block = transposed(inverse::<{ BITS + EXTRA + 3 }>(transposed(block)));
        write(band, stride, left, &block);
    }
}

/// A block out of a band of eight rows, centred on 0.
#[inline(always)]
fn read(band: &[u8], stride: usize, left: usize) -> Block {
    let mut block = [[0; SIDE]; SIDE];
    for (row, values) in block.iter_mut().enumerate() {
        if let Some(line) = band.get(row * stride + left..).and_then(<[u8]>::first_chunk::<SIDE>) {
            for i in 0..SIDE {
                values[i] = i32::from(line[i]).wrapping_sub(128);
            }
        }
    }
    block
}

/// The block back into its band.
#[inline(always)]
#[expect(clippy::cast_sign_loss, reason = "clamped to 0–255 before the cast")]
fn write(band: &mut [u8], stride: usize, left: usize, block: &Block) {
    for (row, values) in block.iter().enumerate() {
        if let Some(line) = band.get_mut(row * stride + left..).and_then(<[u8]>::first_chunk_mut::<SIDE>) {
            for i in 0..SIDE {
                line[i] = values[i].wrapping_add(128).clamp(0, 255) as u8;
            }
        }
    }
}

/// Bits after the point of the factors.
pub(super) const BITS: u32 = 13;

/// Bits after the point between the two passes of a transform.
pub(super) const EXTRA: u32 = 2;

// Sums and differences of cosines of multiples of π/16, times √2, in that fixed point.
pub(super) const C_0_298: i32 = 2446;
pub(super) const C_0_390: i32 = 3196;
pub(super) const C_0_541: i32 = 4433;
pub(super) const C_0_765: i32 = 6270;
pub(super) const C_0_899: i32 = 7373;
pub(super) const C_1_175: i32 = 9633;
pub(super) const C_1_501: i32 = 12_299;
pub(super) const C_1_847: i32 = 15_137;
pub(super) const C_1_961: i32 = 16_069;
pub(super) const C_2_053: i32 = 16_819;
pub(super) const C_2_562: i32 = 20_995;
pub(super) const C_3_072: i32 = 25_172;

/// The cosine transform of every column, times √8; `ends` brings the sums that take no factor to scale.
#[inline(always)]
fn forward<const SHIFT: u32>([a, b, c, d, e, f, g, h]: Block, ends: impl Fn(Row) -> Row) -> Block {
    let (p, q, r, s) = (plus(a, h), plus(b, g), plus(c, f), plus(d, e));
    let (outer, inner) = (plus(p, s), plus(q, r));
    let (wide, narrow) = (minus(p, s), minus(q, r));
    let both = times(plus(wide, narrow), C_0_541);
    let [one, three, five, seven] = odd([minus(a, h), minus(b, g), minus(c, f), minus(d, e)]);
    [
        ends(plus(outer, inner)),
        descale::<SHIFT>(one),
        descale::<SHIFT>(plus(both, times(wide, C_0_765))),
        descale::<SHIFT>(three),
        ends(minus(outer, inner)),
        descale::<SHIFT>(five),
        descale::<SHIFT>(minus(both, times(narrow, C_1_847))),
        descale::<SHIFT>(seven),
    ]
}

/// The inverse of [`forward`] but for the scale.
#[inline(always)]
fn inverse<const SHIFT: u32>([a, b, c, d, e, f, g, h]: Block) -> Block {
    let both = times(plus(c, g), C_0_541);
    let (wide, narrow) = (plus(both, times(c, C_0_765)), minus(both, times(g, C_1_847)));
    let (outer, inner) = (shifted::<BITS>(plus(a, e)), shifted::<BITS>(minus(a, e)));
    let even = [plus(outer, wide), plus(inner, narrow), minus(inner, narrow), minus(outer, wide)];
    let odd = odd([b, d, f, h]);
    let upper = |i: usize| descale::<SHIFT>(plus(even[i], odd[i]));
    let lower = |i: usize| descale::<SHIFT>(minus(even[i], odd[i]));
    [upper(0), upper(1), upper(2), upper(3), lower(3), lower(2), lower(1), lower(0)]
}

/// The odd half, which is its own inverse: from differences to odd frequencies, or back.
#[inline(always)]
fn odd([a, b, c, d]: [Row; 4]) -> [Row; 4] {
    let all = times(plus(plus(b, d), plus(a, c)), C_1_175);
    let (outer, inner) = (times(plus(a, d), -C_0_899), times(plus(b, c), -C_2_562));
    let first = plus(all, times(plus(b, d), -C_1_961));
    let second = plus(all, times(plus(a, c), -C_0_390));
    [
        plus(times(a, C_1_501), plus(outer, second)),
        plus(times(b, C_3_072), plus(inner, first)),
        plus(times(c, C_2_053), plus(inner, second)),
        plus(times(d, C_0_298), plus(outer, first)),
    ]
}

#[inline(always)]
fn plus(mut a: Row, b: Row) -> Row {
    for i in 0..SIDE {
        a[i] = a[i].wrapping_add(b[i]);
    }
    a
}

#[inline(always)]
fn minus(mut a: Row, b: Row) -> Row {
    for i in 0..SIDE {
        a[i] = a[i].wrapping_sub(b[i]);
    }
    a
}

#[inline(always)]
fn times(mut a: Row, factor: i32) -> Row {
    for value in &mut a {
        *value = value.wrapping_mul(factor);
    }
    a
}

/// With so many bits more after the point.
#[inline(always)]
fn shifted<const BITS: u32>(mut a: Row) -> Row {
    for value in &mut a {
        *value <<= BITS;
    }
    a
}

/// Without so many bits after the point, to the nearest.
#[inline(always)]
fn descale<const SHIFT: u32>(mut a: Row) -> Row {
    for value in &mut a {
        *value = value.wrapping_add(1 << (SHIFT - 1)) >> SHIFT;
    }
    a
}

#[inline(always)]
fn transposed(block: Block) -> Block {
    let mut turned = [[0; SIDE]; SIDE];
    for y in 0..SIDE {
        for x in 0..SIDE {
            turned[y][x] = block[x][y];
        }
    }
    turned
}

/// Every frequency, which carries three more bits, as the nearest multiple of its table entry.
#[inline(always)]
fn quantised(mut block: Block, steps: &Steps) -> Block {
    for y in 0..SIDE {
        for x in 0..SIDE {
            block[y][x] = nearest(block[y][x], steps.whole[y][x], steps.part[y][x]);
        }
    }
    block
}

/// 2²³: an `f32` above it has no bits after the point, so adding it rounds and leaves the whole number in the lowest bits.
const WHOLE: f32 = 8_388_608.0;

/// The nearest multiple, ties away from 0. The half of a unit keeps the rounding of the reciprocal from showing.
#[inline(always)]
#[expect(clippy::cast_precision_loss, reason = "coefficients below 2^15")]
fn nearest(value: i32, step: i32, part: f32) -> i32 {
    let size = value.wrapping_abs().wrapping_add(step.wrapping_mul(4)) as f32 + 0.5;
    // Never a whole number, so that rounding what is half a unit less cuts off.
    let whole = (size * part - 0.5 + WHOLE).to_bits().wrapping_sub(WHOLE.to_bits());
    let multiple = step.wrapping_mul(whole.cast_signed());
    // The sign as a mask of ones or zeros: compilers make vector code of it.
    let sign = value >> 31;
    (multiple ^ sign).wrapping_sub(sign)
}

#[cfg(test)]
mod tests {
    use multiversion::{multiversion, target::match_target};

    #[cfg(target_arch = "x86_64")]
    use super::wider;
    use super::{
        BITS, EXTRA, LUMA, Steps, degrade_band, degrade_blocks, descale, forward, inverse, nearest, scaled, shifted,
    };

    #[test]
    fn the_transform_is_the_formula() {
        let block: super::Block = core::array::from_fn(|y| [((y * 91 + 13) % 256) as i32 - 128; 8]);
        let column = block.map(|row| f64::from(row[0]));
        let there = forward::<{ BITS - EXTRA }>(block, shifted::<EXTRA>);
        for (k, row) in there.iter().enumerate() {
            let scale = if k == 0 { core::f64::consts::FRAC_1_SQRT_2 } else { 1.0 };
            let angle = |n: usize| (2 * n + 1) as f64 * k as f64 * core::f64::consts::PI / 16.0;
            let sum: f64 = column.iter().enumerate().map(|(n, v)| 0.5 * scale * v * angle(n).cos()).sum();
            let wanted = sum * 8_f64.sqrt() * 4.0;
            assert!((f64::from(row[0]) - wanted).abs() <= 1.0, "{k}: {} for {wanted}", row[0]);
        }
        let back = inverse::<{ BITS + EXTRA + 3 }>(there);
        assert!(back.iter().zip(column).all(|(row, value)| (f64::from(row[0]) - value).abs() <= 1.0));
    }

    #[test]
    fn a_descaled_number_is_the_nearest() {
        assert_eq!(descale::<2>([5, 6, 7, -5, -6, -7, 0, 4]), [1, 2, 2, -1, -1, -2, 0, 1]);
    }

    #[test]
    fn qualities_scale_the_tables_as_libjpeg_does() {
        assert_eq!(scaled(&LUMA, 50), LUMA);
        assert!(scaled(&LUMA, 100).iter().flatten().all(|entry| *entry == 1));
        assert_eq!(scaled(&LUMA, 10)[0][..3], [80, 55, 50]);
        assert_eq!(scaled(&LUMA, 1)[0][0], 255);
    }

    #[test]
    fn values_round_to_the_nearest_multiple() {
        for step in [1, 2, 3, 10, 17, 99, 254, 255_i32] {
            for value in -16_400..16_400_i32 {
                let wanted = (value.abs() + 4 * step) / (8 * step) * step * value.signum();
                assert_eq!(nearest(value, step, 0.125 / step as f32), wanted, "{value} in steps of {step}");
            }
        }
    }

    /// Bands of eight rows in which hardly two blocks are alike, from flat to the strongest contrast.
    fn bands() -> impl Iterator<Item = Vec<u8>> {
        let noise =
            |seed: u32, i: u32| (i ^ seed).wrapping_mul(2_654_435_761).rotate_left(9).wrapping_mul(40_503) >> 13;
        (0..40_u32).map(move |seed| {
            let value = |i: u32| match seed % 4 {
                0 => (i * i * (seed + 7)) >> 4,
                1 => 255 * (noise(seed, i) & 1),
                2 => noise(seed, i / (1 + seed)),
                _ => 255 * ((i / (1 + seed % 9) + i / 192 / (1 + seed % 5)) % 2),
            };
            (0..8 * 192_u32).map(|i| value(i) as u8).collect()
        })
    }

    #[test]
    fn the_dispatched_loop_gives_what_the_portable_one_gives() {
        for quality in [1, 5, 15, 37, 50, 75, 90, 100] {
            let table = scaled(&LUMA, quality);
            let steps = Steps::new(&table);
            for (n, band) in bands().enumerate() {
                let (mut one, mut other) = (band.clone(), band.clone());
                degrade_band(&mut one, 192, &steps);
                degrade_blocks(&mut other, 192, &steps);
                assert!(one == other, "band {n}, quality {quality}");
            }
        }
    }

    /// With AVX2, where there is that.
    #[multiversion(targets("x86_64+avx2"))]
    fn narrower(band: &mut [u8], stride: usize, steps: &Steps) {
        match_target! {
            "x86_64+avx2" => wider::degrade(band, stride, &steps.shares),
            _ => degrade_blocks(band, stride, steps),
        }
    }

    #[test]
    fn avx2_gives_the_same() {
        let table = scaled(&LUMA, 20);
        for band in bands() {
            let (mut one, mut other) = (band.clone(), band);
            narrower(&mut one, 192, &Steps::new(&table));
            degrade_blocks(&mut other, 192, &Steps::new(&table));
            assert_eq!(one, other);
        }
    }
}
