use std::fs;

use bedside_perturbations::{Kind, View};

use super::*;
use crate::edge::import::testing::{Imported, imported, real_data, shown, try_import};

const TABLE: &str = "case,patient,photo,years,gender,itch,size,story,dx,triage,fitz,staff
a,p1,a.png,71,F,1,5,It itches.,MEL,urgent,1.0,Dr X
b,p2,b.png,94,M,0,,,NEV,,6.0,Dr Y
c,p2,c.png,,,UNK,0.5,Growing.,NEV,,,Dr X
";

const MAPPING: &str = "format: 1
name: Clinic
licence: internal
case: case
patient: patient
images: photo
note: story
fields:
  age: years
  sex: { column: gender, values: {F: female, M: male} }
  itching: { column: itch, kind: symptom }
  diameter: { column: size, unit: mm, meaning: largest diameter }
truth:
  diagnosis: dx
  values: {MEL: melanoma, NEV: melanocytic naevus}
  triage: triage
strata:
  skin_tone: { column: fitz, values: {\"1.0\": I, \"6.0\": VI} }
  age_band: years
";

fn folder(table: &str, mapping: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("t.csv"), table).unwrap();
    fs::write(folder.path().join("m.yaml"), mapping).unwrap();
    folder
}

fn run(table: &str, mapping: &str) -> Result<Imported, ImportError> {
    let folder = folder(table, mapping);
    try_import(import, &folder.path().join("t.csv"), None, Some(&folder.path().join("m.yaml")))
}

fn refusal(table: &str, mapping: &str) -> String {
    run(table, mapping).unwrap_err().to_string()
}

#[test]
fn rows_become_cases_with_four_states() {
    let made = run(TABLE, MAPPING).unwrap();
    assert_eq!((made.summary.rows, made.summary.cases, made.summary.patients), (3, 3, 2));
    let value = |case: &str, name: &str| made.case(case).history.field(name).unwrap().value.clone();
    assert_eq!(value("a", "itching"), Value::Yes);
    assert_eq!(value("b", "itching"), Value::No);
    assert_eq!(value("c", "itching"), Value::Unknown);
    assert_eq!(value("c", "age"), Value::Deleted);
    assert_eq!(value("a", "age"), Value::Stated("71".into()));
    assert_eq!(value("b", "age"), Value::Stated("90 or older".into()));
    assert_eq!(value("a", "sex"), Value::Stated("female".into()));
    assert_eq!(value("a", "diameter"), Value::Stated("5 mm".into()));
    assert_eq!(made.case("a").history.field("diameter").unwrap().kind, Kind::Diameter);
    assert_eq!(made.case("a").history.note.as_deref(), Some("It itches."));
    assert_eq!(made.case("b").history.note, None);
}

#[test]
fn rows_become_truth_and_strata_that_no_history_shows() {
    let made = run(TABLE, MAPPING).unwrap();
    assert_eq!(made.case("a").truth.triage.as_ref().unwrap().least_urgent_safe, "urgent");
    assert_eq!(made.case("b").truth.triage, None);
    assert!(made.case("a").truth.dangerous && !made.case("b").truth.dangerous);
    assert_eq!(made.case("b").strata["skin_tone"], "VI");
    assert_eq!(made.case("b").strata["age_band"], "90 or older");
    assert_eq!(made.sheet.fields["diameter"], "largest diameter");
    assert!(made.sheet.warnings.contains(&"columns left out of the cohort: staff".to_owned()));
    assert!(made.cases.iter().all(|case| !shown(case).contains("mel") && !shown(case).contains("dr x")));
}

#[test]
fn a_column_that_does_not_exist_is_named_with_its_place_and_the_nearest() {
    let text = refusal(TABLE, &MAPPING.replace("age: years", "age: yeers").replace("case: case", "case: cas"));
    assert!(text.contains("m.yaml:4:7"), "{text}");
    assert!(text.contains("unknown column `cas`") && text.contains("did you mean `case`?"), "{text}");
    assert!(text.contains("m.yaml:9:8") && text.contains("did you mean `years`?"), "{text}");
}

#[test]
fn everything_wrong_with_a_mapping_is_said_at_once() {
    for (from, to, says) in [
        ("licence: internal\n", "", "missing `licence`"),
        ("kind: symptom", "kind: symtom", "did you mean `symptom`?"),
        ("patient: patient\n", "patint: patient\n", "did you mean `patient`?"),
        (", kind: symptom", "", "`itching` needs a kind"),
        ("  diagnosis: dx\n", "", "no reference, or two"),
        ("note: story", "note: dx", "it holds the truth"),
        ("age: years", "age: triage", "the column `triage` would be shown"),
        ("format: 1", "format: 2", "unknown format"),
        ("format: 1", "format: 1\nseparator: x", "unknown word `x`"),
        ("images: photo", "images: {column: photo, view: closeup}", "`view` takes one of close"),
        ("unit: mm", "unitt: mm", "did you mean `unit`?"),
        ("triage: triage", "least-urgent-safe: triage", "`least-urgent-safe` without `triage`"),
        ("age: years", "age: {column: years, unit: months}", "an age in `months`"),
        ("age_band: years", "age_band: {column: years, unit: months}", "an age in `months`"),
    ] {
        let text = refusal(TABLE, &MAPPING.replacen(from, to, 1));
        assert!(text.contains(says) && text.contains("m.yaml:"), "{from}: {text}");
    }
}

#[test]
fn rows_that_make_no_case_are_named() {
    let table = "case,patient,photo,years,gender,itch,size,story,dx,triage,fitz,staff
a,p1,a.png,71,F,1,5,It itches.,MEL,urgent,1.0,
b,p1,a.png,71,F,1,5,It itches.,XYZ,urgent,1.0,
c,p1,a.png,71,F,1,5,It itches.,MEL,today,1.0,
d,,a.png,71,F,1,5,It itches.,MEL,urgent,1.0,
e,p1,1.png,71,F,1,5,It itches.,MEL,urgent,1.0,
e,p1,2.png,70,F,1,5,It itches.,MEL,urgent,1.0,
f,p1,1.png,71,F,1,5,It itches.,MEL,urgent,1.0,
f,p1,1.png,71,F,1,5,It itches.,MEL,urgent,1.0,
,p1,1.png,71,F,1,5,It itches.,MEL,urgent,1.0,
g,p1,1.png,71,F,1,5,It itches.,,urgent,1.0,
";
    let made = run(table, MAPPING).unwrap();
    assert_eq!((made.summary.rows, made.summary.cases), (10, 1));
    let line = |line: u8, why: &str| format!("t.csv, line {line}: {why}");
    assert!(made.reason("b").starts_with(&line(3, "column `dx`: expected a diagnosis that the lexicon knows")));
    assert!(made.reason("c").starts_with(&line(4, "column `triage`: expected emergency, urgent, soon or routine")));
    assert_eq!(made.reason("d"), line(5, "it has no patient"));
    assert_eq!(made.reason("e"), line(6, "its rows say different things in the column `years`"));
    assert_eq!(made.reason("f"), line(8, "photograph 2 is listed twice"));
    assert_eq!(made.reason("line 10"), line(10, "it has no case id"));
    assert_eq!(made.reason("g"), line(11, "column `dx`: expected a reference diagnosis"));
    let reasons = format!("{:?}", made.summary.exclusions);
    assert!(["XYZ", "today", ".png"].iter().all(|cell| !reasons.contains(cell)), "{reasons}");
}

#[test]
fn a_note_that_names_its_diagnosis_is_warned_of() {
    let made = run(&TABLE.replace("Growing.", "Growing. Is it a melanocytic naevus?"), MAPPING).unwrap();
    assert!(made.summary.warnings.iter().any(|warning| warning.contains("1 of 3 cases names a diagnosis")));
}

#[test]
fn listed_words_are_the_only_ones_and_a_number_is_no_yes() {
    let mapping =
        MAPPING.replace("kind: symptom }", "kind: symptom, yes: [J, 1], no: [N, 0], unknown: [UNK], deleted: [\"\"] }");
    let made = run(&TABLE.replace("F,1,5", "F,J,5"), &mapping).unwrap();
    assert_eq!(made.case("a").history.field("itching").unwrap().value, Value::Yes);
    let made = run(&TABLE.replace("F,1,5", "F,X,5"), &mapping).unwrap();
    assert_eq!(made.reason("a"), "t.csv, line 2: column `itch`: expected one of the words that the mapping lists");
    let made = run(&TABLE.replace("a.png,71", "a.png,1"), MAPPING).unwrap();
    assert_eq!(made.case("a").history.field("age").unwrap().value, Value::Stated("1".into()));
}

#[test]
fn a_weighted_list_is_a_differential() {
    let mapping = MAPPING.replace("diagnosis: dx", "differential: dx");
    let made = run(&TABLE.replace(",MEL,", ",MEL: 0.7; NEV: 0.3,").replace(",NEV,", ",NEV: 1,"), &mapping).unwrap();
    assert_eq!(
        made.case("a").truth.differential,
        [("melanoma".to_string(), 0.7), ("melanocytic_naevus".to_string(), 0.3)]
    );
    let made = run(&TABLE.replace(",MEL,", ",MEL 0.7,").replace(",NEV,", ",NEV: 1,"), &mapping).unwrap();
    assert!(made.reason("a").contains("column `dx`: expected `diagnosis: weight; diagnosis: weight`"));
}

#[test]
fn a_table_with_semicolons_and_a_byte_order_mark_is_read() {
    let table = format!("\u{feff}{}", TABLE.replace(',', ";"));
    let made = run(&table, &MAPPING.replace("name: Clinic", "name: Clinic\nseparator: ;")).unwrap();
    assert_eq!(made.summary.cases, 3);
}

#[test]
fn rows_of_a_case_are_its_photographs_without_their_metadata() {
    let table = "case,patient,photo,over,years,gender,itch,size,story,dx,triage,fitz
a,p1,1.png,o.jpg,71,F,1,5,It itches.,MEL,urgent,1.0
a,p1,2.png,,71,F,1,5,It itches.,MEL,urgent,1.0
b,p2,gone.png,,71,F,1,5,It itches.,MEL,urgent,1.0
";
    let mapping = MAPPING.replace("images: photo", "images: [photo, {column: over, view: regional}]");
    let folder = folder(table, &mapping);
    for (name, level) in [("1.png", 1), ("2.png", 2), ("o.jpg", 3)] {
        let picture = image::RgbImage::from_pixel(4, 4, image::Rgb([level; 3]));
        fs::write(folder.path().join(name), crate::edge::decode::encode_png(&picture).unwrap()).unwrap();
    }
    let made = imported(import, &folder.path().join("t.csv"), Some(folder.path()), Some(&folder.path().join("m.yaml")));
    let views: Vec<View> = made.case("a").images.iter().map(|photo| photo.view).collect();
    assert_eq!(views, [View::Close, View::Regional, View::Close]);
    assert_eq!(made.reason("b"), "t.csv, line 4: photograph 1 is missing");
}

#[test]
fn the_mapping_that_the_read_me_shows_works() {
    let table = "case_id;patient_id;lesion_id;close_up;overview;referral;years;gender;since;size_mm;itch;bleed;dx;urgency;\
                 still_safe;confirmed_by;fitzpatrick\n\
                 1;p;l;a.png;b.png;It itches.;71;F;3 weeks;5;yes;J;MEL;urgent;urgent;biopsy;2\n";
    let made = run(table, include_str!("../../../../tests/data/formats/mapping.yaml")).unwrap();
    let case = made.case("1");
    assert!(case.history.fields.iter().all(|field| field.value != Value::Deleted), "{:?}", case.history);
    assert_eq!((case.truth.source.as_str(), case.strata["age_band"].as_str()), ("biopsy", "70-79"));
    assert_eq!(made.sheet.label_sources, ["biopsy: 1 of 1 cases"]);
}

#[test]
fn a_table_that_cannot_be_read_is_an_error_with_its_place() {
    assert!(refusal("case,case\na,b\n", MAPPING).contains("two columns named `case`"));
    assert!(refusal(&format!("{TABLE}x,y\n"), MAPPING).contains("line: 5"));
    assert!(refusal(TABLE, "format: 1\nname: [").contains("m.yaml"));
}

#[test]
fn real_data_pad_ufes_20_imports_by_a_mapping_too() {
    let Some(data) = real_data() else { return };
    let mapping = "format: 1
name: PAD
licence: CC BY 4.0
case: img_id
patient: patient_id
lesion: lesion_id
fields:
  age: age
  sex: { column: gender, values: {FEMALE: female, MALE: male} }
  itching: { column: itch, kind: symptom }
  growth: { column: grew, kind: evolution }
  family_history: skin_cancer_history
truth:
  diagnosis: diagnostic
  values: {ACK: actinic_keratosis, BCC: basal_cell_carcinoma, MEL: melanoma, NEV: melanocytic_naevus, \
                   SCC: squamous_cell_carcinoma, SEK: seborrhoeic_keratosis}
  source: biopsed
strata:
  skin_tone: { column: fitspatrick, values: {1.0: I, 2.0: II, 3.0: III, 4.0: IV, 5.0: V, 6.0: VI} }
";
    let folder = folder("", mapping);
    let made = imported(import, &data.join("pad-ufes-20/metadata.csv"), None, Some(&folder.path().join("m.yaml")));
    assert_eq!((made.summary.rows, made.summary.cases, made.summary.patients), (2298, 2298, 1373));
    assert!(made.summary.warnings.iter().any(|warning| warning.starts_with("missing history predicts the label")));
    let unknown = |case: &&Case| case.history.field("growth").unwrap().value == Value::Unknown;
    assert_eq!(made.cases.iter().filter(unknown).count(), 402);
    let tone = made.cases.iter().filter(|case| case.strata.contains_key("skin_tone")).count();
    assert_eq!(tone, 1494);
}

/// Twenty-four cases of two diagnoses with a further column.
fn table_with(code: impl Fn(usize) -> String, story: impl Fn(usize) -> String) -> String {
    let row = |n: usize| {
        let diagnosis = if n.is_multiple_of(2) { "MEL" } else { "NEV" };
        format!("c{n},p{n},{},{},{diagnosis}\n", code(n), story(n))
    };
    format!("case,patient,code,story,dx\n{}", (0..24).map(row).collect::<String>())
}

const CODED: &str = "format: 1
name: Clinic
licence: internal
case: case
patient: patient
note: story
fields:
  grade: { column: code, kind: other }
truth:
  diagnosis: dx
  values: {MEL: melanoma, NEV: melanocytic naevus}
";

#[test]
fn a_second_truth_among_codes_is_refused() {
    let truth = table_with(|n| format!("{}", n % 2 + 7), |_| "A spot.".into());
    let refused = refusal(&truth, CODED);
    assert!(refused.contains("the column `code` would be shown and tells the diagnosis"), "{refused}");
    let weak = table_with(|n| format!("{}", n % 2 + usize::from(n == 5)), |_| "A spot.".into());
    assert!(run(&weak, CODED).is_ok());
}

#[test]
fn the_truths_own_word_in_free_text_is_named() {
    let told =
        table_with(|n| format!("{}", n % 3), |n| if n == 4 { "Path: MEL.".into() } else { "A caramel spot.".into() });
    let made = run(&told, CODED).unwrap();
    let warning = "the column `story` repeats the cell of the truth in 1 of 24 cases: c4";
    assert!(made.sheet.warnings.iter().any(|found| found == warning), "{:?}", made.sheet.warnings);
}

#[test]
fn a_refused_table_leaves_no_folder() {
    let table = table_with(|n| format!("{}", n % 2), |_| "A spot.".into());
    let folder = folder(&table, CODED);
    let (data, mapping, out) =
        (folder.path().join("t.csv"), folder.path().join("m.yaml"), folder.path().join("cohort"));
    let source = Source { data: &data, images: None, mapping: Some(&mapping), out: &out };
    assert!(import(&source).is_err());
    assert!(!out.exists());
}

#[test]
fn a_language_is_a_tag() {
    let with = |tag: &str| MAPPING.replace("licence: internal", &format!("licence: internal\nlanguage: {tag}"));
    assert_eq!(run(TABLE, &with("pt-BR")).unwrap().sheet.language.as_deref(), Some("pt-BR"));
    assert_eq!(run(TABLE, &with("EN")).unwrap().sheet.language.as_deref(), Some("en"));
    for wrong in ["English", "eng", "e", "en_GB"] {
        assert!(refusal(TABLE, &with(wrong)).contains("is no language tag"), "{wrong}");
    }
}
