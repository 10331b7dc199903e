//! Answers in prose: lists, tables, labelled lines, sentences.
//!
//! Which diagnoses count, in this order: a table with a column of diagnoses; a list under a heading that announces a
//! differential, or whose items are diagnoses; lines such as "Differential: a, b or c"; a whole answer of a few words;
//! sentences. A leading diagnosis named before a list ("most likely diagnosis is …") comes first. In sentences only
//! diagnoses of the lexicon are found, and those that are denied, or ascribed to the referral, are not counted.

use super::item::{enumerated, is_label, one, several, some, unmarked};
use super::{Draft, Entry, words};
use crate::diagnosis::Lexicon;

/// What announces the leading diagnosis in a sentence, strongest first.
const CUES: &[&str] = &[
    "most likely diagnosis is",
    "most probable diagnosis is",
    "leading diagnosis is",
    "primary diagnosis is",
    "likely diagnosis is",
    "diagnosis is",
    "most consistent with",
    "most suggestive of",
    "most compatible with",
    "most in keeping with",
    "most likely represents",
    "likely represents",
    "most likely",
    "highly suspicious for",
    "highly suggestive of",
    "suspicious for",
    "suggestive of",
    "consistent with",
    "concerning for",
    "in keeping with",
    "compatible with",
    "appears to be",
    "looks like",
    "favour",
    "favor",
    "i would diagnose",
    "i think this is",
    "this is",
];

/// Words before a diagnosis that deny it or ascribe it to someone else.
const AGAINST: &[&str] = &[
    "no evidence",
    "no sign",
    "no features",
    "without",
    "ruled out",
    "rules out",
    "rather than",
    "unlikely to be",
    "history of",
    "excludes",
    "excluding",
    "against",
    "referr",
    "although",
    "despite",
    "unlike",
    "in contrast to",
    "the note",
    "instead of",
    "does not look",
    "argues",
    "no longer",
];

/// Words after a diagnosis that deny it.
const DENIED: &[&str] = &[
    "is unlikely",
    "is very unlikely",
    "is excluded",
    "is ruled out",
    "can be excluded",
    "can be ruled out",
    "seems unlikely",
    "less likely given",
];

/// Headings of lists that hold no diagnoses.
const OTHER_LISTS: &[&str] = &[
    "recommend",
    "management",
    "next step",
    "feature",
    "finding",
    "plan",
    "treatment",
    "advice",
    "observation",
    "description",
    "triage",
    "reason",
    "rationale",
    "question",
    "limitation",
    "information",
    "investigation",
    "history",
    "photo",
    "image",
    "describe",
    "step",
    "reassess",
];

/// The draft of an answer in prose.
pub(super) fn draft(text: &str, lexicon: &Lexicon) -> Draft {
    let text = final_part(text);
    let lines: Vec<Line> = text.lines().map(Line::of).collect();
    Draft { entries: entries(text, &lines, lexicon), triage: triage(&lines), notes: text.into(), ..Draft::default() }
}

/// What follows the last "final answer", if anything does.
fn final_part(text: &str) -> &str {
    let lower = text.to_ascii_lowercase();
    let markers = ["final answer", "final differential", "final diagnosis"];
    let at = markers.iter().filter_map(|marker| lower.rfind(marker)).max();
    let part = at.and_then(|at| text.get(at..)).unwrap_or(text);
    if part.len() > 25 { part } else { text }
}

fn entries(text: &str, lines: &[Line], lexicon: &Lexicon) -> Vec<Entry> {
    let table = table(lines, lexicon);
    if !table.is_empty() {
        return table;
    }
    if let Some((first, list)) = best_list(lines, lexicon) {
        let before = lines.get(..first).unwrap_or_default();
        return leading(before, lexicon).into_iter().chain(list).collect();
    }
    let labelled = labelled(lines, lexicon);
    if !labelled.is_empty() {
        return labelled;
    }
    let bare = bare_lines(lines, lexicon);
    if !bare.is_empty() {
        return bare;
    }
    if text.split_whitespace().count() <= 8 && !text.contains('?') && !words::declines(text) {
        let whole = some(text, lexicon);
        if whole.iter().any(|entry| lexicon.canonical(&entry.name).is_some()) || !is_sentence(text) {
            return whole;
        }
    }
    let found = in_sentences(text, lexicon);
    if found.is_empty() { first_line(lines, lexicon) } else { found }
}

