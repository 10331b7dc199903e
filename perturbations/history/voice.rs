//! Who writes a note, and where a further sentence fits into it.

use std::ops::Range;

use super::age;
use super::finders::ages;
use super::lexicon::on;
use super::sentence::{is_closed, sentences};
use super::words::{Token, capitalised, low, slice, tokens};
use crate::{Field, History, Kind, Value};

/// Words after "I" or "my" by which a clinician speaks, not the patient.
const CLINICIANS: &[&str] = &[
    "attach",
    "believe",
    "case",
    "clinic",
    "colleague",
    "colleagues",
    "differential",
    "enclose",
    "examination",
    "examined",
    "hope",
    "impression",
    "opinion",
    "patient",
    "patients",
    "practice",
    "refer",
    "referred",
    "reviewed",
    "saw",
    "see",
    "seen",
    "suspect",
    "think",
    "wonder",
    "would",
];

/// Words of a note about the patient: with them, a single "I" may be a clinician's.
const SPOKEN_OF: &[&str] = &["boy", "girl", "he", "her", "his", "man", "patient", "she", "woman"];

/// Words that make the patient a child.
const CHILDREN: &[&str] = &["baby", "boy", "child", "girl", "infant", "newborn", "toddler"];

/// How a courtesy begins; nothing about the patient comes after it.
const COURTESIES: &[&str] = &[
    "grateful",
    "i would appreciate",
    "i would be grateful",
    "many thanks",
    "please",
    "thank you",
    "thanks",
    "would be grateful",
];

/// How a letter ends, above the name.
const CLOSINGS: &[&str] =
    &["best wishes", "kind regards", "regards", "sincerely", "with best wishes", "with kind regards", "yours"];

/// Labels of the one who asks, in a note written as a dialogue.
const ASKING: &[&str] = &["assistant:", "clinician:", "doctor:"];

/// Labels of the one who answers.
const ANSWERING: &[&str] = &["patient:", "user:"];

/// Whether the patient, or a relative for the patient, writes in the first person.
pub(super) fn is_own(note: &str) -> bool {
    let tokens = tokens(note);
    let score: usize = (0..tokens.len()).map(|at| weight(&tokens, at)).sum();
    let spoken_of = tokens.iter().any(|token| on(SPOKEN_OF, &token.low));
    score >= 2 || (score == 1 && !spoken_of) || is_dialogue(note)
}

/// Whether a note is written as a dialogue with the patient.
pub(super) fn is_dialogue(note: &str) -> bool {
    label(note, ANSWERING).is_some()
}

/// How much a word speaks for the first person of a patient.
fn weight(tokens: &[Token], at: usize) -> usize {
    if on(CLINICIANS, low(tokens, at + 1)) {
        return 0;
    }
    match low(tokens, at) {
        "i'm" | "i've" | "i'd" | "my" | "mine" | "myself" => 2,
        "i" | "me" => 1,
        _ => 0,
    }
}

/// Who speaks for the patient in a letter: "the patient", or "the family" of a child.
pub(super) fn speaker(history: &History) -> &'static str {
    if is_child(history) { "the family" } else { "the patient" }
}

/// Whether the patient is younger than 14, by the field for the age or else by the words of the note.
fn is_child(history: &History) -> bool {
    let age = history.fields.iter().find(|field| field.kind == Kind::Age && field.value != Value::Deleted);
    let note = history.note.as_deref().unwrap_or_default();
    match age {
        Some(age) => age::years(&age.value).map_or_else(|| is_young(&age.value), |years| years < 14),
        None => tokens(note).iter().any(|token| on(CHILDREN, &token.low)),
    }
}

/// Words for a person below 18 years, in a letter or on a form.
const MINORS: &[&str] = &[
    "adolescent",
    "babies",
    "baby",
    "boy",
    "child",
    "children",
    "girl",
    "infant",
    "kid",
    "neonate",
    "newborn",
    "preteen",
    "schoolboy",
    "schoolchild",
    "schoolgirl",
    "teen",
    "teenage",
    "teenager",
    "toddler",
];

/// Words for a child of the one who writes.
const OWN_CHILDREN: &[&str] =
    &["baby", "boy", "child", "daughter", "girl", "infant", "kid", "newborn", "son", "toddler"];

