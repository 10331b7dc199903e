//! `imagenet_c` and `medmnist_c` against the packages themselves: vectors that scripts in `benches/` wrote.

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

/// Mean, deviation and mean difference from the picture, over some draws.
fn moments(id: &Value, image: &Image, case: &Value) -> [f64; 3] {
    const DRAWS: u64 = 12;
    let mut sums = [0.0; 3];
    for seed in 0..DRAWS {
        let out = corrupted(id, image, case, (None, seed));
        let n = out.len() as f64;
        let mean = out.iter().map(|v| f64::from(*v)).sum::<f64>() / n;
        let variance = out.iter().map(|v| (f64::from(*v) - mean) * (f64::from(*v) - mean)).sum::<f64>() / n;
        let moved = out.iter().zip(image.pixels.iter()).map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>() / n;
        sums.iter_mut().zip([mean, variance.sqrt(), moved]).for_each(|(sum, value)| *sum += value / DRAWS as f64);
    }
    sums
}

/// How far our moments may be from the package's: noise is the same distribution, textures are other textures.
fn allowed(name: &str, spread: f64) -> f64 {
    let floor = match name {
        "gaussian_noise" | "speckle_noise" | "impulse_noise" | "shot_noise" => 0.6,
        "glass_blur" | "elastic_transform" => 1.0,
        _ => 3.0,
    };
    // Twelve draws of each side: three standard errors of the difference.
    floor + 1.3 * spread
}

#[test]
fn what_is_drawn_has_the_references_moments() {
    let wrong: Vec<String> = all_vectors().flat_map(|vectors| other_moments(&vectors)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn other_moments(vectors: &Value) -> Vec<String> {
    let image = sized(&vectors["drawn_size"]);
    let mut wrong = Vec::new();
    for case in vectors["drawn"].as_array().unwrap() {
        let name = case["corruption"].as_str().unwrap();
        let ours = moments(&vectors["operator"], &image, case);
        for (i, what) in ["mean", "deviation", "moved"].iter().enumerate() {
            let theirs = case[*what].as_f64().unwrap();
            let allowed = allowed(name, case["spread"][i].as_f64().unwrap());
            if (ours[i] - theirs).abs() > allowed {
                let severity = &case["severity"];
                wrong.push(format!("{name} {severity} {what}: {:.2} for {theirs:.2} ± {allowed:.2}", ours[i]));
            }
        }
    }
    wrong
}
