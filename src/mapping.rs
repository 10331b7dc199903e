//! A mapping: how a table of answers that exist already is to be read, and what is claimed of them. Data, not code.
//!
//! It names the table's own columns: where an answer stands, who gave it to which question, which case and patient it is
//! about, and which version of the case it was given to. [`read`] says, with positions, what a file gets wrong.

mod read;

use crate::scenario::hazard::Hazard;
use crate::scenario::{Accept, Expect};
use crate::yaml::{Diagnostic, Log, Span, quoted, suggest};

pub use read::{
    ANSWER_KEYS, ARM_KEYS, ARM_WORDS, DATA_KEYS, KEYS, KIND_WORDS, QUESTION_KEYS, READER_KEYS, READER_WORDS,
    SCENARIO_KEYS, SHOWN_WORDS, read,
};

/// How a table of answers is read, and what is claimed of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapping {
    /// The id: lower-case words joined by `-`.
    pub id: String,
    /// What the answers are, one sentence.
    pub title: String,
    /// Where the table comes from.
    pub data: Data,
    /// The columns that together name a case.
    pub case: Vec<Column>,
    /// The columns that together name a patient; none where every case is a patient of its own.
    pub patient: Vec<Column>,
    /// Groups of cases, by name.
    pub strata: Vec<(String, Column)>,
    /// Cells that mean: no answer came.
    pub missing: Vec<String>,
    /// Which rows belong to which arm.
    pub arms: Vec<Arm>,
    /// Where in a row the answers stand.
    pub answers: Vec<Source>,
    /// Who answered.
    pub readers: Vec<Reader>,
    /// What was asked.
    pub questions: Vec<Question>,
    /// What was changed between the versions of a case, and what is claimed of it.
    pub scenarios: Vec<Change>,
    /// The file's name and text, for messages about its columns.
    source: (String, String),
}

/// Where a table comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    /// Its name.
    pub name: String,
    /// Its licence.
    pub licence: String,
    /// How to cite it.
    pub citation: Option<String>,
    /// Whether every case is invented.
    pub synthetic: bool,
    /// What has to be said wherever its numbers are shown.
    pub notes: Vec<String>,
}

/// A column of the table, and where the mapping names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name, as in the table's first row.
    pub name: String,
    /// Where the mapping names it.
    pub at: Span,
}

/// Something that is the same for every row, or that a column says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Says {
    /// The same for every row.
    Always(String),
    /// As the column says.
    Column(Column),
}

/// The arm that an answer belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The case unchanged.
    Control,
    /// The case unchanged, asked again.
    Retest,
    /// A meaningless edit.
    Sham,
    /// The change of a scenario.
    Treated,
}

/// Which rows belong to an arm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arm {
    /// The part it plays.
    pub role: Role,
    /// The scenario, for [`Role::Treated`].
    pub scenario: Option<Says>,
    /// The level, where the scenario has levels.
    pub level: Option<Says>,
    /// The repeat or draw, counted from anywhere; its order is what counts.
    pub draw: Option<Says>,
    /// The rows: in each column one of these words. No condition: every row.
    pub when: Vec<(Column, Vec<String>)>,
}

/// Where one answer of a row stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The answer.
    pub answer: Column,
    /// Who gave it.
    pub reader: Says,
    /// What was asked.
    pub question: Says,
    /// Which person of a panel gave it.
    pub rater: Option<Says>,
    /// The repeat or draw, where not the arm says it.
    pub draw: Option<Says>,
    /// Its stated probability, from 0 to 1.
    pub probability: Option<Column>,
    /// The right answer.
    pub truth: Option<Column>,
    /// The wrong answer that was planted.
    pub planted: Option<Column>,
    /// `ok`, `failed`, `refused`, `truncated` or `unreadable`.
    pub status: Option<Column>,
}

/// Who answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// The id.
    pub id: String,
    /// The name as printed.
    pub title: String,
    /// Whether it is several people, of whom others may have seen the other version of a case.
    pub panel: bool,
}

/// What was asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// The id.
    pub id: String,
    /// The question in words.
    pub title: String,
    /// What an answer to it looks like.
    pub kind: Kind,
}

