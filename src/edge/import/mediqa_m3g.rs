//! MEDIQA-M3G / DermaVQA (Yim et al. 2024, CC BY 4.0): consultations in free text with several photographs and the
//! answers of several clinicians, e.g. `valid_ht.json`.
//!
//! The history is title and text of the query in English, a translation from Chinese that its authors edited; the
//! cluster is the account that asked, since one may ask about a patient again. There is no reference diagnosis: the
//! answers are prose that denies, compares and speaks aside, and no rule reads a diagnosis from them reliably enough to
//! judge a model by. Urgency is not part of the data.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use bedside_perturbations::View;
use serde::Deserialize;
use serde_json::error::Category;

use super::gathered::Gathered;
use super::{ImportError, Named, Source, Summary, add_photos, make_folder, read_note, truth};
use crate::case::Case;
use crate::cohort::{Scale, Sheet};

/// Why a case has no reference.
const NO_REFERENCE: &str = "none: answers of clinicians are in words and were not turned into a reference";

/// One consultation. Other languages, the answers and their ratings are passed over.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Encounter {
    encounter_id: String,
    author_id: String,
    #[serde(default)]
    image_ids: Vec<String>,
    #[serde(default)]
    query_title_en: String,
    #[serde(default)]
    query_content_en: String,
}

/// Imports the data set.
///
/// # Errors
/// [`ImportError`]: the file cannot be read, no case is left, or the folder cannot be written.
pub(super) fn import(source: &Source<'_>) -> Result<Summary, ImportError> {
    let encounters = read(source.data)?;
    let mut gathered = Gathered { rows: encounters.len(), ..Gathered::default() };
    let mut ids: BTreeMap<&str, usize> = BTreeMap::new();
    encounters.iter().for_each(|encounter| *ids.entry(encounter.encounter_id.trim()).or_default() += 1);
    let made = make_folder(source.out)?;
    for (number, encounter) in (1..).zip(&encounters) {
        let once = ids.get(encounter.encounter_id.trim()) == Some(&1);
        let (id, case) = match encounter.encounter_id.trim() {
            "" => (format!("consultation {number}"), Err("it has no encounter_id".into())),
            id if once => (id.to_owned(), case(encounter, source)),
            id => (id.to_owned(), Err("its id occurs more than once".into())),
        };
        gathered.take(&id, case.map_err(|why: String| format!("consultation {number}: {why}")));
    }
    made.keep(gathered.write(source, sheet())?)
}

fn read(path: &Path) -> Result<Vec<Encounter>, ImportError> {
    let file = File::open(path).map_err(|error| ImportError::at(path, error))?;
    serde_json::from_reader(BufReader::new(file)).map_err(|error| ImportError::at(path, unread(&error)))
}

/// Where a file is not as it should be. The reader's own words may quote what a patient wrote, so they are left out.
fn unread(error: &serde_json::Error) -> String {
    let expected = match error.classify() {
        Category::Io => return "it cannot be read to its end".into(),
        Category::Eof => "the file ends early",
        Category::Syntax => "this is no JSON",
        Category::Data => {
            "expected a list of consultations, each with `encounter_id` and `author_id` as text, and where given \
             `image_ids` as a list of texts, `query_title_en` and `query_content_en` as texts"
        }
    };
    format!("line {}, column {}: {expected}", error.line(), error.column())
}

fn case(encounter: &Encounter, source: &Source<'_>) -> Result<Case, String> {
    if encounter.author_id.trim().is_empty() {
        return Err("it has no author_id".into());
    }
    let parts = [&encounter.query_title_en, &encounter.query_content_en].map(|part| part.trim());
    let note = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
    if note.is_empty() {
        return Err("it has no English text".into());
    }
    let history = read_note::history(note);
    let mut case = Case {
        id: encounter.encounter_id.trim().to_owned(),
        patient: encounter.author_id.trim().to_owned(),
        lesion_id: None,
        images: Vec::new(),
        truth: truth::unknown(NO_REFERENCE),
        strata: read_note::strata(&history),
        history,
    };
    let photo = |file: &String| Named { file: file.clone(), view: View::Close };
    add_photos(&mut case, &encounter.image_ids.iter().map(photo).collect::<Vec<_>>(), source)?;
    Ok(case)
}

