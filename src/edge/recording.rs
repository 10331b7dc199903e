//! A recording: the answers of a run as `--model replay:FILE` reads them.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use super::model::replay::{self, Recorded};
use super::store::{Outcome, Store};
use crate::error::Error;
use crate::plan::Plan;

/// Writes every answer of a run once, in the order of the plan, and says how many. Where several arms put the same question
/// and were answered differently, the first of the plan's order stands for all: a recording has one answer to a question.
///
/// # Errors
/// When the store cannot be read or the file not written.
pub fn write(plan: &Plan, store: &Store, path: &Path) -> Result<usize, Error> {
    let mut settled = BTreeMap::new();
    store.read(|one| {
        settled.insert(one.ordinal, one);
    })?;
    let mut answers = BTreeMap::new();
    for (ordinal, one) in settled {
        let (Some((trial, again)), Some(digest), Outcome::Answered(answer)) =
            (plan.asked(ordinal), one.request, one.outcome)
        else {
            continue;
        };
        answers.entry((digest, plan.repeat_of(trial, again))).or_insert(answer);
    }
    let number = answers.len();
    let at = |error| Error::at(path.display(), error);
    let mut file = BufWriter::new(File::create(path).map_err(at)?);
    for ((request_digest, repeat), answer) in answers {
        replay::write(&mut file, &Recorded { request_digest, repeat, answer }).map_err(at)?;
    }
    file.flush().map_err(at)?;
    Ok(number)
}
