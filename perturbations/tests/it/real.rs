//! Every operator on photographs at every level, twice, on the real photographs of the folder that `BEDSIDE_DATA` names
//! (`derm-real/`: 24 photographs of PAD-UFES-20, Pacheco et al. 2020, CC BY 4.0).
//!
//! The photographs are made smaller, to at most 160 pixels a side: it is the content that is real here. The example
//! `every_operator` does the same at full size, and `PHOTOGRAPHS.md` has both results; other sizes are tried by the other
//! tests and the fuzz target.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use bedside_perturbations::catalogue::{CATALOGUE, Entry};
use bedside_perturbations::{Target, decode};
use image::imageops;

use crate::gallery::between;
use crate::survey::{Named, shown, survey, table};

/// The longest side of the copies, in pixels.
const LONGEST: u32 = 160;

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
    let pixels = decode::upright(file).unwrap();
    let longest = pixels.width().max(pixels.height());
    let side = |side: u32| side * LONGEST / longest;
    imageops::resize(&pixels, side(pixels.width()), side(pixels.height()), imageops::FilterType::Triangle)
}

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/PHOTOGRAPHS.md");

#[test]
#[expect(clippy::disallowed_methods, reason = "a test reads its page and renews it on request")]
fn real_data_photographs_go_through_every_operator_at_every_level() {
    let Some(photographs) = photographs() else { return };
    let survey = survey(&photographs).unwrap();
    for (id, row) in &survey.rows {
        println!("{id}: {} of {}, {:.2?} each", row.applied, row.tried, row.time / (2 * row.applied.max(1)) as u32);
        assert!(10 * row.applied >= 9 * row.tried, "{id}: {} of {}", row.applied, row.tried);
    }
    let page = std::fs::read_to_string(PAGE).unwrap();
    let wanted = between(&page, "small copies", &format!("\n{}\n", table(&survey, photographs.len(), false)));
    if std::env::var_os("BEDSIDE_UPDATE").is_some() {
        std::fs::write(PAGE, &wanted).unwrap();
    }
    assert!(std::fs::read_to_string(PAGE).unwrap() == wanted, "PHOTOGRAPHS.md is stale: run with BEDSIDE_UPDATE=1");
}

/// The cells of the rows of each of the page's two tables.
#[expect(clippy::disallowed_methods, reason = "a test reads its page")]
fn tables() -> Vec<Vec<Vec<String>>> {
    let page = std::fs::read_to_string(PAGE).unwrap();
    let tables = page.split("| perturbation |").skip(1).map(|table| {
        let rows = table.lines().skip(2).take_while(|line| line.starts_with("| "));
        rows.map(|row| row.split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
    });
    tables.collect()
}

#[test]
fn the_page_has_every_operator_on_nine_in_ten_and_a_reason_for_every_photograph_that_is_unfit() {
    let all = |entry: &&Entry| matches!(entry.card.target, Target::Image | Target::ImageSet) && entry.card.id != "webp";
    let wanted: BTreeSet<&str> = CATALOGUE.iter().filter(all).map(|entry| entry.card.id).collect();
    let tables = tables();
    assert_eq!(tables.len(), 2, "full size and small copies");
    for rows in tables {
        assert_eq!(rows.iter().map(|row| row[1].as_str()).collect::<BTreeSet<_>>(), wanted);
        for row in rows {
            let (applied, tried) = row[2].split_once(" of ").unwrap();
            let (applied, tried): (usize, usize) = (applied.parse().unwrap(), tried.parse().unwrap());
            assert!(tried > 0 && 10 * applied >= 9 * tried, "{row:?}");
            let reasons = row[row.len() - 2].split("; ").filter_map(|reason| reason.rsplit_once(" ("));
            let of_some = |counts: &str| counts.split(' ').next().unwrap().parse::<usize>().unwrap();
            assert_eq!(reasons.map(|(_, counts)| of_some(counts)).sum::<usize>(), tried - applied, "{row:?}");
        }
    }
}
