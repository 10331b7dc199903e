//! Bytes from a row's neighbourhood to where an enlarged row wants them.

/// Columns that are worked on side by side.
pub(crate) const WIDE: usize = 64;

/// As many bytes from there on as a block has; zeros beyond the end.
#[inline(always)]
pub(crate) fn window(row: &[u8], from: usize) -> &[u8; WIDE] {
    const NONE: &[u8; WIDE] = &[0; WIDE];
    row.get(from..).and_then(<[u8]>::first_chunk::<WIDE>).unwrap_or(NONE)
}

/// The bytes at those places of both.
#[inline(always)]
pub(crate) fn picked(one: &[u8; WIDE], other: &[u8; WIDE], away: &[u8; WIDE]) -> ([u8; WIDE], [u8; WIDE]) {
    let of = |bytes: &[u8; WIDE]| away.map(|away| bytes[usize::from(away) % WIDE]);
    (of(one), of(other))
}

/// AVX-512 VBMI.
#[cfg(target_arch = "x86_64")]
pub(crate) mod wide {
    use core::arch::x86_64::_mm512_permutexvar_epi8;

    use bytemuck::cast;

    use super::WIDE;

    /// The same, all bytes at once.
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
    #[inline]
    pub(crate) fn picked(one: &[u8; WIDE], other: &[u8; WIDE], away: &[u8; WIDE]) -> ([u8; WIDE], [u8; WIDE]) {
        let away = cast(*away);
        (cast(_mm512_permutexvar_epi8(away, cast(*one))), cast(_mm512_permutexvar_epi8(away, cast(*other))))
    }
}

#[cfg(test)]
mod tests {
    use super::{WIDE, picked, window};
    use multiversion::{multiversion, target::match_target};

    #[multiversion(targets("x86_64+avx512f+avx512bw+avx512vbmi"))]
    fn dispatched(one: &[u8; WIDE], other: &[u8; WIDE], away: &[u8; WIDE]) -> ([u8; WIDE], [u8; WIDE]) {
        match_target! {
            "x86_64+avx512f+avx512bw+avx512vbmi" => super::wide::picked(one, other, away),
            _ => picked(one, other, away),
        }
    }

    #[test]
    fn bytes_are_picked_and_all_at_once_just_as_one_by_one() {
        let row: Vec<u8> = (0..200_u32).map(|i| ((i * i) >> 3) as u8).collect();
        let away: [u8; WIDE] = core::array::from_fn(|i| (i * 5 / 7) as u8);
        let (one, other) = picked(window(&row, 5), window(&row, 6), &away);
        assert_eq!((one[0], one[63], other[63]), (row[5], row[50], row[51]));
        assert_eq!(dispatched(window(&row, 5), window(&row, 6), &away), (one, other));
        assert_eq!(window(&row, 137), &[0; WIDE]);
    }
}
