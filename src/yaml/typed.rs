//! From a tree to any type that serde can read, with the place of what did not fit.

use core::fmt;

use serde::de::{self, DeserializeOwned, DeserializeSeed, Expected, Unexpected, Visitor};

use super::{Diagnostic, Key, Log, Node, Span, Value, alike, parse, quoted, suggest};

/// Reads a file into a type; names of fields and variants are found whether written with `-` or `_`.
///
/// # Errors
/// What [`parse`] refuses, or the duplicate keys and the first thing that does not fit the type.
pub fn read<T: DeserializeOwned>(file: &str, bytes: &[u8]) -> Result<T, Vec<Diagnostic>> {
    let document = parse(file, bytes)?;
    let mut log = document.log();
    if !format_is_1(&document.root, &mut log) {
        return Err(log.into_problems());
    }
    let value = T::deserialize(De(&document.root));
    let value = value.map_err(|fault| {
        log.note(fault.at.unwrap_or(document.root.at), fault.what, fault.why, fault.help);
    });
    log.finish(value.ok())
}

/// Whether the file says `format: 1`, the only one there is; notes it if not.
pub fn format_is_1(root: &Node, log: &mut Log<'_>) -> bool {
    let found = root.get("format");
    let right = matches!(found.map(|node| &node.value), Some(Value::Number(number)) if number.text == "1");
    if !right {
        let help = "this version reads `format: 1`";
        match found {
            None => log.note(root.at, "missing `format`", "every file says which format it is in", help),
            Some(node) => log.note(node.at, "unknown format", format!("this is {}", node.value.describe()), help),
        }
    }
    right
}

/// What did not fit, and where once that is known.
#[derive(Debug)]
struct Fault {
    at: Option<Span>,
    what: String,
    why: String,
    help: String,
}

impl Fault {
    fn new(what: String, why: &str, help: String) -> Self {
        Self { at: None, what, why: why.into(), help }
    }

    fn or_at(mut self, at: Span) -> Self {
        self.at.get_or_insert(at);
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl core::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<M: fmt::Display>(message: M) -> Self {
        Self::new(message.to_string(), "", String::new())
    }

    fn invalid_type(found: Unexpected<'_>, wanted: &dyn Expected) -> Self {
        Self::new(format!("wrong type: this takes {wanted}"), &format!("this is {found}"), String::new())
    }

    fn invalid_value(found: Unexpected<'_>, wanted: &dyn Expected) -> Self {
        Self::new(format!("out of range: this takes {wanted}"), &format!("this is {found}"), String::new())
    }

    fn unknown_field(name: &str, allowed: &'static [&'static str]) -> Self {
        Self::new(format!("unknown key {}", quoted(name)), "there is no such key here", suggest(name, allowed))
    }

    fn unknown_variant(name: &str, allowed: &'static [&'static str]) -> Self {
        Self::new(format!("unknown word {}", quoted(name)), "it is not allowed here", suggest(name, allowed))
    }

    fn missing_field(name: &'static str) -> Self {
        Self::new(format!("missing `{name}`"), "it is needed here", String::new())
    }
}

#[derive(Debug, Clone, Copy)]
struct De<'a>(&'a Node);

impl De<'_> {
    fn visit_number<'de, V: Visitor<'de>>(text: &str, value: f64, visitor: V) -> Result<V::Value, Fault> {
        match (text.parse::<u64>(), text.parse::<i64>()) {
            (Ok(whole), _) => visitor.visit_u64(whole),
            (_, Ok(whole)) => visitor.visit_i64(whole),
            _ => visitor.visit_f64(value),
        }
    }
}

impl<'de> de::Deserializer<'de> for De<'_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let result = match &self.0.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(number) => Self::visit_number(&number.text, number.value, visitor),
            Value::Text(text) => visitor.visit_str(text),
            Value::List(nodes) => visitor.visit_seq(Seq(nodes.iter())),
            Value::Map(entries) => visitor.visit_map(Map { entries: entries.iter(), value: None, names: &[] }),
        };
        result.map_err(|fault| fault.or_at(self.0.at))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.0.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match &self.0.value {
            Value::Map(entries) => visitor
                .visit_map(Map { entries: entries.iter(), value: None, names })
                .map_err(|fault| fault.or_at(self.0.at)),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let chosen = match &self.0.value {
            Value::Text(text) => Variant { name: text, at: self.0.at, names, node: None },
            Value::Map(entries) => match entries.as_slice() {
                [(key, node)] => Variant { name: &key.name, at: key.at, names, node: Some(node) },
                _ => return Err(Fault::new("this takes a map of one key".into(), "", String::new()).or_at(self.0.at)),
            },
            _ => return self.deserialize_any(visitor),
        };
        visitor.visit_enum(chosen).map_err(|fault| fault.or_at(self.0.at))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}

