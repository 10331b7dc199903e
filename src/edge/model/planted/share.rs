//! A chance as an exact decimal.

use core::fmt;
use core::str::FromStr;

use bedside_perturbations::Stream;

const WHOLE: u64 = 1_000_000_000;

/// A share in [0, 1], exact to nine decimal places: an event with this chance has exactly this probability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share {
    parts: u64,
}

impl Share {
    /// That many thousandths; more than 1000 is 1.
    #[must_use]
    pub const fn per_mille(thousandths: u64) -> Self {
        let parts = thousandths.saturating_mul(WHOLE / 1000);
        Self { parts: if parts > WHOLE { WHOLE } else { parts } }
    }

    /// Draws once from the stream: true with exactly this chance.
    #[must_use]
    pub fn draw(self, stream: &mut Stream) -> bool {
        stream.below(WHOLE) < self.parts
    }
}

impl FromStr for Share {
    type Err = &'static str;

    /// Reads `0`, `1`, `0.6`, `.05`: digits only, at most nine after the point.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WANTED: &str = "a share between 0 and 1 with at most nine decimals, e.g. 0.05";
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let some = !(whole.is_empty() && decimals.is_empty());
        if !(some && digits(whole) && digits(decimals) && decimals.len() <= 9 && whole.len() <= 9) {
            return Err(WANTED);
        }
        let number = |part: &str| part.parse::<u64>().unwrap_or(0);
        let parts = number(whole) * WHOLE + number(&format!("{decimals:0<9}"));
        if parts > WHOLE { Err(WANTED) } else { Ok(Self { parts }) }
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = format!("{:09}", self.parts % WHOLE);
        let whole = self.parts / WHOLE;
        match decimals.trim_end_matches('0') {
            "" => write!(f, "{whole}"),
            decimals => write!(f, "{whole}.{decimals}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_but_a_decimal_between_0_and_1_is_a_share() {
        for text in ["", ".", "-0.1", "1.1", "1e-3", "0.1234567891", "NaN", "60%", "2", "99999999999"] {
            assert!(text.parse::<Share>().is_err(), "{text}");
        }
        assert_eq!(".05".parse(), Ok(Share::per_mille(50)));
        assert_eq!("1.0".parse(), Ok(Share::per_mille(5000)));
    }

    #[test]
    fn never_and_always_are_exact() {
        let mut stream = Stream::derive(1, &["share"]);
        for _ in 0..2000 {
            assert!(!Share::per_mille(0).draw(&mut stream));
            assert!(Share::per_mille(1000).draw(&mut stream));
        }
    }

    proptest! {
        #[test]
        fn a_share_survives_writing(parts in 0..=WHOLE) {
            let share = Share { parts };
            prop_assert_eq!(share.to_string().parse(), Ok(share));
        }
    }
}
