//! Sections of a note: what stands under a heading.

use std::ops::Range;

use super::sentence::sentences;
use super::words::slice;

/// What a section of a note is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Topic {
    ChiefComplaint,
    PresentIllness,
    PastHistory,
    Medication,
    Allergies,
    Family,
    Social,
    Examination,
    Impression,
    Plan,
    /// The S of SOAP: what the patient tells.
    Subjective,
    /// Under a heading that is none of these.
    Other,
}

/// Headings by topic, in lower case (SOAP: Weed, N Engl J Med 1968; the others are those of any clerking sheet).
#[rustfmt::skip]
const HEADINGS: &[(Topic, &[&str])] = &[
    (Topic::ChiefComplaint, &["chief complaint", "cc", "c/o", "presenting complaint", "pc", "reason for consultation",
        "reason for referral", "reason for visit", "complaint", "main complaint"]),
    (Topic::PresentIllness, &["history of present illness", "hpi", "history of presenting complaint", "hpc", "present illness",
        "history of the present illness", "history", "current history", "symptoms", "current symptoms", "issue", "present history"]),
    (Topic::PastHistory, &["past history", "past medical history", "pmh", "pmhx", "medical history", "previous history",
        "past surgical history", "surgical history", "conditions", "medical conditions", "past illness", "background",
        "prior cancer treatments", "cancer diagnosis"]),
    (Topic::Medication, &["medication", "medications", "current medication", "current medications", "meds", "drugs",
        "drug history", "dh", "dhx", "current medication list", "medication list", "treatment", "current treatment",
        "current cancer treatments", "regular medication"]),
    (Topic::Allergies, &["allergies", "allergy", "drug allergies", "known allergies", "allergic history", "allergy history"]),
    (Topic::Family, &["family history", "fh", "fhx", "fmhx"]),
    (Topic::Social, &["social history", "sh", "shx", "work history", "occupation", "occupational history", "lifestyle",
        "habits", "travel history"]),
    (Topic::Examination, &["examination", "exam", "on examination", "o/e", "physical examination", "physical exam",
        "skin examination", "objective", "findings", "vitals", "vital signs"]),
    (Topic::Impression, &["impression", "assessment", "diagnosis", "clinical impression", "differential diagnosis", "ddx",
        "assessment and plan", "a/p", "working diagnosis"]),
    (Topic::Plan, &["plan", "recommendation", "recommendations", "management", "management plan"]),
    (Topic::Subjective, &["subjective"]),
];

/// The single letters of SOAP; read as headings only where at least three of them open lines.
const SOAP: [(&str, Topic); 4] =
    [("s", Topic::Subjective), ("o", Topic::Examination), ("a", Topic::Impression), ("p", Topic::Plan)];

/// A section: its topic and its bytes, from the heading up to the next one, white space behind it left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Section {
    /// What it is about.
    pub(super) topic: Topic,
    /// Its bytes.
    pub(super) span: Range<usize>,
}

/// The sections of a note in order. What stands before the first heading is in none.
///
/// Within a line a heading of a list (allergies, medication, family …) opens its own sentence and no more.
/// A heading is a known one with a colon behind it at the start of a sentence or line, a known one alone on its line,
/// or any other line opening of up to ten words with a capital and a colon, which only ends the section before it.
pub(super) fn sections(note: &str) -> Vec<Section> {
    let soap =
        SOAP.iter().filter(|(letter, _)| starts(note).iter().any(|at| is_letter(note, *at, letter))).count() >= 3;
    let opened: Vec<(usize, Topic)> =
        starts(note).into_iter().filter_map(|at| Some((at, heading(note, at, soap)?))).collect();
    let ends = opened.iter().skip(1).map(|(at, _)| *at).chain([note.len()]);
    let section = |((start, topic), end): (&(usize, Topic), usize)| {
        let text = slice(note, &(*start..end));
        let reach = extent(text, end == note.len());
        let reach = if opens_line(note, *start) || !is_list(*topic) { reach } else { reach.min(one_sentence(text)) };
        let length = slice(text, &(0..reach)).trim_end().len();
        Section { topic: *topic, span: *start..*start + length }
    };
    opened.iter().zip(ends).map(section).collect()
}

/// How far a section reaches in the text up to the next heading. Where words follow the heading on its line, a blank line
/// ends it, and so does the end of that line where no other heading follows: a letter that goes on is none of its list.
fn extent(text: &str, last: bool) -> usize {
    let line = text.find('\n').unwrap_or(text.len());
    let inline = slice(text, &(0..line)).split_once(':').is_some_and(|(_, words)| !words.trim().is_empty());
    match (inline, last) {
        (true, true) => line,
        (true, false) => text.find("\n\n").unwrap_or(text.len()),
        (false, _) => text.len(),
    }
}

