//! JSON whose objects keep the order in which they were written, because written order ranks.

use core::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Json {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    /// The text, if it is one.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it says yes: `true`, `"yes"`, `"true"` or 1.
    pub(super) fn affirms(&self) -> bool {
        match self {
            Self::Bool(bool) => *bool,
            Self::Number(number) => *number == 1.0,
            Self::Text(text) => ["true", "yes", "1"].contains(&text.trim().to_lowercase().as_str()),
            Self::Null | Self::List(_) | Self::Object(_) => false,
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

/// Builds a value from what the parser meets.
struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, bool: bool) -> Result<Json, E> {
        Ok(Json::Bool(bool))
    }

    #[expect(clippy::cast_precision_loss, reason = "a probability or a rank is small")]
    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        Ok(Json::Number(number as f64))
    }

    #[expect(clippy::cast_precision_loss, reason = "a probability or a rank is small")]
    fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
        Ok(Json::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Json, E> {
        Ok(Json::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        let mut object = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            object.push(entry);
        }
        Ok(Json::Object(object))
    }
}

/// The value at the start of a text and its length in bytes; a value that is not quite JSON is tidied first.
pub(super) fn parse(text: &str) -> Option<(Json, usize)> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Json>();
    if let Some(Ok(value)) = values.next() {
        return Some((value, values.byte_offset()));
    }
    let length = balanced(text)?;
    let value = serde_json::from_str(&tidy(text.get(..length)?)).ok()?;
    Some((value, length))
}

/// The length of a bracketed value, strings respected, if its brackets close.
pub(super) fn balanced(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut quote = None;
    let mut escaped = false;
    let mut commented = 0;
    for (at, c) in text.char_indices() {
        if quote.is_none() && at >= commented {
            commented = comment(text, at).map_or(commented, |length| at + length);
        }
        match (quote, c) {
            _ if at < commented => {}
            _ if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"') => quote = Some('"'),
            (None, '{' | '[') => depth += 1,
            (None, '}' | ']') => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + c.len_utf8());
                }
            }
            _ => {}
        }
    }
    None
}

/// The length in bytes of a comment that begins at a place outside of strings: `// …` to the end of the line, which a colon
/// before it makes part of an address, or `/* … */`.
pub(super) fn comment(text: &str, at: usize) -> Option<usize> {
    let (before, rest) = text.split_at_checked(at)?;
    if rest.starts_with("//") && !before.ends_with(':') {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    let inside = rest.strip_prefix("/*")?;
    Some(inside.find("*/").map_or(rest.len(), |end| end + 4))
}

/// Mends what models write in place of JSON and what can only be meant in one way: a comma before a closing bracket,
/// comments, typographic or single quotes, and `True`, `False`, `None`.
fn tidy(text: &str) -> String {
    let text = text.replace(['\u{201c}', '\u{201d}'], "\"");
    let mut out = String::with_capacity(text.len());
    let mut quote = None;
    let mut escaped = false;
    let mut commented = 0;
    for (at, c) in text.char_indices() {
        if quote.is_none() && at >= commented {
            commented = comment(&text, at).map_or(commented, |length| at + length);
        }
        match (quote, c) {
            _ if at < commented => continue,
            _ if escaped => {
                escaped = false;
                out.push(c);
            }
            (Some(_), '\\') => {
                escaped = true;
                out.push(c);
            }
            (Some(open), _) if c == open => {
                quote = None;
                out.push('"');
            }
            (Some('\''), '"') => out.push_str("\\\""),
            (Some(_), _) => out.push(c),
            (None, '"' | '\'') => {
                quote = Some(c);
                out.push('"');
            }
            (None, '}' | ']') => {
                drop_comma(&mut out);
                out.push(c);
            }
            (None, _) => out.push(c),
        }
        if quote.is_none() && c.is_ascii_lowercase() {
            name_as_json(&mut out);
        }
    }
    out
}

/// Takes a comma off the end, and the white space after it.
fn drop_comma(out: &mut String) {
    let kept = out.trim_end();
    if let Some(kept) = kept.strip_suffix(',') {
        let length = kept.len();
        out.truncate(length);
    }
}

/// Turns a Python constant at the end into JSON's.
fn name_as_json(out: &mut String) {
    for (python, json) in [("True", "true"), ("False", "false"), ("None", "null")] {
        if out.ends_with(python) {
            out.truncate(out.len() - python.len());
            out.push_str(json);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<Json> {
        parse(text).map(|(value, _)| value)
    }

    #[test]
    fn objects_keep_their_order() {
        let Some(Json::Object(entries)) = value(r#"{"z": 1, "a": 2, "m": 3}"#) else { panic!("not an object") };
        assert_eq!(entries.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(), ["z", "a", "m"]);
    }

    #[test]
    fn what_follows_a_value_is_left_alone() {
        assert_eq!(parse("[1, 2] and more").map(|(_, length)| length), Some(6));
        assert_eq!(parse("{'a': 1,} and more").map(|(_, length)| length), Some(9));
    }

    #[test]
    fn almost_json_is_mended() {
        let expected = value(r#"{"a": [true, null, "it's"], "b": false}"#);
        assert!(expected.is_some());
        assert_eq!(value(r#"{"a": [true, null, "it's",], "b": false, }"#), expected);
        assert_eq!(value(r#"{'a': [True, None, "it's"], 'b': False}"#), expected);
        assert_eq!(value("{\u{201c}a\u{201d}: [true, null, \"it's\"], \"b\": false}"), expected);
        assert_eq!(value(r#"{'a': 'say "x"'}"#), value(r#"{"a": "say \"x\""}"#));
    }

    #[test]
    fn what_cannot_be_mended_is_nothing() {
        for text in ["", "{", "{\"a\": ", "{\"a\": [1, 2}", "{'a': 'it's'}", "]"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        assert_eq!(parse(&"[".repeat(100_000)), None);
        assert_eq!(parse(&("[".repeat(5_000) + &"]".repeat(5_000))), None);
    }
}
