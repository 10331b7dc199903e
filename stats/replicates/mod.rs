//! Resamples whole patients, many metrics at a time.
//!
//! A bootstrap replicate draws as many patients as there are, with replacement, each with all their cases (Efron 1979; for
//! clusters Field and Welsh, Journal of the Royal Statistical Society B 2007; 69: 369–390). All that a metric needs of a
//! replicate is how often each patient was drawn: its [`Weights`]. So no case is ever copied:
//!
//! | metric | computed from |
//! |---|---|
//! | a mean, a rate, a difference of them | weighted sums of per-patient sums, [`Columns`] |
//! | weighted kappa | five such sums, [`weighted_kappa`] |
//! | calibration error with bins of equal mass | one walk through the cases by confidence, [`Calibration`] |
//! | area under the risk–coverage curve | one walk through stretches of right or wrong answers, [`Risk`] |
//!
//! [`LANES`] replicates are computed side by side, each in its own lane in the same order of operations, so that a
//! replicate is the same bits on every machine, alone or among others. Replicate r draws from its own stream, keyed by r:
//! blocks may be computed in any order and on any number of threads. Nothing here starts one.

mod calibration;
mod columns;
mod kappa;
mod quantile;
mod risk;
mod weights;

pub use calibration::{Answer, Calibration};
pub use columns::Columns;
pub use kappa::{Moments, weighted_kappa};
pub use quantile::quantile;
pub use risk::Risk;
pub use weights::{Draws, LANES, Weights};
