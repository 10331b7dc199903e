//! Words of a text with their places in it.

use std::borrow::Cow;
use std::ops::Range;

/// A word, a number or a single mark, with its bytes in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token<'a> {
    /// Its bytes.
    pub(super) span: Range<usize>,
    /// Its text in lower case, with straight apostrophes.
    pub(super) low: Cow<'a, str>,
    /// What it is made of.
    pub(super) shape: Shape,
}

/// What a token is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Letters, with apostrophes inside.
    Word,
    /// Digits, with points and commas inside.
    Number,
    /// One character that is neither.
    Mark,
}

/// A text read once for many searches: its tokens, and an index of them.
#[derive(Debug)]
pub(super) struct Text<'a> {
    /// The text.
    pub(super) whole: &'a str,
    /// Its tokens, in order.
    pub(super) tokens: Vec<Token<'a>>,
    /// The places of all tokens, by key.
    index: Vec<(u64, usize)>,
}

impl<'a> Text<'a> {
    /// Reads a text.
    pub(super) fn read(whole: &'a str) -> Self {
        let tokens = tokens(whole);
        let mut index: Vec<_> = tokens.iter().enumerate().map(|(at, token)| (key(&token.low), at)).collect();
        index.sort_unstable();
        Self { whole, tokens, index }
    }

    /// Every place where `phrase` stands as whole words, whatever its case, in order.
    pub(super) fn phrase(&self, phrase: &str) -> impl Iterator<Item = Range<usize>> {
        let first = first_key(phrase);
        let from = first.map_or(self.index.len(), |first| self.index.partition_point(|(key, _)| *key < first));
        let places = self.index.iter().skip(from).take_while(move |(key, _)| Some(*key) == first);
        places.filter_map(move |&(_, at)| phrase_end(&self.tokens, at, phrase).map(|end| at..end))
    }
}

/// The first eight bytes of a word: words with different keys are different.
fn key(word: &str) -> u64 {
    word.bytes().take(8).fold(0, |key, byte| (key << 8) | u64::from(byte))
}

/// The key of the first word of a phrase.
fn first_key(phrase: &str) -> Option<u64> {
    let plain = phrase.bytes().take_while(u8::is_ascii_lowercase).count();
    match phrase.get(..plain) {
        // Most phrases open with a plain word, and most texts do not hold it: this is where searches end.
        Some(word) if plain > 0 && matches!(phrase.as_bytes().get(plain), None | Some(b' ')) => Some(key(word)),
        _ => pieces(phrase).next().map(|(span, _)| key(&lowered(slice(phrase, &span)))),
    }
}

/// The tokens of a text, in order; white space is passed over.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let token = |(span, shape)| Token { low: lowered(slice(text, &span)), span, shape };
    pieces(text).map(token).collect()
}

/// The bytes and the shape of each token of a text.
fn pieces(text: &str) -> impl Iterator<Item = (Range<usize>, Shape)> {
    let mut chars = text.char_indices().peekable();
    core::iter::from_fn(move || {
        let (start, first) = chars.find(|(_, c)| !c.is_whitespace())?;
        let shape = shape_of(first);
        let mut end = start + first.len_utf8();
        while let Some((at, next)) = chars.next_if(|&(at, next)| continues(shape, next, text, at)) {
            end = at + next.len_utf8();
        }
        Some((start..end, shape))
    })
}

/// A token's text in lower case, with straight apostrophes.
fn lowered(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        Cow::Borrowed(word)
    } else {
        Cow::Owned(word.to_lowercase().replace('’', "'"))
    }
}

fn shape_of(first: char) -> Shape {
    if first.is_alphabetic() {
        Shape::Word
    } else if first.is_ascii_digit() {
        Shape::Number
    } else {
        Shape::Mark
    }
}

/// Whether `next`, at byte `at` of the text, belongs to a token of that shape.
fn continues(shape: Shape, next: char, text: &str, at: usize) -> bool {
    let after = || text.get(at + next.len_utf8()..).and_then(|rest| rest.chars().next());
    match shape {
        Shape::Word => next.is_alphabetic() || (matches!(next, '\'' | '’') && after().is_some_and(char::is_alphabetic)),
        Shape::Number => {
            next.is_ascii_digit() || (matches!(next, '.' | ',') && after().is_some_and(|c| c.is_ascii_digit()))
        }
        Shape::Mark => false,
    }
}

