//! `bedside import`: a known data set becomes a cohort.

use super::args::ImportArgs;
use crate::edge::{console, import};
use crate::error::Error;
use crate::exit::Exit;

pub(super) fn import(args: &ImportArgs) -> Result<u8, Error> {
    let summary = import::import(&args.layout, &args.source, args.images.as_deref(), &args.out)?;
    console::say(&summary.to_string());
    Ok(Exit::Holds.code())
}
