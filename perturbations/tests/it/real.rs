//! Every image operator at every level, twice, on the real photographs of the folder that `BEDSIDE_DATA` names
//! (`derm-real/`: 24 photographs of PAD-UFES-20, Pacheco et al. 2020, CC BY 4.0).
//!
//! The photographs are made smaller, to at most 160 pixels a side: it is the content that is real here. The example
//! `every_operator` does the same at full size; other sizes are tried by the other tests and the fuzz target.

use std::path::{Path, PathBuf};

use image::imageops;

use crate::survey::{Named, shown, survey};

/// The longest side of the copies, in pixels.
const LONGEST: u32 = 160;

/// What the photographs cannot be exposed to, with how many of the 24 and why.
const UNFIT: &str = "";

/// The photographs by name, or `None` with a message where the folder is not named.
#[expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test reads the data set that the environment names, or says that it does not"
)]
fn photographs() -> Option<Vec<Named>> {
    let Ok(folder) = std::env::var("BEDSIDE_DATA") else {
        println!("skipped: BEDSIDE_DATA is not set");
        return None;
    };
    let files = std::fs::read_dir(Path::new(&folder).join("derm-real/images")).unwrap();
    let mut paths: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    assert_eq!(paths.len(), 24);
    let name = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    Some(paths.iter().map(|path| (name(path), shown(small(&std::fs::read(path).unwrap())))).collect())
}

fn small(file: &[u8]) -> image::RgbImage {
    let pixels = image::load_from_memory(file).unwrap().to_rgb8();
    let longest = pixels.width().max(pixels.height());
    let side = |side: u32| side * LONGEST / longest;
    imageops::resize(&pixels, side(pixels.width()), side(pixels.height()), imageops::FilterType::Triangle)
}

#[test]
fn real_data_photographs_go_through_every_image_operator_at_every_level() {
    let Some(photographs) = photographs() else { return };
    let survey = survey(&photographs).unwrap();
    let applied: usize = survey.rows.values().map(|row| row.applied).sum();
    println!("{applied} applied twice, digest {}", survey.digest);
    let mut listed = Vec::new();
    for (id, row) in &survey.rows {
        println!("{id}: {} of {}, {:.2?} each", row.applied, row.tried, row.time / (2 * row.applied.max(1)) as u32);
        assert!(10 * row.applied >= 9 * row.tried, "{id}: {} of {}", row.applied, row.tried);
        listed.extend(row.unfit.iter().map(|(why, count)| format!("{id} {why} ({count} of 24)")));
    }
    assert_eq!(listed.join("\n"), UNFIT, "what is unfit on real photographs has changed");
}
