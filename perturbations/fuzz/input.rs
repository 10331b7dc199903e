//! From bytes to a corruption of a picture, and what must hold whatever the bytes are.
//!
//! Shared by the fuzz target, the program that writes its seeds, and a test of the crate that runs the seeds.

#![allow(dead_code, reason = "each program uses a part of it")]

use bedside_perturbations::catalogue::{CATALOGUE, Entry};
use bedside_perturbations::contract::photograph;
use bedside_perturbations::{
    Argument, Change, Context, Edit, Field, Foil, Grading, History, Image, Kind, Level, Modality, On, Parameter, Pull,
    Region, Setting, Stimulus, Stream, Takes, Target, Tone, Unfit, Value, View, decode, distance,
};
use image::{DynamicImage, GrayAlphaImage, GrayImage, ImageBuffer, Luma, LumaA, Rgb, RgbImage, Rgba, RgbaImage};

/// The longest side of most pictures in pixels; longer ones make few executions per second.
const LONGEST: u16 = 160;
/// That of one in sixteen, at which the mildest levels still do something. Two in sixteen are strips.
const LARGE: u16 = 400;
/// The longer and the shorter side of a strip at most, in pixels.
const STRIP: (u16, u16) = (1600, 8);

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

/// What an input came to: the operator with its setting, and whether it changed something.
#[derive(Debug, Clone)]
pub struct Checked {
    pub id: &'static str,
    pub setting: Setting,
    pub applied: bool,
}

/// Everything that the bytes say.
struct Input {
    entry: &'static Entry,
    setting: Setting,
    seed: u64,
    on: On,
    donor: bool,
    foil: bool,
    before: Stimulus,
}

fn input(mut bytes: Bytes<'_>) -> Input {
    let operators = operators();
    let entry = operators[bytes.below(operators.len())];
    let setting = setting(entry, &mut bytes);
    let seed = u64::from(bytes.word());
    let on = [On::All, On::One, On::These(vec![0]), On::These(vec![1, 7])][bytes.below(4)].clone();
    // One in eight goes without what it may need.
    let given = bytes.byte();
    let count = [1, 1, 1, 2, 3, 0][bytes.below(6)];
    let images = (0..count).map(|_| picture(&mut bytes)).collect();
    let before = Stimulus { images, history: history("scalp"), question: "What is it?".into() };
    Input { entry, setting, seed, on, donor: given & 7 != 7, foil: given >> 3 & 7 != 7, before }
}

/// Applies what the bytes say, twice.
///
/// # Panics
/// When the operator panics, refuses a setting that its card allows, gives two results, changes what it calls unfit or what
/// its ledger does not name, or leaves an empty picture, a larger one, or a lesion's box outside its picture.
pub fn check(bytes: &[u8]) -> Checked {
    let input = input(Bytes(bytes));
    let (id, before) = (input.entry.card.id, &input.before);
    let Some((outcome, after)) = run(&input) else {
        assert!(!input.setting.arguments.is_empty(), "{id} refuses {:?}", input.setting);
        return Checked { id, setting: input.setting, applied: false };
    };
    assert!(run(&input) == Some((outcome.clone(), after.clone())), "{id}: two runs differ");
    match &outcome {
        Ok(change) => ledger(input.entry, change, before, &after),
        Err(unfit) => {
            assert!(after == *before, "{id} changed what it calls unfit: {unfit}");
            assert!(!unfit.to_string().is_empty());
        }
    }
    assert!(after.images.iter().all(sound), "{id}: an empty picture, or a box outside it");
    if after.images.iter().all(|image| image.pixels.len() < 3 * 2500) {
        measured(before, &after);
    }
    Checked { id, setting: input.setting, applied: outcome.is_ok() }
}

/// What became of the stimulus; nothing where two parameters exclude each other.
fn run(input: &Input) -> Option<(Result<Change, Unfit>, Stimulus)> {
    let operator = input.entry.build(&input.setting).ok()?;
    let donor = Stimulus { images: vec![photograph(40, 30, 21)], history: history("forearm"), ..Stimulus::default() };
    let mut cx = Context::new(Stream::derive(input.seed, &["fuzz"]));
    cx.foil = input.foil.then_some(Foil { id: "scabies", name: "scabies", pull: Pull::Alarming });
    cx.donor = input.donor.then_some(&donor);
    cx.on = input.on.clone();
    let mut after = input.before.clone();
    let outcome = operator.apply(&mut after, &mut cx);
    Some((outcome, after))
}

