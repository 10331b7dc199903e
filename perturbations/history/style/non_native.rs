//! A writer whose English is a second language.

use crate::history::clause::is_verb;
use crate::history::lexicon::on;
use crate::history::restyle::{Rewrite, SHARE, deleted, is_counted, restyle, share_of};
use crate::history::words::{Shape, Text, before, in_case_of, low, slice};
use crate::{
    Card, Change, Context, Graded, Needs, Operator, Oracle, Perturbation, Setting, SettingError, Stimulus, Target,
    Unfit,
};

/// Makes a share of the slips of a writer in a second language.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NonNative {
    share: f64,
}

impl Operator for NonNative {
    const CARD: &'static Card = &Card {
        id: "non_native",
        family: "history/style",
        title: "A writer in a second language",
        imitates: "English of a fluent writer whose first language has no articles: articles left out, \"since\" for \"for\", verbs without their s.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Invariant,
        oracle_reason: "The facts are the same, and clinics see such letters daily.",
        gradable_to: &[],
        grading: SHARE,
        parameters: &[],
        references: &[
            "Gourabathina et al., arXiv 2506.17163: style and format of clinical contexts",
            "Swan and Smith (eds.), Learner English, Cambridge 2001: typical errors by first language",
        ],
    };

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let share = setting.dose.ok_or_else(|| SettingError::at("share", "is the share of places to rewrite"))?;
        Ok(Self::at_dose(share))
    }
}

impl Graded for NonNative {
    fn at_dose(dose: f64) -> Self {
        Self { share: Self::range().nearest(dose) }
    }
}

impl Perturbation for NonNative {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let note = stimulus.history.note.as_deref().unwrap_or_default();
        let rewrites = share_of(errors(note), self.share, &cx.rng);
        restyle(stimulus, rewrites, "no slip that falls to that share")
    }
}

/// Verbs in the third person, and the form that a learner may use.
const VERBS: &[(&str, &str)] = &[
    ("itches", "itch"),
    ("bleeds", "bleed"),
    ("hurts", "hurt"),
    ("grows", "grow"),
    ("comes", "come"),
    ("goes", "go"),
    ("takes", "take"),
    ("has", "have"),
    ("does", "do"),
    ("says", "say"),
    ("looks", "look"),
    ("feels", "feel"),
    ("reports", "report"),
    ("presents", "present"),
    ("becomes", "become"),
    ("starts", "start"),
    ("gets", "get"),
];

/// Every slip that could be made, none beside another.
fn errors(note: &str) -> Vec<Rewrite> {
    let text = Text::read(note);
    let mut found: Vec<Rewrite> = Vec::new();
    let mut free = 0;
    for at in 0..text.tokens.len() {
        let rewrite = article(&text, at).or_else(|| verb(&text, at)).or_else(|| since(&text, at));
        let rewrite = rewrite.filter(|(span, _)| span.start >= free);
        free = rewrite.as_ref().map_or(free, |(span, _)| span.end);
        found.extend(rewrite);
    }
    found
}

fn article(text: &Text, at: usize) -> Option<Rewrite> {
    let (word, next) = (low(&text.tokens, at), low(&text.tokens, at + 1));
    let plain =
        next.chars().all(char::is_alphabetic) && !on(&["vitamin", "hepatitis", "type"], before(&text.tokens, at));
    let wanted =
        on(&["a", "an", "the"], word) && !is_counted(next) && plain && !on(&["-", "/"], before(&text.tokens, at));
    wanted.then(|| deleted(text.whole, text.tokens.get(at)?.span.clone())).flatten()
}

fn verb(text: &Text, at: usize) -> Option<Rewrite> {
    let token = text.tokens.get(at)?;
    let (_, base) = VERBS.iter().find(|(third, _)| *third == token.low)?;
    // "does not have" stays: only a verb behind its subject loses its s.
    on(&["it", "she", "he", "patient", "lesion", "rash", "who"], before(&text.tokens, at))
        .then(|| (token.span.clone(), (*base).to_owned()))
}

/// "for 3 weeks" as "since 3 weeks", where it lasts: "took it for 3 weeks" is over, and stays.
fn since(text: &Text, at: usize) -> Option<Rewrite> {
    let token = text.tokens.get(at).filter(|token| token.low == "for")?;
    let number = text.tokens.get(at + 1).is_some_and(|next| next.shape == Shape::Number);
    let time = on(&["day", "days", "week", "weeks", "month", "months", "year", "years"], low(&text.tokens, at + 2));
    (number && time && lasts(text, at))
        .then(|| (token.span.clone(), in_case_of(slice(text.whole, &token.span), "since")))
}

/// Whether what is told in the clause before the token goes on: a perfect tense, or no verb at all.
fn lasts(text: &Text, at: usize) -> bool {
    let own: Vec<&str> = (0..at)
        .rev()
        .map(|at| low(&text.tokens, at))
        .take_while(|word| !on(&[".", ",", ";", ":", "!", "?", "(", "and", "but", "then", "after"], word))
        .collect();
    let perfect = own.iter().any(|word| on(&["been", "has", "have", "i've"], word));
    perfect || !own.iter().any(|word| is_verb(word) || word.ends_with("ed"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Level;
    use crate::history::samples::{applied, consultation, history, round_trip};

    fn note(note: &str) -> Option<String> {
        applied(&NonNative::at_dose(1.0), &history(note, vec![])).ok()?.note
    }

    #[test]
    fn slips_are_made() {
        for (before, after) in [
            ("It itches since the summer.", "It itch since summer."),
            ("A rash for 3 weeks. She takes aspirin.", "Rash since 3 weeks. She take aspirin."),
            (
                "It has been there for 2 days. She took it for 5 days.",
                "It have been there since 2 days. She took it for 5 days.",
            ),
        ] {
            assert_eq!(note(before).as_deref(), Some(after));
        }
    }

    #[test]
    fn every_level_goes_both_ways_and_keeps_the_facts() {
        for level in Level::ALL {
            round_trip(&NonNative::at(level), &consultation());
        }
        assert!(round_trip(&NonNative::at_dose(1.0), &consultation()));
        let after = applied(&NonNative::at_dose(1.0), &consultation()).unwrap();
        for field in &consultation().fields {
            assert!(!crate::history::mentions(after.note.as_deref().unwrap(), field).is_empty(), "{}", field.name);
        }
        assert!(!round_trip(&NonNative::at_dose(1.0), &history("Itchy", vec![])));
    }
}
