use std::fs;

use bedside_perturbations::Value;

use super::*;
use crate::edge::import::testing::{Imported, imported, shown, try_import};

/// The columns of `scin_cases.csv`, in an order of their own.
fn case_columns() -> Vec<String> {
    let lists: [(&str, &str); 5] = [
        (
            "race_ethnicity_",
            "american_indian_or_alaska_native asian black_or_african_american hispanic_latino_or_spanish_origin \
             middle_eastern_or_north_african native_hawaiian_or_pacific_islander white other_race \
             prefer_not_to_answer two_or_more_after_mitigation",
        ),
        ("textures_", "unspecified raised_or_bumpy flat rough_or_flaky fluid_filled"),
        (
            "body_parts_",
            "head_or_neck arm palm back_of_hand torso_front torso_back genitalia_or_groin buttocks leg \
             foot_top_or_side foot_sole other",
        ),
        (
            "condition_symptoms_",
            "bothersome_appearance bleeding increasing_size darkening itching burning pain no_relevant_experience",
        ),
        ("other_symptoms_", "fever chills fatigue joint_pain mouth_sores shortness_of_breath no_relevant_symptoms"),
    ];
    let plain = ["case_id", "source", "release", "year", "age_group", "sex_at_birth", "fitzpatrick_skin_type"];
    let rest = ["related_category", "condition_duration"].map(String::from).into_iter();
    let photos = (1..=3).flat_map(|n| [format!("image_{n}_path"), format!("image_{n}_shot_type")]);
    let listed = lists
        .into_iter()
        .flat_map(|(prefix, names)| names.split_whitespace().map(move |name| format!("{prefix}{name}")));
    plain.map(String::from).into_iter().chain(listed).chain(rest).chain(photos).collect()
}

const LABEL_COLUMNS: &str = "case_id,dermatologist_gradable_for_skin_condition_1,\
dermatologist_skin_condition_label_name,dermatologist_skin_condition_confidence,weighted_skin_condition_label,\
dermatologist_fitzpatrick_skin_type_label_1,dermatologist_fitzpatrick_skin_type_label_2,\
dermatologist_fitzpatrick_skin_type_label_3,monk_skin_tone_label_us";

/// A row of contributions: the cells that are not empty.
type Cells<'a> = &'a [(&'a str, &'a str)];

const FULL: Cells<'static> = &[
    ("case_id", "-1"),
    ("year", "2023"),
    ("age_group", "AGE_30_TO_39"),
    ("sex_at_birth", "FEMALE"),
    ("fitzpatrick_skin_type", "FST5"),
    ("race_ethnicity_white", "YES"),
    ("race_ethnicity_asian", "YES"),
    ("textures_raised_or_bumpy", "YES"),
    ("body_parts_arm", "YES"),
    ("body_parts_leg", "YES"),
    ("condition_symptoms_itching", "YES"),
    ("other_symptoms_no_relevant_symptoms", "YES"),
    ("related_category", "RASH"),
    ("condition_duration", "ONE_TO_FOUR_WEEKS"),
    ("image_1_path", "dataset/images/1.png"),
    ("image_1_shot_type", "CLOSE_UP"),
    ("image_3_path", "dataset/images/3.png"),
    ("image_3_shot_type", "AT_DISTANCE"),
];

fn with<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = FULL.iter().filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    kept.copied().chain(changes.iter().copied()).collect()
}

