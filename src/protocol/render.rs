//! A stimulus in words.
//!
//! A prompt is made from the protocol, the stimulus, the scale and the list of diagnoses, and from nothing else: there
//! is no way here for a case's id, a file's name or the truth to get into it.

use bedside_perturbations::{Field, Stimulus, Value};

use super::{Protocol, Values};
use crate::cohort::Scale;

/// What a model is told about one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// Instructions before the case; may be empty.
    pub system: String,
    /// The case and the question.
    pub prompt: String,
}

/// The names that a template may hold in braces.
pub const PLACEHOLDERS: &[&str] = &["history", "note", "question", "photographs", "diagnoses", "triage", "contract"];

impl Protocol {
    /// Puts a stimulus into words. Placeholders are filled in one pass, so that text of a case can hold braces; a line of
    /// the template is left out when it has placeholders and all of them stand for nothing.
    ///
    /// `diagnoses` are the names to choose from, in the order in which they are shown.
    #[must_use]
    pub fn render(&self, stimulus: &Stimulus, scale: &Scale, diagnoses: &[&str]) -> Prompt {
        let fill = |name: &str| match name {
            "history" => history(stimulus, &self.values),
            "note" => stimulus.history.note.as_deref().unwrap_or_default().trim().into(),
            "question" if stimulus.question.trim().is_empty() => self.question.clone(),
            "question" => stimulus.question.clone(),
            "photographs" => photographs(stimulus.images.len()),
            "diagnoses" => listed(diagnoses.iter().map(|name| (*name).to_owned())),
            "triage" => triage(scale),
            "contract" => self.contract.words(scale),
            _ => String::new(),
        };
        Prompt { system: self.system.trim().into(), prompt: filled(&self.template, &fill) }
    }
}

/// The template with its placeholders filled; lines that stand for nothing and blank lines in a row are left out.
fn filled(template: &str, fill: &dyn Fn(&str) -> String) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in template.lines() {
        let texts: Vec<String> = names(line).map(fill).collect();
        let stands_for_nothing = !texts.is_empty() && texts.iter().all(String::is_empty);
        let second_blank = line.trim().is_empty() && lines.last().is_none_or(String::is_empty);
        if !stands_for_nothing && !second_blank {
            lines.push(pieces(line).map(|piece| piece.written(fill)).collect::<String>().trim_end().into());
        }
    }
    lines.join("\n").trim_end().into()
}

/// A stretch of a template: words, or the name of a placeholder.
enum Piece<'a> {
    Words(&'a str),
    Name(&'a str),
}

impl Piece<'_> {
    fn written(&self, fill: &dyn Fn(&str) -> String) -> String {
        match self {
            Self::Words(words) => (*words).into(),
            Self::Name(name) => fill(name),
        }
    }
}

/// The stretches of a template, in order. A brace that is never closed is words.
fn pieces(template: &str) -> impl Iterator<Item = Piece<'_>> {
    template.split_inclusive('}').flat_map(|stretch| {
        let placeholder = stretch.strip_suffix('}').and_then(|open| open.rsplit_once('{'));
        match placeholder {
            Some((words, name)) => [Piece::Words(words), Piece::Name(name)],
            None => [Piece::Words(stretch), Piece::Words("")],
        }
    })
}

/// The names in braces, in order.
pub(super) fn names(template: &str) -> impl Iterator<Item = &str> {
    pieces(template).filter_map(|piece| match piece {
        Piece::Name(name) => Some(name),
        Piece::Words(_) => None,
    })
}

/// The fields as a list; what stands for an empty history if neither field nor note tells anything.
fn history(stimulus: &Stimulus, values: &Values) -> String {
    let history = &stimulus.history;
    let lines: Vec<String> = history.fields.iter().filter_map(|field| told(field, values)).collect();
    match lines.is_empty() && history.note.as_deref().is_none_or(|note| note.trim().is_empty()) {
        true => values.nothing.clone(),
        false => listed(lines),
    }
}

