//! Subjective, objective, assessment, plan.

use super::{prose, rewritten};
use crate::history::section::sections;
use crate::history::words::tokens;
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
const ASSESSMENT: &[&str] = &["impression", "assessment", "suspect", "suspected", "diagnosed", "differential"];
const PLAN: &[&str] = &["plan", "advise", "advice", "please", "refer", "referred", "recommend", "thanks", "thank"];

fn sorted(note: &str) -> Option<String> {
    let lines = prose(note);
    if lines.len() < 2 || sections(note).len() > 1 {
        return None;
    }
    let under = |line: &String| {
        let words = tokens(line);
        let has = |list: &[&str]| words.iter().any(|token| list.contains(&token.low.as_ref()));
        [(3, PLAN), (2, ASSESSMENT), (1, OBJECTIVE)].iter().find(|(_, list)| has(list)).map_or(0, |(place, _)| *place)
    };
    let part = |(place, heading): (usize, &str)| {
        let own: Vec<&str> = lines.iter().filter(|line| under(line) == place).map(String::as_str).collect();
        (!own.is_empty()).then(|| format!("{heading}: {}", own.join(" ")))
    };
    let parts = ["S", "O", "A", "P"].into_iter().enumerate().filter_map(part);
    Some(parts.collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::samples::{applied, consultation, history, round_trip};

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
