//! Asking a model one made-up case, to say what it can do before a run depends on it.
//!
//! The case is a plain coloured square and one line of history: no patient is involved, so it may go to any server.

use bedside_perturbations::Stream;
use image::{ImageFormat, Rgb, RgbImage};
use serde::Serialize;
use serde_json::{Value, json};

use super::Model;
use crate::answer::{Answer, Failure, Finish, ModelError};
use crate::request::{Decoding, Picture, Request};

/// How well something works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// As a run needs it.
    Ok,
    /// A run is possible and loses something.
    Degraded,
    /// A run that needs it cannot work.
    Failed,
}

/// One thing that was found out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at: `reachable`, `model`, `photographs`, `schema`, `seed`, `usage`, `finish`, `connection`.
    pub what: &'static str,
    /// How well it works.
    pub state: State,
    /// One sentence.
    pub says: String,
    /// What to do about it, where something can be done.
    pub way_out: Option<String>,
}

/// What a question holds beside its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Parts {
    picture: bool,
    schema: bool,
    seed: bool,
}

const ALL: Parts = Parts { picture: true, schema: true, seed: true };

/// What is left out, in this order, until the model answers.
const SIMPLER: [Parts; 6] = [
    ALL,
    Parts { schema: false, ..ALL },
    Parts { picture: false, ..ALL },
    Parts { seed: false, ..ALL },
    Parts { picture: false, schema: false, seed: true },
    Parts { picture: false, schema: false, seed: false },
];

/// Two colours that nobody would guess of a spot on the skin.
const COLOURS: [(&str, [u8; 3]); 2] = [("blue", [20, 40, 230]), ("yellow", [250, 230, 20])];

/// Asks the model up to eight times, each once and without patience, and says what it can do.
pub async fn probe(model: &dyn Model) -> Vec<Finding> {
    let card = model.card();
    if card.instrument || card.id == super::reference::ID || card.id.starts_with("replay:") {
        return vec![ok("reachable", format!("{} is inside this program: nothing to ask", card.id))];
    }
    let mut refused = None;
    for parts in SIMPLER {
        match attempt(model, parts, 0).await {
            Ok(answer) => return report(model, parts, answer, refused).await,
            Err(error) if is_final(&error) => return vec![unreachable(&error), connection(&card.endpoint)],
            Err(error) => refused = refused.or(Some(error)),
        }
    }
    refused.iter().map(unreachable).chain([connection(&card.endpoint)]).collect()
}

async fn attempt(model: &dyn Model, parts: Parts, colour: usize) -> Result<Answer, ModelError> {
    let request = question(parts, colour);
    model.attempt(&request).await.map_err(|setback| setback.error)
}

/// Whether a simpler question would fare no better.
fn is_final(error: &ModelError) -> bool {
    matches!(error.kind, Failure::Unreachable | Failure::TimedOut | Failure::RateLimited)
}

async fn report(model: &dyn Model, parts: Parts, answer: Answer, refused: Option<ModelError>) -> Vec<Finding> {
    let again = attempt(model, parts, 0).await;
    let other = if parts.picture { Some(attempt(model, parts, 1).await) } else { None };
    let card = model.card();
    vec![
        ok("reachable", "it answers".to_owned()),
        served(&card.name, answer.served.as_deref()),
        photographs(&answer, other.as_ref(), refused.as_ref()),
        schema(parts, &answer, refused.as_ref()),
        seed(parts, &answer, again.as_ref()),
        usage(&answer),
        finish(&answer),
        connection(&card.endpoint),
    ]
}

fn ok(what: &'static str, says: String) -> Finding {
    Finding { what, state: State::Ok, says, way_out: None }
}

fn weak(what: &'static str, state: State, says: impl Into<String>, way_out: &str) -> Finding {
    Finding { what, state, says: says.into(), way_out: Some(way_out.to_owned()) }
}

