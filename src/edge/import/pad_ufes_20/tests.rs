use std::fs;
use std::path::PathBuf;

use super::*;
use crate::cohort::Cohort;
use crate::edge::cohort_dir::CohortDir;
use crate::edge::decode::decode;
use crate::edge::import::testing::{files, real_data};

const HEADER: &str = "patient_id,lesion_id,smoke,drink,background_father,background_mother,age,pesticide,gender,\
skin_cancer_history,cancer_history,has_piped_water,has_sewage_system,fitspatrick,region,diameter_1,diameter_2,\
diagnostic,itch,grew,hurt,changed,bleed,elevation,img_id,biopsed";
const FULL: &str = "PAT_9,1,False,True,UNK,BRASIL,71,False,FEMALE,True,False,True,,1.0,EAR,3.0,5.0,BCC,True,UNK,True,False,True,False,a.png,True";
const SPARSE: &str = "PAT_8,1,,,,,8,,,,,,,,ARM,,,NEV,False,False,False,False,False,True,b.png,False";

fn table(rows: &[&str]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("metadata.csv");
    fs::write(&path, format!("{HEADER}\n{}\n", rows.join("\n"))).unwrap();
    (folder, path)
}

fn run(data: &Path, images: Option<&Path>, out: &Path) -> Result<Summary, ImportError> {
    import(&Source { data, images, mapping: None, out })
}

/// Imports a table without photographs and opens the cohort.
fn imported(rows: &[&str]) -> (Summary, Vec<Case>) {
    let (folder, path) = table(rows);
    let out = folder.path().join("out");
    let summary = run(&path, None, &out).unwrap();
    let cohort = CohortDir::open(&out).unwrap();
    let cases = (0..cohort.len()).map(|number| cohort.case(number).unwrap()).collect();
    (summary, cases)
}

#[test]
fn a_row_becomes_fields_a_note_and_a_truth() {
    let (_, cases) = imported(&[FULL]);
    let case = &cases[0];
    assert_eq!((case.id.as_str(), case.patient.as_str(), case.lesion_id.as_deref()), ("PAT_9-1", "PAT_9", Some("1")));
    assert_eq!(
        case.history.note.as_deref().unwrap(),
        "71-year-old woman with a lesion on the ear. It measures 5 by 3 mm. It itches. It is not known whether it has \
         grown. It hurts. It has not changed. It has bled. It is not raised. There is skin cancer in the family. There \
         is no cancer in the family. The patient does not smoke. The patient drinks alcohol. The patient has not been \
         exposed to pesticides."
    );
    let value = |name: &str| case.history.field(name).unwrap().value.clone();
    assert_eq!(value("age"), Value::Stated("71".into()));
    assert_eq!(value("growth"), Value::Unknown);
    assert_eq!(value("bleeding"), Value::Yes);
    assert_eq!(value("change"), Value::No);
    assert_eq!(value("sewage_system"), Value::Deleted);
    assert_eq!(value("background_father"), Value::Unknown);
    assert_eq!(value("background_mother"), Value::Stated("Brazil".into()));
    assert_eq!(case.truth.differential, [("basal_cell_carcinoma".to_string(), 1.0)]);
    assert_eq!(case.truth.source, "biopsy");
    assert!(case.truth.dangerous);
    assert_eq!(case.strata["skin_tone"], "I");
    assert_eq!(case.strata["age_band"], "70-79");
}

#[test]
fn what_was_never_asked_is_deleted_and_not_in_the_note() {
    let (_, cases) = imported(&[SPARSE]);
    let history = &cases[0].history;
    assert_eq!(
        history.note.as_deref().unwrap(),
        "8-year-old patient with a lesion on the arm. It does not itch. It has not grown. It does not hurt. It has not \
         changed. It has not bled. It is raised."
    );
    for name in ["sex", "diameter", "smoking", "cancer_history", "background_father"] {
        assert_eq!(history.field(name).unwrap().value, Value::Deleted, "{name}");
    }
    assert!(!cases[0].truth.dangerous && cases[0].truth.must_consider.is_empty());
}

#[test]
fn great_age_is_one_group() {
    let (_, cases) = imported(&[&FULL.replace(",71,", ",94,")]);
    assert!(cases[0].history.note.as_deref().unwrap().starts_with("Woman aged 90 or older with a lesion on the ear."));
    assert_eq!(cases[0].history.field("age").unwrap().value, Value::Stated("90 or older".into()));
    assert_eq!(cases[0].strata["age_band"], "90 or older");
    assert!(!serde_json::to_string(&cases[0]).unwrap().contains("94"));
}

#[test]
fn lesions_of_two_patients_with_one_id_are_two_cases() {
    let other = FULL.replace("PAT_9", "PAT_7").replace("a.png", "c.png");
    let second = FULL.replace("a.png", "d.png");
    let (summary, cases) = imported(&[FULL, &other, &second]);
    assert_eq!((summary.rows, summary.cases, summary.patients), (3, 2, 2));
    assert_eq!(cases.iter().map(|case| case.id.as_str()).collect::<Vec<_>>(), ["PAT_7-1", "PAT_9-1"]);
}

