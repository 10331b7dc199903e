//! The words in which two texts differ.
//!
//! The longest common sequence of words, gaps and marks by Myers' greedy algorithm (Algorithmica 1986, doi
//! 10.1007/BF01840446); what is not in it are the hunks.

use std::ops::Range;

use super::words::slice;

/// A stretch of one text, in bytes, and what stands in its place in the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hunk {
    /// Its bytes in the text before.
    pub(super) before: Range<usize>,
    /// Its bytes in the text after.
    pub(super) after: Range<usize>,
}

/// The most words, gaps and marks that may differ; of texts that differ in more the middle is one hunk.
const MOST: usize = 3000;

/// The stretches in which two texts differ, in order. Those with nothing but white space between them are one, unless
/// a word would then stand on both of its sides.
pub(super) fn hunks(before: &str, after: &str) -> Vec<Hunk> {
    let (old, new) = (pieces(before), pieces(after));
    let mut found: Vec<Hunk> = Vec::new();
    for hunk in raw(&old, &new) {
        let hunk = Hunk { before: span(&old, &hunk.before), after: span(&new, &hunk.after) };
        match found.last_mut() {
            Some(last) if is_joined(before, after, last, &hunk) => {
                (last.before.end, last.after.end) = (hunk.before.end, hunk.after.end);
            }
            _ => found.push(hunk),
        }
    }
    found.iter().map(|hunk| trimmed(before, after, hunk)).collect()
}

/// The hunk without the gaps and marks that both of its sides begin or end with.
fn trimmed(before: &str, after: &str, hunk: &Hunk) -> Hunk {
    let same = |(a, b): &(char, char)| a == b && !a.is_alphanumeric();
    let (old, new) = (slice(before, &hunk.before), slice(after, &hunk.after));
    let tail: usize = old.chars().rev().zip(new.chars().rev()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let (old, new) = (slice(old, &(0..old.len() - tail)), slice(new, &(0..new.len() - tail)));
    let head: usize = old.chars().zip(new.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    Hunk {
        before: hunk.before.start + head..hunk.before.end - tail,
        after: hunk.after.start + head..hunk.after.end - tail,
    }
}

/// Whether only white space parts two hunks and they have no word in common across it.
fn is_joined(before: &str, after: &str, first: &Hunk, next: &Hunk) -> bool {
    let gap = slice(before, &(first.before.end..next.before.start));
    let old = slice(before, &(first.before.start..next.before.end));
    let new = slice(after, &(first.after.start..next.after.end));
    gap.trim().is_empty() && !words(old).any(|word| words(new).any(|other| other == word))
}

/// The words of a text, gaps and marks left out.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    pieces(text).into_iter().map(|(_, piece)| piece).filter(|piece| piece.starts_with(char::is_alphanumeric))
}

/// The words, runs of white space and single marks of a text, with the bytes at which they begin.
fn pieces(text: &str) -> Vec<(usize, &str)> {
    let class = |c: char| if c.is_alphanumeric() { 0 } else { 1 + u8::from(c.is_whitespace()) };
    let mut pieces: Vec<(usize, &str)> = Vec::new();
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        match pieces.last_mut() {
            Some((start, last)) if class(c) != 1 && last.chars().next().map(class) == Some(class(c)) => {
                *last = slice(text, &(*start..end));
            }
            _ => pieces.push((at, slice(text, &(at..end)))),
        }
    }
    pieces
}

/// The bytes of a run of pieces; where it is empty, the place where it stands.
fn span(pieces: &[(usize, &str)], run: &Range<usize>) -> Range<usize> {
    let end = pieces.last().map_or(0, |(at, piece)| at + piece.len());
    let start = |at: usize| pieces.get(at).map_or(end, |(start, _)| *start);
    start(run.start)..start(run.end)
}

/// The hunks as runs of pieces.
fn raw(old: &[(usize, &str)], new: &[(usize, &str)]) -> Vec<Hunk> {
    let same = |(a, b): &(&(usize, &str), &(usize, &str))| a.1 == b.1;
    let head = old.iter().zip(new).take_while(same).count();
    let (old, new) = (old.get(head..).unwrap_or_default(), new.get(head..).unwrap_or_default());
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(same).count();
    let (old, new) = (old.get(..old.len() - tail).unwrap_or_default(), new.get(..new.len() - tail).unwrap_or_default());
    let ends = [(old.len(), new.len())];
    let (mut found, mut at) = (Vec::new(), (0, 0));
    for (x, y) in common(old, new).into_iter().chain(ends) {
        if (x, y) != at {
            found.push(Hunk { before: head + at.0..head + x, after: head + at.1..head + y });
        }
        at = (x + 1, y + 1);
    }
    found
}

