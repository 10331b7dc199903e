//! SCIN (Ward et al., JAMA Netw Open 2024, doi 10.1001/jamanetworkopen.2024.46615): the folder that holds
//! `scin_cases.csv` and `scin_labels.csv`, joined on `case_id`.
//!
//! A case is one contribution with up to three photographs. The reference is the weighted differential of up to three
//! dermatologists; its weights are kept. The form has no prose, so the history has facts and no note. A contribution does not say whose it is, so every case is its own cluster.
//! `related_category`, race and the labels never reach a stimulus. Urgency is not part of the data.

mod history;
mod literal;
mod row;

use std::collections::BTreeMap;
use std::path::Path;

use bedside_perturbations::View;

use self::literal::weights;
use self::row::{Columns, Row};
use super::gathered::{Gathered, at_line, dark_skin, expected, line_of};
use super::{ImportError, Named, Source, Summary, add_photos, make_folder, truth};
use crate::case::Case;
use crate::cohort::{Scale, Sheet};

/// The two tables.
const CASES: &str = "scin_cases.csv";
const LABELS: &str = "scin_labels.csv";
/// The column that joins them.
const ID: &str = "case_id";
/// The column of weighted differentials.
const DIFFERENTIAL: &str = "weighted_skin_condition_label";

/// Groups of origin that a contributor could tick.
const RACES: &[&str] = &[
    "american_indian_or_alaska_native",
    "asian",
    "black_or_african_american",
    "hispanic_latino_or_spanish_origin",
    "middle_eastern_or_north_african",
    "native_hawaiian_or_pacific_islander",
    "white",
    "other_race",
    "prefer_not_to_answer",
    "two_or_more_after_mitigation",
];

/// The columns of contributions: every one that is read, since a missing one would pass for silence.
fn case_columns() -> Vec<String> {
    let plain = [ID, "fitzpatrick_skin_type", "related_category"].map(String::from);
    let races = RACES.iter().map(|race| format!("race_ethnicity_{race}"));
    let photos = (1..=3).flat_map(|n| [format!("image_{n}_path"), format!("image_{n}_shot_type")]);
    plain.into_iter().chain(history::columns()).chain(races).chain(photos).collect()
}

/// The columns of labels.
fn label_columns() -> Vec<String> {
    let tones = (1..=3).map(|n| format!("dermatologist_fitzpatrick_skin_type_label_{n}"));
    [ID, DIFFERENTIAL].map(String::from).into_iter().chain(tones).collect()
}

/// Imports the data set.
///
/// # Errors
/// [`ImportError`]: a table cannot be read or lacks a column, no case is left, or the folder cannot be written.
pub(super) fn import(source: &Source<'_>) -> Result<Summary, ImportError> {
    let labels = labels(&source.data.join(LABELS))?;
    let path = source.data.join(CASES);
    let mut reader = open(&path, &case_columns())?;
    let columns = columns(&mut reader, &path)?;
    let ids = ids(&path)?;
    let mut gathered = Gathered::default();
    let made = make_folder(source.out)?;
    for record in reader.records() {
        let record = record.map_err(|error| ImportError::at(&path, error))?;
        gathered.rows += 1;
        let (row, line) = (Row::new(&columns, &record), line_of(&record));
        let (id, case) = match row.text(ID) {
            "" => (format!("line {line}"), Err("it has no case_id".into())),
            id if ids.get(id) == Some(&1) => (id.to_owned(), case(row, labels.get(id), source)),
            id => (id.to_owned(), Err("its id occurs more than once".into())),
        };
        gathered.take(&id, case.map_err(|why: String| at_line(&path, line, &why)));
    }
    let mut sheet = sheet(&gathered.cases);
    sheet.warnings.extend(without_case(&labels, &ids));
    made.keep(gathered.write(source, sheet)?)
}

/// How many labels belong to no contribution.
fn without_case(labels: &Labels, ids: &BTreeMap<String, usize>) -> Option<String> {
    let count = labels.keys().filter(|id| !ids.contains_key(*id)).count();
    (count > 0).then(|| format!("{count} of {} ids in {LABELS} have no contribution in {CASES}", labels.len()))
}

