//! `imagenet_c` and `medmnist_c` against the packages themselves: vectors that scripts in `benches/` wrote.

use std::fmt::Write;
use std::sync::LazyLock;

use bedside_perturbations::{
    Argument, Context, Image, Modality, Perturbation, Setting, Stimulus, Stream, View, catalogue,
};
use image::{Rgb, RgbImage};
use serde_json::Value;

const VECTORS: [&str; 2] = [include_str!("imagenet_c.json"), include_str!("medmnist_c.json")];

fn all_vectors() -> impl Iterator<Item = Value> {
    VECTORS.iter().map(|text| serde_json::from_str(text).unwrap())
}

/// The picture of that size.
fn sized(size: &Value) -> Image {
    let side = |i: usize| u32::try_from(size[i].as_u64().unwrap()).unwrap();
    picture(side(0), side(1))
}

/// The picture of the script: a lesion-like patch on a shaded, grainy ground.
fn picture(width: u32, height: u32) -> Image {
    let (w, h) = (i64::from(width), i64::from(height));
    let pixels = RgbImage::from_fn(width, height, |x, y| {
        let (x, y) = (i64::from(x), i64::from(y));
        let grain = (x * 73 + y * 151 + x * y * 31) % 23;
        let shade = x * 40 / w + y * 30 / h;
        let away = (2 * x - w).pow(2) + (2 * y - h).pow(2);
        let inside = away < w.min(h).pow(2) / 3;
        let base = if inside { [120 - shade, 70 - shade, 60] } else { [205 - shade, 165 - shade, 140 - shade] };
        Rgb(base.map(|value| (value + grain) as u8))
    });
    Image { pixels, view: View::Close, modality: Modality::ClinicalPhoto, lesion: None, tone: None }
}

fn corrupted(id: &Value, image: &Image, case: &Value, (angle, seed): (Option<f64>, u64)) -> RgbImage {
    let mut setting = Setting { dose: case["severity"].as_f64(), ..Setting::default() }
        .with("corruption", case["corruption"].as_str().unwrap());
    setting.arguments.extend(angle.map(|angle| ("angle".to_owned(), Argument::Number(angle))));
    let operator: Box<dyn Perturbation> = catalogue::find(id.as_str().unwrap()).unwrap().build(&setting).unwrap();
    let mut stimulus = Stimulus { images: vec![image.clone()], ..Stimulus::default() };
    operator.apply(&mut stimulus, &mut Context::new(Stream::derive(seed, &["compat"]))).unwrap();
    stimulus.images.remove(0).pixels
}

