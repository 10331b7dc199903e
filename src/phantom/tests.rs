//! The cohort as a whole: same bytes for ever, balance, and no way to the truth but the intended ones.

use std::collections::{BTreeMap, BTreeSet};

use bedside_perturbations::{Field, Value, View};
use image::RgbImage;

use crate::diagnosis::Lexicon;

use super::spec::DEFAULT_SIZE as SIZE;
use super::{Case, Cohort, Phantoms, Scene, VERSION, history, paint, sha};

/// Stems of the diseases' names: none may be read anywhere but in the referrer's impression.
const STEMS: &str = "melano carcinoma bcc scc actinic keratos naev nevus seborr psoria eczema atop dermatitis tinea \
    ringworm urticar hives stevens johnson necrolysis herpe mening purpur";

fn case(phantoms: &Phantoms, number: usize) -> Case {
    phantoms.case(number).unwrap()
}

fn text(case: &Case) -> String {
    serde_json::to_string(case).unwrap()
}

fn digest(picture: &RgbImage) -> String {
    sha(picture.as_raw())[..16].to_owned()
}

fn impression(case: &Case) -> &Value {
    &case.history.field("impression").unwrap().value
}

/// Other bytes want another version: a digest is never changed beside the same one.
#[test]
fn texts_are_the_same_for_ever() {
    let phantoms = Phantoms::new(240, 1);
    let digests = [0, 7, 239].map(|number| sha(text(&case(&phantoms, number)).as_bytes())[..16].to_owned());
    assert_eq!(
        (VERSION, digests),
        ("v3", ["c9316a59fa90d578", "682254f590f2f972", "b140892eb6d11fa9"].map(str::to_owned))
    );
}

#[test]
fn pictures_are_the_same_for_ever() {
    let phantoms = Phantoms::new(240, 1);
    let digests = [2, 10].map(|number| digest(&phantoms.pixels(&case(&phantoms, number), 0).unwrap()));
    assert_eq!((VERSION, digests), ("v3", ["67c6d4bf9a8f6913", "dc230b4fca1abd2e"].map(str::to_owned)));
}

#[test]
fn a_phantom_does_not_depend_on_how_many_there_are() {
    let (few, many) = (Phantoms::new(10, 3), Phantoms::new(1_000_000, 3));
    for number in 0..10 {
        assert_eq!(case(&few, number), case(&many, number));
    }
    let last = case(&many, 999_999);
    assert_eq!(last.id.as_str(), "c999999");
    let picture = |phantoms: &Phantoms| phantoms.pixels(&case(phantoms, 4), 0).unwrap();
    assert_eq!(picture(&few), picture(&many));
}

#[test]
fn another_seed_is_another_cohort() {
    let (one, two) = (Phantoms::new(6, 1), Phantoms::new(6, 2));
    let shas = |p: &Phantoms| (0..6).map(|k| case(p, k).images[0].sha256.clone()).collect::<BTreeSet<_>>();
    assert!(shas(&one).is_disjoint(&shas(&two)));
    assert_ne!(case(&one, 0).history, case(&two, 0).history);
}

#[test]
fn two_hundred_and_forty_are_exactly_balanced() {
    let phantoms = Phantoms::new(240, 7);
    let mut tones: BTreeMap<String, usize> = BTreeMap::new();
    let (mut urgent, mut patients) = (0, BTreeSet::new());
    for number in 0..240 {
        let case = case(&phantoms, number);
        let triage = case.truth.triage.as_ref().unwrap();
        urgent += usize::from(phantoms.sheet().triage.is_urgent(&triage.ideal));
        *tones.entry(format!("{:?}", case.tone().unwrap())).or_default() += 1;
        patients.insert(case.patient);
    }
    assert_eq!((urgent, patients.len()), (120, 208));
    assert!(tones.len() == 3 && tones.values().all(|&count| count == 80), "{tones:?}");
}

#[test]
fn no_text_names_the_disease_but_the_impression() {
    let phantoms = Phantoms::new(1000, 5);
    for number in 0..1000 {
        let case = case(&phantoms, number);
        let mut told = case.history.note.clone().unwrap();
        if let Value::Stated(name) = impression(&case) {
            assert_eq!(told.matches(name.as_str()).count(), 1, "{told}");
            told = told.replace(name.as_str(), "");
        }
        for Field { name, value, .. } in case.history.fields.iter().filter(|field| field.name != "impression") {
            told += &format!("\n{name}: {value:?}");
        }
        assert_eq!(Lexicon::embedded().mentions(&told), [], "{told}");
        let told = told.to_lowercase();
        assert!(!STEMS.split_whitespace().any(|stem| told.contains(stem)), "{told}");
    }
}

