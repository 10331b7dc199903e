//! Every history operator on real consultations: the folder that `BEDSIDE_DATA` names.
//!
//! `dermavqa/valid_ht.json` (DermaVQA, Yim et al. 2024) and `medperturb/data.csv` (MedPerturb, Gourabathina et al.
//! 2025), both CC BY 4.0. No text of theirs is printed; a failure names the record.

use std::collections::{BTreeMap, BTreeSet};

use super::complaint::{Stance, stance};
use super::finders::{ages, durations, negations, quantities};
use super::ledger::Ledger;
use super::lexicon::BODY_PARTS;
use super::samples::{FOIL, consultation, field, round_trip, round_trip_at};
use super::symptoms::SYMPTOMS;
use super::words::{self, slice};
use super::{mention, mentions};
use crate::catalogue::{CATALOGUE, find};
use crate::{Card, Context, Field, Grading, History, Kind, Level, Setting, Stimulus, Stream, Takes, Target, Value};

/// A record's name and its text.
pub(super) type Text = (String, String);

/// The texts, or `None` with a message where the folder is not named.
#[expect(clippy::disallowed_methods, reason = "tests read the data set that the environment names")]
pub(super) fn texts() -> Option<Vec<Text>> {
    let Ok(folder) = std::env::var("BEDSIDE_DATA") else {
        println!("skipped: BEDSIDE_DATA is not set");
        return None;
    };
    let read = |path: &str| std::fs::read_to_string(format!("{folder}/{path}")).unwrap();
    let mut texts = dermavqa(&read("dermavqa/valid_ht.json"));
    assert_eq!(texts.len(), 56);
    texts.extend(medperturb(&read("medperturb/data.csv")));
    assert_eq!(texts.len(), 856);
    Some(texts)
}

fn dermavqa(json: &str) -> Vec<Text> {
    let records: serde_json::Value = serde_json::from_str(json).unwrap();
    let text = |record: &serde_json::Value, key: &str| record[key].as_str().unwrap_or_default().to_owned();
    let join = |record| format!("{} {}", text(record, "query_title_en"), text(record, "query_content_en"));
    records.as_array().unwrap().iter().map(|record| (text(record, "encounter_id"), join(record))).collect()
}

fn medperturb(csv: &str) -> Vec<Text> {
    let mut rows = rows(csv).into_iter();
    let column = rows.next().unwrap().iter().position(|name| name == "clinical_context").unwrap();
    rows.enumerate().map(|(at, row)| (format!("medperturb row {at}"), row[column].clone())).collect()
}

/// The rows of a CSV file with quoted cells (RFC 4180).
pub(super) fn rows(csv: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = csv.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => cell.extend(chars.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(core::mem::take(&mut cell)),
            '\n' if !quoted => {
                row.push(core::mem::take(&mut cell));
                rows.push(core::mem::take(&mut row));
            }
            '\r' if !quoted => {}
            c => cell.push(c),
        }
    }
    if !row.is_empty() {
        row.push(cell);
        rows.push(row);
    }
    rows
}

/// A history of the text with the fields that the finders read out of it.
pub(super) fn history_of(text: &str) -> History {
    let basic = [age(text), sex(text), side(text), site(text), time(text)];
    let further = [size(text), dose(text), drug(text), denied(text, Kind::Allergy), denied(text, Kind::FamilyHistory)];
    let mut fields: Vec<Field> = basic.into_iter().chain(further).flatten().collect();
    fields.extend(SYMPTOMS.iter().filter_map(|symptom| complaint(text, symptom.names[0])));
    History { fields, note: Some(text.to_owned()) }
}

fn told(text: &str, field: Field) -> Option<Field> {
    (!mentions(text, &field).is_empty()).then_some(field)
}

fn age(text: &str) -> Option<Field> {
    let years = ages(text).into_iter().map(|age| age.value).filter(|years| *years >= 1.0 && years.fract() == 0.0);
    years.filter_map(|years| told(text, field("age", Kind::Age, &format!("{years:.0}")))).next()
}

fn sex(text: &str) -> Option<Field> {
    ["female", "male"].into_iter().find_map(|sex| told(text, field("sex", Kind::Sex, sex)))
}

fn side(text: &str) -> Option<Field> {
    ["left", "right"].into_iter().find_map(|side| told(text, field("side", Kind::Side, side)))
}

fn site(text: &str) -> Option<Field> {
    // Words that lie beside a side and are no place by themselves.
    let beside = ["big", "great", "index", "little", "middle", "ring", "skin", "canine"];
    let mut places = BODY_PARTS.iter().filter(|part| !beside.contains(part));
    places.find_map(|part| told(text, field("site", Kind::Site, part)))
}

fn time(text: &str) -> Option<Field> {
    let spans = durations(text).into_iter().map(|found| found.span);
    spans.filter_map(|span| told(text, field("duration", Kind::Duration, slice(text, &span)))).next()
}

/// The first length or dose in the text.
fn quantity(text: &str, name: &str, kind: Kind, units: &[&str]) -> Option<Field> {
    let found = quantities(text)
        .into_iter()
        .find(|found| found.value.unit.as_deref().is_some_and(|unit| units.contains(&unit)))?;
    Some(field(name, kind, slice(text, &found.span)))
}

