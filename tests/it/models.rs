//! Models: real sockets, real processes, and instruments whose true rates are known.

#[cfg(feature = "openai")]
mod openai;
mod planted;
mod reference;
mod subprocess;
#[cfg(feature = "openai")]
mod wrappers;

use bedside::request::{Decoding, Picture, Request};
use serde_json::json;

/// A request with one picture and a schema.
fn request(prompt: &str) -> Request {
    Request {
        system: "You help a dermatologist.".to_owned(),
        prompt: prompt.to_owned(),
        images: vec![Picture::png(vec![0x89, 0x50, 0x4e, 0x47])],
        schema: Some(json!({"type": "object", "properties": {"differential": {"type": "array"}}})),
        decoding: Decoding { temperature: Some(0.0), max_tokens: 200, seed: Some(7) },
        repeat: 0,
    }
}
