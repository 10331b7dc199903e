//! Requests and answers as JSON: written strictly, read tolerantly.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use crate::answer::{Answer, Failure, Finish, Usage};
use crate::edge::model::Setback;
use crate::edge::model::spec::{Endpoint, Structured, TokenLimit};
use crate::request::{Picture, Request};

/// The request's body. Fields of `extra` never replace those that are written here.
pub(super) fn write(request: &Request, endpoint: &Endpoint) -> Value {
    let mut body: Map<String, Value> = endpoint.extra.clone().into_iter().collect();
    body.insert("model".to_owned(), json!(endpoint.name));
    body.insert("messages".to_owned(), messages(request));
    body.insert("stream".to_owned(), json!(false));
    let limit = match endpoint.token_limit {
        TokenLimit::MaxCompletionTokens => "max_completion_tokens",
        TokenLimit::MaxTokens => "max_tokens",
    };
    body.insert(limit.to_owned(), json!(request.decoding.max_tokens));
    if let Some(temperature) = request.decoding.temperature.filter(|_| endpoint.send_temperature) {
        body.insert("temperature".to_owned(), json!(temperature));
    }
    if let Some(seed) = request.decoding.seed.filter(|_| endpoint.send_seed) {
        body.insert("seed".to_owned(), json!(fold(seed)));
    }
    if let Some(format) = request.schema.as_ref().and_then(|schema| response_format(schema, endpoint.structured)) {
        body.insert("response_format".to_owned(), format);
    }
    Value::Object(body)
}

/// The seed in 31 bits: servers differ in the integers that they take, and all take these.
fn fold(seed: u64) -> u64 {
    (seed ^ (seed >> 31) ^ (seed >> 62)) & 0x7fff_ffff
}

fn messages(request: &Request) -> Value {
    let user = json!({ "role": "user", "content": content(request) });
    if request.system.is_empty() {
        return json!([user]);
    }
    json!([{ "role": "system", "content": request.system }, user])
}

/// Words alone as a plain string, which every server takes; with pictures as a list of parts.
fn content(request: &Request) -> Value {
    if request.images.is_empty() {
        return json!(request.prompt);
    }
    let words = json!({ "type": "text", "text": request.prompt });
    let pictures =
        request.images.iter().map(|picture| json!({ "type": "image_url", "image_url": { "url": data_url(picture) } }));
    core::iter::once(words).chain(pictures).collect()
}

fn data_url(picture: &Picture) -> String {
    format!("data:{};base64,{}", picture.mime, STANDARD.encode(&picture.bytes))
}

fn response_format(schema: &Value, structured: Structured) -> Option<Value> {
    match structured {
        Structured::JsonSchema => {
            let form = json!({ "name": "answer", "strict": is_strict(schema), "schema": schema });
            Some(json!({ "type": "json_schema", "json_schema": form }))
        }
        Structured::JsonObject => Some(json!({ "type": "json_object" })),
        Structured::None => None,
    }
}

/// Whether the schema keeps to what OpenAI's strict mode takes: every object closed, every property required.
fn is_strict(schema: &Value) -> bool {
    let closed = schema.get("properties").and_then(Value::as_object).is_none_or(|properties| {
        let required = schema.get("required").and_then(Value::as_array);
        let all = properties.keys().all(|name| required.is_some_and(|list| list.contains(&json!(name))));
        all && schema.get("additionalProperties") == Some(&json!(false))
    });
    let parts: Vec<&Value> = match schema {
        Value::Object(map) => map.values().collect(),
        Value::Array(list) => list.iter().collect(),
        _ => Vec::new(),
    };
    closed && parts.into_iter().all(is_strict)
}

/// Reads an answer.
///
/// # Errors
/// [`Failure::Garbled`] when there is no choice with a message in it. An empty text is an answer: what a model says.
pub(super) fn read(reply: &Value) -> Result<Answer, Setback> {
    let choice = reply.pointer("/choices/0").filter(|choice| choice.is_object());
    let message =
        choice.and_then(|choice| choice.get("message").filter(|message| message.is_object()).or(Some(choice)));
    let holds = |name: &str| message.is_some_and(|message| message.get(name).is_some());
    let Some((choice, message)) = choice.zip(message).filter(|_| ["content", "refusal", "text"].into_iter().any(holds))
    else {
        return Err(Setback::new(Failure::Garbled, "the server's answer holds no message"));
    };
    let words = message.get("content").or_else(|| message.get("text")).map(text).unwrap_or_default();
    let refusal = message.get("refusal").map(text).unwrap_or_default();
    let finish = finish(choice, message, &words, &refusal);
    Ok(Answer {
        text: if words.is_empty() { refusal } else { words },
        finish,
        served: reply.get("model").and_then(Value::as_str).filter(|name| !name.is_empty()).map(str::to_owned),
        usage: reply.get("usage").and_then(usage),
        attempts: 1,
    })
}

/// A string, or the text parts of a list, joined.
fn text(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().filter(|part| is_text(part)).map(part_text).collect(),
        _ => String::new(),
    }
}

/// Whether a part is meant to be read; thoughts and tool calls are not.
fn is_text(part: &Value) -> bool {
    part.is_string() || matches!(part.get("type").and_then(Value::as_str), None | Some("text" | "output_text"))
}

fn part_text(part: &Value) -> &str {
    let inner = part.get("text").and_then(|text| text.as_str().or_else(|| text.get("value")?.as_str()));
    part.as_str().or(inner).unwrap_or_default()
}

/// How it ended. Words for it differ between servers; one that is not known counts as complete.
fn finish(choice: &Value, message: &Value, words: &str, refusal: &str) -> Finish {
    let reason = choice.get("finish_reason").and_then(Value::as_str).unwrap_or_default().to_lowercase();
    let refuses = message
        .get("content")
        .and_then(Value::as_array)
        .is_some_and(|parts| parts.iter().any(|part| part.get("type").and_then(Value::as_str) == Some("refusal")));
    match reason.as_str() {
        "content_filter" | "refusal" | "safety" | "blocklist" | "prohibited_content" => Finish::Refused,
        _ if words.is_empty() && (refuses || !refusal.is_empty()) => Finish::Refused,
        "length" | "max_tokens" | "model_length" => Finish::Truncated,
        _ => Finish::Complete,
    }
}

/// Both counts, where both are whole numbers that are not negative.
fn usage(value: &Value) -> Option<Usage> {
    let count = |names: [&str; 2]| names.into_iter().find_map(|name| value.get(name).and_then(whole));
    let prompt = count(["prompt_tokens", "input_tokens"])?;
    Some(Usage { prompt, completion: count(["completion_tokens", "output_tokens"])? })
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked before")]
fn whole(value: &Value) -> Option<u64> {
    let rounded = |number: f64| (number.fract() == 0.0 && (0.0..1e15).contains(&number)).then_some(number as u64);
    value.as_u64().or_else(|| value.as_f64().and_then(rounded))
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "the helpers of these tests take JSON as it is written")]
#[path = "wire_tests.rs"]
mod tests;