/// Writes the two tables; labels are case id, weighted label and the first dermatologist's skin type.
fn folder(rows: &[Vec<(&str, &str)>], labels: &[(&str, &str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let columns = case_columns();
    let cell = |row: &[(&str, &str)], column: &String| {
        row.iter().find(|(name, _)| name == column).map_or("", |(_, value)| value).to_owned()
    };
    let lines = rows.iter().map(|row| columns.iter().map(|column| cell(row, column)).collect::<Vec<_>>().join(","));
    let text = [columns.join(",")].into_iter().chain(lines).collect::<Vec<_>>().join("\n");
    fs::write(folder.path().join(CASES), text).unwrap();
    let lines = labels.iter().map(|(id, weighted, tone)| {
        format!("{id},DEFAULT_YES_IMAGE_QUALITY_SUFFICIENT,\"['Eczema']\",[4],\"{weighted}\",{tone},,,3")
    });
    let text = [LABEL_COLUMNS.to_owned()].into_iter().chain(lines).collect::<Vec<_>>().join("\n");
    fs::write(folder.path().join(LABELS), text).unwrap();
    folder
}

fn run(rows: &[Vec<(&str, &str)>], labels: &[(&str, &str, &str)]) -> Imported {
    imported(import, folder(rows, labels).path(), None, None)
}

const ECZEMA: &str = "{'Eczema': 0.67, 'Psoriasis': 0.33}";

#[test]
fn a_contribution_becomes_a_case_and_keeps_its_weights() {
    let made = run(&[FULL.to_vec()], &[("-1", ECZEMA, "FST3")]);
    let case = made.case("-1");
    assert_eq!(case.history.note, None, "the form has no prose");
    assert_eq!(case.truth.differential, [("dermatitis".to_string(), 0.67), ("psoriasis".to_string(), 0.33)]);
    let value = |name: &str| case.history.field(name).unwrap().value.clone();
    assert_eq!(value("itching"), Value::Yes);
    assert_eq!(value("pain"), Value::Deleted, "a box that was not ticked is silence");
    assert_eq!(value("fever"), Value::No, "nothing of the list applies");
    assert_eq!(value("age"), Value::Stated("30-39".into()));
    assert_eq!(value("site"), Value::Stated("arm, leg".into()));
    assert_eq!(value("duration"), Value::Stated("1 to 4 weeks".into()));
    assert_eq!(case.strata["skin_tone"], "V", "as the contributor says");
    assert_eq!(case.strata["race_ethnicity"], "asian+white");
    assert_eq!(case.strata["related_category"], "rash");
    assert!(case.history.fields.iter().all(|field| made.sheet.fields.contains_key(&field.name)));
}

#[test]
fn an_unticked_form_is_silence_and_an_unknown_stays_unknown() {
    let row = vec![
        ("case_id", "7"),
        ("sex_at_birth", "OTHER_OR_UNSPECIFIED"),
        ("fitzpatrick_skin_type", "NONE_SELECTED"),
        ("condition_duration", "UNKNOWN"),
        ("condition_symptoms_pain", "NO"),
        ("age_group", "AGE_80_OR_ABOVE"),
        ("image_1_path", "a.png"),
    ];
    let made = run(&[row], &[("7", "{'Urticaria': 1.0}", "FST2")]);
    let case = made.case("7");
    let value = |name: &str| case.history.field(name).unwrap().value.clone();
    assert_eq!(value("sex"), Value::Unknown);
    assert_eq!(value("duration"), Value::Unknown);
    assert_eq!(value("pain"), Value::No);
    assert_eq!(value("site"), Value::Deleted);
    assert_eq!(case.history.note, None);
    assert_eq!(case.strata["skin_tone"], "II", "as a dermatologist read it");
    assert!(!case.strata.contains_key("sex"));
}

#[test]
fn photographs_keep_their_order_and_view_and_nothing_else() {
    let folder = folder(&[FULL.to_vec()], &[("-1", ECZEMA, "")]);
    let images = folder.path().join("dataset/images");
    fs::create_dir_all(&images).unwrap();
    for (name, level) in [("1.png", 10), ("3.png", 200)] {
        let picture = image::RgbImage::from_pixel(4, 4, image::Rgb([level; 3]));
        fs::write(images.join(name), crate::edge::decode::encode_png(&picture).unwrap()).unwrap();
    }
    let made = imported(import, folder.path(), Some(folder.path()), None);
    let views: Vec<View> = made.cases[0].images.iter().map(|photo| photo.view).collect();
    assert_eq!(views, [View::Close, View::Regional]);
    assert!(!shown(&made.cases[0]).contains("dataset"));
    fs::remove_file(images.join("3.png")).unwrap();
    let error = try_import(import, folder.path(), Some(folder.path()), None).unwrap_err();
    assert!(error.to_string().contains("scin_cases.csv, line 2: photograph 2 is missing"), "{error}");
}

#[test]
fn what_bears_the_label_is_not_shown() {
    let made = run(&[with(&[("related_category", "ACNE")])], &[("-1", "{'Acne': 1.0}", "")]);
    let shown = shown(&made.cases[0]);
    for word in ["acne", "eczema", "default_yes", "white", "asian", "2023", "category"] {
        assert!(!shown.contains(word), "{word}");
    }
}

#[test]
fn what_makes_no_case_is_named() {
    let rows = [
        FULL.to_vec(),
        with(&[("case_id", "2")]),
        with(&[("case_id", "3")]),
        with(&[("case_id", "4"), ("age_group", "AGE_OLD")]),
        with(&[("case_id", "5")]),
        with(&[("case_id", "6"), ("condition_symptoms_pain", "perhaps")]),
        with(&[("case_id", "7"), ("image_1_path", ""), ("image_3_path", "")]),
        with(&[("case_id", "8")]),
        with(&[("case_id", "8")]),
        with(&[("case_id", "9"), ("body_parts_arm", "perhaps")]),
        with(&[("case_id", "")]),
    ];
    let label = |id| (id, ECZEMA, "");
    let labels = [
        label("-1"),
        ("2", "{}", ""),
        label("4"),
        ("5", "{'Eczema': 0.2}", ""),
        label("6"),
        label("7"),
        label("8"),
        label("9"),
    ];
    let made = run(&rows, &labels);
    assert_eq!((made.summary.rows, made.summary.cases, made.summary.exclusions.len()), (11, 1, 10));
    let cases = |line: u8, why: &str| format!("scin_cases.csv, line {line}: {why}");
    assert_eq!(made.reason("2"), cases(3, "no dermatologist named a condition"));
    assert_eq!(made.reason("3"), cases(4, "it has no row of labels"));
    assert!(made.reason("4").starts_with(&cases(5, "column `age_group`: expected AGE_18_TO_29")));
    assert!(made.reason("5").starts_with(&cases(6, "scin_labels.csv, line 5: the weights")));
    assert_eq!(made.reason("6"), cases(7, "column `condition_symptoms_pain`: expected YES, NO or nothing"));
    assert_eq!(made.reason("7"), cases(8, "it has no photograph"));
    assert_eq!(made.reason("8"), cases(9, "its id occurs more than once"));
    assert_eq!(made.reason("9"), cases(11, "column `body_parts_arm`: expected YES, NO or nothing"));
    assert_eq!(made.reason("line 12"), cases(12, "it has no case_id"));
    assert!(!format!("{:?}", made.summary.exclusions).contains("perhaps"), "no cell is repeated");
}

#[test]
fn a_skin_type_that_is_none_is_named_with_its_column() {
    let rows = [
        FULL.to_vec(),
        with(&[("case_id", "2"), ("fitzpatrick_skin_type", "pale")]),
        with(&[("case_id", "3"), ("fitzpatrick_skin_type", "")]),
    ];
    let made = run(&rows, &[("-1", ECZEMA, ""), ("2", ECZEMA, ""), ("3", ECZEMA, "pale")]);
    assert_eq!(
        made.reason("2"),
        "scin_cases.csv, line 3: column `fitzpatrick_skin_type`: expected FST1 to FST6, or nothing"
    );
    assert!(
        made.reason("3")
            .starts_with("scin_cases.csv, line 4: scin_labels.csv, line 4: column `dermatologist_fitzpatrick")
    );
    assert!(!made.reason("3").contains("pale"));
}

#[test]
fn labels_that_occur_twice_or_belong_to_nobody_are_told() {
    let rows = [FULL.to_vec(), with(&[("case_id", "2")])];
    let labels = [("-1", ECZEMA, ""), ("2", ECZEMA, ""), ("2", "{'Melanoma': 1.0}", ""), ("3", ECZEMA, "")];
    let made = run(&rows, &labels);
    assert_eq!(made.summary.cases, 1);
    let reason = "scin_cases.csv, line 3: scin_labels.csv has labels for it on line 3 and again on line 4";
    assert_eq!(made.reason("2"), reason);
    let told = "1 of 3 ids in scin_labels.csv have no contribution in scin_cases.csv";
    assert!(made.summary.warnings.iter().any(|warning| warning == told), "{:?}", made.summary.warnings);
}

#[test]
fn every_column_that_is_read_is_needed() {
    for column in ["condition_symptoms_itching", "image_3_path", "race_ethnicity_white", "other_symptoms_fever"] {
        let folder = folder(&[FULL.to_vec()], &[("-1", ECZEMA, "")]);
        let path = folder.path().join(CASES);
        let text = fs::read_to_string(&path).unwrap().replacen(column, "another", 1);
        fs::write(&path, text).unwrap();
        let error = try_import(import, folder.path(), None, None).unwrap_err().to_string();
        assert!(error.contains(&format!("no column `{column}`")), "{error}");
    }
}

#[test]
fn a_history_that_only_some_labels_have_is_warned_of() {
    let mut rows = Vec::new();
    let ids: Vec<String> = (0..40).map(|n| n.to_string()).collect();
    let mut labels = Vec::new();
    for (n, id) in ids.iter().enumerate() {
        let told: &[(&str, &str)] = if n < 20 { &[] } else { &[("condition_duration", "")] };
        rows.push(with(&[&[("case_id", id.as_str())], told].concat()));
        labels.push((id.as_str(), if n < 18 { "{'Melanoma': 1.0}" } else { "{'Eczema': 1.0}" }, ""));
    }
    let made = run(&rows, &labels);
    assert!(
        made.summary.warnings.iter().any(|warning| warning.starts_with("missing history predicts the label")
            && warning.contains("tell duration, 18 of 20")),
        "{:?}",
        made.summary.warnings
    );
}

#[test]
fn a_missing_column_is_named_with_the_nearest() {
    let folder = folder(&[FULL.to_vec()], &[("-1", ECZEMA, "")]);
    let path = folder.path().join(CASES);
    let text = fs::read_to_string(&path).unwrap().replace("condition_duration", "condition_durations");
    fs::write(&path, text).unwrap();
    let error = try_import(import, folder.path(), None, None).unwrap_err().to_string();
    assert!(error.contains("no column `condition_duration`; is it `condition_durations`?"), "{error}");
    fs::remove_file(folder.path().join(LABELS)).unwrap();
    assert!(try_import(import, folder.path(), None, None).unwrap_err().to_string().contains(LABELS));
}
