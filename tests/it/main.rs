//! Everything that is tested from outside, in one binary.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "helpers of tests panic, and tests meet the world")]

mod models;
#[cfg(feature = "openai")]
#[path = "../support/server.rs"]
mod server;