fn unreachable(error: &ModelError) -> Finding {
    let way_out = match error.kind {
        Failure::Unreachable => "start the server or program, and check address and command",
        Failure::TimedOut => "raise deadline-seconds, or start-seconds for a program that loads a model",
        Failure::RateLimited => "wait, or lower in-flight and per-minute",
        Failure::Server | Failure::Garbled => "look at the server's own log",
        Failure::Rejected | Failure::Unsuitable => "check key, model name and the switches of the model file",
    };
    weak("reachable", State::Failed, error.message.clone(), way_out)
}

fn served(asked: &str, served: Option<&str>) -> Finding {
    match served {
        Some(name) if name == asked => ok("model", format!("{name} answers")),
        Some(name) => weak(
            "model",
            State::Degraded,
            format!("asked for {asked}, {name} answers"),
            "name the version that answers, so that a change during a run is noticed",
        ),
        None => weak(
            "model",
            State::Degraded,
            "it does not say which model answers",
            "a change of model during a run cannot be noticed: keep the server's own record",
        ),
    }
}

fn photographs(answer: &Answer, other: Option<&Result<Answer, ModelError>>, refused: Option<&ModelError>) -> Finding {
    const LOAD: &str = "load a model that takes pictures (llama.cpp: with --mmproj)";
    let Some(other) = other else {
        let why = refused.map(|error| error.message.as_str()).unwrap_or_default();
        return weak("photographs", State::Failed, format!("it does not take pictures: {why}"), LOAD);
    };
    let second = other.as_ref().map(|other| other.text.as_str()).unwrap_or_default();
    let right =
        [(answer.text.as_str(), 0), (second, 1)].into_iter().filter(|(text, colour)| names(text, *colour)).count();
    match right {
        2 => ok("photographs", "it tells the colour of two plain pictures".to_owned()),
        1 => weak("photographs", State::Degraded, "it tells the colour of one of two plain pictures", LOAD),
        _ => weak("photographs", State::Failed, "it takes pictures and does not tell the colour of plain ones", LOAD),
    }
}

/// Whether the text names that colour and no other.
fn names(text: &str, colour: usize) -> bool {
    let text = text.to_lowercase();
    COLOURS.iter().enumerate().all(|(index, (name, _))| text.contains(name) == (index == colour))
}

fn schema(parts: Parts, answer: &Answer, refused: Option<&ModelError>) -> Finding {
    const WAY_OUT: &str = "set `structured: json-object` or `structured: none`, or use a free-text protocol";
    if !parts.schema {
        let why = refused.map(|error| error.message.as_str()).unwrap_or_default();
        return weak("schema", State::Degraded, format!("it does not take a JSON Schema: {why}"), WAY_OUT);
    }
    let satisfied = serde_json::from_str::<Value>(answer.text.trim())
        .is_ok_and(|value| value["colour"].is_string() && value["differential"].is_array());
    if satisfied {
        return ok("schema", "its answer satisfies the JSON Schema".to_owned());
    }
    weak("schema", State::Degraded, "it takes a JSON Schema, and its answer does not satisfy it", WAY_OUT)
}

fn seed(parts: Parts, answer: &Answer, again: Result<&Answer, &ModelError>) -> Finding {
    const WAY_OUT: &str = "the retest arm measures its unrest; with a steadier server fewer cases are needed";
    match again {
        _ if !parts.seed => weak("seed", State::Degraded, "it does not take a seed", "set `send-seed: false`"),
        Ok(again) if again.text == answer.text => ok("seed", "the same request gives the same answer".to_owned()),
        Ok(_) => weak("seed", State::Degraded, "the same request with the same seed gives another answer", WAY_OUT),
        Err(error) => weak("seed", State::Degraded, format!("the same request failed: {}", error.message), WAY_OUT),
    }
}

fn usage(answer: &Answer) -> Finding {
    match answer.usage {
        Some(usage) => ok("usage", format!("it counts tokens: {} asked, {} answered", usage.prompt, usage.completion)),
        None => weak("usage", State::Degraded, "it does not count tokens", "the cost of a run cannot be reported"),
    }
}

