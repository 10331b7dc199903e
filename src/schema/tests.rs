use bedside_perturbations::{Field, Kind, Modality, View};
use serde_json::{Value, json};

use super::{KINDS, NAMES, VIEWS, schema};
use crate::library::{self, PROTOCOLS, SCENARIOS, SUITES};
use crate::scenario::validate::{ACCEPT_KEYS, FACTORIAL_KEYS, KEYS, MODALITY_WORDS, SELECT_KEYS};
use crate::yaml::{self, Node};

/// The part of JSON Schema that our schemas use; the first complaint, if any.
fn complaint(root: &Value, schema: &Value, value: &Value) -> Option<String> {
    let rules = schema.as_object()?;
    for (rule, wanted) in rules {
        let broken = match (rule.as_str(), value) {
            ("$ref", _) => {
                let pointer = wanted.as_str().unwrap().trim_start_matches('#');
                complaint(root, root.pointer(pointer).expect("the reference leads somewhere"), value)
            }
            ("const", _) => (wanted != value).then(|| format!("{value} is not {wanted}")),
            ("enum", _) => (!wanted.as_array().unwrap().contains(value)).then(|| format!("{value} is not in {wanted}")),
            ("type", _) => (!is_of_type(wanted, value)).then(|| format!("{value} is not of type {wanted}")),
            ("minimum", Value::Number(n)) => (n.as_f64() < wanted.as_f64()).then(|| format!("{n} < {wanted}")),
            ("maximum", Value::Number(n)) => (n.as_f64() > wanted.as_f64()).then(|| format!("{n} > {wanted}")),
            ("anyOf", _) => {
                let all: Vec<String> =
                    wanted.as_array().unwrap().iter().map_while(|s| complaint(root, s, value)).collect();
                (all.len() == wanted.as_array().unwrap().len()).then(|| all.join("; "))
            }
            ("allOf", _) => wanted.as_array().unwrap().iter().find_map(|s| complaint(root, s, value)),
            ("items", Value::Array(items)) => items.iter().find_map(|item| complaint(root, wanted, item)),
            ("minItems", Value::Array(items)) => {
                ((items.len() as u64) < wanted.as_u64().unwrap()).then(|| "too short".into())
            }
            ("maxProperties", Value::Object(map)) => {
                (map.len() as u64 > wanted.as_u64().unwrap()).then(|| "too many keys".into())
            }
            ("minProperties", Value::Object(map)) => {
                ((map.len() as u64) < wanted.as_u64().unwrap()).then(|| "too few keys".into())
            }
            ("required", Value::Object(map)) => {
                let missing = wanted.as_array().unwrap().iter().find(|key| !map.contains_key(key.as_str().unwrap()));
                missing.map(|key| format!("{key} is missing"))
            }
            ("properties", Value::Object(map)) => map.iter().find_map(|(key, value)| {
                wanted.get(key).and_then(|schema| complaint(root, schema, value)).map(|why| format!("{key}: {why}"))
            }),
            ("additionalProperties", Value::Object(map)) => map.iter().find_map(|(key, value)| {
                let known = rules.get("properties").is_some_and(|known| known.get(key).is_some());
                match wanted {
                    Value::Bool(false) => (!known).then(|| format!("{key} is not allowed")),
                    schema => (!known).then(|| complaint(root, schema, value)).flatten(),
                }
            }),
            _ => None,
        };
        if broken.is_some() {
            return broken;
        }
    }
    None
}

fn is_of_type(wanted: &Value, value: &Value) -> bool {
    let is = |name: &str| match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => value.is_number(),
        other => panic!("unknown type {other}"),
    };
    match wanted {
        Value::Array(names) => names.iter().any(|name| is(name.as_str().unwrap())),
        name => is(name.as_str().unwrap()),
    }
}

fn as_json(node: &Node) -> Value {
    match &node.value {
        yaml::Value::Null => Value::Null,
        yaml::Value::Bool(value) => (*value).into(),
        yaml::Value::Number(number) => serde_json::from_str(&number.text).unwrap(),
        yaml::Value::Text(text) => text.as_str().into(),
        yaml::Value::List(nodes) => nodes.iter().map(as_json).collect(),
        yaml::Value::Map(entries) => entries.iter().map(|(key, node)| (key.name.clone(), as_json(node))).collect(),
    }
}

