//! Our side of `compare.py`: times operators on one picture and prints a line of JSON for each.
//!
//! `turns RGB WIDTHxHEIGHT SECONDS [--dump DIR] [--scaling | --memory] [--jpeg FILE] CASE…`, where RGB is a file of raw bytes
//! and a case reads `name=what`: an operator as `id?key=value&key=value` (e.g. `blur=gaussian_blur?dose=0.01`), `level-3` for
//! the row of that name of the catalogue, `copy` for a plain copy, `distance` for the row of that name of the distances, or
//! `pipeline`, which reads the JPEG, blurs it at five levels, and encodes, digests and base64-encodes each.
//! `turns --rows` and `turns --distances` print the names of those rows.
//!
//! What is timed is `apply` on a fresh stimulus; making that stimulus is not. With `--dump` the result of each case is written
//! as raw bytes. With `--scaling` it prints the wall-clock time of one picture, made fresh and thrown away, when one thread works
//! and when two work on pictures of their own. With `--memory` it prints what the process held at most while it worked, in
//! pictures: the photograph, the result and everything between (Linux). glibc keeps what was freed and hands it out
//! again unseen, so run that with `MALLOC_MMAP_THRESHOLD_=65536 MALLOC_TRIM_THRESHOLD_=0`.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on should stop")]
#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a benchmark reads a file and a clock and prints")]

mod common;

use std::hint::black_box;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bedside_perturbations::contract::photograph;
use bedside_perturbations::{
    Argument, Image, Level, Modality, Perturbation, Region, Setting, Stimulus, View, catalogue, encode,
};
use image::{ImageFormat, RgbImage};
use sha2::{Digest, Sha256};

use common::{context, distances, middles, stimulus};

fn main() {
    let mut args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    if flag(&mut args, "--rows") {
        return middles().iter().for_each(|middle| println!("{}", middle.name));
    }
    if flag(&mut args, "--distances") {
        return distances(&photograph(64, 48, 1)).unwrap().iter().for_each(|(name, _)| println!("{name}"));
    }
    if args.len() < 3 {
        println!(
            "turns RGB WIDTHxHEIGHT SECONDS [--dump DIR] [--scaling | --memory] [--jpeg FILE] CASE…: see compare.py"
        );
        return;
    }
    let dump = option(&mut args, "--dump").map(PathBuf::from);
    let jpeg = option(&mut args, "--jpeg").map(|path| std::fs::read(path).unwrap());
    let (scaling, memory) = (flag(&mut args, "--scaling"), flag(&mut args, "--memory"));
    let (width, height) = args[1].split_once('x').unwrap();
    let (width, height): (u32, u32) = (width.parse().unwrap(), height.parse().unwrap());
    let pixels = RgbImage::from_raw(width, height, std::fs::read(&args[0]).unwrap()).unwrap();
    let limit = Duration::from_secs_f64(args[2].parse().unwrap());
    for case in &args[3..] {
        let (name, text) = case.split_once('=').unwrap();
        let found = match runner(name, text, &pixels, jpeg.as_deref()) {
            Err(why) => format!("\"error\": \"{why}\""),
            Ok(run) if memory => format!("\"pictures\": {:.3}", held(&run) / pixels.len() as f64),
            Ok(run) if scaling => {
                let [one, two] = threads(limit, &run);
                format!("\"one\": {one:.4}, \"two\": {two:.4}")
            }
            Ok(run) => {
                if let Some(folder) = &dump {
                    std::fs::write(folder.join(format!("{name}.rgb")), run().1).unwrap();
                }
                format!("\"ms\": {:.4}", middle_of(measure(limit, &run)))
            }
        };
        println!("{{\"case\": \"{name}\", {found}}}");
    }
}

