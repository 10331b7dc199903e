//! Shorthand put in, or spelt out.

use core::cmp::Reverse;
use std::ops::Range;

use super::dose::{in_order, quota};
use crate::history::ledger::Ledger;
use crate::history::lexicon::{BODY_PARTS, PREPOSITIONS, on};
use crate::history::seam::splice;
use crate::history::words::{Shape, Text, before, bytes, low, overlap};
use crate::{
    Card, Change, Context, Graded, Grading, Needs, Operator, Oracle, Parameter, Perturbation, Quantity, Range as Doses,
    Setting, SettingError, Stimulus, Takes, Target, Unfit, Unit,
};

/// The lexicon.
const LEXICON: &str = include_str!("abbreviations.tsv");

/// Writes a share of the phrases that have a short form in the lexicon in that form, or spells short forms out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Abbreviations {
    share: f64,
    expand: bool,
}

impl Operator for Abbreviations {
    const CARD: &'static Card = &Card {
        id: "abbreviations",
        family: "history/noise",
        title: "Clinical shorthand",
        imitates: "A note full of shorthand (h/o, c/o, 64 yo), or one whose shorthand was spelt out. Short forms that \
                   also mean something else are never spelt out; left and right are shortened only before a part of \
                   the body. Numbers and fields stay.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Invariant,
        oracle_reason: "To a clinician, both forms say the same.",
        gradable_to: &[],
        grading: Grading::Graded {
            dose: "share",
            unit: Unit::Share,
            levels: [0.2, 0.4, 0.6, 0.8, 1.0],
            range: Doses { mildest: 0.05, severest: 1.0 },
            monotone_in: Quantity::WordsChanged,
        },
        parameters: &[Parameter {
            name: "direction",
            doc: "Put shorthand in (shorten, which is also what is left out means) or spell it out (expand).",
            takes: Takes::Choice(&["shorten", "expand"]),
            required: false,
        }],
        references: &[
            "NHS, Abbreviations you may find in your health records (nhs.uk, NHS App help)",
            "BMJ 2003;326:1333: abbreviations in doctors' notes",
            "noise/abbreviations.tsv gives the source of each entry",
        ],
    };

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let share = setting.dose.ok_or_else(|| SettingError::at("share", "is the share of phrases to rewrite"))?;
        Ok(Self { expand: setting.text("direction") == Some("expand"), ..Self::at_dose(share) })
    }
}

impl Graded for Abbreviations {
    fn at_dose(dose: f64) -> Self {
        Self { share: Self::range().nearest(dose), expand: false }
    }
}

impl Perturbation for Abbreviations {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let mut ledger = Ledger::open(&stimulus.history);
        let found = found(ledger.note(), self.expand);
        let wanted = quota(self.share, found.len(), &cx.rng);
        let mut chosen: Vec<_> = in_order(found, &cx.rng).into_iter().take(wanted).collect();
        chosen.sort_by_key(|(span, _)| Reverse(span.start));
        for (span, put) in chosen {
            ledger.set_note(&splice(ledger.note(), &span, put));
        }
        ledger.close(stimulus).map_err(|_| Unfit::nothing("no phrase of the lexicon falls to that share"))
    }
}

/// An entry of the lexicon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    long: &'static str,
    short: &'static str,
    both: bool,
}

fn entries() -> impl Iterator<Item = Entry> {
    LEXICON.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut cells = line.split('\t');
        Some(Entry { long: cells.next()?, short: cells.next()?, both: cells.next()? == "both" })
    })
}

