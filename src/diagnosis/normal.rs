//! Words in a form in which names compare: lower case, no punctuation, singular, one spelling.

/// The words of a text as they compare: British and American spelling, plural and possessive fall together.
pub(super) fn words(text: &str) -> Vec<String> {
    raw_words(text).iter().map(|word| singular(&fold(word))).collect()
}

/// The words in lower case, plurals and spelling left as they are: a misspelling can look like either ("squamos").
pub(super) fn words_as_written(text: &str) -> Vec<String> {
    raw_words(text)
}

/// Words that join others and name nothing.
const JOINTS: &[&str] = &["of", "the", "on", "in", "at", "over", "and", "a", "an"];

/// The telling words in alphabetical order, joined.
pub(super) fn bag(words: &[String]) -> String {
    let mut words: Vec<&str> = words.iter().map(String::as_str).filter(|word| !JOINTS.contains(word)).collect();
    words.sort_unstable();
    words.join(" ")
}

/// A text in lower case, with single spaces and no punctuation: how a diagnosis that maps to nothing is kept.
#[must_use]
pub fn plain(text: &str) -> String {
    raw_words(text).join(" ")
}

/// Lower-case words without accents; a possessive `'s` is dropped.
fn raw_words(text: &str) -> Vec<String> {
    let mut plain = String::with_capacity(text.len() + 8);
    if text.bytes().all(|byte| byte.is_ascii() && byte != b'\'') {
        plain.extend(
            text.bytes().map(|b| if b.is_ascii_alphanumeric() { char::from(b.to_ascii_lowercase()) } else { ' ' }),
        );
        return plain.split_ascii_whitespace().map(String::from).collect();
    }
    let mut rest = text.chars().flat_map(char::to_lowercase);
    while let Some(c) = rest.next() {
        if !matches!(c, '\'' | '\u{2019}') {
            push_plain(&mut plain, c);
            continue;
        }
        let mut ahead = rest.clone();
        if ahead.next() == Some('s') && ahead.next() == Some(' ') {
            plain.push(' ');
            rest.nth(1);
        }
    }
    plain.split_whitespace().map(String::from).collect()
}

/// Appends a character without its accent; what is neither a letter nor a digit becomes a space.
fn push_plain(text: &mut String, c: char) {
    match c {
        'æ' => text.push_str("ae"),
        'œ' => text.push_str("oe"),
        'à' | 'á' | 'â' | 'ä' | 'ã' => text.push('a'),
        'è' | 'é' | 'ê' | 'ë' => text.push('e'),
        'ì' | 'í' | 'î' | 'ï' => text.push('i'),
        'ò' | 'ó' | 'ô' | 'ö' | 'õ' => text.push('o'),
        'ù' | 'ú' | 'û' | 'ü' => text.push('u'),
        'ç' => text.push('c'),
        'ñ' => text.push('n'),
        c if c.is_alphanumeric() => text.push(c),
        _ => text.push(' '),
    }
}

/// One spelling for British and American words: naevus and nevus, tumour and tumor, localised and localized.
fn fold(word: &str) -> String {
    let plain = |word: &str| word.replace("ae", "e").replace("oe", "e");
    let word = if word.contains("ae") || word.contains("oe") { plain(word) } else { word.to_owned() };
    let endings = [
        ("our", "or"),
        ("ours", "ors"),
        ("oured", "ored"),
        ("ouring", "oring"),
        ("ised", "ized"),
        ("ising", "izing"),
        ("isation", "ization"),
    ];
    match endings.iter().find_map(|(from, to)| word.strip_suffix(from).map(|stem| (stem, to))) {
        Some((stem, to)) if stem.len() > 2 => format!("{stem}{to}"),
        _ => word,
    }
}

/// The singular of a folded word, by the endings that occur in names of skin diseases.
fn singular(word: &str) -> String {
    const ENDINGS: [(&str, &str); 9] = [
        ("nevi", "nevus"),
        ("oses", "osis"),
        ("omata", "oma"),
        ("lentigines", "lentigo"),
        ("verruce", "verruca"),
        ("itides", "itis"),
        ("ies", "y"),
        ("petechie", "petechia"),
        ("exanthemata", "exanthem"),
    ];
    if word.len() <= 3 {
        return word.into();
    }
    if let Some((stem, to)) = ENDINGS.iter().find_map(|(from, to)| word.strip_suffix(from).map(|stem| (stem, to))) {
        return format!("{stem}{to}");
    }
    let kept = ["ss", "us", "is"].iter().any(|ending| word.ends_with(ending));
    word.strip_suffix('s').filter(|_| !kept).unwrap_or(word).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_plurals_and_possessives_fall_together() {
        for (one, other) in [
            ("Naevi", "nevus"),
            ("Seborrhoeic keratoses", "seborrheic keratosis"),
            ("Bowen’s disease", "bowen disease"),
            ("haemangiomas", "hemangioma"),
            ("solar lentigines", "Solar Lentigo"),
            ("malignant tumours", "malignant tumor"),
            ("Henoch-Schönlein purpura", "henoch schonlein PURPURA"),
            ("generalised", "generalized"),
        ] {
            assert_eq!(words(one), words(other));
        }
    }

    #[test]
    fn words_that_end_in_s_keep_it() {
        assert_eq!(words("psoriasis tinea corporis naevus"), ["psoriasis", "tinea", "corporis", "nevus"]);
    }

    #[test]
    fn plain_text_keeps_its_spelling() {
        assert_eq!(plain("  **Pyogenic   Granuloma** (PG)."), "pyogenic granuloma pg");
    }
}
