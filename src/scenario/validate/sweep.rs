//! What a scenario runs: steps at levels, shares of missing history, coalitions of field groups, or a cross of two sides.

use bedside_perturbations::{Card, Level, Target, Unit, catalogue};

use super::quantity::read_within;
use super::steps::{self, ReadStep, is_graded};
use crate::scenario::{FieldGroup, MOST_GROUPS, MOST_GROUPS_IN_ORDERS, Sweep};
use crate::yaml::{Field, Fields, Log, Span, Value};

/// The keys of `factorial`.
pub const FACTORIAL_KEYS: &[&str] = &["image", "history"];

/// The steps with their cards, and the sweep.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) steps: Vec<ReadStep>,
    /// The steps of the two sides of a cross.
    pub(super) crossed: Vec<ReadStep>,
    pub(super) sweep: Sweep,
}

impl Plan {
    /// Every step that may run.
    pub(super) fn all_steps(&self) -> impl Iterator<Item = &ReadStep> {
        self.steps.iter().chain(&self.crossed)
    }

    /// The cards of every operator that may run.
    pub(super) fn cards(&self) -> Vec<&'static Card> {
        let omission = match self.sweep {
            Sweep::Missing(_) => catalogue::find("leave_k_out"),
            Sweep::Groups { .. } => catalogue::find("drop_all_but"),
            _ => None,
        };
        self.all_steps().map(|read| read.card).chain(omission.map(|entry| entry.card)).collect()
    }

    /// The positions that are tested: level numbers, or shares; none if nothing is swept.
    pub(super) fn positions(&self) -> Vec<f64> {
        match &self.sweep {
            Sweep::Levels(levels) => levels.iter().map(|level| f64::from(level.number())).collect(),
            Sweep::Missing(shares) => shares.clone(),
            Sweep::Once | Sweep::Fields(_) | Sweep::Groups { .. } | Sweep::Factorial { .. } => Vec::new(),
        }
    }
}

/// Reads `steps`, `levels`, `missing`, `fields`, `groups` and `factorial`; `steps` goes with `levels` or `fields`, `orders`
/// with `groups`.
pub(super) fn read(fields: &Fields<'_>, log: &mut Log<'_>) -> Option<Plan> {
    let fine = exclude_each_other(fields, log);
    let plan = if fields.get("factorial").is_some() {
        cross(fields, log)
    } else if fields.get("missing").is_some() {
        missing(fields, log)
    } else if fields.get("groups").is_some() {
        groups(fields, log)
    } else if fields.get("fields").is_some() {
        each_field(fields, log)
    } else {
        levels(fields, log)
    };
    plan.filter(|_| fine)
}

/// Whether at most one way of sweeping is given; notes those that are too many.
fn exclude_each_other(fields: &Fields<'_>, log: &mut Log<'_>) -> bool {
    const ONE: &str = "a scenario sweeps one thing";
    let pairs = [
        ("missing", "steps", "`missing` stands for its own step"),
        ("missing", "levels", "the shares are the positions"),
        ("missing", "factorial", ONE),
        ("factorial", "steps", "the two sides hold the steps"),
        ("factorial", "levels", "a cross fixes its doses"),
        ("fields", "levels", ONE),
        ("fields", "missing", ONE),
        ("fields", "factorial", ONE),
        ("groups", "steps", "`groups` stands for its own steps"),
        ("groups", "levels", ONE),
        ("groups", "missing", ONE),
        ("groups", "fields", ONE),
        ("groups", "factorial", ONE),
        ("fields", "field", "the fields are named already"),
        ("missing", "field", "fields go missing by number"),
        ("groups", "field", "the fields are named already"),
        ("groups", "accept", "what each group brings is measured, never bounded"),
    ];
    let mut fine = orders_have_groups(fields, log);
    for (one, other, why) in pairs {
        if fields.get(one).is_some() && fields.get(other).is_some() {
            log.note(fields.at(other), format!("`{other}` beside `{one}`"), why, "keep one of them");
            fine = false;
        }
    }
    fine
}