/// What an answer looks like.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Yes or no, in the table's own words.
    YesNo {
        /// Words for yes.
        yes: Vec<String>,
        /// Words for no.
        no: Vec<String>,
    },
    /// One of some words, or several ranked ones joined by `|`; without a list, any words.
    Choice(Vec<String>),
    /// A number, rounded to multiples of this where it is given.
    Number(Option<f64>),
    /// Names of diagnoses, ranked and joined by `|`.
    Diagnosis,
    /// An answer in full, to be read as a model's answer is.
    Text,
}

/// What a change touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// The words.
    History,
    /// The photographs.
    Image,
}

/// What was changed between two versions of a case, and what is claimed of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The id.
    pub id: String,
    /// The claim, one sentence.
    pub claim: String,
    /// What a dependable reader does.
    pub expect: Expect,
    /// The hazard that it is about.
    pub hazard: Option<Hazard>,
    /// How the change leads to the hazard.
    pub cause: Option<String>,
    /// What it touches.
    pub shown: Shown,
    /// Whether it is the strongest change of that: a reader whom it does not move does not use it.
    pub positive_control: bool,
    /// The levels, mildest first; none where nothing is graded.
    pub levels: Vec<f64>,
    /// The bounds.
    pub accept: Vec<Accept>,
    /// Where the claim and its bounds come from.
    pub references: Vec<String>,
}

impl Mapping {
    /// Every column that it names, with the place where it does.
    pub fn columns(&self) -> impl Iterator<Item = &Column> {
        let arms = self.arms.iter().flat_map(|arm| {
            let told = [&arm.scenario, &arm.level, &arm.draw].into_iter().flatten().filter_map(Says::column);
            arm.when.iter().map(|(column, _)| column).chain(told)
        });
        let answers = self.answers.iter().flat_map(Source::columns);
        let cases = self.case.iter().chain(&self.patient).chain(self.strata.iter().map(|(_, column)| column));
        cases.chain(arms).chain(answers)
    }

    /// Checks that a table has every column, once.
    ///
    /// # Errors
    /// Every column that it lacks, where the mapping names it, with the nearest one that it has.
    pub fn check_columns(&self, header: &[&str]) -> Result<(), Vec<Diagnostic>> {
        let (file, text) = &self.source;
        let mut log = Log::new(file, text);
        for Column { name, at } in self.columns() {
            match header.iter().filter(|column| *column == name).count() {
                1 => {}
                0 => log.note(
                    *at,
                    format!("no column {}", quoted(name)),
                    "the table of answers has no such column",
                    suggest(name, header),
                ),
                many => log.note(
                    *at,
                    format!("{many} columns {}", quoted(name)),
                    "it cannot be told which one is meant",
                    "name the table's columns apart",
                ),
            }
        }
        log.finish(Some(()))
    }

    /// The place of a reader, question or scenario of that id in its list; `-` and `_` read alike.
    #[must_use]
    pub fn reader(&self, id: &str) -> Option<usize> {
        self.readers.iter().position(|reader| crate::yaml::alike(&reader.id, id))
    }

    /// See [`Mapping::reader`].
    #[must_use]
    pub fn question(&self, id: &str) -> Option<usize> {
        self.questions.iter().position(|question| crate::yaml::alike(&question.id, id))
    }

    /// See [`Mapping::reader`].
    #[must_use]
    pub fn scenario(&self, id: &str) -> Option<usize> {
        self.scenarios.iter().position(|change| crate::yaml::alike(&change.id, id))
    }
}

impl Says {
    /// The column, if a column says it.
    #[must_use]
    pub fn column(&self) -> Option<&Column> {
        match self {
            Self::Column(column) => Some(column),
            Self::Always(_) => None,
        }
    }
}

impl Source {
    fn columns(&self) -> impl Iterator<Item = &Column> {
        let told = [Some(&self.reader), Some(&self.question), self.rater.as_ref(), self.draw.as_ref()];
        let more = [&self.probability, &self.truth, &self.planted, &self.status];
        let told = told.into_iter().flatten().filter_map(Says::column);
        std::iter::once(&self.answer).chain(told).chain(more.into_iter().flatten())
    }
}

#[cfg(test)]
mod tests;
