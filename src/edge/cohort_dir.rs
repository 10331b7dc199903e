//! A cohort in a folder: `cohort.yaml`, `cases.jsonl`, `images/`.
//!
//! Opening reads every line and decodes every photograph once, in parallel and in bounded memory, so that nothing
//! broken is met in the middle of a run; only ids and byte offsets are kept. What cannot be used is excluded by name:
//! a line that is no case, an id that occurs twice (all its lines), a truth that makes no sense, a photograph that is
//! missing, broken, not the one that was imported, or smaller than its lesion's box. An empty history is no reason to
//! exclude; it is named among the warnings. The result does not depend on the order of the lines: cases are sorted by
//! id.

mod leak;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::num::NonZero;
use std::path::{Component, Path, PathBuf};

use image::RgbImage;
use sha2::{Digest, Sha256};

use crate::case::{Case, Photo, Truth};
use crate::cohort::{Cohort, CohortError, Exclusion, Scale, Sheet};
use crate::diagnosis::Lexicon;
use crate::edge::decode::decode;
use crate::request::hex;

pub(crate) use leak::{Leak, Told};

/// The file with the data sheet.
pub(crate) const SHEET: &str = "cohort.yaml";
/// The file with one case per line.
pub(crate) const CASES: &str = "cases.jsonl";
/// The largest data sheet in bytes.
const LARGEST_SHEET: u64 = 16 << 20;
/// Lines that each thread checks before the next are read.
const LINES_PER_THREAD: usize = 16;
/// The most names in one warning.
const MOST_NAMES: usize = 20;

/// A cohort read from a folder, one case at a time.
#[derive(Debug)]
pub struct CohortDir {
    root: PathBuf,
    sheet: Sheet,
    entries: Vec<Entry>,
    exclusions: Vec<Exclusion>,
}

/// Where a case stands in the file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    id: String,
    start: u64,
    length: usize,
    /// Its line, counted from 1.
    line: usize,
}

/// One line of the file.
#[derive(Debug)]
struct Line {
    number: usize,
    start: u64,
    bytes: Vec<u8>,
}

/// What a line came to.
#[derive(Debug)]
struct Checked {
    entry: Entry,
    /// Why it cannot be used, if so.
    fault: Option<String>,
    /// What it tells, if it is a case.
    facts: Option<Facts>,
}

/// What is kept of a case for the data-set checks.
#[derive(Debug)]
struct Facts {
    told: Told,
    empty: bool,
    /// Diagnoses of the truth that the lexicon does not know.
    foreign: Vec<String>,
    /// Whether the truth accepts any diagnosis.
    has_reference: bool,
}

impl CohortDir {
    /// Opens a cohort and checks all of it.
    ///
    /// # Errors
    /// [`CohortError`]: no readable data sheet or case file, or no case that can be used.
    pub fn open(root: &Path) -> Result<Self, CohortError> {
        let mut sheet = read_sheet(root)?;
        let checked = check_all(root, &sheet.triage)?;
        let listed = checked.len();
        let repeated = repeated(&checked);
        let mut leak = Leak::default();
        let mut notes = Notes::default();
        let (mut entries, mut exclusions) = (Vec::new(), Vec::new());
        for checked in checked {
            let twice = repeated.get(&checked.entry.id).map(|lines| format!("its id occurs in lines {}", list(lines)));
            match (twice.or(checked.fault), checked.facts) {
                (None, Some(facts)) => {
                    leak.add(&facts.told);
                    notes.add(&checked.entry.id, facts);
                    entries.push(checked.entry);
                }
                (fault, _) => exclusions.push(exclusion(&checked.entry, fault.unwrap_or_default())),
            }
        }
        if entries.is_empty() {
            return Err(nothing_left(root, listed, exclusions.first()));
        }
        entries.sort();
        exclusions.sort();
        let warnings = leak.warnings().into_iter().chain(notes.warnings(entries.len())).chain(foreign_words(&sheet));
        for warning in warnings {
            if !sheet.warnings.contains(&warning) {
                sheet.warnings.push(warning);
            }
        }
        Ok(Self { root: root.to_path_buf(), sheet, entries, exclusions })
    }
}

impl Cohort for CohortDir {
    fn sheet(&self) -> &Sheet {
        &self.sheet
    }

    fn len(&self) -> usize {
        self.entries.len()
    }

