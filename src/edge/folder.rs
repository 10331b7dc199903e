//! The run folder: what a run leaves behind, each file written whole or not at all.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use bedside_reports::record::Record;
use serde::Serialize;

use crate::error::Error;
use crate::evidence::shifts;
use crate::plan::Plan;
use crate::shift::Slots;

/// A run folder.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// The folder at that path, made if it is not there.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn make(path: &Path) -> Result<Self, Error> {
        fs::create_dir_all(path).map_err(|error| Error::at(path.display(), error))?;
        Ok(Self { path: path.to_owned() })
    }

    /// The folder of an existing run.
    ///
    /// # Errors
    /// When there is no run in it.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let folder = Self { path: path.to_owned() };
        if folder.at("plan.json").is_file() {
            return Ok(folder);
        }
        Err(Error::at(path.display(), "holds no run (no plan.json); give the folder that `bedside run` named"))
    }

    /// The first folder below `runs` whose name begins so and that is free, or that holds the same plan already.
    #[must_use]
    pub fn choose(runs: &Path, name: &str, plan: &str) -> PathBuf {
        let clean: String =
            name.chars().map(|c| if c.is_ascii_alphanumeric() || "-._".contains(c) { c } else { '-' }).collect();
        let candidate = |number: u32| runs.join(format!("{clean}-{number}"));
        let fits = |path: &PathBuf| !path.exists() || Self { path: path.clone() }.holds(plan);
        (1..10_000).map(candidate).find(fits).unwrap_or_else(|| candidate(10_000))
    }

    fn holds(&self, plan: &str) -> bool {
        fs::read_to_string(self.at("plan.sha256")).is_ok_and(|kept| kept.trim() == plan)
    }

    /// The path of the folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The path of a file in it.
    #[must_use]
    pub fn at(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Keeps the sealed plan and its digest; a plan that is there already must be the same.
    ///
    /// # Errors
    /// When the folder holds another plan, or cannot be written.
    pub fn seal(&self, plan: &Plan, digest: &str) -> Result<(), Error> {
        if self.at("plan.json").exists() {
            if self.holds(digest) {
                return self.plan().map(drop);
            }
            let why = "holds the run of another plan; choose another --out, or give the same scenarios, cases, model, \
                       protocol and seed again to resume it";
            return Err(Error::at(self.path.display(), why));
        }
        // The digest first: a plan.json is then never without it, whenever the process is killed.
        self.write("plan.sha256", format!("{digest}\n").as_bytes())?;
        self.json("plan.json", plan)
    }

    /// The cases that the run used, as they were named.
    #[must_use]
    pub fn cases(&self) -> Option<String> {
        self.journal("cases")
    }

    /// The hash that the store ended with when the journal was written.
    #[must_use]
    pub fn chain_head(&self) -> Option<String> {
        self.journal("chain_head")
    }

    fn journal(&self, key: &str) -> Option<String> {
        let text = fs::read_to_string(self.at("run.json")).ok()?;
        let journal: serde_json::Value = serde_json::from_str(&text).ok()?;
        Some(journal.get(key)?.as_str()?.to_owned())
    }

    /// The sealed plan, checked against its digest.
    ///
    /// # Errors
    /// When it cannot be read or was changed after it was sealed.
    pub fn plan(&self) -> Result<Plan, Error> {
        let path = self.at("plan.json");
        let text = fs::read_to_string(&path).map_err(|error| Error::at(path.display(), error))?;
        let plan: Plan = serde_json::from_str(&text).map_err(|error| {
            Error::at(
                format!("{}:{}:{}", path.display(), error.line(), error.column()),
                "is not a plan of this version",
            )
        })?;
        if self.holds(&plan.digest()) {
            return Ok(plan);
        }
        Err(Error::at(path.display(), "was changed after it was sealed (its digest is not the one in plan.sha256)"))
    }

    /// Writes the results: `results.json`, `results/shifts.csv`, `report.html`.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn write_results(&self, plan: &Plan, slots: &Slots, record: &Record) -> Result<(), Error> {
        self.json("results.json", record)?;
        self.table("results/shifts.csv", &shifts::columns(), shifts::rows(plan, slots))?;
        let html = bedside_reports::html(record).map_err(|error| Error::Internal(error.to_string()))?;
        self.write("report.html", html.as_bytes())
    }

    /// Writes a value as JSON.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn json(&self, name: &str, value: &impl Serialize) -> Result<(), Error> {
        let mut text = serde_json::to_vec_pretty(value).map_err(|error| Error::Internal(error.to_string()))?;
        text.push(b'\n');
        self.write(name, &text)
    }

    /// Writes a table as CSV, without a cell that a spreadsheet takes for a formula.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn table(
        &self,
        name: &str,
        columns: &[String],
        rows: impl IntoIterator<Item = Vec<String>>,
    ) -> Result<(), Error> {
        self.write(name, &csv(columns, rows)?)
    }

    /// Writes a file whole: to a temporary one beside it, then moved into place.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let path = self.at(name);
        let beside = path.parent().unwrap_or(&self.path);
        let write = || -> std::io::Result<()> {
            fs::create_dir_all(beside)?;
            let mut file = tempfile::Builder::new().permissions_like_others().tempfile_in(beside)?;
            file.write_all(bytes)?;
            file.persist(&path)?;
            Ok(())
        };
        write().map_err(|error| Error::at(path.display(), error))
    }
}

/// Temporary files are private by default; results are to be read by others.
trait LikeOthers {
    fn permissions_like_others(&mut self) -> &mut Self;
}

impl LikeOthers for tempfile::Builder<'_, '_> {
    #[cfg(unix)]
    fn permissions_like_others(&mut self) -> &mut Self {
        use std::os::unix::fs::PermissionsExt;
        self.permissions(fs::Permissions::from_mode(0o644))
    }

    #[cfg(not(unix))]
    fn permissions_like_others(&mut self) -> &mut Self {
        self
    }
}

/// A cell that no spreadsheet takes for a formula: a model's words could begin with `=`.
fn inert(cell: String) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
    if formula { format!("'{cell}") } else { cell }
}

fn csv(columns: &[String], rows: impl IntoIterator<Item = Vec<String>>) -> Result<Vec<u8>, Error> {
    let fault = |error: csv::Error| Error::Internal(error.to_string());
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(columns).map_err(fault)?;
    for row in rows {
        table.write_record(row.into_iter().map(inert)).map_err(fault)?;
    }
    table.into_inner().map_err(|error| Error::Internal(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::inert;

    #[test]
    fn no_cell_is_a_formula_and_numbers_stay_numbers() {
        let cell = |text: &str| inert(text.to_owned());
        assert_eq!(cell("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!((cell("@x"), cell("-0.25"), cell("melanoma")), ("'@x".into(), "-0.25".into(), "melanoma".into()));
    }
}
