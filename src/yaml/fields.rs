//! Typed readers of a tree. Each notes what it refuses and goes on, so that a file's problems come out all at once.

use super::{Key, Log, Node, Number, Span, Value, alike, quoted, suggest};

/// A map whose keys have all been checked against those that its owner knows.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'a> {
    /// What the map describes, with its article: "a scenario".
    pub owner: &'static str,
    /// Where it begins.
    pub at: Span,
    entries: &'a [(Key, Node)],
}

/// A value and the name that it has in messages.
#[derive(Debug, Clone, Copy)]
pub struct Field<'a> {
    /// The name, e.g. the key.
    pub name: &'a str,
    /// The value.
    pub node: &'a Node,
}

impl<'a> Fields<'a> {
    /// The fields of a map; notes every key that is not allowed. `None` if the value is no map.
    pub fn of(node: &'a Node, owner: &'static str, allowed: &[&str], log: &mut Log<'_>) -> Option<Self> {
        let Value::Map(entries) = &node.value else {
            let why = format!("this is {}", node.value.describe());
            log.note(node.at, format!("{owner} is a map"), why, format!("keys: {}", allowed.join(", ")));
            return None;
        };
        for (key, _) in entries {
            if !allowed.iter().any(|name| alike(name, &key.name)) {
                let help = suggest(&key.name, allowed);
                log.note(
                    key.at,
                    format!("unknown key {}", quoted(&key.name)),
                    format!("{owner} has no such key"),
                    help,
                );
            }
        }
        Some(Self { owner, at: node.at, entries })
    }

    /// The value of a key, if it is given. `name` must be one of the allowed keys.
    #[must_use]
    pub fn get(&self, name: &'a str) -> Option<Field<'a>> {
        self.entries.iter().find(|(key, _)| alike(&key.name, name)).map(|(_, node)| Field { name, node })
    }

    /// Where a key stands, or else the map.
    #[must_use]
    pub fn at(&self, name: &str) -> Span {
        self.entries.iter().find(|(key, _)| alike(&key.name, name)).map_or(self.at, |(key, _)| key.at)
    }

    /// The value of a key; notes that it is missing.
    pub fn need(&self, name: &'a str, log: &mut Log<'_>) -> Option<Field<'a>> {
        let field = self.get(name);
        if field.is_none() {
            log.note(self.at, format!("missing `{name}`"), format!("{} needs it", self.owner), "");
        }
        field
    }
}

impl<'a> Field<'a> {
    /// Notes that the value is of the wrong type.
    pub fn refuse(&self, takes: &str, log: &mut Log<'_>) {
        let why = format!("this is {}", self.node.value.describe());
        log.note(self.node.at, format!("`{}` takes {takes}", self.name), why, "");
    }

    /// Notes that the value is of the right type but not allowed.
    pub fn forbid(&self, why: impl Into<String>, help: impl Into<String>, log: &mut Log<'_>) {
        log.note(self.node.at, format!("`{}` is out of range", self.name), why, help);
    }

    /// Text that is not blank.
    pub fn text(&self, log: &mut Log<'_>) -> Option<String> {
        match &self.node.value {
            Value::Text(text) if !text.trim().is_empty() => Some(text.trim().into()),
            _ => {
                self.refuse("text", log);
                None
            }
        }
    }

    /// A word as written; numbers and truth values count as words here, as in `skin_tone: [1, 2]`.
    pub fn word(&self, log: &mut Log<'_>) -> Option<String> {
        match &self.node.value {
            Value::Number(number) => Some(number.text.clone()),
            Value::Bool(value) => Some(value.to_string()),
            _ => self.text(log),
        }
    }

    /// `true` or `false`.
    pub fn truth(&self, log: &mut Log<'_>) -> Option<bool> {
        match self.node.value {
            Value::Bool(value) => Some(value),
            _ => {
                self.refuse("true or false", log);
                None
            }
        }
    }

