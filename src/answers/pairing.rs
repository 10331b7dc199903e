//! Do the two versions of a case belong together? Published tables get shuffled, and then no paired number means anything.
//!
//! Under misalignment the answers to the changed versions are dealt to the cases at random, whatever they say. So the
//! agreement of every case's control with its own treated version is set against all ways of dealing: its mean and
//! variance over all permutations are exact (Hoeffding, Annals of Mathematical Statistics 1951; 22: 558–566), and in
//! large numbers it is normal. A version whose own agreement does not lie above that, at a one-sided 5 %, is *doubtful*.
//! All answers to a version are dealt together, because a row that is in the wrong place takes all of them with it.

use std::collections::BTreeMap;

use super::bridge::Answered;
use super::gather::Version;
use crate::case::Truth;
use crate::cohort::Scale;
use crate::mapping::Role;
use crate::metrics::{Canonical, Facts, Seen};
use crate::shift::Slot;

/// The most cases that are compared with each other; of more, the first in order of their ids.
pub const MOST_CASES: usize = 1_500;
/// Fewer cases than this are not judged.
pub const FEWEST_CASES: usize = 20;
/// The standard normal deviate that own agreement has to reach: one-sided 5 %.
pub const REACH: f64 = 1.644_853_626_951_472_7;

/// How a version's answers agree with the control of their own case, and with that of any case.
#[derive(Debug, Clone, PartialEq)]
pub struct Pairing {
    /// Cases with both versions.
    pub cases: usize,
    /// The share of questions answered alike, own case.
    pub own: f64,
    /// The same over all pairs of cases, own ones included.
    pub random: f64,
    /// Own agreement in standard deviations above its mean over all permutations; `None` where nothing varies.
    pub z: Option<f64>,
}

/// What a pairing comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// Own versions agree better than random ones.
    Belongs,
    /// They do not.
    Doubtful,
    /// All answers are the same, so it cannot be told.
    Constant,
    /// Too few cases to tell.
    TooFew,
}

impl Pairing {
    /// What it comes to.
    #[must_use]
    pub fn finding(&self) -> Finding {
        match self.z {
            _ if self.cases < FEWEST_CASES => Finding::TooFew,
            None => Finding::Constant,
            Some(z) if z >= REACH => Finding::Belongs,
            Some(_) => Finding::Doubtful,
        }
    }
}

/// The answers of one version beside the control, as numbers: equal numbers are equal answers.
type Side<'a> = BTreeMap<&'a str, Vec<u32>>;

/// How one version's answers agree with control; of one reader, or of all together. `None` where no case has both.
#[must_use]
pub fn check(answered: &Answered<'_>, version: Version, reader: Option<usize>) -> Option<Pairing> {
    let columns = columns(answered, version, reader);
    let mut cases: Vec<&str> = columns
        .values()
        .flat_map(|(control, treated)| control.keys().filter(|case| treated.contains_key(*case)).copied())
        .collect();
    cases.sort_unstable();
    cases.dedup();
    cases.truncate(MOST_CASES);
    let tables: Vec<Table> = columns.values().map(|(control, treated)| Table::of(control, treated, &cases)).collect();
    (!cases.is_empty()).then(|| dealt(&tables, cases.len()))
}

/// One pair of columns per reader and question: the first control, or every person of a panel, beside the same treated.
fn columns<'a>(
    answered: &'a Answered<'_>,
    version: Version,
    reader: Option<usize>,
) -> BTreeMap<(usize, usize), (Side<'a>, Side<'a>)> {
    let mut columns: BTreeMap<(usize, usize), (Side<'a>, Side<'a>)> = BTreeMap::new();
    let mut words: BTreeMap<String, u32> = BTreeMap::new();
    for (key, slot) in &answered.slots {
        let is_control = key.version.role == Role::Control;
        if !(is_control || key.version == version) || reader.is_some_and(|reader| reader != key.reader) {
            continue;
        }
        let Some(said) = canonical(slot) else { continue };
        let next = u32::try_from(words.len()).unwrap_or(u32::MAX);
        let number = *words.entry(said).or_insert(next);
        let (control, treated) = columns.entry((key.reader, key.question)).or_default();
        let side = if is_control { control } else { treated };
        let list = side.entry(key.case.as_str()).or_default();
        if list.is_empty() || answered.is_panel(key.reader) {
            list.push(number);
        }
    }
    columns
}