/// An operator on pixels changes those pictures that its ledger names, to no larger ones, and nothing else.
fn ledger(entry: &Entry, change: &Change, before: &Stimulus, after: &Stimulus) {
    let id = entry.card.id;
    assert!(after.question == before.question, "{id} changed the question");
    if entry.card.target != Target::Image {
        return;
    }
    assert!(
        after.history == before.history && after.images.len() == before.images.len(),
        "{id} changed more than pixels"
    );
    let named = |edit: &Edit| if let Edit::Pixels { image, .. } = edit { Some(*image) } else { None };
    let named: Vec<usize> = change.edits.iter().filter_map(named).collect();
    for (place, (was, is)) in before.images.iter().zip(&after.images).enumerate() {
        assert!(named.contains(&place) || was == is, "{id} changed picture {place} and does not say so");
        let ((was_w, was_h), (w, h)) = (was.pixels.dimensions(), is.pixels.dimensions());
        assert!(w <= was_w && h <= was_h, "{id}: {was_w} x {was_h} became {w} x {h}");
        assert!((was.view, was.modality, was.tone) == (is.view, is.modality, is.tone), "{id} changed more than pixels");
    }
}

/// Distances of any two stimuli are numbers in their ranges.
fn measured(before: &Stimulus, after: &Stimulus) {
    for of in distance(before, after).images {
        assert!(of.ssim.is_none_or(|ssim| (-1.0..=1.0).contains(&ssim)), "{of:?}");
        assert!(of.delta_e.is_none_or(|apart| (0.0..200.0).contains(&apart)), "{of:?}");
    }
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
    setting.model_input = model_input(entry, bytes.byte());
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

/// One in four steps on pixels is at a model's input of 32 to 95 pixels.
fn model_input(entry: &Entry, byte: u8) -> Option<u32> {
    (entry.card.target == Target::Image && byte & 3 == 3).then(|| 32 + u32::from(byte >> 2))
}

/// Numbers that follow from a seed (Steele et al. 2014, SplitMix64), so that a few bytes make a whole picture.
#[derive(Clone)]
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    }

    fn colour(&mut self) -> [u8; 3] {
        let [r, g, b, ..] = self.next().to_le_bytes();
        [r, g, b]
    }
}

/// A picture of any small size and kind, in any form in which pictures are stored.
fn picture(bytes: &mut Bytes<'_>) -> Image {
    let (width, height) = size(bytes);
    let (kind, form, seed) = (bytes.below(8), bytes.below(7), bytes.word());
    let marks = bytes.byte();
    let boxed = region(width, height, bytes);
    let drawn = pixels(kind, (width, height), seed, bytes);
    Image {
        pixels: decode::opaque(stored(form, &drawn, seed)),
        view: [View::Close, View::Regional, View::Oblique, View::Poor][usize::from(marks & 3)],
        modality: if marks & 4 == 0 { Modality::ClinicalPhoto } else { Modality::Dermoscopy },
        lesion: (marks & 8 == 0).then_some(boxed),
        tone: [None, Some(Tone::Light), Some(Tone::Medium), Some(Tone::Dark)][usize::from(marks >> 4 & 3)],
    }
}

/// Two sides that are 64 by 48 where the bytes have ended.
fn size(bytes: &mut Bytes<'_>) -> (u32, u32) {
    let (shape, first, second) = (bytes.byte(), bytes.word().wrapping_add(63), bytes.word().wrapping_add(47));
    let (width, height) = match shape & 15 {
        14 => (1 + first % STRIP.0, 1 + second % STRIP.1),
        15 => (1 + first % STRIP.1, 1 + second % STRIP.0),
        13 => (1 + first % LARGE, 1 + second % LARGE),
        _ => (1 + first % LONGEST, 1 + second % LONGEST),
    };
    (u32::from(width), u32::from(height))
}

