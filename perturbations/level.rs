//! Levels 1–5 and the physical doses behind them.

use serde::{Deserialize, Serialize};

/// How far a graded perturbation goes: 1 (barely visible) to 5 (severe); ImageNet-C's severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Level(u8);

impl Level {
    /// All five levels, mildest first.
    pub const ALL: [Self; 5] = [Self(1), Self(2), Self(3), Self(4), Self(5)];

    /// The level of that number, if it is 1–5.
    #[must_use]
    pub const fn new(number: u8) -> Option<Self> {
        if number >= 1 && number <= 5 { Some(Self(number)) } else { None }
    }

    /// The number, 1–5.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }

    /// This level's entry of a table of five.
    #[must_use]
    pub const fn of<T: Copy>(self, table: &[T; 5]) -> T {
        table[self.0 as usize - 1]
    }
}

impl TryFrom<u8> for Level {
    type Error = String;

    fn try_from(number: u8) -> Result<Self, String> {
        Self::new(number).ok_or_else(|| format!("a level is 1 to 5, not {number}"))
    }
}

impl From<Level> for u8 {
    fn from(level: Level) -> Self {
        level.0
    }
}

/// The doses that a graded perturbation takes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Range {
    /// The mildest dose that may be asked for.
    pub mildest: f64,
    /// The most severe dose that may be asked for; smaller than `mildest` where less is worse.
    pub severest: f64,
}

impl Range {
    /// Whether the dose lies inside, ends included.
    #[must_use]
    pub fn contains(self, dose: f64) -> bool {
        let (low, high) =
            if self.mildest <= self.severest { (self.mildest, self.severest) } else { (self.severest, self.mildest) };
        dose >= low && dose <= high
    }

    /// The dose itself, or the end that it lies beyond; the mildest for one that is not a number.
    #[must_use]
    pub fn nearest(self, dose: f64) -> f64 {
        let (low, high) = (self.mildest.min(self.severest), self.mildest.max(self.severest));
        if dose.is_nan() { self.mildest } else { dose.max(low).min(high) }
    }
}
