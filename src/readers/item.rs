//! One item of a list: a diagnosis with whatever a model writes around it.

use super::Entry;
use crate::diagnosis::Lexicon;

/// The most words that a diagnosis outside the lexicon can have; longer items are sentences.
const LONGEST_NAME: usize = 8;

/// What ends a name and begins an explanation, in the order in which it is tried.
const ENDS: &[&str] = &[
    " - ",
    " \u{2013} ",
    " \u{2014} ",
    "\u{2014}",
    ": ",
    " (",
    "; ",
    ", ",
    ". ",
    " because ",
    " given ",
    " due to ",
    " with ",
    " which ",
    " as ",
    " based on ",
    " rather than ",
    " instead of ",
    " is ",
];

/// What joins diagnoses that share a rank.
const JOINTS: &[&str] = &[" vs. ", " vs ", " versus ", " or ", " and ", " / ", "/"];

/// The diagnosis of an item; several where it joins some by "or" and the like; none where it is a sentence about
/// something else.
pub(super) fn one(text: &str, lexicon: &Lexicon) -> Vec<Entry> {
    let text = unlabelled(&unmarked(text), lexicon).to_string();
    let probability = percent(&text).or_else(|| share(&text));
    let text = without_percent(&text);
    let text = text.trim();
    let heads = ENDS.iter().filter_map(|end| text.split_once(end)).map(|(head, _)| head);
    if let Some(name) = core::iter::once(text).chain(heads).find(|name| lexicon.canonical(name).is_some()) {
        return vec![Entry { name: name.into(), probability }];
    }
    if let Some(entries) = joined(text, lexicon) {
        return entries;
    }
    let name = shortest(text);
    match name.split_whitespace().count() {
        0 => Vec::new(),
        1..=LONGEST_NAME => vec![Entry { name: name.into(), probability }],
        _ => {
            let mention = lexicon.mentions(text).into_iter().next();
            let name = mention.and_then(|mention| text.get(mention.start..mention.end));
            name.map(|name| Entry { name: name.into(), probability }).into_iter().collect()
        }
    }
}

/// The diagnoses of an item of a list; a list within it only where at least two of its parts are known.
pub(super) fn some(text: &str, lexicon: &Lexicon) -> Vec<Entry> {
    let text = affirmed(text, lexicon);
    let parts = parts(text);
    let known = parts.iter().filter(|part| lexicon.canonical(&unmarked(part)).is_some()).count();
    if known < 2 || lexicon.canonical(text).is_some() {
        return one(text, lexicon);
    }
    parts.iter().flat_map(|part| one(part, lexicon)).collect()
}

/// The diagnoses of a text that is a list: "melanoma, naevus or wart".
pub(super) fn several(text: &str, lexicon: &Lexicon) -> Vec<Entry> {
    let text = affirmed(text, lexicon);
    if lexicon.canonical(text).is_some() {
        return one(text, lexicon);
    }
    parts(text).iter().flat_map(|part| one(part, lexicon)).collect()
}

/// What stands before "rather than", if that is a diagnosis: the others are denied.
fn affirmed<'a>(text: &'a str, lexicon: &Lexicon) -> &'a str {
    let heads = [" rather than ", " instead of "].iter().filter_map(|words| text.split_once(words));
    let known = heads.map(|(head, _)| head).find(|head| lexicon.canonical(&unmarked(head)).is_some());
    known.unwrap_or(text)
}

/// The parts of a list in one line, without the words that join the last.
fn parts(text: &str) -> Vec<&str> {
    let mut depth = 0_i32;
    let split = |c: char| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth <= 0 && matches!(c, ',' | ';' | '\n')
    };
    let parts = text.split(split).flat_map(|part| part.split(" and ")).flat_map(|part| part.split(" or "));
    let joint = |part: &str| part.trim().trim_end_matches('.').len();
    parts
        .map(|part| part.trim().trim_end_matches('.'))
        .map(|part| part.strip_prefix("and ").or_else(|| part.strip_prefix("or ")).unwrap_or(part).trim())
        .map(|part| part.strip_prefix("followed by ").unwrap_or(part))
        .filter(|part| joint(part) > 0)
        .collect()
}

/// A text without marks of emphasis, quotes and the number or letter that begins it.
pub(super) fn unmarked(text: &str) -> String {
    let text = text.replace("**", "").replace("__", "").replace(['`', '*', '"', '\u{201c}', '\u{201d}'], "");
    let text = text.trim().trim_start_matches(['#', '-', '\u{2022}', '>', ' ']).trim();
    enumerated(text).map_or(text, |(_, rest)| rest).trim().into()
}

