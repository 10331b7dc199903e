//! Contact sheets: every level beside the original, so that a person can judge what a corruption does.

mod chosen;
pub mod cohort;
mod sheet;

use std::fmt::Write as _;
use std::sync::Arc;

use bedside_perturbations::catalogue::CATALOGUE;
use bedside_perturbations::{Card, Foil, Grading, History, Image, Level, On, Setting, Stimulus, Takes, Target};
use bedside_reports::record::Piece;

pub use self::chosen::chosen;
pub use self::sheet::Size;
use self::sheet::{Cell, Sheet, Tile};
use super::clean::CleanCases;
use super::examples::diff;
use super::folder::Folder;
use super::marked::{marked, printable};
use super::pool;
use crate::case::tone;
use crate::error::Error;
use crate::plan::{self, Plan};
use crate::scenario::Scenario;
use crate::treatment::{Given, PlannedStep, Treatment};

/// The longer side to which photographs are shrunk before a corruption of ImageNet-C or MedMNIST-C, in pixels: their
/// scales are made for it.
const REFERENCE_SIDE: u32 = 224;

/// Something to preview: a scenario or a perturbation, cell by cell.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The id; also the name of the file. Of a perturbation that must be told which, with the word after a hyphen.
    pub id: String,
    /// A title of a few words.
    pub title: String,
    /// What it does, cell by cell.
    pub cells: Vec<Shows>,
    /// What of the photographs tells it best.
    pub seen: Seen,
}

/// One cell of a preview.
#[derive(Debug, Clone)]
pub struct Shows {
    /// What is done, in words.
    pub label: String,
    /// The same in at most 14 letters.
    pub short: String,
    /// What is done.
    pub treatment: Treatment,
}

/// What of the photographs is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// The first of them.
    First,
    /// The part of the first around its lesion, pixel for pixel: the rest would be shrunk, and the corruption with it.
    Detail,
    /// All of them, numbered.
    All,
}

impl Subject {
    /// A scenario.
    #[must_use]
    pub fn scenario(scenario: &Scenario) -> Self {
        let cells = plan::cells_of(scenario).into_iter();
        let cells: Vec<Shows> =
            cells.map(|(label, treatment)| Shows { short: label.clone(), label, treatment }).collect();
        let mut steps = cells.iter().flat_map(|cell| &cell.treatment.steps).filter_map(PlannedStep::card);
        let seen = if steps.any(|card| card.target == Target::ImageSet) { Seen::All } else { Seen::First };
        Self { id: scenario.id.clone(), title: scenario.claim.clone(), cells, seen }
    }

    /// Every perturbation of the catalogue, those of a reference set one by one; where a field of the history must be
    /// named, that one.
    #[must_use]
    pub fn catalogue(field: &str) -> Vec<Self> {
        CATALOGUE.iter().flat_map(|entry| Self::perturbation(entry.card, field)).collect()
    }

    /// A perturbation: one subject, or one for each word of the choice that it must be given.
    fn perturbation(card: &'static Card, field: &str) -> Vec<Self> {
        let required = card.parameters.iter().filter(|parameter| parameter.required);
        let choice = required.clone().find_map(|parameter| match parameter.takes {
            Takes::Choice(words) => Some((parameter.name, words)),
            Takes::Number { .. } | Takes::Field | Takes::Text => None,
        });
        let fields = required.filter(|parameter| parameter.takes == Takes::Field);
        let told = fields.fold(Setting::default(), |setting, parameter| setting.with(parameter.name, field));
        let Some((name, words)) = choice else { return vec![Self::of(card, &told, None)] };
        words.iter().map(|word| Self::of(card, &told.clone().with(name, word), Some(word))).collect()
    }

    fn of(card: &'static Card, told: &Setting, word: Option<&str>) -> Self {
        let cells = match card.grading {
            Grading::Graded { .. } => Level::ALL.into_iter().map(|level| shows(card, told, Some(level))).collect(),
            Grading::Binary => vec![shows(card, told, None)],
        };
        let id = word.map_or_else(|| card.id.to_owned(), |word| format!("{}-{word}", card.id));
        let title =
            word.map_or_else(|| card.title.to_owned(), |word| format!("{}: {}", card.title, word.replace('_', " ")));
        Self { id, title, cells, seen: Seen::of(card) }
    }
}

