//! Histories and checks that the unit tests share.

use crate::{Context, Field, History, Kind, Perturbation, Stimulus, Stream, Unfit, Value};

/// A field of that name, kind and value.
pub(crate) fn field(name: &str, kind: Kind, value: &str) -> Field {
    Field { name: name.into(), kind, value: Value::from(value.to_owned()) }
}

/// A history of that note and those fields.
pub(crate) fn history(note: &str, fields: Vec<Field>) -> History {
    History { fields, note: Some(note.into()) }
}

/// A consultation request with one field of most kinds, each told in the note.
pub(crate) fn consultation() -> History {
    let note = "64-year-old woman with a 3-week history of a growing nodule on the left forearm. It is itchy and has bled \
                twice. She denies pain. No fever or mouth sores. It is not known whether it has changed in appearance. \
                She takes warfarin. Impression: dermatofibroma.";
    let fields = vec![
        field("age", Kind::Age, "64"),
        field("sex", Kind::Sex, "female"),
        field("site", Kind::Site, "forearm"),
        field("side", Kind::Side, "left"),
        field("duration", Kind::Duration, "3 weeks"),
        field("growth", Kind::Symptom, "yes"),
        field("itch", Kind::Symptom, "yes"),
        field("bleeding", Kind::Symptom, "yes"),
        field("pain", Kind::Symptom, "no"),
        field("fever", Kind::Symptom, "no"),
        field("mouth_sores", Kind::Symptom, "no"),
        field("changed", Kind::Symptom, "unknown"),
        field("drug", Kind::Drug, "warfarin"),
        field("impression", Kind::Impression, "dermatofibroma"),
    ];
    history(note, fields)
}

/// The foil that tests plant.
pub(crate) use crate::contract::FOIL;

/// The history after the operator, with seed 1 and a foil.
pub(crate) fn applied(operator: &impl Perturbation, before: &History) -> Result<History, Unfit> {
    applied_at(operator, before, 1)
}

/// The history after the operator, with that seed and a foil.
pub(crate) fn applied_at(operator: &impl Perturbation, before: &History, seed: u64) -> Result<History, Unfit> {
    let mut stimulus = Stimulus { history: before.clone(), ..Stimulus::default() };
    let mut cx = Context::new(Stream::derive(seed, &["test"])).with_foil(FOIL);
    operator.apply(&mut stimulus, &mut cx).map(|_| stimulus.history)
}

/// Checks a table of what is and what should be, and shows every line that differs.
pub(crate) fn check<'a>(table: &[(&'a str, &'a str)], made: impl Fn(&str) -> String) {
    let wrong: Vec<_> = table
        .iter()
        .map(|(note, wanted)| (note, wanted, made(note)))
        .filter(|(_, wanted, made)| made != *wanted)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Checks that a sentence tells nothing that a field could hold.
pub(crate) fn tells_no_fact(sentence: &str) {
    let symptoms = ["itch", "bleeding", "pain", "growth", "changed", "elevation", "fever", "spread"];
    let symptoms = symptoms.map(|name| field(name, Kind::Symptom, "yes"));
    let others = [
        field("age", Kind::Age, "64"),
        field("sex", Kind::Sex, "female"),
        field("sex", Kind::Sex, "male"),
        field("duration", Kind::Duration, "3 weeks"),
        field("duration", Kind::Duration, "1 week"),
        field("side", Kind::Side, "left"),
        field("family_history", Kind::FamilyHistory, "no"),
        field("past_history", Kind::PastHistory, "no"),
        field("prior_treatment", Kind::PriorTreatment, "no"),
        field("contact", Kind::Contact, "no"),
        field("travel", Kind::Travel, "no"),
        field("new_drug", Kind::Drug, "no"),
    ];
    for fact in symptoms.iter().chain(&others) {
        assert!(crate::history::mentions(sentence, fact).is_empty(), "{sentence}: {}", fact.name);
    }
}

/// Checks that the ledger re-applies and reverts byte for byte, and that the stimulus is left alone when unfit.
pub(crate) fn round_trip(operator: &dyn Perturbation, before: &History) -> bool {
    round_trip_at(operator, before, 7)
}

/// The same with that seed.
pub(crate) fn round_trip_at(operator: &dyn Perturbation, before: &History, seed: u64) -> bool {
    let donor = Stimulus { history: consultation(), ..Stimulus::default() };
    let mut stimulus = Stimulus { history: before.clone(), ..Stimulus::default() };
    let mut cx = Context::new(Stream::derive(seed, &["test"])).with_foil(FOIL).with_donor(&donor);
    if let Ok(change) = operator.apply(&mut stimulus, &mut cx) {
        assert_ne!(&stimulus.history, before);
        assert_eq!(change.reapply(before).as_ref(), Ok(&stimulus.history));
        assert_eq!(change.revert(&stimulus.history).as_ref(), Ok(before));
        return true;
    }
    assert_eq!(&stimulus.history, before);
    false
}