fn judge(name: &str, text: &str) -> Option<String> {
    let schema = schema(name).unwrap();
    complaint(&schema, &schema, &as_json(&yaml::parse("a", text.as_bytes()).unwrap().root))
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

fn sorted(list: &[&'static str]) -> Vec<&'static str> {
    let mut list = list.to_vec();
    list.sort_unstable();
    list
}

#[test]
fn everything_built_in_satisfies_its_schema() {
    for (name, entries) in [("scenario", SCENARIOS), ("suite", SUITES), ("protocol", PROTOCOLS)] {
        for entry in entries {
            assert_eq!(judge(name, entry.text), None, "{}", entry.path);
        }
    }
    assert_eq!(judge("hazards", library::HAZARDS.text), None);
    let worse = library::HAZARDS.text.replacen("severity: catastrophic", "severity: dreadful", 1);
    assert!(judge("hazards", &worse).is_some());
}

#[test]
fn a_schema_says_no_to_what_the_reader_refuses() {
    let text = library::find(crate::suite::Kind::Scenario, "phone-defocus").unwrap().text;
    for (from, to) in [
        ("format: 1", "format: 2"),
        ("levels: [1, 2", "levels: [0, 2"),
        ("steps: [defocus]", "steps: [defokus]"),
        ("expect: invariant", "expect: invariable"),
        ("levels:", "lvels:"),
        ("  - flip:", "  - flop:"),
        ("up-to: 2", "upto: 2"),
        ("steps: [defocus]", "steps: [{defocus: {radius: 50}}]"),
        ("steps: [defocus]", "steps: [{defocus: {sigma: 1%}}]"),
        ("claim: Slight", "clam: Slight"),
    ] {
        assert!(text.contains(from), "{from}");
        assert!(judge("scenario", &text.replacen(from, to, 1)).is_some(), "{to}");
    }
}

#[test]
fn the_scenario_schema_has_exactly_the_keys_that_the_reader_knows() {
    let schema = schema("scenario").unwrap();
    let properties = &schema["properties"];
    assert_eq!(keys(properties), sorted(KEYS));
    assert_eq!(keys(&properties["select"]["properties"]), sorted(SELECT_KEYS));
    assert_eq!(keys(&properties["factorial"]["allOf"][0]["properties"]), sorted(FACTORIAL_KEYS));
    let bounds = &properties["accept"]["items"]["properties"];
    for bound in bounds.as_object().unwrap().values() {
        assert_eq!(keys(&bound["properties"]), sorted(ACCEPT_KEYS));
    }
    assert_eq!(keys(&super::schema("suite").unwrap()["properties"]), sorted(crate::suite::KEYS));
    let hazard = &super::schema("hazards").unwrap()["properties"]["hazards"]["items"];
    assert_eq!(keys(&hazard["properties"]), sorted(crate::scenario::hazard::KEYS));
}

#[test]
fn words_of_foreign_types_are_theirs() {
    let word = |value: Value| value.as_str().unwrap().to_owned();
    let views = [View::Close, View::Regional, View::Oblique, View::Poor];
    assert_eq!(views.map(|view| word(json!(view))).as_slice(), VIEWS);
    for (name, modality) in MODALITY_WORDS {
        assert_eq!(word(json!(modality)), *name);
    }
    let every_modality = |modality: Modality| match modality {
        Modality::ClinicalPhoto | Modality::Dermoscopy => MODALITY_WORDS.len(),
    };
    assert_eq!(every_modality(Modality::Dermoscopy), 2);
    for kind in KINDS {
        let read: Kind = serde_json::from_value(json!(kind)).unwrap_or_else(|_| panic!("{kind}"));
        assert_eq!(word(json!(read)), *kind);
    }
    let all = serde_json::from_value::<Kind>(json!("no such kind")).unwrap_err().to_string();
    assert_eq!(all.matches('`').count() / 2 - 1, KINDS.len(), "{all}");
}

#[test]
fn a_case_as_in_the_documentation_satisfies_the_schema_and_the_type() {
    let case = json!({
        "id": "c1", "patient": "p1", "lesion_id": "l1",
        "images": [{"path": "images/a.png", "sha256": "00", "view": "close", "modality": "clinical-photo", "lesion": [1, 2, 3, 4]}],
        "history": {"fields": [{"name": "bleeding", "kind": "symptom", "value": "unknown"}], "note": "Itches."},
        "truth": {"differential": [["melanoma", 0.7], ["naevus", 0.3]], "triage": {"ideal": "urgent", "least_urgent_safe": "urgent"},
                  "dangerous": true, "must_consider": ["melanoma"], "source": "biopsy"},
        "strata": {"skin_tone": "II"}
    });
    let schema = schema("case").unwrap();
    assert_eq!(complaint(&schema, &schema, &case), None);
    serde_json::from_value::<crate::case::Case>(case.clone()).unwrap();
    let field = Field { name: "a".into(), kind: Kind::Lab, value: bedside_perturbations::Value::Deleted };
    let mut deleted = case.clone();
    deleted["history"]["fields"] = json!([field]);
    assert_eq!(complaint(&schema, &schema, &deleted), None);
    let mut wrong = case;
    wrong["truth"]["danger"] = json!(true);
    assert!(complaint(&schema, &schema, &wrong).is_some());
}

#[test]
fn every_name_has_a_schema() {
    assert!(NAMES.iter().all(|name| schema(name).is_some()));
    assert_eq!(schema("trial"), None);
}
