//! Lines of an answer by their marks.

use crate::readers::item::enumerated;

/// One line and what it looks like.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line<'a> {
    pub(super) kind: Kind,
    pub(super) indent: usize,
    /// The line without its mark.
    pub(super) text: &'a str,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Blank,
    Number(u32),
    Bullet,
    Row,
    Text,
}

impl<'a> Line<'a> {
    pub(super) fn of(line: &'a str) -> Self {
        let indent = line.len() - line.trim_start().len();
        let text = line.trim();
        let marked = text.trim_start_matches('#').trim_start();
        let numbered = enumerated(marked.trim_start_matches('*'));
        let bullet =
            ["- ", "* ", "\u{2022} ", "\u{2022}", "\u{2013} ", "+ "].iter().find_map(|mark| text.strip_prefix(mark));
        let (kind, text) = match (text, numbered, bullet) {
            ("", ..) => (Kind::Blank, text),
            (_, Some((number, rest)), _) => (Kind::Number(number), rest),
            (_, None, Some(rest)) => match enumerated(rest.trim_start_matches('*')) {
                Some((number, rest)) => (Kind::Number(number), rest),
                None => (Kind::Bullet, rest),
            },
            _ if text.starts_with('|') => (Kind::Row, text),
            _ => (Kind::Text, text),
        };
        Self { kind, indent, text }
    }

    pub(super) fn lower(&self) -> String {
        self.text.to_lowercase()
    }
}
