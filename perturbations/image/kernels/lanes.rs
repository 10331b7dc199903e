//! The inner loops over neighbourhoods, [`LANES`] numbers side by side.
//!
//! Their text stands here once and is compiled for each instruction set with its own addition and multiplication of
//! lanes: compilers do not find the instruction for the upper half of a product by themselves. All of it is whole numbers
//! modulo 65 536, so each gives the same.

use multiversion::{multiversion, target::match_target};

use super::disc::Terms;
use super::{CHANNELS, LANES, Plane};

/// Weighted sums of the neighbours at multiples of `step` to both sides, from the centre outwards.
#[multiversion(targets("x86_64+avx512f+avx512bw", "x86_64+avx2"))]
pub(super) fn weigh(numbers: &[u16], (centre, step): (usize, usize), weights: &[u16], out: &mut [u16]) {
    match_target! {
        "x86_64+avx512f+avx512bw" => widest::weigh(numbers, (centre, step), weights, out),
        "x86_64+avx2" => wide::weigh(numbers, (centre, step), weights, out),
        _ => portable::weigh(numbers, (centre, step), weights, out),
    }
}

/// Weighted sums of the numbers that stand at those places.
#[multiversion(targets("x86_64+avx512f+avx512bw", "x86_64+avx2"))]
pub(super) fn add_taps(numbers: &[u16], rows: &[(usize, u16)], out: &mut [u16]) {
    match_target! {
        "x86_64+avx512f+avx512bw" => widest::add_taps(numbers, rows, out),
        "x86_64+avx2" => wide::add_taps(numbers, rows, out),
        _ => portable::add_taps(numbers, rows, out),
    }
}

/// Averages over a disc around each of a row's numbers, the first of which stands at `from`.
#[multiversion(targets("x86_64+avx512f+avx512bw", "x86_64+avx2"))]
pub(super) fn add_disc(plane: &Plane, from: usize, terms: &Terms, out: &mut [u16]) {
    match_target! {
        "x86_64+avx512f+avx512bw" => widest::add_disc(plane, from, terms, out),
        "x86_64+avx2" => wide::add_disc(plane, from, terms, out),
        _ => portable::add_disc(plane, from, terms, out),
    }
}

/// That many numbers from there on; zeros beyond the end.
#[inline(always)]
fn at(numbers: &[u16], from: usize) -> &[u16; LANES] {
    const NONE: &[u16; LANES] = &[0; LANES];
    numbers.get(from..).and_then(<[u16]>::first_chunk::<LANES>).unwrap_or(NONE)
}

/// The place of a neighbour.
#[inline(always)]
#[expect(clippy::cast_possible_wrap, reason = "places in a picture")]
fn place(from: usize, stride: usize, (across, down): (isize, isize)) -> usize {
    from.wrapping_add_signed(across * CHANNELS as isize + down * stride as isize)
}

/// What half the parts that are cut off sum to.
#[inline(always)]
fn lost(parts: usize) -> u16 {
    u16::try_from(parts / 2).unwrap_or(0)
}