/// One field: "Family history: not known". `None` where a deleted value leaves no trace.
fn told(field: &Field, values: &Values) -> Option<String> {
    let value = match &field.value {
        Value::Yes => &values.yes,
        Value::No => &values.no,
        Value::Unknown => &values.unknown,
        Value::Deleted => values.absent.as_ref()?,
        Value::Stated(text) => return Some(format!("{}: {}", label(&field.name), one_line(text))),
    };
    Some(format!("{}: {value}", label(&field.name)))
}

/// `family_history` as "Family history".
#[must_use]
pub fn label(name: &str) -> String {
    let words = one_line(&name.replace(['_', '-'], " "));
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A value on one line, so that it cannot pass for further fields.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn listed(lines: impl IntoIterator<Item = String>) -> String {
    lines.into_iter().map(|line| format!("- {line}")).collect::<Vec<_>>().join("\n")
}

fn photographs(count: usize) -> String {
    match count {
        0 => "No photograph is attached.".into(),
        1 => "One photograph is attached.".into(),
        count => format!("{count} photographs of the same patient are attached."),
    }
}

fn triage(scale: &Scale) -> String {
    listed(scale.0.iter().map(|step| format!("{}: {}", step.id, step.meaning)))
}

#[cfg(test)]
mod tests {
    use super::{filled, label, names};
    use crate::cohort::Scale;
    use crate::library::{PROTOCOLS, protocol};
    use crate::protocol::Protocol;
    use bedside_perturbations::{Field, History, Kind, Stimulus, Value};
    use proptest::prelude::*;

    fn all() -> Vec<Protocol> {
        PROTOCOLS.iter().map(|entry| protocol(entry.id).unwrap().unwrap()).collect()
    }

    fn stimulus(value: Value, note: Option<&str>) -> Stimulus {
        let fields = vec![
            Field { name: "duration".into(), kind: Kind::Duration, value: Value::Stated("3 weeks".into()) },
            Field { name: "family_history".into(), kind: Kind::FamilyHistory, value },
        ];
        Stimulus { history: History { fields, note: note.map(Into::into) }, ..Stimulus::default() }
    }

    fn prompt(protocol: &Protocol, stimulus: &Stimulus) -> String {
        protocol.render(stimulus, &Scale::default(), &["melanoma", "naevus"]).prompt
    }

    #[test]
    fn a_structured_prompt_reads_like_a_consultation() {
        let protocol = protocol("structured").unwrap().unwrap();
        let rendered =
            protocol.render(&stimulus(Value::Unknown, Some("New lesion.\nPlease advise.")), &Scale::default(), &[]);
        insta::with_settings!({snapshot_path => "../../tests/snapshots/protocol", prepend_module_to_snapshot => false}, {
            insta::assert_snapshot!("structured", format!("{}\n\n=====\n\n{}", rendered.system, rendered.prompt));
        });
    }

    #[test]
    fn the_four_states_and_a_stated_value_are_told_apart() {
        let stated = Value::Stated("mother had one".into());
        for protocol in all() {
            let states = [Value::Yes, Value::No, Value::Unknown, Value::Deleted, stated.clone()];
            let mut prompts = states.map(|state| prompt(&protocol, &stimulus(state, None))).to_vec();
            prompts.sort();
            prompts.dedup();
            assert_eq!(prompts.len(), 5, "{}", protocol.id);
        }
    }

    #[test]
    fn an_empty_history_is_said_to_be_empty() {
        for protocol in all() {
            let nothing = prompt(&protocol, &Stimulus::default());
            assert!(nothing.contains(&protocol.values.nothing), "{}", protocol.id);
            assert!(nothing.contains("No photograph is attached."), "{}", protocol.id);
            let note = Stimulus {
                history: History { note: Some("Itches.".into()), ..History::default() },
                ..Stimulus::default()
            };
            let note = prompt(&protocol, &note);
            assert!(note.contains("Itches.") && !note.contains(&protocol.values.nothing), "{}", protocol.id);
        }
    }

    #[test]
    fn the_scale_of_the_cohort_is_printed_with_its_meanings() {
        let scale: Scale =
            serde_json::from_str(r#"[{"id": "now", "meaning": "today"}, {"id": "later", "meaning": "some day"}]"#)
                .unwrap();
        for protocol in all() {
            let prompt = protocol.render(&Stimulus::default(), &scale, &["a"]).prompt;
            assert!(prompt.contains("now: today") && prompt.contains("later: some day"), "{}", protocol.id);
            assert!(!prompt.contains("routine"), "{}", protocol.id);
        }
    }

    #[test]
    fn braces_in_a_note_stay_as_they_are() {
        let protocol = protocol("structured").unwrap().unwrap();
        let prompt = prompt(&protocol, &stimulus(Value::Yes, Some("{contract} {triage} {")));
        assert!(prompt.contains("{contract} {triage} {"));
    }

    #[test]
    fn a_line_that_stands_for_nothing_is_left_out() {
        let fill = |name: &str| if name == "a" { "A".into() } else { String::new() };
        assert_eq!(filled("1 {a}\n2 {b}\n\n\n3 {a}{b}\n4\n", &fill), "1 A\n\n3 A\n4");
        assert_eq!(names("{a} b} {c").collect::<Vec<_>>(), ["a"]);
    }

    #[test]
    fn labels_are_words() {
        assert_eq!(label("family_history"), "Family history");
        assert_eq!(label(""), "");
    }

    /// Everything in a prompt that is neither template nor contract comes from the stimulus, scale or list.
    fn is_explained(prompt: &str, bare: &str, told: &[String]) -> bool {
        let known: String = told.iter().map(|text| text.to_lowercase()).collect::<Vec<_>>().join(" ");
        let bare = bare.to_lowercase();
        prompt.to_lowercase().split_whitespace().all(|word| {
            let core = word.trim_matches(|c: char| ":-".contains(c));
            bare.contains(core) || known.contains(core)
        })
    }

    proptest! {
        #[test]
        fn nothing_but_the_stimulus_the_protocol_and_the_scale_is_told(
            names in proptest::collection::vec("[a-z]{3,8}_[a-z]{3,8}", 0..5),
            text in "[a-z]{3,10}( [a-z0-9]{3,10}){0,3}",
            note in proptest::option::of("[A-Z][a-z]{3,9}( [a-z]{3,9}){0,6}\\."),
            which in 0_usize..6,
        ) {
            let protocol = &all()[which];
            let fields: Vec<Field> = names.iter()
                .map(|name| Field { name: name.clone(), kind: Kind::Other, value: Value::Stated(text.clone()) })
                .collect();
            let stimulus = Stimulus { history: History { fields, note: note.clone() }, ..Stimulus::default() };
            let rendered = protocol.render(&stimulus, &Scale::default(), &["naevus"]);
            let scale = serde_json::to_string(&Scale::default()).unwrap();
            let bare = format!("{} {} {} {}", protocol.template, protocol.question, protocol.values.nothing, protocol.contract.words(&Scale::default()));
            let mut told: Vec<String> = names.iter().map(|name| name.replace('_', " ")).collect();
            told.extend([text, note.unwrap_or_default(), scale, "naevus".into(), "No photograph is attached.".into()]);
            prop_assert!(is_explained(&rendered.prompt, &bare, &told), "{}", rendered.prompt);
            prop_assert_eq!(&rendered.system, protocol.system.trim());
        }

        #[test]
        fn nothing_makes_it_panic(template in "[{}a-c \n]{0,40}", note: Option<String>, value: String, name: String) {
            let mut protocol = protocol("free-text").unwrap().unwrap();
            protocol.template = template;
            let field = Field { name, kind: Kind::Other, value: Value::Stated(value) };
            let stimulus = Stimulus { history: History { fields: vec![field], note }, ..Stimulus::default() };
            let _ = protocol.render(&stimulus, &Scale::default(), &[]);
        }
    }
}