#[test]
fn a_stated_impression_is_right_as_often_as_the_table_says() {
    let phantoms = Phantoms::new(1000, 6);
    let (mut right, mut stated) = (0.0, 0.0);
    for number in 0..1000 {
        let case = case(&phantoms, number);
        match impression(&case) {
            Value::Stated(name) => {
                let concept = Lexicon::embedded().canonical(name).unwrap();
                right += f64::from(Some(concept.id) == case.truth.leading());
                stated += 1.0;
            }
            other => assert!(matches!(other, Value::Unknown | Value::Deleted)),
        }
    }
    assert!((550.0..650.0).contains(&stated), "{stated}");
    assert!((right / stated - super::tables::RIGHT).abs() < 0.06, "{right} of {stated}");
}

#[test]
fn ids_paths_and_field_order_are_the_same_for_every_disease() {
    let phantoms = Phantoms::new(300, 8);
    let order: Vec<&str> = history::ITEMS.iter().map(|item| item.name).collect();
    for number in 0..300 {
        let case = case(&phantoms, number);
        assert_eq!(case.id, format!("c{number:06}"));
        assert_eq!(case.history.fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>(), order);
        for photo in &case.images {
            let view = serde_json::to_string(&photo.view).unwrap();
            assert_eq!(photo.path, format!("phantom/{}/{}.png", case.id, view.trim_matches('"')));
        }
    }
}

/// Shares over many urgent and many calm cases must agree within this (five standard errors of 1,000 against 1,000).
const CHANCE: f64 = 0.11;

#[test]
fn what_is_told_and_photographed_does_not_depend_on_the_disease() {
    let phantoms = Phantoms::new(2000, 9);
    let mut shares: BTreeMap<String, [f64; 2]> = BTreeMap::new();
    for number in 0..2000 {
        let case = case(&phantoms, number);
        let triage = case.truth.triage.as_ref().unwrap();
        let group = usize::from(phantoms.sheet().triage.is_urgent(&triage.ideal));
        let mut count = |what: String, hit: bool| shares.entry(what).or_default()[group] += f64::from(hit) / 1000.0;
        for field in &case.history.fields {
            count(format!("{} untold", field.name), field.value == Value::Deleted);
            count(format!("{} unknown", field.name), field.value == Value::Unknown);
        }
        for view in [View::Regional, View::Oblique, View::Poor] {
            count(format!("{view:?}"), case.images.iter().any(|photo| photo.view == view));
        }
        count("letter".into(), case.history.note.unwrap().starts_with("Dear"));
    }
    for (what, [calm, urgent]) in shares {
        assert!((calm - urgent).abs() < CHANCE, "{what}: {calm} and {urgent}");
    }
}

/// Pearson's χ² of a table of counts: rows × columns, none of whose sums is 0.
fn chi_square(table: &[Vec<f64>]) -> f64 {
    let rows: Vec<f64> = table.iter().map(|row| row.iter().sum()).collect();
    let all: f64 = rows.iter().sum();
    let columns: Vec<f64> = (0..table[0].len()).map(|k| table.iter().map(|row| row[k]).sum()).collect();
    let cells = table.iter().zip(&rows).flat_map(|(row, r)| row.iter().zip(&columns).map(move |(o, c)| (*o, r * c)));
    cells.filter(|(_, e)| *e > 0.0).map(|(o, e)| (o - e / all) * (o - e / all) / (e / all)).sum()
}

/// The 1 − 4e-5 quantile of χ² with 24 degrees of freedom: 13 diseases × 3 states, Bonferroni over 24 tests of 0.001.
const CHI_24: f64 = 60.0;

#[test]
fn missingness_and_the_number_of_photographs_are_independent_of_the_label() {
    let phantoms = Phantoms::new(6240, 21);
    let mut items = vec![vec![vec![0.0; 3]; 13]; history::ITEMS.len()];
    let mut photographs = vec![vec![0.0; 3]; 13];
    let mut planted = vec![vec![0.0; 3]; 13];
    for number in 0..6240 {
        let (latent, stream) = phantoms.latent(number);
        let disease = super::disease::number(latent.disease.id);
        for (table, told) in items.iter_mut().zip(history::told(&stream)) {
            table[disease][told as usize] += 1.0;
        }
        photographs[disease][super::views(&stream).len().min(3) - 1] += 1.0;
        let forgotten = disease == 0 && number % 4 == 0;
        planted[disease][if forgotten { 2 } else { history::told(&stream)[5] as usize }] += 1.0;
    }
    for (item, table) in history::ITEMS.iter().zip(&items) {
        assert!(chi_square(table) < CHI_24, "{}: {}", item.name, chi_square(table));
    }
    assert!(chi_square(&photographs) < CHI_24, "{}", chi_square(&photographs));
    assert!(chi_square(&planted) > CHI_24, "a planted dependence goes unnoticed: {}", chi_square(&planted));
}

