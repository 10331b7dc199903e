//! Steps: a name, or a map of one name to what is fixed of it.

use std::collections::BTreeMap;

use bedside_perturbations::{
    Argument, Card, Grading, Level, MODEL_INPUT, Parameter, Setting, Takes, Target,
    catalogue::{self, CATALOGUE, Entry},
};

use super::quantity::{is_share, percent, read_within};
use crate::scenario::Step;
use crate::yaml::{Diagnostic, Field, Fields, Log, Node, Span, Value, alike, parse, quoted, suggest};

/// A step with its place and its operator's card.
#[derive(Debug, Clone)]
pub(super) struct ReadStep {
    pub(super) at: Span,
    pub(super) step: Step,
    pub(super) card: &'static Card,
}

impl ReadStep {
    /// Whether a level is still to be decided.
    pub(super) fn is_open(&self) -> bool {
        is_graded(self.card) && self.step.dose.is_none() && self.step.level.is_none()
    }

    /// Whether the field that it is about is still to be decided.
    pub(super) fn leaves_field_open(&self) -> bool {
        takes_field(self.card) && !self.step.arguments.contains_key(FIELD)
    }
}

/// The parameter that names the field a step is about.
const FIELD: &str = "field";

fn takes_field(card: &Card) -> bool {
    card.parameters.iter().any(|parameter| parameter.name == FIELD && matches!(parameter.takes, Takes::Field))
}

pub(super) fn is_graded(card: &Card) -> bool {
    matches!(card.grading, Grading::Graded { .. })
}

/// Reads one step as it stands in a scenario's list, e.g. `jpeg: {quality: 20}` or `no_image`.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_step(file: &str, text: &str) -> Result<Step, Vec<Diagnostic>> {
    let text = format!("step: {{{}}}", text.trim());
    let document = parse(file, text.as_bytes())?;
    let mut log = document.log();
    let node = document.root.get("step").map(bare_name);
    let read = node.and_then(|node| read(&node, None, &mut log));
    log.finish(read.map(|read| read.step))
}

/// `{name: }` is what a bare name becomes between braces.
fn bare_name(node: &Node) -> Node {
    match &node.value {
        Value::Map(entries) => match entries.as_slice() {
            [(key, Node { value: Value::Null, .. })] => Node { at: key.at, value: Value::Text(key.name.clone()) },
            _ => node.clone(),
        },
        _ => node.clone(),
    }
}

/// Reads a list of steps; `None` if any is wrong. `about` is a field that stands for one that a step leaves open.
pub(super) fn list(field: &Field<'_>, about: Option<&str>, log: &mut Log<'_>) -> Option<Vec<ReadStep>> {
    let items = field.list(log)?;
    let steps: Vec<Option<ReadStep>> = items.iter().map(|item| read(item.node, about, log)).collect();
    steps.into_iter().collect()
}

fn read(node: &Node, about: Option<&str>, log: &mut Log<'_>) -> Option<ReadStep> {
    match &node.value {
        Value::Text(name) => {
            let entry = operator(name, node.at, log)?;
            finish(entry, bare(entry.card), node.at, about, log)
        }
        Value::Map(entries) => match entries.as_slice() {
            [(key, settings)] => {
                let entry = operator(&key.name, key.at, log)?;
                let step = settle(entry.card, settings, log)?;
                finish(entry, step, key.at, about, log)
            }
            _ => {
                let why = format!("this map has {} keys", entries.len());
                log.note(
                    node.at,
                    "a step is one name",
                    why,
                    "indent what it sets below the name: `- jpeg: {quality: 20}`",
                );
                None
            }
        },
        other => {
            let why = format!("this is {}", other.describe());
            log.note(node.at, "a step is a name, or a name and what it sets", why, "e.g. `- jpeg: {quality: 20}`");
            None
        }
    }
}

