//! Exit codes: documented, stable, one meaning each.

/// How a command ended. The first that applies, in this order: ours, model, input, nothing judged, incomplete, breaks,
/// undecided, holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Every claim holds; or the command did what it was asked to.
    Holds,
    /// At least one claim breaks.
    Breaks,
    /// The command line cannot be understood, or asks for something that contradicts what is there.
    Usage,
    /// No claim breaks, but some are undecided, vacuous or not tested.
    Undecided,
    /// No claim could be judged.
    NothingJudged,
    /// A scenario, suite, protocol or cohort is invalid.
    Invalid,
    /// The model cannot be reached, is misconfigured, or does not take this cohort.
    Model,
    /// An evidence pack does not verify.
    NotVerified,
    /// The plan is not complete: an interim report was written.
    Incomplete,
    /// Our fault.
    Internal,
}

impl Exit {
    /// The number.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Holds => 0,
            Self::Breaks => 1,
            Self::Usage => 2,
            Self::Undecided => 3,
            Self::NothingJudged => 4,
            Self::Invalid => 5,
            Self::Model => 6,
            Self::NotVerified => 7,
            Self::Incomplete => 8,
            Self::Internal => 70,
        }
    }
}
