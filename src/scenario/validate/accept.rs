//! Bounds: `accept` lines, each a map of one metric to what is accepted of it.

use bedside_perturbations::Needs;

use super::quantity::{percent, percent_hint};
use super::sweep::Plan;
use crate::scenario::metric_names::{self, METRICS, MetricName};
use crate::scenario::{Accept, Among, Basis, DonorRule, Expect, Sweep};
use crate::yaml::{Field, Fields, Log, Value, quoted, suggest};

/// The keys of a bound.
pub const KEYS: &[&str] = &["at-most", "at-least", "up-to", "from", "among", "on", "net", "because"];

/// What the bounds of a scenario are read against.
struct Claim<'a> {
    expect: &'a Expect,
    /// The positions that are tested, and whether they are shares; `None` where that could not be read.
    tested: Option<(Vec<f64>, bool)>,
    /// Whether a wrong diagnosis is planted; `None` where that is not known.
    plants: Option<bool>,
    /// Whether nothing is done, so that only the control's own repeats can differ.
    does_nothing: bool,
}

/// Reads all bounds; notes if a claim has none.
pub(super) fn read(
    fields: &Fields<'_>,
    expect: &Expect,
    plan: Option<&Plan>,
    donor: DonorRule,
    log: &mut Log<'_>,
) -> Vec<Accept> {
    let shares = |plan: &Plan| matches!(plan.sweep, Sweep::Missing(_));
    let tested = plan.map(|plan| (plan.positions(), shares(plan)));
    let does_nothing = plan.is_some_and(|plan| plan.cards().is_empty());
    lines(fields, &Claim { expect, tested, plants: plan.map(|plan| plants(plan, donor)), does_nothing }, log)
}

/// Reads the bounds of a scenario whose answers exist already: tested at these levels, which may be none.
pub fn of_levels(fields: &Fields<'_>, expect: &Expect, levels: &[f64], log: &mut Log<'_>) -> Vec<Accept> {
    lines(fields, &Claim { expect, tested: Some((levels.to_vec(), false)), plants: None, does_nothing: false }, log)
}

fn lines(fields: &Fields<'_>, claim: &Claim<'_>, log: &mut Log<'_>) -> Vec<Accept> {
    let expect = claim.expect;
    let Some(field) = fields.get("accept") else {
        if *expect != Expect::MeasureOnly {
            let help = "add a bound, or say `expect: measure-only`";
            log.note(fields.at("expect"), "missing `accept`", "without a bound this cannot be judged", help);
        }
        return Vec::new();
    };
    let items = field.list(log).unwrap_or_default();
    items.iter().filter_map(|item| line(item, claim, log)).collect()
}

fn line(item: &Field<'_>, claim: &Claim<'_>, log: &mut Log<'_>) -> Option<Accept> {
    let Value::Map(entries) = &item.node.value else {
        item.refuse("a metric and its bound, such as `flip: {at-most: 10%, because: …}`", log);
        return None;
    };
    let [(key, node)] = entries.as_slice() else {
        let help = "begin each bound with its own `-`, and indent what belongs to it";
        log.note(item.node.at, "a bound is one metric", format!("this map has {} keys", entries.len()), help);
        return None;
    };
    let Some(metric) = metric_names::find(&key.name) else {
        let ids: Vec<&str> = METRICS.iter().map(|metric| metric.id).collect();
        let what = format!("unknown metric {}", quoted(&key.name));
        log.note(key.at, what, "no metric has this name", suggest(&key.name, &ids));
        return None;
    };
    if metric.needs_planted && claim.plants == Some(false) {
        let why = "no step plants a wrong diagnosis";
        log.note(key.at, format!("`{}` does not fit", metric.id), why, "use foil_impression, or another metric");
    }
    bound(&Fields::of(node, "a bound", KEYS, log)?, metric, claim, log)
}

/// Whether a wrong diagnosis is put in front of the model: a foil, or the diagnosis of another patient's case.
fn plants(plan: &Plan, donor: DonorRule) -> bool {
    plan.all_steps().any(|read| match read.card.needs {
        Needs::Foil => true,
        Needs::Donor => donor == DonorRule::Different,
        Needs::Nothing | Needs::LesionBox => false,
    })
}

fn bound(fields: &Fields<'_>, metric: &MetricName, claim: &Claim<'_>, log: &mut Log<'_>) -> Option<Accept> {
    let limit = limit(fields, metric, log);
    let up_to = fields.get("up-to").and_then(|field| position(&field, claim, log));
    let from = fields.get("from").and_then(|field| position(&field, claim, log));
    if let (Some(from), Some(up_to)) = (from, up_to)
        && from > up_to
    {
        log.note(fields.at("from"), "`from` lies beyond `up-to`", "no position is left", "");
    }
    let among = fields.get("among").and_then(|field| among(&field, log));
    let on = basis(fields, metric, claim.does_nothing, log);
    let net = fields.get("net").and_then(|field| field.truth(log)).unwrap_or(false);
    if net && !metric.churn {
        let why = format!("{} is not raised by a model's own unrest", metric.id);
        log.note(fields.at("net"), "`net` does not fit", why, "leave it out");
    }
    let because = reason(fields, claim.expect, log);
    let (bound, at_most) = limit?;
    Some(Accept { metric: metric.id.into(), bound, at_most, up_to, from, among, on, net, because })
}

