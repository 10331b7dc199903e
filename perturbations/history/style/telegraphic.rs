//! Notes in telegram style.

use std::ops::Range;

use crate::history::lexicon::{PERSONS, on};
use crate::history::restyle::{Rewrite, SHARE, deleted, is_counted, restyle, share_of};
use crate::history::words::{Shape, Text, before, bytes, low, slice};
use crate::{
    Card, Change, Context, Graded, Needs, Operator, Oracle, Perturbation, Setting, SettingError, Stimulus, Target,
    Unfit,
};

/// Deletes a share of the articles and of the openings such as "It is" from the note.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Telegraphic {
    share: f64,
}

impl Operator for Telegraphic {
    const CARD: &'static Card = &Card {
        id: "telegraphic",
        family: "history/style",
        title: "Telegram style",
        imitates: "Notes jotted down without articles, and without a subject and \"is\" in front.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Invariant,
        oracle_reason: "To a clinician, both say the same.",
        gradable_to: &[],
        grading: SHARE,
        parameters: &[],
        references: &["Gourabathina et al., arXiv 2506.17163: style and format of clinical contexts"],
    };

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let share = setting.dose.ok_or_else(|| SettingError::at("share", "is the share of places to rewrite"))?;
        Ok(Self::at_dose(share))
    }
}

impl Graded for Telegraphic {
    fn at_dose(dose: f64) -> Self {
        Self { share: Self::range().nearest(dose) }
    }
}

impl Perturbation for Telegraphic {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let note = stimulus.history.note.as_deref().unwrap_or_default();
        let rewrites = share_of(dispensable(note), self.share, &cx.rng);
        restyle(stimulus, rewrites, "no article or opening that falls to that share")
    }
}

/// Subjects that a note can do without before "is".
const SUBJECTS: &[&str] = &["it", "there", "she", "he"];
/// The verbs that go with them: not "was", without which the past would read as the present.
const COPULAS: &[&str] = &["is", "are"];

/// Articles, and openings of sentences such as "It is"; each alone, none beside another.
fn dispensable(note: &str) -> Vec<Rewrite> {
    let text = Text::read(note);
    let sexed = text.tokens.iter().any(|token| PERSONS.iter().any(|(person, _)| *person == token.low));
    let mut found: Vec<Rewrite> = Vec::new();
    let mut free = 0;
    for at in 0..text.tokens.len() {
        let run = opening(&text, at, sexed).or_else(|| article(&text, at));
        let Some(run) = run else { continue };
        let rewrite = deleted(note, bytes(&text.tokens, &run)).filter(|(span, _)| span.start >= free);
        free = rewrite.as_ref().map_or(free, |(span, _)| span.end);
        found.extend(rewrite);
    }
    found
}

/// "It is" at the start of a sentence; "She is" only where the note tells the sex in another way.
fn opening(text: &Text, at: usize, sexed: bool) -> Option<Range<usize>> {
    let word = low(&text.tokens, at);
    let starts = at == 0 || on(&[".", "!", "?"], before(&text.tokens, at));
    let known = sexed || !on(&["she", "he"], word);
    let verb = on(COPULAS, low(&text.tokens, at + 1)) && on(SUBJECTS, word);
    let follows = text.tokens.get(at + 2).is_some_and(|next| next.shape != Shape::Mark && !on(SUBJECTS, &next.low));
    let end = at + 2 + usize::from(article(text, at + 2).is_some());
    (starts && known && verb && follows).then_some(at..end)
}

/// An article that is not part of "a few", "twice a day" or a name.
fn article(text: &Text, at: usize) -> Option<Range<usize>> {
    let (word, next) = (low(&text.tokens, at), low(&text.tokens, at + 1));
    let token = text.tokens.get(at)?;
    let lone = slice(text.whole, &token.span) == "A" && !(at == 0 || on(&[".", "!", "?"], before(&text.tokens, at)));
    let marked = on(&["-", "/", "'", "(", "+"], next)
        || on(&["-", "/", "vitamin", "hepatitis", "type"], before(&text.tokens, at));
    (on(&["a", "an", "the"], word) && !is_counted(next) && !lone && !marked).then_some(at..at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Level;
    use crate::history::samples::{applied, consultation, history, round_trip};

    fn note(note: &str) -> Option<String> {
        applied(&Telegraphic::at_dose(1.0), &history(note, vec![])).ok()?.note
    }

    #[test]
    fn what_can_be_spared_goes() {
        for (before, after) in [
            ("It is itchy. There is a rash on the arm.", "Itchy. Rash on arm."),
            ("It is red. It was a few days ago.", "Red. It was a few days ago."),
            ("A woman. She is well.", "Woman. Well."),
            ("It was painful. The pus went away after a while.", "It was painful. Pus went away after a while."),
            ("A third of the arm is red.", "A third of arm is red."),
        ] {
            assert_eq!(note(before).as_deref(), Some(after));
        }
    }

    #[test]
    fn every_level_goes_both_ways_and_keeps_the_facts() {
        for level in Level::ALL {
            round_trip(&Telegraphic::at(level), &consultation());
        }
        assert!(round_trip(&Telegraphic::at_dose(1.0), &consultation()));
        let after = applied(&Telegraphic::at_dose(1.0), &consultation()).unwrap();
        for field in &consultation().fields {
            assert!(!crate::history::mentions(after.note.as_deref().unwrap(), field).is_empty(), "{}", field.name);
        }
        assert!(!round_trip(&Telegraphic::at_dose(1.0), &history("Itchy rash", vec![])));
    }
}
