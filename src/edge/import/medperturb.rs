//! MedPerturb (Gourabathina et al., arXiv 2506.17163, CC BY 4.0): `data.csv`, 800 versions of clinical contexts.
//!
//! A case is one version of one context; the cluster is the context (`dataset`, `context_id`), so that versions of one
//! are never counted as independent. There is no reference diagnosis, and the answers of clinicians and models to the
//! three yes/no questions of the study are left out: those of the multi-turn versions are misaligned in the published
//! file. Rows that share their key are all left out.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::gathered::{Gathered, at_line, expected, rows};
use super::{ImportError, Source, Summary, make_folder, read_note, truth};
use crate::case::Case;
use crate::cohort::{Scale, Sheet};

/// One row: one version of one context.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Row {
    /// Its line in the file, counted from 1.
    #[serde(skip)]
    line: u64,
    dataset: String,
    dataset_id: String,
    context_id: String,
    clinical_context: String,
}

/// What `dataset_id` means, for the data sets of messages and for the conversational one.
const VERSIONS: &[(&str, &str, &str)] = &[
    ("1", "as-written", "vignette"),
    ("2", "gender-swapped", "multi-turn"),
    ("3", "gender-removed", "summary"),
    ("4", "uncertain", ""),
    ("5", "colourful", ""),
];

/// Imports the data set.
///
/// # Errors
/// [`ImportError`]: the table cannot be read or lacks a column, no case is left, or the folder cannot be written.
pub(super) fn import(source: &Source<'_>) -> Result<Summary, ImportError> {
    if source.images.is_some() {
        return Err(ImportError::at(source.data, "MedPerturb has no photographs; say --no-images"));
    }
    let rows = rows(source.data, |row: &mut Row, line| row.line = line)?;
    let mut keys: BTreeMap<String, usize> = BTreeMap::new();
    rows.iter().for_each(|row| *keys.entry(key(row)).or_default() += 1);
    let mut gathered = Gathered { rows: rows.len(), ..Gathered::default() };
    let made = make_folder(source.out)?;
    for row in rows {
        let (line, key) = (row.line, key(&row));
        if row.dataset.trim().is_empty() || row.context_id.trim().is_empty() {
            let why = at_line(source.data, line, "it needs both a `dataset` and a `context_id`");
            gathered.take(&format!("line {line}"), Err(why));
            continue;
        }
        let case = match keys.get(&key) {
            Some(1) => case(&key, row),
            times => Err(format!("its key occurs {} times", times.copied().unwrap_or_default())),
        };
        gathered.take(&key, case.map_err(|why| at_line(source.data, line, &why)));
    }
    made.keep(gathered.write(source, sheet())?)
}

fn key(row: &Row) -> String {
    format!("{}-{}-{}", row.dataset, row.context_id, row.dataset_id)
}

fn case(id: &str, row: Row) -> Result<Case, String> {
    let version = version(&row)?;
    if row.clinical_context.trim().is_empty() {
        return Err("its context is empty".into());
    }
    let history = read_note::history(row.clinical_context);
    let mut strata = read_note::strata(&history);
    strata.insert("dataset".into(), row.dataset.clone());
    strata.insert("version".into(), version.into());
    Ok(Case {
        id: id.into(),
        patient: format!("{}-{}", row.dataset, row.context_id),
        lesion_id: None,
        images: Vec::new(),
        history,
        truth: truth::unknown("none"),
        strata,
    })
}

fn version(row: &Row) -> Result<&'static str, String> {
    let found = VERSIONS.iter().find(|(id, ..)| *id == row.dataset_id);
    let name = found.map(|(_, message, talk)| if row.dataset == "conversational" { *talk } else { *message });
    name.filter(|name| !name.is_empty()).ok_or_else(|| expected("dataset_id", "a version of its data set, as a number"))
}