#[test]
fn rows_that_make_no_case_are_named() {
    let (summary, _) = imported(&[
        SPARSE,
        &FULL.replace("BCC", "XYZ"),
        &FULL.replace("PAT_9", "PAT_1").replace(",71,", ",old,"),
        &FULL.replace("PAT_9", "PAT_2").replace("UNK,True,False,True,False,a", "PERHAPS,True,False,True,False,a"),
        &FULL.replace("PAT_9", "PAT_3"),
        &FULL.replace("PAT_9", "PAT_3").replace("BCC", "NEV").replace("a.png", "z.png"),
        &FULL.replace("PAT_9", "PAT_4"),
        &FULL.replace("PAT_9", "PAT_4"),
    ]);
    let reason = |case: &str| summary.exclusions.iter().find(|e| e.case == case).map(|e| e.reason.as_str());
    assert_eq!(
        reason("PAT_9-1"),
        Some("metadata.csv, line 3: column `diagnostic`: expected one of MEL, SCC, BCC, ACK, NEV and SEK")
    );
    assert_eq!(
        reason("PAT_1-1"),
        Some("metadata.csv, line 4: column `age`: expected a whole number of years, or nothing")
    );
    assert_eq!(reason("PAT_2-1"), Some("metadata.csv, line 5: column `grew`: expected True, False, UNK or nothing"));
    assert_eq!(
        reason("PAT_3-1"),
        Some("metadata.csv, line 6: the rows of its photographs say different things about the lesion")
    );
    assert_eq!(reason("PAT_4-1"), Some("metadata.csv, line 8: a photograph is listed twice"));
    assert_eq!(summary.exclusions.len(), 5);
}

#[test]
fn rows_without_a_patient_or_a_lesion_are_named_by_their_line() {
    let (summary, _) = imported(&[SPARSE, &FULL.replace("PAT_9", ""), &FULL.replace("PAT_9,1,", "PAT_9,,")]);
    let reasons: Vec<&str> = summary.exclusions.iter().map(|e| e.reason.as_str()).collect();
    assert_eq!((summary.rows, summary.cases), (3, 1));
    for (reason, line) in reasons.iter().zip([3, 4]) {
        assert_eq!(*reason, format!("metadata.csv, line {line}: it needs both a `patient_id` and a `lesion_id`"));
    }
}

#[test]
fn a_photograph_outside_the_folder_excludes_its_case() {
    let (folder, path) = table(&[SPARSE, &FULL.replace("a.png", "../x.png")]);
    let images = folder.path().join("photos");
    fs::create_dir(&images).unwrap();
    let png = crate::edge::decode::encode_png(&image::RgbImage::new(4, 4)).unwrap();
    fs::write(images.join("b.png"), &png).unwrap();
    fs::write(folder.path().join("x.png"), &png).unwrap();
    let summary = run(&path, Some(&images), &folder.path().join("out")).unwrap();
    assert_eq!((summary.cases, summary.photographs), (1, 1));
    let reason = &summary.exclusions[0].reason;
    assert_eq!(reason, "metadata.csv, line 3: photograph 1 does not lie below the folder of photographs");
}

#[test]
fn a_missing_or_broken_photograph_excludes_its_case() {
    let (folder, path) = table(&[FULL, SPARSE, &SPARSE.replace("PAT_8", "PAT_5").replace("b.png", "e.png")]);
    let images = folder.path().join("photos");
    fs::create_dir(&images).unwrap();
    let png = crate::edge::decode::encode_png(&image::RgbImage::new(4, 4)).unwrap();
    fs::write(images.join("b.png"), &png).unwrap();
    fs::write(images.join("e.png"), &png[..40]).unwrap();
    let out = folder.path().join("out");
    let summary = run(&path, Some(&images), &out).unwrap();
    assert_eq!((summary.cases, summary.photographs), (1, 1));
    let reasons: Vec<&str> = summary.exclusions.iter().map(|e| e.reason.as_str()).collect();
    assert!(reasons[0].starts_with("metadata.csv, line 4: photograph 1: the picture is broken"), "{reasons:?}");
    assert_eq!(reasons[1], "metadata.csv, line 2: photograph 1 is missing");
    assert_eq!(CohortDir::open(&out).unwrap().sheet().exclusions, summary.exclusions);
    assert!(run(&path, Some(&images), &out).unwrap_err().to_string().contains("not empty"));
}

#[test]
fn a_table_without_a_column_or_without_cases_is_an_error() {
    let (folder, path) = table(&[&FULL.replace("BCC", "XYZ")]);
    let out = folder.path().join("out");
    assert!(run(&path, None, &out).unwrap_err().to_string().contains("no case is left of 1 rows; PAT_9-1"));
    fs::write(&path, "patient_id,lesion_id\nPAT_9,1\n").unwrap();
    assert!(run(&path, None, &folder.path().join("other")).unwrap_err().to_string().contains("smoke"));
    assert!(run(&folder.path().join("none.csv"), None, &out).is_err());
}

