//! JSON Schemas of everything that people write by hand, for editors.
//!
//! Those of scenarios and suites are made from the same lists that the readers use, and from the catalogue, so that an
//! editor completes the names of steps and of their parameters. The others are derived from the types.

use bedside_perturbations::{Card, Grading, MODEL_INPUT, Parameter, Takes, Target, Unit, catalogue::CATALOGUE};
use serde_json::{Map, Value, json};

use crate::case::Case;
use crate::cohort::Sheet;
use crate::mapping;
use crate::protocol::Protocol;
use crate::scenario::hazard::{self, SEVERITY_WORDS, Severity};
use crate::scenario::metric_names::METRICS;
use crate::scenario::validate::{
    AT, DIRECTIONS, DONOR_WORDS, EXPECT_WORDS, FOIL_WORDS, MODALITY_WORDS, MODEL_INPUT_KEY, NECESSITY_WORDS,
    SIGN_WORDS, is_share, unit_words,
};

/// What a schema can be asked for.
pub const NAMES: &[&str] = &["scenario", "suite", "protocol", "hazards", "case", "cohort", "mapping"];

/// The dialect of all schemas.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schema of that name; `None` if there is none. `case` is one line of `cases.jsonl`, `cohort` is `cohort.yaml`.
#[must_use]
pub fn schema(name: &str) -> Option<Value> {
    match name {
        "scenario" => Some(scenario()),
        "suite" => Some(suite()),
        "hazards" => Some(hazards()),
        "protocol" => Some(schemars::schema_for!(Protocol).to_value()),
        "case" => Some(schemars::schema_for!(Case).to_value()),
        "cohort" => Some(schemars::schema_for!(Sheet).to_value()),
        "mapping" => Some(mapping()),
        _ => None,
    }
}

/// A schema as it is printed and committed: indented, with a line feed at the end.
#[must_use]
pub fn printed(schema: &Value) -> String {
    format!("{schema:#}\n")
}

/// An object with exactly these keys, some of them required.
fn object(properties: Value, required: &[&str]) -> Value {
    let rules = json!({"type": "object", "required": required, "additionalProperties": false});
    with(rules, "properties", properties)
}

/// The schema with one more rule.
fn with(mut schema: Value, rule: &str, value: impl Into<Value>) -> Value {
    if let Value::Object(rules) = &mut schema {
        rules.insert(rule.into(), value.into());
    }
    schema
}

fn text(description: &str) -> Value {
    json!({"type": "string", "minLength": 1, "description": description})
}

fn words(words: &[&str], description: &str) -> Value {
    json!({"enum": words, "description": description})
}

