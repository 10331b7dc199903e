//! Edits for a person to read, drawn by seed from real histories and from phantoms.
//!
//! ```text
//! BEDSIDE_DATA=… BEDSIDE_READ=10 BEDSIDE_READ_SEED=21 BEDSIDE_READ_ONLY=history/bias,vague BEDSIDE_READ_FILE=cases.jsonl \
//!   cargo test -p bedside-perturbations --lib edits_to_read -- --ignored --nocapture
//! ```
//!
//! For every operator `BEDSIDE_READ` edits of real texts, in turn of DermaVQA, MedPerturb and PAD-UFES-20, and as many of
//! the cases of a cohort's `cases.jsonl`, which may be phantoms. Levels go round from 1 to 5, choices and fields are
//! drawn, the donor is another record of the same collection and the foil one of four. What was drawn and could not be
//! edited is printed with the reason and makes way for the next record. `refusals_to_read` prints every field of a real text
//! that a plain pattern finds in it and an operator refuses to edit, with the sentence that it stops at.

use std::collections::BTreeMap;

use super::coverage::pad;
use super::erase::without;
use super::ledger::Ledger;
use super::plain::holds;
use super::real_data::{history_of, texts};
use super::samples::FOIL;
use super::sentence::sentence_at;
use super::words::slice;
use crate::catalogue::{CATALOGUE, Entry};
use crate::{Card, Context, Field, Foil, Grading, History, Level, Pull, Setting, Stimulus, Stream, Takes, Target};

/// A record's name and its history.
type Record = (String, History);

/// Diagnoses to plant: of one and of two words, in the plural, with a name in them.
const FOILS: [Foil<'static>; 4] = [
    FOIL,
    Foil { id: "melanoma", name: "melanoma", pull: Pull::Alarming },
    Foil { id: "insect_bites", name: "insect bites", pull: Pull::Reassuring },
    Foil { id: "bowen_disease", name: "Bowen disease", pull: Pull::Alarming },
];

#[test]
#[ignore = "prints texts of patients for reading; checks nothing"]
fn edits_to_read() {
    let Some(texts) = texts() else { return };
    let number = |name: &str, usual: u64| asked(name).and_then(|text| text.parse().ok()).unwrap_or(usual);
    let (seed, wanted) = (number("BEDSIDE_READ_SEED", 7), number("BEDSIDE_READ", 6));
    let only = asked("BEDSIDE_READ_ONLY").unwrap_or_default();
    let chosen = |card: &Card| only.is_empty() || only.split(',').any(|part| part == card.family || part == card.id);
    let real = real(texts);
    let cohort = asked("BEDSIDE_READ_FILE").map(|file| cohort(&file)).unwrap_or_default();
    for entry in CATALOGUE.iter().filter(|entry| entry.card.target == Target::History && chosen(entry.card)) {
        for pools in [&real, &cohort] {
            read(entry, pools, seed, wanted);
        }
    }
}

/// Every field of a real text that a plain pattern finds in it and that `drop_field`, or the operator that is asked for,
/// refuses to leave out.
#[test]
#[ignore = "prints texts of patients for reading; checks nothing"]
fn refusals_to_read() {
    let Some(texts) = texts() else { return };
    let id = asked("BEDSIDE_READ_ONLY").unwrap_or_else(|| "drop_field".into());
    let entry = CATALOGUE.iter().find(|entry| entry.card.id == id).unwrap();
    let named = entry.card.parameters.iter().any(|parameter| parameter.takes == Takes::Field && parameter.required);
    for (record, text) in &texts {
        let history = history_of(text);
        let fields: Vec<_> = history.fields.iter().map(Some).collect();
        for field in if named { fields } else { vec![None] } {
            let setting = field.map_or_else(Setting::default, |field| Setting::default().with("field", &field.name));
            let mut cx = Context::new(Stream::derive(1, &["refusals", record])).with_foil(FOIL);
            let Err(unfit) = entry.build(&setting).unwrap().apply(&mut stimulus(&history), &mut cx) else { continue };
            if holds(&id, text, field) {
                let told = field.map(|field| (field.name.clone(), format!("{:?} {:?}", field.kind, field.value)));
                let line = serde_json::json!({"record": record, "field": told, "why": unfit.to_string(),
                    "at": field.and_then(|field| entangled_in(&history, field)), "note": text});
                println!("REFUSED {line}");
            }
        }
    }
}

/// The sentence, after the edits before it, in which a field cannot be cut out.
fn entangled_in(history: &History, field: &Field) -> Option<String> {
    let mut ledger = Ledger::open(history);
    for _ in 0..40 {
        let first = ledger.own(field).into_iter().next()?;
        let Some(after) = without(&ledger, field, &first) else {
            let sentence = sentence_at(ledger.note(), first.span.start)?;
            let (head, tail) = (sentence.start..first.span.start, first.span.end..sentence.end);
            let cut = |span| slice(ledger.note(), &span);
            return Some(format!("{}[{}]{}", cut(head), cut(first.span), cut(tail)));
        };
        ledger.set_note(&after);
    }
    None
}

