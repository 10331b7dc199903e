//! The patient's sex and ethnicity, left out.

use core::cmp::Reverse;
use std::ops::Range;

use crate::history::erase::{Collateral, erase};
use crate::history::ledger::Ledger;
use crate::history::lexicon::{PERSONS, on};
use crate::history::seam::splice;
use crate::history::words::{Text, before, bytes, low, slice};
use crate::{
    Card, Change, Context, Field, Grading, Kind, Needs, Operator, Oracle, Perturbation, Setting, SettingError,
    Stimulus, Target, Unfit, Value,
};

/// Deletes the sex and the words for ethnicity from fields and note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DemographicsRemoved;

impl Operator for DemographicsRemoved {
    const CARD: &'static Card = &Card {
        id: "demographics_removed",
        family: "history/style",
        title: "Sex and ethnicity removed",
        imitates: "The same letter without the patient's sex and ethnicity. Where the note tells something that fits one sex only, or an ethnicity in words that cannot be taken out, it does not apply.",
        target: Target::History,
        needs: Needs::Nothing,
        oracle: Oracle::Invariant,
        oracle_reason: "Declared as not causal: a reader who judges by the disease answers the same.",
        gradable_to: &[],
        grading: Grading::Binary,
        parameters: &[],
        references: &["Gourabathina et al., arXiv 2506.17163: version 3, gender removed"],
    };

    fn make(_: &Setting) -> Result<Self, SettingError> {
        Ok(Self)
    }
}

impl Perturbation for DemographicsRemoved {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, _: &mut Context<'_>) -> Result<Change, Unfit> {
        let mut ledger = Ledger::open(&stimulus.history);
        leave_out_ethnicity(&mut ledger)?;
        let told = |field: &&Field| field.kind == Kind::Sex && field.value != Value::Deleted;
        if let Some(sex) = stimulus.history.fields.iter().find(told) {
            erase(&mut ledger, &sex.name, Collateral::Nothing)?;
        }
        ledger.close(stimulus).map_err(|_| Unfit::nothing("neither sex nor ethnicity is told"))
    }
}

/// Words for ethnicity. Those that are colours, too, count only where they are said of a person.
const ETHNICITIES: &[&str] = &[
    "african american",
    "african-american",
    "afro-caribbean",
    "arab",
    "asian",
    "black",
    "caucasian",
    "east asian",
    "eastern european",
    "eastern-european",
    "hispanic",
    "indian",
    "latina",
    "latino",
    "middle eastern",
    "south asian",
    "white",
    "white british",
];
const COLOURS: &[&str] = &["black", "white", "white british"];
/// Words for a person, beside those that tell the sex.
const OTHERS: &[&str] = &["adolescent", "adult", "child", "gal", "guy", "infant", "newborn", "patient", "person"];
/// What an ethnicity can be followed by: "of Asian descent".
const ORIGINS: &[&str] = &["ancestry", "background", "descent", "origin"];

/// Takes every word for the patient's ethnicity out of the note.
///
/// # Errors
/// [`Unfit::Entangled`] where one stands in a way that cannot be taken out: "I am white and tall".
fn leave_out_ethnicity(ledger: &mut Ledger) -> Result<(), Unfit> {
    loop {
        let note = ledger.note().to_owned();
        let text = Text::read(&note);
        let Some(run) = told(&text) else { return Ok(()) };
        let cut = cut(&text, &run).ok_or_else(|| Unfit::Entangled { what: "ethnicity".into() })?;
        ledger.set_note(&splice(&note, &cut, ""));
    }
}

/// The first run of words that tells an ethnicity; of two that begin together, the longer one.
fn told(text: &Text) -> Option<Range<usize>> {
    let runs = ETHNICITIES.iter().flat_map(|words| {
        let colour = on(COLOURS, words);
        text.phrase(words).filter(|run| !colour || is_of_person(text, run)).collect::<Vec<_>>()
    });
    runs.min_by_key(|run| (run.start, Reverse(run.end)))
}

/// Whether a colour is said of a person: before a word for one, behind "I'm", as the answer to a heading, or as an item
/// of its own.
fn is_of_person(text: &Text, run: &Range<usize>) -> bool {
    let (previous, next) = (before(&text.tokens, run.start), low(&text.tokens, run.end));
    let said = on(&["i'm", "he's", "she's", "they're"], previous);
    let said = said || (previous == "am" && before(&text.tokens, run.start - 1) == "i");
    said || is_person(next) || is_headed(text, run) || is_item(text, run)
}

fn is_person(word: &str) -> bool {
    PERSONS.iter().any(|(person, _)| *person == word) || on(OTHERS, word)
}

/// Whether "Ethnicity:" or "Race:" stands before.
fn is_headed(text: &Text, run: &Range<usize>) -> bool {
    let heading = run.start.checked_sub(2).map_or("", |at| low(&text.tokens, at));
    before(&text.tokens, run.start) == ":" && on(&["ethnicity", "race"], heading)
}

