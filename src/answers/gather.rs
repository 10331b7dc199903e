//! From rows to answers: each with its reader, question, case and arm; what cannot be used is left out and counted.

use std::collections::{BTreeMap, BTreeSet};

use csv::StringRecord;
use sha2::{Digest, Sha256};

use crate::mapping::{Arm, Column, Mapping, Role, Says, Source};
use crate::request::hex;
use crate::yaml::Diagnostic;

/// Where an answer belongs: who was asked what about which version of which case, for the how-manieth time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// Place of the reader in the mapping.
    pub reader: usize,
    /// Place of the question in the mapping.
    pub question: usize,
    /// The case's id.
    pub case: String,
    /// The version of the case.
    pub version: Version,
    /// The repeat or draw.
    pub draw: u32,
    /// The person, for a panel; empty otherwise.
    pub rater: String,
}

/// A version of a case. In order: control, retest, sham, then the treated by scenario and level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// The arm.
    pub role: Role,
    /// Place of the scenario in the mapping; 0 for an arm without one.
    pub scenario: usize,
    /// Place of the level in the scenario; 0 where it has none.
    pub level: usize,
}

/// What a row says of one answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// The cell, trimmed.
    pub text: String,
    /// How it ended.
    pub status: Status,
    /// The stated probability, in [0, 1].
    pub probability: Option<f64>,
    /// The planted wrong answer, as the table writes it.
    pub planted: Option<String>,
}

/// How an answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It is there.
    Ok,
    /// None came.
    Failed,
    /// The reader declined.
    Refused,
    /// It was cut short.
    Truncated,
    /// It cannot be read.
    Unreadable,
}

/// The words of a status column.
const STATUS_WORDS: &[(&str, Status)] = &[
    ("ok", Status::Ok),
    ("failed", Status::Failed),
    ("refused", Status::Refused),
    ("truncated", Status::Truncated),
    ("unreadable", Status::Unreadable),
];

/// What is known of a case beside its answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// The patients that its rows name; several mean a contradiction.
    pub patients: BTreeSet<String>,
    /// The values of each stratum that its rows name.
    pub strata: BTreeMap<String, BTreeSet<String>>,
    /// The right answers that its rows name, by place of the question.
    pub truths: BTreeMap<usize, BTreeSet<String>>,
}

/// The answers of a table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Gathered {
    /// Rows read.
    pub rows: u64,
    /// Rows that could not be used, by reason.
    pub rows_out: BTreeMap<String, u64>,
    /// Answers in the rows that were used, before any is left out.
    pub answers: u64,
    /// Answers that were left out, by reason.
    pub answers_out: BTreeMap<String, u64>,
    /// Rows that give an answer which another row gives as well: all answers of these rows are left out.
    pub rows_repeated: u64,
    /// Case and version whose answers were left out as duplicates: how many answers.
    pub duplicates: BTreeMap<(String, Version), u64>,
    /// Cases that were left out whole, with reasons.
    pub contradictions: BTreeMap<String, String>,
    /// The answers.
    pub said: BTreeMap<Key, Said>,
    /// What is known of each case.
    pub about: BTreeMap<String, About>,
    /// SHA-256 of the header and the set of rows, hex: the same for any order of the rows.
    pub digest: String,
}

/// Reads rows one by one.
#[derive(Debug)]
pub struct Gatherer<'a> {
    mapping: &'a Mapping,
    /// The place of every column.
    places: BTreeMap<String, usize>,
    header: Vec<u8>,
    digests: Vec<[u8; 32]>,
    /// What each key was given, with the number of the row.
    given: BTreeMap<Key, Vec<(u64, Said)>>,
    found: Gathered,
}

/// Why a row or an answer is left out.
type Reason = String;

impl<'a> Gatherer<'a> {
    /// Begins with the table's first row.
    ///
    /// # Errors
    /// Every column that the mapping names and the table lacks.
    pub fn new(mapping: &'a Mapping, header: &StringRecord) -> Result<Self, Vec<Diagnostic>> {
        let names: Vec<&str> = header.iter().map(str::trim).collect();
        mapping.check_columns(&names)?;
        let places = names.iter().enumerate().map(|(place, name)| ((*name).to_owned(), place)).collect();
        Ok(Self {
            mapping,
            places,
            header: digest(header).to_vec(),
            digests: Vec::new(),
            given: BTreeMap::new(),
            found: Gathered::default(),
        })
    }

