//! The same blocks in lanes of 16 bits, several side by side: the transform as the vector code of the libjpeg family
//! does it. Pairs of products are added in 32 bits and rounded back to 16, where every number has room, so that nothing
//! differs from the plain text in `blocks`.

use super::blocks::{SIDE, Table};

/// Lanes of the widest registers.
const WIDEST: usize = 32;

/// A row of a table for every lane.
type Lanes = [u16; WIDEST];

/// A quantisation table as these loops take it, row by row. Division by eight times an entry (coefficients carry three
/// more bits) is a product whose upper half is taken, and again for the shift.
pub(super) struct Shares {
    step: [Lanes; SIDE],
    half: [Lanes; SIDE],
    share: [Lanes; SIDE],
    shift: [Lanes; SIDE],
}

impl Shares {
    pub(super) fn new(table: &Table) -> Self {
        let lanes = |of: fn(Divisor) -> u16| {
            table.map(|row| core::array::from_fn(|i| of(Divisor::new(row.get(i % SIDE).copied().unwrap_or(1)))))
        };
        Self {
            step: lanes(|divisor| divisor.step),
            half: lanes(|divisor| divisor.half),
            share: lanes(|divisor| divisor.share),
            shift: lanes(|divisor| divisor.shift),
        }
    }
}

/// How a number below 2^15 is divided by eight times a step, to the nearest, ties upwards: add `half`, take the upper half
/// of the product with `share`, and of that with `shift`.
#[derive(Clone, Copy)]
struct Divisor {
    step: u16,
    half: u16,
    share: u16,
    shift: u16,
}

impl Divisor {
    /// The reciprocal rounded up or down, whichever is nearer; rounded down, a unit added before makes up for it
    /// (Granlund and Montgomery, PLDI 1994).
    #[expect(clippy::cast_possible_truncation, reason = "each part fits 16 bits for steps of 1 to 255")]
    fn new(step: u16) -> Self {
        let divisor = u32::from(step) * 8;
        let bits = divisor.ilog2();
        let (share, rest) = ((1_u32 << (16 + bits)) / divisor, (1_u32 << (16 + bits)) % divisor);
        let half = divisor / 2;
        let (share, half, bits) = match rest {
            // A power of two: its share would need a 17th bit.
            0 => (share / 2, half, bits - 1),
            rest if rest <= half => (share, half + 1, bits),
            _ => (share + 1, half, bits),
        };
        Self { step, half: half as u16, share: share as u16, shift: 1 << (16 - bits) }
    }
}

