//! The words of an answer that speak of urgency.

use super::line::{Kind, Line};
use crate::diagnosis::plain;
use crate::readers::words;

/// Whether a line is the name of a step of the default scale and nothing else: "Routine."
pub(super) fn is_step(line: &Line) -> bool {
    const STEPS: &[&str] = &["emergency", "urgent", "soon", "routine", "non urgent", "not urgent", "semi urgent"];
    const WHAT: &[&str] = &[" referral", " appointment", " review"];
    let words = plain(line.text);
    let step = WHAT.iter().find_map(|what| words.strip_suffix(what)).unwrap_or(&words);
    STEPS.contains(&step)
}

/// The words about urgency: a labelled line, else one that is only a step, else all the text, from which one step may be
/// told.
pub(super) fn triage(lines: &[Line]) -> Option<String> {
    let labelled = lines.iter().enumerate().rev().find_map(|(at, line)| {
        let text = line.text.replace(['*', '#', '_'], "");
        let lower = text.trim().to_lowercase();
        let label = ["triage", "urgency", "recommended urgency", "priority"].iter().any(|word| lower.starts_with(word));
        let value = label.then(|| value_of(&text))?;
        let next =
            || lines.get(at + 1..)?.iter().find(|line| line.kind != Kind::Blank).map(|line| line.text.replace('*', ""));
        if value.trim().is_empty() { next() } else { Some(value) }
    });
    let step = || lines.iter().rev().find(|line| is_step(line)).map(|line| line.text.to_owned());
    labelled.or_else(step).or_else(|| inline_triage(lines))
}

/// What a line about urgency says: what follows the colon, or the line without its label.
fn value_of(text: &str) -> String {
    const LABEL: &[&str] = &["triage", "urgency", "recommended", "priority", "level", "category", "is"];
    if let Some((_, value)) = text.split_once([':', '\u{2013}', '\u{2014}']) {
        return value.into();
    }
    let words = text.split_whitespace().skip_while(|word| LABEL.contains(&word.to_lowercase().as_str()));
    words.collect::<Vec<_>>().join(" ")
}

/// The sentences that speak of urgency, referral or an appointment.
fn inline_triage(lines: &[Line]) -> Option<String> {
    const TOPICS: &[&str] = &[
        "triage",
        "urgen",
        "refer",
        "appointment",
        "emergency",
        "routine",
        "same-day",
        "same day",
        "seen within",
        "see a",
    ];
    let text = lines.iter().map(|line| line.text).collect::<Vec<_>>().join("\n");
    let about = |sentence: &&str| TOPICS.iter().any(|topic| sentence.to_lowercase().contains(topic));
    let sentences: Vec<&str> = words::sentences(&text).filter(about).collect();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}
