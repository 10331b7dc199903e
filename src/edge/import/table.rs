//! Any table of cases (CSV), with a mapping file that says what its columns mean.
//!
//! Rows with one case id are the photographs of one case and have to agree in everything else. A column that holds the
//! truth cannot be shown: the mapping is then refused, and so is a field that tells the truth in other words. Columns that no entry names are left out, and named.

mod cell;
mod hidden;
mod mapping;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use bedside_perturbations::{Field, History, Value};
use csv::StringRecord;

use self::cell::{age_group, state};
use self::hidden::Hidden;
use self::mapping::{Column, Header, Mapping};
use super::gathered::{Gathered, at_line, expected, line_of};
use super::{ImportError, Named, Source, Summary, add_photos, make_folder, truth};
use crate::case::{Case, TriageTruth, Truth};
use crate::cohort::{Scale, Sheet};
use crate::diagnosis::Lexicon;
use crate::yaml::Diagnostic;

/// Imports a table.
///
/// # Errors
/// [`ImportError`]: the mapping does not fit the table, the table cannot be read, no case is left, or the folder cannot
/// be written.
pub(super) fn import(source: &Source<'_>) -> Result<Summary, ImportError> {
    let place = source.mapping.ok_or_else(|| ImportError::at(source.data, "a table needs --mapping FILE"))?;
    let bytes = fs::read(place).map_err(|error| ImportError::at(place, error))?;
    let name = place.display().to_string();
    let separator = mapping::separator(&name, &bytes).map_err(refused)?;
    let mut reader = open(source.data, separator)?;
    let header = header(&mut reader, source.data)?;
    let mapping = mapping::read(&name, &bytes, &header).map_err(refused)?;
    let made = make_folder(source.out)?;
    let (rows, cases) = grouped(&mut reader, &mapping, source.data)?;
    let mut gathered = Gathered { rows, ..Gathered::default() };
    let mut hidden = Hidden::default();
    for (id, rows) in cases {
        let line = rows.first().map_or(0, line_of);
        let case = case(&id, &rows, &mapping, &header, source);
        if let (Ok(case), Some(row)) = (&case, rows.first()) {
            hidden.add(case, row, &mapping);
        }
        gathered.take(&id, case.map_err(|why| at_line(source.data, line, &why)));
    }
    if let Some(why) = hidden.refusal(&header) {
        return Err(ImportError::at(source.data, why));
    }
    let mut sheet = sheet(&mapping, &header, &gathered.cases);
    sheet.warnings.extend(hidden.warnings(&header));
    made.keep(gathered.write(source, sheet)?)
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn refused(problems: Vec<Diagnostic>) -> ImportError {
    ImportError::Mapping(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n\n"))
}

type Reader = csv::Reader<fs::File>;

fn open(path: &Path, separator: u8) -> Result<Reader, ImportError> {
    csv::ReaderBuilder::new().delimiter(separator).from_path(path).map_err(|error| ImportError::at(path, error))
}

fn header(reader: &mut Reader, path: &Path) -> Result<Header, ImportError> {
    let header = reader.headers().map_err(|error| ImportError::at(path, error))?;
    let header = Header::of(header);
    match header.twice() {
        Some(name) => Err(ImportError::at(path, format!("it has two columns named `{name}`"))),
        None => Ok(header),
    }
}

/// The number of rows, and the rows by case.
type Grouped = (usize, BTreeMap<String, Vec<StringRecord>>);

fn grouped(reader: &mut Reader, mapping: &Mapping, path: &Path) -> Result<Grouped, ImportError> {
    let mut cases: BTreeMap<String, Vec<StringRecord>> = BTreeMap::new();
    let mut count = 0;
    for record in reader.records() {
        let record = record.map_err(|error| ImportError::at(path, error))?;
        count += 1;
        let id = cell(&record, mapping.case);
        let id = if id.is_empty() { format!("line {}", line_of(&record)) } else { id.to_owned() };
        cases.entry(id).or_default().push(record);
    }
    Ok((count, cases))
}

/// The text of a cell without white space around it.
fn cell(record: &StringRecord, column: usize) -> &str {
    record.get(column).map_or("", str::trim)
}

fn case(
    id: &str,
    rows: &[StringRecord],
    mapping: &Mapping,
    header: &Header,
    source: &Source<'_>,
) -> Result<Case, String> {
    let row = rows.first().ok_or("no row")?;
    if cell(row, mapping.case).is_empty() {
        return Err("it has no case id".into());
    }
    agree(rows, mapping, header)?;
    let patient = cell(row, mapping.patient);
    if patient.is_empty() {
        return Err("it has no patient".into());
    }
    let lesion = mapping.lesion.map(|column| cell(row, column)).filter(|lesion| !lesion.is_empty());
    let mut case = Case {
        id: id.to_owned(),
        patient: patient.to_owned(),
        lesion_id: lesion.map(str::to_owned),
        images: Vec::new(),
        history: history(row, mapping, header)?,
        truth: reference(row, mapping, header)?,
        strata: strata(row, mapping),
    };
    add_photos(&mut case, &photos(rows, mapping)?, source)?;
    Ok(case)
}

/// Whether the rows of a case say the same of everything but photographs.
fn agree(rows: &[StringRecord], mapping: &Mapping, header: &Header) -> Result<(), String> {
    if rows.len() > 1 && mapping.images.is_empty() {
        return Err(format!("its id occurs in {} rows", rows.len()));
    }
    let images: BTreeSet<usize> = mapping.images.iter().map(|(column, _)| *column).collect();
    let differs = |column: &usize| {
        rows.windows(2).any(|pair| matches!(pair, [one, other] if cell(one, *column) != cell(other, *column)))
    };
    match mapping.used.iter().filter(|column| !images.contains(column)).find(|column| differs(column)) {
        Some(column) => Err(format!("its rows say different things in the column `{}`", header.name(*column))),
        None => Ok(()),
    }
}

/// The photographs of a case, row by row.
fn photos(rows: &[StringRecord], mapping: &Mapping) -> Result<Vec<Named>, String> {
    let named = rows.iter().flat_map(|row| {
        mapping.images.iter().map(|(column, view)| Named { file: cell(row, *column).to_owned(), view: *view })
    });
    let photos: Vec<Named> = named.filter(|photo| !photo.file.is_empty()).collect();
    let mut seen = BTreeSet::new();
    match photos.iter().position(|photo| !seen.insert(&photo.file)) {
        Some(at) => Err(format!("photograph {} is listed twice", at + 1)),
        None => Ok(photos),
    }
}

fn history(row: &StringRecord, mapping: &Mapping, header: &Header) -> Result<History, String> {
    let mut fields = Vec::new();
    for field in &mapping.fields {
        let value = state(cell(row, field.column), field).map_err(|what| expected(header.name(field.column), &what))?;
        fields.push(Field { name: field.name.clone(), kind: field.kind, value });
    }
    let note = mapping.note.map(|column| cell(row, column)).filter(|note| !note.is_empty());
    Ok(History { fields, note: note.map(str::to_owned) })
}

/// The truth of a row.
fn reference(row: &StringRecord, mapping: &Mapping, header: &Header) -> Result<Truth, String> {
    let source = mapping.truth.source.map_or("not stated", |column| cell(row, column));
    let wanted = |column: &Column, what: &str| expected(header.name(column.column), what);
    let diagnosis = &mapping.truth.diagnosis;
    let list = weighted_names(row, diagnosis, mapping.truth.weighted).map_err(|what| wanted(diagnosis, what))?;
    let truth = truth::weighted(&list, source)?;
    let triage = match &mapping.truth.triage {
        Some((ideal, safe)) => {
            let place = |of_ideal: bool, what: &str| wanted(if of_ideal { ideal } else { safe }, what);
            triage(&ideal.value(row), &safe.value(row), place)?
        }
        None => None,
    };
    let mut truth = truth::with_triage(truth, triage);
    if let Some(column) = &mapping.truth.dangerous {
        truth.dangerous = match state(cell(row, column.column), column).map_err(|what| wanted(column, &what))? {
            Value::Yes => true,
            Value::No => false,
            _ => return Err(wanted(column, "yes or no")),
        };
    }
    if let Some(column) = &mapping.truth.must_consider {
        let names = column.value(row);
        let names = names.split(';').map(str::trim).filter(|name| !name.is_empty());
        truth.must_consider = names
            .map(|name| known(name, &column.values))
            .collect::<Result<_, _>>()
            .map_err(|what| wanted(column, what))?;
    }
    Ok(truth)
}

/// The diagnoses of a cell with their weights: one name, or `name: weight; name: weight`. The error is what was expected.
fn weighted_names(row: &StringRecord, column: &Column, weighted: bool) -> Result<Vec<(String, f64)>, &'static str> {
    let text = cell(row, column.column);
    if text.is_empty() {
        return Err("a reference diagnosis");
    }
    if !weighted {
        return Ok(vec![(known(text, &column.values)?, 1.0)]);
    }
    let pair = |part: &str| {
        let (name, weight) = part.rsplit_once(':').ok_or("`diagnosis: weight; diagnosis: weight`")?;
        let weight = weight.trim().parse::<f64>().map_err(|_| "a number as the weight of each diagnosis")?;
        Ok((known(name.trim(), &column.values)?, weight))
    };
    text.split(';').map(str::trim).filter(|part| !part.is_empty()).map(pair).collect()
}

/// The id of a diagnosis that the mapping or the lexicon knows. The error is what was expected.
fn known(name: &str, values: &BTreeMap<String, String>) -> Result<String, &'static str> {
    let lexicon = Lexicon::embedded();
    let id = truth::id(values.get(name).map_or(name, String::as_str), lexicon);
    let unknown = "a diagnosis that the lexicon knows, or one that `values` of the truth translate";
    lexicon.find(&id).map(|_| id.clone()).ok_or(unknown)
}

