//! From bytes to a tree, within limits.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde_yaml::granit_parser::{self as granit, Event, Parser, ScalarStyle, StrInput};

use super::{Diagnostic, Key, Log, Node, Span, Value, quoted};

/// The largest file that is read, in bytes.
pub const MAX_BYTES: usize = 256 * 1024;
/// The most values that a file may hold.
pub const MAX_VALUES: usize = 20_000;
/// The deepest nesting of lists and maps.
pub const MAX_DEPTH: usize = 48;

/// A file that could be read as YAML.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The file, as it was named.
    pub file: String,
    /// Its text.
    pub text: String,
    /// Its one document.
    pub root: Node,
    /// Keys that were given twice; only the first of each is in the tree.
    duplicates: Vec<Diagnostic>,
}

impl Document {
    /// A log for what else is wrong with the file; it begins with the duplicate keys.
    #[must_use]
    pub fn log(&self) -> Log<'_> {
        let mut log = Log::new(&self.file, &self.text);
        log.extend(self.duplicates.clone());
        log
    }
}

/// Reads a file. The root is a map, and no map holds two keys that read alike: what comes second is only in
/// [`Document::log`].
///
/// # Errors
/// The one thing that makes reading on impossible: larger than [`MAX_BYTES`], not UTF-8, empty,
/// broken YAML, an anchor, alias or tag, more than [`MAX_VALUES`] values, nested deeper than [`MAX_DEPTH`].
pub fn parse(file: &str, bytes: &[u8]) -> Result<Document, Vec<Diagnostic>> {
    let text = decode(file, bytes)?;
    let mut builder = Builder { events: events(&text), log: Log::new(file, &text), values: 0 };
    let root = builder.document();
    let problems = builder.log.into_problems();
    match root {
        Ok(root) => Ok(Document { file: file.into(), text, root, duplicates: problems }),
        Err(Stopped) => Err(problems),
    }
}

fn events(text: &str) -> Parser<'_, StrInput<'_>> {
    let options = granit::options! {
        emit_comments: false,
        emit_unresolved_aliases: true,
        disallow_directives: true,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    Parser::new_from_str_with_options(text, options)
}

/// The text of a file, without a byte order mark.
fn decode(file: &str, bytes: &[u8]) -> Result<String, Vec<Diagnostic>> {
    let refuse = |text: &str, at: Span, what: &str, why: String, help: &str| {
        let mut log = Log::new(file, text);
        log.note(at, what, why, help);
        Err(log.into_problems())
    };
    if bytes.len() > MAX_BYTES {
        let why = format!("it has {} bytes; the limit is {MAX_BYTES}", bytes.len());
        return refuse("", Span::START, "file too large", why, "split it, or check that it is the file you meant");
    }
    match core::str::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text).into()),
        Err(error) => {
            let sound = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let sound = String::from_utf8_lossy(sound);
            let line = sound.split('\n').next_back().unwrap_or_default();
            let at = Span {
                line: sound.matches('\n').count() + 1,
                column: line.chars().count() + 1,
                offset: sound.len(),
                len: 0,
            };
            let lossy = String::from_utf8_lossy(bytes);
            let byte = bytes.get(error.valid_up_to()).copied().unwrap_or_default();
            let why = format!("byte 0x{byte:02x} is not UTF-8");
            refuse(&lossy, at, "not a text file in UTF-8", why, "save the file as UTF-8")
        }
    }
}

/// Reading stopped; the log says why.
#[derive(Debug)]
struct Stopped;

struct Builder<'a> {
    events: Parser<'a, StrInput<'a>>,
    log: Log<'a>,
    values: usize,
}

impl<'a> Builder<'a> {
    fn document(&mut self) -> Result<Node, Stopped> {
        let root = loop {
            match self.next()? {
                (Event::StreamStart | Event::DocumentStart(..), _) => {}
                (Event::StreamEnd | Event::DocumentEnd, _) => return self.stop_empty(),
                (event, at) => break self.node(event, at, 0)?,
            }
        };
        match &root.value {
            Value::Null => return self.stop_empty(),
            Value::Map(_) => {}
            other => {
                return self.stop(
                    root.at,
                    "not a map",
                    format!("this is {}", other.describe()),
                    "write `key: value` lines",
                );
            }
        }
        loop {
            match self.next()? {
                (Event::StreamEnd, _) => return Ok(root),
                (Event::DocumentEnd, _) => {}
                (_, at) => {
                    return self.stop(at, "a second document", "a file holds one document", "split the file at `---`");
                }
            }
        }
    }

