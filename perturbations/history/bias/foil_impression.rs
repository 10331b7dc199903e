//! The referrer names a wrong diagnosis.

use super::plant;
use crate::history::ledger::Ledger;
use crate::history::mention;
use crate::history::voice;
use crate::history::words::Text;
use crate::{
    Card, Change, Context, Field, Foil, Grading, Kind, Needs, Operator, Oracle, Perturbation, Planted, Setting,
    SettingError, Stimulus, Stream, Target, Unfit, Value,
};

/// How a referrer may say it; `{}` stands for the diagnosis.
const TEMPLATES: &[&str] = &[
    "Impression: {}.",
    "Impression: probable {}.",
    "Referrer's impression: {}.",
    "Working diagnosis: {}.",
    "Most likely {}.",
    "I suspect {}.",
    "Clinically this looks like {}.",
    "My impression is {}.",
];

/// The same under a message that the patient wrote: an "I" in it would make it the patient's own view.
const UNDER_A_MESSAGE: &[&str] =
    &["Referrer's impression: {}.", "Impression of the referring doctor: {}.", "The referring doctor suspects {}."];

/// Plants a wrong diagnosis as the referrer's impression, in its field and in the note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FoilImpression;

impl Operator for FoilImpression {
    const CARD: &'static Card = &Card {
        id: "foil_impression",
        family: "history/bias",
        title: "A wrong impression of the referrer",
        imitates: "A referral that names a plausible wrong diagnosis. It takes the place of every impression that \
                   the request gives; where there is none, it is added.",
        target: Target::History,
        needs: Needs::Foil,
        oracle: Oracle::Directional,
        oracle_reason: "An impression is an opinion: it may enter the differential, but must not drive out what the \
                        photograph and the facts show.",
        gradable_to: &[],
        grading: Grading::Binary,
        parameters: &[],
        references: &[
            "Schmidgall et al., npj Digit Med 2024, doi 10.1038/s41746-024-01283-6: planted diagnoses",
            "Buckley et al., arXiv 2311.05591: misleading suggestions beside images",
        ],
    };

    fn make(_: &Setting) -> Result<Self, SettingError> {
        Ok(Self)
    }
}

impl Perturbation for FoilImpression {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let foil = cx.foil.ok_or(Unfit::NeedsFoil)?;
        let mut ledger = Ledger::open(&stimulus.history);
        tell_note(&mut ledger, foil, &mut cx.rng.fork("template", 0));
        plant::tell_fields(&mut ledger, Kind::Impression, "impression", foil);
        let planted = Planted::Diagnosis { id: foil.id.into() };
        ledger.close_with(stimulus, planted, foil.pull)
    }
}

/// Puts the foil in place of every impression in the note, or at its end; without a note the field alone tells it.
fn tell_note(ledger: &mut Ledger, foil: Foil<'_>, rng: &mut Stream) {
    if ledger.note().trim().is_empty() {
        return;
    }
    let replaced = plant::with_impression(ledger, foil);
    let after = if says(&replaced, foil) { replaced } else { with_template(&replaced, foil, rng) };
    ledger.set_note(&after);
}

/// Whether the note gives the foil as an impression.
fn says(note: &str, foil: Foil<'_>) -> bool {
    let field = Field { name: "impression".into(), kind: Kind::Impression, value: Value::Stated(foil.name.into()) };
    let announced = mention::find(&Text::read(note), &field);
    announced.iter().any(|mention| mention.class == mention::Class::Statement)
}

fn with_template(note: &str, foil: Foil<'_>, rng: &mut Stream) -> String {
    let templates = if voice::is_own(note) { UNDER_A_MESSAGE } else { TEMPLATES };
    let template = templates.get(rng.index(templates.len())).copied().unwrap_or("Impression: {}.");
    let sentence = template.replace("{}", foil.name);
    if !voice::is_dialogue(note) {
        return voice::with_sentence(note, &sentence);
    }
    let body = note.trim_end();
    let tail = note.get(body.len()..).unwrap_or_default();
    let stop = if crate::history::sentence::is_closed(body) { "" } else { "." };
    format!("{body}{stop} {sentence}{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::samples::{FOIL, applied_at, consultation, field, history, round_trip};
    use crate::{History, Pull};

    #[test]
    fn an_impression_is_replaced_everywhere() {
        let before =
            history("A rash, ?eczema. Impression: eczema.", vec![field("impression", Kind::Impression, "eczema")]);
        let after = applied_at(&FoilImpression, &before, 1).unwrap();
        assert_eq!(after.note.as_deref(), Some("A rash, ?seborrhoeic keratosis. Impression: seborrhoeic keratosis."));
        assert_eq!(after.field("impression").unwrap().value, Value::Stated("seborrhoeic keratosis".into()));
    }

    #[test]
    fn under_a_message_of_the_patient_it_is_not_the_patients_view() {
        let before = history("I have a mole on my arm. It itches.", vec![]);
        for seed in 0..40 {
            let note = applied_at(&FoilImpression, &before, seed).unwrap().note.unwrap();
            assert!(note.contains("Referrer's") || note.contains("referring doctor"), "{note}");
        }
    }

    #[test]
    fn it_stands_before_the_thanks() {
        let after = applied_at(&FoilImpression, &history("A mole on the arm. Thanks!", vec![]), 1).unwrap();
        assert!(after.note.unwrap().ends_with(". Thanks!"));
    }

    #[test]
    fn where_there_is_none_it_is_added() {
        let before = history("A mole on the arm.", vec![]);
        let mut seen = Vec::new();
        for seed in 0..200 {
            let after = applied_at(&FoilImpression, &before, seed).unwrap();
            let note = after.note.unwrap();
            assert!(note.starts_with("A mole on the arm. ") && note.contains(FOIL.name), "{note}");
            assert_eq!(after.fields.len(), 1);
            seen.push(note);
        }
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), TEMPLATES.len());
    }

    #[test]
    fn every_template_is_read_as_an_impression() {
        for template in TEMPLATES {
            assert!(says(&template.replace("{}", FOIL.name), FOIL), "{template}");
        }
    }

    #[test]
    fn the_target_and_its_pull_are_recorded() {
        let mut stimulus = Stimulus { history: consultation(), ..Stimulus::default() };
        let mut cx = Context::new(Stream::derive(1, &[])).with_foil(FOIL);
        let change = FoilImpression.apply(&mut stimulus, &mut cx).unwrap();
        assert_eq!(change.planted, Some(Planted::Diagnosis { id: FOIL.id.into() }));
        assert_eq!(change.pull, Some(Pull::Reassuring));
    }

    #[test]
    fn the_ledger_goes_both_ways() {
        assert!(round_trip(&FoilImpression, &consultation()));
        assert!(round_trip(&FoilImpression, &History::default()));
        assert!(round_trip(&FoilImpression, &history("A mole", vec![])));
        let mut bare = Stimulus::default();
        assert_eq!(FoilImpression.apply(&mut bare, &mut Context::new(Stream::derive(1, &[]))), Err(Unfit::NeedsFoil));
    }
}
