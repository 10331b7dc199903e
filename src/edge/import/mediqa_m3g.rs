//! MEDIQA-M3G / DermaVQA (Yim et al. 2024, CC BY 4.0): consultations in free text with several photographs and the
//! answers of several clinicians, e.g. `valid_ht.json`.
//!
//! The history is title and text of the query in English, a translation from Chinese that its authors edited; the
//! cluster is the account that asked, since one may ask about a patient again. The reference is a poll: every account
//! that answered has one vote, shared equally among the diagnoses that its answers name; what an answer denies or only
//! sets apart ("exclude", "rule out", "distinguish from") is not named by it. A case of which fewer than half of the accounts
//! name a diagnosis that the lexicon knows is left out. Urgency is not part of the data.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use bedside_perturbations::View;
use bedside_perturbations::history::finders::negations;
use serde::Deserialize;

use super::gathered::Gathered;
use super::{ImportError, Named, Source, Summary, add_photos, make_folder, read_note, truth};
use crate::case::{Case, Truth};
use crate::cohort::{Scale, Sheet};
use crate::diagnosis::Lexicon;

/// One consultation. Other languages and the ratings of answers are passed over.
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
    #[serde(default)]
    responses: Vec<Response>,
}

/// One answer to a consultation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Response {
    author_id: String,
    #[serde(default)]
    content_en: String,
}

/// Words after which a diagnosis is set apart and not named, within its sentence.
const APART: &[&str] = &[
    "exclude",
    "excluding",
    "rule out",
    "ruling out",
    "ruled out",
    "distinguish",
    "differentiat",
    "no need",
    " not ",
    "n't ",
];

/// Imports the data set.
///
/// # Errors
/// [`ImportError`]: the file cannot be read, no case is left, or the folder cannot be written.
pub(super) fn import(source: &Source<'_>) -> Result<Summary, ImportError> {
    let encounters = read(source.data)?;
    let mut gathered = Gathered { rows: encounters.len(), ..Gathered::default() };
    let mut ids: BTreeMap<&str, usize> = BTreeMap::new();
    encounters.iter().for_each(|encounter| *ids.entry(&encounter.encounter_id).or_default() += 1);
    make_folder(source.out)?;
    for encounter in &encounters {
        let once = ids.get(encounter.encounter_id.as_str()) == Some(&1);
        let case = if once { case(encounter, source) } else { Err("its id occurs more than once".into()) };
        gathered.take(&encounter.encounter_id, case);
    }
    gathered.write(source, sheet())
}

fn read(path: &Path) -> Result<Vec<Encounter>, ImportError> {
    let file = File::open(path).map_err(|error| ImportError::at(path, error))?;
    serde_json::from_reader(BufReader::new(file)).map_err(|error| ImportError::at(path, error))
}

fn case(encounter: &Encounter, source: &Source<'_>) -> Result<Case, String> {
    let parts = [&encounter.query_title_en, &encounter.query_content_en].map(|part| part.trim());
    let note = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
    if note.is_empty() {
        return Err("it has no English text".into());
    }
    let history = read_note::history(note);
    let mut case = Case {
        id: encounter.encounter_id.clone(),
        patient: encounter.author_id.clone(),
        lesion_id: None,
        images: Vec::new(),
        truth: poll(&encounter.responses)?,
        strata: read_note::strata(&history),
        history,
    };
    let photo = |file: &String| Named { file: file.clone(), view: View::Close };
    add_photos(&mut case, &encounter.image_ids.iter().map(photo).collect::<Vec<_>>(), source)?;
    Ok(case)
}

/// The reference: one vote for each account that named a diagnosis.
fn poll(responses: &[Response]) -> Result<Truth, String> {
    let mut accounts: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for response in responses {
        accounts.entry(&response.author_id).or_default().extend(named(&response.content_en));
    }
    let all = accounts.len();
    accounts.retain(|_, named| !named.is_empty());
    // Where most answers name nothing known, the few that do need not be what was meant.
    if accounts.is_empty() || 2 * accounts.len() < all {
        let some = accounts.len();
        return Err(format!(
            "{some} of {all} clinicians who answered name a diagnosis that the lexicon knows; half are needed"
        ));
    }
    let mut weights: BTreeMap<&str, f64> = BTreeMap::new();
    for named in accounts.values() {
        for id in named {
            *weights.entry(id).or_default() += 1.0 / count(named.len()) / count(accounts.len());
        }
    }
    let list: Vec<(String, f64)> = weights.into_iter().map(|(id, weight)| (id.to_owned(), weight)).collect();
    truth::weighted(&list, &format!("poll of {} clinicians", accounts.len()))
}

#[expect(clippy::cast_precision_loss, reason = "numbers of answers are far below 2^53")]
const fn count(n: usize) -> f64 {
    n as f64
}

/// The diagnoses that an answer names. A heading ("dermatitis" beside "contact dermatitis") is named by its branch.
fn named(answer: &str) -> BTreeSet<&'static str> {
    let lexicon = Lexicon::embedded();
    let denied: Vec<_> = negations(answer).into_iter().flat_map(|denial| denial.concepts).collect();
    let mentions = lexicon.mentions(answer);
    let kept = mentions.iter().filter(|mention| {
        !denied.iter().any(|span| span.start < mention.end && mention.start < span.end)
            && !set_apart(answer, mention.start)
    });
    let ids: BTreeSet<&'static str> = kept.map(|mention| mention.id).collect();
    let is_heading = |id: &str| ids.iter().any(|other| *other != id && lexicon.within(other, id));
    ids.iter().copied().filter(|id| !is_heading(id)).collect()
}

