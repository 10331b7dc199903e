//! A scenario file: from YAML to the typed form, with everything that is wrong with it, where, and the way out.
//!
//! Two passes. The first reads each key by itself; the second compares keys with each other and with the cards of the
//! operators: donors and foils, levels that are bounded but not tested, demands beyond what an operator's oracle allows.

mod accept;
mod demand;
mod quantity;
mod steps;
mod sweep;

use bedside_perturbations::{Modality, Needs, On, Target};

use crate::necessity::Necessity;

use super::{Directions, DonorRule, Expect, FoilRule, Scenario, Select, Sign, hazard};
use crate::yaml::{Diagnostic, Field, Fields, Log, Value, format_is_1, nearest, parse};

pub use accept::{KEYS as ACCEPT_KEYS, of_levels as bounds};
pub use quantity::{is_share, show, unit_words};
pub use steps::{AT, MODEL_INPUT_KEY, read_step, step_yaml};
pub use sweep::FACTORIAL_KEYS;

use steps::ReadStep;
use sweep::Plan;

/// The keys of a scenario.
pub const KEYS: &[&str] = &[
    "format",
    "id",
    "claim",
    "expect",
    "gate",
    "hazard",
    "cause",
    "select",
    "on",
    "steps",
    "levels",
    "missing",
    "fields",
    "groups",
    "orders",
    "factorial",
    "interaction",
    "donor",
    "foil",
    "field",
    "accept",
    "override",
    "references",
];
/// The keys of `select`.
pub const SELECT_KEYS: &[&str] = &["modality", "strata", "dangerous", "urgent"];
/// The keys of `expect: {directional: …}`, each with the one word that it takes.
pub const DIRECTIONS: &[(&str, &str)] =
    &[("triage", "not-lower"), ("must-not-miss", "kept"), ("confidence", "not-higher")];
/// The words that `expect` takes.
pub const EXPECT_WORDS: &[&str] = &["invariant", "abstain", "challenge", "measure-only"];
/// The words of `donor: {diagnosis: …}`.
pub const DONOR_WORDS: &[(&str, DonorRule)] =
    &[("different", DonorRule::Different), ("same", DonorRule::Same), ("any", DonorRule::Any)];
/// The words of `interaction`.
pub const SIGN_WORDS: &[(&str, Sign)] = &[("more", Sign::More), ("less", Sign::Less)];
/// The words of `foil: {rule: …}`.
pub const FOIL_WORDS: &[(&str, FoilRule)] = &[
    ("nearest", FoilRule::Nearest),
    ("random", FoilRule::Random),
    ("dangerous-to-benign", FoilRule::DangerousToBenign),
];
/// The words of `field`.
pub const NECESSITY_WORDS: &[(&str, Necessity)] =
    &[("decisive", Necessity::Decisive), ("supportive", Necessity::Supportive), ("irrelevant", Necessity::Irrelevant)];
/// The words of `select: {modality: …}`.
pub const MODALITY_WORDS: &[(&str, Modality)] =
    &[("clinical-photo", Modality::ClinicalPhoto), ("dermoscopy", Modality::Dermoscopy)];

/// Reads a scenario.
///
/// # Errors
/// Everything that is wrong with the file, in its order.
pub fn scenario(file: &str, bytes: &[u8]) -> Result<Scenario, Vec<Diagnostic>> {
    let document = parse(file, bytes)?;
    let mut log = document.log();
    if !format_is_1(&document.root, &mut log) {
        return Err(log.into_problems());
    }
    let scenario = Fields::of(&document.root, "a scenario", KEYS, &mut log).and_then(|fields| read(&fields, &mut log));
    log.finish(scenario)
}

