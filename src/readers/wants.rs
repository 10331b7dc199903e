//! What an answer asks for and what it doubts. Tables of plain English, matched in lower case.

use std::collections::BTreeSet;

use super::words::{folded, sentences};
use crate::diagnosis::plain;
use crate::reading::{Ask, Challenge};

/// What a text asks for.
pub(super) fn asks(text: &str) -> BTreeSet<Ask> {
    sentences(text).flat_map(asks_of_sentence).collect()
}

fn asks_of_sentence(sentence: &str) -> Vec<Ask> {
    let text = folded(sentence);
    const NEEDLESS: &[&str] =
        &["not needed", "not necessary", "not required", "no need", "n't needed", "n't necessary", "n't required"];
    if NEEDLESS.iter().any(|phrase| text.contains(phrase)) {
        return Vec::new();
    }
    let mut asks = Vec::new();
    asks.extend(wants_photo(&text).then_some(Ask::Retake));
    asks.extend(wants_visit(&text).then_some(Ask::InPerson));
    if requests(&text) {
        asks.extend(fields(&text).map(|field| Ask::Missing(field.into())));
    }
    asks
}

/// Whether a new photograph is asked for: "retake", or "a clearer … photo" within four words.
fn wants_photo(text: &str) -> bool {
    const BETTER: &[&str] = &[
        "new",
        "another",
        "better",
        "clearer",
        "sharper",
        "additional",
        "repeat",
        "repeated",
        "improved",
        "higher",
        "well-lit",
        "focused",
        "in-focus",
        "clear",
        "brighter",
        "high-quality",
        "better-quality",
        "higher-quality",
        "higher-resolution",
        "high-resolution",
    ];
    const PHOTOS: &[&str] = &["photo", "photos", "photograph", "photographs", "image", "images", "picture", "pictures"];
    let words: Vec<&str> =
        text.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).collect();
    let near = |at: usize| words.iter().skip(at + 1).take(3).any(|word| PHOTOS.contains(word));
    // "No new or clearer photo": from the word back to a "no", over nothing but words of the same kind.
    let refused = |at: usize| {
        let mut before =
            words.iter().take(at).rev().skip_while(|word| BETTER.contains(word) || ["or", "and"].contains(word));
        before.next() == Some(&"no")
    };
    let better = words.iter().enumerate().any(|(at, word)| BETTER.contains(word) && near(at) && !refused(at));
    let asked = requests(text)
        || [
            "would help",
            "recommend",
            "is needed",
            "are needed",
            "required",
            "suggest",
            "take",
            "submit",
            "upload",
            "obtain",
            "send",
            "advise",
        ]
        .iter()
        .any(|word| text.contains(word));
    let again = ["retake", "re-take", "repeat photo"].iter().any(|word| {
        text.match_indices(word).any(|(at, _)| !text.get(..at).is_some_and(|before| before.trim_end().ends_with("no")))
    });
    again || (better && asked)
}

/// Whether the patient is to be seen.
fn wants_visit(text: &str) -> bool {
    ["in person", "in-person", "face-to-face", "face to face", "physical examination", "physical exam"]
        .iter()
        .any(|phrase| text.contains(phrase))
}

/// Whether a sentence asks for something.
fn requests(text: &str) -> bool {
    [
        "please provide",
        "please send",
        "please share",
        "please tell",
        "please upload",
        "please submit",
        "need to know",
        "need more",
        "more information",
        "further information",
        "additional information",
        "additional history",
        "more history",
        "could you",
        "can you",
        "helpful to know",
        "help to know",
        "important to know",
        "information about",
        "information on",
        "not provided",
        "was not given",
        "not stated",
        "is missing",
        "are missing",
        "is required to",
        "would need",
    ]
    .iter()
    .any(|phrase| text.contains(phrase))
}

/// The history fields that a text names.
fn fields(text: &str) -> impl Iterator<Item = &'static str> {
    const FIELDS: &[(&str, &[&str])] = &[
        ("duration", &["duration", "how long", "onset", "when it appeared", "when it started"]),
        ("age", &[" age", "how old"]),
        ("sex", &[" sex", "gender"]),
        ("site", &["location", "body site", "anatomical site", "where on the body"]),
        ("itching", &["itch", "prurit"]),
        ("bleeding", &["bleed", "bled"]),
        ("pain", &["pain", "tender", "hurts"]),
        ("growth", &["growth", "grown", "growing", "enlarg"]),
        ("change", &["change", "evolution", "evolving"]),
        ("medication", &["medication", "medicine", "drug history", "drugs"]),
        ("allergy", &["allerg"]),
        ("family_history", &["family history"]),
        ("travel", &["travel"]),
        ("fever", &["fever"]),
    ];
    let text = format!(" {text}");
    FIELDS.iter().filter(move |(_, words)| words.iter().any(|word| text.contains(word))).map(|(field, _)| *field)
}

/// One entry of a list of things asked for.
pub(super) fn ask(text: &str) -> Option<Ask> {
    let words = plain(text);
    let photo = ["photo", "image", "picture", "retake"].iter().any(|word| words.contains(word));
    match words.as_str() {
        "" | "none" | "nothing" | "n a" | "no" => None,
        _ if photo => Some(Ask::Retake),
        _ if wants_visit(&words) => Some(Ask::InPerson),
        _ if words.split(' ').count() <= 3 => Some(Ask::Missing(words.replace(' ', "_"))),
        _ => Some(Ask::Missing(fields(&words).next().map_or_else(|| words.replace(' ', "_"), String::from))),
    }
}

