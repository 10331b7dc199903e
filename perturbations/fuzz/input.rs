//! From bytes to a corruption of a picture, and what must hold whatever the bytes are.
//!
//! Shared by the fuzz target, the program that writes its seeds, and a test of the crate that runs the seeds.

#![allow(dead_code, reason = "each program uses a part of it")]

use bedside_perturbations::catalogue::{CATALOGUE, Entry};
use bedside_perturbations::contract::photograph;
use bedside_perturbations::{
    Argument, Change, Context, Field, Foil, Grading, History, Image, Kind, Level, Modality, On, Parameter, Pull,
    Region, Setting, Stimulus, Stream, Takes, Target, Tone, Unfit, Value, View,
};
use image::{Rgb, RgbImage};

/// The longest side of a picture in pixels; a longer one makes few executions per second and finds nothing else.
const LONGEST: u16 = 160;

/// Bytes that are read one after the other; zeros when there are none left.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn byte(&mut self) -> u8 {
        let (first, rest) = self.0.split_first().map_or((0, self.0), |(first, rest)| (*first, rest));
        self.0 = rest;
        first
    }

    fn word(&mut self) -> u16 {
        u16::from_le_bytes([self.byte(), self.byte()])
    }

    /// One of so many, counted from 0.
    fn below(&mut self, count: usize) -> usize {
        usize::from(self.word()) % count.max(1)
    }

    /// A share between 0 and 1, both included.
    fn share(&mut self) -> f64 {
        f64::from(self.word()) / f64::from(u16::MAX)
    }
}

/// The operators that are tried: those of photographs and of what is shown at all.
fn operators() -> Vec<&'static Entry> {
    CATALOGUE.iter().filter(|entry| entry.card.target != Target::History || entry.card.family == "modality").collect()
}

/// Applies what the bytes say, twice.
///
/// # Panics
/// When the operator panics, when two runs differ, when what is unfit was changed, or when a lesion's box leaves its
/// picture.
pub fn check(bytes: &[u8]) {
    let mut bytes = Bytes(bytes);
    let operators = operators();
    let entry = operators[bytes.below(operators.len())];
    let setting = setting(entry, &mut bytes);
    let seed = u64::from(bytes.word());
    let on = [On::All, On::One, On::These(vec![0]), On::These(vec![1, 7])][bytes.below(4)].clone();
    let count = [1, 1, 1, 2, 3, 0][bytes.below(6)];
    let images = (0..count).map(|_| picture(&mut bytes)).collect();
    let before = Stimulus { images, history: history(), question: "What is it?".into() };
    let run = || run(entry, &setting, &on, seed, &before);
    let Some((outcome, after)) = run() else { return };
    assert!(run() == Some((outcome.clone(), after.clone())), "{}: two runs differ", entry.card.id);
    if let Err(unfit) = outcome {
        assert!(after == before, "{} changed what it calls unfit: {unfit}", entry.card.id);
        assert!(!unfit.to_string().is_empty());
    }
    assert!(after.images.iter().all(sound), "{}: an empty picture, or a box outside it", entry.card.id);
}

/// What became of the stimulus; nothing where the card refuses the setting.
fn run(
    entry: &Entry,
    setting: &Setting,
    on: &On,
    seed: u64,
    before: &Stimulus,
) -> Option<(Result<Change, Unfit>, Stimulus)> {
    let operator = entry.build(setting).ok()?;
    let donor = Stimulus { images: vec![photograph(40, 30, 21)], history: history(), ..Stimulus::default() };
    let foil = Foil { id: "scabies", name: "scabies", pull: Pull::Alarming };
    let mut cx = Context::new(Stream::derive(seed, &["fuzz"])).with_foil(foil).with_donor(&donor);
    cx.on = on.clone();
    let mut after = before.clone();
    let outcome = operator.apply(&mut after, &mut cx);
    Some((outcome, after))
}

fn sound(image: &Image) -> bool {
    let (width, height) = image.pixels.dimensions();
    let fits =
        |from: u32, length: u32, whole: u32| length >= 1 && from.checked_add(length).is_some_and(|end| end <= whole);
    let boxed = image.lesion.is_none_or(|lesion| fits(lesion.x, lesion.w, width) && fits(lesion.y, lesion.h, height));
    boxed && width > 0 && height > 0
}

