//! How often each history operator applies to real histories, and why not where it does not: the page `HISTORY.md`.
//!
//! `BEDSIDE_DATA=… BEDSIDE_UPDATE=1 cargo test -p bedside-perturbations --lib real_data_the_page`

use std::collections::BTreeMap;
use std::fmt::Write;

use super::real_data::{history_of, rows, texts};
use super::samples::{FOIL, consultation, field};
use crate::catalogue::{CATALOGUE, Entry};
use crate::{Context, Field, Grading, History, Kind, Level, Setting, Stimulus, Stream, Takes, Target, Value};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/HISTORY.md");
const BEGIN: &str = "<!-- table: made by a test, run with BEDSIDE_UPDATE=1 -->\n";
const END: &str = "<!-- end of table -->";

/// How often one operator was applied.
#[derive(Default)]
struct Count {
    applied: usize,
    tried: usize,
    /// Among the inputs that hold the target by a plain pattern.
    hit: usize,
    held: usize,
    reasons: BTreeMap<String, usize>,
}

impl Count {
    fn add(&mut self, unfit: Option<String>, holds: bool) {
        self.tried += 1;
        self.applied += usize::from(unfit.is_none());
        self.held += usize::from(holds);
        self.hit += usize::from(holds && unfit.is_none());
        if let Some(reason) = unfit {
            *self.reasons.entry(reason).or_default() += 1;
        }
    }
}

/// The rows of PAD-UFES-20 as histories: fields, and a note made of them.
#[expect(clippy::disallowed_methods, reason = "tests read the data set that the environment names")]
pub(super) fn pad() -> Vec<History> {
    let folder = std::env::var("BEDSIDE_DATA").unwrap();
    let csv = std::fs::read_to_string(format!("{folder}/pad-ufes-20/metadata.csv")).unwrap();
    let mut rows = rows(&csv).into_iter();
    let header = rows.next().unwrap();
    rows.map(|row| {
        let cell = |name: &str| row[header.iter().position(|column| column == name).unwrap()].clone();
        let (age, sex, site) = (cell("age"), cell("gender").to_lowercase(), cell("region").to_lowercase());
        let adult = age.parse().is_ok_and(|years: u32| years >= 18);
        let person = match sex.as_str() {
            "female" if adult => "woman",
            "female" => "girl",
            "male" if adult => "man",
            "male" => "boy",
            _ => "patient",
        };
        let mut note = format!("{age}-year-old {person} with a lesion on the {site}.");
        let mut fields = vec![field("age", Kind::Age, &age), field("site", Kind::Site, &site)];
        fields.extend((!sex.is_empty()).then(|| field("sex", Kind::Sex, &sex)));
        let size = cell("diameter_1");
        if let Some(size) = size.strip_suffix(".0").filter(|size| *size != "0") {
            fields.push(field("diameter", Kind::Diameter, &format!("{size} mm")));
            write!(note, " It measures {size} mm.").unwrap();
        }
        for (name, kind, column, yes, no) in FACTS {
            let (value, sentence) = match cell(column).as_str() {
                "True" => ("yes", *yes),
                "False" => ("no", *no),
                "UNK" => ("unknown", ""),
                _ => continue,
            };
            fields.push(field(name, *kind, value));
            if !sentence.is_empty() {
                write!(note, " {sentence}").unwrap();
            }
        }
        History { fields, note: Some(note) }
    })
    .collect()
}

const FACTS: &[(&str, Kind, &str, &str, &str)] = &[
    ("itching", Kind::Symptom, "itch", "It itches.", "It does not itch."),
    ("growth", Kind::Evolution, "grew", "It has grown.", "It has not grown."),
    ("pain", Kind::Symptom, "hurt", "It hurts.", "It does not hurt."),
    ("bleeding", Kind::Symptom, "bleed", "It has bled.", "It has not bled."),
    (
        "skin_cancer_history",
        Kind::FamilyHistory,
        "skin_cancer_history",
        "There is skin cancer in the family.",
        "There is no skin cancer in the family.",
    ),
    ("smoking", Kind::Exposure, "smoke", "The patient smokes.", "The patient does not smoke."),
];

