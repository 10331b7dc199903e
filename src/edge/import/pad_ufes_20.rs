//! PAD-UFES-20 (Pacheco et al., Data in Brief 32 (2020) 106221, doi 10.17632/zr7vgbcyr2.1): `metadata.csv` and PNGs.
//!
//! A case is one lesion of one patient (`patient_id`, `lesion_id`; lesion ids repeat across patients) with all its
//! photographs; the cluster is the patient. `diagnostic`, `biopsed` and file names are the truth's business and never
//! part of what a model is shown. `UNK` is the state unknown, an empty cell is a fact that was never asked (deleted).
//!
//! Urgency (NICE NG12, suspected cancer): melanoma and squamous cell carcinoma within two weeks; basal cell carcinoma
//! by routine referral, for which eight weeks count as ideal; the benign three are routine. The three cancers are
//! dangerous.

mod history;
mod necessity;

use std::collections::BTreeMap;
use std::path::Path;

use bedside_perturbations::{Modality, Value, View};
use serde::Deserialize;

use self::history::{age, history, meanings, stated};
use super::gathered::{Gathered, at_line, dark_skin, expected, rows};
use super::read_note::age_band;
use super::{ImportError, Source, Summary, locate, make_folder, store_photo};
use crate::case::{Case, Photo, TriageTruth, Truth};
use crate::cohort::{Scale, Sheet};

/// Boxes of lesions, drawn by eye for some photographs: file name, left, top, width, height in pixels.
const BOXES: &str = include_str!("pad_ufes_20_boxes.csv");

/// One row of `metadata.csv`: one photograph.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Row {
    /// Its line in the file, counted from 1.
    #[serde(skip)]
    line: u64,
    patient_id: String,
    lesion_id: String,
    smoke: String,
    drink: String,
    background_father: String,
    background_mother: String,
    age: String,
    pesticide: String,
    gender: String,
    skin_cancer_history: String,
    cancer_history: String,
    has_piped_water: String,
    has_sewage_system: String,
    fitspatrick: String,
    region: String,
    diameter_1: String,
    diameter_2: String,
    diagnostic: String,
    itch: String,
    grew: String,
    hurt: String,
    changed: String,
    bleed: String,
    elevation: String,
    img_id: String,
    biopsed: String,
}

/// What a code of the column `diagnostic` means.
#[derive(Debug)]
struct Label {
    code: &'static str,
    id: &'static str,
    ideal: &'static str,
    least_urgent_safe: &'static str,
    dangerous: bool,
}

const LABELS: &[Label] = &[
    label("MEL", "melanoma", "urgent", "urgent", true),
    label("SCC", "squamous_cell_carcinoma", "urgent", "urgent", true),
    label("BCC", "basal_cell_carcinoma", "soon", "routine", true),
    label("ACK", "actinic_keratosis", "routine", "routine", false),
    label("NEV", "melanocytic_naevus", "routine", "routine", false),
    label("SEK", "seborrhoeic_keratosis", "routine", "routine", false),
];

const fn label(
    code: &'static str,
    id: &'static str,
    ideal: &'static str,
    least_urgent_safe: &'static str,
    dangerous: bool,
) -> Label {
    Label { code, id, ideal, least_urgent_safe, dangerous }
}

/// Imports the data set.
///
/// # Errors
/// [`ImportError`]: the table cannot be read or lacks a column, no case is left, or the folder cannot be written.
pub(super) fn import(source: &Source<'_>) -> Result<Summary, ImportError> {
    let rows = rows(source.data, |row: &mut Row, line| row.line = line)?;
    let mut gathered = Gathered { rows: rows.len(), ..Gathered::default() };
    let made = make_folder(source.out)?;
    let (named, nameless): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(is_named);
    for row in nameless {
        let why = at_line(source.data, row.line, "it needs both a `patient_id` and a `lesion_id`");
        gathered.take(&format!("line {}", row.line), Err(why));
    }
    for ((patient, lesion), rows) in grouped(named) {
        let id = format!("{patient}-{lesion}");
        let case = case_of(&id, &rows).and_then(|case| with_photos(case, &rows, source.images, source.out));
        let line = rows.first().map_or(0, |row| row.line);
        gathered.take(&id, case.map_err(|why| at_line(source.data, line, &why)));
    }
    let sheet = sheet(&gathered.cases);
    made.keep(gathered.write(source, sheet)?)
}

fn is_named(row: &Row) -> bool {
    !row.patient_id.trim().is_empty() && !row.lesion_id.trim().is_empty()
}

/// Rows by patient and lesion, photographs in the order of their names.
fn grouped(rows: Vec<Row>) -> BTreeMap<(String, String), Vec<Row>> {
    let mut cases: BTreeMap<(String, String), Vec<Row>> = BTreeMap::new();
    for row in rows {
        cases.entry((row.patient_id.clone(), row.lesion_id.clone())).or_default().push(row);
    }
    for rows in cases.values_mut() {
        rows.sort_by(|one, other| one.img_id.cmp(&other.img_id));
    }
    cases
}

