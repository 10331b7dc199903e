//! Reads the embedded files, which are written in one plain style of YAML, about twenty times as fast as a reader of all
//! of YAML does. A test reads them both ways and compares; whatever is not of that style is refused here.

use super::file::File;
use super::{Concept, Lookalike};

/// Reads one file; nothing if it is not in the style of the embedded ones.
pub(super) fn read(text: &str) -> Option<File> {
    let mut file = File::default();
    let mut section = "";
    for line in text.lines().filter(|line| !line.trim_start().starts_with('#') && !line.trim().is_empty()) {
        if let Some(entry) = line.strip_prefix("  ") {
            match section {
                "sources" => {
                    let (key, value) = entry.split_once(": ")?;
                    file.sources.insert(scalar(key)?, scalar(value)?);
                }
                "ambiguous" => {
                    let (name, ids) = entry.split_once(": ")?;
                    file.ambiguous.insert(scalar(name)?, list(ids)?);
                }
                "concepts" => concept_line(&mut file.concepts, entry)?,
                _ => return None,
            }
            continue;
        }
        let (key, value) = line.split_once(':')?;
        match (key, value.trim()) {
            ("format", number) => file.format = number.parse().ok()?,
            ("concepts", "[]") => {}
            ("sources" | "ambiguous" | "concepts", "") => section = key,
            _ => return None,
        }
    }
    Some(file)
}

/// Takes one line of a concept, two spaces in.
fn concept_line(concepts: &mut Vec<Concept>, line: &str) -> Option<()> {
    if let Some(id) = line.strip_prefix("- id: ") {
        concepts.push(Concept { id: scalar(id)?, ..Concept::default() });
        return Some(());
    }
    let concept = concepts.last_mut()?;
    if let Some(like) = line.strip_prefix("    - {id: ") {
        let (id, source) = like.strip_suffix('}')?.split_once(", source: ")?;
        concept.confused_with.push(Lookalike { id: scalar(id)?, source: scalar(source)? });
        return Some(());
    }
    let (key, value) = line.strip_prefix("  ")?.split_once(':')?;
    let value = value.trim();
    match key {
        "name" => concept.name = scalar(value)?,
        "names" => concept.names = list(value)?,
        "parent" => concept.parent = Some(scalar(value)?),
        "umbrella" => concept.umbrella = value.parse().ok()?,
        "variant" => concept.variant = value.parse().ok()?,
        "sign" => concept.sign = value.parse().ok()?,
        "icd10" => concept.icd10 = list(value)?,
        "dangerous" => concept.dangerous = value.parse().ok()?,
        "group" => concept.group = scalar(value)?,
        "confused_with" if value.is_empty() => {}
        _ => return None,
    }
    Some(())
}

/// `[a, b]`.
fn list(text: &str) -> Option<Vec<String>> {
    text.strip_prefix('[')?.strip_suffix(']')?.split(", ").map(scalar).collect()
}

/// A word or phrase, in double quotes or bare; nothing that YAML would read as anything but these letters.
fn scalar(text: &str) -> Option<String> {
    let quoted = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let inner = quoted.unwrap_or(text);
    let odd = |c: char| matches!(c, '"' | '\\') || (quoted.is_none() && matches!(c, '[' | ']' | '{' | '}' | '#' | ':'));
    (!inner.is_empty() && !inner.contains(odd) && (quoted.is_some() || inner.trim() == inner)).then(|| inner.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::Lexicon;
    use super::super::file::EMBEDDED;
    use super::*;

    #[test]
    fn the_embedded_files_read_the_same_both_ways() {
        let quick: Option<Vec<File>> = EMBEDDED.iter().map(|text| read(text)).collect();
        assert!(Lexicon::from_files(quick.unwrap()).unwrap() == Lexicon::parse(&EMBEDDED).unwrap());
    }

    #[test]
    fn another_style_is_refused() {
        for text in [
            "format: one",
            "format: 1\nconcepts: {}",
            "format: 1\nconcepts:\n  - {id: a}",
            "format: 1\nconcepts:\n    name: a",
            "format: 1\nconcepts:\n  - id: a # b",
            "format: 1\nconcepts:\n  - id: a\n    names:\n      - b",
            "format: 1\nconcepts:\n  - id: a\n    dangerous: yes",
            "format: 1\nconcepts:\n  - id: a\n    colour: red",
            "format: 1\n  a: b",
            "nothing",
        ] {
            assert!(read(text).is_none(), "{text}");
        }
    }
}
