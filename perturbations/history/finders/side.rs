//! Sides of the body.

use std::ops::Range;

use super::Found;
use crate::history::lexicon::{BODY_PARTS, DETERMINERS, PAIRED, PLACE_WORDS, on};
use crate::history::words::{Token, before, bytes, low, tokens};

/// Every side of the body that a text tells: "left", "right" or "both".
#[must_use]
pub fn sides(text: &str) -> Vec<Found<&'static str>> {
    let tokens = tokens(text);
    told(&tokens).into_iter().map(|(run, value)| Found { span: bytes(&tokens, &run), value }).collect()
}

/// Whether the word is a part of the body, in either number, or stands before one.
pub(in crate::history) fn is_place(word: &str) -> bool {
    on(BODY_PARTS, word) || on(BODY_PARTS, word.trim_end_matches('s')) || on(PLACE_WORDS, word)
}

/// Every side that is told, with its tokens.
pub(in crate::history) fn told(tokens: &[Token]) -> Vec<(Range<usize>, &'static str)> {
    let told = |at: usize| match low(tokens, at) {
        "left" if is_side(tokens, at) => Some("left"),
        "right" if is_side(tokens, at) => Some("right"),
        "l" if is_letter(tokens, at) => Some("left"),
        "r" if is_letter(tokens, at) => Some("right"),
        "both" | "bilateral" if is_side(tokens, at) => Some("both"),
        "bilaterally" => Some("both"),
        "two" if is_pair(tokens, at) => Some("both"),
        _ => None,
    };
    (0..tokens.len()).filter_map(|at| told(at).map(|side| (at..at + 1, side))).collect()
}

/// Whether "left" or "right" at `at` is a side: before a body part, "side" or "sided", or after "on the".
fn is_side(tokens: &[Token], at: usize) -> bool {
    let next = low(tokens, at + 1);
    let sided = next == "-" && on(&["sided", "side", "hand", "handed"], low(tokens, at + 2));
    let place = is_place(next) || next == "sides" || is_before_place(tokens, at) || is_half_of_both(tokens, at);
    let placed =
        on(DETERMINERS, before(tokens, at)) && at >= 2 && on(&["on", "to", "at", "from", "in"], low(tokens, at - 2));
    let idiom = on(&["away", "now", "after", "before", "here", "there", "direction", "thing", "time"], next);
    let alone = tokens.len() == 1;
    (sided || place || placed || alone) && !idiom
}

/// "left nasolabial fold": an adjective of place stands between the side and its part.
fn is_before_place(tokens: &[Token], at: usize) -> bool {
    let adjective = ["al", "ar", "ic", "ary", "oid", "ous"].iter().any(|end| low(tokens, at + 1).ends_with(end));
    let part = ["area", "artery", "canal", "cavity", "fold", "gland", "node", "nodes", "region", "sinus", "vein"];
    adjective && low(tokens, at + 1).len() > 4 && (is_place(low(tokens, at + 2)) || on(&part, low(tokens, at + 2)))
}

/// "left and right knees".
fn is_half_of_both(tokens: &[Token], at: usize) -> bool {
    let joined = on(&["and", "or", "/", "&"], low(tokens, at + 1));
    joined && on(&["left", "right"], low(tokens, at + 2)) && is_place(low(tokens, at + 3))
}

/// "two legs" of a person, "on two sides of the chest": both of a pair.
fn is_pair(tokens: &[Token], at: usize) -> bool {
    let place = at + 1 + usize::from(on(PLACE_WORDS, low(tokens, at + 1)));
    let side = low(tokens, place) == "sides" && on(&["on", "at", "to"], before(tokens, at));
    side || (on(PAIRED, low(tokens, place)) && !on(&["the", "these", "those"], before(tokens, at)))
}

/// "L" or "R" as a capital before a body part.
fn is_letter(tokens: &[Token], at: usize) -> bool {
    let short = tokens.get(at).is_some_and(|token| token.span.len() == 1);
    short && is_place(low(tokens, at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_are_told_from_other_senses() {
        for (text, told) in [
            ("Left forearm and right nasolabial fold", vec!["left", "right"]),
            ("her left and right knees", vec!["left", "right"]),
            ("Rashes bilaterally, and on two sides of the chest", vec!["both", "both"]),
            ("his two legs", vec!["both"]),
            ("both lower limbs", vec!["both"]),
            ("It was left untreated, all right, two toes on the outer side", vec![]),
            ("both of us, right away; I left two days ago", vec![]),
        ] {
            assert_eq!(sides(text).iter().map(|found| found.value).collect::<Vec<_>>(), told, "{text}");
        }
    }
}
