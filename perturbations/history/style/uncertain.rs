//! A hesitant writer.

use crate::history::restyle::{SHARE, open};
use crate::history::words::tokens;
use crate::{
    Card, Change, Context, Graded, Needs, Operator, Oracle, Perturbation, Setting, SettingError, Stimulus, Target,
    Unfit,
};

/// Opens a share of the statements of the note with words that hedge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Uncertain {
    share: f64,
}

impl Operator for Uncertain {
    const CARD: &'static Card = &Card {
        id: "uncertain",
        family: "history/style",
        title: "A hesitant writer",
        imitates: "A writer who hedges every statement (I suppose, it would seem). The words hedge, the facts stay.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Directional,
        oracle_reason: "The facts are the same; hedged words may lower confidence, but nothing that was told makes it safe to lower the urgency.",
        gradable_to: &[],
        grading: SHARE,
        parameters: &[],
        references: &[
            "Gourabathina et al., arXiv 2506.17163: style and format of clinical contexts",
            "MedPerturb's versions 4 and 5 were written by a language model; these are by rule",
        ],
    };

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let share = setting.dose.ok_or_else(|| SettingError::at("share", "is the share of places to rewrite"))?;
        Ok(Self::at_dose(share))
    }
}

impl Graded for Uncertain {
    fn at_dose(dose: f64) -> Self {
        Self { share: Self::range().nearest(dose) }
    }
}

impl Perturbation for Uncertain {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        open(stimulus, self.share, [OWN, LETTER], |rest| !is_own_mind(rest), &cx.rng)
    }
}

/// Whether a statement tells what the writer feels, wants or does by writing, or that somebody told something: of that
/// nobody is unsure.
fn is_own_mind(sentence: &str) -> bool {
    let words: Vec<_> = tokens(sentence).into_iter().take(5).map(|token| token.low).collect();
    let first = words.first().map_or("", |word| word.as_ref());
    let told = words.get(1).is_some_and(|word| TOLD.contains(&word.as_ref()));
    if first == "we" || told {
        return true;
    }
    let own = first == "i" || first.starts_with("i'");
    own && words.iter().skip(1).any(|word| MIND.contains(&word.as_ref()))
}

/// Verbs by which somebody told something: what was told may be unsure, that it was told is not.
const TOLD: &[&str] = &["denied", "denies", "describes", "mentions", "reported", "reports", "said", "says", "thinks"];
/// Words that tell what the writer feels, thinks, wants or does by writing.
const MIND: &[&str] = &[
    "afraid",
    "anxious",
    "appreciate",
    "apologise",
    "apologize",
    "attached",
    "believe",
    "concerned",
    "confused",
    "considering",
    "curious",
    "desperate",
    "feel",
    "freaking",
    "glad",
    "grateful",
    "guess",
    "hope",
    "hoping",
    "know",
    "looking",
    "nervous",
    "reaching",
    "research",
    "scared",
    "sorry",
    "suppose",
    "sure",
    "terrified",
    "thank",
    "think",
    "understand",
    "unsure",
    "want",
    "wanted",
    "wish",
    "wonder",
    "wondering",
    "worried",
    "worry",
    "would",
    "like",
    "posting",
    "writing",
];

/// In the first person.
const OWN: &[&str] = &["I suppose", "I think", "I guess", "As far as I can tell,", "Well, perhaps"];
/// In a letter about the patient.
const LETTER: &[&str] =
    &["It would seem that", "As far as can be told,", "It appears that", "I suppose that", "As far as anybody knows,"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Level;
    use crate::history::samples::{applied, applied_at, consultation, history, round_trip};

    #[test]
    fn statements_are_opened_and_the_rest_stays() {
        let after = applied(&Uncertain::at_dose(1.0), &history("It itches. Does it hurt? Rash.", vec![])).unwrap();
        let note = after.note.unwrap();
        let opening = OWN.iter().chain(LETTER).find(|opening| note.starts_with(**opening)).unwrap();
        assert_eq!(note, format!("{opening} it itches. Does it hurt? Rash."));
    }

    #[test]
    fn what_nobody_is_unsure_of_stays() {
        for note in [
            "I'm really afraid of it.",
            "I want to know.",
            "I've attached a picture.",
            "She denies pain.",
            "We saw a man.",
        ] {
            assert!(applied(&Uncertain::at_dose(1.0), &history(note, vec![])).is_err(), "{note}");
        }
        assert!(applied(&Uncertain::at_dose(1.0), &history("I have a rash.", vec![])).is_ok());
    }

    #[test]
    fn a_greater_share_opens_what_a_smaller_one_does() {
        for seed in 0..20 {
            let mut before = 0;
            for level in Level::ALL {
                let after = applied_at(&Uncertain::at(level), &consultation(), seed).unwrap_or_else(|_| consultation());
                let length = after.note.unwrap().len();
                assert!(length >= before);
                before = length;
            }
        }
    }

    #[test]
    fn every_level_goes_both_ways_and_keeps_the_facts() {
        for level in Level::ALL {
            round_trip(&Uncertain::at(level), &consultation());
        }
        assert!(round_trip(&Uncertain::at_dose(1.0), &consultation()));
        assert!(!round_trip(&Uncertain::at_dose(1.0), &history("Rash, itchy", vec![])));
    }
}
