//! Phantoms as the network sees them, drawn once and kept.

use std::collections::BTreeMap;
use std::path::Path;
use std::thread;

use bedside_perturbations::{History, Stimulus};
use image::RgbImage;

use super::{failed, read, save};
use crate::cohort::{Cohort, Scale};
use crate::diagnosis::Lexicon;
use crate::edge::console;
use crate::edge::model::reference::features::features;
use crate::edge::model::reference::pixels::Small;
use crate::edge::model::reference::question::Question;
use crate::edge::model::reference::weights::Diagnosis;
use crate::error::Error;
use crate::library::{PROTOCOLS, protocol};
use crate::phantom::{DEFAULT_SIZE, Phantoms, VERSION, diagnoses};
use crate::protocol::Protocol;
use crate::request::{Decoding, Request};
use crate::trial::{choices, shown};

/// How many cases are drawn between two lines of progress.
const BATCH: usize = 240;

/// One case as the network sees it.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    /// The right diagnosis.
    pub(super) truth: Diagnosis,
    /// What the best possible reader makes of it.
    pub(super) best: Best,
    /// What its drawings show, as ones and zeros: see [`Phantoms::drawn`].
    pub(super) drawn: Vec<f32>,
    /// The photographs.
    pub(super) photographs: Vec<Small>,
    /// The features of the request.
    pub(super) told: Vec<u32>,
    /// The features of the same request with an empty history.
    pub(super) untold: Vec<u32>,
}

/// What Bayes' rule over the tables that draw the phantoms gives every diagnosis, in alphabetical order of their ids.
#[derive(Debug, Clone)]
pub(super) struct Best {
    /// From photographs and history.
    pub(super) both: Vec<f32>,
    /// From the photographs.
    pub(super) photographs: Vec<f32>,
    /// From the history.
    pub(super) history: Vec<f32>,
}

/// A drawn cohort.
#[derive(Debug)]
pub(super) struct Drawn {
    pub(super) seed: u64,
    pub(super) cases: Vec<Seen>,
}

/// Draws a cohort of phantoms, or reads the photographs of an earlier time from that folder.
pub(super) fn draw(seed: u64, n: usize, folder: &Path) -> Result<Drawn, Error> {
    let cohort = Phantoms::new(n, seed);
    let path = folder.join(format!("photographs-{VERSION}-{seed}-{n}.bin"));
    let kept = if path.is_file() { Some(read(&path)?) } else { None };
    let mut cases = Vec::with_capacity(n);
    for first in (0..n).step_by(BATCH) {
        let numbers: Vec<usize> = (first..(first + BATCH).min(n)).collect();
        cases.extend(in_parallel(&numbers, |number| seen(&cohort, number, kept.is_none()))?);
        if kept.is_none() {
            console::say(&format!("drawn {} of {n} cases of seed {seed}", cases.len()));
        }
    }
    match kept {
        Some(levels) => restore(&mut cases, &levels)
            .ok_or_else(|| Error::at(path.display(), "another length than expected; delete it"))?,
        None => save(
            &path,
            &cases.iter().flat_map(|case| &case.photographs).flat_map(|one| one.levels.clone()).collect::<Vec<u8>>(),
        )?,
    }
    Ok(Drawn { seed, cases })
}

/// Applies a function to every number, on all cores, in order.
pub(super) fn in_parallel<T: Send>(
    numbers: &[usize],
    work: impl Fn(usize) -> Result<T, Error> + Sync,
) -> Result<Vec<T>, Error> {
    let size = numbers.len().div_ceil(crate::edge::cores()).max(1);
    let work = &work;
    let parts = thread::scope(|scope| {
        let one = |chunk: &[usize]| chunk.iter().map(|number| work(*number)).collect::<Result<Vec<T>, Error>>();
        let workers: Vec<_> = numbers.chunks(size).map(|chunk| scope.spawn(move || one(chunk))).collect();
        workers.into_iter().map(|worker| worker.join()).collect::<Vec<_>>()
    });
    let mut all = Vec::with_capacity(numbers.len());
    for part in parts {
        all.extend(part.map_err(|_| failed(&"a worker ended early"))??);
    }
    Ok(all)
}

/// One case; without drawing, its photographs are black until they are restored.
fn seen(cohort: &Phantoms, number: usize, draw: bool) -> Result<Seen, Error> {
    let case = cohort.case(number)?;
    let photographs = (0..case.images.len()).map(|photo| match draw {
        true => Ok(Small::of(&cohort.pixels(&case, photo)?)),
        false => Ok(Small::of(&RgbImage::new(DEFAULT_SIZE.0, DEFAULT_SIZE.1))),
    });
    let photographs = photographs.collect::<Result<Vec<_>, Error>>()?;
    let protocol = one_protocol(number)?;
    let pixels = vec![RgbImage::new(1, 1); case.images.len()];
    let mut stimulus = shown(&case, pixels, protocol.question.clone());
    let told = asked(&protocol, &stimulus);
    stimulus.history = History::default();
    let untold = asked(&protocol, &stimulus);
    let urgency = case.truth.triage.as_ref().map(|triage| triage.ideal.clone()).unwrap_or_default();
    let truth = Diagnosis { id: case.truth.leading().unwrap_or_default().to_owned(), urgency };
    let best = cohort.posteriors(number);
    let best = Best { both: row(&best.both), photographs: row(&best.image), history: row(&best.history) };
    let drawn = cohort.drawn(number).into_iter().map(|shown| f32::from(u8::from(shown))).collect();
    Ok(Seen { truth, best, drawn, photographs, told, untold })
}

/// Chances in alphabetical order of the diagnoses.
fn row(chances: &[f64]) -> Vec<f32> {
    let by_id: BTreeMap<&str, f64> = diagnoses().into_iter().zip(chances.iter().copied()).collect();
    by_id.into_values().map(|chance| chance as f32).collect()
}

/// The shipped protocols take turns, so that the model learns every form of request.
fn one_protocol(number: usize) -> Result<Protocol, Error> {
    let entry = PROTOCOLS.get(number % PROTOCOLS.len()).and_then(|entry| protocol(entry.id));
    entry.and_then(Result::ok).ok_or_else(|| failed(&"a shipped protocol cannot be read"))
}

/// The features of the request that this stimulus makes.
pub(super) fn asked(protocol: &Protocol, stimulus: &Stimulus) -> Vec<u32> {
    let scale = Scale::default();
    let names = choices(Lexicon::embedded());
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let prompt = protocol.render(stimulus, &scale, &names).prompt;
    let decoding = Decoding { temperature: None, max_tokens: 0, seed: None };
    let schema = protocol.answer_schema(&scale);
    let request = Request { system: String::new(), prompt, images: Vec::new(), schema, decoding, repeat: 0 };
    features(&Question::read(&request))
}

/// Puts kept levels back into the photographs, in order.
fn restore(cases: &mut [Seen], mut levels: &[u8]) -> Option<()> {
    for small in cases.iter_mut().flat_map(|case| &mut case.photographs) {
        let (own, rest) = levels.split_at_checked(small.levels.len())?;
        small.levels.copy_from_slice(own);
        levels = rest;
    }
    levels.is_empty().then_some(())
}
