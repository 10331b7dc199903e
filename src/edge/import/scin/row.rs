//! One row of a table with many columns, by name.

use csv::StringRecord;

use super::super::gathered::expected;
use crate::yaml::nearest;

/// The columns of a table; upper and lower case are the same.
#[derive(Debug, Clone)]
pub(super) struct Columns(Vec<String>);

impl Columns {
    pub(super) fn of(header: &StringRecord) -> Self {
        Self(header.iter().map(|name| name.trim_start_matches('\u{feff}').trim().to_lowercase()).collect())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.place(name).is_some()
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|column| column.eq_ignore_ascii_case(name))
    }

    /// The way out for a missing column: the nearest there is, or nothing.
    pub(super) fn nearest(&self, name: &str) -> String {
        let names: Vec<&str> = self.0.iter().map(String::as_str).collect();
        nearest(name, &names).map_or_else(String::new, |near| format!("; is it `{near}`?"))
    }
}

/// A row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    columns: &'a Columns,
    record: &'a StringRecord,
}

/// A cell of a list of boxes to tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tick {
    Yes,
    No,
    /// Empty, or there is no such column.
    Blank,
}

impl<'a> Row<'a> {
    pub(super) const fn new(columns: &'a Columns, record: &'a StringRecord) -> Self {
        Self { columns, record }
    }

    /// The text of a cell without white space around it; "" where there is no such column.
    pub(super) fn text(self, name: &str) -> &'a str {
        self.columns.place(name).and_then(|at| self.record.get(at)).map_or("", str::trim)
    }

    /// A box to tick.
    ///
    /// # Errors
    /// A sentence for a cell that is neither yes, no nor empty.
    pub(super) fn tick(self, name: &str) -> Result<Tick, String> {
        match self.text(name).to_lowercase().as_str() {
            "" => Ok(Tick::Blank),
            "yes" | "true" | "1" => Ok(Tick::Yes),
            "no" | "false" | "0" => Ok(Tick::No),
            _ => Err(expected(name, "YES, NO or nothing")),
        }
    }

    /// The rest of the names of ticked columns with that prefix, in the order of the table.
    ///
    /// # Errors
    /// A sentence for a cell that is neither yes, no nor empty.
    pub(super) fn ticked(self, prefix: &str) -> Result<Vec<&'a str>, String> {
        let mut ticked = Vec::new();
        for (name, rest) in self.columns.0.iter().filter_map(|name| Some((name, name.strip_prefix(prefix)?))) {
            if self.tick(name)? == Tick::Yes {
                ticked.push(rest);
            }
        }
        Ok(ticked)
    }
}
