//! The edge: the only place that touches files, clocks, the environment, threads, processes and the network.
#![expect(clippy::disallowed_methods, reason = "this module is where the world is met; everything else is pure")]

pub mod adjudicate;
pub mod answers;
pub mod clean;
pub mod cohort_dir;
pub mod console;
pub mod decode;
pub mod examples;
pub mod folder;
pub mod import;
pub mod marked;
pub mod measure;
pub mod model;
pub mod open;
pub mod perturb;
pub mod pool;
pub mod preview;
pub mod recording;
pub mod run;
pub mod store;
#[cfg(feature = "train")]
pub mod train;
pub mod wire;

/// Ends the process at once, with that code. The run store is written in whole transactions, so nothing is half kept.
pub fn leave(code: u8) -> ! {
    std::process::exit(i32::from(code))
}

/// How many threads the machine runs at once.
#[must_use]
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// The time, in seconds since 1970; only for the journal of a run, never for a result.
#[must_use]
pub fn unix_seconds() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
