//! Statistics: exact, pure functions from counted events to estimates, intervals and verdicts.
//!
//! Nothing here reads a file, asks a model or draws a number, and nothing here knows what the events mean. Patients are
//! the clusters: every interval for a verdict widens when a patient brings several cases. All arithmetic is `+ − × ÷ √`
//! and `libm`, and sums are added in the order of their terms' size, so results are the same bits on every machine and
//! for every order of the cases.
//!
//! | to know | look in |
//! |---|---|
//! | what is printed | [`Estimate`], [`Method`] |
//! | a rate | [`proportion()`], [`Proportion`], [`clopper_pearson`], [`wilson`] |
//! | two rates of the same cases | [`difference()`], [`newcombe`], [`tango`], [`uptake`], [`mcnemar_exact`], [`mcnemar_mid`] |
//! | a continuous metric | [`cluster_t`] |
//! | agreement | [`weighted_kappa`], [`rank_biased_overlap`] |
//! | what a plan can show | [`thresholds`], [`chance_to_hold`], [`needed`] |
//! | a verdict | [`judge`], [`envelope`], [`holm`], [`benjamini_hochberg`] |

mod agreement;
mod binomial;
mod bound;
mod cluster;
mod difference;
mod estimate;
mod mcnemar;
mod multiplicity;
mod paired;
mod power;
mod proportion;
mod rank;
mod ratio;
mod special;
mod sum;
mod verdict;

#[cfg(test)]
mod calibration;
#[cfg(test)]
mod known_answers;
#[cfg(test)]
mod verdict_tests;

pub use agreement::weighted_kappa;
pub use binomial::{at_least, cumulative, probability};
pub use bound::Bound;
pub use cluster::{Clusters, FEWEST_PATIENTS, Observation, cluster_t};
pub use difference::{difference, newcombe, tango};
pub use estimate::{Estimate, LEVEL, Method, VERDICT_ERROR};
pub use mcnemar::{mcnemar_exact, mcnemar_mid};
pub use multiplicity::{benjamini_hochberg, claim_p, holm};
pub use paired::{Arms, Paired, Table};
pub use power::{Needed, Sample, Thresholds, chance_to_break, chance_to_hold, fewest_to_hold, needed, thresholds};
pub use proportion::{Proportion, clopper_pearson, proportion, wilson};
pub use rank::{PERSISTENCE, rank_biased_overlap};
pub use ratio::uptake;
pub use special::{Tails, beta_quantile, beta_tails, normal_quantile, t_quantile};
pub use sum::sum;
pub use verdict::{
    LEAST_PATIENTS, LevelEvidence, LevelRuling, LineEvidence, Ruling, Size, Verdict, Why, envelope, judge,
};
