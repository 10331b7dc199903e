//! The bytes of every operator on photographs at every level, as digests: a change of a single grey level on any machine,
//! with any number of threads, at any optimisation, with or without dispatch on the processor, shows here.
//!
//! `image/*` on one small photograph; what works on all photographs of a case on three, beside a donor's two; and, where an
//! operator goes another way on large pictures, its strongest level on one of two megapixels.

use std::fmt::Write;

use bedside_perturbations::catalogue::{CATALOGUE, Entry};
use bedside_perturbations::contract::{FOIL, photograph};
use bedside_perturbations::{
    Context, Field, Grading, History, Image, Kind, Level, Setting, Stimulus, Stream, Takes, Target, Value,
};
use sha2::{Digest, Sha256};

/// One line of the table before it is computed.
struct Line {
    name: String,
    entry: &'static Entry,
    setting: Setting,
    photographs: fn() -> Vec<Image>,
}

impl Line {
    fn with_digest(&self) -> String {
        let donor = of_site("scalp", vec![photograph(80, 60, 21), photograph(60, 80, 22)]);
        let mut stimulus = of_site("forearm", (self.photographs)());
        let id = self.entry.card.id;
        let mut cx = Context::new(Stream::derive(1, &["golden", id])).with_foil(FOIL).with_donor(&donor);
        self.entry.build(&self.setting).unwrap().apply(&mut stimulus, &mut cx).unwrap();
        format!("{} {}", self.name, digest(&stimulus.images))
    }
}

fn of_site(site: &str, images: Vec<Image>) -> Stimulus {
    let field = Field { name: "site".into(), kind: Kind::Site, value: Value::Stated(site.into()) };
    Stimulus { images, history: History { fields: vec![field], note: None }, ..Stimulus::default() }
}

fn digest(images: &[Image]) -> String {
    let mut hash = Sha256::new();
    for image in images {
        hash.update(image.pixels.width().to_le_bytes());
        hash.update(image.pixels.height().to_le_bytes());
        hash.update(image.pixels.as_raw());
    }
    hash.finalize().iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn one() -> Vec<Image> {
    vec![photograph(203, 151, 1)]
}

fn three() -> Vec<Image> {
    vec![photograph(61, 43, 1), photograph(43, 61, 2), photograph(50, 50, 3)]
}

fn large() -> Vec<Image> {
    vec![photograph(1600, 1200, 4)]
}

/// Every level, with every choice of a parameter that is required.
fn lines(entry: &'static Entry) -> Vec<Line> {
    let levels: Vec<(String, Setting)> = match entry.card.grading {
        Grading::Binary => vec![("on".into(), Setting::default())],
        Grading::Graded { .. } => {
            Level::ALL.map(|level| (level.number().to_string(), Setting::at(entry.card, level))).to_vec()
        }
    };
    let required = entry.card.parameters.iter().find(|parameter| parameter.required);
    let choices = match required.map(|parameter| (parameter.name, parameter.takes)) {
        Some((name, Takes::Choice(words))) => words.iter().map(|word| Some((name, *word))).collect(),
        _ => vec![None],
    };
    let photographs = if entry.card.target == Target::Image { one } else { three };
    let line = |choice: &Option<(&str, &str)>, (level, setting): &(String, Setting)| {
        let id = entry.card.id;
        let (name, setting) = match choice {
            Some((name, word)) => (format!("{id} {word} {level}"), setting.clone().with(name, word)),
            None => (format!("{id} {level}"), setting.clone()),
        };
        Line { name, entry, setting, photographs }
    };
    let mut lines: Vec<Line> =
        choices.iter().flat_map(|choice| levels.iter().map(|level| line(choice, level)).collect::<Vec<_>>()).collect();
    if entry.card.family == "image/optics" {
        let (level, setting) = (Level::ALL[4], Setting::at(entry.card, Level::ALL[4]));
        let name = format!("{} {} large", entry.card.id, level.number());
        lines.push(Line { name, entry, setting, photographs: large });
    }
    lines
}

/// Eight threads at once, each every eighth line.
#[expect(clippy::disallowed_methods, reason = "a test of what threads change: nothing")]
fn together(lines: &[Line]) -> Vec<String> {
    const THREADS: usize = 8;
    let mut found: Vec<(usize, String)> = std::thread::scope(|scope| {
        let share = |first: usize| {
            let own = lines.iter().enumerate().skip(first).step_by(THREADS);
            own.map(|(place, line)| (place, line.with_digest())).collect::<Vec<_>>()
        };
        let threads: Vec<_> = (0..THREADS).map(|first| scope.spawn(move || share(first))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    found.sort();
    found.into_iter().map(|(_, line)| line).collect()
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test reads its table and renews it on request")]
fn every_level_gives_the_bytes_it_gave_before() {
    // libwebp's bytes are those of the version that is linked.
    let ours = |entry: &&Entry| entry.card.target != Target::History && entry.card.id != "webp";
    let lines: Vec<Line> = CATALOGUE.iter().filter(ours).flat_map(lines).collect();
    let now = together(&lines).join("\n");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/golden.txt");
    if std::env::var_os("BEDSIDE_UPDATE").is_some() {
        let alone: Vec<String> = lines.iter().map(Line::with_digest).collect();
        std::fs::write(path, format!("{}\n", alone.join("\n"))).unwrap();
    }
    let before = std::fs::read_to_string(path).unwrap();
    let differ = |(now, before): &(&str, &str)| now != before;
    let changed: Vec<_> = now.lines().zip(before.lines()).filter(differ).map(|(now, _)| now).collect();
    assert!(
        now == before.trim_end(),
        "changed, or not in the table yet (renew it with BEDSIDE_UPDATE=1): {changed:#?}"
    );
}
