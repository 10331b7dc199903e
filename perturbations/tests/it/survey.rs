//! Every image operator at every level on some photographs, twice: shared by a test and the example `every_operator`.

use std::collections::BTreeMap;
use std::error::Error;
use std::time::{Duration, Instant};

use bedside_perturbations::catalogue::{CATALOGUE, Entry};
use bedside_perturbations::contract::FOIL;
use bedside_perturbations::{
    Change, Context, Grading, Image, Level, Modality, Region, Setting, Stimulus, Stream, Takes, Target, Unfit, View,
};
use image::RgbImage;
use sha2::{Digest, Sha256};

/// A photograph by name.
pub type Named = (String, Image);

/// What came of an operator.
#[derive(Debug, Default)]
pub struct Row {
    /// Level by level, every photograph that could be exposed.
    pub applied: usize,
    /// The same with those that could not.
    pub tried: usize,
    /// Both runs over all that was applied.
    pub time: Duration,
    /// What could not be exposed: level, reason, and how many photographs.
    pub unfit: BTreeMap<String, usize>,
}

/// What came of all operators, by id.
#[derive(Debug)]
pub struct Survey {
    /// Operators in the order of their ids.
    pub rows: BTreeMap<&'static str, Row>,
    /// SHA-256 over all results of the first run: operator, level, photograph, size and pixels or the reason.
    pub digest: String,
}

/// A photograph as it is shown here: with a lesion's box in its middle third, for the files name none.
pub fn shown(pixels: RgbImage) -> Image {
    let (w, h) = (pixels.width() / 3, pixels.height() / 3);
    let lesion = Some(Region { x: w, y: h, w: w.max(1), h: h.max(1) });
    Image { pixels, view: View::Close, modality: Modality::ClinicalPhoto, lesion, tone: None }
}

/// Applies everything, and everything again.
///
/// # Errors
/// Two runs that differ, a ledger that does not say what the pixels do, a changed history, or something unfit that was
/// changed; and settings that are refused.
pub fn survey(photographs: &[Named]) -> Result<Survey, Box<dyn Error>> {
    let mut survey = Survey { rows: BTreeMap::new(), digest: String::new() };
    let mut all = Sha256::new();
    for entry in CATALOGUE.iter().filter(|entry| entry.card.target == Target::Image) {
        let mut row = Row::default();
        for (level, setting) in settings(entry) {
            for photograph in photographs {
                let what = format!("{} {level} {}", entry.card.id, photograph.0);
                let outcome = twice(entry, &setting, photograph).map_err(|error| format!("{what}: {error}"))?;
                all.update(&what);
                row.tried += 1;
                match outcome {
                    Ok((image, time)) => {
                        all.update(image.pixels.width().to_le_bytes());
                        all.update(image.pixels.as_raw());
                        row.applied += 1;
                        row.time += time;
                    }
                    Err(unfit) => {
                        all.update(unfit.to_string());
                        *row.unfit.entry(format!("{level}: {unfit}")).or_default() += 1;
                    }
                }
            }
        }
        survey.rows.insert(entry.card.id, row);
    }
    survey.digest = all.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(survey)
}

/// Every level, with every choice of a parameter that is required, by a name.
fn settings(entry: &Entry) -> Vec<(String, Setting)> {
    let levels: Vec<(String, Setting)> = match entry.card.grading {
        Grading::Binary => vec![(String::from("on"), Setting::default())],
        Grading::Graded { .. } => {
            Level::ALL.map(|level| (level.number().to_string(), Setting::at(entry.card, level))).to_vec()
        }
    };
    let Some((name, words)) = choice(entry) else { return levels };
    let with = |word: &str| {
        let one = |(level, setting): &(String, Setting)| (format!("{word} {level}"), setting.clone().with(name, word));
        levels.iter().map(one).collect::<Vec<_>>()
    };
    words.iter().flat_map(|word| with(word)).collect()
}

/// The parameter that has to be chosen, with its words.
pub fn choice(entry: &Entry) -> Option<(&'static str, &'static [&'static str])> {
    let required = entry.card.parameters.iter().find(|parameter| parameter.required)?;
    if let Takes::Choice(words) = required.takes { Some((required.name, words)) } else { None }
}

type Outcome = Result<(Image, Duration), Unfit>;

/// The photograph under that setting and how long both runs took, or why it could not be exposed.
fn twice(entry: &Entry, setting: &Setting, photograph: &Named) -> Result<Outcome, Box<dyn Error>> {
    let before = Stimulus { images: vec![photograph.1.clone()], ..Stimulus::default() };
    let first = once(entry, setting, &photograph.0, &before)?;
    let second = once(entry, setting, &photograph.0, &before)?;
    if (&first.0, &first.1) != (&second.0, &second.1) {
        return Err("two runs differ".into());
    }
    let (outcome, after, time) = first;
    sound(entry, &outcome, &before, &after)?;
    let image = after.images.into_iter().next().ok_or("no photograph is left")?;
    Ok(outcome.map(|_| (image, time + second.2)))
}

type Run = (Result<Change, Unfit>, Stimulus, Duration);

#[expect(clippy::disallowed_methods, reason = "time is printed and decides nothing")]
fn once(entry: &Entry, setting: &Setting, name: &str, before: &Stimulus) -> Result<Run, Box<dyn Error>> {
    let mut cx = Context::new(Stream::derive(1, &["real", entry.card.id, name])).with_foil(FOIL);
    let (operator, mut after) = (entry.build(setting)?, before.clone());
    let start = Instant::now();
    let outcome = operator.apply(&mut after, &mut cx);
    Ok((outcome, after, start.elapsed()))
}

/// Whether what it says is what it did.
fn sound(
    entry: &Entry,
    outcome: &Result<Change, Unfit>,
    before: &Stimulus,
    after: &Stimulus,
) -> Result<(), &'static str> {
    let differs = after.images != before.images;
    match outcome {
        Err(_) if after != before => Err("unfit, and yet changed"),
        Err(_) => Ok(()),
        Ok(change) if change.edits.is_empty() && entry.card.id != "identity" => Err("an empty ledger"),
        Ok(_) if !differs && entry.card.family != "sham" => Err("nothing differs"),
        Ok(_) if after.images.len() != 1 || after.history != before.history => Err("more than the picture differs"),
        Ok(_) => Ok(()),
    }
}
