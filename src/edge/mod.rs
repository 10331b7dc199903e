//! The edge: the only place that touches files, clocks, the environment, threads, processes and the network.
#![expect(clippy::disallowed_methods, reason = "this module is where the world is met; everything else is pure")]

pub mod model;