/// The text of a token in lower case; "" beyond the ends.
pub(super) fn low<'a>(tokens: &'a [Token<'_>], at: usize) -> &'a str {
    tokens.get(at).map_or("", |token| &*token.low)
}

/// The text of the token before; "" at the start.
pub(super) fn before<'a>(tokens: &'a [Token<'_>], at: usize) -> &'a str {
    at.checked_sub(1).map_or("", |at| low(tokens, at))
}

/// Whether the tokens from `at` on read as these words.
pub(super) fn reads(tokens: &[Token], at: usize, words: &[&str]) -> bool {
    words.iter().enumerate().all(|(step, word)| low(tokens, at + step) == *word)
}

/// The tokens that overlap a stretch of bytes.
pub(super) fn covering(tokens: &[Token], span: &Range<usize>) -> Range<usize> {
    let first = tokens.iter().position(|token| token.span.end > span.start).unwrap_or(tokens.len());
    let last = tokens.iter().rposition(|token| token.span.start < span.end).map_or(0, |at| at + 1);
    first..last.max(first)
}

/// The bytes of a run of tokens; empty at 0 for an empty run.
pub(super) fn bytes(tokens: &[Token], run: &Range<usize>) -> Range<usize> {
    match tokens.get(run.clone()) {
        Some([first, .., last]) => first.span.start..last.span.end,
        Some([only]) => only.span.clone(),
        _ => 0..0,
    }
}

/// A stretch of a text; "" where it does not fit.
pub(super) fn slice<'a>(text: &'a str, span: &Range<usize>) -> &'a str {
    text.get(span.clone()).unwrap_or_default()
}

/// The text with its first letter in upper case.
pub(super) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// `word` in the manner of `model`: all capitals, a first capital, or as it is.
pub(super) fn in_case_of(model: &str, word: &str) -> String {
    let mut letters = model.chars().filter(|c| c.is_alphabetic());
    match (letters.next(), letters.next()) {
        (Some(a), Some(b)) if a.is_uppercase() && b.is_uppercase() => word.to_uppercase(),
        (Some(a), _) if a.is_uppercase() => capitalised(word),
        _ => word.to_owned(),
    }
}

/// Whether two stretches share a byte.
pub(super) fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// The end of `phrase` where it stands at `at` as whole words, whatever its case.
pub(super) fn phrase_end(tokens: &[Token], at: usize, phrase: &str) -> Option<usize> {
    let mut end = at;
    for (span, _) in pieces(phrase) {
        if low(tokens, end) != lowered(slice(phrase, &span)) {
            return None;
        }
        end += 1;
    }
    (end > at).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lows(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|token| token.low.into_owned()).collect()
    }

    #[test]
    fn words_numbers_and_marks_are_told_apart() {
        assert_eq!(lows("A 64-year-old; 1.5 cm."), ["a", "64", "-", "year", "-", "old", ";", "1.5", "cm", "."]);
        assert_eq!(lows("23F, it’s 2,000"), ["23", "f", ",", "it's", "2,000"]);
    }

    #[test]
    fn spans_point_into_the_text() {
        let text = "Größe: 3 mm";
        for token in tokens(text) {
            assert_eq!(slice(text, &token.span).to_lowercase(), token.low);
        }
    }

    #[test]
    fn case_follows_the_model() {
        assert_eq!(in_case_of("Left", "right"), "Right");
        assert_eq!(in_case_of("FEMALE", "male"), "MALE");
        assert_eq!(in_case_of("she", "he"), "he");
    }

    #[test]
    fn phrases_are_whole_words() {
        let text = Text::read("Itchy, not Itch; an itch");
        let found = |phrase: &str| text.phrase(phrase).collect::<Vec<_>>();
        assert_eq!(found("itch"), [3..4, 6..7]);
        assert_eq!(found("Not itch"), vec![2..4]);
        assert!(found("").is_empty() && found("itch an").is_empty());
    }

    #[test]
    fn words_of_one_key_are_told_apart() {
        let text = Text::read("psoriatic psoriasis psoriasiform");
        assert_eq!(text.phrase("psoriasis").collect::<Vec<_>>(), vec![1..2]);
    }
}
