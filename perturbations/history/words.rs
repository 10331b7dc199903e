//! Words of a text with their places in it.

use std::ops::Range;

/// A word, a number or a single mark, with its bytes in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// Its bytes.
    pub(super) span: Range<usize>,
    /// Its text in lower case, with straight apostrophes.
    pub(super) low: String,
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

/// The tokens of a text, in order; white space is passed over.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, first)) = chars.next() {
        if first.is_whitespace() {
            continue;
        }
        let shape = shape_of(first);
        let mut end = start + first.len_utf8();
        while let Some(&(at, next)) = chars.peek() {
            if !continues(shape, next, text.get(at + next.len_utf8()..).and_then(|rest| rest.chars().next())) {
                break;
            }
            end = at + next.len_utf8();
            chars.next();
        }
        let low = slice(text, &(start..end)).to_lowercase().replace('’', "'");
        found.push(Token { span: start..end, low, shape });
    }
    found
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

/// Whether `next` belongs to a token of that shape, given the character after it.
fn continues(shape: Shape, next: char, after: Option<char>) -> bool {
    match shape {
        Shape::Word => next.is_alphabetic() || (matches!(next, '\'' | '’') && after.is_some_and(char::is_alphabetic)),
        Shape::Number => {
            next.is_ascii_digit() || (matches!(next, '.' | ',') && after.is_some_and(|c| c.is_ascii_digit()))
        }
        Shape::Mark => false,
    }
}

/// The text of a token in lower case; "" beyond the ends.
pub(super) fn low(tokens: &[Token], at: usize) -> &str {
    tokens.get(at).map_or("", |token| token.low.as_str())
}

/// The text of the token before; "" at the start.
pub(super) fn before(tokens: &[Token], at: usize) -> &str {
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

/// Every place where `phrase` stands as whole words, whatever its case.
pub(super) fn phrase(text: &[Token], phrase: &str) -> Vec<Range<usize>> {
    let wanted = tokens(phrase);
    let words: Vec<&str> = wanted.iter().map(|token| token.low.as_str()).collect();
    if words.is_empty() {
        return Vec::new();
    }
    (0..text.len()).filter(|&at| reads(text, at, &words)).map(|at| at..at + words.len()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lows(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|token| token.low).collect()
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
        let text = tokens("Itchy, not Itch; an itch");
        assert_eq!(phrase(&text, "itch"), [3..4, 6..7]);
    }
}