    fn case(&self, number: usize) -> Result<Case, CohortError> {
        let entry = self.entries.get(number).ok_or_else(|| CohortError {
            place: CASES.into(),
            why: format!("there is no case {number}; the cohort has {}", self.entries.len()),
        })?;
        let place = format!("{CASES}:{}", entry.line);
        let changed = |why: String| CohortError { place: place.clone(), why: format!("{why}; did the file change?") };
        let bytes = read_span(&self.root.join(CASES), entry).map_err(|error| changed(error.to_string()))?;
        let mut case: Case = serde_json::from_slice(&bytes).map_err(|error| changed(error.to_string()))?;
        if case.id != entry.id {
            return Err(changed(format!("expected case {}, found {}", entry.id, case.id)));
        }
        judge(&mut case.truth, Lexicon::embedded());
        Ok(case)
    }

    fn pixels(&self, case: &Case, photo: usize) -> Result<RgbImage, CohortError> {
        let photo = case.images.get(photo).ok_or_else(|| CohortError {
            place: case.id.clone(),
            why: format!("there is no photograph {photo}; the case has {}", case.images.len()),
        })?;
        load(&self.root, photo).map_err(|why| CohortError { place: case.id.clone(), why })
    }

    fn exclusions(&self) -> &[Exclusion] {
        &self.exclusions
    }
}

/// What the data-set checks have to say beside [`Leak`].
#[derive(Debug, Default)]
struct Notes {
    empty: BTreeSet<String>,
    foreign: BTreeMap<String, usize>,
    without_reference: usize,
}

impl Notes {
    fn add(&mut self, id: &str, facts: Facts) {
        if facts.empty {
            self.empty.insert(id.into());
        }
        self.without_reference += usize::from(!facts.has_reference);
        for diagnosis in facts.foreign {
            *self.foreign.entry(diagnosis).or_default() += 1;
        }
    }

    fn warnings(&self, cases: usize) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.without_reference > 0 {
            warnings.push(format!(
                "{} of {cases} cases have no reference diagnosis: they are in no claim about right and wrong answers",
                self.without_reference
            ));
        }
        if !self.empty.is_empty() {
            let names: Vec<&str> = self.empty.iter().take(MOST_NAMES).map(String::as_str).collect();
            let more = self.empty.len().saturating_sub(MOST_NAMES);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            warnings.push(format!("no history in {} of the cases: {}{more}", self.empty.len(), names.join(", ")));
        }
        for (diagnosis, cases) in &self.foreign {
            warnings.push(format!(
                "the truth of {cases} of the cases names {diagnosis}, which is no diagnosis of the lexicon: no answer can match it"
            ));
        }
        warnings
    }
}

/// Histories in another language than the one that perturbations of histories know.
fn foreign_words(sheet: &Sheet) -> Option<String> {
    let language = sheet.foreign_language()?;
    Some(format!("the histories are in `{language}`: perturbations that edit words know English and are not applied"))
}

fn read_sheet(root: &Path) -> Result<Sheet, CohortError> {
    let path = root.join(SHEET);
    let failed = |why: String| CohortError { place: path.display().to_string(), why };
    let file = File::open(&path)
        .map_err(|error| failed(format!("{error}; a cohort is a folder with {SHEET}, {CASES} and images")))?;
    let mut text = String::new();
    file.take(LARGEST_SHEET).read_to_string(&mut text).map_err(|error| failed(error.to_string()))?;
    let sheet: Sheet = serde_yaml::from_str(&text).map_err(|error| failed(error.to_string()))?;
    if sheet.format != 1 {
        return Err(failed(format!("format {} is not known; this version reads format 1", sheet.format)));
    }
    if sheet.triage.0.is_empty() {
        return Err(failed("the triage scale has no steps; leave `triage` out for the default scale".into()));
    }
    Ok(sheet)
}

/// Checks every line, some at a time.
fn check_all(root: &Path, scale: &Scale) -> Result<Vec<Checked>, CohortError> {
    let path = root.join(CASES);
    let failed = |why: String| CohortError { place: path.display().to_string(), why };
    let mut lines = Lines::open(&path).map_err(|error| failed(error.to_string()))?;
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get).min(16);
    let mut checked = Vec::new();
    loop {
        let batch = lines.next_batch(threads * LINES_PER_THREAD).map_err(|error| failed(error.to_string()))?;
        if batch.is_empty() {
            return Ok(checked);
        }
        let done = check_batch(root, scale, &batch, threads);
        checked.extend(done.ok_or_else(|| failed("checking the cases failed in an unexpected way".into()))?);
    }
}

