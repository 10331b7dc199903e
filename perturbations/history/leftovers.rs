//! What an edit has left behind in real texts, by plain patterns that share no code with the finders.
//!
//! An operator changes every mention of a fact or is unfit. The patterns of `plain.rs` look for the fact in the note
//! after the edit, as a reader would. What they still find is pinned below, each with the reason for which it is none.

use std::collections::BTreeSet;

use super::plain::{age, count, fact, has, tells_child};
use super::real_data::{history_of, texts};
use super::samples::FOIL;
use crate::catalogue::find;
use crate::{Context, Field, History, Kind, Setting, Stimulus, Stream, Value};

/// The history after an operator about a field.
fn edited(id: &str, history: &History, field: &Field, record: &str) -> Option<History> {
    let named = Setting::default().with("field", &field.name);
    let setting = if id == "absent_as_no" { named.with("as", "deleted") } else { named };
    made(id, &setting, history, record)
}

/// The history after an operator about all of it.
fn edited_whole(id: &str, history: &History, record: &str) -> Option<History> {
    made(id, &Setting::default(), history, record)
}

fn made(id: &str, setting: &Setting, history: &History, record: &str) -> Option<History> {
    let operator = find(id).unwrap().build(setting).unwrap();
    let mut stimulus = Stimulus { history: history.clone(), ..Stimulus::default() };
    let mut cx = Context::new(Stream::derive(5, &[id, record])).with_foil(FOIL);
    operator.apply(&mut stimulus, &mut cx).ok().map(|_| stimulus.history)
}

/// What a planted sentence may say of the complaint, in words that the pattern finds too.
fn planted(before: &str, after: &str, pattern: &str) -> usize {
    let sentences = |text: &str| -> Vec<String> {
        text.split_inclusive(['.', '!', '?', '\n']).map(|one| one.trim().to_owned()).collect()
    };
    let old = sentences(before);
    let new = sentences(after).into_iter().filter(|one| {
        !old.contains(one) && has(one, r"^(?:user: |patient: )?(?:There (?:is|are|has been)|It (?:is|has))")
    });
    new.map(|one| count(&one, pattern)).sum::<usize>().min(1)
}

/// What the patterns find though nothing of the fact is left: the record, the field, and what it is.
const EXPLAINED: &[(&str, &str, &str)] = &[
    ("medperturb row 43", "fever", "rheumatic fever: the name of a disease that was looked for"),
    ("medperturb row 93", "fever", "rheumatic fever: the name of a disease that was looked for"),
    ("medperturb row 143", "fever", "rheumatic fever: the name of a disease that was looked for"),
    ("medperturb row 183", "hurt", "to hurt one's groin: an injury, the cause and no complaint"),
    ("medperturb row 193", "fever", "rheumatic fever: the name of a disease that was looked for"),
    ("medperturb row 243", "fever", "rheumatic fever: the name of a disease that was looked for"),
    ("medperturb row 251", "hurt", "pain of the joints: a field of its own"),
    ("medperturb row 274", "hurt", "pain of the joints"),
    ("medperturb row 321", "hurt", "pain of the joints"),
    ("medperturb row 343", "hurt", "pain of the joints"),
    ("medperturb row 371", "hurt", "pain of the joints"),
    ("medperturb row 393", "hurt", "pain of the joints"),
    ("medperturb row 421", "hurt", "pain of the joints"),
    ("medperturb row 443", "hurt", "pain of the joints"),
    ("medperturb row 471", "hurt", "pain of the joints"),
    ("medperturb row 493", "hurt", "pain of the joints"),
    ("medperturb row 509", "hurt", "pain of the joints, asked for or denied"),
    ("medperturb row 527", "ulcer", "ulcers of the mouth: a field of its own"),
    ("medperturb row 532", "hurt", "pain of the joints, asked for; a sore throat two weeks earlier"),
    ("medperturb row 556", "hurt", "pain of the joints, denied"),
    ("medperturb row 559", "hurt", "pain of the joints, denied"),
    ("medperturb row 563", "sex", "the other one asks whether male or female"),
    ("medperturb row 567", "hurt", "pain of the joints, asked for or denied"),
    ("medperturb row 584", "hurt", "pain of the joints, asked for or denied"),
    ("medperturb row 589", "hurt", "pain of the joints, asked for or denied"),
    ("medperturb row 617", "hurt", "a sore throat two weeks earlier"),
    ("medperturb row 622", "ulcer", "ulcers of the mouth"),
    ("medperturb row 640", "hurt", "pain of the joints, asked for or denied"),
    ("medperturb row 651", "grew", "a horn-like growth: a thing and no change"),
    ("medperturb row 660", "hurt", "pain of the joints, asked for or denied"),
    ("medperturb row 665", "hurt", "pain of the joints, asked for or denied"),
    ("medperturb row 682", "hurt", "pain of the joints, asked for or denied"),
    ("medperturb row 690", "hurt", "pain of the joints, denied"),
    ("medperturb row 693", "hurt", "pain of the joints, denied"),
    ("medperturb row 717", "hurt", "a sore throat two weeks earlier"),
    ("medperturb row 722", "ulcer", "ulcers of the mouth"),
    ("medperturb row 760", "hurt", "pain of the joints, denied"),
];

