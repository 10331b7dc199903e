//! Answers in JSON, and JSON amid other words.

use std::collections::BTreeSet;

use super::ordered::{Json, balanced, comment, parse};
use super::{Draft, Entry, item, wants};
use crate::diagnosis::Lexicon;
use crate::reading::Ask;

/// What a search for JSON came to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Found {
    /// An object that answers.
    Answer(Draft),
    /// JSON that cannot be read and would have been the answer.
    Broken,
    /// No JSON that answers.
    Nothing,
}

/// The longest text that is searched, in bytes; and how many places in it.
const LONGEST: usize = 1 << 20;
const MOST_TRIES: usize = 200;

const LISTS: &[&str] = &[
    "differential",
    "differential_diagnosis",
    "differential_diagnoses",
    "differentials",
    "diagnoses",
    "ddx",
    "ranked_diagnoses",
    "top_diagnoses",
    "possible_diagnoses",
    "predictions",
    "alternatives",
];
const LEADERS: &[&str] = &[
    "diagnosis",
    "most_likely_diagnosis",
    "primary_diagnosis",
    "leading_diagnosis",
    "main_diagnosis",
    "top_diagnosis",
    "final_diagnosis",
    "most_likely",
    "prediction",
    "choice",
    "answer",
];
const NAMES: &[&str] = &["diagnosis", "name", "condition", "label", "disease", "dx", "diagnosis_name", "title"];
const CHANCES: &[&str] = &["probability", "confidence", "likelihood", "prob", "p", "weight", "percent", "percentage"];
/// Fields of an entry that are neither its name nor its probability.
const ASIDES: &[&str] = &[
    "rank",
    "reason",
    "reasons",
    "reasoning",
    "rationale",
    "explanation",
    "justification",
    "evidence",
    "description",
    "notes",
    "comment",
    "icd",
    "icd10",
    "icd_10",
    "code",
    "features",
    "supporting_features",
    "triage",
    "urgency",
];
const TRIAGES: &[&str] = &["triage", "triage_level", "urgency", "urgency_level", "triage_urgency", "priority"];
const ABSTAINS: &[&str] = &["abstain", "abstains", "abstained", "abstention", "cannot_assess", "unable_to_diagnose"];
const RETAKES: &[&str] = &["retake_photo", "retake", "retake_image", "needs_retake", "request_retake", "new_photo"];
const ASKS: &[&str] =
    &["asks_for", "asks", "missing_information", "missing_info", "information_needed", "needs", "questions"];
const DOUBTS: &[&str] = &["challenges", "challenge", "doubts", "conflicts", "inconsistencies"];

/// The last JSON value that answers.
pub(super) fn find(text: &str, lexicon: &Lexicon) -> Found {
    let mut found = Found::Nothing;
    let mut at = 0;
    for _ in 0..MOST_TRIES {
        let Some(rest) = text.get(at..).filter(|_| text.len() <= LONGEST) else { break };
        let Some(open) = rest.find(['{', '[']) else { break };
        let rest = rest.get(open..).unwrap_or_default();
        at += open;
        if let Some((value, length)) = parse(rest) {
            at += length;
            if let Some(draft) = answer(&value, lexicon, 2) {
                found = Found::Answer(draft);
            }
        } else if opens_object(rest) {
            let length = balanced(rest).unwrap_or(rest.len());
            at += length;
            if rest.get(..length).is_some_and(meant_as_answer) {
                found = Found::Broken;
            }
        } else {
            at += 1;
        }
    }
    found
}

/// Whether an object begins here, rather than a word in braces.
fn opens_object(text: &str) -> bool {
    let mut inside = text.strip_prefix('{').or_else(|| text.strip_prefix('[')).unwrap_or(text).trim_start();
    while let Some(rest) = comment(inside, 0).and_then(|length| inside.get(length..)) {
        inside = rest.trim_start();
    }
    inside.starts_with(['"', '\'', '\u{201c}', '{'])
}

/// Whether unreadable JSON was to be the answer.
fn meant_as_answer(text: &str) -> bool {
    let text = text.to_lowercase();
    ["differential", "diagnos", "triage", "abstain"].iter().any(|key| text.contains(key))
}

/// The draft in a value, looked for below wrappers such as `{"answer": {…}}` too.
fn answer(value: &Json, lexicon: &Lexicon, depth: u8) -> Option<Draft> {
    match value {
        Json::Object(fields) => object(fields, lexicon).or_else(|| {
            let deeper = depth.checked_sub(1)?;
            fields.iter().find_map(|(_, inner)| answer(inner, lexicon, deeper))
        }),
        Json::List(items) => {
            let deeper = depth.checked_sub(1)?;
            if let Some(draft) = items.iter().find_map(|inner| whole_answer(inner, lexicon, deeper)) {
                return Some(draft);
            }
            let entries = entries(value, lexicon);
            (!entries.is_empty()).then(|| Draft { entries, ..Draft::default() })
        }
        _ => None,
    }
}