/// Checks some lines on several threads; the result keeps their order.
fn check_batch(root: &Path, scale: &Scale, batch: &[Line], threads: usize) -> Option<Vec<Checked>> {
    std::thread::scope(|scope| {
        let parts = batch.chunks(batch.len().div_ceil(threads).max(1));
        let check = |part: &[Line]| part.iter().map(|line| check_line(root, scale, line)).collect::<Vec<_>>();
        let workers: Vec<_> = parts.map(|part| scope.spawn(move || check(part))).collect();
        let done: Option<Vec<Vec<Checked>>> = workers.into_iter().map(|worker| worker.join().ok()).collect();
        done.map(|parts| parts.into_iter().flatten().collect())
    })
}

/// The lines of a file with their offsets; blank ones are passed over.
struct Lines {
    reader: BufReader<File>,
    number: usize,
    offset: u64,
}

impl Lines {
    fn open(path: &Path) -> std::io::Result<Self> {
        Ok(Self { reader: BufReader::new(File::open(path)?), number: 0, offset: 0 })
    }

    fn next_batch(&mut self, most: usize) -> std::io::Result<Vec<Line>> {
        let mut batch = Vec::new();
        while batch.len() < most {
            let mut bytes = Vec::new();
            let read = self.reader.read_until(b'\n', &mut bytes)?;
            if read == 0 {
                break;
            }
            self.number += 1;
            let start = self.offset;
            self.offset += read as u64;
            if !bytes.iter().all(u8::is_ascii_whitespace) {
                batch.push(Line { number: self.number, start, bytes });
            }
        }
        Ok(batch)
    }
}

fn check_line(root: &Path, scale: &Scale, line: &Line) -> Checked {
    let entry = |id: String| Entry { id, start: line.start, length: line.bytes.len(), line: line.number };
    match serde_json::from_slice::<Case>(&line.bytes) {
        Ok(case) => {
            let fault = check_case(&case, scale).and_then(|()| check_photos(root, &case)).err();
            Checked { entry: entry(case.id.clone()), fault, facts: Some(facts(&case)) }
        }
        Err(error) => {
            // The parser saw one line; the column is right, the line is ours.
            let text = error.to_string();
            let why = text.split(" at line ").next().unwrap_or(&text);
            let fault = format!("{CASES}:{}:{}: {why}", line.number, error.column());
            Checked { entry: entry(String::new()), fault: Some(fault), facts: None }
        }
    }
}

/// Names every diagnosis of a truth as answers are judged, a variant by what it is a variant of: otherwise no answer
/// could match it. Weights of what becomes one diagnosis are added.
fn judge(truth: &mut Truth, lexicon: &Lexicon) {
    let mut differential: Vec<(String, f64)> = Vec::new();
    for (id, weight) in &truth.differential {
        let judged = lexicon.judged_as(id);
        match differential.iter_mut().find(|(known, _)| known == judged) {
            Some((_, sum)) => *sum += weight,
            None => differential.push((judged.to_owned(), *weight)),
        }
    }
    differential.sort_by(|a, b| b.1.total_cmp(&a.1));
    truth.differential = differential;
    let judged: BTreeSet<String> = truth.must_consider.iter().map(|id| lexicon.judged_as(id).to_owned()).collect();
    if judged.iter().ne(truth.must_consider.iter().collect::<BTreeSet<_>>()) {
        truth.must_consider = judged.into_iter().collect();
    }
}

fn facts(case: &Case) -> Facts {
    let lexicon = Lexicon::embedded();
    let named = case.truth.differential.iter().map(|(id, _)| id).chain(&case.truth.must_consider);
    let foreign: BTreeSet<String> = named.filter(|id| lexicon.find(id).is_none()).cloned().collect();
    Facts {
        told: Told::of(case),
        empty: case.history.is_empty(),
        foreign: foreign.into_iter().collect(),
        has_reference: case.truth.has_reference(),
    }
}