fn operator(name: &str, at: Span, log: &mut Log<'_>) -> Option<&'static Entry> {
    let found = catalogue::find(name);
    if found.is_none() {
        let ids: Vec<&str> = CATALOGUE.iter().map(|entry| entry.card.id).collect();
        let why = "no perturbation has this name";
        log.note(at, format!("unknown step {}", quoted(name)), why, suggest(name, &ids));
    }
    found
}

/// What a step sets, read against the card. `None` if anything was refused.
fn settle(card: &'static Card, settings: &Node, log: &mut Log<'_>) -> Option<Step> {
    let mut step = bare(card);
    if settings.value == Value::Null {
        return Some(step);
    }
    let names = card.names();
    let mut allowed: Vec<&str> = names.iter().map(String::as_str).collect();
    allowed.extend(is_graded(card).then_some(["dose", "level"]).into_iter().flatten());
    allowed.extend((card.target == Target::Image).then_some(AT));
    let known = known_parameters(card, settings, &allowed, log);
    let fields = Fields::of(settings, "a step", &known, log)?;
    let fine = dose(card, &fields, &mut step, log);
    let mut fine = known.len() == allowed.len() && fine;
    if let Some(field) = fields.get(AT) {
        step.model_input = model_input(&field, log);
        fine &= step.model_input.is_some();
    }
    for parameter in card.parameters {
        if let Some(field) = fields.get(parameter.name) {
            let argument = argument(parameter, &field, log);
            fine &= argument.is_some();
            step.arguments.extend(argument.map(|argument| (parameter.name.to_owned(), argument)));
        }
    }
    fine.then_some(step)
}

/// Notes parameters that the card does not have, and returns the allowed names with those, so that each is noted once.
fn known_parameters<'a>(card: &Card, settings: &'a Node, allowed: &[&'a str], log: &mut Log<'_>) -> Vec<&'a str> {
    let mut known = allowed.to_vec();
    let Value::Map(entries) = &settings.value else { return known };
    for (key, _) in entries {
        if !allowed.iter().any(|name| alike(name, &key.name)) {
            let why = match allowed {
                [] => format!("{} takes no parameters", card.id),
                _ => format!("{} has no such parameter", card.id),
            };
            log.note(key.at, format!("unknown parameter {}", quoted(&key.name)), why, suggest(&key.name, allowed));
            known.push(&key.name);
        }
    }
    known
}

/// The dose under its own name or as `dose`, or else a level. `false` if anything was refused.
fn dose(card: &Card, fields: &Fields<'_>, step: &mut Step, log: &mut Log<'_>) -> bool {
    let Grading::Graded { dose, unit, range, .. } = card.grading else { return true };
    let given: Vec<Field<'_>> = [dose, "dose", "level"].into_iter().filter_map(|name| fields.get(name)).collect();
    let mut fine = true;
    if let [_, second, ..] = given.as_slice() {
        let why = "the dose is fixed already";
        log.note(fields.at(second.name), format!("`{}` is one too many", second.name), why, "keep one of them");
        fine = second.name == dose && dose == "dose";
    }
    for field in given {
        if field.name == "level" {
            step.level = field.whole(1, 5, log).and_then(level);
            fine &= step.level.is_some();
        } else {
            step.dose = read_within(&field, unit, (range.mildest, range.severest), log);
            fine &= step.dose.is_some();
        }
    }
    fine
}

/// Where a step is applied, if not to the photograph as it is.
pub const AT: &str = "at";

/// The one place there is, with the size of it.
pub const MODEL_INPUT_KEY: &str = "model-input";

/// `{model-input: 448}`: the longer side in pixels.
fn model_input(field: &Field<'_>, log: &mut Log<'_>) -> Option<u32> {
    if let Value::Text(text) = &field.node.value {
        let why = if alike(text, MODEL_INPUT_KEY) { "it does not say the size of the input" } else { "not a place" };
        let help = "state the longer side in pixels: `at: {model-input: 448}`";
        log.note(field.node.at, format!("`at: {text}` cannot be used"), why, help);
        return None;
    }
    let fields = Fields::of(field.node, "a place", &[MODEL_INPUT_KEY], log)?;
    let (least, most) = MODEL_INPUT;
    let side = fields.need(MODEL_INPUT_KEY, log)?.whole(least.into(), most.into(), log)?;
    u32::try_from(side).ok()
}