/// Every setting that is tried: level 3, and each field where the operator is about one.
fn settings(entry: &Entry, history: &History) -> Vec<Setting> {
    let base = match entry.card.grading {
        Grading::Binary => Setting::default(),
        Grading::Graded { .. } => Setting::at(entry.card, Level::new(3).unwrap()),
    };
    let needs_field =
        entry.card.parameters.iter().any(|parameter| parameter.takes == Takes::Field && parameter.required);
    if !needs_field {
        return vec![base];
    }
    history.fields.iter().map(|field| base.clone().with("field", &field.name)).collect()
}

/// Whether the history holds what an operator is about, by a pattern that shares no code with it.
fn holds(id: &str, history: &History) -> bool {
    let note = history.note.as_deref().unwrap_or_default();
    let low = format!(" {} ", note.to_lowercase().replace(['\n', '.', ',', ';', '!', '?', '(', ')'], " "));
    let any = |words: &[&str]| words.iter().any(|word| low.contains(&format!(" {word} ")));
    let has = |kind: Kind| history.fields.iter().any(|field: &Field| field.kind == kind);
    let told =
        |kind: Kind, value: &Value| history.fields.iter().any(|field| field.kind == kind && field.value == *value);
    let turns = note.lines().any(|line| ["user:", "patient:"].iter().any(|label| line.starts_with(label)));
    let prose = note.matches(['.', '!', '?']).count() > 2 && !turns;
    match id {
        "telegraphic" | "non_native" => any(&["the", "a", "an"]),
        "uncertain" => any(&["it is", "it has", "she has", "he has", "there is"]),
        "colourful" => any(&["it is", "it has", "i am", "i'm", "she has", "he has", "i have", "there is"]),
        // No other person, no clinician's own finding, and nobody too young to write.
        "first_person" => any(&["she", "he"]) && !any(NOT_THE_PATIENT),
        "soap" | "bullet_list" | "json" | "chat_turns" => prose,
        // A record: no chat, and no message alone.
        "stale_copy" => {
            let own = any(&["i", "i'm", "i've", "my", "me"]) && !note.to_lowercase().contains("message:\n");
            told(Kind::Symptom, &Value::Yes) && !turns && !own
        }
        "demographics_swapped" | "demographics_removed" => has(Kind::Sex),
        "field_order" | "drop_all_but" | "leave_k_out" => history.fields.len() > 1,
        "transposed_digits" => history.fields.iter().any(is_exchangeable),
        "wrong_unit" => has(Kind::Diameter) || has(Kind::Dose),
        "drop_section" => ["medication list:", "medications:", "pmh:", "diagnosis:", "history:"]
            .iter()
            .any(|label| low.contains(label)),
        "absent_as_no" => told(Kind::Symptom, &Value::Yes),
        "impossible_value" => has(Kind::Age),
        "abbreviations" => any(&["history of", "weeks", "months", "years", "patient", "with"]),
        // Of a single word a share of 60 % takes it in three draws of five.
        "speech_to_text" => low.split_whitespace().filter(|word| DICTATED.contains(word)).count() > 1,
        "vague" => {
            // A field that says "a few days" is no more exact than what the operator makes at level 3.
            let exact =
                |text: &str| !["few", "several", "many", "couple", "some"].iter().any(|word| text.contains(word));
            let told = |field: &Field| matches!(&field.value, Value::Stated(text) if exact(&text.to_lowercase()));
            history.fields.iter().any(|field| field.kind == Kind::Duration && told(field)) && is_timed(&low)
        }
        "paraphrase" => {
            any(&["it itches", "it hurts", "do not", "don't", "does not", "doesn't", "i'm", "i've", "began"])
        }
        _ => true,
    }
}

/// Words that dictation takes for others.
const DICTATED: &[&str] = &["their", "its", "your", "our", "where", "whether", "then", "than", "too", "into", "lesion"];

/// Words that a patient does not write of herself or himself in the third person.
const NOT_THE_PATIENT: &[&str] = &[
    "i",
    "my",
    "me",
    "we",
    "mother",
    "father",
    "sister",
    "brother",
    "son",
    "daughter",
    "wife",
    "husband",
    "boyfriend",
    "girlfriend",
    "boy",
    "girl",
    "newborn",
    "infant",
    "examination",
    "exam",
    "auscultation",
    "palpation",
    "biopsy",
    "vital",
    "vitals",
    "laboratory",
    "impression",
    "referred",
    "user:",
    "patient:",
    "they",
    "pediatrician",
];

