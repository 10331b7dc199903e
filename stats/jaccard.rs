//! How much two lists share, whatever the order.

/// Jaccard's index of the first k entries of two lists, in [0, 1]: shared entries over entries of either (Jaccard 1901).
///
/// An entry that a list repeats counts once. `None` when both are empty or k is 0.
#[must_use]
pub fn jaccard<T: PartialEq>(one: &[T], other: &[T], k: usize) -> Option<f64> {
    let (one, other) = (once(one, k), once(other, k));
    let shared = one.iter().filter(|entry| other.contains(entry)).count();
    let either = one.len() + other.len() - shared;
    (either > 0).then(|| shared as f64 / either as f64)
}

/// The share of the wanted entries that a list holds, in [0, 1]; `None` when nothing is wanted.
///
/// The list coverage of a differential: the wanted entries are the accepted diagnoses.
#[must_use]
pub fn coverage<T: PartialEq>(list: &[T], wanted: &[T]) -> Option<f64> {
    let wanted = once(wanted, usize::MAX);
    let held = wanted.iter().filter(|entry| list.contains(entry)).count();
    (!wanted.is_empty()).then(|| held as f64 / wanted.len() as f64)
}

/// The first k entries, each once.
fn once<T: PartialEq>(list: &[T], k: usize) -> Vec<&T> {
    let mut kept: Vec<&T> = Vec::new();
    for entry in list.iter().take(k) {
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

    #[test]
    fn shared_over_either() {
        assert_eq!(jaccard(b"ABC", b"BCD", 3), Some(0.5));
        assert_eq!(jaccard(b"ABC", b"BCD", 1), Some(0.0));
        assert_eq!(jaccard(b"AAB", b"AB", 9), Some(1.0));
        assert_eq!(jaccard(b"A", b"", 3), Some(0.0));
        assert_eq!((jaccard(b"", b"", 3), jaccard(b"A", b"A", 0)), (None, None));
    }

    #[test]
    fn coverage_is_of_what_is_wanted() {
        assert_eq!(coverage(b"XAYB", b"ABCD"), Some(0.5));
        assert_eq!((coverage(b"", b"A"), coverage(b"A", b"")), (Some(0.0), None));
    }

    proptest! {
        #[test]
        fn it_is_symmetric_and_the_order_does_not_show(
            one in prop::collection::vec(0_u8..7, 1..8), other in prop::collection::vec(0_u8..7, 1..8)
        ) {
            let index = jaccard(&one, &other, 9).unwrap();
            let mut turned = one.clone();
            turned.reverse();
            prop_assert!((0.0..=1.0).contains(&index));
            prop_assert_eq!(index, jaccard(&other, &turned, 9).unwrap());
            prop_assert_eq!(jaccard(&one, &one, 9), Some(1.0));
        }
    }
}