impl Seen {
    fn of(card: &Card) -> Self {
        match (card.target, card.family) {
            (Target::ImageSet, _) => Self::All,
            (Target::Image, "image/sensor" | "image/codec" | "sham") => Self::Detail,
            (Target::Image | Target::History, _) => Self::First,
        }
    }
}

/// A perturbation at a level, or switched on.
fn shows(card: &'static Card, told: &Setting, level: Option<Level>) -> Shows {
    let setting = Setting {
        dose: level.and_then(|level| card.dose(level)),
        model_input: (card.family == "image/compat").then_some(REFERENCE_SIDE),
        ..told.clone()
    };
    let step = PlannedStep { operator: card.id.into(), setting };
    let label = plan::label(std::slice::from_ref(&step), level, plan::CellPart::Whole);
    // Of photographs that are changed one by one the first is shown.
    let on = if card.target == Target::Image { On::These(vec![0]) } else { On::All };
    let treatment = Treatment { on, ..plan::treated_with(vec![step]) };
    let short = level.map_or_else(|| "changed".into(), |level| format!("level {}", level.number()));
    Shows { label, short, treatment }
}

/// What one cell made of one case.
struct Shown {
    after: Result<Stimulus, String>,
}

/// A case, and what became of it in every cell.
struct Row {
    original: Arc<crate::trial::Clean>,
    shown: Vec<Shown>,
}

/// What previews are made of.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    /// The cases as a plan keeps them, with their foils.
    pub plan: &'a Plan,
    /// The cases themselves.
    pub clean: &'a CleanCases,
    /// Those that are shown, by their places in the plan.
    pub cases: &'a [usize],
    /// Those that stand in on the same skin tone where it does not apply to one that is shown.
    pub spare: &'a [usize],
}

/// Writes one sheet per subject (`ID.png`, or `ID.jpg` of small ones) where pictures change, and an `index.html` with all
/// of them. Gives the word diffs of every subject for a terminal, one for each case and cell whose history changes.
///
/// # Errors
/// When a case cannot be read or a file cannot be written.
pub fn write(
    material: Material<'_>,
    subjects: &[Subject],
    size: Size,
    out: &Folder,
) -> Result<Vec<Vec<String>>, Error> {
    let (mut page, mut told) = (String::from(HEAD), Vec::new());
    for made in pool::in_order(subjects, |subject| preview(material, subject, size)) {
        let Made { section, sheet, words } = made?;
        told.push(words);
        page.push_str(&section);
        if let Some((name, file)) = sheet {
            out.write(&name, &file)?;
        }
    }
    page.push_str("</main></html>\n");
    out.write("index.html", page.as_bytes())?;
    Ok(told)
}

/// The preview of one subject: its part of the page, and its sheet with the file's name, where pictures change.
struct Made {
    section: String,
    sheet: Option<(String, Vec<u8>)>,
    words: Vec<String>,
}

fn preview(material: Material<'_>, subject: &Subject, size: Size) -> Result<Made, Error> {
    let (mut rows, mut spare) = (Vec::new(), material.spare.to_vec());
    for row in self::rows(material, subject, material.cases)? {
        let stand_in = if row.applies() { None } else { stand_in(material, subject, &row, &mut spare)? };
        rows.push(row);
        rows.extend(stand_in);
    }
    let sheet = sheet(subject, &rows, size).map(|file| (format!("{}.{}", subject.id, size.extension()), file));
    let section = section(subject, &rows, sheet.as_ref().map(|(name, _)| name.as_str()));
    Ok(Made { section, sheet, words: words(subject, &rows) })
}

/// The first spare case on skin of the same tone to which the subject applies; it is taken out of the spare ones.
fn stand_in(
    material: Material<'_>,
    subject: &Subject,
    row: &Row,
    spare: &mut Vec<usize>,
) -> Result<Option<Row>, Error> {
    let of = |place: usize| material.plan.cases.get(place).and_then(|case| tone(&case.strata));
    let wanted = tone(&row.original.case.strata);
    for (at, case) in spare.iter().enumerate().filter(|(_, case)| of(**case) == wanted) {
        if let Some(row) = rows(material, subject, &[*case])?.pop().filter(Row::applies) {
            spare.remove(at);
            return Ok(Some(row));
        }
    }
    Ok(None)
}

