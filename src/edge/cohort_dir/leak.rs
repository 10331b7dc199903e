//! Whether missing history predicts the label: then comparing cases with and without it measures the data set.

use std::collections::BTreeMap;

use bedside_perturbations::Value;

use crate::case::Case;

/// The fewest cases on each side of a comparison.
const FEWEST: u64 = 5;
/// The smallest difference between two shares of dangerous cases that is worth a warning.
const DIFFERENCE: f64 = 0.1;
/// Pearson's chi-squared with one degree of freedom at p = 0.001.
const CHI_SQUARED: f64 = 10.828;

/// Counts of dangerous and harmless cases, by whether a history field is told. Fed one case at a time.
///
/// Rule: a field is named when at least 5 cases tell it and 5 do not, the share of dangerous cases differs between
/// the two by 10 percentage points or more, and Pearson's chi-squared exceeds 10.828 (p < 0.001). A deleted field and
/// an absent one are both not told; an answer "unknown" is told.
#[derive(Debug, Clone, Default)]
pub(crate) struct Leak {
    all: Count,
    told: BTreeMap<String, Count>,
}

/// A number of cases, and how many of them are dangerous.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Count {
    cases: u64,
    dangerous: u64,
}

impl Count {
    fn add(&mut self, dangerous: bool) {
        self.cases += 1;
        self.dangerous += u64::from(dangerous);
    }

    fn less(self, other: Self) -> Self {
        Self { cases: self.cases - other.cases, dangerous: self.dangerous - other.dangerous }
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of cases are far below 2^53")]
    fn share(self) -> f64 {
        self.dangerous as f64 / self.cases as f64
    }
}

/// What one case says for [`Leak`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    dangerous: bool,
    /// Names of the fields that are told, each once.
    fields: Vec<String>,
}

impl Told {
    /// What a case says.
    pub(crate) fn of(case: &Case) -> Self {
        let told = case.history.fields.iter().filter(|field| field.value != Value::Deleted);
        let mut fields: Vec<String> = told.map(|field| field.name.clone()).collect();
        fields.extend((!case.history.is_empty()).then(|| "any history".to_string()));
        fields.sort();
        fields.dedup();
        Self { dangerous: case.truth.dangerous, fields }
    }
}

impl Leak {
    /// Takes one case into account.
    pub(crate) fn add(&mut self, told: &Told) {
        self.all.add(told.dangerous);
        for field in &told.fields {
            self.told.entry(field.clone()).or_default().add(told.dangerous);
        }
    }

    /// One warning for each pattern of missing fields that predicts the label.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let mut patterns: BTreeMap<Count, Vec<&str>> = BTreeMap::new();
        for (field, told) in &self.told {
            if leaks(*told, self.all.less(*told)) {
                patterns.entry(*told).or_default().push(field);
            }
        }
        patterns.iter().map(|(told, fields)| warning(*told, self.all.less(*told), fields)).collect()
    }
}

/// Whether the share of dangerous cases depends on whether a field is told.
#[expect(clippy::cast_precision_loss, reason = "counts of cases are far below 2^53")]
fn leaks(told: Count, untold: Count) -> bool {
    if told.cases < FEWEST || untold.cases < FEWEST {
        return false;
    }
    let [a, b] = [told.dangerous, told.cases - told.dangerous].map(|n| n as f64);
    let [c, d] = [untold.dangerous, untold.cases - untold.dangerous].map(|n| n as f64);
    let margins = (a + b) * (c + d) * (a + c) * (b + d);
    let chi_squared = if margins > 0.0 { (a + b + c + d) * (a * d - b * c) * (a * d - b * c) / margins } else { 0.0 };
    chi_squared > CHI_SQUARED && (told.share() - untold.share()).abs() >= DIFFERENCE
}

fn warning(told: Count, untold: Count, fields: &[&str]) -> String {
    format!(
        "missing history predicts the label: of cases that tell {}, {} of {} are dangerous; of those that do not, {} of {}. \
         Delete fields within cases; never compare cases that have them with cases that do not.",
        fields.join(", "),
        told.dangerous,
        told.cases,
        untold.dangerous,
        untold.cases
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leak(told: (u64, u64), untold: (u64, u64)) -> Vec<String> {
        let mut leak = Leak::default();
        for (fields, (cases, dangerous)) in [(vec!["sex".to_string()], told), (Vec::new(), untold)] {
            (0..cases).for_each(|n| leak.add(&Told { dangerous: n < dangerous, fields: fields.clone() }));
        }
        leak.warnings()
    }

    #[test]
    fn a_field_that_only_dangerous_cases_tell_is_named() {
        let warnings = leak((9, 8), (15, 0));
        assert_eq!(warnings.len(), 1);
        assert!(warnings[0].contains("tell sex, 8 of 9 are dangerous; of those that do not, 0 of 15"), "{warnings:?}");
    }

    #[test]
    fn small_weak_or_absent_dependence_is_not_named() {
        assert!(leak((4, 4), (100, 0)).is_empty());
        assert!(leak((10, 5), (10, 4)).is_empty());
        assert!(leak((10_000, 1_000), (10_000, 1_400)).is_empty());
        assert!(leak((10, 10), (10, 10)).is_empty());
        assert!(leak((20, 10), (0, 0)).is_empty());
    }

    #[test]
    fn chi_squared_is_pearsons() {
        // Four cells of 10, 20, 20, 10: 60 (100 - 400)^2 / 30^4 = 6.67, below the limit; doubled, 13.3, above it.
        assert!(leak((30, 10), (30, 20)).is_empty());
        assert_eq!(leak((60, 20), (60, 40)).len(), 1);
    }
}
