//! The two lines of the protocol.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::{Answer, Failure, Finish, Usage};
use crate::edge::model::Setback;
use crate::request::Request;

/// The request as one line, with its line end.
pub(super) fn write(id: u64, request: &Request) -> Vec<u8> {
    let images =
        request.images.iter().map(|picture| json!({ "mime": picture.mime, "base64": STANDARD.encode(&picture.bytes) }));
    let line = json!({
        "v": 1,
        "id": id,
        "system": request.system,
        "prompt": request.prompt,
        "images": images.collect::<Vec<Value>>(),
        "schema": request.schema,
        "temperature": request.decoding.temperature,
        "max_tokens": request.decoding.max_tokens,
        "seed": request.decoding.seed,
        "repeat": request.repeat,
    });
    let mut bytes = line.to_string().into_bytes();
    bytes.push(b'\n');
    bytes
}

/// An answer's line. Fields that are not known are passed over.
#[derive(Debug, Deserialize)]
pub(super) struct Line {
    v: u32,
    pub(super) id: u64,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    finish: Option<Finish>,
    #[serde(default)]
    model: Option<String>,
    #[serde(default)]
    usage: Option<Usage>,
    #[serde(default)]
    error: Option<Value>,
    #[serde(default)]
    retry_after: Option<f64>,
}

/// Reads a line; `None` when it is no answer of this protocol.
pub(super) fn read(line: &[u8]) -> Option<Line> {
    serde_json::from_slice::<Line>(line).ok().filter(|line| line.v == 1)
}

impl Line {
    pub(super) fn into_answer(self) -> Result<Answer, Setback> {
        if let Some(error) = self.error.filter(|error| !error.is_null()) {
            let wait = self.retry_after.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
            return Err(Setback { retry_after: wait, ..complaint(&error) });
        }
        let silent = || Setback::new(Failure::Garbled, "the program's answer holds neither `text` nor `error`");
        Ok(Answer {
            text: self.text.ok_or_else(silent)?,
            finish: self.finish.unwrap_or(Finish::Complete),
            served: self.model,
            usage: self.usage,
            attempts: 1,
        })
    }
}

/// The failure that the program names; its own words stay unsaid.
fn complaint(error: &Value) -> Setback {
    let kind = serde_json::from_value::<Failure>(error.clone()).unwrap_or(Failure::Server);
    let words = match kind {
        Failure::Unreachable => "the program could not reach its model",
        Failure::TimedOut => "the program gave up waiting for its model",
        Failure::RateLimited => "the program asks for fewer requests",
        Failure::Server => "the program reported an error",
        Failure::Rejected => "the program does not accept the request",
        Failure::Garbled => "the program could not make sense of its model's answer",
        Failure::Unsuitable => "the program's model does not take this cohort",
    };
    Setback::new(kind, words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_and_the_most_of_an_answer() {
        let least = read(br#"{"v":1,"id":3,"text":"a"}"#).unwrap();
        assert_eq!(least.id, 3);
        assert_eq!(least.into_answer().unwrap().finish, Finish::Complete);
        let most = br#"{"v":1,"id":3,"text":"a","finish":"truncated","model":"m","usage":{"prompt":1,"completion":2},"error":null,"new":1}"#;
        let most = read(most).unwrap().into_answer().unwrap();
        assert_eq!((most.finish, most.served.as_deref()), (Finish::Truncated, Some("m")));
        assert_eq!(most.usage, Some(Usage { prompt: 1, completion: 2 }));
    }

    #[test]
    fn what_is_no_answer() {
        for line in
            [&b"Loading model"[..], b"{}", br#"{"v":2,"id":1,"text":"a"}"#, br#"{"id":1,"text":"a"}"#, b"\xff", b""]
        {
            assert!(read(line).is_none());
        }
        let silent = read(br#"{"v":1,"id":1}"#).unwrap().into_answer().unwrap_err();
        assert_eq!(silent.error.kind, Failure::Garbled);
    }

    #[test]
    fn errors_by_name_and_in_words_that_stay_unsaid() {
        let limited =
            read(br#"{"v":1,"id":1,"error":"rate-limited","retry_after":0.5}"#).unwrap().into_answer().unwrap_err();
        assert_eq!((limited.error.kind, limited.retry_after), (Failure::RateLimited, Some(Duration::from_millis(500))));
        let other = read(br#"{"v":1,"id":1,"error":"Mr Smith"}"#).unwrap().into_answer().unwrap_err();
        assert_eq!(other.error.kind, Failure::Server);
        assert!(!format!("{other:?}").contains("Smith"));
    }
}
