//! Every image operator at every level on the real photographs of the folder that `BEDSIDE_DATA` names
//! (`derm-real/`: 24 photographs of PAD-UFES-20, Pacheco et al. 2020, CC BY 4.0).
//!
//! The photographs are made smaller, to at most 160 pixels a side, and given a lesion's box in their middle third: the
//! data set has none. So it is the content that is real here; sizes are tried by the other tests and the fuzz target.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use bedside_perturbations::catalogue::{CATALOGUE, Entry};
use bedside_perturbations::{
    Context, Foil, Grading, Image, Level, Modality, Pull, Region, Setting, Stimulus, Stream, Takes, Target, View,
};
use image::imageops;

/// The longest side of the copies, in pixels.
const LONGEST: u32 = 160;

/// What the photographs cannot be exposed to, with how many of the 24 and why.
const UNFIT: &str = "";

/// The photographs by name, or `None` with a message where the folder is not named.
#[expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test reads the data set that the environment names, or says that it does not"
)]
fn photographs() -> Option<Vec<(String, Image)>> {
    let Ok(folder) = std::env::var("BEDSIDE_DATA") else {
        println!("skipped: BEDSIDE_DATA is not set");
        return None;
    };
    let files = std::fs::read_dir(Path::new(&folder).join("derm-real/images")).unwrap();
    let mut paths: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    assert_eq!(paths.len(), 24);
    let name = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    Some(paths.iter().map(|path| (name(path), small(&std::fs::read(path).unwrap()))).collect())
}

fn small(file: &[u8]) -> Image {
    let pixels = image::load_from_memory(file).unwrap().to_rgb8();
    let longest = pixels.width().max(pixels.height());
    let side = |side: u32| side * LONGEST / longest;
    let (w, h) = (side(pixels.width()), side(pixels.height()));
    let pixels = imageops::resize(&pixels, w, h, imageops::FilterType::Triangle);
    let lesion = Some(Region { x: w / 3, y: h / 3, w: w / 3, h: h / 3 });
    Image { pixels, view: View::Close, modality: Modality::ClinicalPhoto, lesion, tone: None }
}

/// Every level, with every choice of a parameter that is required, by a name.
fn settings(entry: &Entry) -> Vec<(String, Setting)> {
    let levels: Vec<(String, Setting)> = match entry.card.grading {
        Grading::Binary => vec![(String::from("on"), Setting::default())],
        Grading::Graded { .. } => {
            Level::ALL.map(|level| (level.number().to_string(), Setting::at(entry.card, level))).to_vec()
        }
    };
    let required = entry.card.parameters.iter().find(|parameter| parameter.required);
    let Some((name, Takes::Choice(words))) = required.map(|parameter| (parameter.name, parameter.takes)) else {
        return levels;
    };
    let with = |word: &str| {
        let one = |(level, setting): &(String, Setting)| (format!("{word} {level}"), setting.clone().with(name, word));
        levels.iter().map(one).collect::<Vec<_>>()
    };
    words.iter().flat_map(|word| with(word)).collect()
}

/// The photograph under that setting: the reason for which it could not be exposed, or nothing once it differs.
fn outcome(entry: &Entry, setting: &Setting, (name, image): &(String, Image)) -> Option<String> {
    let before = Stimulus { images: vec![image.clone()], ..Stimulus::default() };
    let foil = Foil { id: "seborrhoeic_keratosis", name: "seborrhoeic keratosis", pull: Pull::Reassuring };
    let mut after = before.clone();
    let mut cx = Context::new(Stream::derive(1, &["real", entry.card.id, name])).with_foil(foil);
    let change = entry.build(setting).unwrap().apply(&mut after, &mut cx);
    let id = entry.card.id;
    match change {
        Ok(change) => {
            assert!(id == "identity" || !change.edits.is_empty(), "{id} on {name}: an empty ledger");
            assert!(entry.card.family == "sham" || after.images != before.images, "{id} on {name}: nothing differs");
            assert_eq!((after.images.len(), &after.history), (1, &before.history), "{id} on {name}");
            None
        }
        Err(unfit) => {
            assert!(after == before, "{id} on {name}: unfit, and yet changed");
            Some(unfit.to_string())
        }
    }
}

#[test]
fn real_data_photographs_go_through_every_image_operator_at_every_level() {
    let Some(photographs) = photographs() else { return };
    let mut unfit: BTreeMap<String, usize> = BTreeMap::new();
    let mut applied = 0;
    for entry in CATALOGUE.iter().filter(|entry| entry.card.target == Target::Image) {
        for (level, setting) in settings(entry) {
            for photograph in &photographs {
                match outcome(entry, &setting, photograph) {
                    Some(why) => *unfit.entry(format!("{} {level}: {why}", entry.card.id)).or_default() += 1,
                    None => applied += 1,
                }
            }
        }
    }
    let listed: Vec<String> = unfit.iter().map(|(what, count)| format!("{what} ({count} of 24)")).collect();
    println!("{applied} applied; unfit: {listed:#?}");
    assert_eq!(listed.join("\n"), UNFIT, "what is unfit on real photographs has changed");
}