    /// Takes one row.
    pub fn add(&mut self, row: &StringRecord) {
        self.found.rows += 1;
        self.digests.push(digest(row));
        if let Err(reason) = self.row(row) {
            *self.found.rows_out.entry(reason).or_default() += 1;
        }
    }

    /// Ends: duplicates and contradictions are left out.
    #[must_use]
    pub fn finish(mut self) -> Gathered {
        self.found.digest = self.digest();
        let given = core::mem::take(&mut self.given);
        let repeated = repeated(&given);
        self.found.rows_repeated = repeated.len() as u64;
        for (key, mut list) in given {
            let number = list.len() as u64;
            match list.pop() {
                Some((row, said)) if list.is_empty() && !repeated.contains(&row) => {
                    self.found.said.insert(key, said);
                }
                _ => *self.found.duplicates.entry((key.case, key.version)).or_default() += number,
            }
        }
        self.leave_out_contradictions();
        self.found
    }

    fn digest(&mut self) -> String {
        self.digests.sort_unstable();
        let whole = Sha256::new_with_prefix(&self.header);
        hex(&self.digests.iter().fold(whole, Sha256::chain_update).finalize())
    }

    /// A case whose rows disagree on its patient or its truth is left out.
    fn leave_out_contradictions(&mut self) {
        for (case, about) in &self.found.about {
            let reason = match about {
                About { patients, .. } if patients.len() > 1 => "its rows name different patients",
                About { truths, .. } if truths.values().any(|truths| truths.len() > 1) => {
                    "its rows name different right answers to one question"
                }
                _ => continue,
            };
            self.found.contradictions.insert(case.clone(), reason.to_owned());
        }
        let out = &self.found.contradictions;
        let before = self.found.said.len();
        self.found.said.retain(|key, _| !out.contains_key(&key.case));
        let lost = (before - self.found.said.len()) as u64;
        if lost > 0 {
            self.found.answers_out.insert("the rows of the case contradict each other".into(), lost);
        }
    }

    fn row(&mut self, row: &StringRecord) -> Result<(), Reason> {
        let mapping = self.mapping;
        let (arm, version) = self.version(row)?;
        let case = self.joined(row, &mapping.case).ok_or("no cell names the case")?;
        let patient = if mapping.patient.is_empty() {
            case.clone()
        } else {
            self.joined(row, &mapping.patient).ok_or("no cell names the patient")?
        };
        let about = self.found.about.entry(case.clone()).or_default();
        about.patients.insert(patient);
        for (name, column) in &mapping.strata {
            let value = cell(&self.places, row, column);
            if !mapping.missing.iter().any(|word| word == value) && !value.is_empty() {
                about.strata.entry(name.clone()).or_default().insert(value.to_owned());
            }
        }
        for source in &mapping.answers {
            self.found.answers += 1;
            if let Err(reason) = self.answer(row, source, arm, version, &case) {
                *self.found.answers_out.entry(reason).or_default() += 1;
            }
        }
        Ok(())
    }

    /// The one arm that a row belongs to, and the version of the case that it is about.
    fn version(&self, row: &StringRecord) -> Result<(&'a Arm, Version), Reason> {
        let fits = |arm: &&Arm| {
            arm.when.iter().all(|(column, words)| words.iter().any(|word| word == cell(&self.places, row, column)))
        };
        let mut arms = self.mapping.arms.iter().filter(fits);
        let arm = arms.next().ok_or("the mapping gives it no arm")?;
        if arms.next().is_some() {
            return Err("the mapping gives it several arms".into());
        }
        let Some(scenario) = self.says(row, arm.scenario.as_ref()) else {
            return Ok((arm, Version { role: arm.role, scenario: 0, level: 0 }));
        };
        let place = self.mapping.scenario(scenario);
        let place = place.ok_or_else(|| format!("scenario {} is not in the mapping", shown(scenario)))?;
        let level = self.level(row, arm, place)?;
        Ok((arm, Version { role: arm.role, scenario: place, level }))
    }

    fn level(&self, row: &StringRecord, arm: &Arm, scenario: usize) -> Result<usize, Reason> {
        let levels = self.mapping.scenarios.get(scenario).map(|change| change.levels.as_slice()).unwrap_or_default();
        if levels.is_empty() {
            return Ok(0);
        }
        let said = self.says(row, arm.level.as_ref()).unwrap_or_default();
        let place = said.parse::<f64>().ok().and_then(|number| levels.iter().position(|level| *level == number));
        place.ok_or_else(|| format!("level {} is not in the mapping", shown(said)))
    }