/// The blocks of an x86 instruction set: its features, its register, its lanes, the type of its shifts, its instructions.
macro_rules! x86 {
    (
        $name:ident, $features:literal, $register:ident, $lanes:literal, $count:ident, $set:ident, $set_32:ident,
        $plus:ident, $minus:ident, $plus_32:ident, $minus_32:ident, $right_32:ident, $right:ident, $left:ident,
        $pairs:ident, $narrow:ident, $high:ident, $low:ident, $differ:ident, $lower:ident, $upper:ident
    ) => {
        #[cfg(target_arch = "x86_64")]
        pub(super) mod $name {
            use core::arch::x86_64::{
                $differ, $high, $left, $low, $lower, $minus, $minus_32, $narrow, $pairs, $plus, $plus_32, $register,
                $right, $right_32, $set, $set_32, $upper,
            };

            use bytemuck::cast;

            use super::super::blocks::{
                BITS, C_0_298, C_0_390, C_0_541, C_0_765, C_0_899, C_1_175, C_1_501, C_1_847, C_1_961, C_2_053,
                C_2_562, C_3_072, EXTRA, SIDE,
            };
            use super::{Lanes, Shares};

            /// Lanes of a register.
            const LANES: usize = $lanes;

            // Shifts, in the type that the instructions want them in.
            const EXTRA_BITS: $count = 2;
            const FIRST: $count = 11;
            const SECOND: $count = 15;
            const LAST: $count = 18;
            const LIFT: $count = 3;
            const SIGN: $count = 15;
            const _: () = assert!(EXTRA == 2 && BITS - EXTRA == 11 && BITS + EXTRA + 3 == 18 && 16 - BITS == 3);

            /// Rows of blocks side by side.
            type Rows = [$register; SIDE];

            /// Sums of 32 bits: the lower and the upper half of every eight lanes.
            type Wide = [$register; 2];

            /// Takes the blocks of a band of eight rows through the table and back.
            #[target_feature(enable = $features)]
            pub(in super::super) fn degrade(band: &mut [u8], stride: usize, shares: &Shares) {
                for left in (0..stride).step_by(LANES) {
                    let rows = transposed(forward_rows(transposed(read(band, stride, left))));
                    let rows = quantised(forward_columns(rows), shares);
                    let rows = inverse::<LAST>(transposed(inverse::<FIRST>(rows)));
                    write(band, stride, left, transposed(rows));
                }
            }

            /// Rows of blocks out of a band, centred on 0.
            #[target_feature(enable = $features)]
            fn read(band: &[u8], stride: usize, left: usize) -> Rows {
                let mut rows = [$set(0); SIDE];
                for (y, row) in rows.iter_mut().enumerate() {
                    if let Some(bytes) = band.get(y * stride + left..).and_then(<[u8]>::first_chunk::<LANES>) {
                        let mut lanes = [0_i16; LANES];
                        for i in 0..LANES {
                            lanes[i] = i16::from(bytes[i]).wrapping_sub(128);
                        }
                        *row = cast(lanes);
                    }
                }
                rows
            }

            /// The rows back into their band.
            #[target_feature(enable = $features)]
            #[expect(clippy::cast_sign_loss, reason = "clamped to 0–255 before the cast")]
            fn write(band: &mut [u8], stride: usize, left: usize, rows: Rows) {
                for (y, row) in rows.into_iter().enumerate() {
                    let lanes = cast::<$register, [i16; LANES]>(row);
                    if let Some(bytes) = band.get_mut(y * stride + left..).and_then(<[u8]>::first_chunk_mut::<LANES>) {
                        for i in 0..LANES {
                            bytes[i] = lanes[i].wrapping_add(128).clamp(0, 255) as u8;
                        }
                    }
                }
            }

            /// Every block on its own: three times interleaved, each row with the fourth after it.
            #[target_feature(enable = $features)]
            fn transposed(rows: Rows) -> Rows {
                interleaved(interleaved(interleaved(rows)))
            }

            #[target_feature(enable = $features)]
            fn interleaved([a, b, c, d, e, f, g, h]: Rows) -> Rows {
                let (ae, bf) = ([$lower(a, e), $upper(a, e)], [$lower(b, f), $upper(b, f)]);
                let (cg, dh) = ([$lower(c, g), $upper(c, g)], [$lower(d, h), $upper(d, h)]);
                [ae[0], ae[1], bf[0], bf[1], cg[0], cg[1], dh[0], dh[1]]
            }

            /// Lanes of `a` and `b`, each times its factor, in sum.
            #[target_feature(enable = $features)]
            fn weighted(a: $register, by_a: i32, b: $register, by_b: i32) -> Wide {
                let factors = $set_32((by_a & 0xFFFF) | (by_b << 16));
                [$pairs($lower(a, b), factors), $pairs($upper(a, b), factors)]
            }

            #[target_feature(enable = $features)]
            fn sum([a, b]: Wide, [c, d]: Wide) -> Wide {
                [$plus_32(a, c), $plus_32(b, d)]
            }

            #[target_feature(enable = $features)]
            fn difference([a, b]: Wide, [c, d]: Wide) -> Wide {
                [$minus_32(a, c), $minus_32(b, d)]
            }

            /// Without so many bits after the point, to the nearest, in 16 bits again.
            #[target_feature(enable = $features)]
            fn descaled<const SHIFT: $count>([a, b]: Wide) -> $register {
                let half = $set_32(1 << (SHIFT - 1));
                $narrow($right_32::<SHIFT>($plus_32(a, half)), $right_32::<SHIFT>($plus_32(b, half)))
            }

            /// With the bits of the factors after the point.
            #[target_feature(enable = $features)]
            fn lifted(a: $register) -> Wide {
                let none = $set(0);
                [$right_32::<LIFT>($lower(none, a)), $right_32::<LIFT>($upper(none, a))]
            }

            /// The first transform of each block.
            #[target_feature(enable = $features)]
            fn forward_rows(rows: Rows) -> Rows {
                let [first, b, c, d, middle, f, g, h] = forward::<FIRST>(rows);
                [$left::<EXTRA_BITS>(first), b, c, d, $left::<EXTRA_BITS>(middle), f, g, h]
            }

            /// The second transform of each block.
            #[target_feature(enable = $features)]
            fn forward_columns(rows: Rows) -> Rows {
                let half = $set(1 << (EXTRA_BITS - 1));
                let [first, b, c, d, middle, f, g, h] = forward::<SECOND>(rows);
                let (first, middle) = ($plus(first, half), $plus(middle, half));
                [$right::<EXTRA_BITS>(first), b, c, d, $right::<EXTRA_BITS>(middle), f, g, h]
            }

            /// The cosine transform of every column; the first and the middle one, which take no factor, as they are.
            #[target_feature(enable = $features)]
            fn forward<const SHIFT: $count>([a, b, c, d, e, f, g, h]: Rows) -> Rows {
                let (p, q, r, s) = ($plus(a, h), $plus(b, g), $plus(c, f), $plus(d, e));
                let (outer, inner) = ($plus(p, s), $plus(q, r));
                let (wide, narrow) = ($minus(p, s), $minus(q, r));
                let [one, three, five, seven] = odd([$minus(a, h), $minus(b, g), $minus(c, f), $minus(d, e)]);
                [
                    $plus(outer, inner),
                    descaled::<SHIFT>(one),
                    descaled::<SHIFT>(weighted(wide, C_0_541 + C_0_765, narrow, C_0_541)),
                    descaled::<SHIFT>(three),
                    $minus(outer, inner),
                    descaled::<SHIFT>(five),
                    descaled::<SHIFT>(weighted(wide, C_0_541, narrow, C_0_541 - C_1_847)),
                    descaled::<SHIFT>(seven),
                ]
            }

            /// The inverse but for the scale.
            #[target_feature(enable = $features)]
            fn inverse<const SHIFT: $count>([a, b, c, d, e, f, g, h]: Rows) -> Rows {
                let wide = weighted(c, C_0_541 + C_0_765, g, C_0_541);
                let narrow = weighted(c, C_0_541, g, C_0_541 - C_1_847);
                let (outer, inner) = (lifted($plus(a, e)), lifted($minus(a, e)));
                let even = [sum(outer, wide), sum(inner, narrow), difference(inner, narrow), difference(outer, wide)];
                let odd = odd([b, d, f, h]);
                [
                    descaled::<SHIFT>(sum(even[0], odd[0])),
                    descaled::<SHIFT>(sum(even[1], odd[1])),
                    descaled::<SHIFT>(sum(even[2], odd[2])),
                    descaled::<SHIFT>(sum(even[3], odd[3])),
                    descaled::<SHIFT>(difference(even[3], odd[3])),
                    descaled::<SHIFT>(difference(even[2], odd[2])),
                    descaled::<SHIFT>(difference(even[1], odd[1])),
                    descaled::<SHIFT>(difference(even[0], odd[0])),
                ]
            }

            /// The odd half, which is its own inverse.
            #[target_feature(enable = $features)]
            fn odd([a, b, c, d]: [$register; 4]) -> [Wide; 4] {
                let (one, other) = ($plus(b, d), $plus(a, c));
                let first = weighted(one, C_1_175 - C_1_961, other, C_1_175);
                let second = weighted(one, C_1_175, other, C_1_175 - C_0_390);
                [
                    sum(second, weighted(a, C_1_501 - C_0_899, d, -C_0_899)),
                    sum(first, weighted(b, C_3_072 - C_2_562, c, -C_2_562)),
                    sum(second, weighted(b, -C_2_562, c, C_2_053 - C_2_562)),
                    sum(first, weighted(a, -C_0_899, d, C_0_298 - C_0_899)),
                ]
            }

            /// Every frequency as the nearest multiple of its entry, ties away from 0.
            #[target_feature(enable = $features)]
            fn quantised(mut rows: Rows, shares: &Shares) -> Rows {
                for (y, row) in rows.iter_mut().enumerate() {
                    let sign = $right::<SIGN>(*row);
                    let size = $minus($differ(*row, sign), sign);
                    let whole =
                        $high($high($plus(size, of(&shares.half, y)), of(&shares.share, y)), of(&shares.shift, y));
                    *row = $minus($differ($low(whole, of(&shares.step, y)), sign), sign);
                }
                rows
            }

            /// A row of a table in as many lanes as there are.
            #[target_feature(enable = $features)]
            fn of(table: &[Lanes; SIDE], y: usize) -> $register {
                table.get(y).and_then(|lanes| lanes.first_chunk::<LANES>()).map_or($set(0), |lanes| cast(*lanes))
            }
        }
    };
}

