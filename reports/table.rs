//! Control → treated tables with their totals.

use crate::number::count;
use serde::Serialize;

/// Four outcomes at control by four outcomes under treatment.
pub(crate) type Cells = [[u64; 4]; 4];

/// A table ready to be set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Totalled {
    /// Rows by outcome at control.
    pub(crate) rows: Vec<Row>,
    /// Sums of columns.
    pub(crate) columns: Vec<String>,
    /// Sum of all.
    pub(crate) all: String,
    /// Whether there is nothing in it.
    pub(crate) empty: bool,
}

/// One row of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Row {
    /// The outcome at control.
    pub(crate) name: &'static str,
    /// Cells by outcome under treatment.
    pub(crate) cells: Vec<Cell>,
    /// Sum of the row.
    pub(crate) sum: String,
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Cell {
    /// The number.
    pub(crate) text: String,
    /// Class in the style sheet: unchanged, lost, won, zero, or nothing.
    pub(crate) class: &'static str,
}

/// The table with its totals.
pub(crate) fn totalled(cells: &Cells) -> Totalled {
    let all: u64 = cells.iter().flatten().sum();
    let column = |j: usize| cells.iter().filter_map(|row| row.get(j)).sum();
    Totalled {
        rows: cells.iter().enumerate().map(|(i, row)| totalled_row(i, row)).collect(),
        columns: (0..4).map(|j| count(column(j))).collect(),
        all: count(all),
        empty: all == 0,
    }
}

fn totalled_row(i: usize, row: &[u64; 4]) -> Row {
    Row {
        name: crate::words::OUTCOMES.get(i).copied().unwrap_or_default(),
        cells: row.iter().enumerate().map(|(j, n)| Cell { text: count(*n), class: class(i, j, *n) }).collect(),
        sum: count(row.iter().sum()),
    }
}

fn class(control: usize, treated: usize, n: u64) -> &'static str {
    match (control, treated, n) {
        (_, _, 0) => "zero",
        (i, j, _) if i == j => "same",
        (0, _, _) => "lost",
        (_, 0, _) => "won",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CELLS: Cells = [[150, 19, 2, 0], [4, 50, 1, 0], [0, 3, 9, 0], [0, 0, 0, 1_002]];

    #[test]
    fn rows_and_columns_sum_to_the_same_whole() {
        let table = totalled(&CELLS);
        let sums: Vec<_> = table.rows.iter().map(|r| r.sum.as_str()).collect();
        assert_eq!(sums, ["171", "55", "12", "1,002"]);
        assert_eq!(table.columns, ["154", "72", "12", "1,002"]);
        assert_eq!(table.all, "1,240");
        assert!(!table.empty);
    }

    #[test]
    fn losses_and_gains_are_told_apart() {
        let table = totalled(&CELLS);
        let classes: Vec<Vec<_>> = table.rows.iter().map(|r| r.cells.iter().map(|c| c.class).collect()).collect();
        assert_eq!(classes[0], ["same", "lost", "lost", "zero"]);
        assert_eq!(classes[1], ["won", "same", "", "zero"]);
    }
}
