//! Words that map to no concept, listed for a person, and what that person says they mean.
//!
//! The list is a CSV of distinct words, with how often each occurs and which concepts come near. It says neither what
//! the truth was nor in which arm the words stood, so that whoever fills in the column `diagnosis` cannot favour one.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use thiserror::Error;

use super::{Lexicon, plain};
use crate::reading::{Diagnosis, Part, Reading};
use crate::request::hex;

/// What a person says that words mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ruling {
    /// A concept of the lexicon, by the id that it is judged as.
    Concept(String),
    /// A diagnosis that the lexicon lacks: none of its concepts, and the same as itself.
    Other,
}

/// Rulings on words, read from a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjudication {
    digest: String,
    rulings: BTreeMap<String, Ruling>,
}

/// Words that map to no concept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unmapped {
    /// The words, normalised ([`plain`]).
    pub words: String,
    /// How many entries of differentials have them.
    pub times: u64,
    /// Concepts that the words mention or may mean, at most three; a hint, never used by itself.
    pub near: Vec<String>,
}

/// What is wrong with a file of rulings.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct AdjudicationError(String);

/// The columns of the file, in order. Only `words` and `diagnosis` are read back.
const COLUMNS: [&str; 5] = ["words", "times", "near", "diagnosis", "note"];
/// What stands in the column `diagnosis` for a diagnosis that the lexicon lacks.
const OTHER: &str = "other";
/// The most concepts that are named as near.
const MOST_NEAR: usize = 3;

impl Unmapped {
    /// The distinct words of some readings that map to no concept, most frequent first, then in alphabetical order.
    #[must_use]
    pub fn in_readings<'a>(readings: impl Iterator<Item = &'a Reading>, lexicon: &Lexicon) -> Vec<Self> {
        let mut times: BTreeMap<&str, u64> = BTreeMap::new();
        for ranked in readings.flat_map(Reading::list) {
            if let Diagnosis::Unmapped(words) = &ranked.diagnosis {
                *times.entry(words).or_default() += 1;
            }
        }
        let one = |(words, times): (&str, u64)| Self { words: words.into(), times, near: near(words, lexicon) };
        let mut list: Vec<Self> = times.into_iter().map(one).collect();
        list.sort_by_key(|unmapped| core::cmp::Reverse(unmapped.times));
        list
    }

    /// The list as CSV, to be filled in. Cells hold letters, digits and spaces only, so no spreadsheet sees a formula.
    ///
    /// # Errors
    /// [`AdjudicationError`]: never in practice; the CSV writer can fail in principle.
    pub fn csv(list: &[Self]) -> Result<String, AdjudicationError> {
        let fault = |error: csv::Error| AdjudicationError(error.to_string());
        let mut table = csv::Writer::from_writer(Vec::new());
        table.write_record(COLUMNS).map_err(fault)?;
        for unmapped in list {
            let (times, near) = (unmapped.times.to_string(), unmapped.near.join(" "));
            table.write_record([unmapped.words.as_str(), &times, &near, "", ""]).map_err(fault)?;
        }
        let bytes = table.into_inner().map_err(|error| AdjudicationError(error.to_string()))?;
        String::from_utf8(bytes).map_err(|error| AdjudicationError(error.to_string()))
    }
}

/// The concepts that words may mean, or mention.
fn near(words: &str, lexicon: &Lexicon) -> Vec<String> {
    let mentioned = lexicon.mentions(words);
    let mentioned = mentioned.iter().map(|mention| mention.id.to_owned());
    distinct(lexicon.meanings(words).iter().cloned().chain(mentioned)).into_iter().take(MOST_NEAR).collect()
}

/// Each once, where it first stands.
fn distinct(all: impl Iterator<Item = String>) -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    for one in all {
        if !list.contains(&one) {
            list.push(one);
        }
    }
    list
}

