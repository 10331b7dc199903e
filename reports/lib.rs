//! Bedside's records as self-contained pages and tables.
//!
//! Records in, bytes out: no files, no clock, no statistics.

pub mod record;
