//! The long table: one row per case and cell, for whoever wants to compute for themselves.

use crate::metrics::values::{self, Of, Value};
use crate::metrics::{self, Outcome};
use crate::plan::Plan;
use crate::reading::Part;
use crate::scenario::Basis;
use crate::shift::{Run, Shift, Slots, Told};

/// The names of the columns, in order.
#[must_use]
pub fn columns() -> Vec<String> {
    let fixed = [
        "scenario",
        "cell",
        "case",
        "patient",
        "control",
        "control_probability",
        "control_triage",
        "control_outcome",
        "control_wrong",
        "retest",
        "sham",
        "treated",
        "treated_probability",
        "treated_triage",
        "treated_outcome",
        "treated_wrong",
        "planted",
        "truth",
    ];
    let events = metrics::ALL.iter().map(|metric| metric.id);
    let numbers = of_pairs().map(|metric| metric.id);
    fixed.into_iter().chain(events).chain(numbers).map(|name| name.replace('-', "_")).collect()
}

/// The metrics that are a number of one pair.
fn of_pairs() -> impl Iterator<Item = &'static Value> {
    values::ALL.iter().copied().filter(|metric| matches!(metric.of, Of::Pair(_) | Of::Answer(_)))
}

/// Every row, in order of scenarios, cells and cases. An event is 1 or 0; empty outside the denominator; `missing`. A
/// number is that of control repeat 1 and draw 1, the change of a score; empty where it is not defined.
pub fn rows<'a>(plan: &'a Plan, slots: &'a Slots) -> impl Iterator<Item = Vec<String>> + 'a {
    let run = Run::of(plan, slots);
    plan.cells.iter().flat_map(move |cell| {
        let scenario = plan.scenarios.get(cell.scenario).map(|scenario| scenario.id.clone()).unwrap_or_default();
        let shifts = run.cell(cell);
        let row = move |shift: Shift<'a>| row(plan, &scenario, &cell.label, &shift);
        shifts.into_iter().map(row).collect::<Vec<_>>()
    })
}

fn row(plan: &Plan, scenario: &str, label: &str, shift: &Shift<'_>) -> Vec<String> {
    let case = plan.cases.get(shift.case);
    let before = Column::of(shift, shift.control.first().copied().flatten());
    let after = Column::of(shift, shift.treated.first().copied().flatten());
    let retest = Column::of(shift, shift.control.get(1).copied().flatten());
    let sham = Column::of(shift, shift.shams.first().copied().flatten());
    let mut row = vec![
        scenario.to_owned(),
        label.to_owned(),
        case.map(|case| case.id.clone()).unwrap_or_default(),
        case.map(|case| case.patient.clone()).unwrap_or_default(),
    ];
    row.extend([before.leading, before.probability, before.triage, before.outcome, before.wrong]);
    row.extend([retest.leading, sham.leading]);
    row.extend([after.leading, after.probability, after.triage, after.outcome, after.wrong]);
    row.push(shift.facts.planted.unwrap_or_default().to_owned());
    row.push(shift.facts.truth.differential.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>().join("|"));
    row.extend(metrics::ALL.iter().map(|metric| event(shift, metric)));
    row.extend(of_pairs().map(|metric| number(shift, metric)));
    row
}

fn number(shift: &Shift<'_>, metric: &Value) -> String {
    let before = shift.control.first().copied().flatten();
    let after = shift.treated.first().copied().flatten();
    let seen = before.zip(after).map(|(before, after)| (shift.seen(before), shift.seen(after)));
    let value = seen.and_then(|(before, after)| metric.of_pair(&before, &after));
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn event(shift: &Shift<'_>, metric: &metrics::Metric) -> String {
    let on: Basis = metric.usual_basis();
    match shift.told(metric, on) {
        Told::Outside => "",
        Told::Event(true) => "1",
        Told::Event(false) => "0",
        Told::Missing => "missing",
    }
    .into()
}

/// One answer in the columns of the table.
#[derive(Default)]
struct Column {
    leading: String,
    probability: String,
    triage: String,
    outcome: String,
    /// How it is wrong, if it is.
    wrong: String,
}

impl Column {
    fn of(shift: &Shift<'_>, reading: Option<&crate::reading::Reading>) -> Self {
        let Some(reading) = reading else { return Self { outcome: "failed".into(), ..Self::default() } };
        let seen = shift.seen(reading);
        let outcome = match seen.outcome() {
            Outcome::Right | Outcome::Wrong if !shift.facts.truth.has_reference() => "no reference",
            Outcome::Right => "right",
            Outcome::Wrong => "wrong",
            Outcome::Abstains => "abstains",
            Outcome::Unusable => "unusable",
        };
        let leading = seen.leading();
        Self {
            leading: leading.map(|ranked| ranked.diagnosis.words().to_owned()).unwrap_or_default(),
            probability: leading.and_then(|ranked| ranked.probability).map(|p| p.to_string()).unwrap_or_default(),
            triage: if let Part::Read(triage) = &reading.triage { triage.clone() } else { String::new() },
            outcome: outcome.into(),
            wrong: seen.miss().map_or("", metrics::Miss::word).into(),
        }
    }
}
