//! `bedside measure --answers FILE --mapping FILE --out DIR`: answers that exist already, without any model.

use std::path::Path;

use super::args::MeasureArgs;
use super::results;
use crate::edge::adjudicate::ByHand;
use crate::edge::answers;
use crate::error::Error;

/// Measures a table of answers, writes results and report, and returns the exit code.
pub(super) fn measure(table: &Path, args: &MeasureArgs) -> Result<u8, Error> {
    let needed = |path: &Option<std::path::PathBuf>, name: &str| {
        path.clone().ok_or_else(|| Error::Usage(format!("--answers needs --{name}")))
    };
    let (mapping, out) = (needed(&args.mapping, "mapping")?, needed(&args.out, "out")?);
    let by_hand = ByHand { out: args.adjudicate_out.as_deref(), rulings: args.adjudication.as_deref() };
    let record = answers::measure(table, &mapping, &out, by_hand)?;
    results::show(&record, &out);
    if args.json {
        super::put(&super::json(&record.summary)?)?;
    }
    Ok(record.summary.exit)
}