fn finish(answer: &Answer) -> Finding {
    match answer.finish {
        Finish::Complete => ok("finish", "its answer is complete".to_owned()),
        Finish::Truncated => {
            weak("finish", State::Degraded, "its answer is cut short", "raise max-tokens in the protocol")
        }
        Finish::Refused => {
            weak("finish", State::Failed, "it declines a harmless made-up case", "look at the server's content filter")
        }
    }
}

fn connection(endpoint: &str) -> Finding {
    let local = ["http://localhost", "http://127.", "http://[::1]"].iter().any(|prefix| endpoint.starts_with(prefix));
    if local || !endpoint.starts_with("http://") {
        return ok("connection", "nothing travels between machines unencrypted".to_owned());
    }
    weak("connection", State::Degraded, "cases travel between machines unencrypted", "use https")
}

fn question(parts: Parts, colour: usize) -> Request {
    let prompt = "This is a made-up case that tests a connection; no patient is involved.\n\
         History: a spot on the forearm, for 3 weeks, not itching.\n\
         The picture, where there is one, is filled with one plain colour.\n\
         Answer with one JSON object and nothing else: `colour`, the colour of the picture in one English word, or \
         `none` without a picture; and `differential`, a list of one object with the most likely `diagnosis` and its \
         `probability` between 0 and 1.";
    Request {
        system: String::new(),
        prompt: prompt.to_owned(),
        images: if parts.picture { square(colour).into_iter().collect() } else { Vec::new() },
        schema: parts.schema.then(contract),
        decoding: Decoding { temperature: None, max_tokens: 1000, seed: parts.seed.then_some(1) },
        repeat: 0,
    }
}

fn contract() -> Value {
    let entry = json!({
        "type": "object",
        "properties": { "diagnosis": { "type": "string" }, "probability": { "type": "number" } },
        "required": ["diagnosis", "probability"],
        "additionalProperties": false,
    });
    json!({
        "type": "object",
        "properties": { "colour": { "type": "string" }, "differential": { "type": "array", "items": entry } },
        "required": ["colour", "differential"],
        "additionalProperties": false,
    })
}

/// A square of that colour with a little grain, so that no server takes it for an empty picture.
fn square(colour: usize) -> Option<Picture> {
    let (name, rgb) = COLOURS.get(colour)?;
    let mut grain = Stream::derive(0, &["probe", name]);
    let pixels =
        RgbImage::from_fn(96, 96, |_, _| Rgb(rgb.map(|value| value.saturating_sub(u8::from(grain.chance(0.5))))));
    let mut bytes = std::io::Cursor::new(Vec::new());
    pixels.write_to(&mut bytes, ImageFormat::Png).ok()?;
    Some(Picture::png(bytes.into_inner()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_counts_only_if_no_other_is_named() {
        assert!(names(r#"{"colour": "Blue"}"#, 0));
        assert!(!names("blue or yellow", 0));
        assert!(!names("none", 0));
    }

    #[test]
    fn the_two_squares_are_pictures_and_differ() {
        let [blue, yellow] = [0, 1].map(|colour| square(colour).unwrap());
        assert_ne!(blue.sha256, yellow.sha256);
        let decoded = image::load_from_memory(&blue.bytes).unwrap().to_rgb8();
        assert_eq!(decoded.dimensions(), (96, 96));
        assert!(decoded.pixels().all(|pixel| pixel.0[2] > 200));
    }

    #[test]
    fn only_connections_to_other_machines_need_encryption() {
        for (endpoint, state) in [
            ("", State::Ok),
            ("http://localhost:8000/v1", State::Ok),
            ("https://example.org/v1", State::Ok),
            ("http://192.168.0.2/v1", State::Degraded),
        ] {
            assert_eq!(connection(endpoint).state, state, "{endpoint}");
        }
    }
}