/// Whether a flag is there; it is taken out of the arguments.
fn flag(args: &mut Vec<String>, name: &str) -> bool {
    args.iter().position(|arg| arg == name).map(|at| args.remove(at)).is_some()
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

/// Milliseconds of wall clock for one picture with one thread and with two, in turns.
fn threads(limit: Duration, run: &Turn) -> [f64; 2] {
    const TURNS: u32 = 5;
    run();
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..TURNS {
        for (index, times) in times.iter_mut().enumerate() {
            times.push(together(index + 1, limit / (2 * TURNS), run));
        }
    }
    times.map(middle_of)
}

/// Milliseconds for one picture when so many threads work on pictures of their own for that long.
fn together(threads: usize, limit: Duration, run: &Turn) -> f64 {
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

/// What a case does, or why it cannot.
fn runner(name: &str, text: &str, pixels: &RgbImage, jpeg: Option<&[u8]>) -> Result<Turn, String> {
    match text {
        "copy" => Ok(copying(pixels)),
        "pipeline" => {
            let file = jpeg.ok_or("no JPEG")?.to_vec();
            Ok(timed(move || pipeline(black_box(&file)).into_bytes()))
        }
        "distance" => {
            let known = distances(&shown(pixels)).ok_or("no noise")?;
            let (_, measure) = known.into_iter().find(|(known, _)| *known == name).ok_or("no such distance")?;
            Ok(timed(move || {
                black_box(measure());
                Vec::new()
            }))
        }
        _ => applying(named(name, text)?, shown(pixels)),
    }
}

fn copying(pixels: &RgbImage) -> Turn {
    let (bytes, out) = (pixels.as_raw().clone(), Mutex::new(pixels.as_raw().clone()));
    timed(move || {
        out.lock().unwrap().copy_from_slice(black_box(&bytes));
        Vec::new()
    })
}

fn timed(work: impl Fn() -> Vec<u8> + Sync + 'static) -> Turn {
    Box::new(move || {
        let start = Instant::now();
        let bytes = work();
        (start.elapsed(), bytes)
    })
}

/// The operator that a case names.
fn named(name: &str, text: &str) -> Result<Box<dyn Perturbation>, String> {
    if text == "level-3" {
        let middle = middles().into_iter().find(|middle| middle.name == name);
        return middle.and_then(|middle| middle.build()).ok_or_else(|| "not in the catalogue".into());
    }
    let (id, setting) = parsed(text);
    catalogue::find(id).ok_or("not in the catalogue")?.build(&setting).map_err(|error| error.to_string())
}

fn applying(operator: Box<dyn Perturbation>, image: Image) -> Result<Turn, String> {
    operator.apply(&mut stimulus(&image), &mut context()).map_err(|unfit| unfit.to_string())?;
    Ok(Box::new(move || {
        let mut stimulus = stimulus(&image);
        let mut cx = context();
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
        operator.apply(&mut stimulus, &mut context()).unwrap();
        let pixels = &stimulus.images[0].pixels;
        let png = encode::png(pixels).unwrap();
        black_box(Sha256::digest(&png));
        STANDARD.encode_string(&png, &mut sent);
    }
    sent
}

/// The picture as a photograph, with a box around the patch in its middle.
fn shown(pixels: &RgbImage) -> Image {
    let side = pixels.width().min(pixels.height()) / 2;
    let lesion = Region { x: (pixels.width() - side) / 2, y: (pixels.height() - side) / 2, w: side, h: side };
    let (view, modality) = (View::Close, Modality::ClinicalPhoto);
    Image { pixels: pixels.clone(), view, modality, lesion: Some(lesion), tone: None }
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

/// Times in milliseconds: five and as many more as fit into the limit, fewer of what takes most of a second.
fn measure(limit: Duration, run: &Turn) -> Vec<f64> {
    const PATIENCE: Duration = Duration::from_secs(3);
    run();
    let start = Instant::now();
    let mut times = Vec::new();
    while times.is_empty() || start.elapsed() < if times.len() < 5 { PATIENCE } else { limit } {
        times.push(run().0.as_secs_f64() * 1e3);
    }
    times
}

fn middle_of(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