/// A step that fixes nothing.
fn bare(card: &Card) -> Step {
    Step { operator: card.id.into(), dose: None, level: None, arguments: BTreeMap::new(), model_input: None }
}

pub(super) fn level(number: u64) -> Option<Level> {
    u8::try_from(number).ok().and_then(Level::new)
}

fn argument(parameter: &Parameter, field: &Field<'_>, log: &mut Log<'_>) -> Option<Argument> {
    match parameter.takes {
        Takes::Number { unit, min, max } => read_within(field, unit, (min, max), log).map(Argument::Number),
        Takes::Choice(words) => {
            let words: Vec<(&str, &str)> = words.iter().map(|word| (*word, *word)).collect();
            field.choice(&words, log).map(|word| Argument::Text(word.into()))
        }
        Takes::Field => field.text(log).map(|name| Argument::Text(name.replace('-', "_"))),
        Takes::Text => field.text(log).map(Argument::Text),
    }
}

/// Has the operator itself look at the step: required parameters, parameters that exclude each other.
fn finish(entry: &Entry, step: Step, at: Span, about: Option<&str>, log: &mut Log<'_>) -> Option<ReadStep> {
    let level = step.level.or(Level::new(1)).filter(|_| step.dose.is_none());
    let dose = step.dose.or_else(|| level.and_then(|level| entry.card.dose(level)));
    let mut arguments = step.arguments.clone();
    if let Some(name) = about.filter(|_| takes_field(entry.card)) {
        arguments.entry(FIELD.into()).or_insert_with(|| Argument::Text(name.into()));
    }
    match entry.build(&Setting { dose, arguments, model_input: step.model_input }) {
        Ok(_) => Some(ReadStep { at, step, card: entry.card }),
        Err(error) => {
            let allowed: Vec<&str> = error.allowed.iter().map(String::as_str).collect();
            let help = if allowed.is_empty() { String::new() } else { format!("allowed: {}", allowed.join(", ")) };
            log.note(at, format!("`{}` cannot be made", entry.card.id), error.to_string(), help);
            None
        }
    }
}

/// A step as it would be written in a scenario; [`read_step`] reads it back to the same step.
#[must_use]
pub fn step_yaml(step: &Step) -> String {
    let card = catalogue::find(&step.operator).map(|entry| entry.card);
    let dose = step.dose.map(|dose| match card.map(|card| card.grading) {
        Some(Grading::Graded { dose: name, unit, .. }) if is_share(unit) => format!("{name}: {}", written_share(dose)),
        Some(Grading::Graded { dose: name, .. }) => format!("{name}: {dose}"),
        _ => format!("dose: {dose}"),
    });
    let level = step.level.map(|level| format!("level: {}", level.number()));
    let arguments = step.arguments.iter().map(|(name, argument)| match argument {
        Argument::Number(number) => format!("{name}: {number}"),
        Argument::Text(text) => format!("{name}: {}", written_text(text)),
    });
    let at = step.model_input.map(|side| format!("{AT}: {{{MODEL_INPUT_KEY}: {side}}}"));
    let settings: Vec<String> = dose.into_iter().chain(level).chain(arguments).chain(at).collect();
    match settings.is_empty() {
        true => step.operator.clone(),
        false => format!("{}: {{{}}}", step.operator, settings.join(", ")),
    }
}

/// A percentage where it reads back as the same double, or else the plain number.
fn written_share(share: f64) -> String {
    let text = percent(share);
    let same = format!("{text}e-2").parse::<f64>().is_ok_and(|read| read.to_bits() == share.to_bits());
    if same { format!("{text}%") } else { share.to_string() }
}

/// A plain word where it reads back as text, or else text in quotes.
fn written_text(text: &str) -> String {
    let simple =
        text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') && Value::plain(text) == Value::Text(text.into());
    if simple { text.into() } else { serde_json::Value::from(text).to_string() }
}