/// The operators about one field that leave nothing of what it told.
const ABOUT_A_FIELD: [&str; 7] =
    ["drop_field", "blank_value", "absent_as_no", "contradict", "transposed_digits", "wrong_unit", "impossible_value"];

/// The note after an operator, where a pattern still finds the fact in it.
fn left(id: &str, history: &History, field: &Field, record: &str) -> Option<(bool, String)> {
    let pattern = fact(field)?;
    let after = edited(id, history, field, record)?;
    let note = after.note.unwrap_or_default();
    let own =
        if id == "contradict" { planted(history.note.as_deref().unwrap_or_default(), &note, &pattern) } else { 0 };
    Some((count(&note, &pattern) > own, note))
}

#[test]
fn real_data_nothing_is_left_that_a_plain_pattern_finds() {
    let Some(texts) = texts() else { return };
    let (mut found, mut looked) = (BTreeSet::new(), 0);
    for (record, text) in &texts {
        let history = history_of(text);
        for field in history.fields.iter().filter(|field| SEARCHED.contains(&field.kind)) {
            for id in ABOUT_A_FIELD {
                let Some((is_left, note)) = left(id, &history, field, record) else { continue };
                looked += 1;
                if is_left {
                    found.insert((record.clone(), field.name.clone()));
                    show(record, id, field, &note);
                }
            }
        }
        for id in ["demographics_removed", "demographics_swapped"] {
            let Some(field) = history.fields.iter().find(|field| field.kind == Kind::Sex) else { continue };
            let Some(after) = edited_whole(id, &history, record) else { continue };
            looked += 1;
            if fact(field).is_some_and(|pattern| has(after.note.as_deref().unwrap_or_default(), &pattern)) {
                found.insert((record.clone(), field.name.clone()));
                show(record, id, field, after.note.as_deref().unwrap_or_default());
            }
        }
    }
    println!("{looked} edits looked at, {} facts with something left", found.len());
    assert!(looked > 6000, "{looked}");
    let explained: BTreeSet<(String, String)> =
        EXPLAINED.iter().map(|(record, field, _)| ((*record).to_owned(), (*field).to_owned())).collect();
    assert_eq!(found, explained, "run with BEDSIDE_SHOW=1 to see them");
}

/// The kinds whose facts are looked for.
const SEARCHED: [Kind; 6] = [Kind::Age, Kind::Sex, Kind::Side, Kind::Duration, Kind::Diameter, Kind::Symptom];

/// Prints what the pattern finds, on request only: it is a patient's text.
#[expect(clippy::disallowed_methods, reason = "the environment says what is wanted")]
fn show(record: &str, id: &str, field: &Field, note: &str) {
    let Some(pattern) = fact(field).filter(|_| std::env::var_os("BEDSIDE_SHOW").is_some()) else { return };
    for hit in super::plain::pattern(&pattern).find_iter(note) {
        let from = note.floor_char_boundary(hit.start().saturating_sub(60));
        let to = note.ceil_char_boundary(hit.end() + 50);
        println!("LEFT {record} {id} {} {:?}: …{}…", field.name, field.value, note[from..to].replace('\n', "⏎"));
    }
}

/// A child gets no other drug and no larger dose, whoever finds that it is a child.
#[test]
fn real_data_no_child_gets_another_drug_or_a_larger_dose() {
    let Some(texts) = texts() else { return };
    let (mut children, mut adults) = (0, 0);
    for (record, text) in &texts {
        let mut history = history_of(text);
        // Neither the age nor a word for a child may be needed as a field.
        history.fields.retain(|field| matches!(field.kind, Kind::Age | Kind::Drug | Kind::Dose));
        let adult = (18..100).any(|years| has(text, &age(years)));
        for field in history.fields.iter().filter(|field| field.kind != Kind::Age) {
            for id in ["contradict", "wrong_unit", "transposed_digits", "internal_contradiction"] {
                let Some(after) = edited(id, &history, field, record) else { continue };
                if tells_child(text) && !adult {
                    children += 1;
                    let told = &after.field(&field.name).unwrap().value;
                    assert!(field.kind == Kind::Dose && is_lower(&field.value, told), "{record} {id}: {told:?}");
                } else {
                    adults += 1;
                }
            }
        }
    }
    println!("{children} edits of a child's dose, {adults} of others'");
    assert!(children > 0 && adults > 50, "{children} {adults}");
}

/// Whether the second dose is lower than the first: micrograms for milligrams, or a smaller number.
fn is_lower(own: &Value, told: &Value) -> bool {
    let (Value::Stated(own), Value::Stated(told)) = (own, told) else { return false };
    let number =
        |text: &str| text.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect::<String>().parse::<f64>();
    let small = |text: &str| text.contains('µ');
    (small(told) && !small(own)) || (small(own) == small(told) && number(told).unwrap() < number(own).unwrap())
}
