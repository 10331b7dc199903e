//! Every operator on photographs at every level on some, twice, and those on sets of them by threes: shared by a test and the example `every_operator`.

use std::collections::BTreeMap;
use std::error::Error;
use std::time::{Duration, Instant};

use bedside_perturbations::catalogue::{CATALOGUE, Entry};
use bedside_perturbations::contract::FOIL;
use bedside_perturbations::{
    Change, Context, Field, Grading, History, Image, Kind, Level, Modality, Region, Setting, Stimulus, Stream, Takes,
    Target, Unfit, Value, View,
};
use image::RgbImage;
use sha2::{Digest, Sha256};

/// A photograph by name.
pub type Named = (String, Image);

/// What came of an operator.
#[derive(Debug, Default)]
pub struct Row {
    /// Level by level, every photograph, or three of them, that could be exposed.
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
    /// SHA-256 over all results of the first run: operator, level, photographs, width and pixels of each or the reason.
    pub digest: String,
}

/// A photograph as it is shown here: with a lesion's box in its middle third, which is assumed, for the files name none.
pub fn shown(pixels: RgbImage) -> Image {
    let (w, h) = (pixels.width() / 3, pixels.height() / 3);
    let lesion = Some(Region { x: w, y: h, w: w.max(1), h: h.max(1) });
    Image { pixels, view: View::Close, modality: Modality::ClinicalPhoto, lesion, tone: None }
}

/// What an operator is tried on.
struct Case {
    name: String,
    stimulus: Stimulus,
    donor: Stimulus,
}

/// Each photograph by itself, or three at a time in the order of their names beside the next three, which are another
/// patient's. Of the histories only a site is told, another one for the other patient.
fn cases(photographs: &[Named], target: Target) -> Vec<Case> {
    let many = if target == Target::ImageSet { 3 } else { 1 };
    let groups: Vec<&[Named]> = photographs.chunks_exact(many).collect();
    let next = groups.iter().cycle().skip(1);
    let case = |(own, other): (&&[Named], &&[Named])| Case {
        name: own.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join("+"),
        stimulus: of_site("forearm", own),
        donor: of_site("scalp", other),
    };
    groups.iter().zip(next).map(case).collect()
}

fn of_site(site: &str, photographs: &[Named]) -> Stimulus {
    let field = Field { name: "site".into(), kind: Kind::Site, value: Value::Stated(site.into()) };
    let images = photographs.iter().map(|(_, image)| image.clone()).collect();
    Stimulus { images, history: History { fields: vec![field], note: None }, ..Stimulus::default() }
}

/// Applies everything that is about photographs, and everything again.
///
/// # Errors
/// Two runs that differ, a ledger that does not say what the pixels do, a changed history, or something unfit that was
/// changed; and settings that are refused.
pub fn survey(photographs: &[Named]) -> Result<Survey, Box<dyn Error>> {
    let mut survey = Survey { rows: BTreeMap::new(), digest: String::new() };
    let mut all = Sha256::new();
    for target in [Target::Image, Target::ImageSet] {
        let cases = cases(photographs, target);
        for entry in CATALOGUE.iter().filter(|entry| entry.card.target == target && entry.card.id != "webp") {
            survey.rows.insert(entry.card.id, surveyed(entry, &cases, &mut all)?);
        }
    }
    survey.digest = all.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(survey)
}

fn surveyed(entry: &Entry, cases: &[Case], all: &mut Sha256) -> Result<Row, Box<dyn Error>> {
    let mut row = Row::default();
    for (level, setting) in settings(entry) {
        for case in cases {
            let what = format!("{} {level} {}", entry.card.id, case.name);
            let outcome = twice(entry, &setting, case).map_err(|error| format!("{what}: {error}"))?;
            all.update(&what);
            row.tried += 1;
            match outcome {
                Ok((images, time)) => {
                    for image in images {
                        all.update(image.pixels.width().to_le_bytes());
                        all.update(image.pixels.as_raw());
                    }
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
    Ok(row)
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

type Outcome = Result<(Vec<Image>, Duration), Unfit>;

/// The photographs under that setting and how long both runs took, or why they could not be exposed.
fn twice(entry: &Entry, setting: &Setting, case: &Case) -> Result<Outcome, Box<dyn Error>> {
    let first = once(entry, setting, case)?;
    let second = once(entry, setting, case)?;
    if (&first.0, &first.1) != (&second.0, &second.1) {
        return Err("two runs differ".into());
    }
    let (outcome, after, time) = first;
    sound(entry, &outcome, &case.stimulus, &after)?;
    Ok(outcome.map(|_| (after.images, time + second.2)))
}

type Run = (Result<Change, Unfit>, Stimulus, Duration);

#[expect(clippy::disallowed_methods, reason = "time is printed and decides nothing")]
fn once(entry: &Entry, setting: &Setting, case: &Case) -> Result<Run, Box<dyn Error>> {
    let stream = Stream::derive(1, &["real", entry.card.id, &case.name]);
    let mut cx = Context::new(stream).with_foil(FOIL).with_donor(&case.donor);
    let (operator, mut after) = (entry.build(setting)?, case.stimulus.clone());
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
        Ok(_) if after.history != before.history => Err("more than the photographs differ"),
        Ok(_) if entry.card.target == Target::Image && after.images.len() != 1 => Err("another number of photographs"),
        Ok(_) => Ok(()),
    }
}

/// The table in Markdown, of so many photographs: how often each was exposed, what it took where that is told, and why not.
pub fn table(survey: &Survey, count: usize, timed: bool) -> String {
    let (head, line) = if timed { (" ms each |", "--:|") } else { ("", "") };
    let mut text = format!("| perturbation | exposed |{head} unfit |\n|---|--:|{line}---|\n");
    for (id, row) in &survey.rows {
        let each = row.time.as_secs_f64() * 1e3 / (2 * row.applied.max(1)) as f64;
        let each = if timed { format!(" {each:.2} |") } else { String::new() };
        let of = if is_set(id) { count / 3 } else { count };
        let unfit: Vec<String> = row.unfit.iter().map(|(why, some)| format!("{why} ({some} of {of})")).collect();
        let (applied, tried) = (row.applied, row.tried);
        text += &format!("| {id} | {applied} of {tried} |{each} {} |\n", unfit.join("; "));
    }
    format!("{text}\nSHA-256 of all results, the same in both runs: {}\n", survey.digest)
}

fn is_set(id: &str) -> bool {
    CATALOGUE.iter().any(|entry| entry.card.id == id && entry.card.target == Target::ImageSet)
}
