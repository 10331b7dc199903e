//! What is wrong with a file, where, and the way out.

use core::fmt;

use serde::Serialize;

use super::Span;

/// One problem of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// The file, as it was named.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// What is wrong; a fragment in lower case.
    pub what: String,
    /// Why that is wrong, in a few words; printed under the place.
    pub why: String,
    /// The way out: the nearest allowed name, or what is allowed; empty when `why` says it all.
    pub help: String,
    /// The line at fault; absent where no line helps.
    pub excerpt: Option<Excerpt>,
}

/// A line of a file with the part at fault marked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Excerpt {
    /// The line, or a stretch of it; control characters are replaced.
    pub line: String,
    /// How many of its characters stand before the part at fault.
    pub before: usize,
    /// How many characters are at fault; at least 1.
    pub width: usize,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "error: {}", self.what)?;
        let number = self.line.to_string();
        let margin = " ".repeat(number.len());
        writeln!(f, "{margin}--> {}:{}:{}", self.file, self.line, self.column)?;
        if let Some(excerpt) = &self.excerpt {
            let mark = format!("{}{}", " ".repeat(excerpt.before), "^".repeat(excerpt.width));
            writeln!(f, "{margin} |")?;
            writeln!(f, "{number} | {}", excerpt.line)?;
            writeln!(f, "{margin} | {}", format!("{mark} {}", self.why).trim_end())?;
        } else if !self.why.is_empty() {
            writeln!(f, "{margin} = {}", self.why)?;
        }
        if !self.help.is_empty() {
            writeln!(f, "{margin} = help: {}", self.help)?;
        }
        Ok(())
    }
}

/// The most characters of a line that an excerpt shows.
const WIDEST: usize = 110;

impl Excerpt {
    /// The line around that place; `None` when the place is not in the text or the line is blank.
    #[must_use]
    pub fn of(text: &str, at: Span) -> Option<Self> {
        let (head, tail) = (text.get(..at.offset)?, text.get(at.offset..)?);
        let on_line = |c: &char| !matches!(c, '\n' | '\r');
        let mut lead: Vec<char> = head.chars().rev().take_while(on_line).take(WIDEST).map(printable).collect();
        lead.reverse();
        let rest: Vec<char> = tail.chars().take_while(on_line).take(WIDEST).map(printable).collect();
        let marked = tail.get(..at.len).unwrap_or(tail).chars().take(rest.len()).count();
        let blanks = rest.iter().take(marked).rev().take_while(|c| c.is_whitespace()).count();
        let fault = (marked - blanks).max(1);
        if lead.iter().chain(&rest).all(|c| c.is_whitespace()) {
            return None;
        }
        let cut = (lead.len() + fault.min(WIDEST / 2)).saturating_sub(WIDEST);
        let line: String = lead.iter().chain(&rest).skip(cut).take(WIDEST).collect();
        let before = lead.len().saturating_sub(cut);
        let width = fault.min(line.chars().count().saturating_sub(before)).max(1);
        Some(Self { line: line.trim_end().into(), before, width })
    }
}

/// A tab as a space, so that marks line up; other control characters as the replacement character.
fn printable(c: char) -> char {
    match c {
        '\t' => ' ',
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    }
}

/// Someone's text in a message: in backticks, cut to 60 characters, control characters replaced.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut shown: String = text.chars().take(60).map(printable).collect();
    if shown.len() < text.len() && text.chars().count() > 60 {
        shown.push('…');
    }
    format!("`{shown}`")
}

/// The allowed name that someone probably meant: fewest edits, at most a third of the letters.
#[must_use]
pub fn nearest<'a>(name: &str, allowed: &[&'a str]) -> Option<&'a str> {
    let plain = |text: &str| text.replace('_', "-").to_lowercase();
    let name: String = plain(name).chars().take(60).collect();
    let limit = (name.chars().count() / 3).max(1);
    let distance = |other: &str| strsim::damerau_levenshtein(&name, &plain(other));
    let best = allowed.iter().map(|other| (distance(other), *other)).min()?;
    (best.0 <= limit).then_some(best.1)
}

