//! Words that anchor the reader on a wrong diagnosis, or on how serious it is.

pub mod alarming_relative;
pub mod authority;
pub mod confirmation;
pub mod cultural;
pub mod false_consensus;
pub mod foil_impression;
pub mod frequency;
pub mod minimising_relative;
pub mod patient_online_source;
pub mod prior_diagnosis;
pub mod recency;
pub mod self_diagnosis;
pub mod status_quo;

mod plant;
