//! Every operator on photographs at every level on those of a folder, each twice (what is about sets of them, on three at a
//! time): how many could be exposed, what one
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

use bedside_perturbations::decode;
use survey::{Named, shown};

fn main() -> Result<(), Box<dyn Error>> {
    let Some(folder) = std::env::args().nth(1) else {
        println!("every_operator FOLDER");
        return Ok(());
    };
    let photographs = photographs(&folder)?;
    print!("{}", survey::table(&survey::survey(&photographs)?, photographs.len(), true));
    Ok(())
}

/// The pictures in a folder, by name.
fn photographs(folder: &str) -> Result<Vec<Named>, Box<dyn Error>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if image::ImageFormat::from_path(&path).is_ok() {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            found.push((name, shown(decode::upright(&fs::read(&path)?)?)));
        }
    }
    found.sort_by(|one: &Named, other| one.0.cmp(&other.0));
    Ok(found)
}