#[test]
fn cases_of_one_patient_share_the_person_and_not_the_lesion() {
    let phantoms = Phantoms::new(240, 3);
    let mut patients: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    (0..240).for_each(|number| patients.entry(case(&phantoms, number).patient).or_default().push(number));
    let personal: Vec<usize> =
        (0..history::ITEMS.len()).filter(|&k| history::is_personal(&history::ITEMS[k])).collect();
    assert_eq!(personal.len(), 7);
    for numbers in patients.values().filter(|numbers| numbers.len() > 1) {
        let latents: Vec<_> = numbers.iter().map(|&number| phantoms.latent(number).0).collect();
        for pair in latents.windows(2) {
            assert!(personal.iter().all(|&k| pair[0].code(k) == pair[1].code(k)));
            assert_eq!((pair[0].tone, pair[0].disease.id), (pair[1].tone, pair[1].disease.id));
            assert!(pair[0].diameter != pair[1].diameter);
        }
    }
}

#[test]
fn children_have_what_children_get() {
    let phantoms = Phantoms::new(1200, 2);
    let children =
        (0..1200).map(|number| phantoms.latent(number).0).filter(|l| l.words("age").parse::<u32>().unwrap() < 18);
    let with: BTreeSet<&str> = children.map(|latent| latent.disease.id).collect();
    let expected = ["atopic_eczema", "eczema_herpeticum", "meningococcal_purpura", "tinea_corporis", "urticaria"];
    assert_eq!(with.into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn pictures_do_not_depend_on_the_order_in_which_they_are_drawn() {
    let phantoms = Phantoms::new(240, 1);
    let draw = |number| digest(&phantoms.pixels(&case(&phantoms, number), 0).unwrap());
    let forwards: Vec<String> = (30..34).map(draw).collect();
    let mut backwards: Vec<String> = (30..34).rev().map(draw).collect();
    backwards.reverse();
    assert_eq!(forwards, backwards);
}

#[test]
fn the_sheet_prints_the_known_information() {
    let warnings = Phantoms::new(6, 1).sheet().warnings.join(" ");
    let percent = format!("{:.1} %", 100.0 * super::bayes::ACCURACY.both);
    assert!(warnings.contains("Known information") && warnings.contains(&percent), "{warnings}");
}

/// The box of the pixels that the lesions change, as left, top, right, bottom.
fn changed(scene: &Scene, view: View) -> Option<[u32; 4]> {
    let shot = scene.shot(view, SIZE);
    let bare = paint::skin::lay(&scene.body, shot.lens, SIZE);
    let mut drawn = bare.clone();
    scene.blobs.iter().for_each(|blob| super::marks::paint(&mut drawn, scene, blob));
    let differ = bare.tissue.iter().zip(&drawn.tissue).enumerate().filter(|(_, (a, b))| a != b);
    differ.map(|(k, _)| (k as u32 % SIZE.0, k as u32 / SIZE.0)).fold(None, |found, (x, y)| {
        let [left, top, right, bottom] = found.unwrap_or([x, y, x, y]);
        Some([left.min(x), top.min(y), right.max(x), bottom.max(y)])
    })
}

#[test]
fn the_box_holds_the_lesion_and_little_more() {
    let phantoms = Phantoms::new(240, 4);
    for number in 0..60 {
        let (latent, stream) = phantoms.latent(number);
        let scene = Scene::new(&latent, &stream);
        for photo in case(&phantoms, number).images {
            let place = format!("{} {}", latent.disease.id, photo.path);
            let [x, y, w, h] = photo.lesion.unwrap();
            assert!(w > 0 && h > 0 && x + w <= SIZE.0 && y + h <= SIZE.1, "{place}");
            let [left, top, right, bottom] = changed(&scene, photo.view).unwrap();
            assert!(left >= x && top >= y && right < x + w && bottom < y + h, "{place}");
            let (drawn_w, drawn_h) = (right - left + 1, bottom - top + 1);
            assert!(drawn_w + 3 >= w * 9 / 10 && drawn_h + 3 >= h * 9 / 10, "{place}: {drawn_w}×{drawn_h} of {w}×{h}");
        }
    }
}

#[test]
fn pictures_are_lit_noisy_and_darker_on_darker_skin() {
    let phantoms = Phantoms::new(240, 2);
    let mut means: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for number in 0..36 {
        let case = case(&phantoms, number);
        let picture = phantoms.pixels(&case, 0).unwrap();
        assert_eq!(picture.dimensions(), SIZE);
        let bytes = picture.as_raw();
        let share = |of: fn(u8) -> bool| bytes.iter().filter(|&&b| of(b)).count() as f64 / bytes.len() as f64;
        assert!(share(|b| b == 255) < 0.02 && share(|b| b < 3) < 0.05, "{}", case.id);
        let step =
            bytes.chunks_exact(6).map(|p| f64::from(p[1].abs_diff(p[4]))).sum::<f64>() / (bytes.len() / 6) as f64;
        assert!((0.3..12.0).contains(&step), "{}: {step}", case.id);
        let mean = bytes.iter().map(|&b| f64::from(b)).sum::<f64>() / bytes.len() as f64;
        means.entry(format!("{:?}", case.tone().unwrap())).or_default().push(mean);
    }
    let mean = |tone: &str| means[tone].iter().sum::<f64>() / means[tone].len() as f64;
    assert!(mean("Light") > mean("Medium") + 8.0 && mean("Medium") > mean("Dark") + 20.0);
}

#[test]
fn what_is_not_of_this_cohort_is_refused() {
    let phantoms = Phantoms::new(10, 1);
    assert!(phantoms.case(10).unwrap_err().to_string().contains("case number 10"));
    let mut foreign = case(&Phantoms::new(10, 2), 3);
    assert!(phantoms.pixels(&foreign, 0).unwrap_err().why.contains("another seed"));
    assert!(phantoms.pixels(&foreign, 9).unwrap_err().why.contains("photo 9"));
    for id in ["c000010", "c3", "x000003", "c+00003", ""] {
        foreign.id = id.into();
        assert!(phantoms.pixels(&foreign, 0).unwrap_err().why.contains("no case"), "{id}");
    }
}

#[test]
fn the_sheet_says_that_they_are_drawings() {
    let phantoms = Phantoms::new(240, 1);
    let sheet = phantoms.sheet();
    assert!(sheet.synthetic && sheet.name == "Phantoms (synthetic) N=240, seed 1");
    assert!(sheet.provenance.contains("Drawings") && sheet.fields.len() == history::ITEMS.len());
    assert_eq!((phantoms.len(), phantoms.listed(), phantoms.exclusions().len()), (240, 240, 0));
}

#[test]
fn views_that_are_asked_for_are_those_that_every_case_shows() {
    let (dealt, asked) = (Phantoms::new(6, 7), Phantoms::of(super::parse("6:7?views=poor,close").unwrap()));
    for number in 0..6 {
        let (before, after) = (case(&dealt, number), case(&asked, number));
        assert_eq!(after.images.iter().map(|photo| photo.view).collect::<Vec<_>>(), [View::Close, View::Poor]);
        // The close photograph and everything else are those of the case as it is dealt.
        assert_eq!(before.images[0], after.images[0]);
        assert_eq!(text(&Case { images: Vec::new(), ..before }), text(&Case { images: Vec::new(), ..after.clone() }));
        assert_eq!(digest(&asked.pixels(&after, 0).unwrap()), digest(&dealt.pixels(&case(&dealt, number), 0).unwrap()));
    }
    assert!(asked.sheet().name.ends_with("views close, poor"), "{}", asked.sheet().name);
}

#[test]
fn another_size_is_the_same_scene_in_other_pixels() {
    let of = |text: &str| Phantoms::of(super::parse(text).unwrap());
    let (large, small) = (of("12:3?views=close"), of("12:3?views=close&size=320x240"));
    let mut inside = 0;
    for number in 0..12 {
        let (one, other) = (large.case(number).unwrap(), small.case(number).unwrap());
        assert_eq!((&one.history, &one.truth), (&other.history, &other.truth));
        assert_ne!(one.images[0].sha256, other.images[0].sha256, "the recipe holds the size");
        let (big, little) = (large.pixels(&one, 0).unwrap(), small.pixels(&other, 0).unwrap());
        assert_eq!((big.dimensions(), little.dimensions()), ((640, 480), (320, 240)));
        let tone = |picture: &image::RgbImage| {
            let sum: u64 = picture.as_raw().iter().map(|value| u64::from(*value)).sum();
            sum as f64 / picture.as_raw().len() as f64
        };
        assert!((tone(&big) - tone(&little)).abs() < 6.0, "case {number}: {} and {}", tone(&big), tone(&little));
        let ([x, y, w, h], halves) = (one.images[0].lesion.unwrap(), other.images[0].lesion.unwrap());
        // Of a spot at the edge of the picture a sliver may show in one size and nothing in another.
        if x > 0 && y > 0 && x + w < 640 && y + h < 480 {
            assert!(
                [x, y, w, h].iter().zip(halves).all(|(whole, half)| (whole / 2).abs_diff(half) <= 4),
                "case {number}"
            );
            inside += 1;
        }
    }
    assert!(inside >= 5, "{inside}");
}
