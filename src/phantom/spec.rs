//! Reads `N[:SEED]`, the part of `--cases phantom:N[:SEED]` after the first colon.

use thiserror::Error;

/// The most phantoms in one cohort.
pub const MOST: usize = 1_000_000;
/// The seed when none is given.
pub const DEFAULT_SEED: u64 = 1;

/// How many phantoms, from which seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spec {
    /// How many, 1 to [`MOST`].
    pub n: usize,
    /// The seed.
    pub seed: u64,
}

/// What is wrong with a phantom specification.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SpecError {
    /// The number of phantoms is not a number from 1 to [`MOST`].
    #[error(
        "`phantom:{0}`: how many phantoms? Write a whole number from 1 to {MOST}, e.g. phantom:240 or phantom:240:7"
    )]
    Count(String),
    /// The seed is not a number.
    #[error("`phantom:{0}`: the seed after the second colon must be a whole number from 0 to {max}", max = u64::MAX)]
    Seed(String),
}

/// Reads `N` or `N:SEED`; spaces are not allowed.
///
/// # Errors
/// [`SpecError`] that says what to write instead.
pub fn parse(text: &str) -> Result<Spec, SpecError> {
    let (count, seed) = text.split_once(':').map_or((text, None), |(count, seed)| (count, Some(seed)));
    let n = digits(count).and_then(|n| usize::try_from(n).ok()).filter(|n| (1..=MOST).contains(n));
    let n = n.ok_or_else(|| SpecError::Count(text.to_owned()))?;
    let seed = seed.map_or(Some(DEFAULT_SEED), digits).ok_or_else(|| SpecError::Seed(text.to_owned()))?;
    Ok(Spec { n, seed })
}

/// A number in decimal digits only: no sign, no spaces.
fn digits(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::{DEFAULT_SEED, Spec, SpecError, parse};

    #[test]
    fn a_number_and_perhaps_a_seed() {
        assert_eq!(parse("240"), Ok(Spec { n: 240, seed: DEFAULT_SEED }));
        assert_eq!(parse("240:7"), Ok(Spec { n: 240, seed: 7 }));
        assert_eq!(parse("1000000:18446744073709551615"), Ok(Spec { n: 1_000_000, seed: u64::MAX }));
    }

    #[test]
    fn anything_else_is_refused_with_a_way_out() {
        for text in ["", "0", "1000001", "-3", "+3", " 3", "2.5", "many", ":7", "99999999999999999999"] {
            assert_eq!(parse(text), Err(SpecError::Count(text.to_owned())), "{text}");
        }
        for text in ["240:", "240:x", "240:-1", "240:7:8", "240:18446744073709551616"] {
            assert_eq!(parse(text), Err(SpecError::Seed(text.to_owned())), "{text}");
        }
        assert!(parse("0").unwrap_err().to_string().contains("from 1 to 1000000"));
    }
}
