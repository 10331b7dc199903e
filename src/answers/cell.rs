//! What a cell of a table says: yes or no, one of several words, a number.
//!
//! People and models write around what was asked: "**Yes.**", "Answer: B", "7 out of 10". Read is what is plain; what
//! says two things, denies or only comes near is not read, and the answer is then unreadable.

/// Which of two lists of words a cell says: `true` for the first.
///
/// Its first word decides where it stands alone or before a mark ("Yes, urgently"); not where a word follows that may
/// turn it round ("no doubt"), and not where the other answer comes at once ("yes, no").
#[must_use]
pub fn yes_no(text: &str, yes: &[String], no: &[String]) -> Option<bool> {
    let text = bare(text);
    match (opens(&text, yes), opens(&text, no)) {
        (Some(rest), None) if opens(rest, no).is_none() => Some(true),
        (None, Some(rest)) if opens(rest, yes).is_none() => Some(false),
        _ => None,
    }
}

/// What follows the first of some words, where a text begins with one: it alone, before a mark, or before a word with which
/// a sentence goes on.
fn opens<'a>(text: &'a str, words: &[String]) -> Option<&'a str> {
    const GOES_ON: &[&str] =
        &["i", "it", "she", "he", "they", "this", "the", "we", "you", "there", "because", "as", "since"];
    words.iter().find_map(|word| {
        let rest = text.strip_prefix(&folded(word))?;
        let next = rest.strip_prefix(' ').and_then(|rest| rest.split(' ').next()).unwrap_or_default();
        let fits = begins(text, &folded(word)) || GOES_ON.contains(&next);
        fits.then(|| rest.trim_start_matches(|c: char| !c.is_alphanumeric()))
    })
}

/// Which of the allowed words a cell says: it alone, or it before a mark or after a label, or the only one of them that
/// it names and does not deny. Words of one or two letters or digits count only where they stand first.
#[must_use]
pub fn choice<'a>(text: &str, allowed: &'a [String]) -> Option<&'a str> {
    let text = bare(text);
    let one = |is: &dyn Fn(&str) -> bool| {
        let mut fits = allowed.iter().filter(|word| is(&folded(word)));
        fits.next().filter(|_| fits.next().is_none()).map(String::as_str)
    };
    let whole = one(&|word| text == word);
    let named = |word: &str| if is_mark(word) { begins(&text, word) } else { mentions(&text, word) };
    whole.or_else(|| one(&named).filter(|_| !turns(&text)))
}

/// The number that a cell says: the only one in it, or the first of "7 out of 10" and "7/10". A range or a limit is
/// no number; units, "about" and a percent sign are passed over. "1e-3" is read
/// as programs write it.
#[must_use]
pub fn number(text: &str) -> Option<f64> {
    if let Some(number) = text.trim().parse::<f64>().ok().filter(|number| number.is_finite()) {
        return Some(number);
    }
    let text = bare(text).replace(['\u{2212}', '\u{2013}', '\u{2014}'], "-");
    if ["between", "less than", "more than", "at least", "at most", "under", "over", "up to"]
        .iter()
        .any(|w| text.contains(w))
        || text.contains(['<', '>', '\u{2264}', '\u{2265}'])
    {
        return None;
    }
    let numbers = numbers(&text)?;
    match numbers.as_slice() {
        [(number, _)] => Some(*number),
        [(number, end), (_, _)] => {
            let after = text.get(*end..).unwrap_or_default().trim_start_matches([' ', '(']);
            (after.starts_with('/') || after.starts_with("out of") || after.starts_with("of ")).then_some(*number)
        }
        _ => None,
    }
}