/// The diagnoses of lines without any mark, if each of them is one: "Melanoma: 60%", "Naevus: 40%".
fn bare_lines(lines: &[Line], lexicon: &Lexicon) -> Vec<Entry> {
    let about_urgency = |line: &Line| ["triage", "urgency"].iter().any(|word| line.lower().starts_with(word));
    let lines = lines.iter().filter(|line| line.kind != Kind::Blank && !about_urgency(line));
    let items: Vec<Vec<Entry>> = lines.map(|line| some(line.text, lexicon)).collect();
    let known = |item: &Vec<Entry>| matches!(item.as_slice(), [entry, ..] if lexicon.canonical(&entry.name).is_some());
    if items.len() > 1 && items.iter().all(known) { items.into_iter().flatten().collect() } else { Vec::new() }
}

/// The diagnosis of a first line that is only a name, with an explanation below.
fn first_line(lines: &[Line], lexicon: &Lexicon) -> Vec<Entry> {
    let Some(line) = lines.iter().find(|line| line.kind != Kind::Blank) else { return Vec::new() };
    let alone = lines.iter().any(|other| other.kind == Kind::Blank) && line.text.split_whitespace().count() <= 5;
    if alone && !line.text.ends_with([':', '?', '!', ',']) && !is_sentence(line.text) && !words::declines(line.text) {
        return one(line.text, lexicon);
    }
    Vec::new()
}

/// Whether a few words are a sentence or a message of some server, and no name.
fn is_sentence(text: &str) -> bool {
    const VERBS: &[&str] = &[
        "is",
        "are",
        "was",
        "be",
        "i",
        "can",
        "cannot",
        "can't",
        "please",
        "should",
        "have",
        "has",
        "it",
        "sorry",
        "the",
        "no",
        "not",
        "ok",
        "error",
        "gateway",
        "server",
        "unavailable",
        "timeout",
        "limit",
        "request",
        "failed",
        "invalid",
    ];
    text.contains(|c: char| c.is_ascii_digit() || matches!(c, '{' | '<' | '='))
        || text.to_lowercase().split_whitespace().any(|word| VERBS.contains(&word.trim_matches([',', '.', '!'])))
}

/// One line and what it looks like.
#[derive(Debug, Clone, PartialEq)]
struct Line<'a> {
    kind: Kind,
    indent: usize,
    /// The line without its mark.
    text: &'a str,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Blank,
    Number(u32),
    Bullet,
    Row,
    Text,
}

impl<'a> Line<'a> {
    fn of(line: &'a str) -> Self {
        let indent = line.len() - line.trim_start().len();
        let text = line.trim();
        let marked = text.trim_start_matches('#').trim_start();
        let numbered = enumerated(marked.trim_start_matches('*'));
        let bullet =
            ["- ", "* ", "\u{2022} ", "\u{2022}", "\u{2013} ", "+ "].iter().find_map(|mark| text.strip_prefix(mark));
        let (kind, text) = match (text, numbered, bullet) {
            ("", ..) => (Kind::Blank, text),
            (_, Some((number, rest)), _) => (Kind::Number(number), rest),
            (_, None, Some(rest)) => match enumerated(rest.trim_start_matches('*')) {
                Some((number, rest)) => (Kind::Number(number), rest),
                None => (Kind::Bullet, rest),
            },
            _ if text.starts_with('|') => (Kind::Row, text),
            _ => (Kind::Text, text),
        };
        Self { kind, indent, text }
    }

    fn lower(&self) -> String {
        self.text.to_lowercase()
    }
}

/// The list that holds the differential, and the number of its first line.
fn best_list(lines: &[Line], lexicon: &Lexicon) -> Option<(usize, Vec<Entry>)> {
    let lists: Vec<List> = lists(lines).into_iter().map(|items| List::of(lines, &items, lexicon)).collect();
    let announced = lists.iter().find(|list| list.announced && !list.entries.is_empty());
    let known = lists.iter().find(|list| !list.other && list.known > 0 && list.known * 2 >= list.items);
    let alone =
        lists.iter().find(|list| lists.len() == 1 && !list.other && list.numbered && list.entries.len() == list.items);
    let best = announced.or(known).or(alone)?;
    Some((best.first, best.entries.clone()))
}

/// A list of an answer.
#[derive(Debug)]
struct List {
    first: usize,
    items: usize,
    numbered: bool,
    entries: Vec<Entry>,
    /// How many items are diagnoses of the lexicon.
    known: usize,
    /// Whether the line before it announces diagnoses, or something else.
    announced: bool,
    other: bool,
}

