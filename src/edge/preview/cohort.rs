//! A contact sheet of a cohort: one case of every diagnosis and stratum, so that a person can judge what will be shown.

use std::collections::{BTreeMap, BTreeSet};

use bedside_perturbations::Image;

use super::sheet::{Cell, Sheet, Size};
use crate::case::Case;
use crate::cohort::Cohort;
use crate::diagnosis::Lexicon;
use crate::edge::folder::Folder;
use crate::error::Error;
use crate::trial::shown;

/// The file that is written.
pub const FILE: &str = "cohort.png";

/// Writes [`FILE`]: a row per leading diagnosis, a column per value of the stratum, in each place the first photograph of
/// the first case in the cohort's order; a place that no case fills stays grey. Gives how many rows and columns.
///
/// # Errors
/// When no case has that stratum (the error names those that there are), a case cannot be read, or the file cannot be
/// written.
pub fn write(cohort: &dyn Cohort, stratum: &str, out: &Folder) -> Result<(usize, usize), Error> {
    let (first, strata) = first_cases(cohort, stratum)?;
    if first.is_empty() {
        let known = strata.into_iter().collect::<Vec<_>>().join(", ");
        return Err(Error::at(stratum, format!("no case has that stratum; there are: {known}")));
    }
    let diagnoses: BTreeSet<&str> = first.keys().map(|(diagnosis, _)| diagnosis.as_str()).collect();
    let values: BTreeSet<&str> = first.keys().map(|(_, value)| value.as_str()).collect();
    let mut sheet = Sheet::new(Size::Full, values.len(), diagnoses.len(), 1);
    for (row, diagnosis) in diagnoses.iter().enumerate() {
        let name = Lexicon::embedded().find(diagnosis).map_or(*diagnosis, |concept| concept.name.as_str());
        for (column, value) in values.iter().enumerate() {
            let case = first.get(&((*diagnosis).to_owned(), (*value).to_owned()));
            let image = case.map(|case| photograph(cohort, case)).transpose()?.flatten();
            sheet.put(column, row, &format!("{value} {name}"), &Cell::one(image.as_ref()));
        }
    }
    out.write(FILE, &sheet.file())?;
    Ok((diagnoses.len(), values.len()))
}

type First = BTreeMap<(String, String), Case>;

/// The first case with a photograph of every diagnosis and value, and the names of all strata.
fn first_cases(cohort: &dyn Cohort, stratum: &str) -> Result<(First, BTreeSet<String>), Error> {
    let (mut first, mut strata) = (First::new(), BTreeSet::new());
    for number in 0..cohort.len() {
        let case = cohort.case(number)?;
        strata.extend(case.strata.keys().cloned());
        let value = case.strata.get(stratum).filter(|_| !case.images.is_empty());
        if let (Some(diagnosis), Some(value)) = (case.truth.leading(), value) {
            first.entry((diagnosis.to_owned(), value.clone())).or_insert(case);
        }
    }
    Ok((first, strata))
}

/// The first photograph of a case as it is shown clean.
fn photograph(cohort: &dyn Cohort, case: &Case) -> Result<Option<Image>, Error> {
    let pixels = cohort.pixels(case, 0)?;
    Ok(shown(case, vec![pixels], String::new()).images.into_iter().next())
}