/// What becomes of some cases in every cell.
fn rows(Material { plan, clean, .. }: Material<'_>, subject: &Subject, cases: &[usize]) -> Result<Vec<Row>, Error> {
    let row = |case: &usize| Ok(Row { original: clean.of(plan, *case)?, shown: Vec::new() });
    let mut rows = cases.iter().map(row).collect::<Result<Vec<_>, Error>>()?;
    for cell in &subject.cells {
        let donors = plan.donors_of(&cell.treatment, cases);
        for (row, case) in rows.iter_mut().zip(cases) {
            let after = apply(plan, clean, (*case, donors.get(case).copied()), &cell.treatment)?;
            row.shown.push(Shown { after });
        }
    }
    Ok(rows)
}

fn apply(
    plan: &Plan,
    clean: &CleanCases,
    (case, donor): (usize, Option<usize>),
    treatment: &Treatment,
) -> Result<Result<Stimulus, String>, Error> {
    let original = clean.of(plan, case)?;
    let donor = donor.map(|donor| clean.of(plan, donor)).transpose()?;
    let foil = treatment.foil.and_then(|rule| plan.cases.get(case)?.foils.get(&rule));
    let field = match plan::field_of_case(treatment, &original.case, clean.necessity(), plan.seed) {
        Ok(field) => field,
        Err(unfit) => return Ok(Err(unfit.to_string())),
    };
    let given = Given {
        root: plan.seed,
        case: &original.case.id,
        draw: 0,
        donor: donor.as_ref().map(|donor| &donor.stimulus),
        field: field.as_deref(),
        foil: foil.map(|foil| Foil { id: &foil.id, name: &foil.name, pull: foil.pull }),
        language: plan.cohort.language.as_deref(),
    };
    let mut stimulus = original.stimulus.clone();
    Ok(treatment.apply(&mut stimulus, &given).map(|_| stimulus).map_err(|unfit| unfit.to_string()))
}

/// The sheet of the cases whose pictures change: one row per case, the original first. `None` when none does.
fn sheet(subject: &Subject, rows: &[Row], size: Size) -> Option<Vec<u8>> {
    let rows: Vec<&Row> = rows.iter().filter(|row| row.afters().any(|after| after != row.before())).collect();
    let seen = if rows.iter().any(|row| row.hides()) { Seen::All } else { subject.seen };
    let most = rows.iter().map(|row| row.most()).max()?;
    let mut sheet = Sheet::new(size, subject.cells.len() + 1, rows.len(), if seen == Seen::All { most } else { 1 });
    for (place, row) in rows.into_iter().enumerate() {
        let original = match size {
            Size::Full => named(&row.original.case),
            Size::Small => "original".into(),
        };
        let cell = row.pictures(row.before(), seen, &sheet);
        sheet.put(0, place, &original, &cell);
        for (column, (cell, shown)) in subject.cells.iter().zip(&row.shown).enumerate() {
            let label = if size == Size::Full { &cell.label } else { &cell.short };
            let after = shown.after.as_ref().ok();
            let cell = after.map(|after| row.pictures(&after.images, seen, &sheet));
            sheet.put(column + 1, place, label, &cell.unwrap_or(Cell::Says("does not apply")));
        }
    }
    Some(sheet.file())
}

/// A case by its id and, where it is known, its skin.
fn named(case: &crate::case::Case) -> String {
    let skin = case.strata.get("skin_tone").map(|tone| format!(", skin {tone}")).unwrap_or_default();
    format!("{}{skin}", case.id)
}

impl Row {
    fn before(&self) -> &[Image] {
        &self.original.stimulus.images
    }

    /// Whether any cell changes it.
    fn applies(&self) -> bool {
        self.shown.iter().any(|shown| shown.after.is_ok())
    }

    fn afters(&self) -> impl Iterator<Item = &[Image]> {
        self.shown.iter().filter_map(|shown| Some(shown.after.as_ref().ok()?.images.as_slice()))
    }

    /// Whether the first photograph does not show what became of the others.
    fn hides(&self) -> bool {
        self.afters().any(|after| after != self.before() && after.first() == self.before().first())
    }

    /// The most photographs of a cell.
    fn most(&self) -> usize {
        self.afters().map(<[Image]>::len).fold(self.before().len(), usize::max)
    }