/// A level or any dose in range; required parameters always, the others where a bit says so.
fn setting(entry: &Entry, bytes: &mut Bytes<'_>) -> Setting {
    let mut setting = match entry.card.grading {
        Grading::Binary => Setting::default(),
        Grading::Graded { range, .. } => {
            let (at, share) = (bytes.below(6), bytes.share());
            let between = range.nearest(range.mildest + share * (range.severest - range.mildest));
            let dose = Level::ALL.get(at).and_then(|level| entry.card.dose(*level)).unwrap_or(between);
            Setting { dose: Some(dose), ..Setting::default() }
        }
    };
    let chosen = bytes.byte();
    for (parameter, bit) in entry.card.parameters.iter().zip(0_u8..8) {
        let value = value(parameter, bytes);
        if parameter.required || chosen >> bit & 1 == 1 {
            setting.arguments.insert(parameter.name.into(), value);
        }
    }
    setting
}

fn value(parameter: &Parameter, bytes: &mut Bytes<'_>) -> Argument {
    match parameter.takes {
        Takes::Number { min, max, .. } => Argument::Number((min + bytes.share() * (max - min)).clamp(min, max)),
        Takes::Choice(words) => Argument::Text(words[bytes.below(words.len())].into()),
        Takes::Field => Argument::Text("site".into()),
        Takes::Text => {
            let length = bytes.below(60);
            Argument::Text((0..length).map(|_| char::from(bytes.byte())).collect())
        }
    }
}

/// A picture of any small size: drawn, flat, two values, grey or whatever the bytes are.
fn picture(bytes: &mut Bytes<'_>) -> Image {
    let [width, height] = [(); 2].map(|()| u32::from(1 + bytes.word() % LONGEST));
    let (mode, tint, seed) = (bytes.below(5), [bytes.byte(), bytes.byte(), bytes.byte()], u32::from(bytes.byte()));
    let drawn = photograph(width, height, seed);
    let pixels = match mode {
        0 => drawn.pixels,
        1 => RgbImage::from_pixel(width, height, Rgb(tint)),
        2 => RgbImage::from_fn(width, height, |x, y| Rgb([255 * ((x ^ y ^ seed) & 1) as u8; 3])),
        3 => RgbImage::from_fn(width, height, |x, y| Rgb([drawn.pixels.get_pixel(x, y).0[1]; 3])),
        _ => RgbImage::from_fn(width, height, |_, _| Rgb([bytes.byte(), bytes.byte(), bytes.byte()])),
    };
    let marks = bytes.byte();
    Image {
        pixels,
        view: [View::Close, View::Regional, View::Oblique, View::Poor][usize::from(marks & 3)],
        modality: if marks & 4 == 0 { Modality::ClinicalPhoto } else { Modality::Dermoscopy },
        lesion: (marks & 8 == 0).then(|| region(width, height, bytes)),
        tone: [None, Some(Tone::Light), Some(Tone::Medium), Some(Tone::Dark)][usize::from(marks >> 4 & 3)],
    }
}

/// Any box inside the picture.
fn region(width: u32, height: u32, bytes: &mut Bytes<'_>) -> Region {
    let (x, y) = (u32::from(bytes.word()) % width, u32::from(bytes.word()) % height);
    Region { x, y, w: 1 + u32::from(bytes.word()) % (width - x), h: 1 + u32::from(bytes.word()) % (height - y) }
}

fn history() -> History {
    let site = Field { name: "site".into(), kind: Kind::Site, value: Value::Stated("scalp".into()) };
    History { fields: vec![site], note: Some("A lesion on the scalp.".into()) }
}

/// Inputs that a run of the fuzz target kept because each reaches what no other does: a line of hexadecimal digits each.
pub fn corpus() -> Vec<Vec<u8>> {
    let byte = |pair: &[u8]| u8::from_str_radix(core::str::from_utf8(pair).unwrap_or_default(), 16).unwrap_or_default();
    include_str!("corpus.txt").lines().map(|line| line.as_bytes().chunks(2).map(byte).collect()).collect()
}

/// The seeds of a corpus: each operator at each level and at one dose between, on pictures of many kinds and sizes.
pub fn seeds() -> Vec<(String, Vec<u8>)> {
    let seeds = operators().into_iter().zip(0_u16..).flat_map(|(entry, place)| {
        (0..6_u16).map(move |at| (format!("{}-{}", entry.card.id, at + 1), seed(place, at)))
    });
    seeds.collect()
}

/// The operator's number, the level's, then bytes of a counter that is mixed well (Steele et al. 2014, SplitMix64).
fn seed(place: u16, at: u16) -> Vec<u8> {
    let words = (0..16_u64).flat_map(|step| {
        let mut mixed = (u64::from(place) << 16 | u64::from(at) << 8 | step).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ mixed >> 31).to_le_bytes()
    });
    place.to_le_bytes().into_iter().chain(at.to_le_bytes()).chain(words).collect()
}