impl List {
    fn of(lines: &[Line], numbers: &[usize], lexicon: &Lexicon) -> Self {
        let first = numbers.first().copied().unwrap_or_default();
        let items: Vec<&Line> = numbers.iter().filter_map(|at| lines.get(*at)).collect();
        let read: Vec<Vec<Entry>> = items.iter().map(|line| some(line.text, lexicon)).collect();
        let is_known = |entries: &&Vec<Entry>| entries.iter().any(|entry| lexicon.canonical(&entry.name).is_some());
        let before = lines.get(..first).unwrap_or_default();
        let heading = before.iter().rev().find(|line| line.kind != Kind::Blank && line.kind != Kind::Row);
        let heading = heading.map(Line::lower).unwrap_or_default();
        let announced = ["differential", "diagnos", "ddx"].iter().any(|word| heading.contains(word));
        Self {
            first,
            items: items.len(),
            numbered: items.iter().any(|line| matches!(line.kind, Kind::Number(_))),
            known: read.iter().filter(is_known).count(),
            entries: read.into_iter().flatten().collect(),
            announced,
            other: !announced && OTHER_LISTS.iter().any(|word| heading.contains(word)),
        }
    }
}

/// The lists of an answer, each as the numbers of its lines. A numbered list goes on for as long as its numbers do; a
/// list of bullets ends at a line that is neither a bullet nor indented. What is indented below an item is not one.
fn lists(lines: &[Line]) -> Vec<Vec<usize>> {
    let mut lists: Vec<Vec<usize>> = Vec::new();
    let mut open: Option<Open> = None;
    for (at, line) in lines.iter().enumerate() {
        let next = open.and_then(|open| open.after(line));
        match (next, line.kind) {
            (Some((open_now, true)), _) => {
                open = Some(open_now);
                lists.last_mut().map(|list| list.push(at)).unwrap_or_default();
            }
            (Some((open_now, false)), _) => open = Some(open_now),
            (None, Kind::Number(_) | Kind::Bullet) => {
                open = Some(Open { kind: line.kind, indent: line.indent });
                lists.push(vec![at]);
            }
            (None, Kind::Blank | Kind::Row | Kind::Text) => open = None,
        }
    }
    lists
}

/// The list that is being read: its last item.
#[derive(Debug, Clone, Copy)]
struct Open {
    kind: Kind,
    indent: usize,
}

impl Open {
    /// The list after a line that belongs to it, and whether the line is an item; nothing if it does not belong.
    fn after(self, line: &Line) -> Option<(Self, bool)> {
        let deeper = line.indent > self.indent;
        match (self.kind, line.kind) {
            (Kind::Number(last), Kind::Number(number)) if number == last + 1 => {
                Some((Self { kind: line.kind, ..self }, true))
            }
            (Kind::Bullet, Kind::Bullet) if !deeper => Some((self, true)),
            (Kind::Number(_), Kind::Bullet | Kind::Text | Kind::Blank) if !ends_list(line) => Some((self, false)),
            (_, Kind::Blank) => Some((self, false)),
            _ if deeper => Some((self, false)),
            _ => None,
        }
    }
}

/// Whether a line begins another part of the answer.
fn ends_list(line: &Line) -> bool {
    let lower = line.lower();
    let heading = line.text.starts_with('#') || (line.kind == Kind::Text && lower.trim_end_matches('*').ends_with(':'));
    heading
        || ["triage", "urgency", "recommend", "differential"]
            .iter()
            .any(|word| lower.trim_start_matches(['*', '#', ' ']).starts_with(word))
}

/// The diagnoses of a table with a column for them.
fn table(lines: &[Line], lexicon: &Lexicon) -> Vec<Entry> {
    let cells =
        |line: &Line| line.text.trim_matches('|').split('|').map(|cell| cell.trim().to_string()).collect::<Vec<_>>();
    let rows: Vec<Vec<String>> = lines.iter().filter(|line| line.kind == Kind::Row).map(cells).collect();
    let Some((header, rows)) = rows.split_first() else { return Vec::new() };
    let column =
        |names: &[&str]| header.iter().position(|cell| names.iter().any(|name| cell.to_lowercase().contains(name)));
    let Some(name) = column(&["diagnos", "condition", "disease"]) else { return Vec::new() };
    let chance = column(&["prob", "likelihood", "confidence", "%"]);
    let read = |row: &Vec<String>| {
        let mut entries = row
            .get(name)
            .filter(|cell| cell.contains(char::is_alphabetic))
            .map(|cell| one(cell, lexicon))
            .unwrap_or_default();
        if let (Some(cell), [entry]) = (chance.and_then(|at| row.get(at)), entries.as_mut_slice()) {
            let share = cell.parse().ok().filter(|share| (0.0..=1.0).contains(share));
            entry.probability = super::item::percent(cell).or(share).or(entry.probability);
        }
        entries
    };
    rows.iter().flat_map(read).collect()
}

