//! Our side of `peers.py`: times operators on one picture and prints a line of JSON for each.
//!
//! `turns RGB WIDTHxHEIGHT SECONDS [--dump DIR] [--threads N] [--memory] [--jpeg FILE] CASE…`, where RGB is a file of raw
//! bytes and a case reads `name=id?key=value&key=value`, e.g. `blur=gaussian_blur?dose=0.01`; `name=copy` is a plain copy.
//! What is timed is `apply` on a fresh stimulus; making that stimulus is not. With `--dump` the result of each case is
//! written as raw bytes; with `--threads` so many threads work on pictures of their own, and the time is that of one picture;
//! with `--memory` it prints what the process held at most while it worked, in pictures, instead (Linux). `name=pipeline`
//! reads the JPEG, blurs it at five levels, and encodes, digests and base64-encodes each: what a run does with a photograph.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on should stop")]
#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a benchmark reads a file and a clock and prints")]

use std::hint::black_box;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bedside_perturbations::{
    Argument, Context, Image, Level, Modality, Perturbation, Setting, Stimulus, Stream, View, catalogue,
};
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder, ImageFormat, RgbImage};
use sha2::{Digest, Sha256};

fn main() {
    let mut args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    if args.len() < 3 {
        println!(
            "turns RGB WIDTHxHEIGHT SECONDS [--dump DIR] [--threads N] [--memory] [--jpeg FILE] CASE…: see peers.py"
        );
        return;
    }
    let dump = option(&mut args, "--dump").map(PathBuf::from);
    let threads: usize = option(&mut args, "--threads").map_or(1, |count| count.parse().unwrap());
    let jpeg = option(&mut args, "--jpeg").map(|path| std::fs::read(path).unwrap());
    let memory = args.iter().position(|arg| arg == "--memory").map(|at| args.remove(at)).is_some();
    let (width, height) = args[1].split_once('x').unwrap();
    let (width, height): (u32, u32) = (width.parse().unwrap(), height.parse().unwrap());
    let pixels = RgbImage::from_raw(width, height, std::fs::read(&args[0]).unwrap()).unwrap();
    let limit = Duration::from_secs_f64(args[2].parse().unwrap());
    for case in &args[3..] {
        let (name, text) = case.split_once('=').unwrap();
        let Some(run) = runner(text, &pixels, jpeg.as_deref()) else {
            println!("{{\"case\": \"{name}\", \"error\": \"not in the catalogue\"}}");
            continue;
        };
        if memory {
            println!("{{\"case\": \"{name}\", \"pictures\": {:.2}}}", held(&run) / pixels.len() as f64);
            continue;
        }
        let times = if threads == 1 { measure(limit, &run) } else { vec![together(threads, limit, &run)] };
        println!("{{\"case\": \"{name}\", \"ms\": {:.4}, \"best\": {:.4}}}", times[times.len() / 2], times[0]);
        if let Some(folder) = &dump {
            std::fs::write(folder.join(format!("{name}.rgb")), run().1).unwrap();
        }
    }
}

/// The value of an option, taken out of the arguments.
fn option(args: &mut Vec<String>, name: &str) -> Option<String> {
    let at = args.iter().position(|arg| arg == name)?;
    args.remove(at);
    Some(args.remove(at))
}

/// The largest amount of memory, in bytes, by which the process grew during one turn.
fn held(run: &Turn) -> f64 {
    let status = |key: &str| -> f64 {
        let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(key)).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or(f64::NAN) * 1024.0
    };
    run();
    // 5: forget the peak so far.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    let before = status("VmRSS");
    black_box(run());
    status("VmHWM") - before
}

/// Milliseconds for one picture when so many threads work on pictures of their own for that long.
fn together(threads: usize, limit: Duration, run: &Turn) -> f64 {
    run();
    let start = Instant::now();
    let done: usize = std::thread::scope(|scope| {
        let work = || {
            let mut count = 0;
            while count < 3 || start.elapsed() < limit {
                run();
                count += 1;
            }
            count
        };
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).sum()
    });
    start.elapsed().as_secs_f64() * 1e3 / done as f64
}

