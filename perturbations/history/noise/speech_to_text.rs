//! Dictation with homophones.

use crate::history::finders::negations;
use crate::history::mentions;
use crate::history::restyle::{Rewrite, SHARE, longest, restyle, share_of};
use crate::history::words::{Text, bytes, in_case_of, overlap, slice};
use crate::{
    Card, Change, Context, Graded, History, Needs, Operator, Oracle, Perturbation, Setting, SettingError, Stimulus,
    Target, Unfit,
};

/// Writes a share of the words that have a homophone as that.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpeechToText {
    share: f64,
}

impl Operator for SpeechToText {
    const CARD: &'static Card = &Card {
        id: "speech_to_text",
        family: "history/noise",
        title: "Homophones",
        imitates: "Dictation software that writes a word of the same sound. Words that tell a fact, numbers and denials are left alone.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Invariant,
        oracle_reason: "A reader hears the right word.",
        gradable_to: &[],
        grading: SHARE,
        parameters: &[],
        references: &[
            "Zhou et al., JAMA Netw Open 2018, doi 10.1001/jamanetworkopen.2018.0530: errors in dictated notes before editing (7.4 % of words)",
        ],
    };

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let share = setting.dose.ok_or_else(|| SettingError::at("share", "is the share of places to rewrite"))?;
        Ok(Self::at_dose(share))
    }
}

impl Graded for SpeechToText {
    fn at_dose(dose: f64) -> Self {
        Self { share: Self::range().nearest(dose) }
    }
}

impl Perturbation for SpeechToText {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let rewrites = share_of(homophones(&stimulus.history), self.share, &cx.rng);
        restyle(stimulus, rewrites, "no homophone that falls to that share")
    }
}

/// Words that dictation takes for one another because both fit where they stand, or that it runs together or parts.
///
/// None is a number, a denial, a side, a part of the body, a complaint or a unit of time. Pairs of which only one fits the
/// grammar ("been" and "bean") are left out: software that weighs a word by its neighbours does not mistake them.
const SETS: &[(&str, &str)] = &[
    ("their", "there"),
    ("they're", "their"),
    ("its", "it's"),
    ("it's", "its"),
    ("your", "you're"),
    ("you're", "your"),
    ("our", "are"),
    ("whether", "weather"),
    ("where", "were"),
    ("then", "than"),
    ("than", "then"),
    ("too", "to"),
    ("affect", "effect"),
    ("effect", "affect"),
    ("advise", "advice"),
    ("advice", "advise"),
    ("mucus", "mucous"),
    ("patients", "patience"),
    ("patient's", "patients"),
    ("lesion", "legion"),
    ("lesions", "legions"),
    ("discrete", "discreet"),
    ("passed", "past"),
    ("maybe", "may be"),
    ("into", "in to"),
    ("onto", "on to"),
    ("already", "all ready"),
    ("every day", "everyday"),
    ("everyday", "every day"),
    ("some time", "sometime"),
    ("any more", "anymore"),
    ("a lot", "allot"),
    ("anything", "any thing"),
    ("someone", "some one"),
    ("anyone", "any one"),
];

/// Words that tell no fact, each with its homophone.
fn homophones(history: &History) -> Vec<Rewrite> {
    let note = history.note.as_deref().unwrap_or_default();
    let facts: Vec<_> = history.fields.iter().flat_map(|field| mentions(note, field)).collect();
    let denied = negations(note).into_iter().flat_map(|denial| denial.concepts.into_iter().chain([denial.cue]));
    let kept: Vec<_> = facts.into_iter().chain(denied).collect();
    let text = Text::read(note);
    let places = SETS.iter().flat_map(|(from, to)| {
        let runs = text.phrase(from).map(|run| bytes(&text.tokens, &run)).collect::<Vec<_>>();
        runs.into_iter().map(|span| (span.clone(), in_case_of(slice(note, &span), to)))
    });
    longest(places.filter(|(span, _)| !kept.iter().any(|fact| overlap(fact, span))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::samples::{applied, consultation, field, history, round_trip};
    use crate::{Kind, Level};

    #[test]
    fn words_of_the_same_sound_come_in_and_facts_stay() {
        let before =
            history("There is a lesion by its edge; where it hurts too.", vec![field("pain", Kind::Symptom, "yes")]);
        let after = applied(&SpeechToText::at_dose(1.0), &before).unwrap().note.unwrap();
        assert_eq!(after, "There is a legion by it's edge; were it hurts to.");
    }

    #[test]
    fn denials_and_numbers_stay() {
        let before = history("No pain on the heel for 2 weeks.", vec![]);
        assert!(applied(&SpeechToText::at_dose(1.0), &before).is_err());
    }

    #[test]
    fn every_level_goes_both_ways() {
        for level in Level::ALL {
            round_trip(&SpeechToText::at(level), &consultation());
        }
        let before = history("Please advise by letter.", vec![]);
        assert!(round_trip(&SpeechToText::at_dose(1.0), &before));
    }
}
