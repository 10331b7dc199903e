//! Derived random streams: a stream is a function of its key, never of what was drawn before it.
//!
//! The generator is `ChaCha8` (a stream cipher, the same on every machine), keyed by SHA-256 of labelled parts.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sha2::{Digest, Sha256};

/// A random stream that knows its key, so that independent child streams can be derived from it.
#[derive(Debug, Clone)]
pub struct Stream {
    key: [u8; 32],
    rng: ChaCha8Rng,
}

impl Stream {
    /// The stream of that key.
    #[must_use]
    pub fn from_key(key: [u8; 32]) -> Self {
        Self { key, rng: ChaCha8Rng::from_seed(key) }
    }

    /// The stream keyed by the parts, in order. Parts are length-prefixed: `["ab", "c"]` is not `["a", "bc"]`.
    #[must_use]
    pub fn derive(root: u64, parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        hash.update(root.to_le_bytes());
        for part in parts {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        Self::from_key(hash.finalize().into())
    }

    /// An independent child stream; the same label and index always give the same child, whatever was drawn here.
    #[must_use]
    pub fn fork(&self, label: &str, index: u64) -> Self {
        let mut hash = Sha256::new();
        hash.update(self.key);
        hash.update((label.len() as u64).to_le_bytes());
        hash.update(label.as_bytes());
        hash.update(index.to_le_bytes());
        Self::from_key(hash.finalize().into())
    }

    /// The next 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.rng.next_u64()
    }

    /// A number in [0, 1) with 53 random bits.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are exact in an f64")]
    pub fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number in [low, high).
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    /// A whole number in 0..bound, without modulo bias (Lemire 2019); 0 when the bound is 0.
    #[expect(clippy::cast_possible_truncation, reason = "the high half of a 128-bit product fits 64 bits")]
    pub fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 {
            return 0;
        }
        let threshold = bound.wrapping_neg() % bound;
        loop {
            let product = u128::from(self.bits()) * u128::from(bound);
            if product as u64 >= threshold {
                return (product >> 64) as u64;
            }
        }
    }

    /// An index into a list of that length (0 for an empty list).
    #[expect(clippy::cast_possible_truncation, reason = "the result is below a usize")]
    pub fn index(&mut self, len: usize) -> usize {
        self.below(len as u64) as usize
    }

    /// True with the given probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }

    /// −1 or 1.
    pub fn sign(&mut self) -> f64 {
        if self.bits() >> 63 == 0 { 1.0 } else { -1.0 }
    }

    /// A standard normal number (Box–Muller with `libm`, the same on every machine).
    pub fn normal(&mut self) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.uniform()));
        radius * libm::cos(2.0 * core::f64::consts::PI * self.uniform())
    }

    /// The list in a random order (Fisher–Yates).
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            let other = self.index(last + 1);
            list.swap(last, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Stream;
    use proptest::prelude::*;

    #[test]
    fn a_stream_is_the_same_everywhere() {
        let mut stream = Stream::derive(1, &["defocus", "case"]);
        let first: Vec<u64> = (0..3).map(|_| stream.bits()).collect();
        let mut again = Stream::derive(1, &["defocus", "case"]);
        assert_eq!(first, (0..3).map(|_| again.bits()).collect::<Vec<_>>());
    }

    #[test]
    fn parts_are_told_apart_by_their_lengths() {
        assert_ne!(Stream::derive(1, &["ab", "c"]).bits(), Stream::derive(1, &["a", "bc"]).bits());
    }

    #[test]
    fn a_child_does_not_depend_on_what_its_parent_drew() {
        let mut parent = Stream::derive(7, &["x"]);
        let before = parent.fork("image", 2).bits();
        parent.bits();
        assert_eq!(before, parent.fork("image", 2).bits());
    }

    proptest! {
        #[test]
        fn below_stays_below(seed: u64, bound in 1_u64..1000) {
            prop_assert!(Stream::derive(seed, &[]).below(bound) < bound);
        }

        #[test]
        fn a_shuffle_is_a_permutation(seed: u64, len in 0_usize..50) {
            let mut list: Vec<usize> = (0..len).collect();
            Stream::derive(seed, &[]).shuffle(&mut list);
            list.sort_unstable();
            prop_assert_eq!(list, (0..len).collect::<Vec<_>>());
        }
    }
}