/// What a text doubts. A sentence counts that speaks of both photograph and history and says that they do not agree;
/// what stands before the words of disagreement is doubted, or both where these come first.
pub(super) fn challenges(text: &str) -> BTreeSet<Challenge> {
    sentences(text).flat_map(doubts_of_sentence).collect()
}

const PHOTO: &[&str] = &["image", "photo", "picture", "visual"];
const HISTORY: &[&str] =
    &["history", "referral", "the note", "stated", "reported", "described", "clinical information", "clinical details"];

fn doubts_of_sentence(sentence: &str) -> Vec<Challenge> {
    const CLASHES: &[&str] = &[
        "inconsistent",
        "not match",
        "n't match",
        "mismatch",
        "not fit",
        "n't fit",
        "contradict",
        "conflict",
        "discrepan",
        "not correspond",
        "n't correspond",
        "not consistent with",
        "not agree",
        "disagree",
        "at odds",
        "incompatible",
        "not compatible",
        "not in keeping",
    ];
    let text = folded(sentence);
    let plainly = plainly_doubted(&text);
    if plainly.is_some() {
        return plainly.into_iter().collect();
    }
    let Some(clash) = CLASHES.iter().filter_map(|phrase| text.find(phrase)).min() else { return Vec::new() };
    let (before, after) = text.split_at(clash);
    if ["no ", "not ", "without ", "does not ", "any "].iter().any(|word| before.ends_with(word)) {
        return Vec::new();
    }
    let has = |part: &str, words: &[&str]| words.iter().any(|word| part.contains(word));
    if !has(&text, PHOTO) || !has(&text, HISTORY) {
        return Vec::new();
    }
    let doubts = |words: &[&str], other: &[&str]| has(before, words) || (!has(before, other) && has(after, words));
    let both = [(doubts(PHOTO, HISTORY), Challenge::Image), (doubts(HISTORY, PHOTO), Challenge::History)];
    both.into_iter().filter_map(|(doubted, challenge)| doubted.then_some(challenge)).collect()
}

/// Doubts that need no second party: a photograph of something else, a history that cannot be.
fn plainly_doubted(text: &str) -> Option<Challenge> {
    let image = [
        "different patient",
        "another patient",
        "wrong patient",
        "wrong image",
        "wrong photo",
        "different body site",
        "does not show skin",
        "not show any skin",
        "not a photograph of skin",
        "image appears to be of a different",
        "image may be of a different",
        "photo may be of a different",
    ];
    let history = [
        "history appears incorrect",
        "history may be incorrect",
        "history seems incorrect",
        "history is implausible",
        "history is contradictory",
        "internally inconsistent",
        "history appears to be wrong",
        "history may be wrong",
    ];
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| text.contains(phrase));
    says(&image).then_some(Challenge::Image).or_else(|| says(&history).then_some(Challenge::History))
}

/// What an entry in a list of doubts is about.
pub(super) fn doubted(text: &str) -> Vec<Challenge> {
    let text = folded(text);
    let image = PHOTO.iter().any(|word| text.contains(word)).then_some(Challenge::Image);
    let history = HISTORY.iter().any(|word| text.contains(word)).then_some(Challenge::History);
    image.into_iter().chain(history).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_found() {
        let missing = |name: &str| Ask::Missing(name.into());
        for (text, expected) in [
            ("Please retake the photo.", vec![Ask::Retake]),
            ("A clearer image is needed.", vec![Ask::Retake]),
            ("Please upload a better-quality photo in daylight.", vec![Ask::Retake]),
            ("A new photo is not needed.", vec![]),
            ("The new lesion in this image is red.", vec![]),
            ("Please provide the duration and whether it bleeds.", vec![missing("bleeding"), missing("duration")]),
            ("It would be helpful to know how long it has been there.", vec![missing("duration")]),
            ("She should be seen in person.", vec![Ask::InPerson]),
            ("The duration is three weeks.", vec![]),
        ] {
            assert_eq!(asks(text), expected.into_iter().collect(), "{text}");
        }
        assert_eq!(ask("duration"), Some(missing("duration")));
        assert_eq!(ask("How long has it been there, exactly?"), Some(missing("duration")));
        assert_eq!(ask("a better photo"), Some(Ask::Retake));
        assert_eq!(ask("family history"), Some(missing("family_history")));
        assert_eq!(ask("none"), None);
    }

    #[test]
    fn doubts_are_found_and_their_object_told() {
        let (image, history) = (Challenge::Image, Challenge::History);
        for (text, expected) in [
            ("The history does not fit the image.", vec![history]),
            ("The photo does not match the stated site.", vec![image]),
            ("There is a discrepancy between the photograph and the history.", vec![history, image]),
            ("The image and the reported duration are inconsistent.", vec![history, image]),
            ("This may show a different patient.", vec![image]),
            ("The history is internally inconsistent.", vec![history]),
            ("The image is not consistent with psoriasis.", vec![]),
            ("There is no discrepancy between image and history.", vec![]),
            ("The image fits the history.", vec![]),
        ] {
            assert_eq!(challenges(text), expected.into_iter().collect(), "{text}");
        }
    }
}