type Reader = csv::Reader<std::fs::File>;

/// Opens a table and checks that it has the columns that are needed.
fn open(path: &Path, needed: &[String]) -> Result<Reader, ImportError> {
    let mut reader = csv::Reader::from_path(path).map_err(|error| ImportError::at(path, error))?;
    let columns = columns(&mut reader, path)?;
    match needed.iter().find(|name| !columns.has(name)) {
        Some(name) => Err(ImportError::at(path, format!("it has no column `{name}`{}", columns.nearest(name)))),
        None => Ok(reader),
    }
}

fn columns(reader: &mut Reader, path: &Path) -> Result<Columns, ImportError> {
    reader.headers().map(Columns::of).map_err(|error| ImportError::at(path, error))
}

/// How often each id occurs.
fn ids(path: &Path) -> Result<BTreeMap<String, usize>, ImportError> {
    let mut reader = open(path, &[ID.to_owned()])?;
    let columns = columns(&mut reader, path)?;
    let mut ids: BTreeMap<String, usize> = BTreeMap::new();
    for record in reader.records() {
        let record = record.map_err(|error| ImportError::at(path, error))?;
        *ids.entry(Row::new(&columns, &record).text(ID).to_owned()).or_default() += 1;
    }
    Ok(ids)
}

/// What is kept of a row of labels.
#[derive(Debug, Clone, Default)]
struct Label {
    /// Its line in the file, counted from 1.
    line: u64,
    /// The line of a second row for the same id.
    again: Option<u64>,
    differential: String,
    /// Fitzpatrick types that dermatologists read off the photographs.
    tones: Vec<String>,
}

/// Labels by id.
type Labels = BTreeMap<String, Label>;

fn labels(path: &Path) -> Result<Labels, ImportError> {
    let mut reader = open(path, &label_columns())?;
    let columns = columns(&mut reader, path)?;
    let mut labels = Labels::new();
    for record in reader.records() {
        let record = record.map_err(|error| ImportError::at(path, error))?;
        let row = Row::new(&columns, &record);
        let line = line_of(&record);
        let read = labels.entry(row.text(ID).to_owned()).and_modify(|label| label.again = Some(line));
        read.or_insert_with(|| label(row, line));
    }
    Ok(labels)
}

fn label(row: Row<'_>, line: u64) -> Label {
    let tone = |n: u8| row.text(&format!("dermatologist_fitzpatrick_skin_type_label_{n}")).to_owned();
    Label {
        line,
        again: None,
        differential: row.text(DIFFERENTIAL).to_owned(),
        tones: (1..=3).map(tone).filter(|tone| !tone.is_empty()).collect(),
    }
}

fn case(row: Row<'_>, label: Option<&Label>, source: &Source<'_>) -> Result<Case, String> {
    let id = row.text(ID);
    let label = label.ok_or("it has no row of labels")?;
    if let Some(again) = label.again {
        return Err(format!("{LABELS} has labels for it on line {} and again on line {again}", label.line));
    }
    let labelled = |why| format!("{LABELS}, line {}: {why}", label.line);
    let differential =
        weights(&label.differential).map_err(|why| labelled(format!("column `{DIFFERENTIAL}`: {why}")))?;
    if differential.is_empty() {
        return Err("no dermatologist named a condition".into());
    }
    let mut case = Case {
        id: id.to_owned(),
        patient: id.to_owned(),
        lesion_id: None,
        images: Vec::new(),
        history: history::history(row)?,
        truth: truth::weighted(&differential, "dermatologists, weighted").map_err(labelled)?,
        strata: strata(row, label)?,
    };
    add_photos(&mut case, &photos(row)?, source)?;
    Ok(case)
}