/// Whether what stands under a heading of that topic is a list and no story.
fn is_list(topic: Topic) -> bool {
    use Topic::{Allergies, Family, Impression, Medication, PastHistory, Social};
    [Allergies, Family, Impression, Medication, PastHistory, Social].contains(&topic)
}

/// The length of the first sentence: within a line, "FH: nil." is all that is said of the family.
fn one_sentence(text: &str) -> usize {
    sentences(text).first().map_or(text.len(), |sentence| sentence.end)
}

/// Whether a line begins at that byte, bullets and stars left out.
fn opens_line(note: &str, at: usize) -> bool {
    at == 0 || slice(note, &(0..at)).trim_end_matches([' ', '\t', '*', '-', '•', '#']).ends_with('\n')
}

/// The bytes at which a sentence or a line begins.
fn starts(note: &str) -> Vec<usize> {
    let lines = note.match_indices('\n').map(|(at, _)| at + 1).chain([0]);
    let indented = |at: usize| {
        let rest = slice(note, &(at..note.len()));
        at + rest.len() - rest.trim_start_matches([' ', '\t', '*', '-', '•', '#']).len()
    };
    let mut found: Vec<usize> = lines.map(indented).chain(sentences(note).into_iter().map(|span| span.start)).collect();
    found.sort_unstable();
    found.dedup();
    found.retain(|at| slice(note, &(*at..note.len())).starts_with(char::is_alphabetic));
    found
}

fn is_letter(note: &str, at: usize, letter: &str) -> bool {
    let rest = slice(note, &(at..note.len())).to_lowercase();
    rest.strip_prefix(letter).is_some_and(|rest| rest.starts_with(':'))
}

/// The topic of the heading that begins at `at`.
fn heading(note: &str, at: usize, soap: bool) -> Option<Topic> {
    let line = slice(note, &(at..note.len())).lines().next()?;
    let (title, colon) = line.split_once(':').map_or((line, false), |(title, _)| (title, true));
    let low = title.trim().trim_matches('*').to_lowercase();
    if soap && colon && low.len() == 1 {
        return SOAP.iter().find(|(letter, _)| *letter == low).map(|(_, topic)| *topic);
    }
    let known = HEADINGS.iter().find(|(_, names)| names.contains(&low.as_str())).map(|(topic, _)| *topic);
    let opens_line = opens_line(note, at);
    let other = || {
        let words = title.split_whitespace().count();
        let plain = title.chars().all(|c| c.is_alphanumeric() || " /&-()".contains(c));
        let titled = title.starts_with(char::is_uppercase) && (1..=10).contains(&words) && plain && title.len() <= 60;
        (opens_line && titled).then_some(Topic::Other)
    };
    if colon { known.or_else(other) } else { known.filter(|_| opens_line && title.starts_with(char::is_uppercase)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(note: &str) -> Vec<(Topic, &str)> {
        sections(note).iter().map(|section| (section.topic, slice(note, &section.span))).collect()
    }

    #[test]
    fn lines_under_headings_are_sections() {
        assert_eq!(
            split(
                "64-year-old man.\nPMH: gout.\nMedications: none. Allergies: none\n\nPatient message:\nHello. It itches."
            ),
            [
                (Topic::PastHistory, "PMH: gout."),
                (Topic::Medication, "Medications: none."),
                (Topic::Allergies, "Allergies: none"),
                (Topic::Other, "Patient message:\nHello. It itches."),
            ]
        );
    }

    #[test]
    fn soap_is_read_where_the_letters_stand_together() {
        let topics = |note: &str| sections(note).into_iter().map(|section| section.topic).collect::<Vec<_>>();
        assert_eq!(
            topics("S: it itches\nO: red\nA: eczema\nP: cream"),
            [Topic::Subjective, Topic::Examination, Topic::Impression, Topic::Plan]
        );
        assert_eq!(topics("SUBJECTIVE\nIt itches.\nOBJECTIVE\nRed."), [Topic::Subjective, Topic::Examination]);
        assert_eq!(topics("A: first\nB: second"), [Topic::Other, Topic::Other]);
    }

    #[test]
    fn prose_has_no_sections() {
        for note in ["Doctor, it has been itching: a lot.", "history of gout", "she asked: what is it?", ""] {
            assert_eq!(split(note), [], "{note}");
        }
    }

    proptest::proptest! {
        #[test]
        fn sections_are_ordered_and_disjoint(note in "[A-Za-z :.\n*-]{0,60}") {
            let mut end = 0;
            for section in sections(&note) {
                proptest::prop_assert!(section.span.start >= end && section.span.end > section.span.start);
                proptest::prop_assert!(note.get(section.span.clone()).is_some());
                end = section.span.end;
            }
        }
    }
}