fn read(fields: &Fields<'_>, log: &mut Log<'_>) -> Option<Scenario> {
    let id = fields.need("id", log).and_then(|field| slug(&field, log));
    let claim = fields.need("claim", log).and_then(|field| field.text(log));
    let expect = fields.need("expect", log).and_then(|field| expect(&field, log));
    let gate = fields.get("gate").and_then(|field| field.truth(log)).unwrap_or(false);
    let hazard = fields.get("hazard").and_then(|field| hazard::of_scenario(&field, log));
    let cause = fields.get("cause").and_then(|field| field.text(log));
    let select = fields.get("select").map(|field| select(&field, log)).unwrap_or_default();
    let on = fields.get("on").and_then(|field| photographs(&field, log)).unwrap_or_default();
    let plan = sweep::read(fields, log);
    let interaction = fields.get("interaction").and_then(|field| declared(&field, fields, log));
    let donor = fields.get("donor").and_then(|field| rule(&field, "diagnosis", "a donor rule", DONOR_WORDS, log));
    let foil = fields.get("foil").and_then(|field| rule(&field, "rule", "a foil rule", FOIL_WORDS, log));
    let field = fields.get("field").and_then(|field| field.choice(NECESSITY_WORDS, log));
    let override_reason = fields.get("override").and_then(|field| field.text(log));
    let references = fields.get("references").map(|field| texts(&field, log)).unwrap_or_default();
    let judged = expect.clone().unwrap_or(Expect::MeasureOnly);
    let accept = accept::read(fields, &judged, plan.as_ref(), donor.unwrap_or_default(), log);
    let (expect, plan) = (expect?, plan?);
    check_rules(fields, &plan, log);
    check_field(fields, &plan, log);
    check_photographs(fields, &plan, log);
    if fields.get("override").is_none() {
        demand::check(&expect, &select, &plan, &accept, fields.at("expect"), log);
    }
    Some(Scenario {
        id: id?,
        claim: claim?,
        expect,
        gate,
        hazard,
        cause,
        select,
        on,
        steps: plan.steps.into_iter().map(|read| read.step).collect(),
        sweep: plan.sweep,
        interaction,
        donor: donor.unwrap_or_default(),
        foil: foil.unwrap_or_default(),
        field,
        accept,
        references,
        override_reason,
    })
}

/// An id: lower-case words joined by `-`, at most 64 characters; `_` reads as `-`.
pub(crate) fn slug(field: &Field<'_>, log: &mut Log<'_>) -> Option<String> {
    let id = field.word(log)?.replace('_', "-");
    let word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    if id.len() <= 64 && id.split('-').all(word) {
        return Some(id);
    }
    let why = "lower-case letters and digits, joined by `-`, at most 64";
    log.note(field.node.at, format!("`{}` is not an id", field.name), why, "e.g. phone-defocus");
    None
}

/// The declared sign of an interaction, which only a factorial has.
fn declared(field: &Field<'_>, fields: &Fields<'_>, log: &mut Log<'_>) -> Option<Sign> {
    if fields.get("factorial").is_none() {
        let why = "only a factorial crosses two sides";
        log.note(field.node.at, "`interaction` without `factorial`", why, "leave it out");
        return None;
    }
    field.choice(SIGN_WORDS, log)
}

fn texts(field: &Field<'_>, log: &mut Log<'_>) -> Vec<String> {
    field.items().iter().filter_map(|item| item.text(log)).collect()
}

fn expect(field: &Field<'_>, log: &mut Log<'_>) -> Option<Expect> {
    match &field.node.value {
        Value::Map(_) => {
            let fields = Fields::of(field.node, "an expectation", &["directional"], log)?;
            Some(Expect::Directional(directions(&fields.need("directional", log)?, log)?))
        }
        Value::Text(text) if text == "directional" => {
            let why = "it does not say what may not move";
            log.note(field.node.at, "a direction is missing", why, "e.g. expect: {directional: {triage: not-lower}}");
            None
        }
        Value::Text(text) if nearest(text, &["directional"]).is_some() => {
            log.note(field.node.at, "unknown word", "not an expectation", "did you mean `directional: {…}`?");
            None
        }
        _ => {
            let meanings = [Expect::Invariant, Expect::Abstain, Expect::Challenge, Expect::MeasureOnly];
            let words: Vec<(&str, Expect)> = EXPECT_WORDS.iter().copied().zip(meanings).collect();
            field.choice(&words, log)
        }
    }
}

fn directions(field: &Field<'_>, log: &mut Log<'_>) -> Option<Directions> {
    let names: Vec<&str> = DIRECTIONS.iter().map(|(name, _)| *name).collect();
    let fields = Fields::of(field.node, "a direction", &names, log)?;
    let mut given = |index: usize| {
        let (name, word) = DIRECTIONS.get(index)?;
        fields.get(name)?.choice(&[(*word, true)], log)
    };
    let (triage, kept, confidence) = (given(0), given(1), given(2));
    if names.iter().all(|name| fields.get(name).is_none()) {
        let help = "e.g. {triage: not-lower}";
        log.note(field.node.at, "no direction is given", "nothing would be expected", help);
        return None;
    }
    Some(Directions {
        triage_not_lower: triage.unwrap_or(false),
        must_not_miss_kept: kept.unwrap_or(false),
        confidence_not_higher: confidence.unwrap_or(false),
    })
}