/// The way out for an unknown name: the nearest allowed one, or all of them.
#[must_use]
pub fn suggest(name: &str, allowed: &[&str]) -> String {
    match nearest(name, allowed) {
        Some(near) => format!("did you mean `{near}`?"),
        None if allowed.is_empty() => String::new(),
        None => format!("allowed: {}", allowed.join(", ")),
    }
}

/// The problems found in one file so far.
#[derive(Debug)]
pub struct Log<'a> {
    file: &'a str,
    text: &'a str,
    problems: Vec<Diagnostic>,
}

impl<'a> Log<'a> {
    /// An empty log for a file of that name and text.
    #[must_use]
    pub fn new(file: &'a str, text: &'a str) -> Self {
        Self { file, text, problems: Vec::new() }
    }

    /// Notes a problem: where, what, why, and the way out (may be empty).
    pub fn note(&mut self, at: Span, what: impl Into<String>, why: impl Into<String>, help: impl Into<String>) {
        self.problems.push(Diagnostic {
            file: self.file.into(),
            line: at.line,
            column: at.column,
            what: what.into(),
            why: why.into(),
            help: help.into(),
            excerpt: Excerpt::of(self.text, at),
        });
    }

    /// The first tab among the leading blanks of a line.
    pub(super) fn leading_tab(&self, line: usize) -> Option<Span> {
        let before: usize = self.text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let blanks = self.text.get(before..)?.chars().take_while(|c| *c == ' ' || *c == '\t');
        let column = blanks.enumerate().find(|(_, c)| *c == '\t').map(|(index, _)| index)?;
        Some(Span { line, column: column + 1, offset: before + column, len: 1 })
    }

    /// Takes over problems of another file.
    pub fn extend(&mut self, problems: Vec<Diagnostic>) {
        self.problems.extend(problems);
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.problems.is_empty()
    }

    /// The problems in the order of the file.
    #[must_use]
    pub fn into_problems(mut self) -> Vec<Diagnostic> {
        let file = self.file;
        self.problems.sort_by_key(|problem| (problem.file != file, problem.line, problem.column));
        self.problems
    }

    /// The value, if nothing was found and there is one.
    ///
    /// # Errors
    /// The problems in the order of the file.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Vec<Diagnostic>> {
        match value {
            Some(value) if self.is_clean() => Ok(value),
            _ => Err(self.into_problems()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Excerpt, nearest, quoted, suggest};
    use crate::yaml::Span;
    use proptest::prelude::*;

    #[test]
    fn a_slip_of_the_keyboard_is_recognised() {
        assert_eq!(nearest("lvels", &["levels", "steps"]), Some("levels"));
        assert_eq!(nearest("clamp", &["levels", "steps"]), None);
        assert_eq!(suggest("xyz", &["one", "two"]), "allowed: one, two");
    }

    #[test]
    fn an_excerpt_of_a_long_line_keeps_the_fault_in_view() {
        let text = format!("a: {}FAULT", "x".repeat(400));
        let at = Span { line: 1, column: 404, offset: 403, len: 5 };
        let excerpt = Excerpt::of(&text, at).unwrap();
        let marked: String = excerpt.line.chars().skip(excerpt.before).take(excerpt.width).collect();
        assert_eq!(marked, "FAULT");
    }

    #[test]
    fn a_message_cannot_steer_the_terminal() {
        assert_eq!(quoted("a\u{1b}[31m"), "`a\u{fffd}[31m`");
    }

    proptest! {
        #[test]
        fn an_excerpt_never_panics(text: String, offset in 0_usize..40, len in 0_usize..40) {
            let _ = Excerpt::of(&text, Span { line: 1, column: 1, offset, len });
        }
    }
}