fn sheet() -> Sheet {
    Sheet {
        format: 1,
        name: "MedPerturb".into(),
        licence: "CC BY 4.0".into(),
        citation: Some("Gourabathina et al., arXiv 2506.17163".into()),
        provenance:
            "Imported from data.csv: one case per version of a context, the cluster is the context. Answers of \
                     clinicians and models are left out."
                .into(),
        language: Some("en".into()),
        synthetic: false,
        label_sources: vec!["none: the data set has no diagnoses".into()],
        fields: read_note::MEANINGS.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect(),
        necessity: Vec::new(),
        triage: Scale::default(),
        exclusions: Vec::new(),
        warnings: vec![
            "all versions but those as written, and vignettes, were themselves written by a language model".into(),
            "contexts are of all of medicine, not of skin alone".into(),
        ],
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::edge::import::testing::{imported, real_data, shown, try_import};

    const HEADER: &str =
        "Index,dataset,dataset_id,context_id,original_patient_gender,clinical_context,MANAGE_1,GPT4_VISIT";

    fn table(rows: &[&str]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data.csv");
        std::fs::write(&path, format!("{HEADER}\n{}\n", rows.join("\n"))).unwrap();
        (folder, path)
    }

    #[test]
    fn versions_of_a_context_are_one_cluster() {
        let (_folder, path) = table(&[
            "0,askadoc,1,N1,F,\"I'm a 19 year old female, itchy for 3 weeks.\",1,0",
            "1,askadoc,4,N1,F,\"I'm maybe itchy, not sure.\",0,1",
            "2,conversational,2,N1,F,\"assistant: Hi!\nuser: It itches.\",0,1",
        ]);
        let made = imported(import, &path, None, None);
        assert_eq!((made.summary.rows, made.summary.cases, made.summary.patients), (3, 3, 2));
        let case = made.case("askadoc-N1-1");
        assert_eq!(case.strata["version"], "as-written");
        assert_eq!(case.history.field("age").map(|field| field.name.as_str()), Some("age"));
        assert!(!case.truth.has_reference());
        assert_eq!(made.case("conversational-N1-2").strata["version"], "multi-turn");
        assert!(made.sheet.warnings.iter().any(|warning| warning.starts_with("3 of 3 cases have no reference")));
    }

    #[test]
    fn repeated_keys_and_unknown_versions_are_named() {
        let (_folder, path) = table(&[
            "0,oncqa,1,7,F,Itchy.,1,0",
            "1,oncqa,1,8,F,Itchy.,1,0",
            "2,oncqa,1,8,F,Painful.,1,0",
            "3,conversational,4,9,F,Painful.,1,0",
            "4,oncqa,1,10,F, ,1,0",
            "5,oncqa,1,,F,Itchy.,1,0",
        ]);
        let made = imported(import, &path, None, None);
        assert_eq!(made.summary.cases, 1);
        assert_eq!(
            made.summary.exclusions.iter().filter(|left| left.reason.ends_with(": its key occurs 2 times")).count(),
            2
        );
        assert!(made.reason("conversational-9-4").contains("data.csv, line 5: column `dataset_id`"));
        assert_eq!(made.reason("oncqa-10-1"), "data.csv, line 6: its context is empty");
        assert!(made.reason("line 7").contains("it needs both a `dataset` and a `context_id`"));
    }

    #[test]
    fn a_table_without_its_columns_and_photographs_are_refused() {
        let (folder, path) = table(&[]);
        assert!(try_import(import, &path, None, None).unwrap_err().to_string().contains("no case is left"));
        assert!(try_import(import, &path, Some(folder.path()), None).unwrap_err().to_string().contains("--no-images"));
        std::fs::write(&path, "dataset,context_id\na,b\n").unwrap();
        assert!(try_import(import, &path, None, None).unwrap_err().to_string().contains("dataset_id"));
    }

    #[test]
    fn real_data_contexts_become_cases() {
        let Some(data) = real_data() else { return };
        let made = imported(import, &data.join("medperturb/data.csv"), None, None);
        assert_eq!((made.summary.rows, made.summary.cases, made.summary.exclusions.len()), (800, 798, 2));
        let versions = |name: &str| made.cases.iter().filter(|case| case.strata["version"] == name).count();
        assert_eq!((versions("as-written"), versions("vignette"), versions("multi-turn")), (100, 100, 98));
        let aged = made.cases.iter().filter(|case| case.history.field("age").is_some()).count();
        let sexed = made.cases.iter().filter(|case| case.history.field("sex").is_some()).count();
        println!("{aged} with an age, {sexed} with a sex, {} clusters", made.summary.patients);
        assert!(aged > 400 && sexed > 300);
        for case in &made.cases {
            assert!(!shown(case).contains("\"truth\"") && !case.truth.has_reference());
        }
    }
}
