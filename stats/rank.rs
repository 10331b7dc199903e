//! Similarity of two ranked lists.

/// The persistence for differentials of three to five entries: 84 % of the weight lies on the first three ranks.
pub const PERSISTENCE: f64 = 0.7;

/// Rank-biased overlap of two lists without ties, extrapolated, in [0, 1]; the lists may differ in length.
///
/// Webber, Moffat and Zobel, ACM TOIS 2010; 28(4): 20, equation 32: agreement is extrapolated beyond the shorter list and
/// beyond the longer one. An entry that a list repeats counts at its first rank only. `None` for an empty list or a
/// persistence outside (0, 1). Distance is 1 − overlap.
#[must_use]
pub fn rank_biased_overlap<T: PartialEq>(one: &[T], other: &[T], persistence: f64) -> Option<f64> {
    let (one, other) = (once(one), once(other));
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    if short.is_empty() || !(persistence > 0.0 && persistence < 1.0) {
        return None;
    }
    let (s, l) = (short.len() as f64, long.len() as f64);
    let at_short = overlap(&short, &long, short.len());
    let (mut total, mut weight) = (0.0, 1.0);
    for depth in 1..=long.len() {
        let d = depth as f64;
        weight *= persistence;
        let beyond = (d - s).max(0.0) / s;
        total += (overlap(&short, &long, depth) + at_short * beyond) / d * weight;
    }
    let at_long = overlap(&short, &long, long.len());
    let rest = ((at_long - at_short) / l + at_short / s) * weight;
    Some(((1.0 - persistence) / persistence * total + rest).min(1.0))
}

/// The entries that both lists share down to that depth.
fn overlap<T: PartialEq>(short: &[&T], long: &[&T], depth: usize) -> f64 {
    let seen: Vec<_> = long.iter().take(depth).collect();
    short.iter().take(depth).filter(|entry| seen.contains(entry)).count() as f64
}

fn once<T: PartialEq>(list: &[T]) -> Vec<&T> {
    let mut kept: Vec<&T> = Vec::with_capacity(list.len());
    for entry in list {
        if !kept.contains(&entry) {
            kept.push(entry);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rbo(one: &str, other: &str, p: f64) -> Option<f64> {
        rank_biased_overlap(one.as_bytes(), other.as_bytes(), p)
    }

    #[test]
    fn vectors_of_three_ranks_at_nine_tenths() {
        for (other, known) in [("ABC", 1.0), ("ACB", 0.955), ("BAC", 0.9), ("ADE", 0.415), ("DEF", 0.0)] {
            assert!((rbo("ABC", other, 0.9).unwrap() - known).abs() < 5e-4, "{other}");
        }
    }

    #[test]
    fn a_prefix_is_extrapolated_to_full_agreement() {
        assert!((rbo("AB", "ABCDE", PERSISTENCE).unwrap() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_repeated_entry_counts_once() {
        assert_eq!(rbo("AABC", "ABC", PERSISTENCE), rbo("ABC", "ABC", PERSISTENCE));
    }

    #[test]
    fn an_empty_list_has_no_overlap() {
        assert_eq!(rbo("", "", PERSISTENCE), None);
        assert_eq!(rbo("A", "", PERSISTENCE), None);
        assert_eq!((rbo("A", "A", 1.0), rbo("A", "A", 0.0)), (None, None));
    }

    proptest! {
        #[test]
        fn it_is_symmetric_and_bounded(
            one in prop::collection::vec(0_u8..9, 1..8), other in prop::collection::vec(0_u8..9, 1..8), p in 0.05_f64..0.95
        ) {
            let forth = rank_biased_overlap(&one, &other, p).unwrap();
            prop_assert!((0.0..=1.0).contains(&forth));
            prop_assert_eq!(forth, rank_biased_overlap(&other, &one, p).unwrap());
            prop_assert!((rank_biased_overlap(&one, &one, p).unwrap() - 1.0).abs() < 1e-12);
        }
    }
}
