//! Tables of answers that exist already: read row by row, so that only answers are kept in memory; results written.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use csv::{ErrorKind, Reader, ReaderBuilder, StringRecord};
use sha2::{Digest, Sha256};

use super::adjudicate::ByHand;
use super::folder::Folder;
use super::open::invalid;
use crate::answers::bridge::Answered;
use crate::answers::gather::{Gathered, Gatherer};
use crate::answers::{report, table};
use crate::diagnosis::Lexicon;
use crate::error::Error;
use crate::library;
use crate::mapping::{self, Mapping};
use crate::request::hex;
use bedside_reports::record::Record;

/// The largest table in bytes.
pub const MOST_BYTES: u64 = 1 << 30;
/// The most rows of a table.
pub const MOST_ROWS: u64 = 5_000_000;
/// The most columns of a table.
pub const MOST_COLUMNS: usize = 4_096;
/// The most bytes that are read of a mapping; it is refused as too large well before.
const MOST_MAPPING: u64 = 1 << 20;

/// Measures a table of answers and writes results, tables and report into a folder.
///
/// # Errors
/// When the mapping or the rulings are invalid, the table cannot be read, lacks a column, holds nothing that can be used, or the folder
/// cannot be written.
pub fn measure(answers: &Path, mapping: &Path, out: &Path, by_hand: ByHand<'_>) -> Result<Record, Error> {
    let (mapping, digest) = read_mapping(mapping)?;
    let gathered = read_table(answers, &mapping)?;
    if gathered.said.is_empty() {
        return Err(Error::Invalid(nothing_left(answers, &gathered)));
    }
    let rulings = by_hand.rulings(Lexicon::embedded())?;
    let answered = Answered::new(&mapping, &digest, &gathered, Lexicon::embedded());
    let answered = rulings.iter().fold(answered, Answered::ruled);
    by_hand.list(&answered.unmapped())?;
    let series = answered.series();
    let record = report::record(&answered, series.clone());
    let folder = Folder::make(out)?;
    folder.json("results.json", &record)?;
    for table in table::all(&answered, &series, &record) {
        folder.table(table.name, &table.columns, table.rows)?;
    }
    let html = bedside_reports::html(&record).map_err(|error| Error::Internal(error.to_string()))?;
    folder.write("report.html", html.as_bytes())?;
    Ok(record)
}

/// A mapping with its digest: a file, or the id of one that is built in.
fn read_mapping(path: &Path) -> Result<(Mapping, String), Error> {
    if let Some(entry) = path.to_str().and_then(library::mapping).filter(|_| !path.exists()) {
        let mapping = mapping::read(entry.path, entry.text.as_bytes()).map_err(|problems| invalid(&problems))?;
        return Ok((mapping, hex(&Sha256::digest(entry.text))));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| Error::at(path.display(), error))?;
    file.take(MOST_MAPPING).read_to_end(&mut bytes).map_err(|error| Error::at(path.display(), error))?;
    let mapping = mapping::read(&path.display().to_string(), &bytes).map_err(|problems| invalid(&problems))?;
    Ok((mapping, hex(&Sha256::digest(&bytes))))
}

fn read_table(path: &Path, mapping: &Mapping) -> Result<Gathered, Error> {
    let file = File::open(path).map_err(|error| Error::at(path.display(), error))?;
    let size = file.metadata().map_err(|error| Error::at(path.display(), error))?.len();
    if size > MOST_BYTES {
        return Err(refused(path, &format!("is too large ({size} bytes; at most {MOST_BYTES}); split it by reader")));
    }
    let mut table = ReaderBuilder::new().from_reader(BufReader::new(file.take(MOST_BYTES)));
    rows(&mut table, path, mapping)
}

fn rows(table: &mut Reader<impl Read>, path: &Path, mapping: &Mapping) -> Result<Gathered, Error> {
    let header = table.headers().map_err(|error| fault(path, &error))?.clone();
    if header.iter().all(|name| name.trim().is_empty()) {
        return Err(refused(path, "is empty: its first row has to name the columns"));
    }
    if header.len() > MOST_COLUMNS {
        return Err(refused(path, &format!("has {} columns; at most {MOST_COLUMNS}", header.len())));
    }
    let mut gatherer = Gatherer::new(mapping, &header).map_err(|problems| invalid(&problems))?;
    let mut row = StringRecord::new();
    let mut number = 0;
    while table.read_record(&mut row).map_err(|error| fault(path, &error))? {
        number += 1;
        if number > MOST_ROWS {
            return Err(refused(path, &format!("has more than {MOST_ROWS} rows; split it by reader")));
        }
        gatherer.add(&row);
    }
    if number == 0 {
        return Err(refused(path, "has no row below its first, which names the columns"));
    }
    Ok(gatherer.finish())
}

fn refused(path: &Path, why: &str) -> Error {
    Error::Invalid(format!("error: {} {why}", path.display()))
}

/// What the table's reader complains about, with the line.
fn fault(path: &Path, error: &csv::Error) -> Error {
    let line = error.position().map_or(0, csv::Position::line);
    let place = format!("{}:{line}", path.display());
    Error::Invalid(match error.kind() {
        ErrorKind::Utf8 { err, .. } => {
            let (column, byte) = (err.field() + 1, err.valid_up_to());
            format!(
                "error: {place}: is not UTF-8 (column {column}, after {byte} bytes of its cell); save the table as UTF-8"
            )
        }
        ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("error: {place}: this row has {len} cells, the first has {expected_len}")
        }
        _ => format!("error: {place}: {error}"),
    })
}

/// Why nothing of a table can be used.
fn nothing_left(path: &Path, gathered: &Gathered) -> String {
    let reasons = gathered.rows_out.iter().chain(&gathered.answers_out);
    let mut lines: Vec<String> = reasons.map(|(why, n)| format!("  {n} × {why}")).collect();
    let twice: u64 = gathered.duplicates.values().sum();
    lines.extend((twice > 0).then(|| format!("  {twice} × given more than once")));
    format!("error: {}: nothing of its {} rows can be used\n{}", path.display(), gathered.rows, lines.join("\n"))
}