fn bytes(hex: &str) -> Vec<u8> {
    hex.as_bytes().chunks(2).map(|pair| u8::from_str_radix(core::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

#[test]
fn what_is_deterministic_is_within_a_grey_level() {
    let wrong: Vec<String> = all_vectors().flat_map(|vectors| too_far(&vectors)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The cases in which more than one in two hundred values is off by more than a grey level.
fn too_far(vectors: &Value) -> Vec<String> {
    let image = sized(&vectors["exact_size"]);
    let step = vectors["step"].as_u64().unwrap() as usize;
    let mut wrong = Vec::new();
    for case in vectors["exact"].as_array().unwrap() {
        let ours = corrupted(&vectors["operator"], &image, case, (vectors["angle"].as_f64(), 1));
        let theirs = bytes(case["hex"].as_str().unwrap());
        assert_eq!(theirs.len(), ours.len().div_ceil(step));
        let apart: Vec<u8> = ours.iter().step_by(step).zip(&theirs).map(|(a, b)| a.abs_diff(*b)).collect();
        let off = apart.iter().filter(|d| **d > 1).count() as f64 / apart.len() as f64;
        if off > 0.005 {
            let (worst, name) = (apart.iter().max().unwrap(), case["corruption"].as_str().unwrap());
            wrong.push(format!("{name} {}: {:.1} % off by more than 1, worst {worst}", case["severity"], 100.0 * off));
        }
    }
    wrong
}

/// Mean, deviation and mean difference from the picture, over so many draws.
fn moments(id: &Value, image: &Image, case: &Value, draws: u64) -> [f64; 3] {
    let mut sums = [0.0; 3];
    for seed in 0..draws {
        let out = corrupted(id, image, case, (None, seed));
        let n = out.len() as f64;
        let mean = out.iter().map(|v| f64::from(*v)).sum::<f64>() / n;
        let variance = out.iter().map(|v| (f64::from(*v) - mean) * (f64::from(*v) - mean)).sum::<f64>() / n;
        let moved = out.iter().zip(image.pixels.iter()).map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>() / n;
        sums.iter_mut().zip([mean, variance.sqrt(), moved]).for_each(|(sum, value)| *sum += value / draws as f64);
    }
    sums
}

const MOMENTS: [&str; 3] = ["mean", "deviation", "moved"];

/// How often ours is drawn, and by how many grey levels the moments themselves may differ: noise has the same distribution,
/// textures are other textures.
fn drawn_as(name: &str) -> (u64, f64) {
    match name {
        "gaussian_noise" | "speckle_noise" | "impulse_noise" | "shot_noise" => (12, 0.3),
        "glass_blur" => (12, 1.0),
        "spatter" | "elastic_transform" => (100, 0.5),
        _ => (150, 1.0),
    }
}

/// Three standard errors of the difference of two means of draws that differ by so much.
fn by_chance(spread: f64, ours: u64, theirs: u64) -> f64 {
    3.0 * spread * (1.0 / ours as f64 + 1.0 / theirs as f64).sqrt()
}

/// One corruption at one severity: ours, the package's, and how far they may be apart.
struct Compared {
    name: String,
    severity: u64,
    moments: [(f64, f64, f64); 3],
}

/// Once for the test and the page.
static COMPARED: LazyLock<Vec<Compared>> =
    LazyLock::new(|| all_vectors().flat_map(|vectors| of_set(&vectors)).collect());

fn of_set(vectors: &Value) -> Vec<Compared> {
    let (image, id) = (sized(&vectors["drawn_size"]), &vectors["operator"]);
    let one = |case: &Value| {
        let name = case["corruption"].as_str().unwrap();
        let (draws, floor) = drawn_as(name);
        let ours = moments(id, &image, case, draws);
        let of = |i: usize| {
            let allowed =
                floor + by_chance(case["spread"][i].as_f64().unwrap(), draws, case["draws"].as_u64().unwrap());
            (ours[i], case[MOMENTS[i]].as_f64().unwrap(), allowed)
        };
        let severity = case["severity"].as_u64().unwrap();
        Compared { name: format!("{} {name}", id.as_str().unwrap()), severity, moments: [0, 1, 2].map(of) }
    };
    vectors["drawn"].as_array().unwrap().iter().map(one).collect()
}

#[test]
fn what_is_drawn_has_the_references_moments() {
    let mut wrong = Vec::new();
    for Compared { name, severity, moments } in COMPARED.iter() {
        for (what, (ours, theirs, allowed)) in MOMENTS.iter().zip(*moments) {
            if (ours - theirs).abs() > allowed {
                wrong.push(format!("{name} {severity} {what}: {ours:.2} for {theirs:.2} ± {allowed:.2}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Characters of one severity on one grey picture: how many pixels differ, and by how much in the mean over them; ours,
/// and the package's with its spread.
struct Written {
    severity: u64,
    ours: [f64; 2],
    theirs: [f64; 2],
    spread: [f64; 2],
}

static WRITTEN: LazyLock<Vec<Written>> = LazyLock::new(written);

fn written() -> Vec<Written> {
    const DRAWS: u64 = 1000;
    let grey = Image { pixels: RgbImage::from_pixel(224, 224, Rgb([128; 3])), ..picture(1, 1) };
    let vectors: Value = serde_json::from_str(VECTORS[1]).unwrap();
    let mut found = Vec::new();
    for case in vectors["covered"].as_array().unwrap() {
        let named = serde_json::json!({"corruption": "characters", "severity": case["severity"]});
        let mut ours = [0.0; 2];
        for seed in 0..DRAWS {
            let out = corrupted(&vectors["operator"], &grey, &named, (None, seed));
            let apart = out.pixels().map(|pixel| pixel.0.map(|value| f64::from(value.abs_diff(128))));
            let touched: Vec<f64> =
                apart.filter(|pixel| *pixel != [0.0; 3]).map(|p| p.iter().sum::<f64>() / 3.0).collect();
            let deep = touched.iter().sum::<f64>() / touched.len().max(1) as f64;
            ours.iter_mut().zip([touched.len() as f64, deep]).for_each(|(sum, value)| *sum += value / DRAWS as f64);
        }
        let number = |key: &str| case[key].as_f64().unwrap();
        let spread = [0, 1].map(|i| case["spread"][i].as_f64().unwrap());
        let theirs = [number("pixels"), number("depth")];
        found.push(Written { severity: case["severity"].as_u64().unwrap(), ours, theirs, spread });
    }
    found
}

#[test]
fn characters_cover_as_much_as_the_references() {
    for Written { severity, ours, theirs, .. } in WRITTEN.iter() {
        let [area, depth] = [0, 1].map(|i| ours[i] / theirs[i]);
        assert!((0.9..1.11).contains(&area) && (0.9..1.11).contains(&depth), "{severity}: {ours:?} for {theirs:?}");
    }
}

/// The generated part of the page.
pub fn section() -> String {
    let mut text =
        "\n| drawn at random | draws, ours and theirs | mean | deviation | moved |\n|---|---|---|---|---|\n".to_owned();
    for five in COMPARED.chunks(5) {
        let name = &five[0].name;
        let worst = |i: usize| {
            let apart = |of: &Compared| (of.moments[i].0 - of.moments[i].1, of.moments[i].2);
            let (apart, allowed) =
                five.iter().map(apart).max_by(|a, b| (a.0.abs() / a.1).total_cmp(&(b.0.abs() / b.1))).unwrap();
            format!("{apart:+.2} of ± {allowed:.2}").replace('-', "−")
        };
        let draws = format!("{}, {}", drawn_as(name.split_once(' ').unwrap().1).0, theirs_drawn(name));
        writeln!(text, "| {name} | {draws} | {} | {} | {} |", worst(0), worst(1), worst(2)).unwrap();
    }
    text.push_str("\n| characters, severity | pixels, ours | theirs (spread) | depth, ours | theirs (spread) |\n|--:|--:|--:|--:|--:|\n");
    for Written { severity, ours, theirs, spread } in WRITTEN.iter() {
        let of = |i: usize| format!("{:.1} | {:.1} ({:.1})", ours[i], theirs[i], spread[i]);
        writeln!(text, "| {severity} | {} | {} |", of(0), of(1)).unwrap();
    }
    text.push('\n');
    text
}

/// How often the package's corruption of that set and name was drawn.
fn theirs_drawn(name: &str) -> u64 {
    let (set, corruption) = name.split_once(' ').unwrap();
    let vectors = all_vectors().find(|vectors| vectors["operator"] == *set).unwrap();
    let cases = vectors["drawn"].as_array().unwrap();
    cases.iter().find(|case| case["corruption"] == *corruption).unwrap()["draws"].as_u64().unwrap()
}
