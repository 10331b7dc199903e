//! Writes the seeds of the fuzz target into a folder: one per operator and level, the same on every machine.

#[path = "../input.rs"]
mod input;

use std::path::Path;

fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "corpus/operators".into());
    std::fs::create_dir_all(&folder)?;
    for (name, bytes) in input::seeds() {
        std::fs::write(Path::new(&folder).join(name), bytes)?;
    }
    Ok(())
}