/// The places of a longest common sequence, in order; none where more than [`MOST`] pieces differ.
fn common(old: &[(usize, &str)], new: &[(usize, &str)]) -> Vec<(usize, usize)> {
    // Row d holds, for each diagonal k = x - y from -d to d in steps of two, how far x comes with d pieces left out.
    let mut rows: Vec<Vec<usize>> = Vec::new();
    for d in 0..=MOST.min(old.len() + new.len()) {
        let row: Vec<usize> = (0..=d).map(|at| slid(old, new, reached(&rows, d, at), d, at)).collect();
        let done = row.iter().enumerate().any(|(at, &x)| x == old.len() && beside(x, d, at) == Some(new.len()));
        rows.push(row);
        if done {
            return traced(&rows, old.len(), new.len());
        }
    }
    Vec::new()
}

/// How far x comes on diagonal number `at` of row `d` by one piece left out more than in the row before.
fn reached(rows: &[Vec<usize>], d: usize, at: usize) -> Option<usize> {
    let Some(row) = rows.last().filter(|_| d > 0) else { return Some(0) };
    let inserted = row.get(at).copied();
    let deleted = at.checked_sub(1).and_then(|at| row.get(at)).map(|x| x + 1);
    inserted.max(deleted)
}

/// The y beside x on diagonal number `at` of row `d`: y = x - (2 at - d).
fn beside(x: usize, d: usize, at: usize) -> Option<usize> {
    (x + d).checked_sub(2 * at)
}

/// As far as the two texts agree from there on.
fn slid(old: &[(usize, &str)], new: &[(usize, &str)], from: Option<usize>, d: usize, at: usize) -> usize {
    let mut x = from.unwrap_or(0);
    let agree = |x: usize| {
        let y = beside(x, d, at)?;
        Some(old.get(x)?.1 == new.get(y)?.1)
    };
    while agree(x) == Some(true) {
        x += 1;
    }
    x
}

/// The way back from the ends of both texts to their beginnings.
fn traced(rows: &[Vec<usize>], x: usize, y: usize) -> Vec<(usize, usize)> {
    let (mut x, mut y, mut found) = (x, y, Vec::new());
    for d in (0..rows.len()).rev() {
        let at = (x + d).saturating_sub(y) / 2;
        let from = reached(rows.get(..d).unwrap_or_default(), d, at).unwrap_or(0);
        while x > from {
            (x, y) = (x - 1, y.saturating_sub(1));
            found.push((x, y));
        }
        let row = d.checked_sub(1).and_then(|d| rows.get(d));
        let inserted = row.and_then(|row| row.get(at)).copied();
        if inserted == Some(x) {
            y = y.saturating_sub(1);
        } else {
            x = x.saturating_sub(1);
        }
    }
    found.reverse();
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn told<'a>(before: &'a str, after: &'a str) -> Vec<(&'a str, &'a str)> {
        let hunks = hunks(before, after);
        hunks.iter().map(|hunk| (slice(before, &hunk.before), slice(after, &hunk.after))).collect()
    }

    #[test]
    fn each_change_is_a_hunk_of_its_own() {
        assert_eq!(told("She is 64. It itches; 64 mm.", "She is 46. It itches; 46 mm."), [("64", "46"), ("64", "46")]);
        assert_eq!(told("An itchy rash.", "A rash."), [("An itchy", "A")]);
        assert_eq!(told("A rash.", "A red rash."), [("", "red ")]);
        assert_eq!(told("It itches. It bleeds.", "It bleeds."), [("itches. It ", "")]);
        assert_eq!(told("", "New."), [("", "New.")]);
        assert_eq!(told("Same.", "Same."), []);
        assert_eq!(told("große Füße", "kleine Füße"), [("große", "kleine")]);
    }

    #[test]
    fn what_only_changes_places_is_no_single_hunk() {
        for (before, after) in told("x a", "b x") {
            assert!(!words(before).any(|word| words(after).any(|other| other == word)), "{before} | {after}");
        }
    }

    #[test]
    fn very_different_texts_are_one_hunk() {
        let text = |letter: &str| (0..3000).map(|at| format!("{letter}{at} ")).collect::<String>();
        assert_eq!(hunks(&text("a"), &text("b")).len(), 1);
    }

    proptest! {
        #[test]
        fn hunks_turn_one_text_into_the_other(
            old in proptest::collection::vec(proptest::sample::select(["a", "b", "c", " ", ".", "é"].as_slice()), 0..24),
            new in proptest::collection::vec(proptest::sample::select(["a", "b", "c", " ", ".", "é"].as_slice()), 0..24),
        ) {
            let (before, after) = (old.concat(), new.concat());
            let mut made = before.clone();
            for hunk in hunks(&before, &after).iter().rev() {
                let (old, new) = (slice(&before, &hunk.before), slice(&after, &hunk.after));
                prop_assert!(!words(old).any(|word| words(new).any(|other| other == word)), "{} | {}", old, new);
                made.replace_range(hunk.before.clone(), new);
            }
            prop_assert_eq!(made, after);
        }
    }
}
