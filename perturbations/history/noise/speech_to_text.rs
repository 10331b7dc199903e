//! Dictation with homophones.

use crate::history::finders::negations;
use crate::history::mentions;
use crate::history::restyle::{Rewrite, SHARE, restyle, share_of};
use crate::history::words::{in_case_of, overlap, slice, tokens};
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

/// Words, and one of the same sound. None is a number, a denial, a side or a unit of time.
const SETS: &[(&str, &str)] = &[
    ("their", "there"),
    ("its", "it's"),
    ("your", "you're"),
    ("patients", "patience"),
    ("bruise", "brews"),
    ("heel", "heal"),
    ("toe", "tow"),
    ("vein", "vain"),
    ("scene", "seen"),
    ("here", "hear"),
    ("which", "witch"),
    ("whether", "weather"),
    ("would", "wood"),
    ("pain", "pane"),
    ("sun", "son"),
    ("hair", "hare"),
    ("waist", "waste"),
    ("nose", "knows"),
    ("lesion", "legion"),
    ("please", "pleas"),
    ("advise", "advice"),
    ("grown", "groan"),
    ("where", "wear"),
    ("through", "threw"),
    ("whole", "hole"),
    ("piece", "peace"),
    ("sore", "soar"),
    ("sole", "soul"),
    ("been", "bean"),
    ("be", "bee"),
    ("by", "buy"),
    ("then", "than"),
    ("affect", "effect"),
    ("mucus", "mucous"),
];

/// Words that tell no fact, each with its homophone.
fn homophones(history: &History) -> Vec<Rewrite> {
    let note = history.note.as_deref().unwrap_or_default();
    let facts: Vec<_> = history.fields.iter().flat_map(|field| mentions(note, field)).collect();
    let denied = negations(note).into_iter().flat_map(|denial| denial.concepts.into_iter().chain([denial.cue]));
    let kept: Vec<_> = facts.into_iter().chain(denied).collect();
    let other = |word: &str| SETS.iter().find(|(from, _)| *from == word).map(|(_, to)| *to);
    let free = tokens(note).into_iter().filter(|token| !kept.iter().any(|fact| overlap(fact, &token.span)));
    free.filter_map(|token| Some((token.span.clone(), in_case_of(slice(note, &token.span), other(&token.low)?))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::samples::{applied, consultation, field, history, round_trip};
    use crate::{Kind, Level};

    #[test]
    fn words_of_the_same_sound_come_in_and_facts_stay() {
        let before = history("There is pain by the heel which hurts.", vec![field("pain", Kind::Symptom, "yes")]);
        let after = applied(&SpeechToText::at_dose(1.0), &before).unwrap().note.unwrap();
        assert_eq!(after, "There is pain buy the heal witch hurts.");
    }

    #[test]
    fn denials_and_numbers_stay() {
        let before = history("No pain for 2 weeks.", vec![]);
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
