//! How many cases per second are drawn, and how many the model answers: decoding, network and wording, as in a run.

use std::time::Instant;

use futures_util::stream::{self, StreamExt};
use image::RgbImage;

use super::cases::in_parallel;
use super::failed;
use crate::case::Case;
use crate::cohort::{Cohort, Scale};
use crate::edge::model::Model;
use crate::edge::model::reference::Reference;
use crate::edge::wire;
use crate::error::Error;
use crate::library::protocol;
use crate::phantom::{DEFAULT_SEED, Phantoms};
use crate::request::{Decoding, Request};
use crate::trial::shown;

/// Seconds for that many cases, drawn with all their photographs on all cores.
pub(super) fn drawing(n: usize) -> Result<f64, Error> {
    let numbers: Vec<usize> = (0..n).collect();
    let cohort = Phantoms::new(n, DEFAULT_SEED);
    let begun = Instant::now();
    in_parallel(&numbers, |number| drawn(&cohort, number).map(drop))?;
    Ok(begun.elapsed().as_secs_f64())
}

/// Seconds for answers to that many cases, none of which the model has seen before. Drawing them is not counted.
pub(super) fn answering(n: usize) -> Result<f64, Error> {
    let numbers: Vec<usize> = (0..n).collect();
    let cohort = Phantoms::new(n, DEFAULT_SEED);
    let requests = in_parallel(&numbers, |number| request(&cohort, number))?;
    let model = Reference::open().map_err(|error| failed(&error))?;
    let runtime = tokio::runtime::Runtime::new().map_err(|error| failed(&error))?;
    let begun = Instant::now();
    let answers = stream::iter(&requests).map(|request| model.ask(request)).buffer_unordered(2 * crate::edge::cores());
    let answered = runtime.block_on(answers.filter(|answer| std::future::ready(answer.is_ok())).count());
    if answered < n {
        return Err(failed(&"the model did not answer everything"));
    }
    Ok(begun.elapsed().as_secs_f64())
}

fn drawn(cohort: &Phantoms, number: usize) -> Result<(Case, Vec<RgbImage>), Error> {
    let case = cohort.case(number)?;
    let pixels = (0..case.images.len()).map(|photo| cohort.pixels(&case, photo)).collect::<Result<Vec<_>, _>>()?;
    Ok((case, pixels))
}

fn request(cohort: &Phantoms, number: usize) -> Result<Request, Error> {
    let (case, pixels) = drawn(cohort, number)?;
    let protocol = protocol("structured").and_then(Result::ok).ok_or_else(|| failed(&"no structured protocol"))?;
    let images = pixels.iter().map(|pixels| wire::picture(pixels, protocol.pictures.max_side)).collect();
    let scale = Scale::default();
    let prompt = protocol.render(&shown(&case, pixels, protocol.question.clone()), &scale, &[]);
    let decoding = Decoding { temperature: None, max_tokens: 0, seed: None };
    let schema = protocol.answer_schema(&scale);
    Ok(Request { system: prompt.system, prompt: prompt.prompt, images, schema, decoding, repeat: 0 })
}
