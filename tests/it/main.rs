//! One binary for all tests that need more than one module, the program itself, real sockets or real processes.

#![allow(clippy::disallowed_methods, reason = "tests meet the world")]
#![allow(clippy::disallowed_types, clippy::print_stdout, reason = "tests may")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests panic")]

#[path = "../support/mod.rs"]
mod support;
#[cfg(feature = "openai")]
use support::server;

mod adjudication;
mod answers;
mod architecture;
mod broken;
mod commands;
mod determinism;
mod gallery;
mod history;
mod instruments;
mod models;
mod perturb;
mod quickstart;
mod real;
mod resume;
mod suites;
