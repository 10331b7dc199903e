//! The patient writes.

use std::ops::Range;

use crate::history::clause::is_verb;
use crate::history::ledger::Ledger;
use crate::history::lexicon::{COORDINATORS, KIN, PERSONS, PREPOSITIONS, is_adverb, on};
use crate::history::noise::dose::rewrite;
use crate::history::restyle::{Rewrite, tells_the_same};
use crate::history::sentence::sentence_at;
use crate::history::voice;
use crate::history::words::{Shape, Text, before, bytes, capitalised, low, slice};
use crate::{
    Card, Change, Context, Grading, Needs, Operator, Oracle, Perturbation, Setting, SettingError, Stimulus, Target,
    Unfit,
};

/// Rewrites a note about the patient as the patient's own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FirstPerson;

impl Operator for FirstPerson {
    const CARD: &'static Card = &Card {
        id: "first_person",
        family: "history/style",
        title: "In the first person",
        imitates: "The patient writes instead of the doctor: she, he and the patient become I. A note in which anybody else is spoken of, or a verb that the rules do not know, is left alone; so is what only a clinician writes (an impression).",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Invariant,
        oracle_reason: "The same facts from another pen.",
        gradable_to: &[],
        grading: Grading::Binary,
        parameters: &[],
        references: &["Gourabathina et al., arXiv 2506.17163: style and format of clinical contexts"],
    };

    fn make(_: &Setting) -> Result<Self, SettingError> {
        Ok(Self)
    }
}

impl Perturbation for FirstPerson {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, _: &mut Context<'_>) -> Result<Change, Unfit> {
        let note = stimulus.history.note.as_deref().unwrap_or_default();
        if voice::is_own(note) {
            return Err(Unfit::nothing("the note is in the first person already"));
        }
        let rewrites = own_words(note).ok_or_else(|| Unfit::Entangled { what: "who is spoken of".into() })?;
        if rewrites.is_empty() {
            return Err(Unfit::nothing("the note does not speak of the patient"));
        }
        let mut ledger = Ledger::open(&stimulus.history);
        rewrite(&mut ledger, rewrites);
        if !tells_the_same(&stimulus.history, ledger.note()) {
            return Err(Unfit::Entangled { what: "what the note tells".into() });
        }
        ledger.close(stimulus)
    }
}

/// Verbs of the third person that do not only lose an s.
const VERBS: &[(&str, &str)] = &[
    ("is", "am"),
    ("was", "was"),
    ("has", "have"),
    ("does", "do"),
    ("isn't", "am not"),
    ("hasn't", "haven't"),
    ("doesn't", "don't"),
    ("denies", "deny"),
    ("goes", "go"),
    ("itches", "itch"),
    ("worries", "worry"),
];
/// What only a clinician writes.
const CLINICAL: &[&str] =
    &["impression", "assessment", "differential", "examination", "palpation", "referred", "we", "our"];

/// The rewrites; `None` where the rules do not reach.
fn own_words(note: &str) -> Option<Vec<Rewrite>> {
    let text = Text::read(note);
    let tokens = &text.tokens;
    if tokens
        .iter()
        .any(|token| on(KIN, &token.low) || on(CLINICAL, &token.low) || on(&["him", "they", "them"], &token.low))
    {
        return None;
    }
    let mut found: Vec<Rewrite> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let end = match low(tokens, at) {
            "she" | "he" => Some(at + 1),
            "the" if low(tokens, at + 1) == "patient" => Some(at + 2),
            "patient" if at == 0 => Some(1),
            _ => None,
        };
        if let Some(end) = end {
            found.push((bytes(tokens, &(at..end)), "I".to_owned()));
            found.extend(verb(&text, end)?);
            at = end;
        } else {
            found.extend(possessive(&text, at));
            at += 1;
        }
    }
    if let Some(opening) = heading(&text) {
        found.retain(|(span, _)| span.start >= opening.0.end);
        found.push(opening);
    }
    Some(found)
}

