//! `bedside perturb`: every perturbation on an image, a folder and a cohort writes what its ledger says, or names the way out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use bedside::edge::folder::Folder;
use bedside::edge::perturb::{Beside, write};
use bedside::plan::{case_digest, treated_with};
use bedside::treatment::{PlannedStep, Treatment};
use bedside_perturbations::catalogue::CATALOGUE;
use bedside_perturbations::{Card, Level, Needs, Region, Setting, Takes, Target};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::support::bedside;

/// An image, a folder of images and a cohort, all small.
struct Inputs {
    folder: TempDir,
}

impl Inputs {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let step = ["perturb", "phantom:12", "--step", "downscale: {scale: 25%}", "--out"];
        let output = bedside().args(step).arg(folder.path().join("small")).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let inputs = Self { folder };
        fs::create_dir(inputs.at("photos")).unwrap();
        for name in ["c000002-0.png", "c000003-0.png", "c000005-0.png"] {
            fs::copy(Path::new(&inputs.cohort()).join("images").join(name), inputs.at("photos").join(name)).unwrap();
        }
        inputs
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn cohort(&self) -> String {
        let made = fs::read_dir(self.at("small")).unwrap().flatten().find(|entry| entry.path().is_dir());
        made.unwrap().path().to_string_lossy().into_owned()
    }

    fn photos(&self) -> String {
        self.at("photos").to_string_lossy().into_owned()
    }

    fn image(&self) -> String {
        self.at("photos").join("c000005-0.png").to_string_lossy().into_owned()
    }
}

/// A step of every operator at level 3; of a reference set one with each of its corruptions.
fn steps() -> Vec<(&'static Card, Treatment)> {
    let level = Level::new(3).unwrap();
    let of = |card: &'static Card| {
        let mut settings = vec![Setting { dose: card.dose(level), ..Setting::default() }];
        for parameter in card.parameters.iter().filter(|parameter| parameter.required) {
            let words: Vec<&str> = match parameter.takes {
                Takes::Choice(words) => words.to_vec(),
                _ => vec!["duration"],
            };
            let with = |setting: &Setting| -> Vec<Setting> {
                words.iter().map(|word| setting.clone().with(parameter.name, word)).collect()
            };
            settings = settings.iter().flat_map(with).collect();
        }
        let step = move |setting| treated_with(vec![PlannedStep { operator: card.id.into(), setting }]);
        settings.into_iter().map(move |setting| (card, step(setting)))
    };
    CATALOGUE.iter().flat_map(|entry| of(entry.card)).collect()
}

/// The copies of one step, made twice, with the ledger; or the sentence with which they were refused.
fn copies(input: &str, treatment: &Treatment, beside: &Beside) -> Result<(TempDir, Vec<Value>), String> {
    let once = || {
        let out = tempfile::tempdir().unwrap();
        let cells = [("cell".to_owned(), treatment.clone())];
        let done = write(input, &cells, beside, &Folder::make(out.path()).unwrap());
        done.map(|_| (fs::read_to_string(out.path().join("ledger.jsonl")).unwrap(), out)).map_err(|e| e.to_string())
    };
    let ((first, out), (second, _)) = (once()?, once()?);
    assert_eq!(first, second, "the same digests over two runs");
    Ok((out, first.lines().map(|line| serde_json::from_str(line).unwrap()).collect()))
}