/// Checks what a case says, without looking at its photographs.
fn check_case(case: &Case, scale: &Scale) -> Result<(), String> {
    if case.id.trim().is_empty() || case.patient.trim().is_empty() {
        return Err("a case needs an id and a patient".into());
    }
    let mut names = BTreeSet::new();
    if let Some(field) = case.history.fields.iter().find(|field| !names.insert(&field.name)) {
        return Err(format!("its history has two fields named {}", field.name));
    }
    check_truth(&case.truth, scale)
}

fn check_truth(truth: &Truth, scale: &Scale) -> Result<(), String> {
    let weights: Vec<f64> = truth.differential.iter().map(|(_, weight)| *weight).collect();
    if weights.iter().any(|weight| !weight.is_finite() || *weight < 0.0) {
        return Err("a weight of its truth is no number from 0 to 1".into());
    }
    let sum: f64 = weights.iter().sum();
    // An empty list is a truth of its own: nobody knows the diagnosis.
    if !weights.is_empty() && (sum - 1.0).abs() > 1e-6 {
        return Err(format!("the weights of its truth add up to {sum} and not to 1"));
    }
    if weights.windows(2).any(|pair| matches!(pair, [first, second] if first < second)) {
        return Err("the diagnoses of its truth are not listed heaviest first".into());
    }
    let Some(triage) = &truth.triage else { return Ok(()) };
    let rank = |word: &str| {
        let known = || scale.0.iter().map(|step| step.id.as_str()).collect::<Vec<_>>().join(", ");
        scale.rank(word).ok_or_else(|| format!("{word} is no step of the triage scale ({})", known()))
    };
    if rank(&triage.ideal)? > rank(&triage.least_urgent_safe)? {
        return Err("its least urgent safe triage is more urgent than the ideal".into());
    }
    Ok(())
}

/// Loads every photograph of a case and checks its lesion's box.
fn check_photos(root: &Path, case: &Case) -> Result<(), String> {
    for photo in &case.images {
        let pixels = load(root, photo)?;
        if let Some([x, y, w, h]) = photo.lesion {
            let inside = |start: u32, length: u32, whole: u32| length > 0 && start.checked_add(length) <= Some(whole);
            if !inside(x, w, pixels.width()) || !inside(y, h, pixels.height()) || x.checked_add(w).is_none() {
                return Err(format!("{}: the lesion's box lies outside the picture", photo.path));
            }
        }
    }
    Ok(())
}

/// The pixels of a photograph, its digest checked.
fn load(root: &Path, photo: &Photo) -> Result<RgbImage, String> {
    let relative = Path::new(&photo.path);
    let below = !photo.path.is_empty() && relative.components().all(|part| matches!(part, Component::Normal(_)));
    if !below {
        return Err(format!("{}: a path has to lead below the cohort's folder", photo.path));
    }
    let bytes = fs::read(root.join(relative)).map_err(|error| format!("{}: {error}", photo.path))?;
    if !hex(&Sha256::digest(&bytes)).eq_ignore_ascii_case(&photo.sha256) {
        return Err(format!("{}: not the file that was imported (its SHA-256 differs)", photo.path));
    }
    decode(&bytes).map_err(|error| format!("{}: {error}", photo.path))
}

/// The bytes of a case's line.
fn read_span(path: &Path, entry: &Entry) -> std::io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(entry.start))?;
    let mut bytes = vec![0; entry.length];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Ids that occur more than once, with their lines.
fn repeated(checked: &[Checked]) -> BTreeMap<String, Vec<usize>> {
    let mut lines: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for checked in checked.iter().filter(|checked| checked.facts.is_some()) {
        lines.entry(checked.entry.id.clone()).or_default().push(checked.entry.line);
    }
    lines.retain(|_, lines| lines.len() > 1);
    lines
}

fn list(numbers: &[usize]) -> String {
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn exclusion(entry: &Entry, reason: String) -> Exclusion {
    let case = if entry.id.trim().is_empty() { format!("{CASES}:{}", entry.line) } else { entry.id.clone() };
    Exclusion { case, reason }
}

fn nothing_left(root: &Path, listed: usize, first: Option<&Exclusion>) -> CohortError {
    let why = match first {
        Some(first) => {
            format!("none of the {listed} cases can be used; the first, {}: {}", first.case, first.reason)
        }
        None => format!("{CASES} lists no case"),
    };
    CohortError { place: root.display().to_string(), why }
}

#[cfg(test)]
mod tests;
