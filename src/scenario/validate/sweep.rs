//! What a scenario runs: steps at levels, shares of missing history, or a cross of two sides.

use bedside_perturbations::{Card, Level, Target, Unit, catalogue};

use super::quantity::read_within;
use super::steps::{self, ReadStep, is_graded};
use crate::scenario::Sweep;
use crate::yaml::{Field, Fields, Log, Span};

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
        let omission = matches!(self.sweep, Sweep::Missing(_)).then(|| catalogue::find("leave_k_out")).flatten();
        self.all_steps().map(|read| read.card).chain(omission.map(|entry| entry.card)).collect()
    }

    /// The positions that are tested: level numbers, or shares; none if nothing is swept.
    pub(super) fn positions(&self) -> Vec<f64> {
        match &self.sweep {
            Sweep::Levels(levels) => levels.iter().map(|level| f64::from(level.number())).collect(),
            Sweep::Missing(shares) => shares.clone(),
            Sweep::Once | Sweep::Fields(_) | Sweep::Factorial { .. } => Vec::new(),
        }
    }
}

/// Reads `steps`, `levels`, `missing`, `fields` and `factorial`; `steps` goes with `levels` or `fields`.
pub(super) fn read(fields: &Fields<'_>, log: &mut Log<'_>) -> Option<Plan> {
    let fine = exclude_each_other(fields, log);
    let plan = if fields.get("factorial").is_some() {
        cross(fields, log)
    } else if fields.get("missing").is_some() {
        missing(fields, log)
    } else if fields.get("fields").is_some() {
        each_field(fields, log)
    } else {
        levels(fields, log)
    };
    plan.filter(|_| fine)
}

/// Whether at most one way of sweeping is given; notes those that are too many.
fn exclude_each_other(fields: &Fields<'_>, log: &mut Log<'_>) -> bool {
    let pairs = [
        ("missing", "steps", "`missing` stands for its own step"),
        ("missing", "levels", "the shares are the positions"),
        ("missing", "factorial", "a scenario sweeps one thing"),
        ("factorial", "steps", "the two sides hold the steps"),
        ("factorial", "levels", "a cross fixes its doses"),
        ("fields", "levels", "a scenario sweeps one thing"),
        ("fields", "missing", "a scenario sweeps one thing"),
        ("fields", "factorial", "a scenario sweeps one thing"),
    ];
    let mut fine = true;
    for (one, other, why) in pairs {
        if fields.get(one).is_some() && fields.get(other).is_some() {
            log.note(fields.at(other), format!("`{other}` beside `{one}`"), why, "keep one of them");
            fine = false;
        }
    }
    fine
}

fn levels(fields: &Fields<'_>, log: &mut Log<'_>) -> Option<Plan> {
    let Some(field) = fields.get("steps") else {
        log.note(fields.at, "missing `steps`", "nothing would be changed", "give steps, missing or factorial");
        return None;
    };
    let steps = steps::list(&field, None, log);
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
    let names = names(&fields.get("fields")?, log)?;
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

/// Names of history fields, each once.
fn names(field: &Field<'_>, log: &mut Log<'_>) -> Option<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    for item in field.list(log)? {
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
        let steps = sides.need(name, log).and_then(|field| steps::list(&field, None, log))?;
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
