//! Sentence boundaries in a note.

use std::ops::Range;

use super::words::slice;

/// Words that end in a point without ending a sentence.
const ABBREVIATIONS: &[&str] = &[
    "approx", "b.d", "ca", "cf", "dept", "dr", "e.g", "etc", "fig", "i.e", "incl", "max", "min", "mr", "mrs", "ms",
    "no", "o.d", "p.o", "prof", "resp", "st", "t.d.s", "vs", "y.o", "yr", "yrs",
];

/// Words that a single letter ends: "vitamin D." is no initial.
const LETTERED: &[&str] = &["vitamin", "vitamins", "hepatitis", "type", "group", "influenza", "grade"];

/// The sentences of a note in order, without the white space between them.
///
/// A sentence ends at `.`, `!`, `?` or `…` before white space, and at a line break that starts a new line of thought
/// (a blank line, a capital, a digit or a bullet after it). Points in numbers, abbreviations, initials and the
/// numbers of lists end nothing.
pub(super) fn sentences(note: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, c) in note.char_indices() {
        let end = at + c.len_utf8();
        let ends = match c {
            '.' => ends_at_point(note, start, at),
            '!' | '?' | '…' => !continues(note, end),
            '。' => true,
            '\n' => breaks_line(note, end),
            _ => false,
        };
        if ends {
            push(note, start..end, &mut found);
            start = end;
        }
    }
    push(note, start..note.len(), &mut found);
    found
}

/// The sentence that holds that byte.
pub(super) fn sentence_at(note: &str, byte: usize) -> Option<Range<usize>> {
    sentences(note).into_iter().find(|sentence| sentence.contains(&byte))
}

/// Whether a text ends as a sentence does.
pub(super) fn is_closed(text: &str) -> bool {
    text.trim_end().ends_with(['.', '!', '?', '…', '。'])
}

/// Keeps a stretch that holds a letter or digit; marks alone belong to the sentence before.
fn push(note: &str, span: Range<usize>, found: &mut Vec<Range<usize>>) {
    let text = slice(note, &span);
    let start = span.start + (text.len() - text.trim_start().len());
    let end = start + text.trim().len();
    if text.chars().any(char::is_alphanumeric) {
        found.push(start..end);
    } else if let (Some(last), true) = (found.last_mut(), end > start) {
        last.end = end;
    }
}

fn ends_at_point(note: &str, start: usize, at: usize) -> bool {
    if continues(note, at + 1) {
        return false;
    }
    let sentence = slice(note, &(start..at));
    let word = sentence.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
    let low = word.to_lowercase();
    let list_number = sentence.trim_start() == word && word.chars().all(|c| c.is_ascii_digit());
    let before = sentence.trim_end_matches(word).split_whitespace().next_back().unwrap_or_default().to_lowercase();
    let initial = word.len() == 1 && word.chars().all(char::is_uppercase) && !LETTERED.contains(&before.as_str());
    let ends_note = slice(note, &(at + 1..note.len())).trim().is_empty();
    let short = ABBREVIATIONS.contains(&low.as_str()) && (low != "no" || before_number(note, at + 1));
    ends_note || !(short || list_number || initial)
}

fn before_number(note: &str, at: usize) -> bool {
    slice(note, &(at..note.len())).trim_start().starts_with(|c: char| c.is_ascii_digit())
}

/// Whether the text runs on without white space (decimals, `e.g.`, `?!`, closing quotes).
fn continues(note: &str, at: usize) -> bool {
    slice(note, &(at..note.len())).chars().next().is_some_and(|c| !c.is_whitespace())
}

fn breaks_line(note: &str, at: usize) -> bool {
    let rest = slice(note, &(at..note.len())).trim_start_matches([' ', '\t', '\r']);
    rest.chars().next().is_none_or(|c| !c.is_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(note: &str) -> Vec<&str> {
        sentences(note).iter().map(|span| slice(note, span)).collect()
    }

    #[test]
    fn points_in_numbers_and_abbreviations_end_nothing() {
        assert_eq!(
            split("It is 1.5 cm, e.g. large. Seen by Dr. Hill."),
            ["It is 1.5 cm, e.g. large.", "Seen by Dr. Hill."]
        );
        assert_eq!(split("1.  Cream twice. 2. Bath."), ["1.  Cream twice.", "2. Bath."]);
        assert_eq!(split("She takes vitamin D. Seen by J. Hill."), ["She takes vitamin D.", "Seen by J. Hill."]);
        assert_eq!(
            split("Lesion no. 3 bleeds. Itch: no. Pain: yes"),
            ["Lesion no. 3 bleeds.", "Itch: no.", "Pain: yes"]
        );
    }

    #[test]
    fn marks_stay_with_their_sentence() {
        assert_eq!(split("Help!! What is it?... Thanks."), ["Help!!", "What is it?...", "Thanks."]);
        assert_eq!(split("She said \"it bleeds.\" Then left."), ["She said \"it bleeds.\" Then left."]);
    }

    #[test]
    fn a_line_break_ends_a_sentence_unless_the_line_was_wrapped() {
        assert_eq!(split("Age: 64\nSex: female"), ["Age: 64", "Sex: female"]);
        assert_eq!(split("a rash that\nitches a lot"), ["a rash that\nitches a lot"]);
        assert_eq!(split(" \n "), Vec::<&str>::new());
    }

    #[test]
    fn a_sentence_is_found_by_a_byte() {
        let note = "One. Two.";
        assert_eq!(sentence_at(note, 6), Some(5..9));
        assert_eq!(sentence_at(note, 4), None);
    }

    proptest::proptest! {
        #[test]
        fn sentences_are_ordered_disjoint_and_cover_every_letter(note in "[A-Za-z0-9 .,!?\n…é-]{0,80}") {
            let found = sentences(&note);
            let mut end = 0;
            for span in &found {
                proptest::prop_assert!(span.start >= end && span.end > span.start);
                let gap = slice(&note, &(end..span.start));
                proptest::prop_assert!(!gap.chars().any(char::is_alphanumeric));
                end = span.end;
            }
            proptest::prop_assert!(!slice(&note, &(end..note.len())).chars().any(char::is_alphanumeric));
        }
    }
}