    /// One of a closed list of words, each with its meaning.
    pub fn choice<T: Clone>(&self, words: &[(&str, T)], log: &mut Log<'_>) -> Option<T> {
        let names: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
        let Value::Text(text) = &self.node.value else {
            self.refuse(&format!("one of {}", names.join(", ")), log);
            return None;
        };
        let found = words.iter().find(|(name, _)| alike(name, text)).map(|(_, meaning)| meaning.clone());
        if found.is_none() {
            let why = format!("`{}` takes one of {}", self.name, names.join(", "));
            log.note(self.node.at, format!("unknown word {}", quoted(text)), why, suggest(text, &names));
        }
        found
    }

    /// A plain number.
    pub fn number(&self, log: &mut Log<'_>) -> Option<f64> {
        match &self.node.value {
            Value::Number(number) => Some(number.value),
            _ => {
                self.refuse("a plain number", log);
                None
            }
        }
    }

    /// A share: `10%` or `0.1`, read as the same double.
    pub fn share(&self, log: &mut Log<'_>) -> Option<f64> {
        let share = match &self.node.value {
            Value::Number(number) => Some(number.value),
            Value::Text(text) => percent(text),
            _ => None,
        };
        if share.is_none() {
            self.refuse("a share, such as 10% or 0.1", log);
        }
        share
    }

    /// A whole number within bounds.
    pub fn whole(&self, low: u64, high: u64, log: &mut Log<'_>) -> Option<u64> {
        let range = format!("a whole number from {low} to {high}");
        let Value::Number(Number { text, value }) = &self.node.value else {
            self.refuse(&range, log);
            return None;
        };
        match text.parse().ok().filter(|whole| (low..=high).contains(whole)) {
            Some(whole) => Some(whole),
            None => {
                self.forbid(format!("it takes {range}"), if *value > 1e300 { "write fewer digits" } else { "" }, log);
                None
            }
        }
    }

    /// The items of a list; a single value stands for a list of one.
    #[must_use]
    pub fn items(&self) -> Vec<Field<'a>> {
        let one = |node: &'a Node| Field { name: self.name, node };
        match &self.node.value {
            Value::List(nodes) => nodes.iter().map(one).collect(),
            _ => vec![one(self.node)],
        }
    }

    /// The items of a list that must be a list with something in it.
    pub fn list(&self, log: &mut Log<'_>) -> Option<Vec<Field<'a>>> {
        match &self.node.value {
            Value::List(nodes) if !nodes.is_empty() => Some(self.items()),
            Value::List(_) => {
                log.note(self.node.at, format!("`{}` is empty", self.name), "nothing is in this list", "");
                None
            }
            _ => {
                self.refuse("a list", log);
                None
            }
        }
    }
}

/// `12.5%` as 0.125: the double nearest to the share, not a rounded product.
fn percent(text: &str) -> Option<f64> {
    let digits = text.strip_suffix('%')?.trim_end();
    let number = Number::read(digits)?;
    if number.text.contains(['e', 'E']) {
        return None;
    }
    format!("{digits}e-2").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Field, percent};
    use crate::yaml::{Log, Node, Span, Value};

    #[test]
    fn a_percentage_is_the_double_one_would_write() {
        assert_eq!(percent("10%"), Some(0.1));
        assert_eq!(percent("0.7%"), Some(0.007));
        assert_eq!(percent("12.5 %"), Some(0.125));
        assert_eq!(percent("100%"), Some(1.0));
        assert_eq!(percent("ten%"), None);
        assert_eq!(percent("1e2%"), None);
        assert_eq!(percent("%"), None);
    }

    #[test]
    fn a_long_seed_stays_exact() {
        let node = Node { at: Span::START, value: Value::plain("18446744073709551615") };
        let mut log = Log::new("a", "");
        assert_eq!(Field { name: "seed", node: &node }.whole(0, u64::MAX, &mut log), Some(u64::MAX));
        let node = Node { at: Span::START, value: Value::plain("1.5") };
        assert_eq!(Field { name: "seed", node: &node }.whole(0, 9, &mut log), None);
    }
}