fn orders_have_groups(fields: &Fields<'_>, log: &mut Log<'_>) -> bool {
    let fine = fields.get("orders").is_none() || fields.get("groups").is_some();
    if !fine {
        log.note(fields.at("orders"), "`orders` without `groups`", "it says how often groups join", "leave it out");
    }
    fine
}

fn levels(fields: &Fields<'_>, log: &mut Log<'_>) -> Option<Plan> {
    let Some(field) = fields.get("steps") else {
        log.note(fields.at, "missing `steps`", "nothing would be changed", "give steps, missing or factorial");
        return None;
    };
    let steps = if is_none(&field) { Some(Vec::new()) } else { steps::list(&field, stand_in(fields), log) };
    let levels = fields.get("levels").map(|field| {
        let numbers: Option<Vec<u64>> = field.items().iter().map(|item| item.whole(1, 5, log)).collect();
        let numbers = numbers?;
        ascending(&numbers, fields.at("levels"), log).then(|| numbers.into_iter().filter_map(steps::level).collect())
    });
    let steps = steps?;
    let open = steps.iter().any(ReadStep::is_open);
    let sweep = match levels {
        Some(levels) if open => Sweep::Levels(levels?),
        Some(_) => {
            log.note(fields.at("levels"), "`levels` without use", closed(&steps), "leave out `levels`");
            return None;
        }
        None if open => Sweep::Levels(Level::ALL.to_vec()),
        None => Sweep::Once,
    };
    Some(Plan { steps, crossed: Vec::new(), sweep })
}

/// A field in the place of the one that `field` has the plan choose for each case.
fn stand_in(fields: &Fields<'_>) -> Option<&'static str> {
    fields.get("field").map(|_| "chosen")
}

/// Whether it is said that nothing is done; an empty list is more likely a mistake.
fn is_none(field: &Field<'_>) -> bool {
    matches!(&field.node.value, Value::Text(word) if word == "none")
}

/// Why no step takes a level.
fn closed(steps: &[ReadStep]) -> String {
    match steps.iter().find(|read| is_graded(read.card)) {
        Some(read) => format!("`{}` fixes its dose", read.card.id),
        None => format!("`{}` is on or off: it has no levels", steps.first().map_or("this step", |read| read.card.id)),
    }
}

fn ascending<T: PartialOrd>(list: &[T], at: Span, log: &mut Log<'_>) -> bool {
    let fine = !list.is_empty() && list.windows(2).all(|pair| matches!(pair, [one, next] if one < next));
    if !fine {
        log.note(at, "not in ascending order", "from mild to severe, each once", "");
    }
    fine
}

/// Shares of the history that go missing; 0 is the control, which is always there.
fn missing(fields: &Fields<'_>, log: &mut Log<'_>) -> Option<Plan> {
    let field = fields.get("missing")?;
    let shares: Vec<Option<f64>> = field.items().iter().map(|item| share(item, log)).collect();
    let mut shares: Vec<f64> = shares.into_iter().collect::<Option<_>>()?;
    if !ascending(&shares, fields.at("missing"), log) {
        return None;
    }
    shares.retain(|share| *share > 0.0);
    if shares.is_empty() {
        log.note(fields.at("missing"), "nothing goes missing", "0 is the control", "e.g. missing: [25%, 50%, 100%]");
        return None;
    }
    Some(Plan { steps: Vec::new(), crossed: Vec::new(), sweep: Sweep::Missing(shares) })
}

fn share(field: &Field<'_>, log: &mut Log<'_>) -> Option<f64> {
    read_within(field, Unit::Share, (0.0, 1.0), log)
}

/// The names of fields, each standing for the one that a step leaves open.
fn each_field(fields: &Fields<'_>, log: &mut Log<'_>) -> Option<Plan> {
    let names = names(fields.get("fields")?.list(log)?, log)?;
    let steps = fields.need("steps", log)?;
    let steps = steps::list(&steps, names.first().map(String::as_str), log)?;
    if !steps.iter().any(ReadStep::leaves_field_open) {
        let why = "no step leaves open which field it is about";
        log.note(fields.at("fields"), "`fields` without use", why, "e.g. steps: [drop_field]");
        return None;
    }
    if let Some(open) = steps.iter().find(|read| read.is_open()) {
        log.note(open.at, "a sweep of fields fixes its doses", "this step has neither dose nor level", "");
        return None;
    }
    Some(Plan { steps, crossed: Vec::new(), sweep: Sweep::Fields(names) })
}

/// Groups of fields by name, and how many orders are drawn in which they join.
fn groups(fields: &Fields<'_>, log: &mut Log<'_>) -> Option<Plan> {
    let field = fields.get("groups")?;
    let Value::Map(entries) = &field.node.value else {
        field.refuse("a map of names, each with its fields, e.g. {course: [duration, evolution]}", log);
        return None;
    };
    let orders = match fields.get("orders") {
        Some(field) => Some(field.whole(2, 10_000, log).and_then(|orders| u32::try_from(orders).ok())?),
        None => None,
    };
    let most = if orders.is_some() { MOST_GROUPS_IN_ORDERS } else { MOST_GROUPS };
    if !(2..=most).contains(&entries.len()) {
        let why = format!("{} groups, and 2 to {most} can be told apart here", entries.len());
        let help = "join some into one, or say with `orders` how many orders are drawn, e.g. orders: 40";
        log.note(field.node.at, "too few or too many groups", why, help);
        return None;
    }
    let mut found: Vec<FieldGroup> = Vec::new();
    for (key, node) in entries {
        let field = Field { name: &key.name, node };
        let items = if matches!(node.value, Value::List(_)) { field.list(log)? } else { field.items() };
        let fields = names(items, log)?;
        if let Some(twice) = fields.iter().find(|name| found.iter().any(|group| group.fields.contains(name))) {
            let what = format!("the field `{twice}` is in two groups");
            log.note(node.at, what, "a field is told with one group", "leave it in one of them");
            return None;
        }
        found.push(FieldGroup { name: key.name.replace(['-', '_'], " "), fields });
    }
    Some(Plan { steps: Vec::new(), crossed: Vec::new(), sweep: Sweep::Groups { groups: found, orders } })
}

/// Names of history fields, each once.
fn names(items: Vec<Field<'_>>, log: &mut Log<'_>) -> Option<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    for item in items {
        let name = item.text(log)?.replace('-', "_");
        if names.contains(&name) {
            log.note(item.node.at, format!("the field `{name}` stands here twice"), "each is swept once", "");
            return None;
        }
        names.push(name);
    }
    Some(names)
}