/// The phrases of the note that have another form, with it; where two share words, the longer one.
fn found(note: &str, expand: bool) -> Vec<(Range<usize>, &'static str)> {
    let text = Text::read(note);
    let pairs = entries().filter(|entry| entry.both || !expand);
    let pairs = pairs.map(|entry| if expand { (entry.short, entry.long) } else { (entry.long, entry.short) });
    let mut all: Vec<(Range<usize>, &'static str)> = pairs
        .flat_map(|(from, to)| {
            let runs = text.phrase(from).filter(|run| is_meant(&text, from, run));
            runs.map(|run| (bytes(&text.tokens, &run), agreeing(&text, to, run.end))).collect::<Vec<_>>()
        })
        .collect();
    all.sort_by_key(|(span, _)| (Reverse(span.len()), span.start));
    let mut kept: Vec<(Range<usize>, &'static str)> = Vec::new();
    for (span, to) in all {
        if !kept.iter().any(|(other, _)| overlap(other, &span)) {
            kept.push((span, to));
        }
    }
    kept.sort_by_key(|(span, _)| span.start);
    kept
}

/// Whether a phrase is meant as in the lexicon: a side stands before a part of the body; shorthand stands free.
fn is_meant(text: &Text, from: &str, run: &Range<usize>) -> bool {
    let side = matches!(from, "left" | "right");
    let span = bytes(&text.tokens, run);
    let next = text.whole.get(span.end..).and_then(|rest| rest.chars().next());
    // "Please be patient" is about nobody.
    let forbearing = from == "patient" && on(&["am", "be", "being", "more", "very"], before(&text.tokens, run.start));
    let free = !next.is_some_and(|c| c == '/' || (from.ends_with('/') && !c.is_whitespace()));
    // "With that, …" joins sentences.
    let joins = from == "with" && (run.start == 0 || on(&[".", "!", "?"], low(&text.tokens, run.start - 1)));
    free && !joins && !forbearing && (!side || on(BODY_PARTS, low(&text.tokens, run.end)))
}

/// "year old" before a noun ("a 64 year old woman"), "years old" elsewhere; every other form as it is.
fn agreeing(text: &Text, form: &'static str, next: usize) -> &'static str {
    let noun = text
        .tokens
        .get(next)
        .is_some_and(|token| token.shape == Shape::Word && token.low != "w" && !on(PREPOSITIONS, &token.low));
    if form == "year old" && !noun { "years old" } else { form }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Level;
    use crate::history::samples::{applied, applied_at, consultation, history, round_trip};

    const ALL: Abbreviations = Abbreviations { share: 1.0, expand: false };

    fn note(operator: Abbreviations, note: &str) -> Option<String> {
        applied(&operator, &history(note, vec![])).ok()?.note
    }

    #[test]
    fn the_lexicon_is_well_formed() {
        let rows: Vec<&str> = LEXICON.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(rows.len() >= 30 && rows.iter().all(|row| row.split('\t').count() == 4));
        assert_eq!(entries().count(), rows.len());
        let known = ["nhs", "bmj", "usage"];
        assert!(rows.iter().all(|row| known.contains(&row.split('\t').next_back().unwrap())));
        let mut shorts: Vec<_> = entries().filter(|entry| entry.both).map(|entry| entry.short.to_lowercase()).collect();
        let count = shorts.len();
        shorts.sort();
        shorts.dedup();
        assert_eq!(shorts.len(), count, "a short form is spelt out in two ways");
    }

    #[test]
    fn phrases_are_shortened() {
        for (before, after) in [
            ("History of eczema.", "H/o eczema."),
            ("A 64-year-old woman with a rash.", "A 64 yo woman w/ a rash."),
            ("It left a scar on the left arm, now all right.", "It left a scar on the L arm, now all right."),
            ("Past medical history: nil.", "PMH: nil."),
            ("Complains of itch for 3 weeks.", "C/o itch for 3 wks."),
            ("Please be patient. The patient is well.", "Please be patient. The pt is well."),
        ] {
            assert_eq!(note(ALL, before).as_deref(), Some(after));
        }
    }

    #[test]
    fn shorthand_is_spelt_out() {
        let expand = Abbreviations { expand: true, ..ALL };
        for (before, after) in [
            ("H/o eczema, c/o itch.", "History of eczema, complains of itch."),
            ("Pt is 64 yo w/ a rash x 3 wks.", "Patient is 64 years old with a rash x 3 weeks."),
            ("A 64 yo woman w/o pain.", "A 64 year old woman without pain."),
            ("PMH: nil. No FH.", "Past medical history: nil. No FH."),
        ] {
            assert_eq!(note(expand, before).as_deref(), Some(after));
        }
        assert_eq!(note(expand, "A mole on the L arm."), None);
    }

    #[test]
    fn a_higher_level_shortens_what_a_lower_one_does() {
        let count = |level: Level, seed: u64| -> Vec<bool> {
            let after = applied_at(&Abbreviations::at(level), &consultation(), seed);
            let after = after.map_or_else(|_| consultation().note.unwrap(), |after| after.note.unwrap());
            [" yo ", " w/ ", "-wk", " h/o ", " L "].map(|short| after.contains(short)).to_vec()
        };
        for seed in 0..30 {
            for pair in Level::ALL.windows(2) {
                let (fewer, more) = (count(pair[0], seed), count(pair[1], seed));
                assert!(fewer.iter().zip(&more).all(|(fewer, more)| more >= fewer));
            }
            assert_eq!(count(Level::ALL[4], seed), [true, true, false, true, true]);
        }
    }

    #[test]
    fn every_level_goes_both_ways() {
        for level in Level::ALL {
            round_trip(&Abbreviations::at(level), &consultation());
        }
        assert!(round_trip(&ALL, &consultation()));
        assert!(!round_trip(&ALL, &history("a mole", vec![])));
    }
}