fn sha(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Checks that a ledger says what lies in the folder, and gives how many were exposed.
fn exposed(card: &Card, out: &Path, ledger: &[Value]) -> usize {
    let done = ledger.iter().filter(|line| line["unfit"].is_null());
    for line in done.clone() {
        assert_eq!(line["done"][0]["operator"], card.id, "{line}");
        for output in line["outputs"].as_array().unwrap() {
            let bytes = fs::read(out.join(output["path"].as_str().unwrap())).unwrap();
            assert_eq!(output["sha256"], sha(&bytes).as_str(), "{line}");
        }
        let nothing_written = line["outputs"].as_array().unwrap().is_empty();
        assert!(!nothing_written || card.id == "no_image" || line.get("case_sha256").is_some(), "{line}");
    }
    for line in ledger.iter().filter(|line| !line["unfit"].is_null()) {
        assert!(line["outputs"].as_array().unwrap().is_empty() && line["unfit"].as_str().unwrap().len() > 10, "{line}");
    }
    done.count()
}

/// The lines of the cohort that was written, by their digests.
fn cases(out: &Path) -> Vec<(String, Value)> {
    let text = fs::read_to_string(out.join("cell/cases.jsonl")).unwrap();
    let digest = |line: &str| case_digest(&serde_json::from_str(line).unwrap());
    text.lines().map(|line| (digest(line), serde_json::from_str(line).unwrap())).collect()
}

#[test]
fn on_a_cohort_every_operator_writes_cases_with_ledger_and_digests() {
    let inputs = Inputs::new();
    let beside = Beside { seed: 1, ..Beside::default() };
    let steps = steps();
    assert!(steps.len() >= 125 + 18 + 14, "{}", steps.len());
    for (card, treatment) in &steps {
        let made = copies(&inputs.cohort(), treatment, &beside);
        if let (Err(why), "wrong_unit") = (&made, card.id) {
            assert!(
                why.contains("give a cohort whose cases have what it changes"),
                "few phantoms tell a quantity: {why}"
            );
            continue;
        }
        let (out, ledger) = made.unwrap_or_else(|why| panic!("{}: {why}", card.id));
        assert_eq!(ledger.len(), 12, "{}", card.id);
        assert!(exposed(card, out.path(), &ledger) > 0, "{}", card.id);
        let written = cases(out.path());
        let told: Vec<&str> = ledger.iter().filter_map(|line| line.get("case_sha256")?.as_str()).collect();
        assert_eq!(told, written.iter().map(|(digest, _)| digest.as_str()).collect::<Vec<_>>(), "{}", card.id);
        for line in ledger.iter().filter(|line| line["unfit"].is_null()) {
            assert_eq!(line.get("donor").is_some(), card.needs == Needs::Donor, "{line}");
            assert_eq!(line.get("foil").is_some(), card.needs == Needs::Foil, "{line}");
        }
    }
}

#[test]
fn a_donor_lends_once_and_is_another_patient_with_another_diagnosis() {
    let inputs = Inputs::new();
    let step = treated_with(vec![PlannedStep::at("wrong_image", None)]);
    let (out, ledger) = copies(&inputs.cohort(), &step, &Beside { seed: 1, ..Beside::default() }).unwrap();
    let all: Vec<Value> = fs::read_to_string(Path::new(&inputs.cohort()).join("cases.jsonl"))
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let find = |id: &Value| all.iter().find(|case| case["id"] == *id).unwrap();
    let mut donors = Vec::new();
    for line in ledger.iter().filter(|line| line["unfit"].is_null()) {
        let (taker, donor) = (find(&line["input"]), find(&line["donor"]));
        assert_ne!(taker["patient"], donor["patient"]);
        assert_ne!(taker["truth"]["differential"][0][0], donor["truth"]["differential"][0][0]);
        let photographs = |value: &Value, key: &str| -> Vec<Value> {
            value[key].as_array().unwrap().iter().map(|photo| photo["sha256"].clone()).collect()
        };
        assert_eq!(photographs(line, "outputs"), photographs(donor, "images"), "the donor's own pictures, bit for bit");
        donors.push(line["donor"].to_string());
    }
    let lent = donors.len();
    donors.sort();
    donors.dedup();
    assert!(lent >= 10 && donors.len() == lent && cases(out.path()).len() == lent);
    let other = copies(&inputs.cohort(), &step, &Beside { seed: 2, ..Beside::default() }).unwrap().1;
    assert!(ledger.iter().zip(&other).any(|(one, two)| one["donor"] != two["donor"]), "another seed, other donors");
}

#[test]
fn a_foil_that_is_named_is_planted_where_it_is_wrong() {
    let inputs = Inputs::new();
    let beside = Beside { seed: 1, foil: Some("squamous_cell_carcinoma".into()), lesion: None };
    let step = treated_with(vec![PlannedStep::at("foil_impression", None)]);
    let (_, ledger) = copies(&inputs.cohort(), &step, &beside).unwrap();
    let has_it = |line: &&Value| line["input"] == "c000003";
    assert!(ledger.iter().find(has_it).unwrap()["unfit"].as_str().unwrap().contains("no wrong diagnosis fits"));
    for line in ledger.iter().filter(|line| line["unfit"].is_null()) {
        assert_eq!(
            (&line["foil"], &line["done"][0]["change"]["planted"]["id"]),
            (&"squamous_cell_carcinoma".into(), &"squamous_cell_carcinoma".into())
        );
    }
    assert!(ledger.iter().any(|line| line["done"][0]["change"]["pull"] == "alarming"));
}

/// Whether an image or a folder can be exposed, where a foil and a lesion's box are given or not.
fn possible(card: &Card, foil: bool, lesion: bool) -> bool {
    let several = ["drop_images", "keep_worst", "reorder"].contains(&card.id);
    let given = match card.needs {
        Needs::Nothing => true,
        Needs::Donor => false,
        Needs::Foil => foil,
        Needs::LesionBox => lesion,
    };
    card.target != Target::History && given && !several
}

#[test]
fn on_images_every_operator_writes_copies_with_ledger_and_digests_or_names_the_way_out() {
    let inputs = Inputs::new();
    let plain = Beside { seed: 1, ..Beside::default() };
    let lesion = Some(Region { x: 60, y: 40, w: 40, h: 40 });
    for (card, treatment) in &steps() {
        let foil = (card.needs == Needs::Foil && card.target != Target::History).then(|| "psoriasis".to_owned());
        let told = Beside { seed: 1, foil, lesion };
        let tries = [
            (inputs.image(), &plain, 1, possible(card, false, false)),
            (inputs.image(), &told, 1, possible(card, true, true)),
            (inputs.photos(), &plain, 3, possible(card, false, false)),
        ];
        for (input, beside, files, works) in tries {
            match copies(&input, treatment, beside) {
                Ok((out, ledger)) => {
                    assert!(works && ledger.len() == files, "{} should be refused on {input}", card.id);
                    assert_eq!(exposed(card, out.path(), &ledger), files, "{}", card.id);
                }
                Err(why) => {
                    assert!(!works, "{} on {input}: {why}", card.id);
                    let way = ["give a cohort", "--foil", "--lesion"].iter().any(|way| why.contains(way));
                    assert!(way && (why.contains(card.id) || why.contains("nothing could be changed")), "{why}");
                }
            }
        }
    }
}

#[test]
fn what_an_image_is_given_is_in_its_ledger() {
    let inputs = Inputs::new();
    let beside =
        Beside { seed: 1, foil: Some("psoriasis".into()), lesion: Some(Region { x: 60, y: 40, w: 40, h: 40 }) };
    let step = treated_with(vec![PlannedStep::at("wrong_label_text", Some(0.05)), PlannedStep::at("mirror", None)]);
    let ledger = copies(&inputs.image(), &step, &beside).unwrap().1;
    let change = &ledger[0]["done"][0]["change"];
    assert_eq!((&ledger[0]["foil"], &change["planted"]["id"]), (&"psoriasis".into(), &"psoriasis".into()));
    assert!(change.get("pull").is_none(), "nobody says what the image shows: {change}");
    assert_eq!(ledger[0]["outputs"][0]["lesion"], serde_json::json!([60, 40, 40, 40]), "160 pixels wide, mirrored");
}

/// The program on the image with these arguments.
fn ask(inputs: &Inputs, arguments: &[&str]) -> Output {
    bedside().arg("perturb").args(arguments).arg("--out").arg(inputs.at("out")).output().unwrap()
}

#[test]
fn what_cannot_be_done_ends_with_the_way_out() {
    let inputs = Inputs::new();
    let (image, photos, cohort) = (inputs.image(), inputs.photos(), inputs.cohort());
    let cut = "lesion_cut: {level: 2}";
    for (arguments, words) in [
        (vec!["--step", "wrong_image", &image], "`wrong_image` needs another patient's case"),
        (vec!["--step", "typos: {level: 2}", &photos], "`typos` changes a history"),
        (vec!["--step", "wrong_label_text: {level: 2}", &photos], "name one with --foil"),
        (vec!["--step", "wrong_label_text: {level: 2}", "--foil", "psorasis", &image], "did you mean `psoriasis`?"),
        (vec!["--step", "mirror", "--foil", "psoriasis", &image], "no step plants a diagnosis"),
        (vec!["--step", cut, &image], "give its box with --lesion X,Y,W,H"),
        (vec!["--step", cut, &photos], "give one image with --lesion"),
        (vec!["--step", cut, "--lesion", "100,0,90,20", &image], "no box inside the image of 160 x 120 pixels"),
        (vec!["--step", cut, "--lesion", "1,2,3", &image], "four whole numbers"),
        (vec!["--step", cut, "--lesion", "1,2,3,4", &cohort], "--lesion: is for one image"),
        (vec!["--step", "reorder", &image], "a cohort whose cases have several"),
    ] {
        let output = ask(&inputs, &arguments);
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {told}");
        assert!(told.contains(words), "{arguments:?}: {told}");
    }
    let output = ask(&inputs, &["--step", cut, "--lesion", "60,40,40,40", &image]);
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn two_corruptions_of_a_reference_set_lie_in_two_folders() {
    let inputs = Inputs::new();
    for word in ["fog", "gaussian_blur"] {
        let step = format!("imagenet_c: {{corruption: {word}, severity: 3}}");
        assert!(ask(&inputs, &["--step", &step, &inputs.image()]).status.success());
        assert!(inputs.at("out").join(format!("imagenet-c-severity-3-{word}/c000005-0.png")).is_file(), "{word}");
    }
}

#[test]
fn words_in_another_language_are_left_alone_with_the_reason() {
    let inputs = Inputs::new();
    let (cohort, beside) = (inputs.cohort(), Beside { seed: 1, ..Beside::default() });
    let sheet = Path::new(&cohort).join("cohort.yaml");
    let english = fs::read_to_string(&sheet).unwrap();
    let of = |id: &str| steps().into_iter().find(|(card, _)| card.id == id).unwrap().1;
    for (language, reason) in [("de", Some("the history is in `de`")), ("en-GB", None)] {
        let told = english.replace("language: en", &format!("language: {language}"));
        assert!(told.contains(&format!("language: {language}\n")), "the sheet states its language");
        fs::write(&sheet, told).unwrap();
        let why = copies(&cohort, &of("typos"), &beside).err();
        assert_eq!(why.is_some(), reason.is_some(), "{why:?}");
        assert!(reason.is_none_or(|reason| why.unwrap().contains(reason)));
        assert!(copies(&cohort, &of("field_order"), &beside).is_ok(), "an order is no word");
    }
}
