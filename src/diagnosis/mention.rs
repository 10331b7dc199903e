//! Concepts that a longer text mentions.

use super::Lexicon;
use super::normal::words;

/// A concept that a longer text mentions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mention<'a> {
    /// The canonical id of what it is judged as.
    pub id: &'a str,
    /// First byte of the mention.
    pub start: usize,
    /// The byte after the mention.
    pub end: usize,
}

/// The most words of a name that a longer text is searched for.
const MOST_WORDS: usize = 6;

impl Lexicon {
    /// The concepts that a text mentions, in order, without overlaps; the longest name wins.
    ///
    /// Names under four letters count only where they are written in capitals, "DRESS" likewise, "mole" not at all (prose uses it for any
    /// spot), and neither does what is also a sign of other diseases.
    #[must_use]
    pub fn mentions(&self, text: &str) -> Vec<Mention<'_>> {
        let spans = word_spans(text);
        let mut found = Vec::new();
        let mut next = 0;
        while next < spans.len() {
            match self.mention_at(text, &spans, next) {
                Some((mention, taken)) => {
                    found.extend(mention);
                    next += taken;
                }
                None => next += 1,
            }
        }
        found
    }

    /// The longest name that begins at a word (`None` where it is a mere sign), and how many words it takes.
    fn mention_at(&self, text: &str, spans: &[(usize, usize)], first: usize) -> Option<(Option<Mention<'_>>, usize)> {
        (1..=MOST_WORDS.min(spans.len() - first)).rev().find_map(|taken| {
            let (start, end) = (spans.get(first)?.0, spans.get(first + taken - 1)?.1);
            let name = text.get(start..end)?;
            let words = words(name);
            if name.contains(['.', ',', ';', ':', '\n', '(']) || !tellable(name, &words) {
                return None;
            }
            let concept = self.concepts().get(self.names.in_order(&words)?)?;
            let mention = Mention { id: self.judged_as(&concept.id), start, end };
            Some(((!concept.sign).then_some(mention), taken))
        })
    }
}

/// Whether a name in running text can be told from an ordinary word.
fn tellable(name: &str, words: &[String]) -> bool {
    match words {
        [word] if word == "mole" => false,
        // The verb is everyday English; the syndrome is written in capitals.
        [word] if word == "dress" => name.chars().all(|c| c.is_ascii_uppercase()),
        [word] if word.len() < 4 => name.len() > 2 && name.chars().all(|c| c.is_ascii_uppercase()),
        _ => true,
    }
}

/// The bytes of each word of a text; a hyphen, slash or apostrophe inside a word ends it.
fn word_spans(text: &str) -> Vec<(usize, usize)> {
    let mut spans = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        match (c.is_alphanumeric() || c == '\'' || c == '\u{2019}', start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                spans.push((from, at));
                start = None;
            }
            _ => {}
        }
    }
    spans.extend(start.map(|from| (from, text.len())));
    spans
}