/// The case of a lesion, without its photographs; or why there is none.
fn case_of(id: &str, rows: &[Row]) -> Result<Case, String> {
    let row = rows.first().ok_or("no row")?;
    let same = |other: &Row| Row { img_id: row.img_id.clone(), line: row.line, ..other.clone() } == *row;
    if !rows.iter().all(same) {
        return Err("the rows of its photographs say different things about the lesion".into());
    }
    if rows.windows(2).any(|pair| matches!(pair, [one, other] if one.img_id == other.img_id)) {
        return Err("a photograph is listed twice".into());
    }
    let age = age(&row.age)?;
    Ok(Case {
        id: id.into(),
        patient: row.patient_id.clone(),
        lesion_id: Some(row.lesion_id.clone()),
        images: Vec::new(),
        history: history(row, age)?,
        truth: truth(row)?,
        strata: strata(row, age)?,
    })
}

/// The case with its photographs stored in the cohort; without a folder of photographs it has none.
fn with_photos(mut case: Case, rows: &[Row], images: Option<&Path>, out: &Path) -> Result<Case, String> {
    let Some(images) = images else { return Ok(case) };
    let paths = locate(images, rows.iter().map(|row| row.img_id.as_str()))?;
    for ((number, row), path) in (1..).zip(rows).zip(paths) {
        let stored = store_photo(&path, out).map_err(|why| format!("photograph {number}: {why}"))?;
        let fits = |[x, y, w, h]: &[u32; 4]| x + w <= stored.width && y + h <= stored.height;
        case.images.push(Photo {
            path: stored.path,
            sha256: stored.sha256,
            view: View::Close,
            modality: Modality::ClinicalPhoto,
            lesion: lesion_box(&row.img_id).filter(fits),
        });
    }
    Ok(case)
}

/// The box of a photograph's lesion, where one was drawn.
fn lesion_box(img_id: &str) -> Option<[u32; 4]> {
    let line = BOXES.lines().find_map(|line| line.strip_prefix(img_id)?.strip_prefix(','))?;
    let numbers: Vec<u32> = line.split(',').map_while(|number| number.trim().parse().ok()).collect();
    numbers.try_into().ok()
}

fn truth(row: &Row) -> Result<Truth, String> {
    let label = LABELS.iter().find(|label| label.code == row.diagnostic);
    let label = label.ok_or_else(|| expected("diagnostic", "one of MEL, SCC, BCC, ACK, NEV and SEK"))?;
    let source = match row.biopsed.as_str() {
        "True" => "biopsy",
        "False" => "clinical",
        _ => return Err(expected("biopsed", "True or False")),
    };
    let must_consider = if label.dangerous { vec![label.id.into()] } else { Vec::new() };
    Ok(Truth {
        differential: vec![(label.id.into(), 1.0)],
        triage: Some(TriageTruth { ideal: label.ideal.into(), least_urgent_safe: label.least_urgent_safe.into() }),
        dangerous: label.dangerous,
        must_consider,
        source: source.into(),
    })
}

fn strata(row: &Row, age: Option<u32>) -> Result<BTreeMap<String, String>, String> {
    const TYPES: [(&str, &str); 6] =
        [("1.0", "I"), ("2.0", "II"), ("3.0", "III"), ("4.0", "IV"), ("5.0", "V"), ("6.0", "VI")];
    let mut strata = BTreeMap::new();
    if !row.fitspatrick.is_empty() {
        let tone = TYPES.iter().find(|(code, _)| *code == row.fitspatrick).map(|(_, tone)| *tone);
        let tone = tone.ok_or_else(|| expected("fitspatrick", "1.0 to 6.0, or nothing"))?;
        strata.insert("skin_tone".into(), tone.into());
    }
    if let Value::Stated(sex) = stated(&row.gender) {
        strata.insert("sex".into(), sex);
    }
    if let Some(age) = age {
        strata.insert("age_band".into(), age_band(age));
    }
    Ok(strata)
}

fn sheet(cases: &[Case]) -> Sheet {
    let from = |source: &str| cases.iter().filter(|case| case.truth.source == source).count();
    Sheet {
        format: 1,
        name: "PAD-UFES-20".into(),
        licence: "CC BY 4.0".into(),
        citation: Some("Pacheco et al., Data in Brief 32 (2020) 106221, doi 10.17632/zr7vgbcyr2.1".into()),
        provenance:
            "Imported from metadata.csv. One case per patient and lesion. Notes are generated from the fields. \
                     Photographs are stored anew without metadata. Urgency follows NICE NG12."
                .into(),
        language: Some("en".into()),
        synthetic: false,
        label_sources: vec![
            format!("biopsy: {} of {} cases", from("biopsy"), cases.len()),
            format!("clinical consensus: {} of {} cases", from("clinical"), cases.len()),
        ],
        fields: meanings().map(|(name, text)| (name.into(), text.into())).collect(),
        necessity: necessity::table(),
        triage: Scale::default(),
        exclusions: Vec::new(),
        warnings: vec![dark_skin(cases)],
    }
}

#[cfg(test)]
mod tests;