/// The three loops over lanes of a kind.
macro_rules! loops {
    ($(#[$attribute:meta])*) => {
        $(#[$attribute])*
        pub(super) fn weigh(numbers: &[u16], (centre, step): (usize, usize), weights: &[u16], out: &mut [u16]) {
            for (block, from) in out.as_chunks_mut::<LANES>().0.iter_mut().zip((centre..).step_by(LANES)) {
                let mut sums = all(lost(weights.len()));
                for (weight, away) in weights.iter().zip((0..).step_by(step.max(1))) {
                    let one = load(at(numbers, from.wrapping_sub(away)));
                    let other = load(at(numbers, from.wrapping_add(away)));
                    sums = plus(sums, parts(plus(one, other), *weight));
                }
                *block = store(sums);
            }
        }

        $(#[$attribute])*
        pub(super) fn add_taps(numbers: &[u16], rows: &[(usize, u16)], out: &mut [u16]) {
            for (block, from) in out.as_chunks_mut::<LANES>().0.iter_mut().zip((0..).step_by(LANES)) {
                let mut sums = all(0);
                for (place, weight) in rows {
                    sums = plus(sums, parts(load(at(numbers, place.wrapping_add(from))), *weight));
                }
                *block = store(plus_at_most(sums, all(lost(rows.len()))));
            }
        }

        $(#[$attribute])*
        pub(super) fn add_disc(plane: &Plane, from: usize, terms: &Terms, out: &mut [u16]) {
            for (block, from) in out.as_chunks_mut::<LANES>().0.iter_mut().zip((from..).step_by(LANES)) {
                let mut total = all(terms.lost);
                for group in &terms.columns {
                    let mut sums = all(0);
                    for (across, half) in group {
                        let below = load(at(&plane.second, place(from, plane.stride, (*across, *half))));
                        let above = load(at(&plane.second, place(from, plane.stride, (*across, -half - 1))));
                        sums = minus(plus(sums, below), above);
                    }
                    total = plus(total, parts_or_all(sums, terms.down));
                }
                let mut edge = all(0);
                for (share, pixels) in &terms.edge {
                    let mut sums = all(0);
                    for pixel in pixels {
                        sums = plus(sums, load(at(&plane.numbers, place(from, plane.stride, *pixel))));
                    }
                    edge = plus(edge, parts(sums, *share));
                }
                total = plus_at_most(total, parts_or_all(edge, terms.down));
                *block = store(parts(total, terms.level));
            }
        }

        /// Without so many bits.
        $(#[$attribute])*
        fn parts_or_all(numbers: Lanes, down: u32) -> Lanes {
            if down == 0 { numbers } else { parts(numbers, 1 << (16 - down)) }
        }
    };
}

/// Plain Rust.
mod portable {
    use super::super::part;
    use super::{LANES, Plane, Terms, at, lost, place};

    type Lanes = [u16; LANES];

    fn all(number: u16) -> Lanes {
        [number; LANES]
    }

    fn load(numbers: &Lanes) -> Lanes {
        *numbers
    }

    fn store(numbers: Lanes) -> Lanes {
        numbers
    }

    fn plus(mut a: Lanes, b: Lanes) -> Lanes {
        a.iter_mut().zip(b).for_each(|(a, b)| *a = a.wrapping_add(b));
        a
    }

    fn plus_at_most(mut a: Lanes, b: Lanes) -> Lanes {
        a.iter_mut().zip(b).for_each(|(a, b)| *a = a.saturating_add(b));
        a
    }

    fn minus(mut a: Lanes, b: Lanes) -> Lanes {
        a.iter_mut().zip(b).for_each(|(a, b)| *a = a.wrapping_sub(b));
        a
    }

    fn parts(mut a: Lanes, share: u16) -> Lanes {
        a.iter_mut().for_each(|a| *a = part(*a, share));
        a
    }

    loops!(#[inline]);
}

/// The lanes of an x86 instruction set: its features, its register, how many of them, and its instructions.
macro_rules! x86 {
    ($name:ident, $features:literal, $register:ident, $count:literal, $set:ident, $plus:ident, $most:ident, $minus:ident, $high:ident) => {
        #[cfg(target_arch = "x86_64")]
        mod $name {
            use core::arch::x86_64::{$high, $minus, $most, $plus, $register, $set};

            use bytemuck::cast;

            use super::{LANES, Plane, Terms, at, lost, place};

            type Lanes = [$register; $count];

            #[target_feature(enable = $features)]
            #[inline]
            fn all(number: u16) -> Lanes {
                [$set(number.cast_signed()); $count]
            }

            #[target_feature(enable = $features)]
            #[inline]
            fn load(numbers: &[u16; LANES]) -> Lanes {
                cast(*numbers)
            }

            #[target_feature(enable = $features)]
            #[inline]
            fn store(numbers: Lanes) -> [u16; LANES] {
                cast(numbers)
            }

            #[target_feature(enable = $features)]
            #[inline]
            fn plus(mut a: Lanes, b: Lanes) -> Lanes {
                for i in 0..$count {
                    a[i] = $plus(a[i], b[i]);
                }
                a
            }

            #[target_feature(enable = $features)]
            #[inline]
            fn plus_at_most(mut a: Lanes, b: Lanes) -> Lanes {
                for i in 0..$count {
                    a[i] = $most(a[i], b[i]);
                }
                a
            }

            #[target_feature(enable = $features)]
            #[inline]
            fn minus(mut a: Lanes, b: Lanes) -> Lanes {
                for i in 0..$count {
                    a[i] = $minus(a[i], b[i]);
                }
                a
            }

            #[target_feature(enable = $features)]
            #[inline]
            fn parts(mut a: Lanes, share: u16) -> Lanes {
                let share = $set(share.cast_signed());
                for i in 0..$count {
                    a[i] = $high(a[i], share);
                }
                a
            }

            loops!(#[target_feature(enable = $features)]);
        }
    };
}

x86!(
    widest,
    "avx512f,avx512bw",
    __m512i,
    2,
    _mm512_set1_epi16,
    _mm512_add_epi16,
    _mm512_adds_epu16,
    _mm512_sub_epi16,
    _mm512_mulhi_epu16
);
x86!(
    wide,
    "avx2",
    __m256i,
    4,
    _mm256_set1_epi16,
    _mm256_add_epi16,
    _mm256_adds_epu16,
    _mm256_sub_epi16,
    _mm256_mulhi_epu16
);

#[cfg(test)]
mod tests {
    use super::{Terms, add_disc, add_taps, portable, weigh};
    use crate::contract::photograph;
    use crate::image::kernels::{Border, Plane, Reach};

    fn numbers(most: u32) -> Vec<u16> {
        (0..4000_u32).map(|i| (i * 7919 % (most + 1)) as u16).collect()
    }

    #[test]
    fn dispatched_weights_give_what_portable_ones_give() {
        let (mut one, mut other) = ([0; 640], [0; 640]);
        let weights = [9000, 8000, 7000, 5000, 3768];
        weigh(&numbers(32_640), (1500, 3), &weights, &mut one);
        portable::weigh(&numbers(32_640), (1500, 3), &weights, &mut other);
        assert_eq!(one, other);
        assert!(one.iter().any(|value| *value != one[0]));
    }

    #[test]
    fn dispatched_taps_give_what_portable_ones_give() {
        let (mut one, mut other) = ([0; 640], [0; 640]);
        let rows = [(0, 20_000), (77, 30_000), (1003, 15_536)];
        add_taps(&numbers(65_280), &rows, &mut one);
        portable::add_taps(&numbers(65_280), &rows, &mut other);
        assert_eq!(one, other);
    }

    #[test]
    fn dispatched_discs_give_what_portable_ones_give() {
        let mut plane = Plane::default();
        plane.fill(&photograph(120, 50, 4).pixels, 0..120, Reach { across: 4, down: 5 }, Border::Repeat);
        plane.second = plane.numbers.iter().map(|number| number.wrapping_mul(777)).collect();
        for down in [0, 3] {
            let terms = Terms {
                columns: vec![vec![(0, 4), (1, 3)], vec![(-1, 3)]],
                edge: vec![(30_000, vec![(4, 0), (-4, 0)]), (9, vec![(2, 2)])],
                down,
                level: 40_000,
                lost: 2,
            };
            let (mut one, mut other) = (vec![0; plane.lanes()], vec![0; plane.lanes()]);
            add_disc(&plane, plane.at(20), &terms, &mut one);
            portable::add_disc(&plane, plane.at(20), &terms, &mut other);
            assert_eq!(one, other);
        }
    }
}
