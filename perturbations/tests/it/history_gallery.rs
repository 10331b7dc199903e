//! The page of history operators shows an edit of each, on histories that are made up, and their digests stay the same.

use std::fmt::Write;

use bedside_perturbations::catalogue::{CATALOGUE, Entry};
use bedside_perturbations::contract::FOIL;
use bedside_perturbations::{Context, Grading, History, Level, Setting, Stimulus, Stream, Takes, Target};
use sha2::{Digest, Sha256};

use crate::histories::cases;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/HISTORY.md");
const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/golden_history.txt");
const BEGIN: &str = "<!-- edits: made by a test, run with BEDSIDE_UPDATE=1 -->\n";
const END: &str = "<!-- end of edits -->";

fn entries() -> impl Iterator<Item = &'static Entry> {
    CATALOGUE.iter().filter(|entry| entry.card.target == Target::History)
}

/// The history after an operator, or why it is left alone.
fn after(entry: &Entry, setting: &Setting, name: &str, before: &History) -> Result<History, String> {
    let [_, (_, donor), ..] = cases();
    let donor = Stimulus { history: donor, ..Stimulus::default() };
    let mut stimulus = Stimulus { history: before.clone(), ..Stimulus::default() };
    let mut cx = Context::new(Stream::derive(1, &["golden", entry.card.id, name])).with_foil(FOIL).with_donor(&donor);
    let operator = entry.build(setting).unwrap();
    operator.apply(&mut stimulus, &mut cx).map(|_| stimulus.history).map_err(|unfit| unfit.to_string())
}

/// The typical setting at a level, for each field where the operator is about one.
fn settings(entry: &Entry, level: Level, history: &History) -> Vec<Setting> {
    let base = match entry.card.grading {
        Grading::Binary => Setting::default(),
        Grading::Graded { .. } => Setting::at(entry.card, level),
    };
    match entry.card.parameters.iter().any(|parameter| parameter.takes == Takes::Field) {
        true => history.fields.iter().map(|field| base.clone().with("field", &field.name)).collect(),
        false => vec![base],
    }
}

fn digest(after: &Result<History, String>) -> String {
    let Ok(history) = after else { return "unfit".into() };
    let fields = history.fields.iter().map(|field| format!("{}={:?};", field.name, field.value)).collect::<String>();
    let bytes = format!("{fields}\n{}", history.note.as_deref().unwrap_or_default());
    Sha256::digest(bytes).iter().take(16).fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test reads its table and renews it on request")]
fn every_history_edit_is_the_one_it_was_before() {
    let mut now = String::new();
    for entry in entries() {
        let levels: &[Level] =
            if matches!(entry.card.grading, Grading::Binary) { &Level::ALL[..1] } else { &Level::ALL };
        for (name, history) in &cases() {
            for level in levels {
                for setting in settings(entry, *level, history) {
                    let made = digest(&after(entry, &setting, name, history));
                    let field = setting.text("field").unwrap_or("-");
                    writeln!(now, "{} {} {name} {field} {made}", entry.card.id, level.number()).unwrap();
                }
            }
        }
    }
    if std::env::var_os("BEDSIDE_UPDATE").is_some() {
        std::fs::write(GOLDEN, &now).unwrap();
    }
    let before = std::fs::read_to_string(GOLDEN).unwrap_or_default();
    let changed: Vec<&str> = now.lines().filter(|line| !before.lines().any(|old| old == *line)).take(20).collect();
    assert!(now == before, "changed, or not in the table yet (renew it with BEDSIDE_UPDATE=1): {changed:#?}");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test reads its page and renews it on request")]
fn the_page_shows_an_edit_of_every_operator() {
    let mut made = String::new();
    for entry in entries() {
        writeln!(made, "\n**`{}`** {}\n", entry.card.id, entry.card.title.to_lowercase()).unwrap();
        let shown = shown(entry);
        assert!(!shown.is_empty(), "{} applies to no history that is made up: {:#?}", entry.card.id, refusals(entry));
        made += &shown;
    }
    let page = std::fs::read_to_string(PAGE).unwrap();
    let (head, rest) = page.split_once(BEGIN).unwrap();
    let (found, tail) = rest.split_once(END).unwrap();
    if std::env::var_os("BEDSIDE_UPDATE").is_some() {
        std::fs::write(PAGE, format!("{head}{BEGIN}{made}\n{END}{tail}")).unwrap();
        return;
    }
    assert_eq!(found.trim_end(), made.trim_end(), "HISTORY.md is stale: run this test once with BEDSIDE_UPDATE=1");
}

/// The first edit on each of the histories that the operator applies to, two at most; of an operator about a field the
/// edits of two fields.
fn shown(entry: &Entry) -> String {
    let mut page = String::new();
    let mut edits = 0;
    for (name, history) in &cases() {
        for setting in settings(entry, Level::new(3).unwrap(), history) {
            let Ok(after) = after(entry, &setting, name, history) else { continue };
            let (before, after) = (history.note.as_deref().unwrap_or_default(), after.note.unwrap_or_default());
            if before == after || edits == 2 {
                continue;
            }
            edits += 1;
            let field = setting.text("field").map(|field| format!(", `{field}`")).unwrap_or_default();
            writeln!(page, "* {name}{field}: {}", marked(before, &after)).unwrap();
        }
    }
    if edits == 0
        && cases().iter().any(|(name, history)| {
            settings(entry, Level::new(3).unwrap(), history)
                .iter()
                .any(|setting| after(entry, setting, name, history).is_ok())
        })
    {
        page += "* edits the fields alone; the note stays as it is\n";
    }
    page
}

/// Why an operator leaves each history alone.
fn refusals(entry: &Entry) -> Vec<String> {
    let all = cases().into_iter().flat_map(|(name, history)| {
        let settings = settings(entry, Level::new(3).unwrap(), &history);
        settings.into_iter().map(move |setting| (name, after(entry, &setting, name, &history)))
    });
    all.filter_map(|(name, after)| Some(format!("{name}: {}", after.err()?))).collect()
}

/// A word diff: what is taken out is struck, what is put in is underlined.
fn marked(before: &str, after: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (pieces(before), pieces(after));
    let kept = longest(&old, &new);
    let (mut page, mut i, mut j) = (String::new(), 0, 0);
    for (a, b) in kept.into_iter().chain([(old.len(), new.len())]) {
        let (gone, come) = (old[i..a].concat(), new[j..b].concat());
        for (text, tag) in [(gone, "del"), (come, "ins")] {
            if !text.trim().is_empty() {
                write!(page, "<{tag}>{}</{tag}>", escaped(&text)).unwrap();
            }
        }
        page += &old.get(a).map(|word| escaped(word)).unwrap_or_default();
        (i, j) = (a + 1, b + 1);
    }
    page
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\n', " ⏎ ");
    text.replace('*', "\\*").replace('_', "\\_").replace('|', "\\|").replace('`', "\\`")
}

/// Words with the white space behind them.
fn pieces(text: &str) -> Vec<&str> {
    text.split_inclusive(char::is_whitespace).collect()
}

/// The longest common subsequence, as pairs of places.
fn longest(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    let mut lengths = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            lengths[i][j] = match old[i] == new[j] {
                true => lengths[i + 1][j + 1] + 1,
                false => lengths[i + 1][j].max(lengths[i][j + 1]),
            };
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if lengths[i + 1][j] >= lengths[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}
