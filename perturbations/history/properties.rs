//! Every history operator on generated histories and on arbitrary text.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::erase;
use super::ledger::Ledger;
use super::samples::{FOIL, consultation, field, round_trip};
use crate::catalogue::{CATALOGUE, find};
use crate::{Card, Context, Field, Grading, History, Kind, Setting, Stimulus, Stream, Takes, Target, Value};

/// Sentences of many builds; none is linked to the fields beside it.
const SENTENCES: &[&str] = &[
    "A 64-year-old woman with an itchy rash on the left forearm.",
    "64-year-old man presents with a 3-week history of bleeding.",
    "She is 64 and itches, bleeds and has grown a lump.",
    "It is neither itchy nor painful.",
    "No itching, bleeding or pain.",
    "It is itchy, painful and swollen, especially at night.",
    "He denies fever but reports pain on the right side for 3 weeks.",
    "It is not known whether it bleeds or itches.",
    "Itching: no, bleeding: yes; pain unknown.",
    "Impression: eczema, ?psoriasis on the hands and feet.",
    "The rash, which itches and has bled, began 3 weeks ago.",
    "Female, 64 years old. Left arm.",
    "Her mother says that she itches!",
    "(itchy) and, and or. no with",
    "Age: 64\nSex: female\nDuration: 3 weeks",
    "Takes warfarin and aspirin; no known allergies",
    "Both hands hurt, his left knee too…",
    "A painful, itchy, bleeding, growing, raised mole.",
];

const FIELDS: &[(&str, Kind, &str)] = &[
    ("age", Kind::Age, "64"),
    ("sex", Kind::Sex, "female"),
    ("sex", Kind::Sex, "male"),
    ("side", Kind::Side, "left"),
    ("site", Kind::Site, "forearm"),
    ("site", Kind::Site, "left forearm"),
    ("duration", Kind::Duration, "3 weeks"),
    ("itch", Kind::Symptom, "yes"),
    ("itch", Kind::Symptom, "no"),
    ("bleeding", Kind::Symptom, "yes"),
    ("bleeding", Kind::Symptom, "unknown"),
    ("pain", Kind::Symptom, "no"),
    ("growth", Kind::Evolution, "yes"),
    ("impression", Kind::Impression, "eczema"),
    ("drug", Kind::Drug, "warfarin"),
    ("allergy", Kind::Allergy, "no"),
];

fn fields() -> impl Strategy<Value = Vec<Field>> {
    let some = vec(select(FIELDS), 0..8);
    some.prop_map(|chosen| {
        let mut fields: Vec<Field> = chosen.into_iter().map(|(name, kind, value)| field(name, kind, value)).collect();
        fields.sort_by(|a, b| a.name.cmp(&b.name));
        fields.dedup_by(|a, b| a.name == b.name);
        fields
    })
}

fn note() -> impl Strategy<Value = Option<String>> {
    let written = vec(select(SENTENCES), 1..6).prop_map(|sentences| Some(sentences.join(" ")));
    let words = vec(
        select(
            [
                "no", "and", "itchy", ",", "or", "left", "she", "her", "64", "weeks", "3", ".", "\n", "with", "is",
                "pain", "(", ")", "é", "not",
            ]
            .as_slice(),
        ),
        0..14,
    );
    let salad = words.prop_map(|words| Some(words.join(" ")));
    prop_oneof![4 => written, 3 => salad, 2 => ".{0,60}".prop_map(Some), 1 => Just(None)]
}

/// Any history operator of the catalogue at any dose, about any field where it is about one.
fn setting() -> impl Strategy<Value = (&'static str, Setting)> {
    let cards: Vec<&'static Card> =
        CATALOGUE.iter().map(|entry| entry.card).filter(|card| card.target == Target::History).collect();
    let names = select(FIELDS).prop_map(|(name, _, _)| name);
    (select(cards), names, 0.0..=1.0).prop_map(|(card, name, share)| {
        let dose = match card.grading {
            Grading::Binary => None,
            Grading::Graded { range, .. } => Some(range.mildest + share * (range.severest - range.mildest)),
        };
        let field = card.parameters.iter().find(|parameter| parameter.takes == Takes::Field);
        let named = field.is_some_and(|parameter| parameter.required || share < 0.5);
        let setting = Setting { dose, ..Setting::default() };
        (card.id, if named { setting.with("field", name) } else { setting })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn every_operator_goes_both_ways((id, setting) in setting(), fields in fields(), note in note()) {
        let operator = find(id).unwrap().build(&setting).unwrap();
        round_trip(operator.as_ref(), &History { fields, note });
    }

    #[test]
    fn the_same_seed_gives_the_same_history((id, setting) in setting(), fields in fields(), note in note(), seed: u64) {
        let operator = find(id).unwrap().build(&setting).unwrap();
        let donor = Stimulus { history: consultation(), ..Stimulus::default() };
        let run = || {
            let history = History { fields: fields.clone(), note: note.clone() };
            let mut stimulus = Stimulus { history, ..Stimulus::default() };
            let mut cx = Context::new(Stream::derive(seed, &["p"])).with_donor(&donor).with_foil(FOIL);
            (operator.apply(&mut stimulus, &mut cx), stimulus)
        };
        prop_assert_eq!(run(), run());
    }

    #[test]
    fn an_erased_fact_is_told_nowhere(fields in fields(), note in note()) {
        let history = History { fields, note };
        for field in &history.fields {
            let mut ledger = Ledger::open(&history);
            if erase::erase(&mut ledger, &field.name, erase::Collateral::Nothing).is_ok() {
                prop_assert!(ledger.own(field).is_empty());
                prop_assert_eq!(&ledger.history().field(&field.name).unwrap().value, &Value::Deleted);
            }
        }
    }

    #[test]
    fn no_denial_is_lost(
        fields in fields(),
        opening in select(["No", "She denies", "He has no", "There is no history of", "Without"].as_slice()),
        things in vec(select(["itching", "bleeding", "pain", "fever", "other rashes", "weight loss", "a warfarin allergy",
            "family history of melanoma", "recent travel"].as_slice()), 1..5),
        joint in select([" or ", " and ", ", "].as_slice()),
        tail in select([".", " so far.", ", but it grows.", " or other problems."].as_slice()),
    ) {
        let note = format!("{opening} {}{tail}", things.join(joint));
        let history = History { fields, note: Some(note.clone()) };
        for field in &history.fields {
            let mut ledger = Ledger::open(&history);
            if erase::erase(&mut ledger, &field.name, erase::Collateral::Nothing).is_ok() {
                prop_assert!(super::denial::is_kept(&note, ledger.note()), "{} -> {}", note, ledger.note());
            }
        }
    }

    #[test]
    fn other_fields_keep_their_mentions(fields in fields(), note in note()) {
        let history = History { fields, note };
        for field in &history.fields {
            let mut ledger = Ledger::open(&history);
            if erase::erase(&mut ledger, &field.name, erase::Collateral::Nothing).is_err() {
                continue;
            }
            for other in history.fields.iter().filter(|other| other.name != field.name && other.kind == Kind::Symptom) {
                let count = |ledger: &Ledger| ledger.own(other).len();
                prop_assert_eq!(count(&ledger), count(&Ledger::open(&history)), "{} lost {}", &field.name, &other.name);
            }
        }
    }
}
