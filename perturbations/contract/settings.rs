//! Which settings an operator is tried with, and which it must refuse.

use super::{Rule, Sample, Violation, violation};
use crate::catalogue::Entry;
use crate::{Argument, Card, Grading, Level, Parameter, Range, Setting, Takes};

/// What a setting that must be refused says where a word is wanted.
const NO_SUCH: &str = "no_such_thing";

/// Every level (or on) with what is required, and one level with each value of what is optional.
pub(super) fn all(entry: &Entry, panel: &[Sample]) -> Vec<Setting> {
    let mut settings = required(entry, panel);
    let middle = Level::new(3).and_then(|level| entry.card.dose(level));
    let typical = settings.iter().find(|setting| setting.dose == middle).cloned().unwrap_or_default();
    for parameter in entry.card.parameters.iter().filter(|parameter| !parameter.required) {
        settings.extend(values(parameter, panel).into_iter().map(|value| with(&typical, parameter.name, value)));
    }
    settings.retain(|setting| entry.build(setting).is_ok());
    settings
}

/// Every level (or on), with every value of one required parameter at a time.
pub(super) fn required(entry: &Entry, panel: &[Sample]) -> Vec<Setting> {
    let doses: Vec<Option<f64>> = match entry.card.grading {
        Grading::Binary => vec![None],
        Grading::Graded { levels, .. } => levels.map(Some).to_vec(),
    };
    let arguments = required_arguments(entry.card, panel);
    let settings =
        doses.iter().flat_map(|dose| arguments.iter().map(|setting| Setting { dose: *dose, ..setting.clone() }));
    settings.collect()
}

fn required_arguments(card: &Card, panel: &[Sample]) -> Vec<Setting> {
    let wanted: Vec<&Parameter> = card.parameters.iter().filter(|parameter| parameter.required).collect();
    let first = wanted.iter().fold(Setting::default(), |setting, parameter| {
        let value = values(parameter, panel).into_iter().next();
        value.map_or(setting.clone(), |value| with(&setting, parameter.name, value))
    });
    let others = wanted.iter().flat_map(|parameter| {
        values(parameter, panel).into_iter().skip(1).map(|value| with(&first, parameter.name, value))
    });
    core::iter::once(first.clone()).chain(others).collect()
}

/// The values that a parameter is tried with.
fn values(parameter: &Parameter, panel: &[Sample]) -> Vec<Argument> {
    match parameter.takes {
        Takes::Number { min, max, .. } => [min, max].map(Argument::Number).to_vec(),
        Takes::Choice(words) => words.iter().map(|word| Argument::Text((*word).into())).collect(),
        Takes::Text => vec![Argument::Text("some words".into())],
        Takes::Field => {
            let names = panel.iter().map(|sample| &sample.stimulus.history.fields).max_by_key(|fields| fields.len());
            let names = names.into_iter().flatten().map(|field| field.name.clone());
            names.chain([NO_SUCH.to_owned()]).map(Argument::Text).collect()
        }
    }
}

fn with(setting: &Setting, name: &str, value: Argument) -> Setting {
    let mut setting = setting.clone();
    setting.arguments.insert(name.into(), value);
    setting
}

/// Settings are read, written and refused as the card says.
pub(super) fn checked(entry: &Entry, found: &mut Vec<Violation>) {
    let panel = super::panel();
    let allowed = required(entry, &panel);
    if allowed.iter().all(|setting| entry.build(setting).is_err()) {
        found.push(violation(entry, Rule::ChecksSettings, "every setting that the card allows is refused"));
    }
    for setting in allowed.iter().filter(|setting| !survives(setting)) {
        found.push(violation(entry, Rule::SettingSurvives, format!("{setting:?}")));
    }
    let typical = allowed.into_iter().next().unwrap_or_default();
    for setting in wrong(entry.card, &typical).iter().filter(|setting| entry.build(setting).is_ok()) {
        found.push(violation(entry, Rule::ChecksSettings, format!("accepts {setting:?}")));
    }
    for setting in ends(entry.card, &typical).iter().filter(|setting| entry.build(setting).is_err()) {
        found.push(violation(entry, Rule::ChecksSettings, format!("refuses {setting:?}")));
    }
}

fn survives(setting: &Setting) -> bool {
    let text = serde_json::to_string(setting);
    text.is_ok_and(|text| serde_json::from_str::<Setting>(&text).is_ok_and(|read| read == *setting))
}

/// The doses at both ends of the range, which are allowed.
fn ends(card: &Card, typical: &Setting) -> Vec<Setting> {
    match card.grading {
        Grading::Binary => Vec::new(),
        Grading::Graded { range: Range { mildest, severest }, .. } => {
            [mildest, severest].map(|dose| Setting { dose: Some(dose), ..typical.clone() }).to_vec()
        }
    }
}

/// Settings that no card allows.
fn wrong(card: &Card, typical: &Setting) -> Vec<Setting> {
    let mut settings = vec![with(typical, NO_SUCH, Argument::Number(1.0))];
    settings.extend(wrong_doses(card).into_iter().map(|dose| Setting { dose, ..typical.clone() }));
    for parameter in card.parameters {
        settings.extend(wrong_values(parameter).into_iter().map(|value| with(typical, parameter.name, value)));
        if parameter.required {
            let mut without = typical.clone();
            without.arguments.remove(parameter.name);
            settings.push(without);
        }
    }
    settings
}

fn wrong_doses(card: &Card) -> Vec<Option<f64>> {
    match card.grading {
        Grading::Binary => vec![Some(1.0)],
        Grading::Graded { range: Range { mildest, severest }, .. } => {
            let beyond = (severest - mildest) / 100.0;
            vec![None, Some(f64::NAN), Some(f64::INFINITY), Some(mildest - beyond), Some(severest + beyond)]
        }
    }
}

fn wrong_values(parameter: &Parameter) -> Vec<Argument> {
    match parameter.takes {
        Takes::Number { min, max, .. } => {
            vec![Argument::Number(min - 1.0), Argument::Number(max + 1.0), Argument::Text(NO_SUCH.into())]
        }
        Takes::Choice(_) => vec![Argument::Text(NO_SUCH.into()), Argument::Number(1.0)],
        Takes::Field | Takes::Text => vec![Argument::Number(1.0)],
    }
}