/// An object in a list that is an answer of its own and not one entry of a differential.
fn whole_answer(value: &Json, lexicon: &Lexicon, depth: u8) -> Option<Draft> {
    match value {
        Json::Object(fields) if field(fields, LISTS).is_some() => answer(value, lexicon, depth),
        _ => None,
    }
}

/// The draft in an object that has at least one field of an answer.
fn object(fields: &[(String, Json)], lexicon: &Lexicon) -> Option<Draft> {
    let leader = field(fields, LEADERS).filter(|value| value.text().is_some() || is_entry(value));
    let list = field(fields, LISTS);
    let abstains = field(fields, ABSTAINS);
    let refusal = field(fields, &["refusal"]).and_then(Json::text).is_some_and(|text| !text.trim().is_empty());
    if leader.is_none() && list.is_none() && abstains.is_none() && !refusal {
        return None;
    }
    let leader = leader.map(|value| beside(value, fields));
    let leading = leader.iter().flat_map(|leader| listed(leader, lexicon));
    let rest = list.into_iter().flat_map(|list| entries(list, lexicon));
    let doubts = doubts(fields);
    Some(Draft {
        entries: percents(leading.chain(rest).collect()),
        triage: field(fields, TRIAGES).and_then(said),
        abstains: abstains.is_some_and(Json::affirms),
        refuses: refusal,
        asks: asks(fields),
        challenges: doubts.iter().flat_map(|doubt| wants::doubted(doubt)).collect(),
        doubts,
        notes: notes(fields),
    })
}

/// A leading diagnosis with the probability that stands beside it, unless a list follows.
fn beside(leader: &Json, fields: &[(String, Json)]) -> Json {
    match (leader, field(fields, CHANCES), field(fields, LISTS)) {
        (Json::Text(name), Some(chance), None) => {
            Json::Object(vec![("diagnosis".into(), Json::Text(name.clone())), ("probability".into(), chance.clone())])
        }
        _ => leader.clone(),
    }
}

/// The value of the first of these keys; case, hyphens and spaces in keys do not matter.
fn field<'a>(fields: &'a [(String, Json)], names: &[&str]) -> Option<&'a Json> {
    names.iter().find_map(|name| fields.iter().find(|(key, _)| plain_key(key) == *name).map(|(_, value)| value))
}

fn plain_key(key: &str) -> String {
    key.trim().to_lowercase().replace(['-', ' '], "_")
}

/// The diagnoses in a list, an object or a text.
fn entries(value: &Json, lexicon: &Lexicon) -> Vec<Entry> {
    match value {
        Json::List(items) => match items.as_slice() {
            [Json::Text(name), chance @ Json::Number(_)] => named(name, Some(chance), lexicon),
            _ => items.iter().flat_map(|inner| listed(inner, lexicon)).collect(),
        },
        Json::Text(text) => item::several(text, lexicon),
        Json::Object(fields) => match field(fields, NAMES) {
            Some(Json::Text(name)) => named(name, field(fields, CHANCES), lexicon),
            Some(inner @ Json::Object(_)) => nested(inner, field(fields, CHANCES), lexicon),
            _ => fields.iter().flat_map(|(key, inner)| keyed(key, inner, lexicon)).collect(),
        },
        Json::Null | Json::Bool(_) | Json::Number(_) => Vec::new(),
    }
}

/// The diagnosis of one item of a list.
fn listed(value: &Json, lexicon: &Lexicon) -> Vec<Entry> {
    match value {
        Json::Text(text) => item::some(text, lexicon),
        _ => entries(value, lexicon),
    }
}

/// Whether an object is one diagnosis.
fn is_entry(value: &Json) -> bool {
    matches!(value, Json::Object(fields) if field(fields, NAMES).is_some_and(|name| name.text().is_some()))
}

/// One diagnosis with the probability of its own field.
fn named(name: &str, chance: Option<&Json>, lexicon: &Lexicon) -> Vec<Entry> {
    let mut entries = item::one(name, lexicon);
    if let (Some(chance), [entry]) = (chance.and_then(probability), entries.as_mut_slice()) {
        entry.probability = Some(chance);
    }
    entries
}

