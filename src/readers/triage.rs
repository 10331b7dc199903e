//! From words about urgency to a step of the cohort's scale.

use crate::cohort::Scale;
use crate::diagnosis::plain;

/// Other words for the steps of the default scale. Longer phrases come before the words they contain.
const SYNONYMS: &[(&str, &str)] = &[
    ("not an emergency", ""),
    ("non emergency", ""),
    ("non emergent", ""),
    ("not emergent", ""),
    ("non urgent", "routine"),
    ("nonurgent", "routine"),
    ("not urgent", "routine"),
    ("no urgency", "routine"),
    ("low urgency", "routine"),
    ("low priority", "routine"),
    ("self care", "routine"),
    ("no referral needed", "routine"),
    ("can wait", "routine"),
    ("elective", "routine"),
    ("ordinary appointment", "routine"),
    ("semi urgent", "soon"),
    ("semiurgent", "soon"),
    ("expedited", "soon"),
    ("two week wait", "urgent"),
    ("2 week wait", "urgent"),
    ("2ww", "urgent"),
    ("high urgency", "urgent"),
    ("high priority", "urgent"),
    ("urgently", "urgent"),
    ("same day", "emergency"),
    ("emergent", "emergency"),
    ("emergency department", "emergency"),
    ("immediate", "emergency"),
    ("immediately", "emergency"),
    ("today", "emergency"),
];

/// The step that a phrase names, if it names exactly one.
///
/// A phrase that is or begins with a step means that step ("urgent (within two weeks)"), unless another follows it at
/// once ("urgent or emergency"). On a scale with the four default steps, their usual synonyms and stated times count
/// too: up to 1 day, 14 days, 56 days, longer.
pub(super) fn level(said: &str, scale: &Scale) -> Option<String> {
    let words = plain(said);
    let whole = scale.0.iter().find(|step| plain(&step.id) == words || plain(&step.meaning) == words);
    if let Some(step) = whole {
        return Some(step.id.clone());
    }
    let named = named(&words, scale);
    match named.as_slice() {
        [only] => Some(only.clone()),
        [first, ..] if begins(said, first) => Some(first.clone()),
        _ => None,
    }
}

/// Whether a text begins with a step and then explains it.
fn begins(said: &str, step: &str) -> bool {
    let said = said.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let rest = said.strip_prefix(step).map(str::trim_start);
    rest.is_some_and(|rest| rest.starts_with(['(', ',', '.', ':', ';', '\u{2013}', '\u{2014}', '-', '*']))
}

/// The different steps that words name, in order.
fn named(words: &str, scale: &Scale) -> Vec<String> {
    let synonyms: &[(&str, &str)] = if is_default(scale) { SYNONYMS } else { &[] };
    let mut text = format!(" {words} ");
    let mut found: Vec<(usize, String)> = Vec::new();
    let own = scale.0.iter().map(|step| (plain(&step.id), step.id.clone()));
    let others = synonyms.iter().map(|(phrase, id)| ((*phrase).to_string(), (*id).to_string()));
    for (phrase, id) in others.chain(own) {
        while let Some(at) = text.find(&format!(" {phrase} ")) {
            text.replace_range(at + 1..=at + phrase.len(), &"#".repeat(phrase.len()));
            found.push((at, id.clone()));
        }
    }
    if is_default(scale) {
        found.extend(stated_time(&text).map(|(at, days)| (at, within(days).into())));
    }
    found.sort();
    let mut ids: Vec<String> = found.into_iter().map(|(_, id)| id).filter(|id| !id.is_empty()).collect();
    ids.dedup();
    ids
}

/// Whether a scale has the steps that the synonyms are for.
fn is_default(scale: &Scale) -> bool {
    scale.0.iter().map(|step| step.id.as_str()).eq(["emergency", "urgent", "soon", "routine"])
}

/// The step for being seen within so many days.
fn within(days: u32) -> &'static str {
    match days {
        0..=1 => "emergency",
        2..=14 => "urgent",
        15..=56 => "soon",
        _ => "routine",
    }
}

/// The first time limit in words ("within 2 weeks") and where it stands, in days.
fn stated_time(words: &str) -> Option<(usize, u32)> {
    let at = words.find(" within ")?;
    let mut rest = words.get(at..)?.split_whitespace().skip(1).filter(|word| !["the", "next", "a"].contains(word));
    let first = rest.next()?;
    // "within 24 48 hours": a range counts by its longer end.
    let (count, unit) = match (number(first), rest.next()) {
        (Some(count), Some("to")) => (number(rest.next()?).unwrap_or(count), rest.next()?),
        (Some(count), Some(second)) => match number(second) {
            Some(longer) => (longer.max(count), rest.next()?),
            None => (count, second),
        },
        (None, _) => (1, first),
        (Some(_), None) => return None,
    };
    let days = match unit.trim_end_matches('s') {
        "hour" => count.div_ceil(24),
        "day" => count,
        "week" => count.saturating_mul(7),
        "month" => count.saturating_mul(28),
        "year" => count.saturating_mul(365),
        _ => return None,
    };
    Some((at, days))
}

fn number(word: &str) -> Option<u32> {
    const NUMBERS: &[&str] =
        &["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    let spelled = NUMBERS.iter().position(|name| *name == word).and_then(|at| u32::try_from(at).ok());
    spelled.or_else(|| word.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cohort::Urgency;

    #[test]
    fn words_map_to_the_default_scale() {
        for (said, expected) in [
            ("urgent", Some("urgent")),
            ("URGENT.", Some("urgent")),
            ("  Urgent (within 2 weeks) ", Some("urgent")),
            ("urgent - refer under the two-week wait", Some("urgent")),
            ("urgent, not routine", Some("urgent")),
            ("Non-urgent", Some("routine")),
            ("not urgent", Some("routine")),
            ("routine", Some("routine")),
            ("elective referral", Some("routine")),
            ("semi-urgent", Some("soon")),
            ("Soon", Some("soon")),
            ("seen within eight weeks", Some("soon")),
            ("within 4 weeks", Some("soon")),
            ("within two weeks", Some("urgent")),
            ("within 24 hours", Some("emergency")),
            ("within 24-48 hours", Some("urgent")),
            ("within 1 to 2 weeks", Some("urgent")),
            ("within a week", Some("urgent")),
            ("within 3 months", Some("routine")),
            ("within a year", Some("routine")),
            ("within the next two years", Some("routine")),
            ("same-day assessment", Some("emergency")),
            ("Emergent", Some("emergency")),
            ("emergency", Some("emergency")),
            ("not an emergency; routine", Some("routine")),
            ("urgent or emergency", None),
            ("urgent/soon", None),
            ("not an emergency", None),
            ("high", None),
            ("", None),
            ("within", None),
            ("within reason", None),
        ] {
            assert_eq!(level(said, &Scale::default()).as_deref(), expected, "{said}");
        }
    }

    #[test]
    fn another_scale_takes_its_own_words_only() {
        let step = |id: &str, meaning: &str| Urgency { id: id.into(), meaning: meaning.into() };
        let scale = Scale(vec![step("P1", "now"), step("P2", "this month"), step("self care", "no visit")]);
        for (said, expected) in [
            ("p1", Some("P1")),
            ("Priority: P2", Some("P2")),
            ("this month", Some("P2")),
            ("Self-care", Some("self care")),
            ("urgent", None),
            ("within two weeks", None),
        ] {
            assert_eq!(level(said, &scale).as_deref(), expected, "{said}");
        }
    }
}