/// A drawn photograph, noise, something smooth, one colour, stripes, a grainy photograph, black and white grains, or the
/// bytes that are left, one after the other and again from the start.
fn pixels(kind: usize, (width, height): (u32, u32), seed: u16, bytes: &mut Bytes<'_>) -> RgbImage {
    let mut numbers = Numbers(u64::from(seed));
    let drawn = || photograph(width, height, u32::from(seed)).pixels;
    match kind {
        0 => drawn(),
        1 => RgbImage::from_fn(width, height, |_, _| Rgb(numbers.colour())),
        2 => smooth(width, height, &mut numbers),
        3 => RgbImage::from_pixel(width, height, Rgb(numbers.colour())),
        4 => striped(width, height, &mut numbers),
        5 => grainy(drawn(), &mut numbers),
        6 => RgbImage::from_fn(width, height, |_, _| Rgb(numbers.colour().map(|value| 255 * (value & 1)))),
        _ => {
            let mut left = [1, 2, 3].into_iter().chain(bytes.0.iter().copied()).cycle();
            bytes.0 = &[];
            RgbImage::from_fn(width, height, |_, _| Rgb([(); 3].map(|()| left.next().unwrap_or_default())))
        }
    }
}

/// Between a colour in each corner.
fn smooth(width: u32, height: u32, numbers: &mut Numbers) -> RgbImage {
    let corners = [(); 4].map(|()| numbers.colour());
    RgbImage::from_fn(width, height, |x, y| {
        let weights = [(width - x) * (height - y), x * (height - y), (width - x) * y, x * y];
        let mixed =
            |c: usize| corners.iter().zip(weights).map(|(corner, weight)| u32::from(corner[c]) * weight).sum::<u32>();
        Rgb([0, 1, 2].map(|c| u8::try_from(mixed(c) / (width * height)).unwrap_or(255)))
    })
}

/// Stripes of two colours and a width, along, across or both.
fn striped(width: u32, height: u32, numbers: &mut Numbers) -> RgbImage {
    let (colours, [wide, along, across, ..]) = ([numbers.colour(), numbers.colour()], numbers.next().to_le_bytes());
    let wide = 1 + u32::from(wide & 7);
    RgbImage::from_fn(width, height, |x, y| {
        let place = (x / wide) * u32::from(along & 1) + (y / wide) * u32::from(across & 1 | !along & 1);
        Rgb(colours[(place & 1) as usize])
    })
}

fn grainy(mut pixels: RgbImage, numbers: &mut Numbers) -> RgbImage {
    let amount = 1 + (numbers.next() % 60) as i16;
    for pixel in pixels.pixels_mut() {
        let grain = numbers.next().to_le_bytes();
        for (value, grain) in pixel.0.iter_mut().zip(grain) {
            *value = (i16::from(*value) + i16::from(grain) % amount - amount / 2).clamp(0, 255) as u8;
        }
    }
    pixels
}

/// The same picture as grey, with transparency, or with 16 bits a channel.
fn stored(form: usize, pixels: &RgbImage, seed: u16) -> DynamicImage {
    let (width, height) = pixels.dimensions();
    let mut numbers = Numbers(!u64::from(seed));
    let at = |x: u32, y: u32| pixels.get_pixel(x, y).0;
    let deep = |value: u8, below: u64| u16::from(value) << 8 | (below & 255) as u16;
    match form {
        0 => pixels.clone().into(),
        1 => GrayImage::from_fn(width, height, |x, y| Luma([at(x, y)[1]])).into(),
        2 => GrayAlphaImage::from_fn(width, height, |x, y| LumaA([at(x, y)[1], numbers.next() as u8])).into(),
        3 => RgbaImage::from_fn(width, height, |x, y| {
            let [r, g, b] = at(x, y);
            Rgba([r, g, b, numbers.next() as u8])
        })
        .into(),
        4 => DynamicImage::ImageRgb16(ImageBuffer::from_fn(width, height, |x, y| {
            Rgb(at(x, y).map(|value| deep(value, numbers.next())))
        })),
        5 => DynamicImage::ImageLuma16(ImageBuffer::from_fn(width, height, |x, y| {
            Luma([deep(at(x, y)[1], numbers.next())])
        })),
        _ => DynamicImage::ImageRgba16(ImageBuffer::from_fn(width, height, |x, y| {
            let [r, g, b] = at(x, y).map(|value| deep(value, numbers.next()));
            Rgba([r, g, b, numbers.next() as u16])
        })),
    }
}