/// One turn: how long it took, and the bytes it gave.
type Turn = Box<dyn Fn() -> (Duration, Vec<u8>) + Sync>;

/// What a case does, if there is such an operator.
fn runner(text: &str, pixels: &RgbImage, jpeg: Option<&[u8]>) -> Option<Turn> {
    if text == "copy" {
        let (bytes, out) = (pixels.as_raw().clone(), Mutex::new(pixels.as_raw().clone()));
        return Some(Box::new(move || {
            let start = Instant::now();
            out.lock().unwrap().copy_from_slice(black_box(&bytes));
            (start.elapsed(), Vec::new())
        }));
    }
    if text == "pipeline" {
        let file = jpeg?.to_vec();
        return Some(Box::new(move || {
            let start = Instant::now();
            let sent = pipeline(black_box(&file));
            (start.elapsed(), sent.into_bytes())
        }));
    }
    let (id, setting) = parsed(text);
    let operator: Box<dyn Perturbation> = catalogue::find(id)?.build(&setting).unwrap();
    let image = shown(pixels);
    Some(Box::new(move || {
        let mut stimulus = Stimulus { images: vec![image.clone()], ..Stimulus::default() };
        let mut cx = Context::new(Stream::derive(1, &["bench"]));
        let start = Instant::now();
        operator.apply(black_box(&mut stimulus), &mut cx).unwrap();
        (start.elapsed(), stimulus.images.remove(0).pixels.into_raw())
    }))
}

/// From the bytes of a JPEG to what is sent for five levels of a blur.
fn pipeline(file: &[u8]) -> String {
    let pixels = image::load_from_memory_with_format(file, ImageFormat::Jpeg).unwrap().into_rgb8();
    let clean = shown(&pixels);
    let mut sent = String::new();
    for level in Level::ALL {
        let entry = catalogue::find("gaussian_blur").unwrap();
        let mut stimulus = Stimulus { images: vec![clean.clone()], ..Stimulus::default() };
        let operator = entry.build(&Setting::at(entry.card, level)).unwrap();
        operator.apply(&mut stimulus, &mut Context::new(Stream::derive(1, &["bench"]))).unwrap();
        let pixels = &stimulus.images[0].pixels;
        let mut png = Vec::with_capacity(pixels.len());
        let encoder = PngEncoder::new_with_quality(&mut png, CompressionType::Fast, FilterType::Paeth);
        encoder.write_image(pixels, pixels.width(), pixels.height(), ExtendedColorType::Rgb8).unwrap();
        black_box(Sha256::digest(&png));
        STANDARD.encode_string(&png, &mut sent);
    }
    sent
}

fn shown(pixels: &RgbImage) -> Image {
    Image { pixels: pixels.clone(), view: View::Close, modality: Modality::ClinicalPhoto, lesion: None, tone: None }
}

/// `id?key=value&key=value`.
fn parsed(text: &str) -> (&str, Setting) {
    let (id, rest) = text.split_once('?').unwrap_or((text, ""));
    let mut setting = Setting::default();
    for pair in rest.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap();
        match (key, value.parse::<f64>()) {
            ("dose", Ok(dose)) => setting.dose = Some(dose),
            (_, Ok(number)) => drop(setting.arguments.insert(key.into(), Argument::Number(number))),
            (_, Err(_)) => drop(setting.arguments.insert(key.into(), Argument::Text(value.into()))),
        }
    }
    (id, setting)
}

/// Times in milliseconds, sorted: at least five, and as many as fit into the limit.
fn measure(limit: Duration, run: &Turn) -> Vec<f64> {
    run();
    let end = Instant::now() + limit;
    let mut times = Vec::new();
    while times.len() < 5 || Instant::now() < end {
        times.push(run().0.as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    times
}
