//! What every back end has to do, as a list that runs against any of them.
//!
//! A back end's tests call [`conformance`] on a model that can answer [`questions`] and expect no violation.

use core::time::Duration;

use futures_util::future::join_all;
use image::{Rgb, RgbImage};
use tokio::time::timeout;

use super::{Model, Repeatable};
use crate::answer::{Answer, ModelError};
use crate::edge::decode::encode_png;
use crate::request::{Decoding, Picture, Request};

/// A word that stands in every prompt and may stand in no error and no debugging text.
pub const MARK: &str = "Quillfeather";

/// The behaviours, in the order in which they are looked at.
pub const BEHAVIOURS: [&str; 6] = [
    "its card names it and holds no line break",
    "it answers words alone, one picture and several pictures, in at least one attempt",
    "it gives the same answer to the same request where its card says so",
    "it keeps answers apart when asked many things at once",
    "it can be asked again after a request was given up",
    "neither its errors nor its debugging text repeat a request",
];

/// The requests that [`conformance`] makes: each at repeat 0 only, some several times.
#[must_use]
pub fn questions() -> Vec<Request> {
    (0..6).map(question).collect()
}

fn question(index: u8) -> Request {
    let pictures = usize::from(index % 3);
    Request {
        system: if index < 3 { String::new() } else { "Answer in one word.".to_owned() },
        prompt: format!("Patient {MARK}, question {index}: what is it?"),
        images: (0..pictures).map(|picture| spot(index, u8::try_from(picture).unwrap_or(0))).collect(),
        schema: (index % 2 == 1).then(|| serde_json::json!({ "type": "object" })),
        decoding: Decoding { temperature: Some(0.0), max_tokens: 100, seed: Some(u64::from(index)) },
        repeat: 0,
    }
}

/// A small picture of one colour.
fn spot(index: u8, picture: u8) -> Picture {
    let pixels = RgbImage::from_pixel(8, 6, Rgb([index.wrapping_mul(40), picture.wrapping_mul(90), 128]));
    // Only a picture without pixels cannot be encoded.
    Picture::png(encode_png(&pixels).unwrap_or_default())
}

/// Looks at every behaviour and returns those that the model lacks. `prepare` is called before each ask, for models
/// that have to be briefed.
pub async fn conformance(model: &dyn Model, prepare: impl Fn(&Request)) -> Vec<&'static str> {
    let questions = questions();
    let ask = |request| {
        prepare(request);
        model.ask(request)
    };
    let mut first = Vec::new();
    for request in &questions {
        first.push(ask(request).await);
    }
    let second = join_all(questions.iter().map(ask)).await;
    let third = join_all(questions.iter().rev().map(ask)).await;
    for request in &questions {
        prepare(request);
        // Given up at once or answered at once: either is fine.
        let _ = timeout(Duration::from_micros(1), model.ask(request)).await;
    }
    let mut after = Vec::new();
    for request in &questions {
        after.push(ask(request).await);
    }
    let shown = format!("{model:?} {:?} {:?}", errors(&first), errors(&after));
    let found = [
        card_is_sound(model),
        first.iter().all(answers),
        model.card().repeatable == Repeatable::No || same(&first, &after),
        second.iter().all(answers) && (model.card().repeatable == Repeatable::No || same(&second, third.iter().rev())),
        after.iter().all(answers),
        !shown.contains(MARK),
    ];
    BEHAVIOURS.into_iter().zip(found).filter(|(_, holds)| !holds).map(|(behaviour, _)| behaviour).collect()
}

type Outcome = Result<Answer, ModelError>;

fn card_is_sound(model: &dyn Model) -> bool {
    let card = model.card();
    let lines = [&card.id, &card.name, &card.endpoint];
    !card.id.is_empty() && !card.name.is_empty() && !lines.iter().any(|line| line.chars().any(char::is_control))
}

fn answers(outcome: &Outcome) -> bool {
    outcome.as_ref().is_ok_and(|answer| answer.attempts >= 1)
}

fn same<'a>(a: impl IntoIterator<Item = &'a Outcome>, b: impl IntoIterator<Item = &'a Outcome>) -> bool {
    let text = |outcome: &Outcome| outcome.as_ref().ok().map(|answer| answer.text.clone());
    a.into_iter().map(text).eq(b.into_iter().map(text))
}

fn errors(outcomes: &[Outcome]) -> Vec<String> {
    outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).map(|error| format!("{error} {error:?}")).collect()
}