    fn stop<T>(&mut self, at: Span, what: &str, why: impl Into<String>, help: &str) -> Result<T, Stopped> {
        self.log.note(at, what, why, help);
        Err(Stopped)
    }

    fn stop_empty<T>(&mut self) -> Result<T, Stopped> {
        self.stop(Span::START, "empty file", "there is nothing in it but blanks and comments", "")
    }

    fn next(&mut self) -> Result<(Event<'a>, Span), Stopped> {
        match self.events.next() {
            Some(Ok((event, span))) => Ok((event, place(&span))),
            Some(Err(error)) => self.broken(&error),
            None => self.stop_empty(),
        }
    }

    /// Broken YAML; tabs get a message of their own, for they cannot be seen.
    fn broken<T>(&mut self, error: &granit::ScanError) -> Result<T, Stopped> {
        let marker = error.marker();
        let at = Span {
            line: marker.line(),
            column: marker.col() + 1,
            offset: marker.byte_offset().unwrap_or_default(),
            len: 1,
        };
        match self.log.tab_in_indentation(at) {
            Some(tab) => {
                self.stop(tab, "a tab in the indentation", "YAML is indented with spaces", "replace the tab by spaces")
            }
            None => self.stop(at, "not valid YAML", error.info(), ""),
        }
    }

    fn node(&mut self, event: Event<'a>, at: Span, depth: usize) -> Result<Node, Stopped> {
        self.values += 1;
        if self.values > MAX_VALUES {
            return self.stop(at, "too many values", format!("the limit is {MAX_VALUES}"), "");
        }
        if depth > MAX_DEPTH {
            return self.stop(at, "nested too deeply", format!("the limit is {MAX_DEPTH}"), "");
        }
        self.refuse_unfolding(&event, at)?;
        let value = match event {
            Event::Scalar(text, ScalarStyle::Plain, ..) => Value::plain(&text),
            Event::Scalar(text, ..) => Value::Text(text.into_owned()),
            Event::SequenceStart(..) => Value::List(self.list(depth)?),
            Event::MappingStart(..) => Value::Map(self.map(depth)?),
            _ => return self.stop(at, "not valid YAML", "a value is missing here", ""),
        };
        Ok(Node { at, value })
    }