/// The numbers of a text, each with the byte at which it ends; nothing if one of them cannot be read.
fn numbers(text: &str) -> Option<Vec<(f64, usize)>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find(|c: char| c.is_ascii_digit())).map(|n| n + at) {
        let rest = text.get(start..)?;
        let end = start + rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(rest.len());
        let digits = text.get(start..end)?.trim_end_matches(['.', ',']);
        let before = text.get(..start)?;
        // "stage2", "b12": no number. "3-4": a range.
        if before.ends_with(char::is_alphanumeric)
            || before.trim_end_matches('-').ends_with(|c: char| c.is_ascii_digit())
        {
            return None;
        }
        let negative = before.ends_with('-');
        let leading = if before.trim_end_matches('-').ends_with('.') { "0." } else { "" };
        let value: f64 = format!("{leading}{}", plain_digits(digits)?).parse().ok()?;
        found.push((if negative { -value } else { value }, end));
        at = end;
    }
    Some(found)
}

/// Digits as a computer writes them: "1,000" is a thousand and "3,5" three and a half.
fn plain_digits(digits: &str) -> Option<String> {
    let parts: Vec<&str> = digits.split(',').collect();
    match parts.as_slice() {
        [_] => Some(digits.to_owned()),
        [first, rest @ ..]
            if !first.contains('.')
                && first.len() <= 3
                && rest.iter().all(|part| part.split('.').next().is_some_and(|p| p.len() == 3)) =>
        {
            Some(digits.replace(',', ""))
        }
        [whole, part] if !digits.contains('.') => Some(format!("{whole}.{part}")),
        _ => None,
    }
}

/// Lower case without marks of emphasis, quotes, label and full stop.
fn bare(text: &str) -> String {
    const LABELS: &[&str] = &[
        "final answer",
        "my answer",
        "the correct answer is",
        "the correct option is",
        "correct answer",
        "the answer is",
        "i would choose",
        "i choose",
        "i select",
        "answer",
        "response",
        "result",
        "score",
        "rating",
        "option",
        "choice",
    ];
    let text = folded(&text.trim().replace('\n', ". ").replace(['*', '`', '"', '_', '\u{201c}', '\u{201d}'], " "));
    let mut text = text.trim_matches(['\'', '(', ')', '[', ']', ' ']).to_owned();
    for _ in 0..2 {
        let rest = LABELS
            .iter()
            .find_map(|label| text.strip_prefix(label))
            .map(|rest| rest.trim_start_matches([':', ' ', '=', '-', '.']));
        match rest {
            Some(rest) if !rest.is_empty() => text = rest.to_owned(),
            _ => break,
        }
    }
    text.trim_matches(['\'', '(', '[', ' ']).trim_end_matches(['.', '!', ' ']).to_owned()
}

/// Lower case, one space between words.
pub(super) fn folded(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a text is a word, or begins with it and a mark.
fn begins(text: &str, word: &str) -> bool {
    let marks = ['.', ',', ';', ':', '!', ')', ']', '\u{2013}', '\u{2014}'];
    text.strip_prefix(word).is_some_and(|rest| {
        let of_a_number = rest.starts_with(['.', ','])
            && rest.get(1..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        let marked = rest.starts_with(marks) && !of_a_number;
        rest.is_empty()
            || marked
            || rest.starts_with(" -")
            || rest.trim_start().starts_with(['(', '\u{2013}', '\u{2014}'])
    })
}

/// Whether a text names a word, whole.
fn mentions(text: &str, word: &str) -> bool {
    let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    !word.is_empty()
        && text.match_indices(word).any(|(at, _)| {
            let (before, after) = (text.get(..at).unwrap_or_default(), text.get(at + word.len()..).unwrap_or_default());
            !inside(before.chars().next_back()) && !inside(after.chars().next())
        })
}

/// Whether a word is a mark such as "A" or "12" more than a word.
fn is_mark(word: &str) -> bool {
    word.chars().count() <= 2
}

/// Whether a text has words that deny or weigh.
fn turns(text: &str) -> bool {
    const TURNS: &[&str] = &[
        "not", "no", "non", "never", "neither", "nor", "or", "unless", "rather", "instead", "if", "either", "without",
        "than", "unlikely", "versus", "vs",
    ];
    text.split(|c: char| !c.is_alphanumeric() && c != '\'').any(|word| TURNS.contains(&word) || word.ends_with("n't"))
}

#[cfg(test)]
#[path = "cell_tests.rs"]
mod tests;