fn sheet() -> Sheet {
    Sheet {
        format: 1,
        name: "MEDIQA-M3G / DermaVQA".into(),
        licence: "CC BY 4.0".into(),
        citation: Some(
            "Yim et al., DermaVQA: A Multilingual Visual Question Answering Dataset for Dermatology, 2024".into(),
        ),
        provenance: "Imported from the English text of each query (title, then content), a translation from Chinese; \
                     Chinese and Spanish texts, the answers and their ratings are left out. The cluster is the account \
                     that asked. Photographs are stored anew without metadata."
            .into(),
        language: Some("en".into()),
        synthetic: false,
        label_sources: vec![NO_REFERENCE.into()],
        fields: read_note::MEANINGS.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect(),
        necessity: Vec::new(),
        triage: Scale::default(),
        exclusions: Vec::new(),
        warnings: vec![
            "no case has a reference diagnosis: answers of clinicians are in words and were not turned into one".into(),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edge::import::testing::{Imported, imported, real_data, shown, try_import};

    fn encounter(id: &str, content: &str, answers: &[(&str, &str)]) -> serde_json::Value {
        let responses: Vec<_> = answers
            .iter()
            .map(|(who, text)| serde_json::json!({"author_id": who, "content_en": text, "completeness": 1.0}))
            .collect();
        serde_json::json!({
            "encounter_id": id, "author_id": "U1", "image_ids": [format!("{id}.jpg")],
            "query_title_zh": "看图", "query_title_en": "What is this?", "query_content_en": content, "responses": responses,
        })
    }

    fn run(encounters: &[serde_json::Value]) -> Imported {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("valid.json");
        std::fs::write(&path, serde_json::to_string(encounters).unwrap()).unwrap();
        imported(import, &path, None, None)
    }

    #[test]
    fn a_consultation_becomes_a_case() {
        let made = run(&[encounter(
            "E1",
            "Male, 32 years old. Itchy for 4 days.",
            &[
                ("A", "Psoriasis."),
                ("B", "Consider psoriasis or tinea corporis. Exclude eczema."),
                ("C", "Use a cream."),
            ],
        )]);
        let case = made.case("E1");
        assert_eq!(case.history.note.as_deref(), Some("What is this?\nMale, 32 years old. Itchy for 4 days."));
        let names: Vec<&str> = case.history.fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names, ["age", "sex", "duration"]);
        assert!(!case.truth.has_reference(), "answers are no reference");
        assert!(!case.truth.dangerous && case.truth.triage.is_none());
        assert!(case.truth.source.contains("were not turned into a reference"));
        assert!(made.sheet.warnings.iter().any(|warning| warning.contains("no case has a reference diagnosis")));
        assert_eq!((case.strata["sex"].as_str(), case.strata["age_band"].as_str()), ("male", "30-39"));
        assert_eq!(made.sheet.language.as_deref(), Some("en"));
    }

    #[test]
    fn what_makes_no_case_is_named() {
        let mut mute = encounter("E3", "", &[("A", "Psoriasis.")]);
        mute["query_title_en"] = "".into();
        let mut nobody = encounter("E5", "Itchy.", &[]);
        nobody["author_id"] = " ".into();
        let made = run(&[
            encounter("E1", "Itchy.", &[("A", "Psoriasis.")]),
            encounter("E2", "Itchy.", &[]),
            mute,
            encounter("E4", "Itchy.", &[("A", "Psoriasis.")]),
            encounter("E4 ", "Painful.", &[("A", "Psoriasis.")]),
            nobody,
            encounter("", "Itchy.", &[]),
        ]);
        assert_eq!((made.summary.rows, made.summary.cases), (7, 2), "a case without answers is a case");
        assert_eq!(made.reason("E3"), "consultation 3: it has no English text");
        assert_eq!(made.reason("E4"), "consultation 4: its id occurs more than once");
        assert_eq!(made.reason("E5"), "consultation 6: it has no author_id");
        assert_eq!(made.reason("consultation 7"), "consultation 7: it has no encounter_id");
    }

    #[test]
    fn photographs_come_along_or_the_case_is_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let png = crate::edge::decode::encode_png(&image::RgbImage::new(4, 4)).unwrap();
        std::fs::write(folder.path().join("E1.jpg"), png).unwrap();
        let outside = serde_json::json!({"encounter_id": "E3", "author_id": "U", "image_ids": ["../E1.jpg"],
            "query_content_en": "Itchy.", "responses": [{"author_id": "A", "content_en": "Psoriasis."}]});
        let list = [
            encounter("E1", "Itchy.", &[("A", "Psoriasis.")]),
            encounter("E2", "Itchy.", &[("A", "Psoriasis.")]),
            outside,
        ];
        let path = folder.path().join("valid.json");
        std::fs::write(&path, serde_json::to_string(&list).unwrap()).unwrap();
        let made = imported(import, &path, Some(folder.path()), None);
        assert_eq!((made.summary.cases, made.summary.photographs), (1, 1));
        assert_eq!(made.reason("E2"), "consultation 2: photograph 1 is missing");
        assert_eq!(made.reason("E3"), "consultation 3: photograph 1 does not lie below the folder of photographs");
        assert!(!shown(&made.cases[0]).contains("e1"), "no file name and no id");
    }

    #[test]
    fn a_file_of_another_form_is_refused_with_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.json");
        std::fs::write(&path, "[{\"encounter_id\": \"E1\", \"author_id\": \"A\", \"image_ids\": \"Jane Doe\"}]")
            .unwrap();
        let error = try_import(import, &path, None, None).unwrap_err().to_string();
        assert!(error.contains("line 1, column ") && error.contains("`image_ids` as a list"), "{error}");
        assert!(!error.contains("Jane"), "{error}");
    }

    #[test]
    fn real_data_consultations_become_cases() {
        let Some(data) = real_data() else { return };
        let made = imported(import, &data.join("dermavqa/valid_ht.json"), None, None);
        assert_eq!(made.summary.rows, 56);
        assert_eq!((made.summary.cases, made.summary.exclusions.len()), (56, 0), "{:#?}", made.summary.exclusions);
        for case in &made.cases {
            assert!(!case.truth.has_reference());
            let shown = shown(case);
            assert!(!shown.contains(&case.id.to_lowercase()) && !shown.contains(".jpg") && !shown.contains("img_enc"));
            assert!(case.history.note.as_deref().is_some_and(|note| note.chars().all(|c| !('一'..='龥').contains(&c))));
        }
    }
}
