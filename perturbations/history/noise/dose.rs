//! How much of a note is changed at a dose, and what all levels of a draw share.

use std::ops::Range;

use crate::history::ledger::Ledger;
use crate::{Grading, Quantity, Stream, Unit};

/// A stretch of the note and what is to stand there.
pub(in crate::history) type Rewrite = (Range<usize>, String);

/// How many of `count` a share comes to: rounded up or down by chance, so that the mean is the share itself. The
/// chance is shared by all shares, so that a greater share never comes to less.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "counts of words are far below 2^52"
)]
pub(in crate::history) fn quota(share: f64, count: usize, rng: &Stream) -> usize {
    libm::floor(share * count as f64 + rng.fork("rounding", 0).uniform()) as usize
}

/// The list in the order in which greater doses take in more of it; the same at every dose.
pub(in crate::history) fn in_order<T>(mut list: Vec<T>, rng: &Stream) -> Vec<T> {
    rng.fork("order", 0).shuffle(&mut list);
    list
}

/// One to five sentences are added.
pub(in crate::history) const SENTENCES: Grading = Grading::Graded {
    dose: "sentences",
    unit: Unit::Number,
    levels: [1.0, 2.0, 3.0, 4.0, 5.0],
    range: crate::Range { mildest: 1.0, severest: 5.0 },
    monotone_in: Quantity::WordsChanged,
};

/// How many sentences a dose stands for.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "doses are 1 to 5")]
pub(in crate::history) fn sentences(dose: f64) -> usize {
    libm::round(dose) as usize
}

/// Makes each rewrite in the note as an edit of its own; they must not overlap.
pub(in crate::history) fn rewrite(ledger: &mut Ledger, mut rewrites: Vec<Rewrite>) {
    rewrites.sort_by_key(|(span, _)| core::cmp::Reverse(span.start));
    for (span, put) in rewrites {
        let mut note = ledger.note().to_owned();
        note.replace_range(span, &put);
        ledger.set_note(&note);
    }
}

/// The words between blanks, with their bytes.
pub(in crate::history) fn words(note: &str) -> Vec<(Range<usize>, &str)> {
    let start = |word: &str| word.as_ptr().addr() - note.as_ptr().addr();
    note.split_whitespace().map(|word| (start(word)..start(word) + word.len(), word)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::samples::history;

    #[test]
    fn a_quota_is_the_share_on_average_and_never_falls() {
        let streams = || (0..400).map(|seed| Stream::derive(seed, &[]));
        let total: usize = streams().map(|rng| quota(0.03, 24, &rng)).sum();
        assert!((250..330).contains(&total), "0.72 on average: {total}");
        for rng in streams() {
            assert!(quota(0.03, 24, &rng) <= quota(0.06, 24, &rng));
            assert_eq!((quota(1.0, 7, &rng), quota(0.0, 7, &rng)), (7, 0));
        }
    }

    #[test]
    fn rewrites_are_edits_of_their_own() {
        let mut ledger = Ledger::open(&history("one two three", vec![]));
        rewrite(&mut ledger, vec![(0..3, "1".into()), (8..13, "3".into())]);
        assert_eq!(ledger.note(), "1 two 3");
    }

    #[test]
    fn words_know_their_places() {
        let found: Vec<_> = words(" é  two\nthree ").into_iter().map(|(span, word)| (span.start, word)).collect();
        assert_eq!(found, [(1, "é"), (5, "two"), (9, "three")]);
    }
}