/// The diagnoses of lines with a label: "Diagnosis: a", "Differential: b, c or d".
fn labelled(lines: &[Line], lexicon: &Lexicon) -> Vec<Entry> {
    let values = lines.iter().filter_map(|line| {
        let text = line.text.replace("**", "");
        let (label, value) = text.split_once(':')?;
        let wanted = is_label(label) && !label.to_lowercase().contains("triage") && lexicon.canonical(label).is_none();
        (wanted && !value.trim().is_empty()).then(|| value.trim().to_string())
    });
    values.flat_map(|value| first_sentence_list(&value, lexicon)).collect()
}

/// The diagnoses of a labelled value: a numbered list in the line, or parts between commas.
fn first_sentence_list(value: &str, lexicon: &Lexicon) -> Vec<Entry> {
    let numbered = inline_numbers(value);
    if numbered.len() > 1 {
        return numbered.iter().flat_map(|part| some(part, lexicon)).collect();
    }
    let sentence = words::sentences(value).next().unwrap_or_default();
    let known = some(sentence, lexicon);
    let parts = several(sentence, lexicon);
    let short = |entry: &Entry| entry.name.split_whitespace().count() <= 5;
    if parts.len() > known.len() && parts.iter().all(short) { parts } else { known }
}

/// The parts of "1) a 2) b 3) c".
fn inline_numbers(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    for number in 1..=10 {
        let marks = [format!("{number}. "), format!("{number}) "), format!("({number}) ")];
        let Some((at, mark)) = marks.iter().filter_map(|mark| rest.find(mark).map(|at| (at, mark))).min() else {
            break;
        };
        if number > 1 {
            parts.extend(rest.get(..at).map(|part| part.trim().trim_end_matches([',', ';', '('])));
        }
        rest = rest.get(at + mark.len()..).unwrap_or_default();
    }
    if rest.len() < text.len() {
        parts.push(rest.split_once(". ").map_or(rest, |(last, _)| last).trim());
    }
    parts
}

/// The leading diagnosis named before a list.
fn leading(lines: &[Line], lexicon: &Lexicon) -> Vec<Entry> {
    let single = |line: &Line| !line.lower().contains("differential") && line.kind == Kind::Text;
    let lines: Vec<Line> = lines.iter().filter(|line| single(line)).cloned().collect();
    let labelled = labelled(&lines, lexicon);
    if !labelled.is_empty() {
        return labelled;
    }
    let text = lines.iter().map(|line| line.text).collect::<Vec<_>>().join("\n");
    cued(&text, lexicon).into_iter().collect()
}

/// The diagnosis that a sentence announces as the leading one.
fn cued(text: &str, lexicon: &Lexicon) -> Option<Entry> {
    let sentences: Vec<String> = words::sentences(text).map(unmarked).collect();
    CUES.iter().find_map(|cue| sentences.iter().find_map(|sentence| after_cue(sentence, cue, lexicon)))
}

/// The diagnosis right after a cue, unless the cue is denied or ascribed.
fn after_cue(sentence: &str, cue: &str, lexicon: &Lexicon) -> Option<Entry> {
    let at = sentence.to_ascii_lowercase().find(cue)?;
    let (before, rest) = (sentence.get(..at)?, sentence.get(at + cue.len()..)?);
    let lower = before.to_lowercase();
    if lower.trim_end().ends_with("not") || lower.trim_end().ends_with("less") || lower.contains("referr") {
        return None;
    }
    let rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
    let mention = lexicon.mentions(rest).into_iter().find(|mention| affirmed(rest, mention.start, mention.end))?;
    let close = rest.get(..mention.start)?.split_whitespace().count() <= 6;
    let name = rest.get(mention.start..mention.end).filter(|_| close)?;
    Some(Entry { name: name.into(), probability: None })
}

/// The diagnoses that sentences affirm: the announced one, then the others in order.
fn in_sentences(text: &str, lexicon: &Lexicon) -> Vec<Entry> {
    let leading = cued(text, lexicon);
    let others = words::sentences(text).flat_map(|sentence| {
        let mentions = lexicon.mentions(sentence).into_iter();
        mentions
            .filter(|mention| affirmed(sentence, mention.start, mention.end))
            .filter_map(|mention| sentence.get(mention.start..mention.end))
            .map(|name| Entry { name: name.into(), probability: None })
            .collect::<Vec<_>>()
    });
    leading.into_iter().chain(others).collect()
}

