//! Answers that exist already: from the rows of a table to the same results and report as a run's, without any model.
//!
//! | step | where |
//! |---|---|
//! | rows → answers by reader, question, case and arm; duplicates and misfits left out, each with its reason | [`gather`] |
//! | an answer → a reading | [`read`] |
//! | the answers of one reader to one question → a [`Plan`](crate::plan::Plan) with its slots, to be measured as a run is | [`bridge`] |
//! | do the two versions of a case belong together at all? | [`pairing`] |
//! | people who saw different versions: disagreement between versions less that within one | [`panel`] |
//! | all of it → the record that a report is made from, and tables | [`report`], [`table`] |
//!
//! Nothing here depends on the order of the rows: what is left out is named by case and arm, and the digest of the rows
//! is that of a set.

pub mod bridge;
pub mod cell;
pub mod gather;
pub mod pairing;
pub mod panel;
pub mod read;
pub mod report;
pub mod table;

#[cfg(test)]
pub(crate) mod tests;
