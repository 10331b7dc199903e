//! The cases of an import as they come in, and what is said of them in the end.

use std::collections::BTreeSet;
use std::path::Path;

use bedside_perturbations::Value;
use csv::StringRecord;
use serde::de::DeserializeOwned;

use super::{ImportError, Source, Summary, write_cohort};
use crate::case::Case;
use crate::cohort::{Exclusion, Sheet};
use crate::diagnosis::Lexicon;
use crate::edge::cohort_dir::{Leak, Told};

/// The most names in one warning.
const MOST_NAMES: usize = 20;

/// What is wrong with a line of a table. A reason never repeats a cell: it may tell whose it is.
pub(super) fn at_line(file: &Path, line: u64, why: &str) -> String {
    let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy();
    format!("{name}, line {line}: {why}")
}

/// What a column has to hold.
pub(super) fn expected(column: &str, what: &str) -> String {
    format!("column `{column}`: expected {what}")
}

/// The line on which a record of a table begins, counted from 1; 0 where it is not known.
pub(super) fn line_of(record: &StringRecord) -> u64 {
    record.position().map_or(0, csv::Position::line)
}

/// The rows of a table whose columns have fixed names; `number` tells each the line on which it begins.
///
/// # Errors
/// [`ImportError`]: the table cannot be read, or a column or its type is not as it should be.
pub(super) fn rows<T: DeserializeOwned>(path: &Path, number: impl Fn(&mut T, u64)) -> Result<Vec<T>, ImportError> {
    let failed = |error: csv::Error| ImportError::at(path, error);
    let mut reader = csv::Reader::from_path(path).map_err(failed)?;
    let header = reader.headers().map_err(failed)?.clone();
    let row = |record: Result<StringRecord, csv::Error>| {
        let record = record?;
        let mut row: T = record.deserialize(Some(&header))?;
        number(&mut row, line_of(&record));
        Ok(row)
    };
    reader.records().map(row).collect::<Result<_, _>>().map_err(failed)
}

/// The cases so far, and those that were left out.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// Rows of the source.
    pub(super) rows: usize,
    /// Cases, in the order of the source.
    pub(super) cases: Vec<Case>,
    /// What makes no case.
    pub(super) exclusions: Vec<Exclusion>,
}

impl Gathered {
    /// Keeps a case, or the reason why there is none.
    pub(super) fn take(&mut self, id: &str, case: Result<Case, String>) {
        match case {
            Ok(case) => self.cases.push(case),
            Err(reason) => self.exclusions.push(Exclusion { case: id.into(), reason }),
        }
    }

    /// Writes the cohort. `sheet` describes it; exclusions and the warnings that every import gives are filled in here.
    ///
    /// # Errors
    /// [`ImportError`]: no case is left, or the folder cannot be written.
    pub(super) fn write(self, source: &Source<'_>, sheet: Sheet) -> Result<Summary, ImportError> {
        if self.cases.is_empty() {
            let first = self.exclusions.first().map(|first| format!("; {}: {}", first.case, first.reason));
            let why = format!("no case is left of {} rows{}", self.rows, first.unwrap_or_default());
            return Err(ImportError::at(source.data, why));
        }
        let mut warnings = leaks(&self.cases);
        warnings.extend(given_away(&self.cases));
        warnings.extend(sheet.warnings);
        let sheet = Sheet { exclusions: self.exclusions, warnings, ..sheet };
        write_cohort(source.out, &sheet, &self.cases)?;
        Ok(Summary {
            rows: self.rows,
            patients: self.cases.iter().map(|case| &case.patient).collect::<BTreeSet<_>>().len(),
            photographs: self.cases.iter().map(|case| case.images.len()).sum(),
            cases: self.cases.len(),
            exclusions: sheet.exclusions,
            warnings: sheet.warnings,
        })
    }
}

/// Missing history that predicts the label.
fn leaks(cases: &[Case]) -> Vec<String> {
    let mut leak = Leak::default();
    cases.iter().for_each(|case| leak.add(&Told::of(case)));
    leak.warnings()
}

/// Histories that name a diagnosis which their own truth accepts.
fn given_away(cases: &[Case]) -> Option<String> {
    let named: Vec<&str> = cases.iter().filter(|case| names_its_truth(case)).map(|case| case.id.as_str()).collect();
    let shown: Vec<&str> = named.iter().copied().take(MOST_NAMES).collect();
    let more = named.len().saturating_sub(MOST_NAMES);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!named.is_empty()).then(|| {
        format!(
            "the history of {} of {} cases names a diagnosis that is accepted for it, perhaps as a question: {}{more}",
            named.len(),
            cases.len(),
            shown.join(", ")
        )
    })
}

fn names_its_truth(case: &Case) -> bool {
    let lexicon = Lexicon::embedded();
    let right = |text: &str| lexicon.mentions(text).iter().any(|mention| accepts(case, lexicon, mention.id));
    let stated = case.history.fields.iter().filter_map(|field| match &field.value {
        Value::Stated(text) => Some(text.as_str()),
        _ => None,
    });
    stated.chain(case.history.note.as_deref()).any(right)
}

fn accepts(case: &Case, lexicon: &Lexicon, id: &str) -> bool {
    case.truth.differential.iter().any(|(accepted, weight)| *weight > 0.0 && lexicon.judged_as(accepted) == id)
}

/// How many cases lie on skin of Fitzpatrick types V and VI.
pub(super) fn dark_skin(cases: &[Case]) -> String {
    let dark = cases.iter().filter(|case| case.tone() == Some(bedside_perturbations::Tone::Dark)).count();
    let verdict = if dark < 20 { "; nothing can be said about it" } else { "" };
    format!("skin of Fitzpatrick types V and VI: {dark} of {} cases{verdict}", cases.len())
}
