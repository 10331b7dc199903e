//! Bedside stress-tests medical multimodal models: it corrupts what a model is shown, asks it about the clean and the
//! corrupted case, and measures how its answers shift. A test tool for models, not a medical device.
//!
//! A **case** is what a clinician would show a model. A **scenario** says what may go wrong with it and what a
//! dependable model should then do. A **plan** lists every trial before the first request is sent. Each trial makes a
//! **request**, gets an **answer**, and is read into a **reading**. A **shift** compares two readings of the same case.
//! **Sensitivity** is what many shifts say, with its uncertainty. **Evidence** is all of it, written so that a stranger
//! can check it.

pub mod answer;
pub mod answers;
#[cfg(test)]
mod calibration;
pub mod case;
pub mod check;
pub mod cli;
pub mod cohort;
pub mod diagnosis;
pub mod edge;
pub mod error;
pub mod event;
pub mod evidence;
pub mod exit;
pub mod foil;
pub mod forecast;
pub mod library;
pub mod mapping;
pub mod metrics;
pub mod necessity;
pub mod phantom;
pub mod plan;
pub mod protocol;
pub mod readers;
pub mod reading;
pub mod reliance;
pub mod request;
pub mod scenario;
pub mod schema;
pub mod seed;
pub mod sensitivity;
pub mod shift;
pub mod steadiness;
pub mod suite;
#[cfg(test)]
mod tables;
pub mod treatment;
pub mod trial;
pub mod words;
pub mod yaml;

pub use bedside_stats as stats;
