//! What is sent to a model, exactly: words, encoded pictures, answer contract, decoding.

use std::sync::Arc;

use serde::Serialize;
use sha2::{Digest, Sha256};

/// One request. Two requests with the same [`Request::digest`] are the same bytes to a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Instructions that come before the case; empty when the protocol has none.
    pub system: String,
    /// The case and the question in words.
    pub prompt: String,
    /// The encoded pictures, in order.
    pub images: Vec<Picture>,
    /// The JSON Schema that a structured answer must satisfy, where the protocol asks for one.
    pub schema: Option<serde_json::Value>,
    /// How the model is to decode.
    pub decoding: Decoding,
    /// Which repetition this is, counted from 0; the same in all arms, so that it can be part of a cache key.
    pub repeat: u32,
}

/// An encoded picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The media type, e.g. `image/png`.
    pub mime: &'static str,
    /// The encoded bytes.
    pub bytes: Arc<[u8]>,
    /// SHA-256 of the bytes, lower-case hex.
    pub sha256: String,
}

/// How a model is to decode.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Decoding {
    /// Sampling temperature; `None` leaves it to the model.
    pub temperature: Option<f64>,
    /// The most tokens of an answer.
    pub max_tokens: u32,
    /// The seed sent to the model: the same in all arms of a case, different across repeats.
    pub seed: Option<u64>,
}

/// The canonical form whose bytes are hashed and stored: pictures stand as their digests.
#[derive(Debug, Serialize)]
struct Canonical<'a> {
    system: &'a str,
    prompt: &'a str,
    images: Vec<&'a str>,
    schema: &'a Option<serde_json::Value>,
    decoding: Decoding,
}

impl Request {
    /// The request as JSON with digests in place of pixels: what the store keeps.
    #[must_use]
    pub fn canonical(&self) -> String {
        let canonical = Canonical {
            system: &self.system,
            prompt: &self.prompt,
            images: self.images.iter().map(|image| image.sha256.as_str()).collect(),
            schema: &self.schema,
            decoding: self.decoding,
        };
        // Strings, numbers and maps with string keys only: this cannot fail.
        serde_json::to_string(&canonical).unwrap_or_default()
    }

    /// SHA-256 of [`Request::canonical`], lower-case hex.
    #[must_use]
    pub fn digest(&self) -> String {
        hex(&Sha256::digest(self.canonical().as_bytes()))
    }
}

impl Picture {
    /// A PNG.
    #[must_use]
    pub fn png(bytes: Vec<u8>) -> Self {
        let sha256 = hex(&Sha256::digest(&bytes));
        Self { mime: "image/png", bytes: bytes.into(), sha256 }
    }
}

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |value: u8| char::from(DIGITS[usize::from(value & 15)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
}
