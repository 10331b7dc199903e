//! Finding facts that are told in the field's own words, or denied by naming their subject.

use std::ops::Range;

use super::clause::is_governor;
use super::complaint;
use super::lexicon::{AUXILIARIES, COORDINATORS, GENERAL_NAMES, PREPOSITIONS, on};
use super::mention::{Class, Mention};
use super::symptoms::symptom;
use super::words::{Shape, Text, Token, before, bytes, low};
use crate::{Field, Kind, Value};

/// Every mention: the stated words, or for a field that says yes, no or unknown, the words for its subject.
pub(super) fn find(text: &Text, field: &Field) -> Vec<Mention> {
    match &field.value {
        Value::Stated(words) => stated(text, field, words),
        _ if symptom(&field.name).is_some() => complaint::find(text, field),
        _ => named(text, field),
    }
}

/// The stated words as whole words, in the singular and the plural.
fn stated(text: &Text, field: &Field, words: &str) -> Vec<Mention> {
    let size = field.kind == Kind::Diameter;
    let class = if field.kind == Kind::Site { Class::Place } else { Class::Fact };
    let plural = format!("{words}s");
    let mut runs: Vec<_> = text.phrase(words).chain(text.phrase(&plural)).collect();
    runs.retain(|run| field.kind != Kind::Site || !is_no_place(&text.tokens, run, &words.to_lowercase()));
    runs.sort_by_key(|run| run.start);
    let mention = |run: &Range<usize>| {
        let run = if size { measured(&text.tokens, run) } else { run.clone() };
        let class = if size && describes(&text.tokens, run.end) { Class::Adjective } else { class };
        Mention { span: bytes(&text.tokens, &run), class }
    };
    let mut found: Vec<Mention> = runs.iter().map(mention).collect();
    found.dedup_by(|next, before| next.span.start < before.span.end);
    found
}

/// A size with the rest of its measure: "1- to 2-mm", "1 cm X 1 cm", "1-cm long".
fn measured(tokens: &[Token], run: &Range<usize>) -> Range<usize> {
    let (mut start, mut end) = (run.start, run.end);
    let number = |at: usize| tokens.get(at).is_some_and(|token| token.shape == Shape::Number);
    if before(tokens, start) == "to" && start >= 3 {
        let first = if low(tokens, start - 2) == "-" { start - 3 } else { start - 2 };
        start = if number(first) { first } else { start };
    }
    if on(&["x", "×", "by"], low(tokens, end)) && number(end + 1) {
        end += if on(&["cm", "mm"], low(tokens, end + 2)) { 3 } else { 2 };
    }
    if on(&["long", "wide", "thick", "high", "deep"], low(tokens, end)) {
        end += 1;
    }
    start..end
}

/// Whether a size stands before what it is the size of: "a 4-cm tender lesion".
fn describes(tokens: &[Token], end: usize) -> bool {
    let next = low(tokens, end);
    let function = is_governor(next) || [PREPOSITIONS, COORDINATORS, AUXILIARIES].iter().any(|list| on(list, next));
    tokens.get(end).is_some_and(|token| token.shape == Shape::Word) && !function
}

/// Whether the words for a place stand for something else: "on the back of the neck", "it came back", "head first",
/// "6 feet tall", "on the other hand".
fn is_no_place(tokens: &[Token], run: &Range<usize>, words: &str) -> bool {
    let (previous, next) = (before(tokens, run.start), low(tokens, run.end));
    let counted =
        run.start.checked_sub(1).and_then(|at| tokens.get(at)).is_some_and(|left| left.shape == Shape::Number);
    match words {
        "back" => {
            next == "of"
                || on(RETURNS, previous)
                || on(&["again", "and", "at", "car", "door", "home", "in", "seat", "then", "to", "up", "when"], next)
        }
        "head" => {
            on(&["back", "circumference", "cold", "ct", "first", "lice", "mri", "of", "over", "to"], next)
                || on(&["must", "should", "to", "will"], previous)
        }
        "foot" | "feet" => counted || on(&["five", "six"], previous),
        "hand" => on(&["other", "second"], previous) || on(&["out", "over", "sanitizer", "sanitiser"], next),
        // An investigation, a disease or a thing that has its name from a place is not where the complaint is.
        "abdomen" | "chest" => on(&["ct", "film", "radiograph", "scan", "x", "xray"], next),
        "stomach" => on(&["acid", "bug", "flu", "virus"], next),
        "breast" => on(&["fed", "feed", "feeding", "milk"], next),
        "nose" => on(&["bleed", "bleeds"], next) || on(&["runny", "blocked"], previous),
        "mouth" => on(&["wash"], next) || on(&["dry"], previous),
        "eye" => {
            on(&["contact", "doctor", "drops"], next) || (on(&["an", "close"], previous) && on(&["on", "out"], next))
        }
        "nail" => on(&["polish", "varnish"], next),
        "ear" => on(&["cleaning", "plug", "plugs"], next),
        _ => false,
    }
}

/// Words behind which "back" is a direction or a time.
#[rustfmt::skip]
const RETURNS: &[&str] = &[
    "'m", "am", "are", "be", "been", "bounced", "brought", "call", "called", "came", "come", "comes", "coming", "cut",
    "date", "dates", "dating", "energy", "fell", "flew", "gave", "get", "gets", "getting", "give", "go", "goes", "going", "gone",
    "got", "grew", "grow", "growing", "grown", "head", "headed", "hear", "heard", "is", "it", "knock", "moved", "put",
    "report", "sent", "took", "turned", "walked", "was", "way", "went", "were", "years",
];