/// Exactly one of `at-most` and `at-least`, as a share that something could miss.
fn limit(fields: &Fields<'_>, metric: &MetricName, log: &mut Log<'_>) -> Option<(f64, bool)> {
    let (field, at_most) = match (fields.get("at-most"), fields.get("at-least")) {
        (Some(field), None) => (field, true),
        (None, Some(field)) => (field, false),
        (None, None) => {
            log.note(fields.at, "missing `at-most` or `at-least`", "a bound needs one of them", "");
            return None;
        }
        (Some(_), Some(_)) => {
            log.note(fields.at("at-least"), "two bounds in one line", "a line has one", "write two lines");
            return None;
        }
    };
    if !at_most && !metric.wanted {
        let why = format!("nobody wants more of this: {}", metric.counts);
        log.note(fields.at("at-least"), "a floor does not fit", why, "use at-most");
    }
    let share = field.share(log)?;
    let missable = if at_most { (0.0..1.0).contains(&share) } else { share > 0.0 && share <= 1.0 };
    if !missable {
        let why = format!("{} % is no bound that could be kept or missed", percent(share));
        field.forbid(why, percent_hint(&field), log);
        return None;
    }
    Some((share, at_most))
}

/// A tested position: a level, or a share of missing history.
fn position(field: &Field<'_>, claim: &Claim<'_>, log: &mut Log<'_>) -> Option<f64> {
    let (tested, shares) = claim.tested.as_ref()?;
    let shares = *shares;
    if tested.is_empty() {
        log.note(
            field.node.at,
            format!("`{}` without use", field.name),
            "this scenario sweeps nothing",
            "leave it out",
        );
        return None;
    }
    let value = if shares { field.share(log)? } else { field.number(log)? };
    if tested.contains(&value) {
        return Some(value);
    }
    let show = |value: f64| if shares { format!("{} %", percent(value)) } else { format!("level {value}") };
    let tested: Vec<String> = tested.iter().copied().map(show).collect();
    field.forbid(format!("{} is not tested", show(value)), format!("tested: {}", tested.join(", ")), log);
    None
}

/// `urgent`, `dangerous`, or a stratum as `name=value`.
fn among(field: &Field<'_>, log: &mut Log<'_>) -> Option<Among> {
    let text = field.text(log)?;
    match (text.as_str(), text.split_once('=')) {
        ("urgent", _) => Some(Among::Urgent),
        ("dangerous", _) => Some(Among::Dangerous),
        (_, Some((name, value))) if !name.trim().is_empty() && !value.trim().is_empty() && !value.contains('=') => {
            Some(Among::Stratum(name.trim().into(), value.trim().into()))
        }
        _ => {
            let what = format!("unknown group {}", quoted(&text));
            log.note(
                field.node.at,
                what,
                "not a group of cases",
                "urgent, dangerous, or a stratum such as skin_tone=V-VI",
            );
            None
        }
    }
}

/// What is bounded. Where nothing is done only the control's repeats can be, and nowhere else.
fn basis(fields: &Fields<'_>, metric: &MetricName, does_nothing: bool, log: &mut Log<'_>) -> Basis {
    let chosen = fields.get("on").and_then(|field| field.choice(BASES, log)).unwrap_or(metric.default_on);
    match (chosen == Basis::Retest, does_nothing) {
        (true, true) => return chosen,
        (true, false) => {
            let why = "it bounds what the control's own repeats do, whatever the steps are";
            log.note(fields.at("on"), "`on: retest` does not fit", why, "put it into a scenario with `steps: none`");
            return chosen;
        }
        (false, true) => {
            let why = "without a step there is no treated arm";
            log.note(fields.at("on"), "nothing is done here", why, "say `on: retest`, or name a step");
            return chosen;
        }
        (false, false) => {}
    }
    if chosen != metric.default_on && !metric.either {
        let why = format!("{} compares control and treated", metric.id);
        log.note(fields.at("on"), "`on: treated` does not fit", why, "leave it out");
    }
    chosen
}

/// The words of `on` in a bound.
const BASES: &[(&str, Basis)] = &[("shift", Basis::Shift), ("treated", Basis::Treated), ("retest", Basis::Retest)];

/// Why this bound: required wherever it can be broken by a claim.
fn reason(fields: &Fields<'_>, expect: &Expect, log: &mut Log<'_>) -> String {
    match fields.get("because") {
        Some(field) => field.text(log).unwrap_or_default(),
        None if *expect == Expect::MeasureOnly => String::new(),
        None => {
            let help = "say why this much is acceptable, to whom, on what evidence";
            log.note(fields.at, "missing `because`", "a bound that judges needs its reason", help);
            String::new()
        }
    }
}