impl Adjudication {
    /// Reads a filled-in list. Rows without a diagnosis are left open.
    ///
    /// # Errors
    /// [`AdjudicationError`]: no CSV, a column is absent, an id that the lexicon does not have, or two rulings on the same
    /// words.
    pub fn parse(bytes: &[u8], lexicon: &Lexicon) -> Result<Self, AdjudicationError> {
        let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let mut table = csv::ReaderBuilder::new().flexible(true).from_reader(text);
        let head = table.headers().map_err(|error| AdjudicationError(error.to_string()))?.clone();
        let place = |name: &str| {
            let found = head.iter().position(|column| column.trim().eq_ignore_ascii_case(name));
            found.ok_or_else(|| AdjudicationError(format!("there is no column `{name}`")))
        };
        let (words, diagnosis) = (place("words")?, place("diagnosis")?);
        let mut rulings = BTreeMap::new();
        for row in table.records() {
            let row = row.map_err(|error| AdjudicationError(error.to_string()))?;
            let line = row.position().map_or(0, csv::Position::line);
            let cell = |place: usize| row.get(place).unwrap_or_default().trim();
            let Some(ruling) = ruling(cell(diagnosis), lexicon, line)? else { continue };
            let words = plain(cell(words));
            if rulings.insert(words.clone(), ruling.clone()).is_some_and(|earlier| earlier != ruling) {
                return Err(AdjudicationError(format!(
                    "line {line}: `{words}` has another diagnosis in an earlier line"
                )));
            }
        }
        Ok(Self { digest: hex(&Sha256::digest(bytes)), rulings })
    }

    /// SHA-256 of the file, hex.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// What words mean, if somebody said so.
    #[must_use]
    pub fn ruling(&self, words: &str) -> Option<&Ruling> {
        self.rulings.get(words)
    }

    /// What a diagnosis means: itself, unless it is words on which somebody ruled.
    #[must_use]
    pub fn meaning(&self, diagnosis: Diagnosis) -> Diagnosis {
        let Diagnosis::Unmapped(words) = diagnosis else { return diagnosis };
        match self.rulings.get(&words) {
            Some(Ruling::Concept(id)) => Diagnosis::Known(id.clone()),
            Some(Ruling::Other) => Diagnosis::Known(format!("{OTHER}: {words}")),
            None => Diagnosis::Unmapped(words),
        }
    }

    /// How many of some distinct words are ruled to mean a concept, ruled to mean none, and left open.
    #[must_use]
    pub fn counts(&self, list: &[Unmapped]) -> [u64; 3] {
        let of = |is: fn(Option<&Ruling>) -> bool| list.iter().filter(|one| is(self.ruling(&one.words))).count() as u64;
        [
            of(|ruling| matches!(ruling, Some(Ruling::Concept(_)))),
            of(|ruling| matches!(ruling, Some(Ruling::Other))),
            of(|ruling| ruling.is_none()),
        ]
    }

    /// Replaces words of a reading by what they mean. A diagnosis that is then named twice keeps its better rank.
    pub fn apply(&self, reading: &mut Reading) {
        let Part::Read(list) = &mut reading.differential else { return };
        for ranked in list.iter_mut() {
            ranked.diagnosis = self.meaning(ranked.diagnosis.clone());
        }
        let mut seen = Vec::with_capacity(list.len());
        list.retain(|ranked| {
            let first = !seen.contains(&ranked.diagnosis);
            seen.push(ranked.diagnosis.clone());
            first
        });
    }
}

