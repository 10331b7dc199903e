//! libFuzzer's entry: one input, one corruption, twice. What the bytes mean and what must hold is in `input.rs`.

#![no_main]

#[path = "../input.rs"]
mod input;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| drop(input::check(bytes)));