fn select(field: &Field<'_>, log: &mut Log<'_>) -> Select {
    let Some(fields) = Fields::of(field.node, "a selection", SELECT_KEYS, log) else { return Select::default() };
    let modality = fields.get("modality").map(|field| field.items()).unwrap_or_default();
    let modality = modality.iter().filter_map(|item| item.choice(MODALITY_WORDS, log)).collect();
    let mut select = Select {
        modality,
        dangerous: fields.get("dangerous").and_then(|field| field.truth(log)),
        urgent: fields.get("urgent").and_then(|field| field.truth(log)),
        ..Select::default()
    };
    let Some(strata) = fields.get("strata") else { return select };
    let Value::Map(entries) = &strata.node.value else {
        let why = format!("this is {}", strata.node.value.describe());
        log.note(strata.node.at, "`strata` is a map", why, "e.g. strata: {skin_tone: [V, VI]}");
        return select;
    };
    for (key, node) in entries {
        let values = Field { name: &key.name, node }.items();
        let values: Vec<String> = values.iter().filter_map(|value| value.word(log)).collect();
        select.strata.insert(key.name.clone(), values);
    }
    select
}

/// `all`, `one`, a photograph's number or a list of numbers.
fn photographs(field: &Field<'_>, log: &mut Log<'_>) -> Option<On> {
    match &field.node.value {
        Value::Text(_) => field.choice(&[("all", On::All), ("one", On::One)], log),
        Value::Number(_) | Value::List(_) => {
            let items =
                field.list(log).or_else(|| matches!(field.node.value, Value::Number(_)).then(|| field.items()))?;
            let numbers: Vec<u64> = items.iter().filter_map(|item| item.whole(0, 63, log)).collect();
            Some(On::These(numbers.into_iter().filter_map(|number| usize::try_from(number).ok()).collect()))
        }
        _ => {
            field.refuse("all, one, or the numbers of photographs counted from 0", log);
            None
        }
    }
}

/// A map of one key that takes one of a few words.
fn rule<T: Clone>(
    field: &Field<'_>,
    key: &str,
    owner: &'static str,
    words: &[(&str, T)],
    log: &mut Log<'_>,
) -> Option<T> {
    let fields = Fields::of(field.node, owner, &[key], log)?;
    fields.need(key, log)?.choice(words, log)
}

/// A step that needs a donor or foil needs its rule, and a rule needs such a step.
fn check_rules(fields: &Fields<'_>, plan: &Plan, log: &mut Log<'_>) {
    let rules = [
        (Needs::Donor, "donor", "a donor", "e.g. donor: {diagnosis: different}"),
        (Needs::Foil, "foil", "a foil", "e.g. foil: {rule: nearest}"),
    ];
    for (needs, key, article, help) in rules {
        let needy = plan.all_steps().find(|read| read.card.needs == needs);
        match (needy, fields.get(key)) {
            (Some(ReadStep { at, card, .. }), None) => {
                let why = format!("{} needs {article}; say how it is chosen", card.id);
                log.note(*at, format!("missing `{key}`"), why, help);
            }
            (None, Some(_)) => {
                let why = format!("no step needs {article}");
                log.note(fields.at(key), format!("`{key}` without use"), why, "leave it out");
            }
            _ => {}
        }
    }
}

/// `field` says which field a step is about, so some step must leave its field open.
fn check_field(fields: &Fields<'_>, plan: &Plan, log: &mut Log<'_>) {
    if fields.get("field").is_some() && !plan.all_steps().any(ReadStep::leaves_field_open) {
        let why = "no step leaves open which field of the history it is about";
        log.note(fields.at("field"), "`field` without use", why, "leave it out");
    }
}

/// `on` says which photographs are changed, so some step must change photographs.
fn check_photographs(fields: &Fields<'_>, plan: &Plan, log: &mut Log<'_>) {
    if fields.get("on").is_some() && plan.all_steps().all(|read| read.card.target != Target::Image) {
        log.note(fields.at("on"), "`on` without use", "no step changes the pixels of a photograph", "leave it out");
    }
}

#[cfg(test)]
mod tests;