/// Whether the patient is, or may be, younger than 18 years.
///
/// The field for the age decides, and without one every age and every word for a child in the note; a note about the
/// writer's own child is a child's whatever the field says. In doubt it is a child: what is at stake is a dose.
pub(super) fn is_minor(history: &History) -> bool {
    let told = |field: &&Field| field.kind == Kind::Age && field.value != Value::Deleted;
    let note = history.note.as_deref().unwrap_or_default();
    let by_field = history.fields.iter().find(told).and_then(|age| below_18(&age.value));
    is_about_own_child(note) || by_field.unwrap_or_else(|| tells_minor(note))
}

/// Whether an age is below 18 years; `None` where it is not known.
fn below_18(age: &Value) -> Option<bool> {
    let Value::Stated(words) = age else { return None };
    if is_young(age) || tells_minor(words) {
        return Some(true);
    }
    let tokens = tokens(words);
    let least = tokens.iter().filter_map(|token| token.low.parse().ok()).reduce(f64::min)?;
    let bound = tokens.iter().any(|token| on(&["under", "below", "<", "≤"], &token.low));
    Some(least < 18.0 || (bound && least <= 18.0))
}

/// Whether a text tells an age below 18 years or names a child.
fn tells_minor(text: &str) -> bool {
    tokens(text).iter().any(|token| on(MINORS, &token.low)) || ages(text).iter().any(|age| age.value < 18.0)
}

/// Whether "my son", "our 3-year-old girl" or the like stands in the text.
fn is_about_own_child(text: &str) -> bool {
    let tokens = tokens(text);
    let owned = |at: usize| {
        let words = tokens.get(..at).unwrap_or_default().iter().rev();
        words.take(8).find(|word| !qualifies(word)).is_some_and(|word| on(&["my", "our"], &word.low))
    };
    (0..tokens.len()).any(|at| on(OWN_CHILDREN, low(&tokens, at)) && owned(at))
}

/// Whether a word may stand between "my" and "son": an age or what a child is like.
fn qualifies(word: &Token) -> bool {
    let words =
        ["-", "little", "month", "months", "newborn", "old", "own", "poor", "week", "weeks", "year", "years", "yo"];
    word.low.chars().all(|c| c.is_ascii_digit()) || on(&words, &word.low)
}

/// Whether an age is stated in months, weeks or days.
pub(super) fn is_young(age: &Value) -> bool {
    let Value::Stated(words) = age else { return false };
    tokens(words).iter().any(|token| on(&["month", "months", "week", "weeks", "day", "days"], &token.low))
}

/// A sentence with `{}` filled in and `{who}` or `{Who}` replaced by who speaks for the patient.
pub(super) fn filled(template: &str, diagnosis: &str, who: &str) -> String {
    template.replace("{}", diagnosis).replace("{who}", who).replace("{Who}", &capitalised(who))
}

/// The note with a sentence after its last that is more than a courtesy; in a dialogue the patient says it.
pub(super) fn with_sentence(note: &str, sentence: &str) -> String {
    let at = end_of_last_answer(note).unwrap_or_else(|| end_of_matter(note));
    let (head, tail) = (slice(note, &(0..at)), slice(note, &(at..note.len())));
    if head.trim().is_empty() {
        let gap = if tail.is_empty() || tail.starts_with(char::is_whitespace) { "" } else { " " };
        return format!("{head}{sentence}{gap}{tail}");
    }
    format!("{head}{}{sentence}{tail}", joint(head))
}

/// The byte behind the last answer of a dialogue that ends with what the other says and does not ask.
fn end_of_last_answer(note: &str) -> Option<usize> {
    let turns = turns(note);
    let (last, before) = turns.split_last()?;
    let told = slice(note, last);
    let asks = !opens_with(told, ASKING) || told.contains('?');
    let answer = before.iter().rfind(|turn| opens_with(slice(note, turn), ANSWERING)).filter(|_| !asks)?;
    Some(answer.start + slice(note, answer).trim_end().len())
}