    fn answer(
        &mut self,
        row: &StringRecord,
        source: &Source,
        arm: &Arm,
        version: Version,
        case: &str,
    ) -> Result<(), Reason> {
        let mapping = self.mapping;
        let who = self.says(row, Some(&source.reader)).unwrap_or_default();
        let what = self.says(row, Some(&source.question)).unwrap_or_default();
        let reader = mapping.reader(who).ok_or_else(|| format!("reader {} is not in the mapping", shown(who)))?;
        let question =
            mapping.question(what).ok_or_else(|| format!("question {} is not in the mapping", shown(what)))?;
        let rater = self.says(row, source.rater.as_ref()).unwrap_or_default().to_owned();
        let draw = self.draw(row, source.draw.as_ref().or(arm.draw.as_ref()))?;
        let said = self.said(row, source)?;
        if let Some(truth) =
            source.truth.as_ref().map(|column| cell(&self.places, row, column)).filter(|t| !t.is_empty())
        {
            let about = self.found.about.entry(case.to_owned()).or_default();
            about.truths.entry(question).or_default().insert(truth.to_owned());
        }
        let key = Key { reader, question, case: case.to_owned(), version, draw, rater };
        self.given.entry(key).or_default().push((self.found.rows, said));
        Ok(())
    }

    fn draw(&self, row: &StringRecord, says: Option<&Says>) -> Result<u32, Reason> {
        let Some(text) = self.says(row, says) else { return Ok(0) };
        text.parse().map_err(|_| format!("{} is no number of a repeat or draw", shown(text)))
    }

    fn said(&self, row: &StringRecord, source: &Source) -> Result<Said, Reason> {
        let of = |column: &Option<Column>| column.as_ref().map(|column| cell(&self.places, row, column));
        let text = cell(&self.places, row, &source.answer);
        let absent = self.mapping.missing.iter().any(|word| word == text);
        let status = match of(&source.status).filter(|word| !word.is_empty()) {
            None if absent => Status::Failed,
            None => Status::Ok,
            Some(word) => {
                let found = STATUS_WORDS.iter().find(|(name, _)| name.eq_ignore_ascii_case(word));
                let status = found.map(|(_, status)| *status);
                let status = status.ok_or_else(|| format!("status {} has no meaning", shown(word)))?;
                if status == Status::Ok && absent { Status::Failed } else { status }
            }
        };
        let probability = match of(&source.probability).filter(|word| !word.is_empty()) {
            None => None,
            Some(word) => {
                let number = word.parse::<f64>().ok().filter(|p| (0.0..=1.0).contains(p));
                Some(number.ok_or_else(|| format!("{} is no probability from 0 to 1", shown(word)))?)
            }
        };
        let planted = of(&source.planted).filter(|word| !word.is_empty()).map(str::to_owned);
        Ok(Said { text: text.to_owned(), status, probability, planted })
    }

    fn says<'b>(&self, row: &'b StringRecord, says: Option<&'b Says>) -> Option<&'b str> {
        Some(match says? {
            Says::Always(word) => word,
            Says::Column(column) => cell(&self.places, row, column),
        })
    }

    /// The cells that together are a name, joined by `/`; `None` when one of them is empty.
    fn joined(&self, row: &StringRecord, columns: &[Column]) -> Option<String> {
        let cells: Vec<&str> = columns.iter().map(|column| cell(&self.places, row, column)).collect();
        cells.iter().all(|cell| !cell.is_empty()).then(|| cells.join("/"))
    }
}

/// The rows that give what another row gives as well.
fn repeated(given: &BTreeMap<Key, Vec<(u64, Said)>>) -> BTreeSet<u64> {
    let rows = |list: &Vec<(u64, Said)>| list.iter().map(|(row, _)| *row).collect::<BTreeSet<u64>>();
    given.values().map(rows).filter(|rows| rows.len() > 1).flatten().collect()
}

/// A cell, trimmed.
fn cell<'b>(places: &BTreeMap<String, usize>, row: &'b StringRecord, column: &Column) -> &'b str {
    places.get(&column.name).and_then(|place| row.get(*place)).unwrap_or_default().trim()
}

/// Foreign words in a reason, cut short.
fn shown(text: &str) -> String {
    crate::yaml::quoted(text)
}

/// SHA-256 of a row: its fields, each after its length.
fn digest(row: &StringRecord) -> [u8; 32] {
    let field = |hash: Sha256, field: &str| hash.chain_update((field.len() as u64).to_le_bytes()).chain_update(field);
    row.iter().fold(Sha256::new(), field).finalize().into()
}