/// Whether nothing but marks or ends of lines stand on both sides.
fn is_item(text: &Text, run: &Range<usize>) -> bool {
    let span = bytes(&text.tokens, run);
    let (head, tail) = (slice(text.whole, &(0..span.start)), slice(text.whole, &(span.end..text.whole.len())));
    let (head, tail) = (head.trim_end_matches(' '), tail.trim_start_matches(' '));
    let opens = head.is_empty() || head.ends_with([',', '.', ';', '\n']);
    opens && (tail.is_empty() || tail.starts_with([',', '.', ';', '\n']))
}

/// The bytes to take out for a run that tells an ethnicity.
fn cut(text: &Text, run: &Range<usize>) -> Option<Range<usize>> {
    if is_headed(text, run) {
        return whole_line(text, run);
    }
    if is_person(low(&text.tokens, run.end)) {
        return Some(bytes(&text.tokens, run));
    }
    let end = run.end + usize::from(on(ORIGINS, low(&text.tokens, run.end)));
    let wide = run.start - usize::from(end > run.end && before(&text.tokens, run.start) == "of")..end;
    if is_item(text, &wide) {
        return Some(item(text, &wide));
    }
    // "She is 40, and Caucasian." and "5 feet and of Asian descent."
    let closed = on(&["", ".", ",", ";"], low(&text.tokens, wide.end));
    let joined = closed && before(&text.tokens, wide.start) == "and";
    let comma = usize::from(joined && before(&text.tokens, wide.start - 1) == ",");
    joined.then(|| bytes(&text.tokens, &(wide.start - 1 - comma..wide.end)))
}

/// The line of a heading with what ends it, where the line holds nothing else.
fn whole_line(text: &Text, run: &Range<usize>) -> Option<Range<usize>> {
    let span = bytes(&text.tokens, &(run.start - 2..run.end));
    let start = slice(text.whole, &(0..span.start)).rfind('\n').map_or(0, |at| at + 1);
    let rest = slice(text.whole, &(span.end..text.whole.len()));
    let end = rest.find('\n').map_or(text.whole.len(), |at| span.end + at + 1);
    let alone = |from: usize, to: usize| slice(text.whole, &(from..to)).trim().is_empty();
    (alone(start, span.start) && alone(span.end, end)).then_some(start..end)
}

/// An item of a list with the comma before it or, where it opens its line or sentence, with the mark behind it.
fn item(text: &Text, run: &Range<usize>) -> Range<usize> {
    let comma = on(&[",", ";"], before(&text.tokens, run.start));
    if comma {
        return bytes(&text.tokens, &(run.start - 1..run.end));
    }
    let span = bytes(&text.tokens, run);
    let rest = slice(text.whole, &(span.end..text.whole.len()));
    let marks = rest.len() - rest.trim_start_matches([',', '.', ';', ' ', '\n']).len();
    span.start..span.end + marks.min(rest.find('\n').map_or(marks, |at| at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::samples::{applied, field, history, round_trip};

    #[test]
    fn sex_and_ethnicity_go() {
        let before = history(
            "A 40-year-old white woman with a white patch. She itches.",
            vec![field("sex", Kind::Sex, "female")],
        );
        let after = applied(&DemographicsRemoved, &before).unwrap();
        assert_eq!(after.note.as_deref(), Some("A 40-year-old patient with a white patch. The patient itches."));
        assert!(round_trip(&DemographicsRemoved, &before));
    }

    #[test]
    fn an_ethnicity_goes_wherever_it_stands() {
        for (before, after) in [
            ("An Asian woman. Itchy.", "A patient. Itchy."),
            ("26F, 177 cm, White. It itches.", "26, 177 cm. It itches."),
            ("39f,white,smoke.", "39,smoke."),
            ("Gender: Female\nEthnicity: White British\nMeds: none", "Meds: none"),
            ("33F\n80 kg\nCaucasian\nArm pain", "33\n80 kg\nArm pain"),
            ("A woman of 80 kg, and Caucasian. White spots.", "A patient of 80 kg. White spots."),
            ("A woman of Indian descent with black spots.", ""),
        ] {
            let made = applied(&DemographicsRemoved, &history(before, vec![field("sex", Kind::Sex, "female")]));
            assert_eq!(made.map_or_else(|_| String::new(), |made| made.note.unwrap()), after, "{before}");
        }
        assert!(!round_trip(&DemographicsRemoved, &history("I'm white and tall.", vec![])));
    }

    #[test]
    fn what_fits_one_sex_only_is_left_alone() {
        assert!(!round_trip(
            &DemographicsRemoved,
            &history("A pregnant woman.", vec![field("sex", Kind::Sex, "female")])
        ));
        assert!(!round_trip(&DemographicsRemoved, &history("A white patch.", vec![])));
    }
}
