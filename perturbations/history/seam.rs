//! Where a text is cut and what is left is joined: spaces, commas, articles and capitals.

use std::ops::Range;

use super::words::{capitalised, slice, tokens};

/// The text with a stretch replaced (or cut out, with "") and the seam mended.
///
/// Only the seam is touched: the spaces and a stray comma at the cut, `a` or `an` before it, and the first letter
/// after it where the cut stood at the start of a sentence.
pub(super) fn splice(text: &str, cut: &Range<usize>, put: &str) -> String {
    let (head, tail) = (slice(text, &(0..cut.start)), slice(text, &(cut.end..text.len())));
    let raise = starts_sentence(head) && begins_upper(slice(text, cut));
    if put.is_empty() {
        let (head, tail) = close(head, tail);
        let tail = if raise { capitalised(&tail) } else { tail };
        with_article(&head, &tail)
    } else {
        let raise =
            raise && (head.is_empty() || head.ends_with(char::is_whitespace)) && !head.trim_end().ends_with(':');
        let put = if raise { capitalised(put) } else { put.to_owned() };
        with_article(head, &format!("{put}{tail}"))
    }
}

/// Whether a sentence begins after that text.
fn starts_sentence(head: &str) -> bool {
    let trimmed = head.trim_end();
    trimmed.is_empty() || head.ends_with('\n') || trimmed.ends_with(['.', '!', '?', ':', '…'])
}

fn begins_upper(text: &str) -> bool {
    text.chars().find(|c| c.is_alphanumeric()).is_some_and(|c| c.is_uppercase() || c.is_ascii_digit())
}

/// Both sides of a cut with one gap between them, and without a comma that has lost its purpose.
fn close(head: &str, tail: &str) -> (String, String) {
    let gap = |c: char| c == ' ' || c == '\t';
    let mut left = head.trim_end_matches(gap);
    let mut right = tail.trim_start_matches(gap);
    if left.ends_with('(') && right.starts_with(')') {
        left = left.trim_end_matches('(').trim_end_matches(gap);
        right = right.trim_start_matches(')').trim_start_matches(gap);
    }
    if right.starts_with(',') && (starts_sentence(left) || left.ends_with([',', ';', '('])) {
        right = right.trim_start_matches(',').trim_start_matches(gap);
    }
    if right.is_empty() || right.starts_with(['.', ';', ',', '!', '?', ')', '\n', '\r']) {
        left = left.trim_end_matches([',', ';']).trim_end_matches(gap);
    }
    let open = left.is_empty() || left.ends_with(['\n', '(', '[', '"', '“']);
    let shut = right.is_empty() || right.starts_with(['.', ',', ';', ':', '!', '?', ')', ']', '\n', '\r']);
    let space = slice(head, &(left.len()..head.len()));
    let space = if space.is_empty() || !space.chars().all(gap) { " " } else { space };
    let tight = !head.ends_with(char::is_whitespace) && !tail.starts_with(char::is_whitespace);
    let glue =
        if open || shut || (tight && left.len() == head.len() && right.len() == tail.len()) { "" } else { space };
    (format!("{left}{glue}"), right.to_owned())
}

/// Head and tail joined, with `a` or `an` at the end of the head as the tail asks for.
fn with_article(head: &str, tail: &str) -> String {
    let words = tokens(head);
    let next = tokens(tail).into_iter().next();
    let (Some(last), Some(next)) = (words.last(), next) else { return format!("{head}{tail}") };
    let adjacent = slice(head, &(last.span.end..head.len())).chars().all(char::is_whitespace);
    if !adjacent || !matches!(&*last.low, "a" | "an") || slice(tail, &next.span).is_empty() {
        return format!("{head}{tail}");
    }
    let upper = slice(head, &last.span).starts_with('A');
    let article = match (sounds_open(&next.low), upper) {
        (true, true) => "An",
        (true, false) => "an",
        (false, true) => "A",
        (false, false) => "a",
    };
    let (stem, gap) = (slice(head, &(0..last.span.start)), slice(head, &(last.span.end..head.len())));
    format!("{stem}{article}{gap}{tail}")
}

/// Whether a word, in lower case, begins with a vowel sound.
pub(super) fn sounds_open(word: &str) -> bool {
    let closed = ["uni", "use", "usu", "uri", "ure", "eu", "one", "once"];
    let open = ["hour", "honest", "heir"];
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        return word.starts_with('8') || matches!(word, "11" | "18");
    }
    if closed.iter().any(|start| word.starts_with(start)) && !word.starts_with("unin") {
        return false;
    }
    word.starts_with(['a', 'e', 'i', 'o', 'u']) || open.iter().any(|start| word.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, what: &str, put: &str) -> String {
        let start = text.find(what).unwrap();
        splice(text, &(start..start + what.len()), put)
    }

    #[test]
    fn the_article_follows_the_word_after_the_cut() {
        assert_eq!(cut("An 80-year-old woman", "80-year-old", ""), "A woman");
        assert_eq!(cut("with a painful itchy rash", "painful", ""), "with an itchy rash");
        assert_eq!(cut("A 47-year-old man", "47", "81"), "An 81-year-old man");
        assert_eq!(cut("an 8-week history", "8-week", ""), "a history");
    }

    #[test]
    fn stray_commas_and_spaces_go() {
        assert_eq!(cut("A nodule, painful, on the arm.", "painful", ""), "A nodule, on the arm.");
        assert_eq!(cut("It is red, itchy.", "itchy", ""), "It is red.");
        assert_eq!(cut("A rash (itchy) on the arm.", "itchy", ""), "A rash on the arm.");
        assert_eq!(cut("Female, 54.", "54", ""), "Female.");
    }

    #[test]
    fn a_sentence_keeps_its_capital() {
        assert_eq!(cut("64-year-old woman.", "64-year-old", ""), "Woman.");
        assert_eq!(cut("Itchy rash.", "Itchy", ""), "Rash.");
        assert_eq!(cut("itchy rash.", "itchy", ""), "rash.");
    }

    #[test]
    fn what_is_away_from_the_seam_stays() {
        assert_eq!(cut("a  apple. It is  itchy , and so on", "itchy ", ""), "a  apple. It is, and so on");
    }

    #[test]
    fn articles_follow_sound_not_spelling() {
        for (word, open) in [
            ("hour", true),
            ("unit", false),
            ("ulcer", true),
            ("80", true),
            ("11", true),
            ("18", true),
            ("uninjured", true),
        ] {
            assert_eq!(sounds_open(word), open, "{word}");
        }
    }
}
