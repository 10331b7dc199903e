//! The side of the body in a note: finding it, cutting it out and swapping it.

use std::ops::Range;

use super::finders::side::{is_place, told};
use super::lexicon::{PLACE_WORDS, on};
use super::mention::{Class, Mention};
use super::seam::splice;
use super::words::{Shape, Text, Token, before, bytes, in_case_of, low, reads, slice, tokens};
use crate::Value;

/// The side that a value states: "left", "right" or "both".
pub(super) fn side(value: &Value) -> Option<&'static str> {
    let Value::Stated(text) = value else { return None };
    match text.trim().to_lowercase().as_str() {
        "left" | "l" | "left side" | "left-sided" => Some("left"),
        "right" | "r" | "right side" | "right-sided" => Some("right"),
        "both" | "both sides" | "bilateral" => Some("both"),
        _ => None,
    }
}

/// The other side; both sides have none.
pub(super) fn other(side: &str) -> Option<&'static str> {
    match side {
        "left" => Some("right"),
        "right" => Some("left"),
        _ => None,
    }
}

/// The mentions of the side that the value states.
pub(super) fn find(text: &Text, value: &Value) -> Vec<Mention> {
    let Some(side) = side(value) else { return Vec::new() };
    let tokens = &text.tokens;
    let runs = told(tokens).into_iter().filter(|(_, other)| *other == side);
    runs.map(|(run, _)| Mention { span: bytes(tokens, &run), class: Class::Adjective }).collect()
}

/// The first mention of the side that the value states.
pub(super) fn first(text: &str, value: &Value) -> Option<Mention> {
    find(&Text::read(text), value).into_iter().next()
}

/// Whether the text tells both sides, so that swapping one would say something else.
pub(super) fn is_mixed(text: &str) -> bool {
    let tokens = tokens(text);
    let sides = told(&tokens);
    sides.iter().any(|(_, side)| *side == "left") && sides.iter().any(|(_, side)| *side == "right")
}

/// The text with the side swapped at every mention.
pub(super) fn swap(text: &str, from: &Value) -> String {
    let mut swapped = text.to_owned();
    for mention in find(&Text::read(text), from).iter().rev() {
        let word = slice(text, &mention.span);
        let put = match word {
            "L" => "R".to_owned(),
            "R" => "L".to_owned(),
            _ => in_case_of(word, other(&word.to_lowercase()).unwrap_or(word)),
        };
        swapped = splice(&swapped, &mention.span, &put);
    }
    swapped
}

/// The text without its first mention of the side; `None` where what would be left is no English.
///
/// "the left forearm" becomes "the forearm", "both forearms" "the forearm", "the left side of the neck" "the neck";
/// "on the left" and "on the left side of the body" go.
pub(super) fn cut(text: &str, mention: &Mention) -> Option<String> {
    let tokens = tokens(text);
    let at = tokens.iter().position(|token| token.span.start == mention.span.start)?;
    let out = |run: Range<usize>| Some(splice(text, &bytes(&tokens, &run), ""));
    let next = low(&tokens, at + 1);
    if on(&["side", "sides"], next) {
        return cut_side(text, &tokens, at);
    }
    if next == "-" {
        let sided = on(&["sided", "side"], low(&tokens, at + 2));
        return sided.then(|| out(at..at + 3)).flatten();
    }
    if low(&tokens, at) == "both" {
        return cut_both(text, &tokens, at);
    }
    if is_place(next) {
        return out(at..at + 1);
    }
    hung(&tokens, at).and_then(|start| out(start..at + 1))
}

/// "both lower legs" becomes "the lower leg".
fn cut_both(text: &str, tokens: &[Token], at: usize) -> Option<String> {
    let noun = (at + 1..).find(|&at| !on(PLACE_WORDS, low(tokens, at)))?;
    let one = match low(tokens, noun) {
        "feet" => "foot",
        plural => plural.strip_suffix('s')?,
    };
    let word = bytes(tokens, &(noun..noun + 1));
    let between = slice(text, &(tokens.get(at)?.span.end..word.start));
    Some(splice(text, &(tokens.get(at)?.span.start..word.end), &format!("the{between}{one}")))
}

/// "left side" or "both sides" with what ties it to the rest.
fn cut_side(text: &str, tokens: &[Token], at: usize) -> Option<String> {
    let out = |run: Range<usize>| Some(splice(text, &bytes(tokens, &run), ""));
    let start = if on(&["the", "a"], before(tokens, at)) { at - 1 } else { at };
    let hung = on(&["on", "to", "at", "from", "over"], before(tokens, start)).then(|| start - 1);
    if reads(tokens, at + 2, &["of", "the", "body"]) {
        return out(hung?..at + 5);
    }
    if low(tokens, at + 2) == "of" {
        return out(start..at + 3);
    }
    match hung {
        Some(hung) => out(hung..at + 2),
        None => tokens.get(at + 2).filter(|next| next.shape == Shape::Word).and_then(|_| out(at..at + 2)),
    }
}

/// Where "on the" before a side begins.
fn hung(tokens: &[Token], at: usize) -> Option<usize> {
    let determined = on(&["the", "a"], before(tokens, at)) && at >= 2;
    (determined && on(&["on", "to", "at", "from"], low(tokens, at - 2))).then(|| at - 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left() -> Value {
        Value::Stated("left".into())
    }

    fn cut_all(note: &str) -> Option<String> {
        let mut note = note.to_owned();
        while let Some(mention) = first(&note, &left()) {
            note = cut(&note, &mention)?;
        }
        Some(note)
    }

    #[test]
    fn a_side_is_told_from_other_senses() {
        for note in
            ["It was left untreated.", "I left it.", "right now", "All right.", "a few days left", "Is it right?"]
        {
            assert!(find(&Text::read(note), &left()).is_empty(), "{note}");
            assert!(find(&Text::read(note), &Value::Stated("right".into())).is_empty(), "{note}");
        }
        assert_eq!(find(&Text::read("Left forearm; L knee; left-sided; on the left."), &left()).len(), 4);
    }

    #[test]
    fn swapped_in_every_case() {
        assert_eq!(
            swap("Left forearm, LEFT arm, L knee, left-sided.", &left()),
            "Right forearm, RIGHT arm, R knee, right-sided."
        );
    }

    #[test]
    fn cut_out() {
        for (note, expected) in [
            ("A mole on the left forearm.", "A mole on the forearm."),
            ("Left forearm lesion.", "Forearm lesion."),
            ("A left-sided rash.", "A rash."),
            ("On the left side of the face.", "On the face."),
            ("A rash on the left side of the body.", "A rash."),
            ("A rash on her face, on the left side.", "A rash on her face."),
            ("Right arm, left side ultrasound.", "Right arm, ultrasound."),
            ("A rash on the left.", "A rash."),
            ("An itchy left upper arm.", "An itchy upper arm."),
        ] {
            assert_eq!(cut_all(note).as_deref(), Some(expected), "{note}");
        }
        assert_eq!(cut_all("A rash on her left and right hands."), None);
    }

    #[test]
    fn both_sides_are_cut_out_and_have_no_other() {
        let both = Value::Stated("both".into());
        let cut = |note: &str| cut(note, &first(note, &both).unwrap());
        assert_eq!(cut("A rash on both forearms.").as_deref(), Some("A rash on the forearm."));
        assert_eq!(cut("A rash on both sides of the chest.").as_deref(), Some("A rash on the chest."));
        assert_eq!(other("both"), None);
    }

    #[test]
    fn both_sides_are_mixed() {
        assert!(is_mixed("the left hand and the right foot"));
        assert!(!is_mixed("the left hand, right now"));
    }
}