/// Image steps crossed with history steps, every dose fixed.
fn cross(fields: &Fields<'_>, log: &mut Log<'_>) -> Option<Plan> {
    let sides = Fields::of(fields.get("factorial")?.node, "a cross", FACTORIAL_KEYS, log)?;
    let side = |name: &'static str, log: &mut Log<'_>| {
        let steps = sides.need(name, log).and_then(|field| steps::list(&field, stand_in(fields), log))?;
        let misfits = steps.iter().filter(|read| !fits_side(read, name, log)).count();
        (misfits == 0).then_some(steps)
    };
    let (image, history) = (side("image", log), side("history", log));
    let (image, history) = (image?, history?);
    let bare = |steps: &[ReadStep]| steps.iter().map(|read| read.step.clone()).collect();
    let sweep = Sweep::Factorial { image: bare(&image), history: bare(&history) };
    let crossed = image.into_iter().chain(history).collect();
    Some(Plan { steps: Vec::new(), crossed, sweep })
}

fn fits_side(read: &ReadStep, side: &str, log: &mut Log<'_>) -> bool {
    let own = if read.card.target == Target::History { "history" } else { "image" };
    if own != side {
        let why = format!("`{}` changes the {own} side", read.card.id);
        log.note(read.at, format!("not a step of the {side} side"), why, format!("move it to `{own}`"));
        return false;
    }
    if read.is_open() {
        let help = format!("e.g. {}: {{level: 3}}", read.card.id);
        log.note(read.at, "a cross fixes its doses", "this step has neither dose nor level", help);
        return false;
    }
    true
}