/// Whether the sentence says before that byte that what follows is only set apart.
fn set_apart(answer: &str, at: usize) -> bool {
    let before = answer.get(..at).unwrap_or_default().to_lowercase();
    let sentence = before.rsplit(['.', '\n', ';', '!', '?']).next().unwrap_or_default();
    APART.iter().any(|cue| format!(" {sentence}").contains(cue))
}

fn sheet() -> Sheet {
    Sheet {
        format: 1,
        name: "MEDIQA-M3G / DermaVQA".into(),
        licence: "CC BY 4.0".into(),
        citation: Some("Yim et al., DermaVQA: A Multilingual Visual Question Answering Dataset for Dermatology, 2024".into()),
        provenance: "Imported from the English text of each query (title, then content), a translation from Chinese; \
                     Chinese and Spanish texts and the ratings of answers are left out. The cluster is the account \
                     that asked. Photographs are stored anew without metadata."
            .into(),
        language: Some("en".into()),
        synthetic: false,
        label_sources: vec![
            "a poll of the clinicians who answered: one vote each, shared among the diagnoses that the answer names; no \
             biopsies"
                .into(),
        ],
        fields: read_note::MEANINGS.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect(),
        necessity: Vec::new(),
        triage: Scale::default(),
        exclusions: Vec::new(),
        warnings: vec![
            "the reference is what clinicians on the internet thought, read by rule from translations of their answers".into(),
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
        assert_eq!(case.truth.differential, [("psoriasis".to_string(), 0.75), ("tinea_corporis".to_string(), 0.25)]);
        assert_eq!((case.truth.source.as_str(), case.truth.triage.as_ref()), ("poll of 2 clinicians", None));
        assert_eq!((case.strata["sex"].as_str(), case.strata["age_band"].as_str()), ("male", "30-39"));
        assert_eq!(made.sheet.language.as_deref(), Some("en"));
    }

    #[test]
    fn a_denied_diagnosis_has_no_vote() {
        assert!(named("This is not psoriasis.").is_empty());
        assert!(named("Dress the affected part. No need to think of syphilis at this point.").is_empty());
        assert_eq!(named("Psoriasis. Needs to be differentiated from eczema."), BTreeSet::from(["psoriasis"]));
    }

    #[test]
    fn what_makes_no_case_is_named() {
        let mut mute = encounter("E3", "", &[("A", "Psoriasis.")]);
        mute["query_title_en"] = "".into();
        let made = run(&[
            encounter("E1", "Itchy.", &[("A", "Psoriasis.")]),
            encounter("E2", "Itchy.", &[("A", "Use a cream.")]),
            mute,
            encounter("E4", "Itchy.", &[("A", "Psoriasis.")]),
            encounter("E4", "Painful.", &[("A", "Psoriasis.")]),
        ]);
        assert_eq!((made.summary.rows, made.summary.cases), (5, 1));
        assert!(made.reason("E2").starts_with("0 of 1 clinicians"));
        assert_eq!(made.reason("E3"), "it has no English text");
        assert_eq!(made.reason("E4"), "its id occurs more than once");
    }

    #[test]
    fn a_query_that_names_its_diagnosis_is_warned_of() {
        let made = run(&[encounter("E1", "Is it psoriasis?", &[("A", "Psoriasis.")])]);
        assert!(made.summary.warnings.iter().any(|warning| warning.contains("1 of 1 cases names a diagnosis")));
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
        assert_eq!(made.reason("E2"), "its photograph E2.jpg is missing");
        assert!(made.reason("E3").contains("below the folder"));
        assert!(!shown(&made.cases[0]).contains("e1"), "no file name and no id");
    }

    #[test]
    fn a_file_of_another_form_is_refused_with_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.json");
        std::fs::write(&path, "[{\"encounter_id\": 3}]").unwrap();
        assert!(try_import(import, &path, None, None).unwrap_err().to_string().contains("line 1"));
    }

    #[test]
    fn real_data_consultations_become_cases() {
        let Some(data) = real_data() else { return };
        let made = imported(import, &data.join("dermavqa/valid_ht.json"), None, None);
        assert_eq!(made.summary.rows, 56);
        assert!(made.summary.cases >= 35, "{:#?}", made.summary.exclusions);
        for case in &made.cases {
            println!("{}: {} {:?}", case.id, case.truth.source, case.truth.differential);
            let shown = shown(case);
            assert!(!shown.contains(&case.id.to_lowercase()) && !shown.contains(".jpg") && !shown.contains("img_enc"));
            assert!(case.history.note.as_deref().is_some_and(|note| note.chars().all(|c| !('一'..='龥').contains(&c))));
        }
        for exclusion in &made.summary.exclusions {
            println!("left out: {}: {}", exclusion.case, exclusion.reason);
        }
        println!("{:#?}", made.summary.warnings);
    }
}