x86!(
    widest,
    "avx512f,avx512bw,avx512vl",
    __m512i,
    32,
    u32,
    _mm512_set1_epi16,
    _mm512_set1_epi32,
    _mm512_add_epi16,
    _mm512_sub_epi16,
    _mm512_add_epi32,
    _mm512_sub_epi32,
    _mm512_srai_epi32,
    _mm512_srai_epi16,
    _mm512_slli_epi16,
    _mm512_madd_epi16,
    _mm512_packs_epi32,
    _mm512_mulhi_epu16,
    _mm512_mullo_epi16,
    _mm512_xor_si512,
    _mm512_unpacklo_epi16,
    _mm512_unpackhi_epi16
);
x86!(
    wider,
    "avx2",
    __m256i,
    16,
    i32,
    _mm256_set1_epi16,
    _mm256_set1_epi32,
    _mm256_add_epi16,
    _mm256_sub_epi16,
    _mm256_add_epi32,
    _mm256_sub_epi32,
    _mm256_srai_epi32,
    _mm256_srai_epi16,
    _mm256_slli_epi16,
    _mm256_madd_epi16,
    _mm256_packs_epi32,
    _mm256_mulhi_epu16,
    _mm256_mullo_epi16,
    _mm256_xor_si256,
    _mm256_unpacklo_epi16,
    _mm256_unpackhi_epi16
);

#[cfg(test)]
mod tests {
    use super::Divisor;

    #[test]
    fn every_quotient_is_the_nearest() {
        for step in 1..=255 {
            let Divisor { half, share, shift, .. } = Divisor::new(step);
            let upper = |a: u32, b: u16| (a * u32::from(b)) >> 16;
            for size in 0..32_768_u32 {
                let wanted = (size + 4 * u32::from(step)) / (8 * u32::from(step));
                assert_eq!(upper(upper(size + u32::from(half), share), shift), wanted, "{size} in steps of {step}");
            }
        }
    }
}
