//! The list of an answer that holds the differential.

use super::line::{Kind, Line};
use crate::diagnosis::Lexicon;
use crate::readers::Entry;
use crate::readers::item::some;

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

/// The list that holds the differential, and the number of its first line.
pub(super) fn best_list(lines: &[Line], lexicon: &Lexicon) -> Option<(usize, Vec<Entry>)> {
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
