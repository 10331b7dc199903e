//! How often each history operator applies to real histories, and why not where it does not: the page `HISTORY.md`.
//!
//! `BEDSIDE_DATA=… BEDSIDE_UPDATE=1 cargo test -p bedside-perturbations --lib real_data_the_page`

use core::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write;

use super::plain::holds;
use super::real_data::{history_of, rows, texts};
use super::samples::{FOIL, consultation, field};
use crate::catalogue::{CATALOGUE, Entry};
use crate::{Context, Grading, History, Kind, Level, Setting, Stimulus, Stream, Takes, Target};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/HISTORY.md");
const BEGIN: &str = "<!-- table: made by a test, run with BEDSIDE_UPDATE=1 -->\n";
const END: &str = "<!-- end of table -->";

/// The operators that reach fewer than nine in ten of the free texts in which a plain pattern finds their target, in
/// order, and why.
const EXCEPTIONS: &[(&str, &str)] = &[(
    "absent_as_no",
    "a complaint that the pattern finds affirmed though the fields of the test say that it is not (\"already denied\"), \
     and what `drop_field` refuses, whose edit it makes or which it denies",
)];

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
        if let Some(reason) = unfit.filter(|_| holds) {
            *self.reasons.entry(reason).or_default() += 1;
        }
    }

    /// The commonest reasons.
    fn commonest(&self) -> String {
        let mut reasons: Vec<_> = self.reasons.iter().collect();
        reasons.sort_by_key(|(reason, count)| (Reverse(**count), reason.as_str()));
        let told = reasons.iter().take(3).map(|(reason, count)| format!("{reason} ({count})"));
        told.collect::<Vec<_>>().join("; ")
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
                let note = history.note.as_deref().unwrap_or_default();
                let field = setting.text("field").and_then(|name| history.field(name));
                counts.entry(entry.card.id).or_default().add(unfit, holds(entry.card.id, note, field));
            }
        }
    }
    counts
}

fn table(texts: &BTreeMap<&str, Count>, rows: &BTreeMap<&str, Count>) -> String {
    let mut page = String::from(
        "| operator | free texts | of those with its target | table rows | of those with its target | why not on free texts with it, most often |\n\
         |---|---:|---:|---:|---:|---|\n",
    );
    for entry in CATALOGUE.iter().filter(|entry| entry.card.target == Target::History) {
        let id = entry.card.id;
        let (text, row) = (&texts[id], &rows[id]);
        let cell = |count: &Count| format!("{} of {}", count.applied, count.tried);
        let held = |count: &Count| format!("{} of {}", count.hit, count.held);
        let mark = if is_low(text) { " (below 90 %)" } else { "" };
        let reasons = text.commonest();
        writeln!(
            page,
            "| `{id}` | {} | {}{mark} | {} | {} | {reasons} |",
            cell(text),
            held(text),
            cell(row),
            held(row)
        )
        .unwrap();
    }
    page
}

/// The exceptions with their reasons, and how many fields of each kind `drop_field` leaves out of the free texts that a
/// plain pattern finds to hold them.
fn exceptions(texts: &[History]) -> String {
    let mut page = String::from("\nBelow nine in ten of the free texts that hold the target, and why:\n\n");
    for (id, why) in EXCEPTIONS {
        writeln!(page, "* `{id}`: {why}.").unwrap();
    }
    let mut kinds: BTreeMap<String, Count> = BTreeMap::new();
    let drop = CATALOGUE.iter().find(|entry| entry.card.id == "drop_field").unwrap();
    for history in texts {
        for field in &history.fields {
            let operator = drop.build(&Setting::default().with("field", &field.name)).unwrap();
            let mut stimulus = Stimulus { history: history.clone(), ..Stimulus::default() };
            let unfit = operator.apply(&mut stimulus, &mut Context::new(Stream::derive(1, &["kinds"]))).err();
            let held = holds("drop_field", history.note.as_deref().unwrap_or_default(), Some(field));
            kinds.entry(format!("{:?}", field.kind)).or_default().add(unfit.map(|unfit| unfit.to_string()), held);
        }
    }
    let cell = |(kind, count): (&String, &Count)| format!("{} {} of {}", kind.to_lowercase(), count.hit, count.held);
    let told: Vec<String> = kinds.iter().filter(|(_, count)| count.held > 0).map(cell).collect();
    writeln!(page, "\n`drop_field` by kind: {}.", told.join(", ")).unwrap();
    page
}

fn is_low(count: &Count) -> bool {
    count.hit * 10 < count.held * 9
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test reads its page and renews it on request")]
fn real_data_the_page_says_how_often_each_operator_applies() {
    let Some(texts) = texts() else { return };
    let texts: Vec<History> = texts.iter().map(|(_, text)| history_of(text)).collect();
    let (of_texts, of_rows) = (counted(&texts), counted(&pad()));
    let low: Vec<&str> = of_texts.iter().filter(|(_, count)| is_low(count)).map(|(id, _)| *id).collect();
    let excepted: Vec<&str> = EXCEPTIONS.iter().map(|(id, _)| *id).collect();
    assert_eq!(low, excepted, "below nine in ten of the free texts that hold the target");
    let made = table(&of_texts, &of_rows) + &exceptions(&texts);
    let page = std::fs::read_to_string(PAGE).unwrap();
    let (head, rest) = page.split_once(BEGIN).unwrap();
    let (found, tail) = rest.split_once(END).unwrap();
    if std::env::var_os("BEDSIDE_UPDATE").is_some() {
        std::fs::write(PAGE, format!("{head}{BEGIN}{made}{END}{tail}")).unwrap();
        return;
    }
    assert_eq!(found, made, "HISTORY.md is stale: run this test once with BEDSIDE_UPDATE=1");
}