/// The urgency of two cells; none where both are empty. `place` says in which of the two (true: the ideal) what was
/// expected.
fn triage(ideal: &str, safe: &str, place: impl Fn(bool, &str) -> String) -> Result<Option<TriageTruth>, String> {
    let scale = Scale::default();
    if ideal.is_empty() && safe.is_empty() {
        return Ok(None);
    }
    let step = |word: &str, of_ideal| match scale.rank(&word.to_lowercase()) {
        Some(_) => Ok(word.to_lowercase()),
        None => Err(place(of_ideal, "emergency, urgent, soon or routine; say what other words mean in `values`")),
    };
    let (ideal, least_urgent_safe) = (step(ideal, true)?, step(if safe.is_empty() { ideal } else { safe }, false)?);
    if scale.rank(&ideal) > scale.rank(&least_urgent_safe) {
        return Err("its least urgent safe triage is more urgent than the ideal".into());
    }
    Ok(Some(TriageTruth { ideal, least_urgent_safe }))
}

fn strata(row: &StringRecord, mapping: &Mapping) -> BTreeMap<String, String> {
    let group = |(name, column): &(String, Column)| {
        let value = column.value(row);
        let value = if name == "age_band" { age_group(&value)? } else { value };
        (!value.is_empty()).then(|| (name.clone(), value))
    };
    mapping.strata.iter().filter_map(group).collect()
}

fn sheet(mapping: &Mapping, header: &Header, cases: &[Case]) -> Sheet {
    let mut sources: BTreeMap<&str, usize> = BTreeMap::new();
    cases.iter().for_each(|case| *sources.entry(&case.truth.source).or_default() += 1);
    let unused = header.others(&mapping.used);
    let left_out = (!unused.is_empty()).then(|| format!("columns left out of the cohort: {}", unused.join(", ")));
    Sheet {
        format: 1,
        name: mapping.name.clone(),
        licence: mapping.licence.clone(),
        citation: mapping.citation.clone(),
        provenance: mapping.provenance.clone(),
        language: Some(mapping.language.clone()),
        synthetic: mapping.synthetic,
        label_sources: sources.iter().map(|(source, n)| format!("{source}: {n} of {} cases", cases.len())).collect(),
        fields: mapping.fields.iter().map(|field| (field.name.clone(), field.meaning.clone())).collect(),
        necessity: Vec::new(),
        triage: Scale::default(),
        exclusions: Vec::new(),
        warnings: left_out.into_iter().collect(),
    }
}

#[cfg(test)]
mod tests;