fn size(text: &str) -> Option<Field> {
    quantity(text, "diameter", Kind::Diameter, &["mm", "cm"]).filter(|size| {
        let Value::Stated(words) = &size.value else { return false };
        // The height of a person is no diameter.
        words.chars().filter(char::is_ascii_digit).count() < 3
    })
}

fn dose(text: &str) -> Option<Field> {
    quantity(text, "dose", Kind::Dose, &["mg"])
}

fn drug(text: &str) -> Option<Field> {
    let names = include_str!("lexicons/drugs.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(|line| line.split('\t'));
    names.filter_map(|name| told(text, field("medication", Kind::Drug, name))).next()
}

/// A field that the text denies by its subject.
fn denied(text: &str, kind: Kind) -> Option<Field> {
    let name = if kind == Kind::Allergy { "allergy" } else { "family_history" };
    let concepts = negations(text).into_iter().flat_map(|one| one.concepts);
    let field = told(text, field(name, kind, "no"))?;
    let spans = mentions(text, &field);
    let all = concepts.filter(|concept| spans.iter().any(|span| words::overlap(span, concept))).count() == spans.len();
    all.then_some(field)
}

fn complaint(text: &str, name: &str) -> Option<Field> {
    let yes = field(name, Kind::Symptom, "yes");
    let first = mention::find(&words::Text::read(text), &yes).into_iter().next()?;
    let value = match stance(text, &first, &yes) {
        Stance::Affirmed => "yes",
        Stance::Denied => "no",
        Stance::Doubted => "unknown",
    };
    Some(field(name, Kind::Symptom, value))
}

/// Every history operator of the catalogue with every level, and every field that the history offers.
fn settings(history: &History) -> Vec<(&'static str, Setting)> {
    CATALOGUE
        .iter()
        .filter(|entry| entry.card.target == Target::History)
        .flat_map(|e| of_card(e.card, history))
        .collect()
}

fn of_card(card: &'static Card, history: &History) -> Vec<(&'static str, Setting)> {
    let field = card.parameters.iter().find(|parameter| parameter.takes == Takes::Field);
    let doses: Vec<Setting> = match card.grading {
        Grading::Binary => vec![Setting::default()],
        Grading::Graded { .. } => Level::ALL.map(|level| Setting::at(card, level)).into(),
    };
    let with_fields = |setting: Setting| -> Vec<Setting> {
        let about = history.fields.iter().filter(|_| field.is_some());
        let named = about.map(|field| setting.clone().with("field", &field.name));
        let unnamed = field.is_none_or(|parameter| !parameter.required).then(|| setting.clone());
        named.chain(unnamed).collect()
    };
    doses.into_iter().flat_map(with_fields).map(|setting| (card.id, setting)).collect()
}

#[test]
fn real_data_every_operator_goes_both_ways() {
    let Some(texts) = texts() else { return };
    let mut applied = std::collections::BTreeMap::new();
    for (record, text) in &texts {
        let history = history_of(text);
        for (id, setting) in settings(&history) {
            let operator = find(id).unwrap().build(&setting).unwrap();
            let count: &mut (u32, u32) =
                applied.entry(format!("{id} {}", setting.text("field").unwrap_or_default())).or_default();
            count.0 += u32::from(round_trip(operator.as_ref(), &history));
            count.1 += 1;
            assert_eq!(operator.card().target, Target::History, "{record}");
        }
    }
    for (operator, (applied, tried)) in applied {
        println!("{operator}: {applied} of {tried}");
    }
}

/// Every setting of an operator on a history: each level with each choice and each field, and without what may be left out.
fn every_setting(card: &'static Card, history: &History) -> Vec<Setting> {
    let doses: Vec<Setting> = match card.grading {
        Grading::Binary => vec![Setting::default()],
        Grading::Graded { .. } => Level::ALL.map(|level| Setting::at(card, level)).into(),
    };
    card.parameters.iter().fold(doses, |settings, parameter| {
        let arguments: Vec<&str> = match parameter.takes {
            Takes::Choice(choices) => choices.to_vec(),
            Takes::Field => history.fields.iter().map(|field| field.name.as_str()).collect(),
            Takes::Number { .. } | Takes::Text => Vec::new(),
        };
        let with = |setting: &Setting| -> Vec<Setting> {
            let without = (!parameter.required || arguments.is_empty()).then(|| setting.clone());
            let named = arguments.iter().map(|argument| setting.clone().with(parameter.name, argument));
            without.into_iter().chain(named).collect()
        };
        settings.iter().flat_map(with).collect()
    })
}

/// What a setting chooses, for counting: its dose and its choices, without the field.
fn chosen(id: &str, card: &Card, setting: &Setting) -> Vec<String> {
    let named = card.parameters.iter().filter(|parameter| matches!(parameter.takes, Takes::Choice(_)));
    let choices = named.map(|one| format!("{id} {}={}", one.name, setting.text(one.name).unwrap_or("left out")));
    choices.chain(setting.dose.map(|dose| format!("{id} dose={dose}"))).collect()
}

/// Tries one setting of each operator on each history, the settings in turn, so that neighbours among the histories share the
/// work: a tenth of what every setting on every history would take, and each level and each choice comes three times or more.
fn in_turn(histories: &[History], which: impl Fn(&Card) -> bool) -> BTreeMap<String, (u32, u32)> {
    let mut counts: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    for (number, history) in histories.iter().enumerate() {
        for entry in CATALOGUE.iter().filter(|entry| entry.card.target == Target::History && which(entry.card)) {
            let settings = every_setting(entry.card, history);
            let Some(setting) = settings.get(number % settings.len()) else { continue };
            // What a setting may not be is refused when it is built: "random" beside a named field.
            let Ok(operator) = entry.build(setting) else { continue };
            let applied = round_trip_at(operator.as_ref(), history, number as u64);
            for choice in chosen(entry.card.id, entry.card, setting) {
                let count = counts.entry(choice).or_default();
                *count = (count.0 + u32::from(applied), count.1 + 1);
            }
        }
    }
    counts
}

/// Every level and every choice of every card that takes one.
fn wanted(which: impl Fn(&Card) -> bool) -> BTreeSet<String> {
    let cards = CATALOGUE.iter().map(|entry| entry.card).filter(|card| card.target == Target::History && which(card));
    let all = cards.flat_map(|card| {
        let settings = every_setting(card, &History::default());
        settings.iter().flat_map(|setting| chosen(card.id, card, setting)).collect::<Vec<_>>()
    });
    all.collect()
}

#[test]
fn real_data_every_level_and_choice_goes_both_ways_on_table_rows() {
    if texts().is_none() {
        return;
    }
    let rows = super::coverage::pad();
    assert_eq!(rows.len(), 2298);
    let counts = in_turn(&rows, |_| true);
    for choice in wanted(|_| true) {
        let (applied, tried) = counts.get(&choice).copied().unwrap_or_default();
        println!("{choice}: {applied} of {tried}");
        assert!(tried >= 3, "{choice}: tried {tried} times");
    }
}

#[test]
fn real_data_every_choice_goes_both_ways_on_free_texts() {
    let Some(texts) = texts() else { return };
    let histories: Vec<History> = texts.iter().map(|(_, text)| history_of(text)).collect();
    let chooses = |card: &Card| card.parameters.iter().any(|one| matches!(one.takes, Takes::Choice(_)));
    let counts = in_turn(&histories, chooses);
    for choice in wanted(chooses) {
        let (applied, tried) = counts.get(&choice).copied().unwrap_or_default();
        println!("{choice}: {applied} of {tried}");
        assert!(tried >= 1, "{choice}");
    }
}

#[test]
fn real_data_a_dropped_fact_is_told_nowhere() {
    let Some(texts) = texts() else { return };
    for (record, text) in &texts {
        let history = history_of(text);
        for field in &history.fields {
            let operator = find("drop_field").unwrap().build(&Setting::default().with("field", &field.name)).unwrap();
            let mut stimulus = Stimulus { history: history.clone(), ..Stimulus::default() };
            if operator.apply(&mut stimulus, &mut Context::new(Stream::derive(1, &[record]))).is_ok() {
                let note = stimulus.history.note.clone().unwrap();
                let left = Ledger::open(&stimulus.history).own(field);
                assert!(left.is_empty(), "{record}: {}", field.name);
                let worded = matches!(field.kind, Kind::Sex | Kind::Side);
                assert!(worded || super::denial::is_kept(text, &note), "{record}: {}: a denial was lost", field.name);
                // "Boy" becomes "male patient" where the age goes.
                let stages = ["boy", "girl", "child"].map(|word| text.to_lowercase().matches(word).count());
                let mended = mentions(text, field).len() + stages.iter().sum::<usize>();
                assert!(note.len() <= text.len() + 16 * mended, "{record}: {}", field.name);
            }
        }
    }
}

#[test]
fn real_data_a_swapped_sex_leaves_no_pronoun_behind() {
    let Some(texts) = texts() else { return };
    for (record, text) in &texts {
        let history = History { fields: sex(text).into_iter().collect(), note: Some(text.clone()) };
        let operator = find("contradict").unwrap().build(&Setting::default().with("kind", "sex")).unwrap();
        let mut stimulus = Stimulus { history, ..Stimulus::default() };
        let donor = Stimulus { history: consultation(), ..Stimulus::default() };
        let mut cx = Context::new(Stream::derive(1, &[record])).with_donor(&donor).with_foil(FOIL);
        if operator.apply(&mut stimulus, &mut cx).is_ok() {
            assert!(!super::sex::is_bound(text), "{record}");
            let old = sex(text).unwrap();
            assert!(mentions(stimulus.history.note.as_deref().unwrap(), &old).is_empty(), "{record}");
        }
    }
}

#[test]
fn quoted_cells_keep_their_commas_and_lines() {
    assert_eq!(rows("a,\"b, \"\"c\"\"\nd\"\ne,f\n"), [["a", "b, \"c\"\nd"], ["e", "f"]]);
    assert_eq!(slice("abc", &(1..2)), "b");
}