/// The turns of a dialogue, each with its label; none where a note is no dialogue.
pub(super) fn turns(note: &str) -> Vec<Range<usize>> {
    if !is_dialogue(note) {
        return Vec::new();
    }
    let lines = core::iter::once(0).chain(note.match_indices('\n').map(|(at, _)| at + 1));
    let labelled = |at: &usize| {
        let line = slice(note, &(*at..note.len()));
        opens_with(line, ASKING) || opens_with(line, ANSWERING)
    };
    let starts: Vec<usize> = lines.filter(labelled).collect();
    let ends = starts.iter().skip(1).copied().chain([note.len()]);
    starts.iter().zip(ends).map(|(start, end)| *start..end).collect()
}

/// Whether what begins at that byte of a dialogue is said by the one who asks.
pub(super) fn is_asked(note: &str, byte: usize) -> bool {
    turns(note).iter().any(|turn| turn.contains(&byte) && opens_with(slice(note, turn), ASKING))
}

/// The length of the label that opens a turn, with the space behind it.
pub(super) fn label_of(turn: &str) -> usize {
    let label = ASKING.iter().chain(ANSWERING).find(|label| turn.starts_with(**label)).map_or(0, |label| label.len());
    let rest = slice(turn, &(label..turn.len()));
    if label == 0 { 0 } else { label + rest.len() - rest.trim_start_matches(' ').len() }
}

fn opens_with(turn: &str, labels: &[&str]) -> bool {
    labels.iter().any(|label| turn.starts_with(label))
}

/// The note without the questions that have lost their answer since `before`: those that another question follows.
pub(super) fn without_idle_questions(before: &str, after: &str) -> String {
    let mut note = after.to_owned();
    let once: Vec<&str> = idle(before).into_iter().map(|turn| slice(before, &turn)).collect();
    for turn in idle(after).into_iter().rev().filter(|turn| !once.contains(&slice(after, turn))) {
        note.replace_range(turn, "");
    }
    note
}

/// The questions of a dialogue that another question follows.
fn idle(note: &str) -> Vec<Range<usize>> {
    let turns = turns(note);
    let asked = |turn: &Range<usize>| opens_with(slice(note, turn), ASKING);
    let pairs = turns.iter().zip(turns.iter().skip(1));
    pairs.filter(|(first, next)| asked(first) && asked(next)).map(|(first, _)| first.clone()).collect()
}

/// What stands between a text and a further sentence.
fn joint(head: &str) -> String {
    if let (Some(patient), true) = (label(head, ANSWERING), last_label(head).is_some_and(|last| on(ASKING, last))) {
        return format!("\n{patient} ");
    }
    let lines = head.contains('\n') && !is_dialogue(head);
    if is_closed(head) {
        " ".into()
    } else if lines || head.ends_with([':', ',']) {
        "\n".into()
    } else {
        ". ".into()
    }
}

/// The byte behind the last sentence that is more than a courtesy; the end of the note where all are.
fn end_of_matter(note: &str) -> usize {
    let sentences = sentences(note);
    let last = sentences.iter().rev().find(|span| !is_courtesy(slice(note, span)));
    last.map_or(note.trim_end().len(), |span| span.end)
}

/// Whether a sentence is a salutation, a closing or thanks, and tells nothing.
pub(super) fn is_polite(sentence: &str) -> bool {
    let tells = sentence.contains(|c: char| c.is_ascii_digit());
    (!tells && is_courtesy(sentence)) || greets(sentence)
}

/// Whether a sentence or line is no more than a salutation.
pub(super) fn greets(sentence: &str) -> bool {
    let low = sentence.to_lowercase();
    let first = low.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    sentence.split_whitespace().count() <= 4 && (on(&["dear", "hello", "hi"], first) || low.starts_with("good morning"))
}

fn is_courtesy(sentence: &str) -> bool {
    let low = sentence.to_lowercase();
    let short = sentence.split_whitespace().count() <= 12;
    short && COURTESIES.iter().chain(CLOSINGS).any(|opening| low.starts_with(opening))
}

/// Whether a line is no more than a letter's closing.
pub(super) fn closes(line: &str) -> bool {
    let low = line.to_lowercase();
    line.split_whitespace().count() <= 4 && CLOSINGS.iter().any(|opening| low.starts_with(opening))
}

