//! Our side of `peers.py`: times operators on one picture and prints a line of JSON for each.
//!
//! `turns RGB WIDTHxHEIGHT SECONDS [--dump DIR] CASE…`, where RGB is a file of raw bytes and a case reads
//! `name=id?key=value&key=value`, e.g. `blur=gaussian_blur?dose=0.01`; `name=copy` is a plain copy. What is timed is
//! `apply` on a fresh stimulus; making that stimulus is not. With `--dump` the result of each case is written as raw bytes.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on should stop")]
#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a benchmark reads a file and a clock and prints")]

use std::hint::black_box;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use bedside_perturbations::{
    Argument, Context, Image, Modality, Perturbation, Setting, Stimulus, Stream, View, catalogue,
};
use image::RgbImage;

fn main() {
    let mut args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    if args.len() < 3 {
        println!("turns RGB WIDTHxHEIGHT SECONDS [--dump DIR] CASE…: see perturbations/benches/peers.py");
        return;
    }
    let dump = args.iter().position(|arg| arg == "--dump").map(|at| {
        args.remove(at);
        PathBuf::from(args.remove(at))
    });
    let (width, height) = args[1].split_once('x').unwrap();
    let (width, height): (u32, u32) = (width.parse().unwrap(), height.parse().unwrap());
    let pixels = RgbImage::from_raw(width, height, std::fs::read(&args[0]).unwrap()).unwrap();
    let limit = Duration::from_secs_f64(args[2].parse().unwrap());
    for case in &args[3..] {
        let (name, text) = case.split_once('=').unwrap();
        let Some(run) = runner(text, &pixels) else {
            println!("{{\"case\": \"{name}\", \"error\": \"not in the catalogue\"}}");
            continue;
        };
        let times = measure(limit, &run);
        println!("{{\"case\": \"{name}\", \"ms\": {:.4}, \"best\": {:.4}}}", times[times.len() / 2], times[0]);
        if let Some(folder) = &dump {
            std::fs::write(folder.join(format!("{name}.rgb")), run().1).unwrap();
        }
    }
}

/// One turn: how long it took, and the bytes it gave.
type Turn = Box<dyn Fn() -> (Duration, Vec<u8>)>;

/// What a case does, if there is such an operator.
fn runner(text: &str, pixels: &RgbImage) -> Option<Turn> {
    if text == "copy" {
        let (bytes, out) = (pixels.as_raw().clone(), std::cell::RefCell::new(pixels.as_raw().clone()));
        return Some(Box::new(move || {
            let start = Instant::now();
            out.borrow_mut().copy_from_slice(black_box(&bytes));
            (start.elapsed(), Vec::new())
        }));
    }
    let (id, setting) = parsed(text);
    let operator: Box<dyn Perturbation> = catalogue::find(id)?.build(&setting).unwrap();
    let image = Image {
        pixels: pixels.clone(),
        view: View::Close,
        modality: Modality::ClinicalPhoto,
        lesion: None,
        tone: None,
    };
    Some(Box::new(move || {
        let mut stimulus = Stimulus { images: vec![image.clone()], ..Stimulus::default() };
        let mut cx = Context::new(Stream::derive(1, &["bench"]));
        let start = Instant::now();
        operator.apply(black_box(&mut stimulus), &mut cx).unwrap();
        (start.elapsed(), stimulus.images.remove(0).pixels.into_raw())
    }))
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
fn measure(limit: Duration, run: impl Fn() -> (Duration, Vec<u8>)) -> Vec<f64> {
    run();
    let end = Instant::now() + limit;
    let mut times = Vec::new();
    while times.len() < 5 || Instant::now() < end {
        times.push(run().0.as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    times
}
