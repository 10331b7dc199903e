//! Tables of what a reader is given and what it means, for its tests.

/// Every row that is not read as it is meant.
///
/// # Panics
/// If there is one, with all of them.
pub(crate) fn all_read(table: &[(&str, &str)], read: impl Fn(&str) -> String) {
    let wrong = |(text, meant): &(&str, &str)| {
        let got = read(text);
        (got != *meant).then(|| format!("{text}\n  meant: {meant}\n  read:  {got}"))
    };
    let wrong: Vec<String> = table.iter().filter_map(wrong).collect();
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), table.len(), wrong.join("\n"));
}

/// A table of at least sixty rows, as each reader has one.
///
/// # Panics
/// If it is shorter, or a row is misread.
pub(crate) fn check(table: &[(&str, &str)], read: impl Fn(&str) -> String) {
    assert!(table.len() >= 60, "{} rows", table.len());
    all_read(table, read);
}
