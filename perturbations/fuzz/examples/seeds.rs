//! Writes what a run of the fuzz target starts from into a folder: a seed per operator and level, and what earlier runs kept.

#[path = "../input.rs"]
mod input;

use std::path::Path;

fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "corpus/operators".into());
    std::fs::create_dir_all(&folder)?;
    for (name, bytes) in input::seeds() {
        std::fs::write(Path::new(&folder).join(name), bytes)?;
    }
    for (place, bytes) in input::corpus().into_iter().enumerate() {
        std::fs::write(Path::new(&folder).join(format!("kept-{place}")), bytes)?;
    }
    Ok(())
}