/// The number of an item such as `1.`, `(2)`, `3)` or `B.`, and what follows it. Letters count from 1.
pub(super) fn enumerated(text: &str) -> Option<(u32, &str)> {
    let inner = text.strip_prefix('(').unwrap_or(text);
    let end = inner.find(|c: char| !c.is_ascii_alphanumeric())?;
    let (mark, rest) = inner.split_at_checked(end)?;
    let rest = rest.strip_prefix(['.', ')', ':'])?;
    if !rest.starts_with(char::is_whitespace) && !rest.starts_with('*') {
        return None;
    }
    let letter = |mark: &str| match mark.as_bytes() {
        [letter @ (b'A'..=b'H' | b'a'..=b'h')] => Some(u32::from(letter.to_ascii_uppercase() - b'A') + 1),
        _ => None,
    };
    let number = mark.parse().ok().filter(|number| (1..=50).contains(number)).or_else(|| letter(mark))?;
    Some((number, rest.trim_start()))
}

/// What follows a label such as "Most likely diagnosis:".
fn unlabelled<'a>(text: &'a str, lexicon: &Lexicon) -> &'a str {
    match text.split_once(':') {
        Some((label, rest)) if is_label(label) && lexicon.canonical(label).is_none() => rest.trim(),
        _ => text,
    }
}

/// Whether words before a colon announce a diagnosis.
pub(super) fn is_label(label: &str) -> bool {
    const LABELS: &[&str] = &[
        "diagnos",
        "likely",
        "differential",
        "primary",
        "leading",
        "top",
        "rank",
        "option",
        "first",
        "second",
        "third",
        "alternative",
        "answer",
        "impression",
        "working",
        "choice",
        "also",
        "ddx",
        "dx",
    ];
    let label = label.to_lowercase();
    let words = || label.split(|c: char| !c.is_alphanumeric());
    label.split_whitespace().count() <= 6 && LABELS.iter().any(|start| words().any(|word| word.starts_with(start)))
}

/// Diagnoses that share a rank, if every part is known.
fn joined(text: &str, lexicon: &Lexicon) -> Option<Vec<Entry>> {
    let head = ENDS.iter().filter_map(|end| text.split_once(end)).map(|(head, _)| head).min_by_key(|head| head.len());
    [Some(text), head].into_iter().flatten().find_map(|text| {
        let joint = JOINTS.iter().find(|joint| text.contains(**joint))?;
        let known = |part: &str| lexicon.canonical(part).map(|_| Entry { name: part.trim().into(), probability: None });
        text.split(joint).map(known).collect()
    })
}

/// A name up to the first sign that an explanation begins.
fn shortest(text: &str) -> &str {
    let ends = [" - ", " \u{2013} ", " \u{2014} ", "\u{2014}", ":", "(", ";", ", ", ". "];
    let end = ends.iter().filter_map(|end| text.find(end)).min().unwrap_or(text.len());
    text.get(..end).unwrap_or(text).trim().trim_end_matches('.')
}

/// A stated percentage as a share; a range ("60–70 %") or a limit ("> 90 %") states none.
pub(super) fn percent(text: &str) -> Option<f64> {
    let sign = text.find('%')?;
    let before = text.get(..sign)?.trim_end();
    let start = before.rfind(|c: char| !c.is_ascii_digit() && c != '.').map_or(0, |at| at + 1);
    // The character before the number may take more than one byte.
    let start = (start..=before.len()).find(|at| before.is_char_boundary(*at))?;
    let (lead, digits) = before.split_at_checked(start)?;
    let lead = lead.trim_end();
    let ranged =
        lead.ends_with(['-', '\u{2013}', '\u{2014}', '>', '<', '\u{2265}', '\u{2264}']) || lead.ends_with("to");
    let dashed =
        lead.trim_end_matches(['-', '\u{2013}', '\u{2014}']).ends_with(|c: char| c.is_ascii_digit() || c == '%');
    let limited = lead.ends_with(['>', '<', '\u{2265}', '\u{2264}']);
    if limited
        || (ranged && dashed)
        || (lead.ends_with("to") && lead.trim_end_matches("to").trim_end().ends_with(|c: char| c.is_ascii_digit()))
    {
        return None;
    }
    digits.parse::<f64>().ok().map(|value| value / 100.0).filter(|share| (0.0..=1.0).contains(share))
}

