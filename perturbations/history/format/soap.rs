//! Subjective, objective, assessment, plan.

use super::{parts, rewritten};
use crate::history::section::sections;
use crate::history::words::{Token, reads, tokens};
use crate::{
    Card, Change, Context, Grading, Needs, Operator, Oracle, Perturbation, Setting, SettingError, Stimulus, Target,
    Unfit,
};

/// Sorts the sentences of the note under the four headings of SOAP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Soap;

impl Operator for Soap {
    const CARD: &'static Card = &Card {
        id: "soap",
        family: "history/format",
        title: "SOAP headings",
        imitates: "A note sorted under S, O, A and P.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Invariant,
        oracle_reason: "The same sentences under headings.",
        gradable_to: &[],
        grading: Grading::Binary,
        parameters: &[],
        references: &[
            "Gourabathina et al., arXiv 2506.17163: style and format of clinical contexts",
            "Weed, N Engl J Med 1968: the problem-oriented record",
        ],
    };

    fn make(_: &Setting) -> Result<Self, SettingError> {
        Ok(Self)
    }
}

impl Perturbation for Soap {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, _: &mut Context<'_>) -> Result<Change, Unfit> {
        let after = sorted(stimulus.history.note.as_deref().unwrap_or_default());
        rewritten(stimulus, after.as_deref(), "no prose of two sentences without headings")
    }
}

/// Words that put a sentence under a heading; the first heading that fits, from behind. All else is subjective.
const OBJECTIVE: &[&str] =
    &["examination", "exam", "measures", "diameter", "palpation", "examined", "mm", "cm", "vital", "vitals"];
const ASSESSMENT: &[&str] =
    &["assessment", "considering", "differential", "impression", "suspect", "suspected", "suspecting", "suspects"];
const PLAN: &[&str] = &["plan", "advise", "advice", "please", "refer", "referred", "recommend", "thanks", "thank"];

/// The most words of a sentence that asks and does not also tell something.
const SHORT: usize = 16;

/// Words by which a request tells of the patient ("Thank you for seeing this 9-year-old boy") and is no plan.
const INTRODUCED: &[&str] = &["old", "aged", "woman", "man", "boy", "girl", "child", "patient"];
fn reads_somewhere(words: &[Token], phrase: &[&str]) -> bool {
    (0..words.len()).any(|at| reads(words, at, phrase))
}

/// The sentences under their headings; salutation and closing stay outside.
fn sorted(note: &str) -> Option<String> {
    let (opening, lines, closing) = parts(note);
    if lines.len() < 2 || sections(note).len() > 1 {
        return None;
    }
    let under = |line: &str| {
        let words = tokens(line);
        let has = |list: &[&str]| words.iter().any(|token| list.contains(&token.low.as_ref()));
        if has(INTRODUCED) && !has(ASSESSMENT) && !has(OBJECTIVE) {
            return 0;
        }
        if [["wonder", "about"], ["working", "diagnosis"]].iter().any(|phrase| reads_somewhere(&words, phrase)) {
            return 2;
        }
        let asks = line.split_whitespace().count() <= SHORT;
        let plan = if asks { PLAN } else { &[] };
        [(3, plan), (2, ASSESSMENT), (1, OBJECTIVE)].iter().find(|(_, list)| has(list)).map_or(0, |(place, _)| *place)
    };
    let part = |(place, heading): (usize, &str)| {
        let own: Vec<&str> = lines.iter().map(|line| line.as_str()).filter(|line| under(line) == place).collect();
        (!own.is_empty()).then(|| format!("{heading}: {}", own.join(" ")))
    };
    let sorted = ["S", "O", "A", "P"].into_iter().enumerate().filter_map(part);
    Some(opening.into_iter().chain(sorted).chain(closing).collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::samples::{applied, consultation, history, round_trip};

    #[test]
    fn a_sentence_is_no_greeting_because_of_how_it_begins() {
        assert_eq!(sorted("His arm itches. Please advise.").as_deref(), Some("S: His arm itches.\nP: Please advise."));
        assert_eq!(sorted("Hi! It itches. It bled.").as_deref(), Some("Hi!\nS: It itches. It bled."));
    }

    #[test]
    fn what_a_sentence_tells_decides_and_not_a_word_in_passing() {
        let note = "She was diagnosed with eczema as a child. I wonder about psoriasis. The doctor suspects it, too.";
        assert_eq!(
            sorted(note).as_deref(),
            Some(
                "S: She was diagnosed with eczema as a child.\nA: I wonder about psoriasis. The doctor suspects it, too."
            )
        );
        let long =
            "My back hurts so much that I cannot lift anything at all these days, so please tell me what it could be.";
        assert_eq!(sorted(&format!("{long} Thanks.")), Some(format!("S: {long}\nP: Thanks.")));
    }

    #[test]
    fn a_letter_keeps_its_greetings_and_tells_the_patient_first() {
        let letter = "Dear colleague,\nThank you for seeing this 9-year-old boy with a rash. It itches. Please advise.\n\
                      With kind regards";
        assert_eq!(
            sorted(letter).as_deref(),
            Some(
                "Dear colleague,\nS: Thank you for seeing this 9-year-old boy with a rash. It itches.\nP: Please advise.\n\
                 With kind regards"
            )
        );
    }

    #[test]
    fn the_note_is_arranged_anew() {
        let (before, after) = (
            "A mole. It measures 5 mm. It itches. Please advise. I suspect eczema.",
            "S: A mole. It itches.\nO: It measures 5 mm.\nA: I suspect eczema.\nP: Please advise.",
        );
        assert_eq!(applied(&Soap, &history(before, vec![])).unwrap().note.as_deref(), Some(after));
    }

    #[test]
    fn it_goes_both_ways_and_keeps_the_facts() {
        assert!(round_trip(&Soap, &consultation()));
        let after = applied(&Soap, &consultation()).unwrap();
        for field in &consultation().fields {
            assert!(!crate::history::mentions(after.note.as_deref().unwrap(), field).is_empty(), "{}", field.name);
        }
        assert!(!round_trip(&Soap, &history("A mole.", vec![])));
        assert!(!round_trip(&Soap, &history("user: A mole. It itches.", vec![])));
    }
}