#[expect(clippy::disallowed_methods, reason = "the environment says what is wanted")]
fn asked(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn real(texts: Vec<(String, String)>) -> Vec<Vec<Record>> {
    let read = |(name, text): (String, String)| (name, history_of(&text));
    let (chat, derm): (Vec<_>, Vec<_>) = texts.into_iter().partition(|(name, _)| name.starts_with("medperturb"));
    let rows = pad().into_iter().enumerate().map(|(at, row)| (format!("pad row {at}"), row)).collect();
    vec![derm.into_iter().map(read).collect(), chat.into_iter().map(read).collect(), rows]
}

#[expect(clippy::disallowed_methods, reason = "the environment names the file")]
fn cohort(file: &str) -> Vec<Vec<Record>> {
    let lines = std::fs::read_to_string(file).unwrap();
    let case = |line: &str| {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        (case["id"].to_string(), serde_json::from_value(case["history"].clone()).unwrap())
    };
    vec![lines.lines().map(case).collect()]
}

/// Prints edits of one operator, in turn of the pools, until as many applied as are wanted.
fn read(entry: &Entry, pools: &[Vec<Record>], seed: u64, wanted: u64) {
    let mut orders: Vec<Vec<usize>> = pools.iter().map(|pool| (0..pool.len()).collect()).collect();
    for (number, order) in orders.iter_mut().enumerate() {
        Stream::derive(seed, &[entry.card.id, "order", &number.to_string()]).shuffle(order);
    }
    let (mut applied, mut turn) = (0, 0);
    while applied < wanted && turn < 600 {
        let which = turn % pools.len();
        let (step, order) = (turn / pools.len(), &orders[which]);
        turn += 1;
        let Some(number) = order.get(step) else { continue };
        let donor = order.get(step + 1).map_or_else(Stimulus::default, |donor| stimulus(&pools[which][*donor].1));
        let made = one(entry, &pools[which][*number], &donor, seed, applied);
        applied += u64::from(made["unfit"].is_null());
        if made["unfit"].is_null() || turn <= 60 {
            println!("READ {made}");
        }
    }
}

fn stimulus(history: &History) -> Stimulus {
    Stimulus { history: history.clone(), ..Stimulus::default() }
}

/// One edit or refusal as a line of JSON.
fn one(entry: &Entry, (record, history): &Record, donor: &Stimulus, seed: u64, turn: u64) -> serde_json::Value {
    let stream = Stream::derive(seed, &[entry.card.id, record]);
    let Some(setting) = setting(entry.card, history, &stream, turn) else {
        return serde_json::json!({"unfit": "no field"});
    };
    let foil = FOILS[stream.fork("foil", 0).index(FOILS.len())];
    let mut cx = Context::new(stream.fork("edit", 0)).with_foil(foil).with_donor(donor);
    let mut edited = stimulus(history);
    let change = entry.build(&setting).unwrap().apply(&mut edited, &mut cx);
    let pull = change.as_ref().ok().map(|change| format!("{:?} {:?}", change.planted, change.pull));
    serde_json::json!({
        "operator": entry.card.id, "record": record, "setting": format!("{setting:?}"),
        "unfit": change.err().map(|unfit| unfit.to_string()), "planted": pull,
        "before": history.note, "after": edited.history.note,
        "fields": told(history), "fields_after": told(&edited.history),
    })
}

fn told(history: &History) -> BTreeMap<String, String> {
    history.fields.iter().map(|field| (field.name.clone(), format!("{:?}", field.value))).collect()
}

/// A setting at the level whose turn it is, with drawn choices and a drawn field.
fn setting(card: &'static Card, history: &History, stream: &Stream, turn: u64) -> Option<Setting> {
    let mut setting = match card.grading {
        Grading::Binary => Setting::default(),
        Grading::Graded { .. } => Setting::at(card, Level::ALL[usize::try_from(turn % 5).unwrap()]),
    };
    for parameter in card.parameters {
        let mut rng = stream.fork(parameter.name, 0);
        if !parameter.required && rng.chance(0.5) {
            continue;
        }
        setting = match parameter.takes {
            Takes::Choice(choices) => setting.with(parameter.name, choices[rng.index(choices.len())]),
            Takes::Field if history.fields.is_empty() => return None,
            Takes::Field => setting.with(parameter.name, &history.fields[rng.index(history.fields.len())].name),
            Takes::Number { .. } | Takes::Text => setting,
        };
    }
    Some(setting)
}