/// A stated share: a number with a decimal point between 0 and 1 in brackets, after a colon or after "probability".
fn share(text: &str) -> Option<f64> {
    let starts =
        ["(", ": ", "probability ", "probability: ", "probability of ", "p = ", "p=", "confidence ", "confidence: "];
    let lower = text.to_lowercase();
    starts.iter().filter_map(|start| lower.find(start).and_then(|at| lower.get(at + start.len()..))).find_map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (digits, after) = rest.split_at_checked(end)?;
        let alone = after.is_empty() || after.starts_with([')', ',', ';']);
        let value = digits.parse::<f64>().ok().filter(|_| alone && digits.contains('.'))?;
        (0.0..=1.0).contains(&value).then_some(value)
    })
}

/// A text without a percentage at its end or in brackets, which is no part of a name.
fn without_percent(text: &str) -> String {
    let Some(sign) = text.find('%') else { return text.into() };
    let before = text.get(..sign).unwrap_or_default();
    let digits =
        |c: char| c.is_ascii_digit() || matches!(c, '.' | ' ' | '~' | '-' | '\u{2013}' | '>' | '<' | '\u{2248}' | '%');
    let name = before.trim_end_matches(digits);
    let rest = text.get(sign + 1..).unwrap_or_default();
    format!("{name}{rest}").replace("()", "").trim_end_matches([' ', ':', '-', '\u{2013}', ',', '(']).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, Option<f64>)> {
        let name = |entry: &Entry| {
            let known = Lexicon::embedded().canonical(&entry.name).map(|found| found.id.to_string());
            known.unwrap_or_else(|| format!("? {}", entry.name))
        };
        one(text, Lexicon::embedded()).iter().map(|entry| (name(entry), entry.probability)).collect()
    }

    #[test]
    fn items_are_read_with_all_that_stands_around_them() {
        for (text, name, probability) in [
            ("1. **Basal cell carcinoma** (60%) \u{2013} pearly nodule", "basal_cell_carcinoma", Some(0.6)),
            ("2) Melanoma: 25%", "melanoma", Some(0.25)),
            ("- Melanoma - 25 %", "melanoma", Some(0.25)),
            ("Melanoma (0.3)", "melanoma", Some(0.3)),
            ("Melanoma, probability 0.3", "melanoma", Some(0.3)),
            ("Melanoma (60-70%)", "melanoma", None),
            ("Melanoma (>90%)", "melanoma", None),
            ("Melanoma (~40%)", "melanoma", Some(0.4)),
            ("Melanoma, given the irregular border", "melanoma", None),
            ("Melanoma because it grew", "melanoma", None),
            ("Most likely diagnosis: BCC (70%)", "basal_cell_carcinoma", Some(0.7)),
            ("Squamous cell carcinoma (SCC): scaly, 12 mm", "squamous_cell_carcinoma", None),
            ("B) Melanoma", "melanoma", None),
            ("(C) Naevus", "melanocytic_naevus", None),
            ("Zebra granuloma (10%): bleeds easily", "? Zebra granuloma", Some(0.1)),
            ("Zebra sarcoma.", "? Zebra sarcoma", None),
            ("It could well be an early melanoma as the border is so very irregular", "melanoma", None),
        ] {
            assert_eq!(read(text), [(name.to_string(), probability)], "{text}");
        }
    }

    #[test]
    fn joined_diagnoses_share_a_rank_in_written_order() {
        let names = |text: &str| read(text).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        assert_eq!(names("Melanoma vs. dysplastic naevus"), ["melanoma", "melanocytic_naevus"]);
        assert_eq!(names("BCC/SCC"), ["basal_cell_carcinoma", "squamous_cell_carcinoma"]);
        assert_eq!(names("SJS/TEN"), ["stevens_johnson_syndrome"]);
    }

    #[test]
    fn a_sentence_without_a_diagnosis_is_no_item() {
        assert_eq!(read("The border is irregular and the colour varies from brown to black"), []);
        assert_eq!(read(""), []);
    }

    #[test]
    fn lists_in_a_line_are_split() {
        let names = |text: &str| several(text, Lexicon::embedded()).into_iter().map(|e| e.name).collect::<Vec<_>>();
        assert_eq!(
            names("melanoma, dysplastic naevus, or pyogenic granuloma."),
            ["melanoma", "dysplastic naevus", "pyogenic granuloma"]
        );
        assert_eq!(names("BCC (nodular, ulcerated) and SCC"), ["BCC (nodular, ulcerated)", "SCC"]);
        assert_eq!(names("Carcinoma, basal cell"), ["Carcinoma, basal cell"]);
    }
}