/// What a cell of the column `diagnosis` says; nothing if it is empty.
fn ruling(cell: &str, lexicon: &Lexicon, line: u64) -> Result<Option<Ruling>, AdjudicationError> {
    match cell {
        "" => Ok(None),
        OTHER => Ok(Some(Ruling::Other)),
        id if lexicon.find(id).is_some() => Ok(Some(Ruling::Concept(lexicon.judged_as(id).into()))),
        id => {
            let hint = lexicon.canonical(id).map(|found| format!("; did you mean `{}`?", found.concept));
            let hint = hint.unwrap_or_else(|| format!("; write `{OTHER}` for a diagnosis that the lexicon lacks"));
            Err(AdjudicationError(format!("line {line}: `{id}` is no id of the lexicon{hint}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::{Ranked, Reason};

    fn reading(list: &[&str]) -> Reading {
        let diagnosis = |name: &&str| match name.strip_prefix('?') {
            Some(words) => Diagnosis::Unmapped(words.into()),
            None => Diagnosis::Known((*name).into()),
        };
        let ranked = |name| Ranked { diagnosis: diagnosis(name), probability: None };
        let mut reading = Reading::missing(Reason::Unreadable);
        reading.differential = Part::Read(list.iter().map(ranked).collect());
        reading
    }

    fn parse(csv: &str) -> Result<Adjudication, AdjudicationError> {
        Adjudication::parse(csv.as_bytes(), Lexicon::embedded())
    }

    #[test]
    fn distinct_words_are_listed_most_frequent_first_with_what_comes_near() {
        let readings = [
            reading(&["melanoma", "?odd psoriasis thing", "?pg"]),
            reading(&["?pg"]),
            Reading::missing(Reason::Refused),
            reading(&["?a strange rash"]),
        ];
        let list = Unmapped::in_readings(readings.iter(), Lexicon::embedded());
        let csv = Unmapped::csv(&list).unwrap();
        assert_eq!(
            csv,
            "words,times,near,diagnosis,note\n\
             pg,2,pyogenic_granuloma pyoderma_gangrenosum,,\n\
             a strange rash,1,,,\n\
             odd psoriasis thing,1,psoriasis,,\n"
        );
        assert_eq!(parse(&csv).unwrap().rulings, BTreeMap::new(), "an unfilled list rules nothing");
    }

    #[test]
    fn a_concept_that_comes_near_twice_is_named_once_and_leaves_room_for_another() {
        let twice = "eczema and psoriasis, perhaps eczema, else melanoma";
        let list = Unmapped::in_readings([reading(&[&format!("?{twice}")])].iter(), Lexicon::embedded());
        let near = &list[0].near;
        let once: std::collections::BTreeSet<&String> = near.iter().collect();
        assert_eq!((near.len(), once.len()), (3, 3), "{near:?}");
        let all = ["a", "b", "a", "c", "b"].map(String::from).into_iter();
        assert_eq!(distinct(all), ["a", "b", "c"]);
    }

    #[test]
    fn rulings_replace_words_and_keep_the_better_rank() {
        let csv = "\u{feff}words,times,near,diagnosis,note\nPG,2,,pyoderma_gangrenosum,\nodd thing,1,,nodular_melanoma,x\n\
                   a strange rash,1,,other,\nleft open,1,,,\n";
        let adjudication = parse(csv).unwrap();
        assert_eq!(adjudication.ruling("odd thing"), Some(&Ruling::Concept("melanoma".into())), "judged as melanoma");
        assert_eq!(adjudication.digest(), hex(&Sha256::digest(csv.as_bytes())));
        let mut read = reading(&["?pg", "psoriasis", "pyoderma_gangrenosum", "?a strange rash", "?left open"]);
        adjudication.apply(&mut read);
        assert_eq!(read, reading(&["pyoderma_gangrenosum", "psoriasis", "other: a strange rash", "?left open"]));
        let mut missing = Reading::missing(Reason::Truncated);
        adjudication.apply(&mut missing);
        assert_eq!(missing, Reading::missing(Reason::Truncated));
    }

    #[test]
    fn a_file_with_a_fault_names_its_line() {
        let wrong = |csv: &str| parse(csv).unwrap_err().to_string();
        assert_eq!(wrong("words,times\na,1\n"), "there is no column `diagnosis`");
        assert!(wrong("words,diagnosis\na,\nb,Spitz nevus\n").starts_with("line 3: `Spitz nevus` is no id"));
        assert!(wrong("words,diagnosis\nb,Spitz nevus\n").contains("did you mean `spitz_naevus`?"));
        assert!(wrong("words,diagnosis\nb,nonsense words\n").contains("write `other`"));
        assert!(wrong("words,diagnosis\na,melanoma\nA.,psoriasis\n").contains("line 3: `a` has another diagnosis"));
        assert!(parse("words,diagnosis\na,melanoma\nA.,melanoma\n").is_ok());
    }
}