/// The photographs of a contribution, in order.
fn photos(row: Row<'_>) -> Result<Vec<Named>, String> {
    let mut photos = Vec::new();
    for n in 1..=3 {
        let file = row.text(&format!("image_{n}_path"));
        if file.is_empty() {
            continue;
        }
        let shot_type = format!("image_{n}_shot_type");
        let view = match row.text(&shot_type) {
            "CLOSE_UP" | "" => View::Close,
            "AT_AN_ANGLE" => View::Oblique,
            "AT_DISTANCE" => View::Regional,
            _ => return Err(expected(&shot_type, "CLOSE_UP, AT_AN_ANGLE, AT_DISTANCE or nothing")),
        };
        photos.push(Named { file: file.to_owned(), view });
    }
    if photos.is_empty() { Err("it has no photograph".into()) } else { Ok(photos) }
}

/// Groups: what the contributor said of themselves; the skin type, where they gave none, as most dermatologists read it.
fn strata(row: Row<'_>, label: &Label) -> Result<BTreeMap<String, String>, String> {
    let mut strata = BTreeMap::new();
    let own = row.text("fitzpatrick_skin_type");
    let tone = if own.is_empty() || own == "NONE_SELECTED" {
        let read = most_frequent(&label.tones).map(fitzpatrick).transpose();
        read.map_err(|what| {
            let column = "dermatologist_fitzpatrick_skin_type_label_1 … 3";
            format!("{LABELS}, line {}: {}", label.line, expected(column, what))
        })?
    } else {
        Some(fitzpatrick(own).map_err(|what| expected("fitzpatrick_skin_type", what))?)
    };
    strata.extend(tone.map(|tone| ("skin_tone".to_owned(), tone.to_owned())));
    let named = [("sex", history::sex(row)?), ("age_band", history::age(row)?)];
    let stated = named.into_iter().filter_map(|(name, value)| match value {
        bedside_perturbations::Value::Stated(text) => Some((name.to_owned(), text)),
        _ => None,
    });
    strata.extend(stated);
    let related = row.text("related_category").to_lowercase();
    if !related.is_empty() {
        strata.insert("related_category".into(), related);
    }
    let race = row.ticked("race_ethnicity_")?;
    if !race.is_empty() {
        strata.insert("race_ethnicity".into(), race.join("+"));
    }
    Ok(strata)
}

/// The type of a code; the error is what was expected.
fn fitzpatrick(code: &str) -> Result<&'static str, &'static str> {
    const TYPES: [(&str, &str); 6] =
        [("FST1", "I"), ("FST2", "II"), ("FST3", "III"), ("FST4", "IV"), ("FST5", "V"), ("FST6", "VI")];
    let found = TYPES.iter().find(|(known, _)| *known == code);
    found.map(|(_, tone)| *tone).ok_or("FST1 to FST6, or nothing")
}

/// The value that occurs most often; among equals the first in order.
fn most_frequent(values: &[String]) -> Option<&str> {
    let count = |value: &String| values.iter().filter(|other| *other == value).count();
    values.iter().max_by(|a, b| count(a).cmp(&count(b)).then_with(|| b.cmp(a))).map(String::as_str)
}

fn sheet(cases: &[Case]) -> Sheet {
    Sheet {
        format: 1,
        name: "SCIN".into(),
        licence: "SCIN Data Use License".into(),
        citation: Some("Ward et al., JAMA Netw Open 2024, doi 10.1001/jamanetworkopen.2024.46615".into()),
        provenance:
            "Imported from scin_cases.csv and scin_labels.csv. One case per contribution, with facts and without \
                     a note: the form has no prose. The category that contributors chose, race and all labels are kept \
                     out of what is shown. Photographs are stored anew without metadata."
                .into(),
        language: Some("en".into()),
        synthetic: false,
        label_sources: vec!["up to three dermatologists from the photographs, as a weighted differential".into()],
        fields: history::meanings(),
        necessity: Vec::new(),
        triage: Scale::default(),
        exclusions: Vec::new(),
        warnings: vec![
            "a contribution does not say whose it is: two of one person count as two patients".into(),
            dark_skin(cases),
        ],
    }
}

#[cfg(test)]
mod tests;
