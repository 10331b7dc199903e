//! Engine.

/// Statistics: exact, pure functions from counted events to estimates, intervals and verdicts.
pub mod stats;