    /// What a cell shows of some photographs.
    fn pictures<'a>(&self, images: &'a [Image], seen: Seen, sheet: &Sheet) -> Cell<'a> {
        let detail = self.before().first().filter(|_| seen == Seen::Detail).map(|image| sheet.window(image));
        if seen != Seen::All {
            let tile = images.first().map(|image| Tile { image, sign: String::new(), detail });
            return Cell::Pictures(tile.into_iter().collect());
        }
        let number = |image: &Image| self.before().iter().position(|own| own.pixels == image.pixels);
        let from_here = images.iter().any(|image| number(image).is_some());
        let foreign = if from_here { "+" } else { "" };
        let sign = |image| number(image).map_or_else(|| foreign.into(), |place| (place + 1).to_string());
        Cell::Pictures(images.iter().map(|image| Tile { image, sign: sign(image), detail: None }).collect())
    }
}

const HEAD: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Bedside preview</title><style>\
    :root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;margin:0}main{max-width:1400px;margin:auto;\
    padding:1rem}section{border-top:1px solid #8884;padding:1rem 0}img{max-width:100%}\
    .unfit{opacity:.7}pre{white-space:pre-wrap;font:inherit;border-left:3px solid #8886;padding-left:.8rem}\
    ins{background:#2e7d3230;text-decoration:underline}del{background:#c6282830;text-decoration:line-through}\
    </style><main><h1>Preview</h1><p>A test tool for models, not a medical device. Original beside every level; a blue frame marks the lesion where its place is known. \
    What changes single pixels is shown on the part around the lesion, pixel for pixel, without the frame. Where it matters which photographs \
    are shown, all of them are, with the number that each had before; a plus is another patient's. In histories, <del>struck out</del> was taken away and <ins>underlined</ins> was added.</p>";

fn section(subject: &Subject, rows: &[Row], sheet: Option<&str>) -> String {
    let (id, title) = (escape(&subject.id), escape(&subject.title));
    let mut text = format!("<section><h2>{id}</h2><p>{title}</p>");
    for row in rows {
        let unfit = |shown: &Shown| shown.after.as_ref().err().cloned();
        let reasons: Vec<Option<String>> = row.shown.iter().map(unfit).collect();
        if let [Some(first), rest @ ..] = reasons.as_slice()
            && rest.iter().all(|reason| reason.as_ref() == Some(first))
        {
            does_not_apply(&mut text, &row.original.case.id, first);
            continue;
        }
        for (cell, shown) in subject.cells.iter().zip(&row.shown) {
            let label = format!("{} · {}", row.original.case.id, cell.label);
            match &shown.after {
                Err(unfit) => does_not_apply(&mut text, &label, unfit),
                Ok(after) => history(&mut text, &label, &row.original.stimulus.history, &after.history),
            }
        }
    }
    if let Some(name) = sheet {
        let _ = write!(text, "<img src=\"{}\" alt=\"Contact sheet of {id}\">", escape(name));
    }
    text + "</section>"
}

/// The word diffs for a terminal, each under a line that says whose they are.
fn words(subject: &Subject, rows: &[Row]) -> Vec<String> {
    let pairs = rows.iter().flat_map(|row| subject.cells.iter().zip(&row.shown).map(move |pair| (row, pair)));
    let told = pairs.filter_map(|(row, (cell, shown))| {
        let pieces = diff(&row.original.stimulus.history, &shown.after.as_ref().ok()?.history);
        let head = format!("── {} · {} · {} ──", subject.id, row.original.case.id, cell.label);
        (!pieces.is_empty()).then(|| format!("{}\n{}\n", printable(&head), marked(&pieces)))
    });
    told.collect()
}

fn does_not_apply(page: &mut String, what: &str, why: &str) {
    let _ = write!(page, "<p class=\"unfit\">{}: does not apply ({})</p>", escape(what), escape(why));
}

fn history(page: &mut String, label: &str, before: &History, after: &History) {
    let pieces = diff(before, after);
    if pieces.is_empty() {
        return;
    }
    let _ = write!(page, "<h3>{}</h3><pre>", escape(label));
    for piece in pieces {
        let _ = match piece {
            Piece::Same(text) => write!(page, "{}", escape(&text)),
            Piece::Deleted(text) => write!(page, "<del>{}</del>", escape(&text)),
            Piece::Inserted(text) => write!(page, "<ins>{}</ins>", escape(&text)),
        };
    }
    page.push_str("</pre>");
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