#[test]
fn every_field_has_a_meaning() {
    let (folder, path) = table(&[FULL]);
    let out = folder.path().join("out");
    run(&path, None, &out).unwrap();
    let cohort = CohortDir::open(&out).unwrap();
    let fields = &cohort.sheet().fields;
    assert!(cohort.case(0).unwrap().history.fields.iter().all(|field| fields.contains_key(&field.name)));
}

#[test]
fn real_data_photographs_become_a_cohort() {
    let Some(data) = real_data() else { return };
    let source = data.join("derm-real");
    let folder = tempfile::tempdir().unwrap();
    let outs = ["one", "two"].map(|name| folder.path().join(name));
    for out in &outs {
        let summary = run(&source.join("metadata.csv"), Some(&source.join("images")), out).unwrap();
        assert_eq!((summary.rows, summary.cases, summary.patients, summary.photographs), (24, 24, 24, 24));
        assert!(summary.exclusions.is_empty());
        assert!(summary.warnings.iter().any(|w| w.contains("8 of 9 are dangerous; of those that do not, 0 of 15")));
    }
    assert_eq!(files(&outs[0]), files(&outs[1]));

    let cohort = CohortDir::open(&outs[0]).unwrap();
    assert_eq!((cohort.len(), cohort.exclusions().len()), (24, 0));
    for number in 0..cohort.len() {
        let case = cohort.case(number).unwrap();
        let name = fs::read_to_string(source.join("metadata.csv")).unwrap();
        let row = name.lines().find(|line| line.starts_with(&case.id.replace('-', ","))).unwrap();
        let img_id = row.split(',').nth(24).unwrap();
        let original = decode(&fs::read(source.join("images").join(img_id)).unwrap()).unwrap();
        assert_eq!(cohort.pixels(&case, 0).unwrap(), original, "{img_id}");
        let region = case.images[0].region().unwrap();
        assert!(region.x + region.w <= original.width() && region.y + region.h <= original.height(), "{img_id}");
        assert_leaks_nothing(&case, img_id);
    }
    for (path, bytes) in files(&outs[0].join("images")) {
        for chunk in [b"tEXt", b"eXIf", b"iTXt", b"zTXt", b"tIME", b"iCCP"] {
            assert!(!bytes.windows(4).any(|window| window == chunk), "{}", path.display());
        }
    }
}

/// Nothing that a stimulus is made of tells the label, the file or the person.
fn assert_leaks_nothing(case: &Case, img_id: &str) {
    let shown = serde_json::to_string(&(&case.images, &case.history)).unwrap().to_lowercase();
    let patient = case.patient.to_lowercase();
    for word in
        ["diagnos", "biops", "malign", "carcinoma", "naevus", "keratosis", "melanoma", &img_id.to_lowercase(), &patient]
    {
        assert!(!shown.contains(word), "{}: {word}", case.id);
    }
}

#[test]
fn real_data_lesion_boxes_lie_inside_their_pictures() {
    let Some(data) = real_data() else { return };
    let mut boxes = 0;
    for entry in fs::read_dir(data.join("derm-real/images")).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        let pixels = decode(&fs::read(entry.path()).unwrap()).unwrap();
        let [x, y, w, h] = lesion_box(&name).unwrap();
        assert!(w > 0 && h > 0 && x + w <= pixels.width() && y + h <= pixels.height(), "{name}");
        // Drawn around a lesion, not around the picture.
        assert!(
            u64::from(w) * u64::from(h) < u64::from(pixels.width()) * u64::from(pixels.height()) * 6 / 10,
            "{name}"
        );
        boxes += 1;
    }
    assert_eq!((boxes, BOXES.lines().count() - 1), (24, 24));
}

#[test]
fn real_data_full_table_imports_without_photographs() {
    let Some(data) = real_data() else { return };
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let summary = run(&data.join("pad-ufes-20/metadata.csv"), None, &out).unwrap();
    assert_eq!((summary.rows, summary.cases, summary.patients, summary.photographs), (2298, 1891, 1373, 0));
    assert!(summary.exclusions.is_empty(), "{:?}", summary.exclusions.first());
    let cohort = CohortDir::open(&out).unwrap();
    assert_eq!((cohort.len(), cohort.exclusions().len()), (1891, 0));
    assert!(cohort.sheet().warnings.iter().any(|warning| warning.starts_with("missing history predicts the label")));
    let mut unknown_growth = 0;
    for number in 0..cohort.len() {
        let case = cohort.case(number).unwrap();
        assert!(case.truth.dangerous <= (case.history.field("sex").unwrap().value != Value::Deleted));
        unknown_growth += u32::from(case.history.field("growth").unwrap().value == Value::Unknown);
        assert_leaks_nothing(&case, "no such name");
    }
    assert!(unknown_growth > 0);
}