/// One diagnosis that is an object of its own, `{"diagnosis": {"name": …}, "probability": …}`.
fn nested(inner: &Json, chance: Option<&Json>, lexicon: &Lexicon) -> Vec<Entry> {
    match inner {
        Json::Object(fields) => match field(fields, NAMES) {
            Some(Json::Text(name)) => named(name, chance.or_else(|| field(fields, CHANCES)), lexicon),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// One field of an object that stands in place of a list: `"melanoma": 0.6` or `"1": "melanoma"`.
fn keyed(key: &str, value: &Json, lexicon: &Lexicon) -> Vec<Entry> {
    match value {
        _ if [CHANCES, ASIDES].concat().contains(&plain_key(key).as_str()) => Vec::new(),
        Json::Number(_) => named(key, Some(value), lexicon),
        Json::Text(text) if item::percent(text).is_some() && lexicon.canonical(text).is_none() => {
            named(key, Some(value), lexicon)
        }
        Json::Object(fields) if !is_entry(value) => named(key, field(fields, CHANCES), lexicon),
        Json::Text(_) => listed(value, lexicon),
        Json::List(_) | Json::Object(_) => entries(value, lexicon),
        Json::Null | Json::Bool(_) => Vec::new(),
    }
}

/// A stated number; words such as "high" state none. Still in the scale of the answer: see [`percents`].
fn probability(value: &Json) -> Option<f64> {
    match value {
        Json::Number(number) => Some(*number),
        Json::Text(text) => item::percent(text).or_else(|| text.trim().parse().ok()),
        _ => None,
    }
}

/// Brings the numbers of one list to [0, 1]: if any is above 1, all are per cent. What lies outside is no probability.
fn percents(mut entries: Vec<Entry>) -> Vec<Entry> {
    let scale = if entries.iter().any(|entry| entry.probability.is_some_and(|p| p > 1.0)) { 100.0 } else { 1.0 };
    for entry in &mut entries {
        entry.probability = entry.probability.map(|p| p / scale).filter(|p| (0.0..=1.0).contains(p));
    }
    entries
}

/// A value in words.
fn said(value: &Json) -> Option<String> {
    match value {
        Json::Text(text) => Some(text.clone()),
        Json::Object(fields) => field(fields, &["level", "urgency", "category", "value", "triage"]).and_then(said),
        _ => None,
    }
}

/// What is asked for.
fn asks(fields: &[(String, Json)]) -> BTreeSet<Ask> {
    let retake = field(fields, RETAKES).is_some_and(Json::affirms).then_some(Ask::Retake);
    let listed = match field(fields, ASKS) {
        Some(Json::List(items)) => items.iter().filter_map(Json::text).map(String::from).collect(),
        Some(Json::Text(text)) => text.split([',', ';']).map(String::from).collect(),
        _ => Vec::new(),
    };
    listed.iter().filter_map(|text| wants::ask(text)).chain(retake).collect()
}

/// What is doubted in so many words; an entry that is an object is all of its words.
fn doubts(fields: &[(String, Json)]) -> Vec<String> {
    match field(fields, DOUBTS) {
        Some(Json::List(items)) => items.iter().map(|item| texts(item).join(": ")).collect(),
        Some(value @ (Json::Text(_) | Json::Object(_))) => vec![texts(value).join(": ")],
        _ => Vec::new(),
    }
}

/// Every text of an answer that is not one of its diagnoses.
fn notes(fields: &[(String, Json)]) -> String {
    let known = [LISTS, LEADERS, TRIAGES, ASKS, DOUBTS].concat();
    let texts = fields.iter().filter(|(key, _)| !known.contains(&plain_key(key).as_str())).flat_map(|(_, v)| texts(v));
    texts.collect::<Vec<_>>().join("\n")
}

fn texts(value: &Json) -> Vec<&str> {
    match value {
        Json::Text(text) => vec![text],
        Json::List(items) => items.iter().flat_map(texts).collect(),
        Json::Object(fields) => fields.iter().flat_map(|(_, inner)| texts(inner)).collect(),
        Json::Null | Json::Bool(_) | Json::Number(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> Vec<(String, Option<f64>)> {
        match find(text, Lexicon::embedded()) {
            Found::Answer(draft) => draft.entries.into_iter().map(|e| (e.name, e.probability)).collect(),
            Found::Broken | Found::Nothing => Vec::new(),
        }
    }

    #[test]
    fn percents_are_told_from_shares_by_the_whole_list() {
        let of = |a: &str, b: &str| {
            list(&format!(r#"{{"differential": [{{"diagnosis": "melanoma", "probability": {a}}}, {{"diagnosis": "naevus", "probability": {b}}}]}}"#))
                .into_iter().map(|(_, p)| p).collect::<Vec<_>>()
        };
        assert_eq!(of("0.6", "0.4"), [Some(0.6), Some(0.4)]);
        assert_eq!(of("60", "1"), [Some(0.6), Some(0.01)]);
        assert_eq!(of("\"60%\"", "\"40 %\""), [Some(0.6), Some(0.4)]);
        assert_eq!(of("\"high\"", "null"), [None, None]);
        assert_eq!(of("-0.2", "1"), [None, Some(1.0)]);
        assert_eq!(of("250", "50"), [None, Some(0.5)]);
    }

    #[test]
    fn an_inner_object_of_a_broken_one_is_no_answer() {
        let text = r#"{"differential": [{"diagnosis": "melanoma", "probability": 0.6}, {"diagnosis": "na"#;
        assert_eq!(find(text, Lexicon::embedded()), Found::Broken);
    }

    #[test]
    fn json_that_does_not_answer_is_passed_over() {
        for text in [r#"{"see": "below"}"#, "[1]", "{x}", "no json", r#"{"width": 3}"#] {
            assert_eq!(find(text, Lexicon::embedded()), Found::Nothing, "{text}");
        }
    }

    #[test]
    fn a_long_run_of_brackets_ends() {
        assert_eq!(find(&"{\"a\":".repeat(10_000), Lexicon::embedded()), Found::Nothing);
        assert_eq!(find(&"[".repeat(100_000), Lexicon::embedded()), Found::Nothing);
    }
}
