use super::*;
use crate::edge::decode::encode_png;
use image::Rgb;
use tempfile::TempDir;

const SHEET_TEXT: &str = "format: 1\nname: test\nlicence: CC0\nsynthetic: true\n";

/// A picture of one colour as a file of the cohort, and its digest.
fn picture(root: &Path, name: &str, level: u8) -> String {
    let bytes = encode_png(&RgbImage::from_pixel(8, 6, Rgb([level, 90, 80]))).unwrap();
    fs::create_dir_all(root.join("images")).unwrap();
    fs::write(root.join("images").join(name), &bytes).unwrap();
    hex(&Sha256::digest(&bytes))
}

fn case(id: &str, images: &str, history: &str) -> String {
    format!(
        r#"{{"id": "{id}", "patient": "p-{id}", "images": [{images}], "history": {history}, "truth": {{"differential": [["psoriasis", 1.0]], "triage": {{"ideal": "soon", "least_urgent_safe": "routine"}}}}}}"#
    )
}

fn photo(name: &str, sha256: &str) -> String {
    format!(r#"{{"path": "images/{name}", "sha256": "{sha256}"}}"#)
}

const ITCH: &str = r#"{"fields": [{"name": "itching", "kind": "symptom", "value": "yes"}]}"#;

fn folder(lines: &[String]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(SHEET), SHEET_TEXT).unwrap();
    fs::write(folder.path().join(CASES), lines.join("\n")).unwrap();
    folder
}

fn ids(cohort: &CohortDir) -> Vec<String> {
    (0..cohort.len()).map(|number| cohort.case(number).unwrap().id).collect()
}