/// The name among those known that reads alike, or else the name itself.
fn known<'n>(name: &'n str, names: &'static [&'static str]) -> &'n str {
    names.iter().find(|known| alike(known, name)).copied().unwrap_or(name)
}

struct Seq<'a>(core::slice::Iter<'a, Node>);

impl<'de> de::SeqAccess<'de> for Seq<'_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        self.0.next().map(|node| seed.deserialize(De(node))).transpose()
    }
}

struct Map<'a> {
    entries: core::slice::Iter<'a, (Key, Node)>,
    value: Option<&'a Node>,
    names: &'static [&'static str],
}

impl<'de> de::MapAccess<'de> for Map<'_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        let Some((key, node)) = self.entries.next() else { return Ok(None) };
        self.value = Some(node);
        let name = de::value::StrDeserializer::<Fault>::new(known(&key.name, self.names));
        seed.deserialize(name).map(Some).map_err(|fault| fault.or_at(key.at))
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Fault> {
        let node = self.value.take().ok_or_else(|| de::Error::custom("a value before its key"))?;
        seed.deserialize(De(node))
    }
}

struct Variant<'a> {
    name: &'a str,
    at: Span,
    names: &'static [&'static str],
    node: Option<&'a Node>,
}

impl<'a> Variant<'a> {
    fn content(&self) -> Result<De<'a>, Fault> {
        let missing = || Fault::new(format!("{} needs a value", quoted(self.name)), "", String::new()).or_at(self.at);
        self.node.map(De).ok_or_else(missing)
    }
}

impl<'de> de::EnumAccess<'de> for Variant<'_> {
    type Error = Fault;
    type Variant = Self;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Self), Fault> {
        let name = de::value::StrDeserializer::<Fault>::new(known(self.name, self.names));
        let value = seed.deserialize(name).map_err(|fault| fault.or_at(self.at))?;
        Ok((value, self))
    }
}

impl<'de> de::VariantAccess<'de> for Variant<'_> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        match self.node {
            None | Some(Node { value: Value::Null, .. }) => Ok(()),
            Some(node) => {
                Err(Fault::new(format!("{} takes no value", quoted(self.name)), "", String::new()).or_at(node.at))
            }
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Fault> {
        seed.deserialize(self.content()?)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        de::Deserializer::deserialize_any(self.content()?, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, names: &'static [&'static str], visitor: V) -> Result<V::Value, Fault> {
        de::Deserializer::deserialize_struct(self.content()?, "", names, visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use serde::Deserialize;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "kebab-case")]
    struct Sample {
        format: u32,
        max_side: Option<u32>,
        #[serde(default)]
        kind: Kind,
        #[serde(default)]
        names: Vec<String>,
    }

    #[derive(Debug, PartialEq, Default, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Kind {
        #[default]
        ForcedChoice,
        Sized(f64),
    }

    fn problem(text: &str) -> (usize, usize, String, String) {
        let problem = read::<Sample>("a.yaml", text.as_bytes()).unwrap_err().remove(0);
        (problem.line, problem.column, problem.what, problem.help)
    }

    #[test]
    fn hyphen_and_underscore_name_the_same_field_and_variant() {
        let hyphens = read::<Sample>("a", b"format: 1\nmax-side: 9\nkind: forced-choice\nnames: [x]").unwrap();
        let underscores = read::<Sample>("a", b"format: 1\nmax_side: 9\nkind: forced_choice\nnames: [x]").unwrap();
        let wanted = Sample { format: 1, max_side: Some(9), kind: Kind::ForcedChoice, names: vec!["x".into()] };
        assert_eq!((&hyphens, &underscores), (&wanted, &wanted));
        assert_eq!(read::<Sample>("a", b"format: 1\nkind: {sized: 0.5}\n").unwrap().kind, Kind::Sized(0.5));
    }

    #[test]
    fn what_does_not_fit_is_pointed_at() {
        assert_eq!(
            problem("format: 1\nmax_sied: 3\n"),
            (2, 1, "unknown key `max_sied`".into(), "did you mean `max-side`?".into())
        );
        assert_eq!(problem("format: 1\nmax-side: wide\n").0, 2);
        assert_eq!(problem("format: 1\nnames: [a, 2]\n").1, 12);
        assert_eq!(problem("format: 1\nkind: forced\n").2, "unknown word `forced`");
        assert_eq!(problem("format: 2\nnew: 1\n").2, "unknown format");
        assert_eq!(problem("kind: forced-choice\n").2, "missing `format`");
    }
}