/// Any box inside the picture.
fn region(width: u32, height: u32, bytes: &mut Bytes<'_>) -> Region {
    let (x, y) = (u32::from(bytes.word()) % width, u32::from(bytes.word()) % height);
    Region { x, y, w: 1 + u32::from(bytes.word()) % (width - x), h: 1 + u32::from(bytes.word()) % (height - y) }
}

fn history(site: &str) -> History {
    let field = Field { name: "site".into(), kind: Kind::Site, value: Value::Stated(site.into()) };
    History { fields: vec![field], note: Some(format!("A lesion on the {site}.")) }
}

/// Inputs that a run of the fuzz target kept because each reaches what no other does: a line of hexadecimal digits each.
pub fn corpus() -> Vec<Vec<u8>> {
    let byte = |pair: &[u8]| u8::from_str_radix(core::str::from_utf8(pair).unwrap_or_default(), 16).unwrap_or_default();
    include_str!("corpus.txt").lines().map(|line| line.as_bytes().chunks(2).map(byte).collect()).collect()
}

/// The seeds of a corpus: each operator with each word that it requires at each level and at one dose between, three
/// times on other pictures.
pub fn seeds() -> Vec<(String, Vec<u8>)> {
    let of = |(entry, place): (&Entry, u16)| {
        let words = words(entry);
        let settings =
            (0..6_u16).flat_map(move |at| (0..words).flat_map(move |word| (0..3).map(move |n| (at, word, n))));
        let name = entry.card.id;
        settings.map(move |(at, word, n)| (format!("{name}-{word}-{}-{n}", at + 1), seed(place, at, word, n))).collect()
    };
    operators().into_iter().zip(0_u16..).flat_map(|entry| -> Vec<(String, Vec<u8>)> { of(entry) }).collect()
}

/// How many words the first parameter has that must be chosen, at least 1.
fn words(entry: &Entry) -> u16 {
    let required = entry.card.parameters.iter().find(|parameter| parameter.required);
    match required.map(|parameter| parameter.takes) {
        Some(Takes::Choice(words)) => u16::try_from(words.len()).unwrap_or(1).max(1),
        _ => 1,
    }
}

/// The bytes of one operator at one level, with one word: on a drawn photograph, on pictures of any kind, and with any other
/// parameters.
fn seed(place: u16, at: u16, word: u16, n: u16) -> Vec<u8> {
    let mut numbers = Numbers(u64::from_le_bytes([place as u8, 1, at as u8, word as u8, n as u8, 1, 1, 1]));
    let card = operators()[usize::from(place)].card;
    let mut bytes: Vec<u8> = place.to_le_bytes().into();
    if card.grading != Grading::Binary {
        bytes.extend([at, numbers.next() as u16].into_iter().flat_map(u16::to_le_bytes));
    }
    let plain = n < 2;
    if plain {
        bytes.extend([0, 0]);
        bytes.extend(card.parameters.iter().flat_map(|parameter| written(parameter, word)));
    }
    let mut drawn: Vec<u8> = (0..10).flat_map(|_| numbers.next().to_le_bytes()).collect();
    if n == 0 {
        drawn.truncate(2);
        // All pictures, everything given; one picture, or three where it matters which are shown.
        bytes.extend(drawn.drain(..).chain([0, 0, 0, if card.target == Target::Image { 0 } else { 4 }, 0]));
        // 320 by 240 pixels, drawn, as it is; a close photograph with a lesion in its middle.
        bytes.extend([13, 0, 1, 192, 0, 0, 0, 0, 0, place as u8, at as u8, 0, 100, 0, 80, 0, 99, 0, 79, 0]);
    }
    bytes.extend(drawn);
    bytes
}

/// The bytes of a parameter that is left out, or of the word that it requires.
fn written(parameter: &Parameter, word: u16) -> Vec<u8> {
    match parameter.takes {
        Takes::Field => Vec::new(),
        Takes::Choice(_) if parameter.required => word.to_le_bytes().into(),
        _ => vec![0, 0],
    }
}
