//! The page about the reference sets: the measured order of their severities, and how far they are from the packages.

use std::fmt::Write;

use bedside_perturbations::catalogue::{Entry, find};
use bedside_perturbations::{Context, Level, Setting, Stimulus, Stream, similarity, squared_error};

use crate::compat;
use crate::gallery::between;
use crate::skin::skin;
use crate::survey::choice;
use crate::tones::TONES;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/REFERENCE_SETS.md");

/// The size that both sets were made for.
const SIDE: u32 = 224;

/// Draws for each of three skins.
const DRAWS: u64 = 2;

/// Corruptions whose severities do not rise in both distances; the page says why.
const NOT_RISING: [&str; 7] = [
    "imagenet_c glass_blur",
    "imagenet_c snow",
    "imagenet_c frost",
    "imagenet_c fog",
    "imagenet_c spatter",
    "imagenet_c saturate",
    "medmnist_c motion_blur",
];

/// The two distances of the five severities, in the mean over skins and draws.
struct Ladder {
    name: String,
    /// Root mean squared difference in grey levels.
    apart: [f64; 5],
    /// One minus the structural similarity.
    unlike: [f64; 5],
}

impl Ladder {
    fn rises(&self) -> bool {
        [self.apart, self.unlike].iter().all(|of| of.windows(2).all(|pair| pair[1] > pair[0]))
    }
}

fn ladders() -> Vec<Ladder> {
    let sets = ["imagenet_c", "medmnist_c"].map(|id| find(id).unwrap());
    sets.into_iter().flat_map(|entry| choice(entry).unwrap().1.iter().map(|word| ladder(entry, word))).collect()
}

/// Types I, III and V.
fn skins() -> impl Iterator<Item = (&'static str, [u8; 3])> {
    TONES.into_iter().step_by(2).map(|(name, colour, ..)| (name, colour))
}

fn ladder(entry: &Entry, word: &str) -> Ladder {
    let mut sums = [[0.0; 5]; 2];
    for (tone, colour) in skins() {
        let before = skin(colour, SIDE, SIDE);
        for draw in 0..DRAWS {
            for (place, level) in Level::ALL.into_iter().enumerate() {
                let operator = entry.build(&Setting::at(entry.card, level).with("corruption", word)).unwrap();
                let mut stimulus = Stimulus { images: vec![before.clone()], ..Stimulus::default() };
                let mut cx = Context::new(Stream::derive(draw, &["severities", entry.card.id, word, tone]));
                operator.apply(&mut stimulus, &mut cx).unwrap();
                let after = &stimulus.images[0].pixels;
                sums[0][place] += squared_error(after, &before.pixels);
                sums[1][place] += 1.0 - similarity(after, &before.pixels);
            }
        }
    }
    let count = (skins().count() as u64 * DRAWS) as f64;
    let [apart, unlike] = sums;
    let name = format!("{} {word}", entry.card.id);
    Ladder { name, apart: apart.map(|sum| (sum / count).sqrt()), unlike: unlike.map(|sum| sum / count) }
}

/// The severities from the mildest to the strongest, e.g. `1 2 3 5 4`; `4 = 5` where two are the same.
fn order(distances: &[f64; 5]) -> String {
    let mut severities: Vec<usize> = (0..5).collect();
    severities.sort_by(|a, b| distances[*a].total_cmp(&distances[*b]));
    let mut text = (severities[0] + 1).to_string();
    for pair in severities.windows(2) {
        let same = if distances[pair[0]] < distances[pair[1]] { "" } else { " =" };
        write!(text, "{same} {}", pair[1] + 1).unwrap();
    }
    text
}

fn section(ladders: &[Ladder]) -> String {
    let mut text =
        "\n| corruption | grey levels, severity 1 to 5 | order | 1 − SSIM, severity 1 to 5 | order |\n".to_owned();
    text.push_str("|---|---|---|---|---|\n");
    for Ladder { name, apart, unlike } in ladders {
        let [shown, other] = [apart.map(|of| format!("{of:.1}")), unlike.map(|of| format!("{of:.3}"))];
        let marked = |of: &[f64; 5]| if order(of) == "1 2 3 4 5" { order(of) } else { format!("**{}**", order(of)) };
        let (first, second) = (marked(apart), marked(unlike));
        writeln!(text, "| {name} | {} | {first} | {} | {second} |", shown.join(", "), other.join(", ")).unwrap();
    }
    text.push('\n');
    text
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test reads its page and renews it on request")]
fn the_page_prints_the_measured_order_and_names_what_does_not_rise() {
    let ladders = ladders();
    let page = std::fs::read_to_string(PAGE).unwrap();
    let wanted = between(&between(&page, "order", &section(&ladders)), "agreement", &compat::section());
    if std::env::var_os("BEDSIDE_UPDATE").is_some() {
        std::fs::write(PAGE, &wanted).unwrap();
    }
    assert_eq!(ladders.len(), 19 + 15);
    let falling: Vec<&str> = ladders.iter().filter(|of| !of.rises()).map(|of| of.name.as_str()).collect();
    assert_eq!(falling, NOT_RISING);
    for name in NOT_RISING {
        assert!(page.contains(&format!("* `{name}`: ")), "the page does not say why {name} does not rise");
    }
    assert!(std::fs::read_to_string(PAGE).unwrap() == wanted, "REFERENCE_SETS.md is stale: run with BEDSIDE_UPDATE=1");
}
