//! Statistics: exact, pure functions from counted events to estimates, intervals and verdicts.
//!
//! Nothing here reads a file, asks a model or draws a number other than from a stream that it is given, and nothing here
//! knows what the events mean. Patients are the clusters: every interval for a verdict widens when a patient brings several cases. All arithmetic is `+ − × ÷ √`
//! and `libm`, and sums are added in the order of their terms' size, so results are the same bits on every machine and
//! for every order of the cases.
//!
//! | to know | look in |
//! |---|---|
//! | what is printed | [`Estimate`], [`Method`] |
//! | a rate | [`proportion()`], [`Proportion`], [`clopper_pearson`], [`wilson`] |
//! | two rates of different cases | [`difference_between`] |
//! | two rates of the same cases | [`difference()`], [`newcombe`], [`tango`], [`uptake`], [`mcnemar_exact`], [`mcnemar_mid`] |
//! | a continuous metric | [`Resampler`], [`Bootstrap`], [`cluster_skew_t`], [`cluster_t`], [`cluster_normal`], [`wilcoxon`], [`sign_flip`] |
//! | how a rate moves with the dose | [`trend()`], [`Resampler::rise`], [`theil_sen`], [`isotonic`], [`kendall`], [`trapezoids`], [`ratio()`], [`half_dose`], [`down_to`] |
//! | whether a change is small enough | [`equivalence`] |
//! | agreement of two answers | [`rank_biased_overlap`], [`jaccard`], [`coverage`], [`jensen_shannon`], [`total_variation`] |
//! | a whole arm | [`agreement()`], [`weighted_kappa`], [`brier`], [`calibration_error`], [`risk_coverage_area`] |
//! | what each of several parts adds | [`shapley()`], [`shapley_sampled`], [`leave_one_out`], [`add_one_in`] |
//! | several tests at once | [`holm`], [`benjamini_hochberg`], [`max_t`], [`max_t_of_cells`] |
//! | what a plan can show | [`thresholds`], [`chance_to_hold`], [`needed`] |
//! | a verdict | [`judge`], [`envelope`], [`claim_p`] |

mod agreement;
mod between;
mod binomial;
mod bootstrap;
mod bound;
mod brier;
mod cluster;
mod confidence;
mod difference;
mod divergence;
mod dose;
mod equivalence;
mod estimate;
mod half;
mod jaccard;
mod max_t;
mod mcnemar;
mod multiplicity;
mod paired;
mod power;
mod proportion;
mod rank;
mod ratio;
pub mod replicates;
mod resample;
mod shapley;
mod sign_flip;
mod special;
mod sum;
mod trend;
mod verdict;
mod wilcoxon;

#[cfg(test)]
mod calibration;
#[cfg(test)]
mod coverage;
#[cfg(test)]
mod known_answers;
#[cfg(test)]
mod verdict_tests;

pub use agreement::{agreement, weighted_kappa};
pub use between::difference_between;
pub use binomial::{at_least, cumulative, probability};
pub use bootstrap::{BOOTSTRAP_FROM, Bootstrap, REPLICATES};
pub use bound::Bound;
pub use brier::{brier, brier_of_all};
pub use cluster::{Clusters, FEWEST_PATIENTS, Observation, cluster_normal, cluster_skew_t, cluster_t};
pub use confidence::{BINS, OfArm, Stated, calibration_error, risk_coverage_area};
pub use difference::{difference, newcombe, tango};
pub use divergence::{jensen_shannon, total_variation};
pub use dose::{down_to, isotonic, kendall, theil_sen, trapezoids};
pub use equivalence::{Equivalence, equivalence};
pub use estimate::{Estimate, LEVEL, Method, VERDICT_ERROR};
pub use half::{Half, Worth, half_dose};
pub use jaccard::{coverage, jaccard};
pub use max_t::{max_t, max_t_of_cells};
pub use mcnemar::{mcnemar_exact, mcnemar_mid};
pub use multiplicity::{benjamini_hochberg, claim_p, holm};
pub use paired::{Arms, Paired, Table};
pub use power::{Needed, Sample, Thresholds, chance_to_break, chance_to_hold, fewest_to_hold, needed, thresholds};
pub use proportion::{Proportion, clopper_pearson, proportion, wilson};
pub use rank::{PERSISTENCE, rank_biased_overlap};
pub use ratio::{ratio, uptake};
pub use resample::{BOOTSTRAP_MEANS_FROM, Resampler};
pub use shapley::{MOST_PLAYERS, Sampled, add_one_in, everybody, leave_one_out, shapley, shapley_sampled};
pub use sign_flip::{SignFlip, sign_flip};
pub use special::{Tails, beta_quantile, beta_tails, normal_quantile, normal_share, normal_tail, t_quantile, t_tails};
pub use sum::sum;
pub use trend::{AtDoses, Fall, PERMUTATIONS, Trend, trend};
pub use verdict::{
    LEAST_PATIENTS, LevelEvidence, LevelRuling, LineEvidence, Ruling, Size, Verdict, Why, envelope, judge,
};
pub use wilcoxon::{SignedRank, wilcoxon};