/// The words for the field's subject; the longest at a place wins.
fn named(text: &Text, field: &Field) -> Vec<Mention> {
    let own = content(&field.name);
    let subjects = if own.is_empty() { subjects(field) } else { forms(&own) };
    let plural = format!("{own}s");
    let words = subjects.iter().copied().chain([own.as_str(), plural.as_str()]).filter(|words| words.len() > 1);
    let mut runs: Vec<_> = words.flat_map(|words| text.phrase(words)).collect();
    runs.retain(|run| !is_label_of_another(&text.tokens, run.end));
    runs.sort_by_key(|run| (run.start, usize::MAX - run.end));
    let mut end = 0;
    runs.retain(|run| {
        let fresh = run.start >= end;
        end = end.max(run.end);
        fresh
    });
    runs.iter().map(|run| Mention { span: bytes(&text.tokens, run), class: Class::Fact }).collect()
}

/// The words of a field's name that say what it is about: "skin cancer" of `skin_cancer_history`.
pub(super) fn content(name: &str) -> String {
    let words: Vec<&str> = name.split(['_', '-', ' ']).filter(|word| !on(GENERAL_NAMES, word)).collect();
    words.join(" ")
}

/// Other forms of a subject.
fn forms(content: &str) -> &'static [&'static str] {
    match content {
        "smoking" | "smoke" | "smoker" | "smokes" => {
            &["smokes", "smoke", "smoker", "smoked", "smoking", "cigarettes", "tobacco"]
        }
        "alcohol" | "drinking" | "drink" | "drinks" => &["drinks alcohol", "drink alcohol", "alcohol"],
        "pregnancy" | "pregnant" => &["pregnant", "pregnancy"],
        _ => &[],
    }
}

/// "contact dermatitis", "contact lens", "family doctor": the word belongs to something else.
fn is_label_of_another(tokens: &[Token], end: usize) -> bool {
    on(&["dermatitis", "eczema", "lens", "lenses", "doctor", "physician", "allergy", "number"], low(tokens, end))
}

/// How clearly a sentence names the field's subject: the words of the longest phrase for it, 0 where there is none.
pub(super) fn clarity(sentence: &str, field: &Field) -> usize {
    let text = Text::read(sentence);
    let named = subjects(field).iter().chain(leads(field)).flat_map(|words| text.phrase(words));
    named.map(|run| run.len()).max().unwrap_or_default()
}

/// Words that lead up to a stated value of the field.
fn leads(field: &Field) -> &'static [&'static str] {
    match field.kind {
        Kind::FamilyHistory => &["family history includes"],
        Kind::PastHistory => &["history includes"],
        Kind::Drug if field.name.contains("new") => &["recently started", "newly started medicine", "put on"],
        Kind::Drug => &["regularly takes", "usual medication", "takes", "is on"],
        _ => &[],
    }
}

/// Words for what a field of that kind is about.
fn subjects(field: &Field) -> &'static [&'static str] {
    match field.kind {
        Kind::Allergy => &["allergy", "allergies", "allergic"],
        Kind::FamilyHistory => &["family history", "in the family", "runs in the family", "fh", "family members"],
        Kind::PastHistory | Kind::PriorDiagnosis => &[
            "past history",
            "past medical history",
            "medical history",
            "pmh",
            "history is otherwise clear",
            "previous illness",
        ],
        Kind::PriorTreatment => &["treatment", "treatments", "treated", "tried", "tried anything"],
        Kind::Drug if field.name.contains("new") => &[
            "new drug",
            "new drugs",
            "new medicine",
            "new medication",
            "new medicines",
            "medicine was started",
            "drug was started",
        ],
        Kind::Drug => &[
            "regular medication",
            "regular medicines",
            "nothing regularly",
            "medication",
            "medications",
            "medicines",
            "takes nothing",
        ],
        Kind::Contact => &["contact", "contacts", "knows nobody"],
        Kind::Exposure if field.name.contains("sun") => &["sun exposure", "the sun", "sun", "sunburn", "sunbed"],
        Kind::Travel => &["travel", "travelled", "traveled", "abroad"],
        Kind::Occupation => &["occupation", "job"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::samples::field;
    use crate::history::words::slice;

    fn found<'a>(note: &'a str, field: &Field) -> Vec<&'a str> {
        find(&Text::read(note), field).iter().map(|mention| slice(note, &mention.span)).collect()
    }

    #[test]
    fn stated_words_are_found_in_any_case_and_number() {
        let site = field("site", Kind::Site, "forearm");
        assert_eq!(found("Forearm lesion; both forearms; the forearmed.", &site), ["Forearm", "forearms"]);
    }

    #[test]
    fn a_denied_fact_is_found_by_its_subject() {
        let family = field("family_history", Kind::FamilyHistory, "no");
        assert_eq!(
            found("Nothing runs in the family. FH: nil. The family doctor.", &family),
            ["runs in the family", "FH"]
        );
        let cancer = field("skin_cancer_history", Kind::FamilyHistory, "no");
        assert_eq!(
            found("There is no skin cancer in the family. There is cancer in the family.", &cancer),
            ["skin cancer"]
        );
        let smoking = field("smoking", Kind::Exposure, "yes");
        assert_eq!(found("The patient does not smoke.", &smoking), ["smoke"]);
        let allergy = field("allergy", Kind::Allergy, "no");
        assert_eq!(found("No known allergies; no contact allergy.", &allergy), ["allergies", "allergy"]);
    }
}
