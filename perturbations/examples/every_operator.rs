//! Every image operator at every level on the photographs of a folder, each twice: how many could be exposed, what one
//! photograph takes, and every reason for which one could not; two runs that differ are an error.
//!
//! ```text
//! cargo run --release -p bedside-perturbations --example every_operator -- photos
//! ```
//!
//! It prints a table in Markdown. The digest at its end is the same on every machine; the times are those of this one.

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a program, not the library: it reads a folder and prints"
)]

#[path = "../tests/it/survey.rs"]
mod survey;

use std::error::Error;
use std::fs;

use survey::{Named, Survey, shown};

fn main() -> Result<(), Box<dyn Error>> {
    let Some(folder) = std::env::args().nth(1) else {
        println!("every_operator FOLDER");
        return Ok(());
    };
    let photographs = photographs(&folder)?;
    print(&survey::survey(&photographs)?, photographs.len());
    Ok(())
}

/// The pictures in a folder, by name.
fn photographs(folder: &str) -> Result<Vec<Named>, Box<dyn Error>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if image::ImageFormat::from_path(&path).is_ok() {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            found.push((name, shown(image::load_from_memory(&fs::read(&path)?)?.to_rgb8())));
        }
    }
    found.sort_by(|one: &Named, other| one.0.cmp(&other.0));
    Ok(found)
}

fn print(survey: &Survey, count: usize) {
    println!("| perturbation | exposed | ms a photograph | unfit |\n|---|--:|--:|---|");
    for (id, row) in &survey.rows {
        let each = row.time.as_secs_f64() * 1e3 / (2 * row.applied.max(1)) as f64;
        let unfit: Vec<String> = row.unfit.iter().map(|(why, of)| format!("{why} ({of} of {count})")).collect();
        println!("| {id} | {} of {} | {each:.2} | {} |", row.applied, row.tried, unfit.join("; "));
    }
    println!("\nSHA-256 of all results, the same in both runs: {}", survey.digest);
}