/// An age or a size of two different digits, none of them 0; an age that stays an adult's of at most 95 years.
fn is_exchangeable(field: &Field) -> bool {
    let Value::Stated(text) = &field.value else { return false };
    let digits: Vec<u8> = text.bytes().take_while(u8::is_ascii_digit).collect();
    let exchangeable = matches!(digits.as_slice(), [a, b] if a != b && *a != b'0' && *b != b'0');
    let years = |tens: u8, ones: u8| u32::from(tens - b'0') * 10 + u32::from(ones - b'0');
    let adult = |years: u32| (18..=95).contains(&years);
    match (field.kind, digits.as_slice()) {
        (Kind::Age, [a, b]) => exchangeable && adult(years(*a, *b)) && adult(years(*b, *a)),
        (Kind::Diameter, _) => exchangeable,
        _ => false,
    }
}

/// "for 3 weeks" or "3 weeks ago".
fn is_timed(low: &str) -> bool {
    let words: Vec<&str> = low.split_whitespace().collect();
    let unit = |word: &str| ["days", "weeks", "months", "years"].contains(&word);
    let number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    words.windows(4).any(|four| match four {
        [before, n, time, after] => {
            number(n) && unit(time) && (*before == "for" || (*after == "ago" && *before != "visit"))
        }
        _ => false,
    })
}

fn counted(histories: &[History]) -> BTreeMap<&'static str, Count> {
    let donor = Stimulus { history: consultation(), ..Stimulus::default() };
    let mut counts: BTreeMap<&'static str, Count> = BTreeMap::new();
    for (number, history) in histories.iter().enumerate() {
        for entry in CATALOGUE.iter().filter(|entry| entry.card.target == Target::History) {
            for setting in settings(entry, history) {
                let operator = entry.build(&setting).unwrap();
                let stream = Stream::derive(20_261_122, &[entry.card.id, &number.to_string()]);
                let mut cx = Context::new(stream).with_foil(FOIL).with_donor(&donor);
                let mut stimulus = Stimulus { history: history.clone(), ..Stimulus::default() };
                let unfit = operator.apply(&mut stimulus, &mut cx).err().map(|unfit| unfit.to_string());
                counts.entry(entry.card.id).or_default().add(unfit, holds(entry.card.id, history));
            }
        }
    }
    counts
}

fn table(texts: &BTreeMap<&str, Count>, rows: &BTreeMap<&str, Count>) -> String {
    let mut page = String::from(
        "| operator | free texts | table rows | of inputs that hold its target | why not, most often |\n|---|---:|---:|---:|---|\n",
    );
    for entry in CATALOGUE.iter().filter(|entry| entry.card.target == Target::History) {
        let id = entry.card.id;
        let (text, row) = (&texts[id], &rows[id]);
        let (hit, held) = (text.hit + row.hit, text.held + row.held);
        let mark = if hit * 10 < held * 9 { " (below 90 %)" } else { "" };
        let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
        for (reason, count) in text.reasons.iter().chain(&row.reasons) {
            *reasons.entry(reason).or_default() += count;
        }
        let mut reasons: Vec<_> = reasons.into_iter().collect();
        reasons.sort_by_key(|(reason, count)| (core::cmp::Reverse(*count), *reason));
        let reasons: Vec<String> =
            reasons.iter().take(2).map(|(reason, count)| format!("{reason} ({count})")).collect();
        let cell = |count: &Count| format!("{} of {}", count.applied, count.tried);
        writeln!(page, "| `{id}` | {} | {} | {hit} of {held}{mark} | {} |", cell(text), cell(row), reasons.join("; "))
            .unwrap();
    }
    page
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test reads its page and renews it on request")]
fn real_data_the_page_says_how_often_each_operator_applies() {
    let Some(texts) = texts() else { return };
    let texts: Vec<History> = texts.iter().map(|(_, text)| history_of(text)).collect();
    let made = table(&counted(&texts), &counted(&pad()));
    let page = std::fs::read_to_string(PAGE).unwrap();
    let (head, rest) = page.split_once(BEGIN).unwrap();
    let (found, tail) = rest.split_once(END).unwrap();
    if std::env::var_os("BEDSIDE_UPDATE").is_some() {
        std::fs::write(PAGE, format!("{head}{BEGIN}{made}{END}{tail}")).unwrap();
        return;
    }
    assert_eq!(found, made, "HISTORY.md is stale: run this test once with BEDSIDE_UPDATE=1");
}