/// Whether a mention in a sentence stands as a diagnosis, and is neither denied nor someone else's.
fn affirmed(sentence: &str, start: usize, end: usize) -> bool {
    let before = sentence.get(..start).unwrap_or_default().to_lowercase();
    let after = sentence.get(end..).unwrap_or_default().to_lowercase();
    let clause = before.rsplit_once(", ").map_or(before.as_str(), |(_, clause)| clause);
    let near: Vec<&str> = before.split_whitespace().rev().take(3).collect();
    let denied = near.contains(&"not") || near.contains(&"no") || near.contains(&"isn't");
    let whole = ["although", "despite", "referr", "the note"];
    let ascribed =
        whole.iter().any(|word| clause.contains(word)) || AGAINST.iter().any(|phrase| clause.contains(phrase));
    !denied && !ascribed && !DENIED.iter().any(|phrase| after.trim_start().starts_with(phrase))
}

/// The words about urgency: a labelled line, else all the text, from which one step may be told.
fn triage(lines: &[Line]) -> Option<String> {
    let labelled = lines.iter().enumerate().rev().find_map(|(at, line)| {
        let text = line.text.replace(['*', '#', '_'], "");
        let lower = text.trim().to_lowercase();
        let label = ["triage", "urgency", "recommended urgency", "priority"].iter().any(|word| lower.starts_with(word));
        let value = label.then(|| value_of(&text))?;
        let next =
            || lines.get(at + 1..)?.iter().find(|line| line.kind != Kind::Blank).map(|line| line.text.replace('*', ""));
        if value.trim().is_empty() { next() } else { Some(value) }
    });
    labelled.or_else(|| inline_triage(lines))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(text: &str) -> Vec<String> {
        let lexicon = Lexicon::embedded();
        let id =
            |entry: Entry| lexicon.canonical(&entry.name).map_or_else(|| format!("? {}", entry.name), |m| m.id.into());
        let mut ids: Vec<String> = draft(text, lexicon).entries.into_iter().map(id).collect();
        ids.dedup();
        ids
    }

    #[test]
    fn explanations_below_items_are_no_items() {
        let text =
            "Differential diagnosis:\n1. Melanoma\n   - asymmetry\n   - naevus nearby\n2. BCC\nPearly border.\n3. SCC";
        assert_eq!(ids(text), ["melanoma", "basal_cell_carcinoma", "squamous_cell_carcinoma"]);
    }

    #[test]
    fn lists_of_other_things_are_passed_over() {
        let text = "Findings:\n- scale\n- erythema\n\nDifferential diagnosis:\n- Psoriasis\n- Tinea corporis\n\nPlan:\n- biopsy";
        assert_eq!(ids(text), ["psoriasis", "tinea_corporis"]);
    }

    #[test]
    fn a_table_is_read_by_its_column() {
        let text = "| Rank | Diagnosis | Probability |\n|---|---|---|\n| 1 | BCC | 60% |\n| 2 | Melanoma | 0.3 |";
        let entries = draft(text, Lexicon::embedded()).entries;
        assert_eq!(entries.iter().map(|entry| entry.probability).collect::<Vec<_>>(), [Some(0.6), Some(0.3)]);
        assert_eq!(ids(text), ["basal_cell_carcinoma", "melanoma"]);
    }

    #[test]
    fn inline_numbers_are_split() {
        assert_eq!(inline_numbers("1) a, 2) b; 3) c"), ["a", "b", "c"]);
        assert_eq!(inline_numbers("(1) a (2) b"), ["a", "b"]);
        assert!(inline_numbers("a and b").is_empty());
    }

    #[test]
    fn denied_and_ascribed_diagnoses_are_not_counted() {
        for (text, expected) in [
            ("This is most consistent with psoriasis. There is no evidence of melanoma.", vec!["psoriasis"]),
            ("Although the referrer suspects eczema, this is most likely melanoma.", vec!["melanoma"]),
            ("This is not melanoma but a melanocytic naevus, in my view of things.", vec!["melanocytic_naevus"]),
            ("Melanoma is unlikely. I favour seborrhoeic keratosis in this patient.", vec!["seborrhoeic_keratosis"]),
        ] {
            assert_eq!(ids(text), expected, "{text}");
        }
    }
}