#[test]
fn what_is_broken_is_named_and_the_rest_runs() {
    let folder = folder(&[]);
    let root = folder.path();
    let good = picture(root, "good.png", 1);
    fs::write(root.join("images/broken.png"), b"not a picture").unwrap();
    let broken = hex(&Sha256::digest(b"not a picture"));
    let lines = [
        case("fine", &photo("good.png", &good), ITCH),
        case("broken", &photo("broken.png", &broken), ITCH),
        case("silent", &photo("good.png", &good), "{}"),
        case("missing", &photo("nowhere.png", &good), ITCH),
        case("other", &photo("broken.png", &good), ITCH),
        case("twice", "", ITCH),
        case("twice", "", ITCH),
        "{\"id\": \"bad\", \"patient\": 3}".to_string(),
        case("outside", &photo("good.png", &good).replace('}', r#", "lesion": [4, 0, 5, 2]}"#), ITCH),
        case("escape", &photo("../cohort.yaml", &good), ITCH),
        case("triage", "", ITCH).replace("soon", "whenever"),
        case("weights", "", ITCH).replace("1.0", "0.7"),
    ];
    fs::write(root.join(CASES), lines.join("\n")).unwrap();
    let cohort = CohortDir::open(root).unwrap();
    assert_eq!(ids(&cohort), ["fine", "silent"]);
    assert_eq!(cohort.listed(), 12);
    for (case, reason) in [
        ("broken", "images/broken.png: not a picture"),
        ("missing", "images/nowhere.png: No such file"),
        ("other", "its SHA-256 differs"),
        ("twice", "lines 6, 7"),
        ("cases.jsonl:8", "cases.jsonl:8:26: invalid type"),
        ("outside", "box lies outside"),
        ("escape", "below the cohort's folder"),
        ("triage", "whenever is no step of the triage scale (emergency, urgent, soon, routine)"),
        ("weights", "add up to 0.7"),
    ] {
        let found = cohort.exclusions().iter().filter(|exclusion| exclusion.case == case).collect::<Vec<_>>();
        assert!(!found.is_empty() && found.iter().all(|found| found.reason.contains(reason)), "{case}: {found:?}");
        assert_eq!(found.len(), if case == "twice" { 2 } else { 1 });
    }
    assert!(cohort.sheet().warnings.iter().any(|warning| warning == "no history in 1 of the cases: silent"));
    assert_eq!(cohort.pixels(&cohort.case(0).unwrap(), 0).unwrap().dimensions(), (8, 6));
    assert!(cohort.pixels(&cohort.case(0).unwrap(), 1).is_err());
}

#[test]
fn a_photograph_that_is_cut_off_is_found_at_open() {
    let folder = folder(&[]);
    let root = folder.path();
    let pixels = RgbImage::from_fn(64, 64, |x, y| Rgb([u8::try_from(x * y % 251).unwrap(), 7, 9]));
    let bytes = encode_png(&pixels).unwrap();
    let cut = &bytes[..bytes.len() / 2];
    fs::create_dir_all(root.join("images")).unwrap();
    fs::write(root.join("images/cut.png"), cut).unwrap();
    let lines = [case("cut", &photo("cut.png", &hex(&Sha256::digest(cut))), ITCH), case("fine", "", ITCH)];
    fs::write(root.join(CASES), lines.join("\n")).unwrap();
    let cohort = CohortDir::open(root).unwrap();
    assert_eq!(ids(&cohort), ["fine"]);
    assert!(cohort.exclusions()[0].reason.contains("broken"), "{:?}", cohort.exclusions());
}

#[test]
fn the_order_of_lines_changes_nothing() {
    let mut lines: Vec<String> = (0..100).map(|n| case(&format!("c{n:03}"), "", ITCH)).collect();
    lines[7] = case("c003", "", ITCH);
    let one = folder(&lines);
    lines.reverse();
    lines.push(String::new());
    let other = folder(&lines);
    let [one, other] = [&one, &other].map(|folder| CohortDir::open(folder.path()).unwrap());
    assert_eq!(ids(&one), ids(&other));
    assert_eq!(one.len(), 98);
    assert_eq!(one.sheet(), other.sheet());
    let cases = |cohort: &CohortDir| cohort.exclusions().iter().map(|e| e.case.clone()).collect::<Vec<_>>();
    assert_eq!(cases(&one), cases(&other));
}

#[test]
fn nothing_left_is_an_error() {
    let empty = folder(&[]);
    assert!(CohortDir::open(empty.path()).unwrap_err().why.contains("lists no case"));
    let broken = folder(&["{".into()]);
    assert!(CohortDir::open(broken.path()).unwrap_err().why.contains("none of the 1 cases"));
}

#[test]
fn a_data_sheet_that_cannot_be_read_is_an_error() {
    let folder = folder(&[case("a", "", ITCH)]);
    for (text, why) in [
        ("format: 1\nname: x\n", "licence"),
        ("format: 2\nname: x\nlicence: y\nsynthetic: true\n", "format 2"),
        ("format: 1\nname: x\nlicence: y\nsynthetic: true\nextra: 1\n", "extra"),
        ("format: 1\nname: x\nlicence: y\nsynthetic: true\ntriage: []\n", "no steps"),
    ] {
        fs::write(folder.path().join(SHEET), text).unwrap();
        let error = CohortDir::open(folder.path()).unwrap_err();
        assert!(error.why.contains(why), "{error}");
    }
    fs::remove_file(folder.path().join(SHEET)).unwrap();
    assert!(CohortDir::open(folder.path()).unwrap_err().why.contains("a cohort is a folder with"));
}

#[test]
fn a_file_that_changes_under_our_hands_is_noticed() {
    let folder = folder(&[case("a", "", ITCH), case("b", "", ITCH)]);
    let cohort = CohortDir::open(folder.path()).unwrap();
    fs::write(folder.path().join(CASES), [case("b", "", ITCH), case("a", "", ITCH)].join("\n")).unwrap();
    assert!(cohort.case(0).unwrap_err().why.contains("did the file change?"));
    assert!(cohort.case(9).is_err());
}

#[test]
fn missing_history_that_predicts_the_label_is_warned_of() {
    let line = |n: usize| {
        let dangerous = n < 10;
        let line = case(&format!("c{n:02}"), "", if dangerous { ITCH } else { "{}" });
        line.replace("}}}", &format!("}}, \"dangerous\": {dangerous}}}}}"))
    };
    let cohort = CohortDir::open(folder(&(0..20).map(line).collect::<Vec<_>>()).path()).unwrap();
    let warnings = &cohort.sheet().warnings;
    assert!(warnings.iter().any(|w| w.contains("tell any history, itching, 10 of 10 are dangerous")), "{warnings:?}");
}

#[test]
fn a_diagnosis_outside_the_lexicon_is_warned_of() {
    let line = case("a", "", ITCH).replace("psoriasis", "nothing_known");
    let cohort = CohortDir::open(folder(&[line]).path()).unwrap();
    assert!(cohort.sheet().warnings.iter().any(|warning| warning.contains("names nothing_known")));
}

#[test]
fn a_variant_in_the_truth_is_judged_as_what_it_is_a_variant_of() {
    let line = case("a", "", ITCH).replace("psoriasis", "nodular_melanoma");
    let folder = folder(&[line]);
    let cohort = CohortDir::open(folder.path()).unwrap();
    let truth = cohort.case(0).unwrap().truth;
    assert!(truth.accepts("melanoma") && truth.leading() == Some("melanoma"), "{truth:?}");
}

#[test]
fn variants_of_one_diagnosis_share_its_weight() {
    let mut truth = Truth {
        differential: ["psoriasis", "nodular_melanoma", "melanoma"].map(|id| (id.to_owned(), 1.0)).to_vec(),
        must_consider: vec!["nodular_melanoma".into()],
        ..serde_json::from_str(r#"{"differential": []}"#).unwrap()
    };
    judge(&mut truth, Lexicon::embedded());
    assert_eq!(truth.differential, [("melanoma".to_owned(), 2.0), ("psoriasis".to_owned(), 1.0)]);
    assert_eq!(truth.must_consider, ["melanoma"]);
}
