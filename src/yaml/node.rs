//! The tree of a YAML file.

/// Where something stands in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// The bytes before it.
    pub offset: usize,
    /// Its length in bytes; 0 where it has none.
    pub len: usize,
}

impl Span {
    /// The very start of a file.
    pub const START: Self = Self { line: 1, column: 1, offset: 0, len: 0 };
}

/// A value and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Its place.
    pub at: Span,
    /// The value.
    pub value: Value,
}

/// A key of a map and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its place.
    pub at: Span,
    /// The key as written.
    pub name: String,
}

/// A value. Plain words are resolved as in YAML 1.2's core schema, except that numbers follow JSON: no leading zero, no
/// hexadecimal, no infinity. `yes`, `no`, `on` and `off` are words.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing, `~` or `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A finite number.
    Number(Number),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A map, in the order of the file; no two keys read alike.
    Map(Vec<(Key, Node)>),
}

/// A number with the digits it was written in, so that long whole numbers stay exact.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// As written.
    pub text: String,
    /// The nearest double; finite.
    pub value: f64,
}

impl Number {
    /// Reads a number in JSON's grammar.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let mut characters = digits.chars();
        let first = characters.next()?;
        let zero_led = first == '0' && characters.next().is_some_and(|next| next.is_ascii_digit());
        if !first.is_ascii_digit() || zero_led {
            return None;
        }
        let value: f64 = text.parse().ok()?;
        value.is_finite().then(|| Self { text: text.into(), value })
    }
}

impl Value {
    /// What it is, for a message: "a list", "the number 7" …
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::Null => "nothing".into(),
            Self::Bool(value) => format!("`{value}`"),
            Self::Number(number) => format!("the number {}", number.text),
            Self::Text(text) => format!("the text {}", super::quoted(text)),
            Self::List(_) => "a list".into(),
            Self::Map(_) => "a map".into(),
        }
    }

    /// A plain (unquoted) scalar.
    #[must_use]
    pub fn plain(text: &str) -> Self {
        match text {
            "" | "~" | "null" | "Null" | "NULL" => Self::Null,
            "true" | "True" | "TRUE" => Self::Bool(true),
            "false" | "False" | "FALSE" => Self::Bool(false),
            _ => Number::read(text).map_or_else(|| Self::Text(text.into()), Self::Number),
        }
    }
}

impl Node {
    /// The value of that key, if this is a map that has it; `-` and `_` read alike.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        match &self.value {
            Value::Map(entries) => entries.iter().find(|(key, _)| alike(&key.name, name)).map(|(_, node)| node),
            _ => None,
        }
    }
}

/// Whether two names are the same when `-` and `_` read alike.
#[must_use]
pub fn alike(one: &str, other: &str) -> bool {
    let read = |byte: u8| if byte == b'_' { b'-' } else { byte };
    one.bytes().map(read).eq(other.bytes().map(read))
}

#[cfg(test)]
mod tests {
    use super::{Number, Value, alike};

    #[test]
    fn numbers_follow_json() {
        for (text, value) in [("0", 0.0), ("-0.5", -0.5), ("1e3", 1000.0), ("10", 10.0)] {
            assert_eq!(Number::read(text).map(|number| number.value), Some(value), "{text}");
        }
        for text in ["010", "0x10", ".5", "+1", "inf", "NaN", "1e999", "1_000", "-", "10%", ""] {
            assert_eq!(Number::read(text), None, "{text}");
        }
    }

    #[test]
    fn yes_and_no_are_words() {
        assert_eq!(Value::plain("no"), Value::Text("no".into()));
        assert_eq!(Value::plain("true"), Value::Bool(true));
        assert_eq!(Value::plain("~"), Value::Null);
    }

    #[test]
    fn hyphen_and_underscore_read_alike() {
        assert!(alike("up_to", "up-to"));
        assert!(!alike("up-to", "upto"));
    }
}