/// The verb behind the subject, adverbs passed over; an inner `None` where it stays as it is.
fn verb(text: &Text, from: usize) -> Option<Option<Rewrite>> {
    let mut at = from;
    while is_adverb(low(&text.tokens, at)) {
        at += 1;
    }
    let token = text.tokens.get(at)?;
    let word = token.low.as_ref();
    // A second verb of the same subject would have to change with it: "itches and bleeds".
    let listed = on(&["and", ","], low(&text.tokens, at + 1)) && is_verb(low(&text.tokens, at + 2));
    if listed {
        return None;
    }
    if let Some((_, put)) = VERBS.iter().find(|(third, _)| *third == word) {
        return Some((*put != word).then(|| (token.span.clone(), (*put).to_owned())));
    }
    if on(&["'s", "she's"], word) || !is_verb(word) {
        return None;
    }
    let third = word.ends_with('s') && !word.ends_with("ss");
    let base = slice(word, &(0..word.len().saturating_sub(1))).to_owned();
    Some(third.then(|| (token.span.clone(), base)))
}

/// "her arm" as "my arm"; "herself" as "myself".
fn possessive(text: &Text, at: usize) -> Option<Rewrite> {
    let token = text.tokens.get(at)?;
    let capital = slice(text.whole, &token.span).starts_with(char::is_uppercase);
    let put = |word: &str| (token.span.clone(), if capital { capitalised(word) } else { word.to_owned() });
    match token.low.as_ref() {
        "herself" | "himself" => Some(put("myself")),
        "his" | "her" => {
            let next = low(&text.tokens, at + 1);
            let noun = text.tokens.get(at + 1).is_some_and(|next| next.shape == Shape::Word);
            let owned = noun && !on(PREPOSITIONS, next) && !on(COORDINATORS, next);
            Some(put(if owned { "my" } else { "me" }))
        }
        _ => None,
    }
}

/// "64-year-old woman with …" as "I am a 64-year-old woman with …".
fn heading(text: &Text) -> Option<(Range<usize>, String)> {
    let first = sentence_at(text.whole, text.tokens.first()?.span.start)?;
    let own: Vec<usize> =
        (0..text.tokens.len()).filter(|at| text.tokens.get(*at).is_some_and(|t| t.span.end <= first.end)).collect();
    let person = own.iter().copied().find(|&at| PERSONS.iter().any(|(person, _)| *person == low(&text.tokens, at)))?;
    let speaks = (0..person).any(|at| is_verb(low(&text.tokens, at)) || on(&[":", ","], low(&text.tokens, at)));
    let joined =
        on(&["with", "who", "."], low(&text.tokens, person + 1)) && !on(&["the", "this"], low(&text.tokens, 0));
    if speaks || !joined || low(&text.tokens, person + 1) == "who" {
        return None;
    }
    let token = text.tokens.first()?;
    let word = slice(text.whole, &token.span);
    let article = match low(&text.tokens, 0) {
        "a" | "an" => "",
        _ if on(&["8", "11", "18"], word) || (word.starts_with('8') && word.len() == 2) => "an ",
        _ => "a ",
    };
    debug_assert!(before(&text.tokens, 0).is_empty());
    Some((token.span.clone(), format!("I am {article}{}", word.to_lowercase())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::samples::{applied, check, history, round_trip};

    #[test]
    fn the_patient_says_it() {
        let table = [
            ("She denies pain. Her arm itches.", "I deny pain. My arm itches."),
            ("The patient smokes. The patient does not drink alcohol.", "I smoke. I do not drink alcohol."),
            (
                "64-year-old woman with a mole. She has seen it herself.",
                "I am a 64-year-old woman with a mole. I have seen it myself.",
            ),
            ("An 80-year-old man with a mole.", "I am an 80-year-old man with a mole."),
            ("He recently started amoxicillin.", "I recently started amoxicillin."),
            ("She is well.", "I am well."),
        ];
        check(&table, |note| {
            applied(&FirstPerson, &history(note, vec![]))
                .map_or_else(|unfit| unfit.to_string(), |after| after.note.unwrap())
        });
    }

    #[test]
    fn what_the_rules_do_not_reach_is_left_alone() {
        for note in [
            "I have a mole. My arm itches.",
            "Her mother says that she itches.",
            "She itches and bleeds.",
            "A mole.",
            "She has a mole. Impression: eczema.",
            "user: She itches.",
        ] {
            assert!(!round_trip(&FirstPerson, &history(note, vec![])), "{note}");
        }
        assert!(round_trip(&FirstPerson, &history("She has a mole.", vec![])));
    }
}
