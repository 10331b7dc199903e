//! What an error body says, in words from a closed list.
//!
//! Error bodies may quote the request, so nothing of them is repeated: only codes that are known beforehand, and the
//! names of request fields that they mention.

use serde_json::Value;

/// Codes that may be repeated, as they are met at OpenAI, Azure, vLLM, llama.cpp, Ollama and routers.
const CODES: [&str; 17] = [
    "content_filter",
    "content_policy_violation",
    "context_length_exceeded",
    "image_too_large",
    "insufficient_quota",
    "invalid_api_key",
    "invalid_base64",
    "invalid_image",
    "invalid_image_format",
    "invalid_json_schema",
    "invalid_request_error",
    "model_not_found",
    "rate_limit_exceeded",
    "server_error",
    "unsupported_parameter",
    "unsupported_value",
    "BadRequestError",
];

/// Fields that servers refuse, with the way out.
const FIELDS: [(&str, &str); 6] = [
    ("max_completion_tokens", "it may know only the older limit: set `token-limit: max-tokens`"),
    ("max_tokens", "it may want the newer limit: set `token-limit: max-completion-tokens`"),
    ("response_format", "it may not take this schema: set `structured: json-object` or `structured: none`"),
    ("temperature", "it may not take a temperature: set `send-temperature: false`"),
    ("seed", "it may not take a seed: set `send-seed: false`"),
    ("image_url", "it may not take pictures"),
];

/// What is known of an error body.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Complaint {
    /// Whether the body is an error and holds no answer.
    pub(super) is_error: bool,
    /// A status in the body.
    pub(super) status: Option<u16>,
    codes: Vec<&'static str>,
    field: Option<&'static str>,
}

impl Complaint {
    /// Reads `{"error": {…}}`, `{"error": "…"}`, `{"object": "error", …}` and `{"detail": …}`; anything else says nothing.
    pub(super) fn find(body: &[u8]) -> Self {
        let Ok(value) = serde_json::from_slice::<Value>(body) else { return Self::default() };
        let answers = value.get("choices").is_some_and(|choices| !choices.is_null());
        match error_part(&value).filter(|_| !answers) {
            Some(part) => Self::of(part),
            None => Self::default(),
        }
    }

    fn of(part: &Value) -> Self {
        let texts = ["code", "type", "status", "reason"].map(|name| part.get(name).and_then(Value::as_str));
        let inner = part.pointer("/innererror/code").and_then(Value::as_str);
        let said: Vec<&str> = texts.into_iter().chain([inner]).flatten().collect();
        let codes = CODES.into_iter().filter(|code| said.iter().any(|text| text.eq_ignore_ascii_case(code)));
        Self { is_error: true, status: status(part), codes: codes.collect(), field: field(part) }
    }

    /// Whether a filter turned the request down: that is a refusal, not a failure.
    pub(super) fn is_filter(&self) -> bool {
        self.codes.iter().any(|code| matches!(*code, "content_filter" | "content_policy_violation"))
    }

    /// Whether waiting does not help.
    pub(super) fn is_final(&self) -> bool {
        self.codes.contains(&"insufficient_quota")
    }

    /// What may be repeated of it, to follow a sentence.
    pub(super) fn words(&self) -> String {
        let codes = if self.codes.is_empty() { String::new() } else { format!(" [{}]", self.codes.join(", ")) };
        let field = self.field.map(|way_out| format!("; {way_out}")).unwrap_or_default();
        codes + &field
    }
}

fn error_part(value: &Value) -> Option<&Value> {
    let named = ["error", "detail"].into_iter().find_map(|name| value.get(name).filter(|part| !part.is_null()));
    let says_error = |name: &str| value.get(name).and_then(Value::as_str).is_some_and(|text| text == "error");
    let flat =
        says_error("object") || says_error("type") || (value.get("message").is_some() && value.get("code").is_some());
    named.or_else(|| flat.then_some(value))
}

/// A status in the form of a number or of digits.
fn status(part: &Value) -> Option<u16> {
    let number = |value: &Value| value.as_u64().or_else(|| value.as_str()?.parse().ok());
    let found = ["code", "status", "status_code"].into_iter().find_map(|name| number(part.get(name)?));
    found.and_then(|number| u16::try_from(number).ok()).filter(|status| (400..600).contains(status))
}

/// The way out for the field that the error names; `param` counts for more than the message.
fn field(part: &Value) -> Option<&'static str> {
    let text = |name: &str| part.get(name).and_then(Value::as_str);
    let mentioned = |text: &str| FIELDS.iter().find(|(field, _)| text.contains(field)).map(|(_, way_out)| *way_out);
    let whole = part.as_str();
    text("param").and_then(mentioned).or_else(|| text("message").or(whole).and_then(mentioned))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(body: &str) -> Complaint {
        Complaint::find(body.as_bytes())
    }

    #[test]
    fn every_shape_of_error_is_seen() {
        for body in [
            r#"{"error":{"message":"x","code":"invalid_api_key"}}"#,
            r#"{"error":{"message":"x","code":400}}"#,
            r#"{"error":"x"}"#,
            r#"{"object":"error","message":"x","code":400}"#,
            r#"{"detail":[{"loc":["body"]}]}"#,
        ] {
            assert!(find(body).is_error, "{body}");
        }
        for body in ["", "<html>", r#"{"choices":[]}"#, r#"{"choices":[{}],"error":"x"}"#, r#"{"error":null}"#, "[]"] {
            assert!(!find(body).is_error, "{body}");
        }
    }

    #[test]
    fn only_known_words_are_repeated() {
        let body =
            r#"{"error":{"message":"Mr Smith, 61: max_tokens","type":"mr_smith","code":"unsupported_parameter"}}"#;
        let words = find(body).words();
        assert!(words.starts_with(" [unsupported_parameter]; it may want the newer limit"), "{words}");
        assert!(!words.to_lowercase().contains("smith"));
    }

    #[test]
    fn a_status_in_the_body_counts_only_if_it_is_one() {
        assert_eq!(find(r#"{"error":{"code":429}}"#).status, Some(429));
        assert_eq!(find(r#"{"error":{"code":"503"}}"#).status, Some(503));
        assert_eq!(find(r#"{"error":{"code":17}}"#).status, None);
    }

    #[test]
    fn filters_and_empty_accounts_are_known() {
        assert!(find(r#"{"error":{"code":"content_filter"}}"#).is_filter());
        assert!(find(r#"{"error":{"type":"insufficient_quota"}}"#).is_final());
    }
}
