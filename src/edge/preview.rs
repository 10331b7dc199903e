//! Contact sheets: every level beside the original, so that a person can judge what a corruption does.

pub mod cohort;
mod sheet;

use std::fmt::Write as _;
use std::sync::Arc;

use bedside_perturbations::catalogue::CATALOGUE;
use bedside_perturbations::{Foil, Grading, History, Level, Needs, Setting, Stimulus};
use bedside_reports::record::Piece;

use self::sheet::Sheet;
use super::clean::CleanCases;
use super::examples::diff;
use super::folder::Folder;
use crate::error::Error;
use crate::plan::{self, Plan};
use crate::scenario::{DonorRule, FoilRule, Scenario};
use crate::treatment::{Given, PlannedStep, Role, Treatment};

/// Something to preview: a scenario or a perturbation, cell by cell.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The id; also the name of the file.
    pub id: String,
    /// A title of a few words.
    pub title: String,
    /// What it does, with labels.
    pub cells: Vec<(String, Treatment)>,
}

impl Subject {
    /// A scenario.
    #[must_use]
    pub fn scenario(scenario: &Scenario) -> Self {
        Self { id: scenario.id.clone(), title: scenario.claim.clone(), cells: plan::cells_of(scenario) }
    }

    /// Every perturbation of the catalogue.
    #[must_use]
    pub fn catalogue() -> Vec<Self> {
        CATALOGUE.iter().map(|entry| Self::perturbation(entry.card)).collect()
    }

    fn perturbation(card: &bedside_perturbations::Card) -> Self {
        let cell = |level: Option<Level>| {
            let setting = level.map_or_else(|| example_setting(card), |level| Setting::at(card, level));
            let step = PlannedStep { operator: card.id.into(), setting };
            let label = plan::label(std::slice::from_ref(&step), level, plan::CellPart::Whole);
            let treatment = Treatment {
                role: Role::Treated,
                steps: vec![step],
                donor: (card.needs == Needs::Donor).then_some(DonorRule::Different),
                foil: (card.needs == Needs::Foil).then_some(FoilRule::Nearest),
                ..Treatment::control()
            };
            (label, treatment)
        };
        let cells = match card.grading {
            Grading::Graded { .. } => Level::ALL.into_iter().map(|level| cell(Some(level))).collect(),
            Grading::Binary => vec![cell(None)],
        };
        Self { id: card.id.into(), title: card.title.into(), cells }
    }
}

/// A setting that shows a binary perturbation: the field `duration` where it must be told which.
fn example_setting(card: &bedside_perturbations::Card) -> Setting {
    let required = card.parameters.iter().filter(|parameter| parameter.required);
    required.fold(Setting::default(), |setting, parameter| setting.with(parameter.name, "duration"))
}

/// What one cell made of one case.
struct Shown {
    label: String,
    after: Result<Stimulus, String>,
}

/// Writes one sheet per subject (`ID.png` where pictures change) and an `index.html` with all of them.
///
/// # Errors
/// When a case cannot be read or a file cannot be written.
pub fn write(
    plan: &Plan,
    clean: &CleanCases,
    cases: &[usize],
    subjects: &[Subject],
    out: &Folder,
) -> Result<(), Error> {
    let mut page = String::from(HEAD);
    for subject in subjects {
        let mut rows = Vec::new();
        for case in cases {
            let original = clean.of(plan, *case)?;
            let shown = subject.cells.iter().map(|(label, treatment)| {
                Ok(Shown { label: label.clone(), after: apply(plan, clean, *case, treatment)? })
            });
            rows.push((original, shown.collect::<Result<Vec<_>, Error>>()?));
        }
        section(&mut page, subject, &rows);
        if let Some(sheet) = sheet(&rows) {
            let name = format!("{}.png", subject.id);
            out.write(&name, &sheet.png())?;
            let _ = write!(page, "<img src=\"{name}\" alt=\"Contact sheet of {}\">", escape(&subject.id));
        }
        page.push_str("</section>");
    }
    page.push_str("</main></html>\n");
    out.write("index.html", page.as_bytes())
}

fn apply(
    plan: &Plan,
    clean: &CleanCases,
    case: usize,
    treatment: &Treatment,
) -> Result<Result<Stimulus, String>, Error> {
    let original = clean.of(plan, case)?;
    let donor = treatment.donor.and_then(|rule| plan::donor_for(plan, case, rule));
    let donor = donor.map(|donor| clean.of(plan, donor)).transpose()?;
    let foil = treatment.foil.and_then(|rule| plan.cases.get(case)?.foils.get(&rule));
    let given = Given {
        root: plan.seed,
        case: &original.case.id,
        draw: 0,
        donor: donor.as_ref().map(|donor| &donor.stimulus),
        field: None,
        foil: foil.map(|foil| Foil { id: &foil.id, name: &foil.name, pull: foil.pull }),
    };
    let mut stimulus = original.stimulus.clone();
    Ok(treatment.apply(&mut stimulus, &given).map(|_| stimulus).map_err(|unfit| unfit.to_string()))
}

type Row = (Arc<crate::trial::Clean>, Vec<Shown>);

/// The sheet of the cases whose pictures change: one row per case, the original first. `None` when none does.
fn sheet(rows: &[Row]) -> Option<Sheet> {
    let changes = |(original, shown): &&Row| {
        let differs = |after: &Stimulus| after.images != original.stimulus.images;
        shown.iter().any(|shown| shown.after.as_ref().is_ok_and(differs))
    };
    let rows: Vec<&Row> = rows.iter().filter(changes).collect();
    let mut sheet = Sheet::new(rows.first()?.1.len() + 1, rows.len());
    for (row, (original, shown)) in rows.into_iter().enumerate() {
        sheet.put(0, row, "original", original.stimulus.images.first());
        for (column, shown) in shown.iter().enumerate() {
            let picture = shown.after.as_ref().ok().and_then(|after| after.images.first());
            sheet.put(column + 1, row, &shown.label, picture);
        }
    }
    Some(sheet)
}

const HEAD: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Bedside preview</title><style>\
    :root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;margin:0}main{max-width:1400px;margin:auto;\
    padding:1rem}section{border-top:1px solid #8884;padding:1rem 0}img{max-width:100%}\
    .unfit{opacity:.7}pre{white-space:pre-wrap;font:inherit;border-left:3px solid #8886;padding-left:.8rem}\
    ins{background:#2e7d3230;text-decoration:underline}del{background:#c6282830;text-decoration:line-through}\
    </style><main><h1>Preview</h1><p>A test tool for models, not a medical device. Original beside every level; a blue frame marks the lesion where its place is known. \
    In histories, <del>struck out</del> was taken away and <ins>underlined</ins> was added.</p>";

fn section(page: &mut String, subject: &Subject, rows: &[Row]) {
    let _ = write!(page, "<section><h2>{}</h2><p>{}</p>", escape(&subject.id), escape(&subject.title));
    for (original, shown) in rows {
        for cell in shown {
            let label = format!("{} · {}", original.case.id, cell.label);
            match &cell.after {
                Err(unfit) => {
                    let _ =
                        write!(page, "<p class=\"unfit\">{}: does not apply ({})</p>", escape(&label), escape(unfit));
                }
                Ok(after) => history(page, &label, &original.stimulus.history, &after.history),
            }
        }
    }
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
