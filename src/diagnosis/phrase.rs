//! Words around a name that name nothing themselves: how sure someone is, what a lesion is like, where it is.

/// Words and phrases that say how sure someone is, and not of what. In normal form.
const HEDGES: &[&str] = &[
    "cannot be excluded",
    "can not be excluded",
    "cannot exclude",
    "not excluded",
    "cannot rule out",
    "cant rule out",
    "rule out",
    "to rule out",
    "r o",
    "highly suspicious for",
    "suspicious for",
    "suspicion of",
    "suspected",
    "suspicious",
    "suspect",
    "suggestive of",
    "suggesting",
    "concerning for",
    "concern for",
    "consistent with",
    "compatible with",
    "in keeping with",
    "indicative of",
    "favoring",
    "favored",
    "favor",
    "presumed",
    "presumptive",
    "provisional",
    "query",
    "probably",
    "probable",
    "possibly",
    "possible",
    "most likely",
    "more likely",
    "less likely",
    "unlikely",
    "likely",
    "consider",
    "typical of",
    "features of",
    "signs of",
    "picture of",
    "a case of",
    "looks like",
    "appears to be",
    "seems to be",
    "could be",
    "may be",
    "might be",
    "should be",
    "to be",
    "this is",
    "it is",
    "i think",
    "we suspect",
    "diagnosis of",
    "diagnosis",
    "dx",
    "ddx",
    "clinically",
    "must",
    "most",
    "a",
    "an",
    "the",
];

/// Words that describe a lesion without naming another disease. In normal form.
const QUALIFIERS: &[&str] = &[
    "early",
    "late",
    "advanced",
    "small",
    "large",
    "bilateral",
    "unilateral",
    "symmetrical",
    "symmetric",
    "diffuse",
    "disseminated",
    "scattered",
    "grouped",
    "refractory",
    "resistant",
    "relapsing",
    "stable",
    "active",
    "longstanding",
    "untreated",
    "erosive",
    "hyperkeratotic",
    "exudative",
    "solitary",
    "single",
    "multiple",
    "localized",
    "generalized",
    "widespread",
    "extensive",
    "chronic",
    "acute",
    "subacute",
    "recurrent",
    "persistent",
    "mild",
    "moderate",
    "severe",
    "classic",
    "classical",
    "typical",
    "inflamed",
    "irritated",
    "pigmented",
    "ulcerated",
    "crusted",
    "bleeding",
    "nodular",
    "superficial",
    "invasive",
    "metastatic",
    "cutaneous",
    "skin",
    "facial",
    "type",
    "variant",
    "lesion",
    "disease",
    "flare",
    "exacerbation",
    "plaque",
];

/// Words that turn a name into its denial.
const DENIALS: &[&str] = &["not", "no", "non", "without", "excluded", "ruled", "excluding", "than", "versus", "vs"];

/// Words that begin a body site after `of`, `on` and the like. In normal form.
const SITES: &[&str] = &[
    "the",
    "left",
    "right",
    "upper",
    "lower",
    "skin",
    "face",
    "nose",
    "nasal",
    "ear",
    "cheek",
    "lip",
    "scalp",
    "neck",
    "chest",
    "back",
    "abdomen",
    "arm",
    "forearm",
    "hand",
    "leg",
    "thigh",
    "foot",
    "trunk",
    "shoulder",
    "eyelid",
    "forehead",
    "temple",
    "finger",
    "toe",
    "elbow",
    "knee",
    "wrist",
    "ankle",
    "palm",
    "sole",
    "heel",
    "groin",
    "axilla",
    "armpit",
    "buttock",
    "breast",
    "nipple",
    "chin",
    "jaw",
    "mouth",
    "tongue",
    "gum",
    "nail",
    "fingernail",
    "toenail",
    "thumb",
    "knuckle",
    "shin",
    "calf",
    "hip",
    "flank",
    "waist",
    "belly",
    "genital",
    "genitalia",
    "penis",
    "scrotum",
    "vulva",
    "anus",
    "perineum",
    "limb",
    "extremity",
    "body",
    "head",
    "nape",
    "eye",
    "eyebrow",
    "hairline",
    "both",
    "dorsal",
    "dorsum",
    "inner",
    "outer",
    "his",
    "her",
    "sun",
];

/// Words without what says how sure someone is.
pub(super) fn without_hedges(words: &[String]) -> Vec<String> {
    without_phrases(words, HEDGES)
}

/// Whether words deny what they name.
pub(super) fn denies(words: &[String]) -> bool {
    words.iter().any(|word| DENIALS.contains(&word.as_str()))
}

/// What stands outside and what stands inside brackets, if anything does.
pub(super) fn brackets(text: &str) -> Option<(String, String)> {
    let mut depth = 0_u32;
    let (mut outside, mut inside) = (String::with_capacity(text.len()), String::new());
    for c in text.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 => outside.push(c),
            _ => inside.push(c),
        }
    }
    (!inside.trim().is_empty() && !outside.trim().is_empty()).then_some((outside, inside))
}

/// Words without any of these phrases.
fn without_phrases(words: &[String], phrases: &[&str]) -> Vec<String> {
    let mut kept = Vec::with_capacity(words.len());
    let mut rest = words;
    while let Some((first, others)) = rest.split_first() {
        match phrases.iter().find_map(|phrase| after_phrase(rest, phrase)) {
            Some(after) => rest = after,
            None => {
                kept.push(first.clone());
                rest = others;
            }
        }
    }
    kept
}

/// What follows a phrase, if the words begin with it.
fn after_phrase<'a>(words: &'a [String], phrase: &str) -> Option<&'a [String]> {
    let length = phrase.split(' ').count();
    let (head, rest) = words.split_at_checked(length)?;
    head.iter().zip(phrase.split(' ')).all(|(word, part)| word == part).then_some(rest)
}

/// Words without qualifiers.
pub(super) fn unqualified(words: &[String]) -> Vec<String> {
    words.iter().filter(|word| !QUALIFIERS.contains(&word.as_str())).cloned().collect()
}

/// Words up to a body site that ends them, as in "psoriasis of the scalp".
pub(super) fn without_site(words: &[String]) -> &[String] {
    let joint = |pair: &[String]| {
        matches!(pair, [link, site] if ["of", "on", "at", "over", "in", "involving", "affecting"].contains(&link.as_str())
            && SITES.contains(&site.as_str()))
    };
    let end = words.windows(2).position(joint).unwrap_or(words.len());
    words.get(..end).unwrap_or(words)
}
