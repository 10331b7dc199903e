//! Numbers in digits and in words.

use crate::history::lexicon::number_word;
use crate::history::words::{Shape, Token, low};

/// A number in digits or words, and where it ends.
pub(in crate::history) fn number(tokens: &[Token], at: usize) -> Option<(u32, usize)> {
    let token = tokens.get(at)?;
    let glued = at
        .checked_sub(1)
        .and_then(|left| tokens.get(left))
        .is_some_and(|left| left.span.end == token.span.start && left.shape == Shape::Word);
    if glued {
        return None;
    }
    if token.shape == Shape::Number {
        return token.low.parse().ok().map(|years| (years, at + 1));
    }
    let tens = number_word(&token.low)?;
    let ones_at = if low(tokens, at + 1) == "-" { at + 2 } else { at + 1 };
    match number_word(low(tokens, ones_at)) {
        Some(ones) if tens >= 20 && (1..10).contains(&ones) => Some((tens + ones, ones_at + 1)),
        _ => Some((tens, at + 1)),
    }
}

/// A number with decimals, groups of thousands or "and a half" at `at`, and where it ends.
pub(in crate::history) fn decimal(tokens: &[Token], at: usize) -> Option<(f64, usize)> {
    let marked = tokens.get(at).filter(|token| token.shape == Shape::Number && token.low.contains(['.', ',']));
    if let Some(token) = marked {
        return ungrouped(&token.low).parse().ok().map(|number| (number, at + 1));
    }
    let (whole, end) = number(tokens, at)?;
    let half = match (low(tokens, end), low(tokens, end + 1), low(tokens, end + 2)) {
        ("and", "a", "half") => Some(end + 3),
        ("and", "half", _) => Some(end + 2),
        _ => None,
    };
    Some(half.map_or((f64::from(whole), end), |end| (f64::from(whole) + 0.5, end)))
}

/// "1,200" without its comma; a comma that does not group thousands is a decimal point.
fn ungrouped(digits: &str) -> String {
    match digits.rsplit_once(',') {
        Some((_, tail)) if tail.len() == 3 || digits.contains('.') => digits.replace(',', ""),
        _ => digits.replace(',', "."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::words::tokens;

    #[test]
    fn numbers_are_read_in_digits_and_words() {
        for (text, expected) in [
            ("64", 64.0),
            ("1.5", 1.5),
            ("1,5", 1.5),
            ("12,000", 12000.0),
            ("twenty-one", 21.0),
            ("one and a half", 1.5),
            ("one and half", 1.5),
        ] {
            let tokens = tokens(text);
            assert_eq!(decimal(&tokens, 0), Some((expected, tokens.len())), "{text}");
        }
        assert_eq!(decimal(&tokens("none"), 0), None);
    }
}