/// An answer in one word; nothing where none came.
fn canonical(slot: &Slot) -> Option<String> {
    let reading = slot.reading()?;
    let (truth, scale) = (empty(), Scale(Vec::new()));
    let seen = Seen { reading, facts: Facts::of(&truth, &scale) };
    Some(match seen.canonical() {
        Canonical::Leading(diagnosis) => format!("says {}", diagnosis.words()),
        Canonical::Abstains => "abstains".into(),
        Canonical::Unusable => "unusable".into(),
    })
}

/// A truth of which nothing is known.
pub(super) fn empty() -> Truth {
    Truth { differential: Vec::new(), triage: None, dangerous: false, must_consider: Vec::new(), source: String::new() }
}

/// The agreement of every control with every treated answer of one reader to one question: case by case, `None` where
/// an answer is missing.
struct Table {
    rows: Vec<Vec<Option<f64>>>,
    /// The mean over all that are there.
    mean: f64,
}

impl Table {
    fn of(control: &Side<'_>, treated: &Side<'_>, cases: &[&str]) -> Self {
        let row = |one: &&str| cases.iter().map(|other| agreement(control.get(one), treated.get(other))).collect();
        let rows: Vec<Vec<Option<f64>>> = cases.iter().map(row).collect();
        let there: Vec<f64> = rows.iter().flatten().flatten().copied().collect();
        let mean = if there.is_empty() { 0.0 } else { there.iter().sum::<f64>() / count(there.len()) };
        Self { rows, mean }
    }

    fn at(&self, row: usize, column: usize) -> Option<f64> {
        self.rows.get(row)?.get(column).copied().flatten()
    }
}

/// The share of pairs of people who say the same.
fn agreement(one: Option<&Vec<u32>>, other: Option<&Vec<u32>>) -> Option<f64> {
    let (one, other) = (one?, other?);
    let alike = one.iter().map(|a| other.iter().filter(|b| *b == a).count()).sum::<usize>();
    Some(count(alike) / count(one.len() * other.len()))
}

/// Own agreement against all permutations. A missing answer counts as its column's mean: it speaks for nothing.
fn dealt(tables: &[Table], n: usize) -> Pairing {
    let share = |cells: &mut dyn Iterator<Item = f64>| {
        let list: Vec<f64> = cells.collect();
        if list.is_empty() { 0.0 } else { list.iter().sum::<f64>() / count(list.len()) }
    };
    let own = share(&mut tables.iter().flat_map(|table| (0..n).filter_map(move |i| table.at(i, i))));
    let random = share(&mut tables.iter().flat_map(|table| table.rows.iter().flatten().flatten().copied()));
    let excess = |i: usize, j: usize| {
        tables.iter().filter_map(|table| table.at(i, j).map(|agreement| agreement - table.mean)).sum::<f64>()
    };
    let matrix: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| excess(i, j)).collect()).collect();
    Pairing { cases: n, own, random, z: deviate(&matrix) }
}

/// The sum of the diagonal in standard deviations from its mean over all permutations of the columns.
fn deviate(matrix: &[Vec<f64>]) -> Option<f64> {
    let n = count(matrix.len());
    let mean = |list: &mut dyn Iterator<Item = f64>| list.sum::<f64>() / n;
    let rows: Vec<f64> = matrix.iter().map(|row| mean(&mut row.iter().copied())).collect();
    let columns: Vec<f64> =
        (0..matrix.len()).map(|j| mean(&mut matrix.iter().filter_map(|row| row.get(j).copied()))).collect();
    let whole = mean(&mut rows.iter().copied());
    let diagonal: f64 = matrix.iter().enumerate().filter_map(|(i, row)| row.get(i)).sum();
    let deviation = |row: &[f64], of_row: f64| -> f64 {
        let one = |(value, of_column): (&f64, &f64)| value - of_row - of_column + whole;
        row.iter().zip(&columns).map(one).map(|d| d * d).sum()
    };
    let spread: f64 = matrix.iter().zip(&rows).map(|(row, of_row)| deviation(row, *of_row)).sum();
    let variance = spread / (n - 1.0);
    // What is left by rounding alone is no spread.
    (variance > 1e-9).then(|| (diagonal - n * whole) / libm::sqrt(variance))
}

#[expect(clippy::cast_precision_loss, reason = "counts of answers are far below 2^52")]
fn count(number: usize) -> f64 {
    number as f64
}