fn names<T>(pairs: &[(&'static str, T)]) -> Vec<&'static str> {
    pairs.iter().map(|(name, _)| *name).collect()
}

/// One of it, or a list of it.
fn some(item: &Value) -> Value {
    json!({"anyOf": [item, {"type": "array", "items": item, "minItems": 1}]})
}

fn id(description: &str) -> Value {
    json!({"type": "string", "pattern": "^[a-z0-9]+([-_][a-z0-9]+)*$", "maxLength": 64, "description": description})
}

fn format() -> Value {
    json!({"const": 1, "description": "The format's version."})
}

fn scenario() -> Value {
    let level = json!({"type": "integer", "minimum": 1, "maximum": 5});
    let steps = json!({"type": "array", "items": {"$ref": "#/$defs/step"}, "minItems": 1});
    let some_or_none = json!({"anyOf": [{"const": "none"}, steps]});
    let side = |side: &str| json!({"allOf": [steps], "description": format!("Steps of the {side} side; every dose is fixed.")});
    let properties = json!({
        "format": format(),
        "id": id("Lower-case words joined by `-`; the stem of the file."),
        "claim": text("One sentence that is true or false."),
        "expect": expect(),
        "gate": {"type": "boolean", "description": "A control of the instrument: judged and shown first, never a harm."},
        "hazard": hazard(),
        "cause": text("How what is done here leads to the hazard: this scenario's part of the sequence of events."),
        "select": select(),
        "on": {
            "anyOf": [
                {"enum": ["all", "one"]},
                {"type": "integer", "minimum": 0},
                {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 1}
            ],
            "description": "Which photographs are changed: all, one at random, or these, counted from 0."
        },
        "steps": with(some_or_none, "description", "What is done, in order; `none` where the control's own repeats are compared."),
        "levels": {"allOf": [some(&level)], "description": "Levels of the steps that fix no dose; all five if left out."},
        "missing": {"allOf": [some(&json!({"$ref": "#/$defs/share"}))], "description": "Nested shares of the history that go missing; instead of steps."},
        "fields": {
            "type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1,
            "description": "Names of history fields, one after the other: each stands for the field that the steps leave open."
        },
        "groups": {
            "type": "object", "minProperties": 2,
            "additionalProperties": some(&json!({"type": "string", "minLength": 1})),
            "description": "Groups of history fields by name. Each coalition of them is told by itself, beside the photographs: \
                            what each group brings is measured (leave-one-out, add-one-in, Shapley). Instead of steps."
        },
        "orders": {
            "type": "integer", "minimum": 2, "maximum": 10000,
            "description": "How many orders are drawn in which groups join; every coalition is asked if left out."
        },
        "factorial": {
            "allOf": [object(json!({"image": side("image"), "history": side("history")}), &["image", "history"])],
            "description": "Image steps crossed with history steps on the same case; instead of steps."
        },
        "interaction": words(&names(SIGN_WORDS), "Whether the sides of the cross are expected to do more together than their sum, or less."),
        "donor": object(json!({"diagnosis": words(&names(DONOR_WORDS), "Whose photographs or history are swapped in.")}), &["diagnosis"]),
        "foil": object(json!({"rule": words(&names(FOIL_WORDS), "How the wrong diagnosis is chosen.")}), &["rule"]),
        "field": words(&names(NECESSITY_WORDS), "How much the field matters to the case's diagnosis that steps are about which leave their field open; the plan names one for each case, from the cohort's necessity table."),
        "accept": {"type": "array", "items": accept(), "minItems": 1, "description": "Bounds. All must hold; any may break."},
        "override": text("Why more is demanded than an operator's oracle allows."),
        "references": some(&text("Where the claim and its bounds come from."))
    });
    let schema = object(properties, &["format", "id", "claim", "expect"]);
    let schema = titled(
        schema,
        "scenario",
        "What may go wrong with a case, what a dependable model then does, and the accepted bound.",
    );
    with(schema, "$defs", json!({"share": share(), "step": step(), "place": place()}))
}

/// The schema of a whole file.
fn titled(schema: Value, name: &str, description: &str) -> Value {
    let schema = with(schema, "$schema", DIALECT);
    with(with(schema, "title", format!("Bedside {name}")), "description", description)
}

fn expect() -> Value {
    let directions: Map<String, Value> =
        DIRECTIONS.iter().map(|(name, word)| ((*name).to_owned(), json!({"const": word}))).collect();
    let directions = with(object(directions.into(), &[]), "minProperties", 1);
    json!({
        "anyOf": [{"enum": EXPECT_WORDS}, object(json!({"directional": directions}), &["directional"])],
        "description": "What a dependable model does."
    })
}

fn select() -> Value {
    let stratum = json!({"type": ["string", "number", "boolean"]});
    let select = object(
        json!({
            "modality": some(&words(&names(MODALITY_WORDS), "What took the photograph.")),
            "strata": {"type": "object", "additionalProperties": some(&stratum), "description": "e.g. skin_tone: [V, VI]"},
            "dangerous": {"type": "boolean", "description": "Only cases whose truth is (not) dangerous."},
            "urgent": {"type": "boolean", "description": "Only cases that are (not) urgent."}
        }),
        &[],
    );
    with(select, "description", "Which cases it is about.")
}

/// What a scenario says under `hazard`: a built-in one by its id, or its own.
fn hazard() -> Value {
    let ids: Vec<&str> = hazard::embedded().iter().map(|hazard| hazard.id.as_str()).collect();
    json!({
        "anyOf": [{"enum": ids}, described_hazard()],
        "description": "The hazard that it is about: the id of a built-in one, or one described here."
    })
}

fn described_hazard() -> Value {
    let meanings: Vec<String> =
        SEVERITY_WORDS.iter().map(|(word, severity)| format!("{word}: {}", Severity::meaning(*severity))).collect();
    object(
        json!({
            "id": id("Lower-case words joined by `-`."),
            "hazard": text("The potential source of harm."),
            "sequence": text("The foreseeable events that lead from it to the hazardous situation."),
            "situation": text("The circumstances in which a patient is exposed."),
            "harm": text("What may then happen to the patient."),
            "severity": words(&names(SEVERITY_WORDS), &meanings.join("; "))
        }),
        hazard::KEYS,
    )
}

fn hazards() -> Value {
    let list = json!({"type": "array", "items": described_hazard(), "minItems": 1});
    let schema = object(json!({"format": format(), "hazards": list}), &["format", "hazards"]);
    titled(schema, "hazards", "What may harm a patient, in the words of ISO 14971.")
}

fn share() -> Value {
    json!({
        "anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, {"type": "string", "pattern": "^[0-9]+(\\.[0-9]+)? *%$"}],
        "description": "A share: 10% or 0.1."
    })
}

/// A bound: a map of one metric.
fn accept() -> Value {
    let share = json!({"$ref": "#/$defs/share"});
    accept_at(
        &json!({"anyOf": [{"type": "integer", "minimum": 1, "maximum": 5}, share], "description": "A tested level or share."}),
    )
}

/// A bound whose positions are written so.
fn accept_at(position: &Value) -> Value {
    let share = json!({"$ref": "#/$defs/share"});
    let bound = object(
        json!({
            "at-most": share,
            "at-least": share,
            "up-to": position,
            "from": position,
            "among": {"type": "string", "pattern": "^(urgent|dangerous|[^=]+=[^=]+)$", "description": "urgent, dangerous, or a stratum such as skin_tone=V-VI"},
            "on": words(&["shift", "treated", "retest"], "The shift from control to treated, how the treated arm itself performs, or (with `steps: none`) the shift from the control's first repeat to its second."),
            "net": {"type": "boolean", "description": "Subtract the noise floor first."},
            "because": text("Why this much is acceptable.")
        }),
        &[],
    );
    let metric = |counts: &str| with(bound.clone(), "description", counts);
    let metrics: Map<String, Value> = METRICS.iter().map(|name| (name.id.to_owned(), metric(name.counts))).collect();
    one_of(metrics)
}

/// A map of exactly one of these keys.
fn one_of(properties: Map<String, Value>) -> Value {
    with(with(object(properties.into(), &[]), "minProperties", 1), "maxProperties", 1)
}

/// Where a step is applied, if not to the photograph as it is.
fn place() -> Value {
    let (least, most) = MODEL_INPUT;
    let side = json!({
        "type": "integer", "minimum": least, "maximum": most,
        "description": "Photographs are shrunk first, so that their longer side has at most so many pixels."
    });
    let sides = Map::from_iter([(MODEL_INPUT_KEY.to_owned(), side)]);
    let place = object(sides.into(), &[MODEL_INPUT_KEY]);
    with(place, "description", "At the size of a model's input, for corruptions that are counted in pixels.")
}

/// A step: a name, or a map of one name to what it sets; names in both spellings.
fn step() -> Value {
    let mut bare = Vec::new();
    let mut set = Map::new();
    for card in CATALOGUE.iter().map(|entry| entry.card) {
        let hyphens = card.id.replace('_', "-");
        let spellings = [Some(card.id.to_owned()), (hyphens != card.id).then_some(hyphens)];
        for name in spellings.into_iter().flatten() {
            // A sweep over fields stands in for a field that a step has to name.
            if card.parameters.iter().all(|p| !p.required || matches!(p.takes, Takes::Field)) {
                bare.push(name.clone());
            }
            set.insert(name, settings(card));
        }
    }
    json!({"anyOf": [{"enum": bare}, one_of(set)], "description": "A perturbation, by name or with what is fixed of it."})
}

fn settings(card: &Card) -> Value {
    let mut properties = Map::new();
    if let Grading::Graded { dose, unit, range, .. } = card.grading {
        let quantity = quantity(unit, range.mildest.min(range.severest), range.mildest.max(range.severest));
        properties.insert(dose.into(), quantity.clone());
        properties.insert("dose".into(), quantity);
        properties.insert("level".into(), json!({"type": "integer", "minimum": 1, "maximum": 5}));
    }
    for parameter in card.parameters {
        properties.insert(parameter.name.into(), takes(parameter));
    }
    if card.target == Target::Image {
        properties.insert(AT.into(), json!({"$ref": "#/$defs/place"}));
    }
    let required: Vec<&str> = card.parameters.iter().filter(|p| p.required).map(|p| p.name).collect();
    with(object(properties.into(), &required), "description", format!("{}: {}", card.title, card.imitates))
}

fn quantity(unit: Unit, low: f64, high: f64) -> Value {
    let number = json!({"type": "number", "minimum": low, "maximum": high});
    match is_share(unit) {
        true => {
            json!({"anyOf": [number, {"type": "string", "pattern": "^[0-9]+(\\.[0-9]+)? *%$"}], "description": unit_words(unit)})
        }
        false => json!({"type": "number", "minimum": low, "maximum": high, "description": unit_words(unit)}),
    }
}

fn takes(parameter: &Parameter) -> Value {
    match parameter.takes {
        Takes::Number { unit, min, max } => quantity(unit, min, max),
        Takes::Choice(choice) => words(choice, parameter.doc),
        Takes::Field | Takes::Text => text(parameter.doc),
    }
}

fn suite() -> Value {
    let count =
        |description: &str| json!({"type": "integer", "minimum": 1, "maximum": 100, "description": description});
    let name = json!({"type": "string", "minLength": 1});
    let properties = json!({
        "format": format(),
        "id": id("The stem of the file."),
        "title": text("What the suite is for, in one sentence."),
        "notes": text("What whoever runs it has to know: how many patients it wants, what it leaves out."),
        "scenarios": {"type": "array", "items": name, "minItems": 1, "description": "Ids of built-in scenarios, or paths."},
        "cases": text("The cases, e.g. phantom:240 or a cohort's folder."),
        "model": text("The model, e.g. reference."),
        "protocol": text("A protocol's id or path."),
        "repeats": count("Control repeats: the control and its retests; 2 or more measure the model's own unrest."),
        "draws": count("Draws of every treated arm."),
        "seed": {"type": "integer", "minimum": 0, "description": "The root seed."}
    });
    let schema = object(properties, &["format", "id", "title", "scenarios"]);
    titled(schema, "suite", "Which scenarios are run, on what.")
}

fn mapping() -> Value {
    let column = |what: &str| json!({"type": ["string", "number"], "description": what});
    let says = |what: &str| {
        let of_column = object(json!({"column": column("A column that says it.")}), &["column"]);
        json!({"anyOf": [{"type": ["string", "number"]}, of_column], "description": what})
    };
    let cells = some(&json!({"type": ["string", "number", "boolean"]}));
    let list = |item: Value, what: &str| json!({"type": "array", "items": item, "minItems": 1, "description": what});
    let properties = json!({
        "format": format(),
        "id": id("Lower-case words joined by `-`."),
        "title": text("What the answers are, in one sentence."),
        "data": mapped_data(),
        "case": with(some(&column("")), "description", "The columns that together name a case."),
        "patient": with(some(&column("")), "description", "Those that name a patient; a case is one if left out."),
        "strata": {"type": "object", "additionalProperties": column(""), "description": "Groups of cases: name: column."},
        "missing": with(cells.clone(), "description", "Cells that mean that no answer came; the empty one if left out."),
        "arms": list(mapped_arm(&says, &cells), "Which rows belong to which arm; a row belongs to exactly one."),
        "answers": list(mapped_answer(&column, &says), "Where in a row the answers stand."),
        "readers": list(
            object(
                json!({"id": text("The id."), "title": text("The name as printed."), "kind": words(
                    &names(mapping::READER_WORDS),
                    "panel: several people, others for each version of a case."
                )}),
                &["id"],
            ),
            "Who answered.",
        ),
        "questions": list(mapped_question(&cells), "What was asked."),
        "scenarios": list(mapped_scenario(), "What was changed, and what is claimed of it.")
    });
    let required = ["format", "id", "title", "data", "case", "arms", "answers", "readers", "questions", "scenarios"];
    let schema = object(properties, &required);
    let schema = titled(schema, "mapping", "How a table of answers that exist already is read, and what is claimed.");
    with(schema, "$defs", json!({"share": share()}))
}

fn mapped_data() -> Value {
    let notes = some(&text("To be said wherever its numbers are shown."));
    object(
        json!({
            "name": text("The name of the table."),
            "licence": text("Its licence."),
            "citation": text("How to cite it."),
            "synthetic": {"type": "boolean", "description": "Whether every case is invented."},
            "notes": notes
        }),
        &["name", "licence", "synthetic"],
    )
}

fn mapped_arm(says: &dyn Fn(&str) -> Value, cells: &Value) -> Value {
    object(
        json!({
            "arm": words(&names(mapping::ARM_WORDS), "The part it plays."),
            "scenario": says("The scenario of a treated arm."),
            "level": says("The level."),
            "draw": says("The repeat or draw."),
            "when": {"type": "object", "additionalProperties": cells, "description": "column: the words of its cells."}
        }),
        &["arm"],
    )
}

fn mapped_answer(column: &dyn Fn(&str) -> Value, says: &dyn Fn(&str) -> Value) -> Value {
    object(
        json!({
            "answer": column("The column of the answer."),
            "reader": says("Who gave it."),
            "question": says("What was asked."),
            "rater": says("Which person of a panel gave it."),
            "draw": says("The repeat or draw, where not the arm says it."),
            "probability": column("The column of its stated probability, 0 to 1."),
            "truth": column("The column of the right answer."),
            "planted": column("The column of the wrong answer that was planted."),
            "status": column("The column that says ok, failed, refused, truncated or unreadable.")
        }),
        &["answer", "reader", "question"],
    )
}

fn mapped_question(cells: &Value) -> Value {
    object(
        json!({
            "id": {"type": ["string", "number"], "description": "The id."},
            "title": text("The question in words."),
            "kind": words(mapping::KIND_WORDS, "What an answer looks like."),
            "yes": with(cells.clone(), "description", "Words for yes."),
            "no": with(cells.clone(), "description", "Words for no."),
            "words": with(cells.clone(), "description", "The words of a choice; any if left out."),
            "nearest": {"type": "number", "exclusiveMinimum": 0, "description": "Numbers are rounded to multiples of it."}
        }),
        &["id", "kind"],
    )
}

fn mapped_scenario() -> Value {
    object(
        json!({
            "id": id("The id."),
            "claim": text("One sentence that is true or false."),
            "expect": words(EXPECT_WORDS, "What a dependable reader does."),
            "hazard": hazard(),
            "cause": text("How the change leads to the hazard."),
            "changes": words(&names(mapping::SHOWN_WORDS), "What it touches; history if left out."),
            "positive-control": {"type": "boolean", "description": "The strongest change: whom it does not move does not use it."},
            "levels": some(&json!({"type": "number"})),
            "accept": {"type": "array", "items": accept_at(&json!({"type": "number"})), "minItems": 1, "description": "Bounds. All must hold; any may break."},
            "references": some(&text("Where the claim and its bounds come from."))
        }),
        &["id", "claim", "expect"],
    )
}

/// A closed list of words, for types that live where no schema is known.
macro_rules! word_schema {
    ($($(#[$doc:meta])* $name:ident: $words:expr;)*) => {$(
        $(#[$doc])*
        pub(crate) fn $name(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
            schemars::json_schema!({"enum": $words})
        }
    )*};
}

word_schema! {
    /// The words of a photograph's view.
    view: VIEWS;
    /// The words of a photograph's modality.
    modality: names(MODALITY_WORDS);
}

/// The words of a photograph's view.
const VIEWS: &[&str] = &["close", "regional", "oblique", "poor"];

/// The words of a history field's kind.
const KINDS: &[&str] = &[
    "age",
    "sex",
    "site",
    "side",
    "duration",
    "evolution",
    "symptom",
    "severity",
    "diameter",
    "drug",
    "dose",
    "allergy",
    "past-history",
    "family-history",
    "exposure",
    "travel",
    "contact",
    "occupation",
    "prior-treatment",
    "lab",
    "vital-sign",
    "prior-diagnosis",
    "impression",
    "other",
];

/// A history: fields and a note.
pub(crate) fn history(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    let value = json!({
        "type": ["string", "null"],
        "description": "yes, no, unknown, or what was stated; null where nothing is told."
    });
    let field = object(
        json!({"name": text("Snake case, e.g. duration."), "kind": {"enum": KINDS}, "value": value}),
        &["name", "kind", "value"],
    );
    schemars::json_schema!({
        "type": "object",
        "properties": {"fields": {"type": "array", "items": field}, "note": {"type": ["string", "null"]}}
    })
}

#[cfg(test)]
mod tests;