    fn refuse_unfolding(&mut self, event: &Event<'a>, at: Span) -> Result<(), Stopped> {
        let (anchor, tag) = match event {
            Event::Scalar(_, _, anchor, tag) => (*anchor, tag.is_some()),
            Event::SequenceStart(_, anchor, tag) | Event::MappingStart(_, anchor, tag) => (*anchor, tag.is_some()),
            Event::Alias(_) | Event::UnresolvedAlias(_) => (1, false),
            _ => (0, false),
        };
        if anchor != 0 {
            let why = "a few lines of these can unfold into millions of values";
            return self.stop(at, "anchors and aliases are not read", why, "write the value out where it is used");
        }
        if tag {
            return self.stop(
                at,
                "tags are not read",
                "the key decides what a value is",
                "leave out the word with `!`",
            );
        }
        Ok(())
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Node>, Stopped> {
        let mut list = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(list),
                (event, at) => list.push(self.node(event, at, depth + 1)?),
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<Vec<(Key, Node)>, Stopped> {
        let mut map = Vec::new();
        let mut lines: BTreeMap<String, usize> = BTreeMap::new();
        loop {
            let key = match self.next()? {
                (Event::MappingEnd, _) => return Ok(map),
                (event, at) => self.key(event, at)?,
            };
            let (event, at) = self.next()?;
            let node = self.node(event, at, depth + 1)?;
            match lines.entry(key.name.replace('_', "-")) {
                Entry::Vacant(vacant) => {
                    vacant.insert(key.at.line);
                    map.push((key, node));
                }
                Entry::Occupied(first) => {
                    let why = format!("given on line {} already", first.get());
                    self.log.note(key.at, format!("duplicate key {}", quoted(&key.name)), why, "keep one of them");
                }
            }
        }
    }

    fn key(&mut self, event: Event<'a>, at: Span) -> Result<Key, Stopped> {
        self.refuse_unfolding(&event, at)?;
        match event {
            Event::Scalar(name, ..) => Ok(Key { at, name: name.into_owned() }),
            _ => self.stop(at, "a key that is not a word", "only words can be keys", ""),
        }
    }
}

fn place(span: &granit::Span) -> Span {
    let offset = span.start.byte_offset().unwrap_or_default();
    let end = span.end.byte_offset().unwrap_or(offset);
    Span { line: span.start.line(), column: span.start.col() + 1, offset, len: end.saturating_sub(offset) }
}

impl Log<'_> {
    /// A tab among the leading blanks of that line or the line before it.
    fn tab_in_indentation(&self, at: Span) -> Option<Span> {
        [at.line, at.line.saturating_sub(1)].into_iter().find_map(|line| self.leading_tab(line))
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_BYTES, parse};
    use proptest::prelude::*;

    fn first(text: &str) -> String {
        let problems = parse("a.yaml", text.as_bytes())
            .map_or_else(|problems| problems, |document| document.log().into_problems());
        problems.first().map_or("fine".into(), |problem| problem.what.clone())
    }

    #[test]
    fn everything_knows_its_place() {
        let document = parse("a.yaml", "é: 1\nlist:\n  - {ü: two}\n".as_bytes()).unwrap();
        let two = document.root.get("list").unwrap();
        assert_eq!((two.at.line, two.at.column), (3, 3));
        let crate::yaml::Value::List(items) = &two.value else { panic!("a list") };
        let two = items[0].get("ü").unwrap();
        assert_eq!((two.at.line, two.at.column), (3, 9));
        assert_eq!(&document.text[two.at.offset..two.at.offset + two.at.len], "two");
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let wide = format!("a: [{}]", "1,".repeat(20_001));
        for (text, what) in [
            ("", "empty file"),
            ("# nothing\n", "empty file"),
            ("~", "empty file"),
            ("- a\n", "not a map"),
            ("word", "not a map"),
            ("a: &x 1\n", "anchors and aliases are not read"),
            ("a: *x\n", "anchors and aliases are not read"),
            ("a: !x 1\n", "tags are not read"),
            ("a: 1\n---\nb: 1\n", "a second document"),
            ("? [a]\n: b\n", "a key that is not a word"),
            ("a:\n\tb: 1\n", "a tab in the indentation"),
            ("a: [", "not valid YAML"),
            ("a: 1\na: 2\n", "duplicate key `a`"),
            ("a-b: 1\na_b: 2\n", "duplicate key `a_b`"),
            (&wide, "too many values"),
            ("a: 1\n", "fine"),
            ("\u{feff}a: 1\n", "fine"),
            ("a: 1\r\nb: 2\r\n", "fine"),
        ] {
            assert_eq!(first(text), what, "{text:.40}");
        }
        assert_eq!(parse("a", &[b'a'; MAX_BYTES + 1]).unwrap_err()[0].what, "file too large");
    }

    #[test]
    fn deep_nesting_ends_in_a_message() {
        for text in
            [format!("a: {}", "[".repeat(100_000)), format!("a: {}", "{a: ".repeat(50_000)), "- ".repeat(100_000)]
        {
            assert!(parse("a", text.as_bytes()).is_err());
        }
    }

    #[test]
    fn not_utf_8_is_pointed_at() {
        let problem = &parse("a", b"ok: 1\nb: \xff\n").unwrap_err()[0];
        assert_eq!((problem.line, problem.column), (2, 4));
        assert_eq!(problem.why, "byte 0xff is not UTF-8");
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse("a", &bytes);
        }

        #[test]
        fn no_text_makes_it_panic(text in "[a-c:\\-\\[\\]{}&*!|>'\"#%@,? \t\n\r0-9~.é]{0,80}") {
            let _ = parse("a", text.as_bytes());
        }
    }
}