/// The first of these labels that opens a line of the note.
fn label(note: &str, labels: &[&'static str]) -> Option<&'static str> {
    let opens = |label: &&&str| note.lines().any(|line| line.starts_with(**label));
    labels.iter().find(opens).copied()
}

/// The label that opens the last labelled line.
fn last_label(note: &str) -> Option<&'static str> {
    let of = |line: &str| ASKING.iter().chain(ANSWERING).find(|label| line.starts_with(**label)).copied();
    note.lines().rev().find_map(of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::samples::{consultation, field, history};

    #[test]
    fn a_patient_is_told_from_a_clinician() {
        for note in [
            "I have a rash and it itches. I need help.",
            "A rash on my arm.",
            "user: a rash",
            "I've a rash.",
            "It itches when I scratch.",
        ] {
            assert!(is_own(note), "{note}");
        }
        for note in [
            "My patient has a rash. My impression is eczema. I saw her today.",
            "Could you please advise on this man? I am not sure what this is.",
            "A 64-year-old woman. I have no clear impression.",
            "It is not known when it began.",
            "She says that it hurts.",
        ] {
            assert!(!is_own(note), "{note}");
        }
        assert!(!is_own(consultation().note.as_deref().unwrap_or_default()));
    }

    #[test]
    fn the_family_speaks_for_a_child() {
        let of = |age: &str| speaker(&history("A rash.", vec![field("age", Kind::Age, age)]));
        assert_eq!(
            [of("5"), of("8 months"), of("14"), of("64")],
            ["the family", "the family", "the patient", "the patient"]
        );
        assert_eq!(speaker(&history("5 year old boy with a rash", vec![])), "the family");
    }

    #[test]
    fn whoever_may_be_below_18_is_a_minor() {
        let of = |note: &str, age: &str| {
            let age = (!age.is_empty()).then(|| field("age", Kind::Age, age));
            is_minor(&history(note, age.into_iter().collect()))
        };
        for (note, age) in [
            ("A rash.", "5"),
            ("A rash.", "17 years"),
            ("A rash.", "8 months"),
            ("A rash.", "10-17"),
            ("A rash.", "under 18"),
            ("A rash.", "child"),
            ("5 year old boy with a rash", ""),
            ("She is 16 and itches.", ""),
            ("My 2-year-old son has a rash.", "34"),
            ("Our little girl itches.", ""),
            ("A teenager with acne.", "unknown"),
        ] {
            assert!(of(note, age), "{note} {age}");
        }
        for (note, age) in [
            ("A rash.", "18"),
            ("A 64-year-old woman.", ""),
            ("He had eczema as a child.", "40"),
            ("The boy next door has it.", "60-69"),
            ("A rash.", ""),
            ("My sister and her son are well.", "30"),
        ] {
            assert!(!of(note, age), "{note} {age}");
        }
    }

    #[test]
    fn a_question_goes_with_its_answer() {
        let before = "assistant: Hi!\nuser: A rash.\nassistant: Does it itch?\nuser: It itches.\nassistant: Any pain?";
        let after = "assistant: Hi!\nuser: A rash.\nassistant: Does it itch?\nassistant: Any pain?";
        assert_eq!(without_idle_questions(before, after), "assistant: Hi!\nuser: A rash.\nassistant: Any pain?");
        assert_eq!(without_idle_questions(after, after), after);
        assert_eq!(without_idle_questions("A rash.", ""), "");
    }

    #[test]
    fn a_sentence_goes_before_the_courtesies() {
        for (note, expected) in [
            ("A rash.", "A rash. X."),
            ("A rash", "A rash. X."),
            ("A rash. Please advise. Thanks!", "A rash. X. Please advise. Thanks!"),
            ("Dear colleague,\nA rash.\nWith kind regards", "Dear colleague,\nA rash. X.\nWith kind regards"),
            ("Age: 64\nSex: female", "Age: 64\nSex: female\nX."),
            ("Please help.", "Please help. X."),
            ("", "X."),
            ("assistant: Hi!\nuser: A rash", "assistant: Hi!\nuser: A rash. X."),
            ("user: A rash.\nassistant: Does it hurt?", "user: A rash.\nassistant: Does it hurt?\nuser: X."),
            ("user: A rash.\nassistant: Final diagnosis: acne", "user: A rash. X.\nassistant: Final diagnosis: acne"),
        ] {
            assert_eq!(with_sentence(note, "X."), expected);
        }
    }
}
